//! Invented classes, schools and MDGP instances: the lists of `datasets/`, of `fenzu sample` and of tests. No student in them
//! exists.
//!
//! Same spec, same bytes, for ever and on every machine: a named generator (PCG XSL RR 128/64) with one stream for each aspect of a
//! student, and whole-number arithmetic. Asking for another subject or flag changes none of
//! the columns that were there before.

pub mod mdgp;
mod messy;
mod names;
mod random;
mod rows;
mod school;

pub use messy::messy_xlsx;
pub use school::{MAX_CLASSES, School, SchoolSpec, school};

use crate::words::Lang;

/// Last semester of a sample class.
pub const MAX_SEMESTER: usize = 20;

/// Most students of a sample class.
pub const MAX_STUDENTS: usize = 100_000;

/// Subjects in the order in which classes get them: header in English (canonical) and in Chinese.
pub const SUBJECTS: [(&str, &str); 9] = [
    ("chinese", "语文"),
    ("math", "数学"),
    ("english", "英语"),
    ("physics", "物理"),
    ("chemistry", "化学"),
    ("biology", "生物"),
    ("politics", "政治"),
    ("history", "历史"),
    ("geography", "地理"),
];

/// The step of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// 0, 1, 2 … 100.
    Whole,
    /// 0, 0.5, 1 … 100.
    HalfPoints,
}

/// Whether a list says each student's tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TierColumn {
    /// A tier column, by rank on the sum of marks, 3:5:2 by largest remainders.
    Written,
    /// No such column.
    Absent,
}

/// A yes-or-no column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// 留守儿童, 10 %.
    LeftBehind,
    /// 住校, 12 %.
    Boarding,
    /// 单亲, 8 %.
    SingleParent,
    /// 困难, 6 %.
    Hardship,
    /// 重点学生, 4 %.
    KeyStudent,
}

impl Flag {
    /// Every flag.
    pub const ALL: [Flag; 5] = [Self::LeftBehind, Self::Boarding, Self::SingleParent, Self::Hardship, Self::KeyStudent];

    /// The header in a language.
    #[must_use]
    pub fn header(self, lang: Lang) -> &'static str {
        let (en, zh) = match self {
            Self::LeftBehind => ("left_behind", "留守儿童"),
            Self::Boarding => ("boarding", "住校"),
            Self::SingleParent => ("single_parent", "单亲"),
            Self::Hardship => ("hardship", "困难"),
            Self::KeyStudent => ("key_student", "重点学生"),
        };
        if lang == Lang::Zh { zh } else { en }
    }

    /// Students per hundred.
    fn percent(self) -> usize {
        match self {
            Self::LeftBehind => 10,
            Self::Boarding => 12,
            Self::SingleParent => 8,
            Self::Hardship => 6,
            Self::KeyStudent => 4,
        }
    }
}

/// What a sample class is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassSpec {
    /// Number of students, at most [`MAX_STUDENTS`].
    pub students: usize,
    /// The first so many of [`SUBJECTS`]; more count as all nine.
    pub subjects: usize,
    /// The step of marks.
    pub marks: Marks,
    /// Whether the list says each student's tier.
    pub tiers: TierColumn,
    /// Yes-or-no columns, in this order.
    pub flags: Vec<Flag>,
    /// Language of headers, tiers, yes and no.
    pub headers: Lang,
    /// Language of names and genders.
    pub people: Lang,
    /// Marks in a hundred that read "absent", rounded down over the class.
    pub absent_percent: usize,
    /// 1 is the first; a later one has the same students with other marks, by the same abilities.
    pub semester: usize,
    /// Another seed, another class.
    pub seed: u64,
}

impl Default for ClassSpec {
    /// The class of `datasets/class50.csv`: 50 students, 3 subjects, tiers, left-behind and boarding, seed 1.
    fn default() -> Self {
        Self {
            students: 50,
            subjects: 3,
            marks: Marks::Whole,
            tiers: TierColumn::Written,
            flags: vec![Flag::LeftBehind, Flag::Boarding],
            headers: Lang::En,
            people: Lang::Zh,
            absent_percent: 0,
            semester: 1,
            seed: 1,
        }
    }
}

impl ClassSpec {
    /// The subjects of the class.
    fn subjects(&self) -> &'static [(&'static str, &'static str)] {
        &SUBJECTS[..self.subjects.min(SUBJECTS.len())]
    }

    /// The header cells, in order.
    fn header(&self) -> Vec<&'static str> {
        let zh = self.headers == Lang::Zh;
        let pick = |en: &'static str, word: &'static str| if zh { word } else { en };
        let mut header = vec![pick("id", "学号"), pick("name", "姓名"), pick("gender", "性别")];
        header.extend(self.subjects().iter().map(|(en, word)| pick(en, word)));
        header.extend((self.tiers == TierColumn::Written).then(|| pick("tier", "层次")));
        header.extend(self.flags.iter().map(|flag| flag.header(self.headers)));
        header
    }
}

/// A class list as CSV: UTF-8, a header row, one student a row, lines ended by `\n`.
#[must_use]
pub fn class_csv(spec: &ClassSpec) -> String {
    let mut text = spec.header().join(",");
    text.push('\n');
    for row in rows::rows(spec) {
        text.push_str(&row.cells(spec).join(","));
        text.push('\n');
    }
    text
}

/// Several classes under one spec, with seeds from its own upwards: file name (`class01.csv` …) and text of each.
pub fn classes(spec: &ClassSpec, count: usize) -> impl Iterator<Item = (String, String)> + '_ {
    let width = count.to_string().len().max(2);
    (0..count).map(move |i| {
        let seed = spec.seed.wrapping_add(i as u64);
        (format!("class{:0width$}.csv", i + 1), class_csv(&ClassSpec { seed, ..spec.clone() }))
    })
}
