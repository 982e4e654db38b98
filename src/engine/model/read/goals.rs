//! Whether a model's goals make sense, each and together.

use super::judge::Judge;
use crate::model::goal::{Columns, Needs};
use crate::model::{GoalName, GoalSpec, Model, default_prove_through};
use crate::roster::field::KNOWN_FLAGS;
use crate::words;
use std::collections::HashSet;

/// Columns that hold neither marks nor kinds of students.
const NEVER_BALANCED: [&str; 7] = ["id", "name", "class", "tier", "total", "rank", "notes"];

/// Columns that hold kinds of students under names that fenzu knows, beside [`KNOWN_FLAGS`].
const KNOWN_KINDS: [&str; 2] = ["gender", "ethnic_group"];

pub(super) fn check(model: &Model, judge: &mut Judge) {
    check_any(model, judge);
    for (i, spec) in model.goals.iter().enumerate() {
        check_name(model, i, spec, judge);
        check_weights(i, spec, judge);
        check_columns(i, spec, judge);
    }
    check_prove_through(model, judge);
}

/// The words of those of the goals that are in force in every run.
fn always_in_force(goals: impl IntoIterator<Item = GoalName>) -> Vec<&'static str> {
    goals.into_iter().filter(|goal| goal.is_always_in_force()).map(GoalName::word).collect()
}

fn check_any(model: &Model, judge: &mut Judge) {
    if always_in_force(model.goals.iter().map(|spec| spec.goal)).is_empty() {
        let known = always_in_force(GoalName::ALL).join(", ");
        let found = words!("没有目标", "no goals");
        let expected = words!("至少一个 [[goals]]：{known}", "at least one [[goals]] of {known}");
        judge.fault("no_goals", "goals", [found, expected, words!("请补上目标", "add a goal")]);
    }
}

fn check_name(model: &Model, i: usize, spec: &GoalSpec, judge: &mut Judge) {
    let (path, word) = (format!("goals[{i}].goal"), spec.goal.word());
    if model.goals[..i].iter().any(|earlier| earlier.goal == spec.goal) {
        let found = words!("目标 {word} 再次出现", "the goal {word} again");
        let expected = words!("每个目标只写一次", "every goal once");
        judge.fault("goal_repeated", &path, [found, expected, words!("请删去其一", "remove one of them")]);
    }
    if spec.goal.needs() == Needs::Tiers && model.tiers.is_none() {
        let found = words!("目标 {word}，但没有 [tiers]", "the goal {word} without [tiers]");
        let expected = words!("[tiers] 及各层", "[tiers] with its layers");
        let action = words!("请加上 [tiers] 或删去这个目标", "add [tiers] or remove the goal");
        judge.fault("tiers_goal_without_tiers", &path, [found, expected, action]);
    }
    if spec.goal.needs() == Needs::OldKept {
        let found = words!("目标 {word}", "the goal {word}");
        let expected = words!("不写：有 --keep 时它自动居首", "a model without it: --keep adds it as the first goal");
        judge.fault("moves_not_in_model", &path, [found, expected, words!("请删去这个目标", "remove the goal")]);
    }
}

/// A weight of 0 would silence what the model names.
fn check_weights(i: usize, spec: &GoalSpec, judge: &mut Judge) {
    let column = |name: &String| format!("goals[{i}].column_weights.{name}");
    let own = std::iter::once((format!("goals[{i}].weight"), spec.weight));
    let weights = own.chain(spec.column_weights.iter().map(|(name, weight)| (column(name), *weight)));
    for (path, weight) in weights.filter(|(_, weight)| weight.num == 0) {
        let den = weight.den;
        let found = words!("权重 0/{den}", "the weight 0/{den}");
        let expected = words!("大于 0 的权重", "a weight above 0");
        let action = words!(
            "请删去这个目标，或用 columns 只列出要均衡的列",
            "remove the goal, or list the columns to balance in `columns`"
        );
        judge.fault("zero_weight", &path, [found, expected, action]);
    }
}

