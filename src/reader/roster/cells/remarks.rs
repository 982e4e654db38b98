//! Remarks (备注): some schools write there what others have a column for. Nothing is balanced by a remark unless the user reads the
//! column as that flag; what stands there is told.

use crate::roster::Field;
use aho_corasick::AhoCorasick;
use std::sync::LazyLock;

/// What a remark may call a known flag. Only words that mean it wherever they stand: 困难 alone may be one with mathematics.
const WORDS: [(&str, &[&str]); 5] = [
    ("left_behind", &["留守", "外出务工", "外出打工", "在外务工", "在外打工"]),
    ("single_parent", &["单亲"]),
    ("hardship", &["贫困", "特困", "低保", "建档立卡", "家庭困难", "经济困难"]),
    ("boarding", &["住校", "寄宿", "住宿"]),
    ("key_student", &["控辍保学", "重点关注"]),
];

/// Finds a word of any flag: most remarks have none.
static ANY: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let all = WORDS.iter().flat_map(|(_, words)| *words);
    AhoCorasick::new(all).unwrap_or_else(|error| unreachable!("a few short words: {error}"))
});

/// What makes the opposite of a word that follows in the same clause within four characters: 非留守, 不再住校, 没有申请低保.
const NOT: [char; 5] = ['非', '不', '无', '未', '没'];
/// How far it reaches.
const REACH: usize = 4;

/// Whether a remark may say something of some flag.
pub(super) fn may_say(remark: &str) -> bool {
    ANY.is_match(remark)
}

/// Whether a remark says that the flag is set, or that it is not; none where it is about something else.
pub(super) fn says(remark: &str, flag: &Field) -> Option<bool> {
    let words = words(flag);
    let ends = |c: char| c.is_whitespace() || "，,。；;、/".contains(c);
    let mut said = None;
    for clause in remark.split(ends) {
        for (at, _) in words.iter().flat_map(|word| clause.match_indices(word)) {
            let denied = clause[..at].chars().rev().take(REACH).any(|before| NOT.contains(&before));
            said = Some(said == Some(true) || !denied);
        }
    }
    said
}

/// The words for the flag that a remark has.
pub(super) fn words_in(remark: &str, flag: &Field) -> Vec<&'static str> {
    words(flag).iter().copied().filter(|word| remark.contains(word)).collect()
}

/// The flags that remarks are looked through for.
pub(super) fn flags() -> impl Iterator<Item = Field> {
    WORDS.iter().map(|(name, _)| Field::Flag((*name).to_owned()))
}

fn words(flag: &Field) -> &'static [&'static str] {
    let known = WORDS.iter().find(|(name, _)| matches!(flag, Field::Flag(flag) if flag == name));
    known.map_or(&[], |(_, words)| words)
}
