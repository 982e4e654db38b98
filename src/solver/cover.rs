//! The ideal-group cover: an exact proof of one level under the budgets of the levels above (models/formulation.md, "Cover").
//!
//! A group of a class is a small object. So all groups are listed that a plan better than the best known one could have, and
//! the students are covered by G of them:
//! - [`lanes`]: every separable term as whole sums, with its rest bound F;
//! - [`list`]: the groups with cost + F(the others) within every limit, by meeting in the middle ([`shapes`], [`halves`],
//!   [`fits`], [`join`]);
//! - [`exact`]: a depth-first cover with F at every node ([`gauge`]).
//!
//! What is listed is never more than a stated number. Where a list within the best known value would be longer, a shorter one
//! within a smaller value proves at least that nothing is better than that. Work is counted, and the threads change nothing.

mod exact;
mod fits;
mod gauge;
mod halves;
mod join;
mod lanes;
mod list;
mod shapes;
mod units;

use super::atoms::Atoms;
use super::stop::Stop;
use crate::goals::{Levels, Objective};
use crate::model::GoalName;
use crate::problem::{Problem, rules::Rule};
use exact::{Cover, Found};
use fits::Fits;
use lanes::{Lanes, Sizes, Source};
use list::{Listed, Listing};
use shapes::{Split, Tiering};
use units::{Mask, Units};

/// Most halves that are made for one list.
const MOST_HALVES: f64 = 6e7;
/// Times that the limit is lowered where a list is too long.
const ATTEMPTS: u32 = 12;

/// A level to be proved.
#[derive(Clone, Copy, Debug)]
pub struct CoverSearch<'a> {
    /// The class.
    pub problem: &'a Problem,
    /// Its goals.
    pub objective: &'a Objective,
    /// Its atoms.
    pub atoms: &'a Atoms,
    /// Index of the level in [`Levels`], 1 or more.
    pub at: usize,
    /// The most that each level above may cost; entries 0 and from `at` on are not read.
    pub budgets: &'a Levels,
    /// A plan that keeps rules and budgets: group of each student.
    pub start: &'a [usize],
}

/// How much may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverLimits {
    /// Most groups of a list: the memory, some 100 bytes each.
    pub most_groups: usize,
    /// Ways and groups looked at: a slice that is the same on every machine and any number of threads.
    pub work: u64,
}

/// What the cover found out about a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverAnswer {
    /// A plan that keeps rules and budgets and is better than the start on the level, if one was found.
    pub plan: Option<Vec<usize>>,
    /// Proven lower bound of the level's value under the budgets; the best value itself if exhausted.
    pub bound: i64,
    /// Whether nothing is left to be looked at: the best plan known is optimal.
    pub exhausted: bool,
    /// Groups of the longest list.
    pub listed: usize,
    /// Nodes of all covers.
    pub nodes: u64,
    /// Work done.
    pub work: u64,
}

/// The work of listing that a proof would take, estimated; none where the cover cannot express the problem.
#[must_use]
pub fn estimate(search: &CoverSearch<'_>) -> Option<f64> {
    if search.atoms.list.len() <= u64::ROOM {
        Run::<u64>::new(search)?.estimate()
    } else {
        Run::<u128>::new(search)?.estimate()
    }
}

/// Proves the level, or finds a better plan, as far as the limits allow. None where the cover cannot express the problem
/// (keep mode, diversity, goal worst in company), where more halves would be needed than there is room for, or where the start
/// breaks a rule or a budget.
#[must_use]
pub fn prove(search: &CoverSearch<'_>, limits: CoverLimits, stop: &Stop) -> Option<CoverAnswer> {
    if search.atoms.list.len() <= u64::ROOM {
        Run::<u64>::new(search)?.prove(limits, stop)
    } else {
        Run::<u128>::new(search)?.prove(limits, stop)
    }
}

struct Run<'a, M> {
    search: &'a CoverSearch<'a>,
    units: Units<M>,
    sizes: Sizes,
    tiering: Tiering,
    /// The start's value.
    value: i64,
    /// The closed-form bound.
    closed: i64,
}

impl<'a, M: Mask> Run<'a, M> {
    fn new(search: &'a CoverSearch<'a>) -> Option<Self> {
        let (problem, objective) = (search.problem, search.objective);
        let sizes = Sizes::of(problem);
        let levels = objective.evaluate(search.start);
        let fits = levels[0] == 0 && (1..search.at).all(|level| levels[level] <= search.budgets[level]);
        if sizes.groups < 2 || sizes.small == 0 || sizes.small > 250 || !fits {
            return None;
        }
        let units = Units::new(objective, search.atoms)?;
        let looks_at_tiers = objective.goals.iter().any(|goal| goal.name == GoalName::Tiers && goal.at <= search.at)
            || problem.rules.contains(&Rule::TierQuota);
        let tiers = problem.tiers.as_ref().filter(|_| looks_at_tiers).map(|tiers| tiers.of.as_slice());
        Some(Self {
            search,
            tiering: Tiering::new(tiers, problem.students, &units),
            units,
            sizes,
            value: levels[search.at],
            closed: objective.levels[search.at].bound,
        })
    }

