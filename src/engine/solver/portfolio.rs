//! The portfolio: closed-form bounds, rounds of local search over all cores, and between them the provers: the ideal-group
//! cover (for small groups the partition) and the assignment MIP, asked about the first level that is still open.
//!
//! A round is a fixed number of chains with a fixed amount of work, whatever the number of threads; its result is the best
//! chain's, the first in line among equals. A chain stops early only when one *before* it in line has reached the target, so
//! that neither threads nor timing decide which plan is answered.

mod provers;

use super::atoms::Atoms;
use super::chain::{self, Found, Ground, Task};
use super::mip::{self, Feasibility, MipLimits};
use super::outcome::{LevelOutcome, Outcome, found_seconds};
use super::progress::{Listener, Progress};
use super::resplit::USUAL_WORK;
use super::stop::Stop;
use super::{Effort, Prove, conflict};
use crate::goals::{Level, Levels, MAX_LEVELS, Objective};
use crate::plan::Plan;
use crate::plan::document::{Proof, Status, StopReason};
use crate::problem::Problem;
use provers::Asked;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Chains of a round.
const CHAINS: usize = 4;
/// Least work of a chain in the first round; each round doubles it, up to [`MOST_DOUBLINGS`] times.
const FIRST_WORK: u64 = 1_000_000;
const MOST_DOUBLINGS: u32 = 5;
/// Sweeps over all pairs of groups that the first round must at least have room for.
const FIRST_SWEEPS: u64 = 2;
/// Work of a chain in the first round where the partition comes next and is quick: it wants a plan to begin with, not a good one.
const WORK_BEFORE_PARTITION: u64 = 400_000;
/// Rounds without a better plan (down to the focus) after which the search has stalled.
const PATIENCE: u32 = 3;

/// Solves a problem as far as effort and stop allow.
#[must_use]
pub fn solve(problem: &Problem, effort: Effort, stop: &Stop, listener: Listener<'_>) -> Outcome {
    let mut problem = problem.clone();
    match effort.prove {
        Prove::Model => {}
        Prove::Through(goal) => problem.prove_through = goal,
        Prove::All => {
            problem.prove_through = problem.goals.last().map_or(problem.prove_through, |goal| goal.name);
        }
    }
    let objective = Objective::new(&problem);
    let Some(atoms) = Atoms::of(&problem) else { return infeasible(&problem, stop, 0) };
    let mut run = Run::new(&problem, &objective, &atoms, effort, stop, listener);
    if let Some(outcome) = run.first_plan() {
        return outcome;
    }
    let ended = run.search();
    run.outcome(ended)
}

struct Run<'a> {
    ground: Ground<'a>,
    effort: Effort,
    listener: Listener<'a>,
    best: Option<(Levels, Vec<usize>)>,
    history: Vec<(Levels, f64)>,
    /// Proven lower bound of each level and what proved it, with the second it was known.
    bounds: Vec<(i64, Proof, f64)>,
    asked: Asked,
    work: u64,
}

/// What a look at the proofs says.
enum Standing {
    /// Proved as deep as asked.
    Done,
    /// This level is the first that is not proved.
    Open(usize),
}

impl<'a> Run<'a> {
    fn new(
        problem: &'a Problem,
        objective: &'a Objective,
        atoms: &'a Atoms,
        effort: Effort,
        stop: &'a Stop,
        listener: Listener<'a>,
    ) -> Self {
        let mut target = [0; MAX_LEVELS];
        for (value, level) in target.iter_mut().zip(&objective.levels) {
            *value = level.bound;
        }
        Self {
            ground: Ground {
                problem,
                objective,
                atoms,
                stop,
                focus: objective.focus,
                target,
                floors: [i64::MIN; MAX_LEVELS],
            },
            effort,
            listener,
            best: None,
            history: Vec::new(),
            bounds: objective.levels.iter().map(|level| (level.bound, Proof::ClosedForm, 0.0)).collect(),
            asked: Asked::default(),
            work: 0,
        }
    }

    /// Finds a plan that keeps the rules: by a short round of search, else by the MIP. An outcome if there is none.
    fn first_plan(&mut self) -> Option<Outcome> {
        self.round(0);
        if self.best.as_ref().is_some_and(|(levels, _)| levels[0] == 0) {
            return None;
        }
        let limits = MipLimits { nodes: i64::MAX, seed: seed32(self.effort.seed) };
        match mip::feasible(self.ground.problem, &self.ground.problem.rules, limits, self.ground.stop) {
            Feasibility::Plan(plan) => {
                let levels = self.ground.objective.evaluate(&plan);
                self.best = None;
                self.offer(levels, plan, &[]);
                None
            }
            Feasibility::Infeasible => Some(infeasible(self.ground.problem, self.ground.stop, self.work)),
            Feasibility::Unknown => {
                let beyond = mip::is_beyond(self.ground.problem);
                let conflict = beyond.then(|| conflict::find(self.ground.problem, self.ground.stop)).flatten();
                let infeasible = |conflict| Outcome { conflict: Some(conflict), ..self.refused() };
                Some(conflict.map_or_else(|| self.unknown(), infeasible))
            }
        }
    }

