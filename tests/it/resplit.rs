//! Re-splits of two and of three groups against every division of small groups.

use crate::cases::{Case, cases, config};
use crate::small;
use fenzu::goals::ledger::Exchange;
use fenzu::goals::{Ledger, Levels, MAX_LEVELS, Objective};
use fenzu::model::GoalName;
use fenzu::problem::{Problem, rules::Rule};
use fenzu::solver::Stop;
use fenzu::solver::atoms::Atoms;
use fenzu::solver::resplit::Resplit;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_pcg::Pcg64;

/// Every plan that divides the members of groups 0 and 1 anew, with their sizes kept or exchanged.
fn splits(plan: &[usize]) -> Vec<Vec<usize>> {
    let members: Vec<usize> = (0..plan.len()).filter(|&s| plan[s] < 2).collect();
    let size = members.iter().filter(|&&s| plan[s] == 0).count() as u32;
    let allowed = [size, members.len() as u32 - size];
    let of = |mask: u32| {
        let mut split = plan.to_vec();
        members.iter().enumerate().for_each(|(i, &s)| split[s] = usize::from(mask >> i & 1 == 0));
        split
    };
    (0..1_u32 << members.len()).filter(|mask| allowed.contains(&mask.count_ones())).map(of).collect()
}

/// abs(N·x − n·T) over the tiers of groups 0 and 1.
fn tier_cost(problem: &Problem, plan: &[usize]) -> i64 {
    let Some(tiers) = &problem.tiers else { return 0 };
    let count =
        |g: usize, is: &dyn Fn(usize) -> bool| (0..plan.len()).filter(|&s| plan[s] == g && is(s)).count() as i64;
    let cost = |g: usize, t: usize| {
        (plan.len() as i64 * count(g, &|s| tiers.of[s] == t) - count(g, &|_| true) * tiers.totals[t]).abs()
    };
    (0..2).flat_map(|g| (0..tiers.totals.len()).map(move |t| (g, t))).map(|(g, t)| cost(g, t)).sum()
}

/// Students of a tier in group 0.
fn of_tier(problem: &Problem, plan: &[usize], tier: usize) -> i64 {
    let Some(tiers) = &problem.tiers else { return 0 };
    (0..plan.len()).filter(|&s| plan[s] == 0 && tiers.of[s] == tier).count() as i64
}

/// What a re-split promises to look at: tier counts as good as now, of each tier at most one more or less in the first group.
fn looked_at(problem: &Problem, now: &[usize], split: &[usize]) -> bool {
    tier_cost(problem, split) <= tier_cost(problem, now)
        && (0..3).all(|t| (of_tier(problem, split, t) - of_tier(problem, now, t)).abs() <= 1)
}

/// The plan after the re-split of groups 0 and 1.
fn resplit(problem: &Problem, objective: &Objective, plan: &[usize], focus: usize, seed: u64) -> Vec<usize> {
    let atoms = Atoms::of(problem).expect("no pin against a pin");
    let mut ledger = Ledger::new(objective, plan.to_vec());
    let resplit = Resplit::new(problem, objective, &atoms, focus);
    let floors = [i64::MIN; MAX_LEVELS];
    let mut rng = Pcg64::seed_from_u64(seed);
    let (found, _) = resplit.best(&ledger, (0, 1), &floors, &Stop::after(None), &mut rng);
    if let Some(found) = found {
        ledger.apply(Exchange { a: 0, b: 1, from_a: &found.from_a, from_b: &found.from_b });
    }
    ledger.group_of
}

fn sizes(plan: &[usize]) -> Vec<usize> {
    let mut sizes = [0; 2];
    plan.iter().filter(|&&g| g < 2).for_each(|&g| sizes[g] += 1);
    sizes.sort_unstable();
    sizes.to_vec()
}

proptest! {
    #![proptest_config(config(300))]

    /// With goals that are sums over groups the split is the best of all on every level.
    #[test]
    fn it_finds_the_best_split(Case { mut problem, plan } in cases(6), pin in any::<bool>(), seed in any::<u64>()) {
        let whole = [GoalName::Moves, GoalName::Worst, GoalName::Diversity];
        problem.goals.retain(|goal| !whole.contains(&goal.name));
        // A search re-splits plans that keep the rules; rules that this one breaks are dropped.
        let kept: Vec<Rule> = problem.rules.iter().filter(|rule| small::keeps(&problem, rule, &plan)).cloned().collect();
        problem.rules = kept;
        if pin {
            problem.rules.push(Rule::Pin { student: 0, group: plan[0] });
        }
        let objective = Objective::new(&problem);
        let better = |split: &Vec<usize>| -> Option<Levels> {
            let rules = problem.rules.iter().all(|rule| small::keeps(&problem, rule, split));
            (rules && looked_at(&problem, &plan, split)).then(|| objective.evaluate(split))
        };
        let best = splits(&plan).iter().filter_map(better).min().expect("the plan itself");
        let found = resplit(&problem, &objective, &plan, objective.focus, seed);
        prop_assert_eq!(objective.evaluate(&found), best);
    }

    /// Whatever the goals, it never makes a plan worse, breaks a rule or moves anybody else.
    #[test]
    fn it_never_makes_a_plan_worse(Case { problem, plan } in cases(11), seed in any::<u64>()) {
        let objective = Objective::new(&problem);
        let found = resplit(&problem, &objective, &plan, objective.focus, seed);
        prop_assert!(objective.evaluate(&found) <= objective.evaluate(&plan));
        prop_assert_eq!(sizes(&found), sizes(&plan));
        prop_assert!(found.iter().zip(&plan).all(|(new, old)| new == old || *new < 2 && *old < 2));
    }
}

