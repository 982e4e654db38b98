//! Forming again where who is in a group keeps it from a teacher (models/formulation.md, "Forming and staffing together").
//!
//! The design is an integer programme over the classes concerned: teachers take groups, and the few students who matter to
//! teachers (own children, demanded and pinned ones, those who need more visits than others) take seats in them, the rest
//! being alike. Its seats become pins, under which the class is solved again like any other. With every group reckoned as a large
//! one, a whole design stays whole whatever groups turn out to be large.

use super::assembly::{Assembly, Demand, holds_class};
use crate::planning::{Planned, Prepared};
use crate::problem::rules::Rule;
use crate::roster::staff::{Mention, Staff};
use crate::solver::Stop;
use crate::solver::mip::MipLimits;
use crate::solver::mip::program::{Column, Program, Sum};
use std::collections::{BTreeMap, BTreeSet};

/// Nodes of one design.
const NODES: i64 = 3_000;

/// What groups are reckoned as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sizes {
    /// All large: what fits stays true whichever are.
    Large,
    /// As many large ones as there are.
    Exact,
}

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

/// Seats by class: student and group.
pub(super) type Seats = BTreeMap<usize, Vec<(usize, usize)>>;

/// One class whose groups are open.
struct Class {
    number: usize,
    /// Group over all classes of each of its groups.
    groups: Vec<usize>,
    /// Students who matter, with their group now.
    special: Vec<(usize, usize)>,
    /// `seat[i][g]` of the i-th special student.
    seat: Vec<Vec<Column>>,
    /// Whether a group is large, where that is open.
    large: Vec<Column>,
    /// Visits of a student who does not matter.
    base: i64,
}

/// What the design is made from.
pub(super) struct Design<'a> {
    pub(super) prepared: &'a [Prepared],
    pub(super) planned: &'a [Planned],
    pub(super) staff: &'a Staff,
    pub(super) assembly: &'a Assembly,
    pub(super) sake: Sake,
}

struct Build<'a> {
    of: &'a Design<'a>,
    sizes: Sizes,
    program: Program,
    classes: Vec<Class>,
    /// `takes[(t, g)]`, g over all classes.
    takes: BTreeMap<(usize, usize), Column>,
    goal: Sum,
}

impl Design<'_> {
    /// Seats that leave fewer groups open or demands unmet than now; none if there are none or the limits came first.
    pub(super) fn seats(&self, concerned: &BTreeSet<usize>, sizes: Sizes, stop: &Stop) -> Option<Seats> {
        let mut build = Build {
            of: self,
            sizes,
            program: Program::default(),
            classes: Vec::new(),
            takes: BTreeMap::new(),
            goal: Sum::new(),
        };
        for &number in concerned {
            let class = build.class(number);
            build.classes.push(class);
        }
        build.pairs();
        build.one_teacher();
        build.bars();
        build.demands();
        build.capacities();
        let limits = MipLimits { nodes: NODES, seed: 0 };
        let values = build.program.minimise(&build.goal, 1, None, limits, stop)?.values?;
        let seat = |class: &Class| {
            let group = |seats: &Vec<Column>| seats.iter().position(|&column| values[column] == 1).unwrap_or(0);
            let seats =
                class.special.iter().zip(&class.seat).map(|(&(s, _), seats)| (s, group(seats))).collect::<Vec<_>>();
            let moved = seats.iter().zip(&class.special).any(|((_, g), (_, now))| g != now);
            moved.then_some((class.number, seats))
        };
        let seats: Seats = build.classes.iter().filter_map(seat).collect();
        (!seats.is_empty()).then_some(seats)
    }
}

