//! Whether a model that has the right shape makes sense. One function a question; all faults are collected.

use super::goals;
use super::judge::Judge;
use crate::model::{Layer, Model, SizeRange, Sizing, Tiers};
use crate::words;
use std::collections::{HashMap, HashSet};

/// Adds a fault for everything in the model that makes no sense.
pub(super) fn check(model: &Model, judge: &mut Judge) {
    check_texts(model, judge);
    check_sizing(model.groups, judge);
    if let Some(tiers) = &model.tiers {
        check_ratio(tiers, judge);
        check_tier_words(&tiers.layers, judge);
    }
    check_needs_tiers(model, judge);
    check_never_alone(model, judge);
    check_visits(model, judge);
    goals::check(model, judge);
}

/// The texts without which a model or a tier cannot be called by name.
fn check_texts(model: &Model, judge: &mut Judge) {
    let mut texts = vec![
        ("name".to_owned(), &model.name),
        ("title.zh".to_owned(), &model.title.zh),
        ("title.en".to_owned(), &model.title.en),
    ];
    for (i, layer) in model.tiers.iter().flat_map(|tiers| &tiers.layers).enumerate() {
        texts.push((format!("tiers.layers[{i}].key"), &layer.key));
        texts.push((format!("tiers.layers[{i}].label.zh"), &layer.label.zh));
        texts.push((format!("tiers.layers[{i}].label.en"), &layer.label.en));
        texts.extend(layer.aliases.iter().enumerate().map(|(j, a)| (format!("tiers.layers[{i}].aliases[{j}]"), a)));
    }
    for (path, text) in texts {
        judge.check_text(text, &path);
    }
}

/// Single numbers are bounded by the schema; this is what a schema cannot say.
fn check_sizing(sizing: Sizing, judge: &mut Judge) {
    if let Sizing::Range(SizeRange { min, max }) = sizing
        && min > max
    {
        let found = words!("最少 {min} 人，最多 {max} 人", "a smallest size of {min} and a largest of {max}");
        let expected = words!("min 不大于 max", "min not above max");
        judge.fault("size_range", "groups.range", [found, expected, words!("请对调或改正", "swap or correct them")]);
    }
}

fn check_ratio(tiers: &Tiers, judge: &mut Judge) {
    let ratio: Vec<String> = tiers.layers.iter().map(|layer| layer.ratio.to_string()).collect();
    let ratio = ratio.join(":");
    if tiers.layers.is_empty() {
        let found = words!("没有任何层次", "no layers");
        let expected = words!("至少一个 [[tiers.layers]]", "at least one [[tiers.layers]]");
        let action = words!("请补上各层，不分层则删去 [tiers]", "add the layers, or leave [tiers] out for no tiers");
        judge.fault("no_layers", "tiers.layers", [found, expected, action]);
    } else if tiers.layers.iter().all(|layer| layer.ratio == 0) {
        let found = words!("比例 {ratio}", "the ratio {ratio}");
        let expected = words!("至少一层大于 0，如 3:5:2", "at least one part above 0, as in 3:5:2");
        let action = words!("请填写各层的 ratio", "write the ratio of each layer");
        judge.fault("zero_ratio", "tiers.layers", [found, expected, action]);
    }
}

/// Every word for a tier leads to one tier; case does not tell words apart (as in reading the tier column).
fn check_tier_words(layers: &[Layer], judge: &mut Judge) {
    let mut owner: HashMap<String, (usize, String)> = HashMap::new();
    for (i, layer) in layers.iter().enumerate() {
        let at = |part: &str| format!("tiers.layers[{i}].{part}");
        let mut said =
            vec![(at("key"), &layer.key), (at("label.zh"), &layer.label.zh), (at("label.en"), &layer.label.en)];
        said.extend(layer.aliases.iter().enumerate().map(|(j, alias)| (at(&format!("aliases[{j}]")), alias)));
        for (path, word) in said {
            let (first, place) = owner.entry(word.to_ascii_lowercase()).or_insert_with(|| (i, path.clone()));
            let repeated_alias = path.contains("aliases") && *place != path && place.contains("aliases");
            if *first != i || repeated_alias {
                let found = words!("“{word}”已见于 {place}", "\"{word}\", which {place} has already");
                let expected = words!("每个词只属于一层、只写一次", "every word in one layer, once");
                judge.fault(
                    "duplicate_tier_word",
                    &path,
                    [found, expected, words!("请删去其一", "remove one of them")],
                );
            }
        }
    }
}

fn check_needs_tiers(model: &Model, judge: &mut Judge) {
    if model.paired_help && model.tiers.is_none() {
        let found = words!("paired_help = true，但没有 [tiers]", "paired_help = true without [tiers]");
        let expected = words!("结对帮扶需要分层", "tiers, which paired help goes by");
        let action = words!("请加上 [tiers] 或删去 paired_help", "add [tiers] or remove paired_help");
        judge.fault("paired_help_without_tiers", "paired_help", [found, expected, action]);
    }
}

fn check_never_alone(model: &Model, judge: &mut Judge) {
    let mut seen = HashSet::new();
    for (i, rule) in model.rules.never_alone.iter().enumerate() {
        let path = format!("rules.never_alone[{i}].column");
        goals::check_column_kind(&rule.column, false, &path, judge);
        judge.check_repeated(&mut seen, &rule.column, &path);
    }
}

/// Visits depend on flags; gender, marks and tiers have none.
fn check_visits(model: &Model, judge: &mut Judge) {
    for name in model.staff.visits_of.keys() {
        goals::check_flag(name, &format!("staff.visits_of.{name}"), judge);
    }
}
