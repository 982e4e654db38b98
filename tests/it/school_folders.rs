//! Folders as offices have them: grades in sheets and files, classes in titles, copies of lists, and tables that are no lists.

use crate::command::Folder;
use crate::school::{school, summary};
use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;

/// Rows of students of a class, each with the texts that stand left of the name.
fn people(seed: usize, before: &[&str]) -> Vec<Vec<String>> {
    const FAMILY: [&str; 8] = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄"];
    const GIVEN: [&str; 10] = ["伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋"];
    let person = |n: usize| {
        let name = format!("{}{}{}", FAMILY[n], GIVEN[seed % 10], GIVEN[(seed / 10 + n) % 10]);
        let marks = [60 + (7 * n + seed) % 40, 60 + (11 * n + 3 * seed) % 40];
        let own = [name, ["男", "女"][n % 2].to_owned(), marks[0].to_string(), marks[1].to_string()];
        before.iter().map(|text| (*text).to_owned()).chain(own).collect()
    };
    (0..8).map(person).collect()
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

const HEADER: [&str; 4] = ["姓名", "性别", "语文", "数学"];
const WITH_CLASS: [&str; 5] = ["班级", "姓名", "性别", "语文", "数学"];

/// A list with a column of classes.
fn grade(seed: usize, classes: &[&str]) -> Vec<Vec<String>> {
    let of = |(n, class): (usize, &&str)| people(seed + n, &[class]);
    std::iter::once(row(&WITH_CLASS)).chain(classes.iter().enumerate().flat_map(of)).collect()
}

/// A list of one class.
fn class(seed: usize) -> Vec<Vec<String>> {
    std::iter::once(row(&HEADER)).chain(people(seed, &[])).collect()
}

fn titled(title: &str, rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    std::iter::once(row(&[title])).chain(rows).collect()
}

/// Writes a workbook; numbers as numbers.
fn write(folder: &Folder, path: &str, sheets: &[(&str, Vec<Vec<String>>)]) {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).expect("a name");
        for (r, row) in (0..).zip(rows) {
            for (c, cell) in (0..).zip(row) {
                match cell.parse::<f64>() {
                    Ok(number) => sheet.write(r, c, number).expect("a number"),
                    Err(_) => sheet.write(r, c, cell).expect("a text"),
                };
            }
        }
    }
    let path = folder.path(path);
    std::fs::create_dir_all(std::path::Path::new(&path).parent().expect("a folder")).expect("a folder");
    book.save(path).expect("a workbook");
}

/// Number of students by class of a run, with the run's exit code and all that it said.
fn run(folder: &Folder, lists: &str, code: i32) -> (BTreeMap<String, u64>, String) {
    let out = folder.path(&format!("out of {}", lists.replace(['/', '.'], " ")));
    let ended = school(&folder.path(lists), &out, &["--groups", "2", "--lang", "zh"]).code(code);
    let summary = summary(&out);
    let classes = summary["classes"].as_array().expect("classes").iter();
    let of = |class: &serde_json::Value| {
        (class["class"].as_str().expect("a name").to_owned(), class["students"].as_u64().expect("a number"))
    };
    (classes.map(of).collect(), ended.text().to_owned() + &ended.err)
}

fn eights(classes: &[&str]) -> BTreeMap<String, u64> {
    classes.iter().map(|class| ((*class).to_owned(), 8)).collect()
}

const TWO_GRADES: [&str; 4] = ["七年级1班", "七年级2班", "八年级1班", "八年级2班"];

