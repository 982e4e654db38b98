//! Maximally diverse grouping (MDGP): elements with pairwise distances, and groups with limits of their sizes.
//!
//! The text is MDGPLIB's: a first line `n G kind L1 U1 … LG UG`, then a line `i j d` for every pair, elements numbered from 0.
//! Another file's first line may give the limits instead, since the library keeps several of them for one matrix.

use crate::fault::{Fault, Faults};
use crate::words;
use crate::words::Words;

/// Most elements: their distances take 200 MB.
pub const MAX_ELEMENTS: usize = 4000;

/// Most groups.
pub const MAX_GROUPS: usize = 1023;

/// Largest distance, by absolute value.
const LARGEST: f64 = 1e12;

/// Bytes of `0 1 5` with its end: a shorter file holds fewer pairs than it says, and no room is made for them.
const SHORTEST_LINE: usize = 6;

/// Faults told at most; a file of another kind is wrong in every line.
const MOST_FAULTS: usize = 20;

/// Elements, distances, limits.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// Number of elements n.
    pub elements: usize,
    /// Smallest and largest size of each group.
    pub limits: Vec<(usize, usize)>,
    /// `distances[i * n + j]`, symmetric, 0 on the diagonal.
    pub distances: Vec<f64>,
}

/// Reads an instance, with the limits of `sizes` (its bytes and its name) where given.
///
/// # Errors
/// Everything that is wrong with the text, up to 20 faults, with the lines.
pub fn read(bytes: &[u8], file: &str, sizes: Option<(&[u8], &str)>) -> Result<Instance, Faults> {
    let mut reader = Reader { file, faults: Vec::new() };
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().enumerate();
    let own = lines.next().map_or("", |(_, line)| line);
    let Some((elements, mut limits)) = reader.head(own) else { return Err(Faults(reader.faults)) };
    if let Some((bytes, file)) = sizes {
        let text = String::from_utf8_lossy(bytes);
        let mut other = Reader { file, faults: Vec::new() };
        if let Some((also, asked)) = other.head(text.lines().next().unwrap_or_default()) {
            if also != elements {
                other.tell("elements", 1, words!("{also} 个元素", "{also} elements"), elements_wanted(elements));
            }
            limits = asked;
        }
        reader.faults.append(&mut other.faults);
    }
    reader.add_up(elements, &limits, sizes.map_or(file, |(_, file)| file));
    let pairs = elements * (elements - 1) / 2;
    if bytes.len() < SHORTEST_LINE * pairs {
        let (found, expected) = (bytes.len(), words!("{pairs} 对元素，每对一行", "a line for each of {pairs} pairs"));
        reader.tell("missing_pairs", 1, words!("只有 {found} 字节的文件", "a file of only {found} bytes"), expected);
        return Err(Faults(reader.faults));
    }
    let distances = reader.pairs(elements, lines);
    if reader.faults.is_empty() { Ok(Instance { elements, limits, distances }) } else { Err(Faults(reader.faults)) }
}

fn elements_wanted(elements: usize) -> Words {
    words!("{elements} 个元素，与距离文件一致", "{elements} elements, as in the file of distances")
}

