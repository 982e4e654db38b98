//! Registers that teachers fill in: what they hold, and that nothing typed into them is ever lost.

use crate::command::{Folder, fenzu};
use crate::school::{class, plan, school, summary};
use crate::school_check::staffed;
use calamine::{Data, Reader, Xlsx, open_workbook};
use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

/// Writes text into blank cells of a sheet (numbered from 1) of a workbook, as an office program would.
pub fn fill(path: &str, sheet: usize, cells: &[(&str, &str)]) {
    let part = format!("xl/worksheets/sheet{sheet}.xml");
    change(path, |name, mut xml| {
        for (cell, typed) in cells.iter().filter(|_| name == part) {
            let start = xml.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("no {cell} in {xml}"));
            let end = start + xml[start..].find("/>").expect("a blank cell");
            let with = format!("{} t=\"inlineStr\"><is><t>{typed}</t></is></c>", &xml[start..end]);
            xml.replace_range(start..end + 2, &with);
        }
        xml
    });
}

/// Writes texts into cells that no row has yet, or that its row lacks.
pub fn put(path: &str, sheet: usize, cells: &[(&str, &str)]) {
    let part = format!("xl/worksheets/sheet{sheet}.xml");
    change(path, |name, xml| {
        if name != part {
            return xml;
        }
        cells.iter().fold(xml, |xml, (cell, text)| {
            let number = cell.trim_start_matches(char::is_alphabetic);
            let own = format!("<c r=\"{cell}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
            match xml.find(&format!("<row r=\"{number}\"")) {
                Some(start) => {
                    let end = start + xml[start..].find("</row>").expect("a row");
                    format!("{}{own}{}", &xml[..end], &xml[end..])
                }
                None => xml.replace("</sheetData>", &format!("<row r=\"{number}\">{own}</row></sheetData>")),
            }
        })
    });
}

/// Changes the parts of a workbook that are text.
pub fn change(path: &str, part: impl Fn(&str, String) -> String) {
    let bytes = std::fs::read(path).expect("a workbook");
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..old.len() {
        let mut of_zip = old.by_index(at).expect("a part");
        let name = of_zip.name().expect("a name").into_owned();
        let mut bytes = Vec::new();
        of_zip.read_to_end(&mut bytes).expect("bytes");
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => part(&name, text).into_bytes(),
            Err(error) => error.into_bytes(),
        };
        new.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
        new.write_all(&bytes).expect("bytes");
    }
    std::fs::write(path, new.finish().expect("a zip").into_inner()).expect("a workbook");
}

/// Puts a comment on a cell of a sheet (numbered from 1) of a workbook that has none.
fn comment(path: &str, sheet: usize, cell: &str) {
    const OFFICE: &str = "http://schemas.openxmlformats.org";
    let file = std::fs::OpenOptions::new().read(true).write(true).open(path).expect("a workbook");
    let mut zip = zip::ZipWriter::new_append(file).expect("a zip");
    let link = format!("{OFFICE}/officeDocument/2006/relationships/comments");
    let links = format!(
        "<Relationships xmlns=\"{OFFICE}/package/2006/relationships\"><Relationship Id=\"c\" Type=\"{link}\" Target=\"../comments1.xml\"/></Relationships>"
    );
    let said = format!(
        "<comments xmlns=\"{OFFICE}/spreadsheetml/2006/main\"><commentList><comment ref=\"{cell}\" authorId=\"0\"><text><t>well</t></text></comment></commentList></comments>"
    );
    for (part, text) in
        [(format!("xl/worksheets/_rels/sheet{sheet}.xml.rels"), links), ("xl/comments1.xml".to_owned(), said)]
    {
        zip.start_file(part, zip::write::SimpleFileOptions::default()).expect("a part");
        zip.write_all(text.as_bytes()).expect("bytes");
    }
    zip.finish().expect("a zip");
}

