//! Paired help against all pairings of small groups.

use crate::cases::config;
use crate::small;
use fenzu::problem::Problem;
use fenzu::solver::helpers::pair;
use proptest::prelude::*;

/// One group whose students have these tiers and marks.
fn group(tiers: &[usize], columns: &[Vec<i64>]) -> Problem {
    let mut problem = small::problem(tiers.len(), 1);
    problem.tiers = Some(small::tiers(tiers));
    problem.marks = columns.iter().map(|points| small::marks(points)).collect();
    problem
}

fn benefit(problem: &Problem, struggling: usize, helper: usize) -> f64 {
    let column = |marks: &fenzu::problem::marks::Marks| {
        let n = marks.units.len() as f64;
        let mean = marks.units.iter().sum::<i64>() as f64 / n;
        let sd = (marks.units.iter().map(|&u| (u as f64 - mean).powi(2)).sum::<f64>() / n).sqrt();
        let above = |s: usize| if sd > 0.0 { (marks.units[s] as f64 - mean) / sd } else { 0.0 };
        f64::max(-above(struggling), 0.0) * f64::max(above(helper), 0.0)
    };
    problem.marks.iter().map(column).sum()
}

fn worth(problem: &Problem, pairs: &[(usize, usize)]) -> f64 {
    pairs.iter().map(|&(s, h)| benefit(problem, s, h)).sum()
}

/// All pairings with loads of floor or ceil, struggling students in order.
fn all_even_pairings(struggling: &[usize], helpers: &[usize]) -> Vec<Vec<(usize, usize)>> {
    let mut all = vec![Vec::new()];
    for &s in struggling {
        all = all
            .iter()
            .flat_map(|pairs: &Vec<(usize, usize)>| {
                helpers.iter().map(move |&h| pairs.iter().copied().chain([(s, h)]).collect())
            })
            .collect();
    }
    let (least, most) = (struggling.len() / helpers.len(), struggling.len().div_ceil(helpers.len()));
    let load = |pairs: &Vec<(usize, usize)>, h: usize| pairs.iter().filter(|pair| pair.1 == h).count();
    all.retain(|pairs| helpers.iter().all(|&h| (least..=most).contains(&load(pairs, h))));
    all
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn pairings_are_best_and_even(
        (tiers, a, b) in (2_usize..9).prop_flat_map(|n| {
            let marks = || proptest::collection::vec(0_i64..20, n);
            (proptest::collection::vec(0_usize..3, n), marks(), marks())
        })
    ) {
        let problem = group(&tiers, &[a, b]);
        let pairs = pair(&problem, &vec![0; tiers.len()]).remove(0);
        let of = |tier: usize| (0..tiers.len()).filter(|&s| tiers[s] == tier).collect::<Vec<_>>();
        let helpers = if of(0).is_empty() { of(1) } else { of(0) };
        if helpers.is_empty() {
            prop_assert!(pairs.is_empty());
            return Ok(());
        }
        let all = all_even_pairings(&of(2), &helpers);
        prop_assert!(all.contains(&pairs), "{:?} is not even or not whole", pairs);
        let best = all.iter().map(|pairs| worth(&problem, pairs)).fold(0.0, f64::max);
        prop_assert!(worth(&problem, &pairs) >= best - 1e-4, "{:?} is not best", pairs);
    }
}

#[test]
fn strengths_cover_weak_subjects() {
    // 0 is strong in the first subject, 1 in the second; 2 is weak in the second, 3 in the first.
    let problem = group(&[0, 0, 2, 2], &[vec![90, 60, 60, 30], vec![60, 90, 30, 60]]);
    assert_eq!(pair(&problem, &[0; 4]), [vec![(2, 1), (3, 0)]]);
}

#[test]
fn equal_pairings_give_the_first_the_first() {
    let problem = group(&[2, 0, 2, 0], &[vec![5, 5, 5, 5]]);
    assert_eq!(pair(&problem, &[0; 4]), [vec![(0, 1), (2, 3)]]);
}

#[test]
fn without_a_top_tier_the_middle_helps() {
    let problem = group(&[1, 1, 2], &[vec![50, 90, 10]]);
    assert_eq!(pair(&problem, &[0; 3]), [vec![(2, 1)]]);
}

#[test]
fn helpers_are_of_the_own_group() {
    let mut problem = group(&[0, 2, 0, 2], &[vec![90, 10, 80, 20]]);
    problem.groups = 2;
    assert_eq!(pair(&problem, &[0, 1, 1, 0]), [vec![(3, 0)], vec![(1, 2)]]);
}

#[test]
fn no_tiers_no_pairs() {
    let mut problem = group(&[0, 2], &[vec![90, 10]]);
    problem.tiers = None;
    assert_eq!(pair(&problem, &[0; 2]), [vec![]]);
}
