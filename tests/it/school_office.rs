//! The files of an office, row by row, each with its right reading: staff lists in every spelling and layout, visit limits, and
//! class lists with what people leave in them.

use crate::command::{Folder, fenzu};
use crate::school::{plan, school, summary};
use crate::school_year::office;
use fenzu::plan::document::Document;
use fenzu::roster::staff::{Directory, Staff, read_staff};
use fenzu::roster::{Limits, Reading, Roster, read};
use std::collections::{BTreeMap, BTreeSet};

/// `fenzu school` on the primary school's lists; the output folder.
fn run(folder: &Folder, name: &str, staff: &str, options: &[&str]) -> (String, crate::command::Ended) {
    let (out, staff) = (folder.path(name), office(staff));
    let ended = school(&office("lists"), &out, &[&["--size", "9..12", "--teachers", &staff], options].concat());
    (out, ended)
}

fn plans(out: &str) -> Vec<Document> {
    let summary = summary(out);
    let classes = summary["classes"].as_array().expect("classes").iter();
    classes.map(|class| plan(out, class["file"].as_str().expect("a file"))).collect()
}

fn teachers(out: &str) -> BTreeMap<String, Option<String>> {
    plans(out).into_iter().flat_map(|plan| plan.groups).map(|group| (group.id, group.teacher)).collect()
}

/// The same teachers, three spellings of classes: one staffing. What was inferred is told before anything else.
#[test]
fn classes_are_matched_however_they_are_written() {
    let folder = Folder::new();
    let rows = [
        ("教师B_照名册.xlsx", None),
        ("教师A_别样写法.xlsx", Some("“六年级1班 = 2020级1班”")),
        ("教师C_无班字.xlsx", Some("“六1班 = 2020级1班”")),
    ];
    let mut first = None;
    for (staff, told) in rows {
        let (out, ended) = run(&folder, staff, staff, &["--lang", "zh", "--time-limit", "5"]);
        let ended = ended.code(0);
        assert!(ended.text().contains("22 位教师，0 个小组没有教师"), "{staff}: {}", ended.text());
        assert_eq!(ended.err.lines().count(), usize::from(told.is_some()), "{}", ended.err);
        let page = std::fs::read_to_string(format!("{out}/summary.html")).expect("a page");
        assert!(told.is_none_or(|told| ended.err.contains(told) && page.contains(told)), "{}", ended.err);
        let teachers = teachers(&out);
        assert_eq!(teachers.len(), 42);
        assert_eq!(&teachers, first.get_or_insert_with(|| teachers.clone()), "{staff}");
    }
}

/// A visit limit gives up nothing of the groups; what stays open is told with its reason and its price.
#[test]
fn visit_limits_give_up_no_balance_unless_asked() {
    let folder = Folder::new();
    let worth = |out: &str| -> Vec<Vec<(String, i64)>> {
        let above = |plan: Document| {
            let visits = plan.goals.iter().find(|goal| goal.name == "visits").map_or(u8::MAX, |goal| goal.level);
            let goals = plan.goals.into_iter().filter(|goal| goal.level < visits);
            goals.map(|goal| (goal.name, goal.scaled)).collect()
        };
        plans(out).into_iter().map(above).collect()
    };
    let (without, ended) = run(&folder, "without", "教师B_照名册.xlsx", &["--time-limit", "5"]);
    ended.code(0);
    let (out, ended) = run(&folder, "limits", "教师E_上限.xlsx", &["--time-limit", "5"]);
    let ended = ended.code(0);
    assert_eq!(worth(&out), worth(&without));
    assert_eq!(summary(&out)["staffing"][0]["value"], 6);
    assert_eq!(summary(&out)["staffing"][0]["proved"], true);
    assert!(ended.text().contains("these limits together leave a group without a teacher: "), "{}", ended.text());
    assert!(ended.text().contains("  a visit limit gives up no balance of the groups; "), "{}", ended.text());
}

/// The price within the default time, in both languages, and what happens when it is paid.
#[test]
fn the_price_of_a_visit_limit_is_told_and_can_be_paid() {
    let mut list = "id,name,class,math,left_behind\n".to_owned();
    for s in 1..=20 {
        list += &format!("{s},Student {s},A,{},{}\n", 60 + s * 7 % 40, u8::from(s > 18));
    }
    // Two students need five visits; evenly shared each group needs 23.
    let staff = "id,name,classes,max_groups,max_visits\nT1,Ann,A,1,20\nT2,Bob,A,1,26\n";
    let folder = Folder::new();
    let (list, staff) = (folder.write("A.csv", list), folder.write("staff.csv", staff));
    let told = [
        ("en", "with counts worse (A), 1 more group could be staffed", "to get this, run again with --visits-first"),
        ("zh", "若人数允许差一些（A），可再安排 1 组", "要这样安排，请加上 --visits-first 再运行"),
    ];
    for (lang, price, remedy) in told {
        let options = ["--groups", "2", "--teachers", &staff, "--lang", lang];
        let ended = school(&list, &folder.path(lang), &options).code(0);
        assert!(ended.text().contains(price) && ended.text().contains(remedy), "{}", ended.text());
        let page = std::fs::read_to_string(folder.path(&format!("{lang}/summary.html"))).expect("a page");
        assert!(page.contains(price) && !page.contains("staff."), "{page}");
    }
    let out = folder.path("paid");
    school(&list, &out, &["--groups", "2", "--teachers", &staff, "--visits-first"]).code(0);
    assert_eq!(summary(&out)["staffing"][0]["value"], 0);
}

