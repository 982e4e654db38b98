//! Reads a column's cells as its field says, tells every odd cell and every unreadable one, those of one kind together.

mod flags;
pub(super) mod holds;
mod labels;
mod numbers;
mod remarks;

use super::at_once;
use super::columns::label;
use super::doubt::Answer;
use super::header::Head;
use super::list::Assignment;
use super::table::{Kind, Raw};
use super::tell::{Tell, places};
use super::value::{self, Mark, Numeric, Odd};
use super::why::Why;
use super::{Cell, Column, Field, Holds, RowPlace, column_letters, fold};
use crate::words;
use crate::words::{Words, by_count, listed};
use foldhash::HashMap;
use std::collections::{BTreeMap, HashSet};

/// How many different odd cells a message shows.
const SHOWN: usize = 6;

/// One column on its way: what it is, and where its cells stand.
pub struct Reader<'a, 'f> {
    /// Its header.
    pub head: &'a Head,
    /// What it is read as.
    pub field: Field,
    /// Whether the user named it.
    pub named: bool,
    /// Whether the header is understood.
    pub known: bool,
    /// Whether it tells of grades in letters or words.
    pub is_grade: bool,
    /// What the list comes from.
    pub kind: Kind,
    /// Where each student's row stands.
    pub rows: &'a [RowPlace],
    /// Where faults and notices go.
    pub tell: &'a mut Tell<'f>,
}

/// Reads all columns; `rows[s]` is the row of student `s`, which stands at `places[s]`.
pub fn read_columns(
    heads: &[Head],
    assignment: &Assignment,
    rows: &[Vec<Raw>],
    kind: Kind,
    places: &[RowPlace],
    tell: &mut Tell<'_>,
) -> Vec<Column> {
    let fields: HashSet<&Field> = assignment.fields.iter().collect();
    let read = |(c, head): (usize, &Head)| {
        let cells: Vec<Raw> = rows.iter().map(|row| row.get(head.index).cloned().unwrap_or(Raw::Empty)).collect();
        let (field, named) = (assignment.fields[c].clone(), assignment.named[c]);
        let (known, is_grade) = (assignment.known[c], assignment.grades[c]);
        let mut told = tell.part();
        let mut reader = Reader { head, field, named, known, is_grade, kind, rows: places, tell: &mut told };
        reader.tell_flags_in_remarks(&cells, &fields);
        (reader.read(cells), told)
    };
    let columns = at_once::each(heads.iter().enumerate().collect(), rows.len(), read);
    let tell_of = |(column, told)| {
        tell.take(told);
        column
    };
    columns.into_iter().map(tell_of).collect()
}

impl Reader<'_, '_> {
    fn read(mut self, mut raws: Vec<Raw>) -> Column {
        self.tell_uncomputed(&raws);
        if !matches!(
            self.field,
            Field::Other | Field::Notes | Field::EthnicGroup | Field::Id | Field::Class | Field::Name
        ) && self.is_void(&raws)
        {
            self.carry_void();
        }
        // Whether 1 is the best grade or the worst is nowhere written.
        if self.is_grade && raws.iter().any(|raw| matches!(value::number(raw), Numeric::Number(..))) {
            self.field = Field::Other;
        }
        let holds = holds::of(&raws);
        let cells = match self.field {
            Field::Score(_) | Field::Total | Field::Rank => self.numbers(&raws),
            Field::Flag(_) => self.flags(&raws),
            Field::Gender => self.genders(&raws),
            Field::Id => self.ids(&mut raws),
            Field::Name | Field::Class | Field::Tier | Field::Category(_) => self.labels(&mut raws),
            Field::EthnicGroup | Field::Notes | Field::Other => Vec::new(),
        };
        let cells = if cells.len() == raws.len() { cells } else { raws.into_iter().map(as_written).collect() };
        if holds == Holds::Marks && self.field == Field::Other && !self.known && !self.named {
            self.tell.unused_marks(self.head);
        }
        Column { header: self.head.text(), field: self.field, index: self.head.index, holds, cells }
    }

    /// Whether no cell of the column says anything that its field could use.
    fn is_void(&self, raws: &[Raw]) -> bool {
        let says_nothing = |raw: &Raw| match &self.field {
            Field::Score(_) | Field::Total | Field::Rank => {
                matches!(value::number(raw), Numeric::Empty | Numeric::Uncomputed | Numeric::Absent)
            }
            Field::Flag(_) => value::mark(raw, &self.field) == Mark::Blank,
            _ => raw.is_blank(),
        };
        raws.iter().all(says_nothing)
    }

    /// A column without any value decides nothing: it is carried, or refused where the user named it.
    fn carry_void(&mut self) {
        if self.named {
            let (header, place) = (self.head.text(), column_letters(self.head.index));
            let Words { zh, en } = label(&self.field);
            let why = Why {
                found: words!("“{header}”列没有任何内容", "nothing in the column “{header}”"),
                expected: words!("{zh}的内容", "values for {en}"),
                action: words!("请填写该列，或不使用它", "fill it in, or do not use it"),
            };
            self.tell.fault("column_empty", &place, why);
        } else {
            self.tell.void(self.head);
        }
        self.field = Field::Other;
    }

    fn tell_uncomputed(&mut self, raws: &[Raw]) {
        let at: Vec<usize> = (0..raws.len()).filter(|&s| raws[s] == Raw::Uncomputed).collect();
        let (n, header) = (at.len(), self.head.text());
        let (formulas, are) = (by_count(n, "formula has", "formulas have"), by_count(n, "is", "are"));
        let message = words!(
            "“{header}”列有 {n} 个公式没有保存计算结果，按空白处理；请在 Excel 或 WPS 中打开并保存一次",
            "{n} {formulas} no computed value in “{header}” and {are} taken as blank; open and save the list in a spreadsheet program"
        );
        self.notice("formula_not_computed", &at, message);
    }

