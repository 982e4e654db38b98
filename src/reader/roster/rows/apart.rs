//! Which rows are no students by what they hold: at the ends of a list, without what the others have to tell them apart, with
//! figures about the columns, under a label that is unlike the names. The words only confirm.

use super::super::Field;
use super::super::list::Assignment;
use super::super::table::Row;
use super::super::value;
use super::figures::{self, Figures, Sign};
use super::label::{self, Look, Names};
use super::{Looker, What, is_code, is_statistic};

/// How many rows at each end of a list are looked at.
const LOOKED_AT: usize = 24;
/// Fewer students tell nothing of what is usual.
const FEWEST: usize = 4;
/// From here on a row is a statistic.
const CERTAIN: usize = 4;

/// What the students of a list have in common.
struct Common<'a> {
    looker: &'a Looker<'a>,
    /// Columns that tell people apart and that nearly everybody fills.
    telling: Vec<usize>,
    gender: Option<usize>,
    marks: Vec<Figures>,
    names: Names,
    ids: Names,
}

/// Marks those among the rows taken for students that are statistics, or may be.
pub fn tell(told: &mut [What], rows: &[Row], looker: &Looker<'_>, assignment: &Assignment) {
    let students: Vec<usize> = (0..told.len()).filter(|&at| is_student(told[at])).collect();
    for &at in &students {
        let name = looker.names.iter().map(|&c| rows[at].cell(c)).find(|cell| !cell.is_blank());
        if told[at] == What::Student && name.is_some_and(label::is_made_up) && !looker.has_gender(&rows[at]) {
            told[at] = What::Unlikely;
        }
    }
    let students: Vec<usize> = students.into_iter().filter(|&at| told[at] == What::Student).collect();
    if students.len() < FEWEST {
        return;
    }
    // Once by the rows in the middle, which hold no statistic, then by all that are left.
    let trim = (students.len() / 5).min(8);
    let mut middle = students[trim..students.len() - trim].to_vec();
    let gender = assignment.position(&Field::Gender).map(|c| looker.heads[c].index);
    let is_person =
        |at: &usize| told[*at] != What::Left && gender.is_some_and(|c| value::gender(rows[*at].cell(c)).is_some());
    let is_looked_at = |what: &What| is_student(*what) || *what == What::Left;
    let ends = [told.iter().position(is_looked_at), told.iter().rposition(is_looked_at)];
    if ends.iter().flatten().all(is_person) {
        return; // nothing stands apart where a person stands at either end
    }
    for _ in 0..2 {
        let common = Common::of(rows, &middle, looker, assignment);
        for part in parts(told) {
            common.go_inwards(told, rows, part.iter().take(LOOKED_AT), &middle);
            common.go_inwards(told, rows, part.iter().rev().take(LOOKED_AT), &middle);
        }
        middle = students.iter().copied().filter(|&at| told[at] == What::Student).collect();
        if middle.len() < FEWEST {
            return;
        }
    }
}

/// The rows of students, those between two headers together.
fn parts(told: &[What]) -> Vec<Vec<usize>> {
    let parts = told.iter().enumerate().collect::<Vec<_>>();
    let parts = parts.split(|(_, what)| **what == What::Repeated);
    let students = |part: &[(usize, &What)]| {
        part.iter().filter(|(_, what)| is_student(**what) || **what == What::Left).map(|(at, _)| *at).collect()
    };
    parts.map(students).collect()
}

fn is_student(what: What) -> bool {
    matches!(what, What::Student | What::Unlikely)
}

