//! Columns of words: genders, ids, names, classes, kinds.

use super::{Reader, note_odd, once};
use crate::roster::doubt::option;
use crate::roster::table::Raw;
use crate::roster::value::{self, Gender, Odd};
use crate::roster::{Cell, Field, class_name, fold};
use crate::words;
use crate::words::{Words, by_count};
use foldhash::{HashMap, HashSet};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

impl Reader<'_, '_> {
    /// The genders of the column: `male`, `female`, or the word itself for another one.
    pub(super) fn genders(&mut self, raws: &[Raw]) -> Vec<Cell> {
        let (mut missing, mut unsaid, mut bad) = (Vec::new(), Vec::new(), Vec::new());
        let mut known = HashMap::default();
        let mut cells = Vec::with_capacity(raws.len());
        for (s, raw) in raws.iter().enumerate() {
            cells.push(match once(&mut known, raw, value::gender) {
                Some(Gender::Male) => Cell::Text("male".to_owned()),
                Some(Gender::Female) => Cell::Text("female".to_owned()),
                Some(Gender::Other) => Cell::Text(raw.shown()),
                Some(Gender::Unsaid) => {
                    unsaid.push(s);
                    Cell::Empty
                }
                None => {
                    if raw.is_blank() || value::is_blank_stroke(raw) {
                        missing.push(s);
                    } else {
                        bad.push(s);
                    }
                    Cell::Empty
                }
            });
        }
        let understood = cells.iter().any(|cell| *cell != Cell::Empty);
        if !understood && !bad.is_empty() && !self.named {
            return self.gender_codes(&bad, raws);
        }
        let expected = words!("男/女、M/F、male/female", "男/女, M/F or male/female");
        let remedy = option(&format!("category:gender={}", self.head.text()));
        let action = words!(
            "请改成男或女；若各有所指，可按这一列分匀（`{remedy}`）",
            "write male or female, as it is not guessed, or balance the column as it is (`{remedy}`)"
        );
        self.fault("bad_gender", &bad, raws, expected, action);
        self.tell_missing(&missing);
        let (header, n) = (self.head.text(), unsaid.len());
        let (do_not_say, are) = (by_count(n, "student does", "students do"), by_count(n, "is", "are"));
        let message = words!(
            "“{header}”有 {n} 人没有说明，按缺失处理",
            "{n} {do_not_say} not say in “{header}” and {are} taken as missing"
        );
        self.notice("gender_unsaid", &unsaid, message);
        cells
    }

    /// Codes (1, 2) stand for what only the school knows: asked once for the column, which is carried until then.
    fn gender_codes(&mut self, bad: &[usize], raws: &[Raw]) -> Vec<Cell> {
        let (header, Words { zh, en }) = (self.head.text(), Self::samples(bad, raws));
        let message = words!(
            "“{header}”列写的是 {zh}，看不出哪个是男、哪个是女",
            "“{header}” holds {en}, which does not say who is male or female"
        );
        let place = self.rows[bad[0]].cell(Some(self.head.index));
        self.tell.ask("gender_codes", place, message, vec![self.as_kinds(), self.not_used()]);
        self.field = Field::Other;
        Vec::new()
    }

    /// The ids of the column, taken out of its cells.
    pub(super) fn ids(&mut self, raws: &mut [Raw]) -> Vec<Cell> {
        let mut odd: BTreeMap<Odd, Vec<usize>> = BTreeMap::new();
        let (mut missing, mut lost) = (Vec::new(), Vec::new());
        let mut cells = Vec::with_capacity(raws.len());
        for (s, raw) in raws.iter_mut().enumerate() {
            if raw.is_blank() {
                missing.push(s);
                cells.push(Cell::Empty);
            } else if let Some((id, oddities)) = value::take_id(raw) {
                note_odd(&mut odd, &oddities, s);
                cells.push(Cell::Text(id));
            } else {
                lost.push(s);
                cells.push(Cell::Empty);
            }
        }
        let expected = words!("每个学生都有学号", "an id for every student");
        let action =
            words!("请填写学号；若这一行不是学生，请删去", "fill it in, or delete the row if it is no student");
        self.fault("id_missing", &missing, raws, expected, action);
        let remedy = option(&format!("other={}", self.head.text()));
        let expected =
            words!("完整的学号：不超过 15 位的数字，或以文本保存", "whole ids: at most 15 digits, or stored as text");
        let action = words!(
            "表格软件改坏了这一列，末位已丢失：请把该列设为“文本”格式后从原系统重新导出或填写；若不需要学号，可不使用这一列（`{remedy}`）",
            "a spreadsheet has damaged the column and the last digits are lost: make it text and export or enter the ids again; if no ids are needed, leave the column out (`{remedy}`)"
        );
        self.fault("id_digits_lost", &lost, raws, expected, action);
        self.tell_odd(odd);
        cells
    }

