//! How a list is laid out, drawn by chance, and simpler layouts to look for what makes a reading fail.

use super::chance::Chance;
use super::truth::{IdKind, Style, Truth};

#[derive(Clone, Debug)]
pub struct Layout {
    /// Decides the smaller choices: wordings, places, orders.
    pub seed: u64,
    pub arrangement: Arrangement,
    pub class_by: ClassBy,
    pub titles: usize,
    pub depth: Depth,
    pub groups: Groups,
    pub spelling: Spelling,
    pub names: Names,
    pub shuffled: bool,
    /// Whether genders and flags are written with a letter or number before them, as forms export them.
    pub lettered: bool,
    pub extras: Vec<Extra>,
    pub statistics: usize,
    pub aside: bool,
    pub footers: usize,
    pub pseudo: bool,
    pub gone: bool,
    pub hidden: bool,
    pub blanks: bool,
    pub repeated: bool,
    pub file: File,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    Plain,
    Beside { gap: bool },
    Stacked,
    SheetPerClass { more: bool },
    ListAndMarks,
    SheetPerExam,
    RowPerMark,
    Across,
    NoHeader,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassBy {
    Column,
    Title,
    Sheet,
    Nothing,
}

/// What stands above a subject's marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Nothing.
    Flat,
    /// 成绩, or the exam, over all of them.
    Group,
    /// The subject over its marks and ranks.
    Subject,
    /// The exam over the subject over its marks and ranks.
    ExamAndSubject,
}

/// How a group's header is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Groups {
    Merged,
    First,
    Every,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    Plain,
    Qualified,
    Bilingual,
    Numbered,
    Exam,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    Whole,
    /// `Smith, Nora`.
    Comma,
    Halves,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    ClassRank,
    GradeRank,
    SubjectRank,
    Progress,
    Total,
    Phone,
    Remark,
    State,
    Timestamp,
    UnknownKinds,
    UnknownMarks,
    /// Numbers with a unit.
    Quantities,
    /// A sign for some, blank for the others.
    Ticks,
    Grade,
    Birth,
    Blank,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    Text {
        separator: u8,
        encoding: Encoding,
    },
    /// As people type it, where no cell holds the separator; else with commas.
    Typed {
        separator: char,
    },
    Xlsx,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Marked,
    Utf16,
    Gb18030,
}

const EXTRAS: [Extra; 16] = [
    Extra::ClassRank,
    Extra::GradeRank,
    Extra::SubjectRank,
    Extra::Progress,
    Extra::Total,
    Extra::Phone,
    Extra::Remark,
    Extra::State,
    Extra::Timestamp,
    Extra::UnknownKinds,
    Extra::UnknownMarks,
    Extra::Quantities,
    Extra::Ticks,
    Extra::Grade,
    Extra::Birth,
    Extra::Blank,
];

impl Layout {
    pub fn draw(truth: &Truth, chance: &mut Chance) -> Self {
        let seed = u64::try_from(chance.below(1 << 40)).expect("a seed");
        let arrangement = arrangement(truth, chance);
        let exams = truth.subjects[0].exam.is_some();
        let flat = matches!(
            arrangement,
            Arrangement::RowPerMark
                | Arrangement::Across
                | Arrangement::NoHeader
                | Arrangement::ListAndMarks
                | Arrangement::SheetPerExam
        );
        let depth = match chance.below(20) {
            _ if flat => Depth::Flat,
            0..=2 => Depth::Group,
            3 if !exams => Depth::Subject,
            4 | 5 => Depth::ExamAndSubject,
            _ => Depth::Flat,
        };
        let mut file = file(arrangement, chance);
        if let File::Text { encoding, .. } = &mut file
            && truth.latin
            && *encoding == Encoding::Gb18030
        {
            *encoding = Encoding::Utf8; // nobody writes English lists so
        }
        let spelling = match chance.below(12) {
            _ if exams && depth == Depth::Flat && arrangement != Arrangement::SheetPerExam => Spelling::Exam,
            0 | 1 => Spelling::Qualified,
            2 | 3 if !truth.latin => Spelling::Bilingual,
            4 => Spelling::Numbered,
            5 if depth == Depth::Flat => Spelling::Exam,
            _ => Spelling::Plain,
        };
        let plain = !matches!(arrangement, Arrangement::Across | Arrangement::NoHeader);
        let some = |chance: &mut Chance, percent: usize, most: usize| {
            if chance.percent(percent) { chance.between(1, most) } else { 0 }
        };
        let mut layout = Self {
            seed,
            arrangement,
            class_by: class_by(truth, arrangement, chance),
            titles: if arrangement == Arrangement::NoHeader { 0 } else { some(chance, 45, 3) },
            depth,
            groups: if matches!(file, File::Xlsx) {
                chance.one(&[Groups::Merged, Groups::Merged, Groups::First, Groups::Every])
            } else {
                chance.one(&[Groups::First, Groups::Every])
            },
            spelling,
            names: match chance.below(20) {
                0 | 1 if truth.latin => Names::Comma,
                2..=4 if truth.latin => Names::Halves,
                5 if plain => Names::Halves,
                _ => Names::Whole,
            },
            shuffled: chance.percent(40) && plain,
            lettered: chance.percent(10),
            extras: EXTRAS.into_iter().filter(|_| chance.percent(9)).collect(),
            statistics: if plain && arrangement != Arrangement::RowPerMark { some(chance, 30, 4) } else { 0 },
            aside: chance.percent(6) && matches!(arrangement, Arrangement::Plain),
            footers: if plain { some(chance, 30, 3) } else { 0 },
            pseudo: chance.percent(8) && matches!(arrangement, Arrangement::Plain),
            gone: chance.percent(6) && plain && arrangement != Arrangement::RowPerMark,
            hidden: chance.percent(8)
                && matches!(file, File::Xlsx)
                && matches!(arrangement, Arrangement::Plain | Arrangement::Stacked),
            blanks: chance.percent(12) && plain,
            repeated: chance.percent(8) && matches!(arrangement, Arrangement::Plain | Arrangement::Beside { .. }),
            file,
        };
        if layout.class_by == ClassBy::Title {
            layout.titles = layout.titles.max(1);
        }
        layout
    }

