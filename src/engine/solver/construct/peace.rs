//! Keeping apart who must be apart: tabu search over exchanges of atoms of one size, as in colouring a graph with classes of
//! given sizes. Sizes, together lists and pins stay as they are; a tier changes its group's count only where nothing else helps.

use crate::goals::Objective;
use crate::problem::Problem;
use crate::solver::atoms::Atoms;
use crate::solver::stop::Stop;
use rand::{Rng, RngExt};

/// Exchanges tried per atom before the search gives up.
const STEPS_PER_ATOM: usize = 60;
/// Least number of steps before an atom may return to a group that it left; up to as many again are added at random.
const TENURE: usize = 8;

/// Exchanges priced before the search gives up, where many atoms are in trouble at once.
const MOST_PRICED: u64 = 50_000_000;

/// A plan as atoms in groups, with who meets whom.
struct Peace<'a> {
    atoms: &'a Atoms,
    tier_of: Option<&'a [usize]>,
    /// Neighbours of each atom: those it must not meet.
    enemies: Vec<Vec<usize>>,
    group_of: Vec<usize>,
    meets: Meets,
    /// Groups that an atom has left lately, each with the step from which it may return.
    closed: Vec<Vec<(usize, usize)>>,
    /// Exchanges priced so far.
    priced: u64,
}

/// Numbers of a table of enemies beyond which they are kept in lists: 32 MB.
const MOST_CELLS: usize = 1 << 23;

/// How many enemies of an atom are in a group.
enum Meets {
    /// `cells[atom * groups + g]`.
    Table { cells: Vec<u32>, groups: usize },
    /// The groups of each atom's enemies.
    Lists(Vec<Vec<(usize, u32)>>),
}

impl Meets {
    fn new(atoms: usize, groups: usize) -> Self {
        if atoms * groups <= MOST_CELLS {
            Self::Table { cells: vec![0; atoms * groups], groups }
        } else {
            Self::Lists(vec![Vec::new(); atoms])
        }
    }

    fn at(&self, atom: usize, group: usize) -> u32 {
        match self {
            Self::Table { cells, groups } => cells[atom * groups + group],
            Self::Lists(lists) => lists[atom].iter().find(|(g, _)| *g == group).map_or(0, |(_, count)| *count),
        }
    }

    fn comes(&mut self, atom: usize, group: usize) {
        match self {
            Self::Table { cells, groups } => cells[atom * *groups + group] += 1,
            Self::Lists(lists) => match lists[atom].iter_mut().find(|(g, _)| *g == group) {
                Some((_, count)) => *count += 1,
                None => lists[atom].push((group, 1)),
            },
        }
    }

    fn leaves(&mut self, atom: usize, group: usize) {
        match self {
            Self::Table { cells, groups } => cells[atom * *groups + group] -= 1,
            Self::Lists(lists) => {
                lists[atom].iter_mut().filter(|(g, _)| *g == group).for_each(|(_, count)| *count -= 1);
                lists[atom].retain(|(_, count)| *count > 0);
            }
        }
    }
}

/// Exchanges atoms until no apart rule is broken, the steps are used up, or the stop is reached; `plan` is the best plan seen.
pub(super) fn make(
    problem: &Problem,
    objective: &Objective,
    atoms: &Atoms,
    plan: &mut [usize],
    (stop, rng): (&Stop, &mut impl Rng),
) {
    if objective.apart.iter().all(Vec::is_empty) {
        return;
    }
    let mut peace = Peace::new(problem, objective, atoms, plan);
    let mut broken = peace.broken();
    let mut best = (broken, peace.group_of.clone());
    for step in 0..STEPS_PER_ATOM * atoms.list.len() {
        if broken == 0 || peace.priced > MOST_PRICED || stop.reached().is_some() {
            break;
        }
        let over = i64::from(broken) - i64::from(best.0);
        let Some((x, y, change)) = peace.best_exchange((step, over), || stop.reached().is_some(), rng) else { break };
        peace.exchange(x, y, step, rng);
        broken = broken.saturating_add_signed(change);
        if broken < best.0 {
            best = (broken, peace.group_of.clone());
        }
    }
    for (atom, &group) in atoms.list.iter().zip(&best.1) {
        atom.students.iter().for_each(|&s| plan[s] = group);
    }
}

