//! What is told of a change to a school's groups: a student's group, a group's teacher.

use crate::report::text::clean;
use crate::school::again::Handed;
use crate::school::repair::Moved;
use crate::words;
use crate::words::Words;

/// A group that changed hands.
pub(super) fn handed(change: &Handed) -> Words {
    let group = clean(&change.group);
    let name = |teacher: &Option<String>| teacher.as_deref().map_or_else(|| "–".to_owned(), clean);
    let (from, to) = (name(&change.from), name(&change.to));
    words!("换教师 {group} {from} → {to}", "teacher {group} {from} → {to}")
}

/// A student whose group is another now.
pub(super) fn moved(moved: &Moved) -> Words {
    let [class, id, name] = [&moved.class, &moved.id, &moved.name].map(|text| clean(text));
    let [from, to] = [&moved.from, &moved.to].map(|group| group.as_deref().map(clean));
    match (from, to) {
        (None, Some(to)) => words!("来  {class} {id} {name} → {to}", "joins   {class} {id} {name} → {to}"),
        (Some(from), None) => words!("走  {class} {id} {name}（{from}）", "leaves  {class} {id} {name} ({from})"),
        (Some(from), Some(to)) => {
            words!("换组 {class} {id} {name} {from} → {to}", "moves   {class} {id} {name} {from} → {to}")
        }
        (None, None) => words!("{class} {id} {name}", "{class} {id} {name}"),
    }
}
