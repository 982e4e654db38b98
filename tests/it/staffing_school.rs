//! Whole schools: classes and a staff list in, teachers out; each rule with one school that it decides and one that it does not.

use fenzu::check;
use fenzu::fault::Faults;
use fenzu::model::{GoalName, Request, Rules, SizeRange, Sizing, builtin};
use fenzu::pipeline::staffing::{Forming, StaffRun, Staffed, fit, staff};
use fenzu::pipeline::{Division, Planned, Prepared, prepare};
use fenzu::plan::document::Document;
use fenzu::roster::staff::{Directory, Staff, read_staff};
use fenzu::roster::{Limits, Reading, Roster, read};
use fenzu::sample::{SchoolSpec, school};
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;

/// A school after the whole way.
pub struct School {
    pub prepared: Vec<Prepared>,
    pub planned: Vec<Planned>,
    pub staff: Staff,
    pub staffed: Staffed,
}

/// What is asked of a school beside its lists.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub sizing: Option<Sizing>,
    pub rules: &'a str,
    pub forming: Forming,
    pub prove: Prove,
    pub work: Option<u64>,
}

pub const PLAIN: Asked<'_> = Asked {
    sizing: None,
    rules: "{}",
    forming: Forming::Open,
    prove: Prove::Through(GoalName::Counts),
    work: Some(300_000),
};

pub fn effort(asked: &Asked<'_>) -> Effort {
    Effort { seed: 1, work: asked.work, prove: asked.prove }
}

pub fn prepared(lists: &[Roster], teachers: &str, asked: &Asked<'_>) -> Result<(Vec<Prepared>, Staff), Faults> {
    let staff = read_staff(teachers.as_bytes(), "staff.csv", &Limits::default(), &Directory::new(lists)?)?;
    let mut request = Request::new(builtin::builtin()[0].clone());
    request.staff = Some(staff.sha256.clone());
    request.sizing = asked.sizing;
    request.rules = fenzu::model::rules::read_rules(asked.rules.as_bytes(), "rules.json")?;
    let mut classes = Vec::new();
    for list in lists {
        classes.extend(prepare(list, &request, Division::ByClass)?);
    }
    Ok((fit(classes, &staff, &Stop::after(None))?, staff))
}

pub fn run(lists: &[Roster], teachers: &str, asked: &Asked<'_>) -> School {
    let (prepared, listed) = prepared(lists, teachers, asked).unwrap_or_else(|faults| panic!("{faults}"));
    let stop = Stop::after(None);
    let solve = |class: &Prepared| class.solve(effort(asked), &stop, &|_| (), Lang::En);
    let mut planned: Vec<Planned> = prepared.iter().map(solve).collect();
    let how = StaffRun { effort: effort(asked), stop: &stop, forming: asked.forming, before: None, lang: Lang::En };
    let staffed = staff(&prepared, &mut planned, &listed, how);
    assert!(staffed.findings.is_empty(), "{:?}", staffed.findings);
    let school = School { prepared, planned, staff: listed, staffed };
    school.agrees();
    school
}

impl School {
    /// Loads are what the documents say, and every class still stands before the judge.
    fn agrees(&self) {
        for (class, planned) in self.prepared.iter().zip(&self.planned) {
            let findings = check::judge(&class.roster, &class.request, &class.policy, &planned.document);
            let pins = |finding: &&check::Finding| finding.code != "pin_teacher" || self.staffed.conflict.is_empty();
            assert_eq!(findings.iter().find(pins), None);
        }
        for (teacher, load) in self.staff.teachers.iter().zip(&self.staffed.loads) {
            let groups = self.documents().flat_map(|document| &document.groups);
            let own: Vec<_> = groups.filter(|group| group.teacher.as_ref() == Some(&teacher.id)).collect();
            assert_eq!(load.groups, own.iter().map(|group| group.id.clone()).collect::<Vec<_>>());
            assert_eq!(load.students, own.iter().map(|group| group.students.len()).sum::<usize>());
        }
    }

    pub fn documents(&self) -> impl Iterator<Item = &Document> {
        self.planned.iter().map(|planned| &planned.document)
    }

    pub fn unstaffed(&self) -> usize {
        (0..self.planned.len()).map(|c| self.staffed.unstaffed(c)).sum()
    }

    /// The teacher of a student's group.
    pub fn teacher_of(&self, id: &str) -> Option<&str> {
        let mut groups = self.documents().flat_map(|document| &document.groups);
        groups.find(|group| group.students.iter().any(|student| student == id))?.teacher.as_deref()
    }

