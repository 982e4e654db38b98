//! Shapes of groups, and how the units are cut in two sides to meet in the middle.
//!
//! A *signature* counts the students of each tier (of all, without tiers). A *shape* is the signature of a whole group that
//! the limits do not rule out. A *job* is a pair of signatures, one of each side, that add up to a shape.

use super::lanes::{Lane, Lanes, Sizes};
use super::units::{Mask, Units};
use std::collections::BTreeMap;

/// Most tiers that a signature counts.
pub(super) const MOST_TIERS: usize = 4;
/// Students of each tier.
pub(super) type Signature = [u8; MOST_TIERS];

/// The tiers as the shapes see them.
#[derive(Clone, Debug)]
pub(super) struct Tiering {
    /// Tier of each student.
    pub of: Vec<usize>,
    /// Number of tiers, at least 1.
    pub count: usize,
    /// Signature of each unit.
    pub of_unit: Vec<Signature>,
}

impl Tiering {
    /// Tiers where the lanes look at them; one tier of all students otherwise.
    pub(super) fn new<M: Mask>(tiers: Option<&[usize]>, students: usize, units: &Units<M>) -> Self {
        let count = tiers.and_then(|of| of.iter().max()).map_or(1, |last| last + 1);
        let of = match tiers {
            Some(of) if count <= MOST_TIERS => of.to_vec(),
            _ => vec![0; students],
        };
        let signature = |unit: &Vec<usize>| {
            let mut signature = [0; MOST_TIERS];
            for &s in unit {
                signature[of[s]] += 1;
            }
            signature
        };
        let of_unit = units.students.iter().map(signature).collect();
        Self { count: if count <= MOST_TIERS { count } else { 1 }, of_unit, of }
    }

    /// The amounts by tier of a lane that looks at nothing else.
    pub(super) fn fixed(&self, lane: &Lane) -> Option<[i32; MOST_TIERS]> {
        let mut amounts = [None; MOST_TIERS];
        for (&tier, &amount) in self.of.iter().zip(&lane.of_student) {
            if *amounts[tier].get_or_insert(amount) != amount {
                return None;
            }
        }
        Some(amounts.map(|amount| amount.unwrap_or(0)))
    }
}

/// Sum of a fixed lane.
pub(super) fn fixed_sum(amounts: &[i32; MOST_TIERS], signature: Signature) -> i32 {
    amounts.iter().zip(signature).map(|(amount, count)| amount * i32::from(count)).sum()
}

/// The least of cost + F over all sums of a lane, for a group of a size.
pub(super) fn least(lane: &Lane, sizes: &Sizes, large: usize) -> (i32, i64) {
    let h = |sum: i32| lane.rest(1, large, sum) + lane.rest(sizes.groups - 1, sizes.large - large, lane.total - sum);
    if lane.total <= 4096 {
        return (0..=lane.total).map(|sum| (sum, h(sum))).min_by_key(|(_, cost)| *cost).unwrap_or((0, 0));
    }
    // Convex: only a lane of counts (never alone) is not, and those are short.
    let (mut low, mut high) = (0, lane.total);
    while low < high {
        let middle = low + (high - low) / 2;
        if h(middle + 1) - h(middle) >= 0 { high = middle } else { low = middle + 1 }
    }
    (low, h(low))
}

/// The shapes of a size that the limits allow.
pub(super) fn shapes(lanes: &Lanes, tiering: &Tiering, sizes: &Sizes, large: usize) -> Vec<Signature> {
    let mut totals = [0; MOST_TIERS];
    tiering.of.iter().for_each(|&tier| totals[tier] += 1_usize);
    let fixed: Vec<_> = lanes.list.iter().map(|lane| tiering.fixed(lane)).collect();
    let least: Vec<i64> = lanes.list.iter().map(|lane| least(lane, sizes, large).1).collect();
    let allowed = |signature: &Signature| {
        let mut costs = lanes.limits.clone();
        for ((lane, fixed), least) in lanes.list.iter().zip(&fixed).zip(&least) {
            costs[lane.level] -= match fixed {
                Some(amounts) => {
                    let sum = fixed_sum(amounts, *signature);
                    lane.rest(1, large, sum) + lane.rest(sizes.groups - 1, sizes.large - large, lane.total - sum)
                }
                None => *least,
            };
        }
        costs.iter().all(|&left| left >= 0)
    };
    let mut found = Vec::new();
    extend(&mut [0; MOST_TIERS], 0, tiering.count, sizes.small + large, &totals, &mut |signature| {
        if allowed(signature) {
            found.push(*signature);
        }
    });
    found
}

