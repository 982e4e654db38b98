//! The sheet with groups side by side, which is put up: who stands under which title, and what the titles say.

use super::classes::{Classes, Told};
use super::edited::{Cell, Line};
use super::refusal;
use crate::fault::Fault;
use crate::plan::document::GroupRecord;
use crate::report::notice::group_name;
use crate::report::text::clean;
use crate::words::Lang;
use std::collections::{BTreeMap, HashMap, HashSet};

/// What such a sheet says of one class.
#[derive(Debug)]
pub(super) struct Seen {
    /// The group of each student.
    pub(super) groups: Vec<usize>,
    /// New names of groups.
    pub(super) names: BTreeMap<usize, (String, String)>,
}

/// A title above a group.
#[derive(Debug)]
struct Title<'a> {
    cell: &'a Cell,
    group: usize,
    /// As written; none where the number alone stands.
    name: Option<String>,
    teacher: Option<String>,
}

/// A sheet's titles and the cells below them.
#[derive(Debug, Default)]
struct Parts<'a> {
    titles: Vec<Title<'a>>,
    /// Cells beside titles that are none.
    beside: Vec<&'a Cell>,
    /// Group and cell.
    below: Vec<(usize, &'a Cell)>,
}

/// The cells with rows and columns changed, for groups that stand in rows.
fn turned(cells: &[Cell]) -> Vec<Cell> {
    let mut turned: Vec<Cell> =
        cells.iter().map(|cell| Cell { row: cell.column + 1, column: cell.row, ..cell.clone() }).collect();
    turned.sort_by_key(|cell| (cell.row, cell.column));
    turned
}

/// A group as its title is printed.
fn printed(group: &GroupRecord, lang: Lang) -> String {
    let (name, number) = group_name(group, lang);
    let title = number.map_or_else(|| name.clone(), |number| format!("{number} {name}"));
    shown_teacher(group).map_or(title.clone(), |teacher| format!("{title} · {teacher}"))
}

/// A group's number as it is printed.
fn number(group: &GroupRecord, lang: Lang) -> String {
    group_name(&GroupRecord { name: String::new(), ..group.clone() }, lang).0
}

fn shown_teacher(group: &GroupRecord) -> Option<String> {
    group.teacher_name.as_deref().or(group.teacher.as_deref()).map(clean)
}

fn letters(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_lowercase()
}

/// What follows a group's number.
fn behind_number(head: &str, number: &str) -> Option<String> {
    let number = letters(number);
    let end = head.char_indices().map(|(at, c)| at + c.len_utf8()).find(|&end| letters(&head[..end]) == number)?;
    let rest = &head[end..];
    // 第1组 is no beginning of 第12组, and Group 1 none of Group 12.
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then(|| rest.trim().to_owned())
}

