//! What shape a list has in which everybody comes again: which columns tell people apart, which one says what a row is about (the
//! subject), and which one holds the mark. Known subjects help; without them the shape tells it: everybody comes equally often, and
//! one column, or two together, makes every row of a person another one.

use crate::roster::Field;
use crate::roster::field::Part;
use crate::roster::heading;
use crate::roster::list::{Line, Whole};
use crate::roster::table::Raw;
use crate::roster::value::{self, Numeric};
use std::collections::{BTreeMap, HashMap, HashSet};

/// More subjects than any school teaches at once.
const MOST_SUBJECTS: usize = 40;
/// With fewer people, to come equally often says nothing.
const LEAST_PEOPLE: usize = 3;

/// Where the three things stand that make a list long.
pub(super) struct Shape {
    /// The column of subjects, and one of exams or terms where a subject comes again.
    pub subjects: Vec<usize>,
    /// The column of marks.
    pub mark: usize,
    /// Columns that tell students apart.
    pub keys: Vec<usize>,
    /// Other columns, by their place among the heads, that differ from row to row of a student.
    pub differing: Vec<usize>,
}

/// How the people of a list come again.
pub(super) enum Again {
    /// They do not.
    No,
    /// As in a list that can be turned.
    Long(Shape),
    /// So often each, in rows that cannot be put together.
    Rows(usize),
}

/// The rows of each person.
struct People<'a> {
    whole: &'a Whole,
    keys: Vec<usize>,
    rows: Vec<Vec<&'a Line>>,
}

impl<'a> People<'a> {
    /// The people that these columns tell apart; none where most of them come once.
    fn of(whole: &'a Whole, keys: Vec<usize>) -> Option<Self> {
        if keys.iter().any(|&c| is_once(whole, c)) {
            return None;
        }
        let mut rows: BTreeMap<Vec<String>, Vec<&Line>> = BTreeMap::new();
        for (line, class) in whole.lines.iter().zip(&whole.classes) {
            let key: Vec<String> = keys.iter().map(|&c| shown(line, c)).collect();
            if key.iter().any(|text| !text.is_empty()) {
                rows.entry(key.into_iter().chain([class.clone()]).collect()).or_default().push(line);
            }
        }
        let named: usize = rows.values().map(Vec::len).sum();
        let is_again = !keys.is_empty() && !rows.is_empty() && 2 * rows.len() <= named;
        (is_again && 10 * named >= 9 * whole.lines.len()).then(|| Self {
            whole,
            keys,
            rows: rows.into_values().collect(),
        })
    }

    /// How often everybody comes; none where not almost all come equally often.
    fn times(&self) -> Option<usize> {
        let mut counts: HashMap<usize, usize> = HashMap::new();
        self.rows.iter().for_each(|rows| *counts.entry(rows.len()).or_default() += 1);
        let (times, people) = counts.into_iter().max_by_key(|(_, people)| *people)?;
        (times > 1 && self.rows.len() >= LEAST_PEOPLE && 10 * people >= 8 * self.rows.len()).then_some(times)
    }

    fn index(&self, c: usize) -> usize {
        self.whole.heads[c].index
    }

    /// Whether a column differs from row to row of one person.
    fn differs(&self, c: usize) -> bool {
        let at = self.index(c);
        let differs = |rows: &&Vec<&Line>| {
            let texts: HashSet<String> =
                rows.iter().map(|line| shown(line, at)).filter(|text| !text.is_empty()).collect();
            texts.len() > 1
        };
        10 * self.rows.iter().filter(differs).count() > self.rows.len()
    }

    /// The kinds of a column that may say what a row is about.
    fn kinds(&self, c: usize) -> Option<HashSet<String>> {
        let kinds: HashSet<String> = self.whole.lines.iter().map(|line| shown(line, self.index(c))).collect();
        (kinds.len() <= MOST_SUBJECTS + 1 && kinds.iter().filter(|kind| !kind.is_empty()).count() > 1).then_some(kinds)
    }

    /// Whether these columns make every row of a person another one, and most people have a row of each kind.
    fn tells_apart(&self, columns: &[usize]) -> bool {
        let kind = |line: &&Line| columns.iter().map(|&c| shown(line, self.index(c))).collect::<Vec<String>>();
        let mut all = HashSet::new();
        let is_apart = self.rows.iter().all(|rows| {
            let kinds: HashSet<Vec<String>> = rows.iter().map(kind).collect();
            let is_apart = kinds.len() == rows.len() && kinds.iter().flatten().all(|text| !text.is_empty());
            all.extend(kinds);
            is_apart
        });
        let rows: usize = self.rows.iter().map(Vec::len).sum();
        is_apart && all.len() <= MOST_SUBJECTS && 10 * rows >= 6 * all.len() * self.rows.len()
    }

    /// Whether half of a column's kinds are known subjects.
    fn holds_subjects(&self, c: usize) -> bool {
        let is_known = |kind: &&String| {
            heading::word(kind).is_some_and(|m| matches!(m.field, Field::Score(_) | Field::Total) && !m.is_any())
        };
        self.kinds(c).is_some_and(|kinds| {
            let filled = kinds.iter().filter(|kind| !kind.is_empty()).count();
            2 * kinds.iter().filter(is_known).count() >= filled
        })
    }

    fn holds_numbers(&self, c: usize) -> bool {
        self.whole.lines.iter().filter_map(|line| line.cells.get(self.index(c))).any(Raw::is_numeric)
    }

