//! What offices write into claims, repairs and edited sheets is understood in its usual forms, and what they get back has no
//! program's words.

use crate::command::{Folder, fenzu};
use crate::school::{plan, school, summary};
use crate::school_registers::rows;
use calamine::{Reader, Xlsx, open_workbook};
use std::fmt::Write as _;

/// Two classes of twelve with teachers; the output folder.
fn office(folder: &Folder) -> String {
    let (lists, out) = (folder.path("lists"), folder.path("out"));
    std::fs::create_dir_all(&lists).expect("a folder");
    for n in 1..=2_usize {
        let mut text = "学号,姓名,性别,语文,数学\n".to_owned();
        for s in 0..12 {
            let name = format!(
                "{}{}",
                ["王", "李", "张", "刘", "陈", "杨"][s % 6],
                ["一伟", "二芳", "三娜", "四敏"][2 * (n - 1) + s / 6]
            );
            let marks = (60 + 7 * s % 40, 60 + (11 * s + n) % 40);
            writeln!(text, "S{n}{s:02},{name},{},{},{}", ["男", "女"][s % 2], marks.0, marks.1).expect("text");
        }
        std::fs::write(format!("{lists}/七({n})班.csv"), text).expect("a list");
    }
    let staff =
        "工号,姓名,任教班级,小组上限\nT1,王芳,七(1)班、七(2)班,2组\nT2,李强,七1-2班,≤2\nT3,张敏,七2、七1,不限\n";
    let staff = folder.write("staff.csv", staff);
    school(&lists, &out, &["--size", "4", "--teachers", &staff, "--lang", "zh"]).code(0);
    out
}

fn claimed(folder: &Folder, out: &str, claims: &str) -> crate::command::Ended {
    let (lists, staff) = (folder.path("lists"), folder.path("staff.csv"));
    let claims = folder.write("claims.csv", claims);
    school(&lists, out, &["--size", "4", "--teachers", &staff, "--claims", &claims, "--lang", "zh"])
}

/// Teacher of a group.
fn holder(out: &str, class: &str, group: usize) -> String {
    plan(out, class).groups[group - 1].teacher.clone().expect("a teacher")
}

#[test]
fn groups_are_claimed_by_their_names_and_by_ranges() {
    let folder = Folder::new();
    let out = office(&folder);
    let name = |class: &str, group: usize| plan(&out, class).groups[group - 1].name.clone();
    let (one, two) = (name("七(1)班", 2), name("七(2)班", 3));
    let claims = format!("工号,意愿\nT2,七(1)班{one}组\nT1,七(2)班“{two}”；七1班第1小组\n");
    claimed(&folder, &out, &claims).code(0);
    assert_eq!((holder(&out, "七(1)班", 2), holder(&out, "七(2)班", 3)), ("T2".to_owned(), "T1".to_owned()));
    // A name that groups of both classes have is asked about; a range is each of its groups.
    let ended = claimed(&folder, &out, &format!("工号,意愿\nT2,{one}\n")).code(2);
    assert!(ended.err.contains("ambiguous_mention") && ended.err.contains("七(1)班/第2组"), "{}", ended.err);
    claimed(&folder, &out, "工号,意愿\nT3,七(2)班1-2组\n").code(0);
    assert_eq!((holder(&out, "七(2)班", 1), holder(&out, "七(2)班", 2)), ("T3".to_owned(), "T3".to_owned()));
    let answers = summary(&out)["claim_answers"].as_array().expect("answers").len();
    assert_eq!(answers, 2);
}

#[test]
fn a_repair_takes_any_spelling_of_a_class_and_names() {
    let folder = Folder::new();
    let out = office(&folder);
    let of = |class: &str, at: usize| plan(&out, class).people[at].clone();
    let (one, two, three) = (of("七(1)班", 0), of("七(1)班", 5), of("七(2)班", 3));
    let left = format!("{}，七2班/{}", one.name, three.id);
    let joined =
        "姓名,转入班级,性别,语文,数学\n新生甲,7-1,男,70,71\n新生乙,七年级2班,女,72,73\n新生丙,七1班,女,74,75\n";
    let joined = folder.write("joined.csv", joined);
    let repair = |options: &[&str]| fenzu(&[&["school", "repair", &out, "--lang", "zh"][..], options].concat());
    repair(&["--left", &left, "--joined", &joined]).code(0);
    let names = |class: &str| plan(&out, class).people.iter().map(|who| who.name.clone()).collect::<Vec<_>>();
    assert!(names("七(1)班").contains(&"新生甲".to_owned()) && names("七(1)班").contains(&"新生丙".to_owned()));
    assert!(names("七(2)班").contains(&"新生乙".to_owned()) && !names("七(1)班").contains(&one.name));
    assert!(!names("七(2)班").contains(&three.name));
    repair(&["--left", &format!("七年级1班/{}", two.name)]).code(0);
    // A second one without an id has another number than the first.
    let again = folder.write("again.csv", "姓名,班级,性别,语文,数学\n新生丁,七1班,男,70,71\n");
    repair(&["--joined", &again]).code(0);
    assert!(names("七(1)班").contains(&"新生丁".to_owned()));
    let wrong = folder.write("wrong.csv", "姓名,班级,性别,语文,数学\n新生戊,九1班,男,70,71\n");
    let ended = repair(&["--joined", &wrong]).code(2);
    assert!(ended.err.contains("新生戊") && ended.err.contains("wrong.csv"), "{}", ended.err);
    let ended = repair(&["--left", "没有此人"]).code(2);
    assert!(ended.err.contains("没有此人"), "{}", ended.err);
    fenzu(&["school", "check", &out]).code(0);
}

