//! Why rules cannot hold together: one sentence that sums it up, then every rule of the conflict.

use super::numbers::{chinese, counted, english};
use crate::plan::document::ConflictRecord;
use crate::problem::{Problem, rules::Rule};
use crate::roster::Roster;
use crate::solver::conflict::Conflict;
use crate::solver::mip::{apart_graph, largest_clique};
use crate::words;
use crate::words::{Lang, Words};

/// One rule of a conflict, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConflictReason {
    /// The rule as the user wrote it, `apart: S001, S002`; in the first record all that are in conflict.
    pub rule: String,
    /// What is wrong (first record), or what the rule demands.
    pub message: Words,
}

/// The conflict in words: the first record sums it up, then comes one for each of its rules.
#[must_use]
pub fn conflict(problem: &Problem, roster: &Roster, conflict: &Conflict) -> Vec<ConflictReason> {
    let rules: Vec<Rule> = conflict.rules.iter().filter_map(|&i| problem.rules.get(i).cloned()).collect();
    Teller { problem, called: &ids(roster), rules: &rules }.reasons(conflict.smallest)
}

/// A conflict's records told anew, with students called by other names than their ids, one of each in the roster's order. The records
/// as they are where they speak of rules that the problem has not.
#[must_use]
pub fn renamed(
    problem: &Problem,
    roster: &Roster,
    told: &[ConflictRecord],
    names: &[&str],
    lang: Lang,
) -> Vec<ConflictRecord> {
    let by_id = Teller { problem, called: &ids(roster), rules: &problem.rules };
    let rule = |record: &ConflictRecord| problem.rules.iter().find(|rule| by_id.text(rule) == record.rule).cloned();
    let Some((head, rest)) = told.split_first() else { return Vec::new() };
    let Some(rules) = rest.iter().map(rule).collect::<Option<Vec<Rule>>>() else { return told.to_vec() };
    let smallest = Teller { rules: &rules, ..by_id }.summary(true);
    let smallest = [smallest.zh, smallest.en].contains(&head.message);
    let reasons = Teller { problem, called: names, rules: &rules }.reasons(smallest);
    let record =
        |reason: ConflictReason| ConflictRecord { rule: reason.rule, message: reason.message.get(lang).to_owned() };
    reasons.into_iter().map(record).collect()
}

fn ids(roster: &Roster) -> Vec<&str> {
    roster.students.iter().map(|student| student.id.as_str()).collect()
}

/// How many rules of each kind there are.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Kinds {
    together: usize,
    apart: usize,
    pins: usize,
    others: usize,
}

#[derive(Clone, Copy)]
struct Teller<'a> {
    problem: &'a Problem,
    /// What each student is called.
    called: &'a [&'a str],
    rules: &'a [Rule],
}

