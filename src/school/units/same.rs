//! Lists of the same students: marks beside a list of names are read with it, and a list that stands there twice is told.

use crate::fault::Notice;
use crate::roster::{Field, Override, Roster, key};
use crate::school::sources::Source;
use crate::words;
use std::collections::{HashMap, HashSet};

/// Who is in a list.
#[derive(Debug, Default)]
pub(super) struct People {
    ids: HashSet<String>,
    names: HashSet<String>,
}

/// What the lists of a school are to each other.
#[derive(Debug)]
pub(super) struct Told {
    /// Of each list the numbers of those that tell more of its students.
    pub(super) others: Vec<Vec<usize>>,
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
    let mut told = Told { others: vec![Vec::new(); sources.len()], notices: Vec::new() };
    let mut pairs = candidates(people);
    pairs.sort_by_key(|&(list, other)| (people[list].count(), list, other));
    let mut taken: HashSet<usize> = HashSet::new();
    for (list, other) in pairs {
        if taken.contains(&list) || !told.others[other].is_empty() {
            continue;
        }
        let (a, b) = (&sources[list], &sources[other]);
        let (first, second) = (&a.shown, &b.shown);
        let place = second.clone();
        if a.is_told_more_by(b, overrides) {
            told.others[list].push(other);
            taken.insert(other);
            let message = words!("写的也是 {first} 的学生，和它合在一起读", "it tells more of the students of {first} and was read with it");
            told.notices.push(Notice { code: "lists_joined", place, message });
        } else if !people[list].names.is_empty() && people[list].names == people[other].names {
            let message = words!(
                "和 {first} 是同样的学生，仍按两个班分组；只要一个班时请去掉一份",
                "it has the same students as {first}; both were divided; take one away if they are one class"
            );
            told.notices.push(Notice { code: "lists_alike", place, message });
        }
    }
    told
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
