//! Which rules cannot hold together: a smallest set of the user's statements, so that as little as possible has to be read.
//!
//! 1. Patterns whose conflict is plain (a list longer than a group, a student pinned twice, …) give a set at once (`patterns`).
//! 2. Otherwise the MIP proves that all rules together cannot hold, and rules are dropped one by one as long as the rest still
//!    conflicts: an irreducible set.
//! 3. Implicit hitting sets then look for a smaller one: whatever rules a plan breaks, every conflict has one of them (else that
//!    plan would keep it). A smallest set that meets all such sets so far is a conflict, hence a smallest one, or some plan keeps
//!    it and gives the next set (Ignatiev et al. 2015, "Smallest MUS extraction with minimal hitting set dualization").

mod patterns;

use crate::problem::{Problem, rules::Rule};
use crate::solver::mip::{self, Ended, Feasibility, MipLimits};
use crate::solver::stop::Stop;

/// Rules that cannot hold together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Indices into `Problem::rules`, ascending; without any one of them the others can hold, as far as the time allowed to see.
    pub rules: Vec<usize>,
    /// Whether no fewer rules conflict; the stop, or too many rounds, may come before this is known.
    pub smallest: bool,
}

/// Nodes for a question with a yes or no; classes rarely need more than one.
const PROOF: MipLimits = MipLimits { nodes: 20_000, seed: 1 };

/// Nodes for a plan that breaks few rules: any plan serves, a good one saves rounds.
const FEW: MipLimits = MipLimits { nodes: 500, seed: 1 };

/// Most rounds of hitting set and plan. Symmetric conflicts (many overlapping cliques of pairs) would take thousands, and what
/// is known by then is irreducible.
const ROUNDS: usize = 200;

/// Proves that the rules cannot hold together and names a smallest set in conflict. None if they can, or if the stop came
/// before a proof.
#[must_use]
pub fn find(problem: &Problem, stop: &Stop) -> Option<Conflict> {
    let search = Search { problem, stop };
    let all = || Some((0..problem.rules.len()).collect()).filter(|all: &Vec<usize>| search.conflicts(all));
    let known = patterns::shortest(problem, stop).or_else(all)?;
    Some(search.smallest(search.shrink(known)))
}

struct Search<'a> {
    problem: &'a Problem,
    stop: &'a Stop,
}

impl Search<'_> {
    fn select(&self, rules: &[usize]) -> Vec<Rule> {
        rules.iter().map(|&i| self.problem.rules[i].clone()).collect()
    }

    fn conflicts(&self, rules: &[usize]) -> bool {
        mip::feasible(self.problem, &self.select(rules), PROOF, self.stop) == Feasibility::Infeasible
    }

    /// Drops rules, last ones first, as long as the rest is known to conflict.
    fn shrink(&self, mut rules: Vec<usize>) -> Vec<usize> {
        for i in (0..rules.len()).rev() {
            let without: Vec<usize> = rules.iter().copied().filter(|&rule| rule != rules[i]).collect();
            if self.stop.reached().is_none() && self.conflicts(&without) {
                rules = without;
            }
        }
        rules
    }

    /// A smallest conflict; `known` where none is smaller or the stop comes first.
    fn smallest(&self, known: Vec<usize>) -> Conflict {
        let count = self.problem.rules.len();
        let mut broken_by_plans: Vec<Vec<usize>> = Vec::new();
        for _ in 0..ROUNDS {
            let Some(chosen) = mip::smallest_hitting_set(count, &broken_by_plans, PROOF, self.stop) else { break };
            if chosen.len() >= known.len() {
                return Conflict { rules: known, smallest: true };
            }
            match self.broken_beside(&chosen) {
                Ok(broken) if !broken.is_empty() => broken_by_plans.push(broken),
                Err(Ended::Infeasible) => return Conflict { rules: chosen, smallest: true },
                _ => break,
            }
        }
        Conflict { smallest: known.len() == 1, rules: known }
    }

    /// The few rules that a plan breaks which keeps all of `kept`.
    fn broken_beside(&self, kept: &[usize]) -> Result<Vec<usize>, Ended> {
        let rules = &self.problem.rules;
        let others: Vec<usize> = (0..rules.len()).filter(|i| !kept.contains(i)).collect();
        let plan = mip::fewest_broken(self.problem, &self.select(kept), &self.select(&others), FEW, self.stop)?;
        Ok(others.into_iter().filter(|&i| !mip::kept(self.problem, &rules[i], &plan)).collect())
    }
}