impl Teller<'_> {
    /// The first record sums the conflict up, then comes one for each of its rules.
    fn reasons(self, smallest: bool) -> Vec<ConflictReason> {
        let head = ConflictReason { rule: self.heading(), message: self.summary(smallest) };
        let each = self.rules.iter().map(|rule| ConflictReason { rule: self.text(rule), message: self.demand(rule) });
        std::iter::once(head).chain(each).collect()
    }

    fn id(&self, student: usize) -> String {
        self.called.get(student).map_or_else(|| (student + 1).to_string(), |called| (*called).to_owned())
    }

    fn ids(&self, students: &[usize]) -> String {
        students.iter().map(|&s| self.id(s)).collect::<Vec<_>>().join(", ")
    }

    /// A rule as the user wrote it.
    fn text(&self, rule: &Rule) -> String {
        match rule {
            Rule::Together(list) => format!("together: {}", self.ids(list)),
            Rule::Apart(list) => format!("apart: {}", self.ids(list)),
            Rule::Pin { student, group } => format!("pin: {} → {}", self.id(*student), group + 1),
            Rule::NeverAlone(kind) => format!("never_alone: {}", self.problem.kinds[*kind].label),
            Rule::TierQuota => "tiers".to_owned(),
        }
    }

    /// The rules in conflict in one line: a single one, the clique that pairs form, or all of them.
    fn heading(&self) -> String {
        match (self.rules, self.crowd()) {
            ([rule], _) => self.text(rule),
            (_, Some(crowd)) => format!("apart: {}", self.ids(&crowd)),
            (rules, None) => rules.iter().map(|rule| self.text(rule)).collect::<Vec<_>>().join("; "),
        }
    }

    fn kinds(&self) -> Kinds {
        let mut kinds = Kinds::default();
        for rule in self.rules {
            match rule {
                Rule::Together(_) => kinds.together += 1,
                Rule::Apart(_) => kinds.apart += 1,
                Rule::Pin { .. } => kinds.pins += 1,
                Rule::NeverAlone(_) | Rule::TierQuota => kinds.others += 1,
            }
        }
        kinds
    }

    fn summary(&self, smallest: bool) -> Words {
        let special = match self.kinds() {
            Kinds { together: 0, pins: 0, others: 0, .. } => self.too_many_apart(),
            Kinds { apart: 0, pins: 0, others: 0, .. } => self.too_many_together(),
            Kinds { together: 0, apart: 0, others: 0, .. } => self.pinned_twice().or_else(|| self.too_many_pinned()),
            Kinds { apart: 0, pins: 2, others: 0, .. } => self.bound_and_pinned(),
            Kinds { apart: 1, pins: 0, others: 0, .. } => self.bound_and_apart(),
            Kinds { together: 0, apart: 1, pins: 2, others: 0 } => self.apart_and_pinned(),
            Kinds { together: 0, apart: 0, pins: 0, others: 1 } => self.lonely(),
            _ => None,
        };
        special.unwrap_or_else(|| self.general(smallest))
    }

    /// Students of whom all must be apart, more than there are groups, where only apart rules conflict.
    fn crowd(&self) -> Option<Vec<usize>> {
        let crowd = largest_clique(&apart_graph(self.problem.students, self.rules));
        let only = self.rules.iter().all(|rule| matches!(rule, Rule::Apart(_)));
        (only && crowd.len() > self.problem.groups).then_some(crowd)
    }

    fn too_many_apart(&self) -> Option<Words> {
        let (n, groups) = (self.crowd()?.len(), self.problem.groups);
        let (zh, zh_groups) = (chinese(n), chinese(groups));
        let (en, be, en_groups) = (english(n), if groups == 1 { "is" } else { "are" }, counted(groups, "group"));
        Some(words!(
            "这{zh}名学生两两不能同组，而只有{zh_groups}个小组",
            "these {en} students must all be apart, and there {be} {en_groups}"
        ))
    }

    /// Size of the largest group.
    fn largest(&self) -> usize {
        self.problem.students.div_ceil(self.problem.groups)
    }

    /// Students that together lists bind to one student, with that student, ascending.
    fn bound_to(&self, student: usize) -> Vec<usize> {
        let mut bound = vec![student];
        let lists =
            || self.rules.iter().filter_map(|rule| if let Rule::Together(list) = rule { Some(list) } else { None });
        while let Some(list) = lists().find(|list| {
            let inside = list.iter().filter(|s| bound.contains(s)).count();
            inside > 0 && list.iter().any(|s| !bound.contains(s))
        }) {
            bound.extend(list);
            bound.sort_unstable();
            bound.dedup();
        }
        bound
    }

    fn too_many_together(&self) -> Option<Words> {
        let Some(Rule::Together(list)) = self.rules.first() else { return None };
        let (n, largest) = (self.bound_to(*list.first()?).len(), self.largest());
        (n > largest).then(|| {
            words!(
                "这 {n} 名学生必须同组，而最大的小组只有 {largest} 人",
                "these {n} students must be together, and the largest group has {largest}"
            )
        })
    }

    /// Student and 1-based group of every pin.
    fn pins(&self) -> Vec<(usize, usize)> {
        let pin =
            |rule: &Rule| if let Rule::Pin { student, group } = rule { Some((*student, group + 1)) } else { None };
        self.rules.iter().filter_map(pin).collect()
    }

    fn pinned_twice(&self) -> Option<Words> {
        let [(s, a), (t, b)] = self.pins().try_into().ok()?;
        let (id, a, b) = (self.id(s), a.min(b), a.max(b));
        (s == t).then(|| words!("{id} 同时固定在第 {a} 组和第 {b} 组", "{id} is pinned to groups {a} and {b}"))
    }

    fn too_many_pinned(&self) -> Option<Words> {
        let pins = self.pins();
        let (n, group, largest) = (pins.len(), pins.first()?.1, self.largest());
        (n > largest && pins.iter().all(|pin| pin.1 == group)).then(|| {
            words!(
                "有 {n} 名学生固定在第 {group} 组，而最大的小组只有 {largest} 人",
                "{n} students are pinned to group {group}, and the largest group has {largest}"
            )
        })
    }

    fn bound_and_pinned(&self) -> Option<Words> {
        let [(s, a), (t, b)] = self.pins().try_into().ok()?;
        let (first, second) = (self.id(s), self.id(t));
        (self.bound_to(s).contains(&t) && a != b && s != t).then(|| {
            words!(
                "{first} 和 {second} 必须同组，却分别固定在第 {a} 组和第 {b} 组",
                "{first} and {second} must be together and are pinned to groups {a} and {b}"
            )
        })
    }

    /// Two students of the apart rule of whom something holds.
    fn apart_pair(&self, holds: impl Fn(usize, usize) -> bool) -> Option<(String, String)> {
        let list = self.rules.iter().find_map(|rule| if let Rule::Apart(list) = rule { Some(list) } else { None })?;
        let pairs = list.iter().enumerate().flat_map(|(i, &s)| list[i + 1..].iter().map(move |&t| (s, t)));
        pairs.into_iter().find(|&(s, t)| holds(s, t)).map(|(s, t)| (self.id(s), self.id(t)))
    }

    fn bound_and_apart(&self) -> Option<Words> {
        let (first, second) = self.apart_pair(|s, t| self.bound_to(s).contains(&t))?;
        Some(words!("{first} 和 {second} 既必须同组，又不能同组", "{first} and {second} must be together and apart"))
    }

    fn apart_and_pinned(&self) -> Option<Words> {
        let [(s, group), (t, other)] = self.pins().try_into().ok()?;
        let pinned = |a: usize, b: usize| group == other && (a.min(b), a.max(b)) == (s.min(t), s.max(t));
        let (first, second) = self.apart_pair(pinned)?;
        Some(words!(
            "{first} 和 {second} 不能同组，却都固定在第 {group} 组",
            "{first} and {second} must be apart and are both pinned to group {group}"
        ))
    }

    fn lonely(&self) -> Option<Words> {
        let Some(Rule::NeverAlone(kind)) = self.rules.first() else { return None };
        let kind = &self.problem.kinds[*kind];
        let label = &kind.label;
        (kind.total == 1).then(|| {
            words!(
                "全班只有一名“{label}”的学生，无法做到组内至少有两名或没有",
                "there is only one student of {label}, who must not be the only one in a group"
            )
        })
    }

    fn general(&self, smallest: bool) -> Words {
        let n = self.rules.len();
        let list = self.heading();
        let (zh, en) = (chinese(n), counted(n, "rule"));
        match (n, smallest) {
            (1, _) => words!("规则（{list}）无法满足", "the rule ({list}) cannot hold"),
            (_, true) => words!(
                "这些规则（{list}）无法同时满足：这{zh}条规则缺一不可，去掉任何一条即可满足其余各条",
                "the rules ({list}) cannot hold together: none of these {en} can be dropped"
            ),
            (_, false) => words!(
                "这些规则（{list}）无法同时满足；其中可能还有更少的规则已相互冲突",
                "the rules ({list}) cannot hold together; fewer of these {en} may already be in conflict"
            ),
        }
    }

    /// What a rule asks for.
    fn demand(&self, rule: &Rule) -> Words {
        match rule {
            Rule::Together(list) => {
                let (zh, en) = (chinese(list.len()), counted(list.len(), "student"));
                words!("这{zh}名学生必须同组", "these {en} must be in one group")
            }
            Rule::Apart(list) => {
                let (zh, en) = (chinese(list.len()), counted(list.len(), "student"));
                words!("这{zh}名学生两两不能同组", "no two of these {en} may be in one group")
            }
            Rule::Pin { student, group } => {
                let (id, group) = (self.id(*student), group + 1);
                words!("{id} 固定在第 {group} 组", "{id} must be in group {group}")
            }
            Rule::NeverAlone(kind) => {
                let label = &self.problem.kinds[*kind].label;
                words!(
                    "“{label}”的学生在一个小组里要么没有，要么至少两名",
                    "a group has none of {label} or at least two"
                )
            }
            Rule::TierQuota => words!(
                "每组各层人数必须是应有人数的取整",
                "every group has its share of every tier, to the nearest student"
            ),
        }
    }
}
