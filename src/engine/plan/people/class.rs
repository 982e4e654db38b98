//! The students of one class against its old class, and where needed against all others.

use super::home::{Home, home};
use super::tell::Why;
use super::{Fate, Today};
use crate::plan::last::LastSemester;
use std::collections::HashMap;

/// A fate, and why where that is to be told.
type Told = (Fate, Option<Why>);

/// One of today's classes.
pub(super) struct Class<'a> {
    last: &'a LastSemester,
    today: &'a Today<'a>,
    /// Its students.
    pub(super) members: Vec<usize>,
    /// Its old class.
    pub(super) home: Option<usize>,
    known: Home,
    /// Namesakes of then and of now.
    then: HashMap<&'a str, Vec<usize>>,
    now: HashMap<&'a str, Vec<usize>>,
    /// Ids of then and of now; empty where they say nothing.
    ids_then: HashMap<&'a str, usize>,
    ids_now: HashMap<&'a str, usize>,
    trust: Trust,
}

/// What ids say within a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trust {
    /// No one's id went to another name: ids tell namesakes apart.
    Whole,
    /// Some did: an id says something with the name alone.
    Some,
    /// Most did, or there are none: names alone.
    None,
}

impl<'a> Class<'a> {
    pub(super) fn new(last: &'a LastSemester, today: &'a Today<'a>, name: &str, members: Vec<usize>) -> Self {
        let known = home(last, today, name, &members);
        let mut class = Self {
            last,
            today,
            home: known.at,
            known,
            then: HashMap::new(),
            now: HashMap::new(),
            ids_then: HashMap::new(),
            ids_now: HashMap::new(),
            trust: Trust::None,
            members,
        };
        for &s in class.members.iter().filter(|&&s| !today.keys[s].is_empty()) {
            class.now.entry(&today.keys[s]).or_default().push(s);
        }
        if let Some(home) = class.home.map(|home| &last.classes[home]) {
            for p in home.people.clone().filter(|&p| !last.keys[p].is_empty()) {
                class.then.entry(&last.keys[p]).or_default().push(p);
            }
            if today.shares(&home.ids) {
                let ids = home.people.clone().filter(|&p| !last.people[p].id.is_empty());
                class.ids_then = ids.map(|p| (last.people[p].id.as_str(), p)).collect();
                class.ids_now = class.members.iter().map(|&s| (today.id(s), s)).collect();
                class.trust = class.trust();
            }
        }
        class
    }

    /// Ids are weighed by how many are with their names and how many names are under another id.
    fn trust(&self) -> Trust {
        let agrees = |s: &&usize| self.by_id(**s).is_some_and(|p| self.agree(**s, p));
        let displaced = |s: &&usize| {
            let (then, now) = self.namesakes(**s);
            matches!((then, now), ([p], [_]) if ![self.today.id(**s), ""].contains(&self.last.people[*p].id.as_str()))
        };
        let (agree, displaced) =
            (self.members.iter().filter(agrees).count(), self.members.iter().filter(displaced).count());
        match displaced {
            0 => Trust::Whole,
            _ if displaced > agree => Trust::None,
            _ => Trust::Some,
        }
    }

    /// Who had the student's id.
    fn by_id(&self, s: usize) -> Option<usize> {
        self.ids_then.get(self.today.id(s)).copied()
    }

    /// Whether the names are one, as far as there are any.
    fn agree(&self, s: usize, p: usize) -> bool {
        let (now, then) = (&self.today.keys[s], &self.last.keys[p]);
        now == then || now.is_empty() || then.is_empty()
    }

    /// All of a student's name, then and now.
    fn namesakes(&self, s: usize) -> (&[usize], &[usize]) {
        let key = self.today.keys[s].as_str();
        (self.then.get(key).map_or(&[], Vec::as_slice), self.now.get(key).map_or(&[], Vec::as_slice))
    }

    /// Who the student was.
    pub(super) fn fate(&self, s: usize, keep: bool) -> Told {
        let told = match self.home {
            Some(_) => self.at_home(s),
            None if keep => return self.without_home(s),
            None => (Fate::New, None),
        };
        // A new mix looks further: whoever comes from another class brings the old partners along.
        if told.0 != Fate::New || keep {
            return told;
        }
        let elsewhere = self.elsewhere(s);
        if elsewhere.0 == Fate::New { told } else { elsewhere }
    }

    fn at_home(&self, s: usize) -> Told {
        let (then, now) = self.namesakes(s);
        match self.by_id(s).filter(|_| self.trust != Trust::None) {
            Some(p) if self.agree(s, p) && (then.len() < 2 && now.len() < 2 || self.trust == Trust::Whole) => {
                let nameless = self.today.keys[s].is_empty() || self.last.keys[p].is_empty();
                let why = if nameless {
                    Some(Why::ById)
                } else {
                    Some(Why::ByIdOfNamesakes).filter(|_| then.len() + now.len() > 2)
                };
                (Fate::Was(p), why)
            }
            _ => self.by_name(s),
        }
    }

