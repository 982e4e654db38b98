//! `/lists/{id}`: how a list was read, with the columns to correct by hand, and what is wished of the groups.

use super::super::app::App;
use super::super::body::Id;
use super::super::caller::School;
use super::super::language::Speaks;
use super::super::lists;
use super::super::plans::stored;
use super::super::problem::{Problem, notice_record};
use super::said::Said;
use super::{initials, shown, speaks};
use crate::fault::Notice;
use crate::goals::about;
use crate::model::goal::Columns;
use crate::model::policy::tier_source;
use crate::model::{GoalName, Request, TierSource, builtin};
use crate::pipeline::{Division, prepare};
use crate::report::notice::shown_names;
use crate::report::sheet::grouped_notices;
use crate::report::{names, text::clean};
use crate::roster::field::KNOWN_FLAGS;
use crate::roster::{Column, Field, Override, Roster, column_letters};
use crate::words::{Lang, Words};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use std::collections::HashSet;

/// Rows that are shown in any case; rows with odd cells come after them.
const FIRST_ROWS: usize = 5;
/// Rows that are shown at most.
const MOST_ROWS: usize = 14;
/// Students in a group where nothing else is wished.
const USUAL_SIZE: usize = 10;

#[derive(Template)]
#[template(path = "web/list.html")]
struct ListPage {
    lang: Lang,
    id: String,
    file: String,
    students: usize,
    classes: Vec<String>,
    columns: Vec<ColumnView>,
    rows: Vec<RowView>,
    notices: Vec<(String, Vec<String>)>,
    people: Vec<Person>,
    /// What to balance, in the model's order.
    goals: Vec<GoalView>,
    /// Whether tiers come from a column of the list, so that no ratio can be asked for.
    tiers_given: bool,
    /// What they are drawn by where they do not.
    ranked_by: String,
    groups: usize,
    most_groups: usize,
    has_gender: bool,
    /// What has been said of it so far, and what it asks.
    said: Said,
}
speaks!(ListPage);

/// One column over the first rows.
struct ColumnView {
    /// Its own text, to name it by; empty where it has none.
    header: String,
    letter: String,
    /// Named by hand.
    named: bool,
    /// What it can be read as: word, label; and whether it is.
    choices: Vec<(String, String, bool)>,
    /// Whether it decides anything.
    used: bool,
}

/// A student's row.
struct RowView {
    number: usize,
    /// Text and what is odd about it.
    cells: Vec<(String, Option<String>)>,
}

/// Somebody who can be named in a wish.
struct Person {
    /// The word for rules.
    reference: String,
    label: String,
    /// Pinyin initials of the name, several where it can be read in several ways.
    initials: String,
}

/// A goal that can be put before or behind others.
struct GoalView {
    word: &'static str,
    label: &'static str,
    hint: &'static str,
    /// Columns that can be left out; none where it looks at those of another goal.
    columns: Vec<Balanced>,
    /// The goal with which the columns stand that it looks at; empty where it looks at none.
    columns_of: &'static str,
    /// Whether the model wants it proved.
    asked: bool,
}

/// A column that goals balance.
struct Balanced {
    name: String,
    label: String,
}

/// How the list was read, and the form of wishes.
pub(super) async fn page(
    State(app): State<App>,
    school: School,
    Speaks(lang): Speaks,
    Id(id): Id,
) -> Result<Response, Problem> {
    let list = lists::find(&app, &school, &id).await?;
    let (words, overrides) = (stored::words(&list), stored::overrides(&list)?);
    let roster = lists::read(&app, &school, list.file.clone(), list.bytes.into(), overrides.clone()).await?;
    let seat = app.seat(&school, 0).await;
    let page = app.think(seat, move || ListPage::of(id, &list.file, &roster, (&words, &overrides), lang)).await?;
    Ok(shown(&page))
}

impl ListPage {
    fn of(id: String, file: &str, roster: &Roster, (words, overrides): (&[String], &[Override]), lang: Lang) -> Self {
        let classes = roster.classes();
        let largest = classes
            .iter()
            .map(|class| roster.students.iter().filter(|student| student.class == *class).count())
            .max()
            .unwrap_or(0);
        let records: Vec<_> =
            roster.notices.iter().chain(&decided(roster)).map(|notice| notice_record(notice, lang)).collect();
        Self {
            lang,
            id,
            file: clean(file),
            students: roster.students.len(),
            columns: roster.columns.iter().map(|column| column_view(column, overrides, lang)).collect(),
            rows: rows(roster, lang),
            notices: (grouped_notices(&records).into_iter())
                .map(|(message, places)| (message, places.iter().map(|place| names::place(place, lang)).collect()))
                .collect(),
            people: people(roster, &classes),
            goals: goals(roster, lang),
            tiers_given: roster.column(&Field::Tier).is_some(),
            ranked_by: ranked_by(roster).get(lang).to_owned(),
            groups: ((largest + USUAL_SIZE / 2) / USUAL_SIZE).max(1),
            most_groups: largest.max(1),
            has_gender: roster.column(&Field::Gender).is_some(),
            said: Said::of(words, overrides, roster, lang),
            classes: classes.iter().map(|class| clean(class)).collect(),
        }
    }
}

/// What the default model decides about the list: ties at the borders of tiers, marks filled in.
fn decided(roster: &Roster) -> Vec<Notice> {
    let Some(model) = builtin::builtin().first() else { return Vec::new() };
    // What cannot be divided is told when it is asked for.
    let prepared = prepare(roster, &Request::new(model.clone()), Division::ByClass).unwrap_or_default();
    prepared.into_iter().flat_map(|class| class.problem.notices).collect()
}

