//! One chain of local search: construct, anneal, descend by re-splits of two and of several groups, then kick and descend again.
//! Large classes exchange kindred students before they descend.
//!
//! A chain is deterministic in its seed and work; the clock can only end it early.

use super::anneal::anneal;
use super::atoms::Atoms;
use super::construct::construct;
use super::kindred;
use super::moves::{Draw, Moves};
use super::resplit::several::{self, Changes};
use super::resplit::{OVERHEAD, Resplit};
use super::stop::Stop;
use crate::goals::ledger::Exchange;
use crate::goals::{Ledger, Levels, MAX_LEVELS, Objective, Whole};
use crate::problem::Problem;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::collections::HashSet;

/// Annealing moves tried per student at the start of a chain.
const ANNEAL_PER_STUDENT: u64 = 2_000;
/// The same where kindred students are exchanged afterwards: enough for the counts.
const ANNEAL_BEFORE_KINDRED: u64 = 200;
/// Work of one random move, in ways of a re-split, which cost about a tenth.
const MOVE_WORK: u64 = 10;
/// Random moves of a kick.
const KICKS: std::ops::RangeInclusive<u32> = 2..=5;
/// Ways looked at after the target is reached, for the levels below it (some 50 ms).
const ALLOWANCE: u64 = 6_000_000;

/// Most pairs of groups that one descent looks at: those of 1,000 groups.
const MOST_PAIRS: usize = 500_000;
/// Most groups that are divided at once.
const MOST_WIDTH: usize = 5;
/// Most ways to choose one group of those that are divided at once.
const MOST_WAYS_TOGETHER: u64 = 4_000_000;
/// Most sets of so many groups that are drawn before the search goes on.
const MOST_DRAWS: usize = 60;
/// Sets of groups whose last look is remembered.
const MOST_REMEMBERED: usize = 100_000;

/// What all chains of a run share.
pub struct Ground<'a> {
    /// The class.
    pub problem: &'a Problem,
    /// Its goals.
    pub objective: &'a Objective,
    /// Its atoms.
    pub atoms: &'a Atoms,
    /// When to end.
    pub stop: &'a Stop,
    /// The deepest level that is searched for; those below it only break ties.
    pub focus: usize,
    /// Values that are as good as need be: proven bounds, level by level down to the focus.
    pub target: Levels,
    /// Values below these do not count as better (tolerances of finished levels).
    pub floors: Levels,
}

/// What a chain is told.
pub struct Task<'t> {
    /// Seed of the chain's random numbers.
    pub seed: u64,
    /// Work it may use, in ways and moves looked at.
    pub work: u64,
    /// A plan to start from; its own construction without one.
    pub start: Option<&'t [usize]>,
    /// Whether somebody earlier in line has reached the target, so that this chain's result cannot count.
    pub beaten: &'t (dyn Fn() -> bool + Sync),
}

/// What a chain found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Group of each student.
    pub group_of: Vec<usize>,
    /// Its values, clamped to the floors only in comparisons.
    pub levels: Levels,
    /// Whether it reached the target.
    pub reached: bool,
    /// Work used.
    pub work: u64,
    /// Values and seconds of every improvement.
    pub history: Vec<(Levels, f64)>,
}

impl Ground<'_> {
    /// Values with everything below the floors made equal.
    #[must_use]
    pub fn clamped(&self, levels: &Levels) -> Levels {
        let mut clamped = *levels;
        clamped.iter_mut().zip(&self.floors).for_each(|(value, floor)| *value = (*value).max(*floor));
        clamped
    }

    /// Whether the rules hold and every level down to the focus is as good as its target.
    #[must_use]
    pub fn reaches_target(&self, levels: &Levels) -> bool {
        (0..=self.focus).all(|level| levels[level] <= self.target[level].max(self.floors[level]))
    }

    /// Re-splits price separable levels only.
    fn resplit_pays(&self) -> bool {
        let distances =
            |goal: &crate::goals::Goal| goal.at <= self.focus && matches!(goal.parts.whole, Whole::Distances { .. });
        self.problem.groups > 1 && !self.objective.goals.iter().any(distances)
    }
}

/// What was looked at in vain: sets of groups, each group with the number of its state.
#[derive(Clone, Debug, Default)]
struct Trail {
    last: u64,
    /// Number of the state that each group is in; a state that comes back has its old number.
    states: Vec<u64>,
    looked: HashSet<Vec<u64>>,
}

impl Trail {
    fn key(&self, groups: &[usize]) -> Vec<u64> {
        groups.iter().map(|&g| self.states[g]).collect()
    }

    /// Whether the groups were looked at together as they are.
    fn is_old(&self, groups: &[usize]) -> bool {
        self.looked.contains(&self.key(groups))
    }

    fn changed(&mut self, groups: &[usize]) {
        for &g in groups {
            self.last += 1;
            self.states[g] = self.last;
        }
    }

