//! The marks of a list's students that stand in another sheet or file, added to it.

use super::{Key, column, text};
use crate::roster::header::Head;
use crate::roster::list::{Line, List};
use crate::roster::place::{CellPlace, Cells};
use crate::roster::table::Raw;
use crate::roster::tell::{Tell, places};
use crate::roster::{Field, RowPlace};
use crate::words;
use crate::words::by_count;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Adds the columns of a list of the same students; who is in one list only is named.
pub fn join(main: &mut List, other: List, key: Key, tell: &mut Tell<'_>) {
    let (field, is_id) = if key == Key::Id { (Field::Id, true) } else { (Field::Name, false) };
    let (mine, theirs) = (column(main, &field), column(&other, &field));
    let mut rows: HashMap<String, Vec<usize>> = HashMap::new();
    for (s, line) in main.lines.iter().enumerate() {
        rows.entry(text(line, mine, is_id)).or_default().push(s);
    }
    let new: Vec<usize> = (0..other.heads.len())
        .filter(|&c| !other.heads[c].levels.is_empty())
        .filter(|&c| match &other.assignment.fields[c] {
            Field::Other => !main.heads.iter().any(|head| head.text() == other.heads[c].text()),
            known => main.assignment.position(known).is_none(),
        })
        .collect();
    let width = main
        .heads
        .iter()
        .map(|head| head.index + 1)
        .max()
        .unwrap_or(0)
        .max(main.lines.iter().map(|line| line.cells.len()).max().unwrap_or(0));
    for (at, &c) in new.iter().enumerate() {
        let mut head = other.heads[c].clone();
        head.index = width + at;
        main.heads.push(head);
        main.assignment.push(&other.assignment, c);
    }
    let names = (column(main, &Field::Name), column(&other, &Field::Name));
    let (mut unknown, mut doubtful, mut renamed) = (Vec::new(), Vec::new(), Vec::new());
    let mut met = vec![false; main.lines.len()];
    for mut line in other.lines {
        let who = text(&line, theirs, is_id);
        match rows.get(&who).map(Vec::as_slice) {
            Some(&[s]) if !met[s] => {
                met[s] = true;
                let (here, there) = (text(&main.lines[s], names.0, false), text(&line, names.1, false));
                if !here.is_empty() && !there.is_empty() && here != there {
                    renamed.push((format!("{who} {here} / {there}"), line.place.clone()));
                }
                take_over(&mut main.lines[s], &mut line, &new, &other.heads, width);
            }
            Some(_) => doubtful.push((who, line.place)),
            None => unknown.push((who, line.place)),
        }
    }
    let sheet = other.sheet;
    let missing: Vec<(String, RowPlace)> = (main.lines.iter().zip(&met))
        .filter(|(_, met)| !**met)
        .map(|(line, _)| (text(line, mine, is_id), line.place.clone()))
        .collect();
    let message = words!(
        "“{sheet}”里同一批学生的内容已按学号或姓名并入",
        "“{sheet}” is about the same students; its columns were added by id or name"
    );
    tell.notice("lists_joined", sheet.clone(), message);
    tell_unmatched("join_unknown", &unknown, words!("不在名册里，没有编入", "not in the list and left out"), tell);
    tell_unmatched(
        "join_doubtful",
        &doubtful,
        words!("有两行或同名，没有并入", "in several rows or with a namesake, and not joined"),
        tell,
    );
    tell_unmatched(
        "join_other_name",
        &renamed,
        words!("学号相同、姓名不同，按同一人并入", "with one id under two names, taken as the same"),
        tell,
    );
    tell_unmatched("join_missing", &missing, words!("在另一张表里没有", "not in the other sheet"), tell);
}

fn take_over(line: &mut Line, from: &mut Line, columns: &[usize], heads: &[Head], width: usize) {
    let mut apart: BTreeMap<usize, CellPlace> = match &line.place.cells {
        Cells::Apart(cells) => (**cells).clone(),
        _ => BTreeMap::new(),
    };
    line.cells.resize(width + columns.len(), Raw::Empty);
    for (at, &c) in columns.iter().enumerate() {
        let index = heads[c].index;
        apart.insert(width + at, from.place.at(index));
        line.cells[width + at] = from.cells.get_mut(index).map(std::mem::take).unwrap_or_default();
    }
    if !matches!(line.place.cells, Cells::Moved(_)) {
        line.place.cells = Cells::Apart(Arc::new(apart));
    }
}

fn tell_unmatched(code: &'static str, who: &[(String, RowPlace)], why: crate::words::Words, tell: &mut Tell<'_>) {
    if who.is_empty() {
        return;
    }
    let names: Vec<&str> = who.iter().map(|(who, _)| who.as_str()).take(12).collect();
    let (names, n) = (names.join(", "), who.len());
    let rows: Vec<&RowPlace> = who.iter().map(|(_, place)| place).collect();
    let (zh, en) = (why.zh, why.en);
    let people = by_count(n, "student", "students");
    let message = words!("{n} 人{zh}：{names}", "{n} {people} {en}: {names}");
    let place = places(&rows, None);
    match code {
        "join_missing" => tell.notice(code, place, message),
        "join_other_name" => tell.doubt(code, place, message, words!("是同一人", "they are the same")),
        _ => tell.doubt(code, place, message, words!("不需要他们", "they are not needed")),
    }
}
