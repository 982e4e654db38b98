//! Takes what a teacher typed out of a register: boxes are known by their headers and labels in either language, wherever rows
//! and columns went; what stands anywhere else is named.

use super::labels;
use super::log_sheet::{IN_A_ROW, MONTHS, PARTS, month_label};
use super::member_sheet::{box_of, is_told};
use super::texts::{Entry, Filled, GroupBox, GroupTexts, StudentBox, StudentTexts, Typed};
use crate::roster::Limits;
use crate::roster::table::{self, Raw, Row, Table};

/// Reads a register; none where the file is none. `file` is its path below the output folder.
pub(in crate::school) fn read(file: &str, bytes: &[u8]) -> Option<Filled> {
    let book = table::open(bytes, file, &Limits::default()).ok()?;
    let mut filled = Filled { file: file.to_owned(), elsewhere: book.hidden, ..Filled::default() };
    filled.elsewhere.extend(table::comments(bytes));
    let mut known = false;
    let (overviews, others): (Vec<_>, Vec<_>) = book.tables.iter().partition(|table| is_overview(table));
    for table in overviews {
        known = true;
        overview(table, &mut filled);
    }
    let (members, others): (Vec<_>, Vec<_>) = others.into_iter().partition(|table| header(table).is_some());
    for table in members {
        known = true;
        filled.groups.extend(group(table, &mut filled.elsewhere));
    }
    for table in others {
        let own = filled.groups.iter().position(|group| group.title == title(table));
        match own.and_then(|own| filled.groups.get_mut(own)).filter(|_| is_log(table)) {
            Some(group) => log(table, group, &mut filled.elsewhere),
            None => table.rows.iter().for_each(|row| rest(table, row, |_| true, &mut filled.elsewhere)),
        }
    }
    // A formula that no program has computed is no text; it is named.
    let uncomputed = book.tables.iter().flat_map(|table| {
        let cells = table.rows.iter().flat_map(move |row| row.cells.iter().enumerate().map(move |cell| (row, cell)));
        let formulas = cells.filter(|(_, (_, cell))| **cell == Raw::Uncomputed);
        formulas.map(move |(row, (column, _))| row.place(&table.sheet).cell(Some(column)))
    });
    let uncomputed: Vec<String> = uncomputed.filter(|place| !filled.elsewhere.contains(place)).collect();
    filled.elsewhere.extend(uncomputed);
    known.then_some(filled)
}

/// The text of the first cell.
fn title(table: &Table) -> String {
    table.rows.first().filter(|row| row.number == 1).map(|row| row.cell(0).shown()).unwrap_or_default()
}

fn is_overview(table: &Table) -> bool {
    labels::is(labels::REGISTER, &title(table))
}

fn is_log(table: &Table) -> bool {
    table.rows.iter().any(|row| labels::is(labels::WEEK, &row.cell(0).shown()))
}

fn entry(cell: &Raw) -> Option<Entry> {
    match cell {
        Raw::Empty | Raw::Uncomputed => None,
        Raw::Text(text) => Some(Entry::Text(text.to_string())),
        Raw::Error(text) => Some(Entry::Text(text.to_string())),
        Raw::Number(number) => Some(Entry::Number(*number)),
        Raw::Bool(yes) => Some(Entry::Flag(*yes)),
        Raw::Date(text) => Some(Entry::Date(text.to_string())),
    }
}

fn typed<B>(table: &Table, row: &Row, column: usize, what: B) -> Option<Typed<B>> {
    let entry = entry(row.cell(column))?;
    Some(Typed { what, entry, place: row.place(&table.sheet).cell(Some(column)) })
}

/// Names the filled cells of a row whose column is not known.
fn rest(table: &Table, row: &Row, unknown: impl Fn(usize) -> bool, elsewhere: &mut Vec<String>) {
    let places = row.filled().filter(|(column, _)| unknown(*column));
    elsewhere.extend(places.map(|(column, _)| row.place(&table.sheet).cell(Some(column))));
}

/// Nothing is to be typed there; what is typed all the same stands beside or below.
fn overview(table: &Table, filled: &mut Filled) {
    let mut ended = false;
    for row in &table.rows {
        rest(table, row, |column| ended || column >= 3, &mut filled.elsewhere);
        ended |= labels::is(labels::DUE, &row.cell(0).shown());
    }
}

/// The index of the header of a members' sheet.
fn header(table: &Table) -> Option<usize> {
    let names = |row: &Row, label| row.filled().any(|(_, cell)| labels::is(label, &cell.shown()));
    table.rows.iter().position(|row| names(row, labels::ID) && names(row, labels::NAME))
}

