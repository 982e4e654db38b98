//! Rows below the header to teachers: every cell's value, every fault with its cell.

use super::classes::Classes;
use super::columns::{Field, Head};
use super::mentions::{self, Doubt, Number};
use super::merged;
use super::{Directory, Mention, Purpose, Teacher};
use crate::roster::class_name::{self, Grade};
use crate::roster::table::{Kind, Raw, Row, Table};
use crate::roster::tell::{Tell, Why, places};
use crate::roster::value::{self, Numeric};
use crate::roster::{RowPlace, rows};
use crate::words;
use crate::words::Words;

/// Largest capacity that is taken for meant.
const MOST: f64 = 1_000_000.0;

/// A staff list while its rows are read.
pub(super) struct Reader<'a, 'd, 'f> {
    pub(super) head: &'a Head,
    pub(super) sheet: &'a str,
    pub(super) directory: &'a Directory,
    pub(super) tell: &'a mut Tell<'f>,
    pub(super) classes: &'a mut Classes<'d>,
    /// What the sheet or the title says of the grade.
    pub(super) grade: Option<Grade>,
    pub(super) purpose: Purpose<'a>,
}

/// A cell that is being read, with its place.
struct Spot<'r> {
    field: Field,
    cell: &'r Raw,
    place: String,
}

