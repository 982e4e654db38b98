//! A class of 12 in three groups that has everything a report shows, built by hand.

use fenzu::model::{GoalName, GoalSpec, Layer, Model, Policy, Ratio, Sizing, Tiers, policy::PolicyGoal};
use fenzu::plan::document::{
    BalanceKind, BalanceRecord, ColumnRecord, Document, FORMAT, GoalRecord, GroupRecord, InputRecord, NoticeRecord,
    Proof, RequestRecord, RestsOn, Status, StopReason,
};
use fenzu::report::{Audience, Report};
use fenzu::roster::{Cell, Column, Field, Holds, Roster, RowPlace, Student};
use fenzu::words;
use fenzu::words::Lang;

/// All that a report borrows.
#[derive(Clone)]
pub struct Case {
    pub roster: Roster,
    pub model: Model,
    pub policy: Policy,
    pub document: Document,
}

impl Case {
    pub fn report(&self, lang: Lang, audience: Audience) -> Report<'_> {
        let Case { roster, model, policy, document } = self;
        Report { roster, model, policy, document, lang, audience }
    }
}

/// Name, gender, marks (a negative one is missing), tier, left behind, remark.
type Line = (&'static str, &'static str, [f64; 2], usize, bool, &'static str);

/// Two share a name; one tries a formula.
const STUDENTS: [Line; 12] = [
    ("赵文静", "female", [91.0, 96.5], 0, false, "班长"),
    ("徐晓彤", "male", [88.0, 95.0], 0, false, ""),
    ("林若曦", "female", [90.0, 92.0], 0, true, ""),
    ("王伟", "male", [76.0, 81.0], 1, false, "-3"),
    ("何浩然", "male", [78.0, 79.0], 1, false, "=1+1"),
    ("王伟", "male", [75.0, 83.0], 1, true, "@sum"),
    ("刘俊杰", "female", [74.0, 77.0], 1, false, ""),
    ("朱晓彤", "female", [80.0, -1.0], 1, false, ""),
    ("<script>alert('x')</script>", "male", [73.0, 78.0], 1, false, "+86 130"),
    ("=cmd|' /C calc'!A0", "male", [51.0, 47.0], 2, false, ""),
    ("👨‍👩‍👧 שרה כהן", "female", [55.0, 43.0], 2, true, ""),
    ("欧阳孟德尔颂娜塔莉亚", "female", [49.0, 50.0], 2, false, ""),
];

/// Groups by 0-based student.
const GROUPS: [[usize; 4]; 3] = [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]];

pub fn case(lang: Lang) -> Case {
    let roster = roster();
    let model = model();
    let policy = policy(&model);
    let document = document(lang);
    Case { roster, model, policy, document }
}

fn id(student: usize) -> String {
    format!("2026{:04}", 37 * student + 11)
}

fn roster() -> Roster {
    let cells = |cell: &dyn Fn(usize) -> Cell| (0..STUDENTS.len()).map(cell).collect::<Vec<_>>();
    let text = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
    let mark = |x: f64| if x < 0.0 { Cell::Absent } else { Cell::Number(x) };
    let columns = [
        ("学号", Field::Id, cells(&|s| Cell::Text(id(s)))),
        ("姓名", Field::Name, cells(&|s| text(STUDENTS[s].0))),
        ("班级", Field::Class, cells(&|_| text("初一（4）班"))),
        ("性别", Field::Gender, cells(&|s| text(STUDENTS[s].1))),
        ("成绩 语文", Field::Score("chinese".into()), cells(&|s| mark(STUDENTS[s].2[0]))),
        ("成绩 数学", Field::Score("math".into()), cells(&|s| mark(STUDENTS[s].2[1]))),
        ("名次", Field::Rank, cells(&|s| Cell::Number(101.0 + f64::from(u8::try_from(s).unwrap())))),
        ("留守", Field::Flag("left_behind".into()), cells(&|s| Cell::Flag(STUDENTS[s].4))),
        ("小组", Field::Other, cells(&|s| text(if s % 2 == 0 { "旧甲" } else { "旧乙" }))),
        ("备注", Field::Notes, cells(&|s| text(STUDENTS[s].5))),
    ];
    let columns = columns.into_iter().enumerate().map(|(index, (header, field, cells))| Column {
        header: header.into(),
        field,
        index,
        holds: Holds::default(),
        cells,
    });
    let student = |s: usize| Student {
        id: id(s),
        name: STUDENTS[s].0.into(),
        class: "初一（4）班".into(),
        row: RowPlace { sheet: "Sheet1".into(), row: s + 2, ..RowPlace::default() },
    };
    Roster {
        file: "名册.xlsx".into(),
        sha256: "ab".repeat(32),
        columns: columns.collect(),
        students: (0..STUDENTS.len()).map(student).collect(),
        ..Roster::default()
    }
}

fn model() -> Model {
    let layer = |key: &str, ratio, label| Layer { key: key.into(), ratio, label, aliases: Vec::new() };
    let goals = [GoalName::Tiers, GoalName::Counts, GoalName::Means, GoalName::Spread];
    Model {
        staff: fenzu::model::StaffTerms::default(),
        name: "responsibility-groups".into(),
        title: words!("责任小组", "Responsibility groups"),
        about: words!("", ""),
        prove_through: GoalName::Means,
        tiers: Some(Tiers {
            source: fenzu::model::TierSource::default(),
            enforce: fenzu::model::Enforce::default(),
            sum_weights: std::collections::BTreeMap::new(),
            layers: vec![
                layer("top", 1, words!("优等生", "top")),
                layer("middle", 2, words!("中等生", "middle")),
                layer("struggling", 1, words!("学困生", "struggling")),
            ],
        }),
        groups: Sizing::Count(3),
        goals: (1..).zip(goals).map(|(level, goal)| spec(goal, level)).collect(),
        rules: fenzu::model::ModelRules::default(),
        paired_help: true,
    }
}