    fn by_name(&self, s: usize) -> Told {
        if self.today.keys[s].is_empty() {
            let is_told = !self.ids_then.is_empty() && self.trust != Trust::None;
            return if is_told { (Fate::New, None) } else { (Fate::Unclear, Some(Why::Nameless)) };
        }
        let (then, now) = self.namesakes(s);
        // Those whom ids tell apart are out of the question.
        let is_apart = |s: usize| self.trust == Trust::Whole && self.by_id(s).is_some_and(|p| self.agree(s, p));
        let mut then: Vec<usize> = then.to_vec();
        then.retain(|&p| !self.ids_now.get(self.last.people[p].id.as_str()).is_some_and(|&s| is_apart(s)));
        let mut now: Vec<usize> = now.to_vec();
        now.retain(|&s| !is_apart(s));
        match (then.as_slice(), now.as_slice()) {
            ([], _) => self.stranger(s),
            ([p], [_]) => self.only(s, *p),
            _ => self.by_gender(s, then, now),
        }
    }

    /// Of several of one name, the only one of a gender.
    fn by_gender(&self, s: usize, mut then: Vec<usize>, mut now: Vec<usize>) -> Told {
        let gender = self.today.gender(s);
        let all = then.iter().all(|&p| !self.last.people[p].gender.is_empty())
            && now.iter().all(|&s| !self.today.gender(s).is_empty());
        then.retain(|&p| self.last.people[p].gender == gender);
        now.retain(|&s| self.today.gender(s) == gender);
        match (then.as_slice(), now.as_slice()) {
            _ if !all => (Fate::Unclear, Some(Why::Namesakes)),
            ([], _) => (Fate::New, None),
            ([p], [_]) => self.only(s, *p),
            _ => (Fate::Unclear, Some(Why::Namesakes)),
        }
    }

    /// The only one of the name then and now.
    fn only(&self, s: usize, p: usize) -> Told {
        let (past, id) = (&self.last.people[p], self.today.id(s));
        let gender = self.today.gender(s);
        if !gender.is_empty() && !past.gender.is_empty() && gender != past.gender {
            return (Fate::Unclear, Some(Why::Gender));
        }
        if !self.known.is_half {
            return (Fate::Unclear, Some(Why::Few));
        }
        if self.ids_then.is_empty() || past.id.is_empty() || past.id == id {
            return (Fate::Was(p), None);
        }
        // Where the ids are somebody else's today or were then, they were dealt anew.
        let dealt =
            self.trust == Trust::None || self.ids_then.contains_key(id) || self.ids_now.contains_key(past.id.as_str());
        if dealt { (Fate::Was(p), Some(Why::OtherId(p))) } else { (Fate::Unclear, Some(Why::OtherId(p))) }
    }

    /// Nobody of the old class had the name.
    fn stranger(&self, s: usize) -> Told {
        let Some(p) = self.by_id(s).filter(|_| self.trust != Trust::None) else { return (Fate::New, None) };
        let is_gone = !self.now.contains_key(self.last.keys[p].as_str());
        let fate = if is_gone && alike(&self.today.keys[s], &self.last.keys[p]) { Fate::Unclear } else { Fate::New };
        (fate, Some(Why::OtherName(p)))
    }

    /// Where no class is theirs for certain: whoever is in one that may be is unclear.
    fn without_home(&self, s: usize) -> Told {
        let found = self.namesakes_anywhere(s).chain(self.same_id_anywhere(s));
        let mut classes = found.map(|p| self.last.class_of[p]);
        if classes.any(|class| self.known.perhaps.contains(&class)) {
            (Fate::Unclear, Some(Why::Class))
        } else {
            (Fate::New, None)
        }
    }

    /// In any other class.
    fn elsewhere(&self, s: usize) -> Told {
        let away = |p: &usize| Some(self.last.class_of[*p]) != self.home;
        let same: Vec<usize> = self.same_id_anywhere(s).filter(away).collect();
        match same.as_slice() {
            [] => {}
            [p] => return (Fate::Was(*p), None),
            _ => return (Fate::Unclear, Some(Why::Elsewhere)),
        }
        let gender = self.today.gender(s);
        let fits = |p: &usize| {
            let then = &self.last.people[*p].gender;
            gender.is_empty() || then.is_empty() || then == gender
        };
        let named: Vec<usize> = self.namesakes_anywhere(s).filter(away).filter(fits).collect();
        let alone = self.now.get(self.today.keys[s].as_str()).is_some_and(|now| now.len() == 1);
        match named.as_slice() {
            [] => (Fate::New, None),
            _ if self.today.has_ids && self.last.ids_are_personal() => (Fate::New, None),
            [p] if self.home.is_none() && self.known.is_known && alone => (Fate::Was(*p), None),
            _ => (Fate::Unclear, Some(Why::Elsewhere)),
        }
    }

    fn namesakes_anywhere(&self, s: usize) -> impl Iterator<Item = usize> {
        self.last.by_name.get(&self.today.keys[s]).into_iter().flatten().copied()
    }

    /// Those of the student's id whose name agrees, where their ids say something.
    fn same_id_anywhere(&self, s: usize) -> impl Iterator<Item = usize> {
        let found = self.last.by_id.get(self.today.id(s)).into_iter().flatten().copied();
        found.filter(move |&p| self.today.shares(&self.last.classes[self.last.class_of[p]].ids) && self.agree(s, p))
    }
}

/// Whether one name may be the other, written wrongly or anew: half of the signs are the same.
fn alike(a: &str, b: &str) -> bool {
    let (long, short) = if a.chars().count() < b.chars().count() { (b, a) } else { (a, b) };
    let common = short.chars().filter(|&sign| long.contains(sign)).count();
    2 * common >= long.chars().count()
}
