//! The values of a cell, and the classes, students and groups that they name.

use super::{Directory, Mention};
use crate::roster::table::Raw;
use crate::roster::{class_name, fold};

/// A range of groups is shorter.
const LONGEST_RANGE: usize = 30;

/// Why a value names nothing that can be used.
pub(super) enum Doubt {
    /// Neither a class nor a student nor a group.
    Unknown,
    /// Several things: how each of them is written so that it is not mistaken.
    Several(Vec<String>),
}

/// The values of a cell: separated by `;` `；` `、` `,` `，` or line breaks.
pub(super) fn values(cell: &Raw) -> Vec<String> {
    let text = written_cell(cell);
    let parts = text.split([';', '；', '、', ',', '，', '\n', '\r']).map(fold::one_line);
    parts.filter(|part| !part.is_empty()).collect()
}

/// The wishes of a cell, the dearest first, each with its class: of 七(1)班第2、3组 the second is 七(1)班3组. `title` is the class
/// that a title names for groups that name none.
pub(super) fn wishes(cell: &Raw, title: Option<&str>, directory: &Directory) -> Vec<String> {
    let mut wishes = Vec::new();
    let mut class = title.map(str::to_owned);
    let text = written_cell(cell).replace(['>', '＞', '→'], ";");
    let values = values(&Raw::Text(text.into()));
    let each = values.iter().flat_map(|value| spaced(value, directory)).flat_map(|value| ranged(value, directory));
    for value in each {
        let value = without_rank(&value);
        let is_class = !directory.index().classes(value).is_empty() && title.is_none_or(|_| value.contains('班'));
        match (class.as_deref(), bare_group(value)) {
            (Some(class), Some(number)) if !is_class => wishes.push(format!("{class}/第{number}组")),
            _ => wishes.push(value.to_owned()),
        }
        if let (false, Some((known, _))) = (is_class, grouped(value, directory).first()) {
            class = Some(directory.classes()[*known].clone());
        }
    }
    wishes
}

/// Wishes with only a space between them: 1.七(1)班第1组 2.七(2)班第2组.
fn spaced<'t>(value: &'t str, directory: &Directory) -> Vec<&'t str> {
    let parts: Vec<&str> = value.split(fold::is_space).filter(|part| !part.is_empty()).collect();
    let whole = |part: &&str| !grouped(without_rank(part), directory).is_empty();
    if parts.len() > 1 && parts.iter().all(whole) { parts } else { vec![value] }
}

/// The groups of a range: 七(2)班1-2组 is its first and its second.
fn ranged(value: &str, directory: &Directory) -> Vec<String> {
    let whole = || vec![value.to_owned()];
    let text = fold::trim(value);
    let Some(range) = text.strip_suffix("小组").or_else(|| text.strip_suffix('组')) else { return whole() };
    let numeral = |c: char| class_name::is_digit(c);
    let Some((before, last)) = range.rsplit_once(['-', '—', '~', '～', '至', '到']) else { return whole() };
    let start = before.char_indices().rev().take_while(|(_, c)| numeral(*c)).last().map(|(at, _)| at);
    let (head, first) = before.split_at(start.unwrap_or(before.len()));
    let head = head.strip_suffix('第').unwrap_or(head);
    let closed = head.ends_with(['班', ')', '）', ' ', '/'])
        && !directory.index().classes(head.trim_end_matches(['/', ' '])).is_empty();
    let ends = (class_name::number(first), class_name::number(last.trim_start_matches('第')));
    match ends {
        (Some(first), Some(last)) if closed && first < last && last - first < LONGEST_RANGE => {
            (first..=last).map(|number| format!("{}/第{number}组", head.trim_end_matches(['/', ' ']))).collect()
        }
        _ => whole(),
    }
}

/// A class's cell and a group's beside it as one wish.
pub(super) fn joined(class: &str, group: &str, directory: &Directory) -> String {
    match bare_group(group) {
        Some(number) if !directory.index().classes(class).is_empty() => format!("{class}/第{number}组"),
        _ => group.to_owned(),
    }
}

/// The one class that a title names: 七(1)班小组认领表.
pub(super) fn class_in(title: &str, directory: &Directory) -> Option<usize> {
    let text = fold::one_line(title);
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
    ends.map(|end| &text[..end]).find_map(|head| directory.index().class(head))
}

