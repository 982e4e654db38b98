//! Who may not belong to the list: by a column of states or roles, by remarks, by names, by the title or the sheet he stands under.
//!
//! A column of states is told by its header or by its values; most people in it have the value of those who are there, whatever it
//! is called, so that every rare other value is worth a question.

use super::remark::{says_back, says_gone};
use crate::roster::field::Part;
use crate::roster::heading;
use crate::roster::list::{Line, Whole};
use crate::roster::table::Raw;
use crate::roster::vocabulary::{self, Is};
use crate::roster::{Field, fold};
use std::collections::HashMap;

/// A column with more values is none of states.
const MOST_STATES: usize = 12;

/// So many texts of a column are counted.
const MOST_COUNTED: usize = 100;

/// How a column tells who is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tells {
    /// By a state: 在读, 休学.
    State,
    /// By what has happened to those who are gone: 转出时间, Withdrawn.
    Leaving,
    /// By a role: student, teacher.
    Role,
    /// In words of any kind.
    Remark,
    /// Only by the plain words.
    Words,
}

/// The texts of a column: how often each stands there, and the one that most people have. Of many texts only so many are counted,
/// and blank cells.
struct Texts {
    all: usize,
    counts: HashMap<String, usize>,
    usual: Option<String>,
}

impl Texts {
    fn of(whole: &Whole, column: usize) -> Self {
        let mut counts = HashMap::from([(String::new(), 0)]);
        for line in &whole.lines {
            let text = fold::key(&shown(line, column));
            if let Some(n) = counts.get_mut(&text) {
                *n += 1;
            } else if counts.len() <= MOST_COUNTED {
                counts.insert(text, 1);
            }
        }
        counts.retain(|_, n| *n > 0);
        let all = whole.lines.len();
        let usual = counts.iter().find(|(_, n)| 2 * **n > all).map(|(text, _)| text.clone());
        Self { all, counts, usual }
    }

    fn usual_is(&self, kind: Is) -> bool {
        self.usual.as_ref().is_some_and(|text| vocabulary::is(text, kind))
    }

    fn is_few(&self) -> bool {
        self.counts.len() <= MOST_STATES
    }

    /// Whether a text is not what most have.
    fn is_rare(&self, text: &str) -> bool {
        let text = fold::key(text);
        let is_rare = self.counts.get(&text).is_some_and(|n| 3 * n <= self.all);
        self.is_few() && is_rare && self.usual.as_ref().is_some_and(|usual| *usual != text)
    }

    fn is_mostly_blank(&self) -> bool {
        self.usual.as_ref().is_some_and(String::is_empty)
    }
}

/// Somebody who may not belong to the list, and what says so.
pub struct Doubtful {
    /// Which student.
    pub student: usize,
    /// What says so.
    pub why: String,
    /// Whether it is a role.
    pub is_role: bool,
}

/// A column that tells who is there.
pub struct Telling {
    /// Where it stands in the sheet.
    index: usize,
    tells: Tells,
    /// Whether its header speaks of leaving.
    is_leaving: bool,
    texts: Texts,
}

/// The columns that tell who is there.
pub fn telling(whole: &Whole) -> Vec<Telling> {
    let of = |c: usize| {
        let index = whole.heads[c].index;
        let texts = Texts::of(whole, index);
        let tells = tells(whole, c, &texts)?;
        Some(Telling { index, tells, is_leaving: says_gone(&whole.heads[c].text()), texts })
    };
    (0..whole.heads.len()).filter(|&c| may_tell(whole, c)).filter_map(of).collect()
}

/// Everybody who may not belong to the list, of those who are still in it.
pub fn doubtful(
    whole: &Whole,
    telling: &[Telling],
    name: Option<usize>,
    is_in: impl Fn(usize) -> bool,
) -> Vec<Doubtful> {
    let by_column = |line: &Line| {
        telling.iter().find_map(|column| {
            let cell = line.cells.get(column.index).filter(|cell| !cell.is_blank())?;
            let is_gone = is_gone(cell, column.tells, column.is_leaving, &column.texts);
            is_gone.then(|| (short(&cell.shown()), column.tells == Tells::Role))
        })
    };
    let everywhere = whole.lines.iter().all(|line| line.section.is_some());
    let by_place = |line: &Line| {
        let section = line.section.as_ref().filter(|_| !everywhere).map(|section| short(section));
        let name = name.map(|c| shown(line, c)).filter(|name| is_in_name(name)).map(|name| short(&name));
        section.or(name).or_else(|| line.struck.then(|| "—".to_owned()))
    };
    let found = (0..whole.lines.len()).filter(|&s| is_in(s)).filter_map(|s| {
        let line = &whole.lines[s];
        let (why, is_role) = by_column(line).or_else(|| by_place(line).map(|why| (why, false)))?;
        Some(Doubtful { student: s, why, is_role })
    });
    found.collect()
}

