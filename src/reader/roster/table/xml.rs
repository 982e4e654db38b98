//! What every reader of XML parts needs: attributes and references as text.

use quick_xml::escape::{resolve_xml_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart};

/// An attribute's value with its references resolved, found by its name without prefix.
#[must_use]
pub fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = start.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    unescape(&found.value).ok().map(std::borrow::Cow::into_owned)
}

/// A count in an attribute; `None` where it is absent, the largest number where it is none.
#[must_use]
pub fn count(start: &BytesStart<'_>, name: &str) -> Option<usize> {
    let found = start.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    Some(found.value.trim().parse().unwrap_or(usize::MAX))
}

/// Whether an attribute says yes.
#[must_use]
pub fn is_on(start: &BytesStart<'_>, name: &str) -> bool {
    attribute(start, name).is_some_and(|value| matches!(value.trim(), "1" | "true" | "on"))
}

/// The text that a reference stands for; unknown ones stand for nothing.
#[must_use]
pub fn reference(reference: &BytesRef<'_>) -> String {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => c.to_string(),
        _ => resolve_xml_entity(reference).unwrap_or_default().to_owned(),
    }
}