/// Without its place among the wishes: 第一志愿：七(1)班第1组, 1.七(1)班第1组, ①七(1)班第1组.
fn without_rank(text: &str) -> &str {
    let numeral = |c: char| class_name::is_digit(c);
    let ranked = text.split_once([':', '：']).filter(|(rank, _)| rank.contains("志愿") || rank.contains("意愿"));
    if let Some((_, rest)) = ranked {
        return fold::trim(rest);
    }
    let bare = text.trim_start_matches(|c: char| ('①'..='⑳').contains(&c));
    if bare.len() < text.len() && !bare.is_empty() && !bare.starts_with(['组', '小']) {
        return fold::trim(bare);
    }
    // 1.七(1)班第1组; 7.1/1 stays.
    match text.split_once(['.', '、', '．']) {
        Some((rank, rest)) if rank.chars().all(numeral) && rest.starts_with(|c: char| fold::is_han(c)) => {
            fold::trim(rest)
        }
        _ => text,
    }
}

/// The number of a group that names no class: 第2组, 2组, 2, （2）, ②, #2, 第二小组.
fn bare_group(text: &str) -> Option<usize> {
    let text = fold::fold(fold::trim(text));
    let text = text.strip_prefix('#').unwrap_or(&text);
    if let Some(number) = worded_number(text) {
        return Some(number);
    }
    let bare = text.strip_prefix('第').unwrap_or(text);
    let bare = bare.strip_suffix("小组").or_else(|| bare.strip_suffix('组')).unwrap_or(bare);
    let ringed = bare.chars().next().filter(|c| ('①'..='⑳').contains(c) && bare.chars().count() == 1);
    let ringed = ringed.and_then(|c| usize::try_from(u32::from(c) - u32::from('①') + 1).ok());
    let inner = bare.strip_prefix('(').and_then(|bare| bare.strip_suffix(')')).unwrap_or(bare);
    ringed
        .or_else(|| inner.chars().all(class_name::is_digit).then(|| class_name::number(inner)).flatten())
        .filter(|n| *n > 0)
}

/// Every class and group that a text may name together: 七(1)班-3, 七(3)班:2, 7-2-1, 七1（1）, group 2 of 7A. A class that the
/// longest head names is meant.
fn grouped(text: &str, directory: &Directory) -> Vec<(usize, usize)> {
    let text = fold::one_line(text);
    let lower = text.to_lowercase();
    if let Some((number, class)) = lower.strip_prefix("group").and_then(|rest| rest.split_once(" of ")) {
        let number = class_name::number(fold::trim(number)).filter(|number| *number > 0);
        let class = directory.index().class(fold::trim(class));
        return class.zip(number).into_iter().collect();
    }
    let sign = |c: char| fold::is_space(c) || "/／-—–_:：#·的,".contains(c);
    for (at, _) in text.char_indices().rev().filter(|(at, _)| *at > 0) {
        let (head, tail) = text.split_at(at);
        let Some(number) = bare_group(tail.trim_start_matches(sign)) else { continue };
        let apart = head.ends_with(sign)
            || tail.starts_with(sign)
            || head.ends_with(['班', ')', '）'])
            || !tail.starts_with(class_name::is_digit);
        let classes = directory.index().classes(head.trim_end_matches(sign));
        if apart && !classes.is_empty() {
            return classes.into_iter().map(|class| (class, number)).collect();
        }
    }
    Vec::new()
}

