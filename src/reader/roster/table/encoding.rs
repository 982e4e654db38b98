//! The encoding of a text. UTF-8, UTF-16 (either byte order) and GB18030, with or without a byte order mark; Big5 and
//! Shift JIS by how usual their characters are; what a page or XML declares; anything else only where the detector sees it.

use crate::roster::heading;
use crate::words;
use crate::words::Words;
use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;
use std::ops::RangeInclusive;

/// How much of a text decides its encoding.
const SAMPLE: usize = 64 << 10;
/// How much of a page or XML may declare it.
const HEAD: usize = 4 << 10;

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
    if let Some(declared) = declared(bytes).filter(|encoding| !encoding.decode_without_bom_handling(bytes).1) {
        return Ok((declared, bytes, true));
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, sample.len() == bytes.len());
    let guess = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny);
    // Where the detector thinks of Latin letters, only header words tell it wrong.
    let known = |encoding: &'static Encoding| known_words(&encoding.decode_without_bom_handling(sample).0);
    let is_wide = [GBK, GB18030, BIG5, SHIFT_JIS, EUC_JP, EUC_KR].contains(&guess);
    let (wide, words, _) = widest(sample, known);
    Ok((if is_wide || words > known(guess) { wide } else { guess }, bytes, true))
}

/// The encoding that a page (`charset=`) or XML (`encoding=`) declares.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let head = head.trim_start().strip_prefix('<')?;
    let at = ["charset=", "encoding="].iter().find_map(|key| head.find(key).map(|at| at + key.len()))?;
    let label = head[at..].trim_start_matches(['"', '\'', ' ']).split(['"', '\'', ' ', ';', '>', '?', '/']).next()?;
    let encoding = Encoding::for_label(label.as_bytes())?;
    // GBK's decoder is GB18030's; a page that declares UTF-16 in single bytes or UTF-8 in others is wrong.
    let known = if encoding == GBK { GB18030 } else { encoding };
    (![UTF_8, UTF_16LE, UTF_16BE].contains(&known)).then_some(known)
}

/// The wide encoding under which a text holds the most header words and, where none differ, the most usual characters; also
/// the number of those words and the share of those characters in ten thousand.
fn widest(sample: &[u8], known: impl Fn(&'static Encoding) -> usize) -> (&'static Encoding, usize, usize) {
    /// The lead and trail bytes of the characters that each standard sorts first, by use.
    const USUAL: [(&Encoding, RangeInclusive<u8>, u8); 3] =
        [(SHIFT_JIS, 0x82..=0x97, 0x40), (BIG5, 0xa4..=0xc6, 0x40), (GB18030, 0xb0..=0xd7, 0xa1)];
    let judge = |(encoding, leads, trail): (&'static Encoding, RangeInclusive<u8>, u8)| {
        let (mut usual, mut all, mut rest) = (0, 0, sample);
        while let [lead, tail @ ..] = rest {
            let is_wide = *lead >= 0x80 && !tail.is_empty();
            rest = if is_wide { &tail[1..] } else { tail };
            all += usize::from(is_wide);
            usual += usize::from(is_wide && leads.contains(lead) && tail[0] >= trail);
        }
        let is_broken = encoding.decode_without_bom_handling(sample).0.contains('\u{fffd}');
        let share = if is_broken { 0 } else { 10_000 * usual / all.max(1) };
        (encoding, known(encoding), share)
    };
    let judged = USUAL.into_iter().map(judge);
    judged.max_by_key(|(_, words, share)| (*words, *share)).unwrap_or((GB18030, 0, 0))
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
    cells.filter(|cell| heading::word(cell).is_some()).count()
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
