//! Several classes in one cell: lists, ranges, whole grades. 七1-3班 is 1 to 3 and never 13; 七1、2班 is 1 and 2 and never 12.

use super::index::{Agreement, Stroke};
use super::parse::{digit, grades, label, plain, readings, without_noise};
use super::words::{AND, TO, WHOLE, WHOLE_GRADE, WHOLE_SCHOOL, is_one, without_trailing};
use super::{ClassIndex, ClassName, Grade, Label};
use crate::roster::fold;

/// Parts that one cell may have; a longer one is no list of classes.
const MOST: usize = 300;

/// Pieces behind a bare number where its grade is looked for.
const NEAR: usize = 12;

/// Signs behind 班 that tell whether another class follows.
const AHEAD: usize = 8;

/// Classes that one range may span; no school has as many in a grade.
const WIDEST: u16 = 60;

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

/// What a piece means, in the order in which meanings are tried.
#[derive(Clone, Debug)]
enum Meaning {
    /// Each of these classes.
    Names(Vec<ClassName>),
    /// All classes of a grade.
    Grade(Grade),
    /// All classes of the only grade.
    OnlyGrade,
    /// All classes.
    School,
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
        let pieces = pieces(text);
        if pieces.len() > MOST {
            let text = text.chars().take(MOST).collect::<String>();
            return vec![Part { text: fold::one_line(&text), fit: Fit::Nothing }];
        }
        let mut before = Before { grade, stroked: false };
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
            return Fit::Classes { classes: first.classes.clone(), inferred: first.how == Agreement::Inferred };
        }
        Fit::Nothing
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

impl Meaning {
    fn grade(&self) -> Option<Grade> {
        match self {
            Self::Names(names) => names.last().and_then(|name| name.grade),
            Self::Grade(grade) => Some(*grade),
            Self::OnlyGrade | Self::School => None,
        }
    }

    fn is_range(&self) -> bool {
        matches!(self, Self::Names(names) if names.len() > 1)
    }
}

/// A piece of a cell between the signs of a list.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    text: String,
    plain: String,
}

impl Piece {
    fn new(text: &str) -> Self {
        Self { text: fold::one_line(text), plain: without_noise(&plain(text)).to_owned() }
    }
}

/// The pieces of a cell, or enough of them to see that there are too many: parted by the signs of a list outside brackets, and behind 班 where another class follows.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut depth = 0_usize;
    let mut piece = String::new();
    let mut push = |piece: &mut String| {
        let whole = std::mem::take(piece);
        if pieces.len() > MOST {
            return;
        }
        pieces.extend(
            apart(&whole).iter().take(MOST + 1).map(|part| Piece::new(part)).filter(|piece| !piece.text.is_empty()),
        );
    };
    for c in text.chars() {
        match fold::half_width(c) {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            sign if depth == 0 && (matches!(sign, ';' | ',' | '、' | '\n' | '\r') || AND.contains(&sign)) => {
                push(&mut piece);
                continue;
            }
            _ => {}
        }
        piece.push(c);
    }
    push(&mut piece);
    pieces
}

/// A piece that holds several classes without a sign of a list between them: 七1班七2班, 七1 七2, 七1/七2.
fn apart(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for (at, c) in text.char_indices() {
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        if c != '班' {
            continue;
        }
        let rest = text[at + c.len_utf8()..].trim_start_matches(fold::is_space).chars().take(AHEAD);
        let rest: String = rest.map(fold::half_width).collect();
        let inner = rest.strip_prefix('(').and_then(|inner| inner.split_once(')'));
        let numbered = rest.starts_with(|c| digit(c).is_some() || matches!(c, '初' | '高'))
            || inner.is_some_and(|(inner, _)| label(inner).is_some());
        if numbered && text[..at].contains(|c| digit(c).is_some()) {
            parts.push(String::new());
        }
    }
    let whole = plain(text);
    if parts.len() == 1 && meanings_of(&whole).is_empty() {
        let split: Vec<&str> = text
            .split(|c: char| fold::is_space(c) || matches!(c, '/' | '／'))
            .filter(|part| !part.is_empty())
            .collect();
        if split.len() > 1 && split.iter().all(|part| !readings(part).is_empty()) {
            return split.into_iter().map(str::to_owned).collect();
        }
    }
    parts
}

/// The first piece, a bare number, with what the next named piece has behind its grade: of 七、八年级1班 the first is 七年级1班.
fn completed(pieces: &[Piece]) -> Option<String> {
    let bare = |text: &str| label(text).is_some_and(|label| matches!(label, Label::Number(1..=12)));
    let first = &pieces.first().filter(|piece| bare(&piece.plain))?.plain;
    let next = &pieces.iter().take(NEAR).find(|piece| !bare(&piece.plain))?.plain;
    let rests = grades(next).into_iter().map(|(_, rest)| rest);
    let behind = |rest: &str| {
        let grade = &next[..next.len() - rest.len()];
        let number = grade.find(|c| digit(c).is_none()).unwrap_or(grade.len());
        next[number..].to_owned()
    };
    let behind = rests.map(behind).find(|behind| behind.starts_with(['年', '级', '(']))?;
    Some(format!("{first}{behind}"))
}

