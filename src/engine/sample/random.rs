//! Random numbers that are the same for ever: PCG XSL RR 128/64 and whole numbers made from it.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;

/// One aspect of a class; each has a stream of its own, so that none depends on how much another draws.
#[derive(Clone, Copy)]
pub(super) enum Aspect {
    Gender,
    Name,
    Ability,
    Absent,
    School,
    Distance,
    GroupSize,
    Subject { semester: usize, subject: usize },
    Flag(usize),
}

/// A stream of random numbers.
pub(super) struct Stream(Pcg64);

impl Stream {
    pub(super) fn new(seed: u64, aspect: Aspect) -> Self {
        let number = match aspect {
            Aspect::Gender => 1,
            Aspect::Name => 2,
            Aspect::Ability => 3,
            Aspect::Absent => 4,
            Aspect::School => 5,
            Aspect::Distance => 6,
            Aspect::GroupSize => 7,
            Aspect::Subject { semester, subject } => 100 + subject + 1000 * semester.saturating_sub(1),
            Aspect::Flag(flag) => 200 + flag,
        };
        let mut numbers = Self(Pcg64::new(u128::from(seed), number as u128));
        // Nearby seeds start nearby; a few steps part them.
        (0..8).for_each(|_| {
            numbers.0.next_u64();
        });
        numbers
    }

    /// Uniform in `0..bound`; the bias of the remainder is below bound / 2⁶⁴.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        let remainder = self.0.next_u64() % (bound.max(1) as u64);
        usize::try_from(remainder).unwrap_or_default()
    }

    /// Nearly standard normal, in units of 2⁻³²: twelve uniforms less six (Irwin–Hall), in whole numbers.
    pub(super) fn normal(&mut self) -> i64 {
        (0..12).map(|_| i64::from(self.0.next_u32())).sum::<i64>() - (6 << 32)
    }

    /// `count` trues among `length`, in random order.
    pub(super) fn choose(&mut self, length: usize, count: usize) -> Vec<bool> {
        let mut chosen: Vec<bool> = (0..length).map(|i| i < count).collect();
        for i in (1..length).rev() {
            chosen.swap(i, self.below(i + 1));
        }
        chosen
    }
}
