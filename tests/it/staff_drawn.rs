//! Drawn schools whose staff lists are written in drawn shapes: the reader gives the truth, or refuses with a message.

use fenzu::roster::staff::{Directory, Mention, Staff, read_staff};
use fenzu::roster::{Limits, Reading, Roster, read};
use proptest::prelude::*;
use rust_xlsxwriter::{Format, Workbook};
use std::collections::{BTreeMap, BTreeSet};

const SUBJECTS: [&str; 4] = ["语文", "数学", "体育", "研学旅行"];
const NUMERALS: [&str; 4] = ["六", "七", "八", "九"];

/// Who teaches which subject where: `teachers[subject][class]`, classes by grade.
#[derive(Clone, Debug)]
struct School {
    grades: usize,
    each: usize,
    teachers: Vec<Vec<usize>>,
}

/// How it is written.
#[derive(Clone, Debug)]
struct Shape {
    layout: usize,
    header: usize,
    name: usize,
    class: usize,
    title: bool,
}

fn drawn() -> impl Strategy<Value = (School, Shape)> {
    let size = (1_usize..=3, 2_usize..=4, 2_usize..=4);
    let school = size.prop_flat_map(|(grades, each, subjects)| {
        let subject = prop::collection::vec(0_usize..24, grades * each);
        prop::collection::vec(subject, subjects).prop_map(move |teachers| School { grades, each, teachers })
    });
    let shape = (0_usize..8, 0_usize..4, 0_usize..5, 0_usize..5, any::<bool>());
    (school, shape.prop_map(|(layout, header, name, class, title)| Shape { layout, header, name, class, title }))
}

fn name(teacher: usize) -> String {
    format!("{}{}", ["王", "李", "陈", "周", "赵", "欧阳"][teacher % 6], ["芳", "强", "静", "小敏"][teacher / 6])
}

impl School {
    fn class(&self, at: usize) -> (usize, usize) {
        (at / self.each, at % self.each + 1)
    }

    fn listed(&self) -> Vec<String> {
        (0..self.grades * self.each).map(|at| self.class(at)).map(|(g, n)| format!("{}({n})班", NUMERALS[g])).collect()
    }

    fn truth(&self) -> BTreeMap<String, BTreeSet<String>> {
        let listed = self.listed();
        let mut truth: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for of in &self.teachers {
            for (at, teacher) in of.iter().enumerate() {
                truth.entry(name(*teacher)).or_default().insert(listed[at].clone());
            }
        }
        truth
    }

