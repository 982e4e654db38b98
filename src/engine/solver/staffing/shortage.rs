//! Why groups stay without a teacher: too few places (a Hall violator from a maximum flow of groups to teachers), else the
//! smallest set of limits and bars that no staffing can keep, found by deletion.

use super::levels::LevelKind;
use super::rows::Rows;
use super::{Answer, Must, Staffing};
use crate::solver::mip::program::Sum;
use crate::solver::mip::{Ended, MipLimits};
use crate::solver::stop::Stop;
use std::collections::{BTreeSet, VecDeque};

/// One reason why a staffing cannot be whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// These groups need more places than the only teachers who may take them have.
    Places {
        /// The groups.
        groups: Vec<usize>,
        /// All teachers who may take any of them.
        teachers: Vec<usize>,
        /// Groups that these teachers can take together.
        places: i64,
    },
    /// There are places enough for these groups, but not with these limits; without any one of them they could all be staffed.
    Limits {
        /// The groups.
        groups: Vec<usize>,
        /// The limits.
        reasons: Vec<Reason>,
    },
    /// These demands cannot all be met; without any one demand or limit they could.
    Demands {
        /// Indices into `Staffing::musts`.
        musts: Vec<usize>,
        /// The limits.
        reasons: Vec<Reason>,
    },
}

/// One limit that a shortage is due to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A teacher's number of groups.
    Groups(usize),
    /// A teacher's number of students.
    Students(usize),
    /// A teacher's number of visits.
    Visits(usize),
    /// A teacher may not take a group.
    Barred(usize, usize),
    /// A demand, by index.
    Must(usize),
}

/// What keeps the answer from being whole: every set of demands, places or limits by itself. Empty where it is whole, or where
/// its levels are not proved.
#[must_use]
pub fn shortages(staffing: &Staffing, answer: &Answer, nodes: i64, stop: &Stop) -> Vec<Shortage> {
    let oracle = Oracle { limits: MipLimits { nodes, seed: 0 }, stop };
    let proved = |kind: LevelKind| answer.levels.iter().find(|level| level.kind == kind && level.proved);
    let mut found = Vec::new();
    let mut rest = staffing.clone();
    if proved(LevelKind::Musts).is_some_and(|level| level.value > 0) {
        // Lifted, not taken out: reasons name demands by their index.
        let met = |must: &Must| must.any_of.iter().any(|&g| answer.teacher_of[g] == Some(must.teacher));
        let unmet: Vec<usize> = (0..rest.musts.len()).filter(|&i| !met(&rest.musts[i])).collect();
        found.extend(oracle.all_demands(staffing, &unmet));
        for i in unmet {
            rest.musts[i].any_of.clear();
        }
    }
    let Some(level) = proved(LevelKind::Unstaffed).filter(|level| level.value > 0) else { return found };
    let flow = Flow::new(&rest);
    found.extend(flow.violators(&rest));
    if level.value > flow.missing() {
        found.extend(oracle.all_limits(&rest));
    }
    found
}

/// A maximum flow of groups to teachers under the limits in groups alone.
struct Flow {
    teacher_of: Vec<Option<usize>>,
    takers: Vec<Vec<usize>>,
    places: Vec<i64>,
}

impl Flow {
    fn new(staffing: &Staffing) -> Self {
        let groups = staffing.groups.len();
        let mut takers = vec![Vec::new(); groups];
        for t in 0..staffing.teachers.len() {
            staffing.eligible(t).for_each(|g| takers[g].push(t));
        }
        let places = staffing.teachers.iter().map(|teacher| teacher.max_groups.unwrap_or(groups as i64)).collect();
        let mut flow = Self { teacher_of: vec![None; groups], takers, places };
        (0..groups).for_each(|g| flow.augment(g));
        flow
    }

    /// Groups without a place.
    fn missing(&self) -> i64 {
        self.teacher_of.iter().filter(|teacher| teacher.is_none()).count() as i64
    }

    fn taken(&self, teacher: usize) -> i64 {
        self.teacher_of.iter().filter(|of| **of == Some(teacher)).count() as i64
    }

    /// Everything that an alternating path from the group reaches: groups, and teachers with the group that led there.
    fn reach(&self, start: usize) -> (Vec<usize>, Vec<(usize, usize)>) {
        let (mut groups, mut teachers) = (vec![start], Vec::<(usize, usize)>::new());
        let mut queue = VecDeque::from([start]);
        while let Some(g) = queue.pop_front() {
            for &t in &self.takers[g] {
                if teachers.iter().any(|(known, _)| *known == t) {
                    continue;
                }
                teachers.push((t, g));
                for held in (0..self.teacher_of.len()).filter(|&held| self.teacher_of[held] == Some(t)) {
                    if !groups.contains(&held) {
                        groups.push(held);
                        queue.push_back(held);
                    }
                }
            }
        }
        (groups, teachers)
    }

