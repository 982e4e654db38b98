//! Tables that stand among class lists and are no lists of students: of teachers or claims, a row a class, registers.

use crate::roster::class_name::readings;
use crate::roster::staff::are_of_teachers;
use crate::roster::{Cell, Field, Roster};
use crate::school::register::is_register;
use crate::school::sources::Source;
use crate::words;
use crate::words::Words;
use std::collections::HashSet;

/// What a table holds that is no list of students.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Teachers, or their claims.
    Teachers,
    /// A row a class: means, teachers of the classes.
    Classes,
    /// What a teacher writes about the groups.
    Register,
}

impl Kind {
    /// What a list is that was read as one of students.
    pub(super) fn of(roster: &Roster, source: &Source) -> Option<Self> {
        if are_of_teachers(roster.columns.iter().map(|column| column.header.as_str())) || names_groups(roster) {
            return Some(Self::Teachers);
        }
        let names = roster.column(&Field::Name).is_some_and(|column| !are_classes(&column.cells));
        if !names && source.is_of_classes() {
            return Some(Self::Classes);
        }
        let is_register = is_register(roster.columns.iter().map(|column| column.header.as_str()));
        is_register.then_some(Self::Register)
    }

    /// What a file is that could not be read as a list of students.
    pub(super) fn of_source(source: &Source) -> Option<Self> {
        if source.is_register() {
            Some(Self::Register)
        } else if source.is_of_teachers() {
            Some(Self::Teachers)
        } else {
            source.is_of_classes().then_some(Self::Classes)
        }
    }

    /// How it is told.
    pub(super) fn told(self) -> (&'static str, Words) {
        match self {
            Self::Teachers => (
                "teachers_skipped",
                words!(
                    "是教师或认领名单，不是名册，已跳过；教师名单请用 --teachers，认领请用 --claims",
                    "a list of teachers or claims and no class list was skipped; give it with --teachers or --claims"
                ),
            ),
            Self::Classes => (
                "classes_skipped",
                words!(
                    "每行是一个班，不是学生名册，已跳过",
                    "a table with a row for every class and no list of students was skipped"
                ),
            ),
            Self::Register => (
                "register_skipped",
                words!("是教师的登记册，不是名册，已跳过", "a teacher's register and no class list was skipped"),
            ),
        }
    }
}

/// Whether most cells are names of classes.
fn are_classes(cells: &[Cell]) -> bool {
    let texts: HashSet<&str> = cells.iter().filter_map(Cell::text).collect();
    let classes = texts.iter().filter(|text| text.contains('班') && !readings(text).is_empty()).count();
    classes > 0 && 10 * classes >= 8 * texts.len()
}

/// Whether a column of words about wishes names groups of classes: 七(1)班第2组.
fn names_groups(roster: &Roster) -> bool {
    let names = |text: &str| text.contains('组') && text.contains('班') || text.contains("group");
    roster.columns.iter().filter(|column| column.field == Field::Other).any(|column| {
        let texts = column.cells.iter().filter_map(Cell::text).filter(|text| !text.is_empty());
        let (all, groups) = texts.fold((0, 0), |(all, groups), text| (all + 1, groups + usize::from(names(text))));
        groups > 0 && 10 * groups >= 6 * all && crate::roster::staff::are_wishes(&column.header)
    })
}
