//! Which rows below the header are students: blank, total, note and repeated header rows are passed over and told; merged
//! cells and the class are filled down.

use super::columns::Assignment;
use super::header::Header;
use super::table::{Kind, Merge, Raw, Row, Table};
use super::tell::{Tell, Why, places};
use super::{Field, RowPlace, fold};
use crate::words;

/// Parts of a label that make a row a statistic over students.
const STATISTICS: [&str; 20] = [
    "平均",
    "均分",
    "合计",
    "总计",
    "小计",
    "最高分",
    "最低分",
    "及格率",
    "及格人数",
    "优秀率",
    "优秀人数",
    "优良率",
    "低分率",
    "标准差",
    "方差",
    "中位数",
    "人数",
    "满分",
    "合格率",
    "达标率",
];
/// English labels of statistics; none of them is a name (Max and Min are).
const ENGLISH_STATISTICS: [&str; 12] = [
    "average",
    "averages",
    "mean",
    "total",
    "totals",
    "median",
    "maximum",
    "minimum",
    "passrate",
    "classaverage",
    "standarddeviation",
    "highest",
];
/// How a note or signature line begins (as a key) or what it holds.
const NOTES: [&str; 12] =
    ["备注", "说明", "注意", "附注", "制表", "填表", "审核", "note", "remark", "signature", "signed", "printed"];
const SIGNATURES: [&str; 6] = ["签字", "签名", "盖章", "制表人", "填表人", "审核人"];

/// What a row below the header is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Student,
    Statistic,
    Note,
    Repeated,
}

/// The student rows of a table, with merged cells and the class filled down.
pub fn students(table: Table, header: &Header, assignment: &Assignment, tell: &mut Tell<'_>) -> Vec<Row> {
    tell_titles(&table, header, tell);
    let looker = Looker::new(header, assignment);
    let width = table.rows[..header.body].iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let Table { sheet, kind, rows, merges, .. } = table;
    let (mut students, mut skipped) = (Vec::new(), Vec::new());
    for row in rows.into_iter().skip(header.body).filter(|row| row.filled().next().is_some()) {
        match looker.what(&row) {
            What::Student => students.push(row),
            what => skipped.push((what, row)),
        }
    }
    tell_skipped(&sheet, &skipped, tell);
    tell_blank(&sheet, kind, &students, &skipped, tell);
    if kind == Kind::Text {
        check_widths(&students, width, header, assignment, tell);
    }
    for (column, head) in header.heads.iter().enumerate() {
        let field = &assignment.fields[column];
        if !matches!(field, Field::Id | Field::Name | Field::Score(_) | Field::Total | Field::Rank) {
            fill_merged(&mut students, head.index, &merges);
        }
        if *field == Field::Class {
            fill_class(&sheet, &mut students, head.index, &merges, tell);
        }
    }
    students
}

/// Tells students from other rows by the columns that name them.
struct Looker<'a> {
    header: &'a Header,
    id: Option<usize>,
    name: Option<usize>,
}

impl<'a> Looker<'a> {
    fn new(header: &'a Header, assignment: &Assignment) -> Self {
        let index = |field| assignment.position(&field).map(|c| header.heads[c].index);
        Self { header, id: index(Field::Id), name: index(Field::Name) }
    }

    fn what(&self, row: &Row) -> What {
        let Some((first, label)) = row.filled().next() else { return What::Note };
        if self.is_repeated(row) {
            return What::Repeated;
        }
        let names: Vec<usize> =
            [self.id, self.name].into_iter().flatten().filter(|&c| !row.cell(c).is_blank()).collect();
        // A row is no student only if nothing that should name one does.
        let nameless = |is: fn(&Raw) -> bool| is(label) && names.iter().all(|&c| c == first || is(row.cell(c)));
        if nameless(is_statistic) || (names.len() == 1 && is_statistic(row.cell(names[0]))) {
            return What::Statistic;
        }
        if nameless(is_note) {
            return What::Note;
        }
        let lone = row.filled().count() == 1 && self.header.heads.len() > 1;
        let names_somebody = if Some(first) == self.id { is_id_like(label) } else { Some(first) == self.name };
        if lone && !names_somebody { What::Note } else { What::Student }
    }

