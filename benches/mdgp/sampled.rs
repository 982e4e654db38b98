//! The bench without the library.

pub fn run(_share: f64) {
    todo!()
}
