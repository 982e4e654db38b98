//! Models: the built-in ones, what a file may say, and how everything wrong in it is told at once.

use crate::in_time::within;
use crate::support::last_by_id;
use fenzu::base::order::natural_order;
use fenzu::fault::{Fault, Faults};
use fenzu::model::builtin::{DEFAULT, builtin, find, text};
use fenzu::model::previous::old_numbers;
use fenzu::model::request::{Previous, PreviousMode};
use fenzu::model::{GoalName, Model, Ratio, Request, SizeRange, Sizing, TierSource, load, read_model, schema};
use fenzu::roster::{Roster, RowPlace, Student};
use proptest::prelude::*;
use std::cmp::Ordering;
use std::path::{Path, PathBuf};
use std::time::Duration;

const GOOD: &str = r#"
name = "mine"
title = { zh = "我的方案", en = "Mine" }
groups = { size = 8 }

[[goals]]
goal = "tiers"
level = 1

[[goals]]
goal = "means"
level = 3
weight = "1/3"
tolerance = 0.5
columns = ["math", "english"]
column_weights = { math = 2 }

[tiers]
layers = [
    { key = "top", ratio = 1, label = { zh = "上", en = "Top" }, aliases = ["A"] },
    { key = "rest", ratio = 2, label = { zh = "其余", en = "Rest" } },
]
"#;

fn faults(text: &str) -> Vec<Fault> {
    read_model(text.as_bytes(), "my.toml").expect_err("refused").0
}

fn codes(faults: &[Fault]) -> Vec<&'static str> {
    faults.iter().map(|fault| fault.code).collect()
}

/// `GOOD` with one text replaced, which must be there.
fn changed(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}

fn models_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

#[test]
fn every_model_file_is_built_in_under_its_own_name() {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(models_dir()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let model = load(path.to_str().unwrap()).unwrap();
            assert_eq!(path.file_stem().unwrap().to_str(), Some(model.name.as_str()));
            assert_eq!(find(&model.name), Some(model.clone()));
            assert_eq!(text(&model.name).unwrap(), std::fs::read_to_string(&path).unwrap());
            names.push(model.name);
        }
    }
    assert_eq!(names.len(), builtin().len());
    assert_eq!(builtin()[0].name, DEFAULT);
    assert_eq!(find("nonesuch"), None);
}

#[test]
fn the_default_model_is_three_five_two() {
    let model = find(DEFAULT).unwrap();
    let tiers = model.tiers.as_ref().unwrap();
    let layers: Vec<_> = tiers.layers.iter().map(|l| (l.key.as_str(), l.ratio, l.label.zh.as_str())).collect();
    assert_eq!(layers, [("top", 3, "优等生"), ("middle", 5, "中等生"), ("struggling", 2, "学困生")]);
    assert_eq!(tiers.source, TierSource::Auto);
    let goals: Vec<_> = model.goals.iter().map(|spec| (spec.goal, spec.level)).collect();
    let want = [GoalName::Tiers, GoalName::Counts, GoalName::Means, GoalName::Worst, GoalName::Spread];
    assert_eq!(goals, want.into_iter().zip(1..).collect::<Vec<_>>());
    assert_eq!((model.groups, model.prove_through, model.paired_help), (Sizing::Size(10), GoalName::Means, true));
    for (layer, words) in
        [(0, ["优", "甲", "尖子生", "A"]), (1, ["中", "良", "乙", "B"]), (2, ["待进", "差", "潜能生", "丙"])]
    {
        assert!(words.iter().all(|word| tiers.layers[layer].aliases.iter().any(|alias| alias == word)));
    }
}

#[test]
fn the_other_built_in_models_say_what_their_names_promise() {
    let teams = find("project-teams").unwrap();
    assert!(teams.tiers.is_none());
    assert_eq!(teams.rules.never_alone[0].column, "gender");
    let diversity = find("diversity").unwrap();
    assert_eq!((diversity.goals[0].goal, diversity.prove_through), (GoalName::Diversity, GoalName::Diversity));
}

#[test]
fn toml_and_json_say_the_same() {
    let model = read_model(GOOD.as_bytes(), "my.toml").unwrap();
    assert_eq!(model.goals[1].weight, Ratio::new(1, 3).unwrap());
    assert_eq!(model.goals[1].column_weights["math"], Ratio::new(2, 1).unwrap());
    let json = serde_json::to_vec_pretty(&model).unwrap();
    assert_eq!(read_model(&json, "my.json").as_ref(), Ok(&model));
    // Without an extension the content decides; a byte order mark is no content.
    assert_eq!(read_model(&json, "stdin").as_ref(), Ok(&model));
    assert_eq!(read_model(format!("\u{feff}{GOOD}").as_bytes(), "stdin"), Ok(model));
}

