//! Forming again where who is in a group keeps it from a teacher (models/formulation.md, "Forming and staffing together"): what
//! the seats are sought from. They become pins, under which the class is solved again like any other.

use super::assembly::{Assembly, Demand, holds_class};
use crate::pipeline::{Planned, Prepared};
use crate::roster::staff::{Mention, Staff};
use crate::solver::Stop;
use crate::solver::staffing::{OpenClass, Seating, Seats, Sizes, Special};
use std::collections::{BTreeMap, BTreeSet};

/// For whose sake a class is formed again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sake {
    /// Own children and demands.
    Bonds,
    /// Visit limits, as far as no goal above the visits suffers.
    VisitsWithin,
    /// Visit limits, before all goals.
    VisitsFirst,
}

/// What the design is made from.
pub(super) struct Design<'a> {
    pub(super) prepared: &'a [Prepared],
    pub(super) planned: &'a [Planned],
    pub(super) staff: &'a Staff,
    pub(super) assembly: &'a Assembly,
    pub(super) sake: Sake,
}

impl Design<'_> {
    /// Seats that leave fewer groups open or demands unmet than now; none if there are none or the limits came first.
    pub(super) fn seats(
        &self,
        concerned: &BTreeSet<usize>,
        sizes: Sizes,
        stop: &Stop,
    ) -> Option<BTreeMap<usize, Seats>> {
        let open: Vec<OpenClass<'_>> = concerned.iter().map(|&number| self.open(number)).collect();
        let seating = Seating {
            staffing: &self.assembly.staffing,
            may_take: self.may_take(concerned),
            bars: self.bars(&open),
            demanded: self.assembly.demands.iter().map(|demand| self.demanded(demand, &open)).collect(),
            open,
            counts_visits: self.sake != Sake::Bonds,
        };
        seating.seats(sizes, stop)
    }

    fn open(&self, number: usize) -> OpenClass<'_> {
        let places = &self.assembly.places;
        OpenClass {
            number,
            problem: &self.prepared[number].problem,
            groups: (0..places.len()).filter(|&g| places[g].0 == number).collect(),
            special: self.special(number),
        }
    }

    /// The students of a class who matter to teachers, with their group now.
    fn special(&self, number: usize) -> Vec<(usize, usize)> {
        let prepared = &self.prepared[number];
        let least = prepared.problem.visits.iter().copied().min().unwrap_or(0);
        let limited = self.sake != Sake::Bonds
            && self.assembly.staffing.teachers.iter().any(|teacher| teacher.max_visits.is_some());
        let named: BTreeSet<(&str, &str)> = (self.staff.teachers.iter())
            .flat_map(|teacher| teacher.avoids.iter().chain(&teacher.must))
            .filter_map(|mention| match mention {
                Mention::Student { class, id } => Some((class.as_str(), id.as_str())),
                _ => None,
            })
            .collect();
        let pinned = |id: &str| prepared.request.rules.pin.iter().any(|pin| pin.teacher.is_some() && pin.student == id);
        let groups = &self.planned[number].document.groups;
        let students = prepared.roster.students.iter().enumerate();
        let matters = students.filter(|(s, student)| {
            (limited && prepared.problem.visits[*s] > least)
                || named.contains(&(student.class.as_str(), student.id.as_str()))
                || pinned(&student.id)
        });
        matters
            .filter_map(|(s, student)| Some((s, groups.iter().position(|group| group.students.contains(&student.id))?)))
            .collect()
    }

    /// Who may take what: in open classes by class, elsewhere as it is.
    fn may_take(&self, concerned: &BTreeSet<usize>) -> Vec<(usize, usize)> {
        let Assembly { staffing, places, .. } = self.assembly;
        let mut may_take = Vec::new();
        for (t, teacher) in staffing.teachers.iter().enumerate() {
            let own: BTreeSet<usize> = teacher.teaches.iter().map(|&g| places[g].0).collect();
            let may = |&g: &usize| match places[g] {
                // Teaching one group of an open class, or being told to take one, is teaching all.
                (class, n) if concerned.contains(&class) => own.contains(&class) && !self.avoids(t, class, n),
                _ => staffing.eligible(t).any(|own| own == g),
            };
            may_take.extend((0..staffing.groups.len()).filter(may).map(|g| (t, g)));
        }
        may_take
    }

    /// Whether a teacher avoids a group whoever is in it.
    fn avoids(&self, t: usize, class: usize, group: usize) -> bool {
        let prepared = &self.prepared[class];
        let avoids = |mention: &Mention| match mention {
            Mention::Class(name) => holds_class(prepared, name),
            Mention::Group { class: name, number } => *number == group + 1 && holds_class(prepared, name),
            Mention::Student { .. } => false,
        };
        self.staff.teachers[t].avoids.iter().any(avoids)
    }

    /// A student who matters in an open class.
    fn special_of(&self, open: &[OpenClass<'_>], class_name: &str, id: &str) -> Option<Special> {
        open.iter().enumerate().find_map(|(k, class)| {
            let students = &self.prepared[class.number].roster.students;
            let is = |s: usize| students[s].id == id && students[s].class == class_name;
            class.special.iter().position(|(s, _)| is(*s)).map(|i| (k, i))
        })
    }

    /// Teachers with their own children.
    fn bars(&self, open: &[OpenClass<'_>]) -> Vec<(usize, Special)> {
        let of = |(t, mention): (usize, &Mention)| match mention {
            Mention::Student { class, id } => Some((t, self.special_of(open, class, id)?)),
            _ => None,
        };
        let teachers = self.staff.teachers.iter().enumerate();
        teachers
            .flat_map(|(t, teacher)| teacher.avoids.iter().map(move |mention| (t, mention)))
            .filter_map(of)
            .collect()
    }

    /// The student whom a demand is about.
    fn demanded(&self, demand: &Demand, open: &[OpenClass<'_>]) -> Option<Special> {
        match demand {
            Demand::Must { what: Mention::Student { class, id }, .. } => self.special_of(open, class, id),
            Demand::Pin { class, student, .. } => {
                let students = &self.prepared[*class].roster.students;
                let who = students.iter().find(|who| who.id == *student)?;
                self.special_of(open, &who.class, &who.id)
            }
            Demand::Must { .. } => None,
        }
    }
}
