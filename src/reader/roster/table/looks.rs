//! How the sheets of an XLSX look: merged cells, hidden rows and columns, text struck through, comments. The reader of its cells
//! tells none of it, so each sheet's part is walked once more.

use super::budget::MOST_SHEETS;
use super::grid::Grid;
use super::xml::{attribute, count, is_on};
use crate::fault::Faults;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeSet, HashMap};
use std::io::{BufReader, Cursor};
use std::ops::ControlFlow;
use zip::ZipArchive;

/// The parts of an XLSX that hold its looks. What cannot be read looks plain: the cells tell of the damage.
pub struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// The place in the zip of each part, by its name in small letters.
    places: HashMap<String, usize>,
    /// The name and the part of each sheet, in the workbook's order.
    sheets: Vec<(String, String)>,
    /// Whether each cell style strikes its text through.
    struck: Vec<bool>,
}

/// A part that another one refers to.
struct Relation {
    id: String,
    kind: String,
    target: String,
}

impl<'a> Package<'a> {
    /// Finds the parts; `None` where they do not hang together.
    #[must_use]
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let zip = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let names = zip.file_names().enumerate();
        let places = names.filter_map(|(i, name)| Some((name.ok()?.replace('\\', "/").to_ascii_lowercase(), i)));
        let places = places.collect();
        let mut package = Self { zip, places, sheets: Vec::new(), struck: Vec::new() };
        let main = package.relations("_rels/.rels")?.into_iter().find(|r| r.kind.ends_with("/officeDocument"))?.target;
        let main = main.trim_start_matches('/');
        let (folder, name) = split(main);
        let parts: HashMap<String, String> = package
            .relations(&format!("{folder}_rels/{name}.rels"))?
            .into_iter()
            .map(|relation| (relation.id, resolved(folder, &relation.target)))
            .collect();
        let mut sheets = Vec::new();
        package.walk(main, |event| {
            if let (Event::Start(start), true) = (event, sheets.len() < MOST_SHEETS)
                && start.local_name().as_ref() == "sheet"
            {
                let [name, id] = ["name", "id"].map(|name| attribute(start, name).unwrap_or_default());
                sheets.push((name, parts.get(&id).cloned().unwrap_or_default()));
            }
            ControlFlow::Continue(())
        })?;
        package.sheets = sheets;
        package.struck = package.struck_styles(&format!("{folder}styles.xml")).unwrap_or_default();
        Some(package)
    }

    /// Gives a sheet, by its number in the workbook, its looks; its cells are there already.
    ///
    /// # Errors
    /// Too many merged cells.
    pub fn dress(&mut self, sheet: usize, grid: &mut Grid<'_, '_>) -> Result<(), Faults> {
        let Some((_, part)) = self.sheets.get(sheet).cloned() else { return Ok(()) };
        let struck = std::mem::take(&mut self.struck);
        let mut looks = Looks { grid, struck: &struck, row: 0, column: 0 };
        let mut result = Ok(());
        self.walk(&part, |event| {
            result = match event {
                Event::Start(start) => looks.start(start),
                Event::End(end) if end.local_name().as_ref() == "row" => {
                    (looks.row, looks.column) = (looks.row + 1, 0);
                    Ok(())
                }
                _ => Ok(()),
            };
            if result.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        self.struck = struck;
        result
    }

    /// The cells with comments, each as `Sheet1!B3`.
    fn comments(&mut self) -> Vec<String> {
        let mut cells = Vec::new();
        for (sheet, part) in self.sheets.clone() {
            let (folder, name) = split(&part);
            let relations = self.relations(&format!("{folder}_rels/{name}.rels")).unwrap_or_default();
            let mut here = BTreeSet::new();
            for relation in relations.iter().filter(|relation| relation.kind.to_lowercase().contains("comment")) {
                self.walk(&resolved(folder, &relation.target), |event| {
                    if let Event::Start(start) = event
                        && matches!(start.local_name().as_ref(), "comment" | "threadedComment")
                    {
                        here.extend(attribute(start, "ref").map(|cell| format!("{sheet}!{cell}")));
                    }
                    ControlFlow::Continue(())
                });
            }
            cells.extend(here);
        }
        cells
    }

    /// Walks a part's XML up to its end, or to where it breaks off; `None` where there is no such part.
    fn walk(&mut self, part: &str, mut visit: impl FnMut(&Event<'_>) -> ControlFlow<()>) -> Option<()> {
        let place = *self.places.get(&part.to_ascii_lowercase())?;
        let mut reader = Reader::from_reader(BufReader::new(self.zip.by_index(place).ok()?));
        let config = reader.config_mut();
        (config.expand_empty_elements, config.check_end_names) = (true, false);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match reader.read_event_into(&mut buffer) {
                Ok(Event::Eof) | Err(_) => return Some(()),
                Ok(event) if visit(&event).is_break() => return Some(()),
                Ok(_) => {}
            }
        }
    }

    fn relations(&mut self, part: &str) -> Option<Vec<Relation>> {
        let mut relations = Vec::new();
        self.walk(part, |event| {
            if let Event::Start(start) = event
                && start.local_name().as_ref() == "Relationship"
            {
                let [id, kind, target] =
                    ["Id", "Type", "Target"].map(|name| attribute(start, name).unwrap_or_default());
                relations.push(Relation { id, kind, target });
            }
            ControlFlow::Continue(())
        })?;
        Some(relations)
    }

    fn struck_styles(&mut self, part: &str) -> Option<Vec<bool>> {
        let (mut inside, mut fonts, mut styles) = (String::new(), Vec::new(), Vec::new());
        self.walk(part, |event| {
            match event {
                Event::Start(start) => match (inside.as_str(), start.local_name().as_ref()) {
                    ("", name @ ("fonts" | "cellXfs")) => name.clone_into(&mut inside),
                    ("fonts", "font") => fonts.push(false),
                    ("fonts", "strike") => {
                        let off = attribute(start, "val").is_some_and(|value| matches!(value.as_str(), "0" | "false"));
                        fonts.last_mut().into_iter().for_each(|struck| *struck = !off);
                    }
                    ("cellXfs", "xf") => {
                        let font = count(start, "fontId").unwrap_or(0);
                        styles.push(fonts.get(font) == Some(&true));
                    }
                    _ => {}
                },
                Event::End(end) if end.local_name().as_ref() == inside => inside.clear(),
                _ => {}
            }
            ControlFlow::Continue(())
        })?;
        Some(if styles.contains(&true) { styles } else { Vec::new() })
    }
}

/// Where a workbook has comments on cells: `Sheet1!B3`. What they say is not read; none of any other file than an XLSX.
#[must_use]
pub fn comments(bytes: &[u8]) -> Vec<String> {
    Package::open(bytes).map(|mut package| package.comments()).unwrap_or_default()
}

/// The folder of a part, with its last stroke, and the part's name in it.
fn split(part: &str) -> (&str, &str) {
    part.split_at(part.rfind('/').map_or(0, |at| at + 1))
}

/// The part that a target names which stands in a part of this folder: `../comments1.xml` of `xl/worksheets/` is `xl/comments1.xml`.
fn resolved(folder: &str, target: &str) -> String {
    if let Some(part) = target.strip_prefix('/') {
        return part.to_owned();
    }
    let mut path: Vec<&str> = folder.split_terminator('/').collect();
    for step in target.split('/') {
        if step == ".." {
            path.pop();
        } else {
            path.push(step);
        }
    }
    path.join("/")
}

/// The walk through one sheet; row and column count as the reader of cells does.
struct Looks<'g, 'b, 'a, 's> {
    grid: &'g mut Grid<'b, 'a>,
    struck: &'s [bool],
    row: usize,
    column: usize,
}

impl Looks<'_, '_, '_, '_> {
    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), Faults> {
        match start.local_name().as_ref() {
            "row" => {
                if let Some(row) = count(start, "r") {
                    self.row = row.saturating_sub(1);
                }
                if is_on(start, "hidden") {
                    self.grid.hide_rows(self.row, self.row);
                }
            }
            "c" if !self.struck.is_empty() => {
                if let Some((row, column)) = attribute(start, "r").as_deref().and_then(position) {
                    (self.row, self.column) = (row, column);
                }
                if count(start, "s").is_some_and(|style| self.struck.get(style) == Some(&true)) {
                    self.grid.strike(self.row, self.column);
                }
                self.column += 1;
            }
            "col" if is_on(start, "hidden") => {
                let [first, last] = ["min", "max"].map(|name| count(start, name).unwrap_or(1).saturating_sub(1));
                self.grid.hide_columns(first, last);
            }
            "mergeCell" => {
                let area = attribute(start, "ref").unwrap_or_default();
                if let Some((from, to)) = area.split_once(':')
                    && let (Some(from), Some(to)) = (position(from), position(to))
                {
                    self.grid.merge(from, to)?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// Row and column, from 0, of a cell's name such as `B12`.
fn position(name: &str) -> Option<(usize, usize)> {
    let digits = name.find(|c: char| c.is_ascii_digit())?;
    let (letters, row) = name.split_at(digits);
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let column = letters.bytes().fold(0, |sum, b| sum * 26 + usize::from(b.to_ascii_uppercase() - b'A') + 1);
    Some((row.parse::<usize>().ok()?.checked_sub(1)?, column - 1))
}
