//! Names of groups: those that teachers gave stay; others are proposed, neutral, and never by tier.

use crate::plan::document::Document;
use crate::words::Lang;

/// Trees and waters: no name is better than another.
const PROPOSED: [(&str, &str); 20] = [
    ("启航", "Cedar"),
    ("晨光", "Maple"),
    ("青松", "Willow"),
    ("远山", "Birch"),
    ("星河", "Linden"),
    ("清泉", "Juniper"),
    ("翠竹", "Aspen"),
    ("海风", "Rowan"),
    ("春雨", "Hazel"),
    ("朝阳", "Alder"),
    ("白杨", "Laurel"),
    ("江流", "Spruce"),
    ("晴空", "Acacia"),
    ("银杏", "Ginkgo"),
    ("飞鸿", "Sorrel"),
    ("碧湖", "Clover"),
    ("山岚", "Heather"),
    ("木棉", "Ivy"),
    ("新月", "Fern"),
    ("长风", "Bracken"),
];

/// Gives every group of a new plan a proposed name; groups beyond the list keep their number.
pub(super) fn propose(document: &mut Document, lang: Lang) {
    for group in 0..document.groups.len().min(PROPOSED.len()) {
        propose_one(document, group, lang);
    }
}

/// Gives one group its proposed name.
pub(super) fn propose_one(document: &mut Document, group: usize, lang: Lang) {
    if let Some((zh, en)) = PROPOSED.get(group) {
        (*if lang == Lang::Zh { zh } else { en }).clone_into(&mut document.groups[group].name);
    }
}

/// The names that are proposed for a group.
pub(super) fn proposed(group: usize) -> Vec<String> {
    PROPOSED.get(group).into_iter().flat_map(|(zh, en)| [(*zh).to_owned(), (*en).to_owned()]).collect()
}

/// Gives groups that go on the names that they had.
pub(super) fn keep(document: &mut Document, names: &[String]) {
    for (group, name) in document.groups.iter_mut().zip(names).filter(|(_, name)| !name.is_empty()) {
        group.name.clone_from(name);
    }
}
