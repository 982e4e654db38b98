//! How a table of a staff list is laid out. Several readings are tried on every row that may be the header: a row a teacher (or a
//! teacher and class), classes down the side with names below subjects, subjects down the side with names below classes, and no
//! header. Each is credited with the cells that look as their column says and charged with those that look like something else;
//! a cell is a class, a name or a subject, and never two of them.

use super::Directory;
use super::columns::{self, Field, Head};
use super::look::Look;
use super::role::role;
use crate::roster::likeness::{Likeness, likeness};
use crate::roster::table::{Raw, Row};
use crate::roster::{class_name, column_letters, header};
use std::collections::BTreeMap;
use std::ops::Range;

/// How many rows below a header are looked at.
const LOOKED_AT: usize = 80;
/// How many header rows may stand above one another.
const DEEPEST: usize = 2;

/// The looks of a row's filled cells by column.
pub(super) type Looks = BTreeMap<usize, Look>;

/// How a table is laid out.
#[derive(Clone, Debug)]
pub(super) enum Layout {
    /// A row for each teacher, or each teacher and class.
    Rows(Head),
    /// Classes along one side, subjects along the other.
    Matrix(Matrix),
}

/// A matrix of classes and subjects.
#[derive(Clone, Debug)]
pub(super) struct Matrix {
    /// The column that heads the rows.
    pub(super) side: usize,
    /// The column that tells the grade of classes that name none.
    pub(super) grades: Option<usize>,
    /// Columns with teachers' names, and their headers.
    pub(super) columns: Vec<(usize, String)>,
    /// Whether the classes head the columns, and the subjects the rows.
    pub(super) classes_above: bool,
    /// Columns that are not read.
    pub(super) unused: Vec<(usize, String)>,
}

/// A reading of a table.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Index of the first header row.
    pub(super) first: usize,
    /// Index of the first row below the header.
    pub(super) body: usize,
    /// The headers by column.
    pub(super) heads: BTreeMap<usize, String>,
    pub(super) layout: Layout,
    worth: i64,
}

impl Found {
    /// Whether it has no header.
    pub(super) fn is_headless(&self) -> bool {
        self.first == self.body
    }
}

/// A table, or a part of it, as its cells look.
pub(super) struct View<'a> {
    pub(super) rows: &'a [Row],
    pub(super) looks: &'a [Looks],
    /// The columns that are looked at.
    pub(super) columns: Range<usize>,
    pub(super) directory: &'a Directory,
}