#[test]
fn every_sizing_is_read() {
    let sized = |text: &str| read_model(changed("{ size = 8 }", text).as_bytes(), "my.toml").map(|model| model.groups);
    assert_eq!(sized("{ count = 5 }"), Ok(Sizing::Count(5)));
    assert_eq!(sized("{ range = { min = 8, max = 8 } }"), Ok(Sizing::Range(SizeRange { min: 8, max: 8 })));
}

#[test]
fn syntax_errors_have_line_and_column() {
    let bad = faults("name = \"a\"\ntitle = {\nx = = 1\n");
    assert_eq!(codes(&bad)[0], "syntax");
    assert!(bad.iter().any(|fault| fault.place.starts_with("my.toml line 3 column")), "{bad:?}");
    let bad = read_model(b"{\n \"name\": nope}", "my.json").unwrap_err().0;
    assert_eq!((bad[0].code, bad[0].place.as_str()), ("syntax", "my.json line 2 column 11"));
    assert!(!bad[0].found.en.contains("line 2"), "{}", bad[0].found.en);
}

#[test]
fn files_that_are_no_text_are_refused() {
    let code = |bytes: &[u8]| read_model(bytes, "my.toml").unwrap_err().0[0].code;
    assert_eq!(code(b"name = \"\xff\xfe\""), "not_utf8");
    assert_eq!(code(&vec![b'#'; (1 << 20) + 1]), "file_too_large");
    assert_eq!(code(b"a\0b"), "syntax");
    assert_eq!(code(b""), "missing_key");
    assert_eq!(code("[".repeat(100_000).as_bytes()), "syntax");
    assert_eq!(read_model("[".repeat(100_000).as_bytes(), "my.json").unwrap_err().0[0].code, "syntax");
}

/// As much as a file may hold of what costs most: deep keys, long lists, many unknown keys. None may take long or overflow the stack.
#[test]
fn hostile_files_are_refused_in_time() {
    let many = |part: &dyn Fn(usize) -> String, count: usize| (0..count).map(part).collect::<String>();
    let files = [
        format!("{}a = 1", "a.".repeat(500_000)),
        format!("[{}a]", "a.".repeat(500_000)),
        format!("[[{}a]]", "a.".repeat(500_000)),
        format!("{GOOD}\n{}", many(&|i| format!("k{i} = {i}\n"), 60_000)),
        changed("\"english\"]", &format!("{}\"x\"]", many(&|i| format!("\"{i}\","), 100_000))),
        changed("aliases = [\"A\"]", &format!("aliases = [{}]", many(&|i| format!("\"{i}\","), 100_000))),
        format!("x = [{}]", "[],".repeat(300_000)),
        format!("a = {}{}", "{ a = ".repeat(150_000), "}".repeat(150_000)),
    ];
    for text in files {
        let told = within(Duration::from_secs(5), || read_model(text.as_bytes(), "my.toml").map(|model| model.name));
        let head: String = text.chars().take(40).collect();
        assert!(told.is_err() || told == Ok("mine".to_owned()), "{head}");
    }
}

#[test]
fn a_key_that_stands_twice_is_refused() {
    assert!(codes(&faults(&changed("groups", "name = \"b\"\ngroups"))).contains(&"syntax"));
    let json =
        r#"{"name": "a", "title": {"zh": "a", "en": "a"}, "goals": [], "goals": [{"goal": "counts", "level": 1}]}"#;
    assert_eq!(codes(&read_model(json.as_bytes(), "my.json").unwrap_err().0), ["syntax"]);
}

#[test]
fn unknown_keys_and_words_get_the_nearest_known_one() {
    let bad = faults(&changed("tolerance", "tolerence"));
    assert_eq!((bad[0].code, bad[0].place.as_str()), ("unknown_key", "my.toml line 14 (goals[1].tolerence)"));
    assert_eq!(bad[0].action.en, "did you mean \"tolerance\"?");
    let bad = faults(&changed("\"means\"", "\"mean\""));
    assert_eq!((bad[0].code, bad[0].action.zh.as_str()), ("unknown_word", "是否想写“means”？"));
    let json = serde_json::to_string(&read_model(GOOD.as_bytes(), "my.toml").unwrap()).unwrap();
    let bad = read_model(json.replace("\"ratio\":2", "\"ratoi\":2").as_bytes(), "my.json").unwrap_err().0;
    assert_eq!(codes(&bad), ["missing_key", "unknown_key"]);
    assert_eq!(bad[1].place, "my.json tiers.layers[1].ratoi");
}

