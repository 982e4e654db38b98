//! Rows (1)–(7): students, sizes and rules.

#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_wrap,
    reason = "sizes are small, and `HiGHS` takes floats"
)]

use super::cliques::{apart_graph, cover};
use super::labels::Labels;
use super::{Ended, run};
use crate::problem::{Problem, rules::Rule};
use crate::solver::stop::Stop;
use good_lp::{Expression, ProblemVariables, Variable, VariableDefinition, constraint, variable};

/// The model while it is built, with the value that every variable has in the start plan.
pub(super) struct Rows<'p> {
    pub(super) problem: &'p Problem,
    labels: Labels,
    variables: ProblemVariables,
    constraints: Vec<good_lp::Constraint>,
    start: Vec<f64>,
    /// The start plan in the MIP's labels.
    plan: Option<Vec<usize>>,
    /// The plan's own label of each MIP label.
    own_label: Vec<usize>,
    /// `x[s * groups + g]`.
    x: Vec<Variable>,
    /// Whether a group is a large one, where that is open.
    big: Option<Vec<Variable>>,
}

/// What came of a run.
pub(super) struct Solved {
    pub(super) ended: Ended,
    /// Rounded; not checked yet.
    pub(super) plan: Option<Vec<usize>>,
    /// Dual bound of the objective as it was handed over; none where `HiGHS` has none.
    pub(super) dual: Option<f64>,
}

impl<'p> Rows<'p> {
    /// Rows (1) and (2).
    pub(super) fn new(problem: &'p Problem, labels: Labels, start: Option<&[usize]>) -> Self {
        let mut own_label: Vec<usize> = (0..problem.groups).collect();
        let plan = start.map(|start| {
            let label = labels.of_plan(start);
            label.iter().enumerate().for_each(|(own, &mip)| own_label[mip] = own);
            start.iter().map(|&g| label[g]).collect()
        });
        let mut rows = Self {
            problem,
            labels,
            variables: ProblemVariables::new(),
            constraints: Vec::new(),
            start: Vec::new(),
            plan,
            own_label,
            x: Vec::new(),
            big: None,
        };
        rows.students();
        rows.sizes();
        rows
    }

    fn students(&mut self) {
        for s in 0..self.problem.students {
            for g in 0..self.problem.groups {
                let most = u8::from(self.labels.allows(s, g));
                let value = self.plan.as_ref().is_some_and(|plan| plan[s] == g);
                let x =
                    self.add(variable().integer().min(0).max(most), &format!("x[{s},{g}]"), f64::from(u8::from(value)));
                self.x.push(x);
            }
        }
        for s in 0..self.problem.students {
            let one: Expression = (0..self.problem.groups).map(|g| self.x(s, g)).sum();
            self.require(format!("one[{s}]"), constraint::eq(one, 1));
        }
    }

    fn sizes(&mut self) {
        let groups = self.problem.groups;
        if self.labels.sizes.is_none() {
            let small = self.problem.small() as f64;
            let value = |rows: &Self, g: usize| rows.plan_sum(g, |_| 1.0).map_or(0.0, |size| size - small);
            let big = (0..groups).map(|g| self.add(variable().binary(), &format!("big[{g}]"), value(self, g)));
            let big: Vec<Variable> = big.collect();
            let all: Expression = big.iter().sum();
            self.require("size".to_owned(), constraint::eq(all, self.problem.large_groups() as f64));
            self.big = Some(big);
        }
        for g in 0..groups {
            let row = self.sum(g, |_| 1.0) - self.by_size(g, |size| size as f64);
            self.require(format!("size[{g}]"), constraint::eq(row, 0));
        }
    }

    /// A new variable with its value in the start plan.
    pub(super) fn add(&mut self, definition: VariableDefinition, name: &str, start: f64) -> Variable {
        self.start.push(start);
        self.variables.add(definition.name(name))
    }

    /// A new row.
    pub(super) fn require(&mut self, name: String, row: good_lp::Constraint) {
        self.constraints.push(row.set_name(name));
    }

    /// x[s,g].
    pub(super) fn x(&self, student: usize, group: usize) -> Variable {
        self.x[student * self.problem.groups + group]
    }

    /// `Σ_s amount(s)·x[s,g]`.
    pub(super) fn sum(&self, group: usize, amount: impl Fn(usize) -> f64) -> Expression {
        let mut sum = Expression::with_capacity(self.problem.students);
        for s in 0..self.problem.students {
            let a = amount(s);
            if a != 0.0 {
                sum.add_mul(a, self.x(s, group));
            }
        }
        sum
    }

    /// The same sum in the start plan.
    pub(super) fn plan_sum(&self, group: usize, amount: impl Fn(usize) -> f64) -> Option<f64> {
        let plan = self.plan.as_ref()?;
        Some((0..plan.len()).filter(|&s| plan[s] == group).map(amount).sum())
    }

    /// A number that depends on the group's size alone.
    pub(super) fn by_size(&self, group: usize, value: impl Fn(i64) -> f64) -> Expression {
        let small = self.problem.small() as i64;
        match (&self.labels.sizes, &self.big) {
            (Some(sizes), _) => Expression::from(value(sizes[group] as i64)),
            (None, Some(big)) => value(small) + (value(small + 1) - value(small)) * big[group],
            (None, None) => Expression::from(value(small)),
        }
    }

