//! Where the checks of a model or rules file put what they find.

use super::source::Source;
use crate::fault::Fault;
use crate::words;
use crate::words::Words;
use std::collections::HashSet;

/// Most characters of a name or id.
const MAX_TEXT: usize = 200;

/// The file being judged, with the faults found so far.
pub(in crate::model) struct Judge<'a> {
    pub(in crate::model) source: &'a Source,
    pub(in crate::model) faults: &'a mut Vec<Fault>,
}

impl Judge<'_> {
    /// One more fault; `[found, expected, action]`.
    pub(in crate::model) fn fault(&mut self, code: &'static str, path: &str, [found, expected, action]: [Words; 3]) {
        self.faults.push(Fault { code, place: self.source.place(path), found, expected, action });
    }

    /// A fault where a name or id is empty, has blanks around it, or is longer than any name.
    pub(in crate::model) fn check_text(&mut self, text: &str, path: &str) {
        let expected =
            || words!("1 到 {MAX_TEXT} 个字符，前后没有空白", "1 to {MAX_TEXT} characters without blanks around them");
        if text.trim().is_empty() || text.trim() != text {
            let found = words!("“{text}”", "\"{text}\"");
            self.fault("blank_text", path, [found, expected(), words!("请填写", "write one")]);
        }
        let length = text.chars().count();
        if length > MAX_TEXT {
            let found = words!("{length} 个字符", "{length} characters");
            self.fault("long_text", path, [found, expected(), words!("请缩短", "shorten it")]);
        }
    }

    /// A fault where the column was `seen` before.
    pub(in crate::model) fn check_repeated<'c>(&mut self, seen: &mut HashSet<&'c str>, column: &'c str, path: &str) {
        if !seen.insert(column) {
            let found = words!("“{column}”再次出现", "\"{column}\" again");
            let expected = words!("每列只写一次", "every column once");
            self.fault("column_repeated", path, [found, expected, words!("请删去其一", "remove one of them")]);
        }
    }
}
