//! The classes of a school by what their names say, whatever way a text writes them.

use super::meanings::{Meaning, meanings_of, stroked};
use super::parse::readings;
use super::pieces::{Piece, pieces};
use super::signs::{plain, spelling};
use super::{ClassName, Counting, Grade, Label, Stage};
use crate::roster::fold;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The classes of a school, looked up by any usual spelling of their names.
#[derive(Clone, Debug, Default)]
pub struct ClassIndex {
    pub(super) readings: Vec<Vec<ClassName>>,
    spellings: HashMap<String, Vec<usize>>,
    /// Names that say no class, by letters and digits alone.
    words: HashMap<String, Vec<usize>>,
    by_label: HashMap<Option<Label>, Vec<usize>>,
    /// Whether all classes are of one grade, as far as their names say.
    one_grade: bool,
    /// For cohorts: grade and year of coming add up to this; several where nothing decides.
    sums: BTreeMap<Counting, Vec<i32>>,
    /// The grades that texts name.
    grades: BTreeSet<Grade>,
    /// What a stroke between two bare numbers means in the texts: grade and class, or from one class to another.
    pub(super) stroke: Option<Stroke>,
}

/// What 1-3 means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stroke {
    /// Class 3 of grade 1.
    Name,
    /// Classes 1 to 3.
    Range,
}

/// How far a name and a class agree, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Agreement {
    /// In all that they say.
    Whole,
    /// The class says no more than its number, or the name does, and there is but one grade.
    OneGrade,
    /// By the year of coming, or where one of them is silent about the kind or the grade.
    Inferred,
}

impl Agreement {
    /// Whether nothing had to be made up.
    pub(super) fn is_sure(self) -> bool {
        self != Self::Inferred
    }
}

impl ClassIndex {
    /// The classes by their names, in order.
    #[must_use]
    pub fn new<S: AsRef<str>>(classes: &[S]) -> Self {
        let mut index = Self { readings: plain_numbers(classes), ..Self::default() };
        for (number, class) in classes.iter().map(AsRef::as_ref).enumerate() {
            index.spellings.entry(spelling(class)).or_default().push(number);
            if index.readings[number].is_empty() {
                index.words.entry(word(class)).or_default().push(number);
            }
            let labels: BTreeSet<Option<Label>> = index.readings[number].iter().map(|name| name.label).collect();
            for label in labels {
                index.by_label.entry(label).or_default().push(number);
            }
        }
        let mut grades = index.readings.iter().map(|names| names.first().and_then(|name| name.grade));
        let first = grades.next();
        index.one_grade = grades.all(|grade| Some(grade) == first);
        index.learn(&BTreeSet::new());
        index
    }

