//! The members of two groups, laid out for a re-split: cells of like atoms, the configurations that keep sizes and tier
//! counts, and the subsets of each cell with their sums.

use crate::goals::Ledger;
use crate::problem::Problem;
use crate::solver::atoms::Atoms;
use rand::{Rng, RngExt};

/// Most atoms that may move; their subsets are bit masks.
const MOST_ATOMS: usize = 60;

/// Like atoms that may go to either group.
#[derive(Clone, Debug)]
struct Cell {
    /// Indices into `Cells::atoms`.
    atoms: Vec<usize>,
    /// Students of one atom.
    size: i64,
    /// Students of one atom in each tier.
    tiers: Vec<i64>,
    /// Atoms of the cell now in group a.
    now: i64,
    /// Whether it belongs to the first half.
    first: bool,
    /// How far the number in group a may stray from `now`.
    stray: i64,
}

/// The movable members of two groups.
#[derive(Clone, Debug)]
pub struct Cells<'p> {
    problem: &'p Problem,
    kinds: Vec<Cell>,
    /// Students of each movable atom, with its side: true in group a.
    atoms: Vec<(Vec<usize>, bool)>,
    /// Sums of those who stay in group a.
    pub base: Vec<i64>,
    /// Students who stay in group a, and the tiers of all of a's and b's students.
    stay: i64,
    stay_tiers: Vec<i64>,
    all_tiers: Vec<i64>,
    sizes: (i64, i64),
}

/// Subsets of some cells: `sums[f][i]` and `masks[i]` of subset i.
#[derive(Clone, Debug)]
pub struct Subsets {
    /// Sum of each term.
    pub sums: Vec<Vec<i64>>,
    /// The atoms in the subset.
    pub masks: Vec<u64>,
}

impl Subsets {
    /// Number of subsets.
    #[must_use]
    pub fn len(&self) -> usize {
        self.masks.len()
    }

    /// The empty subset alone.
    fn unit(terms: usize) -> Self {
        Self { sums: vec![vec![0]; terms], masks: vec![0] }
    }

    /// Every union of a subset of each.
    fn product(&self, other: &Self) -> Self {
        let add = |mine: &Vec<i64>, theirs: &Vec<i64>| {
            mine.iter().flat_map(|x| theirs.iter().map(move |y| x + y)).collect::<Vec<_>>()
        };
        Self {
            sums: self.sums.iter().zip(&other.sums).map(|(mine, theirs)| add(mine, theirs)).collect(),
            masks: self.masks.iter().flat_map(|x| other.masks.iter().map(move |y| x | y)).collect(),
        }
    }
}

impl<'p> Cells<'p> {
    /// Lays out groups `a` and `b`; some atoms stay put, drawn at random, if there are more than `most` ways.
    pub fn draw(
        problem: &'p Problem,
        atoms: &Atoms,
        ledger: &Ledger<'_>,
        (a, b): (usize, usize),
        most: u64,
        rng: &mut impl Rng,
    ) -> Self {
        let tiers = problem.tiers.as_ref().map_or(1, |tiers| tiers.totals.len());
        let mut cells = Self {
            problem,
            kinds: Vec::new(),
            atoms: Vec::new(),
            base: vec![0; ledger.costs().len()],
            stay: 0,
            stay_tiers: vec![0; tiers],
            all_tiers: vec![0; tiers],
            sizes: (ledger.sizes[a] as i64, ledger.sizes[b] as i64),
        };
        let mut fixed = Vec::new();
        for atom in &atoms.list {
            let group = ledger.group_of[atom.students[0]];
            if group != a && group != b {
                continue;
            }
            for &s in &atom.students {
                let tier = cells.tier(s);
                cells.all_tiers[tier] += 1;
            }
            if atom.pin.is_some() {
                fixed.push((&atom.students, group == a));
            } else {
                cells.add(&atom.students, group == a);
            }
        }
        fixed.into_iter().filter(|(_, in_a)| *in_a).for_each(|(students, _)| cells.keep(students, ledger));
        if problem.tiers.is_none() {
            cells.split_in_two();
        }
        while cells.atoms.len() > MOST_ATOMS || cells.ways() > most {
            if !cells.freeze(ledger, rng) {
                break;
            }
        }
        cells.compact();
        cells.assign_halves();
        cells
    }

    fn tier(&self, student: usize) -> usize {
        self.problem.tiers.as_ref().map_or(0, |tiers| tiers.of[student])
    }

