//! The dense problem: one class as the solver sees it, students and groups as indices, marks as whole numbers.
//!
//! Built from a roster and what the model says of it ([`Policy`]); models/formulation.md fixes every number in here.

pub mod distances;
pub mod marks;
pub mod quotas;
pub mod rows;
pub mod rules;
pub mod size;
pub mod weights;

use crate::fault::{Faults, Notice};
use crate::model::policy::{PolicyGoal, kinds};
use crate::model::previous::old_numbers;
use crate::model::rules::ids::{check_ids, check_teachers};
use crate::model::{Enforce, Model};
use crate::model::{GoalName, Policy, Ratio, Request};
use crate::roster::{Field, Roster};
use marks::Marks;
use rules::Rule;
use size::Size;

/// One class, ready to be solved.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Number of students N.
    pub students: usize,
    /// Number of groups G.
    pub groups: usize,
    /// Tier of each student and the totals T_t.
    pub tiers: Option<Tiers>,
    /// Kinds of every counted column that a goal or `never_alone` looks at.
    pub kinds: Vec<Kind>,
    /// Whole-number marks of every score column that a goal looks at.
    pub marks: Vec<Marks>,
    /// Home visits a semester of each student.
    pub visits: Vec<i64>,
    /// Number of last semester's group of each student.
    pub previous: Option<Vec<Option<usize>>>,
    /// Hard rules, one entry a statement of the user.
    pub rules: Vec<Rule>,
    /// Goals in force, highest level first.
    pub goals: Vec<GoalInput>,
    /// The levels down to this one are worth proving before a run may end.
    pub prove_through: GoalName,
    /// What was decided while compiling.
    pub notices: Vec<Notice>,
}

/// Tiers of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiers {
    /// Layer of each student.
    pub of: Vec<usize>,
    /// Students of each layer, T_t.
    pub totals: Vec<i64>,
}

/// Students with a value in a counted column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Index into the roster's columns.
    pub column: usize,
    /// The column's name and the value, `gender=male`; the name alone for a flag.
    pub label: String,
    /// `members[s]`.
    pub members: Vec<bool>,
    /// C_k.
    pub total: i64,
}

/// A goal with the numbers that it needs.
#[derive(Clone, Debug, PartialEq)]
pub struct GoalInput {
    /// Which goal.
    pub name: GoalName,
    /// 1 is the highest.
    pub level: u8,
    /// Weight inside its level.
    pub weight: Ratio,
    /// Absolute, in the unit shown to people.
    pub tolerance: f64,
    /// Indices into `Problem::marks` with the column's weight.
    pub marks: Vec<(usize, Ratio)>,
    /// Indices into `Problem::kinds` with the column's weight.
    pub kinds: Vec<(usize, Ratio)>,
}

impl Problem {
    /// Compiles one class.
    ///
    /// # Errors
    /// A class that takes too much memory; else all rules that name unknown students or groups. Whether its numbers can be added up
    /// exactly is for the goals to say (`goals::compile`).
    pub fn compile(roster: &Roster, request: &Request, policy: &Policy) -> Result<Self, Faults> {
        if let Some(fault) = Size::of(roster, request, policy).refusal(&roster.file) {
            return Err(fault.into());
        }
        let mut faults = check_ids(&request.rules, roster, policy.groups);
        if request.staff.is_none() {
            faults.extend(check_teachers(&request.rules));
        }
        let tiers = policy.tier_of.as_ref().map(|of| tiers(of, &request.model));
        let mut problem = Self {
            students: roster.students.len(),
            groups: policy.groups,
            kinds: used_kinds(roster, policy),
            marks: Vec::new(),
            visits: policy.visits.iter().map(|&visits| i64::from(visits)).collect(),
            previous: request.previous.as_ref().map(|previous| old_numbers(previous, roster)),
            rules: Vec::new(),
            goals: Vec::new(),
            prove_through: request.prove_through(),
            notices: policy.notices.clone(),
            tiers,
        };
        for column in used_marks(policy, roster) {
            let tier_of = problem.tiers.as_ref().map(|tiers| tiers.of.as_slice());
            problem.marks.push(Marks::read(roster, column, tier_of, &mut problem.notices));
        }
        problem.goals = policy.goals.iter().map(|goal| problem.goal_input(goal, roster)).collect();
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        problem.rules = rules::compile(roster, request, policy, &problem.kinds);
        Ok(problem)
    }

    /// The smaller group size ⌊N/G⌋.
    #[must_use]
    pub fn small(&self) -> usize {
        self.students / self.groups
    }

    /// Number of groups that are larger by one, N mod G.
    #[must_use]
    pub fn large_groups(&self) -> usize {
        self.students % self.groups
    }

    /// The sizes, large ones first; which group is large is left to the solver.
    #[must_use]
    pub fn sizes(&self) -> Vec<usize> {
        (0..self.groups).map(|g| self.small() + usize::from(g < self.large_groups())).collect()
    }

    /// Whether tier counts outside floor/ceil are forbidden.
    #[must_use]
    pub fn tiers_are_rule(&self) -> bool {
        self.rules.contains(&Rule::TierQuota)
    }

    fn goal_input(&self, goal: &PolicyGoal, roster: &Roster) -> GoalInput {
        let weight = |column: usize| {
            let name = roster.columns[column].field.name();
            goal.spec.column_weights.get(name).copied().unwrap_or_default()
        };
        let of_goal = |column: usize| goal.columns.contains(&column).then(|| weight(column));
        GoalInput {
            name: goal.spec.goal,
            level: goal.spec.level,
            weight: goal.spec.weight,
            tolerance: goal.spec.tolerance,
            marks: (self.marks.iter().enumerate()).filter_map(|(i, m)| of_goal(m.column).map(|w| (i, w))).collect(),
            kinds: (self.kinds.iter().enumerate()).filter_map(|(i, k)| of_goal(k.column).map(|w| (i, w))).collect(),
        }
    }
}

fn tiers(of: &[usize], model: &Model) -> Tiers {
    let layers = model.tiers.as_ref().map_or(0, |tiers| tiers.layers.len());
    let mut totals = vec![0; layers];
    for &t in of {
        totals[t] += 1;
    }
    Tiers { of: of.to_vec(), totals }
}

fn used_marks(policy: &Policy, roster: &Roster) -> Vec<usize> {
    policy.score_columns(roster)
}

fn used_kinds(roster: &Roster, policy: &Policy) -> Vec<Kind> {
    let mut columns = policy.count_columns(roster);
    columns.extend(&policy.never_alone);
    columns.sort_unstable();
    columns.dedup();
    let mut found = Vec::new();
    for column in columns {
        let field = &roster.columns[column].field;
        for kind in kinds(roster, column) {
            let total = kind.members.iter().filter(|&&is| is).count() as i64;
            let label = match field {
                Field::Flag(name) => name.clone(),
                field => format!("{}={}", field.name(), kind.value),
            };
            found.push(Kind { column, label, members: kind.members, total });
        }
    }
    found
}

/// Whether the model makes tiers a rule.
pub(crate) fn enforces_tiers(model: &Model) -> bool {
    model.tiers.as_ref().is_some_and(|tiers| tiers.enforce == Enforce::Rule)
}
