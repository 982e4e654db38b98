//! Asking the provers: the cover, the partition and the MIP, each for the classes and levels that it is good at.
//!
//! Levels of counts (tiers, kinds) close at the root of the MIP, where only rules keep them from their closed-form bound. Levels of
//! sums are the cover's, the partition's where groups are small; the MIP closes them in the smallest classes only, and is asked
//! when the cover cannot help.

use super::Run;
use super::{Standing, seed32};
use crate::goals::about::Exact;
use crate::goals::{Goal, Levels, about};
use crate::plan::document::Proof;
use crate::problem::Problem;
use crate::solver::chain::Ground;
use crate::solver::cover::{self, CoverLimits, CoverSearch};
use crate::solver::mip::{self, LevelSearch, MipLimits};
use crate::solver::partition;

/// Binaries up to which the MIP is asked to prove a level of sums; beyond, it has never closed one.
const SUMS_BINARIES: usize = 150;
/// Binaries up to which it is asked about levels above the sums (tiers, counts), which it can close.
const COUNTS_BINARIES: usize = 4_000;
/// Most groups that the cover lists at once.
const COVER_GROUPS: usize = 3_000_000;
/// Work of the cover in the first round (about a second); each later round has four times as much, so often.
const COVER_WORK: u64 = 200_000_000;
const MOST_COVER_SLICES: u32 = 8;
/// Most students of a group for whom the partition is asked instead of the cover.
const PARTITION_SIZE: usize = 5;
/// Most groups that the partition lists: some 20 bytes each.
const PARTITION_GROUPS: usize = 15_000_000;
/// Work of the partition in the first round, and how it grows as the cover's.
const PARTITION_WORK: u64 = 150_000_000;
/// Nodes of one MIP slice.
const NODES: i64 = 20_000;

/// What the provers were last asked in vain: level, value, and the cover's slice.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    cover: Option<(usize, i64, u32)>,
    partition: Option<(usize, i64, u32)>,
    mip: Option<(usize, i64)>,
}

/// Whether the partition is asked, not the cover: groups are small, and all of them can be listed.
fn partitions(problem: &Problem) -> bool {
    problem.students.div_ceil(problem.groups) <= PARTITION_SIZE && partition::lists_all(problem)
}

/// Whether it is, and has its groups in a moment.
pub(super) fn partitions_quickly(problem: &Problem) -> bool {
    partitions(problem) && partition::lists_quickly(problem)
}

impl Run<'_> {
    /// Asks for the first open level, and for each next one that this closes. Slices grow from round to round.
    pub(super) fn ask_provers(&mut self, slice: u32) {
        while let Standing::Open(at) = self.standing() {
            if at == 0 || self.limit().is_some() || self.is_beyond(at) {
                return;
            }
            if self.is_of_counts(at) {
                self.ask_mip(at, COUNTS_BINARIES);
            }
            if self.is_open(at) && !self.ask_partition(at, slice.min(MOST_COVER_SLICES)) {
                self.ask_cover(at, slice.min(MOST_COVER_SLICES));
            }
            if self.is_open(at) && slice > 0 {
                self.ask_mip(at, SUMS_BINARIES);
            }
            if self.is_open(at) {
                return;
            }
        }
    }

    fn is_open(&self, at: usize) -> bool {
        matches!(self.standing(), Standing::Open(open) if open <= at)
    }

    /// Whether a goal down to the level is one that no prover can express.
    fn is_beyond(&self, at: usize) -> bool {
        let beyond = |goal: &Goal| goal.at <= at && about(goal.name).exact == Exact::Neither;
        self.ground.objective.goals.iter().any(beyond)
    }

    fn is_of_counts(&self, at: usize) -> bool {
        let mut goals = self.ground.objective.goals.iter().filter(|goal| goal.at == at);
        goals.all(|goal| about(goal.name).exact == Exact::Counts)
    }

    fn ask_cover(&mut self, at: usize, slice: u32) {
        let Some((levels, start)) = self.best.clone() else { return };
        let question = Some((at, levels[at], slice));
        if self.asked.cover == question {
            return;
        }
        self.asked.cover = question;
        let Ground { problem, objective, atoms, stop, .. } = self.ground;
        let budgets = self.budgets(&levels);
        let bound = self.bounds[at].0;
        let search = CoverSearch { problem, objective, atoms, at, budgets: &budgets, start: &start, bound };
        let left = self.effort.work.map_or(u64::MAX, |work| work.saturating_sub(self.work));
        let work = (COVER_WORK << (2 * slice)).min(left);
        let limits = CoverLimits { most_groups: COVER_GROUPS, work };
        let Some(answer) = cover::prove(&search, limits, stop) else { return };
        self.work += answer.work;
        self.take_answer(at, answer.plan, answer.bound, Proof::Cover);
    }

    /// Asks the partition where groups are small; whether the level is its business.
    fn ask_partition(&mut self, at: usize, slice: u32) -> bool {
        let Ground { problem, objective, atoms, stop, .. } = self.ground;
        let Some((levels, start)) = self.best.clone() else { return false };
        if !partitions(problem) {
            return false;
        }
        let question = Some((at, levels[at], slice));
        if self.asked.partition == question {
            return true;
        }
        self.asked.partition = question;
        let budgets = self.budgets(&levels);
        let bound = self.bounds[at].0;
        let search = CoverSearch { problem, objective, atoms, at, budgets: &budgets, start: &start, bound };
        let left = self.effort.work.map_or(u64::MAX, |work| work.saturating_sub(self.work));
        let work = (PARTITION_WORK << (2 * slice)).min(left);
        let limits = CoverLimits { most_groups: PARTITION_GROUPS, work };
        let Some(answer) = partition::prove(&search, limits, stop) else { return false };
        self.work += answer.work;
        self.take_answer(at, answer.plan, answer.bound, Proof::Partition);
        true
    }

    fn ask_mip(&mut self, at: usize, most_binaries: usize) {
        let Some((levels, plan)) = self.best.clone() else { return };
        let question = Some((at, levels[at]));
        let binaries = self.ground.problem.students * self.ground.problem.groups;
        if self.asked.mip == question || binaries > most_binaries {
            return;
        }
        self.asked.mip = question;
        let budgets = self.budgets(&levels);
        let search = LevelSearch { objective: self.ground.objective, at, budgets: &budgets, start: &plan };
        let limits = MipLimits { nodes: NODES, seed: seed32(self.effort.seed) };
        if let Some(answer) = mip::improve(self.ground.problem, &search, limits, self.ground.stop) {
            self.take_answer(at, answer.plan, answer.bound, Proof::Mip);
        }
    }

    fn take_answer(&mut self, at: usize, plan: Option<Vec<usize>>, bound: i64, proof: Proof) {
        if let Some(plan) = plan {
            self.offer(self.ground.objective.evaluate(&plan), plan, &[]);
        }
        if bound > self.bounds[at].0 {
            self.bounds[at] = (bound, proof, self.ground.stop.seconds());
            self.ground.target[at] = bound;
        }
    }

    /// What each level may cost while a lower one is optimised.
    fn budgets(&self, levels: &Levels) -> Levels {
        let mut budgets = *levels;
        for (level, info) in self.ground.objective.levels.iter().enumerate() {
            budgets[level] = budgets[level].max(self.ground.floors[level]).max(self.bounds[level].0 + info.tolerance);
        }
        budgets
    }
}
