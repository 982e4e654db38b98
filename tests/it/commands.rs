//! The commands beside `solve` and `check`, and the help of all of them.

use crate::command::{Folder, command, dataset, fenzu, solve};
use fenzu::goals::about;
use fenzu::model::builtin::builtin;
use fenzu::model::goal::{GoalName, Needs};

#[test]
fn models_are_listed_and_printed_to_be_changed() {
    let list = fenzu(&["models"]).code(0);
    let zh = fenzu(&["--lang", "zh", "models"]).code(0);
    for model in builtin() {
        assert!(list.text().contains(&model.name) && list.text().contains(&model.title.en), "{}", list.text());
        assert!(zh.text().contains(&model.title.zh), "{}", zh.text());
        let folder = Folder::new();
        let file = folder.write("mine.toml", fenzu(&["models", &model.name]).code(0).text());
        let own = solve(&dataset("teams30.csv"), &["--model", &file, "--work", "1000"]);
        assert_eq!(own.request.model["name"], model.name.as_str());
    }
    for goal in GoalName::ALL {
        let is_listed = |text: &str| text.lines().any(|line| line.split_whitespace().next() == Some(goal.word()));
        assert_eq!(is_listed(list.text()), goal.needs() != Needs::OldKept, "{}", list.text());
        assert!(zh.text().contains(about(goal).meaning.zh) == is_listed(zh.text()), "{}", zh.text());
    }
    let unknown = fenzu(&["models", "nosuch"]).code(2);
    assert!(unknown.err.contains("nosuch") && unknown.err.contains("project-teams"), "{}", unknown.err);
}

#[test]
fn completions_know_the_commands() {
    for shell in ["bash", "zsh", "fish"] {
        let script = fenzu(&["completions", shell]).code(0);
        for word in ["solve", "check", "sample", "time-limit"] {
            assert!(script.text().contains(word), "{word} for {shell}");
        }
    }
    fenzu(&["completions", "nosuch"]).code(2);
}

#[test]
fn help_has_examples_and_exit_codes() {
    let help = fenzu(&["--help"]).code(0);
    assert!(help.text().contains("Examples:") && help.text().contains("Exit codes: 0 done"), "{}", help.text());
    let options: [(&str, &[&str]); 6] = [
        ("solve", &["--groups", "--size", "--whole", "--time-limit", "--prove", "--public", "--previous"]),
        ("check", &["--list", "--rules", "--model"]),
        ("models", &["fenzu models"]),
        ("completions", &["fenzu completions bash"]),
        ("sample", &["class", "mdgp"]),
        ("mdgp", &["--time-limit", "--seed", "--threads", "--groups", "--sizes", "MDGPLIB"]),
    ];
    for (name, words) in options {
        let help = fenzu(&[name, "--help"]).code(0);
        assert!(words.iter().all(|word| help.text().contains(word)), "{name}: {}", help.text());
    }
    assert!(fenzu(&["--version"]).code(0).text().starts_with("fenzu "));
    assert!(fenzu::<&str>(&[]).code(2).err.contains("Usage"));
}

/// The commands in datasets/README.md write the files beside it.
#[test]
fn datasets_are_made_by_the_commands_in_their_readme() {
    let readme = std::fs::read_to_string(dataset("README.md")).expect("a README");
    let mut made = 0;
    for line in readme.lines().filter(|line| line.contains("`fenzu sample")) {
        let file = line.split('|').nth(1).expect("a table").trim();
        let args: Vec<&str> = line.split('`').nth(1).expect("a command").split_whitespace().skip(1).collect();
        if let [before @ .., "--output", _] = args.as_slice() {
            let folder = Folder::new();
            fenzu(&[before, &["--output", &folder.path("made")]].concat()).code(0);
            made += usize::from(same_files(&folder.path("made"), &dataset(file)) > 20);
            continue;
        }
        let output = command(&args).output().expect("the program starts");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        assert!(output.stdout == std::fs::read(dataset(file)).expect("a file"), "{args:?} is not {file}");
        made += 1;
    }
    assert_eq!(made, 5);
}

/// Number of files in the first folder, all of which the second has too.
fn same_files(made: &str, kept: &str) -> usize {
    let entries = std::fs::read_dir(made).expect("a folder").map(|entry| entry.expect("an entry"));
    let same = |entry: std::fs::DirEntry| {
        let name = entry.file_name().to_string_lossy().into_owned();
        let (made, kept) = (format!("{made}/{name}"), format!("{kept}/{name}"));
        if entry.path().is_dir() {
            return same_files(&made, &kept);
        }
        assert!(std::fs::read(&made).ok() == std::fs::read(&kept).ok(), "{kept} is not what the command makes");
        1
    };
    entries.map(same).sum()
}

#[test]
fn samples_go_to_a_file_or_a_folder() {
    let folder = Folder::new();
    let file = folder.path("class.csv");
    assert_eq!(fenzu(&["sample", "class", "--students", "7", "--output", &file]).code(0).text(), "");
    assert_eq!(std::fs::read_to_string(&file).expect("a file").lines().count(), 8);
    let many = folder.path("many");
    fenzu(&["sample", "class", "--students", "5", "--count", "3", "--output", &many]).code(0);
    let names: Vec<String> = (1..=3).map(|n| format!("{many}/class{n:02}.csv")).collect();
    let documents = fenzu(
        &[
            &["solve", "--groups", "2", "--work", "100"],
            names.iter().map(String::as_str).collect::<Vec<_>>().as_slice(),
        ]
        .concat(),
    );
    assert_eq!(documents.code, Some(0), "{}", documents.err);
    for bad in [["--students", "0"], ["--subjects", "10"], ["--absent", "101"], ["--students", "x"]] {
        assert_eq!(fenzu(&[&["sample", "class"][..], &bad].concat()).code(2).text(), "", "{bad:?}");
    }
}
