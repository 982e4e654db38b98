//! What a school's run writes: plans, public pages that tell nothing, summaries, registers.

use crate::command::Folder;
use crate::school::{class, plan, school, summary};
use calamine::{Reader, Xlsx, open_workbook};
use fenzu::sample::{ClassSpec, Flag, class_csv};
use fenzu::words::Lang;

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
