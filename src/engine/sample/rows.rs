//! The students of a sample class.
//!
//! A mark is 72 + 11·(0.75·x + 0.66·e), kept in 0..=100: x is the student's ability, e the subject's own share, both nearly standard
//! normal. So marks have a mean of 72, a standard deviation of 11, and correlate with 0.56 between subjects.

use super::names::name;
use super::random::{Aspect, Stream};
use super::{ClassSpec, Flag, Marks, TierColumn};
use crate::model::policy::largest_remainders;
use crate::words::Lang;

/// Tier words from the top: key, Chinese.
const TIERS: [(&str, &str); 3] = [("top", "优等生"), ("middle", "中等生"), ("struggling", "学困生")];

/// Parts of the ratio of tiers.
const RATIO: [u32; 3] = [3, 5, 2];

/// One student.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// `S001` …
    pub(super) id: String,
    /// In the spec's language of people.
    pub(super) name: String,
    /// Whether a boy.
    pub(super) boy: bool,
    /// Marks in half points, one a subject; none is absent.
    pub(super) marks: Vec<Option<u32>>,
    /// 0 is the top.
    pub(super) tier: usize,
    /// In the order of the spec's flags.
    pub(super) flags: Vec<bool>,
}

impl Row {
    /// The cells of a list, in the order of its header.
    pub(super) fn cells(&self, spec: &ClassSpec) -> Vec<String> {
        let zh = spec.headers == Lang::Zh;
        let mut cells = vec![self.id.clone(), self.name.clone(), self.gender(spec.people).to_owned()];
        let absent = if zh { "缺考" } else { "absent" };
        cells.extend(self.marks.iter().map(|mark| mark.map_or_else(|| absent.to_owned(), shown)));
        if spec.tiers == TierColumn::Written {
            let (en, word) = TIERS[self.tier];
            cells.push(if zh { word } else { en }.to_owned());
        }
        let yes_no = if zh { ["否", "是"] } else { ["0", "1"] };
        cells.extend(self.flags.iter().map(|&flag| yes_no[usize::from(flag)].to_owned()));
        cells
    }

    pub(super) fn gender(&self, lang: Lang) -> &'static str {
        match (lang, self.boy) {
            (Lang::Zh, true) => "男",
            (Lang::Zh, false) => "女",
            (Lang::En, true) => "M",
            (Lang::En, false) => "F",
        }
    }
}

/// Half points as a mark: `76`, `76.5`.
fn shown(halves: u32) -> String {
    (f64::from(halves) / 2.0).to_string()
}

/// The students of a class.
pub(super) fn rows(spec: &ClassSpec) -> Vec<Row> {
    let students = spec.students.min(super::MAX_STUDENTS);
    let marks = marks(spec, students);
    let tiers = tiers(&marks);
    let absent = absent(spec, students);
    let boys = boys(spec.seed, students);
    let flags: Vec<Vec<bool>> = spec.flags.iter().map(|&flag| flagged(spec.seed, flag, students)).collect();
    let mut names = Stream::new(spec.seed, Aspect::Name);
    let width = students.to_string().len().max(3);
    (0..students)
        .map(|s| Row {
            id: format!("S{:0width$}", s + 1),
            name: name(&mut names, spec.people, boys[s]),
            boy: boys[s],
            marks: marks[s].iter().zip(&absent[s]).map(|(&mark, &away)| (!away).then_some(mark)).collect(),
            tier: tiers[s],
            flags: flags.iter().map(|flag| flag[s]).collect(),
        })
        .collect()
}

/// Marks in half points, before anybody is absent.
fn marks(spec: &ClassSpec, students: usize) -> Vec<Vec<u32>> {
    let mut ability = Stream::new(spec.seed, Aspect::Ability);
    let own = |subject| Stream::new(spec.seed, Aspect::Subject { semester: spec.semester, subject });
    let mut own: Vec<Stream> = (0..spec.subjects().len()).map(own).collect();
    (0..students)
        .map(|_| {
            let x = ability.normal();
            own.iter_mut().map(|stream| mark(x, stream.normal(), spec.marks)).collect()
        })
        .collect()
}

/// One mark in half points; `x` and `e` in units of 2⁻³².
fn mark(x: i64, e: i64, step: Marks) -> u32 {
    let hundredths = (7200 << 32) + 11 * (75 * x + 66 * e);
    let (halves_a_step, unit) = match step {
        Marks::Whole => (2, 100 << 32),
        Marks::HalfPoints => (1, 50 << 32),
    };
    let steps = (hundredths + unit / 2).div_euclid(unit);
    u32::try_from((steps * halves_a_step).clamp(0, 200)).unwrap_or_default()
}

/// Layers by rank on the sum; the earlier id is the better one on a tie.
fn tiers(marks: &[Vec<u32>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..marks.len()).collect();
    order.sort_by_key(|&s| std::cmp::Reverse(marks[s].iter().sum::<u32>()));
    let mut tier_of = vec![0; marks.len()];
    let layers = largest_remainders(&RATIO, marks.len())
        .into_iter()
        .enumerate()
        .flat_map(|(tier, part)| std::iter::repeat_n(tier, part));
    order.iter().zip(layers).for_each(|(&s, tier)| tier_of[s] = tier);
    tier_of
}

/// Which marks are absent: the spec's share of all, anywhere.
fn absent(spec: &ClassSpec, students: usize) -> Vec<Vec<bool>> {
    let subjects = spec.subjects().len();
    let all = students * subjects;
    let count = all * spec.absent_percent.min(100) / 100;
    let chosen = Stream::new(spec.seed, Aspect::Absent).choose(all, count);
    (0..students).map(|s| chosen[s * subjects..(s + 1) * subjects].to_vec()).collect()
}

/// 44 to 56 boys in a hundred.
fn boys(seed: u64, students: usize) -> Vec<bool> {
    let mut stream = Stream::new(seed, Aspect::Gender);
    let percent = 44 + stream.below(13);
    stream.choose(students, (students * percent + 50) / 100)
}

fn flagged(seed: u64, flag: Flag, students: usize) -> Vec<bool> {
    let number = Flag::ALL.iter().position(|&other| other == flag).unwrap_or_default();
    Stream::new(seed, Aspect::Flag(number)).choose(students, (students * flag.percent() + 50) / 100)
}
