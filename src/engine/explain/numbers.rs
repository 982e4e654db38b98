//! Small numbers as words.

const EN: [&str; 13] =
    ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

/// Before a measure word, so 两 and not 二.
const ZH: [&str; 13] = ["零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"];

/// English: a word up to twelve, digits beyond.
pub(super) fn english(n: usize) -> String {
    EN.get(n).map_or_else(|| n.to_string(), |word| (*word).to_owned())
}

/// Chinese before a measure word: 两 (名), 十二 (名); digits with spaces around them beyond twelve.
pub(super) fn chinese(n: usize) -> String {
    ZH.get(n).map_or_else(|| format!(" {n} "), |word| (*word).to_owned())
}

/// A noun with its plural s: `one group`, `five groups`.
pub(super) fn counted(n: usize, noun: &str) -> String {
    format!("{} {noun}{}", english(n), if n == 1 { "" } else { "s" })
}