    fn lanes(&self, limit: i64) -> Option<Lanes> {
        let source = Source { objective: self.search.objective, units: &self.units, sizes: self.sizes };
        Lanes::new(&source, self.search.at, limit, self.search.budgets)
    }

    fn listing<'l>(&'l self, lanes: &'l Lanes) -> Listing<'l, M> {
        Listing { lanes, units: &self.units, sizes: self.sizes, tiering: &self.tiering }
    }

    /// Halves to be made and pairs to be looked at, sums taken as normal and lanes as independent.
    fn estimate(&self) -> Option<f64> {
        let lanes = self.lanes(self.value - 1)?;
        let listing = self.listing(&lanes);
        let split = listing.split();
        let mut work = split.halves;
        for (first, second, large) in &split.jobs {
            let mut shape = *first;
            shape.iter_mut().zip(second).for_each(|(a, b)| *a += b);
            if let Some(fits) = Fits::new(&lanes, &self.tiering, &self.sizes, shape, *large) {
                work += split.pairs_of(*first, *second) * listing.share(&fits);
            }
        }
        Some(if split.halves > MOST_HALVES { f64::INFINITY } else { work })
    }

    fn prove(&self, limits: CoverLimits, stop: &Stop) -> Option<CoverAnswer> {
        let mut answer = CoverAnswer {
            plan: None,
            bound: self.closed.min(self.value),
            exhausted: self.value <= self.closed,
            listed: 0,
            nodes: 0,
            work: 0,
        };
        let mut work = limits.work;
        let (mut best, mut limit) = (self.value, self.value - 1);
        let mut attempts = 0;
        while !answer.exhausted && limit >= answer.bound {
            let lanes = self.lanes(limit)?;
            let unit = lanes.step;
            if limit.rem_euclid(unit) != 0 {
                limit = limit.div_euclid(unit) * unit;
                continue;
            }
            let listing = self.listing(&lanes);
            let split = listing.split();
            if split.halves > MOST_HALVES {
                return None;
            }
            match self.attempt(&listing, &split, limits.most_groups, &mut work, stop, &mut answer) {
                Attempt::TooMany => {
                    attempts += 1;
                    if attempts > ATTEMPTS {
                        break;
                    }
                    limit = answer.bound + (limit - answer.bound) / 2;
                }
                Attempt::Stopped(cover) => {
                    self.take(cover, &mut best, &mut answer)?;
                    break;
                }
                Attempt::Done(Some(cover)) => {
                    self.take(Some(cover), &mut best, &mut answer)?;
                    // The largest deviation is not a sum: the cover found is within the limit, but need not be the best.
                    if lanes.largest {
                        limit = best - 1;
                    } else {
                        answer.bound = best;
                    }
                    answer.exhausted = best <= answer.bound;
                }
                Attempt::Done(None) => {
                    answer.bound = answer.bound.max((limit + unit).min(best));
                    answer.exhausted = best <= answer.bound;
                    break;
                }
            }
        }
        answer.exhausted |= best <= answer.bound
            || limit < answer.bound && attempts == 0 && !answer.exhausted && {
                // No multiple of the step lies between the bound and the best value.
                answer.bound = best;
                true
            };
        answer.work = limits.work - work;
        Some(answer)
    }

    fn attempt(
        &self,
        listing: &Listing<'_, M>,
        split: &Split,
        most: usize,
        work: &mut u64,
        stop: &Stop,
        answer: &mut CoverAnswer,
    ) -> Attempt<M> {
        let groups = match listing.list(split, most, work, stop) {
            Listed::All(groups) => groups,
            Listed::TooMany => return Attempt::TooMany,
            Listed::Stopped => return Attempt::Stopped(None),
        };
        answer.listed = answer.listed.max(groups.masks.len());
        let cover =
            Cover { lanes: listing.lanes, sizes: self.sizes, units: &self.units, groups: &groups, bound: answer.bound };
        let Found { cover, nodes, exhausted } = cover.search(work, stop);
        answer.nodes += nodes;
        let cover = cover.map(|(_, cover)| cover);
        if exhausted { Attempt::Done(cover) } else { Attempt::Stopped(cover) }
    }

    /// Takes a cover over, scored anew by the objective; none if it is not what it should be, so that nothing is answered.
    fn take(&self, cover: Option<Vec<M>>, best: &mut i64, answer: &mut CoverAnswer) -> Option<()> {
        let Some(cover) = cover else { return Some(()) };
        let plan = self.units.plan(&cover, self.sizes.students);
        let levels = self.search.objective.evaluate(&plan);
        let at = self.search.at;
        let keeps = levels[0] == 0 && (1..at).all(|level| levels[level] <= self.search.budgets[level]);
        debug_assert!(keeps && levels[at] < *best, "{levels:?}");
        if !keeps || levels[at] >= *best {
            return None;
        }
        *best = levels[at];
        answer.plan = Some(plan);
        Some(())
    }
}

/// How one list and its cover ended.
enum Attempt<M> {
    /// Everything was looked at.
    Done(Option<Vec<M>>),
    /// The list would be too long.
    TooMany,
    /// The work or the clock ended it.
    Stopped(Option<Vec<M>>),
}
