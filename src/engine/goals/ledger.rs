//! The running account of one plan under search: group sums of every term, values of every level, and the price of moves.
//!
//! A move exchanges students between two groups. Its price is computed from the two groups' sums alone, O(terms), and applied
//! in the same time (O(N) with pairwise distances).

use super::{Levels, MAX_LEVELS, Objective, Term, Whole};

/// An exchange: `from_a` goes to group `b`, `from_b` to group `a`.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'m> {
    /// One group.
    pub a: usize,
    /// The other.
    pub b: usize,
    /// Students of `a` who leave it.
    pub from_a: &'m [usize],
    /// Students of `b` who leave it.
    pub from_b: &'m [usize],
}

/// A plan with its account.
#[derive(Clone, Debug)]
pub struct Ledger<'o> {
    objective: &'o Objective,
    /// Group of each student.
    pub group_of: Vec<usize>,
    /// Size of each group.
    pub sizes: Vec<usize>,
    /// Values of all levels.
    pub levels: Levels,
    table: Table,
    /// `sums[g * terms + f]`: separable terms first, then those of the largest deviation.
    sums: Vec<i64>,
    /// Largest weighted deviation of each group.
    largest: Vec<i64>,
    /// The three groups with the largest, with it, the largest first.
    top: Vec<(i64, usize)>,
    /// `reach[g * students + s]`: distance of student s to all of group g; empty where that table would be too large.
    reach: Vec<i64>,
    /// The students of each group in its place: groups are small then.
    members: Vec<Vec<usize>>,
}

/// Most numbers in the table of distances to groups: 8 MB.
const MOST_REACH: usize = 1 << 20;

/// The objective's terms laid out for the inner loop.
#[derive(Clone, Debug)]
struct Table {
    terms: usize,
    /// `entries[s * terms + f]`.
    entries: Vec<i64>,
    /// Level, shape and weight of each term; the separable ones come first.
    costs: Vec<(usize, super::Shape, i64)>,
    separable: usize,
    /// Level and multiplier of the largest deviation, with Λ.
    worst: Option<(usize, i64, i64)>,
    moves: Option<(usize, i64, usize)>,
    distances: Option<(usize, i64, usize)>,
}

impl Table {
    fn new(objective: &Objective) -> Self {
        let mut terms: Vec<(usize, &Term)> = objective.terms.iter().map(|(level, term)| (*level, term)).collect();
        let separable = terms.len();
        let mut table = Self {
            terms: 0,
            entries: Vec::new(),
            costs: Vec::new(),
            separable,
            worst: None,
            moves: None,
            distances: None,
        };
        for (i, goal) in objective.goals.iter().enumerate() {
            match goal.parts.whole {
                Whole::Nothing => {}
                Whole::Largest { sizes_lcm } => {
                    table.worst = Some((goal.at, goal.multiplier, sizes_lcm));
                    terms.extend(goal.parts.terms.iter().map(|term| (goal.at, term)));
                }
                Whole::Moves { .. } => table.moves = Some((goal.at, goal.multiplier, i)),
                Whole::Distances { .. } => table.distances = Some((goal.at, goal.multiplier, i)),
            }
        }
        table.terms = terms.len();
        table.costs = terms.iter().map(|(level, term)| (*level, term.shape, term.weight)).collect();
        table.entries = (0..objective.students).flat_map(|s| terms.iter().map(move |(_, t)| t.entries[s])).collect();
        table
    }

    fn row(&self, student: usize) -> &[i64] {
        &self.entries[student * self.terms..(student + 1) * self.terms]
    }
}

impl<'o> Ledger<'o> {
    /// Opens the account of a plan.
    #[must_use]
    pub fn new(objective: &'o Objective, group_of: Vec<usize>) -> Self {
        let mut ledger = Self {
            table: Table::new(objective),
            objective,
            sizes: Vec::new(),
            levels: [0; MAX_LEVELS],
            sums: Vec::new(),
            largest: Vec::new(),
            top: Vec::new(),
            reach: Vec::new(),
            members: Vec::new(),
            group_of,
        };
        ledger.recount();
        ledger
    }

