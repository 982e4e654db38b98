//! Who of a list is to be grouped: names in two columns are joined, grade and class make the class; other users than students are left
//! out; people who seem to have left, who are in hidden rows, who stand in the list twice or whom the user takes out are told by name.

mod anew;
mod classes;
mod presence;
mod remark;
mod twice;

pub use anew::number_anew;
pub use classes::{find_class, join_grades, years_are_no_classes};
pub use remark::{says_back, says_gone};

use super::doubt::Answer;
use super::field::Part;
use super::list::{Line, List, Whole};
use super::options::Override;
use super::table::Raw;
use super::tell::{Tell, places};
use super::why::Why;
use super::{Field, LeftOut, RowPlace, fold, value};
use crate::words;
use crate::words::{Words, by_count};
use std::collections::HashSet;

/// How many names a message shows.
const SHOWN: usize = 12;

/// Joins the halves of names: `Nora` and `Abbott`, 王 and 伟.
pub fn join_names(list: &mut List) {
    let part = |part| list.assignment.part(part);
    let (family, given) = (part(Part::Family), part(Part::Given));
    let Some(at) = given.or(family).filter(|_| list.assignment.position(&Field::Name).is_none()) else { return };
    let index = |c: Option<usize>| c.map(|c| list.heads[c].index);
    let (family_at, given_at, name_at) = (index(family), index(given), list.heads[at].index);
    for line in &mut list.lines {
        let text = |c: Option<usize>| c.and_then(|c| line.cells.get(c)).map(Raw::shown).unwrap_or_default();
        let (family, given) = (text(family_at), text(given_at));
        let name = if family.contains(fold::is_han) || given.contains(fold::is_han) {
            format!("{family}{given}")
        } else {
            format!("{given} {family}").trim().to_owned()
        };
        put(line, name_at, Raw::text(&name));
    }
    if let (Some(family), Some(given)) = (family, given) {
        let other = if at == given { family } else { given };
        let text = list.heads[other].text();
        list.heads[at].levels.push(text);
    }
    list.assignment.fields[at] = Field::Name;
}

fn put(line: &mut Line, column: usize, cell: Raw) {
    if line.cells.len() <= column {
        line.cells.resize(column + 1, Raw::Empty);
    }
    line.cells[column] = cell;
}

/// Who is who in the rows, for messages.
struct Who {
    id: Option<usize>,
    name: Option<usize>,
    class: Option<usize>,
}

impl Who {
    fn of(whole: &Whole) -> Self {
        let index = |field| whole.assignment.position(&field).map(|c| whole.heads[c].index);
        Self { id: index(Field::Id), name: index(Field::Name), class: index(Field::Class) }
    }

    /// The id; where the list has none, the number among all students.
    fn id(&self, line: &Line) -> String {
        let Some(column) = self.id else { return line.number.to_string() };
        line.cells.get(column).and_then(value::id).map(|(id, _)| id).unwrap_or_default()
    }

    fn class(&self, line: &Line, told: &str) -> String {
        self.class.and_then(|c| line.cells.get(c)).map_or_else(|| told.to_owned(), Raw::shown)
    }

    fn name(&self, line: &Line) -> String {
        self.name.and_then(|c| line.cells.get(c)).map(Raw::shown).unwrap_or_default()
    }

    fn shown(&self, line: &Line) -> String {
        let name = self.name(line);
        if name.is_empty() { self.id(line) } else { name }
    }
}

