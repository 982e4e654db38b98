//! The kernels of the diversity search, on an invented instance of 480 elements in 20 groups: an element compared with all
//! others, a swap carried out, and a second of search.

use criterion::{Criterion, criterion_group, criterion_main};
use fenzu::problem::distances::Instance;
use fenzu::solver::diversity::groups::Groups;
use fenzu::solver::diversity::matrix::Matrix;
use fenzu::solver::diversity::sweep::Sweep;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::hint::black_box;

const ELEMENTS: usize = 480;
const GROUPS: usize = 20;

/// Distances uniform in 0 to 100.
fn instance() -> Instance {
    let mut rng = Pcg64::seed_from_u64(1);
    let mut distances = vec![0.0; ELEMENTS * ELEMENTS];
    for i in 0..ELEMENTS {
        for j in 0..i {
            let distance = f64::from(rng.random_range(0..=100_000)) / 1000.0;
            distances[i * ELEMENTS + j] = distance;
            distances[j * ELEMENTS + i] = distance;
        }
    }
    Instance { elements: ELEMENTS, limits: vec![(ELEMENTS / GROUPS, ELEMENTS / GROUPS); GROUPS], distances }
}

fn kernels(c: &mut Criterion) {
    let matrix = Matrix::new(&instance());
    let start: Vec<u32> = (0..ELEMENTS).map(|i| (i % GROUPS) as u32).collect();
    let mut groups = Groups::new(&matrix, GROUPS, &start);
    let mut rng = Pcg64::seed_from_u64(2);
    let mut sweep = Sweep::new(matrix.stride, GROUPS, &mut rng);
    c.bench_function("swap, 480 into 20", |b| {
        b.iter(|| {
            let gain = groups.gain(black_box(0), black_box(1));
            groups.swap(0, 1, gain);
        });
    });
    // At temperature 0 every gain is soon taken, and what is left is comparing.
    sweep.heat(0.0);
    for _ in 0..100 {
        (0..ELEMENTS).for_each(|i| sweep.row(&mut groups, i, &mut rng));
    }
    c.bench_function("one element against 479, none accepted", |b| {
        b.iter(|| sweep.row(&mut groups, black_box(7), &mut rng));
    });
}

criterion_group!(benches, kernels);
criterion_main!(benches);
