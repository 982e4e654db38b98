//! Lanes: the separable terms as whole sums, each with its closed-form rest bound F.
//!
//! A term of shape Deviation or Outside with entries e_s = N·a_s − A has the cost φ(N·S − n·A) of a group of n students with
//! sum S. With p = ⌊n·A/N⌋ and ρ = n·A mod N it is convex and piecewise linear in S: c₀ + λ·(p − S) up to p and
//! c₁ + λ·(S − p − 1) from p + 1 on, with
//! - Deviation: c₀ = w·ρ, c₁ = w·(N − ρ), λ = w·N;
//! - Outside: c₀ = 0, c₁ = 0 (w where ρ = 0), λ = w.
//!
//! F(r, b, S), the least summed cost of r groups, b of them large, whose sums add up to S, is therefore exact by greedy
//! marginal allocation: from Σp the r steps up to p + 1 are taken in ascending order of c₁ − c₀, all others cost λ. That is a
//! table of r + 1 values with slope λ on both sides. Pairs are split evenly; "never alone" and the limit of goal worst are
//! lanes whose cost is 0 or not. The cost of one group is F(1, ·, S).

use super::units::{Mask, Units};
use crate::goals::{Objective, Shape, Term, Whole};
use crate::model::ratio::gcd;
use crate::problem::Problem;

/// Largest total of a lane.
const LARGEST_TOTAL: i64 = 1 << 30;
/// Widest window of goal worst, in sums.
const WIDEST: i64 = 1 << 16;
/// Most numbers in the tables of all lanes: 128 MB.
const MOST_CELLS: usize = 1 << 24;

/// Sizes of the groups.
#[derive(Clone, Copy, Debug)]
pub(in crate::solver) struct Sizes {
    /// N.
    pub students: usize,
    /// G.
    pub groups: usize,
    /// ⌊N/G⌋.
    pub small: usize,
    /// Groups of one more.
    pub large: usize,
}

impl Sizes {
    /// The sizes of a problem.
    pub(in crate::solver) fn of(problem: &Problem) -> Self {
        Self {
            students: problem.students,
            groups: problem.groups,
            small: problem.small(),
            large: problem.large_groups(),
        }
    }

    /// Large groups among `groups` that hold `students`; none if these sizes cannot be.
    #[inline]
    pub(in crate::solver) fn large_among(&self, groups: usize, students: usize) -> Option<usize> {
        let large = students.checked_sub(groups * self.small)?;
        (large <= groups && large <= self.large && groups - large <= self.groups - self.large).then_some(large)
    }

    fn slot(&self, groups: usize, large: usize) -> usize {
        groups * (self.large + 1) + large
    }
}

/// F of one lane for given numbers of groups.
#[derive(Clone, Copy, Debug, Default)]
struct Row {
    /// Sum of the table's first value.
    base: i32,
    /// Index of the table's last value.
    last: i32,
    /// Where the table begins.
    at: usize,
    /// Cost of each unit beyond the table.
    slope: i64,
}

/// One separable term.
#[derive(Clone, Debug)]
pub(in crate::solver) struct Lane {
    /// Index of its level among the cover's.
    pub level: usize,
    /// Amount of each unit.
    pub amounts: Vec<i32>,
    /// Amount of each student.
    pub of_student: Vec<i32>,
    /// Sum over all.
    pub total: i32,
    rows: Vec<Row>,
    tables: Vec<i64>,
    sizes: Sizes,
}

/// The convex cost of one group: (p, c₀, c₁) of a small and of a large one, and λ.
struct Bend {
    small: (i64, i64, i64),
    large: (i64, i64, i64),
    slope: i64,
}

impl Lane {
    /// F(groups, large, sum).
    #[inline]
    pub(in crate::solver) fn rest(&self, groups: usize, large: usize, sum: i32) -> i64 {
        let row = self.rows[self.sizes.slot(groups, large)];
        let k = sum - row.base;
        let inside = k.clamp(0, row.last);
        self.tables[row.at + inside as usize] + row.slope * i64::from((k - inside).abs())
    }

    /// F for these numbers of groups: the sum of its first value, the values, and the slope beyond them.
    pub(in crate::solver) fn row(&self, groups: usize, large: usize) -> (i32, &[i64], i64) {
        let row = self.rows[self.sizes.slot(groups, large)];
        (row.base, &self.tables[row.at..=row.at + row.last as usize], row.slope)
    }

    fn new<M: Mask>(level: usize, amounts: &[i64], units: &Units<M>, sizes: Sizes) -> Option<Self> {
        let total: i64 = amounts.iter().sum();
        if total > LARGEST_TOTAL {
            return None;
        }
        let of_student: Vec<i32> = amounts.iter().map(|&a| a as i32).collect();
        let of_unit = |students: &Vec<usize>| students.iter().map(|&s| of_student[s]).sum();
        Some(Self {
            level,
            amounts: units.students.iter().map(of_unit).collect(),
            of_student,
            total: total as i32,
            rows: vec![Row::default(); sizes.slot(sizes.groups + 1, 0)],
            tables: Vec::new(),
            sizes,
        })
    }

