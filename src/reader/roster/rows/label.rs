//! Whether what stands in the place of a name looks like the names of the list or like the label of a statistic.

use super::super::header::Head;
use super::super::heading;
use super::super::table::Raw;
use super::super::vocabulary::{self, Is};
use super::super::{fold, value};

/// Signs that no name holds.
const SIGNS: [char; 14] = ['%', '％', '≥', '≤', '<', '>', '＜', '＞', '=', '＝', '±', '+', '#', '*'];
/// What labels of statistics in Chinese speak of.
const MEASURES: &str = "率均差分值数线比";

/// How a label looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Like the names of the list.
    Plain,
    /// Unlike them, though it may be one.
    Odd,
    /// The word of a header.
    Header,
    /// The word of a statistic, or with signs and digits that no name here has.
    Said,
}

/// What the names of a list have in common.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a trait of its own")]
pub struct Names {
    is_han: bool,
    are_several_words: bool,
    are_capital: bool,
    have_digits: bool,
    have_signs: bool,
    are_numbers: bool,
}

impl Names {
    /// Learns from names.
    pub fn of<'r>(cells: impl Iterator<Item = &'r Raw>) -> Self {
        let texts: Vec<String> = cells.map(Raw::shown).filter(|text| !text.is_empty()).collect();
        let most = |is: &dyn Fn(&String) -> bool| {
            !texts.is_empty() && 100 * texts.iter().filter(|text| is(text)).count() >= 85 * texts.len()
        };
        let some = |is: &dyn Fn(&String) -> bool| 20 * texts.iter().filter(|text| is(text)).count() > texts.len();
        Self {
            is_han: most(&|text| text.contains(fold::is_han) && text.chars().count() <= 4 || text.contains('·')),
            are_several_words: most(&|text| text.contains([' ', ','])),
            are_capital: most(&|text| text.split_whitespace().all(begins_capital) && !is_shouted(text)),
            have_digits: some(&|text| text.contains(|c: char| c.is_ascii_digit())),
            have_signs: some(&|text| text.contains(SIGNS)),
            are_numbers: most(&|text| text.bytes().all(|b| b.is_ascii_digit())),
        }
    }

    /// How a label looks beside them.
    pub fn look(self, cell: &Raw, heads: &[Head]) -> Look {
        let text = cell.shown();
        let is_said = super::is_statistic(cell)
            || vocabulary::is(&text, Is::Pseudo)
            || !text.contains(char::is_alphanumeric)
            || (!self.have_signs && text.contains(SIGNS))
            || (!self.have_digits && text.contains(|c: char| c.is_ascii_digit()));
        if is_said {
            return Look::Said;
        }
        if heading::word(&text).is_some() || heads.iter().any(|head| head.levels.contains(&text)) {
            return Look::Header;
        }
        let is_odd = if text.contains(fold::is_han) {
            text.contains(|c| MEASURES.contains(c)) || (self.is_han && text.chars().count() > 4 && !text.contains('·'))
        } else {
            self.is_han
                || (self.are_several_words && !text.contains([' ', ',']))
                || (self.are_capital && (!text.split_whitespace().all(begins_capital) || is_shouted(&text)))
        };
        if is_odd || (self.are_numbers && !cell.is_numeric()) || text.ends_with([':', '：']) {
            Look::Odd
        } else {
            Look::Plain
        }
    }
}

fn begins_capital(word: &str) -> bool {
    !word.starts_with(char::is_lowercase) || word.len() <= 3
}

fn is_shouted(text: &str) -> bool {
    text.len() > 2 && text.contains(char::is_uppercase) && !text.contains(char::is_lowercase)
}

/// Whether a name may be that of an account for trying things out, or stands where a name is to come.
pub fn is_made_up(cell: &Raw) -> bool {
    let Raw::Text(text) = cell else { return false };
    if text.len() > 80 {
        return false;
    }
    let is_none = (text.contains(fold::is_han) && vocabulary::is(text, Is::Absent))
        || (!text.contains(|c: char| fold::is_letter(c) || c.is_alphanumeric()) && value::is_blank_stroke(cell));
    if is_none || !vocabulary::may_be_row_word(text) {
        return is_none;
    }
    let lower = text.to_lowercase();
    let word = |word: &str| vocabulary::is(word.trim_end_matches(|c: char| c.is_ascii_digit()), Is::Test);
    let part = |part: &&str| part.contains(fold::is_han) && lower.contains(*part);
    lower.split(|c: char| !c.is_alphanumeric()).any(|part| part.len() > 3 && word(part))
        || vocabulary::words(Is::Test).iter().any(part)
}