/// A cell's text as written, also where a spreadsheet took it for a number.
pub(super) fn written_cell(cell: &Raw) -> String {
    match cell {
        Raw::Text(text) => text.to_string(),
        other => other.shown(),
    }
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
    let name_of = |class: usize| directory.classes()[class].clone();
    let student = |place| {
        let (class, id) = directory.student(place);
        Mention::Student { class: class.to_owned(), id: id.to_owned() }
    };
    let group_of = |class: usize, number| Mention::Group { class: name_of(class), number };
    // The classes that a text names; those that the teacher teaches, where there are any among several. A number alone is
    // never a class in another spelling: it is the id of somebody.
    let named = |text: &str| {
        let all = match directory.index().spelt(text) {
            Some(class) => vec![class],
            None if class_name::number(text).is_some() || labelled(text).is_some() => Vec::new(),
            None => directory.index().classes(text),
        };
        let near: Vec<usize> = all.iter().copied().filter(|class| own.contains(class)).collect();
        if all.len() > 1 && !near.is_empty() { near } else { all }
    };
    let class = |class: usize| Mention::Class(name_of(class));
    let mut meanings: Vec<Mention> = directory.index().spelt(text).map(class).into_iter().collect();
    meanings.extend(directory.students(text, own).into_iter().map(student));
    if meanings.is_empty() {
        meanings.extend(named(text).into_iter().map(class));
    }
    for (at, sign) in text.match_indices(['/', '／']) {
        let rest = &text[at + sign.len()..];
        for class in named(&text[..at]) {
            let id = fold::one_line(rest.strip_prefix("学号").unwrap_or(rest));
            let inside = directory.students(&id, &[class]).into_iter().filter(|(of, _)| *of == class);
            let mut inside: Vec<Mention> = inside.map(student).collect();
            let group = match number {
                Number::Group => group_number(rest),
                Number::Student => worded_number(rest),
            };
            let group = group.map(|number| group_of(class, number));
            if number == Number::Group && group.is_some() {
                inside.clear();
            }
            meanings.extend(if inside.is_empty() { group.into_iter().collect() } else { inside });
        }
    }
    // The label as it is printed: 一(1)班 第2组.
    if meanings.is_empty()
        && let Some((class, number)) = labelled(text)
    {
        meanings.extend(named(class).into_iter().map(|class| group_of(class, number)));
    }
    if meanings.is_empty() && number == Number::Group {
        meanings.extend(grouped(text, directory).into_iter().map(|(class, number)| group_of(class, number)));
    }
    if meanings.is_empty() && number == Number::Group {
        meanings.extend(directory.groups_named(text, own).into_iter().map(|(class, number)| group_of(class, number)));
    }
    // 七(1)班朱兰玉, and what is said of somebody in brackets behind the name.
    if meanings.is_empty() && number == Number::Student {
        let bare = text.split(['(', '（']).next().filter(|bare| !directory.students(bare, own).is_empty());
        meanings.extend(bare.into_iter().flat_map(|bare| directory.students(bare, own)).map(student));
        let cuts = text.char_indices().map(|(at, _)| text.split_at(at)).filter(|_| meanings.is_empty());
        let inside = cuts.rev().find_map(|(head, tail)| {
            let classes = named(head);
            let sign = |c: char| fold::is_space(c) || matches!(c, '/' | '的' | '-' | ':' | '：');
            let found = directory.students(tail.trim_matches(sign), &classes).into_iter();
            let found: Vec<(usize, usize)> = found.filter(|(class, _)| classes.contains(class)).collect();
            (!found.is_empty() && tail.contains(char::is_alphabetic)).then_some(found)
        });
        meanings.extend(inside.into_iter().flatten().map(student));
    }
    // A list of one class need not name it, nor a teacher of one.
    if let ([class], _) | ([], [class]) = (own, (0..directory.classes().len()).collect::<Vec<_>>().as_slice())
        && let Some(number) = worded_number(text)
    {
        meanings.push(group_of(*class, number));
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

/// 第3组, 3组, 第三小组, group 3.
fn worded_number(text: &str) -> Option<usize> {
    labelled(text).filter(|(class, _)| class.is_empty()).map(|(_, number)| number)
}

/// The class and the number of a group's label: 一(1)班第2组, 一(1)班 第二小组, 7-3 group 2; the class may be empty.
fn labelled(text: &str) -> Option<(&str, usize)> {
    let text = fold::trim(text).trim_end_matches([')', '）']);
    let chinese = text.strip_suffix("小组").or_else(|| text.strip_suffix('组'));
    let (head, digits) = if let Some(rest) = chinese.map(fold::trim) {
        let start = rest.char_indices().rev().take_while(|(_, c)| class_name::is_digit(*c)).last()?.0;
        (rest[..start].trim_end_matches(fold::is_space), &rest[start..])
    } else {
        let at = text.to_ascii_lowercase().rfind("group")?;
        (&text[..at], &text[at + "group".len()..])
    };
    let number = class_name::number(digits).filter(|number| *number > 0)?;
    let head = if chinese.is_some() { head.strip_suffix('第').unwrap_or(head) } else { head };
    let sign =
        |c: char| fold::is_space(c) || matches!(c, '/' | '／' | '-' | '—' | '_' | ':' | '：' | '(' | '（' | '的');
    Some((head.trim_end_matches(sign), number))
}

/// The parts of a text that may name a class.
pub(super) fn class_parts(text: &str) -> Vec<&str> {
    let slash = text.match_indices(['/', '／']).map(|(at, _)| &text[..at]);
    slash.chain(labelled(text).map(|(class, _)| class)).chain([text]).filter(|part| !part.is_empty()).collect()
}
