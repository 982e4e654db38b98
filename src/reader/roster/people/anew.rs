//! A column that counts the rows and begins again further down: it is no id, and below it may stand another class.

use crate::roster::list::Whole;
use crate::roster::table::Raw;
use crate::roster::tell::{Tell, places};
use crate::roster::{Field, RowPlace, heading, value};
use crate::words;
use std::collections::HashMap;

/// Takes row numbers for ids where those of the list begin again in one class, and asks whether it is one.
pub fn number_anew(whole: &mut Whole, tell: &mut Tell<'_>) {
    let counts = |c: &usize| heading::counts_rows(whole.heads[*c].lower()) && !whole.assignment.named[*c];
    let Some(id) = whole.assignment.position(&Field::Id).filter(counts) else { return };
    let (at, class) = (whole.heads[id].index, whole.assignment.position(&Field::Class).map(|c| whole.heads[c].index));
    let mut begun: HashMap<(String, &str), Option<&str>> = HashMap::new();
    let (mut again, mut begins_again): (Vec<&RowPlace>, bool) = (Vec::new(), false);
    for (line, told) in whole.lines.iter().zip(&whole.classes) {
        if line.cells.get(at).and_then(value::id).is_none_or(|(number, _)| number != "1") {
            continue;
        }
        let class = class.and_then(|c| line.cells.get(c)).map(Raw::shown).unwrap_or_default();
        let kind = line.kind.as_deref();
        if let Some(first) = begun.insert((class, told.as_str()), kind) {
            begins_again = true;
            // Boys and girls of one class may be counted each.
            again.extend((first == kind).then_some(&line.place));
        }
    }
    if begins_again {
        whole.assignment.fields[id] = Field::Other;
    }
    if again.is_empty() {
        return;
    }
    let (header, place) = (whole.heads[id].text(), places(&again, Some(at)));
    let message = words!(
        "“{header}”从 1 重新编号，那里可能是另一个班（若是，请加一列“班级”）；按一个班读取，以行号作为学号",
        "“{header}” begins again at 1: another class may begin there (if so, add a column with the class); read as one class, with row numbers as ids"
    );
    tell.doubt("numbers_again", place, message, words!("是同一个班", "it is one class"));
}
