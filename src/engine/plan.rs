//! A plan (分组结果): the group of each student.

pub mod document;
pub mod last;
pub mod people;
pub mod read;

/// A full assignment of the students of one class to its groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Number of groups.
    pub groups: usize,
    /// `group_of[s]` in `0..groups`, in roster order.
    pub group_of: Vec<usize>,
}

impl Plan {
    /// The students of each group, in roster order.
    #[must_use]
    pub fn members(&self) -> Vec<Vec<usize>> {
        let mut members = vec![Vec::new(); self.groups];
        for (student, &group) in self.group_of.iter().enumerate() {
            members[group].push(student);
        }
        members
    }
}
