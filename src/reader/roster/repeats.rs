//! What comes twice in a list.

use super::at_once;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};

/// Those of so many items whose key an earlier one has too, each with the last such one; an item without a key is left out.
/// Hashes are held instead of keys: the keys of a long list would crowd out the cache.
pub fn repeats<K: Hash + Eq>(items: usize, key: impl Fn(usize) -> Option<K> + Sync + Send) -> Vec<(usize, usize)> {
    let state = RandomState::default();
    let hash = |at| key(at).map(|key| state.hash_one(key));
    let hashes = at_once::each((0..items).collect(), items, hash);
    let mut seen: HashMap<u64, usize, RandomState> = HashMap::with_capacity_and_hasher(items, state.clone());
    let repeated = |(at, hash): (usize, Option<u64>)| {
        let earlier = seen.insert(hash?, at)?;
        (key(earlier) == key(at)).then_some((earlier, at))
    };
    hashes.into_iter().enumerate().filter_map(repeated).collect()
}
