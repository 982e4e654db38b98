//! The cover: depth-first over the listed groups, F at every node.
//!
//! Two ways to branch, whichever leaves fewer groups to try: over the groups of the student whom the fewest groups hold, or over
//! the cheapest group of what is still to be covered. The latter costs no more than what may still be spent, shared out evenly,
//! and the others come after it in the list, which is in order of cost. With many columns hardly any group is so cheap.

use super::gauge::Gauge;
use super::homes::Homes;
use super::lanes::{Lanes, Sizes};
use super::list::Groups;
use super::units::{Mask, Units};
use crate::solver::stop::Stop;
use rayon::prelude::*;

/// Groups looked at between two looks at the clock.
const CLOCK: u64 = 1 << 18;
/// Cheapest groups so few that no student is looked for who has fewer.
const FEW: usize = 4;
/// A student held by fewer groups than so many times the cheapest ones is branched on: scarcity grows from node to node.
const SCARCE: usize = 2;

/// A search for a cover.
pub(super) struct Cover<'a, M> {
    /// Lanes with limits.
    pub lanes: &'a Lanes,
    /// Sizes.
    pub sizes: Sizes,
    /// Units.
    pub units: &'a Units<M>,
    /// Last semester's groups, where groups carry labels.
    pub homes: Option<&'a Homes>,
    /// What is listed.
    pub groups: &'a Groups<M>,
    /// A value of the level that no plan goes below.
    pub bound: i64,
}

/// What a search found.
#[derive(Clone, Debug)]
pub(super) struct Found<M> {
    /// The best cover within the limit, with its value.
    pub cover: Option<(i64, Vec<M>)>,
    /// Nodes.
    pub nodes: u64,
    /// Whether everything was looked at.
    pub exhausted: bool,
}

/// Sums and costs of what is left and spent at a depth.
#[derive(Clone, Debug)]
struct Stage<M> {
    /// Listed groups that are still possible.
    list: Vec<u32>,
    /// The units of each, side by side for the scans.
    masks: Vec<M>,
    /// The bound of each; empty where it is not known yet.
    bounds: Vec<i64>,
    /// F of what is left after one more small or large group.
    gauges: [Gauge; 2],
    /// Groups to try.
    picks: Vec<Pick>,
    /// Sums of the students who are left.
    sums: Vec<i32>,
    /// Spent on each level.
    spent: Vec<i64>,
}

impl<M: Mask> Stage<M> {
    fn new() -> Self {
        Self {
            list: Vec::new(),
            masks: Vec::new(),
            bounds: Vec::new(),
            gauges: [Gauge::default(), Gauge::default()],
            picks: Vec::new(),
            sums: Vec::new(),
            spent: Vec::new(),
        }
    }

    /// Looks up F for both sizes of the next group.
    fn gauge(&mut self, cover: &Cover<'_, M>, groups_left: usize, students: usize) {
        for (large, gauge) in self.gauges.iter_mut().enumerate() {
            let left = students.checked_sub(cover.sizes.small + large);
            let large_left = left.and_then(|left| cover.sizes.large_among(groups_left - 1, left));
            gauge.set(cover.lanes, large_left.map(|large| (groups_left - 1, large)), &self.sums, &self.spent);
        }
    }
}

/// A group to try, in order of bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Pick {
    /// The least that the level can cost with it.
    bound: i64,
    /// Index of the group.
    group: u32,
    /// Where the groups that may follow begin in the list.
    follow: u32,
}

struct Branch<'a, M> {
    cover: &'a Cover<'a, M>,
    stages: Vec<Stage<M>>,
    /// All listed groups, the list of the first stage.
    root: &'a [u32],
    path: Vec<u32>,
    limit: i64,
    best: Option<(i64, Vec<M>)>,
    nodes: u64,
    work: u64,
    cap: u64,
    next_look: u64,
    stopped: bool,
    stop: &'a Stop,
}

