//! JSON: the documents as they are.

use super::format::{Format, Writer};
use crate::plan::document::Document;
use serde_json::Value;

/// The format.
pub(super) static FORMAT: Format = Format { word: "json", media: "application/json", write: Writer::Documents(json) };

/// One document as an object, several (or none) as an array; indented, with a line end. A number that JSON lacks (NaN, infinity)
/// is null. JSON has no public view.
#[must_use]
pub fn json(documents: &[Document]) -> String {
    let values: Vec<Value> =
        documents.iter().map(|document| serde_json::to_value(document).unwrap_or_default()).collect();
    let value = match <[Value; 1]>::try_from(values) {
        Ok([single]) => single,
        Err(values) => Value::Array(values),
    };
    format!("{value:#}\n")
}
