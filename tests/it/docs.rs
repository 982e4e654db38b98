//! The pages for people, README.md and docs/: every page is in the book, every link and path leads somewhere, every command works.

mod calls;
mod commands;

use std::fs;
use std::path::{Path, PathBuf};

/// More would not be read.
const LONGEST_README: usize = 120;

/// Folders whose files pages may name in code.
const TOP: &[&str] = &[".ci/", "benches/", "datasets/", "docs/", "examples/", "models/", "src/", "tests/"];

/// A page: its place in the project, and its text.
struct Page {
    place: String,
    text: String,
}

/// A fenced block of a page with the notes before it, comments that readers do not see.
#[derive(Debug, PartialEq)]
struct Block {
    language: String,
    text: String,
    notes: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(place: &str, text: &str) -> Page {
    Page { place: place.to_owned(), text: text.to_owned() }
}

/// README.md first, then the pages of docs/.
fn pages() -> Vec<Page> {
    let entries = fs::read_dir(root().join("docs")).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut docs: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|end| end == "md")).collect();
    docs.sort();
    assert!(docs.len() > 10, "the pages are found");
    let places = docs.iter().map(|path| path.strip_prefix(root()).expect("in the project").display().to_string());
    std::iter::once("README.md".to_owned()).chain(places).map(|place| page(&place, &read(&place))).collect()
}

/// The pages beside those of the book.
fn others() -> Vec<Page> {
    let places = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "datasets/README.md"];
    places.map(|place| page(place, &read(place))).into()
}

fn read(place: &str) -> String {
    fs::read_to_string(root().join(place)).unwrap_or_else(|error| panic!("{place}: {error}"))
}

impl Page {
    /// The fenced blocks, in order.
    fn blocks(&self) -> Vec<Block> {
        let (mut blocks, mut notes) = (Vec::new(), Vec::new());
        let mut lines = self.text.lines();
        while let Some(line) = lines.next() {
            if let Some(note) = line.strip_prefix("<!--") {
                notes.push(up_to(std::iter::once(note).chain(lines.by_ref()), "-->").trim().to_owned());
            } else if let Some(language) = line.strip_prefix("```") {
                let text = up_to(lines.by_ref(), "```");
                blocks.push(Block { language: language.to_owned(), text, notes: std::mem::take(&mut notes) });
            } else {
                notes.clear();
            }
        }
        blocks
    }

    /// The text without blocks.
    fn prose(&self) -> String {
        self.text.split("```").step_by(2).collect()
    }