/// The members of a group with their boxes.
fn group(table: &Table, elsewhere: &mut Vec<String>) -> Option<GroupTexts> {
    let at = header(table)?;
    let (before, below) = table.rows.split_at(at);
    let (head, rows) = below.split_first()?;
    for row in before {
        rest(table, row, |column| row.number > 1 || column > 0, elsewhere);
    }
    let named = |label| head.filled().find(|(_, cell)| labels::is(label, &cell.shown())).map(|(column, _)| column);
    let (id, name) = (named(labels::ID)?, named(labels::NAME)?);
    let boxes: Vec<(usize, StudentBox)> =
        head.filled().filter_map(|(column, cell)| Some((column, box_of(&cell.shown())?))).collect();
    let told = |column: usize| is_told(&head.cell(column).shown()) || boxes.iter().any(|(of, _)| *of == column);
    let mut group = GroupTexts { title: title(table), ..GroupTexts::default() };
    rest(table, head, |column| !told(column), elsewhere);
    let fixed: Vec<(usize, String)> = head
        .filled()
        .filter(|(column, cell)| *column != id && *column != name && is_told(&cell.shown()))
        .map(|(column, cell)| (column, cell.shown()))
        .collect();
    let is_named = rows.iter().any(|row| !row.cell(id).is_blank() && !row.cell(name).is_blank());
    for row in rows {
        let (id, name) = (row.cell(id).shown(), row.cell(name).shown());
        // A text below the list names nobody.
        if (id.is_empty() && name.is_empty()) || (is_named && row.filled().count() == 1) {
            rest(table, row, |_| true, elsewhere);
            continue;
        }
        let fact = |(column, header): &(usize, String)| {
            (header.clone(), row.cell(*column).shown(), row.place(&table.sheet).cell(Some(*column)))
        };
        let facts = fixed.iter().map(fact).collect();
        rest(table, row, |column| !told(column), elsewhere);
        let typed = boxes.iter().filter_map(|(column, what)| typed(table, row, *column, *what)).collect();
        group.students.push(StudentTexts { id, name, told: facts, typed });
    }
    Some(group)
}

/// Where in a log a row stands.
enum Section {
    Nowhere,
    Plan,
    /// Column and number of each week or visit.
    Contacts(Vec<(usize, u32)>),
    Visits(Vec<(usize, u32)>),
    Activities,
}

fn log(table: &Table, group: &mut GroupTexts, elsewhere: &mut Vec<String>) {
    let mut section = Section::Nowhere;
    for row in &table.rows {
        let first = row.cell(0).shown();
        if let Some(begun) = begins(&first, row) {
            section = begun;
            continue;
        }
        match &section {
            Section::Plan => {
                group.typed.extend(typed(table, row, 0, GroupBox::WorkPlan));
                rest(table, row, |column| column > 0, elsewhere);
                section = Section::Nowhere;
            }
            Section::Contacts(weeks) => {
                let boxes = weeks.iter().map(|(column, week)| (*column, u16::try_from(*week).unwrap_or(u16::MAX)));
                let boxes = boxes.map(|(column, week)| (column, StudentBox::Contact(week))).collect();
                of_student(table, row, (&first, boxes), group, elsewhere);
            }
            Section::Visits(places) => {
                let (name, line) = visit_line(&first);
                let boxes = places.iter().map(|(column, place)| (*column, StudentBox::Visit(line * IN_A_ROW + place)));
                of_student(table, row, (name, boxes.collect()), group, elsewhere);
            }
            Section::Activities => activity(table, row, &first, group, elsewhere),
            Section::Nowhere => rest(table, row, |column| row.number > 1 || column > 0, elsewhere),
        }
    }
}

/// The section that begins with a row of ours.
fn begins(first: &str, row: &Row) -> Option<Section> {
    let numbers = || row.filled().filter_map(|(column, cell)| Some((column, cell.shown().parse().ok()?))).collect();
    let is = |label| labels::is(label, first);
    Some(if is(labels::WORK_PLAN) {
        Section::Plan
    } else if is(labels::WEEK) {
        Section::Contacts(numbers())
    } else if is(labels::NAME) {
        Section::Visits(numbers())
    } else if is(labels::MONTH) {
        Section::Activities
    } else if is(labels::CONTACTS) || is(labels::VISITS) || is(labels::ACTIVITIES) {
        Section::Nowhere
    } else {
        return None;
    })
}

/// The boxes of a student whose name stands in the first cell.
fn of_student(
    table: &Table,
    row: &Row,
    (name, boxes): (&str, Vec<(usize, StudentBox)>),
    group: &mut GroupTexts,
    elsewhere: &mut Vec<String>,
) {
    match group.students.iter_mut().find(|student| student.name == name) {
        Some(student) => {
            rest(table, row, |column| column > 0 && boxes.iter().all(|(of, _)| *of != column), elsewhere);
            student.typed.extend(boxes.iter().filter_map(|(column, what)| typed(table, row, *column, *what)));
        }
        None => rest(table, row, |_| true, elsewhere),
    }
}

/// The name before `6–10`, and which row of the student's it is.
fn visit_line(label: &str) -> (&str, u32) {
    let line = label.rsplit_once(' ').and_then(|(name, range)| {
        let (first, _) = range.split_once('–')?;
        Some((name, first.parse::<u32>().ok()?.checked_sub(1)? / IN_A_ROW))
    });
    line.unwrap_or((label, 0))
}

fn activity(table: &Table, row: &Row, label: &str, group: &mut GroupTexts, elsewhere: &mut Vec<String>) {
    let month = (1..=MONTHS).find(|month| {
        let words = month_label(*month);
        label == words.zh || label == words.en
    });
    let Some(month) = month else { return rest(table, row, |_| true, elsewhere) };
    let parts = PARTS.iter().map(|column| usize::from(*column));
    rest(table, row, |column| column > 0 && parts.clone().all(|part| part != column), elsewhere);
    for (part, column) in parts.clone().enumerate() {
        group.typed.extend(typed(table, row, column, GroupBox::Activity(month, part)));
    }
}
