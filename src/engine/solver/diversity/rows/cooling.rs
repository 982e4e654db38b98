//! A chain: the division is cooled by swaps and dealt out again in turns, each turn of the better kind twice as long as its last.

use super::partners::Near;
use super::reassign::reassign;
use super::sums::Sums;
use super::{Ground, doubles};
use crate::solver::Stop;
use rand::RngExt;
use rand_pcg::Pcg64;

/// Swaps tried for each row in the first cooling, and in all at least; the first dealing out again is shorter by a factor.
const TRIES: usize = 40;
const FEWEST_TRIES: usize = 20_000;
const SHORTER: u64 = 16;

/// Share of near swaps accepted where cooling begins, and how much colder re-heating begins.
const HOT: f64 = 0.1;
const WARM: f64 = 0.3;

/// Share of the tries at one temperature, and how much colder the next is.
const STEPS: u64 = 100;
const FACTOR: f64 = 0.94;

/// Cooling ends where the last so many temperatures brought less than this share of what all did, or so much below the first.
const LOOK_BACK: u64 = 10;
const FROZEN: f64 = 0.003;
const COLDEST: f64 = 0.0005;
/// Temperatures before that is looked at.
const SOONEST: u64 = 40;

/// Swaps that tell the first temperature, and halvings to find it.
const SAMPLES: usize = 4000;
const HALVINGS: u32 = 60;

/// Tries between two looks at the clock.
const CLOCK_EVERY: u64 = 4096;

/// Least share of the tries for swaps of near rows, and for swaps of any.
const LEAST_SHARE: f64 = 0.02;

/// How the second row of a swap is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Near the first.
    Near,
    /// Any.
    Any,
}

/// A division with its between-group sum of squares.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) between: f64,
    pub(super) group_of: Vec<u32>,
}

/// One chain.
pub(super) struct Chain<'g> {
    ground: Ground<'g>,
    sums: Sums<'g>,
    near: Near<'g>,
    rng: Pcg64,
    stop: &'g Stop,
    /// Tries left.
    work: u64,
    ended: bool,
    /// Share of the tries in which the second row is near the first.
    share_near: f64,
    best: Found,
}

impl<'g> Chain<'g> {
    /// Searches from a division into so many groups until the work is done or the run must end; the best division seen.
    pub(super) fn run(
        ground: Ground<'g>,
        (start, groups): (Vec<u32>, usize),
        rng: Pcg64,
        work: u64,
        stop: &'g Stop,
    ) -> Found {
        let tries = (TRIES * start.len()).max(FEWEST_TRIES) as u64;
        let sums = Sums::new(ground.points, ground.columns, start, groups);
        let best = Found { between: sums.between(), group_of: sums.group_of.clone() };
        let near = Near::new(ground.partners);
        let mut chain = Self { ground, sums, near, rng, stop, work, ended: false, share_near: 0.5, best };
        if ground.partners.values() > 1 {
            chain.search(tries);
        }
        chain.best
    }

    /// Coolings and rows dealt out again in turns; whichever gains more gets twice as long next time.
    fn search(&mut self, tries: u64) {
        let hot = self.first_temperature();
        let (mut from, mut to_cool, mut to_deal) = (hot, tries, tries / SHORTER);
        while !self.ended {
            let start = self.best.between;
            self.cool(from, hot * COLDEST, to_cool);
            self.swap_pairs();
            let cooled = self.best.between;
            self.deal_again(to_deal);
            let (by_cooling, by_dealing) = (start - cooled, cooled - self.best.between);
            if by_cooling >= by_dealing {
                to_cool = to_cool.saturating_mul(2);
            }
            if by_dealing >= by_cooling {
                to_deal = to_deal.saturating_mul(2);
            }
            from = hot * WARM;
        }
    }

    /// The temperature at which a share [`HOT`] of near swaps would be accepted.
    fn first_temperature(&mut self) -> f64 {
        let mut changes = Vec::with_capacity(SAMPLES);
        for _ in 0..SAMPLES {
            let (p, q) = self.draw(Way::Near);
            if self.may_swap(p, q) {
                changes.push(self.sums.change(p, q));
            }
        }
        let share = |temperature: f64| {
            let accepted = changes.iter().map(|&change| (-change.max(0.0) / temperature).exp());
            accepted.sum::<f64>() / changes.len().max(1) as f64
        };
        let most = changes.iter().fold(f64::MIN_POSITIVE, |most: f64, &change| most.max(change.abs()));
        let (mut low, mut high) = (most * 1e-12, most);
        for _ in 0..HALVINGS {
            let middle = (low * high).sqrt();
            *(if share(middle) < HOT { &mut low } else { &mut high }) = middle;
        }
        high
    }

