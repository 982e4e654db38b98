//! What the rows below a header are: students, repeated headers, statistics, notes, names of nobody (points possible, test students),
//! and what is left over. Nothing is passed over unsaid.

mod apart;
mod examples;
mod figures;
mod label;
mod sections;
mod sort;

use super::field::Part;
use super::header::Head;
use super::list::Assignment;
use super::table::{Raw, Row};
use super::value::{self, Numeric};
use super::vocabulary::{self, Is};
use super::{Field, fold};
pub use sections::is_group;
pub use sort::{Sorted, sort};

/// The longest text that may be a name.
const LONGEST_NAME: usize = 60;
/// The longest label of a statistic.
const LONGEST_LABEL: usize = 12;

/// What a row below the header is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A student.
    Student,
    /// A student by all but the name, which is the word of a statistic.
    Unlikely,
    /// Names somebody, and holds nothing else: a student in the middle of a list, something else below it.
    Bare,
    /// An average, a count …
    Statistic,
    /// A note, a signature, a teacher's name.
    Note,
    /// The header once more.
    Repeated,
    /// Points possible, a test student …
    Nobody,
    /// A number that nobody has yet.
    Prepared,
    /// None of these.
    Left,
}

/// Tells students from other rows by the columns that name them and those whose values are known by their look.
pub struct Looker<'a> {
    heads: &'a [Head],
    id: Option<usize>,
    /// The name, or its halves.
    names: Vec<usize>,
    /// Marks, genders, yes and no.
    typed: Vec<(usize, &'a Field)>,
    /// Remarks.
    notes: Option<usize>,
    /// Whether names are numbers here, as in lists that tell nobody's name.
    numbered: bool,
}

impl<'a> Looker<'a> {
    /// Looks at the rows below these heads.
    #[must_use]
    pub fn new(heads: &'a [Head], assignment: &'a Assignment) -> Self {
        let index = |field| assignment.position(&field).map(|c| heads[c].index);
        let halves = || {
            let part = |part| assignment.parts.iter().position(|p| *p == Some(part)).map(|c| heads[c].index);
            [part(Part::Family), part(Part::Given)].into_iter().flatten().collect()
        };
        let typed = heads.iter().zip(&assignment.fields).filter(|(_, field)| is_typed(field));
        Self {
            heads,
            id: index(Field::Id),
            names: index(Field::Name).map_or_else(halves, |name| vec![name]),
            typed: typed.map(|(head, field)| (head.index, field)).collect(),
            notes: index(Field::Notes),
            numbered: false,
        }
    }

