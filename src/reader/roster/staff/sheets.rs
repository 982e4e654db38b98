//! Which lists of a file are the staff list: the sheet that says most, and those beside it that are laid out alike and go on with it
//! (a sheet a grade, a sheet a subject); a copy of it, or the list of another term, is told and not read.

use super::absent::Absent;
use super::blocks::{self, Block, Body};
use super::classes::Classes;
use super::columns::Field;
use super::layout::Layout;
use super::mentions::written_cell;
use super::teachers::Reader;
use super::together::Known;
use super::{Directory, Purpose, Teacher, matrix, names, people};
use crate::roster::class_name::Fit;
use crate::roster::table::{Raw, Table};
use crate::roster::tell::{Tell, Why};
use crate::roster::vocabulary::{self, staff_words};
use crate::words;
use std::collections::{BTreeMap, BTreeSet};

/// One that somebody teaches: subject, class, teacher; in claims the wish in the place of the class.
type Fact = (Option<String>, String, String);

/// The lists to read; sheets passed over are told.
pub(super) fn lists(tables: &[Table], directory: &Directory, purpose: Purpose<'_>, tell: &mut Tell<'_>) -> Vec<Block> {
    let is_claims = matches!(purpose, Purpose::Claims(_));
    let mut found: Vec<Vec<Block>> = tables.iter().map(|table| blocks::blocks(table, directory, is_claims)).collect();
    let worth = |blocks: &Vec<Block>| blocks.iter().map(Block::worth).max();
    // The first of those that say most.
    let best = (0..found.len()).rev().filter(|at| !found[*at].is_empty()).max_by_key(|at| worth(&found[*at]));
    let Some(best) = best else { return Vec::new() };
    let like = found[best].iter().max_by_key(|block| block.worth()).map(Block::shape).unwrap_or_default();
    let mut seen: BTreeSet<Fact> = found[best].iter().flat_map(|block| block.facts(directory)).collect();
    let mut read = Vec::new();
    for (at, blocks) in found.drain(..).enumerate() {
        let table = &tables[at];
        let facts: BTreeSet<Fact> = blocks.iter().flat_map(|block| block.facts(directory)).collect();
        let alike = blocks.iter().any(|block| block.shape() == like);
        let goes_on = at != best && alike && !is_other_term(&table.sheet) && {
            if is_claims { !facts.is_subset(&seen) } else { goes_on(&facts, &seen) }
        };
        if at != best && !goes_on {
            if !table.rows.is_empty() {
                let message = words!("这张工作表没有读取", "this sheet was not read");
                tell.notice("sheet_skipped", table.sheet.clone(), message);
            }
            continue;
        }
        seen.extend(facts);
        let known = like.1;
        for block in blocks {
            if block.shape().1 == known {
                read.push(block);
            } else {
                let message = words!("这里另有一张表，没有读取", "another table begins here and was not read");
                tell.notice("list_skipped", block.place.cell(None), message);
            }
        }
    }
    read
}

/// Whether what a sheet says goes on with what the others say, and neither repeats nor contradicts it.
fn goes_on(facts: &BTreeSet<Fact>, seen: &BTreeSet<Fact>) -> bool {
    let taken: BTreeMap<(&str, &str), &str> = (seen.iter())
        .filter_map(|(subject, class, teacher)| Some(((subject.as_deref()?, class.as_str()), teacher.as_str())))
        .collect();
    let contradicts = facts.iter().any(|(subject, class, teacher)| {
        let other = subject.as_deref().and_then(|subject| taken.get(&(subject, class.as_str())));
        other.is_some_and(|other| other != teacher)
    });
    let classes: BTreeSet<&str> = seen.iter().map(|(_, class, _)| class.as_str()).collect();
    let apart = facts.iter().all(|(_, class, _)| !classes.contains(class.as_str()));
    let teachers: BTreeSet<&str> = seen.iter().map(|(_, _, teacher)| teacher.as_str()).collect();
    let others = facts.iter().all(|(_, _, teacher)| !teachers.contains(teacher.as_str()));
    let told = facts.iter().all(|(subject, _, _)| subject.is_some());
    !facts.is_empty() && !contradicts && !facts.is_subset(seen) && (apart || told || others)
}

