//! Lists of the same students: marks beside a list of names are read with it, and a list that stands there twice is told.

use crate::fault::{Fault, Notice};
use crate::roster::{Field, Override, Roster, Student, key, sha256};
use crate::school::sources::Source;
use crate::school::trouble::Trouble;
use crate::words;
use std::collections::{HashMap, HashSet};

/// Who is in a list.
#[derive(Debug, Default)]
pub(super) struct People {
    ids: HashSet<String>,
    names: HashSet<String>,
    /// Everybody's id and name, of a list that has both.
    both: HashSet<(String, String)>,
    /// Digest of all that is said of everybody, in any order.
    digest: String,
}

/// Code of the question about lists that hold mostly the same students.
const SAME_STUDENTS: &str = "lists_same_students";
/// Most students of several lists who are named.
const NAMED: usize = 12;

/// Code of the reader's doubt about people of another file who are not in the list.
const NOT_IN_LIST: &str = "join_unknown";

/// What else is read with a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Others {
    /// Numbers of the lists that tell more of its students.
    pub(super) lists: Vec<usize>,
    /// Whether everybody in them stands in some list that they are read with.
    all_known: bool,
}

impl Others {
    /// Reads the list of this number with the others.
    pub(super) fn read(&self, list: usize, sources: &[Source], overrides: &[Override]) -> Result<Roster, Trouble> {
        let others: Vec<&Source> = self.lists.iter().map(|&other| &sources[other]).collect();
        let mut said = overrides.to_vec();
        said.extend(self.all_known.then(|| Override::Accept(NOT_IN_LIST.to_owned())));
        sources[list].read_with(&others, &said)
    }
}

/// What the lists of a school are to each other.
#[derive(Debug)]
pub(super) struct Told {
    /// What is read with each list.
    pub(super) others: Vec<Others>,
    /// Numbers of the lists that say the same as another.
    pub(super) copies: Vec<usize>,
    /// Lists that may be of the same students, by number.
    pub(super) refused: Vec<(usize, Fault)>,
    pub(super) notices: Vec<Notice>,
}

impl People {
    pub(super) fn of(roster: &Roster) -> Self {
        let has = |field| roster.column(&field).is_some();
        let ids = roster.students.iter().filter(|_| has(Field::Id)).map(|student| student.id.clone());
        let names = roster.students.iter().map(|student| key(&student.name)).filter(|name| !name.is_empty());
        let numbered = roster.students.iter().filter(|_| has(Field::Id) && has(Field::Name));
        let both = numbered.map(|student| (student.id.clone(), key(&student.name))).collect();
        Self { ids: ids.collect(), names: names.collect(), both, digest: digest(roster) }
    }

    fn count(&self) -> usize {
        self.ids.len().max(self.names.len())
    }

    /// The texts by which two lists are compared: names, and ids where one has none.
    fn keys<'a>(&'a self, other: &Self) -> &'a HashSet<String> {
        if self.names.is_empty() || other.names.is_empty() { &self.ids } else { &self.names }
    }

    /// Whether most students of the shorter list may be in the other too.
    fn may_be(&self, other: &Self) -> bool {
        let (own, others) = (self.keys(other), other.keys(self));
        let fewer = own.len().min(others.len());
        fewer > 1 && 10 * own.intersection(others).count() >= 6 * fewer
    }

    /// Whether those of one name mostly have other numbers, or nobody has a name: classes may be numbered alike.
    fn may_be_others(&self, other: &Self) -> bool {
        if self.names.is_empty() || other.names.is_empty() {
            return true;
        }
        let named = self.names.intersection(&other.names).count();
        let same = self.both.intersection(&other.both).count();
        !self.both.is_empty() && !other.both.is_empty() && 2 * same < named
    }
}

/// Digest of what a list says of its students, whatever their order.
fn digest(roster: &Roster) -> String {
    let line = |(s, student): (usize, &Student)| {
        let cells = roster.columns.iter().map(|column| format!("{}={:?}", column.header, column.cells[s]));
        let mut cells: Vec<String> = cells.collect();
        cells.sort();
        format!("{}/{}/{}", student.name, student.class, cells.join("/"))
    };
    let mut lines: Vec<String> = roster.students.iter().enumerate().map(line).collect();
    lines.sort();
    sha256(lines.join("\n").as_bytes())
}

