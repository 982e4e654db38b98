//! Class division (均衡分班): a grade's list into balanced classes, and teams of teachers to classes by a lot that anyone can
//! repeat.
//!
//! The lot: each team's ticket is SHA-256 of the lot's words, a line end and the team's name; the classes take the teams in the
//! order of their tickets. The words are told before the draw only as their own SHA-256, the commitment, so that nobody can
//! choose them to their liking afterwards, and afterwards in full, so that everybody can check them.

use super::SchoolError;
use crate::base::files;
use crate::check;
use crate::fault::{Fault, Faults};
use crate::model::Request;
use crate::pipeline::{Division, Prepared, agreed, prepare};
use crate::plan::document::Document;
use crate::report::{self, Audience, Report, ReportError};
use crate::roster::{Column, Field, Roster, sha256};
use crate::solver::{Effort, Stop};
use crate::words;
use crate::words::Lang;
use serde::Serialize;
use std::collections::HashSet;
use std::path::Path;

/// Folder of the new classes' lists, below the output folder.
pub const LISTS: &str = "lists";

/// What is asked of a division.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// Model, rules, number of classes.
    pub request: Request,
    /// Seed and depth of proof.
    pub effort: Effort,
    /// Teams of teachers, one a class; none for no lot.
    pub teams: &'a [String],
    /// The lot's words.
    pub lot: &'a str,
    /// Language of all that is written.
    pub lang: Lang,
}

/// A drawn lot. Its JSON is `lot.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lot {
    /// SHA-256 of the lot's words: published before the draw.
    pub commitment: String,
    /// The lot's words: published after it.
    pub words: String,
    /// How anyone can repeat it.
    pub recipe: String,
    /// In order of class.
    pub draws: Vec<Draw>,
}

/// What one class drew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Draw {
    /// The class.
    pub class: String,
    /// Its team.
    pub team: String,
    /// The team's ticket.
    pub ticket: String,
}

/// A division that is written.
#[derive(Clone, Debug)]
pub struct Divided {
    /// The grade with what was asked.
    pub grade: Prepared,
    /// The plan; a group is a class. Without groups where the rules cannot hold or the time was too short.
    pub document: Document,
    /// The lot, where there are teams and classes.
    pub lot: Option<Lot>,
}

/// Draws teams for classes.
///
/// # Errors
/// Not as many teams as classes, or a team named twice.
pub fn draw(words: &str, teams: &[String], classes: &[String]) -> Result<Lot, Faults> {
    let distinct: HashSet<&String> = teams.iter().collect();
    if distinct.len() != classes.len() || teams.len() != classes.len() {
        return Err(wrong_number(teams.len(), distinct.len(), classes.len()).into());
    }
    let ticket = |team: &String| (sha256(format!("{words}\n{team}").as_bytes()), team.clone());
    let mut tickets: Vec<(String, String)> = teams.iter().map(ticket).collect();
    tickets.sort();
    let draws = classes.iter().zip(tickets);
    Ok(Lot {
        commitment: sha256(words.as_bytes()),
        words: words.to_owned(),
        recipe: "ticket = SHA-256(words + LF + team); classes in order take teams in order of ticket".to_owned(),
        draws: draws.map(|(class, (ticket, team))| Draw { class: class.clone(), team, ticket }).collect(),
    })
}

fn wrong_number(teams: usize, distinct: usize, classes: usize) -> Fault {
    Fault {
        code: "team_count",
        place: "--teams".to_owned(),
        found: words!("{teams} 个教师组（不重复的 {distinct} 个）", "{teams} teams, {distinct} of them distinct"),
        expected: words!("{classes} 个不同的教师组，每班一个", "{classes} distinct teams, one for each class"),
        action: words!("请补全名单，每行一个教师组", "complete the list, a team a line"),
    }
}