    fn is_repeated(&self, row: &Row) -> bool {
        let mut filled = 0;
        let same = row.filled().all(|(column, cell)| {
            filled += 1;
            let text = cell.shown();
            let head = self.header.heads.get(column);
            head.is_some_and(|head| head.index == column && (head.lower == text || head.upper == text))
        });
        same && filled > 1
    }
}

pub(super) fn is_statistic(cell: &Raw) -> bool {
    let Raw::Text(text) = cell else { return false };
    let word = fold::key(text);
    let short = word.chars().count() <= 12;
    short && (STATISTICS.iter().any(|part| word.contains(part)) || ENGLISH_STATISTICS.contains(&word.as_str()))
}

pub(super) fn is_note(cell: &Raw) -> bool {
    let Raw::Text(text) = cell else { return false };
    let word = fold::key(text);
    let colon = text.contains('：') || (text.contains(':') && text.contains(|c| fold::is_han(c) || fold::is_space(c)));
    colon || NOTES.iter().any(|start| word.starts_with(start)) || SIGNATURES.iter().any(|part| word.contains(part))
}

/// Whether a lone cell in the id column may be an id: no Chinese and no spaces, unlike a line of text.
fn is_id_like(cell: &Raw) -> bool {
    !fold::bare(&cell.shown()).contains(|c| fold::is_han(c) || fold::is_space(c))
}