    pub fn level(&self, name: &str) -> i64 {
        self.staffed.levels.iter().find(|level| level.name == name).map_or(-1, |level| level.value)
    }

    pub fn told(&self) -> Vec<&str> {
        self.staffed.conflict.iter().map(|record| record.message.as_str()).collect()
    }
}

/// A class of `students`, ids `<class>-01` …, the last `visited` of them left behind.
pub fn class(name: &str, students: usize, visited: usize) -> Roster {
    let mut text = "id,name,class,math,left_behind\n".to_owned();
    for s in 1..=students {
        let (mark, flag) = (60 + s * 7 % 40, u8::from(s + visited > students));
        text += &format!("{name}-{s:02},Student {s},{name},{mark},{flag}\n");
    }
    let file = format!("{name}.csv");
    read(text.as_bytes(), &Reading { file: &file, ..Reading::default() }).expect("a class list")
}

/// Classes in one list, so that one set of rules can name students of both.
fn grade(classes: &[Roster]) -> Roster {
    let mut whole = classes[0].clone();
    for class in &classes[1..] {
        whole.students.extend(class.students.iter().cloned());
        for (column, more) in whole.columns.iter_mut().zip(&class.columns) {
            column.cells.extend(more.cells.iter().cloned());
        }
    }
    whole
}

const HEAD: &str = "id,name,classes,max_groups,max_students,max_visits,prefers,avoids,must\n";

pub fn teachers(rows: &[&str]) -> String {
    HEAD.to_owned() + &rows.join("\n") + "\n"
}

#[test]
fn everybody_within_all_capacities() {
    let lists = [class("A", 20, 0), class("B", 20, 0)];
    let school = run(&lists, &teachers(&["T1,Ann,A;B,,10,,,,", "T2,Bob,A,1,,,,,", "T3,Cid,B,2,,40,,,"]), &PLAIN);
    assert_eq!((school.unstaffed(), school.staffed.proved()), (0, true));
    // Ann has room for 10 students, Bob for one group, so each class has one of theirs at most.
    let loads: Vec<usize> = school.staffed.loads.iter().map(|load| load.groups.len()).collect();
    assert_eq!((loads[0], loads[1], loads[2]), (1, 1, 2));
    let visits: Vec<usize> = school.staffed.loads.iter().map(|load| load.visits).collect();
    assert_eq!(visits, [20, 20, 40]);
    let short = run(&lists, &teachers(&["T1,Ann,A;B,,9,,,,", "T2,Bob,A,1,,,,,", "T3,Cid,B,2,,39,,,"]), &PLAIN);
    assert_eq!(short.unstaffed(), 2);
    assert!(short.told().iter().any(|told| told.contains("Ann takes at most 9 students")), "{:?}", short.told());
}

#[test]
fn a_shortage_of_two_places_names_classes_and_teachers() {
    let lists = [class("7-1", 30, 0), class("7-2", 50, 0), class("7-3", 50, 0)];
    let rows = [
        "T1,Ann,7-1,3,,,,,",
        "T2,Bob,7-2;7-3,2,,,,,",
        "T3,Cid,7-2,2,,,,,",
        "T4,Dan,7-3;7-2,2,,,,,",
        "T5,Eve,7-3,2,,,,,",
    ];
    let school = run(&lists, &teachers(&rows), &PLAIN);
    assert_eq!((school.unstaffed(), school.level("unstaffed"), school.staffed.unstaffed(0)), (2, 2, 0));
    assert_eq!(
        school.told(),
        ["7-2, 7-3 need 10 places; the 4 teachers who may take them (Bob, Cid, Dan, Eve) have 8"]
    );
    assert!(school.planned[0].document.notices.iter().all(|notice| notice.code != "staff.places"));
    assert!(school.planned[1].document.notices.iter().any(|notice| notice.code == "staff.places"));
    let enough = [rows[0], "T2,Bob,7-2;7-3,4,,,,,", rows[2], rows[3], rows[4]];
    assert_eq!(run(&lists, &teachers(&enough), &PLAIN).unstaffed(), 0);
}