    /// Learns from the first rows how people are called here.
    #[must_use]
    pub fn learned<'r>(mut self, rows: impl Iterator<Item = &'r Row>) -> Self {
        let rows: Vec<&Row> = rows.collect();
        self.without_unread(&rows);
        let cell = |row: &&'r Row| self.names.first().map(|&c| row.cell(c)).filter(|cell| !cell.is_blank());
        let (numbers, all) =
            rows.iter().filter_map(cell).fold((0, 0), |(n, all), cell| (n + usize::from(cell.is_numeric()), all + 1));
        self.numbered = 2 * numbers > all;
        self
    }

    /// Takes nothing from columns whose cells are other than their headers say in more rows than a few.
    fn without_unread(&mut self, rows: &[&Row]) {
        self.typed.retain(|(column, field)| {
            let cells = rows.iter().map(|row| row.cell(*column)).filter(|cell| !cell.is_blank());
            let (fitting, all) = cells.fold((0, 0), |(fit, n), cell| (fit + usize::from(fits(cell, field)), n + 1));
            let is_mark = matches!(field, Field::Score(_) | Field::Total | Field::Rank);
            if is_mark { 5 * fitting >= 4 * all } else { 2 * fitting >= all }
        });
    }

    fn is_name(&self, cell: &Raw) -> bool {
        is_name(cell) || (self.numbered && cell.is_numeric())
    }

    /// What a row is.
    #[must_use]
    pub fn what(&self, row: &Row) -> What {
        let Some((first, label)) = row.filled().next() else { return What::Note };
        if self.is_repeated(row) {
            return What::Repeated;
        }
        if row.filled().all(|(_, cell)| matches!(cell, Raw::Text(text) if !text.contains(char::is_alphanumeric))) {
            return What::Note;
        }
        let name = self.names.iter().map(|&c| row.cell(c)).find(|cell| !cell.is_blank());
        let id = self.id.map(|c| row.cell(c)).filter(|cell| !cell.is_blank());
        let may_be_label = |cell: &Raw| !matches!(cell, Raw::Text(text) if !vocabulary::may_be_row_word(text));
        let remark = self.notes.map(|c| row.cell(c)).filter(|cell| !cell.is_blank());
        if ![Some(label), id, name, remark].into_iter().flatten().any(may_be_label) {
            return self.plain(row, (first, label), name, id);
        }
        let numbers = [id, Some(label).filter(|_| !self.names.contains(&first))];
        if numbers.into_iter().flatten().any(examples::is_example) || remark.is_some_and(examples::says_example) {
            return What::Nobody;
        }
        let fits_any = (self.typed.is_empty() && id.is_some())
            || self.typed.iter().any(|(c, field)| !row.cell(*c).is_blank() && fits(row.cell(*c), field));
        // Without ids, whoever has a name that is no label, and marks, is a student whatever stands left of the name.
        let is_plain = |cell: &Raw| {
            !is_statistic(cell) && !is_note(cell) && ![Is::Office, Is::Pseudo].iter().any(|kind| has(cell, *kind))
        };
        let is_identified = if self.id.is_some() { id.is_some_and(is_code) } else { name.is_some_and(is_plain) };
        let is_twofold = self.names.len() > 1 && id.is_some() && self.names.iter().all(|&c| is_name(row.cell(c)));
        let is_student = name.is_some_and(|cell| self.is_name(cell)) && is_identified && (fits_any || is_twofold);
        let is_typed = self.typed.iter().any(|(typed, field)| *typed == first && fits(label, field));
        // What stands left of a student's name may be anything; beside others it says what the row is.
        let labels = [Some(label).filter(|_| !is_typed && !is_student), id, name];
        let any = |is: fn(&Raw) -> bool| labels.into_iter().flatten().any(is);
        if any(|cell| has(cell, Is::Pseudo)) || name.is_some_and(|cell| has(cell, Is::Test)) {
            return What::Nobody;
        }
        if any(|cell| has(cell, Is::Office)) {
            return What::Note;
        }
        if any(is_statistic) {
            if !is_student {
                return What::Statistic;
            }
            // A name of English letters may be any word (Mean, Max), and statistics have no gender.
            let is_certain = name.is_some_and(|cell| !cell.line().contains(fold::is_han)) || self.has_gender(row);
            return if is_certain { What::Student } else { What::Unlikely };
        }
        let is_said = |cell: &Raw| is_note(cell) || has(cell, Is::Office);
        let notes = row.filled().all(|(_, cell)| is_said(cell))
            || (!is_typed && is_note(label) && [id, name].into_iter().flatten().all(is_note));
        if notes || (!is_student && name.is_some_and(is_note)) {
            return What::Note;
        }
        self.plain(row, (first, label), name, id)
    }

    /// What a row without any label is.
    fn plain(&self, row: &Row, (first, label): (usize, &Raw), name: Option<&Raw>, id: Option<&Raw>) -> What {
        let lone = row.filled().count() == 1 && self.heads.len() > 1;
        let names_somebody = self.names.contains(&first) || (Some(first) == self.id && is_code(label));
        if lone && !names_somebody {
            return What::Note;
        }
        self.person(row, name, id)
    }

    /// Whether a row that is no statistic and no note is a student's.
    fn person(&self, row: &Row, name: Option<&Raw>, id: Option<&Raw>) -> What {
        let filled = self.typed.iter().filter(|(c, _)| !row.cell(*c).is_blank());
        let (fitting, there) =
            filled.fold((0, 0), |(fit, n), &(c, field)| (fit + usize::from(fits(row.cell(c), field)), n + 1));
        match (name, id) {
            (Some(name), Some(id)) if !self.is_name(name) && !name.is_numeric() && is_code(id) && fitting > 0 => {
                What::Student
            }
            (Some(name), _) if !self.is_name(name) => What::Left,
            (_, Some(id)) if id.is_numeric() => What::Student,
            (Some(_), Some(id)) if !is_code(id) && 2 * fitting < there.max(1) => What::Left,
            (Some(_), _) if there > 0 && fitting == 0 => What::Left,
            (Some(_), None) if there == 0 && !self.typed.is_empty() => What::Bare,
            (Some(_), _) => What::Student,
            (None, Some(id)) if is_code(id) && (there > 0 || self.typed.is_empty()) && 2 * fitting >= there => {
                What::Student
            }
            (None, None) if there > 0 && 2 * fitting >= there && !self.names_nobody(row) => What::Student,
            (None, None) if self.id.is_none() && self.names.is_empty() => What::Student,
            _ => What::Left,
        }
    }

    /// Whether most marks stand in a row without name and id: a statistic without a label.
    fn names_nobody(&self, row: &Row) -> bool {
        let named = self.id.is_some() || !self.names.is_empty();
        let others = row.filled().filter(|(c, _)| !self.typed.iter().any(|(typed, _)| typed == c)).count();
        named
            && others == 0
            && !self.typed.iter().any(|(c, field)| **field == Field::Gender && !row.cell(*c).is_blank())
    }

    fn has_gender(&self, row: &Row) -> bool {
        self.typed.iter().any(|(c, field)| **field == Field::Gender && value::gender(row.cell(*c)).is_some())
    }

    /// Whether a row names somebody and holds marks.
    fn may_be_student(&self, row: &Row) -> bool {
        let is_named = self.names.iter().any(|&c| self.is_name(row.cell(c)));
        let has_id = self.id.is_none_or(|c| is_code(row.cell(c)));
        is_named && has_id && self.typed.iter().any(|(c, field)| !row.cell(*c).is_blank() && fits(row.cell(*c), field))
    }

    fn is_repeated(&self, row: &Row) -> bool {
        let mut filled = 0;
        let same = row.filled().all(|(column, cell)| {
            filled += 1;
            let Raw::Text(_) = cell else { return false };
            let head = self.heads.iter().find(|head| head.index == column);
            head.is_some_and(|head| head.levels.iter().any(|level| *level == cell.line()))
        });
        same && filled > 1
    }

    /// Whether a row names somebody and every cell of it looks as its column says, no number far beyond those of the others.
    pub(super) fn fits_all(&self, row: &Row, others: &[Row]) -> bool {
        let is_named = self.names.iter().chain(&self.id).all(|&c| !row.cell(c).is_blank());
        let number = |row: &Row, c: usize| match value::number(row.cell(c)) {
            Numeric::Number(x, _) => Some(x),
            _ => None,
        };
        is_named
            && self.typed.iter().all(|&(c, field)| {
                let is_far = |x: f64| {
                    let full = others.iter().filter(|other| other.cells.len() > row.cells.len());
                    full.filter_map(|other| number(other, c)).all(|y| x > 2.0 * y)
                };
                row.cell(c).is_blank() || fits(row.cell(c), field) && !number(row, c).is_some_and(is_far)
            })
    }

    /// How well a student's row fits its columns: cells that do, less those that do not, and less those without a header.
    pub(super) fn fit(&self, row: &Row, assignment: &Assignment) -> i64 {
        let worth = |(column, cell): (usize, &Raw)| {
            let Some(c) = self.heads.iter().position(|head| head.index == column) else { return -1 };
            match &assignment.fields[c] {
                Field::Other if self.heads[c].levels.is_empty() => -1,
                Field::Other if assignment.known[c] => 1,
                Field::Other => 0,
                Field::Name => {
                    if self.is_name(cell) {
                        3
                    } else {
                        -3
                    }
                }
                Field::Id => {
                    if is_code(cell) {
                        3
                    } else {
                        -3
                    }
                }
                field if is_typed(field) => {
                    if fits(cell, field) {
                        2
                    } else {
                        -2
                    }
                }
                _ => 1,
            }
        };
        row.filled().map(worth).sum()
    }
}

