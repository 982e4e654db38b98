//! What a piece of a cell may mean: one class, several, from one to another, a whole grade, all of the school.

use super::labels::{labels, range};
use super::parse::{grades, readings};
use super::words::{GRADE, GROUPS, TO, WHOLE, WHOLE_GRADE, WHOLE_SCHOOL, is_one, leading, without_trailing};
use super::{ClassName, Grade, Label};

/// What a piece means, in the order in which meanings are tried.
#[derive(Clone, Debug)]
pub(super) enum Meaning {
    /// Each of these classes.
    Names(Vec<ClassName>),
    /// From the first of these to the second, of another grade.
    Between(ClassName, ClassName),
    /// All classes of a grade.
    Grade(Grade),
    /// All classes of the only grade.
    OnlyGrade,
    /// All classes.
    School,
}

impl Meaning {
    pub(super) fn grade(&self) -> Option<Grade> {
        match self {
            Self::Names(names) => names.last().and_then(|name| name.grade),
            Self::Between(_, last) => last.grade,
            Self::Grade(grade) => Some(*grade),
            Self::OnlyGrade | Self::School => None,
        }
    }

    pub(super) fn is_range(&self) -> bool {
        matches!(self, Self::Names(names) if names.len() > 1)
    }
}

pub(super) fn with_grade(meaning: &Meaning, grade: Grade) -> Option<Meaning> {
    match meaning {
        Meaning::Names(names) if names.iter().all(|name| name.grade.is_none()) => {
            let of = |name: &ClassName| ClassName { grade: Some(grade), ..name.clone() };
            Some(Meaning::Names(names.iter().map(of).collect()))
        }
        Meaning::OnlyGrade => Some(Meaning::Grade(grade)),
        _ => None,
    }
}

pub(super) fn meanings_of(plain: &str) -> Vec<Meaning> {
    let mut meanings: Vec<Meaning> = readings(plain).into_iter().map(|name| Meaning::Names(vec![name])).collect();
    meanings.extend(whole(plain));
    for (grade, rest) in grades(plain) {
        meanings.extend(labels(rest).map(|labels| of_grade(Some(grade), &labels)));
    }
    meanings.extend(labels(plain).filter(|_| !plain.contains(['.', ' '])).map(|labels| of_grade(None, &labels)));
    meanings.extend(of_group(plain));
    meanings.extend(between_names(plain));
    meanings
}

pub(super) fn of_grade(grade: Option<Grade>, labels: &[Label]) -> Meaning {
    let of = |label: &Label| ClassName { grade, label: Some(*label), track: String::new() };
    Meaning::Names(labels.iter().map(of).collect())
}

/// The classes of a group of a kindergarten: 大1-2班.
fn of_group(plain: &str) -> Option<Meaning> {
    let (group, rest) = leading(plain, GROUPS)?;
    let of = |label: Label| ClassName { grade: None, label: Some(label), track: group.to_owned() };
    Some(Meaning::Names(labels(rest)?.into_iter().map(of).collect()))
}

/// 七年级全部, 七年级, 全年级, 全校.
fn whole(plain: &str) -> Option<Meaning> {
    let text = plain.replace(['(', ')'], "");
    if is_one(&text, WHOLE_SCHOOL) {
        return Some(Meaning::School);
    }
    if is_one(&text, WHOLE_GRADE) {
        return Some(Meaning::OnlyGrade);
    }
    let rest = without_trailing(&text, WHOLE);
    let named = rest.unwrap_or(&text);
    if named.is_empty() {
        return rest.map(|_| Meaning::OnlyGrade);
    }
    let named = named.strip_prefix("all").unwrap_or(named);
    let ends = |grade: &str| rest.is_some() || grade.ends_with(['级', '届']) || leading(grade, GRADE).is_some();
    let grade = grades(named).into_iter().find(|(_, rest)| rest.is_empty() && ends(named));
    grade.map(|(grade, _)| Meaning::Grade(grade))
}

/// 七(1)班至七(3)班, 7.1-7.3, 七年级1班至八年级2班: from one class to another.
fn between_names(plain: &str) -> Vec<Meaning> {
    let signs = plain.char_indices().filter(|(_, c)| *c == '-' || TO.contains(c));
    let mut found = Vec::new();
    for (at, sign) in signs {
        let (first, last) = (readings(&plain[..at]), readings(&plain[at + sign.len_utf8()..]));
        for a in &first {
            for b in last.iter().filter(|b| a.grade.is_some() && a.track == b.track) {
                let (Some(x), Some(y)) = (a.label, b.label) else { continue };
                if a.grade == b.grade {
                    found.extend(range(x, y).map(|range| of_grade(a.grade, &range)));
                } else if let (Some(Grade::Number(one)), Some(Grade::Number(other))) = (a.grade, b.grade)
                    && one < other
                {
                    found.push(Meaning::Between(a.clone(), b.clone()));
                }
            }
        }
    }
    found
}

/// The two bare numbers of 1-3 or 1-3班.
pub(super) fn stroked(plain: &str) -> Option<(u16, u16)> {
    let text = plain.strip_suffix('班').unwrap_or(plain);
    let (a, b) = text.split_once('-')?;
    Some((a.parse().ok()?, b.parse().ok()?))
}