    /// What stands between backticks outside blocks, on one line each.
    fn code(&self) -> Vec<String> {
        let prose = self.prose();
        let spans = prose.split("\n\n").flat_map(|paragraph| paragraph.split('`').skip(1).step_by(2));
        spans.map(|span| span.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// The targets of links and pictures to files.
    fn links(&self) -> Vec<String> {
        let prose = self.prose();
        let targets = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
        targets.filter(|target| !target.contains("://")).map(str::to_owned).collect()
    }

    /// What leads nowhere. Links of the book stay in it: elsewhere they would be dead.
    fn dead(&self) -> Vec<String> {
        let folder = Path::new(&self.place).parent().unwrap_or(Path::new(""));
        let in_book = folder == Path::new("docs");
        let dead_link = |link: &String| !root().join(folder).join(link).exists() || in_book && link.contains("..");
        let links = self.links().into_iter().filter(dead_link);
        let is_path = |word: &String| TOP.iter().any(|top| word.starts_with(top)) && !word.contains([' ', '*', '<']);
        let paths = self.code().into_iter().filter(is_path).filter(|path| !root().join(path).exists());
        links.chain(paths).map(|target| format!("{}: {target} leads nowhere", self.place)).collect()
    }
}

/// The lines up to the one that ends so, without this end.
fn up_to<'t>(lines: impl Iterator<Item = &'t str>, end: &str) -> String {
    let mut text = String::new();
    for line in lines {
        if let Some(last) = line.strip_suffix(end) {
            return text + last;
        }
        text = text + line + "\n";
    }
    panic!("{end} is missing after:\n{text}")
}

/// What is wrong with the table of contents: each page of docs/ stands in it once.
fn unlisted(summary: &Page, pages: &[Page]) -> Vec<String> {
    let listed = summary.links();
    let times = |page: &Page| listed.iter().filter(|link| page.place == format!("docs/{link}")).count();
    let of_book = pages.iter().filter(|page| page.place.starts_with("docs/") && page.place != summary.place);
    of_book
        .filter(|page| times(page) != 1)
        .map(|page| format!("SUMMARY.md lists {} {} times", page.place, times(page)))
        .collect()
}

#[test]
fn the_readme_is_short() {
    let lines = pages()[0].text.lines().count();
    assert!(lines <= LONGEST_README, "README.md has {lines} lines; what is longer than {LONGEST_README} goes to docs/");
}

#[test]
fn every_page_is_in_the_book() {
    let pages = pages();
    let summary = pages.iter().find(|page| page.place == "docs/SUMMARY.md").expect("a table of contents");
    let unlisted = unlisted(summary, &pages);
    assert!(unlisted.is_empty(), "{}", unlisted.join("\n"));
}

#[test]
fn links_and_paths_lead_somewhere() {
    let dead: Vec<String> = pages().iter().chain(&others()).flat_map(Page::dead).collect();
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

/// What is asked of whoever cites the project or reports something to it.
#[test]
fn citation_and_templates_are_up_to_date() {
    let version = format!("\nversion: {}\n", env!("CARGO_PKG_VERSION"));
    assert!(read("CITATION.cff").contains(&version), "CITATION.cff names another version");
    for place in ["misread-list.md", "defect.md"].map(|name| format!(".github/ISSUE_TEMPLATE/{name}")) {
        let text = read(&place);
        assert!(
            text.starts_with("---\nname: ") && text.contains("\nabout: ") && text.contains("fenzu --version"),
            "{place}"
        );
        assert!(text.contains("不要附真实的") && text.contains("Never attach "), "{place}");
    }
}

/// The tests above can fail.
#[test]
fn what_is_wrong_with_pages_is_seen() {
    let book = page(
        "docs/a.md",
        "[B](b.md) [top](../README.md) [set up](setup.md) [far](https://school.example)\n\n`src/nosuch.rs`, `src/lib.rs`, `src`\n",
    );
    let told = ["b.md", "../README.md", "src/nosuch.rs"].map(|target| format!("docs/a.md: {target} leads nowhere"));
    assert_eq!(book.dead(), told);
    assert_eq!(page("README.md", "[set up](docs/setup.md) ![](docs/images/none.png)").dead().len(), 1);
    let summary = page("docs/SUMMARY.md", "- [A](a.md)\n- [A again](a.md)\n- [C](c.md)\n");
    let pages = ["README.md", "docs/SUMMARY.md", "docs/a.md", "docs/b.md", "docs/c.md"].map(|place| page(place, ""));
    assert_eq!(
        unlisted(&summary, &pages),
        ["SUMMARY.md lists docs/a.md 2 times", "SUMMARY.md lists docs/b.md 0 times"]
    );
}

#[test]
fn blocks_come_with_their_notes() {
    let text = "<!-- one -->\n\n<!-- first:\ntwo\nlines\n-->\n```sh\nfenzu\n```\n```\nplain\n```\n";
    let block = |language: &str, text: &str, notes: &[&str]| Block {
        language: language.to_owned(),
        text: text.to_owned(),
        notes: notes.iter().map(|&note| note.to_owned()).collect(),
    };
    let expected = [block("sh", "fenzu\n", &["first:\ntwo\nlines"]), block("", "plain\n", &[])];
    assert_eq!(page("docs/a.md", text).blocks(), expected);
}
