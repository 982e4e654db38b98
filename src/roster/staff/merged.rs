//! Merged cells: the value of the first holds for all that it covers.

use crate::roster::table::{Merge, Raw, Row, Table};

/// Rows below a header with the values of merged cells put into those that they cover: down a column, or also along a row where
/// `along` says so.
pub(super) fn filled(table: &Table, first: usize, along: bool) -> Vec<Row> {
    let mut rows: Vec<Row> = table.rows[first + 1..].to_vec();
    let fits = |merge: &&Merge| (merge.columns.0 == merge.columns.1) || (along && merge.rows.0 == merge.rows.1);
    let mut merges: Vec<&Merge> = table.merges.iter().filter(fits).collect();
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
            rows[start..end].iter_mut().for_each(|row| put(row, merge.columns, &value));
        }
    }
    rows
}

fn put(row: &mut Row, (first, last): (usize, usize), value: &Raw) {
    let width = row.cells.len();
    for column in first..=last.min(width.max(first)) {
        if row.cells.len() <= column {
            row.cells.resize(column + 1, Raw::Empty);
        }
        if row.cells[column].is_blank() {
            row.cells[column] = value.clone();
        }
    }
}