impl<'a> Common<'a> {
    fn of(rows: &[Row], students: &[usize], looker: &'a Looker<'a>, assignment: &Assignment) -> Self {
        let of_students = || students.iter().map(|&at| &rows[at]);
        let column = |field: &Field| assignment.position(field).map(|c| looker.heads[c].index);
        // What only the last rows lack is usual: they may be the very ones that stand apart.
        let is_usual = |c: usize| {
            let filled: Vec<usize> = (0..students.len()).filter(|&s| !rows[students[s]].cell(c).is_blank()).collect();
            let span = filled.first().zip(filled.last()).map_or(0, |(first, last)| last - first + 1);
            10 * filled.len() >= 9 * span && 2 * span > students.len()
        };
        let is_text = |c: usize| of_students().all(|row| !row.cell(c).is_blank() && !row.cell(c).is_numeric());
        let who = |c: &usize| match &assignment.fields[*c] {
            Field::Id | Field::Name | Field::Gender | Field::Class => is_usual(looker.heads[*c].index),
            Field::Other => is_text(looker.heads[*c].index),
            _ => false,
        };
        let marks = |c: &usize| matches!(assignment.fields[*c], Field::Score(_) | Field::Total);
        let columns = || 0..looker.heads.len();
        let index = |c: usize| looker.heads[c].index;
        Self {
            looker,
            telling: columns().filter(who).map(index).collect(),
            gender: column(&Field::Gender),
            marks: columns().filter(marks).map(|c| Figures::of(index(c), of_students())).collect(),
            names: Names::of(of_students().filter_map(|row| looker.names.first().map(|&c| row.cell(c)))),
            ids: Names::of(of_students().filter_map(|row| looker.id.map(|c| row.cell(c)))),
        }
    }

    /// Goes inwards from an end as long as rows look unlike the others.
    fn go_inwards<'s>(&self, told: &mut [What], rows: &[Row], at: impl Iterator<Item = &'s usize>, counted: &[usize]) {
        for &at in at {
            let (points, sign, lacks) = self.points(&rows[at], counted.binary_search(&at).is_ok());
            let is_left = told[at] == What::Left;
            if points == 0 && !is_left {
                return;
            }
            let is_said = lacks > 0 || sign == Sign::Strong;
            if points >= CERTAIN && is_said && (sign != Sign::Absent || !is_left) {
                told[at] = What::Statistic;
            } else if told[at] == What::Student
                && (points + 1 >= CERTAIN
                    || (points + 2 == CERTAIN && sign != Sign::Absent && (lacks > 0 || sign == Sign::Weak)))
            {
                let is_person = self.looker.id.is_none() || self.is_numbered(&rows[at]);
                told[at] = if is_person { What::Unlikely } else { What::Left };
            }
        }
    }

    /// Whether a row has an id as the others have.
    fn is_numbered(&self, row: &Row) -> bool {
        let id = self.looker.id.map(|c| row.cell(c)).filter(|cell| !cell.is_blank());
        id.is_some_and(|id| is_code(id) && self.ids.look(id, &[]) == Look::Plain)
    }

    /// How much a row is like a statistic; nothing where it says who it is.
    fn points(&self, row: &Row, is_counted: bool) -> (usize, Sign, usize) {
        let looker = self.looker;
        let name = looker.names.iter().map(|&c| row.cell(c)).find(|cell| !cell.is_blank());
        let id = looker.id.map(|c| row.cell(c)).filter(|cell| !cell.is_blank());
        let is_gendered = self.gender.is_some_and(|c| value::gender(row.cell(c)).is_some());
        let is_numbered = self.is_numbered(row);
        let look = match (name, id) {
            (Some(name), _) => self.names.look(name, looker.heads),
            (None, Some(id)) => self.ids.look(id, looker.heads),
            (None, None) => Look::Plain,
        };
        let may_be_said = look == Look::Said && name.is_some_and(is_statistic) && !is_gendered;
        if is_gendered || (is_numbered && (name.is_some() || looker.names.is_empty()) && !may_be_said) {
            return (0, Sign::None, 0);
        }
        let lacks = self.telling.iter().filter(|&&c| row.cell(c).is_blank()).count();
        let sign = figures::sign(row, &self.marks, is_counted);
        let by_label = match look {
            Look::Plain => 0,
            Look::Odd => 1,
            Look::Header => 2,
            Look::Said => 3,
        };
        let by_sign = match sign {
            Sign::Absent | Sign::None => 0,
            Sign::Weak => 1,
            Sign::Strong => 2,
        };
        let by_lack = [0, 2, 3][lacks.min(2)];
        (by_label + by_sign + by_lack, sign, lacks)
    }
}
