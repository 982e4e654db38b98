//! The faults of lists that are larger than the limits.

use super::options::Limits;
use super::why::Why;
use crate::fault::Faults;
use crate::words;

/// The fault of a file that is longer than `limits.file_bytes`.
#[must_use]
pub fn too_long(bytes: u64, file: &str, limits: &Limits) -> Faults {
    let (found, cap) = (bytes >> 20, limits.file_bytes >> 20);
    let why = Why {
        found: words!("文件有 {found} MB", "a file of {found} MB"),
        expected: words!("不超过 {cap} MB", "at most {cap} MB"),
        action: words!("请只保留名册本身，或拆成几个文件", "keep only the list itself, or split it into several files"),
    };
    why.refuse("file_too_long", file.to_owned())
}

/// The fault of a list with too many rows.
#[must_use]
pub fn too_many_rows(file: &str, cap: usize) -> Faults {
    let why = Why {
        found: words!("多于 {cap} 行", "more than {cap} rows"),
        expected: words!("不超过 {cap} 行", "at most {cap} rows"),
        action: words!("请把名册拆成几个文件", "split the list into several files"),
    };
    why.refuse("too_many_rows", file.to_owned())
}

/// The fault of a list with too many cells.
#[must_use]
pub fn too_many_cells(file: &str, cap: usize) -> Faults {
    let why = Why {
        found: words!("多于 {cap} 个单元格", "more than {cap} cells"),
        expected: words!("不超过 {cap} 个单元格", "at most {cap} cells"),
        action: words!("请只保留名册，删去其余内容", "keep only the list and delete everything else"),
    };
    why.refuse("too_many_cells", file.to_owned())
}

/// The fault of a list with too many columns; `place` is where the first one too many stands.
#[must_use]
pub fn too_many_columns(file: &str, place: &str, limits: &Limits) -> Faults {
    let cap = limits.columns;
    let why = Why {
        found: words!("多于 {cap} 列", "more than {cap} columns"),
        expected: words!("不超过 {cap} 列", "at most {cap} columns"),
        action: words!("请删去名册以外的单元格", "delete the cells that do not belong to the list"),
    };
    why.refuse("too_many_columns", format!("{file} {place}"))
}

/// The fault of a workbook with too many sheets.
#[must_use]
pub fn too_many_sheets(file: &str, cap: usize) -> Faults {
    let why = Why {
        found: words!("多于 {cap} 张工作表", "more than {cap} sheets"),
        expected: words!("不超过 {cap} 张", "at most {cap} sheets"),
        action: words!("请只保留名册所在的工作表", "keep only the sheets that hold the list"),
    };
    why.refuse("too_many_sheets", file.to_owned())
}

/// The fault of a list with too many areas of merged cells.
#[must_use]
pub fn too_many_merges(file: &str, cap: usize) -> Faults {
    let why = Why {
        found: words!("多于 {cap} 处合并单元格", "more than {cap} merged cells"),
        expected: words!("不超过 {cap} 处", "at most {cap}"),
        action: words!("请取消合并单元格后另存", "unmerge the cells and save the list again"),
    };
    why.refuse("too_many_merges", file.to_owned())
}

/// The fault of a list that holds more bytes than `cap`.
#[must_use]
pub fn too_much_text(file: &str, cap: usize) -> Faults {
    let cap = cap >> 20;
    let why = Why {
        found: words!("内容合计超过 {cap} MB", "more than {cap} MB of content"),
        expected: words!("合计不超过 {cap} MB", "at most {cap} MB in all"),
        action: words!("请只保留名册，删去其余内容", "keep only the list and delete everything else"),
    };
    why.refuse("too_much_text", file.to_owned())
}

/// The fault of a cell that holds more text than a cell can; `place` is where it stands.
#[must_use]
pub fn cell_too_long(file: &str, place: &str) -> Faults {
    let why = Why {
        found: words!("过长的单元格", "a cell that is too long"),
        expected: words!("每格不超过 32767 字", "at most 32,767 characters in a cell"),
        action: words!("请删去多余的内容", "shorten it"),
    };
    why.refuse("cell_too_long", format!("{file} {place}"))
}