fn spec(goal: GoalName, level: u8) -> GoalSpec {
    let column_weights = std::collections::BTreeMap::new();
    GoalSpec { goal, level, weight: Ratio::default(), tolerance: 0.0, columns: None, column_weights }
}

fn policy(model: &Model) -> Policy {
    let columns = |goal| match goal {
        GoalName::Counts => vec![3, 7],
        GoalName::Means | GoalName::Spread => vec![4, 5],
        _ => Vec::new(),
    };
    Policy {
        visits: Vec::new(),
        groups: 3,
        tier_of: Some(STUDENTS.iter().map(|student| student.3).collect()),
        goals: model.goals.iter().map(|spec| PolicyGoal { columns: columns(spec.goal), spec: spec.clone() }).collect(),
        never_alone: Vec::new(),
        notices: Vec::new(),
    }
}

fn document(lang: Lang) -> Document {
    let notice = |code: &str, place: &str, zh: &str, en: &str| NoticeRecord {
        code: code.into(),
        place: place.into(),
        message: if lang == Lang::Zh { zh.into() } else { en.into() },
    };
    let columns = roster().columns;
    Document {
        format: FORMAT.into(),
        status: Status::Feasible,
        stop: StopReason::Proved,
        request: RequestRecord {
            model: serde_json::to_value(model()).unwrap(),
            rules: serde_json::json!({}),
            groups: 3,
            previous_sha256: None,
            staff_sha256: None,
        },
        groups: (0..3).map(group).collect(),
        people: Vec::new(),
        goals: goals(),
        balance: balance(),
        heterogeneity: Some(0.998_765),
        elapsed_seconds: 0.0612,
        seed: 1,
        input: InputRecord {
            sha256: "ab".repeat(32),
            students: STUDENTS.len(),
            columns: columns
                .iter()
                .map(|c| ColumnRecord { header: c.header.clone(), read_as: c.field.to_string() })
                .collect(),
            rests_on: RestsOn {
                students: STUDENTS.len(),
                balanced: ["性别", "成绩 语文", "成绩 数学", "留守"].map(str::to_owned).into(),
                tiers_by: Some("名次".into()),
                unused: vec!["小组".into()],
                left_out: vec!["Student, Test".into()],
            },
        },
        notices: vec![
            notice(
                "tiers_by_rank",
                "",
                "按名次分层：优等生 3, 中等生 6, 学困生 3",
                "tiers by the rank: top 3, middle 6, struggling 3",
            ),
            notice("score_missing", "Sheet1!F9", "缺考，按本层平均分计", "no mark; taken as the tier's mean"),
        ],
        conflict: None,
    }
}

fn group(g: usize) -> GroupRecord {
    let members = GROUPS[g];
    GroupRecord {
        id: format!("初一（4）班/{}", g + 1),
        name: if g == 0 { "启明组".into() } else { format!("第{}组", g + 1) },
        class: "初一（4）班".into(),
        teacher: (g == 0).then(|| "王建国".into()),
        teacher_name: None,
        students: members.iter().map(|&s| id(s)).collect(),
        helpers: vec![[id(members[3]), id(members[0])]],
    }
}

fn goals() -> Vec<GoalRecord> {
    let goal = |(name, level, value, bound, proved, proof): (&str, u8, f64, f64, bool, Option<Proof>)| GoalRecord {
        name: name.into(),
        level,
        value,
        bound,
        #[expect(clippy::cast_possible_truncation, reason = "small numbers of this fixture")]
        scaled: (value * 1000.0) as i64,
        #[expect(clippy::cast_possible_truncation, reason = "small numbers of this fixture")]
        scaled_bound: (bound * 1000.0) as i64,
        unit: "students".into(),
        justification: String::new(),
        proved,
        proof,
        found_seconds: Some(0.004),
        proved_seconds: proved.then_some(0.0213),
        shared: None,
    };
    [
        ("tiers", 1, 0.0, 0.0, true, Some(Proof::ClosedForm)),
        ("counts", 2, 0.0, 0.0, true, Some(Proof::ClosedForm)),
        ("means", 3, 5.666_667, 5.666_667, true, Some(Proof::Cover)),
        ("spread", 4, 0.412, 0.3, false, None),
    ]
    .map(goal)
    .into()
}

fn balance() -> Vec<BalanceRecord> {
    let record = |column: &str, header: &str, kind, groups: [f64; 3], class: f64| BalanceRecord {
        column: column.into(),
        header: header.into(),
        kind,
        range: groups.iter().copied().fold(f64::MIN, f64::max) - groups.iter().copied().fold(f64::MAX, f64::min),
        groups: groups.into(),
        class,
    };
    vec![
        record("tier=top", "", BalanceKind::Tier, [1.0, 1.0, 1.0], 3.0),
        record("tier=middle", "", BalanceKind::Tier, [2.0, 2.0, 2.0], 6.0),
        record("tier=struggling", "", BalanceKind::Tier, [1.0, 1.0, 1.0], 3.0),
        record("gender=female", "性别", BalanceKind::Count, [2.0, 2.0, 2.0], 6.0),
        record("gender=male", "性别", BalanceKind::Count, [2.0, 2.0, 2.0], 6.0),
        record("left_behind=yes", "留守", BalanceKind::Count, [0.0, 1.0, 2.0], 3.0),
        record("chinese", "成绩 语文", BalanceKind::Score, [73.0, 75.25, 71.75], 73.333_333),
        record("math", "成绩 数学", BalanceKind::Score, [75.375, 72.333_333, 75.75], 74.681_818),
    ]
}
