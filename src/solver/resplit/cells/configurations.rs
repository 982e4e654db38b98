//! Configurations: how many atoms of each cell go into group a.

use super::subsets::choose;
use super::{Cell, Cells};

impl Cells<'_> {
    /// Number of ways to choose group a.
    pub fn ways(&self) -> u64 {
        let ways = |counts: &Vec<i64>| {
            let of = |(cell, &x): (&Cell, &i64)| choose(cell.atoms.len() as i64, x);
            self.kinds.iter().zip(counts).map(of).fold(1_u64, u64::saturating_mul)
        };
        self.configurations().iter().map(ways).fold(0, u64::saturating_add)
    }

    /// Numbers to put into group a from each cell, so that the sizes are kept (or exchanged) and no tier count gets worse.
    pub fn configurations(&self) -> Vec<Vec<i64>> {
        let mut found = Vec::new();
        let mut counts = Vec::new();
        self.extend(&mut counts, self.stay, &mut found);
        found.retain(|counts| self.tier_cost(counts) <= self.tier_limit);
        found
    }

    fn extend(&self, counts: &mut Vec<i64>, size: i64, found: &mut Vec<Vec<i64>>) {
        if self.sizes.iter().all(|&allowed| size > allowed) {
            return;
        }
        let Some(cell) = self.kinds.get(counts.len()) else {
            if self.sizes.contains(&size) {
                found.push(counts.clone());
            }
            return;
        };
        let (low, high) = ((cell.now.0 - cell.stray).max(0), (cell.now.1 + cell.stray).min(cell.atoms.len() as i64));
        for x in low..=high {
            counts.push(x);
            self.extend(counts, size + x * cell.size, found);
            counts.pop();
        }
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
