//! Merged cells: the value of the first holds for all that it covers; and signs that stand for the cell above.

use crate::roster::table::{Merge, Raw, Row, Table};
use crate::roster::{fold, vocabulary};

/// The rows of a table with the values of merged cells put into those that they cover.
pub(super) fn filled(table: &Table) -> Vec<Row> {
    let mut rows: Vec<Row> = table.rows.clone();
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut merges: Vec<&Merge> = table.merges.iter().collect();
    merges.sort_by_key(|merge| (merge.columns.0, merge.rows.0));
    let mut reached = (0, 0);
    for merge in merges {
        // Merged cells never overlap in a sound sheet; going on behind the last one bounds the work in any other.
        if (merge.columns.0, merge.rows.0) < reached {
            continue;
        }
        reached = (merge.columns.0, merge.rows.1 + 1);
        let start = rows.partition_point(|row| row.number < merge.rows.0);
        let end = rows.partition_point(|row| row.number <= merge.rows.1);
        let Some(value) = rows.get(start).filter(|_| start < end).map(|row| row.cell(merge.columns.0).clone()) else {
            continue;
        };
        if !value.is_blank() {
            rows[start..end].iter_mut().for_each(|row| put(row, merge.columns, width, &value));
        }
    }
    rows
}

fn put(row: &mut Row, (first, last): (usize, usize), width: usize, value: &Raw) {
    for column in first..=last.min(width.max(first + 1) - 1) {
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Raw::Empty);
        }
        if row.cells[column].is_blank() {
            row.cells[column] = value.clone();
        }
    }
}

/// Puts the cell above into cells that say 同上.
pub(super) fn put_dittos(row: &mut Row, above: Option<&Row>) {
    for (column, cell) in row.cells.iter_mut().enumerate() {
        let Raw::Text(text) = &*cell else { continue };
        if vocabulary::is_staff(&fold::fold(fold::trim(text)).to_lowercase(), "ditto") {
            *cell = above.map(|above| above.cell(column).clone()).unwrap_or_default();
        }
    }
}
