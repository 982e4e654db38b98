//! Claims (认领) after the groups were formed: the plans of the output folder stand, and the wishes are read with all that is
//! wrong with them.

use super::group_names::GroupNames;
use super::last::{class_document, class_files};
use super::titles;
use crate::fault::{Fault, Faults, Notice};
use crate::pipeline::Prepared;
use crate::pipeline::staffing::known_groups;
use crate::plan::document::Document;
use crate::roster::Limits;
use crate::roster::staff::{Directory, Staff, read_claims_and_faults};
use crate::words;
use crate::words::Words;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    // Teachers are assigned below.
    class.judged(document).first().map(|finding| plan_outdated(name, &finding.message))
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

/// The staff list with the wishes of a claims list, and the names that the teachers wrote for the groups they wish for.
///
/// # Errors
/// All at once: what cannot be read, teachers who are unknown or whose number is another's, groups that do not exist. Wishes
/// that cannot come true are no faults: each is answered.
pub(super) fn claimed(
    (bytes, file): (&[u8], &str),
    directory: Directory,
    (prepared, output): (&[Prepared], &Path),
    staff: Staff,
) -> Result<(Staff, GroupNames), Faults> {
    let directory = with_group_names(directory, prepared, output)?;
    let (mut claims, mut faults) = read_claims_and_faults(bytes, file, &Limits::default(), &directory, &staff)?;
    faults.extend(known_groups(prepared, &claims).err().into_iter().flat_map(|found| found.0));
    // They are told beside those of the staff list.
    for notice in &mut claims.notices {
        notice.place = format!("{} {}", claims.file, notice.place);
    }
    let (others, notices) = mistaken(&claims, &staff);
    faults.extend(others);
    claims.notices.extend(notices);
    let names = GroupNames::read(bytes, file, &claims, &staff)?;
    match staff.with_claims(claims) {
        Ok(staff) if faults.is_empty() => Ok((staff, names)),
        Ok(_) => Err(Faults(faults)),
        Err(unknown) => {
            faults.extend(unknown.0);
            Err(Faults(faults))
        }
    }
}

/// The names by which claims may call the groups of these classes: those of the plans that stand, and those that were proposed,
/// which a claim may have changed since.
fn with_group_names(directory: Directory, prepared: &[Prepared], output: &Path) -> Result<Directory, Faults> {
    let settled = Settled::open(output)?;
    let mut directory = directory;
    for class in prepared.iter().filter_map(|class| class.roster.students.first()).map(|student| &student.class) {
        let Some(document) = settled.document(class)? else { continue };
        let names = document.groups.iter().enumerate();
        let names: Vec<Vec<String>> =
            names.map(|(at, group)| [vec![group.name.clone()], titles::proposed(at)].concat()).collect();
        directory = directory.with_groups(class, &names);
    }
    Ok(directory)
}

/// Claims whose number belongs to a teacher of another name: a fault where the name is another teacher's, else told.
fn mistaken(claims: &Staff, staff: &Staff) -> (Vec<Fault>, Vec<Notice>) {
    let (mut faults, mut notices) = (Vec::new(), Vec::new());
    let plain = |name: &str| name.split_whitespace().collect::<String>().to_lowercase();
    for claim in claims.teachers.iter().filter(|claim| claim.named) {
        let Some(meant) = staff.teacher(&claim.id).filter(|meant| meant.named) else { continue };
        let (id, written, listed) = (&claim.id, &claim.name, &meant.name);
        if plain(written) == plain(listed) {
            continue;
        }
        let place = format!("{} {}", claims.file, claim.row.cell(None));
        let of_name = staff.teachers.iter().filter(|teacher| teacher.named && plain(&teacher.name) == plain(written));
        let ids: Vec<&str> = of_name.map(|teacher| teacher.id.as_str()).collect();
        if ids.is_empty() {
            let message = words!(
                "工号 {id} 在教师名单里是{listed}，这里写作“{written}”，按工号算{listed}",
                "{id} is {listed} in the staff list and “{written}” here; it was taken for {listed}"
            );
            notices.push(Notice { code: "claim_name", place, message });
            continue;
        }
        let ids = ids.join(", ");
        faults.push(Fault {
            code: "claim_of_another",
            place,
            found: words!(
                "工号 {id}（教师名单里是{listed}）配姓名“{written}”（工号 {ids}）",
                "the id {id} ({listed} in the staff list) with the name “{written}” ({ids})"
            ),
            expected: words!("同一位教师的工号和姓名", "id and name of one teacher"),
            action: words!("请改正工号或姓名", "correct the id or the name"),
        });
    }
    (faults, notices)
}