    /// The group's size where it is known, and the variable that tells a large one where it is not.
    pub(super) fn size(&self, group: usize) -> Result<i64, Variable> {
        match (&self.labels.sizes, &self.big) {
            (None, Some(big)) => Err(big[group]),
            (sizes, _) => Ok(sizes.as_ref().map_or(self.problem.small(), |sizes| sizes[group]) as i64),
        }
    }

    /// The same number in the start plan.
    pub(super) fn plan_by_size(&self, group: usize, value: impl Fn(i64) -> f64) -> Option<f64> {
        let plan = self.plan.as_ref()?;
        Some(value(plan.iter().filter(|&&g| g == group).count() as i64))
    }

    /// Rows (3)–(7) of rules that must hold; apart rules together, as cliques.
    pub(super) fn hard(&mut self, rules: &[Rule]) {
        for (i, clique) in cover(&apart_graph(self.problem.students, rules)).iter().enumerate() {
            self.apart(&i.to_string(), clique, &Expression::default());
        }
        for (i, rule) in rules.iter().enumerate().filter(|(_, rule)| !matches!(rule, Rule::Apart(_))) {
            self.rule(&i.to_string(), rule, &Expression::default());
        }
    }

    /// Rows (3)–(7) of a rule that may be broken; the variable that tells so.
    pub(super) fn soft(&mut self, index: usize, rule: &Rule) -> Variable {
        let broken = self.add(variable().binary(), &format!("broken[{index}]"), 0.0);
        self.rule(&format!("soft {index}"), rule, &Expression::from(broken));
        broken
    }

    fn rule(&mut self, name: &str, rule: &Rule, broken: &Expression) {
        match rule {
            Rule::Together(list) => self.together(name, list, broken),
            Rule::Apart(list) => self.apart(name, list, broken),
            Rule::Pin { student, group } => {
                let row = self.x(*student, *group) + broken.clone();
                self.require(format!("pin[{student}] {name}"), constraint::geq(row, 1));
            }
            Rule::NeverAlone(kind) => self.never_alone(name, *kind, broken),
            Rule::TierQuota => self.tier_quota(broken),
        }
    }

    fn together(&mut self, name: &str, list: &[usize], broken: &Expression) {
        for (s, t) in list.windows(2).map(|pair| (pair[0], pair[1])) {
            for g in 0..self.problem.groups {
                let row = self.x(s, g) - self.x(t, g);
                self.require(format!("together[{name},{g}]"), constraint::leq(row.clone() - broken.clone(), 0));
                self.require(format!("together[{name},{g}]"), constraint::geq(row + broken.clone(), 0));
            }
        }
    }

    fn apart(&mut self, name: &str, list: &[usize], broken: &Expression) {
        let most = list.len().min(self.problem.students.div_ceil(self.problem.groups)).max(1) - 1;
        for g in 0..self.problem.groups {
            let inside: Expression = list.iter().map(|&s| self.x(s, g)).sum();
            let row = inside - broken.clone() * most as f64;
            self.require(format!("apart[{name},{g}]"), constraint::leq(row, 1));
        }
    }

    fn never_alone(&mut self, name: &str, kind: usize, broken: &Expression) {
        let members = &self.problem.kinds[kind].members;
        let most = self.problem.kinds[kind].total as f64;
        for g in 0..self.problem.groups {
            let inside = self.plan_sum(g, |s| f64::from(u8::from(members[s]))).unwrap_or(0.0);
            let y = self.add(variable().binary(), &format!("y[{kind},{g}]"), f64::from(u8::from(inside > 0.5)));
            let count = self.sum(g, |s| f64::from(u8::from(members[s])));
            let low = count.clone() - 2 * y + broken.clone();
            let high = count - most * y - broken.clone() * most;
            self.require(format!("alone[{name},{g}]"), constraint::geq(low, 0));
            self.require(format!("alone[{name},{g}]"), constraint::leq(high, 0));
        }
    }

    fn tier_quota(&mut self, broken: &Expression) {
        let Some(tiers) = &self.problem.tiers else { return };
        let n = self.problem.students as i64;
        for (t, &total) in tiers.totals.iter().enumerate() {
            for g in 0..self.problem.groups {
                let count = self.sum(g, |s| f64::from(u8::from(tiers.of[s] == t)));
                let floor = self.by_size(g, |size| (size * total).div_euclid(n) as f64);
                let ceil = self.by_size(g, |size| -(-size * total).div_euclid(n) as f64);
                let room = broken.clone() * total as f64;
                self.require(format!("tier_rule[{g},{t}]"), constraint::geq(count.clone() - floor + room.clone(), 0));
                self.require(format!("tier_rule[{g},{t}]"), constraint::leq(count - ceil - room, 0));
            }
        }
    }

    /// Hands the model to `HiGHS`; none where it failed or no time is left.
    pub(super) fn solve(self, objective: Expression, options: run::Options, stop: &Stop) -> Option<Solved> {
        let model = run::Model { columns: self.variables.minimise(objective), rows: self.constraints };
        let outcome = run::run(model, options, self.plan.is_some().then_some(self.start), stop)?;
        let groups = self.problem.groups;
        let group_of = |values: &[f64]| {
            let best =
                |s: usize| (0..groups).max_by(|&a, &b| values[s * groups + a].total_cmp(&values[s * groups + b]));
            (0..self.problem.students).map(|s| best(s).map(|g| self.own_label[g])).collect::<Option<Vec<usize>>>()
        };
        let plan = outcome.columns.as_deref().and_then(group_of);
        Some(Solved { ended: outcome.ended, plan, dual: outcome.dual })
    }
}