#[test]
fn nobody_takes_an_own_child() {
    let lists = [class("A", 20, 0)];
    let school = run(&lists, &teachers(&["T1,Ann,A,1,,,,A-05,", "T2,Bob,A,1,,,,,"]), &PLAIN);
    assert_eq!((school.unstaffed(), school.teacher_of("A-05")), (0, Some("T2")));
    let free = run(&lists, &teachers(&["T1,Ann,A,1,,,,,", "T2,Bob,A,1,,,,A-05,"]), &PLAIN);
    assert_eq!(free.teacher_of("A-05"), Some("T1"));
    let both = run(&lists, &teachers(&["T1,Ann,A,1,,,,A-05,", "T2,Bob,A,1,,,,A-05,"]), &PLAIN);
    assert_eq!(both.unstaffed(), 1);
    assert!(both.told()[0].contains("nobody may take A group"), "{:?}", both.told());
}

#[test]
fn demands_and_pins_bind_students_to_teachers() {
    let lists = [grade(&[class("A", 20, 0), class("B", 20, 0)])];
    let rows = teachers(&["T1,Ann,A,2,,,,,A-03", "T2,Bob,A;B,2,,,,,B", "T3,Cid,B,2,,,,,"]);
    let rules = r#"{"pin": [{"student": "A-04", "teacher": "T2"}, {"student": "B-01", "teacher": "T1"}]}"#;
    let school = run(&lists, &rows, &Asked { rules, ..PLAIN });
    assert_eq!((school.unstaffed(), school.level("musts")), (0, 0));
    // Bound to different teachers they are in different groups, whatever the marks say; B-01's teacher does not teach B.
    assert_eq!(["A-03", "A-04", "B-01"].map(|id| school.teacher_of(id)), [Some("T1"), Some("T2"), Some("T1")]);
    assert!(school.staffed.loads[1].groups.iter().any(|group| group.starts_with("B/")));
    let free = run(&lists, &teachers(&["T1,Ann,A,2,,,,,", "T2,Bob,A;B,2,,,,,", "T3,Cid,B,2,,,,,"]), &PLAIN);
    assert_eq!((free.unstaffed(), free.level("musts")), (0, -1));
}

#[test]
fn demands_that_cannot_all_be_met_are_told() {
    let lists = [class("A", 20, 0)];
    let rows = teachers(&["T1,Ann,A,1,,,,,A-01", "T2,Bob,A,2,,,,,A-01"]);
    let school = run(&lists, &rows, &PLAIN);
    assert_eq!(school.level("musts"), 1);
    let told = school.told().join(" ");
    assert!(
        told.contains("Ann must take the group of student A/A-01; Bob must take the group of student A/A-01"),
        "{told}"
    );
    let apart = r#"{"apart": [["A-01", "A-02"]]}"#;
    let two =
        run(&lists, &teachers(&["T1,Ann,A,1,,,,,A-01;A-02", "T2,Bob,A,2,,,,,"]), &Asked { rules: apart, ..PLAIN });
    assert!(two.told()[0].ends_with(", because Ann takes at most 1 group"), "{:?}", two.told());
}

#[test]
fn wishes_come_true_by_rank() {
    let lists = [class("A", 20, 0), class("B", 20, 0)];
    let rows = ["T1,Ann,A;B,1,,,B;A,,", "T2,Bob,A;B,1,,,B;A,,", "T3,Cid,A;B,1,,,B,,", "T4,Dan,A;B,1,,,,,"];
    let school = run(&lists, &teachers(&rows), &PLAIN);
    // Four groups: those of B go to first wishes, Cid's among them, or he would be left empty-handed; one of A to a second wish.
    assert_eq!((school.level("wishes_1"), school.level("wishes_2"), school.level("empty_handed")), (2, 3, 0));
    let claimed = run(&lists, &teachers(&["T1,Ann,A;B,2,,,A-07,,", "T2,Bob,A;B,2,,,,,"]), &PLAIN);
    assert_eq!(claimed.teacher_of("A-07"), Some("T1"));
}

