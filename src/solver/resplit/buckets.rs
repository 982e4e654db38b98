//! Subsets sorted into buckets of equal counts, their marks in lanes.

use super::Layout;
use super::cells::Subsets;
use std::ops::{Add, Range, Sub};

/// A whole number of a lane: 32 bits where all sums fit, else 64.
pub trait Lane: Copy + Ord + Add<Output = Self> + Sub<Output = Self> + std::ops::AddAssign {
    /// From 64 bits; the layout has made sure that it fits.
    fn of(x: i64) -> Self;
    /// To 64 bits.
    fn whole(self) -> i64;
    /// Absolute value.
    fn size(self) -> Self;
}

impl Lane for i32 {
    #[inline]
    fn of(x: i64) -> Self {
        x as i32
    }
    #[inline]
    fn whole(self) -> i64 {
        i64::from(self)
    }
    #[inline]
    fn size(self) -> Self {
        self.wrapping_abs()
    }
}

impl Lane for i64 {
    #[inline]
    fn of(x: i64) -> Self {
        x
    }
    #[inline]
    fn whole(self) -> i64 {
        self
    }
    #[inline]
    fn size(self) -> Self {
        self.wrapping_abs()
    }
}

/// Subsets with the same counts.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Sum of each counted term.
    pub key: Vec<i64>,
    /// The subsets.
    pub range: Range<usize>,
}

/// Subsets in buckets.
#[derive(Clone, Debug)]
pub struct Buckets<T> {
    /// One entry a distinct key.
    pub buckets: Vec<Bucket>,
    /// `lanes[l][i]`: weighted sum of lane l in subset i.
    pub lanes: Vec<Vec<T>>,
    /// The atoms of each subset.
    pub masks: Vec<u64>,
}

impl<T: Lane> Buckets<T> {
    /// Sorts subsets by their counts.
    pub(super) fn sort(subsets: Subsets, layout: &Layout) -> Self {
        let counts: Vec<&Vec<i64>> = layout.counts.iter().map(|(f, ..)| &subsets.sums[*f]).collect();
        let mut order: Vec<usize> = (0..subsets.len()).collect();
        let compare = |x: &usize, y: &usize| {
            counts.iter().map(|sums| sums[*x].cmp(&sums[*y])).find(|o| o.is_ne()).unwrap_or(x.cmp(y))
        };
        order.sort_unstable_by(compare);
        let mut buckets: Vec<Bucket> = Vec::new();
        for (position, &i) in order.iter().enumerate() {
            match buckets.last_mut() {
                Some(last) if last.key.iter().zip(&counts).all(|(key, sums)| *key == sums[i]) => last.range.end += 1,
                _ => {
                    let key = counts.iter().map(|sums| sums[i]).collect();
                    buckets.push(Bucket { key, range: position..position + 1 });
                }
            }
        }
        let lane = |(f, weight): &(usize, i64)| order.iter().map(|&i| T::of(weight * subsets.sums[*f][i])).collect();
        Self {
            buckets,
            lanes: layout.lanes.iter().map(lane).collect(),
            masks: order.iter().map(|&i| subsets.masks[i]).collect(),
        }
    }

    /// Length of the longest bucket.
    pub fn longest(&self) -> usize {
        self.buckets.iter().map(|bucket| bucket.range.len()).max().unwrap_or(0)
    }

    /// `prices[j]` = Σ over lanes of abs(d) + abs(total − d), d = start + subset j's sum.
    #[inline]
    pub fn price(&self, range: Range<usize>, starts: impl Iterator<Item = T>, totals: &[T], prices: &mut [T]) {
        prices.fill(T::of(0));
        for ((lane, start), &total) in self.lanes.iter().zip(starts).zip(totals) {
            for (price, &sum) in prices.iter_mut().zip(&lane[range.clone()]) {
                let d = start + sum;
                *price += d.size() + (total - d).size();
            }
        }
    }
}
