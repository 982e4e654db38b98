//! Sorts the rows below a header by what they are, each also by the rows around it.

use super::super::at_once;
use super::super::likeness::looks_like_a_name;
use super::super::list::Assignment;
use super::super::table::{Raw, Row};
use super::super::value::Numeric;
use super::super::{Field, fold, kinds, value};
use super::{Looker, What, apart, sections};

/// The rows of a list by what they are.
#[derive(Debug, Default)]
pub struct Sorted {
    /// Rows of students.
    pub students: Vec<Row>,
    /// Those of them whose name is the word of a statistic: the names and where they stand.
    pub unlikely: Vec<(String, usize)>,
    /// Where among the students a row begins a class, and the class.
    pub sections: Vec<(usize, String)>,
    /// Whether these rows may be something else.
    pub are_sections_doubtful: bool,
    /// Where among the students a row begins a kind of them (男生), and its word.
    pub kinds: Vec<(usize, String)>,
    /// All others.
    pub others: Vec<(What, Row)>,
}

/// Sorts the rows below a header. A row that only names somebody is a student's between students, and left over below the last
/// one, unless such rows are usual in the list. `titled` where a title above names the class of the first students.
/// `kind` is the one that a title names.
#[must_use]
pub fn sort(
    mut rows: Vec<Row>,
    looker: &Looker<'_>,
    assignment: &Assignment,
    titled: bool,
    kind: Option<&str>,
) -> Sorted {
    rows.retain(|row| row.filled().next().is_some());
    let mut told = at_once::each(rows.iter().collect(), rows.len(), |row| looker.what(row));
    let has_class = assignment.position(&Field::Class).is_some();
    let found =
        if has_class { sections::grades(&told, &rows, looker) } else { sections::find(&told, &rows, looker, titled) };
    for section in &found.sections {
        told[section.at] = What::Note;
    }
    settle(&mut told, &rows, looker);
    apart::tell(&mut told, &rows, looker, assignment);
    // Without an id they cannot be students of a list that has them.
    let unlikely = if looker.id.is_some() { What::Left } else { What::Unlikely };
    found.unlikely.iter().for_each(|&at| told[at] = unlikely);
    // What is above some students only says nothing of the others.
    let is_above_all = kind.is_some() || found.kinds.first().is_some_and(|&at| !told[..at].contains(&What::Student));
    let kind_of = |row: &Row| row.filled().next().and_then(|(_, cell)| kinds::named(&cell.shown()));
    for &at in &found.kinds {
        let is_told = kind_of(&rows[at]).is_some_and(|(field, _)| assignment.position(&field).is_some());
        told[at] = if is_told || is_above_all { What::Note } else { What::Left };
    }
    let mut sorted = Sorted { are_sections_doubtful: found.are_doubtful, ..Sorted::default() };
    sorted.kinds.extend(kind.map(|kind| (0, kind.to_owned())));
    let mut sections = found.sections.into_iter().peekable();
    let (mut told, mut students) = (told.into_iter().enumerate(), 0);
    rows.retain_mut(|row| {
        let Some((at, what)) = told.next() else { return false };
        if let Some(section) = sections.next_if(|section| section.at == at) {
            sorted.sections.push((students, section.class));
            return false;
        }
        if is_above_all && found.kinds.contains(&at) {
            sorted.kinds.extend(kind_of(row).map(|(_, word)| (students, word)));
        }
        if what == What::Unlikely {
            sorted.unlikely.push((looker.name(row), students));
        }
        let is_student = matches!(what, What::Student | What::Unlikely);
        if is_student {
            students += 1;
        } else {
            sorted.others.push((what, std::mem::take(row)));
        }
        is_student
    });
    sorted.students = rows;
    sorted
}

/// Whether a cell may be somebody's name as names mostly are: a family name and one or two signs, or words that begin with capitals.
fn may_be_person(cell: &Raw) -> bool {
    let text = cell.shown();
    if text.contains(fold::is_han) {
        return looks_like_a_name(&text) || text.contains('·');
    }
    let is_lower = |word: &str| word.starts_with(char::is_lowercase) && word.len() > 3;
    !text.contains(|c: char| c.is_ascii_digit()) && !text.split_whitespace().any(is_lower)
}

fn is_zero(cell: &Raw) -> bool {
    matches!(value::number(cell), Numeric::Number(x, _) if x == 0.0)
}

/// Decides what can be told only from the rows around.
fn settle(told: &mut [What], rows: &[Row], looker: &Looker<'_>) {
    let count = |wanted| told.iter().filter(|what| **what == wanted).count();
    let last = told.iter().rposition(|what| *what == What::Student).unwrap_or(0);
    // Between students they are students of whom nothing is known yet; below the last one only where they are many.
    let between = told[..last].iter().filter(|what| **what == What::Bare).count();
    let students = count(What::Student);
    let usual = students == 0 || 4 * between > students || 2 * count(What::Bare) > students;
    let has_name = |row: &Row| looker.names.iter().any(|&c| !row.cell(c).is_blank());
    // A number, and what formulas make of nothing, were there before anybody was entered.
    let is_prepared = |row: &Row| {
        let is_nothing = |cell: &Raw| matches!(cell, Raw::Error(_) | Raw::Uncomputed) || is_zero(cell);
        !has_name(row) && row.filled().all(|(column, cell)| Some(column) == looker.id || is_nothing(cell))
    };
    let entered = told.iter().zip(rows).filter(|(what, row)| **what == What::Student && !is_prepared(row));
    let (named, all) = entered.fold((0, 0), |(named, all), (_, row)| (named + usize::from(has_name(row)), all + 1));
    let is_named = named > 0 && 10 * named >= 6 * all;
    // A heading between students (历史方向, Year 9 Set 2) stands in the place of a name, and is none.
    let is_person = |row: &Row| looker.names.iter().all(|&c| row.cell(c).is_blank() || may_be_person(row.cell(c)));
    let (people, all) = told
        .iter()
        .zip(rows)
        .filter(|(what, _)| **what == What::Student)
        .fold((0, 0), |(n, all), (_, row)| (n + usize::from(is_person(row)), all + 1));
    let are_people = 10 * people >= 9 * all;
    for (at, (what, row)) in told.iter_mut().zip(rows).enumerate() {
        // A statistic stands at the end; among students it may be one of that name.
        if *what == What::Statistic && at < last && looker.may_be_student(row) {
            *what = What::Unlikely;
        }
        if *what == What::Bare {
            let is_heading = at < last && are_people && !is_person(row);
            *what = match (is_heading, looker.id) {
                (true, Some(_)) => What::Left,
                (true, None) => What::Unlikely,
                _ if at < last || usual => What::Student,
                _ => What::Left,
            };
        }
        if *what == What::Student && is_named && is_prepared(row) {
            *what = What::Prepared;
        }
    }
}
