//! An office's way through a year over the files of a rural school, in both languages: lists and teachers, claims, a late claim, a
//! substitute, the class teacher's last word, registers, a change in mid-term, next semester. Every step is counted anew from the
//! files, and `school check` agrees after each.

use crate::command::{Ended, Folder, fenzu};
use crate::school::{files, plan, school, summary};
use crate::school_registers::{column, fill, home, rows};
use fenzu::plan::document::GroupRecord;
use std::collections::{BTreeMap, BTreeSet};

/// A file of the school.
pub fn office(file: &str) -> String {
    format!("{}/tests/it/data/office/{file}", env!("CARGO_MANIFEST_DIR"))
}

/// The classes: students and groups of 9 to 12.
const CLASSES: [(&str, usize, usize); 12] = [
    ("4.1", 28, 3),
    ("4.2", 29, 3),
    ("2020级1班", 31, 3),
    ("一(1)班", 34, 3),
    ("一（2）班", 35, 3),
    ("二(1)班", 44, 4),
    ("二(2)班", 43, 4),
    ("三(1)班", 38, 4),
    ("三(2)班", 39, 4),
    ("五年级1班", 41, 4),
    ("五年级2班", 40, 4),
    ("六年2班", 36, 3),
];

/// One wish of `claims/all3.csv`: teacher, rank, group, whether it is won, why not, the group's name.
type Wish = (&'static str, u64, &'static str, bool, &'static str, &'static str);

/// T01 has a second wish and T22 has none, so T22 gets the group that both wish for; T19 carries one group.
const WISHES: [Wish; 10] = [
    ("T01", 1, "一(1)班/2", false, "empty_handed", ""),
    ("T01", 2, "一(1)班/1", true, "", "春芽"),
    ("T02", 1, "一（2）班/3", true, "", "向日葵"),
    ("T04", 1, "二(2)班/1", true, "", "阳光"),
    ("T05", 1, "五年级1班/1", false, "not_taught", ""),
    ("T17", 1, "三(1)班/1", true, "", "错别字"),
    ("T19", 1, "六年2班/1", true, "", "雄鹰"),
    ("T19", 2, "六年2班/2", false, "full", ""),
    ("T20", 1, "五年级1班/1", true, "", ""),
    ("T22", 1, "一(1)班/2", true, "", "彩虹"),
];

struct Office {
    folder: Folder,
    out: String,
    lang: &'static str,
}

impl Office {
    fn say(&self, zh: &'static str, en: &'static str) -> &'static str {
        if self.lang == "zh" { zh } else { en }
    }

    fn run(&self, staff: &str, options: &[&str]) -> Ended {
        let all = ["--size", "9..12", "--teachers", staff, "--lang", self.lang, "--time-limit", "5"];
        school(&office("lists"), &self.out, &[&all[..], options].concat())
    }

    fn claim(&self, staff: &str, claims: &str) -> Ended {
        self.run(staff, &["--claims", &office(&format!("claims/{claims}.csv"))])
    }

    fn sound(&self) {
        fenzu(&["school", "check", &self.out, "--lang", self.lang]).code(0);
    }

    fn groups(&self) -> BTreeMap<String, GroupRecord> {
        groups(&self.out)
    }

    fn level(&self, name: &str) -> Option<(u64, bool)> {
        let summary = summary(&self.out);
        let level = summary["staffing"].as_array().expect("levels").iter().find(|level| level["name"] == name)?;
        Some((level["value"].as_u64()?, level["proved"].as_bool()?))
    }

    /// The groups whose teacher is another; the summary counts as many, students too, and says that fewer are impossible.
    fn moved(&self, before: &BTreeMap<String, GroupRecord>) -> Vec<String> {
        let after = self.groups();
        let moved: Vec<String> =
            after.iter().filter(|(id, group)| group.teacher != before[*id].teacher).map(|(id, _)| id.clone()).collect();
        let students: usize = moved.iter().map(|id| after[id].students.len()).sum();
        assert_eq!(self.level("moved_groups"), Some((moved.len() as u64, true)));
        assert_eq!(self.level("moved_students"), Some((students as u64, true)));
        moved
    }

    /// Every wish is answered as written here, in the summary, on the page and, as groups are printed, on the terminal.
    fn answered(&self, ended: &Ended, expected: &[Wish]) {
        let summary = summary(&self.out);
        let answers = summary["claim_answers"].as_array().expect("answers");
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let told: Vec<(String, u64, String, bool, String, String)> = answers
            .iter()
            .map(|of| {
                let rank = of["rank"].as_u64().expect("a rank");
                let won = of["answer"] == "won";
                (text(&of["teacher"]), rank, text(&of["group"]), won, text(&of["code"]), text(&of["group_name"]))
            })
            .collect();
        let written = |&(t, rank, group, won, code, name): &Wish| {
            (t.to_owned(), rank, group.to_owned(), won, code.to_owned(), name.to_owned())
        };
        assert_eq!(told, expected.iter().map(written).collect::<Vec<_>>());
        let (groups, page) = (self.groups(), std::fs::read_to_string(format!("{}/summary.html", self.out)).unwrap());
        for of in answers {
            let group = &groups[&text(&of["group"])];
            let number = group.id.rsplit('/').next().expect("a number");
            let printed = if self.lang == "zh" {
                format!("{} 第{number}组（{}）", group.class, group.name)
            } else {
                format!("{} Group {number} ({})", group.class, group.name)
            };
            assert!(ended.text().contains(&printed) && page.contains(&printed), "{printed}: {}", ended.text());
            assert_eq!(group.teacher.as_deref(), of["to"].as_str());
        }
    }
}

