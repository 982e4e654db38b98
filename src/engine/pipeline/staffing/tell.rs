//! Levels and shortages in words.

use super::StaffLevel;
use super::assembly::{Assembly, Demand};
use crate::pipeline::{Planned, Prepared};
use crate::roster::staff::{Mention, Staff};
use crate::solver::staffing::{Level, LevelKind, Reason, Shortage};
use crate::words;
use crate::words::Words;

/// Most names in one sentence.
const MOST_NAMES: usize = 8;
/// The word of demands that cannot all be met.
pub(super) const DEMANDS: &str = "staff.demands";

/// What a shortage's parts are called.
pub(super) struct Names<'a> {
    pub(super) prepared: &'a [Prepared],
    pub(super) planned: &'a [Planned],
    pub(super) staff: &'a Staff,
    pub(super) assembly: &'a Assembly,
}

/// A level as it is told.
pub(super) fn level(level: &Level) -> StaffLevel {
    let (name, title) = match level.kind {
        LevelKind::Musts => ("musts".to_owned(), words!("未满足的指定", "demands not met")),
        LevelKind::Unstaffed => ("unstaffed".to_owned(), words!("没有教师的小组", "groups without a teacher")),
        LevelKind::WonBefore => {
            ("won_before".to_owned(), words!("原先认领到、现在失去的小组", "groups of earlier claims that are lost"))
        }
        LevelKind::Wishes(rank) => (
            format!("wishes_{rank}"),
            words!("不归第 {rank} 志愿教师的小组", "groups not taken by a wish of rank {rank}"),
        ),
        LevelKind::EmptyHanded => {
            ("empty_handed".to_owned(), words!("志愿全部落空的教师", "teachers of whose wishes none comes true"))
        }
        LevelKind::MovedGroups => {
            ("moved_groups".to_owned(), words!("与原先安排相比换了教师的小组", "groups that change teacher"))
        }
        LevelKind::MovedStudents => {
            ("moved_students".to_owned(), words!("与原先安排相比换了教师的学生", "students who change teacher"))
        }
        LevelKind::LargestLoad => ("largest_load".to_owned(), words!("最重的家访负担（次）", "largest load (visits)")),
        LevelKind::LoadSpread => (
            "load_spread".to_owned(),
            words!("家访负担的偏差之和（次 × 教师数）", "summed deviation of loads (visits × teachers)"),
        ),
        LevelKind::Continuity => {
            ("continuity".to_owned(), words!("换了上学期教师的学生", "students who lose last semester's teacher"))
        }
    };
    StaffLevel { name, title, value: level.value, bound: level.bound, proved: level.proved }
}

/// How teachers were found, in one sentence.
pub(super) fn how(levels: &[Level], seed: u64) -> Words {
    let open: Vec<StaffLevel> = levels.iter().filter(|of| !of.proved).map(level).collect();
    if open.is_empty() {
        return words!(
            "教师安排：每一级都已证明最优，并列由抽签决定（种子 {seed}）",
            "teachers: every level is proved optimal; lots broke ties (seed {seed})"
        );
    }
    let (zh, en) = join(&open.into_iter().map(|level| level.title).collect::<Vec<_>>(), "、", ", ");
    words!(
        "教师安排：这些级别未能证明最优：{zh}；并列由抽签决定（种子 {seed}）",
        "teachers: not proved optimal: {en}; lots broke ties (seed {seed})"
    )
}

