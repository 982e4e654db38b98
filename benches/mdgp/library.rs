//! MDGPLIB's instances and the published results, from the data beside the project where they are there.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");

/// Published results of 20 runs.
#[derive(Clone, Copy)]
pub struct Published {
    /// Of all runs.
    pub best: f64,
    /// Over the runs.
    pub average: f64,
}

/// One instance.
pub struct Task {
    /// As in the library, without its family's folder.
    pub name: String,
    /// File of the distances.
    pub matrix: String,
    /// File of the limits, where they are not the distances' own.
    pub sizes: Option<String>,
    /// Published processor seconds.
    pub seconds: f64,
    /// Runs.
    pub seeds: u64,
}

/// The unpacked library.
pub struct Library {
    folder: PathBuf,
    /// By instance.
    pub published: BTreeMap<String, Published>,
}

impl Library {
    /// Unpacks the library; none where it is not on this machine.
    pub fn open() -> Option<Self> {
        let archive = format!("{DATA}/mdgplib.tar.xz");
        let table = fs::read_to_string(format!("{DATA}/mdgplib-published.csv")).ok()?;
        let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/target/mdgplib"));
        if !folder.join("dev").is_dir() {
            fs::create_dir_all(&folder).ok()?;
            let unpacked = Command::new("tar").arg("xJf").arg(&archive).arg("-C").arg(&folder).status().ok()?;
            unpacked.success().then_some(())?;
        }
        let published = table.lines().skip(1).filter_map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let name = cells.first()?.split('/').next_back()?.to_owned();
            let number = |at: usize| cells.get(at).and_then(|cell| cell.parse::<f64>().ok());
            Some((name, Published { best: number(3)?, average: number(4)? }))
        });
        Some(Self { folder: folder.join("dev"), published: published.collect() })
    }

    /// Every published instance.
    pub fn tasks(&self) -> Vec<Task> {
        self.published.keys().map(|name| task(name)).collect()
    }

    /// A file of the library.
    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }
}

fn task(name: &str) -> Task {
    let (seconds, seeds) = match name.split('_').nth(1) {
        Some("n120") => (3.0, 5),
        Some("n240") => (20.0, 2),
        _ => (120.0, 1),
    };
    let sizes = name.contains("_ds_").then(|| format!("{name}.head"));
    Task { name: name.to_owned(), matrix: format!("{}.txt", name.replace("_ds_", "_ss_")), sizes, seconds, seeds }
}
