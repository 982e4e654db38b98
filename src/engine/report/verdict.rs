//! What is known of a plan, in words: the first thing that anyone reads.

use super::figures::{number, seconds};
use super::rests_on::unused;
use super::text::clean;
use super::{Report, names};
use crate::model::GoalName;
use crate::plan::document::{ConflictRecord, GoalRecord, Status, StopReason};
use crate::words;
use crate::words::{Lang, Words};

/// How good the news is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tone {
    /// What was asked for is proved.
    Proved,
    /// A plan that may not be the best.
    Open,
    /// The rules cannot hold together.
    Impossible,
    /// Neither plan nor proof.
    Unknown,
}

/// The verdict on one class.
pub(super) struct Verdict {
    /// How good the news is.
    pub tone: Tone,
    /// One sentence; [`Verdict::sentence`] says too what it leaves aside.
    headline: String,
    /// What of the list the plan leaves aside, in words.
    unused: Option<String>,
    /// The goals that are proved, in words.
    pub proved: Vec<String>,
    /// What else must be known, a sentence each.
    pub details: Vec<String>,
    lang: Lang,
}

impl Verdict {
    /// The verdict on a report's plan.
    pub(super) fn of(report: &Report) -> Self {
        match report.document.status {
            Status::Optimal | Status::Feasible => of_plan(report),
            Status::Infeasible => impossible(report),
            Status::Unknown => unknown(report),
        }
    }

    /// The verdict in one sentence, with what of the list it leaves aside.
    pub(super) fn sentence(&self) -> String {
        self.within(self.headline.clone())
    }

    /// The verdict in one line, with the goals that are proved.
    pub(super) fn line(&self) -> String {
        let (headline, goals) = (&self.headline, names::list(&self.proved, self.lang));
        self.within(match (self.tone, self.lang) {
            _ if goals.is_empty() => headline.clone(),
            (Tone::Proved, Lang::En) => format!("No better grouping exists, proved for {goals}"),
            (Tone::Proved, Lang::Zh) => format!("{headline}（{goals}）"),
            (_, Lang::Zh) => format!("{headline}（已证明最优：{goals}）"),
            (_, Lang::En) => format!("{headline} (proved: {goals})"),
        })
    }

    /// What is said, with what it does not speak of.
    fn within(&self, said: String) -> String {
        match &self.unused {
            Some(unused) => format!("{said}{}{unused}", names::say(self.lang, "；", "; ")),
            None => said,
        }
    }
}

fn of_plan(report: &Report) -> Verdict {
    let (goals, lang) = (&report.document.goals, report.lang);
    let first_open = goals.iter().position(|goal| !goal.proved).unwrap_or(goals.len());
    let tone = if first_open > 0 && first_open >= asked_for(report) { Tone::Proved } else { Tone::Open };
    let headline = match tone {
        _ if goals.is_empty() => unbalanced(report),
        Tone::Proved => words!("已证明：没有更均衡的分法", "Proved: no better grouping exists"),
        _ if report.document.stop == StopReason::Edited => words!("手工调整过的分组", "Arranged by hand"),
        _ => words!("有效的分组，但尚未证明最优", "A valid grouping, not proved to be the best"),
    };
    let proved = goals[..first_open].iter().map(|goal| proved_name(goal, report)).collect();
    let doubt = report.document.notices.iter().find(|notice| notice.code == "previous_unclear");
    let open = goals[first_open..].iter().filter(|goal| doubt.is_none() || goal.scaled > goal.scaled_bound);
    let mut details: Vec<String> = open.map(|goal| names::tell(gap(goal), lang)).collect();
    if first_open < goals.len() {
        // Where it is not certain who was in which group, that is why nothing is proved.
        details.extend(doubt.map(|notice| notice.message.clone()).or_else(|| stop(report.document.stop, lang)));
    }
    let unused = unused(&report.document.input.rests_on).map(|words| names::tell(words, lang));
    Verdict { tone, headline: names::tell(headline, lang), unused, proved, details, lang }
}

/// A plan without a goal: drawn by lot, unless somebody arranged it or an office's model has none.
fn unbalanced(report: &Report) -> Words {
    let (seed, rests) = (report.document.seed, &report.document.input.rests_on);
    if report.document.stop == StopReason::Proved && rests.balanced.is_empty() && rests.tiers_by.is_none() {
        words!(
            "名册里没有可以均衡的内容：按种子 {seed} 随机分成人数相等的小组",
            "Nothing in the list to balance: equal groups drawn at random, seed {seed}"
        )
    } else {
        words!("有效的分组（没有要均衡的目标）", "A valid grouping (nothing was to be balanced)")
    }
}