fn check_columns(i: usize, spec: &GoalSpec, judge: &mut Judge) {
    let path = |part: &str| format!("goals[{i}].{part}");
    let looks_at = spec.goal.columns();
    if looks_at == Columns::None {
        let useless = [("columns", spec.columns.is_some()), ("column_weights", !spec.column_weights.is_empty())];
        for (key, _) in useless.iter().filter(|(_, there)| *there) {
            useless_key(spec.goal.word(), &path(key), judge);
        }
        return;
    }
    if spec.columns.as_ref().is_some_and(Vec::is_empty) {
        let found = words!("空列表", "an empty list");
        let expected = words!("至少一列", "at least one column");
        let action = words!("要均衡所有列，请删去 columns", "remove `columns` to balance every column");
        judge.fault("empty_list", &path("columns"), [found, expected, action]);
    }
    let marks = looks_at != Columns::Kinds;
    let mut named = HashSet::new();
    for (j, name) in spec.columns.iter().flatten().enumerate() {
        check_column_kind(name, marks, &path(&format!("columns[{j}]")), judge);
        judge.check_repeated(&mut named, name, &path(&format!("columns[{j}]")));
    }
    for name in spec.column_weights.keys() {
        let at = path(&format!("column_weights.{name}"));
        check_column_kind(name, marks, &at, judge);
        if spec.columns.is_some() && !named.contains(name.as_str()) {
            let found = words!("“{name}”不在 columns 中", "\"{name}\", which `columns` lacks");
            let expected = words!("columns 中的一列", "one of `columns`");
            judge.fault("weight_of_no_column", &at, [found, expected, words!("请改正列名", "correct the name")]);
        }
    }
}

fn useless_key(goal: &str, path: &str, judge: &mut Judge) {
    let found = words!("目标 {goal} 不看列", "columns for the goal {goal}, which looks at none");
    let expected = words!("没有这个键", "no such key");
    judge.fault("useless_key", path, [found, expected, words!("请删去", "remove it")]);
}

/// Whether a column of this name can hold what is balanced: marks, or (not `marks`) kinds of students.
pub(super) fn check_column_kind(name: &str, marks: bool, path: &str, judge: &mut Judge) {
    let kind = KNOWN_KINDS.contains(&name) || KNOWN_FLAGS.contains(&name);
    let wrong = name.trim().is_empty() || NEVER_BALANCED.contains(&name) || (marks && kind);
    if !wrong {
        return;
    }
    let found = words!("“{name}”", "\"{name}\"");
    let expected = if marks {
        words!("成绩列，如 math", "a column of marks, like math")
    } else {
        words!("性别、是非或类别列，如 gender、left_behind", "gender, a flag or a category, like gender or left_behind")
    };
    judge.fault("column_kind", path, [found, expected, words!("请改正列名", "correct the name")]);
}

/// Whether a column of this name can be a flag.
pub(super) fn check_flag(name: &str, path: &str, judge: &mut Judge) {
    if !name.trim().is_empty() && !NEVER_BALANCED.contains(&name) && !KNOWN_KINDS.contains(&name) {
        return;
    }
    let found = words!("“{name}”", "\"{name}\"");
    let expected = words!("是非列，如 left_behind", "a flag, like left_behind");
    judge.fault("column_kind", path, [found, expected, words!("请改正列名", "correct the name")]);
}

fn check_prove_through(model: &Model, judge: &mut Judge) {
    let word = model.prove_through.word();
    let there = always_in_force(model.goals.iter().map(|spec| spec.goal));
    if there.is_empty() || there.contains(&word) {
        return;
    }
    let (list, usual) = (there.join(", "), default_prove_through().word());
    let found = words!("{word}（不写时为 {usual}）", "{word} ({usual} where it is left out)");
    let expected = words!("本方案的目标之一：{list}", "a goal of the model: {list}");
    let action = words!("请写 prove_through = \"…\"", "write prove_through = \"…\" with one of them");
    judge.fault("prove_through", "prove_through", [found, expected, action]);
}
