//! The values of a cell, and the classes, students and groups that they name.

use super::{Directory, Mention};
use crate::roster::fold;
use crate::roster::table::Raw;

/// Why a value names nothing that can be used.
pub(super) enum Doubt {
    /// Neither a class nor a student nor a group.
    Unknown,
    /// Several things: how each of them is written so that it is not mistaken.
    Several(Vec<String>),
}

/// The values of a cell: separated by `;` `；` `、` `,` `，` or line breaks.
pub(super) fn values(cell: &Raw) -> Vec<String> {
    let text = match cell {
        Raw::Text(text) => text.clone(),
        other => other.shown(),
    };
    let parts = text.split([';', '；', '、', ',', '，', '\n', '\r']).map(fold::one_line);
    parts.filter(|part| !part.is_empty()).collect()
}

/// What a bare number behind a class is: `7-3/2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    /// The number of a group, as plans write it and wishes mean it.
    Group,
    /// The id of a student, as rules write it; never a group, or a wrong id would become somebody else's group.
    Student,
}

/// What a value names; `own` are the classes that the teacher teaches, whose students are meant first.
pub(super) fn resolve(text: &str, own: &[usize], number: Number, directory: &Directory) -> Result<Mention, Doubt> {
    let class_name = |class: usize| directory.classes()[class].clone();
    let mut meanings: Vec<Mention> =
        directory.class(text).map(|class| Mention::Class(class_name(class))).into_iter().collect();
    let student = |place| {
        let (class, id) = directory.student(place);
        Mention::Student { class: class.to_owned(), id: id.to_owned() }
    };
    meanings.extend(directory.students(text, own).into_iter().map(student));
    for (at, sign) in text.match_indices(['/', '／']) {
        let (class, rest) = (&text[..at], &text[at + sign.len()..]);
        let Some(class) = directory.class(class) else { continue };
        let id = fold::one_line(rest.strip_prefix("学号").unwrap_or(rest));
        let inside = directory.students(&id, &[class]).into_iter().filter(|(of, _)| *of == class);
        let mut inside: Vec<Mention> = inside.map(student).collect();
        let group = match number {
            Number::Group => group_number(rest),
            Number::Student => worded_number(rest),
        };
        let group = group.map(|number| Mention::Group { class: class_name(class), number });
        if number == Number::Group && group.is_some() {
            inside.clear();
        }
        meanings.extend(if inside.is_empty() { group.into_iter().collect() } else { inside });
    }
    // A list of one class need not name it.
    if let [class] = directory.classes()
        && let Some(number) = worded_number(text)
    {
        meanings.push(Mention::Group { class: class.clone(), number });
    }
    meanings.sort();
    meanings.dedup();
    match meanings.len() {
        0 => Err(Doubt::Unknown),
        1 => meanings.pop().ok_or(Doubt::Unknown),
        _ => Err(Doubt::Several(meanings.iter().map(written).collect())),
    }
}

/// The unmistakable way to write it.
pub(super) fn written(mention: &Mention) -> String {
    match mention {
        Mention::Class(class) => class.clone(),
        Mention::Student { class, id } if group_number(id).is_some() => format!("{class}/学号{id}"),
        Mention::Student { class, id } => format!("{class}/{id}"),
        Mention::Group { class, number } => format!("{class}/第{number}组"),
    }
}

/// `3`, `第3组`, `3组`, `group 3`.
fn group_number(text: &str) -> Option<usize> {
    fold::key(text).parse().ok().filter(|&number| number > 0).or_else(|| worded_number(text))
}

fn worded_number(text: &str) -> Option<usize> {
    let key = fold::key(text);
    let chinese = key.strip_suffix("小组").or_else(|| key.strip_suffix('组'));
    let digits = match chinese {
        Some(rest) => rest.strip_prefix('第').unwrap_or(rest),
        None => key.strip_prefix("group")?,
    };
    digits.parse().ok().filter(|&number| number > 0)
}
