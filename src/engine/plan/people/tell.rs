//! What a matching tells: who is not certain and why, whose id is another's, who came and who left.

use super::{Fate, Matching};
use crate::fault::Notice;
use crate::plan::last::Past;
use crate::words;
use crate::words::Words;

/// More names than these in one sentence help nobody.
const MOST: usize = 10;

/// Why a student is what he or she is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// Found by id, where then or now there is no name.
    ById,
    /// Found by id among several of one name.
    ByIdOfNamesakes,
    /// Several of one name, and nothing tells them apart.
    Namesakes,
    /// The name had another id.
    OtherId(usize),
    /// The id had another name.
    OtherName(usize),
    /// The name had another gender.
    Gender,
    /// Too few of the class are in the old one for a name alone to say who is who.
    Few,
    /// Somebody of the name was in another class.
    Elsewhere,
    /// Neither a name nor an id that says anything.
    Nameless,
    /// Which class was theirs is not certain.
    Class,
}

impl Why {
    /// The reason, for somebody who is unclear.
    fn reason(self, matching: &Matching<'_>) -> Words {
        let past = |p: usize| matching.last.past(p);
        match self {
            Self::Namesakes => words!("同名", "several of the name"),
            Self::OtherId(p) => {
                let id = &past(p).id;
                words!("上学期学号是 {id}", "the id was {id}")
            }
            Self::OtherName(p) => {
                let name = &past(p).name;
                words!("这个学号上学期是 {name}", "the id was {name}'s")
            }
            Self::Gender => words!("性别不同", "another gender"),
            Self::Few => words!("两个班同名的人太少", "the classes share too few names"),
            Self::Elsewhere => words!("上学期别的班有同名的人", "another class had somebody of the name"),
            Self::Nameless | Self::ById | Self::ByIdOfNamesakes => words!("没有姓名", "no name"),
            Self::Class => words!("原来的班级不能确定", "the old class is not certain"),
        }
    }
}

pub(super) fn notices(matching: &Matching<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    for class in matching.roster.classes() {
        let members: Vec<usize> =
            (0..matching.fates.len()).filter(|&s| matching.roster.students[s].class == class).collect();
        let tell = Tell { matching, class: &class, members };
        let told = [
            ("previous_class", tell.renamed()),
            ("previous_unmatched", tell.unmatched()),
            ("previous_unclear", tell.unclear()),
            ("previous_other_name", tell.other_names()),
            ("previous_ids_dealt_anew", tell.dealt_anew()),
            ("previous_namesakes", tell.namesakes()),
            ("previous_by_id", tell.by_id()),
            ("previous_left", tell.left()),
        ];
        let notice = |(code, message): (&'static str, Option<Words>)| {
            message.map(|message| Notice { code, place: class.clone(), message })
        };
        notices.extend(told.into_iter().filter_map(notice));
    }
    notices
}

/// One class's notices.
struct Tell<'a> {
    matching: &'a Matching<'a>,
    class: &'a str,
    members: Vec<usize>,
}