#[test]
fn the_grade_of_sheets_files_folders_and_titles_stands_before_classes_that_name_none() {
    let folder = Folder::new();
    let (seven, eight) = (grade(1, &["1班", "2班"]), grade(3, &["1班", "2班"]));
    let numbered = |seed| grade(seed, &["1", "2"]);
    write(&folder, "sheets.xlsx", &[("七年级", seven.clone()), ("八年级", eight.clone())]);
    write(&folder, "words.xlsx", &[("初一名单", seven.clone()), ("初二名单", numbered(3))]);
    write(
        &folder,
        "titles.xlsx",
        &[("A", titled("七年级学生名单", seven.clone())), ("B", titled("八年级学生名单", eight.clone()))],
    );
    let stacked =
        [titled("七年级学生名单", seven.clone()), vec![vec![]], titled("八年级学生名单", eight.clone())].concat();
    write(&folder, "stacked.xlsx", &[("Sheet1", stacked)]);
    let sections =
        [vec![row(&WITH_CLASS), row(&["七年级"])], seven[1..].to_vec(), vec![row(&["八年级"])], eight[1..].to_vec()];
    write(&folder, "sections.xlsx", &[("Sheet1", sections.concat())]);
    write(&folder, "files/七年级.xlsx", &[("Sheet1", seven.clone())]);
    write(&folder, "files/八年级.xlsx", &[("Sheet1", numbered(3))]);
    write(&folder, "folders/七年级/名单.xlsx", &[("Sheet1", seven.clone())]);
    write(&folder, "folders/八年级/1班.xlsx", &[("Sheet1", class(3))]);
    write(&folder, "folders/八年级/2班.xlsx", &[("Sheet1", class(4))]);
    for lists in ["sheets.xlsx", "words.xlsx", "titles.xlsx", "stacked.xlsx", "sections.xlsx", "files", "folders"] {
        let (classes, said) = run(&folder, lists, 0);
        assert_eq!(classes, eights(&TWO_GRADES), "{lists}: {said}");
    }
    // Where the classes name their grades, or all are of one, nothing is put before them.
    write(&folder, "named.xlsx", &[("七年级", grade(1, &["七1班"])), ("八年级", grade(3, &["八1班"]))]);
    assert_eq!(run(&folder, "named.xlsx", 0).0, eights(&["七1班", "八1班"]));
    write(&folder, "one.xlsx", &[("七年级", seven)]);
    assert_eq!(run(&folder, "one.xlsx", 0).0, eights(&["1班", "2班"]));
}

#[test]
fn one_class_written_in_two_ways_is_one_class() {
    let folder = Folder::new();
    for (file, (one, other)) in
        (0..).zip([("七2", "702"), ("702", "七(2)班"), ("十一年级2班", "1102"), ("2班", "（2）班")])
    {
        let mut rows = grade(1, &[one]);
        rows[5..].iter_mut().for_each(|row| row[0] = other.to_owned());
        let file = format!("{file}.xlsx");
        write(&folder, &file, &[("Sheet1", rows)]);
        let (classes, said) = run(&folder, &file, 0);
        assert_eq!(classes.values().copied().collect::<Vec<_>>(), [8], "{one} {other}: {said}");
    }
    // 12班 may be class 12 of a grade, or class 2 of grade 1: they stay two.
    write(&folder, "two.xlsx", &[("Sheet1", grade(1, &["12班", "一(2)班"]))]);
    assert_eq!(run(&folder, "two.xlsx", 0).0.len(), 2);
}

#[test]
fn the_class_comes_from_the_file_the_folder_or_the_title() {
    let folder = Folder::new();
    for (n, name) in (1..).zip([
        "七1班名册",
        "七4班-李老师",
        "初一(3)班 46人",
        "副本七7班",
        "七8班 - 副本",
        "2025-2026学年七6班",
        "七2班(最新)",
    ]) {
        write(&folder, &format!("names/{name}.xlsx"), &[("Sheet1", class(n))]);
    }
    let named = ["七1班", "七4班", "初一(3)班", "七7班", "七8班", "七6班", "七2班"];
    assert_eq!(run(&folder, "names", 0).0, eights(&named));
    write(&folder, "titles/a.xlsx", &[("Sheet1", titled("青山中学七年级3班成绩表", class(1)))]);
    write(&folder, "titles/b.xlsx", &[("Sheet1", titled("青山中学七年级(4)班花名册", class(2)))]);
    assert_eq!(run(&folder, "titles", 0).0, eights(&["七年级3班", "七年级(4)班"]));
    write(&folder, "below/八(2)班/名册.xlsx", &[("Sheet1", class(1))]);
    write(&folder, "below/八(3)班/名册.xlsx", &[("Sheet1", class(2))]);
    assert_eq!(run(&folder, "below", 0).0, eights(&["八(2)班", "八(3)班"]));
}

