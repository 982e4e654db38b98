//! Rules checked on a plan in whole numbers.

use crate::problem::{Problem, rules::Rule};

/// Whether a plan has the class's group sizes and keeps every one of `rules`.
pub(super) fn all_kept(problem: &Problem, rules: &[Rule], group_of: &[usize]) -> bool {
    let mut sizes = sizes(problem, group_of);
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
    let n = problem.students as i64;
    let sizes = sizes(problem, group_of);
    tiers.totals.iter().enumerate().all(|(t, &total)| {
        let counts = count(problem, group_of, |s| tiers.of[s] == t);
        counts.iter().zip(&sizes).all(|(&x, &size)| (n * x - size as i64 * total).abs() < n)
    })
}

fn sizes(problem: &Problem, group_of: &[usize]) -> Vec<usize> {
    let mut sizes = vec![0; problem.groups];
    group_of.iter().for_each(|&g| sizes[g] += 1);
    sizes
}

fn count(problem: &Problem, group_of: &[usize], counts: impl Fn(usize) -> bool) -> Vec<i64> {
    let mut sums = vec![0; problem.groups];
    group_of.iter().enumerate().filter(|(s, _)| counts(*s)).for_each(|(_, &g)| sums[g] += 1);
    sums
}
