//! The kernel: one element against all others, swaps accepted by Metropolis' rule.
//!
//! At the temperatures that matter one swap in a hundred or fewer is accepted, so nearly all the work is looking. Random numbers
//! are drawn beforehand: a table of ln(u) in random order, times the temperature, gives every swap of a row the loss it is
//! allowed, and a swap is one comparison of whole numbers.

use super::groups::Groups;
use super::matrix::LANES;
use crate::problem::distances::MAX_GROUPS;
use rand::{Rng, RngExt};

/// Random numbers in the table.
const TABLE: usize = 4096;

/// A gain that is never accepted, and the largest loss that may be; apart by more than any distance.
const NEVER: i32 = -(1 << 30);
const LARGEST_LOSS: f64 = (1 << 28) as f64;

/// Allowed losses and counters.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// ln(u), u uniform in (0, 1), in random order; the beginning again at the end, so that a row may start anywhere.
    logarithms: Vec<f32>,
    /// `logarithms` times the temperature.
    losses: Vec<i32>,
    /// What an element gains in each group over its own; as long as a group number may be, so that no index is out of it.
    toward: Box<[i32; MAX_GROUPS + 1]>,
    /// Smallest and largest size of each group, where elements may also move by themselves.
    pub limits: Option<Vec<(usize, usize)>>,
    /// Rows looked at.
    pub rows: u64,
    /// Swaps accepted.
    pub swaps: u64,
}

impl Sweep {
    /// For so many elements and groups.
    #[must_use]
    pub fn new(stride: usize, groups: usize, rng: &mut impl Rng) -> Self {
        let mut table: Vec<f32> = (0..TABLE).map(|k| ((k as f64 + 0.5) / TABLE as f64).ln() as f32).collect();
        for k in (1..TABLE).rev() {
            table.swap(k, rng.random_range(0..=k));
        }
        let logarithms: Vec<f32> = table.iter().copied().cycle().take(TABLE + stride.max(groups)).collect();
        let losses = vec![0; logarithms.len()];
        Self { logarithms, losses, toward: Box::new([NEVER; MAX_GROUPS + 1]), limits: None, rows: 0, swaps: 0 }
    }

    /// Sets the temperature, in units of the matrix; at 0 only gains are accepted.
    pub fn heat(&mut self, temperature: f64) {
        for (loss, logarithm) in self.losses.iter_mut().zip(&self.logarithms) {
            *loss = (f64::from(*logarithm) * temperature).max(-LARGEST_LOSS) as i32;
        }
    }

    /// Tries to swap element `i` with every other, one after the other, and then to move it.
    pub fn row(&mut self, groups: &mut Groups<'_>, i: usize, rng: &mut impl Rng) {
        let at = rng.random_range(0..TABLE);
        let mut from = 0;
        while let Some((j, gain)) = self.next_swap(groups, i, from, at) {
            groups.swap(i, j, gain);
            self.swaps += 1;
            from = j + 1;
        }
        if let Some(limits) = &self.limits
            && let Some((to, gain)) = next_group(groups, i, limits, &self.losses[at..])
        {
            groups.insert(i, to, gain);
        }
        self.rows += 1;
    }

    /// The next element from `from` on with which `i` is to swap.
    #[inline]
    fn next_swap(&mut self, groups: &Groups<'_>, i: usize, from: usize, at: usize) -> Option<(usize, i32)> {
        let stride = groups.matrix.stride;
        let own_group = groups.group_of[i] as usize;
        let own = groups.own[i];
        for (toward, reach) in self.toward.iter_mut().zip(groups.reach.chunks_exact(stride)) {
            *toward = reach[i] - own;
        }
        self.toward[own_group] = NEVER;
        let reach = &groups.reach[own_group * stride..][..stride];
        let distances = groups.matrix.row(i);
        let losses = &self.losses[at..at + stride];
        for lane in from / LANES..stride / LANES {
            let here = lane * LANES..(lane + 1) * LANES;
            let (reach, own, distances) = (&reach[here.clone()], &groups.own[here.clone()], &distances[here.clone()]);
            let (group_of, losses) = (&groups.group_of[here.clone()], &losses[here]);
            let mut gains = [0; LANES];
            for k in 0..LANES {
                gains[k] = self.toward[group_of[k] as usize % (MAX_GROUPS + 1)];
            }
            // Loss less gain is negative where the swap is accepted: one test of the signs for all lanes.
            let mut signs = 0;
            for k in 0..LANES {
                gains[k] += reach[k] - own[k] - 2 * distances[k];
                signs |= losses[k] - gains[k];
            }
            if signs < 0 {
                let first = if lane == from / LANES { from % LANES } else { 0 };
                if let Some(k) = (first..LANES).find(|&k| gains[k] > losses[k]) {
                    return Some((lane * LANES + k, gains[k]));
                }
            }
        }
        None
    }
}

/// The first group to which `i` is to move, within the limits.
fn next_group(groups: &Groups<'_>, i: usize, limits: &[(usize, usize)], losses: &[i32]) -> Option<(usize, i32)> {
    let from = groups.group_of[i] as usize;
    if groups.members[from].len() <= limits[from].0 {
        return None;
    }
    let open = |&to: &usize| to != from && groups.members[to].len() < limits[to].1;
    (0..limits.len())
        .filter(open)
        .map(|to| (to, groups.reach[to * groups.matrix.stride + i] - groups.own[i]))
        .find(|&(to, gain)| gain > losses[to])
}