impl Names<'_> {
    /// A stable word for the kind of shortage, and the sentence.
    pub(super) fn shortage(&self, shortage: &Shortage) -> (&'static str, Words) {
        match shortage {
            Shortage::Places { groups, teachers, places } => ("staff.places", self.places(groups, teachers, *places)),
            Shortage::Limits { groups, reasons } => ("staff.limits", self.limits(groups, reasons)),
            Shortage::Demands { musts, reasons } => (DEMANDS, self.demands(musts, reasons)),
        }
    }

    fn places(&self, groups: &[usize], teachers: &[usize], places: i64) -> Words {
        let ((zh, en), n, k) = (self.groups(groups), groups.len(), teachers.len());
        let (bars_zh, bars_en) = self.bars(groups);
        if teachers.is_empty() {
            return words!("{zh}没有可以担任的老师{bars_zh}", "nobody may take {en}{bars_en}");
        }
        let (names_zh, names_en) = self.teachers(teachers);
        let (need, them) = if self.is_one(groups) { ("needs", "it") } else { ("need", "them") };
        let needed = counted(n, "place");
        if k == 1 {
            return words!(
                "{zh}需要 {n} 个名额，能担任的只有{names_zh}，名额 {places} 个{bars_zh}",
                "{en} {need} {needed}; the only teacher who may take {them}, {names_en}, has {places}{bars_en}"
            );
        }
        words!(
            "{zh}需要 {n} 个名额，能担任的 {k} 位老师（{names_zh}）只有 {places} 个{bars_zh}",
            "{en} {need} {needed}; the {k} teachers who may take {them} ({names_en}) have {places}{bars_en}"
        )
    }

    /// Who teaches these groups and may not take some of them, to be put behind a sentence; empty where there is nobody.
    fn bars(&self, groups: &[usize]) -> (String, String) {
        let teachers = self.assembly.staffing.teachers.iter().enumerate();
        let bars = teachers.filter_map(|(t, teacher)| {
            let barred =
                |g: &usize| teacher.teaches.binary_search(g).is_ok() && teacher.barred.binary_search(g).is_ok();
            let barred: Vec<usize> = groups.iter().copied().filter(barred).collect();
            (!barred.is_empty()).then(|| self.barred(t, &barred))
        });
        let bars: Vec<Words> = bars.collect();
        if bars.is_empty() {
            return (String::new(), String::new());
        }
        let (zh, en) = some(&bars);
        (format!("（{zh}）"), format!(" ({en})"))
    }

    fn barred(&self, teacher: usize, groups: &[usize]) -> Words {
        let (name, (zh, en)) = (&self.staff.teachers[teacher].name, self.groups(groups));
        words!("{name}回避{zh}", "{name} may not take {en}")
    }

    fn limits(&self, groups: &[usize], reasons: &[Reason]) -> Words {
        let ((zh, en), (why_zh, why_en)) = (self.groups(groups), self.reasons(reasons));
        let have = if self.is_one(groups) { "has" } else { "have" };
        words!(
            "{zh}的名额够，但下列限制合在一起使小组没有老师：{why_zh}",
            "{en} {have} places enough, but these limits together leave a group without a teacher: {why_en}"
        )
    }

    /// Groups and demands of which it is open whether more is possible.
    pub(super) fn open(&self, groups: i64, demands: &[usize]) -> Words {
        let mut told = Vec::new();
        if groups > 0 {
            let (are, n) = (if groups == 1 { "is" } else { "are" }, counted(groups as usize, "group"));
            told.push(words!("{groups} 个小组还没有老师", "{n} {are} without a teacher"));
        }
        if !demands.is_empty() {
            let (zh, en) = join(&demands.iter().map(|&i| self.demand(i)).collect::<Vec<_>>(), "、", ", ");
            told.push(words!("没有满足的指定：{zh}", "demands not met: {en}"));
        }
        let (zh, en) = join(&told, "；", "; ");
        words!(
            "{zh}；时限内没能查清是否还能更好、原因何在",
            "{en}; the limit came before it was clear whether more is possible, or why not"
        )
    }

    fn demands(&self, musts: &[usize], reasons: &[Reason]) -> Words {
        let told: Vec<Words> = musts.iter().map(|&i| self.demand(i)).collect();
        let (zh, en) = join(&told, "；", "; ");
        if reasons.is_empty() {
            return words!("这些指定不能同时满足：{zh}", "these demands cannot all be met: {en}");
        }
        let (why_zh, why_en) = self.reasons(reasons);
        words!(
            "这些指定不能同时满足：{zh}；起作用的限制：{why_zh}",
            "these demands cannot all be met: {en}, because {why_en}"
        )
    }

    fn demand(&self, index: usize) -> Words {
        match &self.assembly.demands[index] {
            Demand::Must { teacher, what } => {
                let (name, what) = (&self.staff.teachers[*teacher].name, mention(what));
                let (zh, en) = (what.zh, what.en);
                words!("{name}须带{zh}", "{name} must take {en}")
            }
            Demand::Pin { teacher, class, student: id } => {
                let students = &self.prepared[*class].roster.students;
                let class = students.iter().find(|who| who.id == *id).map_or("", |who| who.class.as_str());
                let (name, Words { zh, en }) = (&self.staff.teachers[*teacher].name, student(class, id));
                words!("{zh}固定给{name}", "{en} is pinned to {name}")
            }
        }
    }

    fn reasons(&self, reasons: &[Reason]) -> (String, String) {
        some(&reasons.iter().map(|reason| self.reason(*reason)).collect::<Vec<_>>())
    }

    pub(super) fn reason(&self, reason: Reason) -> Words {
        let name = |t: usize| &self.staff.teachers[t].name;
        let most = |limit: Option<i64>| limit.unwrap_or(0) as usize;
        let teachers = &self.assembly.staffing.teachers;
        match reason {
            Reason::Groups(t) => {
                let (name, most) = (name(t), most(teachers[t].max_groups));
                let groups = counted(most, "group");
                words!("{name}最多 {most} 个小组", "{name} takes at most {groups}")
            }
            Reason::Students(t) => {
                let (name, most) = (name(t), most(teachers[t].max_students));
                let students = counted(most, "student");
                words!("{name}最多 {most} 名学生", "{name} takes at most {students}")
            }
            Reason::Visits(t) => {
                let (name, most) = (name(t), most(teachers[t].max_visits));
                let visits = counted(most, "visit");
                words!("{name}最多 {most} 次家访", "{name} makes at most {visits}")
            }
            Reason::Barred(t, g) => self.barred(t, &[g]),
            Reason::Must(i) => self.demand(i),
        }
    }

    fn teachers(&self, teachers: &[usize]) -> (String, String) {
        let name = |&t: &usize| {
            let name = &self.staff.teachers[t].name;
            words!("{name}", "{name}")
        };
        some(&teachers.iter().map(name).collect::<Vec<_>>())
    }

    /// Whether the groups are told as one: a group, or a class.
    fn is_one(&self, groups: &[usize]) -> bool {
        let class = |g: usize| self.assembly.places[g].0;
        let whole = |first: usize| {
            groups.iter().all(|&g| class(g) == class(first))
                && groups.len() == self.planned[class(first)].document.groups.len()
        };
        groups.len() == 1 || groups.first().is_some_and(|&first| whole(first))
    }

    /// Groups by class: the class alone where all its groups are meant.
    fn groups(&self, groups: &[usize]) -> (String, String) {
        let places: Vec<(usize, usize)> = groups.iter().map(|&g| self.assembly.places[g]).collect();
        let tell = |run: &[(usize, usize)]| {
            let class = run[0].0;
            let records = &self.planned[class].document.groups;
            let name = records.first().map(|record| record.class.clone()).unwrap_or_default();
            if run.len() == records.len() {
                return if name.is_empty() { words!("全班", "the class") } else { words!("{name}", "{name}") };
            }
            let numbers: Vec<String> = run.iter().map(|(_, g)| (g + 1).to_string()).collect();
            let (zh, en) = (numbers.join("、"), numbers.join(", "));
            let what = if run.len() == 1 { "group" } else { "groups" };
            words!("{name}第 {zh} 组", "{name} {what} {en}")
        };
        let told: Vec<Words> = places.chunk_by(|a, b| a.0 == b.0).map(tell).collect();
        join(&told, "、", ", ")
    }

    /// The classes whose groups these are.
    pub(super) fn classes_of(&self, shortage: &Shortage) -> Vec<usize> {
        let mut classes: Vec<usize> = match shortage {
            Shortage::Places { groups, .. } | Shortage::Limits { groups, .. } => {
                groups.iter().map(|&g| self.assembly.places[g].0).collect()
            }
            Shortage::Demands { musts, reasons } => {
                let reasons = reasons.iter().filter_map(|reason| match reason {
                    Reason::Barred(_, g) => Some(self.assembly.places[*g].0),
                    _ => None,
                });
                let named = musts.iter().flat_map(|&i| &self.assembly.staffing.musts[i].any_of);
                named.map(|&g| self.assembly.places[g].0).chain(reasons).collect()
            }
        };
        classes.sort_unstable();
        classes.dedup();
        classes.retain(|&class| class < self.prepared.len());
        classes
    }
}

