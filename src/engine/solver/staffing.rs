//! Staffing: a teacher for every group, over all classes of a school at once (models/formulation.md, "Staffing").
//!
//! Pure: groups and teachers are indices, loads are whole numbers. A lexicographic integer programme: every level is proved or told
//! to be open, its value held while the next one is solved.
//!
//! Ties beyond the last level are broken by lot: teachers and groups stand in the programme in an order drawn from the seed and
//! their tickets. So the programme, and with it the answer, is the same whatever the order of rows, and of assignments that
//! differ only in who is who none is favoured.

mod denial;
mod levels;
mod numbers;
mod rows;
mod seating;
mod shortage;

pub use denial::{Denial, denial};
pub use levels::{Level, LevelKind};
pub use numbers::{Carrier, Choice, Numbers, numbers};
pub use seating::{OpenClass, Seating, Seats, Sizes, Special};
pub use shortage::{Reason, Shortage, shortages};

use super::mip::MipLimits;
use super::stop::Stop;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// Who may take which groups, and what everybody can carry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staffing {
    /// All groups of all classes.
    pub groups: Vec<Group>,
    /// All teachers.
    pub teachers: Vec<Teacher>,
    /// Demands that hold before anything else.
    pub musts: Vec<Must>,
    /// Where continuity stands.
    pub continuity: Continuity,
    /// Groups and students whose teacher so far is none of these.
    pub gone: Gone,
}

/// What teachers leave behind who are not there any more: it changes hands whoever takes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// Groups all of whose students one of them has had so far.
    pub groups: i64,
    /// Students whom they have had so far.
    pub students: i64,
    /// Students whom they had last semester.
    pub before: i64,
}

/// A group that needs a teacher.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Its class, for telling shortages by class.
    pub class: usize,
    /// Students in it.
    pub students: i64,
    /// Home visits a semester.
    pub visits: i64,
    /// Its lot: anything that tells groups apart whatever their order.
    pub ticket: u64,
}

/// A teacher who can take groups.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Teacher {
    /// Groups of the classes taught, and those that a demand names, ascending.
    pub teaches: Vec<usize>,
    /// Those among them that the teacher may not take (own child), ascending.
    pub barred: Vec<usize>,
    /// Most groups.
    pub max_groups: Option<i64>,
    /// Most students.
    pub max_students: Option<i64>,
    /// Most visits a semester.
    pub max_visits: Option<i64>,
    /// Wished groups with their rank, 1 being the dearest.
    pub wishes: Vec<(usize, usize)>,
    /// Groups with students of last semester, and how many of these are in it.
    pub before: Vec<(usize, i64)>,
    /// Where groups are staffed again: groups with students whom the teacher has had so far, and how many of these are in it.
    pub so_far: Vec<(usize, i64)>,
    /// Wished groups that the teacher had for a wish so far.
    pub won: Vec<usize>,
    /// The teacher's lot.
    pub ticket: u64,
}

/// A teacher must take at least one of these groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Must {
    /// The teacher.
    pub teacher: usize,
    /// The groups; none for a demand that was lifted.
    pub any_of: Vec<usize>,
}

/// Where students' staying with their teacher of last semester stands among the levels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Continuity {
    /// Below all others.
    #[default]
    Last,
    /// Directly below "every group has a teacher", where the old groups are kept.
    First,
}

/// Who takes which group, and how good that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Teacher of each group.
    pub teacher_of: Vec<Option<usize>>,
    /// The levels, highest first.
    pub levels: Vec<Level>,
}

/// Wishes of a deeper rank count as of this one.
pub const DEEPEST_RANK: usize = 8;

impl Staffing {
    /// The groups that a teacher may take, ascending.
    pub fn eligible(&self, teacher: usize) -> impl Iterator<Item = usize> + '_ {
        let Teacher { teaches, barred, .. } = &self.teachers[teacher];
        teaches.iter().copied().filter(|g| barred.binary_search(g).is_err())
    }

    /// Whether all of a group's students are those whom a teacher has had so far.
    fn is_whole(&self, group: usize, students: i64) -> bool {
        students > 0 && students == self.groups[group].students
    }
}