/// The groups of all classes by id.
fn groups(out: &str) -> BTreeMap<String, GroupRecord> {
    CLASSES.iter().flat_map(|(class, ..)| plan(out, class).groups).map(|group| (group.id.clone(), group)).collect()
}

fn of_teacher(groups: &BTreeMap<String, GroupRecord>, teacher: &str) -> Vec<String> {
    groups.iter().filter(|(_, group)| group.teacher.as_deref() == Some(teacher)).map(|(id, _)| id.clone()).collect()
}

fn members(groups: &BTreeMap<String, GroupRecord>) -> Vec<&Vec<String>> {
    groups.values().map(|group| &group.students).collect()
}

fn year(lang: &'static str) {
    let folder = Folder::new();
    let office_of = Office { out: folder.path("out"), folder, lang };
    let school = &office_of;
    let (all, substitute) = (office("教师B_照名册.xlsx"), office("教师D_代课.xlsx"));

    let ended = school.run(&all, &[]).code(0);
    let told = summary(&school.out);
    let classes = told["classes"].as_array().expect("classes").iter();
    let number = |class: &serde_json::Value, key: &str| class[key].as_u64().expect("a number") as usize;
    let classes: Vec<(&str, usize, usize)> = classes
        .map(|of| (of["class"].as_str().expect("a name"), number(of, "students"), number(of, "groups")))
        .collect();
    assert_eq!(classes, CLASSES);
    assert!(ended.text().contains(school.say("22 位教师，0 个小组没有教师", "22 teachers, 0 groups without one")));
    school.sound();
    let first = school.groups();
    claims(school, &all, &first);
    let claimed = school.groups();

    // A substitute takes over T13's groups, and what T13 typed; names and all other groups stay.
    let of_leaver = of_teacher(&claimed, "T13");
    assert!(!of_leaver.is_empty());
    let (class, student) = (claimed[&of_leaver[0]].class.clone(), claimed[&of_leaver[0]].students[0].clone());
    let performance = school.say("平时表现", "usual performance");
    let (path, sheet, row) = home(&school.out, &class, &student);
    let header = &rows(&path, sheet)[1];
    let at = header.iter().position(|of| of == performance).expect("a column");
    let cell = format!("{}{}", char::from(b'A' + u8::try_from(at).expect("few columns")), row + 1);
    fill(&path, sheet + 1, &[(&cell, "爱提问")]);
    let filled = std::fs::read(&path).expect("a register");
    school.claim(&substitute, "late").code(0);
    assert_eq!(school.moved(&claimed), of_leaver);
    let after = school.groups();
    assert_eq!((of_teacher(&after, "T23"), members(&after)), (of_leaver, members(&claimed)));
    assert!(after.iter().all(|(id, group)| group.name == claimed[id].name));
    let (path, sheet, _) = home(&school.out, &class, &student);
    assert!(path.ends_with("T23.xlsx") && column(&path, sheet, performance)[&student] == "爱提问");
    assert!(std::fs::read(format!("{}/history/1/teachers/T13.xlsx", school.out)).expect("the old register") == filled);
    school.sound();

    last_word(school);
    mid_term(school);
    next_semester(school);
}