/// A mention in words.
fn mention(mention: &Mention) -> Words {
    match mention {
        Mention::Class(class) => words!("{class}的一个小组", "a group of {class}"),
        Mention::Student { class, id } => {
            let Words { zh, en } = student(class, id);
            words!("{zh}的小组", "the group of {en}")
        }
        Mention::Group { class, number } => words!("{class}第 {number} 组", "group {number} of {class}"),
    }
}

/// A student with the class, where there is one.
fn student(class: &str, id: &str) -> Words {
    if class.is_empty() {
        return words!("学生 {id} ", "student {id}");
    }
    words!("{class}学生 {id} ", "student {class}/{id}")
}

/// A number with its noun: `1 group`, `9 students`.
fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

pub(super) fn join(all: &[Words], zh: &str, en: &str) -> (String, String) {
    let of = |get: fn(&Words) -> &str, sign: &str| all.iter().map(get).collect::<Vec<_>>().join(sign);
    (of(|words| &words.zh, zh), of(|words| &words.en, en))
}

/// The first of many, and how many more there are.
fn some(all: &[Words]) -> (String, String) {
    let (zh, en) = join(&all[..all.len().min(MOST_NAMES)], "、", ", ");
    let more = all.len().saturating_sub(MOST_NAMES);
    if more == 0 { (zh, en) } else { (format!("{zh}等"), format!("{en} and {more} more")) }
}
