//! Re-split of three or more groups at once: list the groups that a better division could have, then cover the members by them.
//!
//! A group of a better division costs less than the present groups together, even with what it leaves to the others: their
//! deviations add up to at least the deviation of their sum. Groups within that limit are listed by the same halves, buckets
//! and lanes as in a two-group re-split; of 3.8 million tens among thirty students at 3/5/2 some hundreds or thousands are.
//! The cover takes the first member that is left and tries every listed group that begins with it; the last group needs no
//! list: it is what remains.

pub mod renew;

use super::buckets::{Buckets, Lane};
use super::cells::Cells;
use super::{Layout, OVERHEAD, ROW_WORK, Resplit, SUBSET_WORK};
use crate::goals::{Ledger, Levels, MAX_LEVELS, Shape, Term, Whole};
use crate::solver::stop::Stop;

/// Most listed groups that one division keeps, those of the least price; eight times as many may be held while listing.
const MOST_LISTED: usize = 20_000;
/// Most listed groups that the cover of one division looks at, over all its nodes. It is counted as work, one try as one way
/// priced; a cover that ends there keeps the best division seen.
const MOST_TRIES: u64 = 10_000_000;
/// Tries between two looks at the clock.
const CLOCK_EVERY: u64 = 1 << 16;

/// A division found: every student whose group changes, with the new one.
pub type Changes = Vec<(usize, usize)>;

/// A listed group.
#[derive(Clone, Debug)]
struct Listed {
    mask: u64,
    /// What the lanes' level costs in this group alone.
    own: i64,
    /// Its place in the table of sums.
    row: usize,
}

/// Several groups as they stand, the listed groups and the best cover.
struct Several<'l, 'o> {
    ledger: &'l Ledger<'o>,
    layout: &'l Layout,
    cells: &'l Cells<'l>,
    /// Shape and weight of each term, counts first, then lanes; with its level.
    costs: Vec<(usize, Shape, i64)>,
    totals: Vec<i64>,
    /// What each level above the lanes' may cost in these groups.
    budgets: Levels,
    /// Cost of the lanes' level of the best division; only less is of use.
    best: i64,
    best_cover: Vec<u64>,
    /// Atoms that must not share a group with each atom.
    enemies: Vec<u64>,
    /// Listed groups by their first atom, the cheapest first; sums of one after the other.
    by_first: Vec<Vec<Listed>>,
    sums: Vec<i64>,
    tries: u64,
}

impl Resplit<'_> {
    /// Whether several groups can be divided at once: every level down to the lanes' must be a sum over groups, and theirs must
    /// not be within its floor, where it cannot become better.
    #[must_use]
    pub fn divides_several(&self, ledger: &Ledger<'_>, floors: &Levels) -> bool {
        let level = self.layout.level;
        let whole = |goal: &crate::goals::Goal| goal.at <= level && goal.parts.whole != Whole::Nothing;
        let open = ledger.levels[0] == 0 && ledger.levels[level] >= floors[level];
        open && !self.layout.lanes.is_empty() && !ledger.objective().goals.iter().any(whole)
    }

    /// The best division of three or more groups down to the level of the means, with no level above worse than now, within
    /// stated limits of work; with the work that it took. Groups that can be chosen in more ways than `most_ways` are left alone.
    #[must_use]
    pub fn several(
        &self,
        ledger: &Ledger<'_>,
        groups: &[usize],
        floors: &Levels,
        most_ways: u64,
        stop: &Stop,
    ) -> (Option<Changes>, u64) {
        let Some(cells) = Cells::several(self.problem, self.atoms, ledger, groups) else { return (None, OVERHEAD) };
        if cells.ways(most_ways) > most_ways {
            return (None, OVERHEAD);
        }
        let mut several = Several::new(ledger, groups, floors, &self.layout, &cells);
        let ways = if self.layout.narrow { several.list::<i32>(stop) } else { several.list::<i64>(stop) };
        let all = u64::MAX >> (64 - cells.atoms().count());
        let mut cover = Vec::with_capacity(groups.len());
        let totals = several.totals.clone();
        several.cover((all, groups.len()), &totals, &[0; MAX_LEVELS], &mut cover, stop);
        let work = OVERHEAD + ways + several.tries;
        let changes = (!several.best_cover.is_empty()).then(|| several.changes(groups));
        (changes, work)
    }
}