/// All signatures with `left` students from tier `tier` on.
fn extend(
    signature: &mut Signature,
    tier: usize,
    tiers: usize,
    left: usize,
    totals: &[usize; MOST_TIERS],
    found: &mut dyn FnMut(&Signature),
) {
    if tier + 1 == tiers {
        if left <= totals[tier] {
            signature[tier] = left as u8;
            found(signature);
        }
        return;
    }
    for count in 0..=left.min(totals[tier]) {
        signature[tier] = count as u8;
        extend(signature, tier + 1, tiers, left - count, totals, found);
    }
}

/// The units of one side with the number of its subsets by signature.
#[derive(Clone, Debug)]
pub(super) struct Side {
    /// Units.
    pub units: Vec<usize>,
    /// Subsets (rules left aside) of each signature that fits into some shape.
    pub subsets: BTreeMap<Signature, f64>,
}

/// Signatures of both sides, with the shape's size (1: large).
pub(super) type Job = (Signature, Signature, usize);

/// Two sides and the jobs between them.
#[derive(Clone, Debug)]
pub(super) struct Split {
    /// The sides.
    pub sides: [Side; 2],
    /// What is to be joined.
    pub jobs: Vec<Job>,
    /// Subsets to be made for all jobs.
    pub halves: f64,
}

impl Split {
    /// The split that has the fewest subsets to be made.
    pub(super) fn best(tiering: &Tiering, shapes: &[Vec<Signature>; 2]) -> Self {
        let units = 0..tiering.of_unit.len();
        let mut best: Option<Self> = None;
        let tiers = tiering.count as u32;
        // By tiers: each set of tiers without the last one against the others; then every second unit of each tier.
        for set in 1..=1_u32 << (tiers - 1) {
            let by_tiers = set < 1 << (tiers - 1);
            let mut seen = [0; MOST_TIERS];
            let on_first = |unit: &usize| {
                let signature = tiering.of_unit[*unit];
                let tier = signature.iter().position(|&count| count > 0).unwrap_or(0);
                seen[tier] += 1;
                if by_tiers { set >> tier & 1 == 1 } else { (seen[tier] + tier) % 2 == 1 }
            };
            let (first, second): (Vec<usize>, Vec<usize>) = units.clone().partition(on_first);
            let split = Self::new(tiering, shapes, [first, second]);
            if best.as_ref().is_none_or(|best| split.halves < best.halves) {
                best = Some(split);
            }
        }
        best.unwrap_or_else(|| Self::new(tiering, shapes, [units.collect(), Vec::new()]))
    }

    /// Pairs of halves of a job.
    pub(super) fn pairs_of(&self, first: Signature, second: Signature) -> f64 {
        let ways = |side: usize, of| self.sides[side].subsets.get(&of).copied().unwrap_or(0.0);
        ways(0, first) * ways(1, second)
    }

    fn new(tiering: &Tiering, shapes: &[Vec<Signature>; 2], sides: [Vec<usize>; 2]) -> Self {
        let mut most = [0; MOST_TIERS];
        for shape in shapes.iter().flatten() {
            most.iter_mut().zip(shape).for_each(|(most, &count)| *most = count.max(*most));
        }
        let sides = sides.map(|units| Side { subsets: count(tiering, &units, most), units });
        let mut split = Self { sides, jobs: Vec::new(), halves: 0.0 };
        for (large, shape) in shapes.iter().enumerate().flat_map(|(large, list)| list.iter().map(move |s| (large, s))) {
            for (first, a) in &split.sides[0].subsets {
                let Some(second) = minus(*shape, *first) else { continue };
                let Some(b) = split.sides[1].subsets.get(&second) else { continue };
                split.jobs.push((*first, second, large));
                split.halves += a + b;
            }
        }
        split.jobs.sort_unstable();
        split
    }
}

/// The number of subsets of `units` by signature, none beyond `most`.
fn count(tiering: &Tiering, units: &[usize], most: Signature) -> BTreeMap<Signature, f64> {
    let mut counts = BTreeMap::from([([0; MOST_TIERS], 1.0)]);
    for &unit in units {
        let with: Vec<(Signature, f64)> = counts
            .iter()
            .filter_map(|(signature, ways)| {
                let mut sum = *signature;
                sum.iter_mut()
                    .zip(&tiering.of_unit[unit])
                    .for_each(|(sum, &count)| *sum = u8::saturating_add(*sum, count));
                sum.iter().zip(&most).all(|(sum, most)| sum <= most).then_some((sum, *ways))
            })
            .collect();
        for (signature, ways) in with {
            *counts.entry(signature).or_insert(0.0) += ways;
        }
    }
    counts
}

/// The shape of a job.
pub(super) fn plus(first: Signature, second: Signature) -> Signature {
    std::array::from_fn(|tier| first[tier] + second[tier])
}

fn minus(whole: Signature, part: Signature) -> Option<Signature> {
    let mut left = whole;
    for (left, part) in left.iter_mut().zip(part) {
        *left = left.checked_sub(part)?;
    }
    Some(left)
}