/// Faults come all at once and change nothing; every claim is answered; a late one moves nobody else.
fn claims(school: &Office, all: &str, first: &BTreeMap<String, GroupRecord>) {
    let refused: [(&str, &[(&str, &str)]); 3] = [
        ("all", &[("unknown_group", "all.csv line 6"), ("unknown_teacher", "all.csv line 7")]),
        ("all2", &[("unknown_group", "all2.csv line 6"), ("unknown_teacher", "all2.csv line 7")]),
        ("x", &[("claim_of_another", "x.csv line 2")]),
    ];
    for (claims, faults) in refused {
        let before = files(&school.out);
        let ended = school.claim(all, claims).code(2);
        assert_eq!(ended.err.lines().count(), faults.len(), "{}", ended.err);
        for (code, place) in faults {
            assert!(ended.err.contains(&format!("[{code}] {place} ")), "{code} {place}: {}", ended.err);
        }
        assert!(files(&school.out) == before, "{claims}");
    }
    let ended = school.claim(all, "all3").code(0);
    school.answered(&ended, &WISHES);
    school.moved(first);
    let claimed = school.groups();
    assert_eq!(members(&claimed), members(first));
    let written = WISHES.iter().filter(|wish| wish.3 && !wish.5.is_empty());
    let named: BTreeMap<&str, &str> = written.map(|wish| (wish.2, wish.5)).collect();
    for (id, group) in &claimed {
        assert_eq!(&group.name, named.get(id.as_str()).copied().unwrap_or(&first[id].name), "{id}");
    }
    // The name is slightly other than in the staff list, and one is for no wish.
    for told in ["何子", "何梓", "月光", "小荷", "越界队", "猎豹"] {
        assert!(ended.text().contains(told), "{told}: {}", ended.text());
    }
    school.sound();

    // All 42 places of the teachers are needed, and T07, T08 and T15 teach nothing but the six groups of 4.1 and 4.2.
    let ended = school.claim(all, "late").code(0);
    let mut late = WISHES.to_vec();
    late[0].4 = "earlier_claim";
    late.insert(9, ("T21", 1, "4.2/1", false, "every_group", ""));
    school.answered(&ended, &late);
    assert!(school.moved(&claimed).is_empty());
    let there: BTreeSet<Option<&str>> =
        claimed.values().filter(|group| group.class.starts_with("4.")).map(|group| group.teacher.as_deref()).collect();
    assert_eq!(there, ["T07", "T08", "T15"].map(Some).into());
    school.sound();
}

