//! The jobs of a listing: each makes the halves of two signatures and joins them, piece by piece over the cores.

use super::fits::{Fits, counted};
use super::halves::{Halves, Rows};
use super::join::{Join, Pool};
use super::list::{Listed, Listing};
use super::shapes::{Job, Signature, Split, plus};
use super::units::Mask;
use crate::solver::stop::Stop;
use rayon::prelude::*;
use std::ops::Range;

/// Halves of one parallel piece of a join.
const PIECE: usize = 1024;
/// Pieces between two looks at the limits.
const PIECES: usize = 8;

/// Halves in pieces for the cores.
fn pieces(halves: usize) -> Vec<Range<usize>> {
    (0..halves).step_by(PIECE).map(|from| from..(from + PIECE).min(halves)).collect()
}

/// How a job ended.
pub(super) enum Ended {
    /// All its groups are listed.
    Whole,
    /// There are more groups than may be listed.
    TooMany,
    /// The clock or the work ended it.
    Stopped,
}

/// Where the groups of all jobs go, and what ends them.
pub(super) struct Collect<'a, M> {
    /// Groups so far, each with 1 for a large one.
    pub found: Vec<(M, u8)>,
    /// Most groups.
    pub most: usize,
    /// What may still be done.
    pub work: &'a mut u64,
    /// The clock.
    pub stop: &'a Stop,
}

impl<M: Mask> Collect<'_, M> {
    /// Runs the pieces of a join over all cores, in order.
    fn gather(
        &mut self,
        large: usize,
        pieces: &[Range<usize>],
        join: impl Fn(Range<usize>) -> (Vec<M>, u64) + Sync,
    ) -> Ended {
        for batch in pieces.chunks(PIECES) {
            if self.stop.reached().is_some() || *self.work == 0 {
                return Ended::Stopped;
            }
            let joined: Vec<(Vec<M>, u64)> = batch.par_iter().map(|piece| join(piece.clone())).collect();
            for (masks, done) in joined {
                *self.work = self.work.saturating_sub(done);
                self.found.extend(masks.into_iter().map(|mask| (mask, large as u8)));
            }
            if self.found.len() > self.most {
                return Ended::TooMany;
            }
        }
        Ended::Whole
    }
}

/// A listing under way.
pub(super) struct Run<'a, M> {
    listing: &'a Listing<'a, M>,
    split: &'a Split,
    /// Lanes with a byte in the keys.
    counted: Vec<usize>,
    rows: Rows,
    /// The halves last made on each side; jobs of one signature follow each other.
    made: [Option<(Signature, Halves<M>)>; 2],
    /// What the jobs have found.
    pub collect: Collect<'a, M>,
}

impl<'a, M: Mask> Run<'a, M> {
    /// Prepares the jobs of a split.
    pub(super) fn new(listing: &'a Listing<'a, M>, split: &'a Split, collect: Collect<'a, M>) -> Self {
        let counted = counted(listing.lanes, listing.tiering);
        let rows = listing.rows(&counted);
        Self { listing, split, counted, rows, made: [None, None], collect }
    }

    /// Lists the groups of one job.
    pub(super) fn job(&mut self, (first, second, large): Job) -> Ended {
        let Listing { lanes, units, sizes, tiering } = self.listing;
        let Some(fits) = Fits::new(lanes, tiering, sizes, plus(first, second), large) else { return Ended::Whole };
        self.make([first, second]);
        let [Some((_, a)), Some((_, b))] = &self.made else { return Ended::Whole };
        let (indexed, halves) = if a.masks.len() > b.masks.len() { (a, b) } else { (b, a) };
        if halves.masks.is_empty() {
            return Ended::Whole;
        }
        let mesh = self.listing.mesh(&fits, large);
        let (axes, key) = (self.listing.axes(&fits), fits.keys(&self.counted));
        let pool = Pool { indexed, halves, fits: &fits, axes, mesh: mesh.as_ref(), key };
        let pairs = self.split.pairs_of(first, second) * self.listing.share(&fits, large);
        let most = self.collect.most;
        if let Some((halves, runs)) = pool.by_key(pairs) {
            let sorted = Pool { halves: &halves, ..pool };
            self.collect.gather(large, &runs, |run| sorted.join_run(run, units, most))
        } else {
            let index = pool.index(indexed);
            let join = Join { index: &index, halves, fits: &fits, key, units };
            self.collect.gather(large, &pieces(halves.masks.len()), |piece| join.groups(piece, most))
        }
    }

    /// Makes the halves of both sides, where they are not the last ones made.
    fn make(&mut self, signatures: [Signature; 2]) {
        let Listing { units, tiering, .. } = self.listing;
        for ((made, side), signature) in self.made.iter_mut().zip(&self.split.sides).zip(signatures) {
            if made.as_ref().is_none_or(|(of, _)| *of != signature) {
                let halves = Halves::of(side, signature, tiering, units, &self.rows);
                *self.collect.work = self.collect.work.saturating_sub(halves.masks.len() as u64);
                *made = Some((signature, halves));
            }
        }
    }
}

impl<M: Mask> Listing<'_, M> {
    /// Lists all groups; `work` is what may still be done, and is lowered.
    pub(super) fn list(&self, split: &Split, most: usize, work: &mut u64, stop: &Stop) -> Listed<M> {
        let mut run = Run::new(self, split, Collect { found: Vec::new(), most, work, stop });
        for &job in &split.jobs {
            match run.job(job) {
                Ended::Whole => {}
                Ended::TooMany => return Listed::TooMany,
                Ended::Stopped => return Listed::Stopped,
            }
        }
        Listed::All(self.groups(run.collect.found, None))
    }
}