    /// The same with what the texts of a list, taken together, say of years and strokes: a school that writes 2023级, 2024级
    /// and 2025级 for its grades 九, 八 and 七 says which is which.
    #[must_use]
    pub fn with_texts<'a>(mut self, texts: impl IntoIterator<Item = &'a str>) -> Self {
        let texts: BTreeSet<&str> = texts.into_iter().collect();
        let names: BTreeSet<ClassName> = texts.iter().flat_map(|text| self.written(text)).collect();
        self.grades = names.iter().filter_map(|name| name.grade).collect();
        self.learn(&names);
        self.stroke = self.strokes(&texts);
        self
    }

    /// Number of the class that a text names and no other may be; forgiving width, signs and any usual way of writing.
    #[must_use]
    pub fn class(&self, text: &str) -> Option<usize> {
        match self.classes(text).as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }

    /// The only class; none where there are several.
    #[must_use]
    pub fn only(&self) -> Option<usize> {
        (self.readings.len() == 1).then_some(0)
    }

    /// The classes that a text may name: none, one or several.
    #[must_use]
    pub fn classes(&self, text: &str) -> Vec<usize> {
        if let Some(spelt) = self.spelt(text) {
            return vec![spelt];
        }
        let fits = readings(text).into_iter().map(|name| self.fits(&name));
        let fits: Vec<(Agreement, Vec<usize>)> = fits.flatten().collect();
        let sure = fits.iter().any(|(how, _)| how.is_sure());
        let mut classes: Vec<usize> =
            fits.into_iter().filter(|(how, _)| how.is_sure() == sure).flat_map(|(_, classes)| classes).collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// The class that is written like this but for width, case and spaces; of names that say no class also but for signs.
    #[must_use]
    pub fn spelt(&self, text: &str) -> Option<usize> {
        let only = |found: Option<&Vec<usize>>| match found.map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        };
        only(self.spellings.get(&spelling(text))).or_else(|| {
            let word = word(text);
            if word.is_empty() { None } else { only(self.words.get(&word)) }
        })
    }

    /// The classes that agree best with a name.
    pub(super) fn fits(&self, name: &ClassName) -> Option<(Agreement, Vec<usize>)> {
        let near = self.by_label.get(&name.label).map_or(&[][..], Vec::as_slice);
        let of = |&class: &usize| {
            let best = self.readings[class].iter().filter_map(|other| self.agreement(name, other)).min();
            best.map(|how| (how, class))
        };
        let fits: Vec<(Agreement, usize)> = near.iter().filter_map(of).collect();
        let best = fits.iter().map(|(how, _)| *how).min()?;
        Some((best, fits.into_iter().filter(|(how, _)| *how == best).map(|(_, class)| class).collect()))
    }

    /// The grades that a text names.
    #[must_use]
    pub fn grades(&self, text: &str) -> Vec<Grade> {
        self.written(text).iter().filter_map(|name| name.grade).collect()
    }

    /// Whether every class's name says a class.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.readings.iter().all(|names| !names.is_empty())
    }

    /// The classes of a grade.
    #[must_use]
    pub fn of_grade(&self, grade: Grade) -> Vec<usize> {
        let is =
            |class: &usize| self.readings[*class].iter().any(|name| self.same_grade(Some(grade), name.grade).is_some());
        (0..self.readings.len()).filter(is).collect()
    }

    /// Whether all classes are of one grade, as far as their names say.
    pub(super) fn has_one_grade(&self) -> bool {
        self.one_grade
    }

    /// Classes that a text which names none may have meant: those of its grade, else those of its number; a few.
    #[must_use]
    pub fn near(&self, text: &str) -> Vec<usize> {
        const SHOWN: usize = 8;
        let names = self.written(text);
        let of = |meant: &dyn Fn(&ClassName, &ClassName) -> bool| -> Vec<usize> {
            let near =
                |class: &usize| self.readings[*class].iter().any(|other| names.iter().any(|name| meant(name, other)));
            (0..self.readings.len()).filter(near).take(SHOWN).collect()
        };
        let graded = of(&|name, other| name.grade.is_some() && self.same_grade(name.grade, other.grade).is_some());
        if graded.is_empty() { of(&|name, other| name.label.is_some() && name.label == other.label) } else { graded }
    }

    fn agreement(&self, name: &ClassName, class: &ClassName) -> Option<Agreement> {
        let grade = self.same_grade(name.grade, class.grade)?;
        let track = match (name.track.as_str(), class.track.as_str()) {
            (one, other) if one == other => Agreement::Whole,
            ("", _) | (_, "") => Agreement::Inferred,
            _ => return None,
        };
        Some(grade.max(track))
    }

    fn same_grade(&self, text: Option<Grade>, class: Option<Grade>) -> Option<Agreement> {
        match (text, class) {
            (one, other) if one == other => Some(Agreement::Whole),
            (None, Some(_)) => Some(if self.one_grade { Agreement::OneGrade } else { Agreement::Inferred }),
            // A list that names no grade is of the one grade that everybody speaks of.
            (Some(_), None) => (self.one_grade && self.grades.len() <= 1).then_some(Agreement::Inferred),
            (Some(Grade::Cohort(a, x)), Some(Grade::Cohort(b, y))) => {
                let stages = a.stage.is_none() || b.stage.is_none();
                (a.leaving == b.leaving && x == y && stages).then_some(Agreement::Inferred)
            }
            (Some(Grade::Number(grade)), Some(Grade::Cohort(counting, year)))
            | (Some(Grade::Cohort(counting, year)), Some(Grade::Number(grade))) => {
                let sum = i32::from(grade) + i32::from(year);
                let stage = counting.stage.is_none_or(|stage| stage.grades().contains(&grade));
                let year = self.sums.get(&counting).is_none_or(|sums| sums.contains(&sum));
                (stage && year).then_some(Agreement::Inferred)
            }
            _ => None,
        }
    }

    /// The names that a text may write, one or several in a cell.
    fn written(&self, text: &str) -> Vec<ClassName> {
        if self.spelt(text).is_some() {
            return readings(text);
        }
        pieces(text).iter().flat_map(names).flatten().collect()
    }

    /// Which grade a cohort is in: as it leaves each class one of its kind, and lets most names find their class.
    fn learn(&mut self, texts: &BTreeSet<ClassName>) {
        let of_classes: BTreeSet<ClassName> = self.readings.iter().flatten().cloned().collect();
        let cohort = |name: &ClassName| match name.grade {
            Some(Grade::Cohort(counting, _)) => Some(counting),
            _ => None,
        };
        let countings: BTreeSet<Counting> = of_classes.iter().chain(texts).filter_map(cohort).collect();
        let stages = stages(&of_classes).or_else(|| stages(texts));
        for counting in countings {
            let years: BTreeSet<u16> = (of_classes.iter().chain(texts))
                .filter_map(|name| match name.grade {
                    Some(Grade::Cohort(other, year)) if other == counting => Some(year),
                    _ => None,
                })
                .collect();
            let allowed = |grade: &u8| match counting.stage {
                Some(stage) => stage.grades().contains(grade),
                None => stages.as_ref().is_none_or(|stages| stages.contains(&Stage::of(*grade))),
            };
            let sums: BTreeSet<i32> = (years.iter())
                .flat_map(|year| (1..=12_u8).filter(allowed).map(|grade| i32::from(*year) + i32::from(grade)))
                .collect();
            let sound = sums.into_iter().filter(|sum| leaves_apart(&of_classes, counting, *sum, &allowed));
            let scored: Vec<(usize, i32)> = sound
                .map(|sum| {
                    self.sums.insert(counting, vec![sum]);
                    let found = texts.iter().filter(|name| self.fits(name).is_some()).count();
                    (found, sum)
                })
                .collect();
            let most = scored.iter().map(|(found, _)| *found).max().unwrap_or_default();
            let best = scored.into_iter().filter(|(found, _)| *found == most).map(|(_, sum)| sum).collect();
            self.sums.insert(counting, best);
        }
    }

    /// What a stroke means, by those texts where it can mean one thing only.
    fn strokes(&self, texts: &BTreeSet<&str>) -> Option<Stroke> {
        let mut seen = BTreeSet::new();
        for (grade, label) in texts.iter().filter_map(|text| stroked(&plain(text))) {
            let name = ClassName {
                grade: u8::try_from(grade).ok().map(Grade::Number),
                label: Some(Label::Number(label)),
                track: String::new(),
            };
            let named = self.fits(&name).is_some_and(|(how, _)| how == Agreement::Whole);
            match (named, grade < label) {
                (true, false) => seen.insert(true),
                (false, true) => seen.insert(false),
                _ => false,
            };
        }
        match (seen.contains(&true), seen.contains(&false)) {
            (true, false) => Some(Stroke::Name),
            (false, true) => Some(Stroke::Range),
            _ => None,
        }
    }
}

