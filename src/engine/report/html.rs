//! HTML: one file that needs nothing else, for screen, phone and paper; light and dark. Templates escape every text.

use super::balance::{self, star, star_note};
use super::chart::{self, MeansLine, Spread};
use super::figures::{mean, number, per_cent, seconds};
use super::format::{Format, Writer};
use super::notice::{Notice, class_of};
use super::sheet::{Group, Row, Sheet, grouped_notices};
use super::verdict::{Tone, Verdict};
use super::{Report, ReportError, is_public, language, names, rests_on};
use crate::model::goal::Needs;
use crate::model::ratio::gcd;
use crate::plan::document::{BalanceKind, ColumnRecord, GoalRecord};
use crate::words::Lang;
use askama::Template;

/// The format.
pub(super) static FORMAT: Format =
    Format { word: "html", media: "text/html; charset=utf-8", write: Writer::Reports(bytes) };

fn bytes(reports: &[Report]) -> Result<Vec<u8>, ReportError> {
    html(reports).map(String::into_bytes)
}

/// One page with all classes.
///
/// # Errors
/// Where the template fails, which text in memory gives no cause for.
pub fn html(reports: &[Report]) -> Result<String, ReportError> {
    let lang = language(reports);
    Ok(if is_public(reports) {
        PublicPage { lang, classes: reports.iter().map(Notice::of).collect() }.render()?
    } else {
        TeacherPage { lang, classes: reports.iter().map(Class::of).collect() }.render()?
    })
}

#[derive(Template)]
#[template(path = "report/public.html")]
struct PublicPage {
    lang: Lang,
    classes: Vec<Notice>,
}

#[derive(Template)]
#[template(path = "report/teacher.html")]
struct TeacherPage {
    lang: Lang,
    classes: Vec<Class>,
}

/// Gives a page its two languages: `say`, for fixed texts, and `code`, for `lang`.
#[macro_export]
macro_rules! speaks {
    ($page:ty) => {
        impl $page {
            /// One of two fixed texts, for the template.
            fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
                $crate::report::names::say(self.lang, zh, en)
            }

            fn code(&self) -> &'static str {
                self.say("zh-CN", "en")
            }
        }
    };
}
pub use speaks;

speaks!(PublicPage);
speaks!(TeacherPage);

/// One class on the teacher's page.
pub struct Class {
    /// The class, or the list without classes.
    pub name: String,
    /// How many students it has.
    pub students: usize,
    /// What the result rests on.
    pub rests_on: Option<String>,
    /// The colour of the headline: a class of the stylesheet.
    pub tone: &'static str,
    /// What is known of the plan, in one sentence.
    pub headline: String,
    /// The goals that are proved, as a list.
    pub proved: String,
    /// What else is to be told of the result.
    pub details: Vec<String>,
    /// How long it took.
    pub elapsed: String,
    /// The seed of the search.
    pub seed: u64,
    /// Large numbers above the groups.
    pub figures: Vec<Figure>,
    /// Colour, sign and word of each tier.
    pub legend: Vec<(&'static str, &'static str, String)>,
    /// Sign and whole label of each flag that somebody has.
    pub flags: Vec<(String, String)>,
    /// What the stars mean, where there are some.
    pub stars: Option<&'static str>,
    /// The groups.
    pub cards: Vec<Card>,
    /// The groups' means of each mark.
    pub means: Vec<MeansLine>,
    /// How widely the marks of each group lie.
    pub spread: Vec<Spread>,
    /// Balanced columns, group by group.
    pub balance: Vec<BalanceLine>,
    /// Goals with value, bound and proof.
    pub goals: Vec<Goal>,
    /// By group: the struggling student, then the helper.
    pub helpers: Vec<(String, Vec<(String, String)>)>,
    /// How each column was read.
    pub columns: Vec<ColumnRecord>,
    /// What was told of the list, by kind.
    pub notices: Vec<(String, Vec<String>)>,
}

/// A large number with what it means.
pub struct Figure {
    /// The number.
    pub value: String,
    /// What it means.
    pub label: String,
}

/// A group.
pub struct Card {
    /// The group's id in the plan.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its number, where it has a name besides.
    pub number: Option<String>,
    /// Who is responsible for it.
    pub teacher: Option<String>,
    /// Count, mark and word of each tier.
    pub mix: Vec<(usize, &'static str, &'static str)>,
    /// How many of each gender.
    pub genders: String,
    /// Its means.
    pub tracks: Vec<Track>,
    /// Its members.
    pub students: Vec<Student>,
    /// Paired help: the struggling student, then the helper.
    pub helpers: Vec<(String, String)>,
}

/// A group's mean of one subject.
pub struct Track {
    /// The mark's header.
    pub subject: String,
    /// Where the mean lies on its line, in per cent of the line; none without a line.
    pub x: Option<String>,
    /// The mean as shown.
    pub mean: String,
}