    /// What two spellings of one label have in common; `classes` are those that the column names beyond doubt.
    fn spelling(&self, text: &str, classes: &BTreeSet<String>) -> String {
        let class = if self.field == Field::Class { class_name::key_among(text, classes) } else { None };
        class.unwrap_or_else(|| fold::fold(text))
    }

    /// The classes that a column of classes names beyond doubt.
    fn clear_classes(&self, raws: &[Raw]) -> BTreeSet<String> {
        let texts: HashSet<Cow<'_, str>> =
            if self.field == Field::Class { raws.iter().map(Raw::line).collect() } else { HashSet::default() };
        texts.iter().filter_map(|text| class_name::clear(text)).map(|name| name.key()).collect()
    }

    /// Names, classes, tiers and kinds, taken out of the cells where they stay as they are written.
    pub(super) fn labels(&mut self, raws: &mut [Raw]) -> Vec<Cell> {
        let mut odd: BTreeMap<Odd, Vec<usize>> = BTreeMap::new();
        let classes = self.clear_classes(raws);
        let (mut spellings, mut written) = (HashMap::<String, String>::default(), HashMap::<String, String>::default());
        let (mut missing, mut respelt, mut dates) = (Vec::new(), Vec::new(), Vec::new());
        let mut cells = Vec::with_capacity(raws.len());
        for (s, raw) in raws.iter_mut().enumerate() {
            if raw.is_blank() {
                missing.push(s);
                cells.push(Cell::Empty);
                continue;
            }
            let text = raw.line();
            if self.field == Field::Class && (matches!(raw, Raw::Date(_)) || is_date(&text)) {
                dates.push(s);
                cells.push(Cell::Text(text.into_owned()));
                continue;
            }
            if value::oddities(raw, &text).contains(&Odd::Spaces) {
                odd.entry(Odd::Spaces).or_default().push(s);
            }
            if self.field == Field::Name {
                cells.push(Cell::Text(raw.take_line()));
                continue;
            }
            // One label in full-width and half-width signs is one label, and so is one class however it is written: the first
            // spelling stands for all.
            let spelling = if let Some(spelling) = written.get(text.as_ref()) {
                spelling
            } else {
                let spelling = spellings.entry(self.spelling(&text, &classes)).or_insert_with(|| text.to_string());
                written.entry(text.to_string()).or_insert(spelling.clone())
            };
            if *spelling == text {
                cells.push(Cell::Text(raw.take_line()));
            } else {
                respelt.push(s);
                cells.push(Cell::Text(spelling.clone()));
            }
        }
        let action = words!(
            "表格软件把班级改成了日期；请把该列设为“文本”格式后重新填写",
            "the spreadsheet turned classes into dates; make the column text and enter them again"
        );
        self.fault("class_is_date", &dates, raws, words!("班级名称", "names of classes"), action);
        self.tell_odd(odd);
        let header = self.head.text();
        let message = match respelt.iter().find(|&&s| cells[s] != Cell::Text(fold::fold(&raws[s].shown()))) {
            Some(&s) if self.field == Field::Class => {
                let (written, spelling) = (raws[s].shown(), cells[s].text().unwrap_or_default());
                words!(
                    "“{header}”中写法不同的同一个班按一个班算，例如“{written}”即“{spelling}”",
                    "one class written in several ways in “{header}” is one class: “{written}” is “{spelling}”"
                )
            }
            _ => words!(
                "“{header}”中全角、半角写法不同的内容视为相同",
                "full-width and half-width spellings in “{header}” count as one"
            ),
        };
        self.notice("spelling", &respelt, message);
        if self.field != Field::Class {
            self.tell_missing(&missing);
        }
        cells
    }
}

/// Whether a text is what a spreadsheet makes of 3-1 or 3/1: 3月1日, 1-Mar, 2026/3/1.
fn is_date(text: &str) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let is_year = |part: &str| part.parse().is_ok_and(|year: u32| (1_900..=2_100).contains(&year));
    let folded = fold::fold(text).to_lowercase();
    if let Some((month, day)) = folded.strip_suffix('日').and_then(|text| text.split_once('月')) {
        return is_number(month.rsplit('年').next().unwrap_or_default()) && is_number(day);
    }
    match folded.split(['-', '/']).collect::<Vec<_>>().as_slice() {
        [a, b] => (MONTHS.contains(a) && is_number(b)) || (MONTHS.contains(b) && is_number(a)),
        [a, b, c] => (is_year(a) && is_number(b) && is_number(c)) || (is_number(a) && is_number(b) && is_year(c)),
        _ => false,
    }
}
