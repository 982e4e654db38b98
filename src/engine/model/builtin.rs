//! The models that come with fenzu: the files of `models/`, compiled in.

use super::{Model, read_model};
use std::sync::LazyLock;

/// Name and text of each file, in the order in which `fenzu models` shows them; the first is the default.
const FILES: [(&str, &str); 4] = [
    ("responsibility-groups.toml", include_str!("../../../models/responsibility-groups.toml")),
    ("project-teams.toml", include_str!("../../../models/project-teams.toml")),
    ("class-division.toml", include_str!("../../../models/class-division.toml")),
    ("diversity.toml", include_str!("../../../models/diversity.toml")),
];

/// The model used where none is named.
pub const DEFAULT: &str = "responsibility-groups";

static MODELS: LazyLock<Vec<Model>> = LazyLock::new(|| {
    // The texts are part of the program and every test reads them, so a fault in one is a defect of ours, not of input.
    let read = |(file, text): (&str, &str)| {
        read_model(text.as_bytes(), file).unwrap_or_else(|faults| panic!("built-in model: {faults}"))
    };
    FILES.into_iter().map(read).collect()
});

/// The built-in models; the first is [`DEFAULT`].
#[must_use]
pub fn builtin() -> &'static [Model] {
    &MODELS
}

/// The built-in model of that name.
#[must_use]
pub fn find(name: &str) -> Option<Model> {
    builtin().iter().find(|model| model.name == name).cloned()
}

/// The text of the built-in model of that name, with its comments, to copy and change.
#[must_use]
pub fn text(name: &str) -> Option<&'static str> {
    let at = builtin().iter().position(|model| model.name == name)?;
    Some(FILES[at].1)
}
