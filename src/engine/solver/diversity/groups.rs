//! Groups under search: who is where, and the distance of every element to every group.
//!
//! With these sums a swap of i (group a) and j (group b) gains `reach[a][j] − own[j] + reach[b][i] − own[i] − 2·d(i,j)`, a
//! look at five numbers; carrying it out takes one pass over two rows of the matrix.

use super::matrix::Matrix;
use crate::problem::distances::MAX_GROUPS;

/// Group of the padding behind the last element: no element is ever in it.
pub(super) const NOBODY: u32 = MAX_GROUPS as u32;

/// A division of the elements into groups.
#[derive(Clone, Debug)]
pub struct Groups<'m> {
    /// The distances.
    pub matrix: &'m Matrix,
    /// Group of each element; padded.
    pub group_of: Vec<u32>,
    /// `reach[g * stride + i]`: summed distance of element i to the members of group g.
    pub reach: Vec<i32>,
    /// Summed distance of each element to its own group.
    pub own: Vec<i32>,
    /// Members of each group, in no order.
    pub members: Vec<Vec<u32>>,
    /// Place of each element among the members of its group.
    place: Vec<u32>,
    /// Twice the summed distance inside groups.
    pub doubled: i64,
}

impl<'m> Groups<'m> {
    /// All elements in the groups told.
    #[must_use]
    pub fn new(matrix: &'m Matrix, groups: usize, group_of: &[u32]) -> Self {
        let mut made = Self {
            matrix,
            group_of: vec![NOBODY; matrix.stride],
            reach: vec![0; groups * matrix.stride],
            own: vec![0; matrix.stride],
            members: vec![Vec::new(); groups],
            place: vec![0; matrix.elements],
            doubled: 0,
        };
        made.reset(group_of);
        made
    }

    /// Puts all elements into the groups told.
    pub fn reset(&mut self, group_of: &[u32]) {
        let (n, stride) = (self.matrix.elements, self.matrix.stride);
        self.group_of[..n].copy_from_slice(&group_of[..n]);
        self.reach.fill(0);
        self.members.iter_mut().for_each(Vec::clear);
        for (i, &group) in group_of[..n].iter().enumerate() {
            let members = &mut self.members[group as usize];
            self.place[i] = members.len() as u32;
            members.push(i as u32);
            let reach = &mut self.reach[group as usize * stride..][..stride];
            reach.iter_mut().zip(self.matrix.row(i)).for_each(|(sum, distance)| *sum += distance);
        }
        (0..self.members.len()).for_each(|group| self.look_up_own(group));
        self.doubled = self.own[..n].iter().map(|&own| i64::from(own)).sum();
    }

    /// The groups of all elements.
    #[must_use]
    pub fn plan(&self) -> &[u32] {
        &self.group_of[..self.matrix.elements]
    }

    /// What the swap of two elements of different groups gains.
    #[must_use]
    pub fn gain(&self, i: usize, j: usize) -> i32 {
        let stride = self.matrix.stride;
        let (a, b) = (self.group_of[i] as usize, self.group_of[j] as usize);
        self.reach[a * stride + j] - self.own[j] + self.reach[b * stride + i] - self.own[i] - 2 * self.matrix.row(i)[j]
    }

    /// Swaps two elements of different groups; `gain` is what that gains.
    pub fn swap(&mut self, i: usize, j: usize, gain: i32) {
        let matrix = self.matrix;
        let (a, b) = (self.group_of[i], self.group_of[j]);
        let (reach_a, reach_b) = two_rows(&mut self.reach, matrix.stride, a as usize, b as usize);
        let change = matrix.row(j).iter().zip(matrix.row(i)).map(|(of_j, of_i)| of_j - of_i);
        for ((sum_a, sum_b), change) in reach_a.iter_mut().zip(reach_b).zip(change) {
            *sum_a += change;
            *sum_b -= change;
        }
        self.members[a as usize][self.place[i] as usize] = j as u32;
        self.members[b as usize][self.place[j] as usize] = i as u32;
        self.place.swap(i, j);
        self.group_of.swap(i, j);
        self.doubled += 2 * i64::from(gain);
        self.look_up_own(a as usize);
        self.look_up_own(b as usize);
    }

    /// Moves an element to another group; `gain` is what that gains.
    pub fn insert(&mut self, i: usize, to: usize, gain: i32) {
        let matrix = self.matrix;
        let from = self.group_of[i] as usize;
        let (reach_from, reach_to) = two_rows(&mut self.reach, matrix.stride, from, to);
        for ((sum_from, sum_to), distance) in reach_from.iter_mut().zip(reach_to).zip(matrix.row(i)) {
            *sum_from -= distance;
            *sum_to += distance;
        }
        let place = self.place[i] as usize;
        self.members[from].swap_remove(place);
        if let Some(&moved) = self.members[from].get(place) {
            self.place[moved as usize] = place as u32;
        }
        self.place[i] = self.members[to].len() as u32;
        self.members[to].push(i as u32);
        self.group_of[i] = to as u32;
        self.doubled += 2 * i64::from(gain);
        self.look_up_own(from);
        self.look_up_own(to);
    }

    fn look_up_own(&mut self, group: usize) {
        let reach = &self.reach[group * self.matrix.stride..][..self.matrix.stride];
        for &member in &self.members[group] {
            self.own[member as usize] = reach[member as usize];
        }
    }
}

/// Two different rows of a table, in the order asked for.
fn two_rows(table: &mut [i32], stride: usize, a: usize, b: usize) -> (&mut [i32], &mut [i32]) {
    let (head, tail) = table.split_at_mut(a.max(b) * stride);
    let (low, high) = (&mut head[a.min(b) * stride..][..stride], &mut tail[..stride]);
    if a < b { (low, high) } else { (high, low) }
}