#[test]
fn an_edited_sheet_is_adopted_whatever_its_columns_are_called() {
    let folder = Folder::new();
    let out = office(&folder);
    let groups = || {
        let plan = plan(&out, "七(1)班");
        let name = |id: &String| plan.people.iter().find(|who| who.id == *id).expect("a student").name.clone();
        plan.groups.iter().map(|group| group.students.iter().map(name).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    let swapped = || {
        let mut now = groups();
        let (a, b) = (now[0][0].clone(), now[1][0].clone());
        (now[0][0], now[1][0]) = (b.clone(), a.clone());
        (now, a, b)
    };
    let adopt = |text: &str| fenzu(&["school", "adopt", &out, &folder.write("edited.csv", text), "--lang", "zh"]);
    let listed = |header: &str, now: &[Vec<String>], end: &str| {
        let mut text = format!("姓名,{header}\n");
        for (n, group) in (1..).zip(now) {
            group.iter().for_each(|name| writeln!(text, "{name},第{n}组").expect("text"));
        }
        text + end
    };
    for (header, end) in
        [("组别", "班主任签字：,\n"), ("分到的小组", ""), ("小组（定稿）", "日期：,\n"), ("最终小组", "")]
    {
        let (now, a, b) = swapped();
        adopt(&listed(header, &now, end)).code(0);
        assert!(groups()[0].contains(&b) && groups()[1].contains(&a), "{header}");
    }
    // A column of the new group beside that of now counts, where it says something.
    let (now, a, b) = swapped();
    let mut text = "姓名,小组,调整后小组\n".to_owned();
    for (n, group) in (1..).zip(groups()) {
        for name in group {
            let to = if name == a {
                "第2组"
            } else if name == b {
                "第1组"
            } else {
                ""
            };
            writeln!(text, "{name},第{n}组,{to}").expect("text");
        }
    }
    adopt(&text).code(0);
    assert!(groups()[0].contains(&b) && groups()[1].contains(&a), "{now:?}");
    // Groups in rows.
    let (now, a, b) = swapped();
    let rows = (1..).zip(&now).map(|(n, group)| format!("第{n}组,{}\n", group.join(",")));
    adopt(&rows.collect::<String>()).code(0);
    assert!(groups()[0].contains(&b) && groups()[1].contains(&a), "{now:?}");
}

/// Every text of a workbook.
fn texts(path: &str) -> String {
    let book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let sheets = book.sheet_names().len();
    (0..sheets).flat_map(|sheet| rows(path, sheet)).flatten().collect::<Vec<_>>().join("\n")
}

#[test]
fn offices_sheets_have_no_program_words() {
    let folder = Folder::new();
    let out = office(&folder);
    let ended = claimed(&folder, &out, "姓名,意愿\n王芳,七1班第1组\n王芳,七2班第1组\n").code(0);
    let notice = "同名的当作同一位教师";
    assert_eq!((ended.text().to_owned() + &ended.err).matches(notice).count(), 1, "{} {}", ended.text(), ended.err);
    for file in ["summary.xlsx", "classes/七(1)班.xlsx", "classes/七(2)班.xlsx"] {
        let texts = texts(&format!("{out}/{file}"));
        for word in ["score:", "tiers_by_rank", "id_row_numbers", "teachers_joined", "notices", "_by_", "ties_by_lot"] {
            assert!(!texts.contains(word), "{file}: {word} in {texts}");
        }
        assert!(!texts.lines().any(|text| text.trim_start().starts_with('：')), "{file}: {texts}");
    }
    let class = texts(&format!("{out}/classes/七(1)班.xlsx"));
    assert!(class.contains("成绩：语文") && class.contains("校验码（SHA-256）"), "{class}");
    // Findings name groups and goals as people do.
    let path = format!("{out}/classes/七(1)班.json");
    let mut document: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).expect("a plan")).expect("JSON");
    document["groups"][0]["students"].as_array_mut().expect("students").pop();
    std::fs::write(&path, document.to_string()).expect("a plan");
    let ended = fenzu(&["school", "check", &out, "--lang", "zh"]).code(3);
    assert!(!ended.text().contains("groups[") && !ended.text().contains("goals["), "{}", ended.text());
}

#[test]
fn a_wrong_staff_list_is_told_by_its_header_and_not_by_its_title() {
    let folder = Folder::new();
    let out = office(&folder);
    let staff = folder.write("none.csv", "七年级小组安排表,,\n班次,时间,地点\n第一次,周一,操场\n");
    let ended = school(&folder.path("lists"), &out, &["--size", "4", "--teachers", &staff, "--lang", "zh"]).code(2);
    assert!(ended.err.contains("班次") && !ended.err.contains("安排表"), "{}", ended.err);
}