/// Whether a sheet's name says that it is no list of now.
fn is_other_term(sheet: &str) -> bool {
    let key = vocabulary::word_key(sheet);
    staff_words("other_term").any(|word| key.contains(word))
}

impl Block {
    /// How much it says: a list of teachers says more than a matrix, and more fields than few.
    fn worth(&self) -> (bool, usize) {
        match &self.layout {
            Layout::Rows(head) => (!self.is_headless, head.worth()),
            Layout::Matrix(matrix) => (false, matrix.columns.len()),
        }
    }

    /// What two lists have in common that are laid out alike, and how they tell teachers apart.
    fn shape(&self) -> (Vec<Field>, u8) {
        match &self.layout {
            Layout::Rows(head) => {
                let mut fields = head.fields();
                fields.dedup();
                fields.retain(|field| {
                    matches!(field, Field::Id | Field::Name | Field::Given | Field::Classes | Field::Prefers)
                });
                let id = u8::from(head.column(Field::Id).is_some());
                (fields, id)
            }
            Layout::Matrix(matrix) => (Vec::new(), 2 + u8::from(matrix.classes_above)),
        }
    }

    /// The cells that name classes, each with the row that it is in.
    fn cells(&self) -> Vec<(String, Option<&Body>)> {
        let columns: Vec<usize> = match &self.layout {
            Layout::Matrix(matrix) if matrix.classes_above => {
                return matrix.columns.iter().map(|(_, text)| (text.clone(), self.body.first())).collect();
            }
            Layout::Matrix(matrix) => vec![matrix.side],
            Layout::Rows(head) => head.all(Field::Classes).chain(head.roles.iter().map(|(at, _)| *at)).collect(),
        };
        let above = match &self.layout {
            Layout::Rows(head) => head.classes.iter().map(|(_, text)| (text.clone(), self.body.first())).collect(),
            Layout::Matrix(_) => Vec::new(),
        };
        let of = |body| columns.iter().map(move |at| (body, *at));
        let cells = self.body.iter().filter(|body| !body.is_section).flat_map(of);
        let cells = cells.map(|(body, at)| (written_cell(body.row.cell(at)), Some(body)));
        above.into_iter().chain(cells).filter(|(text, _)| !text.is_empty()).collect()
    }

    /// The texts that name classes.
    pub(super) fn texts(&self) -> Vec<String> {
        self.cells().into_iter().map(|(text, _)| text).collect()
    }

    /// Who teaches what where, as far as may be known before the reading.
    fn facts(&self, directory: &Directory) -> BTreeSet<Fact> {
        let mut facts = BTreeSet::new();
        let mut add = |class: &Raw, body: &Body, subject: &Option<String>, teacher: &str| {
            for class in classes(&written_cell(class), body, directory) {
                facts.insert((subject.clone(), class, teacher.to_owned()));
            }
        };
        for body in self.body.iter().filter(|body| !body.is_section) {
            match &self.layout {
                Layout::Matrix(matrix) => {
                    for (column, head) in &matrix.columns {
                        let (head, side) = (Raw::Text(head.into()), body.row.cell(matrix.side));
                        let (class, subject) = if matrix.classes_above { (&head, side) } else { (side, &head) };
                        for named in names::names(body.row.cell(*column)) {
                            add(class, body, &Some(subject.shown()), &named.name);
                        }
                    }
                }
                Layout::Rows(head) => {
                    let subject = head.column(Field::Subjects).map(|at| body.row.cell(at).shown());
                    let subject = subject.filter(|text| !text.is_empty()).or(body.subject.clone());
                    let columns =
                        head.all(Field::Classes).chain(head.all(Field::Prefers)).chain(head.all(Field::Group));
                    for column in columns {
                        for named in people::named(head, &body.row) {
                            add(body.row.cell(column), body, &subject, &named.name);
                        }
                    }
                }
            }
        }
        facts
    }

