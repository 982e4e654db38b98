//! Rows below the header to teachers: every cell's value, every fault with its cell.

use super::absent::Absent;
use super::blocks::{Block, Body};
use super::classes::Classes;
use super::columns::{Field, Head};
use super::limits::{Limit, limit};
use super::look::{self, Role};
use super::names;
use super::people::{self, Who};
use super::{Directory, Mention, Purpose, Teacher, Wished, mentions};
use crate::roster::table::{Kind, Raw, Row};
use crate::roster::tell::{Tell, Why, places};
use crate::roster::value::{self, Mark};
use crate::roster::{Field as ListField, RowPlace};
use crate::words;
use crate::words::Words;

/// A staff list while its rows are read.
pub(super) struct Reader<'a, 'd, 'f> {
    pub(super) head: &'a Head,
    pub(super) block: &'a Block,
    pub(super) directory: &'a Directory,
    pub(super) tell: &'a mut Tell<'f>,
    pub(super) classes: &'a mut Classes<'d>,
    pub(super) absent: &'a mut Absent,
    pub(super) purpose: Purpose<'a>,
    /// Whether the ids are only the rows' numbers.
    pub(super) is_numbered: bool,
    /// The wishes of the row that is being read.
    pub(super) written: Vec<Option<Mention>>,
}

/// A cell that is being read, with its place.
pub(super) struct Spot<'r> {
    pub(super) field: Field,
    pub(super) cell: &'r Raw,
    pub(super) place: String,
}

