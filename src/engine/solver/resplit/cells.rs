//! The members of two or more groups, laid out for a re-split: cells of like atoms, the [`configurations`] that keep sizes and
//! tier counts, and the [`subsets`] of each cell with their sums.

mod configurations;
mod subsets;

use crate::goals::Ledger;
use crate::problem::Problem;
use crate::solver::atoms::{Atom, Atoms};
use crate::solver::stop::Stop;
use rand::{Rng, RngExt};
pub use subsets::Subsets;
use subsets::choose;

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

impl<'p> Cells<'p> {
    /// Lays out groups `a` and `b`; some atoms stay put, drawn at random, if there are more than `most` ways. None if the stop comes
    /// first.
    pub fn draw(
        problem: &'p Problem,
        atoms: &Atoms,
        ledger: &Ledger<'_>,
        (a, b): (usize, usize),
        most: u64,
        (stop, rng): (&Stop, &mut impl Rng),
    ) -> Option<Self> {
        let mut cells = Self::empty(problem, ledger, &[a, b]);
        for atom in members(atoms, ledger, &[a, b]) {
            let in_a = ledger.group_of[atom.students[0]] == a;
            match atom.pin {
                None => cells.add(&atom.students, in_a),
                Some(_) if in_a => cells.keep(&atom.students, ledger),
                Some(_) => {}
            }
        }
        let longest = cells.longest();
        cells.kinds.iter_mut().filter(|cell| cell.size == 1).for_each(|cell| cell.stray = longest);
        if problem.tiers.is_none() {
            cells.split_in_two();
        }
        let now: Vec<i64> = cells.kinds.iter().map(|cell| cell.now.0).collect();
        cells.tier_limit = cells.tier_cost(&now);
        while cells.in_play() > MOST_ATOMS || cells.ways(most) > most {
            if !cells.freeze(ledger, rng) {
                break;
            }
            if cells.in_play() <= MOST_ATOMS && stop.reached().is_some() {
                return None;
            }
        }
        cells.compact();
        cells.assign_halves();
        Some(cells)
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
        cells.span_groups(ledger, groups);
        for (students, &group) in pinned.iter().zip(groups).filter(|(students, _)| !students.is_empty()) {
            cells.labels.push((cells.atoms.len(), group));
            cells.add_cell(students, false);
        }
        cells.tier_limit = groups.iter().map(|&g| cells.tier_cost_of(g, ledger)).sum();
        if problem.tiers.is_none() {
            cells.split_in_two();
        }
        cells.assign_halves();
        (cells.atoms.len() <= MOST_ATOMS).then_some(cells)
    }

    /// Students of the largest atom; the number of single students may stray as far, to make up for it.
    fn longest(&self) -> i64 {
        self.kinds.iter().map(|cell| cell.size).max().unwrap_or(1)
    }

    /// Any of several groups may be meant: the single students' numbers span from the least to the most that one has now.
    fn span_groups(&mut self, ledger: &Ledger<'_>, groups: &[usize]) {
        let (atoms, longest) = (&self.atoms, self.longest());
        for cell in self.kinds.iter_mut().filter(|cell| cell.size == 1) {
            let of_group = |&g: &usize| {
                let here = |&&i: &&usize| ledger.group_of[atoms[i].0[0]] == g;
                cell.atoms.iter().filter(here).count() as i64
            };
            let counts: Vec<i64> = groups.iter().map(of_group).collect();
            cell.now = (counts.iter().copied().min().unwrap_or(0), counts.iter().copied().max().unwrap_or(0));
            cell.stray = longest;
        }
    }

    /// What the tier counts of a group cost as it stands, all its members being in play.
    fn tier_cost_of(&self, group: usize, ledger: &Ledger<'_>) -> i64 {
        let cost = |tier: usize| {
            let here = self.atoms.iter().flat_map(|(students, _)| students);
            let of_tier = here.filter(|&&s| ledger.group_of[s] == group && self.tier(s) == tier).count() as i64;
            self.unfair(of_tier, ledger.sizes[group] as i64, tier)
        };
        (0..self.all_tiers.len()).map(cost).sum()
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

    /// Students of each tier.
    fn tally(&self, students: &[usize]) -> Vec<i64> {
        let mut tiers = vec![0; self.all_tiers.len()];
        for &s in students {
            tiers[self.tier(s)] += 1;
        }
        tiers
    }

    fn add(&mut self, students: &[usize], in_a: bool) {
        let tiers = self.tally(students);
        let size = students.len() as i64;
        let alike = self.kinds.iter_mut().find(|cell| cell.size == size && cell.tiers == tiers);
        let Some(cell) = alike else { return self.add_cell(students, in_a) };
        cell.atoms.push(self.atoms.len());
        cell.stray += 1;
        cell.now.0 += i64::from(in_a);
        cell.now.1 = cell.now.0;
        self.atoms.push((students.to_vec(), in_a));
    }

    /// A cell of one atom.
    fn add_cell(&mut self, students: &[usize], in_a: bool) {
        let tiers = self.tally(students);
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
        // Of longer atoms any number may go over.
        let usual = |cell: &Cell| if cell.size == 1 { cell.now.1 } else { cell.atoms.len() as i64 / 2 };
        let log = |cell: &Cell| (choose(cell.atoms.len() as i64, usual(cell)) as f64).ln();
        order.sort_by(|&x, &y| log(&self.kinds[y]).total_cmp(&log(&self.kinds[x])));
        let mut weight = (0.0, 0.0);
        for c in order {
            let w = log(&self.kinds[c]);
            self.kinds[c].first = weight.0 < weight.1;
            if self.kinds[c].first { weight.0 += w } else { weight.1 += w }
        }
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
        Subsets::of(&entries, &cell.atoms, count, terms.len())
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
