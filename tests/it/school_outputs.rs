//! What a school's run writes: plans, public pages that tell nothing, summaries, registers.

use crate::command::{Folder, fenzu};
use crate::school::{class, files, plan, school, summary};
use calamine::{Reader, Xlsx, open_workbook};
use fenzu::sample::{ClassSpec, Flag, class_csv};
use fenzu::words::Lang;
use std::path::Path;

fn rich(seed: u64) -> String {
    let flags = Flag::ALL.to_vec();
    class_csv(&ClassSpec { students: 30, seed, flags, headers: Lang::Zh, ..ClassSpec::default() })
}

#[test]
fn the_public_page_holds_names_and_groups_only() {
    let folder = Folder::new();
    let list = folder.write("七3班.csv", rich(3));
    let out = folder.path("out");
    school(&list, &out, &["--groups", "3", "--lang", "zh"]).code(0);
    let page = std::fs::read_to_string(format!("{out}/public/七3班.html")).expect("a page");
    let text = page.split("</style>").nth(1).expect("a body");
    for word in
        ["优等", "中等", "学困", "留守", "单亲", "困难", "住校", "重点", "成绩", "分数", "名次", "帮扶", "男", "女"]
    {
        assert!(!text.contains(word), "{word} in the public page");
    }
    let document = plan(&out, "七3班");
    let list = rich(3);
    let marks: Vec<&str> = list.lines().skip(1).flat_map(|row| row.split(',').skip(3).take(3)).collect();
    assert!(marks.iter().filter(|mark| mark.len() == 2).all(|mark| !text.contains(&format!(">{mark}<"))), "a mark");
    assert_eq!(text.matches("<article").count(), document.groups.len());
    let shown: Vec<&str> = text.split("<ul class=\"names\">").skip(1).collect();
    for group in shown {
        let names: Vec<&str> =
            group.split("<bdi>").skip(1).filter_map(|rest| rest.split("</bdi>").next()).take(10).collect();
        let mut sorted = names.clone();
        sorted.sort_unstable();
        assert_eq!(names, sorted, "in the order of names");
    }
}

#[test]
fn files_tell_no_time_and_summaries_hold_every_class() {
    let folder = Folder::new();
    let lists = folder.path("lists");
    std::fs::create_dir_all(&lists).expect("a folder");
    for i in 1..=3 {
        std::fs::write(format!("{lists}/c{i}.csv"), class(30, i)).expect("a list");
    }
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "3"]).code(0);
    let document = plan(&out, "c1");
    assert!(document.elapsed_seconds == 0.0 && document.goals.iter().all(|goal| goal.found_seconds.is_none()));
    let summary = summary(&out);
    for class in summary["classes"].as_array().expect("classes") {
        assert_eq!(class["proved"][0], "tiers");
        assert_eq!((class["groups"].as_u64(), class["unstaffed"].as_u64()), (Some(3), Some(0)));
    }
    let page = std::fs::read_to_string(format!("{out}/summary.html")).expect("a page");
    assert!(["c1", "c2", "c3"].iter().all(|name| page.contains(&format!("<bdi>{name}</bdi>"))), "{page}");
    let mut book: Xlsx<_> = open_workbook(format!("{out}/summary.xlsx")).expect("a workbook");
    let sheet = book.worksheet_range("Classes").expect("a sheet");
    assert_eq!(sheet.height(), 4);
    let mut book: Xlsx<_> = open_workbook(format!("{out}/classes/c2.xlsx")).expect("a workbook");
    assert_eq!(book.worksheet_range("Members").expect("a sheet").height(), 31);
}

/// A sample school of 4 classes: its folder, its list of teachers and a folder for the outputs.
fn staffed_school(folder: &Folder) -> (String, String, String) {
    let root = folder.path("school");
    fenzu(&["sample", "school", "--classes", "4", "--seed", "2", "--output", &root]).code(0);
    (format!("{root}/classes"), format!("{root}/staff.csv"), folder.path("out"))
}

