//! The words that the reader knows, from `vocabulary.txt`: one table, so that a new word is a line and no code. What a header says
//! is worked out from them in [`heading`](super::heading).

use super::field::{Field, Form, Part};
use super::fold::{fold, full_width, half_width, is_letter, is_space, key};
use aho_corasick::AhoCorasick;
use foldhash::HashMap;
use std::collections::HashSet;
use std::sync::LazyLock;

/// What a whole header word says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Entry {
    /// A field of the list.
    Field(Field, u8),
    /// Something that helps to read other columns.
    Part(Part),
    /// Understood, and never used.
    Carried,
}

/// What stands behind a subject or total.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Suffix {
    /// 成绩, score.
    Mark,
    /// 名次, rank.
    Rank,
    /// 等级, grade.
    Grade,
    /// 进退步.
    Progress,
    /// 费: something to pay for, whatever stands before it.
    Money,
}

/// What stands in brackets beside a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Qualifier {
    /// Which kind of mark.
    Form(Form),
    /// A rank or a comment, no mark.
    NoMark,
    /// A learning platform's word for an item of its gradebook.
    Item,
}

/// What a row or a cell word makes of its row or cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Is {
    /// 缺考, N/A …: known to have no mark.
    Absent,
    /// 是, yes …
    Yes,
    /// 否, no …
    No,
    /// 男.
    Male,
    /// 女.
    Female,
    /// Another gender.
    OtherGender,
    /// A gender that is not told.
    UnsaidGender,
    /// Has left, or is not in class for long.
    Gone,
    /// Has come, or come back.
    Back,
    /// Within a text, says that somebody has left or is away for long.
    GoneStem,
    /// Begins like such a word, or holds one, and says nothing.
    NoStem,
    /// Begins a text that is about the family.
    Family,
    /// The state of those who are there; tells a column of states.
    Here,
    /// The state of those who are there, in a column of states.
    HereToo,
    /// A header that asks who is there.
    Presence,
    /// Stands in such a header and says nothing.
    PresenceAside,
    /// A role that students have among themselves.
    StudentPost,
    /// A header of classes that are not those of now.
    OtherClass,
    /// A header of grades or years.
    GradeHeader,
    /// Begins a text about where somebody has gone …
    Going,
    /// … to study, at its end.
    Studying,
    /// Makes the opposite of the word behind it.
    Denied,
    /// Does so within a text.
    DeniedWithin,
    /// A student among users.
    StudentRole,
    /// Another user.
    OtherRole,
    /// Sleeps at home.
    Day,
    /// Sleeps at school.
    Boards,
    /// Somebody near a student, or what a student says of others.
    Kin,
    /// A year of study.
    ClassYear,
    /// Part of a statistic's label.
    StatisticPart,
    /// A statistic's label.
    StatisticWhole,
    /// The beginning of a note.
    NoteStart,
    /// Part of a note.
    NotePart,
    /// An office, beside which stands somebody who is no student.
    Office,
    /// Stands in the place of a name and names nobody.
    Pseudo,
    /// A made-up student.
    Test,
    /// Marks the row of an example, in the place of a number or in a remark.
    Example,
    /// Within a remark …
    ExamplePart,
    /// … with one of these: an example that is to be deleted.
    ExampleAway,
}

/// The table, parsed.
#[derive(Default)]
pub(super) struct Table {
    pub(super) headers: HashMap<&'static str, Entry>,
    /// `(name, word)`, in the file's order.
    pub(super) exams: Vec<(&'static str, &'static str)>,
    pub(super) suffixes: Vec<(&'static str, Suffix)>,
    pub(super) openings: Vec<&'static str>,
    pub(super) closings: Vec<&'static str>,
    pub(super) qualifiers: HashMap<&'static str, Qualifier>,
    /// In the file's order: the usual word of a field first.
    fields: Vec<(Field, &'static str)>,
    words: HashMap<Is, Vec<&'static str>>,
    values: HashMap<&'static str, Vec<Is>>,
    scales: Vec<Vec<&'static str>>,
    /// Words of staff lists by what they say.
    staff: HashMap<&'static str, HashSet<&'static str>>,
    /// Traditional signs and the simplified ones in their place.
    simplified: HashMap<char, char>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    for line in include_str!("vocabulary.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut parts = line.split_whitespace();
        if let (Some(kind), Some(meaning), Some(fit)) = (parts.next(), parts.next(), parts.next()) {
            table.add(kind, meaning, fit.parse().unwrap_or(0), &parts.collect::<Vec<_>>());
        }
    }
    // Of two suffixes the longer one is meant.
    table.suffixes.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
    table
});

/// The one table.
pub(super) fn table() -> &'static Table {
    &TABLE
}

