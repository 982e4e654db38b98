//! Who has the texts of old registers now.

use super::super::register::texts::{Boxes, Entry, Filled, GroupBox, GroupTexts, StudentBox, StudentTexts, Typed, Who};
use super::super::register::{Member, members};
use super::Wanted;
use crate::words::Lang;
use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeMap, HashMap};

/// What of old registers stands in new ones.
pub(super) struct Carried {
    pub(super) boxes: Boxes,
    /// Boxes that were filled.
    pub(super) count: usize,
    /// Places of each old register whose texts stand nowhere.
    pub(super) left: BTreeMap<String, Vec<String>>,
    /// Texts that wait for a register of their student or group.
    pub(super) waiting: Vec<Filled>,
}

/// Everybody in the new registers.
struct Everybody {
    members: Vec<Member>,
    /// Indices by class and id, by id and name, by class and name.
    by_id: HashMap<Who, usize>,
    by_id_and_name: HashMap<(String, String), Vec<usize>>,
    by_name: HashMap<(String, String), Vec<usize>>,
    /// Group of each member.
    group_of: Vec<String>,
    /// Classes by what titles of groups begin with, the longest first.
    classes: Vec<String>,
}

/// Finds the places of old texts in the new registers; what waited before comes after what was found now.
pub(super) fn carry(old: Vec<Filled>, waiting: Vec<Filled>, new: &[&Wanted<'_>], lang: Lang) -> Carried {
    let everybody = Everybody::of(new, lang);
    let mut carried = Carried { boxes: Boxes::default(), count: 0, left: BTreeMap::new(), waiting: Vec::new() };
    for (filled, is_new) in old.into_iter().map(|old| (old, true)).chain(waiting.into_iter().map(|old| (old, false))) {
        carried.take(filled, is_new, &everybody);
    }
    carried
}

impl Carried {
    fn take(&mut self, filled: Filled, is_new: bool, everybody: &Everybody) {
        let Filled { file, groups, elsewhere } = filled;
        let mut left = elsewhere;
        let mut waits = Vec::new();
        for group in groups {
            let homes: Vec<Option<usize>> =
                group.students.iter().map(|student| everybody.find(&group.title, student)).collect();
            let mut rest = GroupTexts { title: group.title.clone(), ..GroupTexts::default() };
            match everybody.group(&homes) {
                Some(id) => self.fill_group(id, group.typed, &mut left),
                None => rest.typed = group.typed,
            }
            // Members without texts stay with a group's texts: by them it is known again.
            let keep_all = !rest.typed.is_empty();
            for (student, home) in group.students.into_iter().zip(homes) {
                match home {
                    Some(at) => {
                        let StudentTexts { id, name, typed, .. } = student;
                        self.fill_student(&everybody.members[at], typed, &mut left);
                        let known = || StudentTexts { id, name, told: Vec::new(), typed: Vec::new() };
                        rest.students.extend(keep_all.then(known));
                    }
                    None if keep_all || !student.typed.is_empty() => rest.students.push(student),
                    None => {}
                }
            }
            left.extend(rest.typed.iter().map(|typed| typed.place.clone()));
            left.extend(rest.students.iter().flat_map(|student| &student.typed).map(|typed| typed.place.clone()));
            waits.extend((!rest.is_empty()).then_some(rest));
        }
        if !waits.is_empty() {
            self.waiting.push(Filled { file: file.clone(), groups: waits, elsewhere: Vec::new() });
        }
        // What waited was told when it began to wait.
        if is_new && !left.is_empty() {
            self.left.entry(file).or_default().extend(left);
        }
    }

    fn fill_group(&mut self, id: &str, typed: Vec<Typed<GroupBox>>, left: &mut Vec<String>) {
        let boxes = self.boxes.groups.entry(id.to_owned()).or_default();
        for Typed { what, entry, place } in typed {
            let joins = what == GroupBox::WorkPlan;
            self.count += usize::from(filled(boxes.entry(what), entry, joins, place, left));
        }
    }

    fn fill_student(&mut self, member: &Member, typed: Vec<Typed<StudentBox>>, left: &mut Vec<String>) {
        let boxes = self.boxes.students.entry(member.who.clone()).or_default();
        for Typed { what, entry, place } in typed {
            let fact = member.fact(what);
            if !fact.is_empty() {
                // The list tells it now; another word of the teacher's is told.
                left.extend((!entry.is_text(fact)).then_some(place));
                continue;
            }
            let joins = matches!(what, StudentBox::Performance | StudentBox::Plan);
            self.count += usize::from(filled(boxes.entry(what), entry, joins, place, left));
        }
    }
}

/// Fills a box; of two texts for one box the second is joined to the first where both can stand, else it is left.
fn filled<B: Ord>(slot: Slot<'_, B, Entry>, entry: Entry, joins: bool, place: String, left: &mut Vec<String>) -> bool {
    let mut slot = match slot {
        Slot::Vacant(slot) => {
            slot.insert(entry);
            return true;
        }
        Slot::Occupied(slot) => slot,
    };
    if *slot.get() == entry {
        return false;
    }
    match (slot.get_mut(), entry) {
        (Entry::Text(first), Entry::Text(second)) if joins => {
            if !first.lines().any(|line| line == second) {
                first.push('\n');
                first.push_str(&second);
            }
            true
        }
        _ => {
            left.push(place);
            false
        }
    }
}

/// A name as it is compared.
fn plain(name: &str) -> String {
    name.split_whitespace().collect()
}

impl Everybody {
    fn of(new: &[&Wanted<'_>], lang: Lang) -> Self {
        let mut all = Self {
            members: Vec::new(),
            by_id: HashMap::new(),
            by_id_and_name: HashMap::new(),
            by_name: HashMap::new(),
            group_of: Vec::new(),
            classes: Vec::new(),
        };
        for charge in new.iter().flat_map(|wanted| &wanted.charges) {
            all.classes.push(charge.group.class.clone());
            for member in members(charge, lang) {
                let (at, class, name) = (all.members.len(), member.who.0.clone(), plain(&member.name));
                all.by_id.insert((class.clone(), member.id.clone()), at);
                all.by_id_and_name.entry((member.id.clone(), name.clone())).or_default().push(at);
                all.by_name.entry((class, name)).or_default().push(at);
                all.group_of.push(charge.group.id.clone());
                all.members.push(member);
            }
        }
        all.classes.sort_by_key(|class| std::cmp::Reverse(class.len()));
        all.classes.dedup();
        all
    }

    /// The student of an old register: of the same class and id unless the name is another's; else the only one of this id and
    /// name in the school, or of this name in the class.
    fn find(&self, title: &str, student: &StudentTexts) -> Option<usize> {
        let name = plain(&student.name);
        let class = self.classes.iter().find(|class| {
            title
                .strip_prefix(class.trim())
                .is_some_and(|rest| class.is_empty() || rest.is_empty() || rest.starts_with(' '))
        });
        let same_id = class.and_then(|class| self.by_id.get(&(class.clone(), student.id.clone())).copied());
        let agrees = |&at: &usize| name.is_empty() || plain(&self.members[at].name) == name;
        let only = |found: Option<&Vec<usize>>| match found.map(Vec::as_slice) {
            Some([one]) => Some(*one),
            _ => None,
        };
        same_id.filter(agrees).or_else(|| {
            let named = (!name.is_empty()).then_some(name.clone())?;
            let in_school = only(self.by_id_and_name.get(&(student.id.clone(), named.clone())));
            in_school.or_else(|| only(self.by_name.get(&(class?.clone(), named))))
        })
    }

    /// The group that most of an old group's members are in now.
    fn group(&self, homes: &[Option<usize>]) -> Option<&str> {
        let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
        for at in homes.iter().flatten() {
            *shared.entry(self.group_of[*at].as_str()).or_default() += 1;
        }
        let (id, most) = shared.into_iter().max_by_key(|(_, members)| *members)?;
        (2 * most > homes.len()).then_some(id)
    }
}
