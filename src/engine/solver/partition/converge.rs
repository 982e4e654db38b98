//! Column generation: the programme takes in columns of the pool that would improve it, until there is none.

use super::bound::Bound;
use super::pool::{Id, Pool};
use super::simplex::{LEAST, Programme, Solved};
use crate::solver::stop::Stop;
use rayon::prelude::*;

/// Columns of one piece of a parallel pass over the pool.
const PIECE: usize = 1 << 16;
/// Columns of the programme for each row, above which those that are far from being of use go.
const MOST_A_ROW: usize = 40;

/// Most times that penalties rise.
const MOST_RAISES: u32 = 5;

/// What pricing looks at: all columns of the pool, or some.
#[derive(Clone, Copy)]
pub(super) enum Active<'a> {
    /// All.
    All,
    /// These.
    Some(&'a [Id]),
}

impl Active<'_> {
    fn len(self, pool: &Pool) -> usize {
        match self {
            Self::All => pool.len(),
            Self::Some(ids) => ids.len(),
        }
    }

    #[inline]
    fn id(self, at: usize) -> Id {
        match self {
            Self::All => at as Id,
            Self::Some(ids) => ids[at],
        }
    }

    /// The bound of these columns.
    pub(super) fn bound(self, pool: &Pool, programme: &Programme) -> Bound {
        let ids = (0..self.len(pool)).map(|at| self.id(at));
        Bound::new(pool, ids, &programme.duals, programme.unit)
    }
}

/// Solves the programme over all active columns. Penalties rise until no row is violated, or the bound is beyond a limit (of
/// values that are multiples of a number).
pub(super) fn converge(
    programme: &mut Programme,
    (pool, active): (&Pool, Active<'_>),
    (limit, multiple): (i64, i64),
    work: &mut u64,
    stop: &Stop,
) -> Solved {
    let mut raises = 0;
    loop {
        if programme.solve(pool, work, stop) == Solved::Stopped {
            return Solved::Stopped;
        }
        *work = work.saturating_sub(active.len(pool) as u64 / 2);
        let more = improving(programme, pool, active);
        if more.is_empty() {
            if programme.is_kept(pool) || active.bound(pool, programme).value(multiple) > limit {
                return Solved::Best;
            }
            if raises == MOST_RAISES {
                return Solved::Stopped;
            }
            raises += 1;
            programme.penalty *= 8.0;
            continue;
        }
        if programme.columns.len() > MOST_A_ROW * pool.rows() {
            programme.forget(pool);
        }
        programme.columns.extend(more);
    }
}

/// For each unit the column with the least reduced cost that holds it, where that is below 0.
fn improving(programme: &Programme, pool: &Pool, active: Active<'_>) -> Vec<Id> {
    let prices = pool.prices(&programme.duals);
    let none = || vec![(-LEAST, Id::MAX); pool.units];
    let piece = |from: usize| {
        let mut best = none();
        for at in from..(from + PIECE).min(active.len(pool)) {
            let id = active.id(at);
            let reduced = prices.reduced(pool, id, programme.unit);
            if reduced < -LEAST {
                for &unit in pool.members(id) {
                    let best = &mut best[usize::from(unit)];
                    if reduced < best.0 {
                        *best = (reduced, id);
                    }
                }
            }
        }
        best
    };
    let pieces: Vec<usize> = (0..active.len(pool)).step_by(PIECE).collect();
    let best: Vec<Vec<(f64, Id)>> = pieces.into_par_iter().map(piece).collect();
    let mut least = none();
    for best in best {
        for (least, one) in least.iter_mut().zip(best) {
            // The first of equals, whatever the threads.
            if one.0 < least.0 {
                *least = one;
            }
        }
    }
    let mut ids: Vec<Id> = least.into_iter().map(|(_, id)| id).filter(|&id| id != Id::MAX).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}