impl<'l, 'o> Several<'l, 'o> {
    fn new(
        ledger: &'l Ledger<'o>,
        groups: &[usize],
        floors: &Levels,
        layout: &'l Layout,
        cells: &'l Cells<'l>,
    ) -> Self {
        let n = ledger.objective().students as i64;
        let costs: Vec<_> = layout.terms.iter().map(|&f| ledger.costs()[f]).collect();
        let total = |&f: &usize| groups.iter().map(|&g| ledger.sums(g)[f]).sum::<i64>();
        let mut now = [0; MAX_LEVELS];
        for &g in groups {
            for (&f, &(level, shape, weight)) in layout.terms.iter().zip(&costs) {
                now[level] += Term::cost(shape, weight, ledger.sums(g)[f], n);
            }
        }
        let mut budgets = now;
        for (level, budget) in budgets.iter_mut().enumerate() {
            let others = ledger.levels[level] - now[level];
            *budget = now[level].max(floors[level].saturating_sub(others));
        }
        Self {
            ledger,
            layout,
            cells,
            totals: layout.terms.iter().map(total).collect(),
            costs,
            budgets,
            best: now[layout.level],
            best_cover: Vec::new(),
            enemies: enemies(ledger, cells),
            by_first: vec![Vec::new(); cells.atoms().count()],
            sums: Vec::new(),
            tries: 0,
        }
    }

    fn students(&self) -> i64 {
        self.ledger.objective().students as i64
    }

    /// Lists groups; returns the work.
    fn list<T: Lane>(&mut self, stop: &Stop) -> u64 {
        let mut listed: Vec<(i64, u64)> = Vec::new();
        let mut limit = self.best.saturating_sub(1);
        let mut work = 0;
        for configuration in self.cells.configurations() {
            if stop.reached().is_some() {
                break;
            }
            work += self.list_one::<T>(&configuration, &mut limit, &mut listed);
        }
        keep_cheapest(&mut listed);
        for (_, mask) in listed {
            self.add(mask);
        }
        self.by_first.iter_mut().for_each(|list| list.sort_by_key(|listed| (listed.own, listed.mask)));
        work
    }

    /// Lists the groups of one configuration; lowers the limit where they are too many.
    fn list_one<T: Lane>(&self, configuration: &[i64], limit: &mut i64, listed: &mut Vec<(i64, u64)>) -> u64 {
        let (first, second) = self.cells.halves(configuration, self.ledger, &self.layout.terms);
        let (first, second) = (Buckets::<T>::sort(&first, self.layout), Buckets::<T>::sort(&second, self.layout));
        let counted = self.layout.counts.len();
        let weighted = self.layout.lanes.iter().zip(&self.totals[counted..]);
        let totals: Vec<T> = weighted.map(|((_, weight), total)| T::of(weight * total)).collect();
        let pivot = T::of(totals.iter().map(|total| total.whole()).sum());
        let mut prices = vec![T::of(0); second.longest()];
        let mut work = SUBSET_WORK * (first.masks.len() + second.masks.len()) as u64;
        for x in &first.list {
            for y in &second.list {
                let Some(counts) = self.counts_bound(&x.key, &y.key) else { continue };
                work += ROW_WORK * x.range.len() as u64;
                for row in x.range.clone() {
                    let window = second.window(y.range.clone(), first.pivots[row], pivot, *limit - counts);
                    work += window.len() as u64;
                    let prices = &mut prices[..window.len()];
                    second.price(window.clone(), first.lanes.iter().map(|lane| lane[row]), &totals, prices);
                    for (price, column) in prices.iter().zip(window) {
                        let mask = first.masks[row] | second.masks[column];
                        if price.whole() + counts <= *limit && self.at_peace(mask) {
                            listed.push((price.whole() + counts, mask));
                        }
                    }
                }
                if listed.len() > 8 * MOST_LISTED {
                    *limit = (*limit).min(keep_cheapest(listed));
                }
            }
        }
        work
    }

