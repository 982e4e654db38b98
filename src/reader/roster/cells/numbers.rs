//! Columns of numbers: plain ones, and those that a whole column writes in another way (7,5 · 1,007 · 60 % · 85/120 · grades).

use super::{Reader, note_odd};
use crate::roster::table::{Kind, Raw};
use crate::roster::tell::places;
use crate::roster::value::{self, Numeric, Odd, Written};
use crate::roster::vocabulary;
use crate::roster::{Cell, Field, RowPlace, fold};
use crate::words;
use crate::words::{Words, by_count};
use std::collections::{BTreeMap, BTreeSet};

/// Marks above this are taken for a slip.
const MOST_MARKS: f64 = 10_000.0;
/// What some systems write for a mark that is missing.
const MISSING: f64 = -1.0;
/// How many marks a column needs for one of them to be called far out.
const ENOUGH: usize = 5;

/// How all texts of a column that are no plain numbers are to be read.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Decimal,
    Thousands,
    Percent,
    /// The part of a whole; where it is the same for all the whole is told.
    Fraction(Option<f64>),
}

/// What one cell came to.
enum Got {
    Number(f64),
    Absent,
    Missing,
    Uncomputed,
    Bad,
}

impl Reader<'_, '_> {
    /// The numbers of the column.
    pub(super) fn numbers(&mut self, raws: &[Raw]) -> Vec<Cell> {
        let mut odd: BTreeMap<Odd, Vec<usize>> = BTreeMap::new();
        let mut got = Vec::with_capacity(raws.len());
        for (s, raw) in raws.iter().enumerate() {
            got.push(match value::number(raw) {
                Numeric::Number(x, oddities) => {
                    note_odd(&mut odd, &oddities, s);
                    if self.kind != Kind::Text && matches!(raw, Raw::Text(_)) {
                        odd.entry(Odd::Text).or_default().push(s);
                    }
                    Got::Number(x)
                }
                Numeric::Bad => Got::Bad,
                Numeric::Absent => Got::Absent,
                Numeric::Empty => Got::Missing,
                Numeric::Uncomputed => Got::Uncomputed,
            });
        }
        self.read_written(&mut got, raws);
        self.read_noted(&mut got, raws);
        self.read_grades(&mut got, raws);
        if self.ask_grades(&got, raws) {
            return Vec::new();
        }
        self.take_words(&mut got, raws);
        self.take_minus_one(&mut got);
        let students = |wanted: fn(&Got) -> bool| (0..raws.len()).filter(|&s| wanted(&got[s])).collect::<Vec<_>>();
        let out = |got: &Got| !matches!(got, Got::Number(x) if !self.is_in_range(*x)) && !matches!(got, Got::Bad);
        let bad: Vec<usize> = (0..raws.len()).filter(|&s| !out(&got[s])).collect();
        let (missing, absent) = (students(|g| matches!(g, Got::Missing)), students(|g| matches!(g, Got::Absent)));
        self.bad_numbers(&bad, raws);
        self.tell_odd(odd);
        self.tell_missing(&missing);
        self.tell_absent(&absent, raws);
        self.tell_far_out(&got, raws);
        let cell = |got: &Got| match got {
            Got::Number(x) if self.is_in_range(*x) => Cell::Number(*x),
            Got::Absent => Cell::Absent,
            _ => Cell::Empty,
        };
        got.iter().map(cell).collect()
    }

    fn is_in_range(&self, x: f64) -> bool {
        match self.field {
            Field::Score(_) => (0.0..=MOST_MARKS).contains(&x),
            Field::Rank => x > 0.0,
            _ => true,
        }
    }