    fn people(&self) -> Vec<usize> {
        self.teachers.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl Shape {
    fn class(&self, (grade, number): (usize, usize)) -> String {
        let g = NUMERALS[grade];
        match self.class {
            0 => format!("{g}({number})班"),
            1 => format!("{g}{number}"),
            2 => format!("{}.{number}", grade + 6),
            3 => format!("{g}年级{number}班"),
            _ => format!("{g}{number}班*"),
        }
    }

    fn name(&self, teacher: usize, subject: &str) -> String {
        let name = name(teacher);
        match self.name {
            0 => name,
            1 => format!("{name}老师"),
            2 => format!("{name}（{subject}）"),
            3 => format!("{name}★"),
            _ => format!(" {name} "),
        }
    }

    fn headers(&self) -> [&'static str; 3] {
        [
            ["姓名", "任教班级", "学科"],
            ["教师姓名（必填）", "所教班级（用顿号分隔）", "任教学科*"],
            ["姓名 Name", "班级 Classes", "科目 Subject"],
            ["Teacher", "Classes taught", "Subject"],
        ][self.header]
    }

    fn rows(&self, school: &School) -> Vec<Vec<String>> {
        let subjects = &SUBJECTS[..school.teachers.len()];
        let classes: Vec<String> = (0..school.grades * school.each).map(|at| self.class(school.class(at))).collect();
        let [who, where_, what] = self.headers().map(str::to_owned);
        let owned = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
        let matrix = |at: &[usize]| {
            let mut rows = vec![[owned(&["班级"]), owned(subjects)].concat()];
            rows.extend(at.iter().map(|&at| {
                let names = school.teachers.iter().zip(subjects).map(|(of, subject)| self.name(of[at], subject));
                [vec![classes[at].clone()], names.collect()].concat()
            }));
            rows
        };
        let of = |teacher: usize| {
            let at = (0..classes.len()).filter(move |at| school.teachers.iter().any(|of| of[*at] == teacher));
            at.collect::<Vec<_>>()
        };
        let taught = |teacher: usize| {
            let own = subjects.iter().zip(&school.teachers).filter(|(_, of)| of.contains(&teacher));
            own.map(|(subject, _)| *subject).collect::<Vec<_>>()
        };
        let by_grade: Vec<Vec<usize>> =
            (0..school.grades).map(|grade| (grade * school.each..(grade + 1) * school.each).collect()).collect();
        match self.layout {
            0 => matrix(&(0..classes.len()).collect::<Vec<_>>()),
            1 => {
                let mut rows = vec![[owned(&["学科"]), classes.clone()].concat()];
                rows.extend(subjects.iter().zip(&school.teachers).map(|(subject, of)| {
                    let names = of.iter().map(|teacher| self.name(*teacher, subject));
                    [owned(&[subject]), names.collect()].concat()
                }));
                rows
            }
            2 => by_grade.iter().flat_map(|at| matrix(at)).collect(),
            3 => {
                let blocks: Vec<Vec<Vec<String>>> = by_grade.iter().map(|at| matrix(at)).collect();
                (0..=school.each)
                    .map(|row| {
                        blocks.iter().flat_map(|block| [block[row].clone(), vec![String::new()]].concat()).collect()
                    })
                    .collect()
            }
            4 => {
                let mut rows = vec![vec![where_, what, who]];
                for (subject, of) in subjects.iter().zip(&school.teachers) {
                    rows.extend(of.iter().enumerate().map(|(at, teacher)| {
                        vec![classes[at].clone(), (*subject).to_owned(), self.name(*teacher, subject)]
                    }));
                }
                rows
            }
            5 => {
                let mut rows = vec![vec![who, what, where_]];
                rows.extend(school.people().into_iter().map(|teacher| {
                    let own = taught(teacher);
                    let named: Vec<String> = of(teacher).iter().map(|at| classes[*at].clone()).collect();
                    vec![self.name(teacher, own[0]), own.join("、"), named.join("、")]
                }));
                rows
            }
            6 => {
                let mut rows = vec![[vec![who, what], classes.clone()].concat()];
                rows.extend(school.people().into_iter().map(|teacher| {
                    let (own, at) = (taught(teacher), of(teacher));
                    let ticks = (0..classes.len()).map(|class| if at.contains(&class) { "√" } else { "" }.to_owned());
                    [vec![self.name(teacher, own[0]), own.join("、")], ticks.collect()].concat()
                }));
                rows
            }
            _ => {
                let most = school.people().into_iter().map(|teacher| of(teacher).len()).max().unwrap_or(1);
                let mut rows = vec![[vec![who], vec![where_; most]].concat()];
                rows.extend(school.people().into_iter().map(|teacher| {
                    let named: Vec<String> = of(teacher).iter().map(|at| classes[*at].clone()).collect();
                    [vec![self.name(teacher, taught(teacher)[0])], named].concat()
                }));
                rows
            }
        }
    }

    fn written(&self, school: &School) -> String {
        let cell = |cell: &String| format!("\"{cell}\"");
        let rows = self.rows(school);
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        let line = |row: &Vec<String>| {
            let cells = row.iter().cloned().chain(std::iter::repeat_n(String::new(), width - row.len()));
            cells.map(|text| cell(&text)).collect::<Vec<_>>().join(",") + "\n"
        };
        let title = if self.title { "某某学校任课安排\n" } else { "" };
        format!("{title}{}", rows.iter().map(line).collect::<String>())
    }
}

/// The classes of a school, three students in each.
fn directory(listed: &[String]) -> Directory {
    let list = |class: &String| -> Roster {
        let text = format!("学号,姓名,班级,数学\n1,甲,{class},90\n2,乙,{class},80\n3,丙,{class},70\n");
        read(text.as_bytes(), &Reading { file: "list.csv", ..Reading::default() }).expect("a class list")
    };
    Directory::new(&listed.iter().map(list).collect::<Vec<_>>()).expect("classes")
}

/// Classes by teacher.
fn taught(staff: &Staff) -> BTreeMap<String, BTreeSet<String>> {
    staff.teachers.iter().map(|teacher| (teacher.name.clone(), teacher.classes.iter().cloned().collect())).collect()
}

/// How a list says that a teacher is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Away {
    Struck,
    Hidden,
    Remark(&'static str),
    Status(&'static str),
    Name(&'static str),
}

const AWAY: [Away; 9] = [
    Away::Struck,
    Away::Hidden,
    Away::Remark("已离职"),
    Away::Remark("产假中"),
    Away::Remark("2025年8月调走"),
    Away::Status("离职"),
    Away::Status("休假"),
    Away::Name("（已调走）"),
    Away::Name("(病假)"),
];

/// A list with a teacher who is not there, and with wishes.
#[derive(Clone, Debug)]
struct Extras {
    /// Which of the people.
    who: usize,
    away: Away,
    /// The header of wishes, and how they are written.
    claims: Option<(usize, usize)>,
    hidden_first: bool,
}

fn extras() -> impl Strategy<Value = Extras> {
    let claims = prop::option::of((0_usize..3, 0_usize..6));
    (0_usize..24, 0..AWAY.len(), claims, any::<bool>()).prop_map(|(who, away, claims, hidden_first)| Extras {
        who,
        away: AWAY[away],
        claims,
        hidden_first,
    })
}

impl Extras {
    fn wish(&self, class: &str) -> String {
        match self.claims.map_or(0, |(_, form)| form) {
            0 => format!("{class}第1组"),
            1 => format!("{class}-1"),
            2 => format!("{class}①"),
            3 => format!("{class}第一小组"),
            4 => format!("{class}/1"),
            _ => format!("第一志愿：{class}第1组"),
        }
    }

    /// The rows of a list of a row a teacher or more, with columns beside them, as a workbook.
    fn book(&self, mut rows: Vec<Vec<String>>, gone: usize, wishes: &BTreeMap<String, String>) -> Vec<u8> {
        let width = rows.iter().map(Vec::len).max().unwrap_or(0);
        rows.iter_mut().for_each(|row| row.resize(width, String::new()));
        let is_of = |row: &[String], name: &str| row.iter().any(|cell| cell.trim().starts_with(name));
        let lost: Vec<usize> = (1..rows.len()).filter(|&at| is_of(&rows[at], &name(gone))).collect();
        match self.away {
            Away::Remark(word) | Away::Status(word) => {
                let header = if matches!(self.away, Away::Remark(_)) { "备注" } else { "状态" };
                rows[0].push(header.to_owned());
                for (at, row) in rows.iter_mut().enumerate().skip(1) {
                    row.push(
                        if lost.contains(&at) {
                            word
                        } else if header == "状态" {
                            "在岗"
                        } else {
                            ""
                        }
                        .to_owned(),
                    );
                }
            }
            Away::Name(word) => {
                for &at in &lost {
                    let cell = rows[at].iter_mut().find(|cell| cell.trim().starts_with(&name(gone)));
                    cell.into_iter().for_each(|cell| cell.push_str(word));
                }
            }
            Away::Struck | Away::Hidden => {}
        }
        if let Some((header, _)) = self.claims {
            rows[0].push(["认领意愿", "志愿", "认领小组"][header].to_owned());
            for row in rows.iter_mut().skip(1) {
                let wish = wishes.iter().find(|(name, _)| is_of(row, name)).map(|(_, wish)| wish.clone());
                row.push(wish.unwrap_or_default());
            }
        }
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let (plain, struck) = (Format::new(), Format::new().set_font_strikethrough());
        for (r, row) in (0..).zip(&rows) {
            let is_lost = lost.contains(&(r as usize));
            let format = if is_lost && self.away == Away::Struck { &struck } else { &plain };
            for (c, cell) in (0..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_with_format(r, c, cell, format).expect("a cell");
            }
            if is_lost && self.away == Away::Hidden {
                sheet.set_row_hidden(r).expect("a row");
            }
        }
        if self.hidden_first {
            let notes = book.add_worksheet();
            notes.write(0, 0, "填表说明").expect("a cell");
            notes.set_hidden(true);
        }
        book.save_to_buffer().expect("a workbook")
    }
}

proptest! {
    #![proptest_config(ProptestConfig::default())]

    #[test]
    fn teachers_who_are_not_there_and_wishes_are_read_or_told((school, shape) in drawn(), extras in extras()) {
        // A row a teacher, a row a class and subject, ticks, several columns of classes.
        let shape = Shape { layout: 4 + shape.layout % 4, title: false, ..shape };
        let listed = school.listed();
        let (directory, people) = (directory(&listed), school.people());
        let gone = people[extras.who % people.len()];
        let mut truth = school.truth();
        let lost = truth.remove(&name(gone)).expect("a teacher");
        let wishes: BTreeMap<String, String> = truth.iter()
            .filter(|_| shape.layout > 4)
            .map(|(name, classes)| (name.clone(), extras.wish(classes.first().expect("a class"))))
            .collect();
        let book = extras.book(shape.rows(&school), gone, &wishes);
        match read_staff(&book, "staff.xlsx", &Limits::default(), &directory) {
            Ok(staff) => {
                prop_assert!(extras.away != Away::Hidden, "{shape:?} {extras:?}: hidden, and nothing said");
                prop_assert_eq!(taught(&staff), truth.clone(), "{:?} {:?} without {} ({:?})", shape, extras, name(gone), lost);
                let told = staff.notices.iter().any(|notice| notice.message.zh.contains(&name(gone)));
                prop_assert!(told, "{shape:?} {extras:?}: {} went without a word: {:?}", name(gone), staff.notices);
                for teacher in staff.teachers.iter().filter(|_| extras.claims.is_some() && shape.layout > 4) {
                    let class = truth[&teacher.name].first().expect("a class").clone();
                    prop_assert_eq!(&teacher.prefers, &[Mention::Group { class, number: 1 }], "{:?} {:?}", shape, extras);
                }
            }
            Err(faults) => {
                let told = ["ambiguous_class", "ambiguous_name", "unknown_class", "rows_hidden", "no_teachers"];
                let known = faults.0.iter().all(|fault| told.contains(&fault.code));
                let alone = faults.0.iter().all(|fault| fault.code != "no_teachers") || truth.is_empty();
                prop_assert!(known && alone, "{shape:?} {extras:?}\n{faults:?}");
            }
        }
    }

    #[test]
    fn a_drawn_staff_list_gives_the_truth_or_is_refused((school, shape) in drawn()) {
        let listed = school.listed();
        let directory = directory(&listed);
        let text = shape.written(&school);
        match read_staff(text.as_bytes(), "staff.csv", &Limits::default(), &directory) {
            Ok(staff) => {
                prop_assert_eq!(taught(&staff), school.truth(), "{:?}\n{}", shape, text);
            }
            Err(faults) => {
                let told = ["ambiguous_class", "ambiguous_name", "unknown_class"];
                prop_assert!(faults.0.iter().all(|fault| told.contains(&fault.code)), "{:?}\n{}\n{:?}", shape, text, faults);
            }
        }
    }
}
