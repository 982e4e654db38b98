//! The class that a title or the name of a sheet tells among other words.

use super::readings;
use crate::roster::fold;

/// The name of a class in a text, as far as it is one that is known.
pub(in crate::roster) fn class_in_title(title: &str) -> Option<String> {
    let is_part = |c: char| {
        c.is_ascii_digit() || "一二三四五六七八九十初高小年级届第()（）.-·—".contains(c) || ('０'..='９').contains(&c)
    };
    if let Some(end) = title.rfind('班') {
        let start = title[..end].char_indices().rev().take_while(|(_, c)| is_part(*c)).last().map(|(at, _)| at)?;
        let name = title[start..end].trim_start_matches(['学', '年', '级', '-', '—', '.', ')', '）']);
        let name = name.rsplit_once("学年").map_or(name, |(_, rest)| rest);
        return name.contains(|c: char| !"()（）".contains(c)).then(|| format!("{name}班"));
    }
    let lower = title.to_lowercase();
    let at = lower.find("class ").filter(|_| title.is_ascii())?;
    let rest: String = title[at + 6..].chars().take_while(|c| !c.is_whitespace() && !",;:()".contains(*c)).collect();
    let is_number = rest.bytes().all(|b| b.is_ascii_digit());
    (!rest.is_empty()).then(|| if is_number { title[at..at + 6 + rest.len()].to_owned() } else { rest })
}

/// Whether a text names a class: 三(1)班, 7A, 火箭班.
pub(in crate::roster) fn names_class(text: &str) -> bool {
    let is_short = fold::trim(text).chars().count() <= 6 && fold::trim(text).ends_with('班');
    class_in_title(text).is_some() || is_short || readings(text).iter().any(|name| name.label.is_some())
}

/// The class that a text names, else the text.
pub(in crate::roster) fn class_of(text: &str) -> String {
    class_in_title(text).unwrap_or_else(|| fold::trim(text).to_owned())
}

/// Whether a sheet's name is a class's (三(1)班, 3-1, Class A).
pub(in crate::roster) fn is_class_name(sheet: &str) -> bool {
    let digits = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    class_in_title(sheet).is_some()
        || ['-', '.', '_']
            .iter()
            .any(|sign| sheet.trim().split_once(*sign).is_some_and(|(a, b)| digits(a) && digits(b)))
}
