//! The pieces of a cell that names classes: parted by the signs of a list, by another grade, or by nothing but the next class; with
//! what is left out of them.

use super::Label;
use super::meanings::meanings_of;
use super::numbers::{digit, label, numeral};
use super::parse::{grades, readings};
use super::signs::{plain, without_noise};
use super::words::{AND, EXCEPT, EXCEPTED, TO};
use crate::roster::fold;

/// Parts that one cell may have; a longer one is no list of classes.
pub(super) const MOST: usize = 300;

/// Pieces behind a bare number where its grade is looked for.
const NEAR: usize = 12;

/// Signs behind 班 that tell whether another class follows.
const AHEAD: usize = 8;

/// The longest text that is parted where no sign parts it.
const LONGEST: usize = 60;

/// A piece of a cell between the signs of a list.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) plain: String,
}

impl Piece {
    fn new(text: &str) -> Self {
        Self { text: fold::one_line(text), plain: without_noise(&plain(text)).to_owned() }
    }
}

/// A cell with an exception: what it holds, what not, and what follows. 七年级（除3班）, 全校除一年级外, 二年级(3班除外).
pub(super) fn excepted(text: &str) -> Option<(String, String, String)> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let text = fold::fold(text);
    let starts = |text: &str| EXCEPT.split_whitespace().find_map(|word| text.strip_prefix(word).map(str::to_owned));
    let bare =
        |text: &str| EXCEPTED.split_whitespace().find_map(|end| text.strip_suffix(end)).unwrap_or(text).to_owned();
    if let Some((before, rest)) = text.split_once('(')
        && let Some((inner, after)) = rest.split_once(')')
        && let Some(inner) = starts(inner).or_else(|| inner.strip_suffix("除外").map(str::to_owned))
    {
        return Some((before.to_owned(), bare(&inner), after.to_owned()));
    }
    let at = EXCEPT.split_whitespace().filter_map(|word| text.find(word)).min().filter(|at| *at > 0)?;
    let inner = starts(&text[at..]).filter(|_| !text[..at].ends_with('('))?;
    let end = EXCEPTED.split_whitespace().filter_map(|end| Some((inner.find(end)?, end))).min_by_key(|(at, _)| *at);
    let (inner, after) = end.map_or((inner.as_str(), ""), |(at, end)| (&inner[..at], &inner[at + end.len()..]));
    Some((text[..at].to_owned(), inner.to_owned(), after.to_owned()))
}

/// The pieces of a cell, or enough of them to see that there are too many: parted by the signs of a list outside brackets, and where
/// another class follows.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut depth = 0_usize;
    let mut piece = String::new();
    let mut push = |piece: &mut String| {
        let whole = std::mem::take(piece);
        if pieces.len() > MOST {
            return;
        }
        let parts = apart(&whole).into_iter().take(MOST + 1).flat_map(|part| graded(&part));
        pieces.extend(parts.map(|part| Piece::new(&part)).filter(|piece| !piece.text.is_empty()));
    };
    let text = text.replace(" and ", "、").replace(" And ", "、").replace(" AND ", "、");
    for c in text.chars() {
        match fold::half_width(c) {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            sign if depth == 0
                && (matches!(sign, ';' | ',' | '、' | '\n' | '\r' | '|' | '\\') || AND.contains(&sign)) =>
            {
                push(&mut piece);
                continue;
            }
            _ => {}
        }
        piece.push(c);
    }
    push(&mut piece);
    pieces
}

/// A piece that holds several classes without a sign of a list between them: 七1班七2班, 七1 七2, 七1/七2, 一(1)二(1), 三1.三2.
fn apart(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    for (at, c) in text.char_indices() {
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        if c != '班' {
            continue;
        }
        let rest = text[at + c.len_utf8()..].trim_start_matches(fold::is_space).chars().take(AHEAD);
        let rest: String = rest.map(fold::half_width).collect();
        let inner = rest.strip_prefix('(').and_then(|inner| inner.split_once(')'));
        let numbered = rest.starts_with(|c| digit(c).is_some() || matches!(c, '初' | '高'))
            || inner.is_some_and(|(inner, _)| label(inner).is_some());
        if numbered && text[..at].contains(|c| digit(c).is_some()) {
            parts.push(String::new());
        }
    }
    let whole = plain(text);
    if parts.len() > 1 || whole.chars().count() > LONGEST || !meanings_of(without_noise(&whole)).is_empty() {
        return parts;
    }
    for sign in
        [&fold::is_space as &dyn Fn(char) -> bool, &|c| matches!(c, '/' | '／'), &|c| matches!(c, '.' | '．' | '·')]
    {
        let split: Vec<&str> = text.split(sign).filter(|part| !part.is_empty()).collect();
        if split.len() > 1 && split.iter().all(|part| !readings(part).is_empty()) {
            return split.into_iter().map(str::to_owned).collect();
        }
    }
    sequence(without_noise(&whole)).unwrap_or(parts)
}

