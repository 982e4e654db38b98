//! How many groups each class gets where its sizes leave a choice: the fewest groups without a teacher over all classes, then
//! the numbers nearest to those wanted (models/formulation.md, rows C1–C5).

use super::assembly::holds_class;
use crate::model::{SizeRange, Sizing};
use crate::planning::Prepared;
use crate::roster::staff::{Mention, Staff, Teacher};
use crate::solver::Stop;
use crate::solver::mip::MipLimits;
use crate::solver::mip::program::{Column, Program, Sum, total};

/// Nodes of each of the two searches.
const NODES: i64 = 5_000;

/// One class: how many groups it may and should have.
struct Choice {
    least: i64,
    most: i64,
    wanted: i64,
    students: i64,
    visits: i64,
}

/// The numbers of groups of all classes.
pub(super) struct Numbers {
    pub(super) groups: Vec<usize>,
    /// Whether it is proved that the teachers can carry no numbers nearer to those wanted, and there are places for these.
    pub(super) carried: bool,
}

/// The number of groups of every class; as it is where nothing is open or the search finds nothing. A number that stands from an
/// earlier run is the one that is wanted.
pub(super) fn choose(prepared: &[Prepared], standing: &[Option<usize>], staff: &Staff, stop: &Stop) -> Numbers {
    let standing = standing.iter().copied().chain(std::iter::repeat(None));
    let choices: Vec<Choice> = prepared.iter().zip(standing).map(|(class, number)| choice(class, number)).collect();
    let as_it_is = || Numbers { groups: choices.iter().map(|choice| choice.wanted as usize).collect(), carried: false };
    if choices.iter().all(|choice| choice.least == choice.most) {
        return as_it_is();
    }
    Search::new(prepared, staff, &choices).solve(&choices, stop).unwrap_or_else(as_it_is)
}

fn choice(class: &Prepared, standing: Option<usize>) -> Choice {
    let students = class.roster.students.len();
    let wanted = class.policy.groups;
    let (least, most) = match class.request.sizing.unwrap_or(class.request.model.groups) {
        // Sizes within one of each other fit into min..=max for every number between these two.
        Sizing::Range(SizeRange { min, max }) => (students.div_ceil(max.max(1)), students / min.max(1)),
        _ => (wanted, wanted),
    };
    let (least, most) = (least.min(wanted), most.max(wanted));
    let wanted = standing.filter(|number| (least..=most).contains(number)).unwrap_or(wanted);
    Choice {
        least: least as i64,
        most: most as i64,
        wanted: wanted as i64,
        students: students as i64,
        visits: class.policy.visits.iter().map(|&visits| i64::from(visits)).sum(),
    }
}

/// Whether some group of the class may be the teacher's: one who teaches it, or whom a demand or a pin gives a group of it.
fn may_take(teacher: &Teacher, class: &Prepared) -> bool {
    let demanded = teacher.must.iter().map(Mention::class);
    let pinned = class.request.rules.pin.iter().any(|pin| pin.teacher.as_ref() == Some(&teacher.id));
    pinned || teacher.classes.iter().map(String::as_str).chain(demanded).any(|name| holds_class(class, name))
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
    fn new(prepared: &[Prepared], staff: &Staff, choices: &[Choice]) -> Self {
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
        for t in 0..staff.teachers.len() {
            search.teacher(t, staff, prepared, choices, &mut taken);
        }
        for (i, sum) in taken.into_iter().enumerate() {
            search.program.row(format!("groups[{i}]"), sum, Some(0), Some(0));
        }
        search
    }

    fn teacher(&mut self, t: usize, staff: &Staff, prepared: &[Prepared], choices: &[Choice], taken: &mut [Sum]) {
        let terms = prepared.first().map(|class| class.request.model.staff.clone()).unwrap_or_default();
        let teacher = &staff.teachers[t];
        let own: Vec<bool> = prepared.iter().map(|class| may_take(teacher, class)).collect();
        let (mut groups, mut students, mut visits) = (Sum::new(), Sum::new(), Sum::new());
        for (i, option) in self.options.iter().enumerate().filter(|(_, option)| own[option.class]) {
            let of = &choices[option.class];
            let x = self.program.column(format!("takes[{t},{i}]"), 0, option.groups);
            taken[i].push((1, x));
            groups.push((1, x));
            students.push((of.students / option.groups.max(1), x));
            visits.push((of.visits / option.groups.max(1), x));
        }
        let limits = [
            ("groups", groups, teacher.max_groups.or(terms.max_groups)),
            ("students", students, teacher.max_students.or(terms.max_students)),
            ("visits", visits, teacher.max_visits.or(terms.max_visits)),
        ];
        for (name, sum, most) in limits {
            if let Some(most) = most.filter(|_| !sum.is_empty()) {
                self.program.row(format!("{name}[{t}]"), sum, None, Some(i64::from(most)));
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
