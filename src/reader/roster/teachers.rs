//! Lists of teachers given in the place of students: told by what only teachers have, and never divided unasked.

use super::Field;
use super::header::Head;
use super::list::List;
use super::staff::{are_of_teachers, are_staff_format};
use super::tell::Tell;
use super::vocabulary::{self, Is};
use super::why::Why;
use crate::words;

/// How many headers are looked at.
const LOOKED_AT: usize = 60;

/// Whether a list is one of teachers, by its headers or by the name of its sheet, and holds no marks.
pub fn is_of_teachers(list: &List) -> bool {
    let has_marks = || {
        let is_mark = |field: &Field| matches!(field, Field::Score(_) | Field::Total | Field::Rank | Field::Tier);
        list.assignment.fields.iter().any(is_mark)
    };
    let heads = texts(list);
    let is_said = || is_named_so(&list.sheet) && list.assignment.position(&Field::Id).is_none();
    (are_of_teachers(heads.iter().map(String::as_str)) || is_said()) && !has_marks()
}

fn texts(list: &List) -> Vec<String> {
    list.heads.iter().take(LOOKED_AT).map(Head::text).collect()
}

/// Whether a sheet is called after teachers: 教师, 教师名单, Teachers.
fn is_named_so(sheet: &str) -> bool {
    let key = vocabulary::word_key(sheet);
    let ends = ["名单", "名册", "信息表", "信息", "一览表", "表", "list"];
    let bare = ends.iter().find_map(|end| key.strip_suffix(end)).unwrap_or(&key);
    [Is::Office, Is::OtherRole].iter().any(|kind| vocabulary::is(bare, *kind))
}

/// Refuses the program's own staff list, and asks about other lists of teachers.
pub fn ask(lists: &[List], tell: &mut Tell<'_>) {
    let Some(list) = lists.iter().find(|list| list.is_some() && is_of_teachers(list)) else { return };
    if are_staff_format(texts(list).iter().map(String::as_str)) {
        let why = Why {
            found: words!("教师名单", "a staff list"),
            expected: words!("学生名册", "a list of students"),
            action: words!(
                "请换成学生名册；教师名单要另外给出（`--teachers`）",
                "give the list of students; the staff list is given beside it (`--teachers`)"
            ),
        };
        tell.fault("staff_list", &list.sheet, why);
        return;
    }
    let message = words!("这看起来是教师名单，不是学生名册", "this looks like a list of teachers, not of students");
    tell.doubt(
        "list_of_teachers",
        list.sheet.clone(),
        message,
        words!("就按学生分组", "divide these people all the same"),
    );
}
