//! The door: the bytes of a list, or of a list in several files, to a [`Roster`].

mod files;

use super::columns::{self, choose_id};
use super::header::Head;
use super::layout::{self, names_students};
use super::list::{List, Whole};
use super::options::{Limits, Override, Reading};
use super::repeats::repeats;
use super::table::{self, Book, Kind, Raw, bytes_of};
use super::tell::{self, Tell, Told};
use super::unify;
use super::why::Why;
use super::{Cell, Column, Field, Holds, Roster, RowPlace, Student, cells, long, people, teachers, unused, value};
use crate::fault::Faults;
use crate::words;
use crate::words::{Words, by_count, quoted};
pub use files::{adds, read_files, read_joined};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;

/// Reads a list from a file; its name in messages is the path's last part.
///
/// # Errors
/// All faults of the list, or one where the file cannot be read.
pub fn read_file(path: &Path, overrides: &[Override], limits: Limits) -> Result<Roster, Faults> {
    let (file, bytes) = bytes_of(path, &limits)?;
    read(&bytes, &Reading { file: &file, overrides, limits })
}

/// Reads a list.
///
/// # Errors
/// All faults of the list at once.
pub fn read(bytes: &[u8], reading: &Reading<'_>) -> Result<Roster, Faults> {
    let mut tell = Tell::new(reading.file);
    let lists = lists(bytes, reading, &mut tell)?;
    roster(reading, sha256(bytes), lists, tell)
}

/// The lists of a file, every sheet read in the way that explains most of it.
fn lists(bytes: &[u8], reading: &Reading<'_>, tell: &mut Tell<'_>) -> Result<Vec<List>, Faults> {
    let book = table::open(bytes, reading.file, &reading.limits)?;
    tell_book(&book, tell);
    let (mut lists, mut skipped) = (Vec::new(), Vec::new());
    for table in book.tables {
        let sheet = table.sheet.clone();
        let mut told = Tell::new(reading.file);
        let found = layout::lists(table, reading.overrides, &mut told);
        if told.refused() || found.iter().any(List::is_some) {
            tell.take(told);
            lists.extend(found);
        } else {
            lists.extend(found);
            skipped.push(sheet);
        }
        if lists.len() > layout::MOST_LISTS {
            layout::refuse_many("", tell);
            return Ok(Vec::new());
        }
    }
    // Where no sheet holds a list, the nearest to one is read and nothing is passed over.
    if lists.iter().any(List::is_some) {
        for sheet in &skipped {
            skip_sheet(sheet, tell);
        }
    }
    lists.iter_mut().for_each(people::join_names);
    // Where some lists name students, figures about classes and lists of teachers are none.
    if lists.len() > 1 && lists.iter().any(|list| list.is_some() && names_students(list)) {
        lists.retain(|list| {
            list.is_some() && names_students(list) || {
                if list.is_some() {
                    skip_sheet(&list.sheet, tell);
                }
                false
            }
        });
    }
    Ok(lists)
}

