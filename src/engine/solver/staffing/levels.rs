//! The levels, highest first, each solved with those above it held.

use super::rows::Rows;
use super::{Answer, Continuity, DEEPEST_RANK, Staffing, Teacher};
use crate::model::ratio::gcd;
use crate::solver::mip::program::{Column, Sum, total};
use crate::solver::mip::{Ended, MipLimits};
use crate::solver::stop::Stop;

/// What a level counts. Less is better at all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelKind {
    /// Demands that are not met.
    Musts,
    /// Groups without a teacher.
    Unstaffed,
    /// Where groups are staffed again: groups lost by teachers who had them for a wish that they still have.
    WonBefore,
    /// Groups that nobody takes who wished for them at this rank: the most first wishes, then the most second ones …
    Wishes(usize),
    /// Teachers with wishes of whom none comes true.
    EmptyHanded,
    /// Where groups are staffed again: groups that do not go on with the teacher whom all of their students have had so far.
    MovedGroups,
    /// Where groups are staffed again: students who do not go on with the teacher whom they have had so far.
    MovedStudents,
    /// The most visits that one teacher carries.
    LargestLoad,
    /// Σ over teachers t of abs(T·visits_t − V): T teachers who may take something, V visits of all groups.
    LoadSpread,
    /// Students who lose last semester's teacher.
    Continuity,
}

/// One level of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// What it counts.
    pub kind: LevelKind,
    /// Its value.
    pub value: i64,
    /// Proven lower bound, given the values above.
    pub bound: i64,
    /// Whether it and all levels above are proved.
    pub proved: bool,
}

/// The levels that say something about this staffing.
pub(super) fn order(staffing: &Staffing) -> Vec<LevelKind> {
    let ranks = staffing.teachers.iter().flat_map(|teacher| &teacher.wishes).map(|&(_, rank)| rank.min(DEEPEST_RANK));
    let mut ranks: Vec<usize> = ranks.collect();
    ranks.sort_unstable();
    ranks.dedup();
    let wished = !ranks.is_empty();
    let known = staffing.gone.before > 0 || staffing.teachers.iter().any(|teacher| !teacher.before.is_empty());
    let again = staffing.gone.students > 0 || staffing.teachers.iter().any(|teacher| !teacher.so_far.is_empty());
    let won = staffing.teachers.iter().any(|teacher| !teacher.won.is_empty());
    let mut order = Vec::new();
    order.extend((!staffing.musts.is_empty()).then_some(LevelKind::Musts));
    order.push(LevelKind::Unstaffed);
    order.extend((known && staffing.continuity == Continuity::First).then_some(LevelKind::Continuity));
    order.extend(won.then_some(LevelKind::WonBefore));
    order.extend(ranks.into_iter().map(LevelKind::Wishes));
    order.extend(wished.then_some(LevelKind::EmptyHanded));
    order.extend(again.then_some([LevelKind::MovedGroups, LevelKind::MovedStudents]).into_iter().flatten());
    order.extend([LevelKind::LargestLoad, LevelKind::LoadSpread]);
    order.extend((known && staffing.continuity == Continuity::Last).then_some(LevelKind::Continuity));
    order
}

/// A level's value as `constant + sum`, a multiple of `step` away from `constant`.
struct Objective {
    sum: Sum,
    constant: i64,
    step: i64,
}

/// A column that follows from who takes what: the least value that its rows allow. What `HiGHS` gives such a column may be more
/// where it was ended early, or where the column's own level is held and others are minimised.
enum Derived {
    /// 1 unless the sum is above 0.
    Lacking(Sum),
    /// The largest of the sums.
    Largest(Vec<Sum>),
    /// The distance of the sum from a number.
    Distance(Sum, i64),
}

impl Derived {
    fn value(&self, values: &[i64]) -> i64 {
        match self {
            Self::Lacking(sum) => i64::from(total(sum, values) <= 0),
            Self::Largest(sums) => sums.iter().map(|sum| total(sum, values)).max().unwrap_or(0),
            Self::Distance(sum, from) => (total(sum, values) - from).abs(),
        }
    }
}

/// The levels on their way.
pub(super) struct Search<'a> {
    staffing: &'a Staffing,
    rows: Rows,
    limits: MipLimits,
    stop: &'a Stop,
    /// Values of all columns; keeps every row.
    best: Vec<i64>,
    derived: Vec<(Column, Derived)>,
    levels: Vec<Level>,
}

