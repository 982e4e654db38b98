//! What is read and what is written are apart: files of a run among the lists would be read as lists by the next.

use super::canonical;
use crate::fault::{Fault, Faults};
use crate::words;
use std::path::{Path, PathBuf};

/// Whether no input stands in the output folder and the output folder in no input.
///
/// # Errors
/// The input that does not stand apart.
pub fn apart(inputs: &[PathBuf], output: &Path) -> Result<(), Faults> {
    let Some(out) = canonical(&[output.to_owned()]).pop() else { return Ok(()) };
    let mixed = inputs
        .iter()
        .find(|input| input.canonicalize().is_ok_and(|input| out.starts_with(&input) || input.starts_with(&out)));
    mixed.map_or(Ok(()), |input| Err(not_apart(input, output).into()))
}

fn not_apart(input: &Path, output: &Path) -> Fault {
    let (place, input) = (output.display().to_string(), input.display());
    Fault {
        code: "output_among_lists",
        place,
        found: words!("输出文件夹与名册 {input} 套在一起", "an output folder that stands in {input}, or holds it"),
        expected: words!("名册以外的文件夹", "a folder apart from the lists"),
        action: words!("请把 --output 放到名册文件夹旁边", "choose a folder beside the lists for --output"),
    }
}
