//! Names of files for classes and teachers: as written where a file system takes it, else changed and told apart by a digest.

use crate::roster::sha256;
use std::collections::HashMap;
use std::path::{Component, Path};

/// Most characters of a file's name before its ending; four bytes each at most, and systems take 255 bytes.
const LONGEST: usize = 50;
/// Digits of the digest that tells two names apart.
const DIGITS: usize = 8;
/// Names that Windows keeps for devices.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

/// One file name (without ending) for each name, in their order; no two alike, also where capitals do not count. A name that
/// can stand as it is keeps it; any other gets `~` and the first digits of its SHA-256, so that it does not depend on which
/// other names there are. Of names that differ in capitals only, the first keeps its own.
#[must_use]
pub fn file_names(names: &[String]) -> Vec<String> {
    let mut taken: HashMap<String, usize> = HashMap::new();
    let mut files = Vec::with_capacity(names.len());
    for name in names {
        let clean = file_name(name);
        let again = taken.contains_key(&clean.to_lowercase());
        let file = if again { with_digest(&clean, name) } else { clean };
        taken.insert(file.to_lowercase(), files.len());
        files.push(file);
    }
    files
}

/// Whether a text that was read back names a file of just one folder.
#[must_use]
pub fn is_plain(file: &str) -> bool {
    let mut parts = Path::new(file).components();
    let only = matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == file);
    only && !file.contains(['/', '\\', ':'])
}

/// One name as a file's name.
fn file_name(name: &str) -> String {
    let kept = |c: char| if c.is_control() || unseen(c) || r#"/\:*?"<>|"#.contains(c) { '_' } else { c };
    let clean: String = name.trim().chars().map(kept).take(LONGEST).collect();
    let clean = clean.trim_end_matches(['.', ' ']);
    let plain = !clean.is_empty() && !clean.starts_with(['.', '~']) && !is_reserved(clean);
    let clean = if plain { clean.to_owned() } else { format!("_{}", clean.trim_start_matches(['.', '~'])) };
    if clean == name { clean } else { with_digest(&clean, name) }
}

/// Characters that nobody sees and that make a name look like another: marks of direction and joining, fillers, tags.
fn unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn with_digest(clean: &str, name: &str) -> String {
    format!("{clean}~{}", &sha256(name.as_bytes())[..DIGITS])
}

/// `CON`, `nul.txt`, `COM1` …
fn is_reserved(name: &str) -> bool {
    let first = name.split('.').next().unwrap_or_default().to_lowercase();
    let numbered = |kind: &str| first.strip_prefix(kind).is_some_and(|rest| rest.parse::<u8>().is_ok_and(|n| n < 10));
    RESERVED.contains(&first.as_str()) || numbered("com") || numbered("lpt")
}