    /// One teacher for every row, or every name in a cell.
    pub(super) fn teachers(
        &self,
        directory: &Directory,
        classes: &mut Classes<'_>,
        absent: &mut Absent,
        tell: &mut Tell<'_>,
        purpose: Purpose<'_>,
    ) -> Vec<Teacher> {
        match &self.layout {
            Layout::Matrix(matrix) => matrix::teachers(self, matrix, classes, absent, tell),
            Layout::Rows(head) => {
                let is_claims = matches!(purpose, Purpose::Claims(_));
                head.tell_unused(&self.place, is_claims, tell);
                if self.is_headless {
                    let message = words!(
                        "没有表头，按内容认出姓名和班级",
                        "no header; names and classes were told by what they hold"
                    );
                    tell.notice("no_header", self.place.cell(None), message);
                }
                let untold =
                    self.classes_column().is_none() && head.classes.is_empty() && directory.classes().len() > 1;
                if untold && !is_claims {
                    no_classes(tell);
                }
                let is_numbered = self.is_numbered();
                Reader {
                    head,
                    block: self,
                    directory,
                    tell,
                    classes,
                    absent,
                    purpose,
                    is_numbered,
                    written: Vec::new(),
                }
                .teachers()
            }
        }
    }

    /// Whether the ids are only the numbers of rows: one after the other below 编号, while a name comes back.
    fn is_numbered(&self) -> bool {
        let Layout::Rows(head) = &self.layout else { return false };
        let (Some(id), Some(name)) = (head.column(Field::Id), head.column(Field::Name)) else { return false };
        if !["编号", "no", "人员编号"].contains(&vocabulary::word_key(head.header(Field::Id)).as_str()) {
            return false;
        }
        let rows = || self.body.iter().filter(|body| !body.row.cell(name).is_blank());
        let number = |body: &Body| body.row.cell(id).shown().parse::<usize>().ok();
        let numbers: Vec<Option<usize>> = rows().map(number).collect();
        let in_order = numbers.windows(2).all(|pair| pair[0].is_some() && pair[1] == pair[0].map(|one| one + 1));
        let names: BTreeSet<String> = rows().map(|body| body.row.cell(name).shown()).collect();
        in_order && numbers.first() == Some(&Some(1)) && names.len() < numbers.len()
    }

    /// How teachers are told from one another.
    pub(super) fn known(&self) -> Known {
        match &self.layout {
            Layout::Matrix(_) => Known::Cell,
            Layout::Rows(head) => match head.column(Field::Id).filter(|_| !self.is_numbered()) {
                Some(column) => Known::Id(Some(column)),
                None => Known::Name(head.name()),
            },
        }
    }

    /// Where classes stand, for messages.
    pub(super) fn classes_column(&self) -> Option<usize> {
        match &self.layout {
            Layout::Rows(head) => head.column(Field::Classes).or(head.roles.first().map(|(at, _)| *at)),
            Layout::Matrix(matrix) => (!matrix.classes_above).then_some(matrix.side),
        }
    }
}

/// The classes that a cell names, as known as may be.
fn classes(text: &str, body: &Body, directory: &Directory) -> BTreeSet<String> {
    let mut classes = BTreeSet::new();
    for part in directory.index().cell_of(text, body.grades.first().copied()) {
        match part.fit {
            Fit::Classes { classes: known, .. } => {
                classes.extend(known.into_iter().map(|class| directory.classes()[class].clone()));
            }
            Fit::Nothing | Fit::Several(_) => _ = classes.insert(format!("{:?} {}", body.grades, part.text)),
        }
    }
    classes
}

fn no_classes(tell: &mut Tell<'_>) {
    let why = Why {
        found: words!("没有“任教班级”列", "no column with the classes taught"),
        expected: words!("每位教师任教的班级", "the classes that each teacher teaches"),
        action: words!(
            "请加上“任教班级”列，几个班用分号隔开",
            "add a column “classes”, several separated by semicolons"
        ),
    };
    tell.fault("no_classes_column", "", why);
}
