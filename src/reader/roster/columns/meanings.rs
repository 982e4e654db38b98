//! What headers mean beside one another: marks of several exams, the rank of a subject, the total of a subject.

use super::super::Field;
use super::super::field::Form;
use super::super::header::Head;
use super::super::heading::{self, Meaning};
use std::collections::{BTreeSet, HashMap};

/// The meanings of a list's columns where they are no longer of one subject, or of no subject.
pub fn told_apart(heads: &[Head], mut meanings: Vec<Option<Meaning>>) -> Vec<Option<Meaning>> {
    totals_of_subjects(heads, &mut meanings);
    ranks_of_subjects(&mut meanings);
    parts_of_subjects(heads, &mut meanings);
    exams(&mut meanings);
    qualified(heads, &mut meanings);
    meanings
}

fn subject(meaning: &Meaning) -> Option<&str> {
    match &meaning.field {
        Field::Score(name) => Some(name),
        _ => None,
    }
}

/// The subject that a header above a column's own names.
fn above(head: &Head) -> Option<Meaning> {
    let (_, uppers) = head.levels.split_last()?;
    uppers.iter().find_map(|upper| heading::word(upper).filter(|m| subject(m).is_some() && !m.is_any()))
}

/// A total below each of several subjects is that subject's mark (语文 over A卷 B卷 总分).
fn totals_of_subjects(heads: &[Head], meanings: &mut [Option<Meaning>]) {
    let is_total = |meaning: &Option<Meaning>| meaning.as_ref().is_some_and(|m| m.field == Field::Total);
    let totals: Vec<(usize, Meaning)> = heads
        .iter()
        .enumerate()
        .filter(|(c, _)| is_total(&meanings[*c]))
        .filter_map(|(c, head)| Some((c, above(head)?)))
        .collect();
    let subjects: BTreeSet<&str> = totals.iter().filter_map(|(_, above)| subject(above)).collect();
    if subjects.len() > 1 {
        for (c, above) in totals {
            let exam = meanings[c].take().and_then(|m| m.exam);
            meanings[c] = Some(Meaning { exam, ..above });
        }
    }
}

/// What stands beside a subject's mark below the subject's name (语文 over 基础 作文 总分) is a part of it, and in it already.
fn parts_of_subjects(heads: &[Head], meanings: &mut [Option<Meaning>]) {
    let subjects: Vec<Option<Field>> = heads.iter().map(|head| above(head).map(|m| m.field)).collect();
    let is_whole = |c: usize| {
        let plain = meanings[c].as_ref().filter(|m| m.exam.is_none() && m.form != Form::Letter);
        subjects[c].is_some() && plain.map(|m| &m.field) == subjects[c].as_ref()
    };
    let whole: BTreeSet<&str> =
        (0..heads.len()).filter(|&c| is_whole(c)).filter_map(|c| subjects[c].as_ref().map(Field::name)).collect();
    let is_part = |c: usize| {
        let is_other = match &meanings[c] {
            None => true,
            Some(m) => subject(m).is_some() && m.exam.is_none() && Some(&m.field) != subjects[c].as_ref(),
        };
        is_other && subjects[c].as_ref().is_some_and(|subject| whole.contains(subject.name()))
    };
    let parts: Vec<usize> = (0..heads.len()).filter(|&c| is_part(c)).collect();
    for c in parts {
        meanings[c] = Some(Meaning::carried());
    }
}

/// A rank to the right of a subject's mark is that subject's where others have theirs too, or where further subjects follow.
fn ranks_of_subjects(meanings: &mut [Option<Meaning>]) {
    let is = |c: usize, field: &Field| meanings[c].as_ref().is_some_and(|m| m.field == *field);
    let is_score = |c: usize| meanings[c].as_ref().is_some_and(|m| subject(m).is_some());
    let owner = |c: usize| {
        let left = (0..c).rev().find(|&left| !is(left, &Field::Rank) && !is_only_carried(meanings[left].as_ref()))?;
        (is_score(left) || is(left, &Field::Total)).then_some(left)
    };
    let beside: Vec<(usize, usize)> =
        (0..meanings.len()).filter(|&c| is(c, &Field::Rank)).filter_map(|c| Some((c, owner(c)?))).collect();
    let (of_subjects, of_totals): (Vec<_>, Vec<_>) = beside.into_iter().partition(|(_, owner)| is_score(*owner));
    let owners: BTreeSet<usize> = of_subjects.iter().map(|(_, owner)| *owner).collect();
    let several = owners.len() > 1 || !of_totals.is_empty();
    let followed = |c: usize| (c + 1..meanings.len()).any(is_score);
    let theirs: Vec<usize> = of_subjects.iter().map(|(c, _)| *c).filter(|&c| several || followed(c)).collect();
    for c in theirs {
        meanings[c] = Some(Meaning::carried());
    }
}

/// A column that is understood and never used, like a rank or the progress since the last exam.
fn is_only_carried(meaning: Option<&Meaning>) -> bool {
    meaning.is_some_and(|m| m.field == Field::Other && m.part.is_none())
}

/// Score columns of one subject get the exam's name as well, so that both are read (期中数学, 期末数学).
fn exams(meanings: &mut [Option<Meaning>]) {
    let mut count: HashMap<String, usize> = HashMap::new();
    for name in meanings.iter().flatten().filter_map(subject) {
        *count.entry(name.to_owned()).or_default() += 1;
    }
    for meaning in meanings.iter_mut().flatten() {
        if let (Field::Score(name), Some(exam)) = (&meaning.field, &meaning.exam)
            && count.get(name).is_some_and(|&n| n > 1)
        {
            meaning.field = Field::Score(format!("{name}_{exam}"));
        }
    }
}

/// Marks of one subject whose headers differ only by what stands in brackets are several marks (语文（上次）, 语文（本次）).
fn qualified(heads: &[Head], meanings: &mut [Option<Meaning>]) {
    let mut alike: HashMap<(Field, Form, String), Vec<usize>> = HashMap::new();
    for (c, meaning) in meanings.iter().enumerate() {
        if let Some(meaning) = meaning.as_ref().filter(|m| subject(m).is_some()) {
            alike.entry((meaning.field.clone(), meaning.form, heading::core(heads[c].lower()))).or_default().push(c);
        }
    }
    for columns in alike.into_values().filter(|columns| columns.len() > 1) {
        let texts: BTreeSet<String> = columns.iter().map(|&c| heads[c].text()).collect();
        if texts.len() == columns.len() {
            for c in columns {
                if let Some(meaning) = &mut meanings[c] {
                    meaning.field = Field::Score(heads[c].text().replace([':', '='], " "));
                }
            }
        }
    }
}
