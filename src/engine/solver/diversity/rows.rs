//! Large numeric data: groups as alike as they can be, for up to millions of rows.
//!
//! The between-group sum of squares Σ_g |s_g|² / n_g (rows centred, s_g the sum of group g) is made small. Only group sums count,
//! so a swap is priced in O(columns). Rows are dealt out by assignment in batches at first. Then the division is cooled by swaps
//! of near rows and of any rows, in shares by what they do, and few large groups are evened out by two swaps at once; and one row
//! of each of many groups is dealt out again as the groups need it. Whichever gains more gets more of the time.
//! [`even_out`] does the same from a given division, with swaps of rows of one kind only: large classes begin with it.
//!
//! | file | job |
//! |---|---|
//! | [`assignment`] | the assignment problem |
//! | `batches` | the division to begin with |
//! | `tree` | a k-d tree |
//! | `partners` | rows by value, and the nearest of each |
//! | `sums` | the sums of groups, and what a swap changes |
//! | `reassign` | a row of each of many groups dealt out again |
//! | `cooling` | a chain of coolings |
//! | `doubles` | two swaps at once |

pub mod assignment;
mod batches;
mod cooling;
mod doubles;
mod partners;
mod reassign;
mod sums;
mod tree;

use super::Search;
use crate::problem::rows::Rows;
use crate::solver::Stop;
use cooling::{Chain, Found};
use partners::Partners;
use rand_pcg::Pcg64;

/// Divides rows into groups with sizes within one of each other; the group of each row. There must be at least as many rows as
/// groups. A try of one swap is a unit of work.
#[must_use]
pub fn divide(rows: &Rows, groups: usize, search: Search, stop: &Stop) -> Vec<usize> {
    if groups <= 1 {
        return vec![0; rows.len()];
    }
    let centred = centred(rows);
    let start = batches::assigned(&centred, rows.columns, groups, stop);
    let partners = Partners::new(&centred, rows.columns);
    let start: Vec<u32> = partners.order.iter().map(|&row| start[row as usize]).collect();
    let points = in_order(&centred, rows.columns, &partners);
    let ground = Ground { points: &points, columns: rows.columns, partners: &partners, kinds: None };
    let run = |rng: Pcg64, stop: &Stop| {
        Chain::run(ground, (start.clone(), groups), rng, search.work.unwrap_or(u64::MAX), stop)
    };
    let best = super::best_of(search, stop, run, |found: &Found| -found.between);
    given_order(&partners, &best.group_of)
}

/// Makes groups alike by swaps of rows of one kind, at most `tries` of them tried; the group of each row. `start` gives every row
/// its group, `kinds` its kind: how many of each kind a group has stays as it is.
#[must_use]
pub fn even_out(rows: &Rows, (start, kinds): (&[usize], &[usize]), tries: u64, rng: Pcg64, stop: &Stop) -> Vec<usize> {
    let columns = rows.columns;
    let groups = start.iter().max().map_or(0, |last| last + 1);
    let centred = centred(rows);
    // One column more holds the kinds farther apart than rows can be, so that the nearest are of one kind.
    let apart = 4.0 * centred.iter().fold(1.0, |most: f64, value| most.max(value.abs())) * columns as f64;
    let with_kinds = centred.chunks_exact(columns).zip(kinds);
    let with_kinds = with_kinds.flat_map(|(row, &kind)| row.iter().copied().chain([kind as f64 * apart]));
    let partners = Partners::new(&with_kinds.collect::<Vec<f64>>(), columns + 1);
    let points = in_order(&centred, columns, &partners);
    let kinds: Vec<u32> = partners.order.iter().map(|&row| kinds[row as usize] as u32).collect();
    let start = partners.order.iter().map(|&row| start[row as usize] as u32).collect();
    let ground = Ground { points: &points, columns, partners: &partners, kinds: Some(&kinds) };
    given_order(&partners, &Chain::run(ground, (start, groups), rng, tries, stop).group_of)
}

/// What all chains share.
#[derive(Clone, Copy)]
struct Ground<'g> {
    /// `points[p * columns + c]`, centred, in the order of the partners.
    points: &'g [f64],
    columns: usize,
    partners: &'g Partners,
    /// The kind at each place, where only rows of one kind may be swapped.
    kinds: Option<&'g [u32]>,
}

/// Rows in the order of their partners.
fn in_order(rows: &[f64], columns: usize, partners: &Partners) -> Vec<f64> {
    partners.order.iter().flat_map(|&row| rows[row as usize * columns..][..columns].iter().copied()).collect()
}

/// The groups of rows in the partners' order, in their own order.
fn given_order(partners: &Partners, groups: &[u32]) -> Vec<usize> {
    let mut group_of = vec![0; groups.len()];
    for (&row, &group) in partners.order.iter().zip(groups) {
        group_of[row as usize] = group as usize;
    }
    group_of
}

/// The rows less their mean, which changes no sum of squares between groups.
fn centred(rows: &Rows) -> Vec<f64> {
    let mut means = vec![0.0; rows.columns];
    for row in rows.values.chunks_exact(rows.columns) {
        means.iter_mut().zip(row).for_each(|(mean, value)| *mean += value / rows.len() as f64);
    }
    rows.values.chunks_exact(rows.columns).flat_map(|row| row.iter().zip(&means).map(|(v, mean)| v - mean)).collect()
}