impl<'a> Search<'a> {
    /// Begins with no group staffed, which keeps every row.
    pub(super) fn new(staffing: &'a Staffing, limits: MipLimits, stop: &'a Stop) -> Self {
        let rows = Rows::new(staffing);
        let mut best = vec![0; rows.pairs.len()];
        best.resize(rows.pairs.len() + rows.open.len() + rows.broken.len(), 1);
        let derived = rows.broken.iter().zip(&staffing.musts).filter(|(_, must)| !must.any_of.is_empty());
        let derived = derived.map(|(&column, must)| (column, Derived::Lacking(rows.of_must(must)))).collect();
        Self { staffing, rows, limits, stop, best, derived, levels: Vec::new() }
    }

    /// Solves one level and holds its value.
    pub(super) fn level(&mut self, kind: LevelKind) -> Level {
        let Objective { sum, constant, step } = self.objective(kind);
        let solved = self.rows.program.minimise(&sum, step, Some(&self.best), self.limits, self.stop);
        let mut bound = None;
        if let Some(solved) = solved {
            bound = solved.bound.filter(|_| solved.ended != Ended::Infeasible);
            let better = |values: &Vec<i64>| total(&sum, values) <= total(&sum, &self.best);
            if let Some(values) = solved.values.map(|values| self.tight(values)).filter(better) {
                self.best = values;
            }
        }
        let value = total(&sum, &self.best) + constant;
        // A bound above a value that was recounted in whole numbers would mean that tolerances were misjudged: it is not believed.
        let bound = bound.map(|bound| bound + constant).filter(|bound| (0..=value).contains(bound)).unwrap_or(0);
        let above = self.levels.last().is_none_or(|level| level.proved);
        let level = Level { kind, value, bound, proved: above && bound == value };
        self.levels.push(level);
        self.rows.program.row(format!("level[{kind:?}]"), sum, None, Some(value - constant));
        level
    }

    /// The assignment with its levels.
    pub(super) fn answer(self) -> Answer {
        let mut teacher_of = vec![None; self.staffing.groups.len()];
        for &(t, g, _) in self.rows.pairs.iter().filter(|pair| self.best[pair.2] == 1) {
            teacher_of[g] = Some(t);
        }
        Answer { teacher_of, levels: self.levels }
    }

    fn objective(&mut self, kind: LevelKind) -> Objective {
        let plain = |sum: Sum| Objective { sum, constant: 0, step: 1 };
        match kind {
            LevelKind::Musts => plain(self.rows.broken.iter().map(|&column| (1, column)).collect()),
            LevelKind::Unstaffed => plain(self.rows.open.iter().map(|&column| (1, column)).collect()),
            LevelKind::Wishes(rank) => {
                let wished = |t: usize, g: usize| is_wish(self.staffing, t, g, |r| r.min(DEEPEST_RANK) == rank);
                let granted = self.rows.pairs.iter().filter(|&&(t, g, _)| wished(t, g));
                let sum = granted.map(|&(_, _, x)| (-1, x)).collect();
                Objective { sum, constant: self.staffing.groups.len() as i64, step: 1 }
            }
            LevelKind::EmptyHanded => plain(self.empty_handed()),
            LevelKind::LargestLoad => plain(self.largest_load()),
            LevelKind::LoadSpread => self.load_spread(),
            LevelKind::WonBefore => self.lost(0, |teacher, g| i64::from(teacher.won.binary_search(&g).is_ok())),
            LevelKind::MovedGroups => {
                let staffing = self.staffing;
                self.lost(staffing.gone.groups, |teacher, g| {
                    i64::from(staffing.is_whole(g, students_of(&teacher.so_far, g)))
                })
            }
            LevelKind::MovedStudents => {
                self.lost(self.staffing.gone.students, |teacher, g| students_of(&teacher.so_far, g))
            }
            LevelKind::Continuity => self.lost(self.staffing.gone.before, |teacher, g| students_of(&teacher.before, g)),
        }
    }

    /// A new column with its value under the best assignment.
    fn add(&mut self, name: String, most: i64, derived: Derived) -> Column {
        self.best.push(derived.value(&self.best));
        let column = self.rows.program.column(name, 0, most);
        self.derived.push((column, derived));
        column
    }

