//! Rows (S1)–(S6) of models/formulation.md: who takes what within which limits.

use super::{Must, Staffing};
use crate::solver::mip::program::{Column, Program, Sum};
use std::ops::Range;

/// The programme with the columns by which its levels speak.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pub(super) program: Program,
    /// (teacher, group, column) of every pair that may be, by teacher.
    pub(super) pairs: Vec<(usize, usize, Column)>,
    /// Indices into `pairs` of each teacher.
    of_teacher: Vec<Range<usize>>,
    /// Columns of the pairs of each group.
    of_group: Vec<Vec<Column>>,
    /// `open[g]`: the group has no teacher.
    pub(super) open: Vec<Column>,
    /// `broken[i]`: the demand is not met.
    pub(super) broken: Vec<Column>,
}

impl Rows {
    /// Rows (S1)–(S5).
    pub(super) fn new(staffing: &Staffing) -> Self {
        let mut program = Program::default();
        let (mut pairs, mut of_teacher) = (Vec::new(), Vec::new());
        let mut of_group = vec![Vec::new(); staffing.groups.len()];
        for t in 0..staffing.teachers.len() {
            let first = pairs.len();
            for g in staffing.eligible(t) {
                let column = program.binary(format!("x[{t},{g}]"));
                pairs.push((t, g, column));
                of_group[g].push(column);
            }
            of_teacher.push(first..pairs.len());
        }
        let open = (0..staffing.groups.len()).map(|g| program.binary(format!("open[{g}]"))).collect();
        let broken = (0..staffing.musts.len()).map(|i| program.binary(format!("broken[{i}]"))).collect();
        let mut rows = Self { program, pairs, of_teacher, of_group, open, broken };
        rows.one_teacher(staffing);
        rows.capacities(staffing);
        rows.musts(staffing);
        rows
    }

    /// The pairs of a teacher as a sum with a weight per group.
    pub(super) fn of_teacher(&self, teacher: usize, weight: impl Fn(usize) -> i64) -> Sum {
        let own = self.pairs[self.of_teacher[teacher].clone()].iter();
        own.map(|&(_, g, column)| (weight(g), column)).filter(|(a, _)| *a != 0).collect()
    }

    /// The pairs that meet a demand.
    pub(super) fn of_must(&self, must: &Must) -> Sum {
        self.of_teacher(must.teacher, |g| i64::from(must.any_of.contains(&g)))
    }

    fn one_teacher(&mut self, staffing: &Staffing) {
        for g in 0..staffing.groups.len() {
            let mut sum: Sum = self.of_group[g].iter().map(|&x| (1, x)).collect();
            sum.push((1, self.open[g]));
            self.program.row(format!("one[{g}]"), sum, Some(1), Some(1));
        }
    }

    fn capacities(&mut self, staffing: &Staffing) {
        for (t, teacher) in staffing.teachers.iter().enumerate() {
            let groups = self.of_teacher(t, |_| 1);
            let students = self.of_teacher(t, |g| staffing.groups[g].students);
            let visits = self.of_teacher(t, |g| staffing.groups[g].visits);
            let limits = [
                ("groups", groups, teacher.max_groups),
                ("students", students, teacher.max_students),
                ("visits", visits, teacher.max_visits),
            ];
            for (name, sum, most) in limits.into_iter().filter(|(_, sum, most)| most.is_some() && !sum.is_empty()) {
                self.program.row(format!("{name}[{t}]"), sum, None, most);
            }
        }
    }

    fn musts(&mut self, staffing: &Staffing) {
        for (i, must) in staffing.musts.iter().enumerate().filter(|(_, must)| !must.any_of.is_empty()) {
            let mut sum = self.of_must(must);
            sum.push((1, self.broken[i]));
            self.program.row(format!("must[{i}]"), sum, Some(1), None);
        }
    }
}