/// A text as classes one behind the other, each beginning with its grade; none where it is not made of such.
fn sequence(text: &str) -> Option<Vec<String>> {
    let starts = |rest: &str, before: &str| {
        rest.starts_with(|c| numeral(c) || matches!(c, '初' | '高'))
            || (before.ends_with(')') && rest.starts_with(|c| digit(c).is_some()))
    };
    let mut cuts = text.char_indices().map(|(at, _)| at).filter(|&at| at > 0 && starts(&text[at..], &text[..at]));
    let cut = cuts.find(|&at| !meanings_of(&text[..at]).is_empty())?;
    let (before, rest) = text.split_at(cut);
    let parts = || vec![rest.to_owned()];
    let behind = if meanings_of(rest).is_empty() { sequence(rest)? } else { parts() };
    Some([vec![before.to_owned()], behind].concat())
}

/// A piece that names several grades, once for each: 七-八年级, 一至三年级1班, 三五年级.
fn graded(text: &str) -> Vec<String> {
    let whole = plain(text);
    let one = || vec![text.to_owned()];
    let Some((heads, rest)) = whole.split_once("年级").filter(|_| whole.chars().count() <= LONGEST) else {
        return one();
    };
    let name = |number: &u32| format!("{number}年级");
    if let Some((first, last)) = heads.split_once(|c| c == '-' || TO.contains(&c)) {
        let (first, last) = (value(first), value(last));
        let (Some(first), Some(last)) = (first, last) else { return one() };
        let ends = (1..=12).contains(&first) && first < last && last <= 12;
        return if ends { (first..=last).map(|number| name(&number) + rest).collect() } else { one() };
    }
    // 七年级至九年级
    if let Some(last) = rest.strip_prefix(|c| c == '-' || TO.contains(&c))
        && let Some((last, rest)) = last.split_once("年级")
        && let (Some(first), Some(last)) = (value(heads), value(last))
        && first < last
        && last <= 12
        && label(rest).is_none()
        && rest.is_empty()
    {
        return (first..=last).map(|number| name(&number)).collect();
    }
    let each: Option<Vec<u32>> =
        heads.chars().map(|c| digit(c).filter(|value| numeral(c) && (1..=9).contains(value))).collect();
    match each {
        Some(numbers) if numbers.len() > 1 && value(heads).is_none() => {
            numbers.iter().map(|number| name(number) + rest).collect()
        }
        _ => one(),
    }
}

fn value(text: &str) -> Option<u32> {
    match label(text)? {
        Label::Number(number) => Some(u32::from(number)),
        Label::Letter(_) => None,
    }
}

/// The first piece, a bare number, with what the next named piece has behind its grade: of 七、八年级1班 the first is 七年级1班.
pub(super) fn completed(pieces: &[Piece]) -> Option<String> {
    let bare = |text: &str| label(text).is_some_and(|label| matches!(label, Label::Number(1..=12)));
    let first = &pieces.first().filter(|piece| bare(&piece.plain))?.plain;
    let next = &pieces.iter().take(NEAR).find(|piece| !bare(&piece.plain))?.plain;
    let rests = grades(next).into_iter().map(|(_, rest)| rest);
    let behind = |rest: &str| {
        let grade = &next[..next.len() - rest.len()];
        let number = grade.find(|c| digit(c).is_none()).unwrap_or(grade.len());
        next[number..].to_owned()
    };
    let behind = rests.map(behind).find(|behind| behind.starts_with(['年', '级', '(']))?;
    Some(format!("{first}{behind}"))
}