/// What the classes' names say; where some are bare numbers beyond doubt (3班), all of them are (12班 is no class of grade 1).
fn plain_numbers<S: AsRef<str>>(classes: &[S]) -> Vec<Vec<ClassName>> {
    let mut all: Vec<Vec<ClassName>> = classes.iter().map(|class| readings(class.as_ref())).collect();
    if all.iter().any(|names| matches!(names.as_slice(), [name] if name.grade.is_none())) {
        for names in all.iter_mut().filter(|names| names.iter().any(|name| name.grade.is_none())) {
            names.retain(|name| name.grade.is_none());
        }
    }
    all
}

/// Letters and digits alone; numbers that a sign parts stay apart.
fn word(text: &str) -> String {
    let mut word = String::new();
    let mut parted = false;
    for c in text.chars().map(fold::half_width).flat_map(char::to_lowercase) {
        if !c.is_alphanumeric() {
            parted = true;
            continue;
        }
        if parted && c.is_ascii_digit() && word.ends_with(|c: char| c.is_ascii_digit()) {
            word.push('-');
        }
        parted = false;
        word.push(c);
    }
    word
}

/// The stages of the grades that names say; none where they say none.
fn stages(names: &BTreeSet<ClassName>) -> Option<BTreeSet<Stage>> {
    let stage = |name: &ClassName| match name.grade {
        Some(Grade::Number(grade)) => Some(Stage::of(grade)),
        _ => None,
    };
    let stages: BTreeSet<Stage> = names.iter().filter_map(stage).collect();
    (!stages.is_empty()).then_some(stages)
}

/// Whether cohorts with this sum are grades of the school and no class becomes another of its classes.
fn leaves_apart(classes: &BTreeSet<ClassName>, counting: Counting, sum: i32, allowed: &dyn Fn(&u8) -> bool) -> bool {
    let moved = classes.iter().filter_map(|name| match name.grade {
        Some(Grade::Cohort(other, year)) if other == counting => Some((name, sum - i32::from(year))),
        _ => None,
    });
    let mut moved = moved.peekable();
    moved.all(|(name, grade)| {
        let grade = u8::try_from(grade).ok().filter(allowed);
        grade.is_some_and(|grade| !classes.contains(&ClassName { grade: Some(Grade::Number(grade)), ..name.clone() }))
    })
}

/// The names of every meaning of a piece.
fn names(piece: &Piece) -> Vec<Vec<ClassName>> {
    let names = |meaning| match meaning {
        Meaning::Names(names) => Some(names),
        Meaning::Between(..) | Meaning::Grade(_) | Meaning::OnlyGrade | Meaning::School => None,
    };
    meanings_of(&piece.plain).into_iter().filter_map(names).collect()
}
