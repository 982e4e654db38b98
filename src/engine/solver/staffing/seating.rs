//! Seats in classes whose groups are open: where who is in a group keeps it from a teacher (models/formulation.md, "Forming and
//! staffing together").
//!
//! An integer programme over the classes concerned: teachers take groups, and the few students who matter to teachers (own
//! children, demanded and pinned ones, those who need more visits than others) take seats in them, the rest being alike. With every
//! group reckoned as a large one, a whole design stays whole whatever groups turn out to be large.

use super::Staffing;
use crate::problem::Problem;
use crate::problem::rules::Rule;
use crate::solver::mip::MipLimits;
use crate::solver::mip::program::{Column, Program, Sum};
use crate::solver::stop::Stop;
use std::collections::BTreeMap;

/// Nodes of one design.
const NODES: i64 = 3_000;

/// What groups are reckoned as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sizes {
    /// All large: what fits stays true whichever are.
    Large,
    /// As many large ones as there are.
    Exact,
}

/// One class whose groups are open.
#[derive(Clone, Debug)]
pub struct OpenClass<'a> {
    /// Its number among all classes.
    pub number: usize,
    /// The class.
    pub problem: &'a Problem,
    /// Group over all classes of each of its groups.
    pub groups: Vec<usize>,
    /// Students who matter, with their group now.
    pub special: Vec<(usize, usize)>,
}

/// A student who matters: open class, and which of those who matter in it.
pub type Special = (usize, usize);

/// What seats are sought for.
#[derive(Clone, Debug)]
pub struct Seating<'a> {
    /// All groups and teachers as they stand.
    pub staffing: &'a Staffing,
    /// The classes whose groups are open.
    pub open: Vec<OpenClass<'a>>,
    /// Teachers with the groups that they may take, whoever is in them; ascending.
    pub may_take: Vec<(usize, usize)>,
    /// Teachers with students whose group they may not take.
    pub bars: Vec<(usize, Special)>,
    /// The student whom each demand of the staffing is about, where it is about one in an open class.
    pub demanded: Vec<Option<Special>>,
    /// Whether visits are counted by who is in a group.
    pub counts_visits: bool,
}

/// Seats of one class: student and group.
pub type Seats = Vec<(usize, usize)>;

impl Seating<'_> {
    /// Seats, by class, that leave fewer groups open or demands unmet than now; none if there are none or the limits came first.
    #[must_use]
    pub fn seats(&self, sizes: Sizes, stop: &Stop) -> Option<BTreeMap<usize, Seats>> {
        let mut build = Build {
            of: self,
            sizes,
            program: Program::default(),
            classes: Vec::new(),
            takes: BTreeMap::new(),
            goal: Sum::new(),
        };
        for open in &self.open {
            let class = build.class(open);
            build.classes.push(class);
        }
        for &(t, g) in &self.may_take {
            let column = build.program.binary(format!("takes[{t},{g}]"));
            build.takes.insert((t, g), column);
        }
        build.one_teacher();
        build.bars();
        build.demands();
        build.capacities();
        let limits = MipLimits { nodes: NODES, seed: 0 };
        let values = build.program.minimise(&build.goal, 1, None, limits, stop)?.values?;
        let seat = |class: &Class| {
            let group = |seats: &Vec<Column>| seats.iter().position(|&column| values[column] == 1).unwrap_or(0);
            let of = &class.of.special;
            let seats = of.iter().zip(&class.seat).map(|(&(s, _), seats)| (s, group(seats))).collect::<Seats>();
            let moved = seats.iter().zip(of).any(|((_, g), (_, now))| g != now);
            moved.then_some((class.of.number, seats))
        };
        let seats: BTreeMap<usize, Seats> = build.classes.iter().filter_map(seat).collect();
        (!seats.is_empty()).then_some(seats)
    }
}

/// The columns of an open class.
struct Class<'a> {
    of: &'a OpenClass<'a>,
    /// `seat[i][g]` of the i-th special student.
    seat: Vec<Vec<Column>>,
    /// Whether a group is large, where that is open.
    large: Vec<Column>,
    /// Visits of a student who does not matter.
    base: i64,
}

struct Build<'a> {
    of: &'a Seating<'a>,
    sizes: Sizes,
    program: Program,
    classes: Vec<Class<'a>>,
    /// `takes[(t, g)]`, g over all classes.
    takes: BTreeMap<(usize, usize), Column>,
    goal: Sum,
}

