//! Several classes in one cell: lists, ranges, whole grades. 七1-3班 is 1 to 3 and never 13; 七1、2班 is 1 and 2 and never 12.

use super::index::{Agreement, Stroke};
use super::labels::packed;
use super::meanings::{Meaning, meanings_of, of_grade, stroked, with_grade};
use super::parse::{grades, grades_of};
use super::pieces::{MOST, completed, excepted, pieces};
use super::{ClassIndex, ClassName, Grade};
use crate::roster::fold;

/// A part of a cell and the classes that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// As written.
    pub text: String,
    /// Which classes it names.
    pub fit: Fit,
}

/// Which classes a text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// These and no others.
    Classes {
        /// Their numbers.
        classes: Vec<usize>,
        /// Whether a year of coming, or a kind or grade left out, had to be made up from the other classes.
        inferred: bool,
    },
    /// None.
    Nothing,
    /// It has several meanings; all classes that it may name.
    Several(Vec<usize>),
}

impl ClassIndex {
    /// The classes that a cell names, part by part.
    #[must_use]
    pub fn cell(&self, text: &str) -> Vec<Part> {
        self.cell_of(text, None)
    }

    /// The same where the sheet or the title tells the grade of cells that name none.
    #[must_use]
    pub fn cell_of(&self, text: &str, grade: Option<Grade>) -> Vec<Part> {
        if let Some(class) = self.spelt(text) {
            let fit = Fit::Classes { classes: vec![class], inferred: false };
            return vec![Part { text: fold::one_line(text), fit }];
        }
        if let Some((before, out, after)) = excepted(text) {
            return self.without((text, &before, &out, &after), grade);
        }
        let text = &self.unslashed(text);
        let pieces = pieces(text);
        if pieces.len() > MOST {
            let text = text.chars().take(MOST).collect::<String>();
            return vec![Part { text: fold::one_line(&text), fit: Fit::Nothing }];
        }
        let mut before = Before { grade, ..Before::default() };
        let mut parts = Vec::new();
        for at in 0..pieces.len() {
            let piece = &pieces[at];
            let completed = if before.grade == grade { completed(&pieces[at..]) } else { None };
            let plain = completed.unwrap_or_else(|| piece.plain.clone());
            let fit = self.piece(&piece.text, &plain, &mut before);
            parts.push(Part { text: piece.text.clone(), fit });
        }
        parts
    }

    /// 3/2 is class 2 of grade 3 where there is such a class in a school of several grades.
    fn unslashed(&self, text: &str) -> String {
        let is_number = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        let sign = |c: char| ";；,，、\n ".contains(c);
        if self.has_one_grade() || !text.contains('/') || text.len() > 200 {
            return text.to_owned();
        }
        let part = |part: &str| {
            let name = part.trim_end_matches(sign).split_once('/').filter(|(a, b)| is_number(a) && is_number(b));
            let known = name.is_some_and(|(a, b)| self.class(&format!("{a}-{b}")).is_some());
            if known { part.replace('/', "-") } else { part.to_owned() }
        };
        text.split_inclusive(sign).map(part).collect()
    }

    /// A cell with an exception: all of it fits, or the cell as a whole names nothing that is known.
    fn without(&self, (text, before, out, after): (&str, &str, &str, &str), grade: Option<Grade>) -> Vec<Part> {
        let known = |parts: &[Part]| {
            let mut classes = Vec::new();
            for part in parts {
                let Fit::Classes { classes: more, .. } = &part.fit else { return None };
                classes.extend(more.iter().copied());
            }
            Some(classes)
        };
        let of = grades_of(before).first().copied().or(grade);
        let found = (known(&self.cell_of(before, grade)), known(&self.cell_of(out, of)));
        let text = fold::one_line(text);
        let (Some(mut classes), Some(out)) = found else { return vec![Part { text, fit: Fit::Nothing }] };
        classes.retain(|class| !out.contains(class));
        let fit =
            if classes.is_empty() || out.is_empty() { Fit::Nothing } else { Fit::Classes { classes, inferred: false } };
        let after = after.trim_matches(|c: char| fold::is_space(c) || ";；,，、".contains(c));
        let rest = if after.is_empty() { Vec::new() } else { self.cell_of(after, grade) };
        std::iter::once(Part { text, fit }).chain(rest).collect()
    }

