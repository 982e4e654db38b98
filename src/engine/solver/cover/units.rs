//! Units: students who must share a group, as one bit of a mask.
//!
//! Together lists make units, and so do the pins of one group: all of them are in that group. Units that must not meet (apart
//! lists, pins of different groups) know each other by a mask, so that labels matter only when a finished cover is numbered.

use crate::goals::Objective;
use crate::solver::atoms::Atoms;
use std::ops::{BitAnd, BitOr, Not};

/// A set of units.
pub(in crate::solver) trait Mask:
    Copy + Ord + Default + Send + Sync + BitAnd<Output = Self> + BitOr<Output = Self> + Not<Output = Self>
{
    /// Units that it has room for.
    const ROOM: usize;
    /// The set of one unit.
    fn of(unit: usize) -> Self;
    /// The first unit; the set must not be empty.
    fn first(self) -> usize;
    /// Number of units.
    fn count(self) -> u32;
    /// Whether the sets share no unit.
    #[inline]
    fn misses(self, other: Self) -> bool {
        self & other == Self::default()
    }
    /// The units in ascending order.
    fn iter(self) -> impl Iterator<Item = usize> {
        let mut left = self;
        std::iter::from_fn(move || {
            (left != Self::default()).then(|| {
                let unit = left.first();
                left = left & !Self::of(unit);
                unit
            })
        })
    }
}

impl Mask for u64 {
    const ROOM: usize = 64;
    #[inline]
    fn of(unit: usize) -> Self {
        1 << unit
    }
    #[inline]
    fn first(self) -> usize {
        self.trailing_zeros() as usize
    }
    #[inline]
    fn count(self) -> u32 {
        self.count_ones()
    }
}

impl Mask for u128 {
    const ROOM: usize = 128;
    #[inline]
    fn of(unit: usize) -> Self {
        1 << unit
    }
    #[inline]
    fn first(self) -> usize {
        self.trailing_zeros() as usize
    }
    #[inline]
    fn count(self) -> u32 {
        self.count_ones()
    }
}

/// The units of a problem.
#[derive(Clone, Debug)]
pub(in crate::solver) struct Units<M> {
    /// Students of each unit.
    pub students: Vec<Vec<usize>>,
    /// Group that a unit is pinned to.
    pub pin: Vec<Option<usize>>,
    /// Units that must not share a group with each unit.
    pub foes: Vec<M>,
}

impl<M: Mask> Units<M> {
    /// None where there are too many for the mask, or where one unit is at odds with itself.
    pub(in crate::solver) fn new(objective: &Objective, atoms: &Atoms) -> Option<Self> {
        let mut units = Self { students: Vec::new(), pin: Vec::new(), foes: Vec::new() };
        for atom in &atoms.list {
            if let Some(unit) = atom.pin.and_then(|pin| units.pin.iter().position(|other| *other == Some(pin))) {
                units.students[unit].extend(&atom.students);
            } else {
                units.students.push(atom.students.clone());
                units.pin.push(atom.pin);
            }
        }
        if units.students.len() > M::ROOM {
            return None;
        }
        let mut of = vec![0; objective.students];
        for (unit, students) in units.students.iter().enumerate() {
            for &s in students {
                of[s] = unit;
            }
        }
        units.foes = vec![M::default(); units.students.len()];
        for (s, foes) in objective.apart.iter().enumerate() {
            for &t in foes {
                units.foes[of[s]] = units.foes[of[s]] | M::of(of[t]);
            }
        }
        let pinned: Vec<usize> = (0..units.pin.len()).filter(|&u| units.pin[u].is_some()).collect();
        for &u in &pinned {
            pinned.iter().filter(|&&v| v != u).for_each(|&v| units.foes[u] = units.foes[u] | M::of(v));
        }
        let at_odds = units.foes.iter().enumerate().any(|(unit, foes)| !foes.misses(M::of(unit)));
        (!at_odds).then_some(units)
    }

    /// Whether no two units of a set are at odds; labels are at odds with nobody.
    pub(in crate::solver) fn at_peace(&self, set: M) -> bool {
        set.iter().all(|unit| self.foes.get(unit).is_none_or(|foes| foes.misses(set)))
    }

    /// All units.
    pub(in crate::solver) fn all(&self) -> M {
        (0..self.students.len()).fold(M::default(), |all, unit| all | M::of(unit))
    }

    /// Numbers the groups of a cover: by their labels or pins, the others in order.
    pub(in crate::solver) fn plan(&self, groups: &[M], students: usize) -> Vec<usize> {
        let of_bit = |bit: usize| self.pin.get(bit).map_or_else(|| bit.checked_sub(self.pin.len()), |pin| *pin);
        let pin = |set: M| set.iter().find_map(of_bit);
        let taken: Vec<usize> = groups.iter().filter_map(|&set| pin(set)).collect();
        let mut free = (0..groups.len()).filter(|group| !taken.contains(group));
        let mut group_of = vec![0; students];
        for &set in groups {
            let group = pin(set).or_else(|| free.next()).unwrap_or(0);
            set.iter().filter_map(|unit| self.students.get(unit)).flatten().for_each(|&s| group_of[s] = group);
        }
        group_of
    }
}