/// What a piece may mean, tier by tier: the grade of the parts before holds where the piece names none.
fn tiers(plain: &str, before: &Before) -> Vec<Vec<Meaning>> {
    let meanings = meanings_of(plain);
    let is_name = |meaning: &Meaning| !meaning.is_range();
    let stroked = stroked(plain).is_some();
    let usable = |meaning: &&Meaning| !(stroked && before.stroked) || is_name(meaning);
    let inherited: Vec<Meaning> = (before.grade.iter())
        .flat_map(|grade| meanings.iter().filter(usable).filter_map(move |meaning| with_grade(meaning, *grade)))
        .collect();
    let own: Vec<Meaning> = meanings.iter().filter(usable).cloned().collect();
    if stroked && before.grade.is_some() {
        // 3-4 behind 七1 is class 4 of grade 3 as well as 七3 and 七4.
        return vec![own.iter().filter(|meaning| is_name(meaning)).cloned().chain(inherited).collect(), own];
    }
    vec![inherited, own]
}

fn with_grade(meaning: &Meaning, grade: Grade) -> Option<Meaning> {
    match meaning {
        Meaning::Names(names) if names.iter().all(|name| name.grade.is_none()) => {
            let of = |name: &ClassName| ClassName { grade: Some(grade), ..name.clone() };
            Some(Meaning::Names(names.iter().map(of).collect()))
        }
        Meaning::OnlyGrade => Some(Meaning::Grade(grade)),
        _ => None,
    }
}

/// The names of every meaning of a piece.
pub(super) fn meanings(piece: &Piece) -> Vec<Vec<ClassName>> {
    let names = |meaning| match meaning {
        Meaning::Names(names) => Some(names),
        Meaning::Grade(_) | Meaning::OnlyGrade | Meaning::School => None,
    };
    meanings_of(&piece.plain).into_iter().filter_map(names).collect()
}

fn meanings_of(plain: &str) -> Vec<Meaning> {
    let mut meanings: Vec<Meaning> = readings(plain).into_iter().map(|name| Meaning::Names(vec![name])).collect();
    meanings.extend(whole(plain));
    for (grade, rest) in grades(plain) {
        meanings.extend(labels(rest).map(|labels| of_grade(Some(grade), &labels)));
    }
    meanings.extend(labels(plain).map(|labels| of_grade(None, &labels)));
    meanings.extend(between_names(plain));
    meanings
}

fn of_grade(grade: Option<Grade>, labels: &[u16]) -> Meaning {
    let of = |label: &u16| ClassName { grade, label: Some(Label::Number(*label)), track: String::new() };
    Meaning::Names(labels.iter().map(of).collect())
}

/// 七年级全部, 七年级, 全年级, 全校.
fn whole(plain: &str) -> Option<Meaning> {
    let text = plain.replace(['(', ')'], "");
    if is_one(&text, WHOLE_SCHOOL) {
        return Some(Meaning::School);
    }
    if is_one(&text, WHOLE_GRADE) {
        return Some(Meaning::OnlyGrade);
    }
    let rest = without_trailing(&text, WHOLE);
    let named = rest.unwrap_or(&text);
    if named.is_empty() {
        return rest.map(|_| Meaning::OnlyGrade);
    }
    let ends = |grade: &str| rest.is_some() || grade.ends_with(['级', '届']);
    let grade = grades(named).into_iter().find(|(_, rest)| rest.is_empty() && ends(named));
    grade.map(|(grade, _)| Meaning::Grade(grade))
}

/// The numbers of a list or range behind a grade; none where it holds a single one: `(1)(2)班`, `1-3班`, `(1、2)班`, `(1)-(3)班`.
fn labels(text: &str) -> Option<Vec<u16>> {
    let text = text.trim_start_matches(['-', '.', ' ']).replace(['班', '第'], "").replace(TO, "-").replace(")(", "、");
    let text = text.replace(['(', ')'], "");
    let mut labels: Vec<u16> = Vec::new();
    for item in text.split(['、', ',', ';']) {
        let number = |text: &str| match label(text) {
            Some(Label::Number(number)) => Some(number),
            _ => None,
        };
        match item.split_once('-') {
            Some((first, last)) => labels.extend(range(number(first)?, number(last)?)?),
            None => labels.push(number(item)?),
        }
    }
    (labels.len() > 1).then_some(labels)
}

fn range(first: u16, last: u16) -> Option<std::ops::RangeInclusive<u16>> {
    (first < last && last - first < WIDEST).then_some(first..=last)
}

/// 七(1)班至七(3)班, 7.1-7.3: from one class to another of its grade.
fn between_names(plain: &str) -> Vec<Meaning> {
    let signs = plain.char_indices().filter(|(_, c)| *c == '-' || TO.contains(c));
    let mut found = Vec::new();
    for (at, sign) in signs {
        let (first, last) = (readings(&plain[..at]), readings(&plain[at + sign.len_utf8()..]));
        for a in &first {
            for b in last.iter().filter(|b| a.grade.is_some() && a.grade == b.grade && a.track == b.track) {
                if let (Some(Label::Number(x)), Some(Label::Number(y))) = (a.label, b.label)
                    && let Some(range) = range(x, y)
                {
                    found.push(of_grade(a.grade, &range.collect::<Vec<_>>()));
                }
            }
        }
    }
    found
}

/// The two bare numbers of 1-3 or 1-3班.
pub(super) fn stroked(plain: &str) -> Option<(u16, u16)> {
    let text = plain.strip_suffix('班').unwrap_or(plain);
    let (a, b) = text.split_once('-')?;
    Some((a.parse().ok()?, b.parse().ok()?))
}
