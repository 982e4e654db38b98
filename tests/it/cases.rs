//! Random problems: any mix of tiers, kinds, marks, weights, last semester's groups, rules and levels.
//! [`cases`] come with goals and a plan that need not keep the rules; [`classes`] come without goals, for all plans of them.

use crate::small;
use fenzu::goals::{Levels, MAX_LEVELS, Objective};
use fenzu::model::goal::{self, Needs};
use fenzu::model::{GoalName, Ratio};
use fenzu::problem::rules::Rule;
use fenzu::problem::{GoalInput, Problem, Tiers};
use fenzu::solver::atoms::Atoms;
use fenzu::solver::cover::{CoverAnswer, CoverLimits, CoverSearch};
use fenzu::solver::stop::Stop;
use proptest::collection::vec;
use proptest::prelude::*;

/// A problem and one of its plans, which need not keep the rules.
#[derive(Clone, Debug)]
pub struct Case {
    pub problem: Problem,
    pub plan: Vec<usize>,
}

/// Columns of a class.
#[derive(Clone, Debug)]
struct Columns {
    tiers: Option<Vec<usize>>,
    kinds: Vec<Vec<bool>>,
    marks: Vec<Vec<i64>>,
    visits: Vec<i64>,
    previous: Option<Vec<Option<usize>>>,
}

/// What is asked of it, as raw numbers.
#[derive(Clone, Debug)]
struct Asked {
    /// Goals in any order, each with a weight and whether a new level begins.
    goals: Vec<(GoalName, (i64, i64), bool)>,
    through: GoalName,
    apart: Vec<(usize, usize)>,
    never_alone: bool,
    tier_rule: bool,
}

/// Two to four groups of at most `largest` students.
pub fn cases(largest: usize) -> impl Strategy<Value = Case> {
    let sizes = (2..=4_usize).prop_flat_map(move |groups| (groups..=groups * largest, Just(groups)));
    sizes.prop_flat_map(|(n, groups)| {
        (columns(n, groups), asked(n), Just((0..n).collect::<Vec<_>>()).prop_shuffle())
            .prop_map(move |(columns, asked, order)| case(groups, columns, asked, &order))
    })
}

fn columns(n: usize, groups: usize) -> impl Strategy<Value = Columns> {
    (
        prop::option::weighted(0.7, vec(0..3_usize, n)),
        vec(vec(any::<bool>(), n), 0..3),
        vec(vec(prop_oneof![0..3_i64, 0..100_i64], n), 0..4),
        visits(n),
        prop::option::of(vec(prop::option::weighted(0.8, 0..groups + 1), n)),
    )
        .prop_map(|(tiers, kinds, marks, visits, previous)| Columns { tiers, kinds, marks, visits, previous })
}

/// Home visits of each student, of up to three numbers with a step of 3.
fn visits(n: usize) -> impl Strategy<Value = Vec<i64>> {
    vec(prop::sample::select(vec![2, 5, 11]), n)
}

fn asked(n: usize) -> impl Strategy<Value = Asked> {
    let goal = |name: &GoalName| (Just(*name), (1..4_i64, 1..4_i64), any::<bool>());
    let goals: Vec<_> = GoalName::ALL.iter().map(goal).collect();
    let goals = goals.prop_flat_map(|goals| Just(goals).prop_shuffle());
    let through = prop::sample::select(GoalName::ALL.to_vec());
    (goals, through, vec((0..n, 0..n), 0..4), any::<bool>(), prop::bool::weighted(0.3)).prop_map(
        |(goals, through, apart, never_alone, tier_rule)| Asked { goals, through, apart, never_alone, tier_rule },
    )
}

