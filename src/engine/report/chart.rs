//! Geometry of the page's charts (SVG). Places along a line are per cent of its width, so that charts fit any screen
//! without stretching their text; the template draws them.

use super::balance::{incomplete, star};
use super::figures::{mean, number, real};
use super::{Report, names};
use crate::plan::document::{BalanceKind, BalanceRecord};
use crate::words;

/// Per cent of a line left free on each side.
const MARGIN: f64 = 4.0;
/// Per cent between neighbours in one lane; nearer dots go to the next lane.
const LANE_GAP: f64 = 6.5;
/// Pixels from lane to lane.
const LANE: usize = 22;

/// One subject's group means on a line whose middle is the class mean.
pub struct MeansLine {
    /// The subject.
    pub subject: String,
    /// The class mean.
    pub class: String,
    /// Range of the group means.
    pub range: String,
    /// Points from the middle to either end.
    pub half: String,
    /// The groups that have a mean.
    pub dots: Vec<Dot>,
    /// Height in pixels.
    pub height: usize,
}

/// One group's mean.
pub struct Dot {
    /// Index of the group.
    pub group: usize,
    /// 1-based number written into the dot.
    pub n: usize,
    /// Per cent of the width.
    pub x: String,
    /// Pixels from the top.
    pub y: usize,
    /// The mean.
    pub mean: String,
}

/// One subject's spread, group by group.
pub struct Spread {
    /// The subject.
    pub subject: String,
    /// Lowest mark of the class.
    pub low: String,
    /// Highest mark of the class.
    pub high: String,
    /// The class first, then the groups that have a mark.
    pub bars: Vec<Bar>,
}

/// The five numbers of one group's marks as places on the line.
pub struct Bar {
    /// Whose marks.
    pub name: String,
    /// Whether it is the class.
    pub class: bool,
    /// Left end of the thin line: the lowest mark.
    pub min: String,
    /// Right end of the thin line.
    pub max: String,
    /// Left end of the bar: the lower quartile.
    pub from: String,
    /// Width of the bar up to the upper quartile.
    pub width: String,
    /// The median.
    pub median: String,
    /// The five numbers in words.
    pub tip: String,
}

/// The balanced subjects of the document, each with the marks of the list.
fn subjects<'a>(report: &Report<'a>) -> Vec<(&'a BalanceRecord, Vec<Option<f64>>)> {
    let policy = report.policy;
    let columns = policy.score_columns(report.roster);
    let find =
        |record: &BalanceRecord| columns.iter().find(|&&c| report.roster.columns[c].field.name() == record.column);
    let scores = report.document.balance.iter().filter(|record| record.kind == BalanceKind::Score);
    scores
        .filter_map(|record| {
            let column = &report.roster.columns[*find(record)?];
            Some((record, column.cells.iter().map(crate::roster::Cell::number).collect()))
        })
        .collect()
}

/// Group means of every balanced subject. The line reaches as far as random groups would usually stray (two standard errors),
/// so that groups which are equal for every practical purpose look equal.
pub(super) fn means(report: &Report) -> Vec<MeansLine> {
    let line = |(record, marks): (&BalanceRecord, Vec<Option<f64>>)| {
        let furthest =
            record.groups.iter().filter(|x| x.is_finite()).map(|x| (x - record.class).abs()).fold(0.0, f64::max);
        let half = two_standard_errors(&marks, record.groups.len()).max(furthest);
        let half = if half > 0.0 && half.is_finite() { half } else { 1.0 };
        let place = |x: f64| 50.0 + (50.0 - MARGIN) * (x - record.class) / half;
        let incomplete = incomplete(report, record);
        let star = |group: usize| star(incomplete.get(group).copied().unwrap_or_default());
        let groups = record.groups.iter().enumerate().filter(|(_, x)| x.is_finite());
        let (dots, lanes) = lanes(groups.map(|(group, &x)| (group, place(x), mean(x, 2) + star(group))).collect());
        MeansLine {
            subject: names::balance(record, report.model, report.lang),
            class: mean(record.class, 2),
            range: number(record.range),
            half: number(half),
            dots,
            height: LANE * (lanes + 1),
        }
    };
    subjects(report).into_iter().filter(|(record, _)| record.class.is_finite()).map(line).collect()
}

