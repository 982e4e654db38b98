//! JSON schemas of models and rules, made from the types. `models/*.schema.json` are these, for editors;
//! the readers check the shape of a file against them, so no key can be known to one and not to the other.

use super::{Model, Rules};
use serde_json::Value;

/// The schema of a model.
#[must_use]
pub fn model() -> Value {
    schemars::schema_for!(Model).to_value()
}

/// The schema of `--rules` files and of `rules` in the JSON API.
#[must_use]
pub fn rules() -> Value {
    schemars::schema_for!(Rules).to_value()
}
