//! What a header says. It may be written in many ways: qualifiers in any brackets, in two languages, numbered like a question, with
//! exam, subject and kind of mark in one cell or one below the other. Words count only whole (after [`word_key`](super::vocabulary::word_key)); nothing is guessed.

mod exams;

use super::field::{Field, Form, Part};
use super::fold::{fold, is_han};
use super::vocabulary::{Entry, Qualifier, Suffix, table, word_key as key};
pub use exams::{exam, is_exam};
use exams::{exam_name, exam_of, numbered, of_exam, split_exam};
use foldhash::{HashMap, HashMapExt as _};
use std::cell::RefCell;

/// What a header says.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning {
    /// The field it names; [`Field::Other`] where it is understood and only helps, or is never used.
    pub field: Field,
    /// What it helps with.
    pub part: Option<Part>,
    /// How well: of two columns for one field the higher fit wins.
    pub fit: u8,
    /// Which exam or group of columns it belongs to (`midterm`, `final`, or the upper header), to tell equal subjects apart.
    pub exam: Option<String>,
    /// Which kind of mark.
    pub form: Form,
}

/// The name of marks whose subject the header does not tell (成绩, score).
const ANY_SUBJECT: &str = "score";
/// The name of grades whose subject the header does not tell (等级).
const ANY_GRADE: &str = "等级";
/// The exam before the one that a list is of: 上次.
const LAST_EXAM: &str = "last_exam";
/// The longest header word or question.
const LONGEST: usize = 240;
/// How many header words are remembered, and how long they are at most.
const REMEMBERED: usize = 1_000;

const LONGEST_REMEMBERED: usize = 60;

thread_local! {
    /// Header words that were met, with their meanings: the same few come again in every list and on every page.
    static MET: RefCell<HashMap<String, Meaning>> = RefCell::new(HashMap::new());
}

impl Meaning {
    fn of(field: Field, fit: u8) -> Self {
        Self { field, part: None, fit, exam: None, form: Form::Plain }
    }

    pub(super) fn carried() -> Self {
        Self::of(Field::Other, 0)
    }

    /// A subject's marks, the subject being told or not.
    fn is_score(&self) -> bool {
        matches!(self.field, Field::Score(_))
    }

    /// Whether it is marks of a subject that the header does not tell.
    pub(super) fn is_any(&self) -> bool {
        matches!(&self.field, Field::Score(name) if name == ANY_SUBJECT || name == ANY_GRADE)
    }
}

/// What one header cell means by itself.
#[must_use]
pub fn word(text: &str) -> Option<Meaning> {
    if text.len() > LONGEST_REMEMBERED {
        return understood(text);
    }
    let met = MET.with_borrow(|met| met.get(text).cloned());
    met.or_else(|| {
        let meaning = understood(text)?;
        MET.with_borrow_mut(|met| {
            if met.len() == REMEMBERED {
                met.clear();
            }
            met.insert(text.to_owned(), meaning.clone());
        });
        Some(meaning)
    })
}

fn understood(text: &str) -> Option<Meaning> {
    if text.len() > LONGEST || !text.contains(char::is_alphabetic) {
        return None; // spares most cells the work below
    }
    let heading = Heading::of(text);
    heading.qualified(heading.meaning())
}

/// Whether a header is that of a count of the rows: 序号.
#[must_use]
pub fn counts_rows(text: &str) -> bool {
    const COUNT: u8 = 1;
    word(text).is_some_and(|meaning| meaning.field == Field::Id && meaning.fit == COUNT)
}

/// What a header cell says without what stands in brackets, as written.
#[must_use]
pub fn core(text: &str) -> String {
    key(&Heading::of(text).core)
}

/// The words that a header cell may be without what stands in brackets, the whole first.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    if text.len() > LONGEST { Vec::new() } else { candidates(&Heading::of(text).core) }
}

/// What a column with header cells above one another means, the uppermost first.
#[must_use]
pub fn header(levels: &[String]) -> Option<Meaning> {
    let (lower, uppers) = levels.split_last()?;
    let low = word(lower)?;
    if uppers.is_empty() {
        return Some(low);
    }
    let known: Vec<Option<Meaning>> = uppers.iter().map(|upper| word(upper)).collect();
    let subject = known.iter().flatten().find(|m| m.is_score() && !m.is_any());
    let total = known.iter().flatten().any(|m| m.field == Field::Total);
    let exams = || uppers.iter().zip(&known).filter_map(|(text, up)| exam_of(text, up.as_ref()));
    let exam = low.exam.clone().or_else(|| exams().reduce(|a, b| format!("{a}_{b}")));
    let no_mark =
        uppers.iter().any(|upper| says_no_mark(upper)) || known.iter().flatten().any(|m| m.field == Field::Rank);
    match (&low.field, subject) {
        (Field::Score(_) | Field::Total, _) if no_mark => Some(Meaning::carried()),
        (Field::Score(_), Some(above)) if low.is_any() => {
            Some(Meaning { exam, form: low.form.max(above.form), ..above.clone() })
        }
        (Field::Score(_), None) if low.is_any() && total => Some(match low.form {
            Form::Letter => Meaning::carried(),
            _ => Meaning { field: Field::Total, fit: 9, ..low },
        }),
        (Field::Rank, Some(_)) => Some(Meaning::carried()),
        _ => Some(Meaning { exam, ..low }),
    }
}

