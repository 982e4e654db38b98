//! What an edited list says: the group of every student of its classes, or all that is wrong with it.

use super::super::standing::Standing;
use super::board::Seen;
use super::edited::{self, Cell, Edited, Line};
use super::labels::{Labels, NoGroup};
use super::refusal;
use crate::fault::{Fault, Faults, Notice};
use crate::report::notice::shown_names;
use crate::words;
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

/// What is told while a list is read.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) faults: Vec<Fault>,
    /// Names with marks behind them: place and text.
    marks: Vec<(String, String)>,
}

impl Told {
    pub(super) fn marked(&mut self, marked: bool, place: &str, text: &str) {
        if marked && self.marks.iter().all(|(there, _)| there != place) {
            self.marks.push((place.to_owned(), text.to_owned()));
        }
    }

    /// Marks make no difference to groups, and are not kept.
    fn notice(self) -> Option<Notice> {
        let (count, (place, text)) = (self.marks.len(), self.marks.into_iter().next()?);
        let message = words!(
            "“{text}”等 {count} 处姓名旁的标记不影响分组，没有保存",
            "marks beside names ({count}, the first “{text}”) make no difference to groups and are not kept"
        );
        Some(Notice { code: "marks_left", place, message })
    }
}

/// A student's group with the place where it is written.
type Wished = (usize, String);

/// Names of groups that no group has, by class and group, each with its place.
type Written = BTreeMap<(usize, usize), Vec<(String, String)>>;

/// Everything that is known of the classes.
pub(super) struct Classes<'a> {
    pub(super) standing: &'a [Standing],
    pub(super) labels: Vec<Labels>,
    by_id: Vec<HashMap<&'a str, usize>>,
    by_name: Vec<HashMap<String, Vec<usize>>>,
}

/// A name as it is compared.
fn plain(name: &str) -> String {
    name.split_whitespace().collect()
}

/// The group of each student as the plan has it.
pub(super) fn groups_of(Standing { document, roster, .. }: &Standing) -> Vec<usize> {
    let of = |id: &String| document.groups.iter().position(|group| group.students.contains(id)).unwrap_or_default();
    roster.students.iter().map(|student| of(&student.id)).collect()
}

/// A name without what stands around it: `★王芳`, `王芳（组长）`.
fn without_marks(name: &str) -> &str {
    let mut name = name.trim_matches(|c: char| !c.is_alphanumeric() && !"（(【[）)】]".contains(c));
    while name.ends_with(['）', ')', '】', ']']) {
        let Some(open) = name.rfind(['（', '(', '【', '[']) else { break };
        name = name[..open].trim_end_matches(|c: char| !c.is_alphanumeric() && !"）)】]".contains(c));
    }
    name
}

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
    pub(super) fn groups_of(&self, class: usize) -> Vec<usize> {
        groups_of(&self.standing[class])
    }

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

    pub(super) fn students(&self, class: usize) -> usize {
        self.standing[class].roster.students.len()
    }

    /// The students of a name, and whether marks beside it were left out.
    pub(super) fn named(&self, class: usize, name: &str) -> (&[usize], bool) {
        let find = |name: &str| self.by_name[class].get(&plain(name)).map(Vec::as_slice);
        match find(name) {
            Some(students) => (students, false),
            None => find(without_marks(name)).map_or((&[], false), |students| (students, true)),
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
        let named = self.named(class, &line.name).0;
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
    /// written into either. A name that no group has comes back with it.
    fn group(&self, class: usize, line: &Line) -> Result<(usize, Option<String>), Faults> {
        let known = || self.standing[class].document.groups.iter().map(|group| group.id.clone()).collect::<Vec<_>>();
        let find = |written: &str| {
            self.labels[class].group(written).map_err(|why| match why {
                NoGroup::Unknown => Faults::from(refusal::no_group(line, written, &known())),
                NoGroup::Several => refusal::several_groups(line, written, &known()).into(),
            })
        };
        match (line.group.is_empty(), line.group_name.is_empty()) {
            (true, true) => Err(refusal::without_group(line).into()),
            (false, true) => Ok((find(&line.group)?, None)),
            (true, false) => Ok((find(&line.group_name)?, None)),
            (false, false) => {
                let group = find(&line.group)?;
                if plain(&self.standing[class].document.groups[group].name) == plain(&line.group_name) {
                    return Ok((group, None));
                }
                let named = match self.labels[class].group(&line.group_name) {
                    Err(NoGroup::Unknown) => return Ok((group, Some(line.group_name.clone()))),
                    _ => find(&line.group_name)?,
                };
                let before = self.student(class, line).ok().map(|student| self.groups_of(class)[student]);
                match (group == named, before) {
                    (true, _) => Ok((group, None)),
                    (false, Some(before)) if before == group => Ok((named, None)),
                    (false, Some(before)) if before == named => Ok((group, None)),
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
        let students = self.students(class);
        let missing: Vec<usize> = (0..students).filter(|student| !wished.contains_key(student)).collect();
        if missing.is_empty() {
            return Some((0..students).map(|student| wished[&student].0).collect());
        }
        faults.push(self.missing(class, file, missing));
        None
    }

    pub(super) fn missing(&self, class: usize, place: &str, missing: Vec<usize>) -> Fault {
        let Standing { class, roster, .. } = &self.standing[class];
        let who = |s: usize| format!("{} {}", roster.students[s].id, roster.students[s].name);
        refusal::missing(place, class, &missing.into_iter().map(who).collect::<Vec<_>>())
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
