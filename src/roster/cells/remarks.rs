//! Remarks (备注): some schools write there what others have a column for. Nothing is balanced by a remark unless the user reads the
//! column as that flag; what stands there is told.

use crate::roster::Field;

/// What a remark may call a known flag. Only words that mean it wherever they stand: 困难 alone may be one with mathematics.
const WORDS: [(&str, &[&str]); 5] = [
    ("left_behind", &["留守"]),
    ("single_parent", &["单亲"]),
    ("hardship", &["贫困", "特困", "低保", "建档立卡", "家庭困难", "经济困难"]),
    ("boarding", &["住校", "寄宿", "住宿"]),
    ("key_student", &["控辍保学", "重点关注"]),
];

/// What makes the opposite of a word that follows within two characters: 非留守, 不再住校.
const NOT: [char; 5] = ['非', '不', '无', '未', '没'];

/// Whether a remark says that the flag is set, or that it is not; none where it is about something else.
pub(super) fn says(remark: &str, flag: &Field) -> Option<bool> {
    let Field::Flag(name) = flag else { return None };
    let (_, words) = WORDS.iter().find(|(known, _)| known == name)?;
    let found = words.iter().filter_map(|word| Some((remark.find(word)?, *word))).min_by_key(|(at, _)| *at);
    found.map(|(at, _)| !remark[..at].chars().rev().take(2).any(|before| NOT.contains(&before)))
}

/// The flags that remarks are looked through for, each with the word that is told.
pub(super) fn flags() -> impl Iterator<Item = (Field, &'static str)> {
    WORDS.iter().filter_map(|(name, words)| Some((Field::Flag((*name).to_owned()), *words.first()?)))
}
