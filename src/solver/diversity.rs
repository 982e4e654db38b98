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

mod chain;
pub mod groups;
pub mod matrix;
pub mod sizes;
pub mod sweep;

use super::Stop;
use crate::problem::distances::Instance;
use chain::{Chain, Ground};
use matrix::Matrix;
use rand::SeedableRng;
use rand_pcg::Pcg64;

/// How to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Search {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Chains, each on a thread of its own.
    pub threads: usize,
    /// Work after which a chain ends, in elements compared with all others; none for no such limit.
    pub work: Option<u64>,
}

/// Divides the elements into groups within their limits; the group of each. The instance is one that
/// [`read`](crate::problem::distances::read) accepts.
#[must_use]
pub fn solve(instance: &Instance, search: Search, stop: &Stop) -> Vec<usize> {
    let (matrix, sizes) = (Matrix::new(instance), sizes::best(instance));
    let run = |chain: u64| {
        let rng = Pcg64::seed_from_u64(search.seed.wrapping_add(chain << 32));
        let stop = stop.on_this_thread();
        let ground = Ground { matrix: &matrix, sizes: &sizes, limits: &instance.limits, stop: &stop };
        Chain::run(ground, rng, search.work.unwrap_or(u64::MAX))
    };
    let run = &run;
    let best = std::thread::scope(|scope| {
        let others: Vec<_> = (1..search.threads as u64).map(|chain| scope.spawn(move || run(chain))).collect();
        let mut best = run(0);
        for other in others {
            let found = other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            if found.doubled > best.doubled {
                best = found;
            }
        }
        best
    });
    best.group_of.iter().map(|&group| group as usize).collect()
}
