//! Text files that are no lists: a readme beside the lists stops no run.

use crate::roster::heading;
use crate::roster::text;

/// Lines that are looked at.
const LOOKED_AT: usize = 200;
/// Fewest lines of a table without a header that is known, or of a list of names.
const FEWEST: usize = 3;
/// Longest line, in characters, of a list of names.
const NAME: usize = 24;
/// What parts the cells of a line.
const SEPARATORS: [char; 6] = ['\t', ',', ';', '|', '，', ' '];
/// What stands in sentences and not in names.
const IN_SENTENCES: [char; 12] = ['。', '！', '？', '：', '；', '，', '!', '?', ':', ';', ',', '.'];

/// Whether a text is sentences: no known header, no table, no list of names. What cannot be decoded is none; reading tells why.
pub(super) fn is_prose(bytes: &[u8]) -> bool {
    let Ok(text) = text(bytes, "") else { return false };
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(LOOKED_AT).collect();
    !(lines.iter().any(|line| is_header(line)) || is_table(&lines) || are_names(&lines))
}

/// Two cells or more that lists have as headers.
fn is_header(line: &str) -> bool {
    SEPARATORS.iter().any(|&separator| {
        let cells = line.split(separator).map(|cell| cell.trim().trim_matches('"'));
        cells.filter(|cell| !cell.is_empty() && heading::word(cell).is_some()).count() >= 2
    })
}

/// Most lines have as many cells as each other, three or more; spaces part words too and do not count.
fn is_table(lines: &[&str]) -> bool {
    SEPARATORS.iter().filter(|&&separator| separator != ' ').any(|&separator| {
        let cells = |line: &&str| line.split(separator).count();
        let most = lines
            .iter()
            .map(cells)
            .filter(|&count| count >= FEWEST)
            .max_by_key(|&count| lines.iter().filter(|line| cells(line) == count).count());
        most.is_some_and(|count| {
            let alike = lines.iter().filter(|line| cells(line) == count).count();
            alike >= FEWEST && 3 * alike >= 2 * lines.len()
        })
    })
}

/// Short lines without a sentence's signs.
fn are_names(lines: &[&str]) -> bool {
    let is_name = |line: &&str| line.chars().count() <= NAME && !line.contains(IN_SENTENCES);
    lines.len() >= FEWEST && lines.iter().all(is_name)
}
