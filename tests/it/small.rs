//! Small problems built directly, and all of their plans.

use fenzu::model::goal::Columns;
use fenzu::model::{GoalName, Ratio};
use fenzu::problem::marks::Marks;
use fenzu::problem::{GoalInput, Kind, Problem, Tiers, rules::Rule};

/// A problem without tiers, columns, rules and goals.
pub fn problem(students: usize, groups: usize) -> Problem {
    Problem {
        students,
        groups,
        tiers: None,
        kinds: Vec::new(),
        marks: Vec::new(),
        visits: vec![2; students],
        previous: None,
        rules: Vec::new(),
        goals: Vec::new(),
        prove_through: GoalName::Means,
        notices: Vec::new(),
    }
}

/// Tier of each student; three layers.
pub fn tiers(of: &[usize]) -> Tiers {
    let totals = (0..3).map(|t| of.iter().filter(|&&tier| tier == t).count() as i64).collect();
    Tiers { of: of.to_vec(), totals }
}

/// A kind of the column with index 0.
pub fn kind(label: &str, members: &[bool]) -> Kind {
    let total = members.iter().filter(|&&is| is).count() as i64;
    Kind { column: 0, label: label.to_owned(), members: members.to_vec(), total }
}

/// Marks in whole points; normalised as the formulation demands.
pub fn marks(points: &[i64]) -> Marks {
    let least = points.iter().copied().min().unwrap_or(0);
    let step = points.iter().fold(0, |a, b| gcd(a, b - least)).max(1);
    let units: Vec<i64> = points.iter().map(|p| (p - least) / step).collect();
    Marks { column: 0, total: units.iter().sum(), units, num: step, den: 1, present: vec![true; points.len()] }
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// A goal on a level that looks at all marks or kinds.
pub fn goal(problem: &Problem, name: GoalName, level: u8) -> GoalInput {
    let one = Ratio { num: 1, den: 1 };
    let counts = name.columns() == Columns::Kinds;
    let marks = if counts { 0 } else { problem.marks.len() };
    let kinds = if counts { problem.kinds.len() } else { 0 };
    GoalInput {
        name,
        level,
        weight: one,
        tolerance: 0.0,
        marks: (0..marks).map(|i| (i, one)).collect(),
        kinds: (0..kinds).map(|i| (i, one)).collect(),
    }
}

/// Every plan with the right sizes, groups told apart.
pub fn all_plans(problem: &Problem) -> Vec<Vec<usize>> {
    let mut plans = Vec::new();
    let mut room = vec![problem.small() + usize::from(problem.large_groups() > 0); problem.groups];
    fill(problem, &mut Vec::new(), &mut room, &mut plans);
    plans
}

fn fill(problem: &Problem, plan: &mut Vec<usize>, room: &mut [usize], plans: &mut Vec<Vec<usize>>) {
    if plan.len() == problem.students {
        let (spare, uneven) = (room.iter().copied().max(), problem.large_groups() > 0);
        if !uneven || spare <= Some(1) {
            plans.push(plan.clone());
        }
        return;
    }
    for g in 0..problem.groups {
        if room[g] > 0 {
            room[g] -= 1;
            plan.push(g);
            fill(problem, plan, room, plans);
            plan.pop();
            room[g] += 1;
        }
    }
}

/// Whether a plan keeps a rule, written from the rule's own definition.
pub fn keeps(problem: &Problem, rule: &Rule, plan: &[usize]) -> bool {
    let pairs = |list: &[usize]| {
        let of = |i: usize| (0..i).map(move |j| (i, j));
        (0..list.len()).flat_map(of).map(|(i, j)| (list[i], list[j])).collect::<Vec<_>>()
    };
    let count = |g: usize, is: &dyn Fn(usize) -> bool| (0..plan.len()).filter(|&s| plan[s] == g && is(s)).count();
    match rule {
        Rule::Together(list) => pairs(list).iter().all(|&(s, t)| plan[s] == plan[t]),
        Rule::Apart(list) => pairs(list).iter().all(|&(s, t)| plan[s] != plan[t]),
        Rule::Pin { student, group } => plan[*student] == *group,
        Rule::NeverAlone(kind) => (0..problem.groups).all(|g| count(g, &|s| problem.kinds[*kind].members[s]) != 1),
        Rule::TierQuota => problem.tiers.as_ref().is_none_or(|tiers| {
            (0..problem.groups).all(|g| {
                let size = count(g, &|_| true);
                (0..tiers.totals.len()).all(|t| {
                    let ideal = size * tiers.totals[t] as usize;
                    let (floor, ceil) = (ideal / plan.len(), ideal.div_ceil(plan.len()));
                    (floor..=ceil).contains(&count(g, &|s| tiers.of[s] == t))
                })
            })
        }),
    }
}
