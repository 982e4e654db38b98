//! Rows in the order of a k-d tree, and which of them a row may usefully be swapped with.
//!
//! Equal rows are one point of the tree, a *value*: so the nearest of a row are different from it however many equals it has.

use super::tree::Tree;
use rand::{Rng, RngExt};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

/// Nearest values that a row is tried with.
const NEAR: usize = 8;

/// Rows by value.
#[derive(Clone, Debug)]
pub(super) struct Partners {
    tree: Tree,
    /// Which row given stands at each place: rows of one value stand together, values in the tree's order.
    pub(super) order: Vec<u32>,
    /// Value of the row at each place.
    value_of: Vec<u32>,
    /// Place of the first row of each value, and the end.
    first: Vec<u32>,
    /// Values near each.
    pub(super) count: usize,
}

impl Partners {
    /// Partners among rows of so many columns.
    pub(super) fn new(rows: &[f64], columns: usize) -> Self {
        let (values, of_row) = values(rows, columns);
        let tree = Tree::new(&values, columns);
        let mut place = vec![0; tree.order.len()];
        tree.order.iter().enumerate().for_each(|(at, &value)| place[value as usize] = at as u32);
        let mut order: Vec<u32> = (0..of_row.len() as u32).collect();
        order.sort_unstable_by_key(|&row| (place[of_row[row as usize] as usize], row));
        let value_of: Vec<u32> = order.iter().map(|&row| place[of_row[row as usize] as usize]).collect();
        let mut first = vec![0; place.len() + 1];
        for &value in &value_of {
            first[value as usize + 1] += 1;
        }
        for value in 0..place.len() {
            first[value + 1] += first[value];
        }
        let count = NEAR.min(place.len() - 1);
        Self { tree, order, value_of, first, count }
    }

    /// Number of different values.
    pub(super) fn values(&self) -> usize {
        self.first.len() - 1
    }

    /// The place of any row of a value.
    pub(super) fn any(&self, value: usize, rng: &mut impl Rng) -> usize {
        let (from, to) = (self.first[value], self.first[value + 1]);
        if to == from + 1 { from as usize } else { rng.random_range(from..to) as usize }
    }
}

/// The nearest values of each value, found when they are first asked for.
pub(super) struct Near<'p> {
    pub(super) partners: &'p Partners,
    /// `near[v * count + i]`.
    near: Vec<u32>,
}

/// Not found yet.
const UNKNOWN: u32 = u32::MAX;

impl<'p> Near<'p> {
    pub(super) fn new(partners: &'p Partners) -> Self {
        Self { partners, near: vec![UNKNOWN; partners.values() * partners.count] }
    }

    /// Values near the row at a place.
    pub(super) fn of(&mut self, place: usize) -> &[u32] {
        let Partners { tree, value_of, count, .. } = self.partners;
        let value = value_of[place] as usize;
        let here = value * count..(value + 1) * count;
        if self.near[here.start] == UNKNOWN {
            let found = tree.nearest(tree.point(value), count + 1).into_iter().filter(|&other| other != value);
            self.near[here.clone()].iter_mut().zip(found).for_each(|(near, other)| *near = other as u32);
        }
        &self.near[here]
    }
}

/// Different values among rows, and which of them each row has.
fn values(rows: &[f64], columns: usize) -> (Vec<f64>, Vec<u32>) {
    let mut numbers: HashMap<Key<'_>, u32> = HashMap::new();
    let mut values = Vec::new();
    let number = |row| {
        let next = numbers.len() as u32;
        *numbers.entry(Key(row)).or_insert_with(|| {
            values.extend_from_slice(row);
            next
        })
    };
    let of_row = rows.chunks_exact(columns).map(number).collect();
    (values, of_row)
}

/// A row, equal to another bit by bit.
struct Key<'r>(&'r [f64]);

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0.iter().zip(other.0).all(|(a, b)| a.to_bits() == b.to_bits())
    }
}

impl Eq for Key<'_> {}

impl Hash for Key<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.iter().for_each(|value| value.to_bits().hash(state));
    }
}