#[test]
fn a_range_of_sizes_gives_way_to_what_teachers_can_carry() {
    let lists = [class("A", 48, 0), class("B", 48, 0)];
    let range = Asked { sizing: Some(Sizing::Range(SizeRange { min: 8, max: 13 })), ..PLAIN };
    let many = run(&lists, &teachers(&["T1,Ann,A,5,,,,,", "T2,Bob,B,5,,,,,"]), &range);
    assert_eq!(many.documents().map(|document| document.groups.len()).collect::<Vec<_>>(), [5, 5]);
    let few = run(&lists, &teachers(&["T1,Ann,A;B,3,,,,,", "T2,Bob,B,3,,,,,", "T3,Cid,A,3,,,,,"]), &range);
    let groups: Vec<usize> = few.documents().map(|document| document.groups.len()).collect();
    assert_eq!((groups.iter().sum::<usize>(), few.unstaffed()), (9, 0));
    assert!(few.documents().flat_map(|d| &d.notices).any(|notice| notice.code == "groups_for_teachers"));
    // One who does not teach the class, but whom a demand gives a group of it, counts too.
    let demanded = run(&lists, &teachers(&["T1,Ann,A,4,,,,,", "T2,Bob,B,5,,,,,", "T3,Cid,B,1,,,,,A"]), &range);
    let groups: Vec<usize> = demanded.documents().map(|document| document.groups.len()).collect();
    assert_eq!((groups, demanded.unstaffed()), (vec![5, 5], 0));
    let fixed = Asked { sizing: Some(Sizing::Count(5)), ..PLAIN };
    assert_eq!(run(&lists, &teachers(&["T1,Ann,A;B,9,,,,,"]), &fixed).unstaffed(), 1);
}

#[test]
fn what_does_not_fit_the_classes_is_refused() {
    let lists = [class("A", 20, 0)];
    let refuse = |rows: &str, rules: &str| {
        let faults = prepared(&lists, rows, &Asked { rules, ..PLAIN }).expect_err("faults");
        faults.0.into_iter().map(|fault| (fault.code, fault.place)).collect::<Vec<_>>()
    };
    let pin = r#"{"pin": [{"student": "A-01", "teacher": "T9"}]}"#;
    assert_eq!(
        refuse(&teachers(&["T1,Ann,A,1,,,A/第3组,,"]), pin),
        [("pin_teacher", "rules.pin (A-01)".to_owned()), ("unknown_group", "staff.csv line 2 (2)".to_owned())]
    );
    // Without a staff list a pin to a teacher means nothing.
    let mut request = Request::new(builtin::builtin()[0].clone());
    request.rules = Rules { ..fenzu::model::rules::read_rules(pin.as_bytes(), "rules.json").expect("rules") };
    let faults = prepare(&lists[0], &request, Division::ByClass).expect_err("a fault");
    assert_eq!(faults.0[0].code, "pin_needs_staff");
}

#[test]
fn the_judge_sees_every_breach() {
    let lists = [class("A", 20, 0), class("B", 20, 0)];
    let rows = teachers(&["T1,Ann,A,1,10,20,,A-05,", "T2,Bob,A;B,3,,,,,B-01", "T3,Cid,B,2,,,,,"]);
    let mut school = run(&lists, &rows, &PLAIN);
    let codes = |school: &School| {
        let classes: Vec<check::Staffed<'_>> = (school.prepared.iter().zip(&school.planned))
            .map(|(class, planned)| check::Staffed {
                roster: &class.roster,
                request: &class.request,
                policy: &class.policy,
                groups: &planned.document.groups,
            })
            .collect();
        check::staffing(&school.staff, &classes).into_iter().map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert!(codes(&school).is_empty());
    for group in school.planned.iter_mut().flat_map(|planned| &mut planned.document.groups) {
        group.teacher = Some("T1".to_owned());
    }
    assert_eq!(
        codes(&school),
        [
            "teacher_avoids",
            "teacher_class",
            "teacher_class",
            "teacher_groups",
            "teacher_students",
            "teacher_visits",
            "teacher_must"
        ]
    );
    school.planned[0].document.groups[0].teacher = Some("T7".to_owned());
    assert!(codes(&school).contains(&"unknown_teacher"));
}

#[test]
fn planted_schools_are_staffed_in_full_and_proved() {
    use rayon::prelude::*;
    (1..=50).into_par_iter().for_each(|seed| {
        let made = school(&SchoolSpec { classes: 3, lang: Lang::Zh, seed });
        let lists: Vec<Roster> = (made.lists.iter())
            .map(|(file, text)| read(text.as_bytes(), &Reading { file, ..Reading::default() }).expect("a class list"))
            .collect();
        let school = run(&lists, &made.staff, &Asked { prove: Prove::Through(GoalName::Tiers), ..PLAIN });
        assert_eq!((school.unstaffed(), school.staffed.conflict.len()), (0, 0), "seed {seed}: {:?}", school.told());
        assert!(school.staffed.proved(), "seed {seed}: {:?}", school.staffed.levels);
    });
}
