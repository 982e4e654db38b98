//! Limits as cells write them: 2, 2组, ≤20, 20次/学期, 两组, 不限.

use crate::roster::table::Raw;
use crate::roster::value::{self, Numeric};
use crate::roster::{class_name, fold, vocabulary};

/// Largest limit that is taken for meant.
const MOST: f64 = 1_000_000.0;
/// What may stand before the number.
const BEFORE: [&str; 9] = ["≤", "<=", "≦", "最多", "至多", "不超过", "约", "上限", "max"];
/// What may stand behind it.
const BEHIND: [&str; 16] = [
    "/学期",
    "每学期",
    "以内",
    "以下",
    "小组",
    "groups",
    "group",
    "students",
    "visits",
    "组",
    "个",
    "次",
    "人",
    "名",
    "位",
    "班",
];

/// What a cell says of a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Limit {
    /// Nothing.
    Blank,
    /// That there is none.
    Unlimited,
    /// This number.
    Number(u32),
    Negative,
    Bad,
}

/// The limit of a cell.
pub(super) fn limit(cell: &Raw) -> Limit {
    if value::is_blank_stroke(cell) {
        return Limit::Blank;
    }
    let Raw::Text(text) = cell else { return of_number(&value::number(cell)) };
    let text: String = fold::fold(text).to_lowercase().chars().filter(|c| !fold::is_space(*c)).collect();
    if text.is_empty() {
        return Limit::Blank;
    }
    if vocabulary::is_staff(&text, "unlimited") {
        return Limit::Unlimited;
    }
    let mut bare = text.as_str();
    while let Some(rest) = BEFORE.iter().find_map(|word| bare.strip_prefix(word)) {
        bare = rest;
    }
    while let Some(rest) = BEHIND.iter().find_map(|word| bare.strip_suffix(word)) {
        bare = rest;
    }
    let counted = if bare == "两" {
        Some(2)
    } else {
        class_name::number(bare).filter(|_| bare.chars().all(class_name::is_digit))
    };
    match counted.and_then(|number| u32::try_from(number).ok()) {
        Some(number) if f64::from(number) <= MOST => Limit::Number(number),
        _ => of_number(&value::number(&Raw::Text(bare.into()))),
    }
}

fn of_number(number: &Numeric) -> Limit {
    match number {
        Numeric::Empty => Limit::Blank,
        Numeric::Number(x, _) if *x < 0.0 => Limit::Negative,
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within the range")]
        Numeric::Number(x, _) if x.fract() == 0.0 && *x <= MOST => Limit::Number(*x as u32),
        Numeric::Number(..) | Numeric::Bad | Numeric::Absent | Numeric::Uncomputed => Limit::Bad,
    }
}
