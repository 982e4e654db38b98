//! A stage: what is left and what is spent at one depth of the cover.

use super::gauge::Gauge;
use super::lanes::{Lanes, Sizes};
use super::units::Mask;

/// Sums and costs of what is left and spent at a depth.
#[derive(Clone, Debug)]
pub(super) struct Stage<M> {
    /// Listed groups that are still possible.
    pub list: Vec<u32>,
    /// The units of each, side by side for the scans.
    pub masks: Vec<M>,
    /// The bound of each; empty where it is not known yet.
    pub bounds: Vec<i64>,
    /// F of what is left after one more small or large group.
    pub gauges: [Gauge; 2],
    /// Groups to try.
    pub picks: Vec<Pick>,
    /// Sums of the students who are left.
    pub sums: Vec<i32>,
    /// Spent on each level.
    pub spent: Vec<i64>,
}

impl<M: Mask> Stage<M> {
    /// Nothing yet.
    pub(super) fn new() -> Self {
        Self {
            list: Vec::new(),
            masks: Vec::new(),
            bounds: Vec::new(),
            gauges: [Gauge::default(), Gauge::default()],
            picks: Vec::new(),
            sums: Vec::new(),
            spent: Vec::new(),
        }
    }

    /// Looks up F for both sizes of the next group.
    pub(super) fn gauge(&mut self, lanes: &Lanes, sizes: Sizes, groups_left: usize, students: usize) {
        for (large, gauge) in self.gauges.iter_mut().enumerate() {
            let left = students.checked_sub(sizes.small + large);
            let large_left = left.and_then(|left| sizes.large_among(groups_left - 1, left));
            gauge.set(lanes, large_left.map(|large| (groups_left - 1, large)), &self.sums, &self.spent);
        }
    }
}

/// A group to try, in order of bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pick {
    /// The least that the level can cost with it.
    pub bound: i64,
    /// Index of the group.
    pub group: u32,
    /// Where the groups that may follow begin in the list.
    pub follow: u32,
}