    fn piece(&self, text: &str, plain: &str, before: &mut Before) -> Fit {
        if let Some(class) = self.spelt(text).or_else(|| self.spelt(plain)) {
            before.grade = self.readings[class].first().and_then(|name| name.grade);
            before.stroked = stroked(plain).is_some();
            return Fit::Classes { classes: vec![class], inferred: false };
        }
        for tier in tiers(plain, before) {
            let tier: Vec<(Found, &Meaning)> =
                tier.iter().filter_map(|meaning| Some((self.found(meaning)?, meaning))).collect();
            let sure = tier.iter().any(|(found, _)| found.how.is_sure());
            let mut best: Vec<(Found, &Meaning)> =
                tier.into_iter().filter(|(found, _)| found.how.is_sure() == sure).collect();
            if best.len() > 1
                && let Some(stroke) = self.stroke.filter(|_| stroked(plain).is_some())
            {
                best.retain(|(_, meaning)| meaning.is_range() == (stroke == Stroke::Range));
            }
            let Some((first, meaning)) = best.first() else { continue };
            let several = first.several || best.iter().any(|(other, _)| other.classes != first.classes);
            if several {
                let mut all: Vec<usize> = best.into_iter().flat_map(|(found, _)| found.classes).collect();
                all.sort_unstable();
                all.dedup();
                return Fit::Several(all);
            }
            before.grade = meaning.grade();
            before.stroked = stroked(plain).is_some() && !meaning.is_range();
            before.ranged |= plain.contains('-') && meaning.is_range();
            return Fit::Classes { classes: first.classes.clone(), inferred: first.how == Agreement::Inferred };
        }
        // 向日葵 for 向日葵班
        let whole = self.spelt(&format!("{plain}班")).filter(|_| !plain.is_empty() && !plain.ends_with('班'));
        whole.map_or(Fit::Nothing, |class| Fit::Classes { classes: vec![class], inferred: false })
    }

    /// From one class to one of a later grade.
    fn between(&self, first: &ClassName, last: &ClassName) -> Option<Found> {
        let ends = (self.fits(first)?, self.fits(last)?);
        let ((_, a), (_, b)) = &ends;
        let ([_], [_]) = (a.as_slice(), b.as_slice()) else { return None };
        let place = |name: &ClassName| Some((name.grade?, name.label?));
        let (from, to) = (place(first)?, place(last)?);
        let inside = |class: &usize| self.readings[*class].iter().filter_map(place).any(|at| (from..=to).contains(&at));
        Found::all((0..self.readings.len()).filter(inside).collect())
    }

    /// The classes of a meaning; none where one of its names fits no class.
    fn found(&self, meaning: &Meaning) -> Option<Found> {
        match meaning {
            Meaning::Names(names) => {
                let mut found = Found { how: Agreement::Whole, several: false, classes: Vec::new() };
                for name in names {
                    let (how, classes) = self.fits(name)?;
                    found.how = found.how.max(how);
                    found.several |= classes.len() > 1;
                    found.classes.extend(classes);
                }
                Some(found)
            }
            Meaning::Between(first, last) => self.between(first, last),
            Meaning::Grade(grade) => Found::all(self.of_grade(*grade)),
            Meaning::OnlyGrade if !self.has_one_grade() => None,
            Meaning::OnlyGrade | Meaning::School => Found::all((0..self.readings.len()).collect()),
        }
    }
}

/// What the parts before said.
#[derive(Clone, Debug, Default)]
struct Before {
    grade: Option<Grade>,
    /// Whether a class was written with a stroke between grade and number: 3-1、3-4 are names.
    stroked: bool,
    /// Whether a stroke was written from one class to another: 七1-3，5，7-9.
    ranged: bool,
}

struct Found {
    how: Agreement,
    several: bool,
    classes: Vec<usize>,
}

impl Found {
    fn all(classes: Vec<usize>) -> Option<Self> {
        (!classes.is_empty()).then_some(Self { how: Agreement::Whole, several: false, classes })
    }
}

/// What a piece may mean, tier by tier: the grade of the parts before holds where the piece names none.
fn tiers(plain: &str, before: &Before) -> Vec<Vec<Meaning>> {
    let meanings = meanings_of(plain);
    let is_name = |meaning: &Meaning| !meaning.is_range();
    let stroke = stroked(plain);
    let stroked = stroke.is_some();
    let rises = stroke.is_some_and(|(first, last)| first < last);
    let ranged = before.ranged && !before.stroked && rises;
    let usable = |meaning: &&Meaning| match (stroked && before.stroked, stroked && ranged) {
        (true, _) => is_name(meaning),
        (false, ranged) => !(ranged && is_name(meaning)),
    };
    let inherited: Vec<Meaning> = (before.grade.iter())
        .flat_map(|grade| meanings.iter().filter(usable).filter_map(move |meaning| with_grade(meaning, *grade)))
        .collect();
    let own: Vec<Meaning> = meanings.iter().filter(usable).cloned().collect();
    if stroked && before.grade.is_some() && !ranged {
        // 3-4 behind 七1 is class 4 of grade 3 as well as 七3 and 七4.
        return vec![own.iter().filter(|meaning| is_name(meaning)).cloned().chain(inherited).collect(), own];
    }
    // 七123班 is 1, 2 and 3 where no class has so many.
    let packed = grades(plain).into_iter().filter_map(|(grade, rest)| Some((grade, packed(plain, rest)?)));
    let packed = packed.flat_map(|(grade, ways)| ways.into_iter().map(move |labels| of_grade(Some(grade), &labels)));
    vec![inherited, own, packed.collect()]
}