fn snippets<'a>(rows: impl Iterator<Item = &'a Row>) -> String {
    let mut texts: Vec<String> = Vec::new();
    for row in rows {
        let text: Vec<String> = row.filled().take(3).map(|(_, cell)| cell.shown()).collect();
        let text: String = text.join(" ").chars().take(40).collect();
        if texts.len() < 5 && !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.join(" | ")
}

fn tell_titles(table: &Table, header: &Header, tell: &mut Tell<'_>) {
    let rows: Vec<RowPlace> = table.rows[..header.first].iter().map(|row| row.place(&table.sheet)).collect();
    if rows.is_empty() {
        return;
    }
    let text = snippets(table.rows[..header.first].iter());
    let message = words!("表头上方的标题行已跳过：{text}", "title rows above the header were skipped: {text}");
    tell.notice("titles_skipped", places(&rows.iter().collect::<Vec<_>>(), None), message);
}

fn tell_skipped(sheet: &str, skipped: &[(What, Row)], tell: &mut Tell<'_>) {
    for what in [What::Statistic, What::Note, What::Repeated] {
        let rows: Vec<&Row> = skipped.iter().filter(|(w, _)| *w == what).map(|(_, row)| row).collect();
        if rows.is_empty() {
            continue;
        }
        let text = snippets(rows.iter().copied());
        let at: Vec<RowPlace> = rows.iter().map(|row| row.place(sheet)).collect();
        let (code, message) = match what {
            What::Statistic => {
                ("statistics_skipped", words!("统计行已跳过：{text}", "rows of statistics were skipped: {text}"))
            }
            What::Repeated => ("header_repeated", words!("重复的表头行已跳过", "repeated header rows were skipped")),
            _ => ("notes_skipped", words!("说明或签字行已跳过：{text}", "note or signature rows were skipped: {text}")),
        };
        tell.notice(code, places(&at.iter().collect::<Vec<_>>(), None), message);
    }
}

fn tell_blank(sheet: &str, kind: Kind, students: &[Row], skipped: &[(What, Row)], tell: &mut Tell<'_>) {
    let (Some(first), Some(last)) = (students.first(), students.last()) else { return };
    let between = |row: &&(What, Row)| first.number < row.1.number && row.1.number < last.number;
    let filled = students.len() + skipped.iter().filter(between).count();
    let blank = (last.number + 1 - first.number).saturating_sub(filled);
    if blank == 0 {
        return;
    }
    let message = words!("学生之间有 {blank} 个空行，已跳过", "{blank} blank rows between students were skipped");
    let line = if kind == Kind::Text { first.line } else { None };
    let place = RowPlace { sheet: sheet.to_owned(), row: first.number, line };
    let end = RowPlace { sheet: sheet.to_owned(), row: last.number, line: last.line };
    tell.notice("blank_rows_skipped", format!("{} … {}", place.cell(None), end.cell(None)), message);
}

/// A short row of text is harmless where only carried columns or flags are missing; anything else may be a lost separator.
fn check_widths(rows: &[Row], width: usize, header: &Header, assignment: &Assignment, tell: &mut Tell<'_>) {
    let harmless = |column: usize| {
        let field = header.heads.iter().position(|head| head.index == column).map(|c| &assignment.fields[c]);
        matches!(field, None | Some(Field::Other | Field::Notes | Field::EthnicGroup | Field::Flag(_)))
    };
    for row in rows {
        let cells = row.filled().last().map_or(0, |(column, _)| column + 1).max(row.cells.len().min(width));
        if cells == width || (cells < width && (cells..width).all(harmless)) {
            continue;
        }
        let why = Why {
            found: words!("一行有 {cells} 格", "a row of {cells} cells"),
            expected: words!("与表头一样有 {width} 格", "{width} cells, as in the header"),
            action: words!(
                "请检查这一行是否多了或少了分隔符；含分隔符的内容要用双引号括起来",
                "look for a missing or extra separator; put text that holds a separator in double quotes"
            ),
        };
        tell.fault("ragged_row", &row.place("").cell(None), why);
    }
}

/// Copies the value of vertically merged cells to every student row they cover.
fn fill_merged(rows: &mut [Row], column: usize, merges: &[Merge]) {
    let mut merges: Vec<&Merge> =
        merges.iter().filter(|m| m.columns.0 <= column && column <= m.columns.1 && m.rows.0 < m.rows.1).collect();
    merges.sort_by_key(|m| m.rows.0);
    let mut next = 0;
    for merge in merges {
        // Merged cells never overlap in a sound sheet; starting after the last one filled bounds the work in any other.
        next += rows[next..].partition_point(|row| row.number < merge.rows.0);
        let end = next + rows[next..].partition_point(|row| row.number <= merge.rows.1);
        let value = rows.get(next).filter(|_| next < end).map(|row| row.cell(column).clone()).unwrap_or_default();
        if !value.is_blank() {
            for row in &mut rows[next..end] {
                put(row, column, &value);
            }
        }
        next = end;
    }
}

fn put(row: &mut Row, column: usize, value: &Raw) {
    if row.cells.len() <= column {
        row.cells.resize(column + 1, Raw::Empty);
    }
    if row.cells[column].is_blank() {
        row.cells[column] = value.clone();
    }
}

/// Fills a blank class from the row above and tells it; also tells where a merged cell gave the class.
fn fill_class(sheet: &str, rows: &mut [Row], column: usize, merges: &[Merge], tell: &mut Tell<'_>) {
    let is_merged = merges.iter().any(|m| m.columns.0 == column && m.rows.0 < m.rows.1);
    if rows.iter().all(|row| row.cell(column).is_blank()) {
        return;
    }
    let (mut above, mut filled) = (Raw::Empty, Vec::new());
    for row in rows.iter_mut() {
        if !row.cell(column).is_blank() {
            above = row.cell(column).clone();
        } else if above.is_blank() {
            let why = Why {
                found: words!("空白的班级", "no class"),
                expected: words!("班级名称", "the name of a class"),
                action: words!(
                    "请填写班级；只有上方有班级时才会向下填充",
                    "fill it in; only a class above is filled down"
                ),
            };
            tell.fault("class_missing", &row.place(sheet).cell(Some(column)), why);
        } else {
            put(row, column, &above);
            filled.push(row.place(sheet));
        }
    }
    if !filled.is_empty() {
        let message = words!("班级为空，按上一行的班级填写", "the class was blank and taken from the row above");
        tell.notice("class_filled", places(&filled.iter().collect::<Vec<_>>(), Some(column)), message);
    } else if is_merged {
        let at: Vec<RowPlace> = rows.iter().map(|row| row.place(sheet)).collect();
        let message =
            words!("合并的班级单元格已用于它覆盖的各行", "a merged class cell was taken for every row it covers");
        tell.notice("class_merged", places(&at.iter().collect::<Vec<_>>(), Some(column)), message);
    }
}
