//! Checks an ODS before calamine reads it: the format repeats rows and columns by a number, and calamine spreads them out.

use super::workbook::damaged;
use crate::fault::Faults;
use crate::roster::RowPlace;
use crate::roster::caps::{too_many_cells, too_many_columns, too_many_rows};
use crate::roster::options::Limits;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufReader, Cursor};
use zip::ZipArchive;

/// Where the walk through a table stands; all numbers count repetitions.
#[derive(Default)]
struct Extent {
    /// Rows before the current one.
    rows: usize,
    /// Repetitions of the current row.
    repeated: usize,
    /// Cells of the current row up to the current one.
    columns: usize,
    /// Cells of the current row up to the last one with something in it.
    used: usize,
    /// The widest row so far.
    widest: usize,
    /// Repetitions of the current cell.
    cell: usize,
}

/// Refuses an ODS whose filled area, as the reader would lay it out, is beyond the limits, or whose content is cut off.
///
/// # Errors
/// Damage, or too many rows, columns or cells.
pub fn inspect(bytes: &[u8], file: &str, limits: &Limits) -> Result<(), Faults> {
    let damage = |e: &dyn std::fmt::Display| damaged(file, &e.to_string());
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damage(&e))?;
    let entry = zip.by_name("content.xml").map_err(|e| damage(&e))?;
    let mut reader = Reader::from_reader(BufReader::new(entry));
    reader.config_mut().expand_empty_elements = true;
    let (mut buffer, mut depth, mut extent) = (Vec::new(), 0usize, Extent::default());
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(|e| damage(&e))? {
            Event::Start(start) => {
                depth += 1;
                extent.open(&start);
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                if end.local_name().as_ref() == "table-row" {
                    extent.close_row(file, limits)?;
                }
            }
            Event::Text(text) if !text.trim().is_empty() => extent.fill(),
            Event::CData(_) | Event::GeneralRef(_) => extent.fill(),
            Event::Eof if depth > 0 => return Err(damage(&"content.xml ends early")),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

impl Extent {
    fn open(&mut self, start: &BytesStart<'_>) {
        match start.local_name().as_ref() {
            "table" => *self = Self::default(),
            "table-row" => {
                (self.columns, self.used, self.cell) = (0, 0, 0);
                self.repeated = number(start, "table:number-rows-repeated").unwrap_or(1);
            }
            "table-cell" | "covered-table-cell" => {
                self.cell = number(start, "table:number-columns-repeated").unwrap_or(1);
                self.columns = self.columns.saturating_add(self.cell);
                let has = |name| matches!(start.try_get_attribute(name), Ok(Some(_)));
                if has("office:value-type") || has("table:formula") || has("office:value") {
                    self.fill();
                }
            }
            _ => {}
        }
    }

    fn fill(&mut self) {
        if self.cell > 0 {
            self.used = self.columns;
        }
    }

    fn close_row(&mut self, file: &str, limits: &Limits) -> Result<(), Faults> {
        let before = self.rows;
        self.rows = self.rows.saturating_add(self.repeated);
        self.cell = 0;
        if self.used == 0 {
            return Ok(());
        }
        self.widest = self.widest.max(self.used);
        if self.used > limits.columns {
            let place = RowPlace { row: before.saturating_add(1), ..RowPlace::default() };
            return Err(too_many_columns(file, &place.cell(None), limits));
        }
        if self.rows > limits.sheet_rows {
            return Err(too_many_rows(file, limits.sheet_rows));
        }
        if self.rows.saturating_mul(self.widest) > limits.sheet_cells {
            return Err(too_many_cells(file, limits.sheet_cells));
        }
        Ok(())
    }
}

fn number(start: &BytesStart<'_>, name: &str) -> Option<usize> {
    let attribute = start.try_get_attribute(name).ok()??;
    Some(attribute.value.trim().parse().unwrap_or(usize::MAX))
}
