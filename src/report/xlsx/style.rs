//! How cells look, and a writer that goes down a sheet row by row.

use super::super::members::Value;
use super::super::text::width;
use super::ReportError;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

/// Height of a row in the default font.
pub(crate) const ROW_PIXELS: u32 = 20;
/// Width of a column that is not set.
pub(crate) const COLUMN_PIXELS: u32 = 72;
/// Paper size number of A4.
const A4: u8 = 9;
/// Longest text that a cell holds.
const CELL: usize = 32_767;

/// The formats of a workbook.
pub(crate) struct Styles {
    /// Plain text.
    pub text: Format,
    /// Text in a box.
    pub cell: Format,
    /// The first row of a list.
    pub head: Format,
    /// A sheet's or class's title.
    pub title: Format,
    /// A group's name on the notice.
    pub group: Format,
    /// A student's name on the notice.
    pub name: Format,
    /// A number with two decimals in a box.
    pub mean: Format,
}

impl Styles {
    pub(crate) fn new() -> Self {
        // 等线 is what Chinese Excel starts with; elsewhere it falls back on the system's own font.
        let text = Format::new().set_font_name("等线").set_font_size(11).set_align(FormatAlign::VerticalCenter);
        let line = Color::RGB(0x00D9_DEE6);
        let cell = text.clone().set_border(FormatBorder::Thin).set_border_color(line);
        let head = cell.clone().set_bold().set_background_color(Color::RGB(0x00EE_F1F5)).set_text_wrap();
        Self {
            title: text.clone().set_bold().set_font_size(16),
            group: head.clone().set_font_size(13).set_align(FormatAlign::Center),
            name: cell.clone().set_font_size(12).set_align(FormatAlign::Center).set_shrink(),
            mean: cell.clone().set_num_format("0.00"),
            head,
            cell,
            text,
        }
    }
}

/// Writes text as a string, whatever it looks like.
pub(crate) fn write_text(
    sheet: &mut Worksheet,
    at: (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), ReportError> {
    let text: String = text.chars().take(CELL).collect();
    sheet.write_string_with_format(at.0, at.1, text, format)?;
    Ok(())
}

/// Writes a value; a number that is none stays empty.
pub(crate) fn write_value(
    sheet: &mut Worksheet,
    at: (u32, u16),
    value: &Value,
    format: &Format,
) -> Result<(), ReportError> {
    match value {
        Value::Text(text) => return write_text(sheet, at, text, format),
        Value::Number(x) if x.is_finite() => sheet.write_number_with_format(at.0, at.1, *x, format)?,
        Value::Number(_) | Value::Empty => sheet.write_blank(at.0, at.1, format)?,
    };
    Ok(())
}

/// Writes cells from the left.
pub(crate) fn write_row(sheet: &mut Worksheet, row: u32, values: &[Value], format: &Format) -> Result<(), ReportError> {
    for (column, value) in (0..).zip(values) {
        write_value(sheet, (row, column), value, format)?;
    }
    Ok(())
}

/// A text as a cell's value.
pub(crate) fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// Sets column widths to the widest value, Chinese characters taking two; between 6 and `most` characters.
pub(crate) fn fit<'a>(
    sheet: &mut Worksheet,
    rows: impl Iterator<Item = &'a Vec<Value>>,
    most: usize,
) -> Result<(), ReportError> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (widest, value) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(match value {
                Value::Empty => 0,
                Value::Text(text) => width(text),
                Value::Number(x) => {
                    if x.fract() == 0.0 {
                        format!("{x:.0}").len()
                    } else {
                        format!("{x:.2}").len()
                    }
                }
            });
        }
    }
    for (column, widest) in (0..).zip(widths) {
        sheet.set_column_width(column, u32::try_from((widest + 3).clamp(6, most)).unwrap_or(6))?;
    }
    Ok(())
}

/// A4 landscape, as wide as one page.
pub(crate) fn print_landscape(sheet: &mut Worksheet) {
    sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3).set_footer("&C&P / &N");
}
