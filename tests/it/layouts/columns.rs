//! The columns of a list: what each says of a student, and how its header is spelt.

use super::chance::Chance;
use super::draw::{ClassBy, Depth, Extra, Layout, Names, Spelling};
use super::truth::{EXAMS, IdKind, Mark, Person, Style, Truth};

/// A cell as it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Blank,
    Text(String),
    Number(f64),
}

impl Value {
    pub fn text(text: &str) -> Self {
        if text.is_empty() { Self::Blank } else { Self::Text(text.to_owned()) }
    }
}

/// What a column is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    Id(usize),
    Name,
    Family,
    Given,
    Class,
    Gender,
    Flag,
    /// By number of the subject.
    Mark(usize),
    Extra(Extra, usize),
    /// The subject's name, in a list of a row a mark.
    Subject,
}

/// A column with its header cells, the uppermost first.
#[derive(Clone, Debug)]
pub struct Col {
    pub what: What,
    pub levels: Vec<String>,
}

/// Which columns stand in a sheet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    All,
    List,
    Marks,
    Exam(usize),
    RowPerMark,
}

/// The columns of a part of the list; those of one group stand together.
pub fn columns(truth: &Truth, layout: &Layout, part: Part, order: u64) -> Vec<Col> {
    let mut speller =
        Speller { truth, layout, chance: Chance::new(layout.seed), number: 0, is_sheet: matches!(part, Part::Exam(_)) };
    let is = |parts: &[Part]| parts.contains(&part);
    let marks_only = part == Part::Marks;
    let mut groups: Vec<Vec<Col>> = Vec::new();
    for at in 0..truth.ids.len().min(if marks_only { 1 } else { 9 }) {
        groups.push(vec![speller.col(What::Id(at))]);
    }
    match layout.names {
        Names::Halves => groups.push(vec![speller.col(What::Family), speller.col(What::Given)]),
        _ => groups.push(vec![speller.col(What::Name)]),
    }
    let has_class = layout.class_by == ClassBy::Column && !marks_only;
    for (there, what) in
        [(has_class, What::Class), (truth.gender && !marks_only, What::Gender), (truth.flag && !marks_only, What::Flag)]
    {
        if there {
            groups.push(vec![speller.col(what)]);
        }
    }
    if part == Part::RowPerMark {
        groups.push(vec![
            speller.col(What::Subject),
            Col { what: What::Mark(0), levels: vec![if truth.latin { "Score" } else { "成绩" }.to_owned()] },
        ]);
    } else if part != Part::List {
        groups.extend(speller.marks(part));
    }
    if is(&[Part::All, Part::List]) {
        for extra in &layout.extras {
            groups.push(vec![speller.col(What::Extra(*extra, 0))]);
        }
    }
    if layout.shuffled {
        Chance::new(layout.seed ^ order).shuffle(&mut groups);
    }
    groups.into_iter().flatten().collect()
}

struct Speller<'a> {
    truth: &'a Truth,
    layout: &'a Layout,
    chance: Chance,
    number: usize,
    is_sheet: bool,
}