    /// The values with every derived column at its least.
    fn tight(&self, mut values: Vec<i64>) -> Vec<i64> {
        for (column, derived) in &self.derived {
            values[*column] = derived.value(&values);
        }
        values
    }

    /// (S7) `empty[t]` + wishes that come true ≥ 1.
    fn empty_handed(&mut self) -> Sum {
        let mut sum = Sum::new();
        for t in 0..self.staffing.teachers.len() {
            if self.staffing.teachers[t].wishes.is_empty() {
                continue;
            }
            let staffing = self.staffing;
            let mut wishes = self.rows.of_teacher(t, |g| i64::from(is_wish(staffing, t, g, |_| true)));
            let empty = self.add(format!("empty[{t}]"), 1, Derived::Lacking(wishes.clone()));
            wishes.push((1, empty));
            self.rows.program.row(format!("empty[{t}]"), wishes, Some(1), None);
            sum.push((1, empty));
        }
        sum
    }

    /// (S8) `largest` ≥ the visits of every teacher.
    fn largest_load(&mut self) -> Sum {
        let loads = self.loads();
        let sums = loads.iter().map(|(_, sum)| sum.clone()).collect();
        let largest = self.add("largest".to_owned(), self.all_visits(), Derived::Largest(sums));
        for (t, mut sum) in loads {
            sum.push((-1, largest));
            self.rows.program.row(format!("largest[{t}]"), sum, None, Some(0));
        }
        vec![(1, largest)]
    }

    /// (S9) `off[t]` ≥ abs(T·visits − V).
    fn load_spread(&mut self) -> Objective {
        let (loads, share) = (self.loads(), self.all_visits());
        let teachers = loads.len() as i64;
        let mut spread = Sum::new();
        for (t, sum) in loads {
            let load: Sum = sum.iter().map(|&(a, x)| (teachers * a, x)).collect();
            let off = self.add(format!("off[{t}]"), teachers.max(1) * share, Derived::Distance(load.clone(), share));
            let with = |sign: i64| load.iter().map(|&(a, x)| (sign * a, x)).chain([(-1, off)]).collect::<Sum>();
            self.rows.program.row(format!("above[{t}]"), with(1), None, Some(share));
            self.rows.program.row(format!("below[{t}]"), with(-1), None, Some(-share));
            spread.push((1, off));
        }
        // Where every group is staffed the deviations add up to 0, so twice the positive ones count, each a multiple of the gcd.
        let all = self.levels.iter().any(|level| level.kind == LevelKind::Unstaffed && level.value == 0);
        let step = gcd(teachers, share).max(1) * if all { 2 } else { 1 };
        Objective { sum: spread, constant: 0, step }
    }

    /// What teachers had and do not keep: all that they had, the weight of each group, and what is gone with others, less the
    /// weights of the groups that they take.
    fn lost(&self, gone: i64, weight: impl Fn(&Teacher, usize) -> i64) -> Objective {
        let teachers = &self.staffing.teachers;
        let sum =
            self.rows.pairs.iter().map(|&(t, g, x)| (-weight(&teachers[t], g), x)).filter(|(a, _)| *a != 0).collect();
        let groups = 0..self.staffing.groups.len();
        let had: i64 = teachers.iter().flat_map(|teacher| groups.clone().map(|g| weight(teacher, g))).sum();
        Objective { sum, constant: gone + had, step: 1 }
    }

    /// Visits of every teacher who may take something.
    fn loads(&self) -> Vec<(usize, Sum)> {
        let staffing = self.staffing;
        let load = |t: usize| (t, self.rows.of_teacher(t, |g| staffing.groups[g].visits));
        (0..staffing.teachers.len()).map(load).filter(|(_, sum)| !sum.is_empty()).collect()
    }

    fn all_visits(&self) -> i64 {
        self.staffing.groups.iter().map(|group| group.visits).sum()
    }
}

/// A group's students in a teacher's list.
fn students_of(list: &[(usize, i64)], group: usize) -> i64 {
    list.iter().filter(|(g, _)| *g == group).map(|(_, students)| students).sum()
}

/// Whether the teacher's dearest wish for the group has such a rank.
fn is_wish(staffing: &Staffing, teacher: usize, group: usize, rank: impl Fn(usize) -> bool) -> bool {
    let wishes = staffing.teachers[teacher].wishes.iter().filter(|(g, _)| *g == group);
    wishes.map(|&(_, r)| r).min().is_some_and(rank)
}