/// Whether the values of a field are known by their look.
fn is_typed(field: &Field) -> bool {
    matches!(field, Field::Score(_) | Field::Total | Field::Rank | Field::Gender | Field::Flag(_))
}

/// Whether a cell may be a value of the field.
pub(super) fn fits(cell: &Raw, field: &Field) -> bool {
    match field {
        Field::Score(_) | Field::Total | Field::Rank => match cell {
            Raw::Number(_) | Raw::Date(_) | Raw::Uncomputed | Raw::Error(_) | Raw::Empty => true,
            Raw::Text(text) if value::is_short_number(text) => true,
            _ => {
                value::number(cell) != Numeric::Bad
                    || value::numeric_form(cell).is_some()
                    || value::noted(cell).is_some()
                    || value::is_grade(&cell.line())
                    || value::is_error(&cell.line())
            }
        },
        Field::Gender => {
            let is_sign = matches!(cell, Raw::Text(text) if text.chars().nth(1).is_none());
            is_sign || value::gender(cell).is_some() || cell.is_numeric()
        }
        Field::Flag(_) => cell.line().chars().count() <= 8,
        _ => true,
    }
}

/// Whether a cell may be somebody's name.
#[must_use]
pub fn is_name(cell: &Raw) -> bool {
    let Raw::Text(text) = cell else { return false };
    text.len() <= 4 * LONGEST_NAME
        && text.contains(fold::is_letter)
        && !text.contains(['：', '。', '；', '！', '？', '=', '%', '{', '<'])
        && !(text.contains(['年', '月', '日']) && fold::key(text).starts_with(|c: char| c.is_ascii_digit()))
}

