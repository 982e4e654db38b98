//! Staffing: a teacher for every group, over all classes of a school at once (models/formulation.md, "Staffing").
//!
//! Pure: groups and teachers are indices, loads are whole numbers. A lexicographic integer programme: every level is proved or told
//! to be open, its value held while the next one is solved. Ties beyond the last level are broken by lots drawn from the seed and
//! the tickets of teachers and groups, so that neither the order of rows nor the number of threads decides anything.

mod levels;
mod rows;
mod shortage;

pub use levels::{Level, LevelKind};
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

    /// Visits that a teacher carries under an assignment.
    #[must_use]
    pub fn visits(&self, teacher: usize, teacher_of: &[Option<usize>]) -> i64 {
        let carried = teacher_of.iter().zip(&self.groups).filter(|(of, _)| **of == Some(teacher));
        carried.map(|(_, group)| group.visits).sum()
    }

    /// The lot of a teacher for a group, the same for ever: 1 to 2¹⁶, the larger the better.
    #[must_use]
    pub fn lot(&self, seed: u64, teacher: usize, group: usize) -> i64 {
        let (teacher, group) = (self.teachers[teacher].ticket, self.groups[group].ticket);
        let mut numbers = Pcg64::new(u128::from(seed) << 64 | u128::from(teacher), u128::from(group));
        (0..4).for_each(|_| {
            numbers.next_u64();
        });
        (numbers.next_u64() >> 48) as i64 + 1
    }
}

/// Staffs the groups. `nodes` limits each level's search tree; levels that need more stay open.
#[must_use]
pub fn solve(staffing: &Staffing, seed: u64, nodes: i64, stop: &Stop) -> Answer {
    let limits = MipLimits { nodes, seed: 0 };
    let mut search = levels::Search::new(staffing, limits, stop);
    for kind in levels::order(staffing) {
        search.level(kind);
    }
    search.draw_lots(seed);
    search.answer()
}
