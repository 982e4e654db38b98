//! Separated text: its encoding, its separator, its records with line numbers.
//!
//! Encodings: UTF-8, UTF-16 (either byte order) and GB18030, with or without a byte order mark; anything else only where
//! the detector and the header words agree on it.

use super::{Kind, Raw, Row, Table};
use crate::fault::Faults;
use crate::roster::caps::{too_many_cells, too_many_columns, too_many_rows};
use crate::roster::options::Limits;
use crate::roster::tell::Why;
use crate::roster::vocabulary;
use crate::words;
use crate::words::Words;
use encoding_rs::{Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::collections::HashSet;

/// How much of a text decides its encoding and separator.
const SAMPLE: usize = 64 << 10;
const SEPARATORS: [u8; 4] = [b',', b'\t', b';', b'|'];

/// A decoded text.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The text without byte order mark.
    pub text: Cow<'a, str>,
    /// The encoding, where it had to be found out.
    pub notable: Option<&'static str>,
}

/// Why bytes are no text.
#[derive(Debug)]
pub struct NotText {
    /// The fault's code.
    pub code: &'static str,
    /// 1-based line of the first bad byte.
    pub line: usize,
    /// What is there.
    pub found: Words,
}

/// Decodes a text.
///
/// # Errors
/// NUL bytes, control characters and bytes that are no text in any supported encoding.
pub fn decode(bytes: &[u8]) -> Result<Decoded<'_>, NotText> {
    let (encoding, rest, notable) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..], false),
        None => find_encoding(bytes)?,
    };
    let text = match encoding.decode_without_bom_handling_and_without_replacement(rest) {
        Some(text) => text,
        None if encoding == UTF_8 => return Err(undecodable(rest)),
        None => return Err(undecodable(bytes)),
    };
    match text.bytes().position(|b| b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0x1a)) {
        None => Ok(Decoded { text, notable: notable.then(|| encoding.name()) }),
        Some(at) => Err(control(text.as_bytes(), at)),
    }
}

fn find_encoding(bytes: &[u8]) -> Result<(&'static Encoding, &[u8], bool), NotText> {
    if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) {
        return Ok((UTF_8, bytes, false));
    }
    let sample = &bytes[..bytes.len().min(SAMPLE) & !1];
    if let Some(nul) = bytes.iter().position(|&b| b == 0) {
        let signs = |encoding: &'static Encoding| {
            let (text, _) = encoding.decode_without_bom_handling(sample);
            let plain = text.chars().filter(|c| matches!(c, '\n' | ',' | '\t' | ';' | '0'..='9')).count();
            if text.contains('\0') { 0 } else { plain }
        };
        let (little, big) = (signs(UTF_16LE), signs(UTF_16BE));
        return match bytes.len() % 2 {
            0 if has_stray_nuls(bytes) => Err(control(bytes, nul)),
            0 if little > big => Ok((UTF_16LE, bytes, true)),
            0 if big > little => Ok((UTF_16BE, bytes, true)),
            _ => Err(control(bytes, nul)),
        };
    }
    if is_damaged_utf8(bytes) {
        return Ok((UTF_8, bytes, false));
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, sample.len() == bytes.len());
    let guess = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny);
    // GBK's decoder is GB18030's; the header words decide where the detector thinks of another encoding.
    let known = |encoding: &'static Encoding| known_words(&encoding.decode_without_bom_handling(sample).0);
    let is_chinese = guess == GBK || known(GB18030) > known(guess);
    Ok((if is_chinese { GB18030 } else { guess }, bytes, true))
}

/// Whether the bytes are UTF-8 but for a few: other encodings hold hardly any sound sequence of several bytes.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut sound, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    sound > 2 * bad
}

/// Whether NULs stand in text of single bytes. In UTF-16 half of the bytes of Latin text are NUL, and Chinese text holds
/// bytes that are no UTF-8; separators and line ends keep some NULs in any list.
fn has_stray_nuls(bytes: &[u8]) -> bool {
    let rest: Vec<u8> = bytes.iter().copied().filter(|&b| b != 0).collect();
    let nuls = bytes.len() - rest.len();
    nuls * 20 < bytes.len() || (nuls * 4 < bytes.len() && std::str::from_utf8(&rest).is_ok())
}

fn known_words(text: &str) -> usize {
    let cells = text.lines().take(50).flat_map(|line| line.split([',', '\t', ';', '|', '"']));
    cells.filter(|cell| vocabulary::word(cell).is_some()).count()
}

fn line_of(bytes: &[u8], at: usize) -> usize {
    bytes[..at].split(|&b| b == b'\n').count()
}

fn undecodable(bytes: &[u8]) -> NotText {
    let at = std::str::from_utf8(bytes).err().map_or(0, |e| e.valid_up_to());
    NotText {
        code: "encoding",
        line: line_of(bytes, at),
        found: words!("无法识别的文字编码", "bytes that are not text in any supported encoding"),
    }
}