    /// What the counted terms of the lanes' level cost at least with this group; none if a level above must become worse.
    fn counts_bound(&self, x: &[i64], y: &[i64]) -> Option<i64> {
        let n = self.students();
        let mut costs = [0; MAX_LEVELS];
        let others = self.cells.sizes().len() as i64 - 1;
        for (i, &(level, shape, weight)) in self.costs[..self.layout.counts.len()].iter().enumerate() {
            let d = x[i] + y[i];
            costs[level] += Term::cost(shape, weight, d, n) + shared(shape, weight, self.totals[i] - d, n, others);
        }
        let level = self.layout.level;
        (0..level).all(|l| costs[l] <= self.budgets[l]).then_some(costs[level])
    }

    fn at_peace(&self, mask: u64) -> bool {
        self.enemies.is_empty() || bits(mask).all(|atom| self.enemies[atom] & mask == 0)
    }

    fn add(&mut self, mask: u64) {
        let row = self.sums.len();
        self.sums.resize(row + self.costs.len(), 0);
        for (_, students) in self.cells.atoms().enumerate().filter(|(i, _)| mask >> i & 1 == 1) {
            for &s in students {
                let entries = self.ledger.entries(s);
                self.sums[row..].iter_mut().zip(&self.layout.terms).for_each(|(sum, &f)| *sum += entries[f]);
            }
        }
        let own = self.lanes_cost(&self.sums[row..]);
        if let Some(list) = self.by_first.get_mut(mask.trailing_zeros() as usize) {
            list.push(Listed { mask, own, row });
        }
    }

    fn lanes_cost(&self, sums: &[i64]) -> i64 {
        let counted = self.layout.counts.len();
        let lanes = sums[counted..].iter().zip(&self.layout.lanes);
        lanes.map(|(d, (_, weight))| weight * d.abs()).sum()
    }

    /// Cost of each level of what is counted in a group.
    fn add_counts(&self, sums: &[i64], costs: &mut Levels) {
        let n = self.students();
        for (&d, &(level, shape, weight)) in sums.iter().zip(&self.costs[..self.layout.counts.len()]) {
            costs[level] += Term::cost(shape, weight, d, n);
        }
    }

    fn within(&self, costs: &Levels) -> bool {
        let level = self.layout.level;
        (0..level).all(|l| costs[l] <= self.budgets[l]) && costs[level] < self.best
    }

    /// Covers the atoms `left`, whose sums are `sums`, by so many groups; `spent` is what the groups of `cover` cost.
    fn cover(&mut self, (left, groups): (u64, usize), sums: &[i64], spent: &Levels, cover: &mut Vec<u64>, stop: &Stop) {
        let level = self.layout.level;
        if groups == 1 {
            return self.finish(left, sums, spent, cover);
        }
        let first = left.trailing_zeros() as usize;
        let Some(list) = self.by_first.get_mut(first).map(std::mem::take) else { return };
        let mut rest = vec![0; sums.len()];
        for listed in &list {
            self.tries += 1;
            if self.tries.is_multiple_of(CLOCK_EVERY) && stop.reached().is_some() {
                self.tries = MOST_TRIES;
            }
            if spent[level] + listed.own >= self.best || self.tries > MOST_TRIES {
                break;
            }
            if listed.mask & !left != 0 {
                continue;
            }
            let row = &self.sums[listed.row..listed.row + sums.len()];
            rest.iter_mut().zip(sums).zip(row).for_each(|((rest, sum), own)| *rest = sum - own);
            if spent[level] + listed.own + self.lanes_cost(&rest) >= self.best {
                continue;
            }
            let mut costs = *spent;
            costs[level] += listed.own;
            self.add_counts(row, &mut costs);
            if self.within(&costs) {
                cover.push(listed.mask);
                self.cover((left & !listed.mask, groups - 1), &rest, &costs, cover, stop);
                cover.pop();
            }
        }
        self.by_first[first] = list;
    }