impl<M: Mask> Cover<'_, M> {
    /// The best cover within the limit. Branches of the first group run in waves; those of one wave do not know of each
    /// other's finds, so that neither result nor work depends on the threads.
    pub(super) fn search(&self, work: &mut u64, stop: &Stop) -> Found<M> {
        let mut found = Found { cover: None, nodes: 1, exhausted: true };
        let all = self.units.all() | self.homes.map_or(M::default(), Homes::labels);
        let mut root = self.branch(self.lanes.limits[0], *work, stop);
        root.stages[0].list = (0..self.groups.masks.len() as u32).collect();
        root.stages[0].masks.clone_from(&self.groups.masks);
        root.stages[0].sums = self.lanes.list.iter().map(|lane| lane.total).collect();
        root.stages[0].spent = vec![0; self.lanes.limits.len()];
        root.stages[0].gauge(self, self.sizes.groups, self.sizes.students);
        if !root.pick(0, all) {
            return found;
        }
        let picks = std::mem::take(&mut root.stages[0].picks);
        let mut limit = self.lanes.limits[0];
        let mut at = 0;
        let mut wave = 1;
        while at < picks.len() && picks[at].bound <= limit {
            let here = &picks[at..(at + wave).min(picks.len())];
            let run = |&pick: &Pick| {
                let mut branch = self.branch(limit, *work, stop);
                branch.root = &root.stages[0].list;
                branch.stages[0].sums.clone_from(&root.stages[0].sums);
                branch.stages[0].spent.clone_from(&root.stages[0].spent);
                branch.enter(0, all, self.sizes.students, pick);
                branch
            };
            let branches: Vec<Branch<'_, M>> = here.par_iter().with_max_len(1).map(run).collect();
            for branch in branches {
                found.nodes += branch.nodes;
                found.exhausted &= !branch.stopped;
                *work = work.saturating_sub(branch.work);
                if let Some(cover) = branch.best
                    && found.cover.as_ref().is_none_or(|best| cover.0 < best.0)
                {
                    limit = self.below(cover.0);
                    found.cover = Some(cover);
                }
            }
            if !found.exhausted || *work == 0 && at + wave < picks.len() {
                found.exhausted = false;
                return found;
            }
            at += wave;
            wave = (wave * 2).min(64);
        }
        found
    }

    /// The largest value of the level below this one; less than all where it is as good as can be.
    fn below(&self, value: i64) -> i64 {
        if self.lanes.largest || value <= self.bound {
            -1
        } else {
            (value - 1).div_euclid(self.lanes.step) * self.lanes.step
        }
    }

    fn branch<'b>(&'b self, limit: i64, cap: u64, stop: &'b Stop) -> Branch<'b, M> {
        Branch {
            cover: self,
            stages: (0..self.sizes.groups).map(|_| Stage::new()).collect(),
            root: &[],
            path: Vec::new(),
            limit,
            best: None,
            nodes: 0,
            work: 0,
            cap,
            next_look: 0,
            stopped: false,
            stop,
        }
    }
}

