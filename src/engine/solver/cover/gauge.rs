//! The gauge of a node: spent + F of what a next group leaves, laid out for the innermost loop.

use super::lanes::Lanes;

/// F of every lane for the groups behind the next one.
#[derive(Clone, Debug, Default)]
pub(super) struct Gauge {
    lanes: Vec<Needle>,
    /// First lane behind each level's lanes, with what is spent on the level.
    levels: Vec<(usize, i64)>,
    tables: Vec<i64>,
    /// Whether the sizes can be at all.
    usable: bool,
}

/// One lane: what is left less the table's first sum, where the table lies, and the slope beyond it.
#[derive(Clone, Copy, Debug)]
struct Needle {
    left: i32,
    last: i32,
    at: usize,
    slope: i64,
}

impl Gauge {
    /// Sets it for groups (and large ones among them) that remain behind the next group; none where the sizes cannot be.
    pub(super) fn set(&mut self, lanes: &Lanes, behind: Option<(usize, usize)>, sums: &[i32], spent: &[i64]) {
        self.lanes.clear();
        self.levels.clear();
        self.tables.clear();
        self.usable = behind.is_some();
        let Some((groups, large)) = behind else { return };
        for (lane, sum) in lanes.list.iter().zip(sums) {
            let (base, table, slope) = lane.row(groups, large);
            let at = self.tables.len();
            self.tables.extend_from_slice(table);
            self.lanes.push(Needle { left: sum - base, last: table.len() as i32 - 1, at, slope });
        }
        for (level, &spent) in spent.iter().enumerate() {
            self.levels.push((lanes.list.partition_point(|lane| lane.level <= level), spent));
        }
    }

    /// The least that the first level can cost with a group of these sums and costs; none if some level must pass its limit.
    #[inline]
    pub(super) fn bound(&self, sums: &[i32], costs: &[i64], limit: impl Fn(usize) -> i64) -> Option<i64> {
        if !self.usable {
            return None;
        }
        let mut from = 0;
        let mut first = 0;
        for (level, (&(end, spent), cost)) in self.levels.iter().zip(costs).enumerate() {
            let mut value = spent + cost;
            for (needle, sum) in self.lanes[from..end].iter().zip(&sums[from..end]) {
                let k = needle.left - sum;
                let inside = k.clamp(0, needle.last);
                value += self.tables[needle.at + inside as usize] + needle.slope * i64::from((k - inside).abs());
            }
            if value > limit(level) {
                return None;
            }
            first = if level == 0 { value } else { first };
            from = end;
        }
        Some(first)
    }
}
