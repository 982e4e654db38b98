//! Which student is in which tier: from the tier column, or by rank with the ratio's largest remainders.
//!
//! Ties at a border are decided by the single marks in column order, then by id, so that the order of rows decides nothing; they are told.

use super::{tier_source, unknown_column};
use crate::fault::{Fault, Notice};
use crate::model::{Layer, Model, Ratio, TierSource, Tiers};
use crate::roster::doubt::option;
use crate::roster::{Column, Field, Roster};
use crate::words;
use crate::words::{Words, quoted};
use std::cmp::Ordering;

/// How many unknown tiers a message shows.
const SHOWN: usize = 6;

/// Layer of each student; none where the model has no tiers or the list no source for them.
pub(super) fn assign(
    model: &Model,
    roster: &Roster,
    notices: &mut Vec<Notice>,
    faults: &mut Vec<Fault>,
) -> Option<Vec<usize>> {
    let tiers = model.tiers.as_ref()?;
    let Some(source) = tier_source(model, roster) else {
        notices.push(Notice {
            code: "no_tiers",
            place: String::new(),
            message: words!(
                "名册没有层次、名次、总分或成绩，未分层",
                "the list has no tier, rank, total or marks, so there are no tiers"
            ),
        });
        return None;
    };
    if source == TierSource::Column {
        return from_column(tiers, roster, faults);
    }
    check_weights(tiers, roster, faults);
    Some(by_rank(tiers, source, roster, notices))
}

fn from_column(tiers: &Tiers, roster: &Roster, faults: &mut Vec<Fault>) -> Option<Vec<usize>> {
    let index = roster.columns.iter().position(|column| column.field == Field::Tier)?;
    let cells = &roster.columns[index].cells;
    let mut tier_of = Vec::with_capacity(roster.students.len());
    let (mut missing, mut unknown) = (Vec::new(), Vec::new());
    for (student, cell) in cells.iter().enumerate() {
        let text = cell.text().unwrap_or_default();
        match tiers.layers.iter().position(|layer| is_called(layer, text)) {
            Some(layer) => tier_of.push(layer),
            None if text.is_empty() => missing.push(student),
            None => unknown.push(student),
        }
    }
    for students in [missing, unknown] {
        faults.extend(bad_tiers(&students, index, tiers, roster));
    }
    (tier_of.len() == roster.students.len()).then_some(tier_of)
}

/// One fault for all students whose tier is blank, or is none of the model's.
fn bad_tiers(students: &[usize], column: usize, tiers: &Tiers, roster: &Roster) -> Option<Fault> {
    let place = roster.place(*students.first()?, Some(column));
    let (column, n) = (&roster.columns[column], students.len());
    let mut texts: Vec<String> = Vec::new();
    for text in students.iter().filter_map(|&s| column.cells[s].text()) {
        if !texts.iter().any(|known| known == text) {
            texts.push(text.to_owned());
        }
    }
    let names = |of: fn(&Layer) -> &str, sign: &str| tiers.layers.iter().map(of).collect::<Vec<_>>().join(sign);
    let (zh, en) = (names(|layer| &layer.label.zh, "、"), names(|layer| &layer.key, ", "));
    let header = &column.header;
    let remedy = option(&format!("other={header}"));
    Some(Fault {
        code: if texts.is_empty() { "tier_missing" } else { "tier_unknown" },
        place,
        found: if texts.is_empty() {
            words!("“{header}”列有 {n} 格空白", "{n} blank in “{header}”")
        } else {
            let Words { zh, en } = quoted(&texts, SHOWN);
            words!("“{header}”列有 {n} 格：{zh}", "{n} in “{header}”: {en}")
        },
        expected: words!("层次之一：{zh}", "one of the tiers: {en}"),
        action: words!(
            "请补全或改正；如果这一列不是层次，可不使用它（`{remedy}`）",
            "fill in or correct them; if the column tells no tiers, leave it out (`{remedy}`)"
        ),
    })
}

/// Whether a list's word means the layer: key, label or alias, ignoring case.
fn is_called(layer: &Layer, text: &str) -> bool {
    let words = [&layer.key, &layer.label.zh, &layer.label.en];
    !text.is_empty() && words.into_iter().chain(&layer.aliases).any(|word| word.eq_ignore_ascii_case(text))
}

fn check_weights(tiers: &Tiers, roster: &Roster, faults: &mut Vec<Fault>) {
    let scores: Vec<usize> =
        (0..roster.columns.len()).filter(|&c| matches!(roster.columns[c].field, Field::Score(_))).collect();
    for name in tiers.sum_weights.keys() {
        if !scores.iter().any(|&c| roster.columns[c].field.name() == name) {
            faults.push(unknown_column(name, "tiers.sum_weights", roster, &scores));
        }
    }
}

