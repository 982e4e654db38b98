//! Cuts: of three units, at most one group holds two or more (subset-row cuts).
//!
//! The linear programme likes to cover three units by halves of three groups that hold two of them each; no plan can.

use super::pool::{Id, Pool};

/// Most cuts of one round.
const MOST: usize = 40;
/// Most of them that one unit is in.
const MOST_OF_UNIT: u32 = 6;
/// By how much a cut must be violated.
const LEAST: f64 = 0.05;

/// How much of the solution holds both of two units, `units` × `units`.
pub(super) fn meetings(pool: &Pool, support: &[(Id, f64)]) -> Vec<f64> {
    let mut met = vec![0.0; pool.units * pool.units];
    for &(id, value) in support {
        let members = pool.members(id);
        for (i, &a) in members.iter().enumerate() {
            for &b in &members[..i] {
                met[usize::from(a) * pool.units + usize::from(b)] += value;
                met[usize::from(b) * pool.units + usize::from(a)] += value;
            }
        }
    }
    met
}

/// Cuts that the solution violates, those by most first.
pub(super) fn violated(pool: &Pool, support: &[(Id, f64)]) -> Vec<[u8; 3]> {
    let met = meetings(pool, support);
    let at = |a: usize, b: usize| met[a * pool.units + b];
    let near: Vec<Vec<usize>> =
        (0..pool.units).map(|a| (0..pool.units).filter(|&b| at(a, b) > LEAST).collect()).collect();
    let mut found: Vec<(f64, [u8; 3])> = Vec::new();
    for (a, beside) in near.iter().enumerate() {
        for &b in beside.iter().filter(|&&b| b > a) {
            for &c in beside.iter().filter(|&&c| c > b) {
                let pairs = at(a, b) + at(a, c) + at(b, c);
                if pairs < 1.0 + LEAST {
                    continue;
                }
                // A group with all three was counted three times.
                let all = |id: Id| [a, b, c].iter().all(|&unit| pool.members(id).contains(&(unit as u8)));
                let three: f64 = support.iter().filter(|(id, _)| all(*id)).map(|(_, value)| value).sum();
                let violation = pairs - 2.0 * three - 1.0;
                if violation > LEAST {
                    found.push((violation, [a as u8, b as u8, c as u8]));
                }
            }
        }
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut uses = vec![0; pool.units];
    let few = |(_, cut): &(f64, [u8; 3])| {
        let few = cut.iter().all(|&unit| uses[usize::from(unit)] < MOST_OF_UNIT);
        if few {
            for &unit in cut {
                uses[usize::from(unit)] += 1;
            }
        }
        few
    };
    found.into_iter().filter(few).take(MOST).map(|(_, cut)| cut).collect()
}
