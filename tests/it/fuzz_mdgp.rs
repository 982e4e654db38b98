//! Instances and rows made of random bytes, and good ones with random splices: an instance that can be solved or faults, never a
//! panic.

use crate::fuzz_models::spliced;
use bolero::check;
use fenzu::problem::{distances, rows};

const INSTANCE: &[u8] = b"4 2 ds 1 3 1 3\n0 1 5.5\n0 2 1\n0 3 2\n1 2 9\n1 3 0\n2 3 4\n";
const ROWS: &[u8] = b"a,b\n1,2\n-3.5,4e2\n0,1\n";

fn instance(bytes: &[u8]) {
    match distances::read(bytes, "a", None) {
        Ok(read) => {
            let n = read.elements;
            let symmetric =
                |i: usize, j: usize| read.distances[i * n + j].to_bits() == read.distances[j * n + i].to_bits();
            assert!((0..n * n).all(|at| symmetric(at / n, at % n) && read.distances[at].is_finite()));
            assert!(read.limits.iter().map(|limit| limit.0).sum::<usize>() <= n);
        }
        Err(faults) => assert!(!faults.0.is_empty() && faults.0.iter().all(|fault| !fault.place.is_empty())),
    }
    let _ = distances::read(INSTANCE, "a", Some((bytes, "b")));
}

#[test]
fn fuzz_mdgp_instance() {
    assert!(distances::read(INSTANCE, "a", None).is_ok());
    check!().for_each(|bytes: &[u8]| {
        instance(bytes);
        instance(&spliced(INSTANCE, bytes));
    });
}

#[test]
fn fuzz_mdgp_rows() {
    assert!(rows::read(ROWS, "a").is_ok());
    check!().for_each(|bytes: &[u8]| {
        for text in [bytes, &spliced(ROWS, bytes)] {
            match rows::read(text, "a") {
                Ok(read) => assert!(read.len() >= 2 && read.values.iter().all(|value| value.is_finite())),
                Err(faults) => assert!(!faults.0.is_empty()),
            }
        }
    });
}