    /// Reads what is no plain number in the one way that fits all such cells.
    fn read_written(&mut self, got: &mut [Got], raws: &[Raw]) {
        let odd: Vec<(usize, Written)> = (0..raws.len())
            .filter(|&s| matches!(got[s], Got::Bad))
            .filter_map(|s| Some((s, value::numeric_form(&raws[s])?)))
            .collect();
        let plain: Vec<f64> =
            got.iter().filter_map(|got| if let Got::Number(x) = got { Some(*x) } else { None }).collect();
        let Some(way) = way(&odd, &plain, &self.field) else { return };
        for (s, written) in &odd {
            got[*s] = number(way, *written).map_or(Got::Bad, Got::Number);
        }
        let students: Vec<usize> = odd.iter().map(|(s, _)| *s).collect();
        let header = self.head.text();
        let example = raws[students[0]].shown();
        let read = number(way, odd[0].1).unwrap_or_default();
        let (code, message) = match way {
            Way::Decimal => (
                "decimal_comma",
                words!(
                    "“{header}”中的逗号按小数点读取：{example} 即 {read}",
                    "commas in “{header}” are read as decimal points: {example} is {read}"
                ),
            ),
            Way::Thousands => (
                "thousands",
                words!(
                    "“{header}”中的逗号按千位分隔符读取：{example} 即 {read}",
                    "commas in “{header}” are read as separating thousands: {example} is {read}"
                ),
            ),
            Way::Percent => (
                "percent",
                words!(
                    "“{header}”中的百分数按数字读取：{example} 即 {read}",
                    "percentages in “{header}” are read as numbers: {example} is {read}"
                ),
            ),
            Way::Fraction(Some(whole)) => (
                "fraction",
                words!(
                    "“{header}”按“得分/满分（{whole}）”读取：{example} 即 {read}",
                    "“{header}” is read as a part of {whole}: {example} is {read}"
                ),
            ),
            Way::Fraction(None) => (
                "fraction",
                words!(
                    "“{header}”取斜线前的数：{example} 即 {read}",
                    "in “{header}” the number before the slash is taken: {example} is {read}"
                ),
            ),
        };
        self.notice(code, &students, message);
    }

    /// Reads numbers that something stands beside: 第3名, 85(A), 96*.
    fn read_noted(&mut self, got: &mut [Got], raws: &[Raw]) {
        let noted = |s: &usize| matches!(got[*s], Got::Bad).then(|| value::noted(&raws[*s])).flatten();
        let noted: Vec<(usize, f64)> = (0..raws.len()).filter_map(|s| Some((s, noted(&s)?))).collect();
        let Some(&(first, read)) = noted.first() else { return };
        for &(s, number) in &noted {
            got[s] = Got::Number(number);
        }
        let students: Vec<usize> = noted.iter().map(|(s, _)| *s).collect();
        let (header, example) = (self.head.text(), raws[first].shown());
        let message = words!(
            "“{header}”中数字旁边的内容没有用到：{example} 即 {read}",
            "what stands beside the numbers in “{header}” is not used: {example} is {read}"
        );
        self.notice("number_noted", &students, message);
    }

    /// Reads grades (A-, 优 …) as steps of their scale, where no cell of the column is a number.
    fn read_grades(&mut self, got: &mut [Got], raws: &[Raw]) {
        let is_grades = |got: &&mut Got| !matches!(got, Got::Number(_));
        if !matches!(self.field, Field::Score(_) | Field::Total) || !got.iter_mut().all(|got| is_grades(&got)) {
            return;
        }
        // A word may be no mark and a grade (缺 is none; 无 may be one): what is written beside it decides.
        let texts: Vec<(usize, String)> =
            (0..raws.len()).filter(|&s| matches!(got[s], Got::Bad)).map(|s| (s, raws[s].shown())).collect();
        let mut kinds: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.len() > 20 {
            return;
        }
        let Some(mut steps) = vocabulary::scale(kinds.into_iter()) else { return };
        steps.sort_by_key(|(_, step)| *step);
        let mut levels: Vec<usize> = steps.iter().map(|(_, step)| *step).collect();
        levels.dedup();
        let worst = levels.len();
        for (s, text) in &texts {
            if let Some((_, step)) = steps.iter().find(|(word, _)| word == text) {
                let rank = levels.iter().position(|level| level == step).unwrap_or(0);
                got[*s] = Got::Number((worst - rank) as f64);
            }
        }
        let order: Vec<&str> = steps.iter().map(|(word, _)| *word).collect();
        let (header, order) = (self.head.text(), order.join(" > "));
        let students: Vec<usize> = texts.iter().map(|(s, _)| *s).collect();
        let message = words!(
            "“{header}”是等级，按由高到低的次序均衡：{order}",
            "“{header}” holds grades, balanced in this order: {order}"
        );
        self.notice("grades_ordered", &students, message);
    }