impl<'a> Build<'a> {
    /// (R1) every special student has a seat; (R2) no group has more of them than seats; (R3) rules among them hold.
    fn class(&mut self, open: &'a OpenClass<'a>) -> Class<'a> {
        let OpenClass { number, problem, groups, special } = open;
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
        let small = problem.small() as i64;
        let large: Vec<Column> = match (self.sizes, problem.large_groups()) {
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
        let base = problem.visits.iter().copied().min().unwrap_or(0);
        let class = Class { of: open, seat, large, base };
        self.rules(&class);
        class
    }

    fn rules(&mut self, class: &Class) {
        let at = |s: usize| class.of.special.iter().position(|(special, _)| *special == s);
        for (i, rule) in class.of.problem.rules.iter().enumerate() {
            match rule {
                Rule::Pin { student, group } => {
                    if let Some(k) = at(*student) {
                        self.program.row(format!("pin[{i}]"), vec![(1, class.seat[k][*group])], Some(1), Some(1));
                    }
                }
                Rule::Together(list) => {
                    let known: Vec<usize> = list.iter().filter_map(|&s| at(s)).collect();
                    for (pair, g) in
                        known.windows(2).flat_map(|pair| (0..class.of.groups.len()).map(move |g| (pair, g)))
                    {
                        let sum = vec![(1, class.seat[pair[0]][g]), (-1, class.seat[pair[1]][g])];
                        self.program.row(format!("together[{i}]"), sum, Some(0), Some(0));
                    }
                }
                Rule::Apart(list) => {
                    let known: Vec<usize> = list.iter().filter_map(|&s| at(s)).collect();
                    for g in 0..class.of.groups.len() {
                        let sum = known.iter().map(|&k| (1, class.seat[k][g])).collect();
                        self.program.row(format!("apart[{i}]"), sum, None, Some(1));
                    }
                }
                Rule::NeverAlone(_) | Rule::TierQuota => {}
            }
        }
    }

    fn open_class(&self, group: usize) -> Option<(&Class<'a>, usize)> {
        let at = |class: &'_ Class<'a>| class.of.groups.iter().position(|&of| of == group);
        self.classes.iter().find_map(|class| Some((class, at(class)?)))
    }

    /// (R4) every group has one teacher or is open; an open one costs more than any number of moves.
    fn one_teacher(&mut self) {
        let dear = self.goal.len() as i64 + 1;
        for g in 0..self.of.staffing.groups.len() {
            let open = self.program.binary(format!("open[{g}]"));
            let mut sum: Sum = self.takes.iter().filter(|((_, of), _)| *of == g).map(|(_, &x)| (1, x)).collect();
            sum.push((1, open));
            self.program.row(format!("one[{g}]"), sum, Some(1), Some(1));
            self.goal.push((dear, open));
        }
    }

    /// (R5) a teacher does not take the group with his or her own child.
    fn bars(&mut self) {
        for &(t, (k, i)) in &self.of.bars {
            let class = &self.classes[k];
            for (g, &group) in class.of.groups.iter().enumerate() {
                if let Some(&takes) = self.takes.get(&(t, group)) {
                    let sum = vec![(1, takes), (1, class.seat[i][g])];
                    self.program.row(format!("avoids[{t},{group}]"), sum, None, Some(1));
                }
            }
        }
    }

    /// (R6) demands, each of which costs more than all groups if it is not met.
    fn demands(&mut self) {
        let dear = (self.goal.len() as i64 + 1) * (self.of.staffing.groups.len() as i64 + 1);
        for (i, (must, student)) in self.of.staffing.musts.iter().zip(&self.of.demanded).enumerate() {
            let broken = self.program.binary(format!("broken[{i}]"));
            self.goal.push((dear, broken));
            if let &Some((k, special)) = student {
                let class = &self.classes[k];
                for (g, &group) in class.of.groups.iter().enumerate() {
                    let mut sum = vec![(-1, class.seat[special][g]), (1, broken)];
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
        let staffing = &self.of.staffing;
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
        let open = self.open_class(group).filter(|_| weight == Weight::Students || self.of.counts_visits);
        let Some((class, g)) = open else {
            let group = &self.of.staffing.groups[group];
            return (if weight == Weight::Students { group.students } else { group.visits }, Sum::new());
        };
        let problem = class.of.problem;
        let reckoned_large = self.sizes == Sizes::Large && problem.large_groups() > 0;
        let size = problem.small() as i64 + i64::from(reckoned_large);
        let each = if weight == Weight::Students { 1 } else { class.base };
        let mut sum: Sum = class.large.get(g).map(|&x| (each, x)).into_iter().collect();
        if weight == Weight::Visits {
            let more = |(&(s, _), seats): (&(usize, usize), &Vec<Column>)| (problem.visits[s] - class.base, seats[g]);
            sum.extend(class.of.special.iter().zip(&class.seat).map(more).filter(|(a, _)| *a > 0));
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
