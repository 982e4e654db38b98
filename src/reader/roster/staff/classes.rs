//! The classes that a staff list names: what fits one class of the lists is taken, and what fits none or several is told before
//! anything else, one message a text.

use super::{Directory, Teacher, mentions};
use crate::roster::class_name::{Fit, Grade, Part, clear};
use crate::roster::table::Raw;
use crate::roster::tell::{Tell, places};
use crate::roster::why::Why;
use crate::roster::{RowPlace, value};
use crate::words;
use crate::words::by_count;
use std::collections::{BTreeMap, HashSet};

/// Texts that one message shows; the rest is counted.
const SHOWN: usize = 12;

/// What a text was found to mean, and where it stands.
struct Naming {
    fit: Fit,
    rows: Vec<RowPlace>,
    /// Ids of the teachers whose classes it should tell.
    teachers: HashSet<String>,
}

/// The classes of a list's cells.
pub(super) struct Classes<'a> {
    directory: &'a Directory,
    seen: BTreeMap<String, Naming>,
    /// Rows where a spreadsheet made a date of a class.
    dates: Vec<RowPlace>,
}

impl<'a> Classes<'a> {
    pub(super) fn new(directory: &'a Directory) -> Self {
        Self { directory, seen: BTreeMap::new(), dates: Vec::new() }
    }

    /// The classes that a cell names in each of the grades that hold for it; the same as below for one grade or none.
    pub(super) fn all(&mut self, cell: &Raw, grades: &[Grade], id: &str, row: &RowPlace) -> Vec<String> {
        let (first, rest) = match grades {
            [] => (None, &[][..]),
            [first, rest @ ..] => (Some(*first), rest),
        };
        let mut classes = self.named(cell, first, id, row);
        for grade in rest {
            for class in self.named(cell, Some(*grade), id, row) {
                if !classes.contains(&class) {
                    classes.push(class);
                }
            }
        }
        classes
    }

    /// The classes that a cell names, spelt as in the class lists; those that no list holds as written. `grade` is what the
    /// sheet, the title or a column of its own says for cells that name none.
    pub(super) fn named(&mut self, cell: &Raw, grade: Option<Grade>, id: &str, row: &RowPlace) -> Vec<String> {
        if matches!(cell, Raw::Date(_)) {
            self.dates.push(row.clone());
            return Vec::new();
        }
        if cell.is_blank() || value::is_blank_stroke(cell) {
            return Vec::new();
        }
        let mut classes: Vec<String> = Vec::new();
        for part in self.parts(cell, grade) {
            let names = match &part.fit {
                Fit::Classes { classes, .. } => {
                    classes.iter().map(|class| self.directory.classes()[*class].clone()).collect()
                }
                Fit::Nothing => vec![part.text.clone()],
                Fit::Several(_) => Vec::new(),
            };
            for name in names {
                if !classes.contains(&name) {
                    classes.push(name);
                }
            }
            let new = || Naming { fit: part.fit.clone(), rows: Vec::new(), teachers: HashSet::new() };
            let naming = self.seen.entry(part.text).or_insert_with(new);
            naming.teachers.insert(id.to_owned());
            if naming.rows.last() != Some(row) {
                naming.rows.push(row.clone());
            }
        }
        classes
    }

    /// The parts of a cell. A number lost the nought at its end: 7.1 may be class 10 as well as class 1.
    fn parts(&self, cell: &Raw, grade: Option<Grade>) -> Vec<Part> {
        let (text, index) = (mentions::written_cell(cell), self.directory.index());
        if let Raw::Number(number) = cell
            && number.fract() != 0.0
            && let (Some(one), Some(ten)) = (index.class(&text), index.class(&format!("{text}0")))
        {
            return vec![Part { text, fit: Fit::Several(vec![one, ten]) }];
        }
        index.cell_of(&text, grade)
    }

    /// Tells what fits several classes, none, or one by what the other classes say.
    pub(super) fn tell(self, teachers: &[Teacher], column: Option<usize>, tell: &mut Tell<'_>) {
        let known: HashSet<&str> = self.directory.classes().iter().map(String::as_str).collect();
        let taught = |teacher: &Teacher| teacher.classes.iter().any(|class| known.contains(class.as_str()));
        let teaching: HashSet<&str> =
            teachers.iter().filter(|teacher| taught(teacher)).map(|teacher| teacher.id.as_str()).collect();
        self.dates(column, tell);
        self.several(column, tell);
        if self.directory.is_incomplete() {
            return self.elsewhere(&|_, _| true, column, tell);
        }
        let fits = |naming: &Naming| naming.fit != Fit::Nothing;
        if !self.seen.is_empty() && !self.seen.values().any(fits) {
            return self.nowhere(column, tell);
        }
        for (text, naming) in self.seen.iter().filter(|(text, naming)| !fits(naming) && self.is_doubtful(text)) {
            let left = naming.teachers.iter().any(|id| !teaching.contains(id.as_str()));
            self.unknown(text, naming, left, column, tell);
        }
        self.inferred(column, tell);
        self.elsewhere(&|text, naming| !fits(naming) && !self.is_doubtful(text), column, tell);
    }

    /// Whether a text that fits no class is rather a mistake than a class of another part of the school: its grade has several
    /// lists, or it is no class's name among names that all are.
    fn is_doubtful(&self, text: &str) -> bool {
        let index = self.directory.index();
        if self.directory.classes().len() < 2 {
            return false;
        }
        match index.grades(text).as_slice() {
            [] if clear(text).is_some() => index.near(text).is_empty(),
            [] => index.is_understood(),
            grades => grades.iter().any(|grade| index.of_grade(*grade).len() > 1),
        }
    }

