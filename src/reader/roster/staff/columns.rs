//! Header words of staff lists: what a header cell names, and the fields of a header by column.

use crate::roster::heading;
use crate::roster::table::Row;
use crate::roster::tell::Tell;
use crate::roster::why::Why;
use crate::roster::{Field as ListField, RowPlace, column_letters, fold, vocabulary};
use crate::words;
use std::collections::BTreeMap;

/// What a column of a staff list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Field {
    Id,
    Name,
    Family,
    Given,
    Classes,
    Subjects,
    MaxGroups,
    MaxStudents,
    MaxVisits,
    Prefers,
    Group,
    Avoids,
    Must,
    Duties,
    Grade,
    Status,
    GroupNames,
}

/// The fields by their words in the vocabulary.
const FIELDS: [(Field, &str); 17] = [
    (Field::Id, "id"),
    (Field::Name, "name"),
    (Field::Family, "family"),
    (Field::Given, "given"),
    (Field::Classes, "classes"),
    (Field::Subjects, "subjects"),
    (Field::MaxGroups, "max_groups"),
    (Field::MaxStudents, "max_students"),
    (Field::MaxVisits, "max_visits"),
    (Field::Prefers, "prefers"),
    (Field::Group, "group"),
    (Field::Avoids, "avoids"),
    (Field::Must, "must"),
    (Field::Duties, "duties"),
    (Field::Grade, "grade"),
    (Field::Status, "status"),
    (Field::GroupNames, "group_names"),
];

/// Fields of which a list may have several columns.
const SEVERAL: [Field; 7] =
    [Field::Classes, Field::Subjects, Field::Prefers, Field::Avoids, Field::Status, Field::Duties, Field::GroupNames];

/// Fields whose words may stand behind others.
const ENDING: [Field; 4] = [Field::Id, Field::Name, Field::Classes, Field::Subjects];

/// The shortest word that counts also at the end of a longer header: 2025年秋任教班级.
const LONG: usize = 4;

/// Whether a header is that of the names that teachers write for groups.
#[must_use]
pub fn names_groups(header: &str) -> bool {
    word(header) == Some(Field::GroupNames)
}

/// Whether a header is that of what teachers wish for.
#[must_use]
pub fn are_wishes(header: &str) -> bool {
    word(header) == Some(Field::Prefers)
}

/// What headers of ids of teachers speak of, and of no student's.
const OF_TEACHERS: [&str; 6] = ["工", "教", "职", "teacher", "staff", "employee"];

/// Ids that fit less well (a row count, an address) anybody may have.
const OF_STUDENTS: u8 = 8;

/// Whether a header speaks of teachers by its words.
fn speaks_of_teachers(header: &str) -> bool {
    let key = fold::key(header);
    OF_TEACHERS.iter().any(|word| key.contains(word))
}

/// Whether these are headers of a list of teachers or of claims: one names what only these have, and none what only students have.
/// Beside other names those of teachers are the students'.
#[must_use]
pub fn are_of_teachers<'a>(headers: impl Iterator<Item = &'a str>) -> bool {
    let (mut teachers, mut students, mut named, mut teachers_named) = (false, false, false, false);
    for header in headers {
        let (own, listed) = (word(header), heading::word(header));
        let is_listed = |field: &ListField| listed.as_ref().is_some_and(|meaning| meaning.field == *field);
        teachers |= match own {
            Some(Field::Prefers) => fold::key(header).contains("认领"),
            Some(Field::Id) => speaks_of_teachers(header),
            Some(Field::Classes) => !is_listed(&ListField::Class),
            _ => vocabulary::is_staff(&vocabulary::word_key(header), "only"),
        };
        named |= is_listed(&ListField::Name);
        teachers_named |= own == Some(Field::Name) && listed.is_none() && speaks_of_teachers(header);
        let fit = listed.as_ref().map_or(0, |meaning| meaning.fit);
        students |= is_listed(&ListField::Id) && fit >= OF_STUDENTS && own != Some(Field::Id);
    }
    (teachers || (teachers_named && !named)) && !students
}

