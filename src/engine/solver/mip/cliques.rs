//! Cliques of the apart graph: students of whom no two may share a group.

use crate::problem::rules::Rule;

/// Most steps of the exact clique search; classes need a few hundred.
const SEARCH_STEPS: usize = 200_000;

/// The apart graph of some rules: `graph[s][t]` tells that s and t must not share a group.
#[must_use]
pub fn apart_graph(students: usize, rules: &[Rule]) -> Vec<Vec<bool>> {
    let mut graph = vec![vec![false; students]; students];
    for rule in rules {
        let Rule::Apart(list) = rule else { continue };
        for &s in list {
            list.iter().filter(|&&t| t != s).for_each(|&t| graph[s][t] = true);
        }
    }
    graph
}

/// A largest clique, ascending; of several the first found in order of degree. Exact unless the graph is so dense that the
/// search runs out of steps, when it is the largest seen.
#[must_use]
pub fn largest_clique(graph: &[Vec<bool>]) -> Vec<usize> {
    let degree = |s: &usize| graph[*s].iter().filter(|&&is| is).count();
    let mut vertices: Vec<usize> = (0..graph.len()).filter(|s| degree(s) > 0).collect();
    vertices.sort_by_key(|s| (std::cmp::Reverse(degree(s)), *s));
    let mut search = Search { graph, best: Vec::new(), steps: 0 };
    search.grow(&mut Vec::new(), &vertices);
    search.best.sort_unstable();
    search.best
}

struct Search<'g> {
    graph: &'g [Vec<bool>],
    best: Vec<usize>,
    steps: usize,
}

impl Search<'_> {
    /// Extends `clique` by `candidates`, all of which are neighbours of all of it (branch and bound with a greedy colouring).
    fn grow(&mut self, clique: &mut Vec<usize>, candidates: &[usize]) {
        self.steps += 1;
        if clique.len() > self.best.len() {
            self.best.clone_from(clique);
        }
        if self.steps > SEARCH_STEPS {
            return;
        }
        let mut coloured = self.colour(candidates);
        while let Some((s, colours)) = coloured.pop() {
            if clique.len() + colours <= self.best.len() {
                return;
            }
            let rest: Vec<usize> = coloured.iter().map(|&(t, _)| t).filter(|&t| self.graph[s][t]).collect();
            clique.push(s);
            self.grow(clique, &rest);
            clique.pop();
        }
    }

    /// Vertices by colour class, each with the number of colours used so far: no clique among them and earlier ones is larger.
    fn colour(&self, vertices: &[usize]) -> Vec<(usize, usize)> {
        let mut classes: Vec<Vec<usize>> = Vec::new();
        for &s in vertices {
            match classes.iter_mut().find(|class| class.iter().all(|&t| !self.graph[s][t])) {
                Some(class) => class.push(s),
                None => classes.push(vec![s]),
            }
        }
        classes.iter().enumerate().flat_map(|(i, class)| class.iter().map(move |&s| (s, i + 1))).collect()
    }
}

/// Cliques that cover every edge, each grown until no vertex fits.
#[cfg(feature = "mip")]
pub(super) fn cover(graph: &[Vec<bool>]) -> Vec<Vec<usize>> {
    let mut open: Vec<Vec<bool>> = graph.to_vec();
    let mut cliques = Vec::new();
    for s in 0..graph.len() {
        while let Some(t) = (s + 1..graph.len()).find(|&t| open[s][t]) {
            let clique = maximal(graph, &open, [s, t]);
            for &a in &clique {
                for &b in &clique {
                    open[a][b] = false;
                }
            }
            cliques.push(clique);
        }
    }
    cliques
}

/// Grows an edge to a maximal clique, preferring vertices with most uncovered edges into it.
#[cfg(feature = "mip")]
fn maximal(graph: &[Vec<bool>], open: &[Vec<bool>], edge: [usize; 2]) -> Vec<usize> {
    let mut clique = edge.to_vec();
    loop {
        let fits = (0..graph.len()).filter(|&s| clique.iter().all(|&t| graph[s][t]));
        let gain = |s: usize| clique.iter().filter(|&&t| open[s][t]).count();
        let Some(next) = fits.max_by_key(|&s| (gain(s), std::cmp::Reverse(s))) else { return clique };
        clique.push(next);
    }
}