/// One change of `GOOD` each: what it makes wrong, and where.
#[test]
fn each_fault_is_told_at_its_place() {
    let cases = [
        ("ratio = 1", "ratio = 0", "", ""),
        ("name = \"mine\"", "name = \" \"", "blank_text", "name"),
        ("name = \"mine\"", "name = 2026-11-21", "wrong_type", "name"),
        ("{ size = 8 }", "{ size = 0 }", "out_of_range", "groups.size"),
        ("{ size = 8 }", "{ count = 0 }", "out_of_range", "groups.count"),
        ("{ size = 8 }", "{ size = -3 }", "out_of_range", "groups.size"),
        ("{ size = 8 }", "{ size = 99999999999 }", "out_of_range", "groups.size"),
        ("{ size = 8 }", "8", "wrong_type", "groups"),
        ("{ size = 8 }", "{ size = 8, count = 2 }", "unknown_key", "groups.size"),
        ("{ size = 8 }", "{ range = { min = 9, max = 8 } }", "size_range", "groups.range"),
        ("level = 1", "level = 0", "out_of_range", "goals[0].level"),
        ("level = 1", "level = 101", "out_of_range", "goals[0].level"),
        ("level = 1", "level = 1.5", "wrong_type", "goals[0].level"),
        ("level = 1", "", "missing_key", "goals[0]"),
        ("\"tiers\"", "\"means\"", "goal_repeated", "goals[1].goal"),
        ("\"tiers\"", "\"moves\"", "moves_not_in_model", "goals[0].goal"),
        ("\"1/3\"", "\"0/3\"", "zero_weight", "goals[1].weight"),
        ("\"1/3\"", "\"1/0\"", "weight", "goals[1].weight"),
        ("\"1/3\"", "0.5", "weight", "goals[1].weight"),
        ("\"1/3\"", "-1", "weight", "goals[1].weight"),
        ("math = 2", "math = 0", "zero_weight", "goals[1].column_weights.math"),
        ("math = 2", "physics = 2", "weight_of_no_column", "goals[1].column_weights.physics"),
        ("tolerance = 0.5", "tolerance = -1", "out_of_range", "goals[1].tolerance"),
        ("tolerance = 0.5", "tolerance = nan", "wrong_type", "goals[1].tolerance"),
        ("tolerance = 0.5", "tolerance = inf", "wrong_type", "goals[1].tolerance"),
        ("tolerance = 0.5", "tolerance = 1e999", "wrong_type", "goals[1].tolerance"),
        ("\"english\"]", "\"math\"]", "column_repeated", "goals[1].columns[1]"),
        ("\"english\"]", "\"gender\"]", "column_kind", "goals[1].columns[1]"),
        ("\"english\"]", "\"total\"]", "column_kind", "goals[1].columns[1]"),
        ("level = 1", "level = 1\ncolumns = [\"math\"]", "useless_key", "goals[0].columns"),
        ("aliases = [\"A\"]", "aliases = [\"REST\"]", "duplicate_tier_word", "tiers.layers[1].key"),
        ("aliases = [\"A\"]", "aliases = [\"A\", \"a\"]", "duplicate_tier_word", "tiers.layers[0].aliases[1]"),
        ("key = \"rest\"", "key = \"top\"", "duplicate_tier_word", "tiers.layers[1].key"),
        ("groups", "prove_through = \"spread\"\ngroups", "prove_through", "prove_through"),
        (
            "groups",
            "rules = { never_alone = [{ column = \"rank\" }] }\ngroups",
            "column_kind",
            "rules.never_alone[0].column",
        ),
    ];
    for (from, to, code, path) in cases {
        let read = read_model(changed(from, to).as_bytes(), "my.toml");
        if code.is_empty() {
            assert!(read.is_ok(), "{to}: {read:?}");
            continue;
        }
        let Err(Faults(faults)) = read else { panic!("{to} was accepted") };
        assert_eq!(faults[0].code, code, "{to}: {faults:?}");
        assert!(
            faults[0].place.contains(&format!("({path})")) && faults[0].place.contains(" line "),
            "{to}: {faults:?}"
        );
        assert!(faults.iter().all(|fault| fault.code == code), "{to}: {faults:?}");
    }
}

