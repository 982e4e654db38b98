//! Who is in a list and what it says of them, before anything is written down.

use super::chance::Chance;

/// What a list is about.
#[derive(Clone)]
pub struct Truth {
    /// Whether names and headers are English.
    pub latin: bool,
    /// The numbers that everybody has, the one to be taken as the id first.
    pub ids: Vec<IdKind>,
    pub classes: Vec<String>,
    pub subjects: Vec<Subject>,
    pub gender: bool,
    pub flag: bool,
    pub students: Vec<Person>,
}

/// A kind of number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IdKind {
    Student,
    Registry,
    Exam,
    Seat,
    Email,
    Sequence,
}

/// A subject, in one exam where there are several.
#[derive(Clone)]
pub struct Subject {
    pub zh: &'static str,
    pub en: &'static str,
    /// What it is read as, without the exam.
    pub key: &'static str,
    pub exam: Option<Exam>,
    pub style: Style,
}

/// An exam.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Exam {
    pub zh: &'static str,
    pub en: &'static str,
    pub key: &'static str,
}

pub const EXAMS: [Exam; 2] =
    [Exam { zh: "期中", en: "Midterm", key: "midterm" }, Exam { zh: "期末", en: "Final", key: "final" }];

/// How a column writes its marks.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Style {
    /// With something beside the number that says nothing: 96*.
    Noted(&'static str),
    Whole,
    Half,
    Text,
    Comma,
    Percent,
    Fraction(usize),
    Grades(&'static [&'static str]),
}

/// What a student has in a subject.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Mark {
    /// In halves of a point.
    Halves(usize),
    /// A step of the scale.
    Step(usize),
    MinusOne,
    Absent(&'static str),
    Blank,
}

#[derive(Clone)]
pub struct Person {
    pub family: String,
    pub given: String,
    /// One per kind of [`Truth::ids`].
    pub ids: Vec<String>,
    pub class: usize,
    pub is_male: bool,
    pub flag: bool,
    /// One per subject.
    pub marks: Vec<Mark>,
    pub gone: bool,
    pub hidden: bool,
}

const FAMILIES: [&str; 24] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗", "欧阳", "单", "时", "全",
];
const GIVENS: [&str; 32] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "思远", "子涵",
    "浩然", "雨桐", "欣怡", "宇航", "梓轩", "诗琪", "佳怡", "俊杰", "一诺", "可馨", "天佑", "若曦", "嘉豪", "晓彤",
];
const LATIN_FAMILIES: [&str; 20] = [
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "O'Brien",
    "Wilson",
    "Evans",
    "Thomas",
    "van der Berg",
    "Müller",
    "Garcia",
    "Lopez",
    "Nguyen",
    "Kim",
    "Patel",
    "Khan",
    "Rossi",
    "Novak",
    "Smith-Jones",
    "Li",
];
const LATIN_GIVENS: [&str; 20] = [
    "Nora", "Ada", "Ben", "Carla", "David", "Emma", "Felix", "Grace", "Hugo", "Iris", "Jack", "Kate", "Liam", "Mia",
    "Noah", "Olga", "Paul", "Rosa", "Sam", "Zoë",
];
/// Names that look like something else: two words, a dot, the word of a statistic.
const ODD_NAMES: [(&str, &str); 8] = [
    ("", "阿不都·热合曼"),
    ("", "买买提·艾力"),
    ("项", "目"),
    ("方", "差"),
    ("成", "绩"),
    ("单", "位平"),
    ("", "古丽娜尔·买买提"),
    ("高", "分"),
];
const ODD_LATIN: [(&str, &str); 5] =
    [("Mean", "Max"), ("Sum", "Wong"), ("Total", "Ana"), ("Note", "Eve"), ("Count", "Al")];