    /// A column of a few words that several students share and none of which is known: grades whose order only the school knows.
    fn ask_grades(&mut self, got: &[Got], raws: &[Raw]) -> bool {
        let bad: Vec<usize> = (0..got.len()).filter(|&s| matches!(got[s], Got::Bad)).collect();
        let kinds: BTreeSet<String> = bad.iter().map(|&s| raws[s].shown()).collect();
        let is_grades = matches!(self.field, Field::Score(_))
            && !got.iter().any(|got| matches!(got, Got::Number(_)))
            && bad.iter().all(|&s| matches!(raws[s], Raw::Text(_)))
            && bad.len() >= ENOUGH
            && (2..=bad.len() / 2).contains(&kinds.len());
        if is_grades {
            let (header, Words { zh, en }) = (self.head.text(), Self::samples(&bad, raws));
            let message = words!(
                "“{header}”列写的是 {zh}，看不出高低",
                "“{header}” holds {en}, which does not say what is better"
            );
            let place = self.rows[bad[0]].cell(Some(self.head.index));
            self.tell.ask("grades_unknown", place, message, vec![self.as_kinds(), self.not_used()]);
            self.field = Field::Other;
        }
        is_grades
    }

    /// A few words among many numbers are no mistyped numbers: taken as no mark, which is asked about once.
    fn take_words(&mut self, got: &mut [Got], raws: &[Raw]) {
        let numbers = got.iter().filter(|got| matches!(got, Got::Number(_))).count();
        let is_word = |s: &usize| {
            let text = raws[*s].shown();
            let has_sense = text.chars().all(|c| c.is_alphabetic() || " .()?".contains(fold::half_width(c)));
            has_sense && text.chars().count() <= 20 && !value::is_grade(&text) && !is_numeral(&text)
        };
        let at: Vec<usize> = (0..got.len()).filter(|&s| matches!(got[s], Got::Bad)).collect();
        if at.is_empty() || numbers < ENOUGH.max(2 * at.len()) || !at.iter().all(is_word) {
            return;
        }
        let (header, Words { zh, en }, n) = (self.head.text(), Self::samples(&at, raws), at.len());
        let people = by_count(n, "student has", "students have");
        let message = words!(
            "“{header}”列有 {n} 人写的不是数字（{zh}），按没有成绩处理",
            "{n} {people} a word instead of a number in “{header}” ({en}), taken as no mark"
        );
        let stand: Vec<&RowPlace> = at.iter().map(|&s| &self.rows[s]).collect();
        let place = places(&stand, Some(self.head.index));
        self.tell.doubt("mark_in_words", place, message, words!("没错", "that is right"));
        for s in at {
            got[s] = Got::Absent;
        }
    }

    /// Takes −1 as missing where nothing else in the column is below nought.
    fn take_minus_one(&mut self, got: &mut [Got]) {
        let is = |got: &Got, wanted: fn(f64) -> bool| matches!(got, Got::Number(x) if wanted(*x));
        let at: Vec<usize> = (0..got.len()).filter(|&s| is(&got[s], |x| x == MISSING)).collect();
        if at.is_empty() || got.iter().any(|got| is(got, |x| x < 0.0 && x != MISSING)) {
            return;
        }
        for &s in &at {
            got[s] = Got::Absent;
        }
        let (header, n) = (self.head.text(), at.len());
        let people = by_count(n, "student has", "students have");
        let message =
            words!("“{header}”有 {n} 人是 −1，按没有成绩处理", "{n} {people} −1 in “{header}”, taken as no mark");
        self.notice("minus_one_missing", &at, message);
    }

    fn bad_numbers(&mut self, students: &[usize], raws: &[Raw]) {
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
        self.fault(code, students, raws, expected, action);
    }

    fn tell_absent(&mut self, students: &[usize], raws: &[Raw]) {
        let is_word = |s: &usize| value::number(&raws[*s]) == Numeric::Absent; // −1 and unknown words are told by themselves
        let students: Vec<usize> = students.iter().copied().filter(is_word).collect();
        let (header, n, Words { zh, en }) = (self.head.text(), students.len(), Self::samples(&students, raws));
        let people = by_count(n, "student has", "students have");
        let message = words!("“{header}”有 {n} 人没有成绩（{zh}）", "{n} {people} no mark in “{header}” ({en})");
        self.notice("score_absent", &students, message);
    }

