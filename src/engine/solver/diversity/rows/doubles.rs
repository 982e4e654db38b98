//! Two rows for two: where single swaps have become too coarse.
//!
//! With few large groups the sums are nearly even, and what is left between two groups is finer than any swap. But there are as
//! many pairs of swaps as swaps squared. For groups a and b the best total step is t = (share_b·s_b − share_a·s_a) / (share_a +
//! share_b): the steps of all near swaps are put into a tree, and for each of them the one nearest to the rest of t is looked up.

use super::partners::{Near, Partners};
use super::sums::Sums;
use super::tree::Tree;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64;

/// Times that every group is paired with a random other one.
const ROUNDS: usize = 10;

/// Steps of one pair of groups: fewer give nothing, more take too long.
const FEWEST: usize = 64;
const MOST: usize = 4000;

/// Second steps looked at for each first: some share a row with it.
const SECONDS: usize = 3;

/// Whether pairs of groups will have enough near swaps.
pub(super) fn worth_trying(partners: &Partners, sums: &Sums<'_>) -> bool {
    let (swaps, groups) = (sums.group_of.len() * partners.count, sums.groups());
    groups > 1 && 2 * swaps / (groups * groups) >= FEWEST
}

/// Whether two rows may be swapped, and whether the run must end.
type Asked<'a> = (&'a dyn Fn(usize, usize) -> bool, &'a dyn Fn() -> bool);

/// Evens groups out two by two, in place.
pub(super) fn even_out(sums: &mut Sums<'_>, near: &mut Near<'_>, rng: &mut Pcg64, (may_swap, ended): Asked<'_>) {
    let (groups, partners) = (sums.groups(), near.partners);
    for _ in 0..ROUNDS {
        let mut order: Vec<usize> = (0..groups).collect();
        order.shuffle(rng);
        let mut partner = vec![usize::MAX; groups];
        for pair in order.chunks_exact(2) {
            (partner[pair[0]], partner[pair[1]]) = (pair[1], pair[0]);
        }
        let mut swaps: Vec<Vec<(usize, usize)>> = vec![Vec::new(); groups];
        for p in 0..sums.group_of.len() {
            let a = sums.group_of[p] as usize;
            let others = near.of(p).iter().map(|&value| partners.any(value as usize, rng));
            let others = others.filter(|&q| sums.group_of[q] as usize == partner[a] && may_swap(p, q));
            // Kept under the lower group, with its row first.
            others.for_each(|q| if a < partner[a] { swaps[a].push((p, q)) } else { swaps[partner[a]].push((q, p)) });
        }
        for swaps in swaps.iter_mut().filter(|swaps| swaps.len() >= FEWEST) {
            if ended() {
                return;
            }
            swaps.shuffle(rng);
            swaps.truncate(MOST);
            even_pair(sums, swaps);
        }
    }
}

/// Carries out the best two of these swaps between one pair of groups, if both together are any better.
fn even_pair(sums: &mut Sums<'_>, swaps: &[(usize, usize)]) {
    let columns = sums.point(0).len();
    let (a, b) = (sums.group_of[swaps[0].0] as usize, sums.group_of[swaps[0].1] as usize);
    let both = sums.share(a) + sums.share(b);
    let ideal: Vec<f64> = sums
        .sum(a)
        .iter()
        .zip(sums.sum(b))
        .map(|(in_a, in_b)| (in_b * sums.share(b) - in_a * sums.share(a)) / both)
        .collect();
    let step = |&(p, q): &(usize, usize)| sums.point(p).iter().zip(sums.point(q)).map(|(of_p, of_q)| of_q - of_p);
    let steps: Vec<f64> = swaps.iter().flat_map(step).collect();
    let tree = Tree::new(&steps, columns);
    let mut best = (ideal.iter().map(|t| t * t).sum::<f64>(), None);
    for (first, step) in steps.chunks_exact(columns).enumerate() {
        let rest: Vec<f64> = ideal.iter().zip(step).map(|(t, step)| t - step).collect();
        for at in tree.nearest(&rest, SECONDS) {
            let second = tree.order[at] as usize;
            let apart = swaps[first].0 != swaps[second].0 && swaps[first].1 != swaps[second].1;
            let left: f64 = rest.iter().zip(tree.point(at)).map(|(t, step)| (t - step) * (t - step)).sum();
            if apart && left < best.0 {
                best = (left, Some((first, second)));
            }
        }
    }
    if let Some((first, second)) = best.1 {
        sums.swap(swaps[first].0, swaps[first].1);
        sums.swap(swaps[second].0, swaps[second].1);
    }
}
