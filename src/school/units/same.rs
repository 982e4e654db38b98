//! Lists of the same students: marks beside a list of names are read with it, and a list that stands there twice is told.

use crate::fault::Notice;
use crate::roster::{Field, Override, Roster, key};
use crate::school::sources::Source;
use crate::school::trouble::Trouble;
use crate::words;
use std::collections::{HashMap, HashSet};

/// Who is in a list.
#[derive(Debug, Default)]
pub(super) struct People {
    ids: HashSet<String>,
    names: HashSet<String>,
}

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
    pub(super) notices: Vec<Notice>,
}

impl People {
    pub(super) fn of(roster: &Roster) -> Self {
        let has = |field| roster.column(&field).is_some();
        let ids = roster.students.iter().filter(|_| has(Field::Id)).map(|student| student.id.clone());
        let names = roster.students.iter().map(|student| key(&student.name)).filter(|name| !name.is_empty());
        Self { ids: ids.collect(), names: names.collect() }
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
}

/// Finds the lists of the same students. The shorter list is the class, and of two alike the first: a list of the marks of a whole
/// grade tells more of every class.
pub(super) fn same_students(sources: &[Source], people: &[&People], overrides: &[Override]) -> Told {
    let mut told = Told { others: vec![Others::default(); sources.len()], notices: Vec::new() };
    let mut pairs = candidates(people);
    pairs.sort_by_key(|&(list, other)| (people[list].count(), list, other));
    let mut taken: HashSet<usize> = HashSet::new();
    for (list, other) in pairs {
        if taken.contains(&list) || !told.others[other].lists.is_empty() {
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
        } else if !people[list].names.is_empty() && people[list].names == people[other].names {
            let message = words!(
                "和 {first} 是同样的学生，仍按两个班分组；只要一个班时请去掉一份",
                "it has the same students as {first}; both were divided; take one away if they are one class"
            );
            told.notices.push(Notice { code: "lists_alike", place, message });
        }
    }
    let known: HashSet<usize> = taken.into_iter().filter(|&other| all_known(other, &told.others, people)).collect();
    for others in &mut told.others {
        others.all_known = !others.lists.is_empty() && others.lists.iter().all(|other| known.contains(other));
    }
    told
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