    /// Tells marks that lie so far above all others of the column that they look like a slip (800 among 60 to 80).
    fn tell_far_out(&mut self, got: &[Got], raws: &[Raw]) {
        if !matches!(self.field, Field::Score(_) | Field::Total) {
            return;
        }
        let marks = || got.iter().filter_map(|got| if let Got::Number(x) = got { Some(*x) } else { None });
        let mut sorted: Vec<f64> = marks().collect();
        if sorted.len() < ENOUGH {
            return;
        }
        sorted.sort_by(f64::total_cmp);
        let (low, high) = (sorted[sorted.len() / 4], sorted[sorted.len() * 3 / 4]);
        let far = (high + 6.0 * (high - low).max(high / 20.0)).max(2.0 * high);
        let students: Vec<usize> =
            (0..got.len()).filter(|&s| matches!(got[s], Got::Number(x) if x > far && x > 10.0)).collect();
        let (header, most) = (self.head.text(), sorted.iter().rev().find(|x| **x <= far).copied().unwrap_or(high));
        let (Words { zh, en }, lie) = (Self::samples(&students, raws), by_count(students.len(), "lies", "lie"));
        let message = words!(
            "“{header}”里的 {zh} 远高于其他人（其余最高 {most}），请看看是否多打了一位",
            "{en} in “{header}” {lie} far above all others (the next is {most}): is there a digit too many?"
        );
        self.notice("score_far_out", &students, message);
    }
}

/// The one way in which all odd numbers of a column are written; none where they are not, or where it cannot be told.
fn way(odd: &[(usize, Written)], plain: &[f64], field: &Field) -> Option<Way> {
    let all = |is: fn(&Written) -> bool| !odd.is_empty() && odd.iter().all(|(_, written)| is(written));
    if all(|w| matches!(w, Written::Percent(_))) {
        // 84 % beside 40; 0.84 would be another way of writing the same.
        let is_of_hundred =
            plain.len() + odd.len() >= ENOUGH && plain.iter().all(|x| *x <= 100.0) && plain.iter().any(|x| *x > 1.0);
        return (plain.is_empty() || is_of_hundred).then_some(Way::Percent);
    }
    if all(|w| matches!(w, Written::Fraction(..))) {
        let mut wholes =
            odd.iter().filter_map(|(_, w)| if let Written::Fraction(_, whole) = w { Some(*whole) } else { None });
        let first = wholes.next();
        let one = first.filter(|first| wholes.all(|whole| whole.total_cmp(first).is_eq()));
        return match field {
            _ if !plain.is_empty() => None,
            Field::Rank => Some(Way::Fraction(None)),
            _ => one.map(|whole| Way::Fraction(Some(whole))),
        };
    }
    if !all(|w| matches!(w, Written::Comma { .. })) {
        return None;
    }
    let can = |decimal: bool| {
        odd.iter().all(|(_, w)| matches!(w, Written::Comma { decimal: d, thousands: t } if if decimal { d.is_some() } else { t.is_some() }))
    };
    match (can(true), can(false)) {
        (true, false) => plain.iter().all(|x| x.fract() == 0.0).then_some(Way::Decimal),
        (false, true) => Some(Way::Thousands),
        // 1,007 beside 900 is a thousand; by itself it may be either.
        (true, true) if plain.iter().any(|x| *x >= 100.0) => Some(Way::Thousands),
        (true, true) => (!plain.is_empty()).then_some(Way::Decimal),
        (false, false) => None,
    }
}

fn number(way: Way, written: Written) -> Option<f64> {
    match (way, written) {
        (Way::Percent, Written::Percent(x)) => Some(x),
        (Way::Fraction(whole), Written::Fraction(part, _)) => whole.is_none_or(|whole| part <= whole).then_some(part),
        (Way::Decimal, Written::Comma { decimal, .. }) => decimal,
        (Way::Thousands, Written::Comma { thousands, .. }) => thousands,
        _ => None,
    }
}

/// Whether a text is a number in Chinese characters (九十), which is mistyped and no word.
fn is_numeral(text: &str) -> bool {
    text.chars().any(|c| "零〇一二三四五六七八九十百".contains(c))
}