/// A header cell without what stands in brackets.
struct Heading {
    core: String,
    qualifiers: Vec<String>,
    /// Whether a learning platform has marked it as an item of its gradebook.
    is_item: bool,
}

impl Heading {
    fn of(text: &str) -> Self {
        let text = fold(text);
        let (mut core, mut inside, mut qualifiers, mut depth) = (String::new(), String::new(), Vec::new(), 0usize);
        for c in text.chars() {
            match c {
                '(' | '[' | '{' | '【' | '「' | '《' | '〔' | '<' => depth += 1,
                ')' | ']' | '}' | '】' | '」' | '》' | '〕' | '>' if depth > 0 => {
                    depth -= 1;
                    if depth == 0 {
                        qualifiers.push(std::mem::take(&mut inside));
                    }
                }
                c if depth > 0 => inside.push(c),
                c => core.push(c),
            }
        }
        if depth > 0 {
            qualifiers.push(inside); // a bracket that is never closed
        }
        // What the marks are out of: Quiz 1 /20.
        if let Some((before, full)) = core.rsplit_once('/')
            && !full.trim().is_empty()
            && full.trim().bytes().all(|b| b.is_ascii_digit())
        {
            core.truncate(before.len());
        }
        let (core, number) = match core.split_once('|') {
            Some((core, number)) => (core.to_owned(), number.trim().to_owned()),
            None => (core, String::new()),
        };
        let is_number = |text: &str| text.len() >= 4 && text.bytes().all(|b| b.is_ascii_digit());
        let item = |text: &String| is_number(text.trim()) || key(text).contains("totalpts");
        let is_item = qualifiers.iter().any(item) || (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()));
        Self { core: unnumbered(&core).to_owned(), qualifiers, is_item }
    }

    /// The meaning of the core: of several words the one that names more than marks (`score_math` is mathematics); where the rest is
    /// not understood (`Robotics_Score`), the whole is not.
    fn meaning(&self) -> Option<Meaning> {
        let words = candidates(&self.core);
        let mut meanings = words.iter().filter_map(|word| lookup(word, 0));
        let first = meanings.next()?;
        if !first.is_any() {
            return Some(first);
        }
        let understood = |part: &str| {
            let part = key(part);
            !part.contains(char::is_alphabetic) || exam_name(&part).is_some() || lookup(&part, 0).is_some()
        };
        meanings.find(|meaning| !meaning.is_any()).or_else(|| parts(&self.core).all(understood).then_some(first))
    }

    /// The meaning of the core with what the brackets add.
    fn qualified(&self, core: Option<Meaning>) -> Option<Meaning> {
        let (mut forms, mut no_mark, mut exam, mut subject, mut is_item) = (None, false, None, None, self.is_item);
        for qualifier in &self.qualifiers {
            let word = key(qualifier);
            match table().qualifiers.get(word.as_str()) {
                Some(Qualifier::Form(form)) => {
                    forms = forms.max(Some(*form));
                    is_item |= matches!(form, Form::Real | Form::Percentage);
                }
                Some(Qualifier::NoMark) => no_mark = true,
                Some(Qualifier::Item) => is_item = true,
                None if exam_name(&word).is_some() => exam = exam_name(&word).map(str::to_owned),
                None => subject = subject.or_else(|| whole(&word).filter(|m| m.is_score() && !m.is_any())),
            }
        }
        // An item that is called after an exam keeps its name.
        let core = core.filter(|meaning| !(is_item && meaning.is_any() && meaning.exam.is_some()));
        let Some(mut meaning) = core else {
            return match forms {
                Some(Form::Letter) if is_item => Some(Meaning::carried()),
                _ if no_mark => Some(Meaning::carried()),
                _ if is_item => Some(self.item(forms.unwrap_or_default())),
                _ => None,
            };
        };
        if !meaning.is_score() && !matches!(meaning.field, Field::Total | Field::Rank) {
            return Some(meaning);
        }
        if no_mark || (meaning.field == Field::Total && forms == Some(Form::Letter)) {
            return Some(Meaning::carried());
        }
        if meaning.is_any()
            && let Some(subject) = subject
        {
            meaning.field = subject.field;
        }
        if meaning.form != Form::Letter {
            meaning.form = forms.unwrap_or(meaning.form);
        }
        meaning.exam = meaning.exam.or(exam);
        Some(meaning)
    }

    /// An item of a gradebook, named by its own text.
    fn item(&self, form: Form) -> Meaning {
        let name: String = self.core.split(['=', '\n']).collect::<Vec<_>>().join(" ");
        Meaning { form, ..Meaning::of(Field::Score(name.trim().to_owned()), 5) }
    }
}