    fn looked(&mut self, groups: &[usize]) {
        if self.looked.len() > MOST_REMEMBERED {
            self.looked.clear();
        }
        self.looked.insert(self.key(groups));
    }
}

/// All pairs of groups in random order; of very many groups as many pairs as a descent may hope to look at.
fn pairs(groups: usize, rng: &mut impl Rng) -> Vec<(usize, usize)> {
    if groups * (groups - 1) / 2 <= MOST_PAIRS {
        let mut pairs: Vec<(usize, usize)> = (0..groups).flat_map(|a| (a + 1..groups).map(move |b| (a, b))).collect();
        pairs.shuffle(rng);
        return pairs;
    }
    let pair = |_| {
        let pair = rand::seq::index::sample(rng, groups, 2);
        (pair.index(0).min(pair.index(1)), pair.index(0).max(pair.index(1)))
    };
    (0..MOST_PAIRS).map(pair).collect()
}

/// Random draws of so many groups: enough to see most sets where they are few.
fn tries(groups: usize, width: usize) -> usize {
    let sets = (0..width).fold(1, |sets: usize, i| sets.saturating_mul(groups - i) / (i + 1));
    (3 * sets).min(MOST_DRAWS)
}

/// Runs a chain; none if no first plan could be constructed.
#[must_use]
pub fn run(ground: &Ground<'_>, task: &Task<'_>) -> Option<Found> {
    let mut rng = Pcg64::seed_from_u64(task.seed);
    let start = match task.start {
        Some(plan) => plan.to_vec(),
        None => construct(ground.problem, ground.objective, ground.atoms, ground.stop, &mut rng)?,
    };
    let moves = Moves::new(ground.problem, ground.atoms);
    let ledger = Ledger::new(ground.objective, start);
    let groups = ground.problem.groups as u64;
    let mut chain = Chain {
        ground,
        task,
        resplit: Resplit::new(ground.problem, ground.objective, ground.atoms, ground.focus),
        best: (ledger.levels, ledger.group_of.clone()),
        history: vec![(ledger.levels, ground.stop.seconds())],
        ledger,
        moves,
        trail: Trail { states: (0..groups).collect(), last: groups, looked: HashSet::new() },
        work: 0,
        target_work: None,
    };
    chain.search(&mut rng);
    let (levels, group_of) = chain.best;
    let reached = ground.reaches_target(&levels);
    Some(Found { group_of, levels, reached, work: chain.work, history: chain.history })
}

struct Chain<'c> {
    ground: &'c Ground<'c>,
    task: &'c Task<'c>,
    resplit: Resplit<'c>,
    moves: Moves<'c>,
    ledger: Ledger<'c>,
    best: (Levels, Vec<usize>),
    history: Vec<(Levels, f64)>,
    trail: Trail,
    work: u64,
    /// Work at which the target was reached.
    target_work: Option<u64>,
}

