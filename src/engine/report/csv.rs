//! CSV as Excel likes it: UTF-8 with a byte order mark, CRLF, no cell that a spreadsheet would run as a formula.

use super::format::{Format, Writer};
use super::members::{self, Value};
use super::{Report, ReportError, is_public};
use ::csv::{Terminator, WriterBuilder};

/// The format.
pub(super) static FORMAT: Format =
    Format { word: "csv", media: "text/csv; charset=utf-8", write: Writer::Reports(csv) };

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The members of all classes, one row a student; for the public class, group and name alone.
///
/// # Errors
/// Where the writer fails, which bytes in memory give no cause for.
pub fn csv(reports: &[Report]) -> Result<Vec<u8>, ReportError> {
    let members = if is_public(reports) { members::public(reports) } else { members::of(reports) };
    let mut out = BYTE_ORDER_MARK.to_vec();
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(&mut out);
    writer.write_record(members.header.iter().map(|header| harmless(header)))?;
    for row in &members.rows {
        writer.write_record(row.iter().map(|value| match value {
            Value::Empty => String::new(),
            Value::Text(text) => harmless(text),
            Value::Number(x) => x.to_string(),
        }))?;
    }
    writer.flush().map_err(::csv::Error::from)?;
    drop(writer);
    Ok(out)
}

/// The text with an apostrophe before it where a spreadsheet would take it for a formula. Plain negative numbers stay as they are.
fn harmless(text: &str) -> String {
    // Excel takes the full-width signs for formulas too, in Chinese and Japanese settings.
    let starts = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let negative = text.strip_prefix('-').is_some_and(|rest| match rest.split_once('.') {
        Some((whole, decimals)) => digits(whole) && digits(decimals),
        None => digits(rest),
    });
    if starts && !negative { format!("'{text}") } else { text.to_owned() }
}
