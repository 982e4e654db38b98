//! The cover: depth-first over the listed groups, F at every node.

use super::branching::Way;
use super::homes::Homes;
use super::lanes::{Lanes, Sizes};
use super::list::Groups;
use super::stage::{Pick, Stage};
use super::units::{Mask, Units};
use crate::solver::stop::Stop;
use rayon::prelude::*;

/// Groups looked at between two looks at the clock.
const CLOCK: u64 = 1 << 18;
/// Most branches of the first group that run at once; the first waves are smaller, since what they find spares the others work.
const MOST_AT_ONCE: usize = 64;

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
        let mut limit = self.lanes.limits[0];
        let mut root = self.root(limit, *work, stop);
        if !root.pick(0, all) {
            return found;
        }
        let picks = std::mem::take(&mut root.stages[0].picks);
        let mut at = 0;
        let mut wave = 1;
        while at < picks.len() && picks[at].bound <= limit {
            let here = &picks[at..(at + wave).min(picks.len())];
            let run = |&pick: &Pick| {
                let mut branch = self.branch(limit, *work, stop);
                branch.start_from(&root.stages[0]);
                branch.enter(0, all, self.sizes.students, pick);
                // Only what it found is kept until the wave is over.
                branch.stages = Vec::new();
                branch
            };
            let branches: Vec<Branch<'_, M>> = here.par_iter().with_max_len(1).map(run).collect();
            for branch in branches {
                *work = work.saturating_sub(branch.work);
                if let Some(value) = found.take(branch) {
                    limit = self.below(value);
                }
            }
            if !found.exhausted || *work == 0 && at + wave < picks.len() {
                found.exhausted = false;
                return found;
            }
            at += wave;
            wave = (wave * 2).min(MOST_AT_ONCE);
        }
        found
    }

    /// The branch that chooses the first group: everything is listed, everybody left, nothing spent.
    fn root<'b>(&'b self, limit: i64, cap: u64, stop: &'b Stop) -> Branch<'b, M> {
        let mut root = self.branch(limit, cap, stop);
        let stage = &mut root.stages[0];
        stage.list = (0..self.groups.masks.len() as u32).collect();
        stage.masks.clone_from(&self.groups.masks);
        stage.sums = self.lanes.list.iter().map(|lane| lane.total).collect();
        stage.spent = vec![0; self.lanes.limits.len()];
        stage.gauge(self.lanes, self.sizes, self.sizes.groups, self.sizes.students);
        root
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

impl<M> Found<M> {
    /// Takes what a branch has found; the value where it is the best so far.
    fn take(&mut self, branch: Branch<'_, M>) -> Option<i64> {
        self.nodes += branch.nodes;
        self.exhausted &= !branch.stopped;
        let cover = branch.best?;
        let better = self.cover.as_ref().is_none_or(|best| cover.0 < best.0);
        better.then(|| self.cover.insert(cover).0)
    }
}

impl<'a, M: Mask> Branch<'a, M> {
    /// Begins where the root stands.
    fn start_from(&mut self, root: &'a Stage<M>) {
        self.root = &root.list;
        self.stages[0].sums.clone_from(&root.sums);
        self.stages[0].spent.clone_from(&root.spent);
    }

    /// The groups to try at a depth, cheapest bound first; false where some student has none.
    fn pick(&mut self, depth: usize, left: M) -> bool {
        let mut stage = std::mem::replace(&mut self.stages[depth], Stage::new());
        stage.picks.clear();
        let way = stage.way(self.cover.groups, self.limit, self.cover.sizes.groups - depth, left);
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
        next.gauge(cover.lanes, cover.sizes, cover.sizes.groups - depth - 1, students);
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
            let cheap = self.stages[depth].cheap(self.limit, self.cover.sizes.groups - depth);
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
