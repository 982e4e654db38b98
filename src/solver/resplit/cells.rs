//! The members of two groups, laid out for a re-split: cells of like atoms, the configurations that keep sizes and tier
//! counts, and the subsets of each cell with their sums.

use crate::goals::Ledger;
use crate::problem::Problem;
use crate::solver::atoms::{Atom, Atoms};
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
    /// Atoms of the cell now in group a; of several groups, the least and the most.
    now: (i64, i64),
    /// Whether it belongs to the first half.
    first: bool,
    /// How far the number in group a may stray from `now`.
    stray: i64,
}

/// The movable members of two or more groups; `a` is the first, or any of several.
#[derive(Clone, Debug)]
pub struct Cells<'p> {
    problem: &'p Problem,
    kinds: Vec<Cell>,
    /// Students of each movable atom, with its side: true in group a.
    atoms: Vec<(Vec<usize>, bool)>,
    /// Sums of those who stay in group a.
    pub base: Vec<i64>,
    /// Students who stay in group a, and the tiers of all students of the groups.
    stay: i64,
    stay_tiers: Vec<i64>,
    all_tiers: Vec<i64>,
    /// Sizes of the groups.
    sizes: Vec<i64>,
    /// Most that the tier counts may cost in the groups.
    tier_limit: i64,
    /// Atoms that are all the pinned members of a group.
    labels: Vec<(usize, usize)>,
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
        let mut cells = Self::empty(problem, ledger, &[a, b]);
        for atom in members(atoms, ledger, &[a, b]) {
            let in_a = ledger.group_of[atom.students[0]] == a;
            match atom.pin {
                None => cells.add(&atom.students, in_a),
                Some(_) if in_a => cells.keep(&atom.students, ledger),
                Some(_) => {}
            }
        }
        let longest = cells.kinds.iter().map(|cell| cell.size).max().unwrap_or(1);
        cells.kinds.iter_mut().for_each(|cell| cell.stray = longest);
        if problem.tiers.is_none() {
            cells.split_in_two();
        }
        let now: Vec<i64> = cells.kinds.iter().map(|cell| cell.now.0).collect();
        cells.tier_limit = cells.tier_cost(&now);
        while cells.in_play() > MOST_ATOMS || cells.ways() > most {
            if !cells.freeze(ledger, rng) {
                break;
            }
        }
        cells.compact();
        cells.assign_halves();
        cells
    }

    /// Lays out several groups with every member in play, all pinned members of a group as one atom; none if there are too many.
    pub fn several(problem: &'p Problem, atoms: &Atoms, ledger: &Ledger<'_>, groups: &[usize]) -> Option<Self> {
        let mut cells = Self::empty(problem, ledger, groups);
        let mut pinned = vec![Vec::new(); groups.len()];
        for atom in members(atoms, ledger, groups) {
            match atom.pin.and_then(|pin| groups.iter().position(|&g| g == pin)) {
                None => cells.add(&atom.students, false),
                Some(position) => pinned[position].extend(&atom.students),
            }
        }
        let longest = cells.kinds.iter().map(|cell| cell.size).max().unwrap_or(1);
        for cell in cells.kinds.iter_mut().filter(|cell| cell.size == 1) {
            cell.stray = longest;
            let of_group = |&g: &usize| {
                let here = |&&i: &&usize| ledger.group_of[cells.atoms[i].0[0]] == g;
                cell.atoms.iter().filter(here).count() as i64
            };
            let counts: Vec<i64> = groups.iter().map(of_group).collect();
            cell.now = (counts.iter().copied().min().unwrap_or(0), counts.iter().copied().max().unwrap_or(0));
        }
        for (students, &group) in pinned.iter().zip(groups).filter(|(students, _)| !students.is_empty()) {
            cells.labels.push((cells.atoms.len(), group));
            cells.add_cell(students, false);
        }
        let tiers = 0..cells.all_tiers.len();
        cells.tier_limit = groups
            .iter()
            .flat_map(|&g| tiers.clone().map(move |t| (g, t)))
            .map(|(g, t)| {
                let here = cells.atoms.iter().flat_map(|(students, _)| students);
                let of_tier = here.filter(|&&s| ledger.group_of[s] == g && cells.tier(s) == t).count() as i64;
                cells.unfair(of_tier, ledger.sizes[g] as i64, t)
            })
            .sum();
        if problem.tiers.is_none() {
            cells.split_in_two();
        }
        cells.assign_halves();
        (cells.atoms.len() <= MOST_ATOMS).then_some(cells)
    }

    fn empty(problem: &'p Problem, ledger: &Ledger<'_>, groups: &[usize]) -> Self {
        let tiers = problem.tiers.as_ref().map_or(1, |tiers| tiers.totals.len());
        let mut cells = Self {
            problem,
            kinds: Vec::new(),
            atoms: Vec::new(),
            base: vec![0; ledger.costs().len()],
            stay: 0,
            stay_tiers: vec![0; tiers],
            all_tiers: vec![0; tiers],
            sizes: groups.iter().map(|&g| ledger.sizes[g] as i64).collect(),
            tier_limit: 0,
            labels: Vec::new(),
        };
        for s in (0..problem.students).filter(|&s| groups.contains(&ledger.group_of[s])) {
            let tier = cells.tier(s);
            cells.all_tiers[tier] += 1;
        }
        cells
    }

    /// Atoms in play.
    fn in_play(&self) -> usize {
        self.kinds.iter().map(|cell| cell.atoms.len()).sum()
    }

    /// Each atom's students.
    pub fn atoms(&self) -> impl Iterator<Item = &[usize]> {
        self.atoms.iter().map(|(students, _)| students.as_slice())
    }

    /// Atoms that hold all pinned members of a group, with that group.
    pub fn labels(&self) -> &[(usize, usize)] {
        &self.labels
    }

    /// Sizes of the groups.
    pub fn sizes(&self) -> &[i64] {
        &self.sizes
    }

    fn tier(&self, student: usize) -> usize {
        self.problem.tiers.as_ref().map_or(0, |tiers| tiers.of[student])
    }

    fn add(&mut self, students: &[usize], in_a: bool) {
        let mut tiers = vec![0; self.all_tiers.len()];
        for &s in students {
            tiers[self.tier(s)] += 1;
        }
        let alike = self.kinds.iter_mut().find(|cell| students.len() == 1 && cell.size == 1 && cell.tiers == tiers);
        let Some(cell) = alike else { return self.add_cell(students, in_a) };
        cell.atoms.push(self.atoms.len());
        cell.now.0 += i64::from(in_a);
        cell.now.1 = cell.now.0;
        self.atoms.push((students.to_vec(), in_a));
    }

    /// A cell of one atom.
    fn add_cell(&mut self, students: &[usize], in_a: bool) {
        let mut tiers = vec![0; self.all_tiers.len()];
        for &s in students {
            tiers[self.tier(s)] += 1;
        }
        let (now, size) = (i64::from(in_a), students.len() as i64);
        self.kinds.push(Cell { atoms: vec![self.atoms.len()], size, tiers, now: (now, now), first: false, stray: 1 });
        self.atoms.push((students.to_vec(), in_a));
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
            let in_a = atoms.iter().filter(|&&i| self.atoms[i].1).count() as i64;
            let now = if self.sizes.len() == 2 { (in_a, in_a) } else { (whole.now.0 / 2, whole.now.1 / 2) };
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
            let now = &mut self.kinds[cell].now;
            *now = (now.0 - 1, now.1 - 1);
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
        let log = |cell: &Cell| (choose(cell.atoms.len() as i64, cell.now.1) as f64).ln();
        order.sort_by(|&x, &y| log(&self.kinds[y]).total_cmp(&log(&self.kinds[x])));
        let mut weight = (0.0, 0.0);
        for c in order {
            let w = log(&self.kinds[c]);
            self.kinds[c].first = weight.0 < weight.1;
            if self.kinds[c].first { weight.0 += w } else { weight.1 += w }
        }
    }

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
    fn tier_cost(&self, counts: &[i64]) -> i64 {
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
    fn unfair(&self, here: i64, size: i64, tier: usize) -> i64 {
        let Some(tiers) = &self.problem.tiers else { return 0 };
        (self.problem.students as i64 * here - size * tiers.totals[tier]).abs()
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

/// The atoms whose students are in one of the groups.
fn members<'t>(atoms: &'t Atoms, ledger: &'t Ledger<'_>, groups: &'t [usize]) -> impl Iterator<Item = &'t Atom> {
    atoms.list.iter().filter(|atom| groups.contains(&ledger.group_of[atom.students[0]]))
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