impl Speller<'_> {
    fn col(&mut self, what: What) -> Col {
        Col { what, levels: vec![self.header(what)] }
    }

    fn marks(&mut self, part: Part) -> Vec<Vec<Col>> {
        let in_part = |exam: Option<super::truth::Exam>| match part {
            Part::Exam(at) => exam.is_some_and(|exam| exam == EXAMS[at]),
            _ => true,
        };
        let subjects: Vec<usize> =
            (0..self.truth.subjects.len()).filter(|&s| in_part(self.truth.subjects[s].exam)).collect();
        let latin = self.truth.latin;
        let word = |zh: &str, en: &str| if latin { en.to_owned() } else { zh.to_owned() };
        let exam = |s: usize| self.truth.subjects[s].exam.map(|exam| word(exam.zh, exam.en));
        let rank = |s| What::Extra(Extra::SubjectRank, s);
        match self.layout.depth {
            Depth::Flat => subjects.into_iter().map(|s| vec![self.col(What::Mark(s))]).collect(),
            Depth::Group => {
                let group = |s| exam(s).unwrap_or_else(|| word("成绩", "Scores"));
                vec![
                    subjects
                        .into_iter()
                        .map(|s| Col { what: What::Mark(s), levels: vec![group(s), self.subject(s)] })
                        .collect(),
                ]
            }
            Depth::Subject => (subjects.into_iter())
                .map(|s| {
                    let mark = Col { what: What::Mark(s), levels: vec![self.subject(s), word("分数", "Score")] };
                    vec![mark, Col { what: rank(s), levels: vec![self.subject(s), word("班次", "Rank")] }]
                })
                .collect(),
            Depth::ExamAndSubject => vec![
                (subjects.into_iter())
                    .flat_map(|s| {
                        let over = exam(s).unwrap_or_else(|| word("期末考试", "Final Exam"));
                        let levels = |lower: String| vec![over.clone(), self.subject(s), lower];
                        let mark = Col { what: What::Mark(s), levels: levels(word("得分", "Score")) };
                        [mark, Col { what: rank(s), levels: levels(word("级次", "Rank")) }]
                    })
                    .collect(),
            ],
        }
    }

    fn subject(&self, s: usize) -> String {
        let subject = &self.truth.subjects[s];
        if self.truth.latin { subject.en.to_owned() } else { subject.zh.to_owned() }
    }

    /// The header of a column as this list spells it.
    fn header(&mut self, what: What) -> String {
        let (zh, en) = self.words(what);
        let plain = if self.truth.latin { en.clone() } else { zh.clone() };
        self.number += 1;
        match (self.layout.spelling, what) {
            (_, What::Extra(Extra::Blank, _)) => plain,
            (Spelling::Qualified, _) => self.qualified(what, &plain),
            (Spelling::Bilingual, _) => self.chance.one(&[
                format!("{zh} {en}"),
                format!("{zh}/{en}"),
                format!("{zh}({en})"),
                format!("{en} {zh}"),
                format!("{zh}\n{en}"),
            ]),
            (Spelling::Numbered, _) => {
                let n = self.number;
                self.chance.one(&[format!("{n}、{plain}"), format!("{n}. {plain}"), format!("{n}.{plain}")])
            }
            (Spelling::Exam, What::Mark(s)) if !self.is_sheet => {
                let exam = self.truth.subjects[s].exam.unwrap_or(EXAMS[1]);
                let name = if self.truth.latin { exam.en } else { exam.zh };
                match (self.truth.latin, self.truth.subjects[s].exam.is_some() || self.chance.percent(50)) {
                    (true, _) => format!("{name} {plain}"),
                    (_, true) => format!("{name}{plain}"),
                    _ => self.chance.one(&[
                        format!("{name}考试{plain}"),
                        format!("{plain}（{name}）"),
                        format!("{name}{}成绩", plain.trim_end_matches("成绩").trim_end_matches("分数")),
                    ]),
                }
            }
            _ => plain,
        }
    }

    fn qualified(&mut self, what: What, plain: &str) -> String {
        let by_kind = match (what, self.truth.latin) {
            (What::Gender, false) => "（男/女）",
            (What::Mark(_), false) => self.chance.pick(&["（满分150分）", "(分)", "（必填）", "【笔试】"]),
            (What::Mark(_), true) => " (points)",
            (_, true) => " (required)",
            _ => self.chance.pick(&["（必填）", "*", "【必填】", "(选填)"]),
        };
        if self.chance.percent(60) { format!("{plain}{by_kind}") } else { plain.to_owned() }
    }

    fn words(&mut self, what: What) -> (String, String) {
        let mut one = |zh: &[&str], en: &[&str]| (self.chance.pick(zh).to_owned(), self.chance.pick(en).to_owned());
        match what {
            What::Id(at) => match self.truth.ids[at] {
                IdKind::Student => one(&["学号", "学生学号"], &["Student ID", "Student Number", "ID"]),
                IdKind::Registry => one(&["学籍号", "全国学籍号"], &["Student Code"]),
                IdKind::Exam => one(&["考号", "准考证号", "考生号"], &["Exam No", "Candidate Number"]),
                IdKind::Seat => one(&["座号", "座位号", "班内学号"], &["Seat No", "Roll No"]),
                IdKind::Email => one(&["邮箱", "电子邮箱"], &["Email", "Email Address"]),
                IdKind::Sequence => one(&["序号"], &["Row No"]),
            },
            What::Name => one(&["姓名", "学生姓名", "名字"], &["Name", "Student Name", "Full Name"]),
            What::Family => one(&["姓", "姓氏"], &["Last Name", "Surname"]),
            What::Given => one(&["名"], &["First Name", "Given Name"]),
            What::Class => one(&["班级", "所在班级", "行政班"], &["Class", "Homeroom"]),
            What::Gender => one(&["性别"], &["Gender", "Sex"]),
            What::Flag => one(&["住校", "是否住校"], &["Boarding"]),
            What::Subject => one(&["科目", "学科"], &["Subject"]),
            What::Mark(s) => {
                let subject = &self.truth.subjects[s];
                let (zh, en) = (subject.zh.to_owned(), subject.en.to_owned());
                let full = self.chance.one(&[100, 120, 150]);
                match self.chance.below(10) {
                    8 => (format!("{zh}{full}"), format!("{en} {full}")),
                    9 if !zh.starts_with('道') => (zh.chars().take(1).collect(), en),
                    0 => (format!("{zh}成绩"), format!("{en} Score")),
                    1 => (format!("{zh}分数"), format!("{en} Marks")),
                    _ => (zh, en),
                }
            }
            What::Extra(extra, _) => match extra {
                Extra::ClassRank => one(&["班名次", "班级排名"], &["Class Rank"]),
                Extra::GradeRank => one(&["年级名次", "校排名"], &["Grade Rank"]),
                Extra::SubjectRank => one(&["数学名次", "语文班排名"], &["Math Rank"]),
                Extra::Progress => one(&["进退步", "名次变化"], &["Progress"]),
                Extra::Total => one(&["总分", "总成绩"], &["Total", "Total Score"]),
                Extra::Phone => one(&["联系电话", "家长电话"], &["Phone"]),
                Extra::Remark => one(&["备注"], &["Notes", "Remarks"]),
                Extra::State => {
                    one(&["学生状态", "在校情况", "学籍状态"], &["Status", "Enrollment Status", "Enrolment"])
                }
                Extra::Timestamp => one(&["提交时间"], &["Timestamp"]),
                Extra::UnknownKinds => one(&["社团", "兴趣小组"], &["Club", "House"]),
                Extra::UnknownMarks => one(&["拓展", "素养"], &["Fitness", "Quiz X"]),
                Extra::Quantities => one(&["跳远", "一分钟跳绳"], &["Long Jump", "Lexile"]),
                Extra::Ticks => one(&["班干部", "特长"], &["EAL", "Monitor"]),
                Extra::Grade => one(&["年级"], &["Grade Level"]),
                Extra::Birth => one(&["出生日期"], &["Date of Birth"]),
                Extra::Blank => (String::new(), String::new()),
            },
        }
    }
}

