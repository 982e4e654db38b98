//! The programs of examples/, run as `cargo test` has built them.

use std::path::{Path, PathBuf};
use std::process::Command;

const LONGEST: usize = 60;

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What an example prints.
fn printed(name: &str, args: &[&str]) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_fenzu")).with_file_name("examples").join(name);
    let run = Command::new(&program).args(args).current_dir(project()).output();
    let output =
        run.unwrap_or_else(|error| panic!("{}: {error}; `cargo test` without --test builds it", program.display()));
    assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn every_example_is_short_and_in_the_book() {
    let entries = std::fs::read_dir(project().join("examples")).expect("a folder");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let names: Vec<_> = files.iter().filter_map(|file| file.file_name()?.to_str()).collect();
    assert_eq!(names, ["check.rs", "edit.rs", "embed.rs", "rules.rs", "solve.rs"]);
    let page = std::fs::read_to_string(project().join("docs/library.md")).expect("a page");
    for (file, name) in files.iter().zip(names) {
        let text = std::fs::read_to_string(file).expect("an example");
        assert!(text.lines().count() < LONGEST, "{name} is long");
        let command = format!("--example {}", name.trim_end_matches(".rs"));
        assert!(text.contains(&command) && page.contains(&command), "{name}: {command}");
        assert!(page.contains(&format!("`examples/{name}`")), "{name}");
    }
}

#[test]
fn a_list_is_divided_and_printed() {
    let text = printed("solve", &[]);
    assert!(text.contains("Group 5") && text.contains("\nmeans: "), "{text}");
    assert!(text.contains("tiers: 0 students, at least 0, proved"), "{text}");
    let own = printed("solve", &["datasets/class36.csv"]);
    assert!(own.contains("Group 4") && !own.contains("Group 5"), "{own}");
}

#[test]
fn rules_are_kept_or_their_conflict_is_told() {
    let text = printed("rules", &[]);
    let groups: Vec<&str> = text.lines().filter(|line| line.starts_with("group ")).collect();
    assert_eq!(groups.len(), 5, "the first division alone: {text}");
    let of = |id: &str| groups.iter().position(|group| group.contains(id));
    assert_eq!((of("S001"), of("S006")), (of("S002"), Some(0)), "{text}");
    assert!(of("S003") != of("S004") && of("S004") != of("S005") && of("S003") != of("S005"), "{text}");
    let conflict: Vec<&str> = text.lines().filter(|line| line.starts_with("cannot hold: ")).collect();
    let told = conflict.first().expect("the rules that contradict each other");
    assert!(told.contains("together: S001, S002") && told.contains("apart: S002, S001"), "{text}");
    assert!(!text.contains("pin: "), "what does not contradict is not told: {text}");
}

#[test]
fn a_division_of_others_is_judged() {
    let text = printed("check", &[]);
    for goal in ["tiers", "counts", "means", "worst", "spread"] {
        assert!(text.contains(&format!(", {goal}: ")), "{goal}: {text}");
    }
    assert!(text.contains("no plan is below 6.40"), "{text}");
}

#[test]
fn an_exchange_has_its_price() {
    let text = printed("edit", &[]);
    assert!(text.contains("change places:") && text.contains("\nmeans: 6.40 → "), "{text}");
    assert!(!text.contains("means: 6.40 → 6.40"), "{text}");
}

#[test]
fn students_from_memory_come_back_in_groups() {
    let text = printed("embed", &[]);
    let groups: Vec<usize> = text.lines().map(|line| line.matches(", ").count() + 1).collect();
    assert_eq!(groups, [4, 4, 4], "{text}");
    for name in ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ida", "Jon", "Kim", "Leo"] {
        assert_eq!(text.matches(name).count(), 1, "{name}: {text}");
    }
}