/// One file with what is wrong with it so far.
struct Reader<'f> {
    file: &'f str,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    /// Notes a fault in a line, counted from 1.
    fn tell(&mut self, code: &'static str, line: usize, found: Words, expected: Words) {
        let place = format!("{} line {line}", self.file);
        let action =
            words!("请改正这一行，或检查是否选错了文件", "correct the line, or check that it is the right file");
        self.faults.push(Fault { code, place, found, expected, action });
    }

    /// Number of elements and limits of the first line.
    fn head(&mut self, line: &str) -> Option<(usize, Vec<(usize, usize)>)> {
        let limits = |words: &[&str]| {
            let numbers: Option<Vec<usize>> = words.iter().map(|word| word.parse().ok()).collect();
            Some(numbers?.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>())
        };
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let number = |at: usize| words.get(at).and_then(|word| word.parse::<usize>().ok());
        let read = match (number(0), number(1)) {
            (Some(n), Some(groups)) if words.len() >= 3 && (words.len() - 3).is_multiple_of(2) => {
                limits(&words[3..]).filter(|limits| limits.len() == groups).map(|limits| (n, limits))
            }
            _ => None,
        };
        let Some((elements, limits)) = read else {
            let start: String = line.chars().take(40).collect();
            let expected = words!(
                "首行：元素数 组数 ss|ds 下限 上限……（每组一对）",
                "a first line: elements groups ss|ds, then lower and upper size of each group"
            );
            self.tell("mdgp_header", 1, words!("“{start}”", "\"{start}\""), expected);
            return None;
        };
        if !(2..=MAX_ELEMENTS).contains(&elements) || !(1..=MAX_GROUPS).contains(&limits.len()) {
            let groups = limits.len();
            let found = words!("{elements} 个元素、{groups} 组", "{elements} elements, {groups} groups");
            let expected = words!(
                "2 到 {MAX_ELEMENTS} 个元素、1 到 {MAX_GROUPS} 组",
                "2 to {MAX_ELEMENTS} elements, 1 to {MAX_GROUPS} groups"
            );
            self.tell("mdgp_size", 1, found, expected);
            return None;
        }
        Some((elements, limits))
    }

    /// The limits must leave room for all elements.
    fn add_up(&mut self, elements: usize, limits: &[(usize, usize)], file: &str) {
        let least = limits.iter().fold(0_usize, |sum, limit| sum.saturating_add(limit.0));
        let most = limits.iter().fold(0_usize, |sum, limit| sum.saturating_add(limit.1));
        if limits.iter().any(|(low, high)| low > high) || !(least..=most).contains(&elements) {
            let place = format!("{file} line 1");
            self.faults.push(Fault {
                code: "mdgp_limits",
                place,
                found: words!("各组共容 {least} 到 {most} 个", "groups for {least} to {most} elements"),
                expected: words!(
                    "能容下 {elements} 个元素，且每组下限不大于上限",
                    "room for {elements} elements, and no lower limit above its upper one"
                ),
                action: words!("请改正首行的上下限", "correct the limits in the first line"),
            });
        }
    }

    /// Distances of all pairs.
    fn pairs<'t>(&mut self, n: usize, lines: impl Iterator<Item = (usize, &'t str)>) -> Vec<f64> {
        let mut distances = vec![f64::NAN; n * n];
        (0..n).for_each(|i| distances[i * n + i] = 0.0);
        let mut missing = n * (n - 1) / 2;
        for (index, line) in lines {
            if self.faults.len() >= MOST_FAULTS {
                return distances;
            }
            if line.trim().is_empty() {
                continue;
            }
            match pair(line, n) {
                Some((i, j, _)) if i == j || !distances[i * n + j].is_nan() => {
                    let found = words!("{i} 与 {j} 之间的又一个距离", "another distance between {i} and {j}");
                    self.tell("duplicate_pair", index + 1, found, words!("每对元素一行", "one line for every pair"));
                }
                Some((i, j, distance)) => {
                    distances[i * n + j] = distance;
                    distances[j * n + i] = distance;
                    missing -= 1;
                }
                None => self.bad_pair(index + 1, line, n),
            }
        }
        if missing > 0 && self.faults.is_empty() {
            let found = words!("缺少 {missing} 对元素的距离", "no distance for {missing} pairs of elements");
            self.tell("missing_pairs", 1, found, words!("每对元素一行", "one line for every pair"));
        }
        distances
    }

    fn bad_pair(&mut self, line: usize, text: &str, n: usize) {
        let (start, last): (String, usize) = (text.chars().take(40).collect(), n - 1);
        let expected = words!(
            "两个元素（0 到 {last}）和一个绝对值不超过 1e12 的距离",
            "two elements, 0 to {last}, and a distance of at most 1e12"
        );
        self.tell("mdgp_pair", line, words!("“{start}”", "\"{start}\""), expected);
    }
}

/// `i j d`.
fn pair(line: &str, n: usize) -> Option<(usize, usize, f64)> {
    let mut words = line.split_ascii_whitespace();
    let i: usize = words.next()?.parse().ok()?;
    let j: usize = words.next()?.parse().ok()?;
    let distance: f64 = words.next()?.parse().ok()?;
    (words.next().is_none() && i < n && j < n && distance.abs() <= LARGEST).then_some((i, j, distance))
}
