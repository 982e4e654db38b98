//! One chain of local search: construct, anneal, descend by re-splits, then kick and descend again.
//!
//! A chain is deterministic in its seed and work; the clock can only end it early.

use super::anneal::anneal;
use super::atoms::Atoms;
use super::construct::construct;
use super::moves::{Draw, Moves};
use super::resplit::{OVERHEAD, Resplit};
use super::stop::Stop;
use crate::goals::ledger::Exchange;
use crate::goals::{Ledger, Levels, MAX_LEVELS, Objective, Whole};
use crate::problem::Problem;
use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64;

/// Annealing moves tried per student at the start of a chain.
const ANNEAL_PER_STUDENT: u64 = 2_000;
/// Work of one random move, in ways of a re-split, which cost about a tenth.
const MOVE_WORK: u64 = 10;
/// Random moves of a kick.
const KICKS: std::ops::RangeInclusive<u32> = 2..=5;
/// Ways looked at after the target is reached, for the levels below it (some 50 ms).
const ALLOWANCE: u64 = 6_000_000;

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

/// Runs a chain; none if no first plan could be constructed.
#[must_use]
pub fn run(ground: &Ground<'_>, task: &Task<'_>) -> Option<Found> {
    let mut rng = Pcg64::seed_from_u64(task.seed);
    let start = match task.start {
        Some(plan) => plan.to_vec(),
        None => construct(ground.problem, ground.objective, ground.atoms, &mut rng)?,
    };
    let moves = Moves::new(ground.problem, ground.atoms);
    let ledger = Ledger::new(ground.objective, start);
    let mut chain = Chain {
        ground,
        task,
        resplit: Resplit::new(ground.problem, ground.objective, ground.atoms, ground.focus),
        best: (ledger.levels, ledger.group_of.clone()),
        history: vec![(ledger.levels, ground.stop.seconds())],
        ledger,
        moves,
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
    work: u64,
    /// Work at which the target was reached.
    target_work: Option<u64>,
}

impl Chain<'_> {
    fn search(&mut self, rng: &mut impl Rng) {
        if self.task.start.is_none() || !self.ground.resplit_pays() {
            let tries = (ANNEAL_PER_STUDENT * self.ground.problem.students as u64)
                .min(self.task.work / 4 / MOVE_WORK)
                .max(1000);
            self.work +=
                MOVE_WORK * anneal(&mut self.ledger, &self.moves, self.ground.focus, tries, self.ground.stop, rng);
        }
        self.descend(rng);
        self.record();
        while !self.ends() {
            let (levels, group_of) = (self.ledger.levels, self.ledger.group_of.clone());
            self.kick(rng);
            self.descend(rng);
            if self.ground.clamped(&self.ledger.levels) <= self.ground.clamped(&levels) {
                self.record();
            } else {
                self.ledger.reset(&group_of);
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
                self.ledger.apply(draw.exchange());
            }
        }
    }

    /// Re-splits pairs until none gets better; pairs whose groups have not changed since are not looked at again.
    fn descend(&mut self, rng: &mut impl Rng) {
        if !self.ground.resplit_pays() {
            return self.descend_by_swaps(rng);
        }
        let groups = self.ground.problem.groups;
        let mut pairs: Vec<(usize, usize)> = (0..groups).flat_map(|a| (a + 1..groups).map(move |b| (a, b))).collect();
        let mut changed = vec![1_u64; groups];
        let mut seen = vec![0_u64; pairs.len()];
        let mut time = 1;
        pairs.shuffle(rng);
        loop {
            let mut better = false;
            for (i, &(a, b)) in pairs.iter().enumerate() {
                if seen[i] >= changed[a].max(changed[b]) {
                    continue;
                }
                if self.ends() {
                    return;
                }
                let (found, ways) = self.resplit.best(&self.ledger, (a, b), &self.ground.floors, self.ground.stop, rng);
                self.work += ways + OVERHEAD;
                time += 1;
                if let Some(found) = found {
                    self.ledger.apply(Exchange { a, b, from_a: &found.from_a, from_b: &found.from_b });
                    (changed[a], changed[b]) = (time, time);
                    self.record();
                    better = true;
                }
                seen[i] = time;
            }
            if !better {
                return;
            }
        }
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