/// The rows of a sheet, by its number from 0.
pub fn rows(path: &str, sheet: usize) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).expect("a workbook");
    let name = book.sheet_names()[sheet].clone();
    let range = book.worksheet_range(&name).expect("a sheet");
    let end = range.end().unwrap_or_default();
    let text = |at: (u32, u32)| range.get_value(at).map(Data::to_string).unwrap_or_default();
    (0..=end.0).map(|row| (0..=end.1).map(|column| text((row, column))).collect()).collect()
}

/// The texts of a column of a members' sheet by student.
pub fn column(path: &str, sheet: usize, header: &str) -> BTreeMap<String, String> {
    let rows = rows(path, sheet);
    let at = rows[1].iter().position(|of| of == header).unwrap_or_else(|| panic!("no {header} in {:?}", rows[1]));
    rows[2..].iter().map(|row| (row[0].clone(), row[at].clone())).collect()
}

/// The register and the sheet of the members of a student's group, and the row of the student in it.
pub fn home(out: &str, class: &str, id: &str) -> (String, usize, usize) {
    let document = plan(out, class);
    let group = document.groups.iter().find(|group| group.students.iter().any(|of| of == id)).expect("a group");
    let path = format!("{out}/teachers/{}.xlsx", group.teacher.as_deref().expect("a teacher"));
    let book: Xlsx<_> = open_workbook(&path).expect("a workbook");
    let sheets = book.sheet_names().len();
    for sheet in (1..sheets).step_by(2) {
        let found = rows(&path, sheet);
        let is_class = found[0][0].starts_with(&format!("{class} "));
        if let Some(row) = found.iter().position(|row| is_class && row[0] == id) {
            return (path, sheet, row);
        }
    }
    panic!("{id} is in no register");
}

/// The row of a log (from 0) whose label is this, after the row with that one.
fn log_row(path: &str, sheet: usize, after: &str, label: &str) -> usize {
    let rows = rows(path, sheet);
    let from = rows.iter().position(|row| row[0].starts_with(after)).unwrap_or_else(|| panic!("no {after}"));
    from + rows[from..].iter().position(|row| row[0] == label).unwrap_or_else(|| panic!("no {label}"))
}

/// Types a performance, a plan, a contact, a visit and the group's work plan and activity into the register of a student's group.
fn typed(out: &str, class: &str, id: &str) {
    let (path, sheet, row) = home(out, class, id);
    let name = rows(&path, sheet)[row][1].clone();
    fill(&path, sheet + 1, &[(&format!("H{}", row + 1), "calm &amp; kind"), (&format!("I{}", row + 1), "读完一本书")]);
    let contact = log_row(&path, sheet + 1, "Weekly", &name) + 1;
    let visit = log_row(&path, sheet + 1, "Home visits", &name) + 1;
    let work = log_row(&path, sheet + 1, "The group's work", "The group's work plan") + 2;
    let month = log_row(&path, sheet + 1, "The group's monthly", "month 2") + 1;
    let cells = [
        (format!("D{contact}"), "√"),
        (format!("F{visit}"), "2026-10-08"),
        (format!("A{work}"), "每周一练"),
        (format!("F{month}"), "植树"),
    ];
    fill(&path, sheet + 2, &cells.each_ref().map(|(cell, text)| (cell.as_str(), *text)));
}

/// Whether all of it stands in the register of the student's group; of the group what `group` says.
fn stands(out: &str, class: &str, id: &str, group: bool) {
    let (path, sheet, row) = home(out, class, id);
    let rows_of = rows(&path, sheet);
    let name = rows_of[row][1].clone();
    assert_eq!(column(&path, sheet, "usual performance")[id], "calm & kind");
    assert_eq!(column(&path, sheet, "near-term plan")[id], "读完一本书");
    let log = rows(&path, sheet + 1);
    assert_eq!(log[log_row(&path, sheet + 1, "Weekly", &name)][3], "√");
    assert_eq!(log[log_row(&path, sheet + 1, "Home visits", &name)][5], "2026-10-08");
    if group {
        assert_eq!(log[log_row(&path, sheet + 1, "The group's work", "The group's work plan") + 1][0], "每周一练");
        assert_eq!(log[log_row(&path, sheet + 1, "The group's monthly", "month 2")][5], "植树");
    }
}

