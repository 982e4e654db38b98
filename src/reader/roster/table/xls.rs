//! Checks an XLS before calamine reads it: calamine reserves room for whatever dimensions a sheet declares and lays its cells
//! out as one dense area, so one bad byte could ask for hundreds of gigabytes.
//!
//! The workbook's stream is walked record by record as calamine will do (MS-XLS 2.1.4), then wrapped anew, so that the
//! reader sees the very bytes that were checked.

use super::budget::MOST_SHEETS;
use super::grid::Grid;
use super::other::{Other, damaged, locked};
use crate::fault::Faults;
use crate::roster::caps::too_many_cells;
use crate::roster::options::Limits;
use std::collections::HashSet;
use std::io::{Cursor, Read, Write};

/// How the name of the streams of an XLSX behind a password begins.
const ENCRYPTED: &[u8] = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0";

const BOUND_SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;
const FONT: u16 = 0x0031;
const XF: u16 = 0x00e0;
const ROW: u16 = 0x0208;
const COLUMNS: u16 = 0x007d;
const MUL_RK: u16 = 0x00bd;
/// Records of one cell, which begin with its row and column: formula, string cells, numbers, logical values.
const CELLS: [u16; 7] = [0x0006, 0x00d6, 0x00fd, 0x0203, 0x0204, 0x0205, 0x027e];

/// The workbook in a fresh compound file, once its sheets are known to fit the limits, and what each sheet hides and strikes.
///
/// # Errors
/// Damage, or more cells than the limits allow.
pub fn inspect(bytes: &[u8], file: &str, limits: &Limits) -> Result<(Vec<u8>, Vec<Looks>), Faults> {
    let damage = |_: std::io::Error| damaged(file);
    let mut compound = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|e| {
        // The name of an XLSX behind a password, in a file that is damaged besides.
        let is_locked = bytes.windows(ENCRYPTED.len()).any(|window| window == ENCRYPTED);
        if is_locked { locked(file) } else { damage(e) }
    })?;
    let Some(name) = ["/Workbook", "/Book"].into_iter().find(|name| compound.is_stream(name)) else {
        let is_locked = compound.is_stream("/EncryptedPackage");
        return Err(if is_locked { locked(file) } else { Other::Document.refused(file) });
    };
    let mut stream = Vec::new();
    compound.open_stream(name).and_then(|mut s| s.read_to_end(&mut stream)).map_err(damage)?;
    blank_dimensions(&mut stream).ok_or_else(|| damaged(file))?;
    check(&stream, file, limits)?;
    let mut fresh =
        cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new())).map_err(damage)?;
    fresh.create_stream(name).and_then(|mut s| s.write_all(&stream).and_then(|()| s.flush())).map_err(damage)?;
    Ok((fresh.into_inner().into_inner(), looks(&stream)))
}

/// Where the globals and the sheets begin; `None` where the stream is too short, or the sheets overlap so much that no
/// program wrote them.
fn starts(stream: &[u8]) -> Option<Vec<usize>> {
    let mut starts = vec![0];
    for record in records(stream, 0).filter(|record| record.kind == BOUND_SHEET) {
        starts.push(number(record.data, 0, 4).filter(|&start| start < stream.len())?);
    }
    let walked: usize = starts.iter().map(|&start| sheet(stream, start).map(|r| r.data.len() + 4).sum::<usize>()).sum();
    (starts.len() <= MOST_SHEETS + 1 && walked <= 2 * stream.len()).then_some(starts)
}

/// Clears what the sheets declare as their dimensions, which is often far more than they hold.
fn blank_dimensions(stream: &mut [u8]) -> Option<()> {
    for start in starts(stream)? {
        let declared: Vec<(usize, usize)> = sheet(stream, start)
            .filter(|record| record.kind == DIMENSIONS)
            .map(|record| (record.at, record.data.len()))
            .collect();
        for (at, length) in declared {
            stream[at..at + length].fill(0);
        }
    }
    Some(())
}

fn check(stream: &[u8], file: &str, limits: &Limits) -> Result<(), Faults> {
    let mut cells = 0usize;
    for start in starts(stream).ok_or_else(|| damaged(file))? {
        cells = cells.saturating_add(extent(stream, start).ok_or_else(|| damaged(file))?);
        if cells > limits.sheet_cells {
            return Err(too_many_cells(file, limits.sheet_cells));
        }
    }
    Ok(())
}

/// Cells of the area that a sheet declares or fills, whichever is more; `None` where a record is cut off or senseless.
fn extent(stream: &[u8], start: usize) -> Option<usize> {
    let (mut declared, mut rows, mut columns) = (0, Span::default(), Span::default());
    for Record { kind, data, .. } in sheet(stream, start) {
        if kind == DIMENSIONS {
            declared = declared.max(declared_cells(data)?);
        } else if CELLS.contains(&kind) || kind == MUL_RK {
            rows.add(number(data, 0, 2)?);
            columns.add(number(data, 2, 2)?);
            if kind == MUL_RK {
                columns.add(number(data, data.len().checked_sub(2)?, 2)?);
            }
        }
    }
    Some(declared.max(rows.length().saturating_mul(columns.length())))
}

