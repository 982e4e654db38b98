//! The pool: groups as columns of the set-partitioning problem, with what each costs on every level that counts.
//!
//! Rows of the problem, in this order: every unit is in one group; the number of groups, where sizes differ; what the levels
//! above may cost; cuts. A cut is a set of three units: at most one group holds two or more of them.

/// A column or row beyond what 32 bits count does not exist.
pub(in crate::solver) type Id = u32;

/// What a row demands of the sum of its columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::solver) enum Demand {
    /// Exactly so much.
    Equal,
    /// So much at most.
    AtMost,
}

/// Columns with their rows.
#[derive(Clone, Debug, Default)]
pub(in crate::solver) struct Pool {
    /// Units that must be covered.
    pub units: usize,
    /// Groups of a plan.
    pub groups: usize,
    /// Whether the number of groups is a row.
    pub counted: bool,
    /// Most units of a group.
    pub width: usize,
    /// `members[id * width ..]`, ascending, filled up with `units`.
    pub members: Vec<u8>,
    /// Cost on the level to be proved.
    pub costs: Vec<i64>,
    /// What the levels above may cost.
    pub budgets: Vec<i64>,
    /// Costs on these levels: `extras[id * budgets + level]`.
    pub extras: Vec<i64>,
    /// Cuts.
    pub cuts: Vec<[u8; 3]>,
    /// Cuts that each column takes part in; empty before the first cut.
    pub in_cuts: Vec<Vec<u16>>,
}

impl Pool {
    /// Number of columns.
    pub(in crate::solver) fn len(&self) -> usize {
        self.costs.len()
    }

    /// Number of rows.
    pub(in crate::solver) fn rows(&self) -> usize {
        self.first_cut() + self.cuts.len()
    }

    fn first_budget(&self) -> usize {
        self.units + usize::from(self.counted)
    }

    fn first_cut(&self) -> usize {
        self.first_budget() + self.budgets.len()
    }

    /// The units of a column.
    #[inline]
    pub(in crate::solver) fn members(&self, id: Id) -> &[u8] {
        let all = &self.members[id as usize * self.width..][..self.width];
        match all.iter().position(|&unit| usize::from(unit) == self.units) {
            Some(end) => &all[..end],
            None => all,
        }
    }

    /// The costs of a column on the levels above.
    pub(in crate::solver) fn extras(&self, id: Id) -> &[i64] {
        &self.extras[id as usize * self.budgets.len()..][..self.budgets.len()]
    }

    /// The cuts of a column.
    pub(in crate::solver) fn in_cuts(&self, id: Id) -> &[u16] {
        self.in_cuts.get(id as usize).map_or(&[], Vec::as_slice)
    }

    /// Budgets are large numbers: their rows are divided by this.
    fn weight(&self, budget: usize) -> f64 {
        (self.budgets[budget] as f64 / self.groups as f64).max(1.0)
    }

    /// The entries of a column.
    #[inline]
    pub(in crate::solver) fn entries(&self, id: Id, mut entry: impl FnMut(usize, f64)) {
        for &unit in self.members(id) {
            entry(usize::from(unit), 1.0);
        }
        if self.counted {
            entry(self.units, 1.0);
        }
        for (level, &cost) in self.extras(id).iter().enumerate() {
            entry(self.first_budget() + level, cost as f64 / self.weight(level));
        }
        for &cut in self.in_cuts(id) {
            entry(self.first_cut() + usize::from(cut), 1.0);
        }
    }

    /// What a row demands.
    pub(in crate::solver) fn demand(&self, row: usize) -> (Demand, f64) {
        if row < self.units {
            (Demand::Equal, 1.0)
        } else if row < self.first_budget() {
            (Demand::Equal, self.groups as f64)
        } else if row < self.first_cut() {
            let level = row - self.first_budget();
            (Demand::AtMost, self.budgets[level] as f64 / self.weight(level))
        } else {
            (Demand::AtMost, 1.0)
        }
    }

    /// Duals as prices of units, of a group, of the levels above (a unit of cost) and of cuts.
    pub(in crate::solver) fn prices(&self, duals: &[f64]) -> Prices<f64> {
        let budgets = (0..self.budgets.len()).map(|l| duals[self.first_budget() + l] / self.weight(l));
        Prices {
            units: duals[..self.units].iter().copied().chain([0.0]).collect(),
            group: if self.counted { duals[self.units] } else { 0.0 },
            budgets: budgets.collect(),
            cuts: duals[self.first_cut()..].to_vec(),
        }
    }

    /// Adds a cut.
    pub(in crate::solver) fn cut(&mut self, cut: [u8; 3]) {
        let index = self.cuts.len() as u16;
        self.cuts.push(cut);
        self.in_cuts.resize(self.len(), Vec::new());
        for id in 0..self.len() as Id {
            if self.members(id).iter().filter(|unit| cut.contains(unit)).count() > 1 {
                self.in_cuts[id as usize].push(index);
            }
        }
    }

    /// Budgets that no plan of these columns can pass are no rows.
    pub(in crate::solver) fn drop_idle_budgets(&mut self) {
        for budget in (0..self.budgets.len()).rev() {
            let of = |id: usize| self.extras[id * self.budgets.len() + budget];
            let most = (0..self.len()).map(of).max().unwrap_or(0);
            if most.saturating_mul(self.groups as i64) > self.budgets[budget] {
                continue;
            }
            let levels = self.budgets.len();
            let mut at = 0;
            self.extras.retain(|_| {
                at += 1;
                (at - 1) % levels != budget
            });
            self.budgets.remove(budget);
        }
    }

    /// The same rows with the columns of these ids only, in this order.
    pub(in crate::solver) fn only(&self, ids: &[Id]) -> Self {
        let mut pool = Self {
            budgets: self.budgets.clone(),
            cuts: self.cuts.clone(),
            members: Vec::with_capacity(ids.len() * self.width),
            costs: Vec::with_capacity(ids.len()),
            extras: Vec::with_capacity(ids.len() * self.budgets.len()),
            in_cuts: Vec::new(),
            ..*self
        };
        for &id in ids {
            pool.members.extend(&self.members[id as usize * self.width..][..self.width]);
            pool.costs.push(self.costs[id as usize]);
            pool.extras.extend(self.extras(id));
            if !self.in_cuts.is_empty() {
                pool.in_cuts.push(self.in_cuts[id as usize].clone());
            }
        }
        pool
    }
}

/// A price for each row, in whatever numbers.
#[derive(Clone, Debug)]
pub(in crate::solver) struct Prices<T> {
    /// Of each unit, and 0 for what fills up.
    pub units: Vec<T>,
    /// Of a group.
    pub group: T,
    /// Of a unit of cost on each level above.
    pub budgets: Vec<T>,
    /// Of each cut.
    pub cuts: Vec<T>,
}

impl Prices<f64> {
    /// Cost less prices of a column.
    #[inline]
    pub(in crate::solver) fn reduced(&self, pool: &Pool, id: Id, unit: f64) -> f64 {
        let at = id as usize * pool.width;
        let mut left = pool.costs[id as usize] as f64 / unit - self.group;
        for &member in &pool.members[at..at + pool.width] {
            left -= self.units[usize::from(member)];
        }
        for (&cost, price) in pool.extras(id).iter().zip(&self.budgets) {
            left -= cost as f64 * price;
        }
        for &cut in pool.in_cuts(id) {
            left -= self.cuts[usize::from(cut)];
        }
        left
    }
}
