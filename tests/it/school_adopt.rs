//! `fenzu school adopt`: an edited list becomes the plan; all that is wrong with it is told at once, and nothing is written then.

use crate::command::{Folder, fenzu, group_of};
use crate::school::{files, plan, school, summary};
use crate::school_check::staffed;
use calamine::{Data, Reader, Xlsx, open_workbook};
use fenzu::plan::document::Document;
use rust_xlsxwriter::Workbook;

/// Rows of a class's edited list: id, name and group.
fn rows(out: &str, class: &str) -> Vec<[String; 3]> {
    let names = names(out, class);
    let groups = plan(out, class).groups;
    let of = |group: &fenzu::plan::document::GroupRecord| {
        let id = group.id.clone();
        group.students.iter().map(|student| [student.clone(), names(student), id.clone()]).collect::<Vec<_>>()
    };
    groups.iter().flat_map(of).collect()
}

fn names(out: &str, class: &str) -> impl Fn(&str) -> String + use<> {
    let text = std::fs::read_to_string(format!("{out}/../lists/{class}.csv")).expect("a list");
    let pairs: Vec<(String, String)> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>())
        .map(|cells| (cells[0].clone(), cells[1].clone()))
        .collect();
    move |id| pairs.iter().find(|(other, _)| other == id).map(|(_, name)| name.clone()).unwrap_or_default()
}

fn csv(header: &str, rows: &[[String; 3]]) -> String {
    let lines = rows.iter().map(|row| row.join(",") + "\n");
    format!("{header}\n") + &lines.collect::<String>()
}

/// The rows with two students of different groups in each other's places.
fn swapped(mut rows: Vec<[String; 3]>) -> (Vec<[String; 3]>, String, String) {
    let last = rows.len() - 1;
    let (one, other) = (rows[0][2].clone(), rows[last][2].clone());
    (rows[0][2], rows[last][2]) = (other, one);
    let (a, b) = (rows[0][0].clone(), rows[last][0].clone());
    (rows, a, b)
}

fn teachers(document: &Document) -> Vec<Option<String>> {
    document.groups.iter().map(|group| group.teacher.clone()).collect()
}

#[test]
fn an_edited_table_becomes_the_plan() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let (before, other) = (plan(&out, "c1"), plan(&out, "c2"));
    let (rows, a, b) = swapped(rows(&out, "c1"));
    let edited = folder.write("edited.csv", csv("id,name,group", &rows));
    let ended = fenzu(&["school", "adopt", &out, &edited]).code(0);
    assert!(ended.text().contains("students who change group: 2"), "{}", ended.text());
    assert!(ended.text().contains("groups with a new teacher: 0"), "{}", ended.text());
    assert!(ended.text().contains(" → "), "{}", ended.text());
    let after = plan(&out, "c1");
    assert_eq!((group_of(&after, &a), group_of(&after, &b)), (2, 0));
    assert_eq!(teachers(&after), teachers(&before));
    assert!(after.notices.iter().any(|notice| notice.code == "adopted"));
    assert!(plan(&out, "c2") == other, "another class");
    assert_eq!(summary(&out)["classes"][0]["adopted"], true);
    assert!(std::path::Path::new(&format!("{out}/history/1/classes/c1.json")).exists());
    fenzu(&["school", "check", &out]).code(0);
    let page = std::fs::read_to_string(format!("{out}/public/c1.html")).expect("a page");
    let first = page.split("<article").nth(1).expect("a group");
    assert!(first.contains(&names(&out, "c1")(&b)), "{first}");
    // The next run keeps what was adopted, and tells that the class's list is another where it is.
    let staff = folder.path("staff.csv");
    let run = || school(&folder.path("lists"), &out, &["--groups", "3", "--teachers", &staff]);
    assert!(run().code(0).text().contains("2 kept"));
    assert_eq!(group_of(&plan(&out, "c1"), &a), 2);
    fenzu(&["school", "check", &out]).code(0);
    std::fs::write(folder.path("lists/c1.csv"), crate::school::class(30, 99)).expect("a list");
    run().code(2);
    assert_eq!(summary(&out)["classes"][0]["error"]["code"], "plan_outdated");
    assert_eq!(summary(&out)["classes"][1]["state"], "done");
}

