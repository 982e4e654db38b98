//! Distances as whole numbers, laid out for the inner loop.

use crate::problem::distances::Instance;

/// Numbers looked at together.
pub(super) const LANES: usize = 8;

/// Room for sums: a gain adds at most four sums of distances.
const ROOM: f64 = (1 << 29) as f64;
/// The most that distances are scaled up, as a power of two: beyond it numbers end.
const FINEST: f64 = 1000.0;

/// A symmetric matrix of whole numbers: distances times a power of two, rounded. Sums of them never drift, and distances that
/// are whole stay exact.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Number of elements n.
    pub elements: usize,
    /// Length of a row: n rounded up to whole lanes.
    pub stride: usize,
    /// `cells[i * stride + j]`; 0 beyond the elements.
    pub cells: Vec<i32>,
    /// What a distance of 1 counts.
    pub scale: f64,
}

impl Matrix {
    /// The matrix of an instance, as fine as sums over its largest group allow.
    #[must_use]
    pub fn new(instance: &Instance) -> Self {
        let n = instance.elements;
        let stride = n.next_multiple_of(LANES);
        let largest = instance.distances.iter().fold(0.0_f64, |most, distance| most.max(distance.abs()));
        let size = instance.limits.iter().map(|limit| limit.1.min(n)).max().unwrap_or(n);
        let scale = if largest > 0.0 {
            (ROOM / (4.0 * largest * (size + 1) as f64)).log2().floor().min(FINEST).exp2()
        } else {
            1.0
        };
        let mut cells = vec![0; n * stride];
        for (row, distances) in cells.chunks_exact_mut(stride).zip(instance.distances.chunks_exact(n)) {
            for (cell, distance) in row.iter_mut().zip(distances) {
                *cell = (distance * scale).round() as i32;
            }
        }
        Self { elements: n, stride, cells, scale }
    }

    /// Distances of one element to all.
    #[must_use]
    pub fn row(&self, i: usize) -> &[i32] {
        &self.cells[i * self.stride..(i + 1) * self.stride]
    }
}
