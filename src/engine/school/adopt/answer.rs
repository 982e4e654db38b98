//! What an edited list says: the group of every student of its classes, or all that is wrong with it.

use super::super::standing::Standing;
use super::board::Seen;
use super::classes::{Classes, Told, plain};
use super::edited::{self, Cell, Edited, Line};
use super::refusal;
use crate::fault::{Fault, Faults, Notice};
use std::collections::{BTreeMap, HashMap};

/// What shall be in each class, by number among those that stand.
pub(super) type Answer = BTreeMap<usize, Wanted>;

/// What shall be in a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// The group of each student, by number.
    pub(super) groups: Vec<usize>,
    /// New names of groups, each with its place.
    pub(super) names: BTreeMap<usize, (String, String)>,
}

/// A student's group with the place where it is written.
type Wished = (usize, String);

/// Names of groups that no group has, by class and group, each with its place.
type Written = BTreeMap<(usize, usize), Vec<(String, String)>>;

/// Reads what shall be; classes in which nothing changes are left out.
pub(super) fn answer(edited: &Edited, standing: &[Standing], file: &str) -> Result<(Answer, Option<Notice>), Faults> {
    let classes = Classes::of(standing);
    let mut told = Told::default();
    let mut wished: BTreeMap<usize, HashMap<usize, Wished>> = BTreeMap::new();
    let mut written = Written::default();
    for list in &edited.lists {
        classes.take_list(list, file, (&mut wished, &mut written), &mut told);
    }
    let mut answer = Answer::new();
    for (class, wished) in wished {
        if let Some(groups) = classes.whole(class, &wished, file, &mut told.faults) {
            let names = classes.new_names(class, &groups, &written, &mut told);
            answer.insert(class, Wanted { groups, names });
        }
    }
    if told.faults.is_empty() {
        classes.boards(edited, &mut answer, &mut told);
    }
    if answer.is_empty() && told.faults.is_empty() {
        told.faults.push(edited::no_list(file, &edited.first_row));
    }
    classes.one_name_each(&answer, &mut told);
    answer.retain(|&class, wanted| *wanted != classes.as_it_is(class));
    if told.faults.is_empty() { Ok((answer, told.notice())) } else { Err(Faults(told.faults)) }
}

