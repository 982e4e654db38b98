//! Re-partition: many small groups are divided again at once, as a set-partitioning problem over all groups of their members.

use super::{Changes, Several, shared};
use crate::goals::{Ledger, Levels, MAX_LEVELS, Term};
use crate::solver::partition::{Pool, Search};
use crate::solver::resplit::cells::Cells;
use crate::solver::resplit::{OVERHEAD, Resplit};
use crate::solver::stop::Stop;

/// Most sets of members that are looked at.
const MOST_SETS: f64 = 150_000.0;
/// Most members of the groups.
const MOST_MEMBERS: usize = 60;
/// Work of one search, beside the list.
const WORK: u64 = 3_000_000;
/// Looking at one set, in ways priced.
const SET_WORK: u64 = 4;

/// How many groups of a size are divided at once; none where there would be no more than a cover can divide.
#[must_use]
pub fn width(largest: usize) -> Option<usize> {
    let sets = |groups: usize| (0..largest).map(|i| (groups * largest - i) as f64 / (i + 1) as f64).product::<f64>();
    let most = (1..=MOST_MEMBERS / largest.max(1)).take_while(|&groups| sets(groups) <= MOST_SETS).last()?;
    (most > 5).then_some(most)
}

impl Resplit<'_> {
    /// A better division of some groups down to the level of the marks, with no level above worse than now, if one is found
    /// quickly; with the work that it took.
    #[must_use]
    pub fn renew(&self, ledger: &Ledger<'_>, groups: &[usize], floors: &Levels, stop: &Stop) -> (Option<Changes>, u64) {
        let Some(cells) = Cells::several(self.problem, self.atoms, ledger, groups) else { return (None, OVERHEAD) };
        let mut several = Several::new(ledger, groups, floors, &self.layout, &cells);
        let (pool, sets) = several.pool();
        let mut search = Search::new(&pool, several.best, WORK, stop);
        search.improve();
        let work = OVERHEAD + SET_WORK * sets + (WORK - search.work);
        let Some(found) = search.found else { return (None, work) };
        several.best_cover = found.iter().map(|group| group.iter().fold(0, |mask, atom| mask | 1 << atom)).collect();
        (Some(several.changes(groups)), work)
    }
}

impl Several<'_, '_> {
    /// All groups that a better division can have, and how many sets were looked at.
    fn pool(&self) -> (Pool, u64) {
        let atoms: Vec<&[usize]> = self.cells.atoms().collect();
        let sizes = self.cells.sizes();
        let (small, largest) = (sizes.iter().min().copied().unwrap_or(0), sizes.iter().max().copied().unwrap_or(0));
        let level = self.layout.level;
        let priced: Vec<usize> = (1..level).filter(|&above| self.budgets[above] > 0).collect();
        let smallest = atoms.iter().map(|students| students.len()).min().unwrap_or(1);
        let mut sets = Sets {
            several: self,
            sums: atoms.iter().map(|students| self.entries(students)).collect(),
            lengths: atoms.iter().map(|students| students.len() as i64).collect(),
            small,
            largest,
            priced: &priced,
            pool: Pool {
                units: atoms.len(),
                groups: sizes.len(),
                counted: small < largest,
                width: largest as usize / smallest,
                budgets: priced.iter().map(|&above| self.budgets[above]).collect(),
                ..Pool::default()
            },
            chosen: Vec::new(),
            looked: 0,
        };
        sets.extend(0, 0, 0, &vec![0; self.costs.len()]);
        let (mut pool, looked) = (sets.pool, sets.looked);
        pool.drop_idle_budgets();
        (pool, looked)
    }

    fn entries(&self, students: &[usize]) -> Vec<i64> {
        let of = |&f: &usize| students.iter().map(|&s| self.ledger.entries(s)[f]).sum();
        self.layout.terms.iter().map(of).collect()
    }
}

/// The sets of members of a legal size.
struct Sets<'s> {
    several: &'s Several<'s, 's>,
    sums: Vec<Vec<i64>>,
    lengths: Vec<i64>,
    small: i64,
    largest: i64,
    priced: &'s [usize],
    pool: Pool,
    chosen: Vec<u8>,
    looked: u64,
}

impl Sets<'_> {
    /// Adds atoms from `from` on to a set.
    fn extend(&mut self, from: usize, size: i64, mask: u64, sums: &[i64]) {
        for atom in from..self.sums.len() {
            let size = size + self.lengths[atom];
            let at_odds = self.several.enemies.get(atom).is_some_and(|enemies| enemies & mask != 0);
            if size > self.largest || at_odds {
                continue;
            }
            let sums: Vec<i64> = sums.iter().zip(&self.sums[atom]).map(|(a, b)| a + b).collect();
            self.chosen.push(atom as u8);
            if size >= self.small {
                self.judge(&sums);
            }
            if size < self.largest {
                self.extend(atom + 1, size, mask | 1 << atom, &sums);
            }
            self.chosen.pop();
        }
    }

    /// Keeps a set that a better division can have.
    fn judge(&mut self, sums: &[i64]) {
        self.looked += 1;
        let several = self.several;
        let (n, others) = (several.students(), self.pool.groups as i64 - 1);
        let (mut own, mut all): (Levels, Levels) = ([0; MAX_LEVELS], [0; MAX_LEVELS]);
        for ((&d, &total), &(level, shape, weight)) in sums.iter().zip(&several.totals).zip(&several.costs) {
            let cost = Term::cost(shape, weight, d, n);
            own[level] += cost;
            all[level] += cost + shared(shape, weight, total - d, n, others);
        }
        let level = several.layout.level;
        if all[level] >= several.best || (0..level).any(|above| all[above] > several.budgets[above]) {
            return;
        }
        self.pool.members.extend(&self.chosen);
        let filled = self.pool.width - self.chosen.len();
        self.pool.members.extend(std::iter::repeat_n(self.pool.units as u8, filled));
        self.pool.costs.push(own[level]);
        self.pool.extras.extend(self.priced.iter().map(|&above| own[above]));
    }
}