/// What a column says of a student.
pub fn cell(truth: &Truth, layout: &Layout, what: What, s: usize, chance: &mut Chance) -> Value {
    let person = &truth.students[s];
    let latin = truth.latin;
    match what {
        What::Id(at) => number(truth.ids[at], &person.ids[at]),
        What::Name if layout.names == Names::Comma => Value::Text(format!("{}, {}", person.family, person.given)),
        What::Name => Value::Text(person.name(latin)),
        What::Family => Value::text(&person.family),
        What::Given => Value::text(&person.given),
        What::Class => Value::Text(truth.classes[person.class].clone()),
        What::Gender => Value::text(match (latin, person.is_male, layout.lettered) {
            (false, true, true) => "1-男",
            (false, false, true) => "2-女",
            (false, true, _) => "男",
            (false, false, _) => "女",
            (true, true, _) => "M",
            (true, false, _) => "F",
        }),
        What::Flag => Value::text(match (latin, person.flag, layout.lettered) {
            (false, true, true) => "A.是",
            (false, false, true) => "B.否（走读）",
            (false, true, _) => "是",
            (false, false, _) => "否",
            (true, true, _) => "yes",
            (true, false, _) => "no",
        }),
        What::Mark(subject) => mark(truth.subjects[subject].style, person.marks[subject]),
        What::Subject => Value::Blank,
        What::Extra(extra, _) => self::extra(extra, truth, person, s, chance),
    }
}

