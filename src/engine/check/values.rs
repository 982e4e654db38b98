//! The scaled value of every goal, from scratch (`models/formulation.md`, "Goals"). Less is better.

use super::case::{Case, Terms};
use std::collections::BTreeMap;

/// Students whose group is not last semester's.
pub(super) fn moves(case: &Case) -> i128 {
    let moved = |(old, new): (&Option<usize>, &usize)| old.is_some_and(|old| old != *new);
    case.old.iter().zip(case.group_of).filter(|&pair| moved(pair)).count() as i128
}

/// `Σ_g Σ_t abs(N·x_gt − n_g·T_t)`.
pub(super) fn tiers(case: &Case) -> i128 {
    case.tiers().iter().map(|tier| shares(case, tier).iter().sum::<i128>()).sum()
}

/// Students outside floor/ceil of `n_g·T_t/N`, summed over groups and tiers: what people are shown of tiers.
pub(super) fn outside_tiers(case: &Case) -> i128 {
    case.tiers().iter().map(|tier| outside(case, tier)).sum()
}

/// `Σ_k w_k Σ_g dist(x_gk, [⌊n_g·C_k/N⌋, ⌈n_g·C_k/N⌉])`.
pub(super) fn counts(case: &Case, kinds: &Terms) -> i128 {
    kinds.columns.iter().map(|kind| kind.weight.saturating_mul(outside(case, &kind.u))).sum()
}

/// `Σ_c m_c Σ_g abs(D_gc)`; the goals means (of marks) and spread (of squares).
pub(super) fn deviation(case: &Case, terms: &Terms) -> i128 {
    let of = |u: &[i128]| shares(case, u).iter().sum::<i128>();
    terms.columns.iter().map(|term| term.weight.saturating_mul(of(&term.u))).sum()
}

/// The largest `m_c·abs(D_gc)·(Λ/n_g)` over g and c.
pub(super) fn worst(case: &Case, terms: &Terms) -> i128 {
    let multiple = case.sizes_multiple();
    let single =
        |weight: i128, (deviation, size): (i128, &i128)| weight.saturating_mul(deviation * multiple / size.max(&1));
    let of = |term: &super::case::Term| {
        shares(case, &term.u).into_iter().zip(&case.sizes).map(|pair| single(term.weight, pair)).max()
    };
    terms.columns.iter().filter_map(of).max().unwrap_or(0)
}

/// Pairs of one group that were in one group last semester.
pub(super) fn partners(case: &Case) -> i128 {
    let together = |group: &Vec<usize>| {
        let mut from: BTreeMap<usize, i128> = BTreeMap::new();
        group.iter().filter_map(|&s| case.old[s]).for_each(|old| *from.entry(old).or_default() += 1);
        from.into_values().map(|count| count * (count - 1) / 2).sum::<i128>()
    };
    case.members.iter().map(together).sum()
}

/// Σ over pairs in different groups of the pair's distance.
pub(super) fn diversity(case: &Case, terms: &Terms) -> i128 {
    total_diversity(case, terms) - case.members.iter().map(|group| among(terms, group)).sum::<i128>()
}

/// The same sum over all pairs of the class.
pub(super) fn total_diversity(case: &Case, terms: &Terms) -> i128 {
    among(terms, &(0..case.group_of.len()).collect::<Vec<_>>())
}

/// The same sum over all pairs of these students: in ascending order of a column each is as far above those before it as its own
/// number exceeds theirs.
fn among(terms: &Terms, students: &[usize]) -> i128 {
    let of_column = |term: &super::case::Term| {
        let mut u: Vec<i128> = students.iter().map(|&s| term.u[s]).collect();
        u.sort_unstable();
        let above = (0..).zip(&u).scan(0, |before, (i, u)| {
            let above = i * u - *before;
            *before += u;
            Some(above)
        });
        term.weight.saturating_mul(above.sum())
    };
    terms.columns.iter().map(of_column).sum()
}

/// Every pair of a list once.
pub(super) fn pairs(list: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    list.iter().enumerate().flat_map(|(i, &s)| list[i + 1..].iter().map(move |&t| (s, t)))
}

/// `abs(D_gc) = abs(N·U_gc − n_g·U_c)` of each group.
fn shares(case: &Case, u: &[i128]) -> Vec<i128> {
    let total: i128 = u.iter().sum();
    let off = |(sum, size): (i128, &i128)| (case.students * sum - size * total).abs();
    case.group_sums(u).into_iter().zip(&case.sizes).map(off).collect()
}

/// How far the groups' counts lie outside floor and ceil of their ideal, summed.
fn outside(case: &Case, members: &[i128]) -> i128 {
    let total: i128 = members.iter().sum();
    let off = |(count, size): (i128, &i128)| {
        let (floor, ceil) = floor_and_ceil(size * total, case.students);
        (floor - count).max(count - ceil).max(0)
    };
    case.group_sums(members).into_iter().zip(&case.sizes).map(off).sum()
}

/// ⌊a/b⌋ and ⌈a/b⌉ for a ≥ 0; b = 0 counts as 1.
pub(super) fn floor_and_ceil(a: i128, b: i128) -> (i128, i128) {
    let b = b.max(1);
    (a / b, (a + b - 1) / b)
}