/// Every plan that divides the members of groups 0, 1 and 2 anew, with their sizes kept or exchanged.
fn divisions(plan: &[usize]) -> Vec<Vec<usize>> {
    let members: Vec<usize> = (0..plan.len()).filter(|&s| plan[s] < 3).collect();
    let mut found = vec![plan.to_vec()];
    for &s in &members {
        let to = |plan: &Vec<usize>, g: usize| {
            let mut plan = plan.clone();
            plan[s] = g;
            plan
        };
        found = found.iter().flat_map(|plan| (0..3).map(move |g| to(plan, g))).collect();
    }
    found.retain(|division| three_sizes(division) == three_sizes(plan));
    found
}

fn three_sizes(plan: &[usize]) -> Vec<usize> {
    let mut sizes: Vec<usize> = (0..3).map(|g| plan.iter().filter(|&&of| of == g).count()).collect();
    sizes.sort_unstable();
    sizes
}

/// Tier counts of groups 0 to 2, and what they cost.
fn three_tiers(problem: &Problem, plan: &[usize]) -> (Vec<Vec<i64>>, i64) {
    let Some(tiers) = &problem.tiers else { return (Vec::new(), 0) };
    let count = |g: usize, t: usize| (0..plan.len()).filter(|&s| plan[s] == g && tiers.of[s] == t).count() as i64;
    let counts: Vec<Vec<i64>> = (0..3).map(|t| (0..3).map(|g| count(g, t)).collect()).collect();
    let size = |g: usize| (0..3).map(|t| counts[t][g]).sum::<i64>();
    let cost = |t: usize, g: usize| (plan.len() as i64 * counts[t][g] - size(g) * tiers.totals[t]).abs();
    let total = (0..3).flat_map(|t| (0..3).map(move |g| (t, g))).map(|(t, g)| cost(t, g)).sum();
    (counts, total)
}

/// What a division of three groups promises to look at.
fn in_reach(problem: &Problem, now: &[usize], division: &[usize]) -> bool {
    let ((now, now_cost), (then, then_cost)) = (three_tiers(problem, now), three_tiers(problem, division));
    let near = |(now, then): (&Vec<i64>, &Vec<i64>)| {
        let (least, most) = (now.iter().min().unwrap_or(&0), now.iter().max().unwrap_or(&0));
        then.iter().all(|x| (least - 1..=most + 1).contains(x))
    };
    then_cost <= now_cost && now.iter().zip(&then).all(near)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Down to the means, no division of three groups within reach is better; what is found is better, keeps the rules, and
    /// makes no level above worse.
    #[test]
    fn three_groups_are_divided_best(Case { mut problem, plan } in cases(3), pin in any::<bool>(), apart in any::<bool>(), together in any::<bool>()) {
        let sums = [GoalName::Tiers, GoalName::Counts, GoalName::Partners, GoalName::Means];
        problem.goals.retain(|goal| sums.contains(&goal.name));
        problem.prove_through = GoalName::Means;
        let kept: Vec<Rule> = problem.rules.iter().filter(|rule| small::keeps(&problem, rule, &plan)).cloned().collect();
        problem.rules = kept;
        if pin {
            problem.rules.extend([0, 1].map(|student| Rule::Pin { student, group: plan[student] }));
        }
        if together && plan.len() > 5 && plan[4] == plan[5] {
            problem.rules.push(Rule::Together(vec![4, 5]));
        }
        if apart && plan.len() > 3 && plan[2] != plan[3] {
            problem.rules.push(Rule::Apart(vec![2, 3]));
        }
        let objective = Objective::new(&problem);
        let atoms = Atoms::of(&problem).expect("no pin against a pin");
        let ledger = Ledger::new(&objective, plan.clone());
        let resplit = Resplit::new(&problem, &objective, &atoms, objective.focus);
        let floors = [i64::MIN; MAX_LEVELS];
        let means = objective.goals.iter().find(|goal| goal.name == GoalName::Means).map(|goal| goal.at);
        let (Some(at), true) = (means, problem.groups > 2 && resplit.divides_several(&ledger, &floors)) else { return Ok(()) };
        let before = objective.evaluate(&plan);
        let fits = |levels: &Levels| (0..at).all(|level| levels[level] <= before[level]);
        let keeps = |division: &[usize]| problem.rules.iter().all(|rule| small::keeps(&problem, rule, division));
        let reach = divisions(&plan).into_iter().filter(|d| keeps(d) && in_reach(&problem, &plan, d));
        let values = reach.map(|division| objective.evaluate(&division)).filter(fits);
        let best = values.map(|levels| levels[at]).min().expect("the plan itself");

        // Within its floor the level of the means cannot become better.
        let mut wide = floors;
        wide[at] = before[at] + 1;
        prop_assert!(!resplit.divides_several(&ledger, &wide));
        let (changes, _) = resplit.several(&ledger, &[0, 1, 2], &floors, u64::MAX, &Stop::after(None));
        let mut found = plan.clone();
        for (student, group) in changes.clone().unwrap_or_default() {
            found[student] = group;
        }
        let after = objective.evaluate(&found);
        prop_assert!(after[at] <= best && fits(&after) && keeps(&found));
        prop_assert_eq!(changes.is_some(), after[at] < before[at]);
        prop_assert_eq!(three_sizes(&found), three_sizes(&plan));
        prop_assert!(found.iter().zip(&plan).all(|(new, old)| new == old || *new < 3 && *old < 3));
    }
}