impl Classes<'_> {
    fn take_list(
        &self,
        list: &[Line],
        file: &str,
        (wished, written): (&mut BTreeMap<usize, HashMap<usize, Wished>>, &mut Written),
        told: &mut Told,
    ) {
        let names: Vec<&str> = self.standing.iter().map(|class| class.class.as_str()).collect();
        let unnamed: Vec<&Line> = list.iter().filter(|line| line.class.is_empty()).collect();
        let own = self.most_like(&unnamed);
        if own.is_none() && !unnamed.is_empty() {
            told.faults.push(refusal::whose(file, &names));
        }
        let mut taught = BTreeMap::new();
        for line in list {
            let class = if line.class.is_empty() {
                own
            } else {
                let found = names.iter().position(|name| plain(name) == plain(&line.class));
                if found.is_none() {
                    told.faults.push(refusal::no_class(line, &names));
                }
                found
            };
            let Some(class) = class else { continue };
            let (student, group) = (self.student(class, line), self.group(class, line));
            told.marked(self.named(class, &line.name).1, &line.name_place, &line.name);
            let group = group.map(|(group, new)| {
                let new = new.map(|name| (name, line.group_name_place.clone()));
                written.entry((class, group)).or_default().extend(new);
                let other = self.other_teacher(class, (student.as_ref().ok().copied(), group), line);
                if let Some(fault) = other {
                    taught.entry((class, group)).or_insert(fault);
                }
                group
            });
            // Whoever stands in a line with another fault is not missing beside it.
            let seen = student.as_ref().ok().or_else(|| self.by_id[class].get(line.id.as_str())).copied();
            if let Some(seen) = seen {
                let place = (group.as_ref().copied().unwrap_or_default(), line.place.clone());
                let first = wished.entry(class).or_default().insert(seen, place);
                told.faults.extend(first.filter(|_| student.is_ok()).map(|(_, first)| refusal::twice(line, &first)));
            }
            told.faults.extend([student.err(), group.err()].into_iter().flatten().flat_map(|found| found.0));
        }
        told.faults.extend(taught.into_values());
    }

    /// A teacher in a list who has neither the student's group of now nor the one of before.
    fn other_teacher(&self, class: usize, (student, group): (Option<usize>, usize), line: &Line) -> Option<Fault> {
        let groups = &self.standing[class].document.groups;
        let before = student.map(|student| self.groups_of(class)[student]);
        let may_be = |written: &str| {
            [Some(group), before].into_iter().flatten().any(|at| {
                let (id, name) = (groups[at].teacher.as_deref(), groups[at].teacher_name.as_deref());
                [id, name].into_iter().flatten().any(|known| plain(known) == plain(written))
                    || written.is_empty() && id.is_none()
            })
        };
        let (written, place) = line.teachers.iter().find(|(written, _)| !may_be(written))?;
        let now = groups[group].teacher_name.as_deref().or(groups[group].teacher.as_deref()).unwrap_or_default();
        Some(refusal::teacher(place, &groups[group].id, written, now))
    }

    /// New names of groups: one that stands in most rows of a group is its own, and no other is known.
    fn new_names(
        &self,
        class: usize,
        groups: &[usize],
        written: &Written,
        told: &mut Told,
    ) -> BTreeMap<usize, (String, String)> {
        let mut names = BTreeMap::new();
        for (at, group) in self.standing[class].document.groups.iter().enumerate() {
            let written = written.get(&(class, at)).map(Vec::as_slice).unwrap_or_default();
            let Some((name, place)) = written.first() else { continue };
            let rows = groups.iter().filter(|&&of| of == at).count();
            match written.iter().find(|(other, _)| other != name) {
                None if written.len() * 2 > rows => {
                    names.insert(at, (name.clone(), place.clone()));
                }
                None => told.faults.push(refusal::no_name(place, &group.id, name, &group.name)),
                Some((other, place)) => told.faults.push(refusal::no_name(place, &group.id, other, &group.name)),
            }
        }
        names
    }

    /// Two groups of a class must not get one name.
    fn one_name_each(&self, answer: &Answer, told: &mut Told) {
        for (&class, Wanted { names, .. }) in answer {
            let groups = &self.standing[class].document.groups;
            let name = |at: usize| plain(names.get(&at).map_or(groups[at].name.as_str(), |(name, _)| name));
            for (&at, (new, place)) in names {
                if (0..groups.len()).any(|other| other != at && name(other) == plain(new)) {
                    told.faults.push(refusal::one_name(place, &groups[at].id, new));
                }
            }
        }
    }

    fn as_it_is(&self, class: usize) -> Wanted {
        Wanted { groups: self.groups_of(class), names: BTreeMap::new() }
    }

    /// The class that most of these lines are about; none where no or several classes are.
    fn most_like(&self, lines: &[&Line]) -> Option<usize> {
        let like = |class: usize| lines.iter().filter(|line| self.student(class, line).is_ok()).count();
        let counts: Vec<usize> = (0..self.standing.len()).map(like).collect();
        let most = counts.iter().copied().max().filter(|most| *most > 0)?;
        let mut best = (0..counts.len()).filter(|&class| counts[class] == most);
        best.next().filter(|_| best.next().is_none())
    }

    /// The groups of all students of a class, or who is missing.
    fn whole(
        &self,
        class: usize,
        wished: &HashMap<usize, Wished>,
        file: &str,
        faults: &mut Vec<Fault>,
    ) -> Option<Vec<usize>> {
        let students = self.students(class);
        let missing: Vec<usize> = (0..students).filter(|student| !wished.contains_key(student)).collect();
        if missing.is_empty() {
            return Some((0..students).map(|student| wished[&student].0).collect());
        }
        faults.push(self.missing(class, file, missing));
        None
    }

    /// The sheets with groups side by side: where a list is as it was, or there is none, they say what shall be.
    fn boards(&self, edited: &Edited, answer: &mut Answer, told: &mut Told) {
        for board in &edited.boards {
            let listed: Vec<usize> = answer.keys().copied().collect();
            let Some(class) = self.class_of(board, &listed) else { continue };
            let Some(Seen { groups, names }) = self.board(class, board, told) else { continue };
            let before = self.as_it_is(class);
            let wanted = answer.entry(class).or_insert_with(|| before.clone());
            let place = &board[0].place;
            if wanted.groups == before.groups {
                wanted.groups = groups;
            } else if groups != before.groups && groups != wanted.groups {
                told.faults.push(refusal::two_sheets(place, &self.standing[class].class));
            }
            for (group, (name, place)) in names {
                let first = wanted.names.entry(group).or_insert_with(|| (name.clone(), place.clone()));
                if plain(&first.0) != plain(&name) {
                    told.faults.push(refusal::two_sheets(&place, &self.standing[class].class));
                }
            }
        }
    }

    /// The class most of whose students a sheet names; one of those with a list, where there are lists.
    fn class_of(&self, board: &[Cell], listed: &[usize]) -> Option<usize> {
        let may_be = |class: &usize| listed.is_empty() || listed.contains(class);
        let count = |&class: &usize| board.iter().filter(|cell| !self.named(class, &cell.text).0.is_empty()).count();
        let classes = (0..self.standing.len()).filter(may_be);
        classes.max_by_key(|class| (count(class), std::cmp::Reverse(*class))).filter(|class| count(class) > 0)
    }
}