    /// What remains is the last group.
    fn finish(&mut self, left: u64, sums: &[i64], spent: &Levels, cover: &[u64]) {
        let mut costs = *spent;
        costs[self.layout.level] += self.lanes_cost(sums);
        self.add_counts(sums, &mut costs);
        let size =
            self.cells.atoms().enumerate().filter(|(i, _)| left >> i & 1 == 1).map(|(_, s)| s.len() as i64).sum();
        if self.within(&costs) && self.cells.sizes().contains(&size) && self.at_peace(left) {
            self.best = costs[self.layout.level];
            self.best_cover = cover.to_vec();
            self.best_cover.push(left);
        }
    }

    /// Names the groups of the best cover: by their pins, else so that the most stay.
    fn changes(&self, groups: &[usize]) -> Changes {
        let pin = |mask: u64| self.cells.labels().iter().find(|(atom, _)| mask >> atom & 1 == 1).map(|label| label.1);
        let members = |mask: u64| {
            let inside = self.cells.atoms().enumerate().filter(move |(i, _)| mask >> i & 1 == 1);
            inside.flat_map(|(_, students)| students.iter().copied())
        };
        let mut masks = self.best_cover.clone();
        masks.sort_by_key(|&mask| pin(mask).is_none());
        let mut open = groups.to_vec();
        let mut changes = Changes::new();
        for mask in masks {
            let stay = |&g: &usize| members(mask).filter(|&s| self.ledger.group_of[s] == g).count();
            let Some(group) = pin(mask).or_else(|| open.iter().copied().max_by_key(stay)) else { continue };
            open.retain(|&g| g != group);
            changes.extend(members(mask).filter(|&s| self.ledger.group_of[s] != group).map(|s| (s, group)));
        }
        changes
    }
}

/// Least cost of `groups` groups whose sums add up to `d`.
fn shared(shape: Shape, weight: i64, d: i64, n: i64, groups: i64) -> i64 {
    match shape {
        Shape::Deviation => weight * d.abs(),
        // A group with cost c has abs(sum) below (c + 1)·N.
        Shape::Outside => weight * (d.abs() / n - groups + 1).max(0),
        Shape::Pairs => {
            let (each, more) = (d / groups, d % groups);
            weight * (more * (each + 1) * each / 2 + (groups - more) * each * (each - 1) / 2)
        }
        Shape::Alone => 0,
    }
}

/// Keeps the cheapest groups that may be listed; returns the highest price among them.
fn keep_cheapest(listed: &mut Vec<(i64, u64)>) -> i64 {
    if listed.len() > MOST_LISTED {
        listed.select_nth_unstable(MOST_LISTED - 1);
        listed.truncate(MOST_LISTED);
    }
    listed.iter().map(|(price, _)| *price).max().unwrap_or(i64::MAX)
}

/// Atoms that must not share a group with each atom: by apart rules and by pins; empty if there are none.
fn enemies(ledger: &Ledger<'_>, cells: &Cells<'_>) -> Vec<u64> {
    let atoms: Vec<&[usize]> = cells.atoms().collect();
    let apart = &ledger.objective().apart;
    let meet = |x: &[usize], y: &[usize]| x.iter().any(|&s| y.iter().any(|t| apart[s].contains(t)));
    let labelled = |i: usize| cells.labels().iter().any(|(atom, _)| *atom == i);
    let at_odds = |i: usize, j: usize| i != j && (meet(atoms[i], atoms[j]) || labelled(i) && labelled(j));
    let of = |i: usize| (0..atoms.len()).filter(|&j| at_odds(i, j)).fold(0, |mask, j| mask | 1 << j);
    let enemies: Vec<u64> = (0..atoms.len()).map(of).collect();
    if enemies.iter().all(|&mask| mask == 0) { Vec::new() } else { enemies }
}

fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (mask != 0).then(|| mask.trailing_zeros() as usize)?;
        mask &= mask - 1;
        Some(bit)
    })
}
