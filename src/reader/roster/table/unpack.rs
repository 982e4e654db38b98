//! Looks into a zipped workbook before any reader does: counts bytes while inflating (headers lie) and checks the rows and
//! columns that an ODS says to repeat.

use super::other::{Other, damaged, locked};
use crate::fault::Faults;
use crate::roster::caps::too_many_cells;
use crate::roster::options::Limits;
use crate::roster::why::Why;
use crate::words;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// What a zip holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// Office Open XML.
    Xlsx,
    /// `OpenDocument` spreadsheet.
    Ods,
}

/// Parts other than sheets are held in memory by the reader, so they get a smaller share of `unpacked_bytes`.
const PARTS_SHARE: u64 = 8;
/// A style takes far more room than it is long; this is more than the 64,000 that a spreadsheet program allows.
const STYLES_BYTES: u64 = 6 << 20;

/// A cell of a sheet is at most so many XML tags, its row's share included. What holds only tags holds no list and takes longest.
const TAGS_PER_CELL: usize = 6;

/// How much of the parts that say what a zip is can be needed.
const TOLD: u64 = 64 << 10;

/// Inflates every entry, holding none, and says what the zip is.
///
/// # Errors
/// Damage, too many bytes, or a zip that is no workbook.
pub fn inspect(bytes: &[u8], file: &str, limits: &Limits) -> Result<Content, Faults> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged(file))?;
    let names: Vec<String> = zip
        .file_names()
        .map(|name| name.map(|name| plain(&name)))
        .collect::<Result<_, _>>()
        .map_err(|_| damaged(file))?;
    let (mut total, mut parts, mut styles, mut tags) = (0, 0, 0, 0);
    let mut buffer = vec![0; 64 << 10];
    let is_usual = is_usual(&mut zip, &names);
    for (index, name) in names.iter().enumerate() {
        let mut entry = zip.by_index(index).map_err(|_| damaged(file))?;
        // Sheets and the content of an ODS are read as a stream, pictures not at all.
        let streamed = ["xl/worksheets/sheet", "xl/media/"];
        let is_stream = name == "content.xml" || is_usual && streamed.iter().any(|start| name.starts_with(start));
        loop {
            let length = entry.read(&mut buffer).map_err(|_| damaged(file))?;
            if length == 0 {
                break;
            }
            let read = length as u64;
            tags += memchr::memchr_iter(b'<', &buffer[..length]).count();
            if tags > TAGS_PER_CELL * limits.sheet_cells {
                return Err(too_many_cells(file, limits.sheet_cells));
            }
            total += read;
            parts += if is_stream { 0 } else { read };
            styles += if name.ends_with("styles.xml") { read } else { 0 };
            let cap = limits.unpacked_bytes;
            if total > cap || parts > cap / PARTS_SHARE || styles > STYLES_BYTES {
                return Err(too_large(file, limits));
            }
        }
    }
    what(&mut zip, file)
}

/// A name as readers compare it.
fn plain(name: &str) -> String {
    name.replace('\\', "/").to_ascii_lowercase()
}

/// Whether the workbook is where workbooks are: one that says to be among its own sheets or pictures has its parts there too.
fn is_usual(zip: &mut ZipArchive<Cursor<&[u8]>>, names: &[String]) -> bool {
    let told = names.iter().enumerate().filter(|(_, name)| *name == "_rels/.rels");
    told.map(|(index, _)| index).all(|index| {
        let Ok(part) = zip.by_index(index) else { return false };
        let mut text = String::new();
        let read = part.take(TOLD).read_to_string(&mut text);
        let odd = ["worksheets", "media", "&"].iter().any(|odd| text.to_ascii_lowercase().contains(odd));
        read.is_ok_and(|read| (read as u64) < TOLD) && !odd
    })
}

/// What the zip is, by its parts.
fn what(zip: &mut ZipArchive<Cursor<&[u8]>>, file: &str) -> Result<Content, Faults> {
    let mut text_of = |part: &str| {
        let mut text = String::new();
        // A part that is no text tells nothing.
        zip.by_name(part).ok()?.take(TOLD).read_to_string(&mut text).ok().map(|_| text)
    };
    let (mimetype, manifest) = (text_of("mimetype").unwrap_or_default(), text_of("META-INF/manifest.xml"));
    if manifest.is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(locked(file));
    }
    let names: Vec<String> = zip.file_names().flatten().map(|name| name.to_ascii_lowercase()).collect();
    let has = |start: &str| names.iter().any(|name| name.starts_with(start));
    let other = match mimetype.trim().strip_prefix("application/vnd.oasis.opendocument.") {
        Some(kind) if !kind.starts_with("spreadsheet") => Some(Other::Document),
        _ if has("content.xml") => return Ok(Content::Ods),
        _ if has("xl/workbook.bin") => Some(Other::BinaryWorkbook),
        _ if has("word/") || has("ppt/") => Some(Other::Document),
        _ if has("index/") || has("index.zip") => Some(Other::Numbers),
        _ if has("[content_types].xml") => return Ok(Content::Xlsx),
        _ => None,
    };
    Err(other.map_or_else(|| not_a_workbook(file), |other| other.refused(file)))
}

fn too_large(file: &str, limits: &Limits) -> Faults {
    let cap = limits.unpacked_bytes >> 20;
    let why = Why {
        found: words!("解压后超过 {cap} MB 的工作簿", "a workbook that unpacks to more than {cap} MB"),
        expected: words!("解压后不超过 {cap} MB", "at most {cap} MB unpacked"),
        action: words!("请把名册复制到一个新的工作簿里再试", "copy the list into a new workbook and try again"),
    };
    why.refuse("unpacks_too_large", file.to_owned())
}

fn not_a_workbook(file: &str) -> Faults {
    let why = Why {
        found: words!("不是 XLSX 或 ODS 工作簿的压缩文件", "a zip that is no XLSX or ODS workbook"),
        expected: words!("XLSX、XLS、ODS、CSV 或 JSON 名册", "a list as XLSX, XLS, ODS, CSV or JSON"),
        action: words!("请先解压，或另存为 .xlsx 后再试", "unpack it first, or save the list as .xlsx"),
    };
    why.refuse("not_a_workbook", file.to_owned())
}