    fn add(&mut self, students: &[usize], in_a: bool) {
        let mut tiers = vec![0; self.all_tiers.len()];
        for &s in students {
            tiers[self.tier(s)] += 1;
        }
        let index = self.atoms.len();
        self.atoms.push((students.to_vec(), in_a));
        let size = students.len() as i64;
        let alike = self.kinds.iter_mut().find(|cell| size == 1 && cell.size == 1 && cell.tiers == tiers);
        match alike {
            Some(cell) => {
                cell.atoms.push(index);
                cell.now += i64::from(in_a);
            }
            None => {
                self.kinds.push(Cell { atoms: vec![index], size, tiers, now: i64::from(in_a), first: false, stray: 1 });
            }
        }
        let longest = self.kinds.iter().map(|cell| cell.size).max().unwrap_or(1);
        self.kinds.iter_mut().for_each(|cell| cell.stray = longest);
    }

    /// Puts an atom of group a among those who stay.
    fn keep(&mut self, students: &[usize], ledger: &Ledger<'_>) {
        for &s in students {
            let tier = self.tier(s);
            self.stay += 1;
            self.stay_tiers[tier] += 1;
            self.base.iter_mut().zip(ledger.entries(s)).for_each(|(base, e)| *base += e);
        }
    }

    /// Without tiers the single students make two halves, each of which may go over whole.
    fn split_in_two(&mut self) {
        let Some(position) = self.kinds.iter().position(|cell| cell.size == 1) else { return };
        let whole = self.kinds.swap_remove(position);
        for half in 0..2 {
            let atoms: Vec<usize> = whole.atoms.iter().copied().skip(half).step_by(2).collect();
            let now = atoms.iter().filter(|&&i| self.atoms[i].1).count() as i64;
            let stray = atoms.len() as i64;
            self.kinds.push(Cell { atoms, now, stray, ..whole.clone() });
        }
    }

    /// Takes a random atom of the cell with most atoms out of play; false if none is left.
    fn freeze(&mut self, ledger: &Ledger<'_>, rng: &mut impl Rng) -> bool {
        let Some(cell) = (0..self.kinds.len()).max_by_key(|&c| self.kinds[c].atoms.len()) else { return false };
        if self.kinds[cell].atoms.is_empty() {
            return false;
        }
        let position = rng.random_range(0..self.kinds[cell].atoms.len());
        let index = self.kinds[cell].atoms.swap_remove(position);
        let (students, in_a) = self.atoms[index].clone();
        if in_a {
            self.kinds[cell].now -= 1;
            self.keep(&students, ledger);
        }
        true
    }

    /// Numbers the atoms in play anew, so that their masks fit.
    fn compact(&mut self) {
        let mut atoms = Vec::new();
        for cell in &mut self.kinds {
            for index in &mut cell.atoms {
                atoms.push(self.atoms[*index].clone());
                *index = atoms.len() - 1;
            }
        }
        self.atoms = atoms;
        self.kinds.retain(|cell| !cell.atoms.is_empty());
    }

    /// Cells with the most subsets first, each to the half that has fewer so far.
    fn assign_halves(&mut self) {
        let mut order: Vec<usize> = (0..self.kinds.len()).collect();
        let log = |cell: &Cell| (choose(cell.atoms.len() as i64, cell.now) as f64).ln();
        order.sort_by(|&x, &y| log(&self.kinds[y]).total_cmp(&log(&self.kinds[x])));
        let mut weight = (0.0, 0.0);
        for c in order {
            let w = log(&self.kinds[c]);
            self.kinds[c].first = weight.0 < weight.1;
            if self.kinds[c].first { weight.0 += w } else { weight.1 += w }
        }
    }

    fn ways(&self) -> u64 {
        let ways = |counts: &Vec<i64>| {
            let of = |(cell, &x): (&Cell, &i64)| choose(cell.atoms.len() as i64, x);
            self.kinds.iter().zip(counts).map(of).fold(1_u64, u64::saturating_mul)
        };
        self.configurations().iter().map(ways).fold(0, u64::saturating_add)
    }

    /// Numbers to put into group a from each cell, so that the sizes are kept (or exchanged) and no tier count gets worse.
    pub fn configurations(&self) -> Vec<Vec<i64>> {
        let now: Vec<i64> = self.kinds.iter().map(|cell| cell.now).collect();
        let limit = self.tier_cost(&now);
        let mut found = Vec::new();
        let mut counts = Vec::new();
        self.extend(&mut counts, self.stay, &mut found);
        found.retain(|counts| self.tier_cost(counts) <= limit);
        found
    }