impl View<'_> {
    /// The best reading; none where the table is no staff list. Claims are never a matrix.
    pub(super) fn best(&self, is_claims: bool) -> Option<Found> {
        let mut found: Vec<Found> = Vec::new();
        for first in 0..self.rows.len().min(header::TITLES) {
            if self.row(first).count() < 2 {
                continue;
            }
            for depth in 1..=DEEPEST.min(self.rows.len() - first) {
                if depth > 1 && !self.is_lower(first + depth - 1) {
                    break;
                }
                found.extend(self.ways(first, depth, is_claims));
            }
        }
        let best = found.into_iter().rev().max_by_key(|found| found.worth).filter(|found| found.worth > 0);
        best.or_else(|| if is_claims { None } else { self.headless() })
    }

    fn row(&self, at: usize) -> impl Iterator<Item = (usize, &Look)> {
        self.looks[at].range(self.columns.clone()).map(|(column, look)| (*column, look))
    }

    /// Whether a row may be a second row of headers: no section's title, and no row with somebody's name, number or limits.
    fn is_lower(&self, at: usize) -> bool {
        let is_value = |(column, look): (usize, &Look)| {
            let has_digit = look.text.contains(|c: char| c.is_ascii_digit());
            let upper = self.looks[at - 1].get(&column).and_then(|upper| upper.word);
            has_digit && upper.is_some_and(|field| field == Field::Id || (field != Field::Classes && look.bare))
        };
        if self.row(at).any(is_value) {
            return false;
        }
        let named = self.row(at).filter(|(_, look)| look.name == Likeness::Strong).count();
        let known = self.row(at).filter(|(_, look)| look.is_known() || look.is_class()).count();
        self.row(at).count() >= 2 && (named == 0 || 2 * named < known)
    }

    fn body(&self, body: usize) -> impl Iterator<Item = &Looks> {
        self.looks[body..].iter().take(LOOKED_AT)
    }

    fn column(&self, body: usize, column: usize) -> impl Iterator<Item = &Look> {
        self.body(body).filter_map(move |row| row.get(&column))
    }

    fn ways(&self, first: usize, depth: usize, is_claims: bool) -> Vec<Found> {
        let body = first + depth;
        let heads = self.heads(first, depth);
        let lost: i64 =
            (0..first).map(|at| self.row(at).count()).map(|cells| if cells > 2 { 2 * units(cells) } else { 0 }).sum();
        // A header names nobody.
        let named = |at| self.row(at).filter(|(_, look)| look.name == Likeness::Strong).count();
        let lost = lost + 3 * units((first..body).map(named).sum());
        let mut ways = vec![self.rows_way(&heads, body)];
        if !is_claims {
            ways.extend([self.down(&heads, body), self.across(&heads, body)]);
        }
        let found = |(worth, layout)| Found { first, body, heads: heads.clone(), layout, worth: worth - lost };
        ways.into_iter().flatten().map(found).collect()
    }

    /// The headers of a row, or of two rows above one another.
    pub(super) fn heads(&self, first: usize, depth: usize) -> BTreeMap<usize, String> {
        let mut heads: BTreeMap<usize, String> = BTreeMap::new();
        for at in first..first + depth {
            for (column, look) in self.row(at) {
                match heads.get_mut(&column) {
                    Some(upper) => *upper = joined(upper, look),
                    None => _ = heads.insert(column, look.text.clone()),
                }
            }
        }
        heads
    }

    /// A row for each teacher.
    fn rows_way(&self, heads: &BTreeMap<usize, String>, body: usize) -> Option<(i64, Layout)> {
        let mut head = Head::of(heads);
        let unused: Vec<(usize, String)> = head.unused().map(|(column, text)| (column, text.to_owned())).collect();
        for (column, text) in unused {
            let is_role = role(&text).is_some();
            if is_role && self.most(body, column, Look::is_class) {
                head.take_role(column);
            } else if !is_role
                && self.is_class_text(&text)
                && self.most(body, column, |look| look.tick || look.role.is_some() || look.bare)
            {
                head.take_class(column);
            }
        }
        // A header that is not merged over all columns of classes.
        for column in self.columns.clone().filter(|column| !heads.contains_key(column)) {
            let behind = column.checked_sub(1).is_some_and(|left| head.all(Field::Classes).any(|known| known == left));
            if behind && self.most(body, column, Look::is_class) {
                let text = head.header(Field::Classes).to_owned();
                head.put(Field::Classes, column, text);
            }
        }
        let who = head.name().or(head.column(Field::Id)).filter(|_| head.worth() >= 2)?;
        let mut worth = 2 * units(head.worth());
        for row in self.body(body) {
            for (column, look) in row.range(self.columns.clone()) {
                worth += if *column == who {
                    name_worth(look)
                } else if head.all(Field::Classes).any(|class| class == *column) {
                    class_worth(look)
                } else if [&head.classes, &head.roles].into_iter().flatten().any(|(at, _)| at == column) {
                    2
                } else {
                    let unused = head.unused().find(|(at, _)| at == column);
                    match unused {
                        Some((_, text)) if look.name == Likeness::Strong && role(text).is_some() => -2,
                        Some(_) => 0,
                        None => i64::from(heads.contains_key(column)),
                    }
                };
            }
        }
        Some((worth, Layout::Rows(head)))
    }

    /// Classes down the side, names below subjects and offices.
    fn down(&self, heads: &BTreeMap<usize, String>, body: usize) -> Option<(i64, Layout)> {
        let field = |column: &usize| heads.get(column).and_then(|text| columns::word(text));
        let headed = self
            .columns
            .clone()
            .find(|column| field(column) == Some(Field::Classes) && self.most(body, *column, |look| look.class));
        let side = headed.or_else(|| self.columns.clone().find(|column| self.most(body, *column, Look::is_class)))?;
        let grades = self.columns.clone().find(|column| field(column) == Some(Field::Grade));
        let (mut known, mut others) = (Vec::new(), Vec::new());
        for (&column, text) in heads.range(self.columns.clone()) {
            if column == side || Some(column) == grades {
                continue;
            }
            let names = || self.column(body, column).any(|look| look.name > Likeness::None);
            let blank = || self.column(body, column).next().is_none();
            if role(text).is_some() && (names() || blank()) {
                known.push((column, text.clone()));
            } else if self.most(body, column, |look| look.name == Likeness::Strong) {
                others.push((column, text.clone()));
            }
        }
        // A column of names with a class at the side is one of teachers, unless it is headed so and stands alone.
        others.retain(|(column, text)| match field(column) {
            // A header that is somebody's name is a row of a list without header.
            None => !known.is_empty() || likeness(text) < Likeness::Strong,
            Some(Field::Name) => !known.is_empty(),
            Some(_) => false,
        });
        if known.is_empty() && others.iter().all(|(_, text)| self.is_class_text(text)) {
            return None;
        }
        let has_name = heads.keys().any(|column| field(column) == Some(Field::Name));
        if known.is_empty() && has_name {
            return None;
        }
        let mut worth = 2 * units(known.len()) + units(others.len()) + 2 * i64::from(headed.is_some());
        let columns: BTreeMap<usize, String> = known.into_iter().chain(others).collect();
        let mut named = false;
        for row in self.body(body) {
            worth += row.get(&side).map_or(0, class_worth);
            for look in columns.keys().filter_map(|column| row.get(column)) {
                named |= look.name > Likeness::None;
                worth += name_worth(look);
            }
        }
        let matrix = Matrix {
            side,
            grades,
            unused: unused(heads, &columns, side, grades),
            columns: columns.into_iter().collect(),
            classes_above: false,
        };
        named.then_some((worth, Layout::Matrix(matrix)))
    }

    /// Subjects down the side, names below classes.
    fn across(&self, heads: &BTreeMap<usize, String>, body: usize) -> Option<(i64, Layout)> {
        let field = |column: &usize| heads.get(column).and_then(|text| columns::word(text));
        let classes = heads.range(self.columns.clone()).filter(|(_, text)| self.is_class_text(text));
        let columns: BTreeMap<usize, String> = classes.map(|(column, text)| (*column, text.clone())).collect();
        let start = *columns.keys().next()?;
        let roles = |column: &usize| self.column(body, *column).filter(|look| look.role.is_some()).count();
        let side = (self.columns.start..start).max_by_key(|column| (roles(column), *column))?;
        if roles(&side) == 0 {
            return None;
        }
        let grades = (self.columns.start..start).find(|column| field(column) == Some(Field::Grade));
        let mut worth = 2 * units(columns.len());
        let mut named = false;
        for row in self.body(body) {
            worth += match row.get(&side) {
                Some(look) if look.role.is_some() => 2,
                Some(look) if look.name == Likeness::Strong || look.is_class() => -4,
                _ => 0,
            };
            for look in columns.keys().filter_map(|column| row.get(column)) {
                named |= look.name > Likeness::None;
                worth += if look.tick { -3 } else { name_worth(look) };
            }
        }
        let matrix = Matrix {
            side,
            grades,
            unused: unused(heads, &columns, side, grades),
            columns: columns.into_iter().collect(),
            classes_above: true,
        };
        named.then_some((worth, Layout::Matrix(matrix)))
    }

    /// Names and classes without a header, told by their looks where nearly all rows agree.
    fn headless(&self) -> Option<Found> {
        let rows = self.rows.len().min(LOOKED_AT);
        let nearly = |column: &usize, is: &dyn Fn(&Look) -> bool| {
            let (good, filled) = self.share(0, *column, is);
            5 * good >= 4 * filled && 2 * good >= rows && good > 0
        };
        let all = |is: &dyn Fn(&Look) -> bool| self.columns.clone().filter(|at| nearly(at, is)).collect::<Vec<_>>();
        let (names, classes) = (all(&|look| look.name == Likeness::Strong), all(&Look::is_class));
        let subjects = all(&|look| look.role.is_some());
        let ([name], [_, ..], [] | [_]) = (names.as_slice(), classes.as_slice(), subjects.as_slice()) else {
            return None;
        };
        let mut head = Head::default();
        let fields =
            classes.iter().map(|at| (Field::Classes, at)).chain(subjects.iter().map(|at| (Field::Subjects, at)));
        for (field, column) in fields.chain([(Field::Name, name)]) {
            head.put(field, *column, column_letters(*column));
        }
        let first = (0..self.rows.len()).find(|at| self.looks[*at].contains_key(name))?;
        Some(Found { first, body: first, heads: BTreeMap::new(), layout: Layout::Rows(head), worth: 0 })
    }

    /// Whether at least half of a column's filled cells are such.
    fn most(&self, body: usize, column: usize, is: impl Fn(&Look) -> bool) -> bool {
        let (good, filled) = self.share(body, column, &is);
        good > 0 && 2 * good >= filled
    }

    fn share(&self, body: usize, column: usize, is: &dyn Fn(&Look) -> bool) -> (usize, usize) {
        let filled: Vec<&Look> = self.column(body, column).collect();
        (filled.iter().filter(|look| is(look)).count(), filled.len())
    }

    fn is_class_text(&self, text: &str) -> bool {
        let look = Look::of(&Raw::Text(text.into()), self.directory);
        look.is_class() || (look.class && text.contains(['-', '.', '(', '（']))
    }
}

