//! The assignment problem: every row to a column of its own, at the least total cost.
//!
//! First every row takes the column it likes best and drives its price up to where the second best is as good (whoever had it looks
//! again); what is left without a column after two rounds finds a shortest path of exchanges. Source: Jonker & Volgenant 1987.

/// Rounds in which rows outbid each other before paths are sought.
const ROUNDS: usize = 2;

/// A column or row that is none.
const NONE: usize = usize::MAX;

/// The column of each row; `costs[row * columns + column]`, with at least as many columns as rows.
#[must_use]
pub fn assign(costs: &[f64], columns: usize) -> Vec<usize> {
    let rows = costs.len() / columns.max(1);
    let mut matching = Matching {
        costs,
        columns,
        prices: vec![0.0; columns],
        row_of: vec![NONE; columns],
        column_of: vec![NONE; rows],
    };
    let mut free: Vec<usize> = (0..rows).collect();
    for _ in 0..ROUNDS {
        free = matching.outbid(free);
    }
    let mut path = Path::new(columns);
    for row in free {
        matching.augment(row, &mut path);
    }
    matching.column_of
}

/// Who has which column. Prices are 0 at columns without a row and never above it.
struct Matching<'c> {
    costs: &'c [f64],
    columns: usize,
    prices: Vec<f64>,
    row_of: Vec<usize>,
    column_of: Vec<usize>,
}

/// A search for a shortest path, its memory used again.
struct Path {
    /// Length to each column, and the row from which it is reached.
    length: Vec<f64>,
    from: Vec<usize>,
    /// Columns in three parts: settled, as near as the nearest, further.
    order: Vec<usize>,
}

impl Path {
    fn new(columns: usize) -> Self {
        Self { length: vec![0.0; columns], from: vec![0; columns], order: (0..columns).collect() }
    }
}

impl Matching<'_> {
    fn row(&self, row: usize) -> &[f64] {
        &self.costs[row * self.columns..][..self.columns]
    }

    /// Each free row takes its best column; the rows that are then without one.
    fn outbid(&mut self, free: Vec<usize>) -> Vec<usize> {
        let mut left = Vec::new();
        for row in free {
            let (mut best, mut least, mut second) = (0, f64::INFINITY, f64::INFINITY);
            for (column, (cost, price)) in self.row(row).iter().zip(&self.prices).enumerate() {
                let cost = cost - price;
                if cost < second {
                    if cost < least {
                        (best, second, least) = (column, least, cost);
                    } else {
                        second = cost;
                    }
                }
            }
            if second.is_finite() {
                self.prices[best] -= second - least;
            }
            let before = std::mem::replace(&mut self.row_of[best], row);
            self.column_of[row] = best;
            if before != NONE {
                self.column_of[before] = NONE;
                left.push(before);
            }
        }
        left
    }

    /// Gives a free row a column, by exchanges along a shortest path.
    fn augment(&mut self, row: usize, path: &mut Path) {
        let columns = self.columns;
        for (column, (cost, price)) in self.row(row).iter().zip(&self.prices).enumerate() {
            path.length[column] = cost - price;
            path.from[column] = row;
        }
        // order[..settled] are settled, order[settled..near] are as near as the nearest that is not.
        let (mut settled, mut near, mut least) = (0, 0, 0.0);
        let end = loop {
            if settled == near {
                (near, least) = nearest(path, settled);
                if let Some(&end) = path.order[settled..near].iter().find(|&&column| self.row_of[column] == NONE) {
                    break end;
                }
            }
            let through = path.order[settled];
            settled += 1;
            let owner = self.row_of[through];
            let costs = &self.costs[owner * columns..][..columns];
            let base = costs[through] - self.prices[through] - least;
            let mut at = near;
            while at < columns {
                let column = path.order[at];
                let length = costs[column] - self.prices[column] - base;
                if length < path.length[column] {
                    path.length[column] = length;
                    path.from[column] = owner;
                    if length <= least {
                        path.order.swap(near, at);
                        near += 1;
                    }
                }
                at += 1;
            }
            if let Some(&end) = path.order[settled..near].iter().find(|&&column| self.row_of[column] == NONE) {
                break end;
            }
        };
        for &column in &path.order[..settled] {
            self.prices[column] += path.length[column] - least;
        }
        let mut column = end;
        loop {
            let from = path.from[column];
            self.row_of[column] = from;
            std::mem::swap(&mut self.column_of[from], &mut column);
            if from == row {
                break;
            }
        }
    }
}

/// Moves the nearest columns that are not settled to the front; where they end, and how near they are.
fn nearest(path: &mut Path, settled: usize) -> (usize, f64) {
    let (mut near, mut least) = (settled, f64::INFINITY);
    for at in settled..path.order.len() {
        let length = path.length[path.order[at]];
        if length <= least {
            if length < least {
                (near, least) = (settled, length);
            }
            path.order.swap(near, at);
            near += 1;
        }
    }
    (near, least)
}
