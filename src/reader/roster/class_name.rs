//! Names of classes: what a name says, however it is written.
//!
//! 三(1)班, 三1班, 3-1, 3.1, 三年级（一）班 and 小学三年级1班 are one class; 初一(1)班 is 七(1)班; 2023级2班 is told by the year in
//! which the class came. Some names can be read in two ways by themselves (12班 is class 12, or class 2 of grade 1):
//! [`readings`] gives all of them, and a [`ClassIndex`] of a school's classes decides. Nothing here tells anything or guesses.

mod cell;
mod graded;
mod index;
mod labels;
mod meanings;
mod numbers;
mod parse;
mod pieces;
mod signs;
mod titled;
mod words;

pub use cell::{Fit, Part};
pub use graded::{class_told, grade_told, is_surely_class, key_among, lacks_grade, with_grade};
pub use index::ClassIndex;
pub use parse::{grade, grade_in, grades_of, is_digit, is_grade, number, readings};
pub(in crate::roster) use titled::{class_in_title, class_of, is_class_name, names_class};

use std::fmt;

/// A stage of school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// 小学: grades 1 to 6.
    Primary,
    /// 初中: grades 7 to 9.
    Junior,
    /// 高中: grades 10 to 12.
    Senior,
}

impl Stage {
    /// The grades of the stage.
    #[must_use]
    pub fn grades(self) -> std::ops::RangeInclusive<u8> {
        match self {
            Self::Primary => 1..=6,
            Self::Junior => 7..=9,
            Self::Senior => 10..=12,
        }
    }

    /// The stage of a grade.
    #[must_use]
    pub fn of(grade: u8) -> Self {
        match grade {
            ..=6 => Self::Primary,
            7..=9 => Self::Junior,
            10.. => Self::Senior,
        }
    }
}

/// How a cohort is told: by the year in which it came or leaves, and the stage where the name says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Counting {
    /// Whether the year is that of leaving (届); else that of coming (级).
    pub leaving: bool,
    /// 高2025级 says 高.
    pub stage: Option<Stage>,
}

/// Which grade a class is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// 1 to 12: 初一 is 7, 高一 is 10.
    Number(u8),
    /// 2023级, 2026届.
    Cohort(Counting, u16),
}

/// What tells a class from the others of its grade.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Label {
    /// 三(2)班.
    Number(u16),
    /// 三A班, in lower case.
    Letter(char),
}

/// What the name of a class says. Two names say the same where they are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassName {
    /// None where the name says none (3班).
    pub grade: Option<Grade>,
    /// None where the class has only a word (三年级向日葵班).
    pub label: Option<Label>,
    /// The kind of class: 文, 实验; empty where the name says none.
    pub track: String,
}

impl ClassName {
    /// The name as one short word that is the same for every way of writing: `7-3`, `2023级-3`, `11-文3`.
    #[must_use]
    pub fn key(&self) -> String {
        self.to_string()
    }

    /// What the class is called a year later; none where it has left the school, or has no grade that moves on.
    #[must_use]
    pub fn a_year_on(&self) -> Option<Self> {
        let Some(Grade::Number(grade)) = self.grade else { return None };
        let last = *Stage::of(grade).grades().end();
        (grade < last).then(|| Self { grade: Some(Grade::Number(grade + 1)), ..self.clone() })
    }
}

impl fmt::Display for ClassName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.grade {
            Some(Grade::Number(grade)) => write!(f, "{grade}-")?,
            Some(Grade::Cohort(counting, year)) => {
                let stage = counting.stage.map_or("", |stage| match stage {
                    Stage::Primary => "小",
                    Stage::Junior => "初",
                    Stage::Senior => "高",
                });
                write!(f, "{stage}{year}{}-", if counting.leaving { "届" } else { "级" })?;
            }
            None => {}
        }
        f.write_str(&self.track)?;
        match self.label {
            Some(Label::Number(number)) => write!(f, "{number}"),
            Some(Label::Letter(letter)) => write!(f, "{}", letter.to_ascii_uppercase()),
            None => Ok(()),
        }
    }
}

/// What a name says where it can be read in one way only.
#[must_use]
pub fn clear(text: &str) -> Option<ClassName> {
    let mut readings = readings(text);
    if readings.len() == 1 { readings.pop() } else { None }
}

/// Whether two names are one class beyond doubt: written alike but for width, case and spaces, or saying the same.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    signs::spelling(a) == signs::spelling(b) || clear(a).is_some_and(|name| clear(b) == Some(name))
}

/// Whether `now` is what the class `before` is called a year later: 八(1)班, then 九1班. A name by the year of coming stays.
#[must_use]
pub fn renamed(before: &str, now: &str) -> bool {
    clear(before).and_then(|name| name.a_year_on()).is_some_and(|name| clear(now) == Some(name))
}