fn case(groups: usize, columns: Columns, asked: Asked, order: &[usize]) -> Case {
    let mut problem = small::problem(order.len(), groups);
    problem.tiers = columns.tiers.map(|of| small::tiers(&of));
    problem.kinds = columns.kinds.iter().map(|members| small::kind("kind", members)).collect();
    problem.marks = columns.marks.iter().map(|points| small::marks(points)).collect();
    problem.visits = columns.visits;
    problem.previous = columns.previous;
    problem.prove_through = asked.through;
    let mut level = 1;
    for (name, (num, den), fresh) in asked.goals {
        if !has_ground(&problem, name) {
            continue;
        }
        let weight = Ratio { num, den };
        let mut goal = GoalInput { weight, ..small::goal(&problem, name, level) };
        goal.marks.iter_mut().for_each(|(i, column)| *column = Ratio { num, den: 1 + *i as i64 });
        problem.goals.push(goal);
        level = (level + u8::from(fresh)).min(MAX_LEVELS as u8 - 1);
    }
    problem.rules = asked.apart.iter().filter(|(a, b)| a != b).map(|&(a, b)| Rule::Apart(vec![a, b])).collect();
    if asked.never_alone && !problem.kinds.is_empty() {
        problem.rules.push(Rule::NeverAlone(0));
    }
    if asked.tier_rule && problem.tiers.is_some() {
        problem.rules.push(Rule::TierQuota);
    }
    let mut plan = vec![0; order.len()];
    let seats = problem.sizes().into_iter().enumerate().flat_map(|(g, size)| std::iter::repeat_n(g, size));
    order.iter().zip(seats).for_each(|(&s, g)| plan[s] = g);
    Case { problem, plan }
}

fn has_ground(problem: &Problem, name: GoalName) -> bool {
    let given = match name.needs() {
        Needs::Tiers => problem.tiers.is_some(),
        Needs::OldMixed | Needs::OldKept => problem.previous.is_some(),
        Needs::Nothing | Needs::Visits => true,
    };
    given
        && match name.columns() {
            goal::Columns::None => true,
            goal::Columns::Kinds => !problem.kinds.is_empty(),
            goal::Columns::Marks | goal::Columns::Pairs => !problem.marks.is_empty(),
        }
}

