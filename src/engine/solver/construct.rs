//! A first plan: sizes exact, together and pins kept, tier quotas followed, apart students kept apart: by placing those with many
//! enemies early, then by exchanges (`peace`).

mod peace;

use super::atoms::Atoms;
use super::stop::Stop;
use crate::goals::Objective;
use crate::problem::{Problem, quotas::optimal_table};
use rand::Rng;
use rand::seq::SliceRandom;
use std::collections::{BTreeSet, HashMap};

/// Builds a plan at random within the quotas; none where an atom finds no group with room (the MIP then looks for one).
pub fn construct(
    problem: &Problem,
    objective: &Objective,
    atoms: &Atoms,
    stop: &Stop,
    rng: &mut impl Rng,
) -> Option<Vec<usize>> {
    let mut draft = Draft::new(problem, objective, atoms, rng);
    let mut order: Vec<usize> = (0..atoms.list.len()).collect();
    order.shuffle(rng);
    let rarity = |atom: usize| draft.tier_total(atoms.list[atom].students[0]);
    // The least free first: pinned, then long, then those with many enemies, then rare tiers.
    order.sort_by_cached_key(|&atom| {
        let students = &atoms.list[atom].students;
        let enemies: usize = students.iter().map(|&s| objective.apart[s].len()).sum();
        let free = atoms.list[atom].pin.is_none();
        (free, usize::MAX - students.len(), usize::MAX - enemies, rarity(atom))
    });
    for atom in order {
        draft.place(&atoms.list[atom].students, atoms.list[atom].pin)?;
    }
    let mut plan = draft.group_of;
    peace::make(problem, objective, atoms, &mut plan, (stop, rng));
    Some(plan)
}

struct Draft<'a> {
    problem: &'a Problem,
    objective: &'a Objective,
    /// Quota still open, `open[g][t]`; one column without tiers.
    open: Vec<Vec<i64>>,
    room: Vec<usize>,
    /// Of each tier the groups with room, those with the most open quota first, then those with the most room.
    ranked: Vec<BTreeSet<Rank>>,
    group_of: Vec<usize>,
}

/// A group's place for a student of some tier: how little of its quota is open, how little room it has, its number.
type Rank = (i64, usize, usize);

impl<'a> Draft<'a> {
    fn new(problem: &'a Problem, objective: &'a Objective, atoms: &Atoms, rng: &mut impl Rng) -> Self {
        let sizes = problem.sizes();
        let table = match &problem.tiers {
            Some(tiers) => optimal_table(problem, tiers).cells,
            None => sizes.iter().map(|&size| vec![size as i64]).collect(),
        };
        // Large groups and quota rows go to groups at random, but to those with the most pins first.
        let mut groups: Vec<usize> = (0..problem.groups).collect();
        groups.shuffle(rng);
        let mut pinned = vec![0; problem.groups];
        for atom in &atoms.list {
            atom.pin.into_iter().for_each(|g| pinned[g] += atom.students.len());
        }
        groups.sort_by_cached_key(|&g| usize::MAX - pinned[g]);
        let mut draft = Self {
            problem,
            objective,
            open: vec![Vec::new(); problem.groups],
            room: vec![0; problem.groups],
            ranked: vec![BTreeSet::new(); problem.tiers.as_ref().map_or(1, |tiers| tiers.totals.len())],
            group_of: vec![usize::MAX; problem.students],
        };
        for (row, &g) in groups.iter().enumerate() {
            draft.room[g] = sizes[row];
            draft.open[g].clone_from(&table[row]);
            draft.rank(g);
        }
        draft
    }

    fn tier(&self, student: usize) -> usize {
        self.problem.tiers.as_ref().map_or(0, |tiers| tiers.of[student])
    }

    fn tier_total(&self, student: usize) -> i64 {
        self.problem.tiers.as_ref().map_or(0, |tiers| tiers.totals[tiers.of[student]])
    }

    /// The group's place for each tier; it has none without room.
    fn rank_of(&self, group: usize, tier: usize) -> Rank {
        (-self.open[group][tier].min(1), usize::MAX - self.room[group], group)
    }

    fn rank(&mut self, group: usize) {
        for tier in 0..self.ranked.len() {
            let rank = self.rank_of(group, tier);
            if self.room[group] > 0 {
                self.ranked[tier].insert(rank);
            }
        }
    }

    fn unrank(&mut self, group: usize) {
        for tier in 0..self.ranked.len() {
            let rank = self.rank_of(group, tier);
            self.ranked[tier].remove(&rank);
        }
    }

    /// The group with room where the fewest enemies sit and the quota is most open.
    fn place(&mut self, students: &[usize], pin: Option<usize>) -> Option<()> {
        let best = self.best_place(students, pin)?;
        self.unrank(best);
        for &s in students {
            let tier = self.tier(s);
            self.open[best][tier] -= 1;
            self.room[best] -= 1;
            self.group_of[s] = best;
        }
        self.rank(best);
        Some(())
    }

    fn best_place(&self, students: &[usize], pin: Option<usize>) -> Option<usize> {
        let fits = |g: &usize| self.room[*g] >= students.len();
        if pin.is_some() {
            return pin.filter(fits);
        }
        let mut seated: HashMap<usize, usize> = HashMap::new();
        for enemy in students.iter().flat_map(|&s| &self.objective.apart[s]) {
            *seated.entry(self.group_of[*enemy]).or_default() += 1;
        }
        let enemies = |g: usize| seated.get(&g).copied().unwrap_or(0);
        if let [student] = students {
            let ranked = &self.ranked[self.tier(*student)];
            let at_peace = ranked.iter().find(|rank| enemies(rank.2) == 0);
            return at_peace.or_else(|| ranked.iter().min_by_key(|rank| (enemies(rank.2), **rank))).map(|rank| rank.2);
        }
        let open = |g: usize| students.iter().map(|&s| self.open[g][self.tier(s)].min(1)).sum::<i64>();
        (0..self.problem.groups).filter(fits).min_by_key(|&g| (enemies(g), -open(g), usize::MAX - self.room[g]))
    }
}
