//! Rows in groups with the sums of every group, and what a swap changes of Σ_g |s_g|² / n_g.

/// A division of centred rows.
#[derive(Clone, Debug)]
pub(super) struct Sums<'r> {
    /// `points[p * columns + c]`, centred.
    points: &'r [f64],
    columns: usize,
    pub(super) group_of: Vec<u32>,
    /// `of_groups[g * columns + c]`: sum of each group.
    of_groups: Vec<f64>,
    /// One over the size of each group.
    shares: Vec<f64>,
}

impl<'r> Sums<'r> {
    pub(super) fn new(points: &'r [f64], columns: usize, group_of: Vec<u32>, groups: usize) -> Self {
        let mut sizes = vec![0_u32; groups];
        for &group in &group_of {
            sizes[group as usize] += 1;
        }
        let shares = sizes.iter().map(|&size| 1.0 / f64::from(size.max(1))).collect();
        let mut made = Self { points, columns, group_of, of_groups: vec![0.0; groups * columns], shares };
        made.add_up();
        made
    }

    /// The same sizes, other members.
    pub(super) fn reset(&mut self, group_of: &[u32]) {
        self.group_of.copy_from_slice(group_of);
        self.add_up();
    }

    fn add_up(&mut self) {
        self.of_groups.fill(0.0);
        for (point, &group) in self.points.chunks_exact(self.columns).zip(&self.group_of) {
            let sums = &mut self.of_groups[group as usize * self.columns..][..self.columns];
            sums.iter_mut().zip(point).for_each(|(sum, value)| *sum += value);
        }
    }

    /// Between-group sum of squares.
    pub(super) fn between(&self) -> f64 {
        let squares = |sums: &[f64]| sums.iter().map(|sum| sum * sum).sum::<f64>();
        self.of_groups.chunks_exact(self.columns).zip(&self.shares).map(|(sums, share)| squares(sums) * share).sum()
    }

    /// Number of groups.
    pub(super) fn groups(&self) -> usize {
        self.shares.len()
    }

    pub(super) fn point(&self, p: usize) -> &'r [f64] {
        &self.points[p * self.columns..][..self.columns]
    }

    pub(super) fn sum(&self, group: usize) -> &[f64] {
        &self.of_groups[group * self.columns..][..self.columns]
    }

    pub(super) fn share(&self, group: usize) -> f64 {
        self.shares[group]
    }

    /// By how much the swap of two rows changes the between-group sum of squares.
    #[inline]
    pub(super) fn change(&self, p: usize, q: usize) -> f64 {
        let (a, b) = (self.group_of[p] as usize, self.group_of[q] as usize);
        let (share_a, share_b) = (self.shares[a], self.shares[b]);
        let (sums, points) = (self.sum(a).iter().zip(self.sum(b)), self.point(p).iter().zip(self.point(q)));
        let both = share_a + share_b;
        sums.zip(points)
            .map(|((in_a, in_b), (of_p, of_q))| {
                let step = of_q - of_p;
                step * (step * both + 2.0 * (in_a * share_a - in_b * share_b))
            })
            .sum()
    }

    /// Moves a row to another group, which must lose a row as well: sizes stay.
    pub(super) fn pass_on(&mut self, p: usize, to: usize) {
        let from = std::mem::replace(&mut self.group_of[p], to as u32) as usize;
        for (c, value) in self.point(p).iter().enumerate() {
            self.of_groups[from * self.columns + c] -= value;
            self.of_groups[to * self.columns + c] += value;
        }
    }

    /// Swaps two rows of different groups.
    pub(super) fn swap(&mut self, p: usize, q: usize) {
        let (a, b) = (self.group_of[p] as usize, self.group_of[q] as usize);
        for (c, (of_p, of_q)) in self.point(p).iter().zip(self.point(q)).enumerate() {
            self.of_groups[a * self.columns + c] += of_q - of_p;
            self.of_groups[b * self.columns + c] -= of_q - of_p;
        }
        self.group_of.swap(p, q);
    }
}