impl Tell<'_> {
    fn count(&self, fate: Fate) -> usize {
        self.members.iter().filter(|&&s| self.matching.fates[s] == fate).count()
    }

    /// The students of the class that something is to be told of.
    fn whys(&self) -> impl Iterator<Item = (usize, Why)> {
        self.matching.whys.iter().copied().filter(|(s, _)| self.matching.roster.students[*s].class == self.class)
    }

    fn home(&self) -> Option<&crate::plan::last::OldClass> {
        self.matching.homes.get(self.class).map(|&at| &self.matching.last.classes[at])
    }

    fn renamed(&self) -> Option<Words> {
        let old = &self.home()?.name;
        let is_other = !old.is_empty() && !self.class.is_empty() && old != self.class;
        is_other.then(|| {
            words!("按学号和姓名，这个班上学期是“{old}”", "by ids and names this was the class \"{old}\" last semester")
        })
    }

    fn unmatched(&self) -> Option<Words> {
        let (students, without) = (self.members.len(), self.count(Fate::New));
        (without > 0).then(|| {
            words!(
                "{students} 名学生中有 {without} 名没有找到上学期在这个班的小组",
                "no old group of this class was found for {without} of {students} students"
            )
        })
    }

    fn unclear(&self) -> Option<Words> {
        let mut reasons: Vec<(usize, Words)> = Vec::new();
        for (s, why) in self.whys().filter(|(s, _)| self.matching.fates[*s] == Fate::Unclear) {
            if reasons.iter().all(|(other, _)| *other != s) {
                reasons.push((s, why.reason(self.matching)));
            }
        }
        let count = reasons.len();
        let one = |(s, why): (usize, Words)| {
            let who = self.who(s);
            let (zh, en) = (why.zh, why.en);
            words!("{who}（{zh}）", "{who} ({en})")
        };
        let list = list(reasons.into_iter().map(one))?;
        let (zh, en) = (list.zh, list.en);
        Some(words!(
            "{count} 名学生不能确定是不是上学期的同一个人，换组和老搭档都没有算上他们，因此也没有证明：{zh}",
            "{count} students cannot be told for certain from last semester; moves and partners leave them out, so nothing about these is proved: {en}"
        ))
    }

    fn other_names(&self) -> Option<Words> {
        let one = |(s, why): (usize, Why)| match why {
            Why::OtherName(p) => Some(self.other(s, p)),
            _ => None,
        };
        let list = list(self.whys().filter_map(one))?;
        let (zh, en) = (list.zh, list.en);
        Some(words!("学号现在是另一个姓名：{zh}", "ids that carry another name now: {en}"))
    }

    fn dealt_anew(&self) -> Option<Words> {
        let one = |(s, why): (usize, Why)| match why {
            Why::OtherId(p) if self.matching.fates[s] == Fate::Was(p) => {
                let (name, then, now) =
                    (self.name(s), &self.matching.last.past(p).id, &self.matching.roster.students[s].id);
                Some(words!("{name} {then} → {now}", "{name} {then} → {now}"))
            }
            _ => None,
        };
        let list = list(self.whys().filter_map(one))?;
        let (zh, en) = (list.zh, list.en);
        Some(words!("学号重新编过，按姓名对应：{zh}", "ids were dealt anew; matched by name: {en}"))
    }

    fn namesakes(&self) -> Option<Words> {
        let of = self.whys().filter(|(_, why)| *why == Why::ByIdOfNamesakes).map(|(s, _)| self.who(s));
        let list = list(of.map(|who| words!("{who}", "{who}")))?;
        let (zh, en) = (list.zh, list.en);
        Some(words!("同名的学生按学号区分：{zh}", "students of one name, told apart by id: {en}"))
    }

    fn by_id(&self) -> Option<Words> {
        let count = self.whys().filter(|(_, why)| *why == Why::ById).count();
        (count > 0).then(|| {
            words!(
                "{count} 名学生没有姓名可对，只按学号对应",
                "{count} students were matched by id alone: no names to compare"
            )
        })
    }

    /// Who of the old class is not found again.
    fn left(&self) -> Option<Words> {
        let found: std::collections::HashSet<usize> = self.matching.found().map(|(_, p)| p).collect();
        let gone = self.home()?.people.clone().filter(|p| !found.contains(p));
        let gone: Vec<&Past> = gone.map(|p| self.matching.last.past(p)).collect();
        let count = gone.len();
        let name = |past: &Past| if past.name.is_empty() { past.id.clone() } else { past.name.clone() };
        let list = list(gone.into_iter().map(name).map(|who| words!("{who}", "{who}")))?;
        let (zh, en) = (list.zh, list.en);
        Some(words!(
            "上学期的 {count} 人没有对上现在的学生：{zh}",
            "{count} of last semester are nobody for certain now: {en}"
        ))
    }

    fn other(&self, s: usize, p: usize) -> Words {
        let (id, then, now) = (&self.matching.roster.students[s].id, &self.matching.last.past(p).name, self.name(s));
        words!("{id}（原来 {then}，现在 {now}）", "{id} ({then} then, {now} now)")
    }

    fn name(&self, s: usize) -> &str {
        let student = &self.matching.roster.students[s];
        if student.name.is_empty() { &student.id } else { &student.name }
    }

    /// Name and id.
    fn who(&self, s: usize) -> String {
        let (name, id) = (self.name(s), &self.matching.roster.students[s].id);
        if name == id { name.to_owned() } else { format!("{name} {id}") }
    }
}

/// The first few, and how many there are; none where there is nobody.
fn list(of: impl Iterator<Item = Words>) -> Option<Words> {
    let all: Vec<Words> = of.collect();
    let more = all.len().saturating_sub(MOST);
    let join = |word: fn(&Words) -> &str, sep: &str| all.iter().take(MOST).map(word).collect::<Vec<_>>().join(sep);
    let (zh, en) = (join(|words| &words.zh, "、"), join(|words| &words.en, ", "));
    match (all.is_empty(), more) {
        (true, _) => None,
        (false, 0) => Some(words!("{zh}", "{en}")),
        _ => Some(words!("{zh} 等，另有 {more} 人", "{en}, and {more} more")),
    }
}
