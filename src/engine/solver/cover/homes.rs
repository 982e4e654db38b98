//! Keep mode: groups that are last semester's but for a few students.
//!
//! Moves depend on which group is which, so groups carry labels here: the bit of a label lies behind the units' bits, and a cover
//! covers every label once. A group costs its strangers, the students whose home is another group. Those who left it are
//! strangers elsewhere, so strangers and leavers together are within the budget: hardly any group is, and all are written down.

use super::lanes::Sizes;
use super::units::{Mask, Units};
use crate::goals::{Objective, Whole};
use crate::solver::stop::Stop;

/// Steps between two looks at the clock.
const CLOCK: u64 = 1 << 16;

/// Last semester's groups.
#[derive(Clone, Debug)]
pub(in crate::solver) struct Homes {
    /// Index of the level of moves among the cover's, and what a move costs there.
    pub level: usize,
    price: i64,
    /// Students of each unit.
    sizes: Vec<usize>,
    /// Students of each unit at home in each group: `at_home[group][unit]`.
    at_home: Vec<Vec<usize>>,
    /// Students of each unit who had a group.
    had: Vec<usize>,
}

/// Where a level asks for last semester's groups.
pub(in crate::solver) enum Keeping {
    /// Nowhere.
    No,
    /// Above the level to be proved.
    Above(Homes),
    /// On the level itself, or in the company of other goals: not the cover's.
    Beyond,
}

impl Keeping {
    /// Looks for goal moves down to level `at`.
    pub(in crate::solver) fn of<M: Mask>(objective: &Objective, at: usize, units: &Units<M>, groups: usize) -> Self {
        let asks = |goal: &&crate::goals::Goal| goal.at <= at && matches!(goal.parts.whole, Whole::Moves { .. });
        let Some(goal) = objective.goals.iter().find(asks) else { return Self::No };
        let Whole::Moves { homes } = &goal.parts.whole else { return Self::No };
        let in_company = objective.goals.iter().filter(|other| other.at == goal.at).count() > 1;
        if goal.at == at || in_company {
            return Self::Beyond;
        }
        let count =
            |unit: &Vec<usize>, is: &dyn Fn(usize) -> bool| unit.iter().filter(|&&s| homes[s].is_some_and(is)).count();
        Self::Above(Homes {
            level: at - goal.at,
            price: goal.multiplier,
            sizes: units.students.iter().map(Vec::len).collect(),
            at_home: (0..groups)
                .map(|g| units.students.iter().map(|unit| count(unit, &|home| home == g)).collect())
                .collect(),
            had: units.students.iter().map(|unit| count(unit, &|_| true)).collect(),
        })
    }
}

impl Homes {
    /// What the strangers of a labelled group cost.
    pub(in crate::solver) fn cost<M: Mask>(&self, set: M) -> i64 {
        let units = self.sizes.len();
        let Some(label) = set.iter().find_map(|bit| bit.checked_sub(units)) else { return 0 };
        let strangers = |unit: usize| self.had[unit] - self.at_home[label][unit];
        self.price * set.iter().take_while(|&bit| bit < units).map(strangers).sum::<usize>() as i64
    }

    /// All labels.
    pub(in crate::solver) fn labels<M: Mask>(&self) -> M {
        (0..self.at_home.len()).fold(M::default(), |all, label| all | M::of(self.sizes.len() + label))
    }

    /// All groups with a label within the budget, with the work left; none if there are more than the room allows.
    pub(in crate::solver) fn around<M: Mask>(
        &self,
        label: usize,
        budget: i64,
        units: &Units<M>,
        sizes: Sizes,
        room: Room<'_>,
    ) -> Option<(Vec<(M, u8)>, u64)> {
        let foreign = |unit: usize| self.had[unit] - self.at_home[label][unit];
        let allowed = |unit: &usize| units.pin[*unit].is_none_or(|pin| pin == label);
        let mut order: Vec<usize> = (0..self.sizes.len()).filter(allowed).collect();
        // Those at home first: the budget is spent early.
        order.sort_by_key(|&unit| (std::cmp::Reverse(self.at_home[label][unit]), foreign(unit)));
        let missing: usize =
            (0..self.sizes.len()).filter(|unit| !allowed(unit)).map(|unit| self.at_home[label][unit]).sum();
        let mut ahead = vec![0; order.len() + 1];
        for (i, &unit) in order.iter().enumerate().rev() {
            ahead[i] = ahead[i + 1] + self.sizes[unit];
        }
        let budget = usize::try_from(budget / self.price.max(1)).ok()?;
        let Some(moves) = budget.checked_sub(missing) else { return Some((Vec::new(), room.work)) };
        let mut circle = Circle {
            homes: self,
            label,
            units,
            order,
            ahead,
            smallest: sizes.small,
            largest: sizes.small + usize::from(sizes.large > 0),
            found: Vec::new(),
            room,
        };
        circle.extend(0, (M::default(), M::default()), 0, moves)?;
        let left = circle.room.work;
        let bit = M::of(self.sizes.len() + label);
        let labelled = circle.found.into_iter().map(|(set, size)| (set | bit, u8::from(size > sizes.small)));
        Some((labelled.collect(), left))
    }
}

/// What may be written down.
pub(in crate::solver) struct Room<'a> {
    /// Most groups.
    pub most: usize,
    /// Steps.
    pub work: u64,
    /// The clock.
    pub stop: &'a Stop,
}

/// The groups around one home, written down unit by unit.
struct Circle<'a, M> {
    homes: &'a Homes,
    label: usize,
    units: &'a Units<M>,
    order: Vec<usize>,
    /// Students from each place of the order on.
    ahead: Vec<usize>,
    smallest: usize,
    largest: usize,
    found: Vec<(M, usize)>,
    room: Room<'a>,
}

impl<M: Mask> Circle<'_, M> {
    /// Takes or leaves the units from place `i` on; `state` is the set so far and its foes. None once a limit is passed.
    fn extend(&mut self, i: usize, state: (M, M), size: usize, moves: usize) -> Option<()> {
        if size > self.largest || size + self.ahead[i] < self.smallest {
            return Some(());
        }
        self.room.work = self.room.work.checked_sub(1)?;
        if self.room.work.is_multiple_of(CLOCK) && self.room.stop.reached().is_some() {
            return None;
        }
        let Some(&unit) = self.order.get(i) else {
            self.found.push((state.0, size));
            return (self.found.len() <= self.room.most).then_some(());
        };
        let at_home = self.homes.at_home[self.label][unit];
        let foreign = self.homes.had[unit] - at_home;
        let bit = M::of(unit);
        if foreign <= moves && state.1.misses(bit) {
            let with = (state.0 | bit, state.1 | self.units.foes[unit]);
            self.extend(i + 1, with, size + self.homes.sizes[unit], moves - foreign)?;
        }
        if at_home <= moves && self.units.pin[unit].is_none() {
            self.extend(i + 1, state, size, moves - at_home)?;
        }
        Some(())
    }
}