impl Build<'_> {
    /// (R1) every special student has a seat; (R2) no group has more of them than seats; (R3) rules among them hold.
    fn class(&mut self, number: usize) -> Class {
        let prepared = &self.of.prepared[number];
        let groups: Vec<usize> =
            (0..self.of.assembly.places.len()).filter(|&g| self.of.assembly.places[g].0 == number).collect();
        let special = self.special(number);
        let n = groups.len();
        let seat: Vec<Vec<Column>> = special
            .iter()
            .map(|(s, _)| (0..n).map(|g| self.program.binary(format!("seat[{number},{s},{g}]"))).collect())
            .collect();
        for (i, (_, now)) in special.iter().enumerate() {
            self.program.row(
                format!("seat[{number},{i}]"),
                seat[i].iter().map(|&x| (1, x)).collect(),
                Some(1),
                Some(1),
            );
            self.goal.extend((0..n).filter(|g| g != now).map(|g| (1, seat[i][g])));
        }
        let small = prepared.problem.small() as i64;
        let large: Vec<Column> = match (self.sizes, prepared.problem.large_groups()) {
            (Sizes::Exact, many) if many > 0 => {
                let large: Vec<Column> = (0..n).map(|g| self.program.binary(format!("large[{number},{g}]"))).collect();
                let sum = large.iter().map(|&x| (1, x)).collect();
                self.program.row(format!("large[{number}]"), sum, Some(many as i64), Some(many as i64));
                large
            }
            _ => Vec::new(),
        };
        for g in 0..n {
            let mut sum: Sum = seat.iter().map(|seats| (1, seats[g])).collect();
            sum.extend(large.get(g).map(|&x| (-1, x)));
            self.program.row(format!("room[{number},{g}]"), sum, None, Some(small));
        }
        let base = prepared.problem.visits.iter().copied().min().unwrap_or(0);
        let class = Class { number, groups, special, seat, large, base };
        self.rules(&class);
        class
    }

    fn rules(&mut self, class: &Class) {
        let at = |s: usize| class.special.iter().position(|(special, _)| *special == s);
        for (i, rule) in self.of.prepared[class.number].problem.rules.iter().enumerate() {
            match rule {
                Rule::Pin { student, group } => {
                    if let Some(k) = at(*student) {
                        self.program.row(format!("pin[{i}]"), vec![(1, class.seat[k][*group])], Some(1), Some(1));
                    }
                }
                Rule::Together(list) => {
                    let known: Vec<usize> = list.iter().filter_map(|&s| at(s)).collect();
                    for (pair, g) in known.windows(2).flat_map(|pair| (0..class.groups.len()).map(move |g| (pair, g))) {
                        let sum = vec![(1, class.seat[pair[0]][g]), (-1, class.seat[pair[1]][g])];
                        self.program.row(format!("together[{i}]"), sum, Some(0), Some(0));
                    }
                }
                Rule::Apart(list) => {
                    let known: Vec<usize> = list.iter().filter_map(|&s| at(s)).collect();
                    for g in 0..class.groups.len() {
                        let sum = known.iter().map(|&k| (1, class.seat[k][g])).collect();
                        self.program.row(format!("apart[{i}]"), sum, None, Some(1));
                    }
                }
                Rule::NeverAlone(_) | Rule::TierQuota => {}
            }
        }
    }

    /// The students of a class who matter to teachers, with their group now.
    fn special(&self, number: usize) -> Vec<(usize, usize)> {
        let prepared = &self.of.prepared[number];
        let least = prepared.problem.visits.iter().copied().min().unwrap_or(0);
        let limited = self.of.sake != Sake::Bonds
            && self.of.assembly.staffing.teachers.iter().any(|teacher| teacher.max_visits.is_some());
        let named: BTreeSet<(&str, &str)> = (self.of.staff.teachers.iter())
            .flat_map(|teacher| teacher.avoids.iter().chain(&teacher.must))
            .filter_map(|mention| match mention {
                Mention::Student { class, id } => Some((class.as_str(), id.as_str())),
                _ => None,
            })
            .collect();
        let pinned = |id: &str| prepared.request.rules.pin.iter().any(|pin| pin.teacher.is_some() && pin.student == id);
        let groups = &self.of.planned[number].document.groups;
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

    fn open_class(&self, group: usize) -> Option<(&Class, usize)> {
        let (class, g) = self.of.assembly.places[group];
        self.classes.iter().find(|of| of.number == class).map(|of| (of, g))
    }

    /// Who may take what: in open classes by class, elsewhere as it is.
    fn pairs(&mut self) {
        let staffing = &self.of.assembly.staffing;
        for (t, teacher) in staffing.teachers.iter().enumerate() {
            let open: BTreeSet<usize> = teacher.teaches.iter().map(|&g| self.of.assembly.places[g].0).collect();
            for g in 0..staffing.groups.len() {
                let may = match self.open_class(g) {
                    // Teaching one group of an open class, or being told to take one, is teaching all.
                    Some((class, n)) => open.contains(&class.number) && !self.avoids(t, class.number, n),
                    None => staffing.eligible(t).any(|own| own == g),
                };
                if may {
                    let column = self.program.binary(format!("takes[{t},{g}]"));
                    self.takes.insert((t, g), column);
                }
            }
        }
    }

    /// Whether a teacher avoids a group whoever is in it.
    fn avoids(&self, t: usize, class: usize, group: usize) -> bool {
        let prepared = &self.of.prepared[class];
        let avoids = |mention: &Mention| match mention {
            Mention::Class(name) => holds_class(prepared, name),
            Mention::Group { class: name, number } => *number == group + 1 && holds_class(prepared, name),
            Mention::Student { .. } => false,
        };
        self.of.staff.teachers[t].avoids.iter().any(avoids)
    }

    /// (R4) every group has one teacher or is open; an open one costs more than any number of moves.
    fn one_teacher(&mut self) {
        let dear = self.goal.len() as i64 + 1;
        for g in 0..self.of.assembly.staffing.groups.len() {
            let open = self.program.binary(format!("open[{g}]"));
            let mut sum: Sum = self.takes.iter().filter(|((_, of), _)| *of == g).map(|(_, &x)| (1, x)).collect();
            sum.push((1, open));
            self.program.row(format!("one[{g}]"), sum, Some(1), Some(1));
            self.goal.push((dear, open));
        }
    }

    /// The seats of a student in an open class.
    fn seats_of(&self, class_name: &str, id: &str) -> Option<(usize, usize)> {
        self.classes.iter().enumerate().find_map(|(k, class)| {
            let students = &self.of.prepared[class.number].roster.students;
            let is = |s: usize| students[s].id == id && students[s].class == class_name;
            class.special.iter().position(|(s, _)| is(*s)).map(|i| (k, i))
        })
    }

    /// (R5) a teacher does not take the group with his or her own child.
    fn bars(&mut self) {
        for (t, teacher) in self.of.staff.teachers.iter().enumerate() {
            for mention in &teacher.avoids {
                let Mention::Student { class, id } = mention else { continue };
                let Some((k, i)) = self.seats_of(class, id) else { continue };
                for (g, &group) in self.classes[k].groups.iter().enumerate() {
                    if let Some(&takes) = self.takes.get(&(t, group)) {
                        let sum = vec![(1, takes), (1, self.classes[k].seat[i][g])];
                        self.program.row(format!("avoids[{t},{group}]"), sum, None, Some(1));
                    }
                }
            }
        }
    }

    /// (R6) demands, each of which costs more than all groups if it is not met.
    fn demands(&mut self) {
        let dear = (self.goal.len() as i64 + 1) * (self.of.assembly.staffing.groups.len() as i64 + 1);
        for (i, demand) in self.of.assembly.demands.iter().enumerate() {
            let must = &self.of.assembly.staffing.musts[i];
            let broken = self.program.binary(format!("broken[{i}]"));
            self.goal.push((dear, broken));
            let student = match demand {
                Demand::Must { what: Mention::Student { class, id }, .. } => self.seats_of(class, id),
                Demand::Pin { class, student, .. } => {
                    let students = &self.of.prepared[*class].roster.students;
                    let who = students.iter().find(|who| who.id == *student);
                    who.and_then(|who| self.seats_of(&who.class, &who.id))
                }
                Demand::Must { .. } => None,
            };
            if let Some((k, special)) = student {
                for (g, &group) in self.classes[k].groups.iter().enumerate() {
                    let mut sum = vec![(-1, self.classes[k].seat[special][g]), (1, broken)];
                    sum.extend(self.takes.get(&(must.teacher, group)).map(|&x| (1, x)));
                    self.program.row(format!("must[{i},{g}]"), sum, Some(0), None);
                }
            } else {
                let takes = must.any_of.iter().filter_map(|&g| self.takes.get(&(must.teacher, g)).map(|&x| (1, x)));
                let sum = takes.chain([(1, broken)]).collect();
                self.program.row(format!("must[{i}]"), sum, Some(1), None);
            }
        }
    }

    /// (R7) capacities over what a teacher takes.
    fn capacities(&mut self) {
        let staffing = &self.of.assembly.staffing;
        for (t, teacher) in staffing.teachers.iter().enumerate() {
            let own: Vec<(usize, Column)> =
                self.takes.iter().filter(|((of, _), _)| *of == t).map(|(&(_, g), &x)| (g, x)).collect();
            if let Some(most) = teacher.max_groups {
                self.program.row(format!("groups[{t}]"), own.iter().map(|&(_, x)| (1, x)).collect(), None, Some(most));
            }
            for (weight, most) in [(Weight::Students, teacher.max_students), (Weight::Visits, teacher.max_visits)] {
                if let Some(most) = most {
                    let sum: Sum = own.iter().map(|&(g, takes)| self.load(weight, t, g, takes)).collect();
                    self.program.row(format!("{weight:?}[{t}]"), sum, None, Some(most));
                }
            }
        }
    }

    /// What a group adds to a teacher's load: its weight where that is known, else `load ≥ weight − most·(1 − takes)`.
    fn load(&mut self, weight: Weight, t: usize, group: usize, takes: Column) -> (i64, Column) {
        let (constant, sum) = self.weight(weight, group);
        if sum.is_empty() {
            return (constant, takes);
        }
        let most = constant + sum.iter().map(|(a, _)| a).sum::<i64>();
        let load = self.program.column(format!("load[{weight:?},{t},{group}]"), 0, most);
        let mut row: Sum = sum.into_iter().map(|(a, column)| (-a, column)).collect();
        row.extend([(1, load), (-most, takes)]);
        self.program.row(format!("load[{weight:?},{t},{group}]"), row, Some(constant - most), None);
        (1, load)
    }

    /// A group's students or visits: a constant and what seats and size add to it.
    fn weight(&self, weight: Weight, group: usize) -> (i64, Sum) {
        let open = self.open_class(group).filter(|_| weight == Weight::Students || self.of.sake != Sake::Bonds);
        let Some((class, g)) = open else {
            let group = &self.of.assembly.staffing.groups[group];
            return (if weight == Weight::Students { group.students } else { group.visits }, Sum::new());
        };
        let problem = &self.of.prepared[class.number].problem;
        let reckoned_large = self.sizes == Sizes::Large && problem.large_groups() > 0;
        let size = problem.small() as i64 + i64::from(reckoned_large);
        let each = if weight == Weight::Students { 1 } else { class.base };
        let mut sum: Sum = class.large.get(g).map(|&x| (each, x)).into_iter().collect();
        if weight == Weight::Visits {
            let more = |(&(s, _), seats): (&(usize, usize), &Vec<Column>)| (problem.visits[s] - class.base, seats[g]);
            sum.extend(class.special.iter().zip(&class.seat).map(more).filter(|(a, _)| *a > 0));
        }
        (each * size, sum)
    }
}

/// What a capacity limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Students,
    Visits,
}
