//! Guardian, phone and address of a student, from the columns of a list whose headers say so.

use crate::report::text::clean;
use crate::roster::{Cell, Column, Field, Roster};

/// What a column tells of a student's home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contact {
    Guardian,
    Phone,
    Address,
}

/// Header words of each, parted by spaces; a new word needs no more than to stand here.
const WORDS: [(Contact, &str); 3] = [
    (
        Contact::Guardian,
        "监护人 监护人姓名 家长 家长姓名 学生家长 父母 父母姓名 父亲 父亲姓名 母亲 母亲姓名 联系人 紧急联系人 \
         guardian guardianname guardians parent parentname parents father fathername mother mothername contactperson \
         emergencycontact",
    ),
    (
        Contact::Phone,
        "电话 联系电话 电话号码 联系方式 手机 手机号 手机号码 联系手机 家长电话 家长手机 家长手机号 家长联系电话 \
         家长联系方式 监护人电话 监护人手机 监护人联系电话 监护人联系方式 父亲电话 父亲手机 母亲电话 母亲手机 家庭电话 \
         phone phonenumber telephone tel mobile mobilephone mobilenumber cell cellphone contactnumber parentphone \
         guardianphone homephone fatherphone motherphone",
    ),
    (
        Contact::Address,
        "住址 家庭住址 家庭地址 地址 现住址 现住地址 居住地址 居住地 现居住地 家庭居住地 详细地址 详细住址 通讯地址 通信地址 \
         address homeaddress residence streetaddress",
    ),
];

/// What a column tells, by its header; columns that were read as something else tell nothing here.
fn meaning(column: &Column) -> Option<Contact> {
    if !matches!(column.field, Field::Other | Field::Notes | Field::Category(_)) {
        return None;
    }
    // Of several header rows the lowest counts, and the whole where it is one word in parts.
    let last = column.header.split_whitespace().next_back().unwrap_or_default();
    [column.header.as_str(), last].into_iter().find_map(|header| {
        let key = key(header);
        WORDS.iter().find(|(_, words)| words.split_whitespace().any(|word| word == key)).map(|(contact, _)| *contact)
    })
}

/// A header without brackets and what stands in them, signs, spaces and capitals.
fn key(header: &str) -> String {
    let mut depth = 0_usize;
    let mut key = String::new();
    for c in header.chars() {
        match c {
            '(' | '（' | '[' | '【' | '［' => depth += 1,
            ')' | '）' | ']' | '】' | '］' => depth = depth.saturating_sub(1),
            c if depth == 0 && c.is_alphanumeric() => key.extend(c.to_lowercase()),
            _ => {}
        }
    }
    key
}

/// Whether a list has a column of a kind.
pub(super) fn has(roster: &Roster, contact: Contact) -> bool {
    roster.columns.iter().any(|column| meaning(column) == Some(contact))
}

/// What a list tells of a student; of several columns (father, mother) all, each once.
pub(super) fn of(roster: &Roster, student: usize, contact: Contact) -> String {
    let mut told: Vec<String> = Vec::new();
    for column in roster.columns.iter().filter(|column| meaning(column) == Some(contact)) {
        let text = match &column.cells[student] {
            Cell::Text(text) => clean(text),
            Cell::Number(number) => number.to_string(),
            Cell::Empty | Cell::Absent | Cell::Flag(_) => continue,
        };
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told.join(" / ")
}