    /// Takes over another plan.
    pub fn reset(&mut self, group_of: &[usize]) {
        self.group_of.copy_from_slice(group_of);
        self.recount();
    }

    /// The objective that the account is kept for.
    #[must_use]
    pub fn objective(&self) -> &'o Objective {
        self.objective
    }

    /// Sum of each separable term in a group, in the order of [`Ledger::costs`].
    #[must_use]
    pub fn sums(&self, group: usize) -> &[i64] {
        &self.sums[group * self.table.terms..group * self.table.terms + self.table.separable]
    }

    /// Entries of a student in each separable term.
    #[must_use]
    pub fn entries(&self, student: usize) -> &[i64] {
        &self.table.row(student)[..self.table.separable]
    }

    /// Level, shape and weight of each separable term, sorted by level.
    #[must_use]
    pub fn costs(&self) -> &[(usize, super::Shape, i64)] {
        &self.table.costs[..self.table.separable]
    }

    fn recount(&mut self) {
        let (objective, terms, n) = (self.objective, self.table.terms, self.objective.students);
        self.sizes = vec![0; objective.groups];
        self.sums = vec![0; objective.groups * terms];
        for (s, &g) in self.group_of.iter().enumerate() {
            self.sizes[g] += 1;
            let row = self.table.row(s);
            self.sums[g * terms..(g + 1) * terms].iter_mut().zip(row).for_each(|(sum, e)| *sum += e);
        }
        self.levels = [0; MAX_LEVELS];
        self.levels[0] = self.apart_pairs();
        for g in 0..objective.groups {
            for (f, &(level, shape, weight)) in self.table.costs[..self.table.separable].iter().enumerate() {
                self.levels[level] += Term::cost(shape, weight, self.sums[g * terms + f], n as i64);
            }
        }
        if let Some((level, multiplier, _)) = self.table.worst {
            self.largest = (0..objective.groups).map(|g| self.largest_of(g, &[], &[], self.sizes[g])).collect();
            self.rank();
            self.levels[level] += multiplier * self.worst_beside(None);
        }
        if let Some((level, multiplier, goal)) = self.table.moves
            && let Whole::Moves { homes } = &objective.goals[goal].parts.whole
        {
            self.levels[level] += multiplier * super::moves::value(homes, &self.group_of);
        }
        if let Some((level, multiplier, goal)) = self.table.distances
            && let Whole::Distances { matrix, .. } = &objective.goals[goal].parts.whole
        {
            if objective.groups * n > MOST_REACH {
                self.members = vec![Vec::new(); objective.groups];
                self.group_of.iter().enumerate().for_each(|(s, &g)| self.members[g].push(s));
            } else {
                self.reach = vec![0; objective.groups * n];
                for (t, &g) in self.group_of.iter().enumerate() {
                    let row = &matrix[t * n..(t + 1) * n];
                    self.reach[g * n..(g + 1) * n].iter_mut().zip(row).for_each(|(reach, d)| *reach += d);
                }
            }
            self.levels[level] += multiplier * super::diversity::value(matrix, &self.group_of);
        }
    }

    fn apart_pairs(&self) -> i64 {
        let meets = |s: usize| {
            self.objective.apart[s].iter().filter(|&&t| t < s && self.group_of[t] == self.group_of[s]).count() as i64
        };
        (0..self.group_of.len()).map(meets).sum()
    }

    /// Change of every level down to `until` (inclusive) if the exchange were made; deeper entries are 0.
    #[must_use]
    pub fn delta(&self, exchange: Exchange<'_>, until: usize) -> Levels {
        let mut delta = [0; MAX_LEVELS];
        delta[0] = self.apart_delta(exchange);
        self.separable_delta(exchange, until, &mut delta);
        if let Some((level, multiplier, _)) = self.table.worst.filter(|(level, ..)| *level <= until) {
            let Exchange { a, b, from_a, from_b } = exchange;
            let (more, less) = (from_b.len(), from_a.len());
            let new_a = self.largest_of(a, from_a, from_b, self.sizes[a] + more - less);
            let new_b = self.largest_of(b, from_b, from_a, self.sizes[b] + less - more);
            let others = self.worst_beside(Some((a, b)));
            delta[level] += multiplier * (others.max(new_a).max(new_b) - self.worst_beside(None));
        }
        if let Some((level, multiplier, goal)) = self.table.moves.filter(|(level, ..)| *level <= until) {
            delta[level] += multiplier * self.moves_delta(exchange, goal);
        }
        if let Some((level, multiplier, goal)) = self.table.distances.filter(|(level, ..)| *level <= until) {
            delta[level] += multiplier * self.distances_delta(exchange, goal);
        }
        delta
    }

    fn separable_delta(&self, exchange: Exchange<'_>, until: usize, delta: &mut Levels) {
        let (n, terms) = (self.objective.students as i64, self.table.terms);
        let sums_a = &self.sums[exchange.a * terms..][..terms];
        let sums_b = &self.sums[exchange.b * terms..][..terms];
        let change = |f: usize| -> i64 {
            let entry = |s: &usize| self.table.entries[s * terms + f];
            exchange.from_b.iter().map(entry).sum::<i64>() - exchange.from_a.iter().map(entry).sum::<i64>()
        };
        for (f, &(level, shape, weight)) in self.table.costs[..self.table.separable].iter().enumerate() {
            if level > until {
                break;
            }
            let d = change(f);
            if d != 0 {
                let (a, b) = (sums_a[f], sums_b[f]);
                delta[level] += Term::cost(shape, weight, a + d, n) - Term::cost(shape, weight, a, n)
                    + Term::cost(shape, weight, b - d, n)
                    - Term::cost(shape, weight, b, n);
            }
        }
    }

    /// Largest weighted deviation of a group after `leave` left and `join` came.
    fn largest_of(&self, group: usize, leave: &[usize], join: &[usize], size: usize) -> i64 {
        let Some((_, _, sizes_lcm)) = self.table.worst else { return 0 };
        let factor = sizes_lcm / (size as i64).max(1);
        let terms = self.table.terms;
        let of = |f: usize| {
            let entry = |s: &usize| self.table.entries[s * terms + f];
            let d = self.sums[group * terms + f] + join.iter().map(entry).sum::<i64>()
                - leave.iter().map(entry).sum::<i64>();
            self.table.costs[f].2 * d.abs() * factor
        };
        (self.table.separable..terms).map(of).max().unwrap_or(0)
    }

    fn apart_delta(&self, Exchange { a, b, from_a, from_b }: Exchange<'_>) -> i64 {
        let apart = &self.objective.apart;
        // Only students who stay in their group count: those who leave together keep their meetings among themselves.
        let meets = |s: usize, group: usize, leaving: &[usize]| {
            apart[s].iter().filter(|&&t| self.group_of[t] == group && !leaving.contains(&t)).count() as i64
        };
        let gain = |s: usize, home: usize, other: usize, mates: &[usize], leaving: &[usize]| {
            meets(s, other, leaving) - meets(s, home, mates)
        };
        from_a.iter().map(|&s| gain(s, a, b, from_a, from_b)).sum::<i64>()
            + from_b.iter().map(|&s| gain(s, b, a, from_b, from_a)).sum::<i64>()
    }

    fn moves_delta(&self, Exchange { a, b, from_a, from_b }: Exchange<'_>, goal: usize) -> i64 {
        let Whole::Moves { homes } = &self.objective.goals[goal].parts.whole else { return 0 };
        let gain = |s: usize, from: usize, to: usize| match homes[s] {
            Some(home) => i64::from(home == from) - i64::from(home == to),
            None => 0,
        };
        from_a.iter().map(|&s| gain(s, a, b)).sum::<i64>() + from_b.iter().map(|&s| gain(s, b, a)).sum::<i64>()
    }

    /// Change of the distance between groups: what is lost inside minus what is won.
    fn distances_delta(&self, Exchange { a, b, from_a, from_b }: Exchange<'_>, goal: usize) -> i64 {
        let Whole::Distances { matrix, .. } = &self.objective.goals[goal].parts.whole else { return 0 };
        let n = self.objective.students;
        let to = |s: usize, group: usize| match self.members.get(group) {
            Some(members) => members.iter().map(|&t| matrix[s * n + t]).sum(),
            None => self.reach[group * n + s],
        };
        let among = |list: &[usize]| -> i64 {
            list.iter().enumerate().map(|(i, &s)| list[..i].iter().map(|&t| matrix[s * n + t]).sum::<i64>()).sum()
        };
        let across: i64 = from_a.iter().flat_map(|&s| from_b.iter().map(move |&t| matrix[s * n + t])).sum();
        let before: i64 = from_a.iter().map(|&s| to(s, a)).sum::<i64>() + from_b.iter().map(|&s| to(s, b)).sum::<i64>();
        let after: i64 = from_a.iter().map(|&s| to(s, b)).sum::<i64>() + from_b.iter().map(|&s| to(s, a)).sum::<i64>();
        before - after + 2 * across - 2 * (among(from_a) + among(from_b))
    }

    /// Makes the exchange.
    pub fn apply(&mut self, exchange: Exchange<'_>) {
        let delta = self.delta(exchange, MAX_LEVELS);
        self.levels.iter_mut().zip(delta).for_each(|(level, d)| *level += d);
        let Exchange { a, b, from_a, from_b } = exchange;
        for &s in from_a {
            self.transfer(s, a, b);
        }
        for &s in from_b {
            self.transfer(s, b, a);
        }
        if self.table.worst.is_some() {
            self.largest[a] = self.largest_of(a, &[], &[], self.sizes[a]);
            self.largest[b] = self.largest_of(b, &[], &[], self.sizes[b]);
            let least = self.top.last().map_or(0, |top| top.0);
            if self.top.iter().any(|top| top.1 == a || top.1 == b) || self.largest[a].max(self.largest[b]) > least {
                self.rank();
            }
        }
    }

    /// The largest deviation of all groups, or of all but two.
    fn worst_beside(&self, but: Option<(usize, usize)>) -> i64 {
        let other = |&&(_, g): &&(i64, usize)| but.is_none_or(|(a, b)| g != a && g != b);
        self.top.iter().find(other).map_or(0, |top| top.0)
    }

    /// Finds the three groups with the largest deviation.
    fn rank(&mut self) {
        self.top.clear();
        for (g, &deviation) in self.largest.iter().enumerate() {
            let at = self.top.iter().position(|top| top.0 < deviation).unwrap_or(self.top.len());
            if at < 3 {
                self.top.truncate(2);
                self.top.insert(at.min(self.top.len()), (deviation, g));
            }
        }
    }

    fn transfer(&mut self, s: usize, from: usize, to: usize) {
        let (terms, n) = (self.table.terms, self.objective.students);
        for f in 0..terms {
            let e = self.table.entries[s * terms + f];
            self.sums[from * terms + f] -= e;
            self.sums[to * terms + f] += e;
        }
        if !self.members.is_empty() {
            self.members[from].retain(|&member| member != s);
            self.members[to].push(s);
        } else if let Some((_, _, goal)) = self.table.distances
            && let Whole::Distances { matrix, .. } = &self.objective.goals[goal].parts.whole
        {
            for (t, d) in matrix[s * n..(s + 1) * n].iter().enumerate() {
                self.reach[from * n + t] -= d;
                self.reach[to * n + t] += d;
            }
        }
        self.sizes[from] -= 1;
        self.sizes[to] += 1;
        self.group_of[s] = to;
    }
}
