//! The door: a list's bytes to a [`Roster`].

use super::columns::{self, Assignment, is_balanceable};
use super::header::{self, Head, Header};
use super::options::{Limits, Override, Reading};
use super::table::{self, Book, Kind, Raw, Row, Table};
use super::tell::{Tell, Why};
use super::{Cell, Column, Field, Roster, RowPlace, Student, caps, cells, rows};
use crate::fault::{Fault, Faults};
use crate::words;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

/// One table with its header.
struct List {
    table: Table,
    header: Header,
    assignment: Assignment,
}

/// Reads a list from a file; its name in messages is the path's last part.
///
/// # Errors
/// All faults of the list, or one where the file cannot be read.
pub fn read_file(path: &Path, overrides: &[Override], limits: Limits) -> Result<Roster, Faults> {
    let (file, bytes) = bytes_of(path, &limits)?;
    read(&bytes, &Reading { file: &file, overrides, limits })
}

/// A list's name for messages and its bytes.
///
/// # Errors
/// One fault where the file cannot be read or is too long.
pub(crate) fn bytes_of(path: &Path, limits: &Limits) -> Result<(String, Vec<u8>), Faults> {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let shown = path.to_string_lossy();
    let fault = |error: std::io::Error| Fault::unreadable(path, &error);
    let handle = std::fs::File::open(path).map_err(fault)?;
    let length = handle.metadata().map_err(fault)?.len();
    if length > limits.file_bytes {
        return Err(caps::too_long(length, &shown, limits));
    }
    let mut bytes = Vec::new();
    // One byte more than allowed is enough to refuse a device or a growing file that told a smaller length.
    handle.take(limits.file_bytes + 1).read_to_end(&mut bytes).map_err(fault)?;
    Ok((file.into_owned(), bytes))
}

/// Reads a list.
///
/// # Errors
/// All faults of the list at once.
pub fn read(bytes: &[u8], reading: &Reading<'_>) -> Result<Roster, Faults> {
    let mut tell = Tell::new(reading.file);
    let book = table::open(bytes, reading.file, &reading.limits)?;
    tell_book(&book, &mut tell);
    let lists = choose(book.tables, reading, &mut tell);
    let (columns, students) = match lists {
        Some(lists) => build(lists, &mut tell),
        None => (Vec::new(), Vec::new()),
    };
    let notices = tell.finish()?;
    Ok(Roster { file: reading.file.to_owned(), sha256: sha256(bytes), columns, students, notices, doubts: Vec::new(), left_out: Vec::new() })
}

/// SHA-256 in hex.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}"); // writing to a String cannot fail
        hex
    })
}

fn tell_book(book: &Book, tell: &mut Tell<'_>) {
    if let Some(encoding) = book.encoding {
        let encoding = if encoding == "gb18030" { "GB18030" } else { encoding };
        tell.notice("encoding", String::new(), words!("按 {encoding} 编码读取", "read as {encoding}"));
    }
    for sheet in &book.hidden {
        tell.notice("sheet_hidden", sheet.clone(), words!("隐藏的工作表没有读取", "a hidden sheet was not read"));
    }
}

