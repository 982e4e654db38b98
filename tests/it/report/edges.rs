//! Odd plans and odd names: every format must stand them.

use super::fixture::{Case, case};
use fenzu::plan::document::{BalanceKind, ConflictRecord, Document, GroupRecord, Status, StopReason};
use fenzu::report::{Audience, Report, csv, html, table, xlsx};
use fenzu::roster::{Cell, Column, Field, Holds};
use fenzu::words::Lang;
use unicode_width::UnicodeWidthStr;

/// Elements without an end tag.
const VOID: [&str; 2] = ["meta", "!doctype"];

/// Fails unless every element is closed in order and no text holds a bare `<` or `&`.
pub fn assert_well_formed(page: &str) {
    let body = page
        .split_once("<style>")
        .and_then(|(head, rest)| Some(head.to_owned() + rest.split_once("</style>")?.1))
        .unwrap();
    let mut open: Vec<&str> = Vec::new();
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("every tag ends");
        assert!(!text.contains('>'), "bare > in {text}");
        for entity in text.split('&').skip(1) {
            assert!(entity.split_once(';').is_some_and(|(name, _)| name.len() < 8), "bare & in {text}");
        }
        let name = tag.split([' ', '/']).find(|part| !part.is_empty()).unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "in {tag}");
        } else if !tag.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// Fails unless the lines of each box are equally wide and fit the screen.
fn assert_boxes_hold(table: &str) {
    let mut widths: Vec<usize> = Vec::new();
    let mut boxes = 0;
    for line in table.lines() {
        if line.starts_with('┌') {
            widths.clear();
            boxes += 1;
        }
        if line.starts_with(['┌', '├', '│', '└']) {
            widths.push(line.width());
            assert!(widths[0] == line.width() && line.width() <= 100, "{line}\n{table}");
        }
    }
    assert!(boxes > 0, "{table}");
}

/// Writes all formats in both languages for both audiences; the teacher's tables.
fn write_all(case: &Case) -> [String; 2] {
    for (lang, audience) in [(Lang::Zh, Audience::Public), (Lang::En, Audience::Public), (Lang::Zh, Audience::Teacher)]
    {
        write(&[case.report(lang, audience)]);
    }
    [Lang::Zh, Lang::En].map(|lang| write(&[case.report(lang, Audience::Teacher)]))
}

fn write(reports: &[Report]) -> String {
    assert_well_formed(&html(reports).unwrap());
    assert!(super::sheets(&xlsx(reports).unwrap()).len() >= reports.len().min(1));
    assert!(!csv(reports).unwrap().is_empty());
    let table = table(reports);
    assert!(!table.contains('\u{1b}'), "no terminal codes");
    table
}

fn without_plan(status: Status, stop: StopReason, conflict: Option<Vec<ConflictRecord>>) -> Case {
    let mut case = case(Lang::Zh);
    let none = (Vec::new(), Vec::new(), Vec::new());
    case.document = Document { status, stop, conflict, heterogeneity: None, ..case.document };
    (case.document.groups, case.document.goals, case.document.balance) = none;
    case
}

#[test]
fn a_box_is_as_wide_on_every_line() {
    for table in write_all(&case(Lang::Zh)) {
        assert_boxes_hold(&table);
    }
}

#[test]
fn a_conflict_is_told_first() {
    let record = |rule: &str, message: &str| ConflictRecord { rule: rule.into(), message: message.into() };
    let conflict = vec![record("apart: 3, 4, 5, 6", ""), record("", "这四名学生必须两两不同组，而小组只有 3 个")];
    let [zh, en] = write_all(&without_plan(Status::Infeasible, StopReason::Proved, Some(conflict)));
    // What it rests on stands above.
    let lines: Vec<&str> = zh.lines().skip(1).take(3).collect();
    assert_eq!(
        lines,
        ["已证明：这些要求无法同时满足", "  这四名学生必须两两不同组，而小组只有 3 个", "  apart: 3, 4, 5, 6"]
    );
    assert_eq!(en.lines().nth(1), Some("Proved: these rules cannot hold together"));
}

#[test]
fn no_result_claims_nothing() {
    let [zh, en] = write_all(&without_plan(Status::Unknown, StopReason::TimeLimit, None));
    assert!(zh.contains("\n没有结果：") && !zh.contains("没有更均衡的分法"), "{zh}");
    assert!(en.contains("\nNo result: ") && en.contains("time limit"), "{en}");
}

#[test]
fn an_unproved_level_is_told_with_its_gap() {
    let mut case = case(Lang::Zh);
    case.document.stop = StopReason::TimeLimit;
    let means = &mut case.document.goals[2];
    (means.proved, means.bound, means.scaled_bound) = (false, 1.25, 1250);
    let [zh, en] = write_all(&case);
    assert!(zh.contains("\n有效的分组，但尚未证明最优（已证明最优：层次、人数）；没有用到：小组\n  平均分：目前 5.67 分（偏差之和），已证明不会低于 1.25，最多还能改进 4.42\n"), "{zh}");
    assert!(!en.contains("No better grouping exists"), "{en}");
}

#[test]
fn a_level_within_its_tolerance_is_not_called_best() {
    let mut case = case(Lang::Zh);
    case.policy.goals[2].spec.tolerance = 2.0;
    case.document.goals[2].scaled_bound = 4000;
    let [zh, _] = write_all(&case);
    let verdict = "\n已证明：没有更均衡的分法（层次、人数、平均分（在允许的范围内））；没有用到：小组\n";
    assert!(zh.contains(verdict), "{zh}");
}