impl Classes<'_> {
    /// What a sheet says of a class; none where it is no sheet of its groups. All that cannot be applied is told.
    pub(super) fn board(&self, class: usize, cells: &[Cell], told: &mut Told) -> Option<Seen> {
        let turned = turned(cells);
        let (down, across) = (self.below(class, cells), self.below(class, &turned));
        let cells = if across > down { &turned } else { cells };
        let mut parts = self.parts(class, cells);
        // Titles that were written over leave names below nothing; a list has a group in every row.
        let titled: HashSet<usize> = parts.titles.iter().map(|title| title.group).collect();
        let is_board = !titled.is_empty() && titled.len() == parts.titles.len();
        let anywhere = if is_board { cells.iter().filter(|cell| self.is_known(class, cell)).count() } else { 0 };
        if down.max(across).max(anywhere) * 2 < self.students(class) {
            return None;
        }
        let mut seen = Seen { groups: Vec::new(), names: BTreeMap::new() };
        let faults = told.faults.len();
        self.renamed_alone(class, &mut parts, cells, told);
        self.titles(class, &parts.titles, &mut seen, told);
        let groups = self.placed(class, &parts.below, told);
        if told.faults.len() > faults {
            return None;
        }
        let missing: Vec<usize> = (0..groups.len()).filter(|&student| groups[student].is_none()).collect();
        if !missing.is_empty() {
            told.faults.push(self.missing(class, &cells[0].place, missing));
        }
        seen.groups = groups.into_iter().collect::<Option<_>>()?;
        Some(seen)
    }

    fn is_known(&self, class: usize, cell: &Cell) -> bool {
        !self.named(class, &cell.text).0.is_empty()
    }

    /// How many students stand below titles.
    fn below(&self, class: usize, cells: &[Cell]) -> usize {
        self.parts(class, cells).below.iter().filter(|(_, cell)| self.is_known(class, cell)).count()
    }

    /// An empty row ends the groups above it.
    fn parts<'a>(&self, class: usize, cells: &'a [Cell]) -> Parts<'a> {
        let (mut parts, mut under, mut last) = (Parts::default(), HashMap::new(), 0);
        for cell in cells {
            if cell.row > last + 1 {
                under.clear();
            }
            last = cell.row;
            if let Some(title) = self.title(class, cell) {
                under.insert(cell.column, title.group);
                parts.titles.push(title);
            } else if let Some(&group) = under.get(&cell.column) {
                parts.below.push((group, cell));
            }
        }
        let is_beside = |cell: &&Cell| {
            parts.titles.iter().any(|title| title.cell.row == cell.row)
                && parts.titles.iter().all(|title| title.cell.place != cell.place)
                && parts.below.iter().all(|(_, below)| below.place != cell.place)
        };
        parts.beside = cells.iter().filter(is_beside).collect();
        parts
    }

    fn title<'a>(&self, class: usize, cell: &'a Cell) -> Option<Title<'a>> {
        let groups = &self.standing[class].document.groups;
        let is_printed =
            |group: &GroupRecord| [Lang::Zh, Lang::En].iter().any(|&lang| printed(group, lang) == cell.text);
        if let Some(group) = groups.iter().position(is_printed) {
            let (name, teacher) = (Some(groups[group].name.clone()), shown_teacher(&groups[group]));
            return Some(Title { cell, group, name, teacher });
        }
        let (head, teacher) = cell
            .text
            .rsplit_once('·')
            .map_or((cell.text.as_str(), None), |(head, teacher)| (head.trim(), Some(teacher.trim().to_owned())));
        let numbered = |(at, group): (usize, &GroupRecord)| {
            let rest = [Lang::Zh, Lang::En].iter().find_map(|&lang| behind_number(head, &number(group, lang)))?;
            Some((at, Some(rest).filter(|rest| !rest.is_empty())))
        };
        let labelled = || {
            let at = self.labels[class].group(head).ok()?;
            let name = &groups[at].name;
            Some((at, letters(head).contains(&letters(name)).then(|| name.clone())))
        };
        let (group, name) = groups.iter().enumerate().find_map(numbered).or_else(labelled)?;
        Some(Title { cell, group, name, teacher })
    }

    /// A title that is a new name alone is that of the only group without one.
    fn renamed_alone<'a>(&self, class: usize, parts: &mut Parts<'a>, cells: &'a [Cell], told: &mut Told) {
        let groups = &self.standing[class].document.groups;
        let untitled = |at: &usize| parts.titles.iter().all(|title| title.group != *at);
        let untitled: Vec<usize> = (0..groups.len()).filter(untitled).collect();
        match (untitled[..].first(), &parts.beside[..]) {
            (Some(&group), [cell]) if untitled.len() == 1 => {
                let (name, teacher) =
                    cell.text.rsplit_once('·').map_or((cell.text.as_str(), None), |(name, teacher)| {
                        (name.trim(), Some(teacher.trim().to_owned()))
                    });
                let below = cells.iter().filter(|other| other.column == cell.column && other.row > cell.row);
                let until = parts.titles.iter().map(|title| title.cell.row).filter(|&row| row > cell.row).min();
                parts.below.extend(
                    below.filter(|other| until.is_none_or(|until| other.row < until)).map(|other| (group, other)),
                );
                parts.titles.push(Title { cell, group, name: Some(name.to_owned()), teacher });
            }
            (Some(_), beside) => {
                let known: Vec<String> = groups.iter().map(|group| group.id.clone()).collect();
                let line = |cell: &Cell| Line { place: cell.place.clone(), ..Line::default() };
                told.faults.extend(beside.iter().map(|cell| refusal::no_group(&line(cell), &cell.text, &known)));
            }
            (None, _) => {}
        }
    }

    /// New names are taken; another teacher is told.
    fn titles(&self, class: usize, titles: &[Title<'_>], seen: &mut Seen, told: &mut Told) {
        let groups = &self.standing[class].document.groups;
        let (names, teachers) =
            (titles.iter().any(|title| title.name.is_some()), titles.iter().any(|title| title.teacher.is_some()));
        for Title { cell, group, name, teacher } in titles {
            let record = &groups[*group];
            let place = &cell.place;
            match name {
                Some(name) if letters(&clean(name)) != letters(&clean(&record.name)) => {
                    seen.names.insert(*group, (name.clone(), place.clone()));
                }
                None if names && !record.name.is_empty() && group_name(record, Lang::Zh).1.is_some() => {
                    told.faults.push(refusal::without_name(place, &record.id, &record.name));
                }
                _ => {}
            }
            let (now, written) = (shown_teacher(record).unwrap_or_default(), teacher.as_deref().unwrap_or_default());
            if teachers
                && letters(&now) != letters(written)
                && Some(letters(written)) != record.teacher.as_deref().map(letters)
            {
                told.faults.push(refusal::teacher(place, &record.id, written, &now));
            }
        }
    }

    /// The group of each student by the cells below the titles.
    fn placed(&self, class: usize, below: &[(usize, &Cell)], told: &mut Told) -> Vec<Option<usize>> {
        let before = self.groups_of(class);
        let mut placed: Vec<Option<(usize, &str)>> = vec![None; before.len()];
        for (group, cell) in below {
            let line = Line { name: cell.text.clone(), place: cell.place.clone(), ..Line::default() };
            let (named, marked) = self.named(class, &cell.text);
            told.marked(marked, &cell.place, &cell.text);
            // Of several with one name and no ids the one who is here already.
            let here = named.iter().find(|&&student| before[student] == *group && placed[student].is_none());
            let fault: Option<Fault> = match (named, here) {
                ([], _) => Some(refusal::nobody(&line, &self.standing[class].class)),
                ([student], _) => {
                    placed[*student].replace((*group, &cell.place)).map(|(_, first)| refusal::twice(&line, first))
                }
                (_, Some(&student)) => {
                    placed[student] = Some((*group, &cell.place));
                    None
                }
                (_, None) => Some(refusal::several(&line)),
            };
            told.faults.extend(fault);
        }
        placed.into_iter().map(|place| place.map(|(group, _)| group)).collect()
    }
}
