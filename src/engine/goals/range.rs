//! Numbers whose exact sums would not fit 64 bits, refused before anything is added up.

use super::about;
use super::about::About;
use crate::fault::Fault;
use crate::model::{GoalName, Ratio};
use crate::problem::weights::{Power, whole_weights};
use crate::problem::{GoalInput, Problem};
use crate::roster::Roster;
use crate::words;
use std::collections::BTreeSet;

/// Largest absolute value of a sum that the solver may meet; leaves room for changes, tolerances and the steps of provers.
pub(super) const LARGEST: i64 = 1 << 60;

/// Every goal that cannot be computed exactly, each by itself.
#[must_use]
pub fn refusals(problem: &Problem, roster: &Roster) -> Vec<Fault> {
    let mut faults = Vec::new();
    for goal in &problem.goals {
        let about = about(goal.name);
        faults.extend((about.refusal)(problem, roster));
        let columns = too_large_columns(problem, goal, about);
        faults.extend(columns.into_iter().map(|column| too_large(roster, column, goal.name)));
    }
    faults
}

/// The columns of a goal whose weighted sums are too large.
fn too_large_columns(problem: &Problem, goal: &GoalInput, about: &About) -> BTreeSet<usize> {
    let common = whole_weights(problem, goal, about.power).map_or(f64::INFINITY, |whole| whole.common as f64);
    let float = |ratio: Ratio| ratio.num as f64 / ratio.den as f64;
    let kinds = goal.kinds.iter().map(|&(index, weight)| {
        let kind = &problem.kinds[index];
        (kind.column, problem.students as f64 * float(weight) * goal.kinds.len() as f64)
    });
    let marks = goal.marks.iter().map(|&(index, weight)| {
        let (marks, power) = match about.power {
            Power::Plain => (&problem.marks[index], 1),
            Power::Squares => (&problem.marks[index].coarse(), 2),
        };
        let largest = (marks.units.iter().copied().max().unwrap_or(0) as f64).powi(power);
        let unit = (marks.num as f64 / marks.den as f64).powi(power) * float(weight);
        (marks.column, (about.range)(problem, largest) * unit * goal.marks.len() as f64)
    });
    kinds.chain(marks).filter(|(_, sum)| sum * common > LARGEST as f64).map(|(column, _)| column).collect()
}

fn too_large(roster: &Roster, column: usize, goal: GoalName) -> Fault {
    let (header, goal) = (&roster.columns[column].header, goal.word());
    Fault {
        code: "numbers_too_large",
        place: format!("{} {header}", roster.file),
        found: words!(
            "数值范围太大或太细，目标 {goal} 无法精确计算",
            "numbers too large or too fine for exact arithmetic in goal {goal}"
        ),
        expected: words!("最多两位小数的成绩和简单的权重", "marks with at most two decimals and simple weights"),
        action: words!(
            "请四舍五入该列，或减小权重的分母",
            "round the column, or use weights with smaller denominators"
        ),
    }
}