#[test]
fn every_group_gets_a_teacher_and_every_teacher_a_register() {
    let folder = Folder::new();
    let (lists, staff, out) = staffed_school(&folder);
    let ended = school(&lists, &out, &["--teachers", &staff, "--strict"]).code(0);
    assert!(ended.text().contains("12 teachers, 0 groups without one"), "{}", ended.text());
    let summary = summary(&out);
    assert_eq!(summary["staffing"][0]["proved"], true);
    let mut groups = 0;
    for teacher in summary["teachers"].as_array().expect("teachers") {
        let taken = teacher["groups"].as_array().map_or(0, Vec::len);
        groups += taken;
        let path = format!("{out}/teachers/{}.xlsx", teacher["file"].as_str().expect("a file"));
        assert_eq!(Path::new(&path).exists(), taken > 0, "{path}");
        if taken > 0 {
            let mut book: Xlsx<_> = open_workbook(&path).expect("a workbook");
            let names = book.sheet_names();
            assert_eq!(names.len(), 1 + 2 * taken, "{names:?}");
            let members = book.worksheet_range(&names[1]).expect("members");
            let due: f64 = members.rows().skip(2).filter_map(|row| row[5].to_string().parse::<f64>().ok()).sum();
            assert!(due >= 2.0 * (members.height() - 2) as f64, "{due} visits");
        }
    }
    assert_eq!(groups, 20);
    let class = summary["classes"][0]["file"].as_str().expect("a file");
    let document = plan(&out, class);
    assert!(document.groups.iter().all(|group| group.teacher.is_some() && !group.name.is_empty()));
    let first = files(&out);
    assert!(school(&lists, &out, &["--teachers", &staff]).code(0).text().contains("4 kept"));
    let again = files(&out);
    let differ: Vec<&String> = first.keys().filter(|name| first.get(*name) != again.get(*name)).collect();
    assert!(differ.is_empty(), "{differ:?}");
}

#[test]
fn a_broken_class_does_not_keep_the_others_from_their_teachers() {
    let folder = Folder::new();
    let (lists, staff, out) = staffed_school(&folder);
    std::fs::write(format!("{lists}/class02.csv"), [0, 159, 146, 150, 7, 0]).expect("a file");
    school(&lists, &out, &["--teachers", &staff]).code(2);
    let summary = summary(&out);
    let states: Vec<&str> =
        summary["classes"].as_array().expect("classes").iter().filter_map(|class| class["state"].as_str()).collect();
    assert_eq!(states, ["done", "refused", "done", "done"]);
    assert!(summary["teachers"].as_array().expect("teachers").iter().any(|teacher| teacher["students"] != 0));
}

#[test]
fn a_group_without_a_teacher_is_told_and_strict_says_no() {
    let folder = Folder::new();
    let list = folder.write("c1.csv", class(30, 4));
    let staff = folder.write("staff.csv", "id,name,classes,max_groups\nT1,Li,c1,1\n");
    let out = folder.path("out");
    let options = ["--groups", "3", "--teachers", &staff];
    let ended = school(&list, &out, &options).code(0);
    assert!(ended.text().contains("2 groups without one"), "{}", ended.text());
    school(&list, &out, &[&options[..], &["--strict"]].concat()).code(3);
    let summary = summary(&out);
    assert_eq!(summary["classes"][0]["unstaffed"], 2);
    assert!(summary["conflict"][0]["message"].as_str().is_some_and(|message| message.contains("c1")), "{summary}");
}

#[test]
fn claims_staff_again_and_names_are_kept() {
    let folder = Folder::new();
    let list = folder.write("c1.csv", class(30, 4));
    let staff = folder.write("staff.csv", "id,name,classes,max_groups\nT1,Li,c1,1\nT2,Wang,c1,1\nT3,Zhao,c1,1\n");
    let out = folder.path("out");
    let options = ["--groups", "3", "--teachers", &staff];
    school(&list, &out, &options).code(0);
    let before = plan(&out, "c1");
    let claims = "id,prefers,group_name\nT3,c1/1,Red Pandas\nT1,c1/3;c1/1,\nT2,c1/2,Otters\n";
    let claims = folder.write("claims.csv", claims);
    school(&list, &out, &[&options[..], &["--claims", &claims]].concat()).code(0);
    let after = plan(&out, "c1");
    let members = |document: &fenzu::plan::document::Document| {
        document.groups.iter().map(|group| group.students.clone()).collect::<Vec<_>>()
    };
    assert_eq!(members(&before), members(&after));
    let teachers: Vec<&str> = after.groups.iter().filter_map(|group| group.teacher.as_deref()).collect();
    assert_eq!(teachers, ["T3", "T2", "T1"]);
    let names: Vec<&str> = after.groups.iter().map(|group| group.name.as_str()).collect();
    assert_eq!((names[0], names[1]), ("Red Pandas", "Otters"));
    assert_eq!(names[2], before.groups[2].name);
}