    /// No plan keeps the rules.
    fn refused(&self) -> Outcome {
        Outcome { status: Status::Infeasible, stop: StopReason::Proved, ..self.unknown() }
    }

    fn unknown(&self) -> Outcome {
        Outcome {
            status: Status::Unknown,
            stop: self.ground.stop.reached().unwrap_or(StopReason::Stalled),
            plan: None,
            levels: Vec::new(),
            conflict: None,
            work: self.work,
            seconds: self.ground.stop.seconds(),
        }
    }

    /// Rounds of search until the focus is proved, nothing gets better, or a limit is reached.
    fn search(&mut self) -> StopReason {
        let mut idle = 0;
        let mut patience = PATIENCE;
        for round in 1_u32.. {
            self.ask_provers(round - 1);
            if let Some(reason) = self.limit() {
                return reason;
            }
            let opened = self.next_room(idle >= patience).map(|level| self.open_room(level));
            if let Some(level) = opened {
                // Levels below the focus get an allowance, not a search of their own.
                (idle, patience) = (0, if level < self.ground.objective.focus { patience } else { 1 });
                continue;
            }
            let done = matches!(self.standing(), Standing::Done);
            if done && patience == PATIENCE || idle >= patience {
                return if self.proved_as_asked() { StopReason::Proved } else { StopReason::Stalled };
            }
            let before = self.best.as_ref().map(|(levels, _)| self.ground.clamped(levels));
            self.round(round);
            let better = self.best.as_ref().map(|(levels, _)| self.ground.clamped(levels)) != before;
            // The first rounds are short, so that the provers get their word early; they do not count as idle.
            let counts = round >= MOST_DOUBLINGS || patience < PATIENCE;
            idle = if better { 0 } else { idle + u32::from(counts) };
            self.tell(idle);
        }
        StopReason::Stalled
    }

    /// Whether every level down to the focus is proved.
    fn proved_as_asked(&self) -> bool {
        let Some((levels, _)) = &self.best else { return false };
        levels[0] == 0 && self.proofs(levels).iter().take(self.ground.objective.focus).all(|proved| *proved)
    }

    /// For level 1 and each below it, whether it is within its bound and tolerance, as are all above it.
    fn proofs(&self, values: &Levels) -> Vec<bool> {
        let mut above = true;
        // A room measured from an unproved value may be wider than allowed, which spoils no bound; but a second room measured
        // inside it may be narrower than allowed, and what is proved below that is not.
        let mut exact = true;
        let levels = self.ground.objective.levels.iter().zip(&self.bounds).enumerate().skip(1);
        let proof = |(level, (info, bound)): (usize, (&Level, &(i64, Proof, f64)))| {
            let allowed = bound.0 + info.tolerance;
            let proved = above && values[level] <= allowed;
            above = proved && (exact || info.tolerance == 0);
            exact &= self.ground.floors[level] <= allowed;
            proved
        };
        levels.map(proof).collect()
    }

    fn limit(&self) -> Option<StopReason> {
        let spent = self.effort.work.is_some_and(|work| self.work >= work);
        self.ground.stop.reached().or(spent.then_some(StopReason::WorkLimit))
    }

    /// One round of chains; half of the later ones start from the best plan.
    fn round(&mut self, round: u32) {
        let groups = self.ground.problem.groups as u64;
        let sweeps = FIRST_SWEEPS * groups * groups.saturating_sub(1) / 2 * USUAL_WORK;
        let first = if round == 0 && provers::partitions_quickly(self.ground.problem) {
            WORK_BEFORE_PARTITION
        } else {
            FIRST_WORK.max(sweeps)
        };
        let work = first << round.min(MOST_DOUBLINGS);
        let left = self.effort.work.map_or(u64::MAX, |limit| limit.saturating_sub(self.work));
        let work = work.min(left / CHAINS as u64 + 1);
        let first_done = AtomicUsize::new(usize::MAX);
        let start = self.best.as_ref().map(|(_, plan)| plan.as_slice());
        let ground = &self.ground;
        let run = |index: usize| {
            let beaten = || first_done.load(Ordering::Relaxed) < index;
            let seed = mix(self.effort.seed, u64::from(round), index as u64);
            let task = Task { seed, work, start: start.filter(|_| index.is_multiple_of(2)), beaten: &beaten };
            let found = chain::run(ground, &task);
            if found.as_ref().is_some_and(|found| found.reached) {
                first_done.fetch_min(index, Ordering::Relaxed);
            }
            found
        };
        let found: Vec<Option<Found>> = (0..CHAINS).into_par_iter().with_max_len(1).map(run).collect();
        self.take(found);
    }