/// Takes out who is not to be grouped, and asks about who may not be.
pub fn settle(whole: &mut Whole, overrides: &[Override], tell: &mut Tell<'_>) {
    for (number, line) in (1..).zip(&mut whole.lines) {
        line.number = number;
    }
    let who = Who::of(whole);
    let mut out: Vec<Option<Words>> = vec![None; whole.lines.len()];
    let telling = presence::telling(whole);
    for (s, role) in presence::other_roles(whole, &telling) {
        out[s] = Some(words!("不是学生（{role}）", "no student ({role})"));
    }
    let said: Vec<&str> = overrides
        .iter()
        .filter_map(|said| if let Override::Exclude(who) = said { Some(who.as_str()) } else { None })
        .collect();
    let said = parted(said, whole, &who);
    named_by_user(whole, &who, &said, &mut out, tell);
    let gone = presence::doubtful(whole, &telling, who.name, |s| out[s].is_none());
    let is_role = gone.iter().any(|doubtful| doubtful.is_role);
    let gone: Vec<(usize, String)> = gone.into_iter().map(|doubtful| (doubtful.student, doubtful.why)).collect();
    let hidden: Vec<(usize, String)> = (0..whole.lines.len())
        .filter(|&s| out[s].is_none() && whole.lines[s].hidden)
        .map(|s| (s, String::new()))
        .collect();
    let groups = [
        (
            "people_gone",
            "gone",
            gone,
            if is_role {
                words!("可能不是这里的学生", "may be no student here")
            } else {
                words!("看起来已经离开", "seems to have left")
            },
            if is_role { "may be no students here" } else { "seem to have left" },
            words!("他们不分组", "leave them out"),
            if is_role {
                words!("他们也要分组", "they belong to the list")
            } else {
                words!("他们仍要分组", "they are still here")
            },
        ),
        (
            "rows_hidden",
            "hidden",
            hidden,
            words!("在隐藏或被筛选掉的行里", "is in a hidden or filtered row"),
            "are in hidden or filtered rows",
            words!("他们不分组", "leave them out"),
            words!("他们也要分组", "they belong to the list"),
        ),
    ];
    for (code, word, people, what, several, leave, keep) in groups {
        if people.is_empty() {
            continue;
        }
        if said.contains(&word) {
            for (s, _) in &people {
                out[*s] = Some(what.clone());
            }
            continue;
        }
        let names = people.iter().take(SHOWN).map(|(s, why)| {
            let name = who.shown(&whole.lines[*s]);
            if why.is_empty() { name } else { format!("{name} ({why})") }
        });
        let names = names.collect::<Vec<_>>().join(", ") + if people.len() > SHOWN { ", …" } else { "" };
        let n = people.len();
        let rows: Vec<&RowPlace> = people.iter().map(|(s, _)| &whole.lines[*s].place).collect();
        let (zh, en) = (what.zh, if n == 1 { &what.en } else { several });
        let student = by_count(n, "student", "students");
        let message = words!("{n} 人{zh}：{names}", "{n} {student} {en}: {names}");
        let answers = vec![
            Answer { label: keep, says: vec![format!("accept={code}")] },
            Answer { label: leave, says: vec![format!("exclude={word}")] },
        ];
        tell.ask(code, places(&rows, None), message, answers);
    }
    leave_out(whole, &who, &out, tell);
    twice::tell_twice(whole, &who, tell);
}

/// Signs between people.
const SIGNS: [char; 5] = [',', '，', '、', ';', '；'];
/// Most commas, and one more, that are looked at for a name that has some.
const PARTS_OF_NAME: usize = 5;

/// The people whom the user takes out, some of whom may stand in one text with commas between.
fn parted<'a>(said: Vec<&'a str>, whole: &Whole, who: &Who) -> Vec<&'a str> {
    if !said.iter().any(|said| said.contains(SIGNS)) {
        return said.into_iter().map(str::trim).filter(|who| !who.is_empty()).collect();
    }
    let known: HashSet<String> =
        whole.lines.iter().flat_map(|line| [who.id(line), who.name(line)]).map(|text| fold::fold(&text)).collect();
    said.into_iter().flat_map(|said| people_in(said, &known)).collect()
}

/// Whether the user takes out somebody of this name (or id).
pub fn leaves_out(said: &Override, name: &str) -> bool {
    let Override::Exclude(text) = said else { return false };
    let is_name = |word: &str| fold::fold(&fold::one_line(word.trim())) == fold::fold(name);
    is_name(text) || text.split(SIGNS).any(is_name)
}

