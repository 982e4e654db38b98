//! A model applied to one class list: which columns each goal balances, which student is in which tier, how many groups.
//!
//! This is what the model *says*; the problem (for the solver) and the judge each compute with it on their own.

use super::goal::{Columns, Needs};
use super::request::Request;
use super::{GoalSpec, Model, SizeRange, Sizing, TierSource};
use crate::fault::{Fault, Faults, Notice};
use crate::roster::{Cell, Column, Field, Roster};
use crate::words;

mod tiers;

pub(crate) use tiers::largest_remainders;

/// A model applied to one class.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Number of groups.
    pub groups: usize,
    /// Home visits a semester of each student.
    pub visits: Vec<u32>,
    /// Layer of each student, `0` is the top; none without tiers.
    pub tier_of: Option<Vec<usize>>,
    /// The goals in force, highest level first, each with its roster columns.
    pub goals: Vec<PolicyGoal>,
    /// Roster columns under `never_alone`, from the model and the rules.
    pub never_alone: Vec<usize>,
    /// What was decided: the tiers' source, ties at their borders, columns passed over.
    pub notices: Vec<Notice>,
}

/// One goal with the columns that it looks at.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyGoal {
    /// The goal as the model has it, on its level in force.
    pub spec: GoalSpec,
    /// Indices into `Roster::columns`; empty for tiers, partners and moves.
    pub columns: Vec<usize>,
}

/// Students who share a value of a counted column: each gender, each category, the yes of a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Index into `Roster::columns`.
    pub column: usize,
    /// The value; `yes` for a flag.
    pub value: String,
    /// `members[s]`.
    pub members: Vec<bool>,
}

impl Policy {
    /// Applies the request's model to one class.
    ///
    /// # Errors
    /// Every way in which the list lacks what the model needs, at once.
    pub fn apply(request: &Request, roster: &Roster) -> Result<Self, Faults> {
        let mut faults = Vec::new();
        let mut notices = Vec::new();
        let groups = group_count(request, roster).map_err(|found| faults.extend(found.0)).unwrap_or(1);
        let tier_of = tiers::assign(&request.model, roster, &mut notices, &mut faults);
        let visits = request.model.staff.visits(roster);
        let visits_differ = visits.iter().any(|of| *of != visits[0]);
        let goals = request
            .goals(roster.students.len())
            .into_iter()
            .filter(|spec| match spec.goal.needs() {
                Needs::Tiers => tier_of.is_some(),
                Needs::Visits => visits_differ,
                Needs::Nothing | Needs::OldMixed | Needs::OldKept => true,
            })
            .map(|spec| PolicyGoal { columns: goal_columns(&spec, roster, &mut faults), spec })
            .filter(|goal| !goal.columns.is_empty() || goal.spec.goal.columns() == Columns::None)
            .collect();
        let never_alone = never_alone(request, roster, &mut faults);
        if faults.is_empty() {
            Ok(Self { groups, visits, tier_of, goals, never_alone, notices })
        } else {
            Err(Faults(faults))
        }
    }

    /// The score columns that some goal balances, in roster order.
    #[must_use]
    pub fn score_columns(&self, roster: &Roster) -> Vec<usize> {
        self.used_columns(roster, |field| matches!(field, Field::Score(_)))
    }

    /// The counted columns that some goal balances, in roster order.
    #[must_use]
    pub fn count_columns(&self, roster: &Roster) -> Vec<usize> {
        self.used_columns(roster, |field| !matches!(field, Field::Score(_)))
    }

    fn used_columns(&self, roster: &Roster, wanted: impl Fn(&Field) -> bool) -> Vec<usize> {
        let used = |c: &usize| self.goals.iter().any(|goal| goal.columns.contains(c));
        (0..roster.columns.len()).filter(|c| wanted(&roster.columns[*c].field)).filter(used).collect()
    }
}

/// The kinds of a counted column: the yes of a flag, each value of a category in order of value.
#[must_use]
pub fn kinds(roster: &Roster, column: usize) -> Vec<Kind> {
    let cells = &roster.columns[column].cells;
    let of = |value: &str, is: &dyn Fn(&Cell) -> bool| Kind {
        column,
        value: value.to_owned(),
        members: cells.iter().map(is).collect(),
    };
    if matches!(roster.columns[column].field, Field::Flag(_)) {
        return vec![of("yes", &|cell| *cell == Cell::Flag(true))];
    }
    let values: std::collections::BTreeSet<&str> = cells.iter().filter_map(Cell::text).collect();
    values.into_iter().map(|value| of(value, &|cell| cell.text() == Some(value))).collect()
}

fn is_counted(field: &Field) -> bool {
    matches!(field, Field::Gender | Field::Flag(_) | Field::Category(_))
}