/// A student on a card.
pub struct Student {
    /// The student's id in the plan.
    pub id: String,
    /// The student's name.
    pub name: String,
    /// The colour of the tier.
    pub tone: &'static str,
    /// The sign of the tier.
    pub mark: &'static str,
    /// The word of the tier.
    pub tier: String,
    /// The gender as shown.
    pub gender: String,
    /// Sign and whole label of each flag.
    pub flags: Vec<(String, String)>,
    /// The sum of the balanced marks.
    pub sum: String,
}

/// A row of the balance table.
pub struct BalanceLine {
    /// The column.
    pub label: String,
    /// Whether it is balanced, as a colour.
    pub tone: &'static str,
    /// The same as a sign.
    pub mark: &'static str,
    /// The whole class's figure.
    pub class: String,
    /// The largest less the least.
    pub range: String,
    /// Each group's figure.
    pub groups: Vec<String>,
}

/// A row of the score card.
pub struct Goal {
    /// The goal.
    pub name: String,
    /// What it asks for.
    pub meaning: &'static str,
    /// What was reached.
    pub value: String,
    /// In what it is counted.
    pub unit: String,
    /// What no plan can be below.
    pub bound: String,
    /// Whether nothing better exists.
    pub proved: bool,
    /// How that is known.
    pub proof: String,
    /// When the value was found.
    pub found: String,
    /// When it was proved.
    pub time: String,
}

impl Class {
    /// Whether some group is larger than another.
    #[must_use]
    pub fn uneven(&self) -> bool {
        self.cards.iter().any(|card| card.students.len() != self.cards[0].students.len())
    }

    /// The view of one report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        let verdict = Verdict::of(report);
        let sheet = Sheet::of(report);
        let means = chart::means(report);
        let group_names: Vec<String> = sheet.groups.iter().map(|group| group.name.clone()).collect();
        let with_helpers = sheet.groups.iter().filter(|group| !group.helpers.is_empty());
        let set = |flag: &usize| sheet.groups.iter().flat_map(|group| &group.rows).any(|row| row.flags.contains(flag));
        let signs = sheet.flags.iter().filter(|(c, sign, label)| set(c) && sign != label);
        Self {
            name: class_of(report),
            students: report.roster.students.len(),
            rests_on: rests_on::line(&report.document.input.rests_on, report.lang),
            tone: tone_class(verdict.tone),
            proved: names::list(&verdict.proved, report.lang),
            headline: verdict.sentence(),
            details: verdict.details,
            elapsed: seconds(report.document.elapsed_seconds),
            seed: report.document.seed,
            figures: figures(report, &sheet),
            legend: legend(report, &sheet),
            flags: signs.map(|(_, sign, label)| (sign.clone(), label.clone())).collect(),
            stars: star_note(report, &sheet),
            cards: sheet.groups.iter().enumerate().map(|(g, group)| card(report, &sheet, &means, g, group)).collect(),
            spread: chart::spread(report, &group_names),
            means,
            balance: balance_lines(report, &sheet),
            goals: report.document.goals.iter().map(|goal| goal_line(goal, report.lang)).collect(),
            helpers: with_helpers.map(|group| (group.name.clone(), group.helpers.clone())).collect(),
            columns: report.document.input.columns.clone(),
            notices: grouped_notices(&report.document.notices),
        }
    }
}

fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Proved => "proved",
        Tone::Open => "open",
        Tone::Impossible => "impossible",
        Tone::Unknown => "unknown",
    }
}

/// The class of style of a tier; colours stand beside shapes, never alone.
fn tier_class(tier: usize, tiers: usize) -> &'static str {
    match tier {
        0 => "top",
        last if last + 1 >= tiers => "low",
        _ => "mid",
    }
}

fn legend(report: &Report, sheet: &Sheet) -> Vec<(&'static str, &'static str, String)> {
    let layers = names::layers(report.model).iter().enumerate().take(sheet.tiers);
    let entry = |(tier, layer): (usize, &crate::model::Layer)| {
        (tier_class(tier, sheet.tiers), names::tier_mark(tier, sheet.tiers), layer.label.get(report.lang).to_owned())
    };
    layers.map(entry).collect()
}

