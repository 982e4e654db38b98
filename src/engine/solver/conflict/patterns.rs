//! Conflicts that can be seen without search. Each pattern is a proof by itself; the set need not be irreducible.

use crate::problem::{Problem, rules::Rule};
use crate::solver::mip::{MOST_STUDENTS, MipLimits, apart_graph, largest_clique, smallest_hitting_set};
use crate::solver::stop::Stop;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

/// The shortest set of rules (by index) in a plain conflict, if there is one.
pub(super) fn shortest(problem: &Problem, stop: &Stop) -> Option<Vec<usize>> {
    let view = View::new(problem, stop);
    let mut found: Vec<Vec<usize>> = Vec::new();
    found.extend(view.lonely_kind());
    found.extend(view.large_atom());
    found.extend(view.two_groups());
    found.extend(view.apart_in_atom());
    found.extend(view.apart_in_group());
    found.extend(view.full_group());
    found.extend(view.large_clique(stop));
    for rules in &mut found {
        rules.sort_unstable();
        rules.dedup();
    }
    found.into_iter().min_by_key(Vec::len)
}

/// The rules by kind, with their indices.
struct View<'p> {
    problem: &'p Problem,
    largest: usize,
    together: Vec<(usize, &'p [usize])>,
    apart: Vec<(usize, &'p [usize])>,
    /// Rule, student, group.
    pins: Vec<(usize, usize, usize)>,
    /// The first of the students whom together lists bind to each.
    bound_to: Vec<usize>,
    /// Indices into `pins` by `bound_to`, ascending.
    pins_of: HashMap<usize, Vec<usize>>,
    stop: &'p Stop,
}

impl<'p> View<'p> {
    fn new(problem: &'p Problem, stop: &'p Stop) -> Self {
        let mut view = Self {
            problem,
            largest: problem.students.div_ceil(problem.groups),
            together: Vec::new(),
            apart: Vec::new(),
            pins: Vec::new(),
            bound_to: bound_to(problem),
            pins_of: HashMap::new(),
            stop,
        };
        for (i, rule) in problem.rules.iter().enumerate() {
            match rule {
                Rule::Together(list) => view.together.push((i, list)),
                Rule::Apart(list) => view.apart.push((i, list)),
                Rule::Pin { student, group } => view.pins.push((i, *student, *group)),
                Rule::NeverAlone(_) | Rule::TierQuota => {}
            }
        }
        for (i, pin) in view.pins.iter().enumerate() {
            view.pins_of.entry(view.bound_to[pin.1]).or_default().push(i);
        }
        view
    }

    /// Pins of the students who are bound to this one, in order.
    fn pins_beside(&self, student: usize) -> impl Iterator<Item = (usize, &(usize, usize, usize))> {
        self.pins_of.get(&self.bound_to[student]).into_iter().flatten().map(|&i| (i, &self.pins[i]))
    }

    fn is_stopped(&self) -> bool {
        self.stop.reached().is_some()
    }

    /// Together lists that bind two students, the fewest; empty for a student and itself.
    fn bond(&self, from: usize, to: usize) -> Option<Vec<usize>> {
        if self.bound_to[from] != self.bound_to[to] || self.is_stopped() {
            return None;
        }
        let mut reached: Vec<Option<(usize, usize)>> = vec![None; self.problem.students];
        let mut queue = VecDeque::from([from]);
        while let Some(s) = queue.pop_front() {
            if s == to {
                return Some(trace(&reached, from, to));
            }
            for (rule, list) in self.together.iter().filter(|(_, list)| list.contains(&s)) {
                for &t in list.iter().filter(|&&t| t != from) {
                    if reached[t].is_none() {
                        reached[t] = Some((s, *rule));
                        queue.push_back(t);
                    }
                }
            }
        }
        None
    }

    /// Never alone, but there is only one of the kind.
    fn lonely_kind(&self) -> Option<Vec<usize>> {
        let lonely = |rule: &Rule| matches!(rule, Rule::NeverAlone(kind) if self.problem.kinds[*kind].total == 1);
        self.problem.rules.iter().position(lonely).map(|i| vec![i])
    }

    /// Students bound together, more than the largest group holds.
    fn large_atom(&self) -> Option<Vec<usize>> {
        let grow = |&(start, first): &(usize, &[usize])| {
            let (mut rules, mut students) = (vec![start], first.to_vec());
            while students.len() <= self.largest {
                let new = |list: &[usize]| list.iter().filter(|s| !students.contains(s)).count();
                let touches = |list: &[usize]| new(list) < list.len() && new(list) > 0;
                let (rule, list) =
                    *self.together.iter().filter(|(_, list)| touches(list)).max_by_key(|(_, list)| new(list))?;
                let more: Vec<usize> = list.iter().copied().filter(|s| !students.contains(s)).collect();
                students.extend(more);
                rules.push(rule);
            }
            Some(rules)
        };
        let mut sizes = vec![0; self.problem.students];
        self.bound_to.iter().for_each(|&first| sizes[first] += 1);
        let is_large = |list: &[usize]| list.first().is_some_and(|&s| sizes[self.bound_to[s]] > self.largest);
        self.together
            .iter()
            .filter(|(_, list)| is_large(list) && !self.is_stopped())
            .filter_map(grow)
            .min_by_key(Vec::len)
    }

    /// Students bound together and pinned to two groups; one student pinned twice among them.
    fn two_groups(&self) -> Option<Vec<usize>> {
        let before =
            |i: usize, a| self.pins_beside(self.pins[i].1).filter(move |(j, _)| *j < i).map(move |(_, b)| (a, b));
        let pairs = self.pins.iter().enumerate().flat_map(|(i, a)| before(i, a));
        let conflict = |(a, b): (&(usize, usize, usize), &(usize, usize, usize))| {
            let bond = self.bond(a.1, b.1).filter(|_| a.2 != b.2)?;
            Some([vec![a.0, b.0], bond].concat())
        };
        pairs.filter_map(conflict).min_by_key(Vec::len)
    }

    /// Pairs that must be apart, with the statement that says so.
    fn apart_pairs(&self) -> impl Iterator<Item = (usize, usize, usize)> {
        let pairs = |&(rule, list): &(usize, &'p [usize])| {
            list.iter()
                .enumerate()
                .flat_map(move |(i, &s)| list[..i].iter().map(move |&t| (rule, s, t)))
                .collect::<Vec<_>>()
        };
        self.apart.iter().flat_map(pairs)
    }

    /// Students bound together who must be apart.
    fn apart_in_atom(&self) -> Option<Vec<usize>> {
        let conflict = |(rule, s, t): (usize, usize, usize)| Some([vec![rule], self.bond(s, t)?].concat());
        self.apart_pairs().filter_map(conflict).min_by_key(Vec::len)
    }

    /// Students who must be apart and are pinned to one group, themselves or through others.
    fn apart_in_group(&self) -> Option<Vec<usize>> {
        let pinned = |s: usize, group: usize| {
            let pins = self.pins_beside(s).map(|(_, pin)| pin).filter(move |pin| pin.2 == group);
            pins.filter_map(|pin| Some([vec![pin.0], self.bond(s, pin.1)?].concat())).min_by_key(Vec::len)
        };
        let conflict = |(rule, s, t): (usize, usize, usize)| {
            let in_group = |g: usize| Some([vec![rule], pinned(s, g)?, pinned(t, g)?].concat());
            let groups: BTreeSet<usize> = self.pins_beside(s).map(|(_, pin)| pin.2).collect();
            groups.into_iter().filter_map(in_group).min_by_key(Vec::len)
        };
        self.apart_pairs().filter_map(conflict).min_by_key(Vec::len)
    }

    /// More students pinned to a group than it can have.
    fn full_group(&self) -> Option<Vec<usize>> {
        let mut groups: BTreeMap<usize, (HashSet<usize>, Vec<usize>)> = BTreeMap::new();
        for &(rule, student, group) in &self.pins {
            let (students, rules) = groups.entry(group).or_default();
            if students.insert(student) {
                rules.push(rule);
            }
        }
        let mut rules = groups.into_values().map(|(_, rules)| rules).find(|rules| rules.len() > self.largest)?;
        rules.truncate(self.largest + 1);
        Some(rules)
    }

    /// More students who must all be apart than there are groups, with the fewest statements that say so of a part of them.
    fn large_clique(&self, stop: &Stop) -> Option<Vec<usize>> {
        if let Some((rule, _)) = self.apart.iter().find(|(_, list)| list.len() > self.problem.groups) {
            return Some(vec![*rule]);
        }
        if self.problem.students > MOST_STUDENTS || self.is_stopped() {
            return None;
        }
        let mut clique = largest_clique(&apart_graph(self.problem.students, &self.problem.rules));
        if clique.len() <= self.problem.groups {
            return None;
        }
        clique.truncate(self.problem.groups + 1);
        let says = |s: usize, t: usize| {
            let both = |list: &[usize]| list.contains(&s) && list.contains(&t);
            self.apart.iter().filter(|(_, list)| both(list)).map(|(rule, _)| *rule).collect::<Vec<_>>()
        };
        let pairs = clique.iter().enumerate().flat_map(|(i, &s)| clique[..i].iter().map(move |&t| (s, t)));
        let sets: Vec<Vec<usize>> = pairs.map(|(s, t)| says(s, t)).collect();
        let all = || sets.iter().flatten().copied().collect();
        let limits = MipLimits { nodes: 1_000, seed: 1 };
        Some(smallest_hitting_set(self.problem.rules.len(), &sets, limits, stop).unwrap_or_else(all))
    }
}

/// The first of the students whom together lists bind to each: a student's own number where nobody is.
fn bound_to(problem: &Problem) -> Vec<usize> {
    let mut first: Vec<usize> = (0..problem.students).collect();
    let root = |first: &[usize], mut s: usize| {
        while first[s] != s {
            s = first[s];
        }
        s
    };
    for rule in &problem.rules {
        let Rule::Together(list) = rule else { continue };
        let least = list.iter().map(|&s| root(&first, s)).min();
        for &s in list {
            let other = root(&first, s);
            first[other] = least.unwrap_or(other);
        }
    }
    (0..problem.students).map(|s| root(&first, s)).collect()
}

/// The rules on the way back from `to`; every student but `from` knows whom it was reached from, and by which rule.
fn trace(reached: &[Option<(usize, usize)>], from: usize, to: usize) -> Vec<usize> {
    let step = |s: usize| reached[s].filter(|_| s != from);
    std::iter::successors(step(to), |&(before, _)| step(before)).map(|(_, rule)| rule).collect()
}