    fn holds_marks(&self, c: usize) -> bool {
        let cells = self.whole.lines.iter().filter_map(|line| line.cells.get(self.index(c)));
        let (all, marks) = cells.filter(|cell| !cell.is_blank()).fold((0, 0), |(all, marks), cell| {
            let is_mark = cell.is_numeric() || value::number(cell) != Numeric::Bad || value::is_grade(&cell.shown());
            (all + 1, marks + usize::from(is_mark))
        });
        all > 0 && 10 * marks >= 8 * all
    }
}

/// How the people of a list come again.
pub(super) fn again(whole: &Whole) -> Again {
    let field = |field: Field| whole.assignment.position(&field).map(|c| whole.heads[c].index);
    let (id, name, class) = (field(Field::Id), field(Field::Name), field(Field::Class));
    let all: Vec<usize> = [id, name, class].into_iter().flatten().collect();
    let named: Vec<usize> = name.into_iter().chain(class).collect();
    let is_by_name = || name.is_some() && id.is_none_or(|id| counts_rows(whole, id));
    let by_name = || if is_by_name() { People::of(whole, named) } else { None };
    let Some(people) = People::of(whole, all).or_else(by_name) else { return Again::No };
    let is_key = |c: &usize| people.keys.contains(&people.index(*c));
    let differing: Vec<usize> = (0..whole.heads.len()).filter(|c| !is_key(c) && people.differs(*c)).collect();
    match shape(&people, &differing) {
        Some((subjects, mark)) => {
            let differing = differing.into_iter().filter(|c| *c != mark && !subjects.contains(c)).collect();
            let subjects = subjects.into_iter().map(|c| people.index(c)).collect();
            let mark = people.index(mark);
            Again::Long(Shape { subjects, mark, keys: people.keys, differing })
        }
        None => match people.times().filter(|_| !differing.is_empty()) {
            Some(times) => Again::Rows(times),
            None => Again::No,
        },
    }
}

/// The column of marks and those that say what it is a mark of.
fn shape(people: &People<'_>, differing: &[usize]) -> Option<(Vec<usize>, usize)> {
    let assignment = &people.whole.assignment;
    let named = assignment.part(Part::Subject);
    // What is understood and never used (a telephone, somebody of the family) is no subject and no mark.
    let is_carried = |c: usize| assignment.known[c] && assignment.fields[c] == Field::Other;
    let is_score = |c: usize| matches!(assignment.fields[c], Field::Score(_));
    // Called after something that is marked, with words in it (考试: 期中, 期末).
    let has_numbers = (0..assignment.fields.len()).any(|c| is_score(c) && people.holds_numbers(c));
    let names_marks = |c: usize| has_numbers && is_score(c) && !people.holds_numbers(c);
    let is_free = |c: &usize| {
        let is_open = matches!(assignment.fields[*c], Field::Other | Field::Category(_)) || names_marks(*c);
        Some(*c) == named || !is_carried(*c) && is_open
    };
    let may_tell: Vec<usize> = differing.iter().copied().filter(|c| is_free(c) && people.kinds(*c).is_some()).collect();
    let scores: Vec<usize> = (0..assignment.fields.len()).filter(|&c| is_score(c) && !names_marks(c)).collect();
    let known = || may_tell.iter().copied().find(|&c| people.holds_subjects(c));
    let subject = named.filter(|c| may_tell.contains(c)).or_else(known);
    let one = |c: usize| people.tells_apart(&[c]).then(|| vec![c]);
    let two =
        |a: usize| may_tell.iter().filter(|b| **b != a).find(|b| people.tells_apart(&[a, **b])).map(|&b| vec![a, b]);
    let is_mark = |c: &usize, subjects: &[usize]| !subjects.contains(c) && !is_carried(*c) && people.holds_marks(*c);
    let mark = |subjects: &[usize]| match scores.as_slice() {
        &[mark] => Some(mark).filter(|mark| differing.contains(mark)),
        [] => {
            let mut marks = differing.iter().copied().filter(|c| is_mark(c, subjects));
            marks.next().filter(|_| marks.next().is_none())
        }
        _ => None,
    };
    // Where one subject of a student stands there twice and nothing tells why, that is told.
    let subjects = match subject {
        Some(c) => one(c).or_else(|| two(c)).unwrap_or_else(|| vec![c]),
        None if people.times().is_some() => {
            may_tell.iter().find_map(|&c| one(c)).or_else(|| may_tell.iter().find_map(|&c| two(c)))?
        }
        None => return None,
    };
    mark(&subjects).map(|mark| (subjects, mark))
}

/// Whether more than half of the rows have another text in a column each, so that nobody whom it names comes again.
fn is_once(whole: &Whole, column: usize) -> bool {
    let mut texts = HashSet::new();
    let cells = whole.lines.iter().filter_map(|line| line.cells.get(column));
    cells.map(Raw::line).any(|text| !text.is_empty() && texts.insert(text) && 2 * texts.len() > whole.lines.len())
}

/// Whether a column only counts the rows.
fn counts_rows(whole: &Whole, column: usize) -> bool {
    (1..).zip(&whole.lines).all(|(n, line): (usize, &Line)| shown(line, column).parse() == Ok(n))
}

pub(super) fn shown(line: &Line, column: usize) -> String {
    line.cells.get(column).map(Raw::shown).unwrap_or_default()
}