    /// Layouts with one thing less.
    pub fn simpler(&self) -> Vec<Self> {
        let mut found = Vec::new();
        let mut with = |change: fn(&mut Self)| {
            let mut layout = self.clone();
            change(&mut layout);
            found.push(layout);
        };
        with(|l| l.titles = usize::from(l.class_by == ClassBy::Title));
        with(|l| l.statistics = 0);
        with(|l| l.statistics = l.statistics.min(1));
        with(|l| l.aside = false);
        with(|l| l.footers = 0);
        with(|l| l.footers = l.footers.min(1));
        with(|l| l.pseudo = false);
        with(|l| (l.gone, l.hidden) = (false, false));
        with(|l| l.blanks = false);
        with(|l| l.repeated = false);
        with(|l| l.shuffled = false);
        with(|l| l.lettered = false);
        with(|l| l.names = Names::Whole);
        with(|l| l.spelling = if l.spelling == Spelling::Exam { Spelling::Exam } else { Spelling::Plain });
        with(|l| {
            l.depth = if l.spelling == Spelling::Exam || l.arrangement == Arrangement::SheetPerExam {
                Depth::Flat
            } else {
                l.depth
            }
        });
        with(|l| {
            if let File::Text { separator: b',', .. } = l.file {
                l.file = File::Text { separator: b',', encoding: Encoding::Utf8 }
            }
        });
        with(|l| {
            if matches!(l.file, File::Text { .. }) {
                l.file = File::Text { separator: b',', encoding: Encoding::Utf8 }
            }
        });
        for at in 0..self.extras.len() {
            let mut less = self.clone();
            less.extras.remove(at);
            found.push(less);
        }
        found
    }

    /// Whether a column of remarks or states says who is gone.
    pub fn tells_gone(&self) -> bool {
        let tells = [Extra::Remark, Extra::State].iter().any(|extra| self.extras.contains(extra));
        let everywhere =
            !matches!(self.arrangement, Arrangement::SheetPerExam | Arrangement::SheetPerClass { more: true });
        self.gone && tells && everywhere
    }

    /// What may be asked about such a layout.
    pub fn expected_doubts(&self) -> Vec<&'static str> {
        let mut doubts = Vec::new();
        let mut add = |is: bool, code: &'static str| doubts.extend(is.then_some(code));
        add(self.arrangement == Arrangement::NoHeader, "no_header");
        add(self.tells_gone(), "people_gone");
        add(self.hidden, "rows_hidden");
        let is_measured = |extra: &Extra| matches!(extra, Extra::UnknownMarks | Extra::Quantities);
        add(self.extras.iter().any(is_measured), "column_unused");
        doubts
    }
}

fn arrangement(truth: &Truth, chance: &mut Chance) -> Arrangement {
    let several = truth.classes.len() > 1;
    let exams = truth.subjects[0].exam.is_some();
    let by_number = truth.ids.first().is_some_and(|id| *id != IdKind::Seat && *id != IdKind::Sequence);
    match chance.below(24) {
        0..=2 => Arrangement::Beside { gap: chance.percent(50) },
        3..=5 if several => Arrangement::Stacked,
        6..=8 if several => Arrangement::SheetPerClass { more: chance.percent(30) },
        9 | 10 if by_number || !several => Arrangement::ListAndMarks,
        11 | 12 if !exams && truth.subjects.len() > 1 && (by_number || !several) => Arrangement::RowPerMark,
        13 if truth.students.len() <= 50 => Arrangement::Across,
        14 => Arrangement::NoHeader,
        15 | 16 if exams => Arrangement::SheetPerExam,
        _ => Arrangement::Plain,
    }
}

fn class_by(truth: &Truth, arrangement: Arrangement, chance: &mut Chance) -> ClassBy {
    let several = truth.classes.len() > 1;
    match arrangement {
        Arrangement::SheetPerClass { .. } => chance.one(&[ClassBy::Sheet, ClassBy::Column]),
        Arrangement::Stacked | Arrangement::Beside { .. } if several => chance.one(&[ClassBy::Title, ClassBy::Column]),
        _ if several => ClassBy::Column,
        Arrangement::NoHeader => chance.one(&[ClassBy::Column, ClassBy::Nothing]),
        _ => chance.one(&[ClassBy::Column, ClassBy::Title, ClassBy::Nothing]),
    }
}

fn file(arrangement: Arrangement, chance: &mut Chance) -> File {
    use Arrangement::{ListAndMarks, SheetPerClass, SheetPerExam};
    if matches!(arrangement, ListAndMarks | SheetPerClass { .. } | SheetPerExam) || chance.percent(45) {
        return File::Xlsx;
    }
    if chance.percent(12) {
        return File::Typed { separator: chance.one(&['，', '；', '、', ' ']) };
    }
    let separator = chance.one(b",,,;\t");
    let encoding = chance.one(&[Encoding::Utf8, Encoding::Utf8, Encoding::Marked, Encoding::Utf16, Encoding::Gb18030]);
    File::Text { separator, encoding }
}

/// Whether marks of this style are written as text.
pub fn is_text(style: Style) -> bool {
    !matches!(style, Style::Whole | Style::Half)
}