/// Several people in one text, with commas between. A comma that is part of a name of the list parts nothing.
fn people_in<'a>(said: &'a str, known: &HashSet<String>) -> Vec<&'a str> {
    let is_known = |text: &str| known.contains(&fold::fold(&fold::one_line(text)));
    let (mut people, mut rest) = (Vec::new(), said);
    loop {
        let signs = rest.match_indices(SIGNS).map(|(at, _)| at);
        let ends: Vec<usize> = signs.chain([rest.len()]).take(PARTS_OF_NAME).collect();
        let end = ends.iter().rev().copied().find(|&end| is_known(rest[..end].trim())).unwrap_or(ends[0]);
        people.extend(Some(rest[..end].trim()).filter(|who| !who.is_empty()));
        let Some(sign) = rest[end..].chars().next() else { return people };
        rest = &rest[end + sign.len_utf8()..];
    }
}

/// `--exclude`: by id, else by name, else by class and one of them; who is not in this list may be in another.
fn named_by_user(whole: &Whole, who: &Who, said: &[&str], out: &mut [Option<Words>], tell: &mut Tell<'_>) {
    for word in said.iter().filter(|word| **word != "gone" && **word != "hidden") {
        let wanted = fold::fold(&fold::one_line(word));
        let by = |of: &dyn Fn(&Line) -> String| {
            (0..whole.lines.len()).filter(|&s| fold::fold(&of(&whole.lines[s])) == wanted).collect::<Vec<usize>>()
        };
        let mut found = by(&|line| who.id(line));
        if found.is_empty() {
            found = by(&|line| who.name(line));
        }
        if let Some((class, id)) = wanted.rsplit_once('/').filter(|_| found.is_empty()) {
            let is = |s: &usize| {
                let line = &whole.lines[*s];
                fold::fold(&who.class(line, &whole.classes[*s])) == class
                    && [who.id(line), who.name(line)].contains(&id.to_owned())
            };
            found = (0..whole.lines.len()).filter(is).collect();
        }
        match found.as_slice() {
            [s] => out[*s] = Some(words!("按您的要求", "as you said")),
            [] => tell.stranger(word),
            several => {
                let rows: Vec<&RowPlace> = several.iter().map(|&s| &whole.lines[s].place).collect();
                let at = places(&rows, None);
                let why = Why {
                    found: words!(
                        "要排除的“{word}”有好几人（{at}）",
                        "“{word}”, to be left out, which several students are called ({at})"
                    ),
                    expected: words!("其中一人", "one of them"),
                    action: words!("请写学号", "give the id"),
                };
                tell.fault("exclude_ambiguous", "", why);
            }
        }
    }
}

fn leave_out(whole: &mut Whole, who: &Who, out: &[Option<Words>], tell: &mut Tell<'_>) {
    let left: Vec<usize> = (0..out.len()).filter(|&s| out[s].is_some()).collect();
    if left.is_empty() {
        return;
    }
    for &s in &left {
        let line = &whole.lines[s];
        if let Some(why) = &out[s] {
            tell.left_out(LeftOut { who: who.shown(line), why: why.clone(), row: line.place.clone() });
        }
    }
    let names: Vec<String> = left.iter().take(SHOWN).map(|&s| who.shown(&whole.lines[s])).collect();
    let (n, names) = (left.len(), names.join(", "));
    let rows: Vec<&RowPlace> = left.iter().map(|&s| &whole.lines[s].place).collect();
    let message = words!("{n} 人没有编入：{names}", "{n} left out: {names}");
    tell.notice("people_left_out", places(&rows, None), message);
    let mut keep = out.iter().map(Option::is_none);
    whole.lines.retain(|_| keep.next().unwrap_or(true));
    let mut keep = out.iter().map(Option::is_none);
    whole.classes.retain(|_| keep.next().unwrap_or(true));
}