/// The columns of a goal: those it names, else all of its kind that are balanced by default.
fn goal_columns(spec: &GoalSpec, roster: &Roster, faults: &mut Vec<Fault>) -> Vec<usize> {
    let looks_at = spec.goal.columns();
    if looks_at == Columns::None {
        return Vec::new();
    }
    let counts = looks_at == Columns::Kinds;
    let fits = |column: &Column| match &column.field {
        Field::Score(_) => !counts,
        Field::EthnicGroup => counts && spec.columns.is_some(),
        field => counts && is_counted(field),
    };
    let all = (0..roster.columns.len()).filter(|&c| fits(&roster.columns[c]));
    let Some(names) = &spec.columns else { return all.collect() };
    let all: Vec<usize> = all.collect();
    let mut found = Vec::new();
    for name in names {
        match all.iter().find(|&&c| roster.columns[c].field.name() == name) {
            Some(&c) => found.push(c),
            None => faults.push(unknown_column(name, &format!("goals.{}.columns", spec.goal.word()), roster, &all)),
        }
    }
    found
}

/// Columns under `never_alone`: the rules' must exist, the model's are passed over where a list lacks them.
fn never_alone(request: &Request, roster: &Roster, faults: &mut Vec<Fault>) -> Vec<usize> {
    let counted: Vec<usize> = (0..roster.columns.len())
        .filter(|&c| is_counted(&roster.columns[c].field) || roster.columns[c].field == Field::EthnicGroup)
        .collect();
    let find = |name: &str| counted.iter().copied().find(|&c| roster.columns[c].field.name() == name);
    let mut columns: Vec<usize> =
        request.model.rules.never_alone.iter().filter_map(|rule| find(&rule.column)).collect();
    for rule in &request.rules.never_alone {
        match find(&rule.column) {
            Some(c) => columns.push(c),
            None => faults.push(unknown_column(&rule.column, "rules.never_alone", roster, &counted)),
        }
    }
    columns.sort_unstable();
    columns.dedup();
    columns
}

fn unknown_column(name: &str, place: &str, roster: &Roster, fitting: &[usize]) -> Fault {
    let known: Vec<&str> = fitting.iter().map(|&c| roster.columns[c].field.name()).collect();
    let known = if known.is_empty() { "-".to_owned() } else { known.join(", ") };
    Fault {
        code: "unknown_column",
        place: place.to_owned(),
        found: words!("“{name}”", "\"{name}\""),
        expected: words!("名册中的一列：{known}", "a column of the list: {known}"),
        action: words!("请改正列名，或用 --column 指定", "correct the name, or name the column with --column"),
    }
}

/// Number of groups for the class: what the command says, else the model.
fn group_count(request: &Request, roster: &Roster) -> Result<usize, Faults> {
    let students = roster.students.len();
    let sizing = request.sizing.unwrap_or(request.model.groups);
    let groups = match sizing {
        Sizing::Count(groups) => groups,
        Sizing::Size(size) if size > 0 => ((2 * students + size) / (2 * size)).max(1),
        Sizing::Size(_) => 0,
        Sizing::Range(SizeRange { min, max }) => return count_in_range(students, min, max, &roster.file),
    };
    if (1..=students).contains(&groups) {
        return Ok(groups);
    }
    Err(Faults::from(Fault {
        code: "group_count",
        place: roster.file.clone(),
        found: words!("{students} 名学生，{groups} 个小组", "{students} students and {groups} groups"),
        expected: words!("1 到 {students} 个小组", "1 to {students} groups"),
        action: words!("请改小组数（--groups）或每组人数（--size）", "change --groups or --size"),
    }))
}

/// The count whose sizes (within one) all lie in `min..=max`, nearest to the middle; fewer groups on a tie.
fn count_in_range(students: usize, min: usize, max: usize, file: &str) -> Result<usize, Faults> {
    let fits = |groups: &usize| students / groups >= min && students.div_ceil(*groups) <= max;
    let distance = |groups: usize| (2 * students).abs_diff((min + max) * groups) as f64 / groups as f64;
    let best = (1..=students).filter(fits).min_by(|&a, &b| distance(a).total_cmp(&distance(b)));
    let refuse = || Fault {
        code: "group_size",
        place: file.to_owned(),
        found: words!("{students} 名学生，每组 {min} 到 {max} 人", "{students} students, groups of {min} to {max}"),
        expected: words!("能把全班分完的人数范围", "a range of sizes into which the class can be divided"),
        action: words!("请放宽 --size 的范围", "widen the range of --size"),
    };
    best.ok_or_else(|| Faults::from(refuse()))
}

/// The first usable source of tiers for a model on a list.
#[must_use]
pub fn tier_source(model: &Model, roster: &Roster) -> Option<TierSource> {
    let has = |field: &Field| roster.column(field).is_some();
    let scores = roster.columns.iter().any(|column| matches!(column.field, Field::Score(_)));
    let usable = |source: &TierSource| match source {
        TierSource::Column => has(&Field::Tier),
        TierSource::Rank => has(&Field::Rank),
        TierSource::Total => has_values(roster, &Field::Total),
        TierSource::Sum => scores,
        TierSource::Auto => false,
    };
    let order = [TierSource::Column, TierSource::Rank, TierSource::Total, TierSource::Sum];
    match model.tiers.as_ref()?.source {
        TierSource::Auto => order.into_iter().find(usable),
        fixed => Some(fixed).filter(usable),
    }
}

/// A column counts only if it holds values (a total made of formulas without cached values holds none).
fn has_values(roster: &Roster, field: &Field) -> bool {
    roster.column(field).is_some_and(|column| column.cells.iter().any(|cell| cell.number().is_some()))
}
