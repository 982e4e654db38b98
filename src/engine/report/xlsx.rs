//! XLSX: 分组 (a notice to put up), 名单, 均衡, 评分, 读取. For the public the first sheet alone.
//!
//! Several classes share the five sheets: one block (分组: one printed page) a class, and a class column in the lists; a sheet
//! per class and kind would be hundreds in a school. User text is only ever written as a string, never as a formula. The
//! document dates are fixed, so that the same plan gives the same bytes.

mod numbers;
mod people;
pub mod style;

use super::format::{Format, Writer};
use super::{Report, ReportError, is_public, language, names};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};
use style::Styles;

/// The format.
pub(super) static FORMAT: Format = Format {
    word: "xlsx",
    media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    write: Writer::Reports(xlsx),
};

/// The workbook of all classes.
///
/// # Errors
/// Where the writer fails (more rows than a sheet holds).
pub fn xlsx(reports: &[Report]) -> Result<Vec<u8>, ReportError> {
    let lang = language(reports);
    let styles = Styles::new();
    let mut book = workbook(&styles)?;
    people::notices(book.add_worksheet().set_name(names::say(lang, "分组", "Groups"))?, reports, &styles)?;
    if !is_public(reports) {
        people::members(book.add_worksheet().set_name(names::say(lang, "名单", "Members"))?, reports, &styles)?;
        numbers::balance(book.add_worksheet().set_name(names::say(lang, "均衡", "Balance"))?, reports, &styles)?;
        numbers::score_card(book.add_worksheet().set_name(names::say(lang, "评分", "Score card"))?, reports, &styles)?;
        numbers::reading(book.add_worksheet().set_name(names::say(lang, "读取", "Reading"))?, reports, &styles)?;
    }
    Ok(book.save_to_buffer()?)
}

/// An empty workbook in the house's font, with fixed dates.
pub fn workbook(styles: &Styles) -> Result<Workbook, ReportError> {
    let mut book = Workbook::new();
    book.set_default_format(&styles.text, style::ROW_PIXELS, style::COLUMN_PIXELS)?;
    let born = ExcelDateTime::from_ymd(2026, 1, 1)?;
    book.set_properties(&DocProperties::new().set_author("fenzu").set_creation_datetime(&born));
    Ok(book)
}
