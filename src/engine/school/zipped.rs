//! Zips of lists. Bytes are counted while inflating (headers lie); entries are read one at a time, never unpacked to disk.

use crate::fault::{Fault, Faults};
use crate::words;
use std::collections::HashMap;
use std::fmt::Debug;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zip::ZipArchive;

/// Most bytes of one list.
const LARGEST_LIST: u64 = 64 << 20;
/// Most bytes of all lists of a school's zips, of zips in zips too: 20,000 classes take some 100 MiB.
const LARGEST_ALL: u64 = 512 << 20;
/// Most files of all zips.
const MOST_ENTRIES: usize = 100_000;

/// Where a zip's bytes come from: a file, or what was sent.
pub trait Readable: Read + Seek + Send + Debug {}
impl<T: Read + Seek + Send + Debug> Readable for T {}

type Shared = Arc<Mutex<Opened>>;

/// What all zips of a school have taken of what they may take together.
#[derive(Clone, Debug, Default)]
pub struct Budget(Arc<Mutex<Spent>>);

#[derive(Debug, Default)]
struct Spent {
    /// Bytes that were inflated.
    bytes: u64,
    files: usize,
}

impl Budget {
    fn spent(&self) -> MutexGuard<'_, Spent> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A zip with what was inflated of it.
#[derive(Debug)]
struct Opened {
    zip: ZipArchive<Box<dyn Readable>>,
    /// Bytes of each file that was read; a list may be read several times and counts once.
    inflated: HashMap<usize, u64>,
    budget: Budget,
}

/// An open zip of lists.
#[derive(Debug)]
pub struct Archive {
    zip: Shared,
    /// Index and name of every file.
    names: Vec<(usize, String)>,
}

/// One file of a zip.
#[derive(Clone, Debug)]
pub struct Entry {
    zip: Shared,
    index: usize,
}

impl Archive {
    /// Opens a zip of lists; none where the file is no zip, or is a workbook itself.
    ///
    /// # Errors
    /// A file that cannot be read, a damaged zip, or one with too many files.
    pub fn open(path: &Path, budget: &Budget) -> Result<Option<Self>, Faults> {
        let file = File::open(path).map_err(|error| Fault::unreadable(path, &error))?;
        Self::of(Box::new(file), path, budget)
    }

    /// The same from anything that can be read; `path` names it.
    ///
    /// # Errors
    /// As [`Archive::open`].
    pub fn of(mut file: Box<dyn Readable>, path: &Path, budget: &Budget) -> Result<Option<Self>, Faults> {
        let place = path.display().to_string();
        let mut head = [0; 4];
        if file.read_exact(&mut head).is_err() || head != *b"PK\x03\x04" {
            return Ok(None);
        }
        file.seek(SeekFrom::Start(0)).map_err(|error| damaged(&place, &error.to_string()))?;
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        let mut zip = match ZipArchive::new(file) {
            Ok(zip) => zip,
            // A broken workbook is told by the list reader, as its own class's fault.
            Err(_) if ending != "zip" => return Ok(None),
            Err(error) => return Err(damaged(&place, &error.to_string())),
        };
        if ["[Content_Types].xml", "content.xml"].iter().any(|part| zip.index_for_name(part).is_some()) {
            return Ok(None);
        }
        budget.spent().files += zip.len();
        if budget.spent().files > MOST_ENTRIES {
            return Err(too_many(&place, zip.len()));
        }
        let mut names = Vec::new();
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|error| damaged(&place, &error.to_string()))?;
            if !entry.is_dir() {
                names.push((index, name(entry.name_raw())));
            }
        }
        names.sort_by(|(_, a), (_, b)| crate::base::order::natural_order(a, b));
        let opened = Opened { zip, inflated: HashMap::new(), budget: budget.clone() };
        Ok(Some(Self { zip: Arc::new(Mutex::new(opened)), names }))
    }

    /// The files with their names, in natural order.
    pub fn entries(&self) -> impl Iterator<Item = (String, Entry)> + '_ {
        self.names.iter().map(|(index, name)| (name.clone(), Entry { zip: Arc::clone(&self.zip), index: *index }))
    }
}

impl Entry {
    /// The inflated bytes.
    ///
    /// # Errors
    /// Damage, a password, or more bytes than a list or all lists of a zip may have.
    pub fn bytes(&self, shown: &str) -> Result<Vec<u8>, Faults> {
        let mut opened = self.zip.lock().unwrap_or_else(PoisonError::into_inner);
        let Opened { zip, inflated, budget } = &mut *opened;
        // Held while inflating, so that two lists at once cannot take the rest twice.
        let mut spent = budget.spent();
        let others = spent.bytes.saturating_sub(inflated.get(&self.index).copied().unwrap_or(0));
        let cap = LARGEST_LIST.min(LARGEST_ALL.saturating_sub(others));
        let mut entry = zip.by_index(self.index).map_err(|error| damaged(shown, &error.to_string()))?;
        let mut bytes = Vec::new();
        let mut limited = (&mut entry).take(cap + 1);
        limited.read_to_end(&mut bytes).map_err(|error| damaged(shown, &error.to_string()))?;
        // What was refused has cost its inflation too.
        inflated.insert(self.index, bytes.len() as u64);
        spent.bytes = others + bytes.len() as u64;
        if bytes.len() as u64 > cap {
            return Err(if cap < LARGEST_LIST { all_too_large(shown) } else { too_large(shown) });
        }
        Ok(bytes)
    }
}

/// Names are UTF-8, or GB18030 where a Chinese Windows packed them.
fn name(raw: &[u8]) -> String {
    match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(raw).0.into_owned(),
    }
}

fn damaged(place: &str, why: &str) -> Faults {
    Fault {
        code: "damaged_file",
        place: place.to_owned(),
        found: words!("读不出的压缩包（{why}）", "a zip that cannot be read ({why})"),
        expected: words!("没有密码的完整压缩包", "a whole zip without a password"),
        action: words!("请重新打包，或直接给出文件夹", "pack it again, or give the folder"),
    }
    .into()
}

fn too_many(place: &str, files: usize) -> Faults {
    Fault {
        code: "too_many_files",
        place: place.to_owned(),
        found: words!("{files} 个文件", "{files} files"),
        expected: words!("不超过 {MOST_ENTRIES} 个", "at most {MOST_ENTRIES}"),
        action: words!("请分成几个压缩包", "pack them into several zips"),
    }
    .into()
}

fn all_too_large(place: &str) -> Faults {
    let cap = LARGEST_ALL >> 20;
    Fault {
        code: "unpacks_too_large",
        place: place.to_owned(),
        found: words!("压缩包解压后合计超过 {cap} MiB", "zips of more than {cap} MiB in all when unpacked"),
        expected: words!("合计不超过 {cap} MiB", "at most {cap} MiB in all"),
        action: words!("请分成几个压缩包，或直接给出文件夹", "pack them into several zips, or give the folder"),
    }
    .into()
}

fn too_large(place: &str) -> Faults {
    let cap = LARGEST_LIST >> 20;
    Fault {
        code: "unpacks_too_large",
        place: place.to_owned(),
        found: words!("解压后超过 {cap} MiB", "more than {cap} MiB when unpacked"),
        expected: words!("不超过 {cap} MiB 的名册", "a list of at most {cap} MiB"),
        action: words!("请核对这个文件", "check this file"),
    }
    .into()
}
