//! Who of a list is to be grouped: names in two columns are joined, grade and class make the class; other users than students are left
//! out; people who seem to have left, who are in hidden rows, who stand in the list twice or whom the user takes out are told by name.

use super::columns::column_letters_of;
use super::doubt::Answer;
use super::heading::Part;
use super::layout::{Line, List};
use super::options::Override;
use super::table::Raw;
use super::tell::{Tell, Why, places};
use super::unify::Whole;
use super::vocabulary::{self, Is};
use super::{Field, LeftOut, RowPlace, fold, value};
use crate::words;
use crate::words::Words;
use std::collections::{HashMap, HashSet};

/// How many names a message shows.
const SHOWN: usize = 12;
/// How far before a word something may deny it.
const REACH: usize = 4;

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

/// 七年级 and 1班 make 七年级1班, where the list has several grades.
pub fn join_grades(whole: &mut Whole, tell: &mut Tell<'_>) {
    let (Some(grade), Some(class)) = (whole.assignment.part(Part::Grade), whole.assignment.position(&Field::Class))
    else {
        return;
    };
    let (grade_at, class_at) = (whole.heads[grade].index, whole.heads[class].index);
    let text = |line: &Line, c: usize| line.cells.get(c).map(Raw::shown).unwrap_or_default();
    let grades: HashSet<String> =
        whole.lines.iter().map(|line| text(line, grade_at)).filter(|text| !text.is_empty()).collect();
    if grades.len() < 2 || grades.len() > 20 {
        return;
    }
    let mut joined = 0;
    for line in &mut whole.lines {
        let (grade, class) = (text(line, grade_at), text(line, class_at));
        if grade.is_empty() || class.is_empty() || class.contains(grade.trim_end_matches(['级', '年'])) {
            continue;
        }
        let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let whole = match (is_number(&grade), is_number(&class)) {
            (true, true) => format!("{grade}-{class}"),
            (false, true) if grade.contains(fold::is_han) => format!("{grade}{class}班"),
            (_, false) if class.contains(fold::is_han) && is_number(&grade) => format!("{grade}年级{class}"),
            _ if grade.contains(fold::is_han) || class.contains(fold::is_han) => format!("{grade}{class}"),
            _ => format!("{grade} {class}"),
        };
        put(line, class_at, Raw::Text(whole));
        joined += 1;
    }
    if joined > 0 {
        let text = whole.heads[grade].text();
        whole.heads[class].levels.insert(0, text);
        let message = words!("年级和班级合在一起作为班级", "grade and class together are taken as the class");
        tell.notice("class_with_grade", column_letters_of(&whole.heads[class]), message);
    }
}

/// A column called class that holds years of study is a kind of student, not a class.
pub fn years_are_no_classes(whole: &mut Whole, tell: &mut Tell<'_>) {
    let Some(class) = whole.assignment.position(&Field::Class).filter(|&c| !whole.assignment.named[c]) else { return };
    let at = whole.heads[class].index;
    let mut filled =
        whole.lines.iter().filter_map(|line| line.cells.get(at)).filter(|cell| !cell.is_blank()).peekable();
    if filled.peek().is_none() || !filled.all(|cell| vocabulary::is(&cell.shown(), Is::ClassYear)) {
        return;
    }
    let text = whole.heads[class].text();
    whole.assignment.fields[class] = Field::Category(text.replace([':', '='], " "));
    let message = words!(
        "“{text}”列是年级（学年），按类别分匀，不按它分班",
        "“{text}” holds years of study: balanced as a kind, not taken as classes"
    );
    tell.notice("class_is_year", column_letters_of(&whole.heads[class]), message);
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
    other_roles(whole, &mut out);
    let known: HashSet<String> =
        whole.lines.iter().flat_map(|line| [who.id(line), who.name(line)]).map(|text| fold::fold(&text)).collect();
    let said: Vec<&str> = overrides
        .iter()
        .filter_map(|said| if let Override::Exclude(who) = said { Some(who.as_str()) } else { None })
        .flat_map(|said| parted(said, &known))
        .collect();
    named_by_user(whole, &who, &said, &mut out, tell);
    let gone = gone(whole, &out);
    let hidden: Vec<(usize, String)> = (0..whole.lines.len())
        .filter(|&s| out[s].is_none() && whole.lines[s].hidden)
        .map(|s| (s, String::new()))
        .collect();
    let groups = [
        (
            "people_gone",
            "gone",
            gone,
            words!("看起来已经离开", "seem to have left"),
            words!("他们不分组", "leave them out"),
            words!("他们仍要分组", "they are still here"),
        ),
        (
            "rows_hidden",
            "hidden",
            hidden,
            words!("在隐藏或被筛选掉的行里", "are in hidden or filtered rows"),
            words!("他们不分组", "leave them out"),
            words!("他们也要分组", "they belong to the list"),
        ),
    ];
    for (code, word, people, what, leave, keep) in groups {
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
        let (zh, en) = (what.zh, what.en);
        let message = words!("{n} 人{zh}：{names}", "{n} {en}: {names}");
        let answers = vec![
            Answer { label: keep, says: vec![format!("accept={code}")] },
            Answer { label: leave, says: vec![format!("exclude={word}")] },
        ];
        tell.ask(code, places(&rows, None), message, answers);
    }
    leave_out(whole, &who, &out, tell);
    twice(whole, &who, tell);
}

