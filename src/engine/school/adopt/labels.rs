//! How a group may be written: its id, its number, its name, or what is printed on lists.

use crate::plan::document::Document;
use std::collections::{BTreeSet, HashMap};

/// The groups of one class by every way to write them.
#[derive(Debug)]
pub(in crate::school) struct Labels {
    class: String,
    groups: HashMap<String, BTreeSet<usize>>,
}

/// Why a text names no group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::school) enum NoGroup {
    Unknown,
    Several,
}

/// What spellings of one text have in common: half-width, small letters, no spaces.
fn key(text: &str) -> String {
    let half = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    text.chars().map(half).filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// `三`, `十二`: a number up to 99 as people write it.
fn chinese(number: usize) -> Option<String> {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (tens, ones) = (number / 10, DIGITS[number % 10]);
    match tens {
        0 => Some(ones.to_owned()),
        1 => Some(format!("十{ones}")),
        2..=9 => Some(format!("{}十{ones}", DIGITS[tens])),
        _ => None,
    }
}

impl Labels {
    /// The groups of a plan.
    pub(in crate::school) fn of(class: &str, document: &Document) -> Self {
        let mut labels = Self { class: key(class), groups: HashMap::new() };
        for (at, group) in document.groups.iter().enumerate() {
            let number = at + 1;
            let written = std::iter::once(number.to_string()).chain(chinese(number));
            let mut numbers = Vec::new();
            for n in written {
                numbers.extend([format!("第{n}组"), format!("第{n}小组"), format!("{n}组"), format!("{n}小组"), n]);
            }
            numbers.extend([format!("group{number}"), format!("group-{number}"), format!("g{number}")]);
            labels.add(at, &group.id);
            if !group.name.trim().is_empty() {
                labels.add(at, &group.name);
                for number in &numbers {
                    labels.add(at, &format!("{number}{}", group.name));
                }
            }
            for number in &numbers {
                labels.add(at, number);
            }
        }
        labels
    }

    fn add(&mut self, at: usize, label: &str) {
        self.groups.entry(key(label)).or_default().insert(at);
    }

    /// The group that a text names; the class and the teacher may be printed with it.
    pub(in crate::school) fn group(&self, written: &str) -> Result<usize, NoGroup> {
        let whole = key(written);
        let alone = written.rsplit_once(" · ").map(|(group, _)| key(group));
        for text in std::iter::once(whole).chain(alone) {
            let inside = text.strip_prefix(&self.class).filter(|_| !self.class.is_empty());
            let inside = inside.map(|rest| rest.trim_start_matches(['/', '-', '·', '_']).to_owned());
            for text in std::iter::once(text.clone()).chain(inside) {
                let found = self.groups.get(&text);
                match found.map(|groups| (groups.len(), groups.first().copied())) {
                    Some((1, Some(at))) => return Ok(at),
                    Some(_) => return Err(NoGroup::Several),
                    None => {}
                }
            }
        }
        Err(NoGroup::Unknown)
    }
}
