//! What a result rests on, in one line that stands before any verdict. Never for the public: it names those who are left out.

use super::names;
use super::text::clean;
use crate::plan::document::RestsOn;
use crate::words;
use crate::words::{Lang, Words};

/// How many names of one kind are shown before the rest is only counted.
const SHOWN: usize = 12;

/// The line; nothing of a plan made before this was told.
pub fn line(rests: &RestsOn, lang: Lang) -> Option<String> {
    let students = rests.students;
    let (balanced, unused, left_out) = (listed(&rests.balanced), unused(rests), listed(&rests.left_out));
    let tiers = rests.tiers_by.as_deref().map(clean).unwrap_or_default();
    let parts = [
        Some(if students == 1 {
            words!("1 名学生", "1 student")
        } else {
            words!("{students} 名学生", "{students} students")
        }),
        balanced.map(|Words { zh, en }| words!("按 {zh} 均衡", "balanced: {en}")),
        (!tiers.is_empty()).then(|| words!("按 {tiers} 分层", "tiers by: {tiers}")),
        unused,
        left_out.map(|Words { zh, en }| words!("未编入：{zh}", "left out: {en}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().map(|part| names::tell(part, lang)).collect();
    (students > 0).then(|| parts.join(names::say(lang, "；", "; ")))
}

/// What of the list nothing looks at, for the line and for the verdict; nothing where all is used.
#[must_use]
pub fn unused(rests: &RestsOn) -> Option<Words> {
    listed(&rests.unused).map(|Words { zh, en }| words!("没有用到：{zh}", "not used: {en}"))
}

/// Names in a row; in English one with a comma of its own stands in quotes.
fn listed(all: &[String]) -> Option<Words> {
    let shown: Vec<String> = all.iter().take(SHOWN).map(|name| clean(name)).collect();
    let quoted = |name: &String| if name.contains(',') { format!("“{name}”") } else { name.clone() };
    let zh = shown.join("、");
    let en = shown.iter().map(quoted).collect::<Vec<_>>().join(", ");
    let (count, rest) = (all.len(), all.len().saturating_sub(SHOWN));
    match (count, rest) {
        (0, _) => None,
        (_, 0) => Some(Words { zh, en }),
        _ => Some(words!("{zh} 等 {count} 项", "{en} and {rest} more")),
    }
}