/// The tables that hold the list: the first with something to balance, and those with the same columns.
fn choose(tables: Vec<Table>, reading: &Reading<'_>, tell: &mut Tell<'_>) -> Option<Vec<List>> {
    let mut lists = Vec::new();
    for table in tables {
        match header::find(&table, reading.overrides) {
            Some(header) => {
                // Told again below for the one that is read.
                let mut trial = Tell::new(reading.file);
                let assignment = columns::assign(&header.heads, reading.overrides, &mut trial);
                let whole = !trial.refused() && table.rows.len() > header.body;
                let worth = assignment.fields.iter().filter(|f| **f != Field::Other).count();
                let holds = whole && assignment.fields.iter().any(is_balanceable);
                lists.push((holds, worth, List { table, header, assignment }));
            }
            None => skip_sheet(&table.sheet, tell),
        }
    }
    // Where none will do, the one with the most known columns shows best what is wrong.
    let best = lists
        .iter()
        .enumerate()
        .max_by_key(|(i, (holds, worth, _))| (*holds, if *holds { 0 } else { *worth }, std::cmp::Reverse(*i)));
    let Some(at) = best.map(|(i, _)| i) else {
        no_students(&[], tell);
        return None;
    };
    let (_, _, main) = lists.remove(at);
    columns::assign(&main.header.heads, reading.overrides, tell);
    let has_rows = main.table.rows.len() > main.header.body;
    if has_rows && !main.assignment.fields.iter().any(is_balanceable) && !tell.refused() {
        columns::nothing_to_balance(&main.header.heads, tell);
    }
    let mut chosen = vec![main];
    for (holds, _, list) in lists {
        if !holds {
            skip_sheet(&list.table.sheet, tell);
        } else if recognised(&list) == recognised(&chosen[0]) {
            chosen.push(list);
        } else {
            let message = words!(
                "这张工作表也是名册，但列与第一张不同，没有读取；请使各表的列一致，或另存为单独的文件",
                "this sheet holds a list as well, but its columns differ from the first one's, so it was not read; make them alike or save it as a file of its own"
            );
            tell.notice("sheet_differs", list.table.sheet, message);
        }
    }
    Some(chosen)
}

fn skip_sheet(sheet: &str, tell: &mut Tell<'_>) {
    let message = words!("这张工作表不是名册，没有读取", "this sheet holds no list and was not read");
    tell.notice("sheet_skipped", sheet.to_owned(), message);
}

fn recognised(list: &List) -> Vec<(usize, &Field)> {
    let fields = list.header.heads.iter().zip(&list.assignment.fields);
    fields.filter(|(_, field)| **field != Field::Other).map(|(head, field)| (head.index, field)).collect()
}

fn no_students(heads: &[Head], tell: &mut Tell<'_>) {
    let list = columns::header_list(heads);
    let why = Why {
        found: words!("表头下面没有学生（表头：{list}）", "no students below the header ({list})"),
        expected: words!("每个学生一行", "one row for every student"),
        action: words!("请检查是否选错了文件或工作表", "check that it is the right file and sheet"),
    };
    tell.fault("no_students", "", why);
}

/// Rows of all sheets to columns and students.
fn build(lists: Vec<List>, tell: &mut Tell<'_>) -> (Vec<Column>, Vec<Student>) {
    let several = lists.len() > 1;
    let Some(first) = lists.first() else { return (Vec::new(), Vec::new()) };
    let (mut heads, assignment, kind) = (first.header.heads.clone(), first.assignment.clone(), first.table.kind);
    let mut assignment = assignment;
    let (mut places, mut body) = (Vec::new(), Vec::new());
    for mut list in lists {
        let sheet = list.table.sheet.clone();
        drop_other_columns(&mut list, &heads, &assignment, tell);
        let students = rows::students(list.table, &list.header, &list.assignment, tell);
        places.extend(students.iter().map(|row| row.place(&sheet)));
        body.extend(students);
    }
    if body.is_empty() {
        no_students(&heads, tell);
        return (Vec::new(), Vec::new());
    }
    if kind == Kind::Sheet {
        fit_to_cells(&mut heads, &mut assignment, &body);
    }
    let raws = heads.iter().map(|head| take_column(&mut body, head.index)).collect();
    drop(body);
    let columns = cells::read_columns(&heads, &assignment, raws, kind, &places, tell);
    if !tell.refused() && !columns.iter().any(|column| is_balanceable(&column.field)) {
        columns::nothing_to_balance(&heads, tell);
    }
    let students = name_students(&columns, places, several, tell);
    (columns, students)
}

