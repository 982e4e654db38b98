//! Where the lists of a table stand: below titles, side by side, one below the other, across, or without a header.
//!
//! Several readings are tried, each on the whole of what a table shows at first: every row that may be the header, the table
//! turned by its diagonal, no header at all. Each is charged with what it leaves unexplained and credited with cells that look as
//! their column says (after the line classification of Pytheas, Christodoulakis et al. 2020, and the consistency of `CleverCSV`,
//! van den Burg et al. 2019). The best one is taken; where another is nearly as good it is asked about.

mod blocks;
mod headless;
mod titles;

use super::header::{self, Head, Header};
use super::list::{Line, List};
use super::options::Override;
use super::rows::{self, Looker, What};
use super::staff::{are_of_teachers, are_wishes};
use super::table::{Kind, Raw, Row, Table};
use super::tell::Tell;
use super::why::Why;
use super::{Field, class_name, fill, people, place, skipped, teachers};
use crate::words;
use blocks::Block;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// How many rows of each block are looked at to choose a reading.
const LOOKED_AT: usize = 120;
/// A list that runs across has at most so many fields.
const MOST_ACROSS: usize = 60;
/// And so many rows, blank ones included: the turned table has a column for each.
const HIGHEST_ACROSS: usize = 240;
/// Lists beside one another take room for the columns left of them; this many cells are more than any honest sheet needs.
const MOST_ROOM: usize = 4_000_000;
/// More lists than any school has classes.
pub const MOST_LISTS: usize = 4_000;

/// A reading of a table.
struct Way {
    /// The table turned by its diagonal, where it is read so.
    turned: Option<Table>,
    blocks: Vec<Block>,
    is_headless: bool,
}

impl Way {
    fn table<'a>(&'a self, table: &'a Table) -> &'a Table {
        self.turned.as_ref().unwrap_or(table)
    }
}

/// The lists of a table, read in the way that leaves least unexplained; none where no row of it is a student's.
pub fn lists(table: Table, overrides: &[Override], tell: &mut Tell<'_>) -> Vec<List> {
    let ways = ways(&table, overrides);
    let room = |way: &Way| way.blocks.iter().map(Block::room).sum::<usize>();
    if ways.iter().any(|way| way.blocks.len() > MOST_LISTS || room(way) > MOST_ROOM) {
        refuse_many(&table.sheet, tell);
        return Vec::new();
    }
    let mut ways: Vec<(i64, Way)> =
        ways.into_iter().map(|way| (worth(way.table(&table), &way.blocks, overrides), way)).collect();
    ways.sort_by_key(|(worth, way)| (std::cmp::Reverse(*worth), way.turned.is_some()));
    let mut ways = ways.into_iter();
    let Some((worth, best)) = ways.next() else { return Vec::new() };
    let rival = ways.find(|(_, way)| way.turned.is_some() != best.turned.is_some() && !way.is_headless);
    if rival.is_some_and(|(other, _)| worth > 0 && 10 * other >= 9 * worth) {
        tell_near(&table.sheet, best.turned.is_some(), tell);
    }
    let is_headless = best.is_headless;
    let across = best.turned.is_some();
    let sheet = table.sheet.clone();
    let lists = take(best.turned.unwrap_or(table), best.blocks, across, overrides, tell);
    if across && lists.iter().any(|list| !list.lines.is_empty()) {
        let message = words!("这张表每列一名学生，按列读取", "every column of this sheet is a student; it was read so");
        tell.notice("read_across", sheet, message);
    } else if is_headless && let Some(list) = lists.first().filter(|list| !list.lines.is_empty()) {
        headless::ask(list, tell);
    }
    lists
}