#[test]
fn nothing_changed_writes_nothing() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let before = files(&out);
    let ended = fenzu(&["school", "adopt", &out, &format!("{out}/classes/c1.xlsx")]).code(0);
    assert!(ended.text().contains("the groups are as they were"), "{}", ended.text());
    assert!(files(&out) == before);
}

/// Every sheet of a workbook as text.
fn sheets(path: &str) -> Vec<(String, Vec<Vec<String>>)> {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let text = |cell: &Data| cell.to_string();
    let rows = |sheet: &str, book: &mut Xlsx<_>| {
        book.worksheet_range(sheet).expect("a sheet").rows().map(|row| row.iter().map(text).collect()).collect()
    };
    book.sheet_names().into_iter().map(|sheet| (sheet.clone(), rows(&sheet, &mut book))).collect()
}

fn written(folder: &Folder, name: &str, sheets: &[(String, Vec<Vec<String>>)]) -> String {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        for (row, cells) in (0..).zip(rows) {
            for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(row, column, cell).expect("a cell");
            }
        }
    }
    folder.write(name, book.save_to_buffer().expect("a workbook"))
}

#[test]
fn a_class_workbook_may_be_edited_on_either_sheet() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let path = format!("{out}/classes/c1.xlsx");
    let all = sheets(&path);
    let ids = |out: &str| plan(out, "c1").groups.into_iter().map(|group| group.students).collect::<Vec<_>>();
    let before = ids(&out);
    // The list: groups by their printed labels.
    let mut listed = all.clone();
    let members = &mut listed.iter_mut().find(|(name, _)| name == "Members").expect("a list").1;
    let column = members[0].iter().position(|header| header == "group").expect("a column");
    let named = members[0].iter().position(|header| header == "group_name").expect("a column");
    let id = members[0].iter().position(|header| header == "id").expect("a column");
    let (one, other) = (1, members.len() - 1);
    let (first, last) = (members[one][id].clone(), members[other][id].clone());
    members[one][column] = "Group 3".to_owned();
    members[other][column] = " 第１组 ".to_owned();
    members[one][named] = members[other][named].clone();
    let edited = written(&folder, "listed.xlsx", &listed);
    fenzu(&["school", "adopt", &out, &edited]).code(0);
    let after = ids(&out);
    assert!(before[0].contains(&first) && before[2].contains(&last), "the first row and the last: {before:?}");
    assert!(after[2].contains(&first) && after[0].contains(&last), "{after:?}");
    // The sheet that is put up: two names in each other's places.
    let mut board = sheets(&path);
    let groups = &mut board.iter_mut().find(|(name, _)| name == "Groups").expect("a sheet").1;
    let top = groups.iter().position(|row| row.len() > 1 && row[1].starts_with("Group 2")).expect("titles");
    let (first, second) = (groups[top + 1][0].clone(), groups[top + 1][1].clone());
    (groups[top + 1][0], groups[top + 1][1]) = (second, first);
    let edited = written(&folder, "board.xlsx", &board);
    let ended = fenzu(&["school", "adopt", &out, &edited]).code(0);
    assert!(ended.text().contains("students who change group: 2"), "{}", ended.text());
    fenzu(&["school", "check", &out]).code(0);
}

#[test]
fn all_faults_are_told_at_once() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let before = files(&out);
    let mut rows = rows(&out, "c1");
    let gone = rows.remove(0);
    rows[0][2] = "c1/9".to_owned();
    rows[1][2] = String::new();
    rows[2][1] = "Somebody Else".to_owned();
    let twice = rows[3].clone();
    rows.push(twice);
    rows.push(["S999".to_owned(), "Nobody".to_owned(), "1".to_owned()]);
    let edited = folder.write("edited.csv", csv("id,name,group", &rows));
    let ended = fenzu(&["school", "adopt", &out, &edited]).code(2);
    for code in
        ["unknown_group", "plan_no_group", "another_name", "duplicate_id", "unknown_student", "missing_students"]
    {
        assert!(ended.err.contains(&format!("[{code}]")), "{code}: {}", ended.err);
    }
    assert!(ended.err.contains(&gone[0]) && ended.err.contains("without 1 of its students"), "{}", ended.err);
    let ended = fenzu(&["school", "adopt", &out, &edited, "--lang", "zh"]).code(2);
    assert!(ended.err.contains("没有这名学生") && ended.err.contains("应为"), "{}", ended.err);
    let strangers = folder.write("strangers.csv", "姓名,小组\n甲,1\n乙,2\n");
    let ended = fenzu(&["school", "adopt", &out, &strangers]).code(2);
    assert!(ended.err.contains("[unknown_class]"), "{}", ended.err);
    let none = folder.write("none.csv", "a,b\n1,2\n");
    assert!(fenzu(&["school", "adopt", &out, &none]).code(2).err.contains("[plan_columns]"));
    assert!(files(&out) == before, "nothing is written");
}

