//! What an edited list says: the group of every student of its classes, or all that is wrong with it.

use super::super::standing::Standing;
use super::edited::{Cell, Edited, Line};
use super::labels::{Labels, NoGroup};
use super::refusal;
use crate::fault::{Fault, Faults};
use crate::report::notice::shown_names;
use std::collections::{BTreeMap, HashMap};

/// The group of each student, by number, of each class, by number among those that stand.
pub(super) type Answer = BTreeMap<usize, Vec<usize>>;

/// A student's group with the place where it is written.
type Wished = (usize, String);

/// Everything that is known of the classes.
struct Classes<'a> {
    standing: &'a [Standing],
    labels: Vec<Labels>,
    by_id: Vec<HashMap<&'a str, usize>>,
    by_name: Vec<HashMap<String, Vec<usize>>>,
}

/// A name as it is compared.
fn plain(name: &str) -> String {
    name.split_whitespace().collect()
}

/// Reads what shall be; classes in which nothing changes are left out.
pub(super) fn answer(edited: &Edited, standing: &[Standing], file: &str) -> Result<Answer, Faults> {
    let classes = Classes::of(standing);
    let mut faults = Vec::new();
    let mut wished: BTreeMap<usize, HashMap<usize, Wished>> = BTreeMap::new();
    for list in &edited.lists {
        classes.take_list(list, file, &mut wished, &mut faults);
    }
    let mut answer = Answer::new();
    for (class, wished) in wished {
        answer.extend(classes.whole(class, &wished, file, &mut faults).map(|groups| (class, groups)));
    }
    if faults.is_empty() {
        classes.boards(edited, &mut answer, &mut faults);
    }
    answer.retain(|class, groups| *groups != classes.groups_of(*class));
    if faults.is_empty() { Ok(answer) } else { Err(Faults(faults)) }
}