    fn dates(&self, column: Option<usize>, tell: &mut Tell<'_>) {
        let (Some(first), rows) = (self.dates.first(), self.dates.len()) else { return };
        let row = by_count(rows, "row", "rows");
        let why = Why {
            found: words!("日期，而不是班级（{rows} 行）", "dates instead of classes ({rows} {row})"),
            expected: words!("班级名称", "names of classes"),
            action: words!(
                "表格软件把班级改成了日期；请把该列设为文本后重填",
                "the spreadsheet turned a class into a date; make the column text and enter it again"
            ),
        };
        tell.fault("class_is_date", &first.cell(column), why);
    }

    fn several(&self, column: Option<usize>, tell: &mut Tell<'_>) {
        for (text, naming) in &self.seen {
            let Fit::Several(classes) = &naming.fit else { continue };
            let (rows, classes) = (naming.rows.len(), self.directory.names(classes));
            let row = by_count(rows, "row", "rows");
            let why = Why {
                found: words!("班级“{text}”（{rows} 行）", "the class “{text}” ({rows} {row})"),
                expected: words!("只指一种；可能是：{classes}", "one meaning; it may be {classes}"),
                action: words!("请连年级写明，如名册中的写法", "write it with its grade, as the class lists do"),
            };
            tell.fault("ambiguous_class", &first(naming, column), why);
        }
    }

    /// A text that should be one of the classes here: a fault where a teacher is left with no class at all.
    fn unknown(&self, text: &str, naming: &Naming, left: bool, column: Option<usize>, tell: &mut Tell<'_>) {
        let (rows, near) = (naming.rows.len(), self.near(text));
        let row = by_count(rows, "row", "rows");
        if !left {
            let message = words!(
                "班级“{text}”（{rows} 行）不在任何名册里，没有用到；名册中有：{near}",
                "the class “{text}” ({rows} {row}) is in no class list and was not used; the lists have {near}"
            );
            tell.notice("class_unknown", first(naming, column), message);
            return;
        }
        let why = Why {
            found: words!("班级“{text}”（{rows} 行）", "the class “{text}” ({rows} {row})"),
            expected: words!("名册中的班级：{near}", "a class of the lists: {near}"),
            action: words!(
                "请改正；不教这些班的老师请留空",
                "correct it, or leave it blank for a teacher of none of these classes"
            ),
        };
        tell.fault("unknown_class", &first(naming, column), why);
    }

    /// Nobody teaches any class: the whole list is written in another way, or belongs to other lists.
    fn nowhere(&self, column: Option<usize>, tell: &mut Tell<'_>) {
        let texts = shown(self.seen.keys().map(String::as_str));
        let all: Vec<usize> = (0..self.directory.classes().len()).take(SHOWN).collect();
        let classes = self.directory.names(&all);
        let place = self.seen.values().next().map(|naming| first(naming, column)).unwrap_or_default();
        let why = Why {
            found: words!("没有一个班级在名册里：{texts}", "no class of the class lists: {texts}"),
            expected: words!("名册中的班级：{classes}", "classes of the lists: {classes}"),
            action: words!("请检查名册和教师名单是否配套", "check that lists and staff list belong together"),
        };
        tell.fault("no_class_fits", &place, why);
    }

    fn inferred(&self, column: Option<usize>, tell: &mut Tell<'_>) {
        let of = |(text, naming): (&String, &Naming)| match &naming.fit {
            Fit::Classes { classes, inferred: true } => Some(format!("{text} = {}", self.directory.names(classes))),
            _ => None,
        };
        let pairs: Vec<String> = self.seen.iter().filter_map(of).collect();
        let place = self.seen.values().find(|naming| matches!(naming.fit, Fit::Classes { inferred: true, .. }));
        if let Some(naming) = place {
            let pairs = shown(pairs.iter().map(String::as_str));
            let message = words!("按其他班推定的班级：{pairs}", "classes told by the other classes: {pairs}");
            tell.notice("class_inferred", first(naming, column), message);
        }
    }

    /// Classes that have no list here, in one message.
    fn elsewhere(&self, which: &dyn Fn(&str, &Naming) -> bool, column: Option<usize>, tell: &mut Tell<'_>) {
        let others: Vec<(&str, &Naming)> = (self.seen.iter().map(|(text, naming)| (text.as_str(), naming)))
            .filter(|(text, naming)| naming.fit == Fit::Nothing && which(text, naming))
            .collect();
        let texts = shown(others.iter().map(|(text, _)| *text));
        let place = match others.as_slice() {
            [] => return,
            [(_, only)] => places(&only.rows.iter().collect::<Vec<_>>(), column),
            [(_, naming), ..] => first(naming, column),
        };
        let message =
            words!("班级{texts}不在任何名册里，没有用到", "the class {texts} is in no class list and was not used");
        tell.notice("class_unknown", place, message);
    }

    fn near(&self, text: &str) -> String {
        let near = self.directory.index().near(text);
        let all: Vec<usize> = (0..self.directory.classes().len()).take(SHOWN).collect();
        self.directory.names(if near.is_empty() { &all } else { &near })
    }
}

fn first(naming: &Naming, column: Option<usize>) -> String {
    naming.rows.first().map(|row| row.cell(column)).unwrap_or_default()
}

/// `“a”“b”`, a few of them.
fn shown<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let texts: Vec<&str> = texts.collect();
    let list = texts.iter().take(SHOWN).flat_map(|text| ["“", text, "”"]).collect::<String>();
    match texts.len().saturating_sub(SHOWN) {
        0 => list,
        more => format!("{list} … (+{more})"),
    }
}