#[test]
fn one_group_and_no_tiers_and_no_scores() {
    let mut case = case(Lang::Zh);
    let everyone: Vec<String> = case.document.groups.iter().flat_map(|group| group.students.clone()).collect();
    case.document.groups.truncate(1);
    case.document.groups[0].students = everyone;
    case.document.groups[0].helpers.clear();
    case.document.balance.retain(|record| record.kind == BalanceKind::Count);
    for record in &mut case.document.balance {
        record.groups = vec![record.class];
    }
    case.document.heterogeneity = None;
    case.policy.tier_of = None;
    case.policy.goals.retain(|goal| goal.spec.level == 2);
    for table in write_all(&case) {
        assert_boxes_hold(&table);
        assert!(!table.contains('▲') && table.contains("<script>alert"), "{table}");
    }
}

/// A class with a student a group: as many groups as students, nine subjects, long names, codes of terminals.
fn sixty() -> Case {
    let mut case = case(Lang::Zh);
    let (roster, document) = (&mut case.roster, &mut case.document);
    let subjects = ["physics", "chemistry", "biology", "history", "geography", "politics", "music"];
    for name in subjects {
        let cells = roster.columns[4].cells.clone();
        roster.columns.push(Column {
            header: name.into(),
            field: Field::Score(name.into()),
            index: 0,
            holds: Holds::default(),
            cells,
        });
        let record = document.balance.iter().find(|record| record.column == "chinese").unwrap().clone();
        document.balance.push(fenzu::plan::document::BalanceRecord {
            column: name.into(),
            header: name.into(),
            ..record
        });
    }
    let copies = |s: usize| (s % 12, s / 12);
    for column in &mut roster.columns {
        column.cells = (0..60).map(|s| column.cells[copies(s).0].clone()).collect();
    }
    roster.students = (0..60).map(|s| roster.students[copies(s).0].clone()).collect();
    for (s, student) in roster.students.iter_mut().enumerate() {
        student.id = format!("{s}");
        roster.columns[0].cells[s] = Cell::Text(student.id.clone());
    }
    roster.students[7].name = "欧阳".repeat(30);
    roster.students[8].name = "\u{1b}[2J\u{202e}王\t二".into();
    roster.students[9].name = String::new();
    let group = |g: usize| GroupRecord {
        id: format!("{}", g + 1),
        name: String::new(),
        class: String::new(),
        teacher: None,
        teacher_name: None,
        students: vec![format!("{g}")],
        helpers: Vec::new(),
    };
    document.groups = (0..60).map(group).collect();
    for record in &mut document.balance {
        record.groups = (0..60).map(|g| record.groups[g % 3]).collect();
    }
    document.balance[7].groups[3] = f64::NAN;
    case.policy.tier_of = case.policy.tier_of.map(|tiers| (0..60).map(|s| tiers[s % 12]).collect());
    case.policy.goals[2].columns =
        (0..roster.columns.len()).filter(|&c| matches!(roster.columns[c].field, Field::Score(_))).collect();
    case
}

#[test]
fn sixty_groups_nine_subjects_and_odd_names() {
    let case = sixty();
    for table in write_all(&case) {
        assert_boxes_hold(&table);
        assert!(table.contains("music") && table.contains("[2J王 二"), "{table}");
    }
    let page = html(&[case.report(Lang::Zh, Audience::Teacher)]).unwrap();
    assert!(page.contains(&"欧阳".repeat(30)) && !page.contains(['\u{1b}', '\u{202e}']) && !page.contains("NaN"));
}

#[test]
fn several_classes_share_a_file() {
    let (first, mut second) = (case(Lang::Zh), case(Lang::Zh));
    for group in &mut second.document.groups {
        group.class = "初一（5）班".into();
        group.id = group.id.replace('4', "5");
    }
    second.roster.students.iter_mut().for_each(|student| student.class = "初一（5）班".into());
    second.roster.columns.retain(|column| column.header != "备注");
    let reports = [first.report(Lang::Zh, Audience::Teacher), second.report(Lang::Zh, Audience::Teacher)];
    let table = write(&reports);
    assert_boxes_hold(&table);
    assert!(table.contains("初一（4）班 ·") && table.contains("初一（5）班 ·"));
    let sheets = super::sheets(&xlsx(&reports).unwrap());
    assert_eq!((sheets.len(), sheets[1].1.len()), (5, 25), "one list of 24 members below its header");
    let text = String::from_utf8(csv(&reports).unwrap()).unwrap();
    let fields = |line: &str| ::csv::Reader::from_reader(line.as_bytes()).headers().unwrap().len();
    let widths: std::collections::BTreeSet<usize> = text.lines().map(fields).collect();
    assert_eq!(widths.len(), 1, "every row has every column");
}

#[test]
fn many_notices_are_counted() {
    let mut case = case(Lang::Zh);
    let notice = case.document.notices[1].clone();
    for n in 0..20 {
        let message = if n < 8 { notice.message.clone() } else { format!("其他情况 {n}") };
        case.document.notices.push(fenzu::plan::document::NoticeRecord {
            message,
            place: format!("F{n}"),
            ..notice.clone()
        });
    }
    let [zh, en] = write_all(&case);
    assert!(zh.contains("… (9): 缺考，按本层平均分计") && zh.ends_with("  … 另有 2 条，见 JSON\n"), "{zh}");
    assert!(en.ends_with("  … and 2 more: see JSON\n"), "{en}");
}
