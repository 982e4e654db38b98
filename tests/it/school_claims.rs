//! Claims of teachers, and what a run may not undo in silence: claims and repairs.

use crate::command::{Ended, Folder, fenzu};
use crate::school::{class, files, plan, school, summary};

const STAFF: &str = "id,name,classes,max_groups\nT1,Li,c1;c2,2\nT2,Wang,c1;c2,2\nT3,Zhao,c1;c2,2\n";

/// Two classes of 30 in three groups each, with three teachers, divided and staffed.
struct School {
    folder: Folder,
    lists: String,
    staff: String,
    out: String,
}

impl School {
    fn new() -> Self {
        let folder = Folder::new();
        let (lists, out) = (folder.path("lists"), folder.path("out"));
        std::fs::create_dir_all(&lists).expect("a folder");
        let staff = folder.write("staff.csv", STAFF);
        let school = Self { folder, lists, staff, out };
        for n in 1..=2 {
            school.list(&format!("c{n}"), &class(30, n));
        }
        school.run(&[]).code(0);
        school
    }

    fn list(&self, class: &str, text: &str) {
        std::fs::write(format!("{}/{class}.csv", self.lists), text).expect("a list");
    }

    fn run(&self, options: &[&str]) -> Ended {
        school(&self.lists, &self.out, &[&["--groups", "3", "--teachers", &self.staff], options].concat())
    }

    fn claim(&self, claims: &str) -> Ended {
        let claims = self.folder.write("claims.csv", claims);
        self.run(&["--claims", &claims])
    }

    /// The run must be refused with this code, and nothing be written.
    fn refused(&self, run: impl FnOnce() -> Ended, code: &str) -> Ended {
        let before = files(&self.out);
        let ended = run().code(2);
        assert!(ended.err.contains(&format!("[{code}]")), "{}", ended.err);
        assert!(files(&self.out) == before, "nothing is written");
        ended
    }
}

const CLAIMS: &str = "id,prefers\nT3,c1/1\n";

#[test]
fn claims_on_changed_lists_are_refused() {
    let school = School::new();
    school.list("c2", &class(30, 77));
    let ended = school.refused(|| school.claim(CLAIMS), "plan_outdated");
    assert!(ended.err.contains("c2:") && !ended.err.contains("c1:"), "{}", ended.err);
    // A student has left: the same ids but one.
    let text = class(30, 2);
    let without: Vec<&str> = text.lines().enumerate().filter(|(line, _)| *line != 4).map(|(_, row)| row).collect();
    school.list("c2", &(without.join("\n") + "\n"));
    school.refused(|| school.claim(CLAIMS), "plan_outdated");
    std::fs::remove_file(format!("{}/c2.csv", school.lists)).expect("a file");
    school.refused(|| school.claim(CLAIMS), "plan_outdated");
    school.list("c2", &text);
    school.claim(CLAIMS).code(0);
    assert_eq!(plan(&school.out, "c1").groups[0].teacher.as_deref(), Some("T3"));
}

#[test]
fn claims_under_other_rules_are_refused() {
    let school = School::new();
    let first = plan(&school.out, "c1").groups[0].students.clone();
    let rules = serde_json::json!({"apart": [[format!("c1/{}", first[0]), format!("c1/{}", first[1])]]});
    let rules = school.folder.write("rules.json", rules.to_string());
    let claims = school.folder.write("claims.csv", CLAIMS);
    school.refused(|| school.run(&["--claims", &claims, "--rules", &rules]), "plan_outdated");
}

#[test]
fn claims_to_groups_that_do_not_exist_are_told() {
    let school = School::new();
    let ended = school.refused(|| school.claim("id,prefers\nT3,c1/1\nT1,c2/9\n"), "unknown_group");
    assert!(ended.err.contains("claims.csv line 3") && ended.err.contains("groups 1 to 3"), "{}", ended.err);
    let ended = school.refused(|| school.claim("id,prefers\nT9,c1/7\n"), "unknown_teacher");
    assert!(ended.err.contains("[unknown_group]"), "all faults at once: {}", ended.err);
}

#[test]
fn a_class_that_is_new_at_the_claims_is_divided_and_named() {
    let school = School::new();
    school.list("c3", &class(30, 3));
    let before = plan(&school.out, "c1");
    school.claim(CLAIMS).code(0);
    let members = |out: &str| plan(out, "c1").groups.into_iter().map(|group| group.students).collect::<Vec<_>>();
    assert_eq!(members(&school.out), before.groups.into_iter().map(|group| group.students).collect::<Vec<_>>());
    let new = plan(&school.out, "c3");
    assert!(new.groups.iter().all(|group| group.name.parse::<u32>().is_err()), "{:?}", new.groups);
    assert!(new.elapsed_seconds == 0.0 && new.goals.iter().all(|goal| goal.found_seconds.is_none()));
}

#[test]
fn a_run_without_the_claims_does_not_undo_them() {
    let school = School::new();
    school.claim(CLAIMS).code(0);
    assert!(summary(&school.out)["claims"].is_string());
    let ended = school.refused(|| school.run(&[]), "claimed_since");
    assert!(ended.err.contains("--claims"), "{}", ended.err);
    school.claim("id,prefers\nT2,c1/1\n").code(0);
    assert_eq!(plan(&school.out, "c1").groups[0].teacher.as_deref(), Some("T2"));
}

#[test]
fn a_run_does_not_undo_a_repair() {
    let school = School::new();
    fenzu(&["school", "repair", &school.out, "--left", "c1/S001"]).code(0);
    assert_eq!(summary(&school.out)["classes"][0]["repaired"], true);
    let ended = school.refused(|| school.run(&[]), "repaired_since");
    assert!(ended.err.contains("c1") && !ended.err.contains("c2"), "{}", ended.err);
    school.refused(|| school.claim(CLAIMS), "plan_outdated");
    // A summary that cannot be read is no word that there was no repair.
    let path = format!("{}/summary.json", school.out);
    let text = std::fs::read(&path).expect("a summary");
    let plans = || ["c1", "c2"].map(|class| plan(&school.out, class));
    let before = plans();
    std::fs::write(&path, &text[..text.len() / 2]).expect("half a summary");
    let ended = school.run(&[]).code(2);
    assert!(ended.err.contains("[repaired_since]") && ended.err.contains("c1"), "{}", ended.err);
    assert!(plans() == before, "the repair stands");
    std::fs::write(&path, text).expect("a summary");
    // The way that is told: another folder, where the groups stay.
    let text = class(30, 1);
    let without: Vec<&str> = text.lines().filter(|row| !row.starts_with("S001,")).collect();
    school.list("c1", &(without.join("\n") + "\n"));
    let next = school.folder.path("next");
    let options = ["--teachers", &school.staff, "--previous", &school.out, "--keep"];
    crate::school::school(&school.lists, &next, &options).code(0);
    assert_eq!(plan(&next, "c1").goals[0].value, 0.0);
}