const SUBJECTS: [(&str, &str, &str); 9] = [
    ("语文", "Chinese", "chinese"),
    ("数学", "Math", "math"),
    ("英语", "English", "english"),
    ("物理", "Physics", "physics"),
    ("化学", "Chemistry", "chemistry"),
    ("历史", "History", "history"),
    ("地理", "Geography", "geography"),
    ("道德与法治", "Politics", "politics"),
    ("生物", "Biology", "biology"),
];
const SCALES: [&[&str]; 4] = [
    &["A", "B", "C", "D"],
    &["优", "良", "中", "差"],
    &["优秀", "良好", "及格", "不及格"],
    &["A+", "A", "B+", "B", "C"],
];
const ABSENT: [&str; 5] = ["缺考", "缺", "免考", "病假", "/"];
const ABSENT_LATIN: [&str; 4] = ["absent", "N/A", "EX", "-"];

impl Truth {
    pub fn draw(chance: &mut Chance) -> Self {
        let latin = chance.percent(25);
        let classes = classes(latin, chance);
        let ids = ids(chance);
        let mut truth = Self {
            latin,
            ids,
            subjects: subjects(latin, chance),
            gender: chance.percent(80),
            flag: chance.percent(30),
            students: Vec::new(),
            classes,
        };
        for class in 0..truth.classes.len() {
            let n = if chance.percent(85) { chance.between(6, 24) } else { chance.between(25, 52) };
            truth.add_class(class, n, chance);
        }
        truth
    }