impl Reader<'_, '_, '_> {
    /// One teacher for everybody whom a row below the header names, or who goes on from the row above.
    pub(super) fn teachers(&mut self) -> Vec<Teacher> {
        let mut teachers: Vec<Teacher> = Vec::new();
        let (mut skipped, mut continued, mut filled) = (Vec::new(), Vec::new(), Vec::new());
        let block = self.block;
        let mut above: Option<Body> = None;
        let mut class: Option<Raw> = None;
        for body in block.body.iter().filter(|body| !body.is_section) {
            let mut body = body.clone();
            if !people::is_teacher(self.head, &body, self.directory) {
                match above.as_ref().and_then(|above| self.continued(&body, above)) {
                    Some(whole) => {
                        teachers.extend(self.row(&whole));
                        continued.push(body.row.place(&block.sheet));
                    }
                    None => skipped.push(body.row.place(&block.sheet)),
                }
                continue;
            }
            self.check_width(&body.row);
            if self.fills_class(&mut body.row, &mut class) {
                filled.push(body.row.place(&block.sheet));
            }
            teachers.extend(self.row(&body));
            above = Some(body);
        }
        let mut told = |code, rows: &[RowPlace], message: Words| {
            if !rows.is_empty() {
                self.tell.notice(code, places(&rows.iter().collect::<Vec<_>>(), None), message);
            }
        };
        told("rows_skipped", &skipped, words!("这些行不是教师，已跳过", "rows that are no teachers were skipped"));
        let message =
            words!("这些行没有写教师，算作上一行的教师", "rows without a teacher were taken as the one's above");
        told("teacher_filled", &continued, message);
        let message =
            words!("这些行没有写班级，算作上一行的班级", "rows without a class were taken as of the one above");
        told("class_filled", &filled, message);
        teachers
    }

    /// A class written once for the rows below it, where classes stand before the teachers.
    fn fills_class(&self, row: &mut Row, class: &mut Option<Raw>) -> bool {
        let before = self.head.column(Field::Classes).filter(|at| self.head.name().is_some_and(|name| *at < name));
        let Some(column) = before.filter(|_| self.block.kind != Kind::Json) else { return false };
        if !row.cell(column).is_blank() {
            *class = Some(row.cell(column).clone());
            return false;
        }
        let Some(class) = class else { return false };
        row.cells.resize(row.cells.len().max(column + 1), Raw::Empty);
        row.cells[column] = class.clone();
        true
    }

    /// A row without a teacher that names classes known here: with the teacher of the row above.
    fn continued(&self, body: &Body, above: &Body) -> Option<Body> {
        let who: Vec<usize> = [Field::Id, Field::Name, Field::Family, Field::Given]
            .into_iter()
            .filter_map(|field| self.head.column(field))
            .collect();
        let column =
            self.head.column(Field::Classes).filter(|_| who.iter().all(|&who| body.row.cell(who).is_blank()))?;
        if !look::Look::of(body.row.cell(column), self.directory).class {
            return None;
        }
        let mut whole = body.clone();
        for at in who {
            whole.row.cells.resize(whole.row.cells.len().max(at + 1), Raw::Empty);
            whole.row.cells[at] = above.row.cell(at).clone();
        }
        Some(whole)
    }

    pub(super) fn place(&self, row: &Row) -> RowPlace {
        row.place(&self.block.sheet)
    }

    pub(super) fn cell<'r>(&self, row: &'r Row, field: Field) -> Option<Spot<'r>> {
        self.head.column(field).map(|column| self.spot(row, field, column))
    }

    pub(super) fn spot<'r>(&self, row: &'r Row, field: Field, column: usize) -> Spot<'r> {
        Spot { field, cell: row.cell(column), place: self.place(row).cell(Some(column)) }
    }

    /// Everybody of a row, without those who are not there.
    fn row(&mut self, body: &Body) -> Vec<Teacher> {
        let place = self.place(&body.row);
        let away = self.away(&body.row);
        let mut teachers = Vec::new();
        for who in self.who(&body.row) {
            let gone = away.as_deref().or(who.gone.as_deref());
            if !self.absent.takes(&who.name, gone, &body.row, &place) {
                teachers.extend(self.teacher(body, who));
            }
        }
        teachers
    }

    /// Whom a row names: one by an id, else everybody in the cell of the name.
    fn who(&mut self, row: &Row) -> Vec<Who> {
        let named = people::named(self.head, row);
        if self.is_numbered || self.head.column(Field::Id).is_none() {
            return named.into_iter().map(Who::by_name).collect();
        }
        let Some(spot) = self.cell(row, Field::Id) else { return Vec::new() };
        let Some(id) = self.id(&spot) else { return Vec::new() };
        vec![Who::by_id(self.canonical(id), named.into_iter().next())]
    }

    /// The id of a claim as the staff list writes it.
    fn canonical(&self, id: String) -> String {
        let Purpose::Claims(staff) = self.purpose else { return id };
        if staff.teacher(&id).is_some() {
            return id;
        }
        let mut alike = staff.teachers.iter().filter(|teacher| teacher.id.eq_ignore_ascii_case(&id));
        match (alike.next(), alike.next()) {
            (Some(teacher), None) => teacher.id.clone(),
            _ => id,
        }
    }

    /// What a status or a remark says of somebody who is not there.
    fn away(&self, row: &Row) -> Option<String> {
        self.head.all(Field::Status).find_map(|column| {
            let (cell, header) = (row.cell(column), self.head.header_of(column));
            let says = match value::mark(cell, &ListField::Tier) {
                Mark::Yes => names::says_gone(header),
                Mark::No => header.contains("在岗") || header.contains("在职"),
                _ => matches!(cell, Raw::Text(text) if names::says_gone(text)),
            };
            says.then(|| cell.shown())
        })
    }

    fn teacher(&mut self, body: &Body, who: Who) -> Vec<Teacher> {
        let row = &body.row;
        let mut teacher = nobody(who.id, who.name, self.place(row));
        teacher.named = who.named;
        self.taught(body, &mut teacher);
        for column in self.head.all(Field::Subjects).collect::<Vec<_>>() {
            teacher.subjects.extend(mentions::values(row.cell(column)));
        }
        match who.role {
            Some(Role::Subject(subject)) if !teacher.subjects.contains(&subject) => teacher.subjects.push(subject),
            Some(Role::Office(office)) => teacher.duties.push(office),
            _ => {}
        }
        if let (true, Some(subject)) = (teacher.subjects.is_empty(), &body.subject) {
            teacher.subjects.push(subject.clone());
        }
        for column in self.head.all(Field::Duties).collect::<Vec<_>>() {
            teacher.duties.extend(mentions::values(row.cell(column)));
        }
        teacher.max_groups = self.capacity(row, Field::MaxGroups);
        teacher.max_students = self.capacity(row, Field::MaxStudents);
        teacher.max_visits = self.capacity(row, Field::MaxVisits);
        let own: Vec<usize> = teacher.classes.iter().filter_map(|class| self.directory.index().spelt(class)).collect();
        teacher.prefers = self.wishes(body, &own);
        teacher.wished = vec![Wished { row: self.place(row), written: std::mem::take(&mut self.written) }];
        teacher.avoids = self.mentions(row, Field::Avoids, &own);
        teacher.must = self.mentions(row, Field::Must, &own);
        self.contradictions(row, &teacher);
        self.not_taught(row, &teacher);
        vec![teacher]
    }

    /// The classes that count as taught: the row's own, of a claim those of the staff list; with what their headers say of subjects.
    fn taught(&mut self, body: &Body, teacher: &mut Teacher) {
        if let Purpose::Claims(staff) = self.purpose {
            let meant = staff.meant(&teacher.id, &teacher.name);
            teacher.classes = meant.map(|t| staff.teachers[t].classes.clone()).unwrap_or_default();
            return;
        }
        let (head, place) = (self.head, self.place(&body.row));
        let columns: Vec<usize> = head.all(Field::Classes).collect();
        if columns.is_empty() && head.classes.is_empty() && head.roles.is_empty() {
            teacher.classes = self.only_class();
            return;
        }
        let mut taught: Vec<String> = Vec::new();
        for column in columns {
            taught.extend(self.classes.all(body.row.cell(column), &body.grades, &teacher.id, &place));
        }
        for (column, text) in &head.classes {
            let cell = body.row.cell(*column);
            let no = cell.is_blank() || value::is_blank_stroke(cell) || value::mark(cell, &ListField::Tier) == Mark::No;
            if no {
                continue;
            }
            taught.extend(self.classes.all(&Raw::Text(text.into()), &body.grades, &teacher.id, &place));
            if let Some(Role::Subject(subject)) = look::role(&cell.shown()) {
                teacher.subjects.push(subject);
            }
        }
        for (column, text) in &head.roles {
            let found = self.classes.all(body.row.cell(*column), &body.grades, &teacher.id, &place);
            match look::role(text) {
                Some(Role::Subject(subject)) if !found.is_empty() => teacher.subjects.push(subject),
                Some(Role::Office(office)) => {
                    teacher.duties.extend(found.iter().map(|class| format!("{class}{office}")));
                }
                _ => {}
            }
            taught.extend(found);
        }
        for class in taught {
            if !teacher.classes.contains(&class) {
                teacher.classes.push(class);
            }
        }
        let mut seen = std::collections::BTreeSet::new();
        teacher.subjects.retain(|subject| seen.insert(subject.clone()));
    }

    /// A row of text that is longer than its header has lost the quotes around several values.
    fn check_width(&mut self, row: &Row) {
        let (cells, width) = (row.filled().last().map_or(0, |(column, _)| column + 1), self.block.width);
        if self.block.kind != Kind::Text || self.block.is_headless || cells <= width {
            return;
        }
        let why = Why {
            found: words!("一行有 {cells} 格", "a row of {cells} cells"),
            expected: words!("与表头一样有 {width} 格", "{width} cells, as in the header"),
            action: words!(
                "几个值用分号隔开；含逗号的内容要用双引号括起来",
                "separate several values by semicolons; put text that holds a comma in double quotes"
            ),
        };
        self.tell.fault("ragged_row", &row.place("").cell(None), why);
    }

    fn id(&mut self, spot: &Spot<'_>) -> Option<String> {
        match value::id(spot.cell) {
            Some((id, _)) if !id.is_empty() => return Some(id),
            Some(_) => {
                let action =
                    words!("请填写工号；若这一行不是教师，请删去", "fill it in, or delete the row if it is no teacher");
                self.fault("id_missing", spot, words!("每位教师都有工号", "an id for every teacher"), action);
            }
            None => {
                let expected =
                    words!("不超过 15 位的数字，或以文本保存的工号", "at most 15 digits, or the id stored as text");
                let action = words!("请把该列设为文本后重新填写", "make the column text and enter the ids again");
                self.fault("id_digits_lost", spot, expected, action);
            }
        }
        None
    }

    /// Where the list names no classes at all and there is but one, everybody teaches it.
    fn only_class(&self) -> Vec<String> {
        match self.directory.classes() {
            [class] => vec![class.clone()],
            _ => Vec::new(),
        }
    }

    /// A blank cell or a stroke says nothing, and the model's number holds; anything else that is no number is a mistake, for
    /// the model's number would take its place unseen.
    fn capacity(&mut self, row: &Row, field: Field) -> Option<u32> {
        let spot = self.cell(row, field)?;
        let expected = || words!("不小于 0 的整数，或留空", "a whole number, 0 or more, or nothing");
        match limit(spot.cell) {
            Limit::Blank => {}
            Limit::Number(number) => return Some(number),
            Limit::Unlimited => {
                let (header, text) = (self.head.header(field), spot.cell.shown());
                let message = words!(
                    "“{header}”列的“{text}”按留空处理：用方案的上限",
                    "“{text}” in “{header}” was taken as blank: the model's limit holds"
                );
                self.tell.notice("limit_blank", spot.place.clone(), message);
            }
            Limit::Negative => {
                self.fault("negative_capacity", &spot, expected(), words!("请改正", "correct it"));
            }
            Limit::Bad => {
                let action = words!("请改正；不限则留空", "correct it, or leave it blank for the model's limit");
                self.fault("bad_capacity", &spot, expected(), action);
            }
        }
        None
    }

    pub(super) fn fault(&mut self, code: &'static str, spot: &Spot<'_>, expected: Words, action: Words) {
        let (header, shown) = (self.head.header(spot.field), spot.cell.shown());
        let shown: String = shown.chars().take(40).collect();
        let found = match spot.cell {
            Raw::Empty => words!("“{header}”列的空白单元格", "a blank cell in “{header}”"),
            Raw::Uncomputed => {
                words!("“{header}”列没有算出结果的公式", "a formula without a value in “{header}”")
            }
            _ => words!("“{header}”列的“{shown}”", "“{shown}” in “{header}”"),
        };
        self.tell.fault(code, &spot.place, Why { found, expected, action });
    }
}

/// A teacher of whom nothing is known yet.
pub(super) fn nobody(id: String, name: String, row: RowPlace) -> Teacher {
    Teacher {
        id,
        name,
        named: true,
        classes: Vec::new(),
        subjects: Vec::new(),
        duties: Vec::new(),
        max_groups: None,
        max_students: None,
        max_visits: None,
        prefers: Vec::new(),
        wished: Vec::new(),
        avoids: Vec::new(),
        must: Vec::new(),
        row,
    }
}
