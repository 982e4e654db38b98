//! Where a workbook has comments on cells: `Sheet1!B3`. What they say is not read.

use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Most bytes of a part that is looked at.
const LONGEST: u64 = 4 << 20;
/// Most sheets that are looked at.
const SHEETS: usize = 400;

/// The cells of an Office Open XML workbook with comments; none of any other file.
#[must_use]
pub fn comments(bytes: &[u8]) -> Vec<String> {
    let Ok(mut zip) = ZipArchive::new(Cursor::new(bytes)) else { return Vec::new() };
    let mut part = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).ok()?.take(LONGEST).read_to_string(&mut text).ok().map(|_| text)
    };
    let (Some(book), Some(links)) = (part("xl/workbook.xml"), part("xl/_rels/workbook.xml.rels")) else {
        return Vec::new();
    };
    let links = elements(&links, "Relationship");
    let mut cells = Vec::new();
    for sheet in elements(&book, "sheet").into_iter().take(SHEETS) {
        let (name, id) = (attribute(sheet, "name").unwrap_or_default(), attribute(sheet, "r:id"));
        let link = links.iter().find(|link| id.is_some() && attribute(link, "Id") == id);
        let file =
            link.and_then(|link| attribute(link, "Target")).and_then(|to| Some(to.rsplit_once('/')?.1.to_owned()));
        let Some(own) = file.and_then(|file| part(&format!("xl/worksheets/_rels/{file}.rels"))) else { continue };
        let of_comments = elements(&own, "Relationship").into_iter().filter_map(|link| attribute(link, "Target"));
        let of_comments: Vec<String> = of_comments.filter(|to| to.contains("omment")).collect();
        let mut here: Vec<String> = Vec::new();
        for target in of_comments {
            let path = target.trim_start_matches("../").trim_start_matches('/');
            let path = if path.starts_with("xl/") { path.to_owned() } else { format!("xl/{path}") };
            let text = part(&path).unwrap_or_default();
            for tag in ["comment", "threadedComment"] {
                let refs = elements(&text, tag).into_iter().filter_map(|comment| attribute(comment, "ref"));
                here.extend(refs.map(|cell| format!("{name}!{cell}")));
            }
        }
        here.sort();
        here.dedup();
        cells.extend(here);
    }
    cells
}

/// The opening tags of one name.
fn elements<'x>(xml: &'x str, name: &str) -> Vec<&'x str> {
    let tags = xml
        .split('<')
        .skip(1)
        .filter(|tag| tag.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '\t', '\n', '\r'])));
    tags.filter_map(|tag| tag.split('>').next()).collect()
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    let signs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    Some(signs.into_iter().fold(value.to_owned(), |text, (sign, plain)| text.replace(sign, plain)))
}