/// Users of a platform whose role is known to be no student's, with the role.
pub fn other_roles(whole: &Whole, telling: &[Telling]) -> Vec<(usize, String)> {
    let has_students = |column: &&Telling| {
        column.tells == Tells::Role && column.texts.counts.keys().any(|text| vocabulary::is(text, Is::StudentRole))
    };
    let Some(column) = telling.iter().find(has_students) else { return Vec::new() };
    let roles = whole.lines.iter().map(|line| shown(line, column.index)).enumerate();
    roles.filter(|(_, role)| vocabulary::is(role, Is::OtherRole)).collect()
}

fn shown(line: &Line, column: usize) -> String {
    line.cells.get(column).map(Raw::shown).unwrap_or_default()
}

fn short(text: &str) -> String {
    text.chars().take(20).collect()
}

/// Whether a column may tell who is there; spares all others the count of their texts.
fn may_tell(whole: &Whole, c: usize) -> bool {
    whole.assignment.fields[c] == Field::Notes
        || (whole.assignment.fields[c] == Field::Other && !whole.assignment.named[c])
}

/// How a column tells who is there; none where it does not.
fn tells(whole: &Whole, c: usize, texts: &Texts) -> Option<Tells> {
    let (field, part) = (&whole.assignment.fields[c], whole.assignment.parts[c]);
    if *field == Field::Notes {
        return Some(Tells::Remark);
    }
    let header = whole.heads[c].text();
    let is_notes = || heading::header(&whole.heads[c].levels).is_some_and(|m| m.field == Field::Notes);
    match part {
        Some(Part::Role) => return Some(Tells::Role),
        Some(Part::Status) => return Some(Tells::State),
        Some(_) => return None,
        None if is_notes() => return Some(Tells::Remark),
        None => {}
    }
    if texts.is_few() && texts.usual_is(Is::StudentRole) {
        return Some(Tells::Role);
    }
    if texts.is_few() && (texts.usual_is(Is::Here) || is_presence(&header)) {
        return Some(Tells::State);
    }
    if whole.assignment.known[c] {
        return None;
    }
    let is_leaving = says_gone(&header) && texts.is_mostly_blank();
    let is_leaving = is_leaving || (says_gone(&header) && texts.is_few() && texts.usual_is(Is::No));
    if is_leaving {
        Some(Tells::Leaving)
    } else if texts.is_mostly_blank() {
        Some(Tells::Remark)
    } else {
        Some(Tells::Words)
    }
}

/// Whether a header asks if somebody is there: 是否在校, 学籍情况, Active?
fn is_presence(header: &str) -> bool {
    let key = fold::key(header);
    let bare = vocabulary::words(Is::PresenceAside).iter().fold(key, |key, word| key.replace(word, ""));
    vocabulary::is(&bare, Is::Presence)
}

/// Whether a cell says that somebody does not belong to the list.
fn is_gone(cell: &Raw, tells: Tells, is_leaving: bool, texts: &Texts) -> bool {
    let text = cell.shown();
    let is = |kind| vocabulary::is(&text, kind);
    match tells {
        Tells::Leaving => !is(Is::No) && !is(Is::Absent) && !fold::key(&text).is_empty(),
        Tells::Remark => matches!(cell, Raw::Text(_)) && says_so(&text),
        Tells::Words => matches!(cell, Raw::Text(_)) && (is_plain(&text) || holds_plain(&text)),
        Tells::Role => !is(Is::StudentRole) && !is_post(&text) && texts.is_rare(&text),
        Tells::State => {
            if is(Is::Gone) || (says_gone(&text) && !is(Is::Day)) {
                return true;
            }
            let is_there = [Is::Here, Is::HereToo, Is::Day, Is::Boards, Is::Absent].into_iter().any(is);
            let (yes, no) = if is_leaving { (Is::No, Is::Yes) } else { (Is::Yes, Is::No) };
            is(no) || (!is_there && !is(yes) && !says_back(&text) && texts.is_rare(&text))
        }
    }
}

/// Whether a remark says that somebody has left.
fn says_so(text: &str) -> bool {
    is_plain(text) || says_gone(text)
}

/// Whether the text is a word for somebody who has left; short English words may be anything.
fn is_plain(text: &str) -> bool {
    vocabulary::is(text, Is::Gone) && (text.contains(fold::is_han) || text.len() > 5)
}

/// Whether a longer text in a column of any kind holds such a word.
fn holds_plain(text: &str) -> bool {
    let is_long = |word: &&&str| word.contains(fold::is_han) && word.chars().nth(1).is_some();
    says_gone(text) && vocabulary::words(Is::Gone).iter().filter(is_long).any(|word| text.contains(word))
}

/// Whether a name has such a word beside it: 陈思远（转出）.
fn is_in_name(name: &str) -> bool {
    let aside = name.split_once(['(', '（', '[', '【', '-', '—', '/']).map(|(_, aside)| aside);
    aside.is_some_and(|aside| vocabulary::is(aside, Is::Gone) || (!aside.is_ascii() && says_gone(aside)))
}

/// Whether a role is one that students have among themselves: 班长, class representative.
fn is_post(role: &str) -> bool {
    let role = role.to_lowercase();
    vocabulary::words(Is::StudentPost).iter().any(|word| role.contains(word))
}
