//! The answer to every wish, as it is written down and told.

use super::group_names::GroupNames;
use crate::check::ToldWish;
use crate::pipeline::Planned;
use crate::pipeline::staffing::WishAnswer;
use crate::plan::document::GroupRecord;
use crate::report::names::say;
use crate::report::notice::group_name;
use crate::roster::staff::{Mention, Staff};
use crate::words;
use crate::words::Lang;
use serde::{Deserialize, Serialize};

/// What became of one wish (认领意愿).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRecord {
    /// Id of the teacher who wished.
    pub teacher: String,
    /// The teacher's name.
    pub name: String,
    /// 1 is the dearest wish.
    pub rank: usize,
    /// Id of the group; the class of a wish for any group of it that came to nothing.
    pub group: String,
    /// The same as it is printed: class, number and name; empty in a summary of an earlier version.
    #[serde(default)]
    pub shown: String,
    /// Won or lost.
    pub answer: Answer,
    /// Id of the teacher who has the group; null where nobody has it.
    pub to: Option<String>,
    /// That teacher's name.
    pub to_name: Option<String>,
    /// Why it was lost, a stable word; empty where it was won.
    pub code: String,
    /// Why it was lost, in words.
    pub reason: String,
    /// The name that the winner wrote for the group.
    pub group_name: Option<String>,
}

/// Whether a wish came true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The group is the teacher's.
    Won,
    /// It is another's, or nobody's.
    Lost,
}

impl ClaimRecord {
    pub(super) fn of(answer: &WishAnswer, staff: &Staff, planned: &[Planned], names: &GroupNames, lang: Lang) -> Self {
        let teacher = &staff.teachers[answer.teacher];
        let (group, shown) = match (answer.group, &teacher.prefers[answer.wish]) {
            (Some((c, g)), _) => {
                let group = &planned[c].document.groups[g];
                (group.id.clone(), printed(group, lang))
            }
            (None, Mention::Group { class, number }) => {
                let shown = words!("{class} 第{number}组", "{class} Group {number}");
                (format!("{class}/{number}"), shown.get(lang).to_owned())
            }
            (None, wish) => (wish.class().to_owned(), wish.class().to_owned()),
        };
        let to = answer.to.map(|to| &staff.teachers[to]);
        Self {
            teacher: teacher.id.clone(),
            name: teacher.name.clone(),
            rank: answer.wish + 1,
            group,
            shown,
            answer: if answer.won { Answer::Won } else { Answer::Lost },
            to: to.map(|to| to.id.clone()),
            to_name: to.map(|to| to.name.clone()),
            code: answer.code.to_owned(),
            reason: answer.reason.get(lang).to_owned(),
            group_name: names.of(answer).map(str::to_owned),
        }
    }

    /// Forgets a name that the group does not have any more: the class teacher may have given it another.
    pub(super) fn forget_name<'a>(&mut self, mut groups: impl Iterator<Item = &'a GroupRecord>) {
        let group = groups.find(|group| group.id == self.group);
        self.group_name.take_if(|name| group.is_some_and(|group| group.name != *name));
    }

    /// What the judge looks at.
    pub(super) fn told(&self) -> ToldWish<'_> {
        ToldWish {
            teacher: &self.teacher,
            group: &self.group,
            won: self.answer == Answer::Won,
            to: self.to.as_deref(),
            name: self.group_name.as_deref(),
        }
    }

    /// The group as it is printed.
    #[must_use]
    pub fn label(&self) -> &str {
        if self.shown.is_empty() { &self.group } else { &self.shown }
    }

    /// Who has the group now.
    #[must_use]
    pub fn holder(&self, lang: Lang) -> &str {
        self.to_name.as_deref().unwrap_or(say(lang, "没有教师", "nobody"))
    }

    /// Won or lost, in a word.
    #[must_use]
    pub fn word(&self, lang: Lang) -> &'static str {
        match self.answer {
            Answer::Won => say(lang, "认领到", "won"),
            Answer::Lost => say(lang, "未认领到", "lost"),
        }
    }
}

/// A group as lists and pages name it: `一(1)班 第2组（彩虹）`.
fn printed(group: &GroupRecord, lang: Lang) -> String {
    let class = &group.class;
    match group_name(group, lang) {
        (name, Some(number)) => words!("{class} {number}（{name}）", "{class} {number} ({name})").get(lang).to_owned(),
        (number, None) => format!("{class} {number}"),
    }
}