/// What the default model ranks students by; the sum of marks where the list has no marks either.
fn ranked_by(roster: &Roster) -> Words {
    let source = builtin::builtin().first().and_then(|model| tier_source(model, roster));
    source.unwrap_or(TierSource::Sum).words()
}

fn column_view(column: &Column, overrides: &[Override], lang: Lang) -> ColumnView {
    let own = Field::Score(subject(column));
    let mut choices = vec![Field::Id, Field::Name, Field::Class, Field::Gender, Field::Tier];
    choices.push(if let Field::Score(_) = &column.field { column.field.clone() } else { own });
    choices.extend([Field::Total, Field::Rank]);
    choices.extend(KNOWN_FLAGS.map(|flag| Field::Flag(flag.to_owned())));
    choices.extend([Field::Flag(subject(column)), Field::Category(subject(column))]);
    choices.extend([Field::EthnicGroup, Field::Notes, Field::Other, column.field.clone()]);
    // A column may be called as a flag that schools know, and what it was read as is mostly among them.
    let mut seen = HashSet::new();
    choices.retain(|field| seen.insert(field.clone()));
    let choice =
        |field: &Field| (field.to_string(), names::meaning(field, &subject(column), lang), *field == column.field);
    ColumnView {
        header: column.header.clone(),
        letter: column_letters(column.index),
        named: (overrides.iter().filter_map(Override::column))
            .any(|(field, header)| column.header.ends_with(header) && *field == column.field),
        choices: choices.iter().map(choice).collect(),
        used: !matches!(column.field, Field::Other | Field::Notes),
    }
}

/// A column's name as a subject or kind of its own.
fn subject(column: &Column) -> String {
    let last = column.header.split_whitespace().next_back().unwrap_or_default();
    if last.is_empty() { column_letters(column.index) } else { last.replace([':', '='], " ") }
}

/// The first rows, then those with odd cells.
fn rows(roster: &Roster, lang: Lang) -> Vec<RowView> {
    let odd = |s: usize, column: &Column| {
        let place = roster.students[s].row.cell(Some(column.index));
        let notice = roster.notices.iter().find(|notice| notice.place == place)?;
        Some(clean(notice.message.get(lang)))
    };
    let view = |s: usize| RowView {
        number: roster.students[s].row.row,
        cells: roster
            .columns
            .iter()
            .map(|column| (clean(&names::cell(&column.cells[s], &column.field, lang)), odd(s, column)))
            .collect(),
    };
    let all = (0..roster.students.len()).map(|s| (s, view(s)));
    let told = all.filter(|(s, row)| *s < FIRST_ROWS || row.cells.iter().any(|(_, odd)| odd.is_some()));
    told.map(|(_, row)| row).take(MOST_ROWS).collect()
}

/// Everyone, by the names that are shown; in a list of several classes the class goes before.
fn people(roster: &Roster, classes: &[String]) -> Vec<Person> {
    let mut people = Vec::with_capacity(roster.students.len());
    for class in classes {
        let part = roster.of_class(class);
        for (student, name) in part.students.iter().zip(shown_names(&part)) {
            let (reference, label) = if classes.len() > 1 {
                (format!("{class}/{}", student.id), format!("{} {name}", clean(class)))
            } else {
                (student.id.clone(), name)
            };
            people.push(Person { reference, label, initials: initials::of(&student.name) });
        }
    }
    people
}

/// The default model's goals, those without anything to look at left out. Columns stand with the first goal that looks at their
/// kind; the others look at the same.
fn goals(roster: &Roster, lang: Lang) -> Vec<GoalView> {
    let Some(model) = builtin::builtin().first() else { return Vec::new() };
    let level = |goal: GoalName| model.goals.iter().find(|spec| spec.goal == goal).map(|spec| spec.level);
    let mut goals: Vec<GoalView> = Vec::new();
    for (spec, wish) in model.goals.iter().filter_map(|spec| Some((spec, about(spec.goal).wish?))) {
        let looks_at = spec.goal.columns();
        let columns = columns(looks_at, roster, lang);
        if looks_at != Columns::None && columns.is_empty() {
            continue;
        }
        let first = model.goals.iter().map(|spec| spec.goal).find(|goal| goal.columns() == looks_at);
        let first = first.filter(|_| looks_at != Columns::None).map_or("", GoalName::word);
        goals.push(GoalView {
            word: spec.goal.word(),
            label: wish.label.get(lang),
            hint: wish.hint.map_or("", |hint| hint.get(lang)),
            columns: if first == spec.goal.word() { columns } else { Vec::new() },
            columns_of: first,
            asked: Some(spec.level) <= level(model.prove_through),
        });
    }
    goals
}

/// The columns of a kind that goals look at where they name none.
fn columns(looks_at: Columns, roster: &Roster, lang: Lang) -> Vec<Balanced> {
    let is_of = |field: &Field| match looks_at {
        Columns::None => false,
        Columns::Marks | Columns::Pairs => matches!(field, Field::Score(_)),
        Columns::Kinds => matches!(field, Field::Gender | Field::Flag(_) | Field::Category(_)),
    };
    roster.columns.iter().filter(|column| is_of(&column.field)).map(|column| balanced(column, lang)).collect()
}

fn balanced(column: &Column, lang: Lang) -> Balanced {
    let name = column.field.name().to_owned();
    Balanced { label: names::column(&name, &column.header, lang), name }
}
