//! Builders that several capability tests share: rosters, requests, partitions.

use fenzu::model::{Policy, Request};
use fenzu::plan::Plan;
use fenzu::plan::last::{Ids, LastSemester, Past, PastClass};
use fenzu::roster::{Cell, Column, Field, Holds, Roster, RowPlace, Student};

/// Builds a roster from columns and rows of words.
///
/// ```ignore
/// RosterBuilder::new("id gender tier score:math left_behind").row("a male top 90.5 yes").row("b - middle absent -").build()
/// ```
/// Columns are the words of `read_as`. Cells stand in the columns' order; `-` is an empty cell, `absent` a mark known to be absent,
/// `yes` and `no` a flag. Without an id column ids are row numbers.
#[derive(Clone, Debug)]
pub struct RosterBuilder {
    fields: Vec<Field>,
    rows: Vec<Vec<String>>,
}

impl RosterBuilder {
    pub fn new(columns: &str) -> Self {
        let fields = columns.split_whitespace().map(|word| word.parse().expect("a word of read_as")).collect();
        Self { fields, rows: Vec::new() }
    }

    pub fn row(mut self, cells: &str) -> Self {
        let row: Vec<String> = cells.split_whitespace().map(str::to_owned).collect();
        assert_eq!(row.len(), self.fields.len(), "cells of row `{cells}`");
        self.rows.push(row);
        self
    }

    pub fn rows<'a>(self, rows: impl IntoIterator<Item = &'a str>) -> Self {
        rows.into_iter().fold(self, Self::row)
    }

    pub fn build(self) -> Roster {
        let columns = self.fields.iter().enumerate().map(|(index, field)| Column {
            header: field.name().to_owned(),
            field: field.clone(),
            index,
            holds: Holds::default(),
            cells: self.rows.iter().map(|row| cell(field, &row[index])).collect(),
        });
        let students = (0..self.rows.len()).map(|s| Student {
            id: self.word(s, &Field::Id).unwrap_or_else(|| (s + 1).to_string()),
            name: self.word(s, &Field::Name).unwrap_or_default(),
            class: self.word(s, &Field::Class).unwrap_or_default(),
            row: RowPlace { row: s + 2, line: Some(s + 2), ..RowPlace::default() },
        });
        Roster {
            file: "test.csv".to_owned(),
            sha256: "0".repeat(64),
            columns: columns.collect(),
            students: students.collect(),
            ..Roster::default()
        }
    }

    fn word(&self, student: usize, field: &Field) -> Option<String> {
        let column = self.fields.iter().position(|f| f == field)?;
        Some(self.rows[student][column].clone()).filter(|word| word != "-")
    }
}

fn cell(field: &Field, word: &str) -> Cell {
    match (field, word) {
        (_, "-") => Cell::Empty,
        (Field::Score(_) | Field::Total | Field::Rank, "absent") => Cell::Absent,
        (Field::Score(_) | Field::Total | Field::Rank, _) => Cell::Number(word.parse().expect("a number")),
        (Field::Flag(_), _) => Cell::Flag(word == "yes"),
        _ => Cell::Text(word.to_owned()),
    }
}

/// Three tiers that a list's tier column names: append it to the TOML of [`request`].
pub const TIERS: &str = r#"
[tiers]
layers = [
  { key = "top", ratio = 3, label = { zh = "优等生", en = "top" } },
  { key = "middle", ratio = 5, label = { zh = "中等生", en = "middle" } },
  { key = "struggling", ratio = 2, label = { zh = "学困生", en = "struggling" } },
]
"#;

/// A request for `groups` groups; `toml` holds the model's goals and, behind them, perhaps [`TIERS`].
pub fn request(groups: usize, toml: &str) -> Request {
    let head =
        format!("name = \"test\"\ntitle = {{ zh = \"测试\", en = \"test\" }}\ngroups = {{ count = {groups} }}\n");
    Request::new(toml::from_str(&(head + toml)).expect("a model"))
}

/// The request's model applied to the roster.
pub fn policy(request: &Request, roster: &Roster) -> Policy {
    Policy::apply(request, roster).expect("the model fits the roster")
}

/// A plan from the students' groups, numbered from 0.
pub fn plan(group_of: &[usize]) -> Plan {
    Plan { groups: group_of.iter().max().map_or(0, |last| last + 1), group_of: group_of.to_vec() }
}

/// Every division of `students` into `groups` with sizes within one of each other, each once: groups are numbered by first member.
pub fn partitions(students: usize, groups: usize) -> Vec<Plan> {
    let mut found = Vec::new();
    extend(&mut vec![], &mut vec![0; groups], students, &mut found);
    found
}

fn extend(group_of: &mut Vec<usize>, sizes: &mut Vec<usize>, students: usize, found: &mut Vec<Plan>) {
    let (groups, floor) = (sizes.len(), students / sizes.len());
    if group_of.len() == students {
        if sizes.iter().all(|&size| size >= floor) {
            found.push(Plan { groups, group_of: group_of.clone() });
        }
        return;
    }
    let used = sizes.iter().filter(|&&size| size > 0).count();
    let large = sizes.iter().filter(|&&size| size > floor).count();
    for g in 0..groups.min(used + 1) {
        if sizes[g] < floor || (sizes[g] == floor && large < students % groups) {
            sizes[g] += 1;
            group_of.push(g);
            extend(group_of, sizes, students, found);
            group_of.pop();
            sizes[g] -= 1;
        }
    }
}

/// Last semester by the list's very ids: students and groups.
pub fn last_by_id<'a>(groups: impl IntoIterator<Item = (&'a str, &'a str)>) -> LastSemester {
    let past = |(id, group): (&str, &str)| Past { id: id.to_owned(), group: group.to_owned(), ..Past::default() };
    let people = groups.into_iter().map(past).collect();
    let class = PastClass { name: String::new(), ids: Ids::Same, sha256: "1".repeat(64), people };
    LastSemester::new(vec![class], "1".repeat(64))
}
