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
    pub list: Vec<Bucket>,
    /// `lanes[l][i]`: weighted sum of lane l in subset i.
    pub lanes: Vec<Vec<T>>,
    /// Sum of all lanes of each subset; ascending inside a bucket.
    pub pivots: Vec<T>,
    /// The atoms of each subset.
    pub masks: Vec<u64>,
}

impl<T: Lane> Buckets<T> {
    /// Sorts subsets by their counts, then by the sum of their lanes.
    pub(super) fn sort(subsets: &Subsets, layout: &Layout) -> Self {
        let (counts, marks) = subsets.sums.split_at(layout.counts.len());
        let keys = keys(counts, subsets.len());
        let pivot = |i: usize| marks.iter().zip(&layout.lanes).map(|(sums, (_, weight))| weight * sums[i]).sum::<i64>();
        let mut order: Vec<(u64, i64, usize)> =
            keys.into_iter().enumerate().map(|(i, key)| (key, pivot(i), i)).collect();
        order.sort_unstable();
        let mut buckets: Vec<Bucket> = Vec::new();
        let mut last = None;
        for (position, &(key, _, i)) in order.iter().enumerate() {
            match buckets.last_mut() {
                Some(bucket) if last == Some(key) => bucket.range.end += 1,
                _ => {
                    let key = counts.iter().map(|sums| sums[i]).collect();
                    buckets.push(Bucket { key, range: position..position + 1 });
                }
            }
            last = Some(key);
        }
        let lane = |(sums, (_, weight)): (&Vec<i64>, &(usize, i64))| {
            order.iter().map(|&(.., i)| T::of(weight * sums[i])).collect()
        };
        Self {
            list: buckets,
            lanes: marks.iter().zip(&layout.lanes).map(lane).collect(),
            pivots: order.iter().map(|&(_, pivot, _)| T::of(pivot)).collect(),
            masks: order.iter().map(|&(.., i)| subsets.masks[i]).collect(),
        }
    }

    /// Length of the longest bucket.
    pub fn longest(&self) -> usize {
        self.list.iter().map(|bucket| bucket.range.len()).max().unwrap_or(0)
    }

    /// The subsets of a bucket that may price within `limit`, where the first group's sum of lanes is `start` plus theirs.
    /// Σ over lanes of abs(d) + abs(total − d) is at least the same of the sums of lanes.
    #[inline]
    pub fn window(&self, range: Range<usize>, start: T, total: T, limit: i64) -> Range<usize> {
        let (start, total) = (start.whole(), total.whole());
        // abs(d) + abs(total − d) ≤ limit means that 2·d lies within limit of total.
        let (low, high) = (total.saturating_sub(limit), total.saturating_add(limit));
        let list = &self.pivots[range.clone()];
        let from = list.partition_point(|pivot| 2 * (start + pivot.whole()) < low);
        let until = from + list[from..].partition_point(|pivot| 2 * (start + pivot.whole()) <= high);
        range.start + from..range.start + until
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

/// A number for each subset, equal for equal counts and no others: mixed radix over the range of each count.
fn keys(counts: &[Vec<i64>], subsets: usize) -> Vec<u64> {
    let mut keys = vec![0_u64; subsets];
    for sums in counts {
        let low = sums.iter().copied().min().unwrap_or(0);
        let mut values: Vec<i64> = sums.clone();
        values.sort_unstable();
        values.dedup();
        if values.len() < 2 {
            continue;
        }
        // Few values, far apart: number them, so that the radix stays small.
        let dense = |sum: i64| values.iter().position(|&value| value == sum).unwrap_or_default() as u64;
        let step = values.windows(2).map(|pair| pair[1] - pair[0]).fold(0, crate::model::ratio::gcd);
        let radix = values.len() as u64;
        let regular = values.last().is_some_and(|high| (high - low) / step + 1 == radix as i64);
        for (key, &sum) in keys.iter_mut().zip(sums) {
            let digit = if regular { ((sum - low) / step) as u64 } else { dense(sum) };
            *key = key.wrapping_mul(radix).wrapping_add(digit);
        }
    }
    keys
}
