//! A school in parts: every class is solved by itself, wherever there is a free processor, and all are put together at the end
//! with the files of a whole run.
//!
//! What is shared is read once ([`Parts::open`]): lists, rules and, with a staff list, how many groups each class can have.
//! [`Parts::solve`] may then be called for any class, in any order and on any machine; [`Parts::finish`] takes the plans and does
//! the rest of [`run`](super::run). A plan that was made from something else than the class of now is not used.

use super::class::{Desk, digest};
use super::made::Made;
use super::outlet::Outlet;
use super::run::{Classes, School, classes, written};
use super::sources::{Source, Sources};
use super::staffed::{Hall, fitted, listed, read};
use super::trouble::{Trouble, guarded};
use super::{SchoolError, Settings, Summary, Watch, crew};
use crate::pipeline::Prepared;
use crate::pipeline::staffing::Numbers;
use crate::plan::document::Document;
use crate::roster::sha256;
use std::collections::{HashMap, HashSet};
use std::io;
use std::path::Path;

/// A school whose classes are solved one by one.
#[derive(Debug)]
pub struct Parts {
    sources: Sources,
    settings: Settings,
    classes: Classes,
    /// SHA-256 of the staff list.
    staff: Option<String>,
    /// With a staff list: the number of groups of each class that can be solved.
    numbers: Option<Numbers>,
    /// With a staff list: the classes that can be solved, fitted to it, by unit.
    fitted: HashMap<usize, Prepared>,
    /// Digest of each class; none where it cannot be read.
    digests: Vec<Option<String>>,
    /// Nothing was made before.
    made: Made,
}

/// What is only read writes nothing.
#[derive(Debug)]
struct Nowhere;

impl Outlet for Nowhere {
    fn folder(&self) -> &Path {
        Path::new("")
    }

    fn put(&self, file: &str, _: &[u8]) -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, file.to_owned()))
    }
}

/// One class of a school in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassPart {
    /// Its name.
    pub class: String,
    /// The list that it stands in.
    pub list: String,
    /// SHA-256 of all that decides its plan; of its name where it cannot be read.
    pub digest: String,
}

impl Parts {
    /// Reads everything once. `numbers` are those that were [chosen](Self::numbers) where the school was opened before.
    ///
    /// # Errors
    /// What concerns the school as a whole: rules, the staff list. A class's own faults are told when it is solved.
    pub fn open(
        sources: Sources,
        settings: Settings,
        numbers: Option<Numbers>,
        watch: &Watch<'_>,
    ) -> Result<Self, SchoolError> {
        let classes = classes(&sources, &settings)?;
        let staff = settings.teachers.as_ref().map(Source::bytes).transpose()?;
        let mut parts = Self {
            sources,
            settings,
            classes,
            staff: staff.as_ref().map(|(_, bytes)| sha256(bytes)),
            numbers: None,
            fitted: HashMap::new(),
            digests: Vec::new(),
            made: Made::default(),
        };
        if let Some((file, bytes)) = &staff {
            let desk = parts.desk(&Nowhere, watch);
            let mut hall = read(&desk)?;
            let (_, staff) = listed(&desk, &hall, (bytes, file))?;
            let numbers = fitted(&desk, &mut hall, (&staff, numbers), &[])?;
            let Hall { units, prepared, .. } = hall;
            parts.numbers = Some(numbers);
            parts.fitted = units.into_iter().zip(prepared).collect();
        }
        parts.digests = parts.digests_of_all(watch)?;
        Ok(parts)
    }

    fn digests_of_all(&self, watch: &Watch<'_>) -> Result<Vec<Option<String>>, SchoolError> {
        let desk = self.desk(&Nowhere, watch);
        let of = |class: &Prepared| digest(class, &self.settings);
        let one = |unit: usize| guarded(&self.classes.units[unit].class, || desk.prepared(unit)).ok().as_ref().map(of);
        let digests = crew::each(self.classes.units.len(), self.settings.threads, watch.cancelled, &one)?;
        Ok(digests.into_iter().map(Option::flatten).collect())
    }

    /// The numbers of groups that were chosen for the staff list; none without one.
    #[must_use]
    pub fn numbers(&self) -> Option<&Numbers> {
        self.numbers.as_ref()
    }

    /// The classes in the lists' order.
    pub fn classes(&self) -> impl Iterator<Item = ClassPart> + '_ {
        self.classes.units.iter().zip(&self.digests).map(|(unit, digest)| ClassPart {
            class: unit.class.clone(),
            list: self.sources.lists[unit.source()].shown.clone(),
            digest: digest.clone().unwrap_or_else(|| sha256(unit.class.as_bytes())),
        })
    }

    /// What decides each class that can be read, by its name.
    #[must_use]
    pub fn digests(&self) -> HashMap<&str, &str> {
        let units = self.classes.units.iter().zip(&self.digests).filter(|(unit, _)| unit.trouble.is_none());
        units.filter_map(|(unit, digest)| Some((unit.class.as_str(), digest.as_deref()?))).collect()
    }

    /// Solves one class. Without a staff list nothing more will happen to it, and its files are written.
    ///
    /// # Errors
    /// Its own faults, or a plan with which the judge does not agree.
    pub fn solve(&self, class: &str, outlet: &dyn Outlet, watch: &Watch<'_>) -> Result<Document, Trouble> {
        let unit = self.classes.units.iter().position(|unit| unit.class == class);
        let unit = unit.ok_or_else(|| Trouble::failed(&"no such class"))?;
        let desk = self.desk(outlet, watch);
        let class = desk.prepared(unit)?;
        let document = desk.solved(unit, &class)?.document;
        if self.staff.is_none() {
            let digest = self.digests[unit].clone().unwrap_or_default();
            desk.remember(unit, &class, digest, &document)?;
            desk.written(unit, &class, &document)?;
        }
        Ok(document)
    }

    /// Puts all together: staffs the groups and writes every file. A class that is not among `made` is solved now.
    ///
    /// # Errors
    /// As [`run`](super::run()).
    pub fn finish(&self, made: &Made, outlet: &dyn Outlet, watch: &Watch<'_>) -> Result<Summary, SchoolError> {
        let Self { sources, settings, classes, .. } = self;
        let school = School { sources, settings, classes, made, fitted: self.fitted() };
        written(school, outlet, watch, &(watch.stop)(1))
    }

    fn desk<'a>(&'a self, outlet: &'a dyn Outlet, watch: &'a Watch<'a>) -> Desk<'a> {
        Desk {
            sources: &self.sources.lists,
            units: &self.classes.units,
            settings: &self.settings,
            watch,
            rules: self.classes.rules.as_deref(),
            last: None,
            settled: None,
            adopted: HashSet::new(),
            staff: self.staff.clone(),
            outlet,
            made: &self.made,
            fitted: self.fitted(),
        }
    }

    /// The classes that are fitted already.
    fn fitted(&self) -> Option<&HashMap<usize, Prepared>> {
        (!self.fitted.is_empty()).then_some(&self.fitted)
    }
}
