//! A member of a group with what a register tells of it.

use super::Charge;
use super::contact::{self, Contact};
use super::texts::{StudentBox, Who};
use crate::pipeline::Prepared;
use crate::plan::document::GroupRecord;
use crate::report::names::{column, gender, layers, say};
use crate::report::notice::{index, shown_names};
use crate::report::text::clean;
use crate::roster::{Cell, Column, Field, Roster};
use crate::words::Lang;

/// One student.
#[derive(Debug)]
pub(in crate::school) struct Member {
    pub(in crate::school) who: Who,
    pub(in crate::school) id: String,
    pub(in crate::school) name: String,
    pub(super) gender: String,
    pub(super) tier: String,
    /// Flags, ethnic group and notes in words.
    family: String,
    guardian: String,
    phone: String,
    address: String,
    /// Home visits due this semester.
    pub(super) visits: u32,
    /// Who helps, or is helped.
    pub(super) help: String,
}

impl Member {
    /// What the list tells in a box that teachers may fill in.
    pub(in crate::school) fn fact(&self, what: StudentBox) -> &str {
        match what {
            StudentBox::Family => &self.family,
            StudentBox::Guardian => &self.guardian,
            StudentBox::Phone => &self.phone,
            StudentBox::Address => &self.address,
            _ => "",
        }
    }
}

/// The members of a group in its order.
pub(in crate::school) fn members(charge: &Charge<'_>, lang: Lang) -> Vec<Member> {
    let roster = &charge.class.roster;
    let (names, index) = (shown_names(roster), index(roster));
    let shown = |id: &str| index.get(id).map(|&s| names[s].clone()).unwrap_or_default();
    let member = |s: usize| Member {
        who: (charge.group.class.clone(), roster.students[s].id.clone()),
        id: clean(&roster.students[s].id),
        name: names[s].clone(),
        gender: gender(cell_text(roster, &Field::Gender, s), lang).to_owned(),
        tier: tier(charge.class, s, lang),
        family: family(roster, s, lang),
        guardian: contact::of(roster, s, Contact::Guardian),
        phone: contact::of(roster, s, Contact::Phone),
        address: contact::of(roster, s, Contact::Address),
        visits: charge.class.policy.visits.get(s).copied().unwrap_or_default(),
        help: help(charge.group, &roster.students[s].id, shown, lang),
    };
    charge.group.students.iter().filter_map(|id| index.get(id.as_str()).copied()).map(member).collect()
}

fn cell_text<'a>(roster: &'a Roster, field: &Field, student: usize) -> &'a str {
    roster.column(field).and_then(|column| column.cells[student].text()).unwrap_or_default()
}

fn tier(class: &Prepared, student: usize, lang: Lang) -> String {
    let layer = class.policy.tier_of.as_ref().and_then(|tiers| layers(&class.request.model).get(tiers[student]));
    layer.map(|layer| layer.label.get(lang).to_owned()).unwrap_or_default()
}

/// Flags that are set, ethnic group and notes.
fn family(roster: &Roster, student: usize, lang: Lang) -> String {
    let said = |of: &Column| match (&of.field, &of.cells[student]) {
        (Field::Flag(name), Cell::Flag(true)) => Some(column(name, &of.header, lang)),
        (Field::EthnicGroup | Field::Notes, Cell::Text(text)) => Some(clean(text)),
        _ => None,
    };
    roster.columns.iter().filter_map(said).collect::<Vec<_>>().join(say(lang, "；", "; "))
}

/// `帮扶人 王芳`, `帮扶 李明、陈静`.
fn help(group: &GroupRecord, id: &str, shown: impl Fn(&str) -> String, lang: Lang) -> String {
    let by = group.helpers.iter().find(|[weak, _]| weak == id).map(|[_, strong]| shown(strong));
    let whom: Vec<String> =
        group.helpers.iter().filter(|[_, strong]| strong == id).map(|[weak, _]| shown(weak)).collect();
    let by = by.map(|name| format!("{}{name}", say(lang, "帮扶人：", "helped by ")));
    let whom =
        (!whom.is_empty()).then(|| format!("{}{}", say(lang, "帮扶：", "helps "), whom.join(say(lang, "、", ", "))));
    by.into_iter().chain(whom).collect::<Vec<_>>().join(say(lang, "；", "; "))
}