fn control(bytes: &[u8], at: usize) -> NotText {
    let line = line_of(bytes, at);
    let byte = bytes[at];
    match byte {
        0 => NotText { code: "nul_byte", line, found: words!("空字节（NUL）", "a NUL byte") },
        _ => NotText {
            code: "not_text",
            line,
            found: words!("控制字符 {byte:#04x}", "the control character {byte:#04x}"),
        },
    }
}

/// Reads separated text.
///
/// # Errors
/// A line, a row or the number of rows or columns beyond the limits.
pub fn table(text: &str, file: &str, limits: &Limits) -> Result<Table, Faults> {
    if let Some((line, bytes)) = long_line(text, limits.line_bytes) {
        return Err(line_too_long(line, bytes, file, limits));
    }
    let separator = find_separator(text);
    let mut reader = reader(text, separator);
    let (mut rows, mut record, mut lines) = (Vec::new(), csv::StringRecord::new(), Lines::default());
    let (mut number, mut count) = (0, 0);
    loop {
        let start = usize::try_from(reader.position().byte()).unwrap_or(usize::MAX);
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => return Err(undecodable_record(file, lines.at(text, start))), // text is valid UTF-8: cannot occur
        }
        number += 1;
        if record.len() > limits.columns {
            return Err(too_many_columns(file, &format!("line {}", lines.at(text, start)), limits));
        }
        let line = lines.at(text, start);
        count += record.len();
        if count > limits.text_cells {
            return Err(too_many_cells(file, limits.text_cells));
        }
        let cells: Vec<Raw> = record.iter().map(Raw::text).collect();
        if cells.iter().any(|cell| *cell != Raw::Empty) {
            if rows.len() == limits.text_rows {
                return Err(too_many_rows(file, limits.text_rows));
            }
            rows.push(Row { number, line: Some(line), cells, ..Row::default() });
        }
    }
    Ok(Table { sheet: String::new(), kind: Kind::Text, rows, merges: Vec::new(), hidden_columns: Vec::new() })
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(text.as_bytes())
}

/// Counts lines up to rising offsets; a record starts after the blank lines before it.
#[derive(Default)]
struct Lines {
    offset: usize,
    line: usize,
}

impl Lines {
    fn at(&mut self, text: &str, start: usize) -> usize {
        let bytes = text.as_bytes();
        let blank = bytes.iter().skip(start).take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let start = (start + blank).min(bytes.len());
        let ends = |i: usize| bytes[i] == b'\n' || (bytes[i] == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
        self.line += (self.offset..start).filter(|&i| ends(i)).count();
        self.offset = self.offset.max(start);
        self.line + 1
    }
}

fn long_line(text: &str, cap: usize) -> Option<(usize, usize)> {
    let mut lines = text.split(['\n', '\r']).enumerate();
    lines.find(|(_, line)| line.len() > cap).map(|(i, line)| (i + 1, line.len()))
}

/// The separator whose rows hold the most header words; where none does, the one whose rows have most often one width.
fn find_separator(text: &str) -> u8 {
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let judge = |separator: u8| {
        let (mut known, mut widths) = (0, Vec::new());
        for record in reader(&text[..end], separator).records().take(50).flatten() {
            let fields = record.iter().filter_map(vocabulary::word).map(|meaning| meaning.field);
            known = known.max(fields.collect::<HashSet<_>>().len());
            widths.push(record.len());
        }
        let alike = widths.iter().filter(|&&w| w > 1).map(|w| widths.iter().filter(|v| *v == w).count()).max();
        (known, alike.unwrap_or(0), widths.iter().copied().max().unwrap_or(0))
    };
    // max_by_key keeps the last of equals: the comma, the most usual one, comes last.
    let present = |separator: &u8| text.as_bytes()[..end].contains(separator);
    SEPARATORS.into_iter().rev().filter(present).max_by_key(|&separator| judge(separator)).unwrap_or(b',')
}

fn line_too_long(line: usize, bytes: usize, file: &str, limits: &Limits) -> Faults {
    let cap = limits.line_bytes;
    let why = Why {
        found: words!("一行有 {bytes} 字节", "a line of {bytes} bytes"),
        expected: words!("每行不超过 {cap} 字节", "at most {cap} bytes a line"),
        action: words!("请检查是否缺了换行，或选错了文件", "check for missing line breaks, or for the wrong file"),
    };
    why.refuse("line_too_long", format!("{file} line {line}"))
}

fn undecodable_record(file: &str, line: usize) -> Faults {
    let why = Why {
        found: words!("无法读取的一行", "a line that cannot be read"),
        expected: words!("用分隔符隔开的文本", "separated text"),
        action: words!("请重新导出名册", "export the list again"),
    };
    why.refuse("unreadable_line", format!("{file} line {line}"))
}
