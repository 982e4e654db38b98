//! Branching: which groups a node of the cover tries.
//!
//! Two ways to branch, whichever leaves fewer groups to try: over the groups of the student whom the fewest groups hold, or over
//! the cheapest group of what is still to be covered. The latter costs no more than what may still be spent, shared out evenly,
//! and the others come after it in the list, which is in order of cost. With many columns hardly any group is so cheap.

use super::list::Groups;
use super::stage::Stage;
use super::units::Mask;

/// Cheapest groups so few that no student is looked for who has fewer.
const FEW: usize = 4;
/// A student held by fewer groups than so many times the cheapest ones is branched on: scarcity grows from node to node.
const SCARCE: usize = 2;

/// How the groups to try are chosen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    /// There are none.
    None,
    /// The list up to here: one of these is the cheapest group of every cover.
    Cheapest(usize),
    /// The groups that hold this unit.
    Student(usize),
}

impl<M: Mask> Stage<M> {
    /// How to branch, with a value of at most `limit` wanted of `groups_left` groups.
    pub(super) fn way(&self, groups: &Groups<M>, limit: i64, groups_left: usize, left: M) -> Way {
        if groups_left == 2 {
            return Way::Student(left.first());
        }
        if self.shares(groups, limit, left) > limit {
            return Way::None;
        }
        let cheap = self.cheap(limit, groups_left);
        let end = self.list.partition_point(|&group| groups.costs(group as usize)[0] <= cheap);
        if end <= FEW {
            return if end == 0 { Way::None } else { Way::Cheapest(end) };
        }
        match rarest(&self.masks, left) {
            None => Way::None,
            Some((unit, count)) if count < SCARCE * end => Way::Student(unit),
            Some(_) => Way::Cheapest(end),
        }
    }

    /// The most that the cheapest of the groups that are left may cost.
    pub(super) fn cheap(&self, limit: i64, groups_left: usize) -> i64 {
        (limit - self.spent[0]).div_euclid(groups_left as i64)
    }

    /// Spent, and each unit's least share of the cost of a group that holds it: a feasible dual of the covering LP. Shares are
    /// those of the widest group, so that they are in the order of the list. A unit that no group holds makes it infinite.
    fn shares(&self, groups: &Groups<M>, limit: i64, left: M) -> i64 {
        // Fractions of a unit of cost, where there is room for them: what is listed costs no more than the limit.
        let part = if limit < 1 << 40 { 1 << 12 } else { 1 };
        let mut left = left;
        let mut sum = 0;
        for (&group, &mask) in self.list.iter().zip(&self.masks) {
            let new = mask & left;
            if new != M::default() {
                let share = groups.costs(group as usize)[0] * part / i64::from(groups.widest);
                sum += share * i64::from(new.count());
                left = left & !new;
                if left == M::default() {
                    return self.spent[0] + (sum + part - 1) / part;
                }
            }
        }
        i64::MAX
    }
}

/// The unit of `left` that the fewest groups of the list hold, with their number; none if one has none. Counted in bit planes.
fn rarest<M: Mask>(masks: &[M], left: M) -> Option<(usize, usize)> {
    let mut planes = [M::default(); 32];
    let mut used = 0;
    for &mask in masks {
        let mut carry = mask;
        let mut plane = 0;
        while carry != M::default() {
            let both = planes[plane] & carry;
            planes[plane] = (planes[plane] | carry) & !both;
            carry = both;
            plane += 1;
        }
        used = used.max(plane);
    }
    // From the highest plane down, keep the units with the smaller digit.
    let mut fewest = left;
    let mut count = 0;
    for plane in planes[..used].iter().rev() {
        let zero = fewest & !*plane;
        count = 2 * count + usize::from(zero == M::default());
        if zero != M::default() {
            fewest = zero;
        }
    }
    (count > 0 && fewest != M::default()).then(|| (fewest.first(), count))
}