/// Puts dots that would overlap into lanes: group by group, each into the first lane with room.
fn lanes(mut groups: Vec<(usize, f64, String)>) -> (Vec<Dot>, usize) {
    groups.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let mut ends: Vec<f64> = Vec::new();
    let mut dots = Vec::new();
    for (group, x, mean) in groups {
        let lane = ends.iter().position(|end| x - end >= LANE_GAP).unwrap_or(ends.len());
        ends.resize(ends.len().max(lane + 1), x);
        ends[lane] = x;
        dots.push(Dot { group, n: group + 1, x: format!("{x:.2}"), y: LANE * (lane + 1), mean });
    }
    dots.sort_by_key(|dot| dot.group);
    (dots, ends.len())
}

/// Twice the standard error of a group's mean in a random grouping of the class (drawing without replacement).
fn two_standard_errors(marks: &[Option<f64>], groups: usize) -> f64 {
    let marks: Vec<f64> = marks.iter().flatten().copied().collect();
    let (count, size) = (real(marks.len()), real(marks.len()) / real(groups.max(1)));
    if count < 2.0 || size <= 0.0 {
        return 0.0;
    }
    let center = marks.iter().sum::<f64>() / count;
    let variance = marks.iter().map(|x| (x - center).powi(2)).sum::<f64>() / (count - 1.0);
    2.0 * (variance / size * (1.0 - size / count)).max(0.0).sqrt()
}

/// The spread of every balanced subject.
pub(super) fn spread(report: &Report, group_names: &[String]) -> Vec<Spread> {
    let index = super::notice::index(report.roster);
    let members: Vec<Vec<usize>> = (report.document.groups.iter())
        .map(|group| group.students.iter().filter_map(|id| index.get(id.as_str()).copied()).collect())
        .collect();
    let chart = |(record, marks): (&BalanceRecord, Vec<Option<f64>>)| {
        let all = five(marks.iter().flatten().copied().collect())?;
        let class = names::say(report.lang, "全班", "class");
        let groups = members.iter().zip(group_names).filter_map(|(members, name)| {
            let marks = five(members.iter().filter_map(|&s| marks[s]).collect())?;
            Some(bar(name, false, marks, all, report))
        });
        Some(Spread {
            subject: names::balance(record, report.model, report.lang),
            low: number(all[0]),
            high: number(all[4]),
            bars: std::iter::once(bar(class, true, all, all, report)).chain(groups).collect(),
        })
    };
    subjects(report).into_iter().filter_map(chart).collect()
}

fn bar(name: &str, class: bool, marks: [f64; 5], all: [f64; 5], report: &Report) -> Bar {
    let span = if all[4] > all[0] { all[4] - all[0] } else { 1.0 };
    let place = |x: f64| MARGIN / 2.0 + (100.0 - MARGIN) * (x - all[0]) / span;
    let text = |x: f64| format!("{:.2}", place(x));
    let [min, low, median, high, max] = marks.map(number);
    let tip = words!(
        "{name}：最低 {min}，下四分位 {low}，中位 {median}，上四分位 {high}，最高 {max}",
        "{name}: lowest {min}, lower quartile {low}, median {median}, upper quartile {high}, highest {max}"
    );
    Bar {
        name: name.to_owned(),
        class,
        min: text(marks[0]),
        max: text(marks[4]),
        from: text(marks[1]),
        width: format!("{:.2}", place(marks[3]) - place(marks[1])),
        median: text(marks[2]),
        tip: names::tell(tip, report.lang),
    }
}

/// Lowest, lower quartile, median, upper quartile, highest (linear between ranks); none without marks.
fn five(mut marks: Vec<f64>) -> Option<[f64; 5]> {
    marks.sort_by(f64::total_cmp);
    let last = marks.len().checked_sub(1)?;
    let at = |quarter: usize| {
        let (rank, rest) = (last * quarter / 4, real(last * quarter % 4) / 4.0);
        let next = marks[(rank + 1).min(last)];
        marks[rank] + rest * (next - marks[rank])
    };
    Some([at(0), at(1), at(2), at(3), at(4)])
}
