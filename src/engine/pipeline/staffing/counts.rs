//! What the numbers of groups are chosen from: how many groups each class may have, and who can carry some of them.

use super::assembly::holds_class;
use crate::model::{SizeRange, Sizing};
use crate::pipeline::Prepared;
use crate::roster::staff::{Mention, Staff, Teacher};
use crate::solver::Stop;
use crate::solver::staffing::{Carrier, Choice, Numbers, numbers};

/// The number of groups of every class; as it is where nothing is open or the search finds nothing. A number that stands from an
/// earlier run is the one that is wanted.
pub(super) fn choose(prepared: &[Prepared], standing: &[Option<usize>], staff: &Staff, stop: &Stop) -> Numbers {
    let standing = standing.iter().copied().chain(std::iter::repeat(None));
    let choices: Vec<Choice> = prepared.iter().zip(standing).map(|(class, number)| choice(class, number)).collect();
    let carriers: Vec<Carrier> = staff.teachers.iter().map(|teacher| carrier(teacher, prepared)).collect();
    numbers(&choices, &carriers, stop)
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

fn carrier(teacher: &Teacher, prepared: &[Prepared]) -> Carrier {
    let terms = prepared.first().map(|class| class.request.model.staff.clone()).unwrap_or_default();
    let most = |own: Option<u32>, usual: Option<u32>| own.or(usual).map(i64::from);
    Carrier {
        may_take: prepared.iter().map(|class| may_take(teacher, class)).collect(),
        max_groups: most(teacher.max_groups, terms.max_groups),
        max_students: most(teacher.max_students, terms.max_students),
        max_visits: most(teacher.max_visits, terms.max_visits),
    }
}

/// Whether some group of the class may be the teacher's: one who teaches it, or whom a demand or a pin gives a group of it.
fn may_take(teacher: &Teacher, class: &Prepared) -> bool {
    let demanded = teacher.must.iter().map(Mention::class);
    let pinned = class.request.rules.pin.iter().any(|pin| pin.teacher.as_ref() == Some(&teacher.id));
    pinned || teacher.classes.iter().map(String::as_str).chain(demanded).any(|name| holds_class(class, name))
}
