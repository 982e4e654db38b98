//! Invented instances of maximally diverse grouping in MDGPLIB's text: its three families, of any size.

use super::random::{Aspect, Stream};
use std::fmt::Write;

/// How distances come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Between random points of 2 to 21 coordinates in 0 to 100: Euclidean.
    Geo,
    /// Uniform in 0 to 100, in steps of 0.001.
    RanReal,
    /// Whole numbers, uniform in 0 to 100.
    RanInt,
}

/// What limits the sizes of groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sizes {
    /// Equal, to within one.
    Equal,
    /// Lower limits from three quarters of the mean to the mean, upper limits from there to five quarters.
    Between,
}

/// What an instance is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MdgpSpec {
    /// How distances come about.
    pub family: Family,
    /// Number of elements, 2 to [`MAX_ELEMENTS`](crate::problem::distances::MAX_ELEMENTS).
    pub elements: usize,
    /// Number of groups, 1 to `elements` and [`MAX_GROUPS`](crate::problem::distances::MAX_GROUPS).
    pub groups: usize,
    /// What limits the sizes of groups.
    pub sizes: Sizes,
    /// Another seed, another instance.
    pub seed: u64,
}

/// An instance as text: the line of limits, then a line for every pair.
#[must_use]
pub fn mdgp_text(spec: &MdgpSpec) -> String {
    let mut text = head(spec);
    let mut numbers = Stream::new(spec.seed, Aspect::Distance);
    let coordinates = 2 + numbers.below(20);
    let points: Vec<Vec<usize>> = match spec.family {
        Family::Geo => (0..spec.elements).map(|_| (0..coordinates).map(|_| numbers.below(100_001)).collect()).collect(),
        Family::RanReal | Family::RanInt => Vec::new(),
    };
    for i in 0..spec.elements {
        for j in i + 1..spec.elements {
            let thousandths = match spec.family {
                Family::Geo => {
                    let squares = points[i].iter().zip(&points[j]).map(|(a, b)| a.abs_diff(*b).pow(2));
                    squares.sum::<usize>().isqrt()
                }
                Family::RanReal => numbers.below(100_001),
                Family::RanInt => 1000 * numbers.below(101),
            };
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{i} {j} {}.{:03}", thousandths / 1000, thousandths % 1000);
        }
    }
    text
}

/// The first line.
fn head(spec: &MdgpSpec) -> String {
    let mut numbers = Stream::new(spec.seed, Aspect::GroupSize);
    let (floor, larger) = (spec.elements / spec.groups, spec.elements % spec.groups);
    let (kind, room) = if spec.sizes == Sizes::Equal { ("ss", 0) } else { ("ds", floor / 4) };
    let mut text = format!("{} {} {kind}", spec.elements, spec.groups);
    for group in 0..spec.groups {
        let size = floor + usize::from(group < larger);
        let (low, high) = (size - numbers.below(room + 1), size + numbers.below(room + 1));
        let _ = write!(text, " {low} {high}");
    }
    text.push('\n');
    text
}