/// As many cases as `PROPTEST_CASES` says, else `usual`. Failures are printed, not kept in files.
pub fn config(usual: u32) -> ProptestConfig {
    let all = ProptestConfig { failure_persistence: None, max_shrink_iters: 300, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_some() { all } else { ProptestConfig { cases: usual, ..all } }
}

/// Numbers of students and groups whose plans can all be looked at: up to `most` students in two to four groups.
pub fn sizes(most: usize) -> impl Strategy<Value = (usize, usize)> {
    prop_oneof![(4..=most, 2..=2_usize), (6..=most, 3..=3_usize), (most - 1..=most, 4..=4_usize)]
}

/// Classes of the given numbers of students and groups with two score columns, two kinds, up to four tiers, perhaps last
/// semester's groups, and rules of every sort, which may contradict one another. Without goals.
pub fn classes(sizes: impl Strategy<Value = (usize, usize)>) -> impl Strategy<Value = Problem> {
    (sizes, 0_usize..=4).prop_flat_map(|((n, groups), tiers)| {
        let column = || vec(0_i64..25, n);
        let kind = || vec(any::<bool>(), n);
        let previous = prop::option::weighted(0.8, vec(prop::option::of(0..groups + 1), n));
        let rules = vec(rule(n, groups), 0..4);
        (column(), column(), kind(), kind(), visits(n), vec(0..tiers.max(1), n), previous, rules).prop_map(
            move |(a, b, k, l, visits, tier, previous, rules)| {
                let mut problem = small::problem(n, groups);
                problem.marks = vec![small::marks(&a), small::marks(&b)];
                problem.kinds = vec![small::kind("gender=female", &k), small::kind("boarding", &l)];
                let totals = (0..tiers).map(|t| tier.iter().filter(|&&of| of == t).count() as i64).collect();
                problem.tiers = (tiers > 0).then_some(Tiers { of: tier, totals });
                problem.visits = visits;
                problem.previous = previous;
                problem.rules = rules;
                problem
            },
        )
    })
}

fn rule(n: usize, groups: usize) -> impl Strategy<Value = Rule> {
    let some = |most: usize| prop::sample::subsequence((0..n).collect::<Vec<_>>(), 2..=most);
    prop_oneof![
        2 => some(3).prop_map(Rule::Together),
        3 => some(4).prop_map(Rule::Apart),
        2 => (0..n, 0..groups).prop_map(|(student, group)| Rule::Pin { student, group }),
        2 => (0_usize..2).prop_map(Rule::NeverAlone),
        1 => Just(Rule::TierQuota),
    ]
}

/// The goals of these that the class has ground for, in this order, `on_a_level` of them on each level.
pub fn with_goals(mut problem: Problem, names: &[GoalName], on_a_level: u8) -> Problem {
    let names: Vec<GoalName> = names.iter().copied().filter(|&name| has_ground(&problem, name)).collect();
    problem.goals =
        names.iter().zip(0_u8..).map(|(&name, i)| small::goal(&problem, name, 1 + i / on_a_level)).collect();
    problem
}

/// All plans that keep the rules.
pub fn valid_plans(problem: &Problem) -> Vec<Vec<usize>> {
    let keeps = |plan: &Vec<usize>| problem.rules.iter().all(|rule| small::keeps(problem, rule, plan));
    small::all_plans(problem).into_iter().filter(keeps).collect()
}

/// Proves a level, or finds a better plan.
pub type Prover = fn(&CoverSearch<'_>, CoverLimits, &Stop) -> Option<CoverAnswer>;

/// Follows the levels down from a bad start and from a good one; each is proved exactly. `room` is added to every budget. One goal is
/// nothing that this prover proves, only a budget.
pub fn held_level_by_level(
    problem: &Problem,
    room: i64,
    prove: Prover,
    budget_only: GoalName,
) -> Result<(), TestCaseError> {
    let objective = Objective::new(problem);
    let Some(atoms) = Atoms::of(problem) else { return Ok(()) };
    let mut open: Vec<(Levels, Vec<usize>)> =
        valid_plans(problem).into_iter().map(|plan| (objective.evaluate(&plan), plan)).collect();
    let mut budgets = [0; MAX_LEVELS];
    for at in 1..objective.levels.len() {
        let Some(best) = open.iter().map(|(levels, _)| levels[at]).min() else { return Ok(()) };
        let bad = open.iter().max_by_key(|(levels, _)| levels[at]);
        let good = open.iter().min_by_key(|(levels, _)| levels[at]);
        let is_budget = objective.goals.iter().any(|goal| goal.at == at && goal.name == budget_only);
        for (start_levels, start) in bad.into_iter().chain(good).filter(|_| !is_budget) {
            let (objective, atoms, budgets) = (&objective, &atoms, &budgets);
            let search = CoverSearch { problem, objective, atoms, at, budgets, start, bound: i64::MIN };
            let Some(answer) = prove(&search, CoverLimits { most_groups: 100_000, work: 1 << 40 }, &Stop::after(None))
            else {
                return Err(TestCaseError::fail(format!("level {at}: no answer")));
            };
            prop_assert_eq!(answer.bound, best, "bound of level {}", at);
            prop_assert!(answer.exhausted);
            prop_assert_eq!(answer.plan.is_some(), start_levels[at] > best);
            let Some(plan) = answer.plan else { continue };
            prop_assert!(problem.rules.iter().all(|rule| small::keeps(problem, rule, &plan)));
            let levels = objective.evaluate(&plan);
            prop_assert_eq!(levels[at], best, "plan on level {}", at);
            prop_assert!((1..at).all(|l| levels[l] <= budgets[l]));
        }
        budgets[at] = best + room;
        open.retain(|(levels, _)| levels[at] <= budgets[at]);
    }
    Ok(())
}