#[test]
fn tables_that_are_no_lists_of_students_are_told_and_are_no_classes() {
    let folder = Folder::new();
    let lists = [("七1班", class(1)), ("七2班", class(2))];
    let others: [(&str, &[&[&str]], &str); 6] = [
        (
            "教师花名册",
            &[
                &["姓名", "性别", "学科", "任教班级"],
                &["王芳", "女", "语文", "七1班"],
                &["李强", "男", "数学", "七2班"],
            ],
            "teachers_skipped",
        ),
        ("认领", &[&["姓名", "意愿"], &["王芳", "七1班第1组"], &["李强", "七2班第2组"]], "teachers_skipped"),
        (
            "各班平均分",
            &[&["班级", "人数", "语文", "数学"], &["七1班", "8", "70", "70"], &["七2班", "8", "71", "72"]],
            "classes_skipped",
        ),
        (
            "班主任联系表",
            &[&["班级", "班主任", "电话"], &["七1班", "王芳", "138"], &["七2班", "李强", "139"]],
            "classes_skipped",
        ),
        (
            "任课表",
            &[&["班级", "语文", "数学"], &["七1班", "王芳", "李强"], &["七2班", "王芳", "李强"]],
            "classes_skipped",
        ),
        ("目录", &[&["序号", "班级", "人数"], &["1", "七1班", "8"], &["2", "七2班", "8"]], "classes_skipped"),
    ];
    for (name, rows) in &lists {
        write(&folder, &format!("files/{name}.xlsx"), &[("S", rows.clone())]);
    }
    for (name, rows, _) in others {
        let rows: Vec<Vec<String>> = rows.iter().map(|cells| row(cells)).collect();
        write(&folder, &format!("files/{name}.xlsx"), &[("S", rows.clone())]);
        // The same as a sheet beside the lists, be it the first.
        let file = format!("book {name}.xlsx");
        write(&folder, &file, &[(name, rows), lists[0].clone(), lists[1].clone()]);
        let (classes, said) = run(&folder, &file, 0);
        assert_eq!(classes, eights(&["七1班", "七2班"]), "{name}: {said}");
    }
    let (classes, said) = run(&folder, "files", 0);
    assert_eq!(classes, eights(&["七1班", "七2班"]), "{said}");
    for (name, _, code) in others {
        let summary = summary(&folder.path("out of files"));
        let is_told = |notice: &&serde_json::Value| {
            notice["code"] == code && notice["where"].as_str().is_some_and(|place| place.contains(name))
        };
        assert_eq!(summary["notices"].as_array().expect("notices").iter().filter(is_told).count(), 1, "{name}: {said}");
    }
    // An earlier result among the lists is none.
    std::fs::rename(folder.path("out of files"), folder.path("files/旧结果")).expect("a folder");
    assert_eq!(run(&folder, "files", 0).0, eights(&["七1班", "七2班"]));
}

#[test]
fn the_same_students_in_two_lists_are_never_counted_twice() {
    let folder = Folder::new();
    // A copy is one list.
    for name in ["七(1)班", "七(1)班 (1)", "旧/七(1)班"] {
        write(&folder, &format!("copies/{name}.xlsx"), &[("S", class(1))]);
    }
    let (classes, said) = run(&folder, "copies", 0);
    assert_eq!(classes, eights(&["七(1)班"]), "{said}");
    // Two versions are asked about, and neither is divided.
    let mut last = class(2);
    last.push(row(&["新生甲", "男", "70", "71"]));
    write(&folder, "versions/七(2)班.xlsx", &[("S", class(2))]);
    write(&folder, "versions/七2班_最终版.xlsx", &[("S", last)]);
    write(&folder, "versions/七3班.xlsx", &[("S", class(3))]);
    let (classes, said) = run(&folder, "versions", 2);
    assert_eq!((classes["七(2)班"], classes["七2班"], classes["七3班"]), (0, 0, 8), "{said}");
    assert!(said.contains("大多是") && said.contains("最终版"), "{said}");
    let out = folder.path("said");
    let options = ["--groups", "2", "--accept-reading=lists_same_students"];
    school(&folder.path("versions"), &out, &options).code(0);
    // Sheets of the classes beside one of all students repeat it.
    let total = grade(1, &["1班", "2班"]);
    write(&folder, "total.xlsx", &[("总名册", total), ("1班", class(1)), ("2班", class(2))]);
    let (classes, said) = run(&folder, "total.xlsx", 0);
    assert_eq!(classes, eights(&["1班", "2班"]), "{said}");
    // One student in two lists is told by name.
    let numbered = |seed: usize, class: &str| {
        let mut rows = people(seed, &[]);
        (0..).zip(&mut rows).for_each(|(n, row): (usize, &mut Vec<String>)| row.insert(0, format!("{class}{n:02}")));
        rows.insert(0, row(&[&["学号"], &HEADER[..]].concat()));
        rows
    };
    let (one, mut two) = (numbered(1, "71"), numbered(2, "72"));
    two.push(one[3].clone());
    write(&folder, "twice/七1班.xlsx", &[("S", one.clone())]);
    write(&folder, "twice/七2班.xlsx", &[("S", two)]);
    let (_, said) = run(&folder, "twice", 0);
    assert!(said.contains(&one[3][1]) && said.contains("学号、姓名都相同"), "{said}");
}