fn codes(out: &str) -> Vec<String> {
    let summary = summary(out);
    let notices = summary["notices"].as_array().expect("notices").iter();
    notices.map(|notice| notice["code"].as_str().expect("a word").to_owned()).collect()
}

fn again(folder: &Folder, out: &str, staff: &str, options: &[&str]) {
    let staff = folder.write("staff.csv", staff);
    school(&folder.path("lists"), out, &[&["--groups", "3", "--teachers", &staff], options].concat()).code(0);
}

#[test]
fn a_register_stays_as_it_is_while_nothing_changes() {
    let folder = Folder::new();
    let out = staffed(&folder);
    typed(&out, "c1", "S001");
    let (path, _, _) = home(&out, "c1", "S001");
    let filled = std::fs::read(&path).expect("a register");
    let staff = std::fs::read_to_string(folder.path("staff.csv")).expect("a list");
    again(&folder, &out, &staff, &[]);
    assert!(std::fs::read(&path).expect("a register") == filled, "the teacher's own file");
    assert!(!std::path::Path::new(&format!("{out}/history")).exists());
}

#[test]
fn texts_go_with_the_group_to_another_teacher() {
    let folder = Folder::new();
    let out = staffed(&folder);
    typed(&out, "c1", "S001");
    let (path, _, _) = home(&out, "c1", "S001");
    let filled = std::fs::read(&path).expect("a register");
    // Everybody has left, and others have come.
    again(&folder, &out, "id,name,classes,max_groups\nT7,Qian,c1;c2,3\nT8,Sun,c1;c2,3\n", &[]);
    let (new, _, _) = home(&out, "c1", "S001");
    assert!(new.ends_with("T7.xlsx") || new.ends_with("T8.xlsx"));
    stands(&out, "c1", "S001", false);
    assert!(!std::path::Path::new(&path).exists());
    let old = path.replace("/teachers/", "/history/1/teachers/");
    assert!(std::fs::read(&old).expect("the old register") == filled);
    assert!(codes(&out).contains(&"register_carried".to_owned()), "{:?}", codes(&out));
}

#[test]
fn texts_wait_for_a_group_that_has_no_teacher_for_a_while() {
    let folder = Folder::new();
    let out = staffed(&folder);
    typed(&out, "c1", "S001");
    let staff = std::fs::read_to_string(folder.path("staff.csv")).expect("a list");
    again(&folder, &out, "id,name,classes,max_groups\nT9,Zhou,c2,2\n", &[]);
    assert!(codes(&out).contains(&"register_not_carried".to_owned()), "{:?}", codes(&out));
    again(&folder, &out, &staff, &[]);
    stands(&out, "c1", "S001", false);
}

#[test]
fn a_repair_and_an_adoption_carry_the_texts() {
    let folder = Folder::new();
    let out = staffed(&folder);
    typed(&out, "c1", "S001");
    let document = plan(&out, "c1");
    let of = |id: &str| document.groups.iter().position(|group| group.students.iter().any(|of| of == id));
    let (own, ids) = (of("S001"), document.groups.iter().flat_map(|group| &group.students));
    let mate = ids.clone().find(|id| *id != "S001" && of(id) == own).expect("a mate");
    fenzu(&["school", "repair", &out, "--left", &format!("c1/{mate}")]).code(0);
    stands(&out, "c1", "S001", true);
    // S001 changes places with somebody of another group: the texts of the student go, those of the group stay.
    let document = plan(&out, "c1");
    let home_of = |id: &str| document.groups.iter().find(|group| group.students.iter().any(|of| of == id));
    let own = home_of("S001").expect("a group").id.clone();
    let other = document.groups.iter().find(|group| group.id != own).expect("a group");
    let swapped = other.students[0].clone();
    let mut text = "class,id,group\n".to_owned();
    for (id, group) in document.groups.iter().flat_map(|group| group.students.iter().map(move |id| (id, &group.id))) {
        let group = if *id == swapped {
            &own
        } else if id == "S001" {
            &other.id
        } else {
            group
        };
        text += &format!("c1,{id},{group}\n");
    }
    let edited = folder.write("edited.csv", text);
    fenzu(&["school", "adopt", &out, &edited]).code(0);
    stands(&out, "c1", "S001", false);
    let (path, sheet, _) = home(&out, "c1", &swapped);
    let log = rows(&path, sheet + 1);
    assert_eq!(log[log_row(&path, sheet + 1, "The group's work", "The group's work plan") + 1][0], "每周一练");
    fenzu(&["school", "check", &out]).code(0);
}

