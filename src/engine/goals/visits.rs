//! Goal visits: every group needs its fair share of home visits, abs(N·V_g − n_g·V) summed, so that teachers carry alike.
//!
//! Like marks, visits are taken less their least and in steps of their greatest common divisor q, which weighs the term.

use super::about::{About, Divided, Exact, deviations};
use super::bounds::least_summed_deviation;
use super::range::LARGEST;
use super::{Parts, Shape, Term, Whole};
use crate::fault::Fault;
use crate::model::ratio::gcd;
use crate::problem::weights::Power;
use crate::problem::{GoalInput, Problem};
use crate::roster::Roster;
use crate::words;
use crate::words::{Words, label};

/// The goal, described.
pub(super) static ABOUT: About = About {
    label: label("家访", "visits"),
    meaning: label("各组家访次数与应有次数之差", "home visits beyond a group's fair share"),
    short_unit: None,
    wish: None,
    exact: Exact::Sums,
    power: Power::Plain,
    range: deviations,
    refusal: too_large,
    build,
    shown: None,
    justify,
};

fn build(problem: &Problem, _: &GoalInput) -> Parts {
    let n = problem.students as i64;
    let sizes: Vec<i64> = problem.sizes().iter().map(|&size| size as i64).collect();
    let least = problem.visits.iter().copied().min().unwrap_or(0);
    let step = problem.visits.iter().fold(0, |step, visits| gcd(step, visits - least)).max(1);
    let units: Vec<i64> = problem.visits.iter().map(|visits| (visits - least) / step).collect();
    Parts {
        terms: vec![Term::fair_share(Shape::Deviation, step, &units)],
        whole: Whole::Nothing,
        bound: step * least_summed_deviation(n, &sizes, units.iter().sum()),
        unit: n as f64,
        level_unit: n.into(),
    }
}

/// The model's numbers are held within 1,000 when it is read; a model made otherwise is not.
fn too_large(problem: &Problem, roster: &Roster) -> Option<Fault> {
    let (least, most) = (problem.visits.iter().min()?, problem.visits.iter().max()?);
    (deviations(problem, (most - least) as f64) > LARGEST as f64).then(|| Fault {
        code: "numbers_too_large",
        place: format!("{} staff.visits_of", roster.file),
        found: words!("一名学生一学期 {most} 次家访", "{most} visits of one student"),
        expected: words!("最多 1000 次", "at most 1,000"),
        action: words!("请改正方案里的家访次数", "correct the visits in the model"),
    })
}

/// The lightest and the heaviest group.
fn justify(&Divided { problem, group_of, .. }: &Divided<'_>) -> Words {
    let mut sums = vec![0; problem.groups];
    group_of.iter().zip(&problem.visits).for_each(|(&g, visits)| sums[g] += visits);
    let (least, most) = (sums.iter().min().copied().unwrap_or(0), sums.iter().max().copied().unwrap_or(0));
    if least == most {
        return words!("每组一学期都是 {most} 次家访", "every group needs {most} visits a semester");
    }
    words!("各组一学期 {least} 到 {most} 次家访", "groups need {least} to {most} visits a semester")
}
