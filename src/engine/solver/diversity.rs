//! Diversity search: the maximally diverse grouping problem (MDGP), and large numeric data.
//!
//! [`solve`] takes pairwise distances and makes the sum inside groups as large as it can. Chains with different seeds run side
//! by side, each by itself; the best of them counts, so the plan depends on the seed, the work and the number of chains only,
//! unless the clock ended the run. [`crate::goals::diversity`] is the exact goal of the same name for classes, with a bound.
//!
//! | file | job |
//! |---|---|
//! | `matrix` | distances as whole numbers |
//! | `groups` | a division, with the distance of every element to every group; swaps and moves |
//! | `sweep` | the kernel: an element against all others |
//! | `sizes` | the sizes of groups to begin with |
//! | `chain` | cooling, re-heating, new lineages |
//! | [`rows`] | large numeric data: a k-d tree, swaps of near rows, two swaps at once |

mod chain;
pub mod groups;
pub mod matrix;
pub mod rows;
pub mod sizes;
pub mod sweep;

use super::Stop;
use crate::problem::distances::Instance;
use chain::{Chain, Found, Ground};
use matrix::Matrix;
use rand::SeedableRng;
use rand_pcg::Pcg64;

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Chains: the first on the caller's thread, the others each on one of their own.
    pub threads: usize,
    /// Work after which a chain ends, in elements compared with all others; none for no such limit.
    pub work: Option<u64>,
}

/// Divides the elements into groups within their limits; the group of each. The instance is one that
/// [`read`](crate::problem::distances::read) accepts.
#[must_use]
pub fn solve(instance: &Instance, search: Search, stop: &Stop) -> Vec<usize> {
    if instance.limits.len() == 1 {
        return vec![0; instance.elements];
    }
    let (matrix, sizes) = (Matrix::new(instance), sizes::best(instance));
    let run = |rng: Pcg64, stop: &Stop| {
        let ground = Ground { matrix: &matrix, sizes: &sizes, limits: &instance.limits, stop };
        Chain::run(ground, rng, search.work.unwrap_or(u64::MAX))
    };
    let best = best_of(search, stop, run, |found: &Found| found.doubled);
    best.group_of.iter().map(|&group| group as usize).collect()
}

/// Runs chain 0 here and the others on threads of their own; the one of most worth, of equal ones the first.
fn best_of<T: Send, W: PartialOrd>(
    search: Search,
    stop: &Stop,
    run: impl Fn(Pcg64, &Stop) -> T + Sync,
    worth: impl Fn(&T) -> W,
) -> T {
    let run = &run;
    let rng = |chain: u64| Pcg64::seed_from_u64(search.seed.wrapping_add(chain << 32));
    std::thread::scope(|scope| {
        let other = |chain| scope.spawn(move || run(rng(chain), &stop.on_this_thread()));
        let others: Vec<_> = (1..search.threads as u64).map(other).collect();
        let first = run(rng(0), stop);
        others.into_iter().fold(first, |best, other| {
            let found = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            if worth(&found) > worth(&best) { found } else { best }
        })
    })
}