/// Staffs the groups. `nodes` limits each level's search tree; levels that need more stay open.
#[must_use]
pub fn solve(staffing: &Staffing, seed: u64, nodes: i64, stop: &Stop) -> Answer {
    let limits = MipLimits { nodes, seed: 0 };
    let drawn = Drawn::new(staffing, seed);
    let mut search = levels::Search::new(&drawn.staffing, limits, stop);
    for kind in levels::order(&drawn.staffing) {
        search.level(kind);
    }
    drawn.back(search.answer())
}

/// A staffing with teachers and groups in the order of their lots.
struct Drawn {
    staffing: Staffing,
    /// Old index of each teacher and of each group.
    teachers: Vec<usize>,
    groups: Vec<usize>,
}

impl Drawn {
    fn new(staffing: &Staffing, seed: u64) -> Self {
        let teachers = order_of(staffing.teachers.iter().map(|teacher| teacher.ticket), seed);
        let groups = order_of(staffing.groups.iter().map(|group| group.ticket), seed);
        let (who, what) = (places_in(&teachers), places_in(&groups));
        let sorted = |old: &[usize]| {
            let mut new: Vec<usize> = old.iter().map(|&g| what[g]).collect();
            new.sort_unstable();
            new
        };
        let counted = |old: &[(usize, i64)]| old.iter().map(|&(g, students)| (what[g], students)).collect();
        let teacher = |&t: &usize| {
            let old = &staffing.teachers[t];
            Teacher {
                teaches: sorted(&old.teaches),
                barred: sorted(&old.barred),
                wishes: old.wishes.iter().map(|&(g, rank)| (what[g], rank)).collect(),
                before: counted(&old.before),
                so_far: counted(&old.so_far),
                won: sorted(&old.won),
                ..old.clone()
            }
        };
        let must = |must: &Must| Must { teacher: who[must.teacher], any_of: sorted(&must.any_of) };
        let mut musts: Vec<Must> = staffing.musts.iter().map(must).collect();
        musts.sort_by(|a, b| (a.teacher, &a.any_of).cmp(&(b.teacher, &b.any_of)));
        let drawn = Staffing {
            groups: groups.iter().map(|&g| staffing.groups[g].clone()).collect(),
            teachers: teachers.iter().map(teacher).collect(),
            musts,
            continuity: staffing.continuity,
            gone: staffing.gone,
        };
        Self { staffing: drawn, teachers, groups }
    }

    /// The answer in the old order.
    fn back(&self, answer: Answer) -> Answer {
        let mut teacher_of = vec![None; self.groups.len()];
        for (&g, teacher) in self.groups.iter().zip(answer.teacher_of) {
            teacher_of[g] = teacher.map(|t| self.teachers[t]);
        }
        Answer { teacher_of, ..answer }
    }
}

/// Indices in the order of the numbers drawn for their tickets.
fn order_of(tickets: impl Iterator<Item = u64>, seed: u64) -> Vec<usize> {
    let draw = |ticket: u64| {
        let mut numbers = Pcg64::new(u128::from(seed), u128::from(ticket));
        // Nearby seeds start nearby; a few steps part them.
        (0..8).for_each(|_| {
            numbers.next_u64();
        });
        (numbers.next_u64(), ticket)
    };
    let lots: Vec<(u64, u64)> = tickets.map(draw).collect();
    let mut order: Vec<usize> = (0..lots.len()).collect();
    order.sort_by_key(|&i| lots[i]);
    order
}

/// The place of each index in an order.
fn places_in(order: &[usize]) -> Vec<usize> {
    let mut places = vec![0; order.len()];
    for (place, &i) in order.iter().enumerate() {
        places[i] = place;
    }
    places
}
