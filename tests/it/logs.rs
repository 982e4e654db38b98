//! The logs of the whole test run: every `fenzu serve` and `fenzu work` writes into one folder, and when it ends, its log must
//! hold no student's name, no file's name and no token of anything that any test has sent so far.

use fenzu::roster::{Limits, Reading, read};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

/// Names of students and of files.
static SECRETS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Shorter ones stand in any text.
const SHORTEST: usize = 5;

/// How every token begins; 64 hexadecimal digits follow.
const TOKEN: &str = "fenzu_";

/// The log of one process.
pub struct Log(PathBuf);

impl Log {
    /// A new file in the folder of this run.
    pub fn new(command: &str) -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self(folder().join(format!("{number:04}-{command}.log")))
    }

    /// The file, empty.
    pub fn file(&self) -> File {
        File::create(&self.0).expect("a log")
    }

    /// What is in it.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.0).expect("the log")).into_owned()
    }

    /// Its process has ended: nothing secret is in it. Says nothing where the test fails already.
    pub fn search(&self) {
        if std::thread::panicking() {
            return;
        }
        let found = found(&self.text());
        assert!(found.is_empty(), "{} tells {found:?}", self.0.display());
    }
}

/// `target/tmp/logs/<process>`, and away with the folders of earlier runs.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let logs = Path::new(env!("CARGO_TARGET_TMPDIR")).join("logs");
        for earlier in std::fs::read_dir(&logs).into_iter().flatten().flatten() {
            if !Path::new("/proc").join(earlier.file_name()).exists() {
                let _ = std::fs::remove_dir_all(earlier.path());
            }
        }
        let own = logs.join(std::process::id().to_string());
        std::fs::create_dir_all(&own).expect("a folder");
        own
    })
}

/// A file that is sent, whatever it is: its name and the names in it must stay out of every log.
pub fn sent(file: &str, bytes: &[u8]) {
    let mut names = names(file, bytes);
    names.insert(file.to_owned());
    names.retain(|name| name.len() >= SHORTEST);
    SECRETS.lock().expect("no test fails in it").extend(names);
}

/// The students of a list, or of the lists in a zip; what cannot be read has none.
fn names(file: &str, bytes: &[u8]) -> BTreeSet<String> {
    let reading = Reading { file, overrides: &[], limits: Limits::default() };
    if let Ok(roster) = read(bytes, &reading) {
        return roster.students.into_iter().map(|student| student.name).collect();
    }
    let Ok(mut zip) = zip::ZipArchive::new(Cursor::new(bytes)) else { return BTreeSet::new() };
    let mut found = BTreeSet::new();
    for index in 0..zip.len() {
        let Ok(mut entry) = zip.by_index(index) else { continue };
        let Ok(name) = entry.name().map(|name| name.into_owned()) else { continue };
        let mut bytes = Vec::new();
        if name.ends_with(".csv") && entry.read_to_end(&mut bytes).is_ok() {
            found.extend(names(&name, &bytes));
            found.insert(name);
        }
    }
    found
}

/// What of it stands in a text.
fn found(text: &str) -> Vec<String> {
    let secrets = SECRETS.lock().expect("no test fails in it");
    // Most logs are plain ASCII, and most names are not.
    let known = secrets.iter().filter(|secret| !text.is_ascii() || secret.is_ascii());
    let mut found: Vec<String> = known.filter(|secret| text.contains(secret.as_str())).cloned().collect();
    let hexadecimal = |text: &str| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    found.extend(
        text.match_indices(TOKEN)
            .filter_map(|(at, _)| text.get(at..at + TOKEN.len() + 64))
            .filter(|token| hexadecimal(&token[TOKEN.len()..]))
            .map(str::to_owned),
    );
    found
}

/// The search can find.
#[test]
fn what_is_secret_is_found() {
    sent("七年级甲班名册.csv", "学号,姓名,数学\n1,欧阳示例甲,90\n2,欧阳示例乙,80\n".as_bytes());
    sent("zipped-example.csv", b"id,name,math\n1,Exemplar Ada,90\n2,Exemplar Bo,80\n");
    let token = format!("{TOKEN}{}", "0a".repeat(32));
    for secret in ["七年级甲班名册.csv", "欧阳示例乙", "zipped-example.csv", "Exemplar Ada", &token] {
        assert_eq!(found(&format!("{{\"message\":\"about {secret}.\"}}")), [secret]);
    }
    assert!(
        found("{\"message\":\"answered\",\"route\":\"/v1/plans/{id}\",\"metric\":\"fenzu_plans_total\"}").is_empty()
    );
}
