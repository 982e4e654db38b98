//! Configurations: how many atoms of each cell go into group a.

use super::subsets::choose;
use super::{Cell, Cells};

/// Steps after which ways count as too many: with long atoms of many kinds most numbers fit no size.
const MOST_STEPS: u64 = 4_000_000;

impl Cells<'_> {
    /// Number of ways to choose group a; more than `most` if there are more, or more configurations to look at.
    pub fn ways(&self, most: u64) -> u64 {
        let (mut ways, mut seen, mut steps) = (0_u64, 0, MOST_STEPS);
        self.each(&mut Vec::new(), (self.stay, &mut steps), &mut |counts| {
            seen += 1;
            if self.tier_cost(counts) <= self.tier_limit {
                let of = |(cell, &x): (&Cell, &i64)| choose(cell.atoms.len() as i64, x);
                let here = self.kinds.iter().zip(counts).map(of).fold(1_u64, u64::saturating_mul);
                ways = ways.saturating_add(here);
            }
            ways.max(seen) <= most
        });
        if seen > most || steps == 0 { u64::MAX } else { ways }
    }

    /// Numbers to put into group a from each cell, so that the sizes are kept (or exchanged) and no tier count gets worse.
    pub fn configurations(&self) -> Vec<Vec<i64>> {
        let (mut found, mut steps) = (Vec::new(), u64::MAX);
        self.each(&mut Vec::new(), (self.stay, &mut steps), &mut |counts| {
            if self.tier_cost(counts) <= self.tier_limit {
                found.push(counts.to_vec());
            }
            true
        });
        found
    }

    /// Visits all numbers that keep the sizes, until told not to go on; whether it may go on.
    fn each(
        &self,
        counts: &mut Vec<i64>,
        (size, steps): (i64, &mut u64),
        visit: &mut dyn FnMut(&[i64]) -> bool,
    ) -> bool {
        if *steps == 0 {
            return false;
        }
        *steps -= 1;
        if self.sizes.iter().all(|&allowed| size > allowed) {
            return true;
        }
        let Some(cell) = self.kinds.get(counts.len()) else {
            return !self.sizes.contains(&size) || visit(counts);
        };
        let (low, high) = ((cell.now.0 - cell.stray).max(0), (cell.now.1 + cell.stray).min(cell.atoms.len() as i64));
        for x in low..=high {
            counts.push(x);
            let go_on = self.each(counts, (size + x * cell.size, &mut *steps), visit);
            counts.pop();
            if !go_on {
                return false;
            }
        }
        true
    }

    /// abs(N·x − n·T) over the tiers, of group a and of what it leaves to the others together.
    pub(super) fn tier_cost(&self, counts: &[i64]) -> i64 {
        let size: i64 = self.stay + self.kinds.iter().zip(counts).map(|(cell, x)| cell.size * x).sum::<i64>();
        let other = self.sizes.iter().sum::<i64>() - size;
        let cost = |t: usize| {
            let here: i64 =
                self.stay_tiers[t] + self.kinds.iter().zip(counts).map(|(c, x)| c.tiers[t] * x).sum::<i64>();
            self.unfair(here, size, t) + self.unfair(self.all_tiers[t] - here, other, t)
        };
        (0..self.all_tiers.len()).map(cost).sum()
    }

    /// abs(N·x − n·T) of `here` students of a tier among `size`.
    pub(super) fn unfair(&self, here: i64, size: i64, tier: usize) -> i64 {
        let Some(tiers) = &self.problem.tiers else { return 0 };
        (self.problem.students as i64 * here - size * tiers.totals[tier]).abs()
    }
}