/// Refuses a file, or a sheet of it, for its many lists.
pub fn refuse_many(sheet: &str, tell: &mut Tell<'_>) {
    let why = Why {
        found: words!("名单太多", "too many lists"),
        expected: words!(
            "至多 {MOST_LISTS} 份名单，并排的只有少数几份",
            "at most {MOST_LISTS} lists, only a few of them beside one another"
        ),
        action: words!("请拆成几个文件", "put them into several files"),
    };
    tell.fault("too_many_lists", sheet, why);
}

fn tell_near(sheet: &str, across: bool, tell: &mut Tell<'_>) {
    let (zh, en) =
        if across { ("每列一名学生", "a student a column") } else { ("每行一名学生", "a student a row") };
    let message = words!(
        "看不准这张表是每行还是每列一名学生，按{zh}读取",
        "it is not certain whether a row or a column of this sheet is a student; read as {en}"
    );
    tell.doubt("layout", sheet.to_owned(), message, words!("读得对", "that is right"));
}

/// The readings that are tried.
fn ways(table: &Table, overrides: &[Override]) -> Vec<Way> {
    let down = |header: Header| Way { turned: None, blocks: blocks::of(table, header, overrides), is_headless: false };
    let headers = header::candidates(table, overrides);
    let known =
        headers.iter().any(|header| header.heads.iter().any(|head| super::heading::header(&head.levels).is_some()));
    let mut ways: Vec<Way> = headers.into_iter().map(down).collect();
    if table.kind == Kind::Json {
        return ways;
    }
    if !known
        && overrides.iter().all(|said| said.column().is_none())
        && let Some(block) = headless::block(table)
    {
        // A first row that is data as all others are is no header.
        if block.fields.iter().flatten().any(|field| *field != Field::Other) {
            ways.clear();
        }
        ways.push(Way { turned: None, blocks: vec![block], is_headless: true });
    }
    if may_run_across(table) {
        let turned = turn(table);
        if let Some(header) = header::candidates(&turned, overrides).into_iter().next() {
            let blocks = vec![Block::whole(&turned, header)];
            ways.push(Way { turned: Some(turned), blocks, is_headless: false });
        }
    }
    ways
}

/// Whether headers stand below one another at the left: a table of few rows whose first cells are known words.
fn may_run_across(table: &Table) -> bool {
    let (Some(top), Some(bottom)) = (table.rows.first(), table.rows.last()) else { return false };
    if table.rows.len() > MOST_ACROSS || table.rows.len() < 2 || bottom.number - top.number >= HIGHEST_ACROSS {
        return false;
    }
    let first = table.rows.iter().filter_map(|row| row.filled().next());
    let known = first.filter(|(column, cell)| *column <= 1 && super::heading::word(&cell.shown()).is_some()).count();
    known >= 2
}

/// The table turned by its diagonal.
fn turn(table: &Table) -> Table {
    let width = table.rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let height = table.rows.last().map_or(0, |row| row.number);
    let first = table.rows.first().map_or(1, |row| row.number);
    let mut rows: Vec<Row> = (0..width)
        .map(|column| Row { number: column + 1, cells: vec![Raw::Empty; height + 1 - first], ..Row::default() })
        .collect();
    for row in &table.rows {
        for (column, cell) in row.filled() {
            rows[column].cells[row.number - first] = cell.clone();
        }
    }
    rows.retain(|row| row.filled().next().is_some());
    Table { sheet: table.sheet.clone(), kind: table.kind, rows, merges: Vec::new(), hidden_columns: Vec::new() }
}

/// What a reading explains less what it does not.
fn worth(table: &Table, blocks: &[Block], overrides: &[Override]) -> i64 {
    let mut worth = 0;
    for block in blocks {
        let rows: Vec<Row> = table.rows[block.body.clone()].iter().take(LOOKED_AT).map(|row| block.part(row)).collect();
        let assignment = block.assign(&rows, overrides, &mut Tell::new(""));
        let looker = Looker::new(&block.heads, &assignment).learned(rows.iter());
        worth += rows
            .iter()
            .map(|row| match looker.what(row) {
                What::Student | What::Unlikely => looker.fit(row, &assignment),
                What::Bare => 1,
                What::Left => -unit(row),
                _ => 0,
            })
            .sum::<i64>();
        // A title is short; rows of several cells above a header are data that it leaves out.
        worth -=
            table.rows[block.titles.clone()].iter().map(|row| if unit(row) > 2 { unit(row) } else { 0 }).sum::<i64>();
    }
    worth
}

