//! Subsets of cells, with their sums.

/// Subsets of some cells: `sums[f][i]` and `masks[i]` of subset i.
#[derive(Clone, Debug)]
pub struct Subsets {
    /// Sum of each term.
    pub sums: Vec<Vec<i64>>,
    /// The atoms in the subset.
    pub masks: Vec<u64>,
}

impl Subsets {
    /// Number of subsets.
    #[must_use]
    pub fn len(&self) -> usize {
        self.masks.len()
    }

    /// All subsets of `count` of these atoms, each of which adds its `entries` (one number a term) to the sums.
    pub(super) fn of(entries: &[Vec<i64>], atoms: &[usize], count: usize, terms: usize) -> Self {
        let mut found = Self { sums: vec![Vec::new(); terms], masks: Vec::new() };
        choose_all(entries, atoms, count, 0, &mut vec![0; terms], 0, &mut found);
        found
    }

    /// The empty subset alone.
    pub(super) fn unit(terms: usize) -> Self {
        Self { sums: vec![vec![0]; terms], masks: vec![0] }
    }

    /// Every union of a subset of each.
    pub(super) fn product(&self, other: &Self) -> Self {
        let add = |mine: &Vec<i64>, theirs: &Vec<i64>| {
            mine.iter().flat_map(|x| theirs.iter().map(move |y| x + y)).collect::<Vec<_>>()
        };
        Self {
            sums: self.sums.iter().zip(&other.sums).map(|(mine, theirs)| add(mine, theirs)).collect(),
            masks: self.masks.iter().flat_map(|x| other.masks.iter().map(move |y| x | y)).collect(),
        }
    }
}

fn choose_all(
    entries: &[Vec<i64>],
    atoms: &[usize],
    count: usize,
    from: usize,
    sum: &mut Vec<i64>,
    mask: u64,
    found: &mut Subsets,
) {
    if count == 0 {
        found.sums.iter_mut().zip(sum.iter()).for_each(|(all, s)| all.push(*s));
        found.masks.push(mask);
        return;
    }
    for i in from..=atoms.len() - count {
        sum.iter_mut().zip(&entries[i]).for_each(|(s, e)| *s += e);
        choose_all(entries, atoms, count - 1, i + 1, sum, mask | 1 << atoms[i], found);
        sum.iter_mut().zip(&entries[i]).for_each(|(s, e)| *s -= e);
    }
}

/// Binomial coefficient, saturating.
pub(super) fn choose(n: i64, k: i64) -> u64 {
    if k < 0 || k > n {
        return 0;
    }
    let k = k.min(n - k) as u64;
    (1..=k).fold(1_u64, |c, i| c.saturating_mul(n as u64 - k + i) / i)
}
