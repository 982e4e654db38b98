//! Looks into a zipped workbook before any reader does: counts bytes while inflating (headers lie) and checks the rows and
//! columns that an ODS says to repeat.

use super::workbook::damaged;
use crate::fault::Faults;
use crate::roster::options::Limits;
use crate::roster::tell::Why;
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

/// Inflates every entry, holding none, and says what the zip is.
///
/// # Errors
/// Damage, too many bytes, or a zip that is no workbook.
pub fn inspect(bytes: &[u8], file: &str, limits: &Limits) -> Result<Content, Faults> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(file, &e.to_string()))?;
    let (mut total, mut parts) = (0, 0);
    let mut buffer = vec![0; 64 << 10];
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).map_err(|e| damaged(file, &e.to_string()))?;
        let name = entry.name().map_err(|e| damaged(file, &e.to_string()))?;
        let is_held = name.ends_with(".xml") && !name.contains("worksheets/") && name != "content.xml";
        loop {
            let read = entry.read(&mut buffer).map_err(|e| damaged(file, &e.to_string()))? as u64;
            if read == 0 {
                break;
            }
            total += read;
            parts += if is_held { read } else { 0 };
            if total > limits.unpacked_bytes || parts > limits.unpacked_bytes / PARTS_SHARE {
                return Err(too_large(file, limits));
            }
        }
    }
    if zip.index_for_name("content.xml").is_some() {
        return Ok(Content::Ods);
    }
    if zip.index_for_name("[Content_Types].xml").is_some() && zip.index_for_name("xl/workbook.bin").is_none() {
        return Ok(Content::Xlsx);
    }
    Err(not_a_workbook(file))
}

fn too_large(file: &str, limits: &Limits) -> Faults {
    let cap = limits.unpacked_bytes >> 20;
    let why = Why {
        found: words!("解压后超过 {cap} MiB 的工作簿", "a workbook that unpacks to more than {cap} MiB"),
        expected: words!("解压后不超过 {cap} MiB", "at most {cap} MiB unpacked"),
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