impl<'a> Classes<'a> {
    fn of(standing: &'a [Standing]) -> Self {
        let ids = |class: &'a Standing| {
            class.roster.students.iter().enumerate().map(|(s, student)| (student.id.as_str(), s)).collect()
        };
        let names = |class: &Standing| {
            let mut names: HashMap<String, Vec<usize>> = HashMap::new();
            for (s, (student, shown)) in class.roster.students.iter().zip(shown_names(&class.roster)).enumerate() {
                let mut both = [plain(&student.name), plain(&shown)].to_vec();
                both.dedup();
                both.into_iter()
                    .filter(|name| !name.is_empty())
                    .for_each(|name| names.entry(name).or_default().push(s));
            }
            names
        };
        Self {
            standing,
            labels: standing.iter().map(|class| Labels::of(&class.class, &class.document)).collect(),
            by_id: standing.iter().map(ids).collect(),
            by_name: standing.iter().map(names).collect(),
        }
    }

    /// The group of each student as the plan has it.
    fn groups_of(&self, class: usize) -> Vec<usize> {
        let Standing { document, roster, .. } = &self.standing[class];
        let of = |id: &String| document.groups.iter().position(|group| group.students.contains(id)).unwrap_or_default();
        roster.students.iter().map(|student| of(&student.id)).collect()
    }

    fn take_list(
        &self,
        list: &[Line],
        file: &str,
        wished: &mut BTreeMap<usize, HashMap<usize, Wished>>,
        faults: &mut Vec<Fault>,
    ) {
        let names: Vec<&str> = self.standing.iter().map(|class| class.class.as_str()).collect();
        let unnamed: Vec<&Line> = list.iter().filter(|line| line.class.is_empty()).collect();
        let own = self.most_like(&unnamed);
        if own.is_none() && !unnamed.is_empty() {
            faults.push(refusal::whose(file, &names));
        }
        for line in list {
            let class = if line.class.is_empty() {
                own
            } else {
                let found = names.iter().position(|name| plain(name) == plain(&line.class));
                if found.is_none() {
                    faults.push(refusal::no_class(line, &names));
                }
                found
            };
            let Some(class) = class else { continue };
            let (student, group) = (self.student(class, line), self.group(class, line));
            // Whoever stands in a line with another fault is not missing beside it.
            let seen = student.as_ref().ok().or_else(|| self.by_id[class].get(line.id.as_str())).copied();
            if let Some(seen) = seen {
                let place = (group.as_ref().copied().unwrap_or_default(), line.place.clone());
                let first = wished.entry(class).or_default().insert(seen, place);
                faults.extend(first.filter(|_| student.is_ok()).map(|(_, first)| refusal::twice(line, &first)));
            }
            faults.extend([student.err(), group.err()].into_iter().flatten().flat_map(|found| found.0));
        }
    }

    /// The class that most of these lines are about; none where no or several classes are.
    fn most_like(&self, lines: &[&Line]) -> Option<usize> {
        let like = |class: usize| lines.iter().filter(|line| self.student(class, line).is_ok()).count();
        let counts: Vec<usize> = (0..self.standing.len()).map(like).collect();
        let most = counts.iter().copied().max().filter(|most| *most > 0)?;
        let mut best = (0..counts.len()).filter(|&class| counts[class] == most);
        best.next().filter(|_| best.next().is_none())
    }

    /// The student of a line: by id, whose name must not be another's; else by name.
    fn student(&self, class: usize, line: &Line) -> Result<usize, Faults> {
        let roster = &self.standing[class].roster;
        let named = self.by_name[class].get(&plain(&line.name)).map(Vec::as_slice).unwrap_or_default();
        if line.id.is_empty() {
            return match named {
                [one] => Ok(*one),
                [] => Err(refusal::nobody(line, &self.standing[class].class).into()),
                _ => Err(refusal::several(line).into()),
            };
        }
        let Some(&student) = self.by_id[class].get(line.id.as_str()) else {
            return Err(refusal::nobody(line, &self.standing[class].class).into());
        };
        let name = &roster.students[student].name;
        let same = line.name.is_empty() || name.is_empty() || named.contains(&student);
        if same { Ok(student) } else { Err(refusal::another_name(line).into()) }
    }

    /// The group of a line: the column of groups and the one of their names may both be there, and whoever edited may have
    /// written into either.
    fn group(&self, class: usize, line: &Line) -> Result<usize, Faults> {
        let known = || self.standing[class].document.groups.iter().map(|group| group.id.clone()).collect::<Vec<_>>();
        let find = |written: &str| {
            self.labels[class].group(written).map_err(|why| match why {
                NoGroup::Unknown => Faults::from(refusal::no_group(line, written, &known())),
                NoGroup::Several => refusal::several_groups(line, written, &known()).into(),
            })
        };
        match (line.group.is_empty(), line.group_name.is_empty()) {
            (true, true) => Err(refusal::without_group(line).into()),
            (false, true) => find(&line.group),
            (true, false) => find(&line.group_name),
            (false, false) => {
                let (group, named) = (find(&line.group)?, find(&line.group_name)?);
                let before = self.student(class, line).ok().map(|student| self.groups_of(class)[student]);
                match (group == named, before) {
                    (true, _) => Ok(group),
                    (false, Some(before)) if before == group => Ok(named),
                    (false, Some(before)) if before == named => Ok(group),
                    (false, _) => Err(refusal::two_groups(line).into()),
                }
            }
        }
    }

    /// The groups of all students of a class, or who is missing.
    fn whole(
        &self,
        class: usize,
        wished: &HashMap<usize, Wished>,
        file: &str,
        faults: &mut Vec<Fault>,
    ) -> Option<Vec<usize>> {
        let students = &self.standing[class].roster.students;
        let missing: Vec<String> = (0..students.len())
            .filter(|student| !wished.contains_key(student))
            .map(|student| format!("{} {}", students[student].id, students[student].name))
            .collect();
        if missing.is_empty() {
            return Some((0..students.len()).map(|student| wished[&student].0).collect());
        }
        faults.push(refusal::missing(file, &self.standing[class].class, &missing));
        None
    }

    /// Whoever edits a class's workbook may move names on the sheet that is put up instead of the list: where the list is as it
    /// was, that sheet says what shall be.
    fn boards(&self, edited: &Edited, answer: &mut Answer, faults: &mut Vec<Fault>) {
        let [class] = answer.keys().copied().collect::<Vec<_>>()[..] else { return };
        let before = self.groups_of(class);
        for board in &edited.boards {
            let Some(seen) = self.board(class, board) else { continue };
            let listed = answer[&class] == before;
            if seen == before || seen == answer[&class] {
                continue;
            }
            if listed {
                answer.insert(class, seen);
            } else {
                faults.push(refusal::two_sheets(&board[0].place, &self.standing[class].class));
            }
        }
    }

    /// The groups by a sheet with groups side by side; none where it does not hold every student once.
    fn board(&self, class: usize, cells: &[Cell]) -> Option<Vec<usize>> {
        let mut under: HashMap<usize, usize> = HashMap::new();
        let mut groups = vec![None; self.standing[class].roster.students.len()];
        for cell in cells {
            if let Ok(group) = self.labels[class].group(&cell.text) {
                under.insert(cell.column, group);
            } else if let Some(&group) = under.get(&cell.column)
                && let Some([student]) = self.by_name[class].get(&plain(&cell.text)).map(Vec::as_slice)
                && groups[*student].replace(group).is_some()
            {
                return None;
            }
        }
        groups.into_iter().collect()
    }
}
