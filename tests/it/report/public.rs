//! The public view: class, groups and names, and nothing from which a tier, mark or circumstance could be learnt.

use super::fixture::{Case, case};
use super::{parts, sheets};
use fenzu::plan::document::Status;
use fenzu::report::{Audience, csv, html, table, xlsx};
use fenzu::roster::{Cell, Field};
use fenzu::words::Lang;

/// Everything that is written for the public, as text: name of the part, content.
fn written(case: &Case, lang: Lang) -> Vec<(String, String)> {
    let reports = [case.report(lang, Audience::Public)];
    let mut all = vec![
        ("table".to_owned(), table(&reports)),
        ("csv".to_owned(), String::from_utf8(csv(&reports).unwrap()).unwrap()),
        ("html".to_owned(), html(&reports).unwrap()),
    ];
    all.extend(parts(&xlsx(&reports).unwrap()));
    all
}

#[test]
fn the_public_learns_names_and_groups() {
    for lang in [Lang::Zh, Lang::En] {
        let case = case(lang);
        for (name, text) in
            written(&case, lang).iter().filter(|(name, _)| ["table", "csv", "html"].contains(&name.as_str()))
        {
            for known in ["初一（4）班", "启明组", "徐晓彤", "王伟 (22)", "王伟 (96)"] {
                assert!(text.contains(known), "{name}: {known}");
            }
        }
    }
    let book = sheets(&xlsx(&[case(Lang::Zh).report(Lang::Zh, Audience::Public)]).unwrap());
    assert_eq!(book.len(), 1);
    assert!(book[0].1.iter().flatten().any(|cell| *cell == "王伟 (22)"));
}

#[test]
fn the_bytes_hold_no_tier_mark_flag_pair_or_score() {
    const TELLING: [&str; 46] = [
        "没有用到",
        "not used",
        "Student, Test",
        "优等生",
        "中等生",
        "学困生",
        "struggling",
        "middle",
        "层次",
        "tier",
        "▲",
        "●",
        "■",
        "96.5",
        "187.5",
        "183",
        "75.25",
        "73.33",
        "名次",
        "rank",
        "101",
        "留守",
        "left",
        "守",
        "男",
        "女",
        "female",
        "帮扶",
        "helper",
        "←",
        "评分",
        "Score",
        "均衡",
        "Balance",
        "证明",
        "roved",
        "缺考",
        "notice",
        "班长",
        "语文",
        "Chinese",
        "数学",
        "王建国",
        "20260011",
        "0.99",
        "99.8",
    ];
    // Words of CSS and of the workbook's own language, which tell nothing of anyone.
    let own = |name: &str, text: &str| match name {
        "table" | "csv" => text.to_owned(),
        "html" => text.split_once("</style>").map(|(_, body)| body.to_owned()).unwrap(),
        _ => text.replace("vertAlign", "").replace("left=", "").replace("left style", "").replace("<left", ""),
    };
    for lang in [Lang::Zh, Lang::En] {
        for (name, text) in written(&case(lang), lang) {
            let skip = name.ends_with("theme1.xml") || name.ends_with("styles.xml");
            let text = own(&name, &text);
            for telling in TELLING.iter().filter(|_| !skip) {
                assert!(!text.contains(telling), "{name}: {telling}\n{text}");
            }
        }
    }
}

/// Nothing but names and groups has any influence on a single byte.
#[test]
fn what_is_not_public_changes_no_byte() {
    let known = case(Lang::Zh);
    let mut other = known.clone();
    other.policy.tier_of = other.policy.tier_of.map(|tiers| tiers.into_iter().rev().collect());
    for column in &mut other.roster.columns {
        if !matches!(column.field, Field::Id | Field::Name | Field::Class) {
            column.cells.iter_mut().for_each(|cell| *cell = Cell::Empty);
        }
    }
    let document = &mut other.document;
    document.status = Status::Optimal;
    (document.goals, document.balance, document.notices) = (Vec::new(), Vec::new(), Vec::new());
    (document.heterogeneity, document.elapsed_seconds, document.seed) = (None, 9.0, 7);
    for group in &mut document.groups {
        group.teacher = Some("李敏".into());
        group.helpers.clear();
        group.students.reverse();
    }
    for lang in [Lang::Zh, Lang::En] {
        assert_eq!(written(&known, lang), written(&other, lang));
    }
}

#[test]
fn row_numbers_of_a_list_without_ids_are_not_shown() {
    let mut case = case(Lang::Zh);
    case.roster.columns.remove(0);
    let table = table(&[case.report(Lang::Zh, Audience::Public)]);
    assert!(table.contains("王伟") && !table.contains("王伟 ("), "{table}");
}

#[test]
fn a_conflict_names_no_one_in_public() {
    let mut case = case(Lang::Zh);
    case.document.status = Status::Infeasible;
    case.document.groups.clear();
    case.document.conflict = Some(vec![fenzu::plan::document::ConflictRecord {
        rule: "apart: 徐晓彤".into(),
        message: "与他人不同组".into(),
    }]);
    for (name, text) in written(&case, Lang::Zh) {
        assert!(!text.contains("徐晓彤") && !text.contains("apart"), "{name}");
    }
}
