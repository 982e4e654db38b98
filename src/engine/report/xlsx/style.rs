//! How cells look, and a writer that goes down a sheet row by row.

use super::super::members::Value;
use super::super::text::width;
use super::ReportError;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

/// Height of a row in the default font.
pub const ROW_PIXELS: u32 = 20;
/// Width of a column that is not set.
pub const COLUMN_PIXELS: u32 = 72;
/// Paper size number of A4.
const A4: u8 = 9;
/// Height in points of a row with a sheet's or class's title.
const TITLE: u32 = 27;
/// Height in points of a line of text.
const LINE: u32 = 15;
/// Widest column of a list, in characters; longer text takes more lines.
pub const WIDEST: usize = 48;
/// Longest text that a cell holds.
const CELL: usize = 32_767;

/// The formats of a workbook.
pub struct Styles {
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
    /// Text in a box, in as many lines as it needs.
    pub wrapped: Format,
    /// A share of one, without a box.
    pub share: Format,
    /// A number that is not whole in a box.
    pub measure: Format,
}

impl Styles {
    /// All of them.
    #[must_use]
    pub fn new() -> Self {
        // 等线 is what Chinese Excel starts with; elsewhere it falls back on the system's own font.
        let text = Format::new().set_font_name("等线").set_font_size(11).set_align(FormatAlign::VerticalCenter);
        let line = Color::RGB(0x00D9_DEE6);
        let cell = text.clone().set_border(FormatBorder::Thin).set_border_color(line);
        let strong =
            cell.clone().set_bold().set_background_color(Color::RGB(0x00EE_F1F5)).set_align(FormatAlign::Center);
        let wrapped = cell.clone().set_text_wrap();
        Self {
            title: text.clone().set_bold().set_font_size(16),
            group: strong.clone().set_font_size(13).set_shrink(),
            name: cell.clone().set_font_size(12).set_align(FormatAlign::Center).set_shrink(),
            mean: cell.clone().set_num_format("0.00"),
            share: text.clone().set_num_format("0.00####").set_align(FormatAlign::Center),
            measure: cell.clone().set_num_format("0.00#"),
            head: strong.set_text_wrap(),
            wrapped,
            cell,
            text,
        }
    }
}

/// Writes text as a string, whatever it looks like.
pub fn write_text(sheet: &mut Worksheet, at: (u32, u16), text: &str, format: &Format) -> Result<(), ReportError> {
    let text: String = text.chars().take(CELL).collect();
    sheet.write_string_with_format(at.0, at.1, text, format)?;
    Ok(())
}

/// Writes a value; a number that is none stays empty.
pub fn write_value(sheet: &mut Worksheet, at: (u32, u16), value: &Value, format: &Format) -> Result<(), ReportError> {
    match value {
        Value::Text(text) => return write_text(sheet, at, text, format),
        Value::Number(x) if x.is_finite() => sheet.write_number_with_format(at.0, at.1, *x, format)?,
        Value::Number(_) | Value::Empty => sheet.write_blank(at.0, at.1, format)?,
    };
    Ok(())
}

/// Writes a title into the first cell of a row that is high enough for it.
pub fn write_title(sheet: &mut Worksheet, row: u32, title: &str, styles: &Styles) -> Result<(), ReportError> {
    sheet.set_row_height(row, TITLE)?;
    write_text(sheet, (row, 0), title, &styles.title)
}

/// Writes cells from the left, numbers in the middle: at the edge they would touch the text of the next column.
pub fn write_row(sheet: &mut Worksheet, row: u32, values: &[Value], format: &Format) -> Result<(), ReportError> {
    let number = format.clone().set_align(FormatAlign::Center);
    for (column, value) in (0..).zip(values) {
        write_value(sheet, (row, column), value, if matches!(value, Value::Number(_)) { &number } else { format })?;
    }
    Ok(())
}

/// Writes a row of a list whose columns are at most [`WIDEST`]: long text in lines, with the height that these need, and
/// numbers that are not whole with two or three decimals.
pub fn write_line(sheet: &mut Worksheet, row: u32, values: &[Value], styles: &Styles) -> Result<(), ReportError> {
    write_row(sheet, row, values, &styles.wrapped)?;
    let measure = styles.measure.clone().set_align(FormatAlign::Center);
    let mut lines = 1;
    for (column, value) in (0..).zip(values) {
        match value {
            Value::Number(x) if x.fract() != 0.0 => write_value(sheet, (row, column), value, &measure)?,
            // Fonts differ in width: a line is taken to hold an eighth less than the column.
            Value::Text(text) => lines = lines.max(width(text).div_ceil(WIDEST - WIDEST / 8)),
            Value::Number(_) | Value::Empty => {}
        }
    }
    if lines > 1 {
        // Excel's highest row is 409 points.
        sheet.set_row_height(row, u32::try_from(lines).unwrap_or(u32::MAX).saturating_mul(LINE).min(409))?;
    }
    Ok(())
}

/// A text as a cell's value.
pub fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

/// Sets column widths to the widest value, Chinese characters taking two; between 6 and `most` characters.
pub fn fit<'a>(
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
pub fn print_landscape(sheet: &mut Worksheet) {
    print_portrait(sheet);
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
}

/// A4 portrait in its own size.
pub fn print_portrait(sheet: &mut Worksheet) {
    sheet.set_paper_size(A4).set_portrait().set_footer("&C&P / &N");
    sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3);
}

/// A4 landscape for a list without a title: every page tells the sheet and the file.
pub fn print_list(sheet: &mut Worksheet) {
    print_landscape(sheet);
    sheet.set_header("&L&A&R&F").set_margins(0.4, 0.4, 0.7, 0.5, 0.3, 0.3);
}