/// How many of the goals, from the top, the model wants proved.
fn asked_for(report: &Report) -> usize {
    let goals = &report.document.goals;
    if report.document.stop == StopReason::Proved {
        return goals.iter().position(|goal| !goal.proved).unwrap_or(goals.len());
    }
    let through = report.model.prove_through;
    let named = goals.iter().find(|goal| goal.name == through.word());
    let usual = |goal: &GoalRecord| GoalName::of_word(&goal.name) <= Some(through);
    goals.iter().filter(|goal| named.map_or_else(|| usual(goal), |named| goal.level <= named.level)).count()
}

/// A proved goal's name; told apart where it is only as good as a tolerance allows.
fn proved_name(goal: &GoalRecord, report: &Report) -> String {
    let name = names::goal(goal, report.lang);
    let level = report.policy.goals.iter().filter(|known| known.spec.level == goal.level);
    let tolerated = level.clone().any(|known| known.spec.tolerance > 0.0) && above_bound(goal);
    if !tolerated {
        return name;
    }
    match report.lang {
        Lang::Zh => format!("{name}（在允许的范围内）"),
        Lang::En => format!("{name} (within the tolerance)"),
    }
}

/// Whether a goal's level is above its bound.
fn above_bound(goal: &GoalRecord) -> bool {
    goal.shared.map_or(goal.scaled > goal.scaled_bound, |shared| shared.value > shared.bound)
}

/// How far an unproved goal may be from its best.
fn gap(goal: &GoalRecord) -> Words {
    let (zh, en) = (names::goal(goal, Lang::Zh), names::goal(goal, Lang::En));
    let (zh_unit, en_unit) = (names::unit(goal, Lang::Zh), names::unit(goal, Lang::En));
    let (value, bound, gap) = (number(goal.value), number(goal.bound), number(goal.value - goal.bound));
    if goal.scaled <= goal.scaled_bound && above_bound(goal) {
        return words!(
            "{zh}：{value} {zh_unit}，已达下限（同级的合计尚未证明）",
            "{en}: {value} {en_unit}, at its bound (the sum of its level is not proved)"
        );
    }
    if goal.scaled <= goal.scaled_bound {
        return words!(
            "{zh}：{value} {zh_unit}，已达下限（上级目标尚未证明）",
            "{en}: {value} {en_unit}, at its bound (a goal above it is not proved)"
        );
    }
    words!(
        "{zh}：目前 {value} {zh_unit}，已证明不会低于 {bound}，最多还能改进 {gap}",
        "{en}: now {value} {en_unit}, proved not to go below {bound}; at most {gap} above the optimum"
    )
}

fn stop(reason: StopReason, lang: Lang) -> Option<String> {
    let (zh, en) = match reason {
        StopReason::Proved | StopReason::Edited => return None,
        StopReason::Stalled => ("各种方法都无法再推进", "no method got any further"),
        StopReason::WorkLimit => ("已用完给定的计算量", "the work allowed was used up"),
        StopReason::TimeLimit => {
            ("已到时间限制；放宽 --time-limit 可继续", "the time limit was reached; a longer --time-limit goes on")
        }
        StopReason::Cancelled => ("被用户停止", "stopped by the user"),
    };
    Some(names::say(lang, zh, en).to_owned())
}

fn impossible(report: &Report) -> Verdict {
    let lang = report.lang;
    let conflict = report.document.conflict.as_deref().unwrap_or_default();
    let headline =
        names::say(lang, "已证明：这些要求无法同时满足", "Proved: these rules cannot hold together").to_owned();
    let detail = |record: &ConflictRecord| match (clean(&record.rule), clean(&record.message)) {
        (rule, message) if rule.is_empty() => message,
        (rule, message) if message.is_empty() => rule,
        (rule, message) => format!("{rule}{}{message}", names::say(lang, "：", ": ")),
    };
    // The sentence that sums the conflict up comes first.
    let (sums, rules): (Vec<_>, Vec<_>) = conflict.iter().partition(|record| record.rule.is_empty());
    let details = sums.into_iter().chain(rules).map(detail).collect();
    Verdict { tone: Tone::Impossible, headline, unused: None, proved: Vec::new(), details, lang }
}

fn unknown(report: &Report) -> Verdict {
    let (lang, elapsed) = (report.lang, seconds(report.document.elapsed_seconds));
    let headline = words!(
        "没有结果：{elapsed} 秒内既没有找到分法，也没有证明无解",
        "No result: {elapsed} s brought neither a grouping nor a proof that there is none"
    );
    let details = stop(report.document.stop, lang).into_iter().collect();
    let headline = names::tell(headline, lang);
    Verdict { tone: Tone::Unknown, headline, unused: None, proved: Vec::new(), details, lang }
}
