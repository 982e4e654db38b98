//! `/plans/{id}/compare/{other}`: two plans side by side, the better value of every line marked, and who is in another group.

use super::super::app::App;
use super::super::caller::School;
use super::super::ids::Ident;
use super::super::language::Speaks;
use super::super::plans::stored::{self, Whole};
use super::super::problem::{Kind, Problem};
use super::plan::{classes, reports};
use super::{shown, speaks};
use crate::explain::compare::{self, Moved, partners, smaller};
use crate::plan::document::{BalanceKind, BalanceRecord, Document, GoalRecord, GroupRecord};
use crate::report::figures::{number, per_cent};
use crate::report::html::Class;
use crate::report::notice::{group_name, shown_names};
use crate::report::{Audience, names};
use crate::words;
use crate::words::Lang;
use askama::Template;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "web/compare.html")]
struct Compare {
    lang: Lang,
    ids: [String; 2],
    classes: Vec<Versus>,
    /// Classes that one of the plans has not.
    alone: Vec<String>,
}
speaks!(Compare);

/// One class in both plans.
struct Versus {
    name: String,
    /// Which plan is better, in a sentence.
    summary: String,
    /// Tone and headline of each plan's verdict.
    verdicts: [(&'static str, String); 2],
    lines: Vec<Line>,
    /// Students in groups that do not correspond: name, group in each plan.
    moved: Vec<(String, String, String)>,
    /// Corresponding groups with different names.
    renamed: Vec<(String, String)>,
}

/// One value of both plans.
struct Line {
    label: String,
    hint: String,
    /// Each plan's value, and whether it is the better one.
    values: [(String, bool); 2],
}

impl Line {
    /// `better`: 0 or 1; none where the values are alike.
    fn of(label: String, hint: &str, [one, other]: [String; 2], better: Option<usize>) -> Self {
        Self { label, hint: hint.to_owned(), values: [(one, better == Some(0)), (other, better == Some(1))] }
    }
}

/// One class of one plan.
struct Side {
    document: Document,
    view: Class,
    /// Shown name of every student.
    called: HashMap<String, String>,
    /// The balanced columns in words.
    columns: Vec<String>,
}

/// Both plans.
pub(super) async fn page(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    path: Result<Path<(Ident, Ident)>, PathRejection>,
) -> Result<Response, Problem> {
    let Path((one, other)) = path.map_err(|_| Problem::of(Kind::NotFound))?;
    let ids = [one.to_string(), other.to_string()];
    // One seat for both: whoever has one must not wait for another.
    let seat = stored::seat(&app, &school).await;
    let whole = |id: usize| stored::seated(&app, &school, &ids[id], seat.clone());
    let plans = [whole(0).await?, whole(1).await?];
    let page = app.think(seat, move || Compare::of(ids, &plans, lang)).await??;
    Ok(shown(&page))
}

impl Compare {
    fn of(ids: [String; 2], plans: &[Whole; 2], lang: Lang) -> Result<Self, Problem> {
        let (first, mut second) = (sides(&plans[0], lang)?, sides(&plans[1], lang)?);
        let (mut classes, mut alone) = (Vec::new(), Vec::new());
        for one in first {
            match second.iter().position(|other| other.class() == one.class()) {
                Some(at) => classes.push(Versus::of(&[one, second.remove(at)], lang)),
                None => alone.push(one.view.name),
            }
        }
        alone.extend(second.into_iter().map(|side| side.view.name));
        Ok(Self { lang, ids, classes, alone })
    }
}

/// The classes of a plan.
fn sides(whole: &Whole, lang: Lang) -> Result<Vec<Side>, Problem> {
    let views = classes(whole, lang)?;
    let words = reports(whole, lang, Audience::Teacher, |report| {
        let ids = report.roster.students.iter().map(|student| student.id.clone());
        let column = |record: &BalanceRecord| names::balance(record, report.model, lang);
        let columns: Vec<String> = report.document.balance.iter().map(column).collect();
        (ids.zip(shown_names(report.roster)).collect(), columns)
    })?;
    let parts = whole.documents.iter().cloned().zip(views).zip(words);
    Ok(parts.map(|((document, view), (called, columns))| Side { document, view, called, columns }).collect())
}

impl Side {
    fn class(&self) -> &str {
        self.document.groups.first().map(|group| group.class.as_str()).unwrap_or_default()
    }

    /// What its values hang on besides the plan.
    fn asked(&self) -> (&str, &serde_json::Value) {
        (&self.document.input.sha256, &self.document.request.model)
    }
}

impl Versus {
    fn of(sides: &[Side; 2], lang: Lang) -> Self {
        let documents = [&sides[0].document, &sides[1].document];
        let partner = partners(documents);
        let goals = goals(sides);
        let summary = if sides[0].asked() == sides[1].asked() { summary(&goals, lang) } else { unlike(lang) };
        let label = |group: &GroupRecord| group_name(group, lang).0;
        let pairs = documents[0].groups.iter().zip(&partner);
        let pairs = pairs.filter_map(|(group, other)| Some((label(group), label(documents[1].groups.get((*other)?)?))));
        let verdict = |side: &Side| (side.view.tone, side.view.headline.clone());
        Self {
            name: sides[0].view.name.clone(),
            summary,
            verdicts: [verdict(&sides[0]), verdict(&sides[1])],
            renamed: pairs.filter(|(one, other)| one != other).collect(),
            moved: moved(sides, &partner, lang),
            lines: goals.into_iter().chain(balance(sides, lang)).chain(mixed(documents, lang)).collect(),
        }
    }
}

/// The score cards: every goal that both plans have, the first goal of the first plan first.
fn goals(sides: &[Side; 2]) -> Vec<Line> {
    let line = |(at, goal): (usize, &GoalRecord)| {
        let place = sides[1].document.goals.iter().position(|other| other.name == goal.name)?;
        let (one, other) = (&sides[0].view.goals[at], &sides[1].view.goals[place]);
        let values = [one, other].map(|goal| format!("{} {}", goal.value, goal.unit));
        let better = smaller(goal.value, sides[1].document.goals[place].value);
        Some(Line::of(one.name.clone(), one.meaning, values, better))
    };
    sides[0].document.goals.iter().enumerate().filter_map(line).collect()
}

/// How far the groups are apart in every balanced column.
fn balance(sides: &[Side; 2], lang: Lang) -> Vec<Line> {
    let others = &sides[1].document.balance;
    let line = |(record, label): (&BalanceRecord, &String)| {
        let other = others.iter().find(|other| (&other.column, other.kind) == (&record.column, record.kind))?;
        let unit = match record.kind {
            BalanceKind::Score => names::say(lang, " 分", " pts"),
            BalanceKind::Count | BalanceKind::Tier => names::say(lang, " 人", ""),
        };
        let hint = names::say(lang, "组间最大差", "largest less smallest group");
        let values = [record.range, other.range].map(|range| format!("{}{unit}", number(range)));
        Some(Line::of(label.clone(), hint, values, smaller(record.range, other.range)))
    };
    sides[0].document.balance.iter().zip(&sides[0].columns).filter_map(line).collect()
}

/// How mixed the groups are within.
fn mixed(documents: [&Document; 2], lang: Lang) -> Option<Line> {
    let shares = [documents[0].heterogeneity?, documents[1].heterogeneity?];
    let label = names::say(lang, "组内异质", "Heterogeneity within").to_owned();
    let hint = names::say(lang, "越大越好，上限 100 %", "more is better, 100 % at most");
    Some(Line::of(label, hint, shares.map(per_cent), smaller(-shares[0], -shares[1])))
}

/// The first goal in which the plans differ decides.
fn summary(goals: &[Line], lang: Lang) -> String {
    let ahead = |goal: &Line| goal.values.iter().position(|(_, better)| *better).map(|at| (at + 1, goal.label.clone()));
    let words = match goals.iter().find_map(ahead) {
        None => words!("两份方案的各项目标完全一样。", "Both groupings are the same in every goal."),
        Some((1, goal)) => words!("方案一更均衡：在“{goal}”上胜出。", "Grouping 1 is fairer: it is ahead in {goal}."),
        Some((_, goal)) => words!("方案二更均衡：在“{goal}”上胜出。", "Grouping 2 is fairer: it is ahead in {goal}."),
    };
    names::tell(words, lang)
}

fn unlike(lang: Lang) -> String {
    let words = words!(
        "两份方案用的名册或目标不同，请逐项参考。",
        "The two come from different lists or goals; look at each line by itself."
    );
    names::tell(words, lang)
}

/// Who is not in the corresponding group: the name, and the group in each plan.
fn moved(sides: &[Side; 2], partner: &[Option<usize>], lang: Lang) -> Vec<(String, String, String)> {
    let [one, other] = sides;
    let label = |side: &Side, at: Option<usize>| match at {
        Some(at) => group_name(&side.document.groups[at], lang).0,
        None => names::say(lang, "不在名册里", "not in the list").to_owned(),
    };
    let line = |Moved { id, from, to }: Moved| {
        let name = one.called.get(&id).or_else(|| other.called.get(&id)).cloned().unwrap_or_default();
        (name, label(one, from), label(other, to))
    };
    compare::moved([&one.document, &other.document], partner).into_iter().map(line).collect()
}