    /// Cools until hardly anything changes, then goes back to the best.
    fn cool(&mut self, from: f64, coldest: f64, tries: u64) {
        let mut temperature = from;
        let (mut highest, mut before) = (self.sums.between(), f64::INFINITY);
        for step in 1_u64.. {
            self.cool_step(temperature, (tries / STEPS).max(1));
            self.keep();
            temperature *= FACTOR;
            let now = self.sums.between();
            highest = highest.max(now);
            let frozen = step.is_multiple_of(LOOK_BACK) && before - now < FROZEN * (highest - now);
            if self.ended || temperature < coldest || (frozen && step > SOONEST) {
                break;
            }
            if step.is_multiple_of(LOOK_BACK) {
                before = now;
            }
        }
        self.sums.reset(&self.best.group_of);
    }

    /// So many tries at one temperature, of both ways a share; how far each moved the sum of squares tells the next shares.
    fn cool_step(&mut self, temperature: f64, tries: u64) {
        let near = (self.share_near * tries as f64).ceil();
        let any = tries as f64 - near + 1.0;
        let by_near = self.swaps(Way::Near, temperature, near as u64) / near;
        let by_any = self.swaps(Way::Any, temperature, any as u64) / any;
        if by_near + by_any > 0.0 {
            let share = (by_near / (by_near + by_any)).clamp(LEAST_SHARE, 1.0 - LEAST_SHARE);
            self.share_near = f64::midpoint(self.share_near, share);
        }
    }

    /// So many tries of one way; the summed changes of those accepted, up and down.
    fn swaps(&mut self, way: Way, temperature: f64, tries: u64) -> f64 {
        let mut moved = 0.0;
        for at in 0..tries {
            self.ended |= self.work == 0 || (at.is_multiple_of(CLOCK_EVERY) && self.stop.reached().is_some());
            if self.ended {
                break;
            }
            self.work -= 1;
            let (p, q) = self.draw(way);
            if !self.may_swap(p, q) {
                continue;
            }
            let change = self.sums.change(p, q);
            if change < 0.0 || self.rng.random::<f64>() < (-change / temperature).exp() {
                self.sums.swap(p, q);
                moved += change.abs();
            }
        }
        moved
    }

    /// Two rows.
    fn draw(&mut self, way: Way) -> (usize, usize) {
        let rows = 0..self.sums.group_of.len();
        let p = self.rng.random_range(rows.clone());
        if way == Way::Any {
            return (p, self.rng.random_range(rows));
        }
        let near = self.near.of(p);
        let value = near[self.rng.random_range(0..near.len())] as usize;
        (p, self.ground.partners.any(value, &mut self.rng))
    }

    /// Whether rows are of different groups and one kind.
    fn may_swap(&self, p: usize, q: usize) -> bool {
        self.sums.group_of[p] != self.sums.group_of[q] && self.ground.kinds.is_none_or(|kinds| kinds[p] == kinds[q])
    }

    /// Two swaps at once, where groups are few.
    fn swap_pairs(&mut self) {
        if doubles::worth_trying(self.ground.partners, &self.sums) {
            let may_swap = |p: usize, q: usize| self.ground.kinds.is_none_or(|kinds| kinds[p] == kinds[q]);
            let ended = || self.stop.reached().is_some();
            doubles::even_out(&mut self.sums, &mut self.near, &mut self.rng, (&may_swap, &ended));
            self.keep();
        }
    }

    /// A row of each of many groups at once, unless rows are of different kinds.
    fn deal_again(&mut self, tries: u64) {
        if self.ground.kinds.is_none() {
            let ended = || self.stop.reached().is_some();
            let done = reassign(&mut self.sums, tries.min(self.work), &mut self.rng, &ended);
            self.work = self.work.saturating_sub(done);
            self.keep();
        }
    }

    fn keep(&mut self) {
        let between = self.sums.between();
        if between < self.best.between {
            self.best.between = between;
            self.best.group_of.copy_from_slice(&self.sums.group_of);
        }
    }
}