    fn add_class(&mut self, class: usize, n: usize, chance: &mut Chance) {
        let mut names: Vec<(String, String)> = Vec::new();
        while names.len() < n {
            let name = self.name(chance);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        for (seat, (family, given)) in names.into_iter().enumerate() {
            let whole = self.students.len() + 1;
            let id = |kind: &IdKind| match kind {
                IdKind::Student => format!("{}{:02}{:02}", 2024, class + 1, seat + 1),
                IdKind::Registry => format!("G3301022010{:08}", 1_000 + 7 * whole),
                IdKind::Exam => format!("{}", 330_100 + 3 * whole),
                IdKind::Seat => format!("{:02}", seat + 1),
                IdKind::Email => format!("s{whole}@school.edu"),
                IdKind::Sequence => whole.to_string(),
            };
            let ids = self.ids.iter().map(id).collect();
            let marks = self.subjects.iter().map(|subject| mark(subject.style, self.latin, chance)).collect();
            let (is_male, flag) = (chance.percent(50), chance.percent(30));
            self.students.push(Person { family, given, ids, class, is_male, flag, marks, gone: false, hidden: false });
        }
    }

    fn name(&self, chance: &mut Chance) -> (String, String) {
        // Without a number beside them such names cannot be told from what they look like.
        let odd = !self.ids.is_empty() && chance.percent(2);
        let (family, given) = match (self.latin, odd) {
            (false, false) => (chance.pick(&FAMILIES), chance.pick(&GIVENS)),
            (true, false) => (chance.pick(&LATIN_FAMILIES), chance.pick(&LATIN_GIVENS)),
            (false, true) => chance.one(&ODD_NAMES),
            (true, true) => chance.one(&ODD_LATIN),
        };
        (family.to_owned(), given.to_owned())
    }

    /// The field that a subject is to be read as; marks of several exams in one subject are told apart.
    pub fn field(&self, subject: usize) -> String {
        let Subject { key, exam, .. } = self.subjects[subject];
        let several = self.subjects.iter().filter(|other| other.key == key).count() > 1;
        exam.filter(|_| several).map_or_else(|| format!("score:{key}"), |exam| format!("score:{key}_{}", exam.key))
    }

    /// The list without most of its students, to look for a smaller one that fails as well.
    pub fn smaller(&self) -> Option<Self> {
        let n = self.students.len() / self.classes.len();
        let keep = |class: usize| self.students.iter().filter(move |s| s.class == class).take((n / 2).max(3));
        let students: Vec<Person> = (0..self.classes.len()).flat_map(keep).cloned().collect();
        (students.len() < self.students.len()).then(|| Self { students, ..self.clone() })
    }

    /// Smaller lists with one thing less.
    pub fn simpler(&self) -> Vec<Self> {
        let mut found: Vec<Self> = self.smaller().into_iter().collect();
        for at in 0..self.subjects.len() {
            if self.subjects.len() > 1 {
                let mut less = self.clone();
                less.subjects.remove(at);
                for student in &mut less.students {
                    student.marks.remove(at);
                }
                found.push(less);
            }
            if self.subjects[at].style != Style::Whole {
                let mut plain = self.clone();
                plain.subjects[at].style = Style::Whole;
                plain.students.iter_mut().enumerate().for_each(|(i, s)| s.marks[at] = Mark::Halves(120 + 2 * i));
                found.push(plain);
            }
        }
        if self.gender {
            found.push(Self { gender: false, ..self.clone() });
        }
        if self.flag {
            found.push(Self { flag: false, ..self.clone() });
        }
        found
    }
}

impl Person {
    pub fn name(&self, latin: bool) -> String {
        if latin { format!("{} {}", self.given, self.family) } else { format!("{}{}", self.family, self.given) }
    }
}

fn classes(latin: bool, chance: &mut Chance) -> Vec<String> {
    let n = if chance.percent(60) { 1 } else { chance.between(2, 4) };
    let forms: &[fn(usize) -> String] = if latin {
        &[|n| format!("Class {n}"), |n| format!("7{}", ["A", "B", "C", "D"][n - 1])]
    } else {
        &[
            |n| format!("七（{n}）班"),
            |n| format!("七年级{n}班"),
            |n| format!("高一({n})班"),
            |n| format!("三{n}班"),
            |n| format!("{n}班"),
        ]
    };
    let form = chance.one(forms);
    (1..=n).map(form).collect()
}

fn ids(chance: &mut Chance) -> Vec<IdKind> {
    let all = [IdKind::Student, IdKind::Registry, IdKind::Exam, IdKind::Seat, IdKind::Email, IdKind::Sequence];
    let mut ids: Vec<IdKind> = match chance.below(10) {
        0 | 1 => Vec::new(),
        2..=6 => vec![chance.one(&all)],
        _ => all.into_iter().filter(|_| chance.percent(35)).collect(),
    };
    if ids.len() == 1 && chance.percent(30) && ids[0] != IdKind::Sequence {
        ids.push(IdKind::Sequence);
    }
    ids
}

fn subjects(latin: bool, chance: &mut Chance) -> Vec<Subject> {
    let mut known = SUBJECTS;
    chance.shuffle(&mut known);
    let n = chance.between(1, 6);
    let exams: &[Option<Exam>] = if chance.percent(12) { &[Some(EXAMS[0]), Some(EXAMS[1])] } else { &[None] };
    let style = |chance: &mut Chance| match chance.below(20) {
        0..=9 => Style::Whole,
        10 | 11 => Style::Half,
        12 => Style::Text,
        13 => Style::Comma,
        14 => Style::Percent,
        15 => Style::Fraction(chance.one(&[100, 120, 150])),
        16 | 17 => Style::Grades(if latin { chance.one(&[SCALES[0], SCALES[3]]) } else { chance.one(&SCALES) }),
        18 => Style::Noted(chance.one(&["*", "↑", "(A)", "（B）"])),
        _ => Style::Whole,
    };
    let usual = style(chance);
    let mut subjects = Vec::new();
    for exam in exams {
        for &(zh, en, key) in &known[..n] {
            let style = if chance.percent(80) { usual } else { style(chance) };
            subjects.push(Subject { zh, en, key, exam: *exam, style });
        }
    }
    subjects
}

fn mark(style: Style, latin: bool, chance: &mut Chance) -> Mark {
    if chance.percent(4) {
        let plain = matches!(style, Style::Whole | Style::Half);
        return match chance.below(4) {
            0 if plain => Mark::MinusOne,
            1 | 2 => Mark::Absent(if latin { chance.pick(&ABSENT_LATIN) } else { chance.pick(&ABSENT) }),
            _ => Mark::Blank,
        };
    }
    match style {
        Style::Half | Style::Comma => Mark::Halves(chance.between(80, 200)),
        Style::Grades(scale) => Mark::Step(chance.below(scale.len())),
        _ => Mark::Halves(2 * chance.between(40, 100)),
    }
}
