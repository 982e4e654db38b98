//! Reads a column's cells as its field says, tells every odd cell (those of one kind together) and every unreadable one.

mod flags;
mod remarks;

use super::columns::Assignment;
use super::header::Head;
use super::table::{Kind, Raw};
use super::tell::{Tell, Why, places};
use super::value::{self, Mark, Numeric, Odd};
use super::{Cell, Column, Field, Holds, RowPlace, column_letters, fold};
use crate::words;
use crate::words::Words;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Marks above this are taken for a slip.
const MOST_MARKS: f64 = 10_000.0;

/// One column on its way: what it is, and where its cells stand.
pub struct Reader<'a, 'f> {
    /// Its header.
    pub head: &'a Head,
    /// What it is read as.
    pub field: Field,
    /// Whether the user named it.
    pub named: bool,
    /// What the list comes from.
    pub kind: Kind,
    /// Where each student's row stands.
    pub rows: &'a [RowPlace],
    /// Where faults and notices go.
    pub tell: &'a mut Tell<'f>,
}

/// Reads all columns; `cells[c][s]` is the cell of student `s` in head `c`.
pub fn read_columns(
    heads: &[Head],
    assignment: &Assignment,
    cells: Vec<Vec<Raw>>,
    kind: Kind,
    rows: &[RowPlace],
    tell: &mut Tell<'_>,
) -> Vec<Column> {
    let mut columns = Vec::with_capacity(heads.len());
    let known: HashSet<&Field> = assignment.fields.iter().collect();
    for (c, raws) in cells.into_iter().enumerate() {
        let head = &heads[c];
        let (field, named) = (assignment.fields[c].clone(), assignment.named[c]);
        let mut reader = Reader { head, field, named, kind, rows, tell: &mut *tell };
        reader.tell_flags_in_remarks(&raws, &known);
        columns.push(reader.read(raws));
    }
    columns
}

impl Reader<'_, '_> {
    fn read(mut self, raws: Vec<Raw>) -> Column {
        self.tell_uncomputed(&raws);
        if !matches!(
            self.field,
            Field::Other | Field::Notes | Field::EthnicGroup | Field::Id | Field::Class | Field::Name
        ) && self.is_void(&raws)
        {
            self.carry_void();
        }
        let cells = match self.field {
            Field::Score(_) | Field::Total | Field::Rank => self.numbers(&raws),
            Field::Flag(_) => self.flags(&raws),
            Field::Gender => self.genders(&raws),
            Field::Id => self.ids(&raws),
            Field::Name | Field::Class | Field::Tier | Field::Category(_) => self.labels(&raws),
            Field::EthnicGroup | Field::Notes | Field::Other => raws.into_iter().map(as_written).collect(),
        };
        Column { header: self.head.text(), field: self.field, index: self.head.index, holds: Holds::default(), cells }
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
        let (header, place) = (self.head.text(), column_letters(self.head.index));
        let field = &self.field;
        if self.named {
            let why = Why {
                found: words!("“{header}”列没有任何内容", "nothing in the column “{header}”"),
                expected: words!("{field} 的内容", "values for {field}"),
                action: words!("请填写该列，或去掉这个 --column", "fill it in, or drop the --column option"),
            };
            self.tell.fault("column_empty", &place, why);
        } else {
            let message = words!(
                "“{header}”列没有任何可用内容，不作为 {field} 使用",
                "the column “{header}” holds no values and is not used as {field}"
            );
            self.tell.notice("column_empty", place, message);
        }
        self.field = Field::Other;
    }

