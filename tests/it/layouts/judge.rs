//! Whether what was read is the truth, or says where it is not.

use super::columns::{Col, Part, What, columns};
use super::draw::{Arrangement, ClassBy, Layout};
use super::truth::{Mark, Style, Truth};
use fenzu::fault::Faults;
use fenzu::roster::{Cell, Column, Roster};

/// What came of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The truth, with the doubts that are left open.
    Read(Vec<&'static str>),
    /// Refused, by these causes.
    Refused(Vec<&'static str>),
    /// Something else than the truth, without a word.
    Wrong(&'static str, String),
}

pub fn judge(truth: &Truth, layout: &Layout, read: Result<Roster, Faults>) -> Verdict {
    let roster = match read {
        Ok(roster) => roster,
        Err(faults) => return Verdict::Refused(codes(faults.0.iter().map(|fault| fault.code))),
    };
    let judge = Judge { truth, layout, roster: &roster };
    if let Some((cause, what)) = judge.fields().or_else(|| judge.people()) {
        return Verdict::Wrong(cause, what);
    }
    let unasked =
        |code: &&&str| !matches!(**code, "column_unused") && !roster.doubts.iter().any(|doubt| doubt.code == **code);
    if let Some(code) = layout.expected_doubts().iter().find(unasked) {
        return Verdict::Wrong("not asked", (*code).to_owned());
    }
    Verdict::Read(codes(roster.doubts.iter().map(|doubt| doubt.code)))
}

fn codes(all: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut codes: Vec<&str> = all.collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

struct Judge<'a> {
    truth: &'a Truth,
    layout: &'a Layout,
    roster: &'a Roster,
}

impl Judge<'_> {
    fn doubts(&self, code: &str) -> bool {
        self.roster.doubts.iter().any(|doubt| doubt.code == code)
    }

    /// Whether something told names the text.
    fn told(&self, text: &str) -> bool {
        let names = |message: &str| !text.is_empty() && message.contains(text);
        self.roster.notices.iter().any(|notice| names(&notice.message.zh))
            || self.roster.doubts.iter().any(|doubt| names(&doubt.message.zh))
    }

    fn has_header(&self) -> bool {
        self.layout.arrangement != Arrangement::NoHeader
    }

    /// The field that a subject is to be read as.
    fn subject(&self, s: usize) -> String {
        if self.has_header() {
            return self.truth.field(s);
        }
        let cols = columns(self.truth, self.layout, Part::All, 0);
        let at = cols.iter().position(|col| col.what == What::Mark(s)).unwrap_or(0);
        format!("score:{}", fenzu::roster::column_letters(at))
    }

    fn column(&self, field: &str) -> Option<&Column> {
        self.roster.columns.iter().find(|column| column.field.to_string() == field)
    }

    /// Marks that are none, or that are not read and not named.
    fn fields(&self) -> Option<(&'static str, String)> {
        let subjects: Vec<String> = (0..self.truth.subjects.len()).map(|s| self.subject(s)).collect();
        let scores = self.roster.columns.iter().filter(|column| column.field.to_string().starts_with("score:"));
        for column in scores {
            if !subjects.contains(&column.field.to_string()) && self.has_header() {
                return Some(("not marks", format!("“{}” was read as {}", column.header, column.field)));
            }
        }
        let (people, marks) = match self.layout.arrangement {
            Arrangement::RowPerMark => (Part::RowPerMark, Part::RowPerMark),
            Arrangement::ListAndMarks => (Part::List, Part::Marks),
            _ => (Part::All, Part::All),
        };
        let header = |what: What| {
            let part = if matches!(what, What::Mark(_)) { marks } else { people };
            let cols = columns(self.truth, self.layout, part, 0);
            cols.iter()
                .find(|col| col.what == what)
                .and_then(|col: &Col| col.levels.last().cloned())
                .unwrap_or_default()
        };
        let missing = |field: &str, header: &str| {
            (self.column(field).is_none() && !self.told(header) && !(self.doubts("no_header")))
                .then(|| ("not read", format!("{field} (“{header}”)")))
        };
        let wanted = (0..subjects.len()).map(|s| (subjects[s].clone(), header(What::Mark(s))));
        let others = [
            (self.truth.gender, "gender", What::Gender),
            (self.truth.flag, "boarding", What::Flag),
            (self.layout.class_by == ClassBy::Column, "class", What::Class),
        ];
        let others =
            others.into_iter().filter(|(there, ..)| *there).map(|(_, field, what)| (field.to_owned(), header(what)));
        wanted.chain(others).find_map(|(field, header)| missing(&field, &header))
    }

    /// Students who are missing, too many, or other than they are.
    fn people(&self) -> Option<(&'static str, String)> {
        let mut wanted: Vec<String> = (0..self.truth.students.len()).map(|s| self.person(s)).collect();
        let mut found: Vec<String> = (0..self.roster.students.len()).map(|s| self.found(s)).collect();
        wanted.sort_unstable();
        found.sort_unstable();
        let missing: Vec<&String> = wanted.iter().filter(|person| found.binary_search(person).is_err()).collect();
        let more: Vec<&String> = found.iter().filter(|person| wanted.binary_search(person).is_err()).collect();
        let left_over = more.is_empty() && self.doubts("rows_left_over");
        // A row called like a statistic is asked about by its name.
        let left_over = left_over || (missing.is_empty() && self.doubts("name_unlikely"));
        // The columns that were not understood, halves of names among them, stand in the question.
        let is_nameless =
            self.doubts("no_header") && self.roster.students.iter().all(|student| student.name.is_empty());
        let left_over = left_over || (is_nameless && wanted.len() == found.len());
        let excused = left_over || (self.doubts("join_doubtful") && wanted.len() == found.len());
        if (missing.is_empty() && more.is_empty() && wanted.len() == found.len()) || excused {
            return None;
        }
        let cause = match found.len().cmp(&wanted.len()) {
            std::cmp::Ordering::Less => "students lost",
            std::cmp::Ordering::Equal => "students changed",
            std::cmp::Ordering::Greater => "students more",
        };
        Some((
            cause,
            format!(
                "{} students for {}\n  missing {:?}\n  more    {:?}",
                found.len(),
                wanted.len(),
                first(&missing),
                first(&more)
            ),
        ))
    }

    /// A student as the truth has it, in the fields that were read.
    fn person(&self, s: usize) -> String {
        let person = &self.truth.students[s];
        let mut parts = vec![bare(&person.name(self.truth.latin))];
        if !self.has_header() {
            let subjects = (0..self.truth.subjects.len()).filter(|&m| self.column(&self.subject(m)).is_some());
            parts.extend(subjects.map(|m| self.mark(person.marks[m], m)));
            return parts.join(" ");
        }
        parts.push(person.ids.first().cloned().unwrap_or_default());
        parts.push(if self.says_class() { self.truth.classes[person.class].clone() } else { String::new() });
        let mut add = |field: &str, value: String| parts.extend(self.column(field).map(|_| value));
        add(
            "gender",
            if !self.truth.gender {
                "-"
            } else if person.is_male {
                "male"
            } else {
                "female"
            }
            .to_owned(),
        );
        add("boarding", if self.truth.flag { person.flag.to_string() } else { "-".to_owned() });
        for m in 0..self.truth.subjects.len() {
            add(&self.subject(m), self.mark(person.marks[m], m));
        }
        parts.join(" ")
    }

    /// The title of the only class of a list need not be read, and who stands below none is asked about.
    fn says_class(&self) -> bool {
        if self.doubts("class_untold") {
            return false;
        }
        match self.layout.class_by {
            ClassBy::Column | ClassBy::Sheet => true,
            ClassBy::Title => self.truth.classes.len() > 1 || self.roster.students.iter().any(|s| !s.class.is_empty()),
            ClassBy::Nothing => false,
        }
    }

    fn mark(&self, mark: Mark, m: usize) -> String {
        let style = self.truth.subjects[m].style;
        match mark {
            Mark::Halves(halves) if style == Style::Comma || style == Style::Half || halves % 2 == 0 => {
                (halves as f64 / 2.0).to_string()
            }
            Mark::Halves(halves) => (halves / 2).to_string(),
            Mark::Step(step) => {
                let worse = |other: &&Mark| matches!(other, Mark::Step(other) if *other > step);
                let all = self.truth.students.iter().map(|person| &person.marks[m]);
                let mut steps: Vec<String> = all.filter(worse).map(|mark| format!("{mark:?}")).collect();
                steps.sort_unstable();
                steps.dedup();
                (steps.len() + 1).to_string()
            }
            Mark::MinusOne | Mark::Absent(_) | Mark::Blank => "-".to_owned(),
        }
    }

    /// A student as it was read.
    fn found(&self, s: usize) -> String {
        let student = &self.roster.students[s];
        let shown = |column: &Column| match &column.cells[s] {
            Cell::Number(x) => x.to_string(),
            Cell::Text(text) => text.clone(),
            Cell::Flag(yes) => yes.to_string(),
            Cell::Empty | Cell::Absent => "-".to_owned(),
        };
        let mut parts = vec![bare(&student.name)];
        let marks = (0..self.truth.subjects.len()).filter_map(|m| self.column(&self.subject(m)));
        if !self.has_header() {
            parts.extend(marks.map(shown));
            return parts.join(" ");
        }
        parts.push(if self.truth.ids.is_empty() { String::new() } else { student.id.clone() });
        parts.push(if self.doubts("class_untold") { String::new() } else { student.class.clone() });
        parts.extend(["gender", "boarding"].iter().filter_map(|field| self.column(field)).map(shown));
        parts.extend(marks.map(shown));
        parts.join(" ")
    }
}

fn first(people: &[&String]) -> Vec<String> {
    people.iter().take(3).map(|person| (*person).clone()).collect()
}

/// A name in one order of its halves, without blanks.
fn bare(name: &str) -> String {
    let name = name.split_once(',').map_or_else(|| name.to_owned(), |(family, given)| format!("{given} {family}"));
    name.split_whitespace().collect()
}
