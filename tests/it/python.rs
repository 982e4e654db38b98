//! Programs from PyPI that tests use, each in a folder of its own under `.tools`, installed where it is not there yet.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of a package's programs; none, with a message, where it cannot be installed. `package` is `name==version`.
pub fn programs(package: &str) -> Option<PathBuf> {
    let (name, _) = package.split_once("==").expect("a version");
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join(".tools").join(name);
    let whole = place.join("installed");
    if std::fs::read_to_string(&whole).is_ok_and(|installed| installed == package) {
        return Some(place.join("bin"));
    }
    // Half an installation, or another version.
    let _ = std::fs::remove_dir_all(&place);
    let run = |program: &Path, args: &[&str]| {
        Command::new(program).args(args).output().is_ok_and(|ended| ended.status.success())
    };
    let folder = place.to_str().expect("a path in Unicode");
    let installed = run(Path::new("python3"), &["-m", "venv", folder])
        && run(&place.join("bin/pip"), &["install", "--quiet", package])
        && std::fs::write(&whole, package).is_ok();
    if !installed {
        eprintln!("skipped: {package} could not be installed (python3-venv and the network are needed)");
        return None;
    }
    Some(place.join("bin"))
}