#[test]
fn tiers_need_layers_and_a_ratio() {
    let zero = GOOD.replace("ratio = 1", "ratio = 0").replace("ratio = 2", "ratio = 0");
    let bad = faults(&zero);
    assert_eq!((codes(&bad), bad[0].found.en.as_str()), (vec!["zero_ratio"], "the ratio 0:0"));
    let head = GOOD.split("[tiers]").next().unwrap();
    assert_eq!(codes(&faults(&format!("{head}[tiers]\nlayers = []"))), ["no_layers"]);
    assert_eq!(codes(&faults(head)), ["tiers_goal_without_tiers"]);
    assert_eq!(
        codes(&faults(&head.replace("groups", "paired_help = true\ngroups"))),
        ["paired_help_without_tiers", "tiers_goal_without_tiers"]
    );
}

#[test]
fn a_model_needs_a_goal_that_is_always_in_force() {
    let head = "name = \"a\"\ntitle = { zh = \"a\", en = \"a\" }\n";
    assert_eq!(codes(&faults(&format!("{head}goals = []"))), ["no_goals"]);
    let partners = "[[goals]]\ngoal = \"partners\"\nlevel = 1\n";
    assert_eq!(codes(&faults(&format!("{head}{partners}"))), ["no_goals"]);
    // Left out, prove_through is means, which this model lacks.
    let counts = "[[goals]]\ngoal = \"counts\"\nlevel = 2\n";
    assert_eq!(codes(&faults(&format!("{head}{counts}"))), ["prove_through"]);
    assert!(read_model(format!("{head}prove_through = \"counts\"\n{partners}{counts}").as_bytes(), "my.toml").is_ok());
}

#[test]
fn everything_wrong_is_told_at_once() {
    let bad = faults(
        &GOOD
            .replace("ratio = ", "ratio = 0 # ")
            .replace("ratio = 0 # 1, label", "ratio = 0, label")
            .replace("ratio = 0 # 2, label", "ratio = 0, label")
            .replace("tolerance = 0.5", "tolerance = -0.5\ncolour = 3")
            .replace("level = 1", "level = 0")
            .replace("\"english\"]", "\"id\"]")
            .replace("name = \"mine\"", "name = \"\""),
    );
    let mut found = codes(&bad);
    found.sort_unstable();
    let want = ["blank_text", "column_kind", "out_of_range", "out_of_range", "unknown_key", "zero_ratio"];
    assert_eq!(found, want);
    let wrong_types = faults("name = 1\ntitle = 2\ngoals = 3\ntiers = 4\npaired_help = 5");
    assert_eq!(codes(&wrong_types), ["wrong_type"; 5]);
}

#[test]
fn load_takes_names_and_paths() {
    assert_eq!(load("diversity").unwrap().name, "diversity");
    let bad = load("responsibility-group").unwrap_err().0;
    assert_eq!((bad[0].code, bad[0].action.en.as_str()), ("unknown_model", "did you mean \"responsibility-groups\"?"));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mine.toml");
    std::fs::write(&path, GOOD).unwrap();
    assert_eq!(load(path.to_str().unwrap()).unwrap().name, "mine");
    std::fs::write(&path, vec![b'#'; 3 << 20]).unwrap();
    assert_eq!(load(path.to_str().unwrap()).unwrap_err().0[0].code, "file_too_large");
    assert_eq!(load(dir.path().to_str().unwrap()).unwrap_err().0[0].code, "unknown_model");
}

/// `UPDATE_SCHEMA=1 cargo test --release schemas` writes the files anew.
#[test]
fn the_schemas_are_those_of_the_types() {
    for (file, schema) in [("model.schema.json", schema::model()), ("rules.schema.json", schema::rules())] {
        let path = models_dir().join(file);
        let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(stored, text, "{file} is out of date: run with UPDATE_SCHEMA=1");
    }
    assert!(schema::model()["description"].as_str().unwrap().contains("1/3"));
}

fn roster(ids: &[&str]) -> Roster {
    let student = |id: &&str| Student {
        id: (*id).to_owned(),
        name: String::new(),
        class: String::new(),
        row: RowPlace::default(),
    };
    Roster { file: "list.csv".to_owned(), students: ids.iter().map(student).collect(), ..Roster::default() }
}

