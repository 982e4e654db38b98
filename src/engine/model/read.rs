//! Reads a model from TOML or JSON: syntax, then shape (from the schema), then sense. Everything wrong is told at once.

pub(super) mod judge;
pub(super) mod source;

mod goals;
mod sense;
mod shape;

use super::{Model, schema};
use crate::fault::{Fault, Faults};
use crate::words;
use judge::Judge;
use source::Source;
use std::fs::File;
use std::io::Read;
use std::sync::LazyLock;

/// Largest model file, in bytes.
pub const MAX_MODEL_BYTES: usize = 1 << 20;

static SHAPE: LazyLock<serde_json::Value> = LazyLock::new(schema::model);

/// Reads a model from the bytes of a TOML or JSON file. `file` is its name: it decides between the two where it ends in
/// `.toml` or `.json` (else the content does), and stands in every fault.
///
/// # Errors
/// Everything that is wrong, each with the line or the path of its key.
pub fn read_model(bytes: &[u8], file: &str) -> Result<Model, Faults> {
    let source = Source::parse(bytes, file, MAX_MODEL_BYTES)?;
    let (model, mut faults) = source.decode::<Model>(&SHAPE);
    if let Some(model) = &model {
        sense::check(model, &mut Judge { source: &source, faults: &mut faults });
    }
    match model {
        Some(model) if faults.is_empty() => Ok(model),
        _ => Err(Faults(faults)),
    }
}

/// A compiled-in model by name, else the model in the file of that path.
///
/// # Errors
/// Neither a known name nor a readable file, or everything that is wrong in the file.
pub fn load(name_or_path: &str) -> Result<Model, Faults> {
    if let Some(model) = super::builtin::find(name_or_path) {
        return Ok(model);
    }
    let mut bytes = Vec::new();
    // One byte above the limit tells that the file is too large without reading it all.
    let limit = MAX_MODEL_BYTES as u64 + 1;
    match File::open(name_or_path).and_then(|file| file.take(limit).read_to_end(&mut bytes)) {
        Ok(_) => read_model(&bytes, name_or_path),
        Err(error) => Err(unknown_model(name_or_path, &error).into()),
    }
}

fn unknown_model(name: &str, error: &std::io::Error) -> Fault {
    let known: Vec<&str> = super::builtin::builtin().iter().map(|model| model.name.as_str()).collect();
    let list = known.join(", ");
    let guess = super::nearest::nearest(name, known);
    Fault {
        code: "unknown_model",
        place: name.to_owned(),
        found: words!(
            "既不是内置方案，也无法作为文件打开（{error}）",
            "neither a built-in model nor a file that opens ({error})"
        ),
        expected: words!("内置方案之一：{list}，或一个 .toml / .json 文件", "one of {list}, or a .toml or .json file"),
        action: match guess {
            Some(guess) => words!("是否想写“{guess}”？", "did you mean \"{guess}\"?"),
            None => words!(
                "请检查名称或路径；fenzu models 列出内置方案",
                "check the name or path; `fenzu models` lists the built-in ones"
            ),
        },
    }
}
