//! Rules checked on a plan in whole numbers.

use crate::problem::{Problem, rules::Rule};

/// Whether a plan has the class's group sizes and keeps every one of `rules`.
#[cfg(feature = "mip")]
pub(super) fn all_kept(problem: &Problem, rules: &[Rule], group_of: &[usize]) -> bool {
    let mut sizes = count(problem, group_of, |_| true);
    let mut wanted = problem.sizes();
    sizes.sort_unstable();
    wanted.sort_unstable();
    group_of.len() == problem.students && sizes == wanted && rules.iter().all(|rule| kept(problem, rule, group_of))
}

/// Whether a plan keeps a rule.
#[must_use]
pub fn kept(problem: &Problem, rule: &Rule, group_of: &[usize]) -> bool {
    match rule {
        Rule::Together(list) => list.windows(2).all(|pair| group_of[pair[0]] == group_of[pair[1]]),
        Rule::Apart(list) => {
            let mut seen = vec![false; problem.groups];
            list.iter().all(|&s| !std::mem::replace(&mut seen[group_of[s]], true))
        }
        Rule::Pin { student, group } => group_of[*student] == *group,
        Rule::NeverAlone(kind) => {
            let members = &problem.kinds[*kind].members;
            count(problem, group_of, |s| members[s]).iter().all(|&count| count != 1)
        }
        Rule::TierQuota => tier_quota(problem, group_of),
    }
}

fn tier_quota(problem: &Problem, group_of: &[usize]) -> bool {
    let Some(tiers) = &problem.tiers else { return true };
    let sizes = count(problem, group_of, |_| true);
    (0..tiers.totals.len()).all(|t| {
        let total = tiers.of.iter().filter(|&&tier| tier == t).count();
        let counts = count(problem, group_of, |s| tiers.of[s] == t);
        counts.iter().zip(&sizes).all(|(&x, &size)| (problem.students * x).abs_diff(size * total) < problem.students)
    })
}

/// Students of each group whom `counts` takes.
fn count(problem: &Problem, group_of: &[usize], counts: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut sums = vec![0; problem.groups];
    for (_, &g) in group_of.iter().enumerate().filter(|(s, _)| counts(*s)) {
        sums[g] += 1;
    }
    sums
}