fn unit(row: &Row) -> i64 {
    i64::try_from(row.filled().count()).unwrap_or(i64::MAX)
}

/// The lists of the blocks, students told from other rows.
fn take(table: Table, blocks: Vec<Block>, across: bool, overrides: &[Override], tell: &mut Tell<'_>) -> Vec<List> {
    let Table { sheet, kind, mut rows, merges, hidden_columns } = table;
    let alone = blocks.len() == 1;
    let wider = |widest: &mut usize, row: &Row| {
        *widest = row.cells.len().max(*widest);
        Some(*widest)
    };
    let widths: Vec<usize> = rows.iter().scan(0, wider).collect();
    let mut lists = Vec::new();
    let mut doubtful = Vec::new();
    for block in blocks {
        // Without a header the first row tells how many cells a row has.
        let above = if block.fields.is_some() { block.body.start + 1 } else { block.body.start };
        let width = above.checked_sub(1).map_or(0, |last| widths[last]);
        skipped::tell_titles(&sheet, &rows[block.titles.clone()], tell);
        block.tell_aside(&sheet, tell);
        let body: Vec<Row> = if alone && block.is_whole() {
            rows.truncate(block.body.end);
            // The few rows above are taken out, so that the many below stay where they are in memory.
            let above: Vec<Row> = rows.drain(..block.body.start).collect();
            std::mem::replace(&mut rows, above)
        } else {
            rows[block.body.clone()].iter().map(|row| block.part(row)).collect()
        };
        let assignment = block.assign(&body, overrides, tell);
        let has_class = assignment.position(&Field::Class).is_some();
        let grade_of = |text: &str| class_name::grade_told(text);
        // A grade beside a column of classes is no class.
        doubtful
            .extend(block.class.clone().filter(|class| block.is_doubtful && !(has_class && grade_of(class).is_some())));
        let looker = Looker::new(&block.heads, &assignment).learned(body.iter().take(LOOKED_AT));
        let sorted = rows::sort(
            body,
            &looker,
            &assignment,
            block.class.is_some() || block.title.is_some(),
            block.kind.as_deref(),
        );
        skipped::tell_others(&sheet, &sorted.others, looker.names(), tell);
        skipped::ask_unlikely(&sheet, &sorted, overrides, tell);
        if sorted.are_sections_doubtful {
            let classes: Vec<&str> = sorted.sections.iter().map(|(_, class)| class.as_str()).collect();
            skipped::ask_classes(&sheet, &classes, tell);
        }
        let mut students = sorted.students;
        if alone {
            let others: Vec<usize> = sorted.others.iter().map(|(_, row)| row.number).collect();
            fill::tell_blank(&sheet, &students, &others, tell);
        }
        if kind == Kind::Text && !across {
            let left = sorted.others.iter().filter(|(what, _)| *what == What::Left).map(|(_, row)| row);
            let fit = |row: &Row| looker.fits_all(row, &students);
            fill::check_widths(students.iter().chain(left), width, &block.heads, &assignment, fit, tell);
        }
        fill::fill(&sheet, &mut students, &block.heads, &assignment, &merges, tell);
        let told = sections(&rows[block.titles.clone()], &sorted.others);
        let section = |row: &Row| told.iter().rev().find(|(from, _)| *from < row.number).and_then(|(_, s)| s.clone());
        let lines = students.into_iter().map(|row| Line { section: section(&row), ..line(row, &sheet, across) });
        let mut lines: Vec<Line> = lines.collect();
        for (start, kind) in &sorted.kinds {
            let kind: Arc<str> = kind.as_str().into();
            lines[*start..].iter_mut().for_each(|line| line.kind = Some(Arc::clone(&kind)));
        }
        let titled = rows[block.titles.clone()].iter().rev().find_map(titles::class_in).filter(|_| alone);
        let list = |class: Option<String>, lines: Vec<Line>| List {
            sheet: sheet.clone(),
            kind,
            grade: class.as_deref().and_then(grade_of).or_else(|| block.grade.clone()).or_else(|| grade_of(&sheet)),
            class,
            titled: titled.clone(),
            heads: block.heads.clone(),
            assignment: assignment.clone(),
            lines,
            hidden_columns: hidden_columns.clone(),
        };
        let first =
            if sorted.sections.is_empty() { block.class.clone() } else { block.class.clone().or(block.title.clone()) };
        let of_sections: Vec<List> = (sorted.sections.into_iter().rev())
            .map(|(start, class)| list(Some(class), lines.split_off(start)))
            .collect();
        if !lines.is_empty() || of_sections.is_empty() {
            lists.push(list(first, lines));
        }
        lists.extend(of_sections.into_iter().rev());
    }
    skipped::ask_classes(&sheet, &doubtful.iter().map(String::as_str).collect::<Vec<_>>(), tell);
    lists
}