/// Finds the lists of the same students. The shorter list is the class, and of two alike the first: a list of the marks of a whole
/// grade tells more of every class.
pub(super) fn same_students(sources: &[Source], people: &[&People], overrides: &[Override]) -> Told {
    let others = vec![Others::default(); sources.len()];
    let mut told = Told { others, copies: Vec::new(), refused: Vec::new(), notices: Vec::new() };
    let mut pairs = candidates(people);
    pairs.sort_by_key(|&(list, other)| (people[list].count(), list, other));
    let is_accepted = overrides.iter().any(|said| *said == Override::Accept(SAME_STUDENTS.to_owned()));
    let mut taken: HashSet<usize> = HashSet::new();
    for (list, other) in pairs {
        let is_gone = taken.contains(&list) || told.copies.contains(&other);
        if is_gone || !told.others[other].lists.is_empty() {
            continue;
        }
        let (a, b) = (&sources[list], &sources[other]);
        let (first, second) = (&a.shown, &b.shown);
        let place = second.clone();
        if a.is_told_more_by(b, overrides) {
            told.others[list].lists.push(other);
            taken.insert(other);
            let message = words!(
                "写的也是 {first} 的学生，和它合在一起读",
                "it tells more of the students of {first} and was read with it"
            );
            told.notices.push(Notice { code: "lists_joined", place, message });
        } else if people[list].digest == people[other].digest {
            // A copy has more in its name.
            let longer = |at: usize| sources[at].label.chars().count();
            let (kept, copy) = if longer(other) < longer(list) { (other, list) } else { (list, other) };
            taken.insert(copy);
            told.copies.push(copy);
            let first = &sources[kept].shown;
            let message = words!(
                "和 {first} 内容相同，只用一份",
                "it has the same students as {first} and says the same; one of the two was taken"
            );
            told.notices.push(Notice { code: "lists_alike", place: sources[copy].shown.clone(), message });
        } else if people[list].may_be_others(people[other]) {
            // Other students who have the same names, or seat numbers alone.
        } else if is_accepted {
            let message = words!(
                "和 {first} 大多是同样的学生，按您的要求两份都分组",
                "it has mostly the same students as {first}; both were divided, as you said"
            );
            told.notices.push(Notice { code: SAME_STUDENTS, place, message });
        } else {
            told.refused.push((list, same_people(first, second)));
            told.refused.push((other, same_people(second, first)));
        }
    }
    let left = |list: &usize| !taken.contains(list) && told.refused.iter().all(|(refused, _)| refused != list);
    let lists: Vec<usize> = (0..people.len()).filter(left).collect();
    told.notices.extend(in_several(sources, people, &lists));
    let known: HashSet<usize> = taken.into_iter().filter(|&other| all_known(other, &told.others, people)).collect();
    for others in &mut told.others {
        others.all_known = !others.lists.is_empty() && others.lists.iter().all(|other| known.contains(other));
    }
    told
}

fn same_people(list: &str, other: &str) -> Fault {
    Fault {
        code: SAME_STUDENTS,
        place: list.to_owned(),
        found: words!("大多是 {other} 里也有的学生", "mostly students whom {other} has too"),
        expected: words!("每名学生只在一份名册里", "every student in one list"),
        action: words!(
            "请去掉旧的一份；确实是两个班时请用 --accept-reading={SAME_STUDENTS}",
            "take the old one away; where they are two classes say --accept-reading={SAME_STUDENTS}"
        ),
    }
}

/// Tells students of one number and name who stand in several lists that are divided each by itself.
fn in_several(sources: &[Source], people: &[&People], lists: &[usize]) -> Option<Notice> {
    let mut holders: HashMap<&(String, String), usize> = HashMap::new();
    let mut again: Vec<(&str, usize, usize)> = Vec::new();
    // Seat numbers come again in every class.
    let is_number = |id: &str| id.len() > 2 || id.contains(|c: char| !c.is_ascii_digit());
    for &list in lists {
        for who in people[list].both.iter().filter(|(id, name)| is_number(id) && !name.is_empty()) {
            match holders.insert(who, list) {
                Some(first) if !people[first].may_be(people[list]) => again.push((&who.1, first, list)),
                _ => {}
            }
        }
    }
    again.sort_unstable();
    let &(_, first, second) = again.first()?;
    let (n, mut names) = (again.len(), again.iter().map(|(name, ..)| *name).take(NAMED).collect::<Vec<_>>().join("、"));
    if n > NAMED {
        names.push('…');
    }
    let other = &sources[first].shown;
    let message = words!(
        "{n} 名学生学号、姓名都相同，又在 {other} 等另一份名册里：{names}；两边都分了组，请核对",
        "students who stand with the same id and name in another list too, such as {other}: {n} ({names}); they were grouped in both; please check"
    );
    Some(Notice { code: "students_twice", place: sources[second].shown.clone(), message })
}

/// Whether everybody in a list stands in one that it is read with.
fn all_known(other: usize, others: &[Others], people: &[&People]) -> bool {
    let lists = || (0..people.len()).filter(|&list| others[list].lists.contains(&other)).map(|list| people[list]);
    let own = people[other];
    let has_names = !own.names.is_empty() && lists().all(|list| !list.names.is_empty());
    if has_names {
        own.names.iter().all(|who| lists().any(|list| list.names.contains(who)))
    } else {
        own.ids.iter().all(|who| lists().any(|list| list.ids.contains(who)))
    }
}

/// Pairs of lists that may be of the same students, the one with fewer first.
fn candidates(people: &[&People]) -> Vec<(usize, usize)> {
    let mut holders: HashMap<&str, Vec<usize>> = HashMap::new();
    for (list, people) in people.iter().enumerate() {
        people.names.iter().for_each(|name| holders.entry(name).or_default().push(list));
    }
    let of_one_name = holders.into_values().flat_map(|lists| {
        let pair = |(at, &a): (usize, &usize)| lists[at + 1..].iter().map(move |&b| (a, b)).collect::<Vec<_>>();
        lists.iter().enumerate().flat_map(pair).collect::<Vec<_>>()
    });
    let all = 0..people.len();
    let nameless = all.clone().filter(|&a| people[a].names.is_empty());
    let with_nameless = nameless.flat_map(|a| all.clone().filter(move |&b| a != b).map(move |b| (a.min(b), a.max(b))));
    let pairs: HashSet<(usize, usize)> = of_one_name.chain(with_nameless).collect();
    let ordered = |(a, b): (usize, usize)| if people[b].count() < people[a].count() { (b, a) } else { (a, b) };
    pairs.into_iter().filter(|&(a, b)| people[a].may_be(people[b])).map(ordered).collect()
}