    fn tell_uncomputed(&mut self, raws: &[Raw]) {
        let at: Vec<usize> = (0..raws.len()).filter(|&s| raws[s] == Raw::Uncomputed).collect();
        let (n, header) = (at.len(), self.head.text());
        let message = words!(
            "“{header}”列有 {n} 个公式没有保存计算结果，按空白处理；请在 Excel 或 WPS 中打开并保存一次",
            "{n} formulas in “{header}” hold no computed value and are taken as blank; open and save the list in a spreadsheet program"
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

    fn fault(&mut self, code: &'static str, student: usize, raw: &Raw, expected: Words, action: Words) {
        let shown: String = raw.shown().chars().take(40).collect();
        let header = self.head.text();
        let found = match raw {
            Raw::Empty | Raw::Uncomputed => words!("“{header}”列的空白单元格", "a blank cell in “{header}”"),
            Raw::Date(_) => words!("“{header}”列的日期 {shown}", "the date {shown} in “{header}”"),
            _ => words!("“{header}”列的“{shown}”", "“{shown}” in “{header}”"),
        };
        let place = self.rows[student].cell(Some(self.head.index));
        self.tell.fault(code, &place, Why { found, expected, action });
    }

    fn numbers(&mut self, raws: &[Raw]) -> Vec<Cell> {
        let mut odd: BTreeMap<Odd, Vec<usize>> = BTreeMap::new();
        let (mut missing, mut absent) = (Vec::new(), Vec::new());
        let mut cells = Vec::with_capacity(raws.len());
        for (s, raw) in raws.iter().enumerate() {
            cells.push(match value::number(raw) {
                Numeric::Number(x, oddities) if self.is_in_range(x) => {
                    note_odd(&mut odd, &oddities, s);
                    if self.kind != Kind::Text && matches!(raw, Raw::Text(_)) {
                        odd.entry(Odd::Text).or_default().push(s);
                    }
                    Cell::Number(x)
                }
                Numeric::Number(..) | Numeric::Bad => {
                    self.bad_number(s, raw);
                    Cell::Empty
                }
                Numeric::Absent => {
                    absent.push(s);
                    Cell::Absent
                }
                Numeric::Empty => {
                    missing.push(s);
                    Cell::Empty
                }
                Numeric::Uncomputed => Cell::Empty,
            });
        }
        self.tell_odd(odd);
        self.tell_missing(&missing);
        self.tell_absent(&absent, raws);
        cells
    }

    fn is_in_range(&self, x: f64) -> bool {
        match self.field {
            Field::Score(_) => (0.0..=MOST_MARKS).contains(&x),
            Field::Rank => x > 0.0,
            _ => true,
        }
    }

    fn bad_number(&mut self, student: usize, raw: &Raw) {
        let (code, expected) = match self.field {
            Field::Score(_) => {
                ("bad_score", words!("0 到 10000 之间的分数，或“缺考”", "marks from 0 to 10000, or “absent”"))
            }
            Field::Rank => ("bad_rank", words!("大于 0 的名次", "a rank above 0")),
            _ => ("bad_total", words!("数字", "a number")),
        };
        let action = words!(
            "请改成数字；没有成绩就留空或写“缺考”",
            "write a number; leave it blank or write “absent” where there is none"
        );
        self.fault(code, student, raw, expected, action);
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
                    words!("“{header}”中数字后的“分”已去掉", "分 after the number in “{header}” was taken off"),
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
        let message =
            words!("“{header}”有 {n} 处空白，按缺失处理", "{n} blank cells in “{header}” are taken as missing");
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

    fn tell_absent(&mut self, students: &[usize], raws: &[Raw]) {
        let mut words: Vec<String> = students.iter().map(|&s| raws[s].shown()).collect();
        words.sort_unstable();
        words.dedup();
        let (header, n, words) = (self.head.text(), students.len(), words.join(", "));
        let message =
            words!("“{header}”有 {n} 人没有成绩（{words}）", "{n} students have no marks in “{header}” ({words})");
        self.notice("score_absent", students, message);
    }

    fn genders(&mut self, raws: &[Raw]) -> Vec<Cell> {
        let mut missing = Vec::new();
        let mut cells = Vec::with_capacity(raws.len());
        for (s, raw) in raws.iter().enumerate() {
            if raw.is_blank() {
                missing.push(s);
                cells.push(Cell::Empty);
            } else if let Some(gender) = value::gender(raw) {
                cells.push(Cell::Text(gender.to_owned()));
            } else {
                let expected = words!("男/女、M/F、male/female", "男/女, M/F or male/female");
                let action = words!(
                    "请改成男或女；1、2 等代码各校含义不同，不会猜测",
                    "write male or female; codes like 1 and 2 are not guessed"
                );
                self.fault("bad_gender", s, raw, expected, action);
                cells.push(Cell::Empty);
            }
        }
        self.tell_missing(&missing);
        cells
    }

    fn ids(&mut self, raws: &[Raw]) -> Vec<Cell> {
        let mut odd: BTreeMap<Odd, Vec<usize>> = BTreeMap::new();
        let mut cells = Vec::with_capacity(raws.len());
        for (s, raw) in raws.iter().enumerate() {
            if raw.is_blank() {
                let expected = words!("每个学生都有学号", "an id for every student");
                let action =
                    words!("请填写学号；若这一行不是学生，请删去", "fill it in, or delete the row if it is no student");
                self.fault("id_missing", s, raw, expected, action);
                cells.push(Cell::Empty);
            } else if let Some((id, oddities)) = value::id(raw) {
                note_odd(&mut odd, &oddities, s);
                cells.push(Cell::Text(id));
            } else {
                let expected =
                    words!("不超过 15 位的数字，或以文本保存的学号", "at most 15 digits, or the id stored as text");
                let action = words!(
                    "表格软件只保留 15 位数字，末位已丢失；请把该列设为文本后重新填写",
                    "spreadsheets keep 15 digits, the last ones are lost; make the column text and enter the ids again"
                );
                self.fault("id_digits_lost", s, raw, expected, action);
                cells.push(Cell::Empty);
            }
        }
        self.tell_odd(odd);
        cells
    }

    fn labels(&mut self, raws: &[Raw]) -> Vec<Cell> {
        let mut odd: BTreeMap<Odd, Vec<usize>> = BTreeMap::new();
        let mut spellings: HashMap<String, String> = HashMap::new();
        let (mut missing, mut respelt) = (Vec::new(), Vec::new());
        let mut cells = Vec::with_capacity(raws.len());
        for (s, raw) in raws.iter().enumerate() {
            if raw.is_blank() {
                missing.push(s);
                cells.push(Cell::Empty);
                continue;
            }
            let (text, oddities) = value::words(raw);
            if oddities.contains(&Odd::Spaces) {
                odd.entry(Odd::Spaces).or_default().push(s);
            }
            if self.field == Field::Name {
                cells.push(Cell::Text(text));
                continue;
            }
            // One label in full-width and half-width signs is one label: the first spelling stands for both.
            let spelling = spellings.entry(fold::fold(&text)).or_insert_with(|| text.clone());
            if *spelling != text {
                respelt.push(s);
            }
            cells.push(Cell::Text(spelling.clone()));
        }
        self.tell_odd(odd);
        let header = self.head.text();
        let message = words!(
            "“{header}”中全角、半角写法不同的内容视为相同",
            "full-width and half-width spellings in “{header}” count as one"
        );
        self.notice("spelling", &respelt, message);
        if self.field != Field::Class {
            self.tell_missing(&missing);
        }
        cells
    }
}

fn note_odd(odd: &mut BTreeMap<Odd, Vec<usize>>, kinds: &[Odd], student: usize) {
    for kind in kinds {
        odd.entry(*kind).or_default().push(student);
    }
}

fn as_written(raw: Raw) -> Cell {
    match raw {
        Raw::Empty | Raw::Uncomputed => Cell::Empty,
        Raw::Text(text) => {
            let bare = fold::trim(&text);
            Cell::Text(if bare.len() == text.len() { text } else { bare.to_owned() })
        }
        raw => Cell::Text(raw.shown()),
    }
}