/// Whether a cell may be an id: a number, or text without blanks between words of Chinese.
fn is_code(cell: &Raw) -> bool {
    match cell {
        Raw::Number(_) => true,
        Raw::Text(text) => {
            let bare = fold::bare(text);
            bare.len() <= 64
                && (!bare.contains(fold::is_han) || bare.contains(|c: char| c.is_ascii_digit()))
                && !bare.contains(fold::is_space)
        }
        _ => false,
    }
}

fn has(cell: &Raw, kind: Is) -> bool {
    matches!(cell, Raw::Text(text) if vocabulary::is(text, kind))
}

/// Whether a cell is the label of a statistic, or a count of people (`共28人`, `15人`).
pub(super) fn is_statistic(cell: &Raw) -> bool {
    let Raw::Text(text) = cell else { return false };
    if text.len() > 6 * LONGEST_LABEL {
        return false;
    }
    let word = fold::key(text);
    let short = word.chars().count() <= LONGEST_LABEL;
    short
        && (vocabulary::words(Is::StatisticPart).iter().any(|part| word.contains(part))
            || vocabulary::is(text, Is::StatisticWhole)
            || is_count(&word))
}

/// `28人`, `共28人`, `男生15名`.
fn is_count(word: &str) -> bool {
    let Some(rest) = word.strip_suffix(['人', '名', '位']) else { return false };
    let digits = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
    let before = rest.len() - digits.len();
    before <= 12 && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a cell is a note, a signature or a date.
pub(super) fn is_note(cell: &Raw) -> bool {
    let Raw::Text(text) = cell else { return matches!(cell, Raw::Date(_)) };
    let word = fold::key(text);
    let colon = text.contains('：') || (text.contains(':') && text.contains(|c| fold::is_han(c) || fold::is_space(c)));
    let is_date = word.starts_with(|c: char| c.is_ascii_digit()) && text.contains('年') && text.contains('月');
    colon
        || is_date
        || vocabulary::words(Is::NoteStart)
            .iter()
            .any(|start| word.starts_with(start) && (word.len() > start.len() || start.len() > 3))
        || vocabulary::words(Is::NotePart).iter().any(|part| word.contains(part))
}

impl Looker<'_> {
    /// The columns of the name.
    #[must_use]
    pub fn names(&self) -> &[usize] {
        &self.names
    }

    /// The name that stands in a row.
    fn name(&self, row: &Row) -> String {
        self.names.iter().map(|&c| row.cell(c).shown()).collect::<Vec<_>>().concat()
    }
}