    /// Adds a notice about the cells of some students, unless there are none.
    fn notice(&mut self, code: &'static str, students: &[usize], message: Words) {
        if !students.is_empty() {
            let rows: Vec<&RowPlace> = students.iter().map(|&s| &self.rows[s]).collect();
            self.tell.notice(code, places(&rows, Some(self.head.index)), message);
        }
    }

    /// One fault for all cells that cannot be read for one reason; it stands at the first of them.
    fn fault(&mut self, code: &'static str, students: &[usize], raws: &[Raw], expected: Words, action: Words) {
        let Some(&first) = students.first() else { return };
        let (header, n) = (self.head.text(), students.len());
        let shown = |s: usize| raws[s].shown().chars().take(40).collect::<String>();
        let found = match (&raws[first], n) {
            (Raw::Empty | Raw::Uncomputed, 1) => words!("“{header}”列的空白单元格", "a blank cell in “{header}”"),
            (Raw::Empty | Raw::Uncomputed, _) => {
                words!("“{header}”列有 {n} 个空白单元格", "{n} blank cells in “{header}”")
            }
            (Raw::Date(_), 1) => {
                let shown = shown(first);
                words!("“{header}”列的日期 {shown}", "the date {shown} in “{header}”")
            }
            (_, 1) => {
                let shown = shown(first);
                words!("“{header}”列的“{shown}”", "“{shown}” in “{header}”")
            }
            _ => {
                let Words { zh, en } = Self::samples(students, raws);
                words!("“{header}”列有 {n} 格：{zh}", "{n} cells in “{header}”: {en}")
            }
        };
        let place = self.rows[first].cell(Some(self.head.index));
        self.tell.fault(code, &place, Why { found, expected, action });
    }

    /// The different contents of some cells, the first few.
    fn samples(students: &[usize], raws: &[Raw]) -> Words {
        let mut texts: Vec<String> = Vec::new();
        for &s in students {
            let text: String = raws[s].shown().chars().take(20).collect();
            if !texts.contains(&text) {
                texts.push(text);
            }
            if texts.len() > SHOWN {
                break;
            }
        }
        listed(&texts, SHOWN)
    }

    /// The answer that the column is balanced as it is.
    fn as_kinds(&self) -> Answer {
        let header = self.head.text();
        let name = if self.field == Field::Gender { "gender".to_owned() } else { header.replace([':', '='], " ") };
        let label = words!("按这一列分匀", "balance the column as it is");
        Answer { label, says: vec![format!("category:{name}={header}")] }
    }

    /// The answer that the column is not used.
    fn not_used(&self) -> Answer {
        let label = words!("不使用这一列", "do not use the column");
        Answer { label, says: vec![format!("other={}", self.head.text())] }
    }

    fn tell_odd(&mut self, odd: BTreeMap<Odd, Vec<usize>>) {
        let header = self.head.text();
        for (kind, students) in odd {
            let (code, message) = match kind {
                Odd::FullWidth => (
                    "full_width",
                    words!(
                        "“{header}”中的全角字符按半角读取",
                        "full-width signs in “{header}” were read as half-width"
                    ),
                ),
                Odd::Spaces => {
                    ("odd_spaces", words!("“{header}”中的多余空格已去掉", "stray spaces in “{header}” were taken out"))
                }
                Odd::Unit => (
                    "unit_dropped",
                    words!("“{header}”中数字后的“分”已去掉", "分 after the numbers in “{header}” was taken off"),
                ),
                Odd::Text => (
                    "number_as_text",
                    words!(
                        "“{header}”中以文本保存的数字按数字读取",
                        "numbers stored as text in “{header}” were read as numbers"
                    ),
                ),
            };
            self.notice(code, &students, message);
        }
    }

    fn tell_missing(&mut self, students: &[usize]) {
        let (header, n) = (self.head.text(), students.len());
        let (cells, are) = (by_count(n, "cell", "cells"), by_count(n, "is", "are"));
        let message =
            words!("“{header}”有 {n} 处空白，按缺失处理", "{n} blank {cells} in “{header}” {are} taken as missing");
        let code = match self.field {
            Field::Score(_) => "score_missing",
            Field::Total => "total_missing",
            Field::Rank => "rank_missing",
            Field::Gender => "gender_missing",
            Field::Tier => "tier_missing",
            Field::Name => "name_missing",
            Field::Flag(_) => "flag_missing",
            _ => "category_missing",
        };
        self.notice(code, students, message);
    }
}

/// What a cell comes to, worked out once for each text: columns of kinds hold few.
fn once<T: Copy>(known: &mut HashMap<String, T>, raw: &Raw, read: impl Fn(&Raw) -> T) -> T {
    let Raw::Text(text) = raw else { return read(raw) };
    if let Some(&value) = known.get(text.as_str()) {
        return value;
    }
    let value = read(raw);
    known.insert(text.to_string(), value);
    value
}

fn note_odd(odd: &mut BTreeMap<Odd, Vec<usize>>, kinds: &[Odd], student: usize) {
    for kind in kinds {
        odd.entry(*kind).or_default().push(student);
    }
}

fn as_written(raw: Raw) -> Cell {
    match raw {
        Raw::Empty | Raw::Uncomputed => Cell::Empty,
        Raw::Text(text) => Cell::Text(fold::trim(&text).to_owned()),
        raw => Cell::Text(raw.shown()),
    }
}
