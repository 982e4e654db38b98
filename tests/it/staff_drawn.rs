//! Drawn schools whose staff lists are written in drawn shapes: the reader gives the truth, or refuses with a message.

use fenzu::roster::staff::{Directory, read_staff};
use fenzu::roster::{Limits, Reading, Roster, read};
use proptest::prelude::*;
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn a_drawn_staff_list_gives_the_truth_or_is_refused((school, shape) in drawn()) {
        let listed = school.listed();
        let lists: Vec<Roster> = listed.iter().map(|class| {
            let text = format!("学号,姓名,班级,数学\n1,甲,{class},90\n2,乙,{class},80\n3,丙,{class},70\n");
            read(text.as_bytes(), &Reading { file: "list.csv", ..Reading::default() }).expect("a class list")
        }).collect();
        let directory = Directory::new(&lists).expect("classes");
        let text = shape.written(&school);
        match read_staff(text.as_bytes(), "staff.csv", &Limits::default(), &directory) {
            Ok(staff) => {
                let taught: BTreeMap<String, BTreeSet<String>> = staff.teachers.iter()
                    .map(|teacher| (teacher.name.clone(), teacher.classes.iter().cloned().collect()))
                    .collect();
                prop_assert_eq!(taught, school.truth(), "{:?}\n{}", shape, text);
            }
            Err(faults) => {
                let told = ["ambiguous_class", "ambiguous_name", "unknown_class"];
                prop_assert!(faults.0.iter().all(|fault| told.contains(&fault.code)), "{:?}\n{}\n{:?}", shape, text, faults);
            }
        }
    }
}
