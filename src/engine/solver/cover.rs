//! The ideal-group cover: an exact proof of one level under the budgets of the levels above (models/formulation.md, "Cover").
//!
//! A group of a class is a small object. So all groups are listed that a plan better than the best known one could have, and
//! the students are covered by G of them:
//! - `lanes`: every separable term as whole sums, with its rest bound F;
//! - `list`: the groups with cost + F(the others) within every limit, by meeting in the middle (`shapes`, `jobs`,
//!   `halves`, `fits`, `join`, `sieve`); in keep mode around the homes (`homes`);
//! - `forecast`: how long a list will be;
//! - `exact`: a depth-first cover with F at every node (`stage`, `gauge`, `branching`).
//!
//! What is listed is never more than a stated number. Where a list within the best known value would be longer, a shorter one
//! within a smaller value proves at least that nothing is better than that. Work is counted, and the threads change nothing.

mod branching;
mod exact;
mod fits;
mod forecast;
mod gauge;
mod halves;
pub(in crate::solver) mod homes;
mod jobs;
mod join;
pub(in crate::solver) mod lanes;
mod list;
mod shapes;
mod sieve;
mod stage;
pub(in crate::solver) mod units;

use super::atoms::Atoms;
use super::stop::Stop;
use crate::goals::{Goal, Levels, Objective};
use crate::model::goal::Needs;
use crate::problem::{Problem, rules::Rule};
use exact::{Cover, Found};
use fits::Fits;
use forecast::{Draw, Forecast};
use homes::{Homes, Keeping};
use lanes::{Lanes, Sizes, Source};
use list::{Listed, Listing};
use shapes::{Tiering, plus};
use units::{Mask, Units};

/// Most halves that are made for one list.
const MOST_HALVES: f64 = 6e7;
/// Groups, as forecast, of the first list.
const FIRST_GROUPS: f64 = 1e3;
/// Where listing takes long anyhow, a list has at least one group for so much of its work.
const WORK_A_GROUP: f64 = 3e3;
/// Growth of the forecast from one list to the next.
const GROWTH: f64 = 3.0;
/// The same where the cover has more nodes than groups: with many small groups they grow by a high power of the list.
const SLOW_GROWTH: f64 = 1.6;

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
    /// A proven lower bound of the level, from an earlier slice or from elsewhere; `i64::MIN` where nothing is known.
    pub bound: i64,
}

/// How much may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoverLimits {
    /// Most groups of a list: the memory, some 100 bytes each.
    pub most_groups: usize,
    /// Ways and groups looked at: a slice that is the same on every machine and any number of threads. Looked at between pieces of
    /// work that run at once, each of which may do as much again.
    pub work: u64,
}

/// Most students: counts are looked through one by one.
const MOST_STUDENTS: usize = 4096;

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

/// Proves the level, or finds a better plan, as far as the limits allow. None where the cover cannot express the problem
/// (moves themselves or in company, diversity, goal worst in company), or where the start breaks a rule or a budget.
#[must_use]
pub fn prove(search: &CoverSearch<'_>, limits: CoverLimits, stop: &Stop) -> Option<CoverAnswer> {
    let labels = if search.problem.previous.is_some() { search.problem.groups } else { 0 };
    if search.atoms.list.len() + labels <= u64::ROOM {
        Run::<u64>::new(search)?.prove(limits, stop)
    } else {
        Run::<u128>::new(search)?.prove(limits, stop)
    }
}

struct Run<'a, M> {
    search: &'a CoverSearch<'a>,
    units: Units<M>,
    sizes: Sizes,
    homes: Option<Homes>,
    tiering: Tiering,
    /// The start's value.
    value: i64,
}

impl<'a, M: Mask> Run<'a, M> {
    fn new(search: &'a CoverSearch<'a>) -> Option<Self> {
        let (problem, objective) = (search.problem, search.objective);
        let sizes = Sizes::of(problem);
        let levels = objective.evaluate(search.start);
        let fits = levels[0] == 0 && (1..search.at).all(|level| levels[level] <= search.budgets[level]);
        if sizes.groups < 2 || sizes.small == 0 || sizes.small > 250 || sizes.students > MOST_STUDENTS || !fits {
            return None;
        }
        let units = Units::new(objective, search.atoms)?;
        let homes = match Keeping::of(objective, search.at, &units, sizes.groups) {
            Keeping::No => None,
            Keeping::Above(homes) if units.students.len() + sizes.groups <= M::ROOM => Some(homes),
            Keeping::Above(_) | Keeping::Beyond => return None,
        };
        let of_tiers = |goal: &Goal| goal.at <= search.at && goal.name.needs() == Needs::Tiers;
        let looks_at_tiers = objective.goals.iter().any(of_tiers) || problem.rules.contains(&Rule::TierQuota);
        let tiers = problem.tiers.as_ref().filter(|_| looks_at_tiers).map(|tiers| tiers.of.as_slice());
        Some(Self {
            search,
            tiering: Tiering::new(tiers, problem.students, &units),
            units,
            sizes,
            homes,
            value: levels[search.at],
        })
    }