    /// The result of a round: up to the first chain in line that reached the target, the best.
    fn take(&mut self, found: Vec<Option<Found>>) {
        let last = found.iter().position(|found| found.as_ref().is_some_and(|found| found.reached));
        for found in found.into_iter().take(last.map_or(usize::MAX, |last| last + 1)).flatten() {
            self.work += found.work;
            self.offer(found.levels, found.group_of, &found.history);
        }
    }

    fn offer(&mut self, levels: Levels, plan: Vec<usize>, history: &[(Levels, f64)]) {
        let better =
            self.best.as_ref().is_none_or(|(best, _)| self.ground.clamped(&levels) < self.ground.clamped(best));
        if better {
            self.history.extend_from_slice(history);
            self.history.push((levels, self.ground.stop.seconds()));
            self.history.sort_by(|(_, a), (_, b)| a.total_cmp(b));
            self.best = Some((levels, plan));
        }
    }

    /// The first level, down to the focus, whose value is not within its bound and tolerance.
    fn standing(&self) -> Standing {
        let Some((levels, _)) = &self.best else { return Standing::Open(0) };
        // A tolerance counts once its room is open; until then the optimum itself is wanted, which the room is measured from.
        let open = |level: &usize| levels[*level] > self.bounds[*level].0.max(self.ground.floors[*level]);
        (0..=self.ground.objective.focus).find(open).map_or(Standing::Done, Standing::Open)
    }

    /// The first level whose tolerance may be spent now: at its proven optimum, or as good as it gets once the search has stalled.
    fn next_room(&self, stalled: bool) -> Option<usize> {
        let (levels, _) = self.best.as_ref()?;
        let objective = self.ground.objective;
        let closed = |level: usize| objective.levels[level].tolerance > 0 && self.ground.floors[level] == i64::MIN;
        let level = (1..objective.levels.len()).find(|&level| closed(level))?;
        let proved = (1..=level).all(|above| levels[above] <= self.bounds[above].0.max(self.ground.floors[above]));
        (proved || stalled).then_some(level)
    }

    /// Gives the levels below a level with tolerance their room; returns the level.
    fn open_room(&mut self, level: usize) -> usize {
        let objective = self.ground.objective;
        if let Some((levels, _)) = &self.best {
            self.ground.floors[level] = levels[level] + objective.levels[level].tolerance;
        }
        self.ground.focus = (level + 1).min(objective.levels.len() - 1).max(objective.focus);
        level
    }

    fn tell(&self, idle: u32) {
        let stalled = f64::from(idle) / f64::from(PATIENCE + 1);
        let share = self.ground.stop.share().max(stalled).min(1.0);
        let keeps_rules = self.best.as_ref().is_some_and(|(levels, _)| levels[0] == 0);
        let so_far = || self.outcome(StopReason::Cancelled);
        (self.listener)(Progress { share, so_far: keeps_rules.then_some(&so_far) });
    }

    /// What the run comes to if it ends now.
    fn outcome(&self, stop: StopReason) -> Outcome {
        let Some((last, group_of)) = self.best.clone() else { return self.unknown() };
        let mut levels = Vec::new();
        let proofs = self.proofs(&last);
        for (level, &proved) in (1..).zip(&proofs) {
            let (bound, proof, known) = self.bounds[level];
            let found = found_seconds(&self.history, &last, level);
            let proved_seconds = proved.then(|| found.max(known));
            levels.push(LevelOutcome {
                value: last[level],
                bound,
                proved,
                proof,
                found_seconds: found,
                proved_seconds,
            });
        }
        Outcome {
            status: if proofs.iter().all(|proved| *proved) { Status::Optimal } else { Status::Feasible },
            stop,
            plan: Some(Plan { groups: self.ground.problem.groups, group_of }),
            levels,
            conflict: None,
            work: self.work,
            seconds: self.ground.stop.seconds(),
        }
    }
}

fn infeasible(problem: &Problem, stop: &Stop, work: u64) -> Outcome {
    Outcome {
        status: Status::Infeasible,
        stop: StopReason::Proved,
        plan: None,
        levels: Vec::new(),
        conflict: conflict::find(problem, stop),
        work,
        seconds: stop.seconds(),
    }
}

/// HiGHS takes 31 bits.
fn seed32(seed: u64) -> i32 {
    (seed & 0x7fff_ffff) as i32
}

/// A seed for each chain, well apart (SplitMix64's finaliser).
fn mix(seed: u64, round: u64, index: u64) -> u64 {
    let mut x = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ round << 32 ^ index;
    x = (x ^ x >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ x >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ x >> 31
}
