//! Who joins and who leaves, as offices write it: by id or by name, with the class in any usual spelling.

use crate::roster::class_name::ClassIndex;
use crate::roster::{Field, Roster, key};
use crate::school::standing::Standing;
use std::collections::HashSet;

/// Signs between people.
const SIGNS: [char; 7] = [',', '，', '、', ';', '；', '\n', '\t'];
/// Signs between a class and a student.
const BETWEEN: [char; 8] = ['/', '／', '-', '—', ' ', '\u{3000}', ':', '：'];

/// The people who are named, several of whom may stand in one text.
pub(super) fn parted(written: &[String], standing: &[&Standing], known: (&[String], &ClassIndex)) -> Vec<String> {
    let parts = |text: &String| -> Vec<String> {
        if !text.contains(SIGNS) || !homes(standing, known, text).is_empty() {
            return vec![text.clone()];
        }
        text.split(SIGNS).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    written.iter().flat_map(parts).collect()
}

/// The classes and ids that a text can mean: an id, else a name; with the class before it, in that class alone. Names and index of
/// the classes are in one order.
pub(super) fn homes(
    standing: &[&Standing],
    (names, index): (&[String], &ClassIndex),
    written: &str,
) -> Vec<(String, String)> {
    let written = written.trim();
    let plain = by_id_or_name(standing, written);
    if !plain.is_empty() {
        return plain;
    }
    let cuts = written.char_indices().filter(|(at, c)| *at > 0 && BETWEEN.contains(c));
    let inside = |(at, sign): (usize, char)| {
        let (head, rest) = (&written[..at], &written[at + sign.len_utf8()..]);
        let class = index.class(head)?;
        let class: Vec<&Standing> =
            standing.iter().copied().filter(|standing| Some(&standing.class) == names.get(class)).collect();
        Some(by_id_or_name(&class, rest)).filter(|found| !found.is_empty())
    };
    let mut cuts: Vec<(usize, char)> = cuts.collect();
    cuts.reverse();
    cuts.into_iter().find_map(inside).unwrap_or_default()
}

fn by_id_or_name(standing: &[&Standing], text: &str) -> Vec<(String, String)> {
    let wanted = key(text);
    let all = || {
        let students = |standing: &&Standing| {
            let class = standing.class.clone();
            let of = move |student: &crate::roster::Student| (class.clone(), student.id.clone(), student.name.clone());
            standing.roster.students.iter().map(of).collect::<Vec<_>>()
        };
        standing.iter().flat_map(students)
    };
    let found = |is: &dyn Fn(&str, &str) -> bool| {
        all().filter(|(_, id, name)| is(id, name)).map(|(class, id, _)| (class, id)).collect::<Vec<_>>()
    };
    let by_id = found(&|id, _| id == text.trim());
    if by_id.is_empty() { found(&|_, name| !wanted.is_empty() && key(name) == wanted) } else { by_id }
}

/// The class that somebody joins: by any usual spelling, by the title of the list, or the only one.
pub(super) fn class(written: &str, joined: Option<&Roster>, index: &ClassIndex) -> Option<usize> {
    let titled = joined.and_then(|joined| joined.titled.as_deref()).unwrap_or_default();
    let written = if written.is_empty() { titled } else { written };
    if written.is_empty() { index.only() } else { index.class(written) }
}

/// A list of students who join; of a list without ids everybody gets a number that nobody has.
pub(super) fn numbered(joined: &Roster, standing: &[Standing]) -> Roster {
    let mut joined = joined.clone();
    if joined.column(&Field::Id).is_some() {
        return joined;
    }
    let ids = standing.iter().flat_map(|standing| &standing.roster.students).map(|student| student.id.clone());
    let taken: HashSet<String> = ids.collect();
    let free = (1_usize..).map(|number| number.to_string()).filter(|number| !taken.contains(number));
    for (student, id) in joined.students.iter_mut().zip(free) {
        student.id = id;
    }
    joined
}