impl Reader<'_, '_, '_> {
    /// One teacher for every row below the header that names one, or goes on with the one above.
    pub(super) fn teachers(&mut self, table: &Table, first: usize) -> Vec<Teacher> {
        let mut teachers: Vec<Teacher> = Vec::new();
        let (mut skipped, mut continued) = (Vec::new(), Vec::new());
        let width = table.rows[first].cells.len();
        let rows = merged::filled(table, first, false);
        let mut above: Option<Row> = None;
        for row in rows.iter().filter(|row| row.filled().next().is_some()) {
            if self.is_teacher(row) {
                self.check_width(table, row, width);
                teachers.extend(self.teacher(row));
                above = Some(row.clone());
            } else if let Some(whole) = above.as_ref().and_then(|above| self.continued(row, above)) {
                teachers.extend(self.teacher(&whole));
                continued.push(row.place(self.sheet));
            } else {
                skipped.push(row.place(self.sheet));
            }
        }
        if !skipped.is_empty() {
            let message = words!("这些行不是教师，已跳过", "rows that are no teachers were skipped");
            self.tell.notice("rows_skipped", places(&skipped.iter().collect::<Vec<_>>(), None), message);
        }
        if !continued.is_empty() {
            let message =
                words!("这些行没有写教师，算作上一行的教师", "rows without a teacher were taken as the one's above");
            self.tell.notice("teacher_filled", places(&continued.iter().collect::<Vec<_>>(), None), message);
        }
        teachers
    }

    /// A row without a teacher that names classes known here: with the teacher of the row above.
    fn continued(&self, row: &Row, above: &Row) -> Option<Row> {
        let who: Vec<usize> =
            [Field::Id, Field::Name].into_iter().filter_map(|field| self.head.column(field)).collect();
        let column = self.head.column(Field::Classes).filter(|_| who.iter().all(|&who| row.cell(who).is_blank()))?;
        let known = |text: &str| !self.directory.index().classes(text).is_empty();
        if !mentions::values(row.cell(column)).iter().any(|text| known(text)) {
            return None;
        }
        let mut whole = row.clone();
        for at in who {
            whole.cells.resize(whole.cells.len().max(at + 1), Raw::Empty);
            whole.cells[at] = above.cell(at).clone();
        }
        Some(whole)
    }

    fn cell<'r>(&self, row: &'r Row, field: Field) -> Option<Spot<'r>> {
        let column = self.head.column(field)?;
        Some(Spot { field, cell: row.cell(column), place: row.place(self.sheet).cell(Some(column)) })
    }

    fn is_teacher(&self, row: &Row) -> bool {
        let named: Vec<&Raw> = [Field::Id, Field::Name]
            .into_iter()
            .filter_map(|field| self.head.column(field))
            .map(|c| row.cell(c))
            .collect();
        let other = |cell: &&&Raw| rows::is_statistic(cell) || rows::is_note(cell);
        !self.head.repeats(row) && named.iter().any(|cell| !cell.is_blank()) && named.iter().filter(other).count() == 0
    }

    fn teacher(&mut self, row: &Row) -> Option<Teacher> {
        let name = self.cell(row, Field::Name).map(|spot| value::words(spot.cell).0).unwrap_or_default();
        let id = match self.cell(row, Field::Id) {
            Some(spot) => self.id(&spot)?,
            None => name.clone(),
        };
        let classes = self.taught(row, &id, &name);
        let own: Vec<usize> = classes.iter().filter_map(|class| self.directory.index().spelt(class)).collect();
        let subjects = self.cell(row, Field::Subjects).map(|spot| mentions::values(spot.cell)).unwrap_or_default();
        let capacity = |reader: &mut Self, field| reader.cell(row, field).and_then(|spot| reader.capacity(&spot));
        let max_groups = capacity(self, Field::MaxGroups);
        let max_students = capacity(self, Field::MaxStudents);
        let max_visits = capacity(self, Field::MaxVisits);
        let prefers = self.mentions(row, Field::Prefers, &own);
        let avoids = self.mentions(row, Field::Avoids, &own);
        let must = self.mentions(row, Field::Must, &own);
        self.contradictions(row, &must, &avoids);
        self.not_taught(row, &prefers, &must, &classes);
        let duties = self.cell(row, Field::Duties).map(|spot| mentions::values(spot.cell)).unwrap_or_default();
        let named = !name.is_empty();
        let name = if named { name } else { id.clone() };
        Some(Teacher {
            named,
            classes,
            subjects,
            duties,
            max_groups,
            max_students,
            max_visits,
            prefers,
            avoids,
            must,
            ..nobody(id, name, row.place(self.sheet))
        })
    }

    /// A row of text that is longer than its header has lost the quotes around several values.
    fn check_width(&mut self, table: &Table, row: &Row, width: usize) {
        let cells = row.filled().last().map_or(0, |(column, _)| column + 1);
        if table.kind != Kind::Text || cells <= width {
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

    /// The classes that count as taught: the row's own, of a claim those of the staff list.
    fn taught(&mut self, row: &Row, id: &str, name: &str) -> Vec<String> {
        match self.purpose {
            Purpose::Staff => self.classes(row, id),
            Purpose::Claims(staff) => {
                staff.meant(id, name).map(|t| staff.teachers[t].classes.clone()).unwrap_or_default()
            }
        }
    }

    /// The classes taught, spelt as in the class lists.
    fn classes(&mut self, row: &Row, id: &str) -> Vec<String> {
        let Some(spot) = self.cell(row, Field::Classes) else { return self.only_class() };
        let said = self.cell(row, Field::Grade).and_then(|spot| class_name::grade(&spot.cell.shown()));
        self.classes.named(spot.cell, said.or(self.grade), id, &row.place(self.sheet))
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
    fn capacity(&mut self, spot: &Spot<'_>) -> Option<u32> {
        let expected = || words!("不小于 0 的整数，或留空", "a whole number, 0 or more, or nothing");
        match value::number(spot.cell) {
            Numeric::Empty => None,
            Numeric::Absent if value::is_blank_stroke(spot.cell) => None,
            Numeric::Number(x, _) if x < 0.0 => {
                self.fault("negative_capacity", spot, expected(), words!("请改正", "correct it"));
                None
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within the range")]
            Numeric::Number(x, _) if x.fract() == 0.0 && x <= MOST => Some(x as u32),
            Numeric::Number(..) | Numeric::Bad | Numeric::Absent | Numeric::Uncomputed => {
                self.fault(
                    "bad_capacity",
                    spot,
                    expected(),
                    words!("请改正；不限则留空", "correct it, or leave it blank for the model's limit"),
                );
                None
            }
        }
    }

    fn mentions(&mut self, row: &Row, field: Field, own: &[usize]) -> Vec<Mention> {
        let Some(spot) = self.cell(row, field) else { return Vec::new() };
        let number = if field == Field::Prefers { Number::Group } else { Number::Student };
        let mut found: Vec<Mention> = Vec::new();
        for text in mentions::values(spot.cell) {
            match mentions::resolve(&text, own, number, self.directory) {
                Ok(Mention::Group { .. }) if field == Field::Avoids => self.avoided_group(&spot, &text),
                Ok(mention) if found.contains(&mention) => {}
                Ok(mention) => found.push(mention),
                Err(Doubt::Unknown) if self.directory.is_incomplete() => {
                    let message = words!(
                        "“{text}”没有用到：可能属于未能使用的名册",
                        "“{text}” was passed over; it may belong to a class list that could not be used"
                    );
                    self.tell.notice("mention_skipped", spot.place.clone(), message);
                }
                Err(doubt) => self.doubt(&spot, &text, doubt),
            }
        }
        found
    }

    fn doubt(&mut self, spot: &Spot<'_>, text: &str, doubt: Doubt) {
        let header = self.head.header(spot.field).to_owned();
        let found = words!("“{header}”列的“{text}”", "“{text}” in “{header}”");
        let (code, expected, action) = match doubt {
            Doubt::Unknown => {
                let near = self.near(text);
                let (zh, en) = (&near.zh, &near.en);
                let expected = words!(
                    "名册中的班级、学生（学号或姓名）或小组（班级/第3组）{zh}",
                    "a class, a student (id or name) or a group (class/group 3) of the class lists{en}"
                );
                let action =
                    words!("请改正，或检查是否漏了名册", "correct it, or look for a class list that was left out");
                ("unknown_mention", expected, action)
            }
            Doubt::Several(ways) => {
                let ways = ways.join(", ");
                (
                    "ambiguous_mention",
                    words!("只有一种意思；可能是：{ways}", "one meaning; it may be {ways}"),
                    words!("请写成其中一种", "write one of them"),
                )
            }
        };
        self.tell.fault(code, &spot.place, Why { found, expected, action });
    }

    /// The classes that a text may have meant which names nothing.
    fn near(&self, text: &str) -> Words {
        let near = mentions::class_parts(text).into_iter().map(|class| self.directory.index().near(class));
        match near.filter(|near| !near.is_empty()).min_by_key(Vec::len) {
            Some(near) => {
                let classes = self.directory.names(&near);
                words!("；班级可能是：{classes}", "; the class may be {classes}")
            }
            None => Words::default(),
        }
    }

    fn avoided_group(&mut self, spot: &Spot<'_>, text: &str) {
        let why = Why {
            found: words!("小组“{text}”", "the group “{text}”"),
            expected: words!("要回避的学生或班级", "students or classes to avoid"),
            action: words!("请写学生的学号或姓名", "name the student"),
        };
        self.tell.fault("avoids_group", &spot.place, why);
    }

    /// Nobody can both have to take and not be allowed to take.
    fn contradictions(&mut self, row: &Row, must: &[Mention], avoids: &[Mention]) {
        let clash = |mention: &&Mention| {
            avoids.iter().any(|other| other == *mention || *other == Mention::Class(mention.class().to_owned()))
        };
        if let (Some(_), Some(spot)) = (must.iter().find(clash), self.cell(row, Field::Must)) {
            let expected = words!("指定与回避不冲突", "nothing that the teacher also avoids");
            self.fault("must_and_avoids", &spot, expected, words!("请删去其一", "remove one of the two"));
        }
    }

    /// Nobody takes groups of a class that he or she neither teaches nor must take from, so such wishes cannot come true.
    fn not_taught(&mut self, row: &Row, prefers: &[Mention], must: &[Mention], classes: &[String]) {
        let Some(spot) = self.cell(row, Field::Prefers) else { return };
        let open =
            |class: &str| classes.iter().any(|taught| taught == class) || must.iter().any(|m| m.class() == class);
        for wish in prefers.iter().filter(|wish| !open(wish.class())) {
            let (what, class) = (mentions::written(wish), wish.class());
            let message = words!(
                "意愿“{what}”没有用到：这位老师不教{class}",
                "the wish “{what}” does not count: the teacher does not teach {class}"
            );
            self.tell.notice("wish_not_taught", spot.place.clone(), message);
        }
    }

    fn fault(&mut self, code: &'static str, spot: &Spot<'_>, expected: Words, action: Words) {
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
        avoids: Vec::new(),
        must: Vec::new(),
        row,
    }
}