    fn fill(&mut self, row: impl Fn(i64, i64) -> (i64, Vec<i64>, i64)) {
        for groups in 1..=self.sizes.groups {
            for large in 0..=groups.min(self.sizes.large) {
                let (base, table, slope) = row(groups as i64, large as i64);
                self.rows[self.sizes.slot(groups, large)] =
                    Row { base: base as i32, last: table.len() as i32 - 1, at: self.tables.len(), slope };
                self.tables.extend(table);
            }
        }
    }

    fn fill_bent(&mut self, bend: &Bend) {
        self.fill(|groups, large| {
            let few = groups - large;
            let mut rises = vec![bend.small.2 - bend.small.1; few as usize];
            rises.resize(groups as usize, bend.large.2 - bend.large.1);
            rises.sort_unstable();
            let mut table = vec![few * bend.small.1 + large * bend.large.1];
            for rise in rises {
                table.push(table[table.len() - 1] + rise);
            }
            (few * bend.small.0 + large * bend.large.0, table, bend.slope)
        });
    }

    /// A lane whose sums must lie within `room(size)` = (lowest, highest); any other sum costs at least 1.
    fn fill_window(&mut self, room: impl Fn(i64) -> (i64, i64)) {
        let small = self.sizes.small as i64;
        let ((low, high), (low_large, high_large)) = (room(small), room(small + 1));
        self.fill(|groups, large| {
            let few = groups - large;
            let empty = few > 0 && low > high || large > 0 && low_large > high_large;
            let (base, end) = (few * low + large * low_large, few * high + large * high_large);
            if empty { (base, vec![1], 1) } else { (base, vec![0; (end - base) as usize + 1], 1) }
        });
    }
}

/// The fair-share amounts behind entries N·a − A, from 0 on; none where the entries are of another kind.
fn amounts_of(entries: &[i64]) -> Option<Vec<i64>> {
    let (n, least) = (entries.len() as i64, entries.iter().copied().min()?);
    entries.iter().map(|e| ((e - least) % n == 0).then_some((e - least) / n)).collect()
}

/// All lanes down to a level.
#[derive(Clone, Debug)]
pub(in crate::solver) struct Lanes {
    /// In order of `Lane::level`.
    pub list: Vec<Lane>,
    /// The most that each level may cost. Index 0 is the level to be proved; the last one holds rules.
    pub limits: Vec<i64>,
    /// Every value of the level to be proved is a multiple of this.
    pub step: i64,
    /// Whether that level counts the largest deviation, not a sum: then every cover found is better than the limit.
    pub largest: bool,
}

/// What the lanes are made from.
pub(in crate::solver) struct Source<'a, M> {
    /// The goals.
    pub objective: &'a Objective,
    /// Units.
    pub units: &'a Units<M>,
    /// Sizes.
    pub sizes: Sizes,
}

impl Lanes {
    /// Lanes for `at` within `limit` under budgets; none where a goal down to there is no sum over groups.
    pub(in crate::solver) fn new<M: Mask>(
        source: &Source<'_, M>,
        at: usize,
        limit: i64,
        budgets: &[i64],
    ) -> Option<Self> {
        let terms = || source.objective.terms.iter().filter(|(level, _)| *level <= at);
        let longest = terms().map(|(_, term)| match term.shape {
            Shape::Deviation | Shape::Outside => source.sizes.groups + 1,
            Shape::Pairs | Shape::Alone => source.sizes.students + 1,
        });
        if source.sizes.slot(source.sizes.groups, 0).saturating_mul(longest.sum()) > MOST_CELLS {
            return None;
        }
        // Levels in the order in which they are looked at: `at`, then upwards, then the rules.
        let mut lanes = Self { list: Vec::new(), limits: vec![limit], step: 0, largest: false };
        lanes.limits.extend((1..at).rev().map(|level| budgets[level]));
        lanes.limits.push(0);
        for (level, term) in terms() {
            let (lane, step) = separable(source, at - level, term)?;
            lanes.list.push(lane);
            if *level == at {
                lanes.step = gcd(lanes.step, step);
            }
        }
        lanes.step = lanes.step.max(1);
        for goal in source.objective.goals.iter().filter(|goal| goal.at <= at) {
            let most = if goal.at == at { limit } else { budgets[goal.at] };
            match goal.parts.whole {
                // Moves are a price of labelled groups (homes).
                Whole::Nothing | Whole::Moves { .. } => {}
                Whole::Largest { sizes_lcm } => {
                    if source.objective.goals.iter().filter(|other| other.at == goal.at).count() > 1 {
                        return None;
                    }
                    lanes.largest |= goal.at == at;
                    for term in goal.parts.terms.iter().filter(|term| term.weight != 0) {
                        lanes.list.push(window(source, at, term, most / goal.multiplier, sizes_lcm)?);
                    }
                }
                Whole::Distances { .. } => return None,
            }
        }
        if lanes.largest {
            lanes.limits[0] = 0;
        }
        lanes.list.sort_by_key(|lane| lane.level);
        Some(lanes)
    }
}

