//! Random moves that keep sizes, together lists and pins: swaps of two students, of a together list against another one or as
//! many single students, and, where sizes differ, of one student from a large group to a small one.

use super::atoms::Atoms;
use crate::goals::ledger::{Exchange, Ledger};
use crate::problem::Problem;
use rand::{Rng, RngExt};
use std::collections::BTreeMap;

/// Draws moves.
#[derive(Clone, Debug)]
pub struct Moves<'a> {
    atoms: &'a Atoms,
    /// Atoms without a pin.
    free: Vec<usize>,
    /// Free single students of each tier (one list without tiers).
    singles: Vec<Vec<usize>>,
    /// Free atoms by their number of students.
    of_size: BTreeMap<usize, Vec<usize>>,
    tier_of: Vec<usize>,
    unequal: bool,
}

/// One drawn move; buffers are reused.
#[derive(Clone, Debug, Default)]
pub struct Draw {
    a: usize,
    b: usize,
    from_a: Vec<usize>,
    from_b: Vec<usize>,
}

impl Draw {
    /// The move as an exchange.
    #[must_use]
    pub fn exchange(&self) -> Exchange<'_> {
        Exchange { a: self.a, b: self.b, from_a: &self.from_a, from_b: &self.from_b }
    }
}

/// Of ten swaps, how many stay inside a tier; the others may mend the tier counts.
const SAME_TIER_OF_10: u32 = 9;
/// With unequal sizes, one move of this many goes from a large group to a small one.
const SHIFT_EVERY: u32 = 8;

impl<'a> Moves<'a> {
    /// Prepares the draws of a problem.
    #[must_use]
    pub fn new(problem: &Problem, atoms: &'a Atoms) -> Self {
        let tier_of = problem.tiers.as_ref().map_or_else(|| vec![0; problem.students], |tiers| tiers.of.clone());
        let tiers = tier_of.iter().copied().max().map_or(1, |t| t + 1);
        let mut singles = vec![Vec::new(); tiers];
        (0..problem.students).filter(|&s| atoms.is_free_single(s)).for_each(|s| singles[tier_of[s]].push(s));
        let free: Vec<usize> = (0..atoms.list.len()).filter(|&i| atoms.list[i].pin.is_none()).collect();
        let mut of_size: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for &i in &free {
            of_size.entry(atoms.list[i].students.len()).or_default().push(i);
        }
        Self { atoms, free, singles, of_size, tier_of, unequal: problem.large_groups() > 0 }
    }

    /// Whether anything can move.
    #[must_use]
    pub fn any(&self) -> bool {
        self.free.len() > 1
    }

    /// Draws a move into `draw`; false if this draw found none.
    pub fn draw(&self, ledger: &Ledger<'_>, rng: &mut impl Rng, draw: &mut Draw) -> bool {
        if self.free.is_empty() {
            return false;
        }
        let atom = &self.atoms.list[self.free[rng.random_range(0..self.free.len())]];
        draw.a = ledger.group_of[atom.students[0]];
        draw.from_a.clone_from(&atom.students);
        draw.from_b.clear();
        if self.unequal && atom.students.len() == 1 && rng.random_ratio(1, SHIFT_EVERY) {
            draw.b = rng.random_range(0..ledger.sizes.len());
            return ledger.sizes[draw.a] == ledger.sizes[draw.b] + 1;
        }
        let alike = self.of_size.get(&atom.students.len()).map_or(&[][..], Vec::as_slice);
        if atom.students.len() > 1 && alike.len() > 1 && rng.random_ratio(1, 2) {
            let other = &self.atoms.list[alike[rng.random_range(0..alike.len())]];
            draw.b = ledger.group_of[other.students[0]];
            draw.from_b.extend_from_slice(&other.students);
            return draw.b != draw.a;
        }
        let list = self.partners(atom.students[0], rng);
        if list.is_empty() {
            return false;
        }
        let first = list[rng.random_range(0..list.len())];
        draw.b = ledger.group_of[first];
        if draw.b == draw.a {
            return false;
        }
        draw.from_b.push(first);
        self.fill(ledger, rng, draw)
    }

    fn partners(&self, student: usize, rng: &mut impl Rng) -> &[usize] {
        let own = &self.singles[self.tier_of[student]];
        if self.singles.len() == 1 || !own.is_empty() && rng.random_ratio(SAME_TIER_OF_10, 10) {
            return own;
        }
        &self.singles[rng.random_range(0..self.singles.len())]
    }

    /// A together list needs as many single students in return.
    fn fill(&self, ledger: &Ledger<'_>, rng: &mut impl Rng, draw: &mut Draw) -> bool {
        for i in 1..draw.from_a.len() {
            let tier = self.tier_of[draw.from_a[i]];
            let fits = |s: &&usize| ledger.group_of[**s] == draw.b && !draw.from_b.contains(s);
            let same: Vec<usize> = self.singles[tier].iter().filter(fits).copied().collect();
            let any: Vec<usize> =
                if same.is_empty() { self.singles.iter().flatten().filter(fits).copied().collect() } else { same };
            if any.is_empty() {
                return false;
            }
            draw.from_b.push(any[rng.random_range(0..any.len())]);
        }
        true
    }
}
