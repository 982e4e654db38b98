//! How many groups each class gets where its sizes leave a choice: the fewest groups without a teacher over all classes, then
//! the numbers nearest to those wanted (models/formulation.md, rows C1–C5).

use crate::solver::mip::MipLimits;
use crate::solver::mip::program::{Column, Program, Sum, total};
use crate::solver::stop::Stop;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Nodes of each of the two searches.
const NODES: i64 = 5_000;

/// One class: how many groups it may and should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Fewest groups.
    pub least: i64,
    /// Most groups.
    pub most: i64,
    /// As many as are wanted.
    pub wanted: i64,
    /// Students of the class.
    pub students: i64,
    /// Their home visits a semester.
    pub visits: i64,
}

/// A teacher before there are groups: of which classes some may be taken, and what can be carried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carrier {
    /// By class: whether a group of it may be taken.
    pub may_take: Vec<bool>,
    /// Most groups.
    pub max_groups: Option<i64>,
    /// Most students.
    pub max_students: Option<i64>,
    /// Most visits a semester.
    pub max_visits: Option<i64>,
}

/// The numbers of groups of all classes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Numbers {
    /// By class.
    pub groups: Vec<usize>,
    /// Whether it is proved that the teachers can carry no numbers nearer to those wanted, and there are places for these.
    pub carried: bool,
}

/// The number of groups of every class; the one that is wanted where nothing is open or the search finds nothing.
#[must_use]
pub fn numbers(choices: &[Choice], carriers: &[Carrier], stop: &Stop) -> Numbers {
    let as_wanted =
        || Numbers { groups: choices.iter().map(|choice| choice.wanted as usize).collect(), carried: false };
    if choices.iter().all(|choice| choice.least == choice.most) {
        return as_wanted();
    }
    Search::new(choices, carriers).solve(choices, stop).unwrap_or_else(as_wanted)
}

/// One class divided into one number of groups.
struct Division {
    class: usize,
    groups: i64,
    /// Whether it is chosen.
    chosen: Column,
    /// Groups without a teacher.
    open: Column,
}

/// The programme with every class's options.
struct Search {
    program: Program,
    options: Vec<Division>,
}

impl Search {
    /// (C1) one number for each class; (C2) its groups are taken or open; (C3)–(C5) teachers' capacities, a group having at least
    /// the whole part of its share of students and visits.
    fn new(choices: &[Choice], carriers: &[Carrier]) -> Self {
        let mut search = Self { program: Program::default(), options: Vec::new() };
        for (class, of) in choices.iter().enumerate() {
            let options = (of.least..=of.most).map(|groups| Division {
                class,
                groups,
                chosen: search.program.binary(format!("chosen[{class},{groups}]")),
                open: search.program.column(format!("open[{class},{groups}]"), 0, groups),
            });
            let options: Vec<Division> = options.collect();
            let one = options.iter().map(|option| (1, option.chosen)).collect();
            search.program.row(format!("one[{class}]"), one, Some(1), Some(1));
            search.options.extend(options);
        }
        let mut taken: Vec<Sum> = search.options.iter().map(|of| vec![(1, of.open), (-of.groups, of.chosen)]).collect();
        for (t, carrier) in carriers.iter().enumerate() {
            search.carrier(t, carrier, choices, &mut taken);
        }
        for (i, sum) in taken.into_iter().enumerate() {
            search.program.row(format!("groups[{i}]"), sum, Some(0), Some(0));
        }
        search
    }

    fn carrier(&mut self, t: usize, carrier: &Carrier, choices: &[Choice], taken: &mut [Sum]) {
        let (mut groups, mut students, mut visits) = (Sum::new(), Sum::new(), Sum::new());
        for (i, option) in self.options.iter().enumerate().filter(|(_, option)| carrier.may_take[option.class]) {
            let of = &choices[option.class];
            let x = self.program.column(format!("takes[{t},{i}]"), 0, option.groups);
            taken[i].push((1, x));
            groups.push((1, x));
            students.push((of.students / option.groups.max(1), x));
            visits.push((of.visits / option.groups.max(1), x));
        }
        let limits = [
            ("groups", groups, carrier.max_groups),
            ("students", students, carrier.max_students),
            ("visits", visits, carrier.max_visits),
        ];
        for (name, sum, most) in limits {
            if let Some(most) = most.filter(|_| !sum.is_empty()) {
                self.program.row(format!("{name}[{t}]"), sum, None, Some(most));
            }
        }
    }

    /// First the fewest open groups, then the numbers nearest to those wanted.
    fn solve(mut self, choices: &[Choice], stop: &Stop) -> Option<Numbers> {
        let limits = MipLimits { nodes: NODES, seed: 0 };
        let open: Sum = self.options.iter().map(|option| (1, option.open)).collect();
        let first = self.program.minimise(&open, 1, None, limits, stop)?.values?;
        let left_open = total(&open, &first);
        self.program.row("open".to_owned(), open, None, Some(left_open));
        let off = |option: &Division| (option.groups - choices[option.class].wanted).abs();
        let off: Sum = self.options.iter().map(|option| (off(option), option.chosen)).collect();
        let second = self.program.minimise(&off, 1, Some(&first), limits, stop);
        let (values, bound) = second.map_or((None, None), |second| (second.values, second.bound));
        let values = values.unwrap_or(first);
        let number = |class: usize| {
            let chosen = self.options.iter().find(|option| option.class == class && values[option.chosen] == 1);
            chosen.map(|option| option.groups as usize)
        };
        let groups = (0..choices.len()).map(number).collect::<Option<Vec<usize>>>()?;
        Some(Numbers { groups, carried: left_open == 0 && bound == Some(total(&off, &values)) })
    }
}
