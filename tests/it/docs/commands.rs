//! Every command that a page shows is run: its blocks in order, in one folder, as a reader would.
//!
//! Notes before a block, which readers do not see, say what is special:
//!
//! | note | meaning |
//! |---|---|
//! | `first: COMMANDS` | run these before; they make the files that a reader has |
//! | `file: NAME` | the block is the content of this file |
//! | `ends with N` | the exit code is N, not 0 |
//! | `not run: REASON` | the commands and their options exist; they are not run |
//! | `asked of a service` | `calls` asks a service |
//!
//! Targets of `make` are looked up in the Makefile. Commands in the text have to exist with their options.

use super::{Block, Page, others, page, pages, read};
use crate::command::{Folder, fenzu};
use std::path::Path;
use std::process::Command;

/// What a block asks of the test.
enum Task<'b> {
    Run { exit: i32 },
    LookUp,
    Write(&'b str),
    Nothing,
}

fn task<'b>(block: &'b Block) -> Result<Task<'b>, String> {
    let mut task = if block.language == "sh" { Task::Run { exit: 0 } } else { Task::Nothing };
    for note in &block.notes {
        if let Some(name) = note.strip_prefix("file: ") {
            task = Task::Write(name);
        } else if let Some(exit) = note.strip_prefix("ends with ") {
            task = Task::Run { exit: exit.parse().map_err(|_| format!("`{note}` has no number"))? };
        } else if note.starts_with("not run: ") {
            task = Task::LookUp;
        } else if note == "asked of a service" {
            task = Task::Nothing;
        } else if !note.starts_with("first:") {
            return Err(format!("`{note}` is no note"));
        }
    }
    Ok(task)
}

/// The commands of a block: without comments, lines that go on joined.
pub(super) fn lines(text: &str) -> Vec<String> {
    let text = text.replace("\\\n", " ");
    let lines = text.lines().map(|line| line.split(" #").next().unwrap_or(line).trim().to_owned());
    lines.filter(|line| !line.is_empty()).collect()
}

/// Runs a page; what goes wrong.
fn failures(page: &Page) -> Vec<String> {
    let folder = Folder::new();
    let of_blocks = page.blocks().iter().filter_map(|block| done(block, &folder).err()).collect::<Vec<_>>();
    let of_text = page.code().into_iter().filter_map(|span| looked_up(&span).err());
    of_blocks.into_iter().chain(of_text).map(|failure| format!("{}: {failure}", page.place)).collect()
}

fn done(block: &Block, folder: &Folder) -> Result<(), String> {
    let task = task(block)?;
    for commands in block.notes.iter().filter_map(|note| note.strip_prefix("first:")) {
        run(commands, 0, folder)?;
    }
    let commands = lines(&block.text);
    match task {
        Task::Nothing => Ok(()),
        Task::Write(name) => {
            folder.write(name, &block.text);
            Ok(())
        }
        Task::LookUp => commands.iter().try_for_each(|line| looked_up(line)),
        Task::Run { exit } => {
            let (made, run_here): (Vec<_>, Vec<_>) = commands.into_iter().partition(|line| line.starts_with("make "));
            made.iter().try_for_each(|line| looked_up(line))?;
            run(&run_here.join("\n"), exit, folder)
        }
    }
}

/// Runs commands as a shell does, up to the first that fails.
fn run(commands: &str, exit: i32, folder: &Folder) -> Result<(), String> {
    let program = Path::new(env!("CARGO_BIN_EXE_fenzu")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new("sh");
    shell.args(["-euc", commands]).current_dir(folder.path("")).env("PATH", path).env("FENZU_LANG", "en");
    let output = shell.output().map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(exit) { Ok(()) } else { Err(format!("{commands}\n{}: {said}", output.status)) }
}

/// Whether a command exists with its options, without running it.
fn looked_up(line: &str) -> Result<(), String> {
    let line = line.split(" > ").next().unwrap_or(line);
    let words: Vec<&str> = line.split_whitespace().skip(1).collect();
    if line.starts_with("make ") {
        return in_makefile(&words, &read("Makefile"));
    }
    if !line.starts_with("fenzu ") {
        return Ok(());
    }
    // Help comes after all that stands before it was understood.
    let ended = fenzu(&[&words[..], &["--help"]].concat());
    if ended.code == Some(0) { Ok(()) } else { Err(format!("{line}: {}", ended.err)) }
}

/// Whether a Makefile has these targets and settings.
fn in_makefile(words: &[&str], makefile: &str) -> Result<(), String> {
    let known = |word: &str| match word.split_once('=') {
        Some((name, _)) => makefile.lines().any(|line| line.starts_with(&format!("{name} ?="))),
        None => makefile.lines().any(|line| line.starts_with(&format!("{word}:"))),
    };
    match words.iter().find(|word| !known(word)) {
        Some(word) => Err(format!("make knows no {word}")),
        None => Ok(()),
    }
}

#[test]
fn every_command_of_the_pages_works() {
    // A changelog tells of commands as they were.
    let others = others().into_iter().filter(|page| page.place != "CHANGELOG.md");
    let pages: Vec<Page> = pages().into_iter().chain(others).collect();
    let failures: Vec<String> = std::thread::scope(|scope| {
        let running: Vec<_> = pages.iter().map(|page| scope.spawn(|| failures(page))).collect();
        running.into_iter().flat_map(|page| page.join().expect("a page")).collect()
    });
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    let blocks = pages.iter().flat_map(Page::blocks);
    let run = blocks.filter(|block| matches!(task(block), Ok(Task::Run { .. }))).count();
    assert!(run > 20, "{run} blocks were run");
}

/// The test above can fail.
#[test]
fn commands_that_do_not_work_are_seen() {
    let wrong = [
        "```sh\nfenzu solve nosuch.csv\n```\n",
        "<!-- ends with 3 -->\n```sh\nfenzu models\n```\n",
        "<!-- first: fenzu nosuch -->\n```sh\nfenzu models\n```\n",
        "<!-- frist: fenzu models -->\n```sh\nfenzu models\n```\n",
        "<!-- not run: for ever -->\n```sh\nfenzu serve --nosuch\n```\n",
        "<!-- not run: for ever -->\n```sh\nfenzu serve --listen nowhere\n```\n",
        "```sh\nmake nosuch   # a target\n```\n",
        "```sh\nmake sizes NOSUCH=1\n```\n",
        "Try `fenzu check --nosuch`.\n",
        "Try `make\nnosuch`.\n",
    ];
    for text in wrong {
        assert_eq!(failures(&page("docs/a.md", text)).len(), 1, "{text}");
    }
    let right = "Try `make sizes CASE=1` and `fenzu check`.\n\n<!-- file: list.csv -->\n```csv\nid,math\n1,90\n2,80\n```\n\n\
                 <!-- not run: for ever -->\n```sh\nfenzu serve \\\n  --no-work  # here\nelse\n```\n\n\
                 ```sh\nfenzu solve list.csv --groups 2 > plan.txt  # two of one\ntest -s plan.txt\n```\n";
    assert_eq!(failures(&page("docs/a.md", right)), Vec::<String>::new());
}