/// Cuts the ranking into layers by the ratio's largest remainders.
fn by_rank(tiers: &Tiers, source: TierSource, roster: &Roster, notices: &mut Vec<Notice>) -> Vec<usize> {
    let merit = merit(tiers, source, roster);
    let mut order: Vec<usize> = (0..roster.students.len()).collect();
    order.sort_by(|&a, &b| compare(&merit, roster, a, b));
    let totals = largest_remainders(&tiers.layers.iter().map(|layer| layer.ratio).collect::<Vec<_>>(), order.len());
    let mut tier_of = vec![0; order.len()];
    let mut start = 0;
    for (layer, total) in totals.iter().enumerate() {
        order[start..start + total].iter().for_each(|&student| tier_of[student] = layer);
        start += total;
        tell_tie(&order, start, &merit, roster, notices);
    }
    tell_source(source, &totals, tiers, notices);
    tier_of
}

/// Each student's merit, higher is better; missing counts as the worst.
fn merit(tiers: &Tiers, source: TierSource, roster: &Roster) -> Vec<f64> {
    let single = |field: &Field, sign: f64| -> Vec<f64> {
        let cells = roster.column(field).map(|column| column.cells.as_slice()).unwrap_or_default();
        cells.iter().map(|cell| cell.number().map_or(f64::NEG_INFINITY, |x| sign * x)).collect()
    };
    match source {
        TierSource::Rank => single(&Field::Rank, -1.0),
        TierSource::Total => single(&Field::Total, 1.0),
        _ => weighted_sum(tiers, roster),
    }
}

/// The weighted sum of marks; a missing mark counts as the column's mean, so that an absence decides no tier.
fn weighted_sum(tiers: &Tiers, roster: &Roster) -> Vec<f64> {
    let mut sums = vec![0.0; roster.students.len()];
    for column in score_columns(roster) {
        let weight = tiers.sum_weights.get(column.field.name()).copied().unwrap_or(Ratio::default());
        let there: Vec<f64> = column.cells.iter().filter_map(crate::roster::Cell::number).collect();
        let mean = there.iter().sum::<f64>() / there.len().max(1) as f64;
        for (sum, cell) in sums.iter_mut().zip(&column.cells) {
            *sum += cell.number().unwrap_or(mean) * weight.num as f64 / weight.den as f64;
        }
    }
    // One rounding, so that sums that are equal on paper are equal here.
    sums.iter().map(|sum| (sum * 1e6).round() / 1e6).collect()
}

fn score_columns(roster: &Roster) -> impl Iterator<Item = &Column> {
    roster.columns.iter().filter(|column| matches!(column.field, Field::Score(_)))
}

/// Better first: merit, then single marks in column order, then id.
fn compare(merit: &[f64], roster: &Roster, a: usize, b: usize) -> Ordering {
    let mark = |column: &Column, s: usize| column.cells[s].number().unwrap_or(f64::NEG_INFINITY);
    let marks = || {
        score_columns(roster)
            .map(|column| mark(column, b).total_cmp(&mark(column, a)))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    };
    merit[b].total_cmp(&merit[a]).then_with(marks).then_with(|| roster.students[a].id.cmp(&roster.students[b].id))
}

fn tell_tie(order: &[usize], border: usize, merit: &[f64], roster: &Roster, notices: &mut Vec<Notice>) {
    if border == 0 || border >= order.len() || merit[order[border - 1]].to_bits() != merit[order[border]].to_bits() {
        return;
    }
    let (above, below) = (&roster.students[order[border - 1]], &roster.students[order[border]]);
    let (a, b) = (&above.id, &below.id);
    notices.push(Notice {
        code: "tier_tie",
        place: above.row.cell(None),
        message: words!(
            "层次分界处并列：{a} 与 {b}；按单科成绩、再按学号，{a} 归入上一层",
            "a tie at a tier border: {a} and {b}; by single marks, then by id, {a} went to the higher tier"
        ),
    });
}

fn tell_source(source: TierSource, totals: &[usize], tiers: &Tiers, notices: &mut Vec<Notice>) {
    let Words { zh, en } = source.words();
    let list = |label: &dyn Fn(&Layer) -> String| -> String {
        tiers.layers.iter().zip(totals).map(|(layer, n)| format!("{} {n}", label(layer))).collect::<Vec<_>>().join(", ")
    };
    let (zh_list, en_list) = (list(&|layer| layer.label.zh.clone()), list(&|layer| layer.label.en.clone()));
    notices.push(Notice {
        code: "tiers_by_rank",
        place: String::new(),
        message: words!("按{zh}分层：{zh_list}", "tiers by {en}: {en_list}"),
    });
}

/// `total` shared out in the ratio: floors first, then one more to the largest remainders (the earlier layer on a tie).
pub(crate) fn largest_remainders(ratio: &[u32], total: usize) -> Vec<usize> {
    let sum: usize = ratio.iter().map(|&r| r as usize).sum::<usize>().max(1);
    let mut parts: Vec<usize> = ratio.iter().map(|&r| total * r as usize / sum).collect();
    let mut order: Vec<usize> = (0..ratio.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(total * ratio[i] as usize % sum));
    let rest = total - parts.iter().sum::<usize>();
    order.iter().take(rest).for_each(|&i| parts[i] += 1);
    parts
}