    /// Finds the group a place, moving others where that helps.
    fn augment(&mut self, start: usize) {
        let (_, teachers) = self.reach(start);
        let free = teachers.iter().find(|(t, _)| self.taken(*t) < self.places[*t]);
        let Some(&(mut t, mut g)) = free else { return };
        loop {
            let before = self.teacher_of[g].replace(t);
            if g == start {
                return;
            }
            // A group was reached through the teacher who held it.
            let Some(held_by) = before else { return };
            let Some(&(_, led)) = teachers.iter().find(|(teacher, _)| *teacher == held_by) else { return };
            (t, g) = (held_by, led);
        }
    }

    /// The sets of groups whose teachers have too few places; sets that share a teacher are one.
    fn violators(&self, staffing: &Staffing) -> Vec<Shortage> {
        let mut sets: Vec<(BTreeSet<usize>, BTreeSet<usize>)> = Vec::new();
        for g in (0..self.teacher_of.len()).filter(|&g| self.teacher_of[g].is_none()) {
            let (groups, teachers) = self.reach(g);
            let mut set: (BTreeSet<usize>, BTreeSet<usize>) =
                (groups.into_iter().collect(), teachers.into_iter().map(|(t, _)| t).collect());
            let class = |g: &usize| staffing.groups[*g].class;
            sets.retain(|(groups, teachers)| {
                // Groups that nobody may take are told class by class.
                let one = !teachers.is_disjoint(&set.1)
                    || (teachers.is_empty()
                        && set.1.is_empty()
                        && groups.iter().all(|other| class(other) == class(&g)));
                if one {
                    set.0.extend(groups);
                    set.1.extend(teachers);
                }
                !one
            });
            sets.push(set);
        }
        let tell = |(groups, teachers): (BTreeSet<usize>, BTreeSet<usize>)| Shortage::Places {
            places: teachers.iter().map(|&t| self.places[t]).sum(),
            groups: groups.into_iter().collect(),
            teachers: teachers.into_iter().collect(),
        };
        sets.into_iter().map(tell).collect()
    }
}

/// Asks the programme what is possible without some of the limits.
struct Oracle<'a> {
    limits: MipLimits,
    stop: &'a Stop,
}

impl Oracle<'_> {
    /// Whether it is proved that no staffing meets all demands and leaves at most `open` of the groups that can be taken open.
    fn fails(&self, staffing: &Staffing, open: i64) -> bool {
        let mut rows = Rows::new(staffing);
        for &broken in &rows.broken {
            rows.program.row("met".to_owned(), vec![(1, broken)], None, Some(0));
        }
        let all: Sum = rows.open.iter().map(|&column| (1, column)).collect();
        rows.program.row("open".to_owned(), all, None, Some(open));
        let solved = rows.program.minimise(&Sum::new(), 1, None, self.limits, self.stop);
        solved.is_some_and(|solved| solved.ended == Ended::Infeasible)
    }

    /// Sets of limits that have none but bars in common, until the rest keeps no group open: first of single classes, with all
    /// that their teachers can carry, which is quick and finds most.
    fn all_limits(&self, staffing: &Staffing) -> Vec<Shortage> {
        let (mut rest, mut found) = (staffing.clone(), Vec::new());
        let classes: BTreeSet<usize> = staffing.groups.iter().map(|group| group.class).collect();
        for class in classes {
            self.limits_within(&mut rest, |rest| without_groups(rest, |g| rest.groups[g].class != class), &mut found);
        }
        self.limits_within(&mut rest, Staffing::clone, &mut found);
        found
    }

    /// The sets of limits of a part of the staffing. Those found are lifted; bars stay, since they decide how many places there
    /// are, and alone they are no such set.
    fn limits_within(&self, rest: &mut Staffing, part: impl Fn(&Staffing) -> Staffing, found: &mut Vec<Shortage>) {
        while let Some((groups, reasons)) = self.limits(part(rest)) {
            let own: Vec<&Reason> = reasons.iter().filter(|reason| !matches!(reason, Reason::Barred(..))).collect();
            if own.is_empty() {
                break;
            }
            for reason in own {
                *rest = reason.lifted(rest);
            }
            found.push(Shortage::Limits { groups, reasons });
        }
    }

    /// Sets of demands until the rest can hold. Of the first set those are lifted that the answer does not meet, and so on: it
    /// leaves as few unmet as can be, so that each of them is in some set.
    fn all_demands(&self, staffing: &Staffing, unmet: &[usize]) -> Vec<Shortage> {
        let (mut rest, mut found) = (staffing.clone(), Vec::new());
        while let Some((musts, reasons)) = self.demands(&rest) {
            let lifted: Vec<usize> = musts.iter().copied().filter(|i| unmet.contains(i)).collect();
            found.push(Shortage::Demands { musts, reasons });
            if lifted.is_empty() {
                break;
            }
            for i in lifted {
                rest.musts[i].any_of.clear();
            }
        }
        found
    }

    /// An irreducible set of limits that together keep groups open for which there are places, with the groups.
    fn limits(&self, mut left: Staffing) -> Option<(Vec<usize>, Vec<Reason>)> {
        let fails = |trial: &Staffing| self.fails(trial, Flow::new(trial).missing());
        if !fails(&left) {
            return None;
        }
        let classes: BTreeSet<usize> = taught(&left).into_iter().map(|g| left.groups[g].class).collect();
        for class in classes {
            keep_if(&mut left, |trial| without_groups(trial, |g| trial.groups[g].class == class), &fails);
        }
        for g in taught(&left) {
            keep_if(&mut left, |trial| without_groups(trial, |other| other == g), &fails);
        }
        // The places are now counted once, with every bar in force: else a limit that was needed might not be any more when
        // a bar is lifted and there are more places.
        let most = Flow::new(&left).missing();
        let all = reasons_of(&left, Reason::is_soft);
        let reasons = irreducible(&mut left, &|trial| self.fails(trial, most), &all);
        Some((taught(&left).into_iter().collect(), reasons))
    }

    /// An irreducible set of demands and limits that cannot hold together.
    fn demands(&self, staffing: &Staffing) -> Option<(Vec<usize>, Vec<Reason>)> {
        let everything = staffing.groups.len() as i64;
        let fails = |trial: &Staffing| self.fails(trial, everything);
        let mut left = staffing.clone();
        if !fails(&left) {
            return None;
        }
        let all: Vec<Reason> = (0..left.musts.len()).map(Reason::Must).collect();
        let needed = irreducible(&mut left, &fails, &all);
        let musts = needed.into_iter().filter_map(|reason| match reason {
            Reason::Must(i) => Some(i),
            _ => None,
        });
        let musts = musts.collect();
        let all = reasons_of(&left, |reason| !matches!(reason, Reason::Must(_)));
        let reasons = irreducible(&mut left, &fails, &all);
        Some((musts, reasons))
    }
}

