//! Reads `--rules` files and the rules of the JSON API: syntax, shape, and what the rules say of themselves. Everything wrong is told
//! at once; whether the students exist is told by [`super::ids`], which knows the list.

use super::Rules;
use crate::fault::Faults;
use crate::model::read::judge::Judge;
use crate::model::read::source::Source;
use crate::model::schema;
use crate::words;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Largest rules file, in bytes.
pub const MAX_RULES_BYTES: usize = 8 << 20;

/// Most entries of a rules file: students in lists, pins and `never_alone` together.
pub const MAX_ENTRIES: usize = 100_000;

static SHAPE: LazyLock<serde_json::Value> = LazyLock::new(schema::rules);

/// Reads rules from the bytes of a JSON (or TOML) file; `file` is its name, for faults.
///
/// # Errors
/// Everything that is wrong, each with its path (`rules.json apart[0][2]`).
pub fn read_rules(bytes: &[u8], file: &str) -> Result<Rules, Faults> {
    let source = Source::parse(bytes, file, MAX_RULES_BYTES)?;
    let (rules, mut faults) = source.decode::<Rules>(&SHAPE);
    if let Some(rules) = &rules {
        check(rules, &mut Judge { source: &source, faults: &mut faults });
    }
    match rules {
        Some(rules) if faults.is_empty() => Ok(rules),
        _ => Err(Faults(faults)),
    }
}

fn check(rules: &Rules, judge: &mut Judge) {
    check_number(rules, judge);
    for (name, lists) in [("together", &rules.together), ("apart", &rules.apart)] {
        for (i, list) in lists.iter().enumerate() {
            check_list(list, &format!("{name}[{i}]"), judge);
        }
    }
    check_pins(rules, judge);
    let mut seen = HashSet::new();
    for (i, rule) in rules.never_alone.iter().enumerate() {
        let path = format!("never_alone[{i}].column");
        judge.check_text(&rule.column, &path);
        judge.check_repeated(&mut seen, &rule.column, &path);
    }
}

fn check_number(rules: &Rules, judge: &mut Judge) {
    let listed: usize = rules.together.iter().chain(&rules.apart).map(Vec::len).sum();
    let entries = listed + rules.pin.len() + rules.never_alone.len();
    if entries > MAX_ENTRIES {
        let found = words!("{entries} 条", "{entries} entries");
        let expected = words!("不超过 {MAX_ENTRIES} 条", "at most {MAX_ENTRIES}");
        judge.fault("too_many_rules", "", [found, expected, words!("请减少规则", "use fewer rules")]);
    }
}

fn check_list(list: &[String], path: &str, judge: &mut Judge) {
    if list.len() < 2 {
        let number = list.len();
        let found = words!("{number} 名学生", "{number} students");
        let expected = words!("至少两名学生", "at least two students");
        judge.fault("short_list", path, [found, expected, words!("请补全或删去", "complete or remove it")]);
    }
    let mut seen = HashSet::new();
    for (i, id) in list.iter().enumerate() {
        let path = format!("{path}[{i}]");
        judge.check_text(id, &path);
        if !seen.insert(id) {
            let found = words!("“{id}”再次出现", "\"{id}\" again");
            let expected = words!("每名学生只写一次", "every student once");
            judge.fault("student_repeated", &path, [found, expected, words!("请删去其一", "remove one of them")]);
        }
    }
}

fn check_pins(rules: &Rules, judge: &mut Judge) {
    let mut seen = HashSet::new();
    for (i, pin) in rules.pin.iter().enumerate() {
        let (path, id) = (format!("pin[{i}]"), &pin.student);
        judge.check_text(id, &format!("{path}.student"));
        if !seen.insert(id) {
            let found = words!("“{id}”已固定过", "\"{id}\" pinned again");
            let expected = words!("每名学生只固定一次", "every student pinned once");
            judge.fault("pin_repeated", &path, [found, expected, words!("请删去其一", "remove one of them")]);
        }
        let expected = words!("group（组号）或 teacher（工号）之一", "either a group number or a teacher");
        match (pin.group, &pin.teacher) {
            (None, None) => {
                let found = words!("既无 group 也无 teacher", "neither group nor teacher");
                judge.fault("pin_nowhere", &path, [found, expected, words!("请补上其一", "add one of them")]);
            }
            (Some(_), Some(_)) => {
                let found = words!("group 和 teacher 都有", "both group and teacher");
                judge.fault("pin_twofold", &path, [found, expected, words!("请只留其一", "keep one of them")]);
            }
            (None, Some(teacher)) => judge.check_text(teacher, &format!("{path}.teacher")),
            (Some(_), None) => {}
        }
    }
}
