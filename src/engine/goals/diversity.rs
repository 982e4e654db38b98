//! Goal diversity (maximally diverse grouping, MDGP): as little as possible of the pairwise distance falls between groups.
//!
//! Distance of two students: Σ_c m_c·abs(u_sc − u_tc). Least between = most within, since their sum is fixed.

use super::about::{About, Divided, Exact, deviations};
use super::{Parts, Whole};
use crate::fault::Fault;
use crate::problem::size::MOST_PAIRWISE;
use crate::problem::weights::{Power, WholeWeights, goal_weights};
use crate::problem::{GoalInput, Problem};
use crate::roster::Roster;
use crate::words;
use crate::words::{Words, label};

/// Leading bits by which numbers are told apart at first.
const BUCKET_BITS: u32 = 16;

/// The goal, described.
pub(super) static ABOUT: About = About {
    label: label("组内差异", "diversity"),
    meaning: label("分在不同组的差异，越少则组内差异越大", "distance that lies between groups instead of inside them"),
    short_unit: None,
    wish: None,
    exact: Exact::Neither,
    power: Power::Plain,
    range: deviations,
    refusal: too_many,
    build,
    shown: None,
    justify,
};

fn build(problem: &Problem, input: &GoalInput) -> Parts {
    let n = problem.students;
    let WholeWeights { common, weights } = goal_weights(problem, input, Power::Plain);
    let mut matrix = vec![0; n * n];
    for (s, row) in matrix.chunks_exact_mut(n.max(1)).enumerate() {
        for (&(index, _), &w) in input.marks.iter().zip(&weights) {
            let units = &problem.marks[index].units;
            row.iter_mut().zip(units).for_each(|(distance, u)| *distance += w * (units[s] - u).abs());
        }
    }
    let within_pairs: usize = problem.sizes().iter().map(|size| size * (size - 1) / 2).sum();
    let rows = || (0..n).map(|s| &matrix[s * n..s * n + s]);
    let total: i64 = rows().flatten().sum();
    let bound = least_sum(rows, n * n.saturating_sub(1) / 2 - within_pairs);
    Parts {
        terms: Vec::new(),
        whole: Whole::Distances { matrix, total },
        bound,
        unit: total as f64 / 100.0,
        level_unit: common.into(),
    }
}

/// The sum of the `count` least of many numbers from 0 on, by their leading bits: sorting them would take longer, and a copy.
fn least_sum<'m, R: Iterator<Item = &'m [i64]>>(rows: impl Fn() -> R, count: usize) -> i64 {
    let largest = rows().flatten().copied().max().unwrap_or(0);
    let shift = (i64::BITS - largest.leading_zeros()).saturating_sub(BUCKET_BITS);
    let mut buckets = vec![(0, 0); (largest >> shift) as usize + 1];
    for &number in rows().flatten() {
        let (count, sum) = &mut buckets[(number >> shift) as usize];
        (*count, *sum) = (*count + 1, *sum + number);
    }
    let (mut left, mut least) = (count, 0);
    for (bucket, (count, sum)) in buckets.into_iter().enumerate() {
        if count > left {
            let mut inside: Vec<i64> =
                rows().flatten().copied().filter(|number| (number >> shift) as usize == bucket).collect();
            inside.sort_unstable();
            return least + inside[..left].iter().sum::<i64>();
        }
        (left, least) = (left - count, least + sum);
    }
    least
}

/// Every two students are compared, in a table of all pairs.
fn too_many(problem: &Problem, roster: &Roster) -> Option<Fault> {
    let students = problem.students;
    (students > MOST_PAIRWISE).then(|| Fault {
        code: "too_many_students",
        place: roster.file.clone(),
        found: words!(
            "{students} 名学生，目标 diversity 要比较每两名学生",
            "{students} students, each pair compared by goal diversity"
        ),
        expected: words!("至多 {MOST_PAIRWISE} 名", "at most {MOST_PAIRWISE}"),
        action: words!(
            "请分班进行，或改用 project-teams 方案",
            "divide class by class, or use the model project-teams"
        ),
    })
}

/// The share of all pairwise distance that lies inside groups.
fn justify(&Divided { parts, group_of, .. }: &Divided<'_>) -> Words {
    let Whole::Distances { matrix, total } = &parts.whole else { return Words::default() };
    let within = 100.0 * (total - value(matrix, group_of)) as f64 / (*total).max(1) as f64;
    words!("两两差异有 {within:.1} % 落在组内", "{within:.1} % of all pairwise distance lies inside groups")
}

/// Distance between students of different groups.
#[must_use]
pub fn value(matrix: &[i64], group_of: &[usize]) -> i64 {
    let n = group_of.len();
    let row = |s: usize| (0..s).filter(|&t| group_of[t] != group_of[s]).map(|t| matrix[s * n + t]).sum::<i64>();
    (0..n).map(row).sum()
}