impl<'a> Peace<'a> {
    fn new(problem: &'a Problem, objective: &Objective, atoms: &'a Atoms, plan: &[usize]) -> Self {
        let of = |atom: usize| {
            let students = atoms.list[atom].students.iter();
            let mut of: Vec<usize> = students.flat_map(|&s| &objective.apart[s]).map(|&t| atoms.of[t]).collect();
            of.sort_unstable();
            of.dedup();
            of
        };
        let enemies: Vec<Vec<usize>> = (0..atoms.list.len()).map(of).collect();
        let group_of: Vec<usize> = atoms.list.iter().map(|atom| plan[atom.students[0]]).collect();
        let mut meets = Meets::new(enemies.len(), problem.groups);
        for (atom, list) in enemies.iter().enumerate() {
            for &enemy in list {
                meets.comes(atom, group_of[enemy]);
            }
        }
        let tier_of = problem.tiers.as_ref().map(|tiers| tiers.of.as_slice());
        let closed = vec![Vec::new(); enemies.len()];
        Self { atoms, tier_of, enemies, group_of, meets, closed, priced: 0 }
    }

    /// Pairs of enemies in one group.
    fn broken(&self) -> u32 {
        (0..self.group_of.len()).map(|atom| self.at(atom, self.group_of[atom])).sum::<u32>() / 2
    }

    fn at(&self, atom: usize, group: usize) -> u32 {
        self.meets.at(atom, group)
    }

    /// The exchange of an atom in trouble that breaks least, not one made undone lately unless it is the best ever (`over` the
    /// best); then one inside a tier; then at random.
    fn best_exchange(
        &mut self,
        (step, over): (usize, i64),
        ended: impl Fn() -> bool,
        rng: &mut impl Rng,
    ) -> Option<(usize, usize, i32)> {
        let mut best: Option<((i32, bool, u32), usize, usize)> = None;
        let mut priced = 0;
        for x in (0..self.group_of.len()).filter(|&x| self.may_move(x) && self.at(x, self.group_of[x]) > 0) {
            if self.priced + priced > MOST_PRICED || ended() {
                break;
            }
            for y in (0..self.group_of.len()).filter(|&y| self.may_move(y) && self.fits(x, y)) {
                priced += 1;
                let change = self.change(x, y);
                let wins = over + i64::from(change) < 0;
                if self.is_closed(x, y, step) && !wins {
                    continue;
                }
                let tier = |atom: usize| self.tier_of.map(|of| of[self.atoms.list[atom].students[0]]);
                let rank = (change, tier(x) != tier(y), rng.random::<u32>());
                if best.is_none_or(|(least, ..)| rank < least) {
                    best = Some((rank, x, y));
                }
            }
        }
        self.priced += priced;
        best.map(|((change, ..), x, y)| (x, y, change))
    }

    fn may_move(&self, atom: usize) -> bool {
        self.atoms.list[atom].pin.is_none()
    }

    fn fits(&self, x: usize, y: usize) -> bool {
        self.group_of[x] != self.group_of[y] && self.atoms.list[x].students.len() == self.atoms.list[y].students.len()
    }

    fn is_closed(&self, x: usize, y: usize, step: usize) -> bool {
        let closed = |atom: usize, group: usize| self.closed[atom].iter().any(|&(g, from)| g == group && from > step);
        closed(x, self.group_of[y]) || closed(y, self.group_of[x])
    }

    /// Change of the broken pairs by exchanging `x` and `y`.
    fn change(&self, x: usize, y: usize) -> i32 {
        let (a, b) = (self.group_of[x], self.group_of[y]);
        let before = self.at(x, a) + self.at(y, b);
        // Enemies who change places do not meet.
        let after = self.at(x, b) + self.at(y, a) - 2 * u32::from(self.enemies[x].contains(&y));
        after.cast_signed() - before.cast_signed()
    }

    fn exchange(&mut self, x: usize, y: usize, step: usize, rng: &mut impl Rng) {
        let (a, b) = (self.group_of[x], self.group_of[y]);
        for (atom, from, to) in [(x, a, b), (y, b, a)] {
            for &enemy in &self.enemies[atom] {
                self.meets.leaves(enemy, from);
                self.meets.comes(enemy, to);
            }
            self.group_of[atom] = to;
            self.closed[atom].retain(|&(group, open_from)| group != from && open_from > step);
            self.closed[atom].push((from, step + TENURE + rng.random_range(0..TENURE)));
        }
    }
}