fn line(row: Row, sheet: &str, across: bool) -> Line {
    let mut at = row.place(sheet);
    if across {
        // Row and column of the sheet have changed places.
        let column = row.number - 1;
        let cell = |c: usize| place::CellPlace { sheet: sheet.to_owned(), row: c + 1, line: None, column };
        let cells: BTreeMap<usize, place::CellPlace> = (0..row.cells.len()).map(|c| (c, cell(c))).collect();
        at.cells = place::Cells::Apart(Arc::new(cells));
        at.row = row.number;
    }
    Line { cells: row.cells, place: at, number: 0, hidden: row.hidden, struck: row.struck, section: None, kind: None }
}

/// Rows by which people who have left begin, or such people end: titles and notes of one cell, with what they say of those below.
fn sections(titles: &[Row], others: &[(What, Row)]) -> Vec<(usize, Option<Arc<str>>)> {
    let notes = others.iter().filter(|(what, _)| matches!(what, What::Note | What::Left)).map(|(_, row)| row);
    let cells = titles.iter().chain(notes).filter_map(|row| {
        let mut filled = row.filled();
        filled.next().filter(|_| filled.next().is_none()).map(|(_, cell)| (row.number, cell.shown()))
    });
    let sections = cells.map(|(from, text)| (from, people::says_gone(&text).then(|| Arc::from(text))));
    let mut sections: Vec<(usize, Option<Arc<str>>)> = sections.collect();
    sections.sort_by_key(|(from, _)| *from);
    sections
}

/// Whether a list is one of students: it names people, has no row for every class, no headers of teachers, and no wishes without
/// anything to balance.
pub fn names_students(list: &List) -> bool {
    let is = |field| list.assignment.position(&field).map(|c| list.heads[c].index);
    let has_name = is(Field::Name).is_some() || list.assignment.parts.iter().flatten().next().is_some();
    let a_row_a_class = || {
        let Some(class) = is(Field::Class).filter(|_| !has_name) else { return false };
        let mut seen = HashSet::new();
        list.lines.iter().filter_map(|line| line.cells.get(class)).all(|cell| seen.insert(cell.shown()))
    };
    let of_teachers = || {
        let heads: Vec<String> = list.heads.iter().take(MOST_ACROSS).map(Head::text).collect();
        let wishes = || !list.assignment.is_balanceable() && heads.iter().any(|head| are_wishes(head));
        are_of_teachers(heads.iter().map(String::as_str)) || teachers::is_of_teachers(list) || wishes()
    };
    list.assignment.names_people() && !a_row_a_class() && !of_teachers()
}