    fn lanes(&self, limit: i64) -> Option<Lanes> {
        let source = Source { objective: self.search.objective, units: &self.units, sizes: self.sizes };
        Lanes::new(&source, self.search.at, limit, self.search.budgets)
    }

    fn listing<'l>(&'l self, lanes: &'l Lanes) -> Listing<'l, M> {
        Listing { lanes, units: &self.units, sizes: self.sizes, tiering: &self.tiering }
    }

    /// What a list within a limit takes; it grows with the limit.
    fn forecast(&self, limit: i64) -> Option<Forecast> {
        let lanes = self.lanes(limit)?;
        if self.homes.is_some() {
            return Some(Forecast::default());
        }
        let listing = self.listing(&lanes);
        let split = listing.split();
        let mut forecast = Forecast { work: split.halves, groups: 0.0 };
        for &(first, second, large) in &split.jobs {
            let shape = plus(first, second);
            if let Some(fits) = Fits::new(&lanes, &self.tiering, &self.sizes, shape, large) {
                let pairs = split.pairs_of(first, second);
                forecast.work += pairs * listing.share(&fits, large);
                let draw = Draw { lanes: &lanes, tiering: &self.tiering, sizes: self.sizes, shape, large };
                forecast.groups += pairs * draw.share(&fits);
            }
        }
        if split.halves > MOST_HALVES {
            forecast.work = f64::INFINITY;
        }
        Some(forecast)
    }

    /// The largest limit between the bound and the best value whose list holds at most so many groups, and its forecast.
    fn limit_within(&self, steps: Steps, known: &Known, most: f64, stop: &Stop) -> Option<(i64, Forecast)> {
        let (mut low, mut high) = (steps.lowest(known), steps.highest(known));
        let highest = self.forecast(high)?;
        if highest.groups <= most || high <= low {
            return Some((high, highest));
        }
        let mut at_low = self.forecast(low)?;
        while high - low > steps.0 && stop.reached().is_none() {
            let middle = steps.down(low + (high - low) / 2);
            let forecast = self.forecast(middle)?;
            if forecast.groups <= most {
                (low, at_low) = (middle, forecast);
            } else {
                high = middle;
            }
        }
        Some((low, at_low))
    }

    /// Limits from below, each with some times the groups of the one before: a limit without a cover proves a bound and costs
    /// little, so that the dear one, at the optimum, is reached whatever the start is worth.
    fn prove(&self, limits: CoverLimits, stop: &Stop) -> Option<CoverAnswer> {
        let answer = self.unanswered();
        if answer.exhausted {
            return Some(answer);
        }
        let steps = Steps(self.lanes(self.value - 1)?.step);
        let mut known =
            Known { best: self.value, ceiling: i64::MAX, most: limits.most_groups, work: limits.work, answer };
        // A slice goes on where the one before it ended.
        let before = steps.lowest(&known) - steps.0;
        let listed = self.forecast(before).map_or(0.0, |forecast| forecast.groups);
        let mut aim = FIRST_GROUPS.max(listed * GROWTH);
        while known.is_open(steps) && steps.lowest(&known) <= steps.highest(&known) {
            let (mut limit, mut forecast) = self.limit_within(steps, &known, aim, stop)?;
            if forecast.work / WORK_A_GROUP > aim {
                aim = forecast.work / WORK_A_GROUP;
                (limit, forecast) = self.limit_within(steps, &known, aim, stop)?;
            }
            if forecast.work > known.work as f64 || stop.reached().is_some() {
                break;
            }
            match self.attempt(limit, &mut known, stop)? {
                Attempt::Done { deep } => aim = aim.max(forecast.groups) * if deep { SLOW_GROWTH } else { GROWTH },
                // Half as far from the bound: lower each time, until nothing new could be said.
                Attempt::TooMany => known.ceiling = limit - steps.0 - (limit - steps.lowest(&known)) / 2,
                Attempt::Stopped => break,
            }
        }
        let mut answer = known.answer;
        answer.work = limits.work - known.work;
        Some(answer)
    }