/// Whether headers are those of the staff list that this program asks for: classes or subjects taught, and a limit.
#[must_use]
pub fn are_staff_format<'a>(headers: impl Iterator<Item = &'a str>) -> bool {
    let fields: Vec<Field> = headers.filter_map(word).collect();
    let any = |wanted: &[Field]| wanted.iter().any(|field| fields.contains(field));
    any(&[Field::Classes, Field::Subjects]) && any(&[Field::MaxGroups, Field::MaxStudents, Field::MaxVisits])
}

/// The field that a header names.
pub(super) fn word(text: &str) -> Option<Field> {
    let words = heading::words(text);
    let field = |word: &str| {
        let key = vocabulary::word_key(word);
        FIELDS.iter().find(|(_, of)| vocabulary::is_staff(&key, of)).map(|(field, _)| *field)
    };
    let whole = words.iter().find_map(|word| field(word));
    let numbered = || words.iter().find_map(|word| field(unnumbered(word)));
    // A limit of a week is none of a semester: only what names people and classes may stand behind other words.
    let ends = || {
        let key = words.first()?;
        let long = |word: &str| word.chars().count() >= LONG && word.contains(fold::is_han) && key.ends_with(word);
        let mut fields = FIELDS.iter().filter(|(field, _)| ENDING.contains(field));
        fields.find(|(_, of)| vocabulary::staff_words(of).any(long)).map(|(field, _)| *field)
    };
    whole.or_else(numbered).or_else(ends)
}

/// What stands before a header in English, behind its number or alone.
const ORDINALS: [&str; 7] = ["st", "nd", "rd", "th", "first", "second", "third"];

/// A header without its place among several: 第一志愿, 志愿1, 任教班级2.
fn unnumbered(word: &str) -> &str {
    let numeral = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let word = word.strip_prefix('第').map_or(word, |rest| rest.trim_start_matches(numeral));
    let ordinal =
        ORDINALS.iter().find_map(|ordinal| word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(ordinal));
    let word = ordinal.filter(|rest| !rest.is_empty()).map_or(word, str::trim_start);
    word.trim_end_matches(numeral)
}

/// Whether a header speaks of a limit.
fn is_limit(text: &str) -> bool {
    let key = fold::key(text);
    vocabulary::staff_words("limit")
        .any(|word| if word.is_ascii() { key.starts_with(word) } else { key.contains(word) })
}

/// The fields of a header by column.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    columns: Vec<(Field, usize, String)>,
    /// Columns that are headed by a class; their cells say that a teacher teaches it, by a tick or a subject.
    pub(super) classes: Vec<(usize, String)>,
    /// Columns that are headed by a subject or an office and hold classes.
    pub(super) roles: Vec<(usize, String)>,
    /// Columns that are not read.
    unused: Vec<(usize, String)>,
}

impl Head {
    /// The fields of header cells by column.
    pub(super) fn of(heads: &BTreeMap<usize, String>) -> Self {
        let mut head = Self::default();
        for (&column, text) in heads {
            match word(text).filter(|field| SEVERAL.contains(field) || head.column(*field).is_none()) {
                Some(field) => head.columns.push((field, column, text.clone())),
                None => head.unused.push((column, text.clone())),
            }
        }
        head
    }

    /// Makes a column that was not read one of classes below a subject or an office.
    pub(super) fn take_role(&mut self, column: usize) {
        let taken = self.take(column);
        self.roles.extend(taken);
    }

    /// Makes a column that was not read one below a class.
    pub(super) fn take_class(&mut self, column: usize) {
        let taken = self.take(column);
        self.classes.extend(taken);
    }

    fn take(&mut self, column: usize) -> Option<(usize, String)> {
        let at = self.unused.iter().position(|(unused, _)| *unused == column)?;
        Some(self.unused.remove(at))
    }

