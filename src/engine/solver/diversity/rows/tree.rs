//! A k-d tree: points in an order in which neighbours stand together, and the nearest of them to any place.
//!
//! The tree is only an order and a cut for every inner node: node `v` has the children `2v + 1` and `2v + 2`, each with half of
//! its points. Source: Bentley 1975.

/// Points of a leaf, at most.
const LEAF: usize = 8;

/// Points looked at for one query, times columns: enough to be exact in a few dimensions, and a bound in many.
const MOST_VALUES: usize = 5120;
/// Leaves looked at, at least.
const FEWEST_LEAVES: usize = 8;

/// Points of so many columns.
#[derive(Clone, Debug)]
pub struct Tree {
    columns: usize,
    /// `points[p * columns + c]`, in the tree's order.
    points: Vec<f64>,
    /// Which point given stands at each place.
    pub order: Vec<u32>,
    /// Column and value of each inner node's cut.
    cuts: Vec<(usize, f64)>,
}

/// One query.
struct Query<'q> {
    place: &'q [f64],
    most: usize,
    leaves: usize,
    /// Distance to the node's box in each column.
    gaps: Vec<f64>,
    /// Squared distance and place in the order, nearest first.
    found: Vec<(f64, usize)>,
}

/// A node with its points.
#[derive(Clone, Copy)]
struct Node {
    number: usize,
    from: usize,
    to: usize,
}

impl Node {
    fn is_leaf(self) -> bool {
        self.to - self.from <= LEAF
    }

    /// The two halves.
    fn halves(self) -> (Self, Self) {
        let middle = usize::midpoint(self.from, self.to);
        let low = Self { number: 2 * self.number + 1, from: self.from, to: middle };
        (low, Self { number: 2 * self.number + 2, from: middle, to: self.to })
    }
}

impl Tree {
    /// A tree of `given[i * columns + c]`.
    #[must_use]
    pub fn new(given: &[f64], columns: usize) -> Self {
        let count = given.len() / columns;
        let mut order: Vec<u32> = (0..count as u32).collect();
        let mut cuts = Vec::new();
        let root = Node { number: 0, from: 0, to: count };
        cut(given, columns, &mut order, root, &mut cuts);
        let points = order.iter().flat_map(|&i| given[i as usize * columns..][..columns].iter().copied()).collect();
        Self { columns, points, order, cuts }
    }

    /// The point at a place of the order.
    #[must_use]
    pub fn point(&self, at: usize) -> &[f64] {
        &self.points[at * self.columns..][..self.columns]
    }

    /// Places in the order of the `most` points nearest to a place, nearest first.
    #[must_use]
    pub fn nearest(&self, place: &[f64], most: usize) -> Vec<usize> {
        let found = Vec::with_capacity(most + 1);
        let mut query = Query {
            place,
            most,
            leaves: FEWEST_LEAVES.max(MOST_VALUES / LEAF / self.columns),
            gaps: vec![0.0; self.columns],
            found,
        };
        self.visit(Node { number: 0, from: 0, to: self.order.len() }, 0.0, &mut query);
        query.found.into_iter().map(|(_, at)| at).collect()
    }

    /// Looks at a node whose box is `distance` (squared) away, the nearer half first.
    fn visit(&self, node: Node, distance: f64, query: &mut Query<'_>) {
        let full = query.found.len() == query.most;
        if query.leaves == 0 || (full && query.found.last().is_some_and(|&(worst, _)| distance >= worst)) {
            return;
        }
        if node.is_leaf() {
            query.leaves -= 1;
            (node.from..node.to).for_each(|at| query.offer(at, self.point(at)));
            return;
        }
        let (column, value) = self.cuts[node.number];
        let beyond = query.place[column] - value;
        let (low, high) = node.halves();
        let (near, far) = if beyond < 0.0 { (low, high) } else { (high, low) };
        self.visit(near, distance, query);
        let gap = query.gaps[column];
        query.gaps[column] = beyond;
        self.visit(far, distance - gap * gap + beyond * beyond, query);
        query.gaps[column] = gap;
    }
}

impl Query<'_> {
    fn offer(&mut self, at: usize, point: &[f64]) {
        let distance: f64 = point.iter().zip(self.place).map(|(a, b)| (a - b) * (a - b)).sum();
        if self.found.len() == self.most {
            if self.found.last().is_none_or(|&(worst, _)| distance >= worst) {
                return;
            }
            self.found.pop();
        }
        let place = self.found.partition_point(|&(nearer, _)| nearer <= distance);
        self.found.insert(place, (distance, at));
    }
}

/// Orders a node's points around the median of their widest column, and its halves likewise.
fn cut(given: &[f64], columns: usize, order: &mut [u32], node: Node, cuts: &mut Vec<(usize, f64)>) {
    if node.is_leaf() {
        return;
    }
    let value = |i: u32, column: usize| given[i as usize * columns + column];
    let width = |column: usize| {
        let values = order.iter().map(|&i| value(i, column));
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        high - low
    };
    let column = (0..columns).max_by(|&a, &b| width(a).total_cmp(&width(b))).unwrap_or(0);
    let (low, high) = node.halves();
    let middle = low.to - low.from;
    // Equal values by number: the order must not depend on how a library selects.
    let key = |i: u32| (value(i, column), i);
    order.select_nth_unstable_by(middle, |&a, &b| key(a).0.total_cmp(&key(b).0).then(a.cmp(&b)));
    if cuts.len() <= node.number {
        cuts.resize(node.number + 1, (0, 0.0));
    }
    cuts[node.number] = (column, value(order[middle], column));
    let (left, right) = order.split_at_mut(middle);
    cut(given, columns, left, low, cuts);
    cut(given, columns, right, high, cuts);
}
