//! An answer to every wish: which group it won, or who has the group instead and why.

use super::assembly::{Assembly, Whereabouts};
use super::tell::{Names, join};
use super::{NODES, StaffRun, Staffed};
use crate::pipeline::{Planned, Prepared};
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

    /// Why a teacher has none of these groups.
    fn reason(&self, teacher: usize, groups: &[usize]) -> (&'static str, Words) {
        let staffing = &self.names.assembly.staffing;
        let taught = &staffing.teachers[teacher].teaches;
        if groups.is_empty() {
            return ("no_groups", words!("这个班没有分组", "the class has no groups"));
        }
        if !groups.iter().any(|g| taught.binary_search(g).is_ok()) {
            return ("not_taught", words!("不教这个班", "does not teach the class"));
        }
        let may: Vec<usize> = staffing.eligible(teacher).filter(|own| groups.contains(own)).collect();
        if may.is_empty() {
            return ("avoided", words!("应回避这个小组的学生", "may not take the group"));
        }
        match denial(staffing, &self.staffed.answer, teacher, &may, NODES, self.run.stop) {
            Denial::Full(limits) => {
                let limits: Vec<Words> = limits.into_iter().map(|limit| self.names.reason(limit)).collect();
                let (zh, en) = join(&limits, "、", ", ");
                ("full", words!("超出容量：{zh}", "over the limit: {en}"))
            }
            Denial::Worse(kind) => self.worse(kind, teacher, &may),
            Denial::Even => (
                "lot",
                words!(
                    "志愿同样能实现，由后面的各项（家访负担、上学期的老师、抽签）决定",
                    "as many wishes come true either way; what comes after them decided: loads, last semester's teacher, the lot"
                ),
            ),
            Denial::Open => ("open", words!("时限内没能查清原因", "the limit came before it was clear why")),
        }
    }

    /// What would be worse if the teacher had one of the groups. Whoever has the group is named only where that alone decides.
    fn worse(&self, kind: LevelKind, teacher: usize, groups: &[usize]) -> (&'static str, Words) {
        let teachers = &self.names.assembly.staffing.teachers;
        let holder = match groups {
            [group] => self.holder(*group).map(|holder| (*group, holder)),
            _ => None,
        };
        let name = |holder: usize| &self.names.staff.teachers[holder].name;
        let rank = |t: usize, group: usize| {
            teachers[t].wishes.iter().filter(|(wished, _)| *wished == group).map(|(_, rank)| *rank).min()
        };
        match kind {
            LevelKind::Musts => ("demand", words!("否则有指定不能满足", "else a demand would not be met")),
            LevelKind::Unstaffed => {
                ("every_group", words!("否则会多出没有老师的小组", "else more groups would have no teacher"))
            }
            LevelKind::Continuity => (
                "last_semester",
                words!("这样跟随上学期老师的学生更多", "more students stay with last semester's teacher this way"),
            ),
            LevelKind::WonBefore => match holder.filter(|(group, of)| teachers[*of].won.contains(group)) {
                Some((_, of)) => {
                    let name = name(of);
                    ("earlier_claim", words!("{name}先前已认领到", "{name} had claimed it before"))
                }
                None => ("earlier_claim", words!("先前的认领不变", "claims that came true before stand")),
            },
            LevelKind::Wishes(level) => {
                let dearer = |&(group, of): &(usize, usize)| {
                    rank(of, group) == Some(level) && rank(teacher, group).is_none_or(|own| own > level)
                };
                match holder.filter(dearer) {
                    Some((_, of)) => {
                        let name = name(of);
                        ("wish", words!("这是{name}的第 {level} 志愿", "it is the wish of rank {level} of {name}"))
                    }
                    None => (
                        "more_wishes",
                        words!("这样能满足更多第 {level} 志愿", "more wishes of rank {level} come true this way"),
                    ),
                }
            }
            LevelKind::EmptyHanded => (
                "empty_handed",
                words!("让更多老师至少得到一个志愿", "more teachers have at least one wish come true this way"),
            ),
            LevelKind::MovedGroups => (
                "keeps_teacher",
                words!(
                    "志愿同样能实现，这样换老师的小组更少",
                    "as many wishes come true either way, and fewer groups change teacher this way"
                ),
            ),
            // No level below is looked at.
            _ => (
                "keeps_teacher",
                words!(
                    "志愿同样能实现，这样换老师的学生更少",
                    "as many wishes come true either way, and fewer students change teacher this way"
                ),
            ),
        }
    }
}