/// Rows times columns of a DIMENSIONS record: first row, row after the last, first column, column after the last.
fn declared_cells(data: &[u8]) -> Option<usize> {
    let width = if data.len() == 10 { 2 } else { 4 };
    let (first, last) = (number(data, 0, width)?, number(data, width, width)?);
    let (left, right) = (number(data, 2 * width, 2)?, number(data, 2 * width + 2, 2)?);
    let left = if left > 0xff || right < left { 0 } else { left };
    if last == 0 || right == 0 {
        return Some(0);
    }
    Some(last.checked_sub(first)?.saturating_mul(right - left))
}

/// Least and greatest index of a sheet's cells.
#[derive(Default)]
struct Span(Option<(usize, usize)>);

impl Span {
    fn add(&mut self, index: usize) {
        self.0 = Some(self.0.map_or((index, index), |(least, most)| (least.min(index), most.max(index))));
    }

    fn length(&self) -> usize {
        self.0.map_or(0, |(least, most)| most - least + 1)
    }
}

/// One record of the workbook's stream.
struct Record<'a> {
    kind: u16,
    /// Offset of its data in the stream.
    at: usize,
    data: &'a [u8],
}

/// The records of a stream from an offset on, up to the first that is cut off.
fn records(stream: &[u8], mut at: usize) -> impl Iterator<Item = Record<'_>> {
    std::iter::from_fn(move || {
        let (head, rest) = stream.get(at..)?.split_first_chunk::<4>()?;
        let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
        let data = rest.get(..length)?;
        at += 4 + length;
        Some(Record { kind: u16::from_le_bytes([head[0], head[1]]), at: at - length, data })
    })
}

/// The records of a sheet up to its end, embedded charts included.
fn sheet(stream: &[u8], start: usize) -> impl Iterator<Item = Record<'_>> {
    let mut depth = 0usize;
    records(stream, start).take_while(move |record| {
        match record.kind {
            BOF => depth += 1,
            EOF => depth = depth.saturating_sub(1),
            _ => {}
        }
        record.kind != EOF || depth > 0
    })
}

/// A little-endian number of `width` bytes.
fn number(data: &[u8], at: usize, width: usize) -> Option<usize> {
    let bytes = data.get(at..at.checked_add(width)?)?;
    Some(bytes.iter().rev().fold(0, |number, &byte| number << 8 | usize::from(byte)))
}

/// What a sheet hides and strikes through.
#[derive(Debug, Default)]
pub struct Looks {
    hidden_rows: Vec<usize>,
    hidden_columns: Vec<(usize, usize)>,
    struck: Vec<(usize, usize)>,
}

impl Looks {
    /// Gives a sheet its looks; its cells are there already.
    pub fn dress(&self, grid: &mut Grid<'_, '_>) {
        self.hidden_rows.iter().for_each(|&row| grid.hide_rows(row, row));
        self.hidden_columns.iter().for_each(|&(first, last)| grid.hide_columns(first, last));
        self.struck.iter().for_each(|&(row, column)| grid.strike(row, column));
    }
}

/// The looks of each sheet, in the workbook's order.
fn looks(stream: &[u8]) -> Vec<Looks> {
    let struck = struck_styles(stream);
    let sheets = starts(stream).unwrap_or_default();
    sheets.into_iter().skip(1).map(|start| sheet_looks(stream, start, &struck)).collect()
}

/// Numbers of the cell styles whose font is struck through.
fn struck_styles(stream: &[u8]) -> HashSet<usize> {
    let flags = sheet(stream, 0).filter(|r| r.kind == FONT).map(|r| number(r.data, 2, 2).unwrap_or(0) & 0x08 != 0);
    let fonts: Vec<bool> = flags.collect();
    // The format has no font of number 4.
    let is_struck = |font: usize| fonts.get(if font > 4 { font - 1 } else { font }) == Some(&true);
    let styles = sheet(stream, 0).filter(|r| r.kind == XF).enumerate();
    styles.filter(|(_, r)| number(r.data, 0, 2).is_some_and(is_struck)).map(|(style, _)| style).collect()
}

fn sheet_looks(stream: &[u8], start: usize, styles: &HashSet<usize>) -> Looks {
    let mut looks = Looks::default();
    let is_struck = |data: &[u8], at: usize| number(data, at, 2).is_some_and(|style| styles.contains(&style));
    for Record { kind, data, .. } in sheet(stream, start) {
        let (Some(first), Some(second)) = (number(data, 0, 2), number(data, 2, 2)) else { continue };
        match kind {
            ROW if number(data, 12, 2).is_some_and(|flags| flags & 0x20 != 0) => looks.hidden_rows.push(first),
            COLUMNS if number(data, 8, 2).is_some_and(|flags| flags & 0x01 != 0) => {
                looks.hidden_columns.push((first, second));
            }
            MUL_RK => {
                let cells = (0..data.len().saturating_sub(6) / 6).filter(|cell| is_struck(data, 4 + 6 * cell));
                looks.struck.extend(cells.map(|cell| (first, second + cell)));
            }
            kind if CELLS.contains(&kind) && is_struck(data, 4) => looks.struck.push((first, second)),
            _ => {}
        }
    }
    looks
}