/// The plain figures beside the verdict: tiers, each subject's range, heterogeneity.
fn figures(report: &Report, sheet: &Sheet) -> Vec<Figure> {
    let lang = report.lang;
    let mut figures = Vec::new();
    if sheet.tiers > 0 && !sheet.groups.is_empty() {
        let totals = sheet.tier_totals();
        let as_whole = |count: &usize| i64::try_from(*count).unwrap_or(i64::MAX);
        let divisor = totals.iter().map(as_whole).fold(0, gcd).max(1);
        let ratio: Vec<String> = totals.iter().map(|total| (as_whole(total) / divisor).to_string()).collect();
        let of_tiers = report.document.goals.iter().find(|goal| Needs::Tiers.is_of(&goal.name));
        let outside = of_tiers.map_or(0.0, |goal| goal.value);
        let label = if outside == 0.0 {
            names::say(lang, "各层学生在各组分得匀", "tiers, evenly shared out").to_owned()
        } else {
            format!("{}{}", names::say(lang, "层次；超出应有人数：", "tiers; beyond the fair share: "), number(outside))
        };
        figures.push(Figure { value: ratio.join(" : "), label });
    }
    let subjects = report.document.balance.iter().filter(|record| record.kind == BalanceKind::Score);
    figures.extend(subjects.map(|record| {
        let subject = names::balance(record, report.model, lang);
        let label = names::say(lang, "组间最大差", "range of group means");
        let star = star(balance::incomplete(report, record).contains(&true));
        Figure {
            value: format!("{} {}{star}", number(record.range), names::say(lang, "分", "pts")),
            label: format!("{subject} {label}"),
        }
    }));
    figures.extend(report.document.heterogeneity.map(|share| Figure {
        value: per_cent(share),
        label: names::say(lang, "成绩差异在组内", "of the differences in marks lie within groups").to_owned(),
    }));
    figures
}

fn card(report: &Report, sheet: &Sheet, means: &[MeansLine], g: usize, group: &Group) -> Card {
    let counts = group.tier_counts(sheet.tiers).into_iter().enumerate();
    let of = |value: &str| {
        let word = names::gender(value, report.lang);
        let count = group.rows.iter().filter(|row| row.gender == word).count();
        (count > 0).then(|| format!("{word} {count}"))
    };
    let track = |line: &MeansLine| {
        let dot = line.dots.iter().find(|dot| dot.group == g);
        Track {
            subject: line.subject.clone(),
            x: dot.map(|dot| dot.x.clone()),
            mean: dot.map_or(mean(f64::NAN, 1), |dot| dot.mean.clone()),
        }
    };
    Card {
        id: report.document.groups[g].id.clone(),
        name: group.name.clone(),
        number: group.number.clone(),
        teacher: group.teacher.clone(),
        mix: counts
            .map(|(tier, count)| (count, names::tier_mark(tier, sheet.tiers), tier_class(tier, sheet.tiers)))
            .collect(),
        genders: ["male", "female"].into_iter().filter_map(of).collect::<Vec<_>>().join(" "),
        tracks: means.iter().map(track).collect(),
        students: group.rows.iter().map(|row| student(report, sheet, row)).collect(),
        helpers: group.helpers.clone(),
    }
}

fn student(report: &Report, sheet: &Sheet, row: &Row) -> Student {
    let layer = row.tier.and_then(|tier| names::layers(report.model).get(tier));
    let flags = sheet.flags.iter().filter(|(c, _, _)| row.flags.contains(c));
    Student {
        id: report.roster.students[row.student].id.clone(),
        name: row.name.clone(),
        tone: row.tier.map_or("", |tier| tier_class(tier, sheet.tiers)),
        mark: row.tier.map_or("", |tier| names::tier_mark(tier, sheet.tiers)),
        tier: layer.map_or(String::new(), |layer| layer.label.get(report.lang).to_owned()),
        gender: row.gender.clone(),
        flags: flags.map(|(_, sign, label)| (sign.clone(), label.clone())).collect(),
        sum: row.sum_text(),
    }
}

fn balance_lines(report: &Report, sheet: &Sheet) -> Vec<BalanceLine> {
    let mut tier = 0;
    let line = |row: balance::BalanceRow| {
        let (tone, mark) = if row.kind == BalanceKind::Tier && tier < sheet.tiers {
            tier += 1;
            (tier_class(tier - 1, sheet.tiers), names::tier_mark(tier - 1, sheet.tiers))
        } else {
            ("", "")
        };
        let all = row.groups.iter().zip(&row.incomplete);
        let groups = all.map(|(&value, &incomplete)| row.text(value) + star(incomplete)).collect();
        let range = row.range_text() + star(row.incomplete.contains(&true));
        BalanceLine { tone, mark, class: row.text(row.class), range, groups, label: row.label }
    };
    balance::rows(report).into_iter().map(line).collect()
}

fn goal_line(goal: &GoalRecord, lang: Lang) -> Goal {
    let time = |time: Option<f64>| time.map_or(String::new(), seconds);
    Goal {
        name: names::goal(goal, lang),
        meaning: names::goal_meaning(goal, lang),
        value: number(goal.value),
        unit: names::unit(goal, lang),
        bound: number(goal.bound),
        proved: goal.proved,
        proof: names::proof(goal, lang),
        found: time(goal.found_seconds),
        time: time(goal.proved_seconds),
    }
}
