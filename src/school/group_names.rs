//! Names that teachers write for the groups they claim (组名): the n-th name belongs to the n-th wish, and only to that group.

use super::titles;
use crate::fault::{Faults, Notice};
use crate::planning::Planned;
use crate::planning::staffing::WishAnswer;
use crate::roster::staff::{Staff, names_groups};
use crate::roster::{Limits, RowPlace, table};
use crate::words;
use crate::words::Lang;
use std::collections::HashMap;

/// Headers of the column with the wishes.
const WISH_HEADERS: [&str; 8] = ["意愿", "认领意愿", "认领", "志愿", "prefers", "preferences", "wishes", "claims"];
/// Signs that part the values of a cell.
const SIGNS: [char; 7] = [';', '；', '、', ',', '，', '\n', '\r'];

/// The names that were written, by teacher (index into the staff list) and wish.
#[derive(Debug, Default)]
pub(super) struct GroupNames {
    of: HashMap<(usize, usize), String>,
    notices: Vec<Notice>,
}

/// What a row of a claims list holds: cells with names and wishes.
struct Line {
    names: Vec<String>,
    /// Number of wishes as written; none where no column is known to hold them.
    wishes: Option<usize>,
}

impl GroupNames {
    /// The names of a claims list whose teachers and wishes are read.
    ///
    /// # Errors
    /// A file that is no table.
    pub(super) fn read(bytes: &[u8], file: &str, claims: &Staff, staff: &Staff) -> Result<Self, Faults> {
        let lines = lines(bytes, file)?;
        let mut names = Self::default();
        for claim in &claims.teachers {
            let line = lines.iter().find(|(place, _)| *place == claim.row);
            let (Some((_, line)), Some(teacher)) = (line, staff.meant(&claim.id, &claim.name)) else { continue };
            let place = format!("{} {}", claims.file, claim.row.cell(None));
            let wishes = claim.prefers.len();
            let known = line.wishes.is_none_or(|written| written == wishes);
            for (wish, name) in line.names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                if known && wish < wishes {
                    names.of.insert((teacher, wish), name.clone());
                    continue;
                }
                let message = words!(
                    "组名“{name}”没有用到：看不出是写给哪个小组的（第几个组名对应第几个意愿，意愿不要重复）",
                    "the group name “{name}” was not used: it is not clear for which group it is (the n-th name is for the n-th wish; write each wish once)"
                );
                names.notices.push(Notice { code: "group_name_unclear", place: place.clone(), message });
            }
        }
        Ok(names)
    }

    /// Names the groups that were won. A name for a group that another has is told, and does not stay on the group.
    pub(super) fn give(
        &self,
        planned: &mut [Planned],
        staff: &Staff,
        answers: &[WishAnswer],
        lang: Lang,
    ) -> Vec<Notice> {
        let mut notices = self.notices.clone();
        let written = |answer: &WishAnswer| self.of.get(&(answer.teacher, answer.wish));
        for answer in answers.iter().filter(|answer| !answer.won) {
            let Some(name) = written(answer) else { continue };
            if let Some((c, g)) = answer.group
                && planned[c].document.groups[g].name == *name
            {
                titles::propose_one(&mut planned[c].document, g, lang);
            }
            let teacher = &staff.teachers[answer.teacher];
            let who = &teacher.name;
            let message = words!(
                "{who}写的组名“{name}”没有用到：没有认领到这个小组",
                "the group name “{name}” of {who} was not used: the claim was lost"
            );
            notices.push(Notice { code: "group_name_unused", place: teacher.id.clone(), message });
        }
        for answer in answers.iter().filter(|answer| answer.won) {
            if let (Some(name), Some((c, g))) = (written(answer), answer.group) {
                planned[c].document.groups[g].name.clone_from(name);
            }
        }
        notices
    }

    /// The name that was written for the group of a wish that came true.
    pub(super) fn of(&self, answer: &WishAnswer) -> Option<&str> {
        self.of.get(&(answer.teacher, answer.wish)).filter(|_| answer.won).map(String::as_str)
    }
}

/// The rows of a claims list that name groups, by their places. An empty name keeps its place among the others.
fn lines(bytes: &[u8], file: &str) -> Result<Vec<(RowPlace, Line)>, Faults> {
    let book = table::open(bytes, file, &Limits::default())?;
    let mut lines = Vec::new();
    for table in &book.tables {
        let mut columns: Option<(usize, Option<usize>)> = None;
        for row in &table.rows {
            let Some((name, wish)) = columns else {
                let find = |headers: &[&str]| {
                    let is = |cell: &table::Raw| headers.contains(&cell.shown().trim().to_lowercase().as_str());
                    row.cells.iter().position(is)
                };
                let name = row.cells.iter().position(|cell| names_groups(&cell.shown()));
                columns = name.map(|name| (name, find(&WISH_HEADERS)));
                continue;
            };
            let shown = |column: usize| row.cell(column).shown();
            let parts = |text: &str| text.split(SIGNS).map(|part| part.trim().to_owned()).collect::<Vec<String>>();
            let names = parts(&shown(name));
            let wishes = wish.map(|wish| parts(&shown(wish)).iter().filter(|part| !part.is_empty()).count());
            lines.push((row.place(&table.sheet), Line { names, wishes }));
        }
    }
    Ok(lines)
}