/// Divides a grade, draws the teams and writes `division.json`, `division.xlsx`, `public.html`, `lot.json` and a list of each
/// class, ready for `fenzu school`; nothing where there is no plan.
///
/// # Errors
/// The list, the rules or the teams do not fit; the disk.
pub fn divide(grade: &Roster, asked: &Asked<'_>, output: &Path, stop: &Stop) -> Result<Divided, SchoolError> {
    let grade = prepare(grade, &asked.request, Division::Whole)?.pop();
    let grade = grade.ok_or_else(|| SchoolError::Files(std::io::Error::other("no students")))?;
    let classes = names(grade.policy.groups, asked.lang);
    let lot = (!asked.teams.is_empty()).then(|| draw(asked.lot, asked.teams, &classes)).transpose()?;
    let planned = grade.solve(asked.effort, stop, &|_| (), asked.lang);
    let mut document = planned.document;
    for (group, class) in document.groups.iter_mut().zip(&classes) {
        group.name.clone_from(class);
    }
    let mut findings = planned.findings;
    if !document.groups.is_empty() {
        findings.extend(check::judge(&grade.roster, &grade.request, &grade.policy, &document));
    }
    agreed(&findings).map_err(|found| SchoolError::judge(&found, asked.lang))?;
    if document.groups.is_empty() {
        // Nothing to hang up, and no lot may be seen before there are classes to draw for.
        return Ok(Divided { grade, document, lot: None });
    }
    let divided = Divided { grade, document, lot };
    write(&divided, output, asked.lang)?;
    Ok(divided)
}

/// `1班` …, `Class 1` …
fn names(classes: usize, lang: Lang) -> Vec<String> {
    let name = |n: usize| words!("{n}班", "Class {n}").get(lang).to_owned();
    (1..=classes).map(name).collect()
}

fn write(divided: &Divided, output: &Path, lang: Lang) -> Result<(), SchoolError> {
    let Divided { grade, document, lot } = divided;
    let report = |audience| grade.report(document, audience, lang);
    files::make_folder(&output.join(LISTS))?;
    files::put(&output.join("division.json"), report::json(std::slice::from_ref(document)).as_bytes())?;
    files::put(&output.join("division.xlsx"), &report::xlsx(&[report(Audience::Teacher)])?)?;
    files::put(&output.join("public.html"), report::html(&[report(Audience::Public)])?.as_bytes())?;
    if let Some(lot) = lot {
        let json = serde_json::to_value(lot).unwrap_or_default();
        files::put(&output.join("lot.json"), format!("{json:#}\n").as_bytes())?;
    }
    for (number, group) in document.groups.iter().enumerate() {
        let (roster, document) = class_list(&grade.roster, document, number);
        let report = Report { roster: &roster, document: &document, ..report(Audience::Teacher) };
        let path = output.join(LISTS).join(format!("{}.csv", group.name));
        files::put(&path, &without_groups(&report::csv(&[report])?)?)?;
    }
    Ok(())
}

/// A members list without the columns that say the group: it is the class itself.
fn without_groups(list: &[u8]) -> Result<Vec<u8>, ReportError> {
    const GROUPS: [&str; 4] = ["group", "小组", "group_name", "组名"];
    const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
    let list = list.strip_prefix(BYTE_ORDER_MARK).unwrap_or(list);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(list);
    let mut keep: Option<Vec<bool>> = None;
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    for row in reader.records() {
        let row = row?;
        let keep = keep.get_or_insert_with(|| row.iter().map(|header| !GROUPS.contains(&header)).collect());
        writer.write_record(row.iter().zip(keep.iter()).filter(|(_, keep)| **keep).map(|(cell, _)| cell))?;
    }
    writer.into_inner().map_err(|error| ReportError::Csv(error.into_error().into()))
}

/// One new class as a list of its own: an old class column would only confuse.
fn class_list(grade: &Roster, document: &Document, number: usize) -> (Roster, Document) {
    let mut group = document.groups[number].clone();
    let class = group.name.clone();
    let mut roster = grade.clone();
    roster.columns.retain(|column: &Column| column.field != Field::Class);
    for student in &mut roster.students {
        student.class.clone_from(&class);
    }
    group.id = format!("{class}/1");
    group.class = class;
    let people = document.people.iter().filter(|person| group.students.contains(&person.id)).cloned().collect();
    (roster, Document { groups: vec![group], people, ..document.clone() })
}