impl Reason {
    /// Everything but the number of groups, which the flow has already counted.
    fn is_soft(&self) -> bool {
        !matches!(self, Self::Groups(_))
    }

    /// The staffing without this limit.
    fn lifted(self, staffing: &Staffing) -> Staffing {
        let mut trial = staffing.clone();
        match self {
            Self::Groups(t) => trial.teachers[t].max_groups = None,
            Self::Students(t) => trial.teachers[t].max_students = None,
            Self::Visits(t) => trial.teachers[t].max_visits = None,
            Self::Barred(t, g) => trial.teachers[t].barred.retain(|&barred| barred != g),
            Self::Must(i) => trial.musts[i].any_of.clear(),
        }
        trial
    }
}

/// Every limit that may matter.
fn reasons_of(staffing: &Staffing, wanted: impl Fn(&Reason) -> bool) -> Vec<Reason> {
    let mut reasons = Vec::new();
    for (t, teacher) in staffing.teachers.iter().enumerate().filter(|(_, teacher)| !teacher.teaches.is_empty()) {
        reasons.extend(teacher.max_groups.map(|_| Reason::Groups(t)));
        reasons.extend(teacher.max_students.map(|_| Reason::Students(t)));
        reasons.extend(teacher.max_visits.map(|_| Reason::Visits(t)));
        let barred = teacher.barred.iter().filter(|g| teacher.teaches.binary_search(g).is_ok());
        reasons.extend(barred.map(|&g| Reason::Barred(t, g)));
    }
    reasons.extend((0..staffing.musts.len()).map(Reason::Must));
    reasons.retain(wanted);
    reasons
}

/// Lifts every limit that is not needed for the failure; those that stay are irreducible.
fn irreducible(left: &mut Staffing, fails: &impl Fn(&Staffing) -> bool, reasons: &[Reason]) -> Vec<Reason> {
    let mut needed = Vec::new();
    for &reason in reasons {
        let trial = reason.lifted(left);
        if fails(&trial) { *left = trial } else { needed.push(reason) }
    }
    needed
}

/// The groups that somebody teaches.
fn taught(staffing: &Staffing) -> BTreeSet<usize> {
    staffing.teachers.iter().flat_map(|teacher| teacher.teaches.iter().copied()).collect()
}

fn keep_if(left: &mut Staffing, change: impl Fn(&Staffing) -> Staffing, fails: &impl Fn(&Staffing) -> bool) {
    let trial = change(left);
    if fails(&trial) {
        *left = trial;
    }
}

/// The staffing with some groups out of it: nobody may take them, and demands that name any of them fall away.
fn without_groups(staffing: &Staffing, out: impl Fn(usize) -> bool) -> Staffing {
    let mut trial = staffing.clone();
    trial.teachers.iter_mut().for_each(|teacher| teacher.teaches.retain(|&g| !out(g)));
    trial.musts.iter_mut().filter(|must| must.any_of.iter().any(|&g| out(g))).for_each(|must| must.any_of.clear());
    trial
}
