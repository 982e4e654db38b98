//! What comes twice in a list.

use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};

/// Those of so many items whose key an earlier one has too, each with the last such one; an item without a key is left out.
/// Hashes are held instead of keys: the keys of a long list would crowd out the cache.
pub fn repeats<K: Hash + Eq>(items: usize, key: impl Fn(usize) -> Option<K>) -> Vec<(usize, usize)> {
    let state = RandomState::default();
    let mut seen: HashMap<u64, usize, RandomState> = HashMap::with_capacity_and_hasher(items, state.clone());
    let repeated = |at: usize| {
        let own = key(at)?;
        let earlier = seen.insert(state.hash_one(&own), at)?;
        (key(earlier)? == own).then_some((earlier, at))
    };
    (0..items).filter_map(repeated).collect()
}