/// The text of a part of a workbook.
fn part(path: &str, name: &str) -> String {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(path).expect("a workbook")).expect("a zip");
    std::io::read_to_string(zip.by_name(name).expect("a part")).expect("text")
}

#[test]
fn registers_and_summary_print_on_whole_pages() {
    let folder = Folder::new();
    let (lists, staff, out) = staffed_school(&folder);
    school(&lists, &out, &["--teachers", &staff, "--lang", "zh"]).code(0);
    let summary = summary(&out);
    let teachers = summary["teachers"].as_array().expect("teachers");
    let busy = teachers.iter().find(|teacher| teacher["students"] != 0).expect("a teacher with a group");
    let register = format!("{out}/teachers/{}.xlsx", busy["file"].as_str().expect("a file"));
    let members = part(&register, "xl/worksheets/sheet2.xml");
    assert!(members.contains("orientation=\"landscape\"") && members.contains("ySplit=\"2\""), "{members}");
    let log = part(&register, "xl/worksheets/sheet3.xml");
    // Contacts, visits and activities on one page: no table is torn from its header.
    assert!(log.contains("orientation=\"portrait\"") && !log.contains("fitToHeight"), "{log}");
    assert!(log.contains("<pageSetUpPr fitToPage=\"1\"/>") && log.contains("ht=\"27\""), "{log}");
    let titles = part(&register, "xl/workbook.xml");
    assert_eq!(titles.matches("_xlnm.Print_Titles").count(), titles.matches("<sheet ").count() - 1, "{titles}");

    let book = format!("{out}/summary.xlsx");
    let classes = part(&book, "xl/worksheets/sheet1.xml");
    assert!(classes.contains("<pane xSplit=\"1\" ySplit=\"1\"") && classes.contains("<oddHeader>"), "{classes}");
    assert!(part(&book, "xl/styles.xml").contains("formatCode=\"0.00#\""));
    assert!(part(&book, "xl/worksheets/sheet3.xml").contains("orientation=\"portrait\""));
    let chart = part(&book, "xl/charts/chart1.xml");
    assert!(chart.contains("<a:defRPr sz=\"800\"/>"), "names that fit at every bar: {chart}");
    assert!(chart.contains("教师!$B$2:$B$13"), "{chart}");
}

#[test]
fn a_class_is_called_proved_only_when_all_that_was_asked_is() {
    let folder = Folder::new();
    let list = folder.write("c1.csv", class(50, 3));
    let (short, long) = (folder.path("short"), folder.path("long"));
    // Spread over many columns is not proved so soon; tiers and counts are at once.
    let ended = school(&list, &short, &["--groups", "5", "--prove", "all", "--time-limit", "0.15"]).code(0);
    assert!(ended.text().contains("1 done (0 proved"), "{}", ended.text());
    let class = &summary(&short)["classes"][0];
    assert_eq!((class["through"].as_bool(), class["status"].as_str()), (Some(false), Some("feasible")));
    assert_eq!(class["proved"][0], "tiers");
    let page = std::fs::read_to_string(format!("{short}/summary.html")).expect("a page");
    assert!(page.contains("<span class=\"fair\">valid, partly proved</span>"), "{page}");
    let ended = school(&list, &long, &["--groups", "5", "--prove", "tiers"]).code(0);
    assert!(ended.text().contains("1 done (1 proved"), "{}", ended.text());
    let page = std::fs::read_to_string(format!("{long}/summary.html")).expect("a page");
    assert!(page.contains("<span class=\"good\">"), "{page}");
}

#[test]
fn a_teacher_without_a_name_is_not_on_the_public_page() {
    let folder = Folder::new();
    let list = folder.write("c1.csv", class(20, 4));
    let out = folder.path("out");
    let page = |staff: &str| {
        let staff = folder.write("staff.csv", staff);
        school(&list, &out, &["--groups", "2", "--teachers", &staff]).code(0);
        std::fs::read_to_string(format!("{out}/public/c1.html")).expect("a page")
    };
    let public = page("id,name,classes,max_groups\n330102,,c1,1\nT2,Wang,c1,1\n");
    assert!(!public.contains("330102") && public.contains("Wang"), "{public}");
    let document = plan(&out, "c1");
    assert!(document.groups.iter().any(|group| group.teacher.as_deref() == Some("330102")));
    // Without ids the names stand for them.
    let public = page("name,classes,max_groups\nLi,c1,1\nWang,c1,1\n");
    assert!(public.contains("Li") && public.contains("Wang"), "{public}");
}
