//! Paired help (结对帮扶): inside each group every struggling student gets a helper whose strengths cover the weak subjects.
//!
//! Helpers come from the top tier, from the next one down where the group has nobody above it, and are loaded evenly: with m
//! struggling students and h helpers each has ⌊m/h⌋ or ⌈m/h⌉ of them. Under that, the summed benefit is largest (an assignment
//! problem, Kuhn–Munkres), where
//! `benefit(s, h) = Σ_c max(0, (mean_c − u_sc)/σ_c) · max(0, (u_hc − mean_c)/σ_c)` over the class's score columns.
//! Of equal pairings the one that gives the first struggling students the first helpers is taken. Where groups are so large that this
//! would take long, each struggling student in turn gets the free helper of the largest benefit.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "numbers of students and marks are far below 2⁵²"
)]

use crate::problem::{Problem, Tiers};
use pathfinding::prelude::{Matrix, kuhn_munkres};
use std::cmp::Reverse;

/// Benefits are rounded to this part, so that comparisons are exact.
const PARTS: f64 = 1e6;

/// Worth of a helper's place below ⌊m/h⌋: more than all benefits of a group together, so helpers are loaded evenly first.
const EVEN_LOAD: i64 = 1 << 42;

/// The pairs of each group, (struggling student, helper), in order of struggling student. None in a group without struggling
/// students, without students of a higher tier, or where the model has fewer than two tiers.
#[must_use]
pub fn pair(problem: &Problem, group_of: &[usize]) -> Vec<Vec<(usize, usize)>> {
    let Some(tiers) = problem.tiers.as_ref().filter(|tiers| tiers.totals.len() > 1) else {
        return vec![Vec::new(); problem.groups];
    };
    let strengths = strengths(problem);
    let mut members = vec![Vec::new(); problem.groups];
    group_of.iter().enumerate().for_each(|(s, &g)| members[g].push(s));
    let roles: Vec<_> = members.iter().map(|members| roles(tiers, members)).collect();
    let work: f64 = roles.iter().map(|(struggling, helpers)| work(struggling.len() as f64, helpers.len() as f64)).sum();
    let assign = if work > MOST_WORK { in_turn } else { assign };
    roles.iter().map(|(struggling, helpers)| assign(struggling, helpers, &strengths)).collect()
}

/// Steps of all assignment problems of a plan beyond which helpers are given in turn (some tenths of a second).
const MOST_WORK: f64 = 2e8;

/// Steps for so many struggling students and helpers: an assignment problem for each pair.
fn work(struggling: f64, helpers: f64) -> f64 {
    struggling * helpers * struggling.powi(2) * struggling.max(helpers)
}

/// Each struggling student in turn gets the helper of the largest benefit among those with the fewest so far.
fn in_turn(struggling: &[usize], helpers: &[usize], strengths: &[Vec<f64>]) -> Vec<(usize, usize)> {
    let mut free: Vec<usize> = Vec::new();
    let mut pairs = Vec::with_capacity(struggling.len());
    for &s in struggling {
        if free.is_empty() {
            free = helpers.to_vec();
        }
        let worth = |i: &usize| (benefit(&strengths[s], &strengths[free[*i]]), Reverse(*i));
        let Some(best) = (0..free.len()).max_by_key(worth) else { break };
        pairs.push((s, free.remove(best)));
    }
    pairs
}

/// The struggling students of a group, and its highest tier above them that has anybody.
fn roles(tiers: &Tiers, members: &[usize]) -> (Vec<usize>, Vec<usize>) {
    let last = tiers.totals.len() - 1;
    let of = |tier: usize| members.iter().copied().filter(|&s| tiers.of[s] == tier).collect::<Vec<_>>();
    let helpers = (0..last).map(of).find(|students| !students.is_empty()).unwrap_or_default();
    (of(last), helpers)
}

/// How far each student is above the class mean in each score column, in standard deviations: `strengths[s][c]`.
fn strengths(problem: &Problem) -> Vec<Vec<f64>> {
    let n = problem.students as f64;
    let mut strengths = vec![Vec::new(); problem.students];
    for marks in &problem.marks {
        let mean = marks.total as f64 / n;
        let deviation = (marks.units.iter().map(|&u| (u as f64 - mean).powi(2)).sum::<f64>() / n).sqrt();
        for (of, &u) in strengths.iter_mut().zip(&marks.units) {
            of.push(if deviation > 0.0 { (u as f64 - mean) / deviation } else { 0.0 });
        }
    }
    strengths
}

fn benefit(struggling: &[f64], helper: &[f64]) -> i64 {
    let sum: f64 = struggling.iter().zip(helper).map(|(weak, strong)| (-weak).max(0.0) * strong.max(0.0)).sum();
    (sum * PARTS).round() as i64
}

fn assign(struggling: &[usize], helpers: &[usize], strengths: &[Vec<f64>]) -> Vec<(usize, usize)> {
    if struggling.is_empty() || helpers.is_empty() {
        return Vec::new();
    }
    let mut worth: Vec<Vec<i64>> = (struggling.iter())
        .map(|&s| helpers.iter().map(|&h| benefit(&strengths[s], &strengths[h])).collect())
        .collect();
    let best = largest_worth(&worth, helpers.len());
    // Forbids one pair after another as long as the best worth is still reached: the first student keeps the first helper that
    // some best pairing has, and so on down the list.
    let mut pairs = Vec::new();
    for (i, &s) in struggling.iter().enumerate() {
        for (j, &h) in helpers.iter().enumerate() {
            let open = worth[i].clone();
            (0..helpers.len()).filter(|&other| other != j).for_each(|other| worth[i][other] = FORBIDDEN);
            if largest_worth(&worth, helpers.len()) == best {
                pairs.push((s, h));
                break;
            }
            worth[i] = open;
        }
    }
    pairs
}

/// Worth of a pair that must not be: less than any pairing can make up for.
const FORBIDDEN: i64 = -(1 << 52);

/// The largest summed worth of a pairing in which every helper has ⌊m/h⌋ or ⌈m/h⌉ places.
fn largest_worth(worth: &[Vec<i64>], helpers: usize) -> i64 {
    let (even, places) = (worth.len() / helpers, worth.len().div_ceil(helpers));
    let place = |row: usize, column: usize| {
        let (helper, nth) = (column / places, column % places);
        worth[row][helper] + if nth < even { EVEN_LOAD } else { 0 }
    };
    kuhn_munkres(&Matrix::from_fn(worth.len(), helpers * places, |(row, column)| place(row, column))).0
}