impl Chain<'_> {
    fn search(&mut self, rng: &mut impl Rng) {
        if self.task.start.is_none() || !self.ground.resplit_pays() {
            let Ground { objective, focus, stop, atoms, .. } = *self.ground;
            let fresh = self.task.start.is_none();
            let kinds = if fresh { kindred::kinds(objective, self.resplit.layout(), atoms) } else { None };
            let usual = if kinds.is_some() { ANNEAL_BEFORE_KINDRED } else { ANNEAL_PER_STUDENT };
            let tries = (usual * self.ground.problem.students as u64).min(self.task.work / 4 / MOVE_WORK).max(1000);
            self.work += MOVE_WORK * anneal(&mut self.ledger, &self.moves, focus, tries, stop, rng);
            if let Some(kinds) = kinds {
                // The other half of what is left is for re-splits.
                let most = self.task.work.saturating_sub(self.work) / 2;
                let layout = self.resplit.layout();
                self.work += kindred::even_out(&mut self.ledger, (layout, &kinds), most, stop, rng);
            }
        }
        self.descend(rng);
        self.record();
        while !self.ends() {
            let (levels, group_of) = (self.ledger.levels, self.ledger.group_of.clone());
            let states = self.trail.states.clone();
            self.kick(rng);
            self.descend(rng);
            if self.ground.clamped(&self.ledger.levels) <= self.ground.clamped(&levels) {
                self.record();
            } else {
                self.ledger.reset(&group_of);
                self.trail.states = states;
            }
        }
    }

    fn ends(&self) -> bool {
        let allowance = |since: u64| self.work >= since + ALLOWANCE.min(self.task.work);
        !self.moves.any()
            || self.work >= self.task.work
            || self.target_work.is_some_and(allowance)
            || (self.task.beaten)()
            || self.ground.stop.reached().is_some()
    }

    fn record(&mut self) {
        let new = self.ground.clamped(&self.ledger.levels);
        if new < self.ground.clamped(&self.best.0) {
            self.best = (self.ledger.levels, self.ledger.group_of.clone());
            self.history.push((self.ledger.levels, self.ground.stop.seconds()));
        }
        if self.target_work.is_none() && self.ground.reaches_target(&self.best.0) {
            self.target_work = Some(self.work);
        }
    }

    fn kick(&mut self, rng: &mut impl Rng) {
        let mut draw = Draw::default();
        for _ in 0..rng.random_range(KICKS) {
            self.work += 1;
            let drawn = self.moves.draw(&self.ledger, rng, &mut draw);
            if drawn && self.ledger.delta(draw.exchange(), 0)[0] <= 0 {
                let Exchange { a, b, .. } = draw.exchange();
                self.ledger.apply(draw.exchange());
                self.trail.changed(&[a, b]);
            }
        }
    }

    /// Re-splits pairs, then more groups at once, until none gets better.
    fn descend(&mut self, rng: &mut impl Rng) {
        if !self.ground.resplit_pays() {
            return self.descend_by_swaps(rng);
        }
        let groups = self.ground.problem.groups;
        let pairs = pairs(groups, rng);
        loop {
            while self.sweep(&pairs, rng) {}
            if self.ends() || !self.widen(rng) {
                return;
            }
        }
    }

    /// Re-splits every pair with a group that has changed since the pair was last looked at; whether any became better.
    fn sweep(&mut self, pairs: &[(usize, usize)], rng: &mut impl Rng) -> bool {
        let mut better = false;
        for &(a, b) in pairs {
            if self.trail.is_old(&[a, b]) {
                continue;
            }
            if self.ends() {
                return false;
            }
            let (found, work) = self.resplit.best(&self.ledger, (a, b), &self.ground.floors, self.ground.stop, rng);
            self.work += work + OVERHEAD;
            if let Some(found) = found {
                self.ledger.apply(Exchange { a, b, from_a: &found.from_a, from_b: &found.from_b });
                self.trail.changed(&[a, b]);
                self.record();
                better = true;
            }
            self.trail.looked(&[a, b]);
        }
        better
    }

    /// Divides several groups at once, drawn at random, few before many; whether one division became better.
    fn widen(&mut self, rng: &mut impl Rng) -> bool {
        if !self.resplit.divides_several(&self.ledger, &self.ground.floors) {
            return false;
        }
        let all = self.ground.problem.groups;
        let most_ways = MOST_WAYS_TOGETHER.min(self.task.work);
        if let Some(width) = several::renew::width(self.ground.problem.students.div_ceil(all)) {
            let divide =
                |of: &Self, groups: &[usize]| of.resplit.renew(&of.ledger, groups, &of.ground.floors, of.ground.stop);
            return self.divide_some(width.min(all), MOST_DRAWS, rng, divide).unwrap_or(false);
        }
        let divide = |of: &Self, groups: &[usize]| {
            of.resplit.several(&of.ledger, groups, &of.ground.floors, most_ways, of.ground.stop)
        };
        (3..=MOST_WIDTH.min(all))
            .find_map(|width| self.divide_some(width, tries(all, width), rng, divide))
            .unwrap_or(false)
    }

    /// Divides so many groups at once, drawn at random, some times: whether one division became better or the chain must end
    /// without; none where nothing came of it.
    fn divide_some(
        &mut self,
        width: usize,
        draws: usize,
        rng: &mut impl Rng,
        divide: impl Fn(&Self, &[usize]) -> (Option<Changes>, u64),
    ) -> Option<bool> {
        for _ in 0..draws {
            let mut groups = rand::seq::index::sample(rng, self.ground.problem.groups, width).into_vec();
            groups.sort_unstable();
            if self.trail.is_old(&groups) {
                continue;
            }
            if self.ends() {
                return Some(false);
            }
            let (found, work) = divide(self, &groups);
            self.work += work;
            self.trail.looked(&groups);
            if let Some(changes) = found {
                self.regroup(&changes);
                self.trail.changed(&groups);
                self.trail.looked(&groups);
                self.record();
                return Some(true);
            }
        }
        None
    }

    fn regroup(&mut self, changes: &[(usize, usize)]) {
        let mut plan = self.ledger.group_of.clone();
        for &(student, group) in changes {
            plan[student] = group;
        }
        self.ledger.reset(&plan);
    }

    /// Where re-splits do not pay: random swaps that make nothing worse, as many as there are pairs of students.
    fn descend_by_swaps(&mut self, rng: &mut impl Rng) {
        let tries = (self.ground.problem.students * self.ground.problem.students) as u64;
        let mut draw = Draw::default();
        for step in 0..tries {
            if step % 1024 == 0 && self.ground.stop.reached().is_some() {
                break;
            }
            self.work += MOVE_WORK;
            if self.moves.draw(&self.ledger, rng, &mut draw) {
                let delta = self.ledger.delta(draw.exchange(), MAX_LEVELS);
                if delta <= [0; MAX_LEVELS] {
                    self.ledger.apply(draw.exchange());
                }
            }
        }
    }
}
