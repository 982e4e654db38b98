//! What has been said of a list so far, what it asks, and who is not divided: the first thing on its page.

use super::super::doubts::{DoubtRecord, LeftOutRecord};
use crate::report::names;
use crate::report::text::clean;
use crate::roster::{LeftOut, Override, Roster, Student};
use crate::words::Lang;
use std::collections::HashMap;

/// Whom `exclude=` means that is nobody's name.
const KINDS: [&str; 2] = ["gone", "hidden"];

/// What has been said of a list, and what it asks.
pub(super) struct Said {
    /// Every word that was said, as JSON for the page's script.
    pub(super) words: String,
    /// Its questions.
    pub(super) doubts: Vec<Question>,
    /// How many were answered with a word that can be taken back.
    pub(super) answered: usize,
    /// Who is in the list and not divided, and why.
    pub(super) left_out: Vec<LeftOutRecord>,
    /// Who is left out by name: the words.
    pub(super) absent: Vec<String>,
    /// Everyone who is divided: the word that would leave them out, and the name shown.
    pub(super) present: Vec<(String, String)>,
}

/// A question with the words of each answer as JSON.
pub(super) struct Question {
    pub(super) code: String,
    pub(super) place: String,
    pub(super) message: String,
    pub(super) answers: Vec<(String, String)>,
}

impl Said {
    pub(super) fn of(words: &[String], overrides: &[Override], roster: &Roster, lang: Lang) -> Self {
        let absent = overrides.iter().filter_map(|said| match said {
            Override::Exclude(who) if !KINDS.contains(&who.as_str()) => Some(who.clone()),
            _ => None,
        });
        let is_answer = |said: &&Override| match said {
            Override::Accept(_) => true,
            Override::Exclude(who) => KINDS.contains(&who.as_str()),
            Override::Column { .. } => false,
        };
        Self {
            words: json(words),
            doubts: roster.doubts.iter().map(|doubt| Question::of(DoubtRecord::of(doubt, lang), lang)).collect(),
            answered: overrides.iter().filter(is_answer).count(),
            left_out: roster.left_out.iter().map(|left| left_out(left, lang)).collect(),
            absent: absent.collect(),
            present: present(roster),
        }
    }
}

impl Question {
    fn of(DoubtRecord { code, place, message, answers }: DoubtRecord, lang: Lang) -> Self {
        let answers = answers.into_iter().map(|answer| (answer.label, json(&answer.says))).collect();
        Self { code, place: names::place(&place, lang), message, answers }
    }
}

fn left_out(left: &LeftOut, lang: Lang) -> LeftOutRecord {
    let record = LeftOutRecord::of(left, lang);
    LeftOutRecord { place: names::place(&record.place, lang), ..record }
}

fn json(words: &[String]) -> String {
    // Texts always serialise.
    serde_json::to_string(words).unwrap_or_default()
}

/// Everyone by the shortest word that means nobody else: name, id, class and id.
fn present(roster: &Roster) -> Vec<(String, String)> {
    let mut holders: HashMap<&str, usize> = HashMap::new();
    for student in &roster.students {
        for word in [&student.name, &student.id] {
            *holders.entry(word.as_str()).or_default() += 1;
        }
    }
    let alone = |word: &str| !word.is_empty() && holders[word] == 1;
    let person = |student: &Student| {
        let (name, id, class) = (&student.name, &student.id, &student.class);
        let word = match () {
            () if alone(name) => name.clone(),
            () if alone(id) || class.is_empty() => id.clone(),
            () => format!("{class}/{id}"),
        };
        let label = if name.is_empty() { id.clone() } else { name.clone() };
        let label = if alone(name) || name.is_empty() { label } else { format!("{label} ({word})") };
        (word, clean(&label))
    };
    roster.students.iter().map(person).collect()
}
