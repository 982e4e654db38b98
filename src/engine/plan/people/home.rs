//! The old class of a class: the one whose people are in it, whatever either is called.

use super::Today;
use crate::plan::last::{Ids, LastSemester};
use crate::roster::key;

/// What is known of a class's old class.
#[derive(Debug, Default)]
pub(super) struct Home {
    /// The class.
    pub(super) at: Option<usize>,
    /// Whether so many are in it that a name alone says who is who: half of then or half of now.
    pub(super) is_half: bool,
    /// Where there is none: classes that it may be.
    pub(super) perhaps: Vec<usize>,
    /// Whether at least half of the students are somewhere in last semester.
    pub(super) is_known: bool,
}

/// How many students of a class an old class has.
#[derive(Clone, Copy, Default)]
struct Count {
    /// By name; by id where then or now there is none.
    all: usize,
    /// By id and name; by id alone where it is the list's very own.
    sure: usize,
}

/// Finds it: the class of the same name if half of the students are in it, else the one that has most of them.
pub(super) fn home(last: &LastSemester, today: &Today<'_>, name: &str, members: &[usize]) -> Home {
    let (counts, known) = counts(last, today, members);
    let is_known = 2 * known >= members.len();
    let is_half = |c: usize| 2 * counts[c].all >= members.len().min(last.classes[c].people.len());
    let called = key(name);
    let same = (0..counts.len()).filter(|&c| counts[c].all > 0 && key(&last.classes[c].name) == called);
    let same = same.max_by_key(|&c| (counts[c].all, std::cmp::Reverse(c)));
    if let Some(at) = same.filter(|&c| 2 * counts[c].all >= members.len()) {
        return Home { at: Some(at), is_half: true, perhaps: Vec::new(), is_known };
    }
    let fits = |c: &usize| counts[*c].all > 0 && (counts[*c].sure > 0 || is_half(*c));
    let most = (0..counts.len()).filter(fits).map(|c| counts[c].all).max();
    let best: Vec<usize> = (0..counts.len()).filter(|c| fits(c) && Some(counts[*c].all) == most).collect();
    let at = match best.as_slice() {
        [one] => Some(*one),
        several => same.filter(|same| several.contains(same)),
    };
    let perhaps = if at.is_some() { Vec::new() } else { best.into_iter().chain(same).collect() };
    Home { at, is_half: at.is_some_and(is_half), perhaps, is_known }
}

/// Of each old class, and how many students are anywhere.
fn counts(last: &LastSemester, today: &Today<'_>, members: &[usize]) -> (Vec<Count>, usize) {
    let mut counts = vec![Count::default(); last.classes.len()];
    let mut known = 0;
    for &s in members {
        let (mut all, mut sure) = (Vec::new(), Vec::new());
        for &p in last.by_name.get(&today.keys[s]).into_iter().flatten() {
            let at = last.class_of[p];
            all.push(at);
            if today.shares(&last.classes[at].ids) && last.people[p].id == today.id(s) {
                sure.push(at);
            }
        }
        let by_id = last.by_id.get(today.id(s)).filter(|_| last.has_nameless || today.keys[s].is_empty());
        for &p in by_id.into_iter().flatten() {
            let at = last.class_of[p];
            let ids = &last.classes[at].ids;
            if today.shares(ids) && (today.keys[s].is_empty() || last.keys[p].is_empty()) {
                all.push(at);
                sure.extend(Some(at).filter(|_| *ids != Ids::Own));
            }
        }
        known += usize::from(!all.is_empty());
        once(all).for_each(|at| counts[at].all += 1);
        once(sure).for_each(|at| counts[at].sure += 1);
    }
    (counts, known)
}

fn once(mut classes: Vec<usize>) -> impl Iterator<Item = usize> {
    classes.sort_unstable();
    classes.dedup();
    classes.into_iter()
}
