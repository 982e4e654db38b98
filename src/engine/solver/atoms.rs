//! Atoms: students who move as one. Together lists are merged, pinned students stay where they are.

use crate::problem::{Problem, rules::Rule};

/// Students who share a group by rule; a single student otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atom {
    /// The students, ascending.
    pub students: Vec<usize>,
    /// The group that a pin demands.
    pub pin: Option<usize>,
}

/// All atoms of a problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atoms {
    /// In order of first student.
    pub list: Vec<Atom>,
    /// Atom of each student.
    pub of: Vec<usize>,
}

impl Atoms {
    /// Merges together lists and notes pins; none where one atom is pinned to two groups.
    #[must_use]
    pub fn of(problem: &Problem) -> Option<Self> {
        let mut leader: Vec<usize> = (0..problem.students).collect();
        for rule in &problem.rules {
            let Rule::Together(students) = rule else { continue };
            for pair in students.windows(2) {
                let (a, b) = (find(&leader, pair[0]), find(&leader, pair[1]));
                leader[a.max(b)] = a.min(b);
            }
        }
        let mut atoms = Self { list: Vec::new(), of: vec![0; problem.students] };
        let mut index = vec![usize::MAX; problem.students];
        for s in 0..problem.students {
            let root = find(&leader, s);
            if index[root] == usize::MAX {
                index[root] = atoms.list.len();
                atoms.list.push(Atom { students: Vec::new(), pin: None });
            }
            atoms.of[s] = index[root];
            atoms.list[index[root]].students.push(s);
        }
        for rule in &problem.rules {
            let Rule::Pin { student, group } = rule else { continue };
            let pin = &mut atoms.list[atoms.of[*student]].pin;
            if pin.is_some_and(|other| other != *group) {
                return None;
            }
            *pin = Some(*group);
        }
        Some(atoms)
    }

    /// Whether the student moves alone and freely.
    #[must_use]
    pub fn is_free_single(&self, student: usize) -> bool {
        let atom = &self.list[self.of[student]];
        atom.pin.is_none() && atom.students.len() == 1
    }
}

fn find(leader: &[usize], mut s: usize) -> usize {
    while leader[s] != s {
        s = leader[s];
    }
    s
}