#[test]
fn a_rule_that_is_broken_is_a_proved_no() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let before = files(&out);
    let mut rows = rows(&out, "c1");
    rows[0][2] = "3".to_owned();
    let edited = folder.write("edited.csv", csv("学号,姓名,小组", &rows));
    let ended = fenzu(&["school", "adopt", &out, &edited, "--lang", "zh"]).code(3);
    assert!(ended.err.contains("[group_size]") && ended.err.contains("再调一名学生"), "{}", ended.err);
    assert!(!ended.err.contains("goal_"), "the rule alone: {}", ended.err);
    assert!(files(&out) == before, "nothing is written");
}

#[test]
fn a_teacher_who_may_not_keep_a_group_hands_it_on() {
    let folder = Folder::new();
    let (lists, out) = (folder.path("lists"), folder.path("out"));
    std::fs::create_dir_all(&lists).expect("a folder");
    std::fs::write(format!("{lists}/c1.csv"), crate::school::class(30, 1)).expect("a list");
    // T1 avoids S001; all may take one group.
    let staff = "id,name,classes,max_groups,avoids\nT1,Li,c1,1,S001\nT2,Wang,c1,1,\nT3,Zhao,c1,1,\n";
    let staff = folder.write("staff.csv", staff);
    school(&lists, &out, &["--groups", "3", "--teachers", &staff]).code(0);
    let before = plan(&out, "c1");
    let own = before.groups.iter().position(|group| group.teacher.as_deref() == Some("T1")).expect("a group");
    let child = group_of(&before, "S001");
    assert_ne!(own, child);
    let mut rows = rows(&out, "c1");
    let other = before.groups[own].students[0].clone();
    for row in &mut rows {
        if row[0] == "S001" {
            row[2] = before.groups[own].id.clone();
        } else if row[0] == other {
            row[2] = before.groups[child].id.clone();
        }
    }
    let edited = folder.write("edited.csv", csv("id,name,group", &rows));
    let ended = fenzu(&["school", "adopt", &out, &edited]).code(0);
    assert!(ended.text().contains("groups with a new teacher: 2"), "{}", ended.text());
    let after = plan(&out, "c1");
    assert_ne!(after.groups[own].teacher.as_deref(), Some("T1"));
    assert!(after.groups.iter().all(|group| group.teacher.is_some()));
    let changed = teachers(&after).iter().zip(teachers(&before)).filter(|(new, old)| **new != *old).count();
    assert_eq!(changed, 2, "the fewest");
    fenzu(&["school", "check", &out]).code(0);
}

/// A class's workbook with some cells of a sheet written anew: the first cell that is `from` becomes `to`.
fn changed(folder: &Folder, path: &str, sheet: &str, cells: &[(&str, &str)]) -> String {
    let mut all = sheets(path);
    let rows = &mut all.iter_mut().find(|(name, _)| name == sheet).expect("a sheet").1;
    for (from, to) in cells {
        let cell = rows.iter_mut().flatten().find(|cell| cell == from).unwrap_or_else(|| panic!("no {from}"));
        *cell = (*to).to_owned();
    }
    written(folder, "changed.xlsx", &all)
}

/// The title of a group on the sheet that is put up, and the first name below it.
fn column(path: &str, title: &str) -> (String, String) {
    let all = sheets(path);
    let rows = &all.iter().find(|(name, _)| name == "Groups").expect("a sheet").1;
    let top = rows.iter().position(|row| row.iter().any(|cell| cell.starts_with("Group 1"))).expect("titles");
    let at = rows[top].iter().position(|cell| cell.starts_with(title)).expect("a title");
    (rows[top][at].clone(), rows[top + 1][at].clone())
}

