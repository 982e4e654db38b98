//! Mid-term repairs: what they keep, and what they say when they cannot.

use crate::command::{Folder, fenzu};
use crate::school::{class, plan, school, summary};

const STAFF: &str = "id,name,classes,max_groups\nT1,Li,c1;c2,2\nT2,Wang,c1;c2,2\nT3,Zhao,c1;c2,2\n";

/// Two classes of 30 in three groups each, with three teachers; the output folder.
fn staffed(folder: &Folder, options: &[&str]) -> String {
    let (lists, out) = (folder.path("lists"), folder.path("out"));
    std::fs::create_dir_all(&lists).expect("a folder");
    for n in 1..=2 {
        std::fs::write(format!("{lists}/c{n}.csv"), class(30, n)).expect("a list");
    }
    let staff = folder.write("staff.csv", STAFF);
    school(&lists, &out, &[&["--groups", "3", "--teachers", &staff], options].concat()).code(0);
    out
}

#[test]
fn a_pin_to_a_teacher_holds_through_a_repair() {
    let folder = Folder::new();
    let rules = folder.write("rules.json", r#"{"pin": [{"student": "c1/S003", "teacher": "T2"}]}"#);
    let out = staffed(&folder, &["--rules", &rules]);
    let before = plan(&out, "c1");
    let leaves = before.groups[0].students.iter().find(|id| *id != "S003").expect("a student");
    fenzu(&["school", "repair", &out, "--left", &format!("c1/{leaves}")]).code(0);
    let after = plan(&out, "c1");
    let home = after.groups.iter().find(|group| group.students.contains(&"S003".to_owned()));
    assert_eq!(home.and_then(|group| group.teacher.as_deref()), Some("T2"));
    assert_eq!(summary(&out)["classes"][0]["students"], 29);
}