fn numbers(groups: &[(&str, &str)]) -> Vec<Option<usize>> {
    let previous = Previous::new(last_by_id(groups.iter().copied()), PreviousMode::Keep);
    old_numbers(&previous, &roster(&["a", "b", "c", "d"]))
}

#[test]
fn old_groups_keep_the_number_behind_the_last_slash() {
    assert_eq!(
        numbers(&[("a", "七/1/10"), ("b", "七/1/2"), ("d", "七/1/2"), ("x", "七/1/1")]),
        [Some(9), Some(1), None, Some(1)]
    );
    assert_eq!(numbers(&[("a", "3"), ("b", "1")]), [Some(2), Some(0), None, None]);
}

#[test]
fn old_groups_without_numbers_of_their_own_are_counted_in_natural_order() {
    assert_eq!(numbers(&[("a", "组10"), ("b", "组2"), ("c", "组1")]), [Some(2), Some(1), Some(0), None]);
    // Two classes with a group 1, a group 0, a number too large for a count: the last number tells nothing.
    assert_eq!(numbers(&[("a", "B/1"), ("b", "A/1")]), [Some(1), Some(0), None, None]);
    assert_eq!(numbers(&[("a", "1/0"), ("b", "1/7")]), [Some(0), Some(1), None, None]);
    assert_eq!(numbers(&[("a", "99999999999999999999999"), ("b", "5")]), [Some(1), Some(0), None, None]);
    assert_eq!(numbers(&[("a", "x/"), ("b", "x/+2")]), [Some(0), Some(1), None, None]);
}

proptest! {
    #[test]
    fn natural_order_is_an_order(texts in proptest::collection::vec("[a组0-9/]{0,6}", 3)) {
        let [a, b, c] = [&texts[0], &texts[1], &texts[2]];
        prop_assert_eq!(natural_order(a, b), natural_order(b, a).reverse());
        prop_assert_eq!(natural_order(a, b) == Ordering::Equal, a == b);
        if natural_order(a, b).is_le() && natural_order(b, c).is_le() {
            prop_assert!(natural_order(a, c).is_le());
        }
    }

    #[test]
    fn natural_order_counts(n in 0_u32..5000, m in 0_u32..5000) {
        prop_assert_eq!(natural_order(&format!("g{n}/x"), &format!("g{m}/x")), n.cmp(&m));
    }
}

#[test]
fn visits_are_at_most_a_thousand() {
    let read = |visits: &str| {
        let text = format!(
            "name = \"m\"\ntitle = {{ zh = \"m\", en = \"m\" }}\ngoals = [{{ goal = \"means\", level = 1 }}]\n[staff]\n{visits}\n"
        );
        let codes = |faults: Faults| faults.0.into_iter().map(|fault| (fault.code, fault.place)).collect::<Vec<_>>();
        read_model(text.as_bytes(), "m.toml").map_err(codes)
    };
    assert_eq!(read("visits = 1000\nvisits_of = { left_behind = 1000 }").expect("a model").staff.visits, 1000);
    let faults = read("visits = 1001\nvisits_of = { left_behind = 1001, boarding = -1 }").expect_err("faults");
    let codes: Vec<&str> = faults.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["out_of_range"; 3], "{faults:?}");
}

#[test]
fn a_run_is_proved_through_the_lower_of_what_the_model_says_and_new_partners() {
    let through = |own: GoalName, mode: Option<PreviousMode>| {
        let mut request = Request::new(Model { prove_through: own, ..builtin()[0].clone() });
        request.previous = mode.map(|mode| Previous::new(last_by_id([]), mode));
        request.prove_through()
    };
    let mix = Some(PreviousMode::Mix);
    assert_eq!(through(GoalName::Means, mix), GoalName::Partners);
    assert_eq!(through(GoalName::Spread, mix), GoalName::Spread);
    assert_eq!(through(GoalName::Spread, Some(PreviousMode::Keep)), GoalName::Spread);
    assert_eq!(through(GoalName::Counts, None), GoalName::Counts);
}

/// What a model says survives being written as TOML or JSON.
#[test]
fn built_in_models_survive_being_written() {
    for model in builtin() {
        let json = serde_json::to_string(model).unwrap();
        assert_eq!(read_model(json.as_bytes(), "a.json").as_ref(), Ok(model));
        let toml = toml::to_string(model).unwrap();
        assert_eq!(read_model(toml.as_bytes(), "a.toml").as_ref(), Ok::<&Model, &Faults>(model));
    }
}