fn roster(reading: &Reading<'_>, sha256: String, lists: Vec<List>, mut tell: Tell<'_>) -> Result<Roster, Faults> {
    columns::check_named(&lists, reading.overrides, &mut tell);
    let mut of_teachers = tell.part();
    teachers::ask(&lists, &mut of_teachers);
    if of_teachers.refused() {
        tell.take(of_teachers);
        tell.close(reading.overrides)?;
        return Ok(Roster::default());
    }
    let read = build(lists, reading.overrides, &mut tell);
    tell.take(of_teachers);
    let Told { notices, doubts, left_out, strangers } = tell.close(reading.overrides)?;
    Ok(Roster { file: reading.file.to_owned(), sha256, notices, doubts, left_out, strangers, ..read })
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

fn skip_sheet(sheet: &str, tell: &mut Tell<'_>) {
    let message = words!("这张工作表不是名册，没有读取", "this sheet holds no list and was not read");
    tell.notice("sheet_skipped", sheet.to_owned(), message);
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

/// Lists to columns and students, and what their titles say.
fn build(lists: Vec<List>, overrides: &[Override], tell: &mut Tell<'_>) -> Roster {
    let kind = lists.first().map_or(Kind::Text, |list| list.kind);
    let heads = lists.iter().max_by_key(|list| list.known()).map(|list| list.heads.clone()).unwrap_or_default();
    tell_hidden_columns(&lists, tell);
    let whole = unify::together(lists, tell).filter(|whole| !whole.lines.is_empty());
    let Some(mut whole) = whole else {
        if !tell.refused() {
            no_students(&heads, tell);
        }
        return Roster::default();
    };
    people::find_class(&mut whole, tell);
    people::join_grades(&mut whole, tell);
    let Some(mut whole) = long::widen(whole, tell) else { return Roster::default() };
    people::years_are_no_classes(&mut whole, tell);
    people::number_anew(&mut whole, tell);
    people::settle(&mut whole, overrides, tell);
    if whole.lines.is_empty() {
        no_students(&whole.heads, tell);
        return Roster::default();
    }
    let lines = &whole.lines;
    let is_whole = |c: usize| {
        let at = whole.heads[c].index;
        let is_sound = |cell: &Raw| !cell.is_blank() && !value::has_lost_digits(cell);
        lines.iter().all(|line| line.cells.get(at).is_some_and(is_sound))
    };
    let mut assignment = std::mem::take(&mut whole.assignment);
    choose_id(&whole.heads, &mut assignment, is_whole, tell);
    whole.assignment = assignment;
    if kind == Kind::Sheet {
        fit_to_cells(&mut whole);
    }
    columns_and_students(whole, kind, tell)
}

fn columns_and_students(whole: Whole, kind: Kind, tell: &mut Tell<'_>) -> Roster {
    let Whole { heads, assignment, lines, classes, by_sheet, titled, grade } = whole;
    let titled = titled.filter(|_| assignment.position(&Field::Class).is_none());
    let numbers: Vec<usize> = lines.iter().map(|line| line.number).collect();
    let (places, rows): (Vec<RowPlace>, Vec<Vec<Raw>>) = lines.into_iter().map(|line| (line.place, line.cells)).unzip();
    let mut columns = cells::read_columns(&heads, &assignment, &rows, kind, &places, tell);
    let students = name_students(&columns, (places, &numbers), &classes, by_sheet, tell);
    unused::find_names(&mut columns, &students);
    unused::tell_unused(&columns, &assignment.known, &students, tell);
    let has_tiers = columns.iter().any(|column| matches!(column.field, Field::Total | Field::Rank));
    if !tell.refused() && !has_tiers && !columns.iter().any(|column| column.field.is_balanceable()) {
        let was_void = assignment.fields.iter().any(Field::is_balanceable);
        let has_kinds =
            columns.iter().zip(&assignment.known).any(|(column, known)| column.holds == Holds::Kinds && !known);
        let names = columns.iter().any(|column| matches!(column.field, Field::Name | Field::Id));
        if !tell.doubts() {
            nothing_to_balance(&heads, names && !was_void, has_kinds, tell);
        }
    }
    Roster { columns, students, titled, grade, ..Roster::default() }
}

/// A list of names alone is divided at random, which is told; where something might have been balanced it is asked about.
fn nothing_to_balance(heads: &[Head], names_only: bool, has_kinds: bool, tell: &mut Tell<'_>) {
    if !names_only {
        return columns::nothing_to_balance(heads, tell);
    }
    let message = words!(
        "名册里没有可以均衡的内容：将随机分成人数相等的小组",
        "the list holds nothing to balance: equal groups will be drawn at random"
    );
    if has_kinds {
        tell.doubt("nothing_to_balance", String::new(), message, words!("就随机分组", "draw them at random"));
    } else {
        tell.notice("nothing_to_balance", String::new(), message);
    }
}

fn tell_hidden_columns(lists: &[List], tell: &mut Tell<'_>) {
    for list in lists {
        let hidden: Vec<String> = (list.heads.iter())
            .filter(|head| list.hidden_columns.contains(&head.index) && !head.levels.is_empty())
            .map(Head::text)
            .collect();
        if !hidden.is_empty() {
            let columns = by_count(hidden.len(), "a hidden column was", "hidden columns were");
            let Words { zh, en } = quoted(&hidden, hidden.len());
            let message = words!("隐藏的列也读取了：{zh}", "{columns} read as well: {en}");
            tell.notice("columns_hidden", list.sheet.clone(), message);
        }
    }
}

/// Takes in the cells beyond the header and leaves out columns with neither header nor cells.
fn fit_to_cells(whole: &mut Whole) {
    let width = whole.lines.iter().map(|line| line.cells.len()).max().unwrap_or(0);
    let mut used = vec![false; width];
    for (column, _) in
        whole.lines.iter().flat_map(|line| line.cells.iter().enumerate()).filter(|(_, cell)| !cell.is_blank())
    {
        used[column] = true;
    }
    for index in (0..width).filter(|&c| used[c]) {
        if !whole.heads.iter().any(|head| head.index == index) {
            whole.heads.push(Head { index, levels: Vec::new() });
            whole.assignment.push_unknown();
        }
    }
    let keep: Vec<bool> = (whole.heads.iter())
        .map(|head| !head.levels.is_empty() || used.get(head.index).copied().unwrap_or(false))
        .collect();
    whole.assignment.retain(&keep);
    let mut kept = keep.into_iter();
    whole.heads.retain(|_| kept.next().unwrap_or(true));
}

/// Ids, names and classes of the students; ids must be unique within a class.
fn name_students(
    columns: &[Column],
    (places, numbers): (Vec<RowPlace>, &[usize]),
    classes: &[String],
    by_sheet: bool,
    tell: &mut Tell<'_>,
) -> Vec<Student> {
    let find = |field: Field| columns.iter().find(|column| column.field == field);
    let (id, name, class) = (find(Field::Id), find(Field::Name), find(Field::Class));
    let text =
        |column: Option<&Column>, s: usize| column.and_then(|c| c.cells[s].text()).unwrap_or_default().to_owned();
    if id.is_none() {
        let message = words!("没有学号列，以行号作为学号", "there is no id column; row numbers are taken as ids");
        tell.notice("id_row_numbers", String::new(), message);
    }
    let told = class.is_none() && classes.iter().any(|class| !class.is_empty());
    if told && by_sheet {
        let message = words!(
            "没有班级列，以工作表名作为班级",
            "there is no class column; the sheets' names are taken as classes"
        );
        tell.notice("class_from_sheet", String::new(), message);
    } else if told {
        let message =
            words!("没有班级列，以标题中的班级为准", "there is no class column; the titles' classes are taken");
        tell.notice("class_from_title", String::new(), message);
        let untold: Vec<&RowPlace> =
            places.iter().zip(classes).filter(|(_, c)| c.is_empty()).map(|(at, _)| at).collect();
        if !untold.is_empty() {
            let n = untold.len();
            let (stand, are) = (by_count(n, "student stands", "students stand"), by_count(n, "is", "are"));
            let message = words!(
                "有 {n} 人上方没有写班级的标题，按没有班级处理",
                "{n} {stand} below no title with a class and {are} taken as of no class"
            );
            tell.doubt("class_untold", tell::places(&untold, None), message, words!("没有错", "that is right"));
        }
    }
    let student = |(s, row): (usize, RowPlace)| Student {
        id: if id.is_some() { text(id, s) } else { numbers[s].to_string() },
        name: text(name, s),
        class: if class.is_none() { classes[s].clone() } else { text(class, s) },
        row,
    };
    let students: Vec<Student> = places.into_iter().enumerate().map(student).collect();
    if let Some(id) = id {
        check_unique(id, &students, tell);
    }
    students
}

fn check_unique(column: &Column, students: &[Student], tell: &mut Tell<'_>) {
    // The case of an e-mail address tells nobody apart.
    let plain = |id| if str::contains(id, '@') { Cow::Owned(id.to_lowercase()) } else { Cow::Borrowed(id) };
    // Who has no id is told already.
    let is_there = |s: &usize| column.cells[*s] != Cell::Empty;
    let key = |s| Some(s).filter(is_there).map(|s: usize| (&*students[s].class, plain(&*students[s].id)));
    let twice = repeats(students.len(), key);
    let twice: Vec<(&Student, &Student)> = twice.iter().map(|&(other, s)| (&students[s], &students[other])).collect();
    let Some((first, other)) = twice.first() else { return };
    let (id, there, n) = (&first.id, other.row.cell(Some(column.index)), twice.len());
    let found = if n == 1 {
        words!("学号 {id}，{there} 已有", "the id {id}, which {there} has too")
    } else {
        let ids = twice.iter().take(8).map(|(student, _)| student.id.as_str()).collect::<Vec<_>>().join(", ");
        words!(
            "{n} 处重复的学号：{ids}；第一处在 {there} 已有",
            "{n} ids that others have too: {ids}; the first stands at {there} as well"
        )
    };
    let why = Why {
        found,
        expected: words!("同一班内学号不重复", "ids unique within a class"),
        action: words!(
            "请改正其中一个学号，或删去重复的学生",
            "correct one of the two ids, or delete the double entry"
        ),
    };
    tell.fault("duplicate_id", &first.row.cell(Some(column.index)), why);
}