/// Without a question's number before it and its marks around it: `1、您的姓名：` → `您的姓名`.
fn unnumbered(text: &str) -> &str {
    let text = text.trim_matches(|c: char| c.is_whitespace() || "*:：?？。".contains(c));
    let digits = text.trim_start_matches(['q', 'Q', '第']).trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered = digits.len() < text.len() && text.len() - digits.len() <= 4;
    match digits.trim_start().strip_prefix(['、', '.', ':', ')', '题']) {
        Some(rest) if numbered && !rest.starts_with(|c: char| c.is_ascii_digit()) => {
            rest.trim_start_matches(|c: char| c.is_whitespace() || "、.:：)".contains(c))
        }
        _ => text,
    }
}

/// What stands between the separators of a header's core.
fn parts(core: &str) -> impl Iterator<Item = &str> {
    core.split(['_', '/', '\n', '-', '·', '|'])
}

/// The words that a header's core may be, the whole first.
fn candidates(core: &str) -> Vec<String> {
    let mut words = vec![key(core)];
    let mut add = |word: String| {
        if !word.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    };
    if core.contains(is_han) && core.contains(|c: char| c.is_ascii_alphabetic()) {
        add(key(&core.chars().filter(|c| is_han(*c)).collect::<String>()));
        add(key(&core.chars().filter(|c| !is_han(*c)).collect::<String>()));
    }
    parts(core).for_each(|part| add(key(part)));
    for word in words.clone() {
        let (mut bare, openings, closings) = (word.as_str(), &table().openings, &table().closings);
        while let Some(rest) = openings.iter().find_map(|opening| bare.strip_prefix(opening)) {
            bare = rest;
        }
        let closed = closings.iter().find_map(|closing| bare.strip_suffix(closing));
        for bare in [Some(bare), closed].into_iter().flatten() {
            if !bare.is_empty() && !words.iter().any(|known| known == bare) {
                words.push(bare.to_owned());
            }
        }
    }
    words
}

fn whole(word: &str) -> Option<Meaning> {
    match table().headers.get(word)? {
        Entry::Field(Field::Score(name), fit) if name == ANY_GRADE => {
            Some(Meaning { form: Form::Letter, ..Meaning::of(Field::Score(name.clone()), *fit) })
        }
        Entry::Field(field, fit) => Some(Meaning::of(field.clone(), *fit)),
        Entry::Part(part) => Some(Meaning { part: Some(*part), ..Meaning::carried() }),
        Entry::Carried => Some(Meaning::carried()),
    }
}

/// The meaning of a word, alone or with exam, 是否 or a suffix; `depth` bounds how many exams may stand around it.
fn lookup(word: &str, depth: usize) -> Option<Meaning> {
    if let Some(meaning) = whole(word) {
        return Some(meaning);
    }
    if let Some(flag) = word.strip_prefix("是否").and_then(whole).filter(|m| !m.is_score() && m.field != Field::Rank)
    {
        return Some(flag);
    }
    if let Some(meaning) = suffixed(word).or_else(|| numbered(word)) {
        return Some(meaning);
    }
    if let Some(exam) = exam_name(word) {
        return Some(Meaning { exam: Some(exam.to_owned()), ..Meaning::of(Field::Score(ANY_SUBJECT.to_owned()), 4) });
    }
    if depth == 3 {
        return None;
    }
    let (exam, core) = split_exam(word)?;
    let meaning = lookup(core, depth + 1)?;
    let with = |inner: Option<String>| Some(inner.map_or_else(|| exam.to_owned(), |inner| format!("{exam}_{inner}")));
    match meaning.field {
        Field::Score(_) | Field::Total | Field::Rank => {
            // The last exam is older than one that is called otherwise.
            let less = if exam == LAST_EXAM { 4 } else { 1 };
            Some(Meaning { fit: meaning.fit.saturating_sub(less), exam: with(meaning.exam), ..meaning })
        }
        // The rank or the progress of an exam.
        Field::Other if meaning.part.is_none() => Some(meaning),
        _ => None,
    }
}

/// A subject or total with a word for marks, a rank, a grade or progress behind it; anything that is money.
fn suffixed(word: &str) -> Option<Meaning> {
    for (suffix, kind) in &table().suffixes {
        let Some(stem) = word.strip_suffix(suffix).filter(|stem| !stem.is_empty()) else { continue };
        if *kind == Suffix::Money {
            return Some(Meaning::carried());
        }
        let Some(meaning) = of_exam(stem)
            .or_else(|| numbered(stem))
            .filter(|m| m.field == Field::Total || (m.is_score() && !m.is_any()))
        else {
            continue;
        };
        let fit = meaning.fit.saturating_sub(1);
        return Some(match (kind, &meaning.field) {
            (Suffix::Mark, _) => Meaning { fit, ..meaning },
            (Suffix::Grade, Field::Score(_)) => Meaning { fit, form: Form::Letter, ..meaning },
            _ => Meaning::carried(),
        });
    }
    None
}

/// Whether an upper header makes something other than marks of the columns below it.
fn says_no_mark(upper: &str) -> bool {
    let word = key(upper);
    let suffixes = table().suffixes.iter();
    suffixes
        .filter(|(_, kind)| *kind != Suffix::Mark)
        .any(|(part, _)| word == *part || (part.len() > 3 && word.contains(part)))
}