/// Whether a row is a header: words of headers for the most part, and nobody's name; `classes` says that classes are headers too.
pub(super) fn is_header(looks: &Looks, classes: bool) -> bool {
    let known = |look: &&Look| look.is_known() || (classes && look.is_class());
    let texts: std::collections::BTreeSet<&str> = looks.values().map(|look| look.text.as_str()).collect();
    let headers = looks.values().filter(known).count();
    let nobody = looks.values().all(|look| look.name < Likeness::Strong || look.is_known());
    texts.len() >= 2 && headers >= 2 && 2 * headers >= looks.len() && nobody
}

fn units(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn name_worth(look: &Look) -> i64 {
    match look.name {
        Likeness::Strong => 3,
        Likeness::Weak => 1,
        Likeness::None if look.is_known() || look.is_class() => -4,
        Likeness::None => -1,
    }
}

fn class_worth(look: &Look) -> i64 {
    match (look.class, look.name) {
        (true, _) => {
            if look.bare {
                1
            } else {
                2
            }
        }
        (false, Likeness::Strong) => -3,
        (false, _) => -1,
    }
}

/// A header below another: the lower says what it is where it is known; a class takes its grade from the upper.
fn joined(upper: &str, lower: &Look) -> String {
    let whole = || format!("{upper}{}", lower.text);
    if upper == lower.text {
        return upper.to_owned();
    }
    let graded = class_name::grade(upper).is_some() && !class_name::readings(&lower.text).is_empty();
    if graded || (!lower.is_known() && (columns::word(&whole()).is_some() || role(&whole()).is_some())) {
        return whole();
    }
    if !lower.is_known() && columns::word(upper).is_some() { upper.to_owned() } else { lower.text.clone() }
}

/// Columns beside a matrix that hold something.
fn unused(
    heads: &BTreeMap<usize, String>,
    columns: &BTreeMap<usize, String>,
    side: usize,
    grades: Option<usize>,
) -> Vec<(usize, String)> {
    let free = |column: &usize| *column != side && Some(*column) != grades && !columns.contains_key(column);
    heads.iter().filter(|(column, _)| free(column)).map(|(column, text)| (*column, text.clone())).collect()
}