#[test]
fn what_finds_no_box_is_told_and_kept() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let (path, sheet, row) = home(&out, "c1", "S001");
    fill(&path, sheet + 1, &[(&format!("H{}", row + 1), "left in May")]);
    let ended = fenzu(&["school", "repair", &out, "--left", "c1/S001"]).code(0);
    assert!(ended.text().contains("stand in no new one: 1") && ended.text().contains("!H"), "{}", ended.text());
    let old = path.replace("/teachers/", "/history/1/teachers/");
    assert_eq!(column(&old, sheet, "usual performance")["S001"], "left in May");
    // What is no register any more is kept as it is.
    std::fs::write(&path, "notes").expect("a file");
    let ended = fenzu(&["school", "repair", &out, "--left", "c1/S002,c1/S003,c1/S004,c2/S001,c2/S002"]).code(0);
    let kept = path.replace("/teachers/", "/history/2/teachers/");
    assert!(std::fs::read(kept).is_ok_and(|bytes| bytes == b"notes"), "{}", ended.text());
    assert!(ended.text().contains("could not be read as a register"), "{}", ended.text());
}

#[test]
fn a_register_in_chinese_is_read_by_a_run_in_english() {
    let folder = Folder::new();
    let (lists, out) = (folder.path("lists"), folder.path("out"));
    std::fs::create_dir_all(&lists).expect("a folder");
    std::fs::write(format!("{lists}/c1.csv"), class(20, 1)).expect("a list");
    let staff = folder.write("staff.csv", "id,name,classes,max_groups\nT1,Li,c1,2\n");
    let run = |lang: &str| school(&lists, &out, &["--groups", "2", "--teachers", &staff, "--lang", lang]).code(0);
    run("zh");
    let path = format!("{out}/teachers/T1.xlsx");
    let id = rows(&path, 1)[2][0].clone();
    assert_eq!(rows(&path, 1)[1][8], "近期规划");
    fill(&path, 2, &[("I3", "先学会提问")]);
    run("en");
    let sheet = (1..5).step_by(2).find(|sheet| rows(&path, *sheet).iter().any(|row| row[0] == id)).expect("a sheet");
    assert_eq!(column(&path, sheet, "near-term plan")[&id], "先学会提问");
}

#[test]
fn registers_tell_how_to_reach_the_family() {
    let folder = Folder::new();
    let text = class(20, 1);
    let mut lines = text.lines();
    let header = lines.next().expect("a header");
    let list = format!("{header},家长姓名（必填）,联系电话,家庭住址\n")
        + &lines
            .zip(1..)
            .map(|(line, n)| format!("{line},家长{n},1390000{n:04},{}\n", if n == 1 { "" } else { "河东路" }))
            .collect::<String>();
    let list = folder.write("c1.csv", list);
    let staff = folder.write("staff.csv", "id,name,classes,max_groups\nT1,Li,c1,2\n");
    let out = folder.path("out");
    school(&list, &out, &["--groups", "2", "--teachers", &staff]).code(0);
    let (path, sheet, row) = home(&out, "c1", "S001");
    assert_eq!(column(&path, sheet, "guardian")["S001"], "家长1");
    assert_eq!(column(&path, sheet, "phone")["S001"], "13900000001");
    assert_eq!(column(&path, sheet, "address")["S001"], "");
    assert_eq!(column(&path, sheet, "address").values().filter(|address| *address == "河东路").count(), 9);
    // What the list lacks a teacher may add.
    fill(&path, sheet + 1, &[(&format!("J{}", row + 1), "河西路 5 号")]);
    let mate = column(&path, sheet, "phone").keys().find(|id| *id != "S001").expect("a mate").clone();
    fenzu(&["school", "repair", &out, "--left", &mate]).code(0);
    let (path, sheet, _) = home(&out, "c1", "S001");
    assert_eq!(column(&path, sheet, "address")["S001"], "河西路 5 号");
}