    fn unanswered(&self) -> CoverAnswer {
        let closed = self.search.objective.levels[self.search.at].bound;
        let bound = self.search.bound.max(closed).min(self.value);
        CoverAnswer { plan: None, bound, exhausted: self.value <= bound, listed: 0, nodes: 0, work: 0 }
    }

    /// One list and its cover.
    fn attempt(&self, limit: i64, known: &mut Known, stop: &Stop) -> Option<Attempt> {
        let lanes = self.lanes(limit)?;
        let listing = self.listing(&lanes);
        let listed = match &self.homes {
            Some(homes) => listing.around(homes, known.most, &mut known.work, stop),
            None => listing.list(&listing.split(), known.most, &mut known.work, stop),
        };
        let groups = match listed {
            Listed::All(groups) => groups,
            Listed::TooMany => return Some(Attempt::TooMany),
            Listed::Stopped => return Some(Attempt::Stopped),
        };
        known.answer.listed = known.answer.listed.max(groups.masks.len());
        let (sizes, units, homes) = (self.sizes, &self.units, self.homes.as_ref());
        let cover = Cover { lanes: &lanes, sizes, units, homes, groups: &groups, bound: known.answer.bound };
        let Found { cover, nodes, exhausted } = cover.search(&mut known.work, stop);
        known.answer.nodes += nodes;
        let found = cover.is_some();
        if let Some((_, cover)) = cover {
            self.take(&cover, known)?;
        }
        if !exhausted {
            return Some(Attempt::Stopped);
        }
        // The largest deviation is not a sum: the cover found is within the limit, but need not be the best.
        if !found {
            known.answer.bound = known.answer.bound.max(limit + lanes.step).min(known.best);
        } else if !lanes.largest {
            known.answer.bound = known.best;
        }
        Some(Attempt::Done { deep: nodes > groups.masks.len() as u64 })
    }

    /// Takes a cover over, scored anew by the objective; none if it is not what it should be, so that nothing is answered.
    fn take(&self, cover: &[M], known: &mut Known) -> Option<()> {
        let plan = self.units.plan(cover, self.sizes.students);
        let levels = self.search.objective.evaluate(&plan);
        let at = self.search.at;
        let keeps = levels[0] == 0 && (1..at).all(|level| levels[level] <= self.search.budgets[level]);
        debug_assert!(keeps && levels[at] < known.best, "{levels:?}");
        if !keeps || levels[at] >= known.best {
            return None;
        }
        known.best = levels[at];
        known.answer.plan = Some(plan);
        Some(())
    }
}

/// What all values of a level are multiples of.
#[derive(Clone, Copy, Debug)]
struct Steps(i64);

impl Steps {
    /// The next multiple at or below.
    fn down(self, value: i64) -> i64 {
        value.div_euclid(self.0) * self.0
    }

    /// The least limit that would say something new.
    fn lowest(self, known: &Known) -> i64 {
        self.down(known.answer.bound + self.0 - 1)
    }

    /// The limit just below the best value, or below one whose list was too long.
    fn highest(self, known: &Known) -> i64 {
        self.down(known.ceiling.min(known.best - 1))
    }
}

/// What is known so far, and what may still be done.
struct Known {
    /// The best value.
    best: i64,
    /// A limit that must not be passed, because the lists beyond are too long.
    ceiling: i64,
    /// Most groups of a list.
    most: usize,
    /// Work left.
    work: u64,
    answer: CoverAnswer,
}

impl Known {
    /// Whether a value may lie between the bound and the best one; if not, the best one is proved.
    fn is_open(&mut self, steps: Steps) -> bool {
        if steps.down(self.best - 1) < self.answer.bound {
            self.answer.bound = self.best;
            self.answer.exhausted = true;
        }
        !self.answer.exhausted
    }
}

/// How one list and its cover ended.
enum Attempt {
    /// Everything was looked at.
    Done {
        /// Whether there were more nodes than groups.
        deep: bool,
    },
    /// The list would be too long.
    TooMany,
    /// The work or the clock ended it.
    Stopped,
}
