//! Names that teachers write for the groups they claim (组名): the n-th name of a row belongs to its n-th wish, and only to that
//! group.

use super::titles;
use crate::fault::{Faults, Notice};
use crate::pipeline::Planned;
use crate::pipeline::staffing::WishAnswer;
use crate::roster::staff::{Staff, Wished, names_groups};
use crate::roster::{Limits, RowPlace, key, table};
use crate::words;
use crate::words::Lang;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Signs that part the values of a cell.
const SIGNS: [char; 7] = [';', '；', '、', ',', '，', '\n', '\r'];

/// The names that were written, by teacher (index into the staff list) and wish.
#[derive(Debug, Default)]
pub(super) struct GroupNames {
    of: HashMap<(usize, usize), String>,
    notices: Vec<Notice>,
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
            let Some(teacher) = staff.meant(&claim.id, &claim.name) else { continue };
            for Wished { row, written } in &claim.wished {
                let Some((_, line)) = lines.iter().find(|(place, _)| place == row) else { continue };
                for (n, name) in line.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                    let wish = written.get(n).and_then(Option::as_ref);
                    let wish = wish.and_then(|wish| claim.prefers.iter().position(|other| other == wish));
                    let first = wish.map(|wish| names.of.entry((teacher, wish)).or_insert_with(|| name.clone()));
                    if first.as_deref() != Some(name) {
                        let place = format!("{} {}", claims.file, row.cell(None));
                        names.notices.push(unclear(name, place, written.iter().all(Option::is_none)));
                    }
                }
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
        notices.extend(self.same_names(planned, answers));
        notices
    }

    /// Groups of one class with one name, where a teacher wrote it.
    fn same_names(&self, planned: &[Planned], answers: &[WishAnswer]) -> Vec<Notice> {
        let mut same: BTreeMap<(usize, String), BTreeSet<usize>> = BTreeMap::new();
        for (c, name) in answers.iter().filter_map(|answer| Some((answer.group?.0, self.of(answer)?))) {
            let groups = planned[c].document.groups.iter().enumerate();
            let alike = groups.filter(|(_, group)| key(&group.name) == key(name)).map(|(g, _)| g);
            same.entry((c, key(name))).or_default().extend(alike);
        }
        same.retain(|_, groups| groups.len() > 1);
        let told = |((c, _), groups): ((usize, String), BTreeSet<usize>)| {
            let document = &planned[c].document;
            let groups: Vec<_> = groups.into_iter().map(|g| &document.groups[g]).collect();
            let ids = |mark: &str| groups.iter().map(|group| group.id.as_str()).collect::<Vec<_>>().join(mark);
            let (name, zh, en) = (groups[0].name.clone(), ids("、"), ids(", "));
            let message =
                words!("{zh} 都叫“{name}”，请其中一组换个组名", "{en} are all called “{name}”; rename all but one");
            Notice { code: "group_name_twice", place: groups[0].class.clone(), message }
        };
        same.into_iter().map(told).collect()
    }

    /// The name that was written for the group of a wish that came true.
    pub(super) fn of(&self, answer: &WishAnswer) -> Option<&str> {
        self.of.get(&(answer.teacher, answer.wish)).filter(|_| answer.won).map(String::as_str)
    }
}

/// A name without a group.
fn unclear(name: &str, place: String, is_alone: bool) -> Notice {
    let message = if is_alone {
        words!(
            "组名“{name}”没有用到：这一行没有写认领哪个小组",
            "the group name “{name}” was not used: the row claims no group"
        )
    } else {
        words!(
            "组名“{name}”没有用到：看不出是写给哪个小组的（第几个组名对应第几个意愿，意愿不要重复）",
            "the group name “{name}” was not used: it is not clear for which group it is (the n-th name is for the n-th wish; write each wish once)"
        )
    };
    Notice { code: "group_name_unclear", place, message }
}

/// The names in each row of a claims list, by its place. An empty name keeps its place among the others.
fn lines(bytes: &[u8], file: &str) -> Result<Vec<(RowPlace, Vec<String>)>, Faults> {
    let book = table::open(bytes, file, &Limits::default())?;
    let mut lines = Vec::new();
    for table in &book.tables {
        let mut columns: Vec<usize> = Vec::new();
        for row in &table.rows {
            let headers = row.cells.iter().enumerate().filter(|(_, cell)| names_groups(&cell.shown()));
            let headers: Vec<usize> = headers.map(|(column, _)| column).collect();
            if !headers.is_empty() {
                columns = headers;
                continue;
            }
            let cells = columns.iter().map(|&column| row.cell(column).shown());
            let names = cells.flat_map(|text| text.split(SIGNS).map(|part| part.trim().to_owned()).collect::<Vec<_>>());
            lines.push((row.place(&table.sheet), names.collect()));
        }
    }
    Ok(lines)
}