impl<M: Mask> Branch<'_, M> {
    /// The groups to try at a depth, cheapest bound first; false where some student has none.
    fn pick(&mut self, depth: usize, left: M) -> bool {
        let mut stage = std::mem::replace(&mut self.stages[depth], Stage::new());
        stage.picks.clear();
        let way = self.way(&stage, self.cover.sizes.groups - depth, left);
        match way {
            Way::None => {}
            Way::Cheapest(end) => {
                (0..end).for_each(|i| self.try_pick(&mut stage, i, i + 1));
            }
            Way::Student(unit) => {
                for i in 0..stage.list.len() {
                    if !stage.masks[i].misses(M::of(unit)) {
                        self.try_pick(&mut stage, i, 0);
                    }
                }
            }
        }
        stage.picks.sort_unstable();
        self.work += stage.list.len() as u64;
        self.stages[depth] = stage;
        !matches!(way, Way::None)
    }

    /// How to branch.
    fn way(&self, stage: &Stage<M>, groups_left: usize, left: M) -> Way {
        if groups_left == 2 {
            return Way::Student(left.first());
        }
        let groups = self.cover.groups;
        if self.shares(stage, left) > self.limit {
            return Way::None;
        }
        let cheap = self.cheap(stage, groups_left);
        let end = stage.list.partition_point(|&group| groups.costs(group as usize)[0] <= cheap);
        if end <= FEW {
            return if end == 0 { Way::None } else { Way::Cheapest(end) };
        }
        match rarest(&stage.masks, left) {
            None => Way::None,
            Some((unit, count)) if count < SCARCE * end => Way::Student(unit),
            Some(_) => Way::Cheapest(end),
        }
    }

    /// Spent, and each unit's least share of the cost of a group that holds it: a feasible dual of the covering LP. Shares are
    /// those of the widest group, so that they are in the order of the list. A unit that no group holds makes it infinite.
    fn shares(&self, stage: &Stage<M>, left: M) -> i64 {
        const PART: i64 = 1 << 12;
        let widest = self.cover.groups.widest;
        let mut left = left;
        let mut sum = 0;
        for (&group, &mask) in stage.list.iter().zip(&stage.masks) {
            let new = mask & left;
            if new != M::default() {
                let share = self.cover.groups.costs(group as usize)[0] * PART / i64::from(widest);
                sum += share * i64::from(new.count());
                left = left & !new;
                if left == M::default() {
                    return stage.spent[0] + (sum + PART - 1) / PART;
                }
            }
        }
        i64::MAX
    }

    /// The most that the cheapest of the groups that are left may cost.
    fn cheap(&self, stage: &Stage<M>, groups_left: usize) -> i64 {
        (self.limit - stage.spent[0]).div_euclid(groups_left as i64)
    }

    /// Adds a group of the list to the picks, if it is within the limits.
    fn try_pick(&self, stage: &mut Stage<M>, i: usize, follow: usize) {
        let group = stage.list[i];
        let known = stage.bounds.get(i).copied();
        if let Some(bound) = known.or_else(|| self.bound(stage, group as usize))
            && bound <= self.limit
        {
            stage.picks.push(Pick { bound, group, follow: follow as u32 });
        }
    }

    /// The least that the level can cost with this group chosen next; none if that is beyond a limit.
    #[inline]
    fn bound(&self, stage: &Stage<M>, group: usize) -> Option<i64> {
        let groups = self.cover.groups;
        let gauge = &stage.gauges[usize::from(groups.large[group])];
        gauge.bound(groups.sums(group), groups.costs(group), |level| self.limit_of(level))
    }

    #[inline]
    fn limit_of(&self, level: usize) -> i64 {
        if level == 0 { self.limit } else { self.cover.lanes.limits[level] }
    }

    /// Chooses a group at a depth and searches on.
    fn enter(&mut self, depth: usize, left: M, students: usize, pick: Pick) {
        let cover = self.cover;
        let index = pick.group as usize;
        let rest = left & !cover.groups.masks[index];
        self.path.truncate(depth);
        self.path.push(pick.group);
        self.nodes += 1;
        if cover.sizes.groups - depth == 2 {
            return self.finish(depth, rest, pick);
        }
        let students = students - cover.sizes.small - usize::from(cover.groups.large[index]);
        let (head, tail) = self.stages.split_at_mut(depth + 1);
        let (stage, next) = (&head[depth], &mut tail[0]);
        next.sums.clear();
        next.sums.extend(stage.sums.iter().zip(cover.groups.sums(index)).map(|(a, b)| a - b));
        next.spent.clear();
        next.spent.extend(stage.spent.iter().zip(cover.groups.costs(index)).map(|(a, b)| a + b));
        next.gauge(cover, cover.sizes.groups - depth - 1, students);
        self.narrow(depth, rest, pick.follow as usize);
        self.descend(depth + 1, rest, students);
    }

    /// The groups of a depth, from `follow` on, that are still possible one deeper.
    fn narrow(&mut self, depth: usize, rest: M, follow: usize) {
        let groups_left = self.cover.sizes.groups - depth - 1;
        let mut next = std::mem::replace(&mut self.stages[depth + 1], Stage::new());
        next.list.clear();
        next.masks.clear();
        next.bounds.clear();
        let (list, masks) = if depth == 0 {
            (self.root, self.cover.groups.masks.as_slice())
        } else {
            (self.stages[depth].list.as_slice(), self.stages[depth].masks.as_slice())
        };
        let outside = !rest;
        let last_two = groups_left == 2;
        let bit = if last_two { M::of(rest.first()) } else { rest };
        for (&group, &mask) in list[follow..].iter().zip(&masks[follow..]) {
            if !mask.misses(outside) || mask.misses(bit) {
                continue;
            }
            if !last_two {
                let Some(bound) = self.bound(&next, group as usize) else { continue };
                next.bounds.push(bound);
            }
            next.list.push(group);
            next.masks.push(mask);
        }
        self.work += list.len() as u64;
        self.stages[depth + 1] = next;
    }

    fn descend(&mut self, depth: usize, left: M, students: usize) {
        if self.work >= self.next_look {
            self.next_look = self.work + CLOCK;
            self.stopped |= self.work > self.cap || self.stop.reached().is_some();
        }
        if self.stopped || !self.pick(depth, left) {
            return;
        }
        let mut at = 0;
        while let Some(&pick) = self.stages[depth].picks.get(at) {
            if pick.bound > self.limit || self.stopped {
                return;
            }
            let cheap = self.cheap(&self.stages[depth], self.cover.sizes.groups - depth);
            if pick.follow == 0 || self.cover.groups.costs(pick.group as usize)[0] <= cheap {
                self.enter(depth, left, students, pick);
            }
            at += 1;
        }
    }

    /// The last group is what is left: F of one group was its cost, so only enmities and strangers remain to be looked at.
    fn finish(&mut self, depth: usize, rest: M, last: Pick) {
        let keeps = self.cover.homes.is_none_or(|homes| {
            let spent = self.stages[depth].spent[homes.level];
            let costs = self.cover.groups.costs(last.group as usize);
            spent + costs[homes.level] + homes.cost(rest) <= self.limit_of(homes.level)
        });
        if keeps && self.cover.units.at_peace(rest) {
            let mut cover: Vec<M> = self.path.iter().map(|&g| self.cover.groups.masks[g as usize]).collect();
            cover.push(rest);
            self.best = Some((last.bound, cover));
            self.limit = self.cover.below(last.bound);
        }
    }
}

/// How the groups to try are chosen.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// There are none.
    None,
    /// The list up to here: one of these is the cheapest group of every cover.
    Cheapest(usize),
    /// The groups that hold this unit.
    Student(usize),
}

/// The unit of `left` that the fewest groups of the list hold, with their number; none if one has none. Counted in bit planes.
fn rarest<M: Mask>(masks: &[M], left: M) -> Option<(usize, usize)> {
    let mut planes = [M::default(); 32];
    let mut used = 0;
    for &mask in masks {
        let mut carry = mask;
        let mut plane = 0;
        while carry != M::default() {
            let both = planes[plane] & carry;
            planes[plane] = (planes[plane] | carry) & !both;
            carry = both;
            plane += 1;
        }
        used = used.max(plane);
    }
    // From the highest plane down, keep the units with the smaller digit.
    let mut fewest = left;
    let mut count = 0;
    for plane in planes[..used].iter().rev() {
        let zero = fewest & !*plane;
        count = 2 * count + usize::from(zero == M::default());
        if zero != M::default() {
            fewest = zero;
        }
    }
    (count > 0 && fewest != M::default()).then(|| (fewest.first(), count))
}