/// T07's own child comes into one of T07's groups: two groups change hands, nobody else's, and all claims stand.
fn last_word(school: &Office) {
    const CHILD: &str = "202101004";
    let before = school.groups();
    let home = before.values().find(|group| group.students.iter().any(|id| id == CHILD)).expect("a group");
    let of_parent = &before[&of_teacher(&before, "T07")[0]];
    assert_eq!((home.teacher.as_deref(), home.class.as_str()), (Some("T15"), "4.1"));
    let other = &of_parent.students[0];
    let mut text = school.say("班级,学号,小组\n", "class,id,group\n").to_owned();
    for group in plan(&school.out, "4.1").groups {
        for id in &group.students {
            let to = match id.as_str() {
                CHILD => &of_parent.id,
                id if id == other => &home.id,
                _ => &group.id,
            };
            let number = to.rsplit('/').next().expect("a number");
            let printed = if school.lang == "zh" { format!("第{number}组") } else { format!("Group {number}") };
            text += &format!("4.1,{id},{printed}\n");
        }
    }
    let edited = school.folder.write("edited.csv", text);
    let ended = fenzu(&["school", "adopt", &school.out, &edited, "--lang", school.lang]).code(0);
    let told = ["换组的学生：2 名", "换教师的小组：2 个"];
    let told =
        if school.lang == "zh" { told } else { ["students who change group: 2", "groups with a new teacher: 2"] };
    assert!(told.iter().all(|told| ended.text().contains(told)), "{}", ended.text());
    let after = school.groups();
    let handed: BTreeSet<&String> =
        after.iter().filter(|(id, of)| of.teacher != before[*id].teacher).map(|(id, _)| id).collect();
    assert_eq!(handed, [&home.id, &of_parent.id].into());
    assert_eq!(after[&home.id].teacher.as_deref(), Some("T07"));
    for wish in WISHES.iter().filter(|wish| wish.3) {
        assert_eq!(after[wish.2].teacher.as_deref(), Some(wish.0), "{wish:?}");
    }
    assert_eq!(summary(&school.out)["claim_answers"].as_array().map(Vec::len), Some(WISHES.len() + 1));
    school.sound();
}

/// T07's child leaves and somebody joins: as few as possible change group, and the staff list that names the child still holds.
fn mid_term(school: &Office) {
    let joined =
        school.folder.write("joined.csv", "班级,学号,姓名,性别,语文,数学,英语\n五年级1班,20209999,新生,女,70,70,70\n");
    let args = ["school", "repair", &school.out, "--left", "4.1/202101004", "--joined", &joined, "--lang", school.lang];
    let ended = fenzu(&args).code(0);
    assert!(ended.text().contains(school.say("已证明不能更少", "proved: no fewer are possible")), "{}", ended.text());
    assert!(!ended.text().contains(school.say("教师名单", "staff list")), "{}", ended.text());
    let everyone: Vec<String> = school.groups().into_values().flat_map(|group| group.students).collect();
    assert!(everyone.contains(&"20209999".to_owned()) && !everyone.contains(&"202101004".to_owned()));
    assert_eq!(everyone.len(), 438);
    school.sound();
}

/// Who is in a group with whom.
fn partners(groups: &BTreeMap<String, GroupRecord>) -> BTreeSet<(String, String)> {
    let mut partners = BTreeSet::new();
    for group in groups.values() {
        for (at, one) in group.students.iter().enumerate() {
            partners.extend(group.students[at + 1..].iter().map(|other| (one.clone(), other.clone())));
        }
    }
    partners
}

/// Next semester: kept groups keep their teachers and names; mixed ones part who was together.
fn next_semester(school: &Office) {
    let old = school.groups();
    for keep in [true, false] {
        let out = school.folder.path(if keep { "kept" } else { "mixed" });
        let staff = office("教师B_照名册.xlsx");
        let mut options = vec!["--size", "9..12", "--teachers", &staff, "--lang", school.lang, "--time-limit", "2"];
        options.extend(["--previous", &school.out]);
        options.extend(keep.then_some("--keep"));
        crate::school::school(&office("lists"), &out, &options).code(0);
        fenzu(&["school", "check", &out, "--lang", school.lang]).code(0);
        let new = groups(&out);
        let again = partners(&new).intersection(&partners(&old)).count();
        if keep {
            // Who left in mid-term is back in the list, and who joined is not.
            assert!(new.iter().all(|(id, group)| group.name == old[id].name));
            let stays = |(id, group): (&String, &GroupRecord)| {
                group.students.iter().filter(|of| old[id].students.contains(of)).count()
            };
            assert_eq!(new.iter().map(stays).sum::<usize>(), 437);
        } else {
            assert!(again * 2 < partners(&old).len(), "{again} of {}", partners(&old).len());
        }
    }
}

#[test]
fn a_year_of_an_office_in_chinese() {
    year("zh");
}

#[test]
fn a_year_of_an_office_in_english() {
    year("en");
}
