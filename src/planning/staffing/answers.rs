//! An answer to every wish: which group it won, or who has the group instead and why.

use super::assembly::{Assembly, Whereabouts};
use super::tell::Names;
use super::{NODES, StaffRun, Staffed};
use crate::planning::{Planned, Prepared};
use crate::roster::staff::{Mention, Staff};
use crate::solver::staffing::{Denial, LevelKind, denial};
use crate::words;
use crate::words::Words;
use std::collections::BTreeSet;

/// What became of one wish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WishAnswer {
    /// Index into `Staff::teachers`.
    pub teacher: usize,
    /// Index into the teacher's `prefers`.
    pub wish: usize,
    /// Class and group in the plans: the group that was won or that another has; none where a wish for a class came to nothing,
    /// or where the class has no plan.
    pub group: Option<(usize, usize)>,
    /// Whether it came true.
    pub won: bool,
    /// Who has the group.
    pub to: Option<usize>,
    /// Why it did not come true: a stable word, and in words; both empty where it did.
    pub code: &'static str,
    /// The same in words.
    pub reason: Words,
}

/// An answer to every wish of every teacher, in the staff list's order.
#[must_use]
pub fn answers(
    prepared: &[Prepared],
    planned: &[Planned],
    staff: &Staff,
    staffed: &Staffed,
    run: StaffRun<'_>,
) -> Vec<WishAnswer> {
    let assembly = Assembly::new(prepared, planned, staff, run.before);
    let about = Whereabouts::new(prepared, planned);
    let desk = Desk { names: Names { prepared, planned, staff, assembly: &assembly }, about: &about, staffed, run };
    (0..staff.teachers.len()).flat_map(|teacher| desk.of_teacher(teacher)).collect()
}

struct Desk<'a> {
    names: Names<'a>,
    about: &'a Whereabouts<'a>,
    staffed: &'a Staffed,
    run: StaffRun<'a>,
}

impl Desk<'_> {
    /// Wishes for a group take theirs first; one for a class then counts for a group that no other wish stands for.
    fn of_teacher(&self, teacher: usize) -> Vec<WishAnswer> {
        let wishes = &self.names.staff.teachers[teacher].prefers;
        let is_class = |wish: &usize| matches!(wishes[*wish], Mention::Class(_));
        let (of_class, of_group): (Vec<usize>, Vec<usize>) = (0..wishes.len()).partition(is_class);
        let mut taken = BTreeSet::new();
        let mut answers: Vec<WishAnswer> = Vec::new();
        for wish in of_group.into_iter().chain(of_class) {
            let answer = self.answer(teacher, wish, &taken);
            taken.extend(answer.group.filter(|_| answer.won));
            answers.push(answer);
        }
        answers.sort_by_key(|answer| answer.wish);
        answers
    }

    fn holder(&self, group: usize) -> Option<usize> {
        self.staffed.answer.teacher_of[group]
    }

    fn answer(&self, teacher: usize, wish: usize, taken: &BTreeSet<(usize, usize)>) -> WishAnswer {
        let mention = &self.names.staff.teachers[teacher].prefers[wish];
        let groups = self.about.groups(mention);
        let place = |g: usize| self.names.assembly.places[g];
        let own = || groups.iter().copied().filter(|&g| self.holder(g) == Some(teacher));
        let won = own().find(|&g| !taken.contains(&place(g))).or_else(|| own().next());
        if let Some(group) = won {
            let (code, reason) = ("", Words::default());
            return WishAnswer { teacher, wish, group: Some(place(group)), won: true, to: Some(teacher), code, reason };
        }
        let meant = match groups.as_slice() {
            [group] => Some(*group),
            _ => None,
        };
        let to = meant.and_then(|group| self.holder(group));
        let (code, reason) = self.reason(teacher, &groups);
        WishAnswer { teacher, wish, group: meant.map(place), won: false, to, code, reason }
    }

    /// Why a teacher has none of these groups; of several the first that he or she may take is looked at.
    fn reason(&self, teacher: usize, groups: &[usize]) -> (&'static str, Words) {
        let staffing = &self.names.assembly.staffing;
        let taught = &staffing.teachers[teacher].teaches;
        if groups.is_empty() {
            return ("no_groups", words!("这个班没有分组", "the class has no groups"));
        }
        if !groups.iter().any(|g| taught.binary_search(g).is_ok()) {
            return ("not_taught", words!("不教这个班", "does not teach the class"));
        }
        let may = groups.iter().copied().find(|g| staffing.eligible(teacher).any(|own| own == *g));
        let Some(group) = may else {
            return ("avoided", words!("应回避这个小组的学生", "may not take the group"));
        };
        match denial(staffing, &self.staffed.answer, teacher, group, NODES, self.run.stop) {
            Denial::Full(limit) => {
                let Words { zh, en } = self.names.reason(limit);
                ("full", words!("超出容量：{zh}", "over the limit: {en}"))
            }
            Denial::Worse(kind) => self.worse(kind, group),
            Denial::Even => (
                "lot",
                words!("志愿同样优先，由家访负担和抽签决定", "equal wishes; the loads and then the lot decided"),
            ),
            Denial::Open => ("open", words!("时限内没能查清原因", "the limit came before it was clear why")),
        }
    }

    /// What stands before the wish for the group.
    fn worse(&self, kind: LevelKind, group: usize) -> (&'static str, Words) {
        let holder = self.holder(group);
        let name = holder.map(|t| self.names.staff.teachers[t].name.as_str());
        let wishes = holder.map_or(&[][..], |t| self.names.assembly.staffing.teachers[t].wishes.as_slice());
        let rank = wishes.iter().filter(|(g, _)| *g == group).map(|(_, rank)| *rank).min();
        match (kind, name, rank) {
            (LevelKind::Musts, ..) => ("demand", words!("指定在先", "a demand stands before it")),
            (LevelKind::Unstaffed, ..) => {
                ("every_group", words!("否则会多出没有老师的小组", "else more groups would have no teacher"))
            }
            (LevelKind::Continuity, ..) => {
                ("last_semester", words!("学生跟随上学期的老师", "the students stay with last semester's teacher"))
            }
            (LevelKind::WonBefore, Some(name), Some(_)) => {
                ("earlier_claim", words!("{name}先前已认领到", "{name} had claimed it before"))
            }
            (LevelKind::WonBefore, ..) => {
                ("earlier_claim", words!("先前的认领不变", "claims that came true before stand"))
            }
            (LevelKind::Wishes(_), Some(name), Some(rank)) => {
                ("wish", words!("这是{name}的第 {rank} 志愿", "it is the wish of rank {rank} of {name}"))
            }
            (LevelKind::Wishes(rank), ..) => {
                ("more_wishes", words!("这样能满足更多第 {rank} 志愿", "more wishes of rank {rank} come true this way"))
            }
            (LevelKind::EmptyHanded, ..) => (
                "empty_handed",
                words!("让更多老师至少得到一个志愿", "more teachers have at least one wish come true this way"),
            ),
            _ => {
                ("keeps_teacher", words!("志愿同样优先，学生不换老师", "equal wishes; the students keep their teacher"))
            }
        }
    }
}