/// Blanks the carried columns of a further sheet whose headers are not the first sheet's.
fn drop_other_columns(list: &mut List, heads: &[Head], assignment: &Assignment, tell: &mut Tell<'_>) {
    for head in &list.header.heads {
        let same = heads
            .iter()
            .zip(&assignment.fields)
            .any(|(other, field)| other.index == head.index && (*field != Field::Other || other.text() == head.text()));
        let used = list.table.rows.iter().skip(list.header.body).any(|row| !row.cell(head.index).is_blank());
        if !same && used {
            let header = head.text();
            let message = words!(
                "“{header}”列在第一张工作表中没有，没有读取",
                "the column “{header}” is not in the first sheet and was not read"
            );
            tell.notice("column_differs", list.table.sheet.clone(), message);
            list.table.rows.iter_mut().skip(list.header.body).for_each(|row| drop(take(row, head.index)));
        }
    }
}

/// Takes in the cells beyond the header and leaves out columns with neither header nor cells.
fn fit_to_cells(heads: &mut Vec<Head>, assignment: &mut Assignment, body: &[Row]) {
    let mut used: Vec<bool> = heads.iter().map(|head| !head.text().is_empty()).collect();
    for (column, _) in body.iter().flat_map(Row::filled) {
        while used.len() <= column {
            heads.push(Head { index: used.len(), upper: String::new(), lower: String::new() });
            used.push(false);
        }
        used[column] = true;
    }
    assignment.fields.resize(heads.len(), Field::Other);
    assignment.named.resize(heads.len(), false);
    let mut keep = used.iter().copied();
    heads.retain(|_| keep.next().unwrap_or(true));
    let mut keep = used.iter().copied();
    assignment.fields.retain(|_| keep.next().unwrap_or(true));
    let mut keep = used.iter().copied();
    assignment.named.retain(|_| keep.next().unwrap_or(true));
}

fn take_column(body: &mut [Row], column: usize) -> Vec<Raw> {
    body.iter_mut().map(|row| take(row, column)).collect()
}

fn take(row: &mut Row, column: usize) -> Raw {
    row.cells.get_mut(column).map(std::mem::take).unwrap_or_default()
}

/// Ids, names and classes of the students; ids must be unique within a class.
fn name_students(columns: &[Column], places: Vec<RowPlace>, several: bool, tell: &mut Tell<'_>) -> Vec<Student> {
    let find = |field: Field| columns.iter().find(|column| column.field == field);
    let (id, name, class) = (find(Field::Id), find(Field::Name), find(Field::Class));
    let text =
        |column: Option<&Column>, s: usize| column.and_then(|c| c.cells[s].text()).unwrap_or_default().to_owned();
    if id.is_none() {
        let message = words!("没有学号列，以行号作为学号", "there is no id column; row numbers are taken as ids");
        tell.notice("id_row_numbers", String::new(), message);
    }
    let by_sheet = class.is_none() && several;
    if by_sheet {
        let message = words!(
            "没有班级列，以工作表名作为班级",
            "there is no class column; the sheets' names are taken as classes"
        );
        tell.notice("class_from_sheet", String::new(), message);
    }
    let student = |(s, row): (usize, RowPlace)| Student {
        id: if id.is_some() { text(id, s) } else { (s + 1).to_string() },
        name: text(name, s),
        class: if by_sheet { row.sheet.clone() } else { text(class, s) },
        row,
    };
    let students: Vec<Student> = places.into_iter().enumerate().map(student).collect();
    if let Some(id) = id {
        check_unique(id, &students, tell);
    }
    students
}

fn check_unique(column: &Column, students: &[Student], tell: &mut Tell<'_>) {
    let mut seen: HashMap<(&str, &str), &Student> = HashMap::with_capacity(students.len());
    for (student, cell) in students.iter().zip(&column.cells) {
        if *cell == Cell::Empty {
            continue; // told already
        }
        let Some(other) = seen.insert((&student.class, &student.id), student) else { continue };
        let (id, there) = (&student.id, other.row.cell(Some(column.index)));
        let why = Why {
            found: words!("学号 {id}，{there} 已有", "the id {id}, which {there} has too"),
            expected: words!("同一班内学号不重复", "ids unique within a class"),
            action: words!(
                "请改正其中一个学号，或删去重复的学生",
                "correct one of the two ids, or delete the double entry"
            ),
        };
        tell.fault("duplicate_id", &student.row.cell(Some(column.index)), why);
    }
}