#[test]
fn marks_behind_names_hide_no_move() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let path = format!("{out}/classes/c1.xlsx");
    let before = files(&out);
    let ((_, one), (_, other)) = (column(&path, "Group 1"), column(&path, "Group 2"));
    // A mark alone is no change, and told.
    let leader = format!("{one}（组长）");
    let edited = changed(&folder, &path, "Groups", &[(&one, &leader)]);
    let ended = fenzu(&["school", "adopt", &out, &edited]).code(0);
    assert!(ended.text().contains(&leader) && ended.text().contains("are not kept"), "{}", ended.text());
    assert!(
        ended.text().contains("Groups!A") && ended.text().contains("the groups are as they were"),
        "{}",
        ended.text()
    );
    assert!(files(&out) == before);
    // A swap beside it is adopted.
    let edited = changed(&folder, &path, "Groups", &[(&one, "#"), (&other, &leader), ("#", &other)]);
    let ended = fenzu(&["school", "adopt", &out, &edited]).code(0);
    assert!(ended.text().contains("students who change group: 2"), "{}", ended.text());
    fenzu(&["school", "check", &out]).code(0);
}

#[test]
fn a_sheet_that_cannot_be_applied_is_told_with_its_cell() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let path = format!("{out}/classes/c1.xlsx");
    let before = files(&out);
    let ((title, one), (_, other)) = (column(&path, "Group 1"), column(&path, "Group 2"));
    let teacher = title.rsplit_once(" · ").expect("a teacher").1;
    let member = plan(&out, "c1").groups[0].teacher.clone().expect("a teacher");
    let of_another = title.replace(teacher, "Somebody");
    let cases = [
        ("Groups", &one, "Nobody Here", "[unknown_student]"),
        ("Groups", &one, &other, "[duplicate_id]"),
        ("Groups", &one, "", "[missing_students]"),
        ("Groups", &title, &of_another, "[adopted_teacher]"),
        ("Members", &member, "T99", "[adopted_teacher]"),
    ];
    for (sheet, from, to, code) in cases {
        let edited = changed(&folder, &path, sheet, &[(from, to)]);
        let ended = fenzu(&["school", "adopt", &out, &edited]).code(2);
        assert!(ended.err.contains(code) && ended.err.contains(&format!("{sheet}!")), "{code}: {}", ended.err);
        assert_eq!(ended.err.matches(code).count(), 1, "{}", ended.err);
        assert!(files(&out) == before, "{code}");
    }
}

#[test]
fn names_of_groups_are_adopted() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let path = format!("{out}/classes/c1.xlsx");
    let (title, _) = column(&path, "Group 1");
    let teacher = title.rsplit_once(" · ").expect("a teacher").1;
    // On the sheet that is put up, even alone in the file.
    let edited = changed(&folder, &path, "Groups", &[(&title, &format!("Group 1 Larks · {teacher}"))]);
    let ended = fenzu(&["school", "adopt", &out, &edited]).code(0);
    assert!(
        ended.text().contains("Larks") && ended.text().contains("students who change group: 0"),
        "{}",
        ended.text()
    );
    assert_eq!(plan(&out, "c1").groups[0].name, "Larks");
    assert!(std::fs::read_to_string(format!("{out}/public/c1.html")).expect("a page").contains("Larks"));
    fenzu(&["school", "check", &out]).code(0);
    let board = sheets(&path).into_iter().filter(|(name, _)| name == "Groups").collect::<Vec<_>>();
    let alone = written(&folder, "alone.xlsx", &board);
    fenzu(&["school", "adopt", &out, &alone]).code(0);
    // In the list, where all rows of the group say it; and never two groups of one name.
    let mut listed = sheets(&path);
    let members = &mut listed.iter_mut().find(|(name, _)| name == "Members").expect("a list").1;
    members.iter_mut().flatten().filter(|cell| *cell == "Larks").for_each(|cell| "Finches".clone_into(cell));
    let edited = written(&folder, "listed.xlsx", &listed);
    fenzu(&["school", "adopt", &out, &edited]).code(0);
    assert_eq!(plan(&out, "c1").groups[0].name, "Finches");
    fenzu(&["school", "check", &out]).code(0);
    let (second, _) = column(&path, "Group 2");
    let other = second.rsplit_once(" · ").expect("a teacher").1;
    let edited = changed(&folder, &path, "Groups", &[(&second, &format!("Group 2 Finches · {other}"))]);
    let ended = fenzu(&["school", "adopt", &out, &edited]).code(2);
    assert!(ended.err.contains("[adopted_name]") && ended.err.contains("Groups!"), "{}", ended.err);
}
