//! Claims (认领) after the groups were formed: the plans of the output folder stand, and the names that teachers give to the
//! groups that they get are kept.

use super::last::{class_document, class_files};
use crate::check;
use crate::fault::{Fault, Faults};
use crate::plan::document::Document;
use crate::planning::staffing::{Staffed, known_groups};
use crate::planning::{Planned, Prepared};
use crate::roster::Limits;
use crate::roster::staff::{Directory, Staff, read_claims};
use crate::roster::table;
use crate::words;
use crate::words::Words;
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

/// Headers of the column that names groups.
const NAME_HEADERS: [&str; 6] = ["group_name", "group name", "组名", "小组名", "小组名称", "命名"];
/// Headers of the column that names the teacher.
const TEACHER_HEADERS: [&str; 8] = ["id", "工号", "教师编号", "编号", "name", "姓名", "教师", "teacher"];

/// The plans that a claim is about.
#[derive(Debug)]
pub(super) struct Settled {
    output: PathBuf,
    files: BTreeMap<String, String>,
}

impl Settled {
    /// The plans of an output folder.
    pub(super) fn open(output: &Path) -> Result<Self, Faults> {
        Ok(Self { output: output.to_owned(), files: class_files(output)?.0 })
    }

    /// Whether a class's groups stand.
    pub(super) fn has(&self, class: &str) -> bool {
        self.files.contains_key(class)
    }

    /// The classes whose groups stand.
    pub(super) fn classes(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Why a class's plan does not hold any more: the judge compares it with the list, the rules and the model of now.
    pub(super) fn outdated(&self, name: &str, class: &Prepared) -> Result<Option<Fault>, Faults> {
        Ok(self.document(name)?.and_then(|document| outdated(name, class, &document)))
    }

    /// A class's plan as it stands; none where the folder has none.
    pub(super) fn document(&self, class: &str) -> Result<Option<Document>, Faults> {
        let Some(file) = self.files.get(class) else { return Ok(None) };
        Ok(Some(unstaffed(class_document(&self.output, file)?.0)))
    }
}

/// A plan without its teachers.
pub(super) fn unstaffed(mut document: Document) -> Document {
    // What an earlier staffing said stands at the end and is said anew.
    let said = document.notices.iter().position(|notice| notice.code == "staffing");
    document.notices.truncate(said.unwrap_or(document.notices.len()));
    for group in &mut document.groups {
        (group.teacher, group.teacher_name) = (None, None);
    }
    document
}

/// Why a plan does not hold for a class: the judge compares it with the list, the rules and the model of now.
pub(super) fn outdated(name: &str, class: &Prepared, document: &Document) -> Option<Fault> {
    let findings = check::judge(&class.roster, &class.request, &class.policy, document);
    // Teachers are assigned below.
    let finding = findings.into_iter().find(|finding| finding.code != "pin_teacher");
    finding.map(|finding| plan_outdated(name, &finding.message))
}

/// The groups were formed from other lists or other rules than these.
pub(super) fn plan_outdated(class: &str, why: &Words) -> Fault {
    let (zh, en) = (&why.zh, &why.en);
    Fault {
        code: "plan_outdated",
        place: class.to_owned(),
        found: words!(
            "分组之后改过的名册、规则或方案（{zh}）",
            "a list, rules or a model that changed after the groups were formed ({en})"
        ),
        expected: words!("分组时的名册、规则和方案", "the lists, rules and model that the groups were formed from"),
        action: words!(
            "请用分组时的输入；或另选 --output 重新分组（--previous 原文件夹 --keep 可尽量不动），再认领",
            "use the input of then; or form the groups again in another --output (--previous with --keep moves few), and claim there"
        ),
    }
}

/// The staff list with the wishes of a claims list; groups that do not exist are told as teachers are.
pub(super) fn claimed(
    (bytes, file): (&[u8], &str),
    directory: &Directory,
    prepared: &[Prepared],
    staff: Staff,
) -> Result<Staff, Faults> {
    let claims = read_claims(bytes, file, &Limits::default(), directory, &staff)?;
    let groups = known_groups(prepared, &claims);
    match (staff.with_claims(claims), groups) {
        (Ok(staff), Ok(())) => Ok(staff),
        (staff, groups) => {
            let faults = [staff.err(), groups.err()].into_iter().flatten();
            Err(Faults(faults.flat_map(|faults| faults.0).collect()))
        }
    }
}

/// The group names that each teacher of a claims list wrote, by id or name; several are parted as in any cell.
pub(super) fn group_names(bytes: &[u8], file: &str) -> Result<HashMap<String, Vec<String>>, Faults> {
    let book = table::open(bytes, file, &Limits::default())?;
    let mut names: HashMap<String, Vec<String>> = HashMap::new();
    for table in &book.tables {
        let mut columns: Option<(usize, usize)> = None;
        for row in &table.rows {
            let find = |headers: &[&str]| {
                headers
                    .iter()
                    .find_map(|header| row.cells.iter().position(|cell| cell.shown().to_lowercase() == *header))
            };
            let Some((teacher, name)) = columns else {
                columns = find(&TEACHER_HEADERS).zip(find(&NAME_HEADERS));
                continue;
            };
            let written = row.cell(name).shown();
            let parts = written.split([';', '；', '、', ',', '，']).map(str::trim).filter(|part| !part.is_empty());
            names.entry(row.cell(teacher).shown()).or_default().extend(parts.map(str::to_owned));
        }
    }
    Ok(names)
}

/// Gives the groups the names that their teachers wrote, in the order of the groups.
pub(super) fn name_groups(
    planned: &mut [Planned],
    staff: &Staff,
    result: &Staffed,
    names: &HashMap<String, Vec<String>>,
) {
    let of = |teacher: usize| {
        let teacher = &staff.teachers[teacher];
        names.get(&teacher.id).or_else(|| names.get(&teacher.name)).map_or(&[][..], Vec::as_slice)
    };
    let mut given = vec![0; staff.teachers.len()];
    for (plan, teachers) in planned.iter_mut().zip(&result.teacher_of) {
        for (group, teacher) in plan.document.groups.iter_mut().zip(teachers) {
            let Some(teacher) = *teacher else { continue };
            if let Some(name) = of(teacher).get(given[teacher]) {
                group.name.clone_from(name);
                given[teacher] += 1;
            }
        }
    }
}