/// Users of a platform who are no students.
fn other_roles(whole: &Whole, out: &mut [Option<Words>]) {
    let Some(role) = whole.assignment.part(Part::Role).map(|c| whole.heads[c].index) else { return };
    let is = |line: &Line, kind| line.cells.get(role).is_some_and(|cell| vocabulary::is(&cell.shown(), kind));
    if !whole.lines.iter().any(|line| is(line, Is::StudentRole)) {
        return;
    }
    for (line, out) in whole.lines.iter().zip(out).filter(|(line, _)| is(line, Is::OtherRole)) {
        let role = line.cells[role].shown();
        *out = Some(words!("不是学生（{role}）", "no student ({role})"));
    }
}

/// Most commas, and one more, that are looked at for a name that has some.
const PARTS_OF_NAME: usize = 5;

/// Several people in one text, with commas between. A comma that is part of a name of the list parts nothing.
fn parted<'a>(said: &'a str, known: &HashSet<String>) -> Vec<&'a str> {
    const SIGNS: [char; 5] = [',', '，', '、', ';', '；'];
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
                        "“{word}”, to be left out, who is several people ({at})"
                    ),
                    expected: words!("其中一人", "one of them"),
                    action: words!("请写学号", "give the id"),
                };
                tell.fault("exclude_ambiguous", "", why);
            }
        }
    }
}

/// Students whose status, remark or struck-out row says that they are gone, with the words that say so.
fn gone(whole: &Whole, out: &[Option<Words>]) -> Vec<(usize, String)> {
    let columns: Vec<(usize, bool)> = (whole.heads.iter().enumerate())
        .filter_map(|(c, head)| match (whole.assignment.parts[c], &whole.assignment.fields[c]) {
            (Some(Part::Status), Field::Other) => Some((head.index, true)),
            (_, Field::Notes) => Some((head.index, false)),
            (None, Field::Other) if !whole.assignment.known[c] && !whole.assignment.named[c] => {
                Some((head.index, false))
            }
            _ => None,
        })
        .collect();
    let says = |line: &Line| {
        columns.iter().find_map(|&(c, is_status)| {
            let text = line.cells.get(c).filter(|cell| matches!(cell, Raw::Text(_))).map(Raw::shown)?;
            is_gone(&text, is_status).then(|| text.chars().take(20).collect::<String>())
        })
    };
    let all = (0..whole.lines.len()).filter(|&s| out[s].is_none());
    let struck = |s: usize| whole.lines[s].struck.then(|| "—".to_owned());
    all.filter_map(|s| Some((s, says(&whole.lines[s]).or_else(|| struck(s))?))).collect()
}

/// Whether a text says that somebody has left: as a whole; in a status or remark of Chinese also inside, unless it is denied or the
/// person is back.
fn is_gone(text: &str, is_status: bool) -> bool {
    if vocabulary::is(text, Is::Gone) {
        return is_status || text.contains(fold::is_han) || text.len() > 5;
    }
    let holds = |kind: Is| vocabulary::words(kind).iter().any(|word| text.contains(word));
    if !text.contains(fold::is_han) {
        let lower = text.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric());
        return is_status && !holds(Is::Back) && words.any(|word| vocabulary::is(word, Is::Gone));
    }
    if holds(Is::Back) || text.chars().count() > 60 {
        return false;
    }
    let denied = |at: usize| {
        let before: String = text[..at].chars().rev().take(REACH).collect::<Vec<_>>().into_iter().rev().collect();
        vocabulary::words(Is::Denied).iter().any(|word| before.ends_with(word))
    };
    let long =
        vocabulary::words(Is::Gone).iter().filter(|word| word.chars().count() > 1 && word.contains(fold::is_han));
    long.flat_map(|word| text.match_indices(word)).any(|(at, _)| !denied(at))
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

/// Two rows that agree in all that is filled, ids aside where the list has none: one person twice, as far as can be told.
fn twice(whole: &Whole, who: &Who, tell: &mut Tell<'_>) {
    if who.id.is_some() || who.name.is_none() {
        return; // equal ids are told with the ids
    }
    let mut seen: HashMap<(String, String), usize> = HashMap::new();
    let mut same: Vec<(usize, usize)> = Vec::new();
    let mut alike: Vec<(usize, usize)> = Vec::new();
    for (s, line) in whole.lines.iter().enumerate() {
        let name = who.name(line);
        let class = who.class(line, &whole.classes[s]);
        if name.is_empty() {
            continue;
        }
        if let Some(first) = seen.insert((name, class), s) {
            let twins = whole.lines[first].cells.iter().map(Raw::shown).eq(line.cells.iter().map(Raw::shown));
            if twins { same.push((first, s)) } else { alike.push((first, s)) }
        }
    }
    let list = |pairs: &[(usize, usize)]| {
        let text = |&(a, b): &(usize, usize)| {
            let (name, one, two) =
                (who.name(&whole.lines[b]), whole.lines[a].place.cell(None), whole.lines[b].place.cell(None));
            format!("{name} ({one}, {two})")
        };
        pairs.iter().take(SHOWN).map(text).collect::<Vec<_>>().join("; ")
    };
    if !same.is_empty() {
        let (n, names) = (same.len(), list(&same));
        let rows: Vec<&RowPlace> = same.iter().map(|&(_, s)| &whole.lines[s].place).collect();
        let message = words!(
            "{n} 人似乎写了两次（各项都一样）：{names}",
            "{n} people seem to be in the list twice, alike in everything: {names}"
        );
        tell.doubt("person_twice", places(&rows, who.name), message, words!("是同名的两个人", "they are two people"));
    }
    if !alike.is_empty() {
        let names = list(&alike);
        let rows: Vec<&RowPlace> = alike.iter().map(|&(_, s)| &whole.lines[s].place).collect();
        let message =
            words!("同名的学生按两个人处理：{names}", "students of one name are taken as two people: {names}");
        tell.notice("names_repeat", places(&rows, who.name), message);
    }
}