impl Table {
    fn add(&mut self, kind: &str, meaning: &'static str, fit: u8, words: &[&'static str]) {
        let entry = match kind {
            "header" => meaning.parse::<Field>().ok().map(|field| Entry::Field(field, fit)),
            "subject" => Some(Entry::Field(Field::Score(meaning.to_owned()), 10)),
            "part" => Part::named(meaning).map(Entry::Part),
            "carried" => Some(Entry::Carried),
            _ => None,
        };
        if let Some(entry) = entry {
            for &word in words {
                if let Entry::Field(field, _) = &entry {
                    self.fields.push((field.clone(), word));
                }
                self.headers.entry(word).or_insert_with(|| entry.clone());
            }
            return;
        }
        match kind {
            "exam" => self.exams.extend(words.iter().map(|&word| (meaning, word))),
            "opening" => self.openings.extend(words),
            "closing" => self.closings.extend(words),
            "suffix" => {
                let suffix = match meaning {
                    "mark" => Suffix::Mark,
                    "rank" => Suffix::Rank,
                    "grade" => Suffix::Grade,
                    "money" => Suffix::Money,
                    _ => Suffix::Progress,
                };
                self.suffixes.extend(words.iter().map(|&word| (word, suffix)));
            }
            "qualifier" => {
                let qualifier = match meaning {
                    "item" => Qualifier::Item,
                    form => Form::named(form).map_or(Qualifier::NoMark, Qualifier::Form),
                };
                self.qualifiers.extend(words.iter().map(|&word| (word, qualifier)));
            }
            "scale" => self.scales.push(words.to_vec()),
            "staff" => self.staff.entry(meaning).or_default().extend(words),
            "simplify" => self.simplified.extend(words.iter().filter_map(|word| {
                let mut signs = word.chars();
                signs.next().zip(signs.next())
            })),
            "row" | "cell" | "classyear" => self.add_values(meaning, words),
            _ => {}
        }
    }

    fn add_values(&mut self, meaning: &str, words: &[&'static str]) {
        let Some(is) = is_named(meaning) else { return };
        self.words.entry(is).or_default().extend(words);
        for &word in words {
            self.values.entry(word).or_default().push(is);
        }
    }
}

fn is_named(meaning: &str) -> Option<Is> {
    Some(match meaning {
        "absent" => Is::Absent,
        "yes" => Is::Yes,
        "no" => Is::No,
        "male" => Is::Male,
        "female" => Is::Female,
        "gender-other" => Is::OtherGender,
        "gender-unsaid" => Is::UnsaidGender,
        "gone" => Is::Gone,
        "back" => Is::Back,
        "gone-stem" => Is::GoneStem,
        "no-stem" => Is::NoStem,
        "family" => Is::Family,
        "here" => Is::Here,
        "here-too" => Is::HereToo,
        "presence" => Is::Presence,
        "presence-aside" => Is::PresenceAside,
        "student-post" => Is::StudentPost,
        "other-class" => Is::OtherClass,
        "grade-header" => Is::GradeHeader,
        "going" => Is::Going,
        "studying" => Is::Studying,
        "denied" => Is::Denied,
        "denied-within" => Is::DeniedWithin,
        "student-role" => Is::StudentRole,
        "other-role" => Is::OtherRole,
        "day" => Is::Day,
        "boards" => Is::Boards,
        "kin" => Is::Kin,
        "classyear" => Is::ClassYear,
        "statistic-part" => Is::StatisticPart,
        "statistic-whole" => Is::StatisticWhole,
        "note-start" => Is::NoteStart,
        "note-part" => Is::NotePart,
        "office" => Is::Office,
        "pseudo" => Is::Pseudo,
        "test" => Is::Test,
        "example" => Is::Example,
        "example-part" => Is::ExamplePart,
        "example-away" => Is::ExampleAway,
        _ => return None,
    })
}

/// The words of one kind.
pub(super) fn words(is: Is) -> &'static [&'static str] {
    TABLE.words.get(&is).map_or(&[], Vec::as_slice)
}

/// Every sign that a word of rows begins with, or that makes a note or a count of a text, by its code.
static ROW_SIGNS: LazyLock<Vec<bool>> = LazyLock::new(|| {
    let starts = row_words().filter_map(|word| word.chars().next());
    by_code(&starts.chain(":年人名位".chars()).collect())
});

/// Finds the words of rows that are written in Latin letters.
static LATIN_ROW_WORDS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(row_words().filter(|word| word.is_ascii()))
        .unwrap_or_else(|error| unreachable!("a few short words: {error}"))
});

/// The words that say of a row what it is.
fn row_words() -> impl Iterator<Item = &'static str> {
    let of_statistics = [Is::StatisticPart, Is::StatisticWhole];
    let of_others = [Is::NoteStart, Is::NotePart, Is::Office, Is::Pseudo, Is::Test, Is::Example];
    let kinds = of_statistics.into_iter().chain(of_others);
    kinds.flat_map(words).copied()
}

/// Every sign that a word of rows or cells begins with, by its code.
static FIRST_SIGNS: LazyLock<Vec<bool>> =
    LazyLock::new(|| by_code(&TABLE.values.keys().filter_map(|word| word.chars().next()).collect()));

