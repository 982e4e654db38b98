//! Who of a staff list is not there: struck out, or said to be away by a status, a remark or a bracket behind the name. They get no
//! groups and are told by name. Whoever stands in a hidden row is asked about: the row is shown, or deleted.

use crate::roster::RowPlace;
use crate::roster::table::Row;
use crate::roster::tell::{Tell, places};
use crate::roster::why::Why;
use crate::words;
use crate::words::by_count;

/// How many names a message shows.
const SHOWN: usize = 12;

/// Everybody who was not taken.
#[derive(Default)]
pub(super) struct Absent {
    gone: Vec<(String, RowPlace)>,
    hidden: Vec<(String, RowPlace)>,
}

impl Absent {
    /// Whether somebody of a row is not there; `why` is what says so.
    pub(super) fn takes(&mut self, name: &str, why: Option<&str>, row: &Row, place: &RowPlace) -> bool {
        let of = |list: &mut Vec<(String, RowPlace)>, text: String| {
            if !list.iter().any(|(known, _)| *known == text) {
                list.push((text, place.clone()));
            }
        };
        match why {
            Some(why) => of(&mut self.gone, format!("{name}（{why}）")),
            None if row.struck => of(&mut self.gone, name.to_owned()),
            None if row.hidden => of(&mut self.hidden, name.to_owned()),
            None => return false,
        }
        true
    }

    pub(super) fn tell(&self, tell: &mut Tell<'_>) {
        let listed = |people: &[(String, RowPlace)]| {
            let names: Vec<&str> = people.iter().take(SHOWN).map(|(name, _)| name.as_str()).collect();
            names.join(", ") + if people.len() > SHOWN { ", …" } else { "" }
        };
        let at = |people: &[(String, RowPlace)]| places(&people.iter().map(|(_, row)| row).collect::<Vec<_>>(), None);
        if !self.gone.is_empty() {
            let (n, names) = (self.gone.len(), listed(&self.gone));
            let teachers =
                by_count(n, "teacher is away or struck out and gets", "teachers are away or struck out and get");
            let message = words!("{n} 位教师不在岗或已划掉，不带小组：{names}", "{n} {teachers} no groups: {names}");
            tell.notice("teachers_left_out", at(&self.gone), message);
        }
        if !self.hidden.is_empty() {
            let (n, names) = (self.hidden.len(), listed(&self.hidden));
            let why = Why {
                found: words!(
                    "隐藏或被筛选掉的行里有 {n} 位教师：{names}",
                    "{n} teachers in hidden or filtered rows: {names}"
                ),
                expected: words!("要带小组的教师都看得见", "every teacher who is to count in plain sight"),
                action: words!(
                    "请取消隐藏和筛选；不带小组的，请删去这些行",
                    "show the rows, or delete those of teachers who take no groups"
                ),
            };
            tell.fault("rows_hidden", &at(&self.hidden), why);
        }
    }
}
