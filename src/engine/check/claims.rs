//! What a document says of its goals, against the recomputed score card: numbers, bounds, proofs, status.

use super::card::{CheckedGoal, CheckedLevel, ScoreCard};
use super::{Finding, finding};
use crate::model::GoalName;
use crate::plan::document::{Document, GoalRecord, Proof, Status, StopReason};
use crate::words;

/// Everything that the document says wrongly of its goals; of `unclear` students nobody knows who they were last semester.
pub(super) fn claims(card: &ScoreCard, document: &Document, unclear: usize) -> Vec<Finding> {
    let is: Vec<String> = card.goals.iter().map(|goal| label(goal.name.word(), goal.level)).collect();
    let says: Vec<String> = document.goals.iter().map(|goal| label(&goal.name, goal.level)).collect();
    if is != says {
        let (is, says) = (is.join(", "), says.join(", "));
        return vec![finding("goal_list", "goals", words!("目标是 {says}，应为 {is}", "goals {says} instead of {is}"))];
    }
    let mut findings: Vec<Finding> =
        card.goals.iter().zip(&document.goals).flat_map(|(is, says)| numbers(is, says)).collect();
    let mut higher_proved = true;
    for level in &card.levels {
        let records: Vec<&GoalRecord> = level.goals.iter().map(|&i| &document.goals[i]).collect();
        findings.extend(level_claims(level, &records, higher_proved));
        higher_proved &= records.iter().all(|record| record.proved);
    }
    findings.extend(status(document, higher_proved));
    if unclear > 0 {
        findings.extend(proved_in_doubt(document, unclear));
    }
    findings
}

/// `means@3`.
fn label(name: &str, level: u8) -> String {
    format!("{name}@{level}")
}

/// Value, bound and unit of one goal.
fn numbers(is: &CheckedGoal, says: &GoalRecord) -> Vec<Finding> {
    let place = |key: &str| format!("goals[{}].{key}", says.name);
    let mut findings = Vec::new();
    let mut wrong = |code, key, right: bool, told: String, expected: String| {
        if !right {
            findings.push(finding(
                code,
                place(key),
                words!("写着 {told}，重新计算得 {expected}", "says {told}, recomputed {expected}"),
            ));
        }
    };
    let (scaled, bound) = (says.scaled, says.scaled_bound);
    wrong("goal_scaled", "scaled", scaled == is.scaled, scaled.to_string(), is.scaled.to_string());
    wrong("goal_value", "value", same(is.value, says.value), says.value.to_string(), is.value.to_string());
    wrong(
        "goal_unit",
        "unit",
        says.unit == is.unit.zh || says.unit == is.unit.en,
        says.unit.clone(),
        is.unit.en.to_owned(),
    );
    // A proof may have raised the bound above the closed form, never lowered it.
    wrong(
        "goal_bound_low",
        "scaled_bound",
        bound >= is.scaled_bound,
        bound.to_string(),
        format!("≥ {}", is.scaled_bound),
    );
    let shown = is.shown_bound(bound);
    wrong("goal_bound", "bound", same(shown, says.bound), says.bound.to_string(), shown.to_string());
    findings
}

/// What is claimed of one level. A level is proved or not as a whole, by one proof.
fn level_claims(level: &CheckedLevel, records: &[&GoalRecord], higher_proved: bool) -> Vec<Finding> {
    let Some(first) = records.first() else { return Vec::new() };
    let names: Vec<&str> = records.iter().map(|record| record.name.as_str()).collect();
    let place = |key: &str| format!("goals[{}].{key}", names.join("+"));
    let told =
        level.weights.iter().zip(records).map(|(&weight, record)| i128::from(weight) * i128::from(record.scaled_bound));
    let (least, value) = (told.sum::<i128>(), i128::from(level.value));
    // Of a shared level more may be known than of its goals.
    let bound = first.shared.map_or(least, |shared| shared.bound.into());
    let budget = bound + i128::from(level.tolerance);
    let mut findings = Vec::new();
    let mut claim = |good: bool, code, key, message| {
        if !good {
            findings.push(finding(code, place(key), message));
        }
    };
    let shared = records.iter().all(|record| record.shared == first.shared)
        && first.shared.is_none_or(|shared| {
            records.len() > 1 && i128::from(shared.value) == value && i128::from(shared.bound) >= least
        });
    let message = words!(
        "同一级合计应为 {value}，界至少 {least}",
        "the level as a whole has the value {value} and a bound of {least} at least"
    );
    claim(shared, "level_shared", "shared", message);
    let alike = records.iter().all(|record| (record.proved, record.proof) == (first.proved, first.proof));
    claim(
        alike,
        "proof_of_level",
        "proved",
        words!("同一级的目标应一起证明", "goals of one level are proved together or not at all"),
    );
    let of_goals = records.iter().map(|record| (record.scaled_bound.into(), record.scaled.into()));
    let high: Option<(i128, i128)> = of_goals.chain([(bound, value)]).find(|(bound, value)| bound > value);
    let (high_bound, reached) = high.unwrap_or((bound, value));
    let message = words!(
        "界 {high_bound} 大于达到的值 {reached}",
        "the bound {high_bound} is above the value {reached} that was reached"
    );
    claim(high.is_none(), "goal_bound_high", "scaled_bound", message);
    let message = words!("已证明须写明证法，未证明则不写", "what is proved names its proof, what is not names none");
    claim(first.proved == first.proof.is_some(), "proof_named", "proof", message);
    if first.proved {
        claim(higher_proved, "proof_order", "proved", words!("更高级的目标尚未证明", "a higher level is not proved"));
        let message =
            words!("值 {value} 大于界与容差之和 {budget}", "the value {value} is above bound plus tolerance, {budget}");
        claim(value <= budget, "proof_gap", "proved", message);
    }
    let closed = i128::from(level.bound);
    let message = words!("闭式界是 {closed}，写着 {bound}", "the closed-form bound is {closed}, not {bound}");
    claim(first.proof != Some(Proof::ClosedForm) || bound == closed, "proof_closed_form", "proof", message);
    findings
}

/// Nothing about old groups can be proved while it is not certain who was in them, nor anything below.
fn proved_in_doubt(document: &Document, unclear: usize) -> Option<Finding> {
    let looks_back = |goal: &GoalRecord| GoalName::of_word(&goal.name).is_some_and(GoalName::looks_back);
    let goal = document.goals.iter().find(|goal| goal.proved && looks_back(goal))?;
    let message = words!(
        "{unclear} 名学生不能确定是不是上学期的同一个人，不能说已证明",
        "{unclear} students cannot be told for certain from last semester: nothing about old groups is proved"
    );
    Some(finding("previous_unclear", format!("goals[{}].proved", goal.name), message))
}

/// `optimal` if and only if every goal is proved; `stop: proved` needs at least the first.
fn status(document: &Document, all_proved: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    if (document.status == Status::Optimal) != all_proved {
        let message = words!("“最优”当且仅当所有目标都已证明", "`optimal` if and only if every goal is proved");
        findings.push(finding("status", "status", message));
    }
    if document.stop == StopReason::Proved && document.goals.first().is_some_and(|goal| !goal.proved) {
        let message =
            words!("写着因已证明而结束，却连最高一级都未证明", "claims to be proved, but not even the first level is");
        findings.push(finding("stop", "stop", message));
    }
    findings
}

/// Whether two shown numbers are the same up to the rounding of floats.
pub(super) fn same(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(1.0)
}