/// Which signs are among these, are capital, full-width or traditional ones for them, by their codes.
pub(super) fn by_code(signs: &HashSet<char>) -> Vec<bool> {
    let traditional = TABLE.simplified.iter().filter(|(_, simple)| signs.contains(simple)).map(|(sign, _)| *sign);
    let small: Vec<char> = signs.iter().copied().chain(traditional).collect();
    let capital = small.iter().flat_map(|c| c.to_uppercase());
    let half: Vec<char> = capital.chain(small.iter().copied()).collect();
    let all: Vec<usize> = half.iter().flat_map(|c| [*c, full_width(*c)]).map(|c| c as usize).collect();
    let mut is_one = vec![false; all.iter().max().map_or(0, |last| last + 1)];
    for sign in all {
        is_one[sign] = true;
    }
    is_one
}

/// Whether some word of rows may be in a text; spares most names and numbers the look for each.
pub(super) fn may_be_row_word(text: &str) -> bool {
    const LONGEST: usize = 64;
    if text.is_ascii() && text.len() <= LONGEST {
        // As `key` writes it: ids and English names hold many signs of words, and hardly ever a word.
        let (mut key, mut length) = ([0; LONGEST], 0);
        for byte in text.bytes().filter(u8::is_ascii_alphanumeric) {
            key[length] = byte.to_ascii_lowercase();
            length += 1;
        }
        return text.contains(':') || LATIN_ROW_WORDS.is_match(&key[..length]);
    }
    let signs = &*ROW_SIGNS;
    text.chars().any(|c| signs.get(c as usize) == Some(&true))
}

/// A text as the words of the table are written: its [`key`] in simplified signs.
#[must_use]
pub fn word_key(text: &str) -> String {
    let word = key(text);
    if word.contains(|c| TABLE.simplified.contains_key(&c)) { word.chars().map(simplified).collect() } else { word }
}

/// The simplified sign that stands for a traditional one in the table.
#[must_use]
pub fn simplified(c: char) -> char {
    TABLE.simplified.get(&c).copied().unwrap_or(c)
}

/// Whether a text is a word of a kind, as [`word_key`] compares.
#[must_use]
pub fn is(text: &str, kind: Is) -> bool {
    // No word of the table is as long, and few texts begin as one; spares most text the work.
    let mut signs = text.chars().flat_map(|c| half_width(c).to_lowercase());
    let first = signs.find(|c| is_letter(*c) || c.is_alphanumeric());
    let may_be = text.len() <= 80 && first.is_some_and(|c| FIRST_SIGNS.get(c as usize) == Some(&true));
    may_be && TABLE.values.get(word_key(text).as_str()).is_some_and(|kinds| kinds.contains(&kind))
}

/// The words of staff lists that say this.
pub(super) fn staff_words(meaning: &str) -> impl Iterator<Item = &'static str> {
    TABLE.staff.get(meaning).into_iter().flatten().copied()
}

/// Whether a word of staff lists says this; it is compared as written in the table.
pub(super) fn is_staff(word: &str, meaning: &str) -> bool {
    TABLE.staff.get(meaning).is_some_and(|words| words.contains(word))
}

/// The usual header of a field; empty where there is none.
#[must_use]
pub fn first_word(field: &Field) -> &'static str {
    TABLE.fields.iter().find(|(known, _)| known == field).map_or("", |(_, word)| word)
}

/// The scale of grades that holds every one of the words, and the step of each word counted from the best (0). Signs that
/// look alike and blanks do not matter. Of several scales the one in which the words stand closest together is meant.
#[must_use]
pub fn scale<'a>(words: impl Iterator<Item = &'a str>) -> Option<Vec<(&'a str, usize)>> {
    let words: Vec<(&str, String)> = words.map(|word| (word, grade(word))).collect();
    let steps = |scale: &Vec<&str>| {
        let step = |(word, grade): &(&'a str, String)| Some((*word, scale.iter().position(|known| known == grade)?));
        words.iter().map(step).collect::<Option<Vec<_>>>()
    };
    let mut fitting = TABLE.scales.iter().filter_map(steps).filter(|steps| !steps.is_empty());
    let first = fitting.next()?;
    Some(fitting.fold(first, |best, next| {
        let width = |steps: &[(&str, usize)]| {
            let all = steps.iter().map(|(_, step)| *step);
            all.clone().max().unwrap_or(0) - all.min().unwrap_or(0)
        };
        if width(&next) < width(&best) { next } else { best }
    }))
}

/// A grade as the table has it.
fn grade(text: &str) -> String {
    let text: String = fold(text).chars().filter(|c| !is_space(*c)).flat_map(char::to_lowercase).collect();
    let text = text.replace(['−', '–', '—', '﹣'], "-").replace('﹢', "+");
    // A等, B级: the letter is the grade.
    match text.strip_suffix(['等', '级']) {
        Some(letter) if !letter.is_empty() && letter.is_ascii() => letter.to_owned(),
        _ => text,
    }
}