/// A separable term's lane and what all its values are multiples of.
fn separable<M: Mask>(source: &Source<'_, M>, level: usize, term: &Term) -> Option<(Lane, i64)> {
    let lane_of = |amounts: &[i64]| Lane::new(level, amounts, source.units, source.sizes);
    let w = term.weight;
    match term.shape {
        Shape::Deviation => {
            let mut amounts = amounts_of(&term.entries)?;
            let unit = amounts.iter().copied().fold(0, gcd).max(1);
            for a in &mut amounts {
                *a /= unit;
            }
            Some(deviation(lane_of(&amounts)?, w * unit))
        }
        Shape::Outside => Some((outside(lane_of(&amounts_of(&term.entries)?)?, w), w)),
        Shape::Pairs => Some((pairs(lane_of(&term.entries)?, w), w)),
        Shape::Alone => {
            let mut lane = lane_of(&term.entries)?;
            let total = i64::from(lane.total);
            lane.fill(|_, _| (0, (0..=total).map(|sum| i64::from(sum == 1)).collect(), 0));
            Some((lane, w))
        }
    }
}

/// w·abs(d), with what all sums of it over the groups are multiples of.
fn deviation(mut lane: Lane, w: i64) -> (Lane, i64) {
    let (n, small, total) = (lane.sizes.students as i64, lane.sizes.small as i64, i64::from(lane.total));
    let bend = |size: i64| {
        let rest = (size * total).rem_euclid(n);
        ((size * total).div_euclid(n), w * rest, w * (n - rest))
    };
    lane.fill_bent(&Bend { small: bend(small), large: bend(small + 1), slope: w * n });
    // d_g = N·S − n_g·A is a multiple of gcd(N, n_g·A); the d_g add up to 0, so their absolute values to twice the
    // positive ones.
    let of = |size: i64| gcd(n, size * total);
    let common = if lane.sizes.large > 0 { gcd(of(small), of(small + 1)) } else { of(small) };
    (lane, 2 * w * common)
}

/// w for each student outside floor and ceiling.
fn outside(mut lane: Lane, w: i64) -> Lane {
    let (n, small, total) = (lane.sizes.students as i64, lane.sizes.small as i64, i64::from(lane.total));
    let bend = |size: i64| {
        let whole = (size * total).rem_euclid(n) == 0;
        ((size * total).div_euclid(n), 0, if whole { w } else { 0 })
    };
    lane.fill_bent(&Bend { small: bend(small), large: bend(small + 1), slope: w });
    lane
}

/// w for each pair; the most even split is the least.
fn pairs(mut lane: Lane, w: i64) -> Lane {
    let total = i64::from(lane.total);
    lane.fill(|groups, _| {
        let split = |sum: i64| {
            let (each, more) = (sum / groups, sum % groups);
            w * (more * (each + 1) * each / 2 + (groups - more) * each * (each - 1) / 2)
        };
        (0, (0..=total).map(split).collect(), 0)
    });
    lane
}

/// Goal worst within `most`: w·abs(d)·Λ/n ≤ most, a window for each size, among the rules.
fn window<M: Mask>(source: &Source<'_, M>, level: usize, term: &Term, most: i64, lcm: i64) -> Option<Lane> {
    let n = source.sizes.students as i64;
    let amounts = amounts_of(&term.entries)?;
    let total = amounts.iter().sum::<i64>();
    let mut lane = Lane::new(level, &amounts, source.units, source.sizes)?;
    let room = |size: i64| {
        let off = most.div_euclid(term.weight * (lcm / size).max(1));
        (-(off - size * total).div_euclid(n), (size * total + off).div_euclid(n))
    };
    let small = source.sizes.small as i64;
    let wide = |(low, high): (i64, i64)| high - low > WIDEST / source.sizes.groups as i64;
    if most < 0 || small == 0 || wide(room(small)) || wide(room(small + 1)) {
        return None;
    }
    let width = |(low, high): (i64, i64)| (high - low).max(0) as usize + 1;
    let sizes = source.sizes;
    if sizes.slot(sizes.groups, 0).saturating_mul(sizes.groups * width(room(small)).max(width(room(small + 1))))
        > MOST_CELLS
    {
        return None;
    }
    lane.fill_window(room);
    Some(lane)
}