    fn extend(&self, counts: &mut Vec<i64>, size: i64, found: &mut Vec<Vec<i64>>) {
        let largest = self.sizes.0.max(self.sizes.1);
        if size > largest {
            return;
        }
        let Some(cell) = self.kinds.get(counts.len()) else {
            if size == self.sizes.0 || size == self.sizes.1 {
                found.push(counts.clone());
            }
            return;
        };
        let (low, high) = ((cell.now - cell.stray).max(0), (cell.now + cell.stray).min(cell.atoms.len() as i64));
        for x in low..=high {
            counts.push(x);
            self.extend(counts, size + x * cell.size, found);
            counts.pop();
        }
    }

    /// abs(N·x − n·T) of both groups over the tiers.
    fn tier_cost(&self, counts: &[i64]) -> i64 {
        let Some(tiers) = &self.problem.tiers else { return 0 };
        let n = self.problem.students as i64;
        let size: i64 = self.stay + self.kinds.iter().zip(counts).map(|(cell, x)| cell.size * x).sum::<i64>();
        let other = self.sizes.0 + self.sizes.1 - size;
        let cost = |t: usize| {
            let here: i64 =
                self.stay_tiers[t] + self.kinds.iter().zip(counts).map(|(c, x)| c.tiers[t] * x).sum::<i64>();
            (n * here - size * tiers.totals[t]).abs() + (n * (self.all_tiers[t] - here) - other * tiers.totals[t]).abs()
        };
        (0..tiers.totals.len()).map(cost).sum()
    }

    /// The subsets of the two halves of the cells in one configuration, with the sums of these terms.
    pub fn halves(&self, counts: &[i64], ledger: &Ledger<'_>, terms: &[usize]) -> (Subsets, Subsets) {
        let mut halves = (Subsets::unit(terms.len()), Subsets::unit(terms.len()));
        for (cell, &x) in self.kinds.iter().zip(counts) {
            let subsets = self.subsets(cell, x as usize, ledger, terms);
            let half = if cell.first { &mut halves.0 } else { &mut halves.1 };
            *half = half.product(&subsets);
        }
        halves
    }

    /// All subsets of `count` atoms of a cell.
    fn subsets(&self, cell: &Cell, count: usize, ledger: &Ledger<'_>, terms: &[usize]) -> Subsets {
        let entries = |index: usize| -> Vec<i64> {
            let students = &self.atoms[index].0;
            terms.iter().map(|&f| students.iter().map(|&s| ledger.entries(s)[f]).sum()).collect()
        };
        let entries: Vec<Vec<i64>> = cell.atoms.iter().map(|&index| entries(index)).collect();
        let mut found = Subsets { sums: vec![Vec::new(); terms.len()], masks: Vec::new() };
        choose_all(&entries, &cell.atoms, count, 0, &mut vec![0; terms.len()], 0, &mut found);
        found
    }

    /// The exchange that puts exactly the atoms of `mask` (and those who stay) into group a.
    pub fn exchange(&self, mask: u64) -> super::Found {
        let chosen = |index: usize| mask >> index & 1 == 1;
        let mut found = super::Found { from_a: Vec::new(), from_b: Vec::new() };
        for (index, (students, in_a)) in self.atoms.iter().enumerate() {
            match (*in_a, chosen(index)) {
                (true, false) => found.from_a.extend(students),
                (false, true) => found.from_b.extend(students),
                _ => {}
            }
        }
        found
    }
}

fn choose_all(
    entries: &[Vec<i64>],
    atoms: &[usize],
    count: usize,
    from: usize,
    sum: &mut Vec<i64>,
    mask: u64,
    found: &mut Subsets,
) {
    if count == 0 {
        found.sums.iter_mut().zip(sum.iter()).for_each(|(all, s)| all.push(*s));
        found.masks.push(mask);
        return;
    }
    for i in from..=atoms.len() - count {
        sum.iter_mut().zip(&entries[i]).for_each(|(s, e)| *s += e);
        choose_all(entries, atoms, count - 1, i + 1, sum, mask | 1 << atoms[i], found);
        sum.iter_mut().zip(&entries[i]).for_each(|(s, e)| *s -= e);
    }
}

/// Binomial coefficient, saturating.
fn choose(n: i64, k: i64) -> u64 {
    if k < 0 || k > n {
        return 0;
    }
    let k = k.min(n - k) as u64;
    (1..=k).fold(1_u64, |c, i| c.saturating_mul(n as u64 - k + i) / i)
}
