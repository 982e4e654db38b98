//! What may still be read of a file: everything is counted over all its sheets, while it is read.

use super::Raw;
use crate::fault::Faults;
use crate::roster::caps;
use crate::roster::options::Limits;
use std::cell::Cell;

/// More sheets than any list has.
pub const MOST_SHEETS: usize = 256;

/// The longest text a spreadsheet program lets into a cell is 32,767 characters, at most this many bytes.
const CELL_BYTES: usize = 4 * 32_767;
/// A cell's text is not gathered beyond this, which is refused.
pub const MOST_TEXT: usize = CELL_BYTES + 1;

/// What one file has used of its limits.
#[derive(Debug)]
pub struct Budget<'a> {
    /// The list's name, for messages.
    pub file: &'a str,
    /// The limits of the whole file.
    pub limits: &'a Limits,
    sheets: Cell<usize>,
    rows: Cell<usize>,
    cells: Cell<usize>,
    bytes: Cell<usize>,
    merges: Cell<usize>,
}

impl<'a> Budget<'a> {
    /// Nothing used yet.
    #[must_use]
    pub fn new(file: &'a str, limits: &'a Limits) -> Self {
        let [sheets, rows, cells, bytes, merges] = std::array::from_fn(|_| Cell::new(0));
        Self { file, limits, sheets, rows, cells, bytes, merges }
    }

    /// Counts one more sheet.
    ///
    /// # Errors
    /// Too many sheets.
    pub fn sheet(&self) -> Result<(), Faults> {
        within(&self.sheets, 1, MOST_SHEETS).map_err(|cap| caps::too_many_sheets(self.file, cap))
    }

    /// Counts one more row that holds something.
    ///
    /// # Errors
    /// Too many rows.
    pub fn row(&self) -> Result<(), Faults> {
        within(&self.rows, 1, self.limits.sheet_rows).map_err(|cap| caps::too_many_rows(self.file, cap))
    }

    /// Counts the room of more cells, filled or not.
    ///
    /// # Errors
    /// Too many cells.
    pub fn cells(&self, more: usize) -> Result<(), Faults> {
        within(&self.cells, more, self.limits.sheet_cells).map_err(|cap| caps::too_many_cells(self.file, cap))?;
        self.hold(more.saturating_mul(size_of::<Raw>()))
    }

    /// Counts the text of a cell at `place`.
    ///
    /// # Errors
    /// A text longer than any cell's, or too much text in all.
    pub fn text(&self, text: &str, place: impl FnOnce() -> String) -> Result<(), Faults> {
        if text.len() > CELL_BYTES {
            return Err(caps::cell_too_long(self.file, &place()));
        }
        self.hold(text.len())
    }

    /// Counts one more area of merged cells.
    ///
    /// # Errors
    /// More areas than rows are allowed.
    pub fn merge(&self) -> Result<(), Faults> {
        within(&self.merges, 1, self.limits.sheet_rows).map_err(|cap| caps::too_many_merges(self.file, cap))
    }

    fn hold(&self, bytes: usize) -> Result<(), Faults> {
        let cap = usize::try_from(self.limits.unpacked_bytes).unwrap_or(usize::MAX);
        within(&self.bytes, bytes, cap).map_err(|cap| caps::too_much_text(self.file, cap))
    }
}

/// Adds to a count; the cap where it is beyond it.
fn within(count: &Cell<usize>, more: usize, cap: usize) -> Result<(), usize> {
    count.set(count.get().saturating_add(more));
    if count.get() > cap { Err(cap) } else { Ok(()) }
}
