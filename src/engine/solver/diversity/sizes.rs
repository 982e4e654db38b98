//! Sizes of groups that let most distance lie inside them.
//!
//! A pair inside a group adds its distance, and the larger a group, the better its members can be chosen: a group of n is worth
//! about mean·n(n−1)/2 + GAIN·σ·n^1.5, with mean and standard deviation σ of all distances. As that is convex, best are sizes
//! at their limits; which ones, a knapsack tells exactly.

use crate::problem::distances::Instance;

/// What choosing members well adds, in standard deviations: 1.2 to 1.5 on random distances after a good search.
const GAIN: f64 = 1.35;

/// Largest table, in steps of the knapsack; beyond it sizes are filled up greedily.
const MOST_STEPS: usize = 200_000_000;

/// A size for each group, within its limits, all elements placed.
#[must_use]
pub fn best(instance: &Instance) -> Vec<usize> {
    let worth = worth(instance);
    let wide = instance.limits.iter().map(|(low, high)| high.min(&instance.elements) - low + 1).sum::<usize>();
    if wide.saturating_mul(instance.elements) > MOST_STEPS { filled(instance) } else { knapsack(instance, &worth) }
}

/// Worth of a group of each size, 0 to n.
fn worth(instance: &Instance) -> Vec<f64> {
    let n = instance.elements;
    let cells = (n * n - n) as f64;
    let mean = instance.distances.iter().sum::<f64>() / cells;
    let squares = instance.distances.iter().map(|distance| distance * distance).sum::<f64>() / cells;
    let spread = (squares - mean * mean).max(0.0).sqrt();
    let of_size = |size: f64| mean * size * (size - 1.0) / 2.0 + GAIN * spread * size.powf(1.5);
    (0..=n).map(|size| of_size(size as f64)).collect()
}

/// The sizes worth most.
fn knapsack(instance: &Instance, worth: &[f64]) -> Vec<usize> {
    let n = instance.elements;
    let mut best = vec![f64::NEG_INFINITY; n + 1];
    best[0] = 0.0;
    // For each group: the size that leads best to each number of elements placed.
    let mut choices: Vec<Vec<u32>> = Vec::with_capacity(instance.limits.len());
    for &(low, high) in &instance.limits {
        let mut next = vec![f64::NEG_INFINITY; n + 1];
        let mut choice = vec![0; n + 1];
        for placed in (0..=n).filter(|&placed| best[placed].is_finite()) {
            for size in low..=high.min(n - placed) {
                let value = best[placed] + worth[size];
                if value > next[placed + size] {
                    next[placed + size] = value;
                    choice[placed + size] = size as u32;
                }
            }
        }
        best = next;
        choices.push(choice);
    }
    let mut left = n;
    let mut sizes: Vec<usize> = Vec::with_capacity(choices.len());
    for choice in choices.iter().rev() {
        let size = choice[left] as usize;
        sizes.push(size);
        left -= size;
    }
    sizes.reverse();
    sizes
}

/// Lower limits first, then one group after the other up to its upper limit, the largest first.
fn filled(instance: &Instance) -> Vec<usize> {
    let mut sizes: Vec<usize> = instance.limits.iter().map(|limit| limit.0).collect();
    let mut left = instance.elements - sizes.iter().sum::<usize>();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&group| std::cmp::Reverse(instance.limits[group].1));
    for group in order {
        let more = left.min(instance.limits[group].1 - sizes[group]);
        sizes[group] += more;
        left -= more;
    }
    sizes
}