fn number(kind: IdKind, id: &str) -> Value {
    match kind {
        IdKind::Student | IdKind::Exam | IdKind::Sequence => Value::Number(id.parse().expect("a number")),
        IdKind::Registry | IdKind::Seat | IdKind::Email => Value::text(id),
    }
}

/// A mark as its column writes it.
pub fn mark(style: Style, mark: Mark) -> Value {
    let halves = match mark {
        Mark::Blank => return Value::Blank,
        Mark::MinusOne => return Value::Number(-1.0),
        Mark::Absent(word) => return Value::text(word),
        Mark::Step(step) => match style {
            Style::Grades(scale) => return Value::text(scale[step]),
            _ => 2 * step,
        },
        Mark::Halves(halves) => halves,
    };
    let (whole, half) = (halves / 2, if halves % 2 == 1 { "5" } else { "0" });
    match style {
        Style::Text => Value::Text(whole.to_string()),
        Style::Comma => Value::Text(format!("{whole},{half}")),
        Style::Percent => Value::Text(format!("{whole}%")),
        Style::Noted(sign) => Value::Text(format!("{whole}{sign}")),
        Style::Fraction(of) => Value::Text(format!("{whole}/{of}")),
        Style::Whole | Style::Half | Style::Grades(_) => Value::Number(halves as f64 / 2.0),
    }
}

fn extra(extra: Extra, truth: &Truth, person: &Person, s: usize, chance: &mut Chance) -> Value {
    let latin = truth.latin;
    match extra {
        Extra::ClassRank | Extra::GradeRank | Extra::SubjectRank => Value::Number(chance.between(1, 60) as f64),
        Extra::Progress => Value::Number(chance.between(0, 20) as f64 - 10.0),
        Extra::Total => Value::Number(chance.between(200, 600) as f64),
        Extra::Phone => Value::Number(13_900_000_000.0 + s as f64),
        Extra::Remark if person.gone => Value::text(chance.pick(if latin {
            &["withdrawn", "has left the school", "Transferred to Hill High", "moved to Leeds", "no longer enrolled"]
        } else {
            &["已转学", "9月转走", "转至县二中", "因病休学", "在外借读", "10.8退学", "去广东读书", "不参加分组"]
        })),
        Extra::State if person.gone => Value::text(chance.pick(if latin {
            &["Withdrawn", "W", "Exited", "Off roll", "No show", "Code 40", "Left"]
        } else {
            &["转走", "人籍分离", "病休", "空挂", "不在校", "其他", "待核"]
        })),
        Extra::State => Value::text(if latin { "Active" } else { "在读" }),
        Extra::Remark if chance.percent(80) => Value::Blank,
        Extra::Remark => Value::text(if latin {
            chance.pick(&["class president", "left-handed", "joined in May, transferred from Leeds", "moved to set 2"])
        } else {
            chance.pick(&[
                "班长",
                "体育委员",
                "近视",
                "走读",
                "9月转入",
                "父母离异",
                "视力减退",
                "生病请假",
                "上学期进退不大",
            ])
        }),
        Extra::Timestamp => Value::Text(format!("2024/9/{} 08:{:02}:11", 1 + s % 28, s % 60)),
        Extra::UnknownKinds => {
            Value::text(chance.pick(if latin { &["red", "blue", "green"] } else { &["篮球", "合唱", "书画"] }))
        }
        Extra::UnknownMarks => Value::Number(chance.between(55, 99) as f64),
        Extra::Quantities => Value::Text(format!("{}{}", chance.between(120, 240), if latin { "L" } else { "厘米" })),
        Extra::Ticks => Value::text(if chance.percent(25) { "√" } else { "" }),
        Extra::Grade => Value::text(if latin { "7" } else { "七年级" }),
        Extra::Birth => Value::Text(format!("2012-{:02}-{:02}", 1 + s % 12, 1 + s % 28)),
        Extra::Blank => Value::Blank,
    }
}