#[test]
fn there_are_as_many_boxes_as_visits_are_due() {
    let folder = Folder::new();
    let list = folder.write("c1.csv", class(20, 1));
    let staff = folder.write("staff.csv", "id,name,classes,max_groups\nT1,Li,c1,2\n");
    let model = r#"
name = "often"
title = { zh = "常访", en = "often" }
[[goals]]
goal = "means"
level = 1
[staff]
visits = 7
"#;
    let (out, model) = (folder.path("out"), folder.write("often.toml", model));
    school(&list, &out, &["--groups", "2", "--teachers", &staff, "--model", &model]).code(0);
    let (path, sheet, row) = home(&out, "c1", "S001");
    let name = rows(&path, sheet)[row][1].clone();
    let label = format!("{name} 6–10");
    let second = log_row(&path, sheet + 1, "Home visits", &label);
    assert_eq!(second, log_row(&path, sheet + 1, "Home visits", &name) + 1);
    // The seventh visit is carried too.
    fill(&path, sheet + 2, &[(&format!("F{}", second + 1), "6月1日")]);
    let mate = column(&path, sheet, "name").keys().find(|id| *id != "S001").expect("a mate").clone();
    fenzu(&["school", "repair", &out, "--left", &mate]).code(0);
    let (path, sheet, _) = home(&out, "c1", "S001");
    assert_eq!(rows(&path, sheet + 1)[log_row(&path, sheet + 1, "Home visits", &label)][5], "6月1日");
}

#[test]
fn what_stands_beside_the_boxes_is_told_by_cell() {
    let folder = Folder::new();
    let out = staffed(&folder);
    let (path, sheet, row) = home(&out, "c1", "S001");
    let (below, beside) = (format!("A{}", rows(&path, sheet).len() + 2), format!("N{}", row + 1));
    put(&path, sheet + 1, &[("N2", "a new column"), (&beside, "in it"), (&below, "below the list")]);
    comment(&path, sheet + 1, "B3");
    // Somebody else takes the teacher's place.
    let id = std::path::Path::new(&path).file_stem().and_then(|stem| stem.to_str()).expect("a teacher").to_owned();
    let staff = std::fs::read_to_string(folder.path("staff.csv")).expect("a list");
    let row = staff.lines().find(|line| line.starts_with(&id)).expect("the teacher");
    let staff = staff.replace(row, "T9,Sun,c1;c2,2");
    let kept = std::fs::read(&path).expect("a register");
    again(&folder, &out, &staff, &[]);
    let notices = summary(&out)["notices"].to_string();
    for cell in ["N2", &beside, &below, "B3"] {
        assert!(notices.contains(&format!("!{cell}")), "{cell}: {notices}");
    }
    let file = path.strip_prefix(&out).expect("a path");
    assert!(std::fs::read(format!("{out}/history/1{file}")).expect("the old register") == kept);
}

#[test]
fn a_register_saved_in_another_format_is_carried_or_told() {
    let folder = Folder::new();
    let out = staffed(&folder);
    typed(&out, "c1", "S001");
    let (path, _, _) = home(&out, "c1", "S001");
    // The same workbook by another name, and one that nobody can read.
    std::fs::rename(&path, path.replace(".xlsx", ".et")).expect("a register");
    std::fs::write(format!("{out}/teachers/notes.xls"), "nothing").expect("a file");
    let staff = std::fs::read_to_string(folder.path("staff.csv")).expect("a list");
    again(&folder, &out, &staff, &[]);
    stands(&out, "c1", "S001", true);
    let notices = summary(&out)["notices"].to_string();
    assert!(notices.contains("notes.xls") && codes(&out).contains(&"register_format".to_owned()), "{notices}");
}