    /// Gives a column a field.
    pub(super) fn put(&mut self, field: Field, column: usize, text: String) {
        self.columns.push((field, column, text));
        self.columns.sort_by_key(|(_, column, _)| *column);
    }

    /// The first column of a field.
    pub(super) fn column(&self, field: Field) -> Option<usize> {
        self.all(field).next()
    }

    /// The columns of a field, from left to right.
    pub(super) fn all(&self, field: Field) -> impl Iterator<Item = usize> {
        self.columns.iter().filter(move |(other, _, _)| *other == field).map(|(_, column, _)| *column)
    }

    /// The column of the name, or of a half of it.
    pub(super) fn name(&self) -> Option<usize> {
        [Field::Name, Field::Given, Field::Family].into_iter().find_map(|field| self.column(field))
    }

    /// The header of a field as written.
    pub(super) fn header(&self, field: Field) -> &str {
        self.columns.iter().find(|(other, _, _)| *other == field).map_or("", |(_, _, header)| header)
    }

    /// The header of a column that has a field.
    pub(super) fn header_of(&self, column: usize) -> &str {
        self.columns.iter().find(|(_, other, _)| *other == column).map_or("", |(_, _, header)| header)
    }

    /// How many fields it names.
    pub(super) fn worth(&self) -> usize {
        let mut fields = self.fields();
        fields.dedup();
        fields.len() + self.classes.len() + self.roles.len()
    }

    /// The fields, for comparing the headers of two sheets.
    pub(super) fn fields(&self) -> Vec<Field> {
        let mut fields: Vec<Field> = self.columns.iter().map(|(field, _, _)| *field).collect();
        fields.sort_unstable();
        fields
    }

    /// Columns without a field.
    pub(super) fn unused(&self) -> impl Iterator<Item = (usize, &str)> {
        self.unused.iter().map(|(column, text)| (*column, text.as_str()))
    }

    /// Tells the columns that are not read; one that speaks of a limit is refused, for without it the model's would hold unseen.
    pub(super) fn tell_unused(&self, place: &RowPlace, is_claims: bool, tell: &mut Tell<'_>) {
        let aside = |field: Field| matches!(field, Field::Group | Field::GroupNames) && !is_claims;
        let aside = self.columns.iter().filter(|(field, _, _)| aside(*field)).map(|(_, at, text)| (*at, text.clone()));
        let mut unused: Vec<(usize, String)> = aside.chain(self.unused.iter().cloned()).collect();
        unused.sort();
        for (column, text) in unused.iter().filter(|(_, text)| is_limit(text) && !is_claims) {
            let why = Why {
                found: words!("“{text}”列，看不出是哪一种上限", "the column “{text}”, a limit of an unknown kind"),
                expected: words!(
                    "小组上限、学生上限或家访上限（每学期几次）",
                    "max_groups, max_students or max_visits (of a semester)"
                ),
                action: words!(
                    "请改成其中一种表头，或删去这一列",
                    "give it one of these headers, or delete the column"
                ),
            };
            tell.fault("unknown_limit", &place.cell(Some(*column)), why);
        }
        if let Some((first, _)) = unused.first() {
            let list: Vec<String> =
                unused.iter().map(|(column, text)| format!("{text} ({})", column_letters(*column))).collect();
            let list = list.join(", ");
            let message = words!("这些列没有用到：{list}", "these columns are not used: {list}");
            tell.notice("column_carried", place.cell(Some(*first)), message);
        }
    }

    /// Whether the row repeats the header.
    pub(super) fn repeats(&self, row: &Row) -> bool {
        !self.columns.is_empty()
            && self.columns.iter().all(|(_, column, header)| header.contains(&row.cell(*column).shown()))
            && self.columns.iter().any(|(_, column, _)| !row.cell(*column).is_blank())
    }
}