/// A directory of classes of three students each.
fn directory(classes: &[String]) -> Directory {
    let list = |class: &String| -> Roster {
        let text = format!("学号,姓名,班级,数学\n1,甲,\"{class}\",90\n2,乙,\"{class}\",80\n3,丙,\"{class}\",70\n");
        read(text.as_bytes(), &Reading { file: "list.csv", ..Reading::default() }).expect("a class list")
    };
    // Staff lists also name students, of whom this knows none.
    Directory::new(&classes.iter().map(list).collect::<Vec<_>>()).expect("classes").with_lists_missing()
}

fn staff(file: &str, directory: &Directory) -> Staff {
    let bytes = std::fs::read(office(file)).expect("a staff list");
    read_staff(&bytes, file, &Limits::default(), directory).expect("a staff list")
}

#[test]
fn ranges_of_classes_are_never_one_number() {
    let classes = [1, 2, 3, 12, 13].map(|n| format!("七({n})班"));
    let rows = [("张一", &[0, 1, 2][..]), ("李二", &[0, 1]), ("王三", &[0, 1]), ("赵四", &[0, 1, 2])];
    let staff = staff("class_ranges_staff.csv", &directory(&classes));
    assert_eq!(staff.teachers.len(), rows.len());
    for (teacher, (name, taught)) in staff.teachers.iter().zip(rows) {
        let taught: Vec<&String> = taught.iter().map(|&at| &classes[at]).collect();
        assert_eq!((teacher.name.as_str(), teacher.classes.iter().collect::<Vec<_>>()), (name, taught));
    }
}

/// The middle school's teachers, however their list is laid out: who teaches what.
#[test]
fn every_layout_of_a_staff_list_has_the_same_teachers() {
    let grade = |name: &'static str| (1..=8).map(move |n| format!("{name} {n}"));
    let ninth = (1..=8).map(|n| format!("九({n})班"));
    let directory = directory(&grade("七年级").chain(grade("八年级")).chain(ninth).collect::<Vec<_>>());
    let taught = |file: &str| -> Vec<(String, BTreeSet<String>)> {
        let staff = staff(&format!("middle_staff/{file}"), &directory);
        let mut taught: Vec<(String, BTreeSet<String>)> =
            staff.teachers.iter().map(|of| (of.name.clone(), of.classes.iter().cloned().collect())).collect();
        taught.sort();
        taught
    };
    // With numbers two of one name are two.
    let numbered = taught("教师.xlsx");
    assert_eq!(numbered.len(), 96);
    for file in ["任课明细.xlsx", "教师_七(1)班写法.xlsx"] {
        assert_eq!(taught(file), numbered, "{file}");
    }
    let mut by_name: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, classes) in numbered {
        by_name.entry(name).or_default().extend(classes);
    }
    assert_eq!(by_name.len(), 95);
    assert_eq!(by_name["曹梅艳"], ["七年级 1", "七年级 2"].map(str::to_owned).into());
    for file in ["任课表.xlsx", "任课明细_无工号.xlsx"] {
        assert_eq!(taught(file).into_iter().collect::<BTreeMap<_, _>>(), by_name, "{file}");
    }
}

/// Classes and students of each file.
#[test]
fn lists_with_notes_statistics_and_hidden_sheets() {
    let stats = ('a'..='s').map(|letter| (format!("stat_{letter}.xlsx"), vec![28]));
    let others: [(&str, &[usize]); 7] = [
        ("g3.xlsx", &[30; 5]),
        ("说明.xlsx", &[30; 2]),
        ("隐藏.xlsx", &[30; 2]),
        ("4.1.xls", &[28]),
        ("按名次.csv", &[30]),
        ("两种写法.csv", &[40; 2]),
        ("三年级.csv", &[40; 2]),
    ];
    let folder = Folder::new();
    let others = others.map(|(file, students)| (file.to_owned(), students.to_vec()));
    for (file, students) in others.into_iter().chain(stats) {
        let out = folder.path(&file);
        school(&office(&format!("sheets/{file}")), &out, &["--groups", "4", "--prove", "tiers", "--time-limit", "2"])
            .code(0);
        let found: Vec<usize> = plans(&out).iter().map(|plan| plan.input.students).collect();
        assert_eq!(found, students, "{file}");
        fenzu(&["school", "check", &out]).code(0);
    }
    let spelling = &plans(&folder.path("两种写法.csv"))[0].notices;
    assert!(
        spelling.iter().any(|notice| notice.code == "spelling" && notice.message.contains("三(1)班")),
        "{spelling:?}"
    );
}

/// Row numbers in the order of ranks tell nobody apart on a public page.
#[test]
fn a_public_page_tells_no_rank() {
    let folder = Folder::new();
    let out = folder.path("out");
    school(&office("sheets/按名次.csv"), &out, &["--groups", "4", "--time-limit", "2"]).code(0);
    let page = std::fs::read_to_string(format!("{out}/public/按名次.html")).expect("a page");
    let names: Vec<&str> = page.split("<bdi>").skip(1).filter_map(|rest| rest.split("</bdi>").next()).collect();
    let numbers: Vec<&&str> = names.iter().filter(|name| name.contains('(')).collect();
    assert!(names.len() >= 30 && numbers.is_empty(), "{numbers:?}");
}
