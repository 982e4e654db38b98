//! An office's way with teachers: claims with names, a late claim, a substitute. Every claim is answered, names stand on the
//! groups that they were written for, and no more groups change hands than must; all of it counted anew from the files.

use crate::command::{Ended, Folder};
use crate::school::{class, files, plan, school, summary};
use serde_json::Value;
use std::collections::BTreeMap;

const STAFF: &str =
    "id,name,classes,max_groups\nT1,李一,c1,2\nT2,王二,c1;c2,2\nT3,赵三,c2;c3,2\nT4,钱四,c3;c1,2\nT5,孙五,c1;c2;c3,2\n";
const CLAIMS: &str = "工号,姓名,认领意愿,组名
T1,李一,c1/2；c1/1,小荷;春芽
T2,王二,c1/2,彩虹
T3,赵三,c1/1;c3/3,越界队;远航
T5,孙五,c1/3;c2/1;c3/1,甲;;丙
";

/// Three classes of 30 in three groups each.
struct Office {
    folder: Folder,
    lists: String,
    out: String,
    lang: &'static str,
}

/// Teacher, name and students of a group.
type Held = (Option<String>, String, Vec<String>);

impl Office {
    fn new(lang: &'static str) -> Self {
        let folder = Folder::new();
        let (lists, out) = (folder.path("lists"), folder.path("out"));
        std::fs::create_dir_all(&lists).expect("a folder");
        for n in 1..=3 {
            std::fs::write(format!("{lists}/c{n}.csv"), class(30, n)).expect("a list");
        }
        Self { folder, lists, out, lang }
    }

    fn run(&self, staff: &str, claims: Option<&str>) -> Ended {
        let staff = self.folder.write("staff.csv", staff);
        let claims = claims.map(|claims| self.folder.write("claims.csv", claims));
        let mut options = vec!["--size", "9..12", "--teachers", &staff, "--lang", self.lang];
        options.extend(claims.iter().flat_map(|claims| ["--claims", claims]));
        school(&self.lists, &self.out, &options)
    }

    fn groups(&self) -> BTreeMap<String, Held> {
        let plans = ["c1", "c2", "c3"].map(|class| plan(&self.out, class));
        let groups = plans.into_iter().flat_map(|plan| plan.groups);
        groups.map(|group| (group.id, (group.teacher, group.name, group.students))).collect()
    }

    fn level(&self, name: &str) -> Option<(i64, bool)> {
        let summary = summary(&self.out);
        let levels = summary["staffing"].as_array().expect("levels");
        let level = levels.iter().find(|level| level["name"] == name)?;
        Some((level["value"].as_i64()?, level["proved"].as_bool()?))
    }

    /// Groups that changed hands, after a look at what the summary says of them.
    fn moved(&self, before: &BTreeMap<String, Held>) -> Vec<String> {
        let after = self.groups();
        let members = |groups: &BTreeMap<String, Held>| groups.values().map(|held| held.2.clone()).collect::<Vec<_>>();
        assert_eq!(members(&after), members(before), "the groups stand");
        let moved: Vec<String> = after.keys().filter(|id| after[*id].0 != before[*id].0).cloned().collect();
        let students: usize = moved.iter().map(|id| after[id].2.len()).sum();
        assert_eq!(self.level("moved_groups"), Some((i64::try_from(moved.len()).expect("few"), true)));
        assert_eq!(self.level("moved_students"), Some((i64::try_from(students).expect("few"), true)));
        moved
    }

    /// The answers, after each is held against the plans.
    fn answers(&self) -> Vec<Value> {
        let groups = self.groups();
        let summary = summary(&self.out);
        let answers = summary["claim_answers"].as_array().expect("answers").clone();
        for answer in &answers {
            let (teacher, name, _) = &groups[answer["group"].as_str().expect("a group")];
            let is_own = teacher.as_deref() == answer["teacher"].as_str();
            assert_eq!(answer["answer"] == "won", is_own, "{answer}");
            assert_eq!(teacher.as_deref(), answer["to"].as_str(), "{answer}");
            assert_eq!(answer["reason"] == "", is_own, "{answer}");
            if let Some(written) = answer["group_name"].as_str() {
                assert!(is_own && name == written, "{answer}");
            }
        }
        answers
    }
}

fn way(lang: &'static str) -> Vec<BTreeMap<String, Held>> {
    let office = Office::new(lang);
    office.run(STAFF, None).code(0);
    let first = office.groups();
    assert_eq!((first.len(), office.level("moved_groups")), (9, None));

    let ended = office.run(STAFF, Some(CLAIMS)).code(0);
    office.moved(&first);
    let claimed = office.groups();
    let answers = office.answers();
    assert_eq!(answers.len(), 8, "every wish is answered: {answers:?}");
    let answer = |teacher: &str, group: &str| {
        answers.iter().find(|of| of["teacher"] == teacher && of["group"] == group).expect("an answer").clone()
    };
    assert_eq!(answer("T3", "c1/1")["code"], "not_taught");
    assert_eq!(answer("T3", "c3/3")["answer"], "won");
    // Three wishes and two places: the first two ranks are granted.
    assert_eq!(answer("T5", "c3/1")["code"], "full");
    let name = |group: &str| claimed[group].1.as_str();
    assert_eq!((name("c3/3"), name("c1/3")), ("远航", "甲"));
    assert!(claimed.values().all(|(_, name, _)| name != "越界队" && name != "丙"), "{claimed:?}");
    let rivals = [("T1", "小荷"), ("T2", "彩虹")];
    let (winner, written) = rivals[usize::from(claimed["c1/2"].0.as_deref() == Some("T2"))];
    assert_eq!((claimed["c1/2"].0.as_deref(), name("c1/2")), (Some(winner), written));
    let text = ended.text();
    for told in ["李一", "王二", "赵三", "孙五", "越界队", "丙"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    let page = std::fs::read_to_string(format!("{}/summary.html", office.out)).expect("a page");
    assert!(page.contains(answer("T5", "c3/1")["reason"].as_str().expect("a reason")), "the page tells it too");

    // A late claim takes what nobody claimed, and nobody who is not concerned moves.
    let late = format!("{CLAIMS}T4,钱四,c3/2,晚霞\n");
    office.run(STAFF, Some(&late)).code(0);
    let moved = office.moved(&claimed);
    let after = office.groups();
    let concerned = |id: &String| id == "c3/2" || claimed[id].0.as_deref() == Some("T4");
    let others = moved.iter().filter(|id| !concerned(id)).count();
    assert!(moved.len() <= 3 && others <= 1, "{moved:?}");
    assert_eq!((after["c3/2"].0.as_deref(), after["c3/2"].1.as_str()), (Some("T4"), "晚霞"));
    let won = |groups: &BTreeMap<String, Held>| {
        let of = |(teacher, group): (&str, &str)| groups[group].0.as_deref() == Some(teacher);
        [("T1", "c1/2"), ("T2", "c1/2"), ("T1", "c1/1"), ("T3", "c3/3"), ("T5", "c1/3"), ("T5", "c2/1")].map(of)
    };
    assert_eq!(won(&claimed), won(&after), "what was won stays won");
    office.answers();

    // One teacher leaves and a substitute comes. Claims of somebody who is not in the list are refused, all at once.
    let substitute = STAFF.replace("T3,赵三", "T9,代课");
    let before = files(&office.out);
    let ended = office.run(&substitute, Some(&late)).code(2);
    assert!(ended.err.contains("[unknown_teacher]") && files(&office.out) == before, "{}", ended.err);
    let without: String = late.lines().filter(|line| !line.starts_with("T3")).map(|line| format!("{line}\n")).collect();
    office.run(&substitute, Some(&without)).code(0);
    let moved = office.moved(&after);
    let of_leaver: Vec<String> =
        after.iter().filter(|(_, held)| held.0.as_deref() == Some("T3")).map(|(id, _)| id.clone()).collect();
    assert!(!of_leaver.is_empty());
    assert_eq!(moved, of_leaver, "only the leaver's groups change hands");
    let last = office.groups();
    assert_eq!(last["c3/3"].1, "远航", "a group keeps its name");

    // The same once more changes no file.
    let before = files(&office.out);
    office.run(&substitute, Some(&without)).code(0);
    assert!(files(&office.out) == before);
    vec![first, claimed, after, last]
}

#[test]
fn an_office_goes_its_way_in_both_languages() {
    let teachers = |steps: Vec<BTreeMap<String, Held>>| {
        let of = |step: BTreeMap<String, Held>| step.into_iter().map(|(id, (teacher, _, _))| (id, teacher)).collect();
        steps.into_iter().map(of).collect::<Vec<BTreeMap<_, _>>>()
    };
    assert_eq!(teachers(way("zh")), teachers(way("en")));
}

#[test]
fn another_staff_list_moves_the_leavers_groups_alone() {
    let office = Office::new("en");
    office.run(STAFF, None).code(0);
    let first = office.groups();
    // The substitute's row stands elsewhere: the order of rows decides nothing.
    let rows: Vec<&str> = STAFF.lines().filter(|row| !row.starts_with("T2")).collect();
    let substitute = format!("{}\nT9,代课,c1;c2,2\n", rows.join("\n"));
    office.run(&substitute, None).code(0);
    let of_leaver: Vec<String> =
        first.iter().filter(|(_, held)| held.0.as_deref() == Some("T2")).map(|(id, _)| id.clone()).collect();
    assert_eq!(office.moved(&first), of_leaver);
    // A leaver without a substitute: who is left takes what can be taken, and one group stays open.
    let fewer = STAFF.lines().filter(|row| !row.starts_with("T2")).map(|row| format!("{row}\n")).collect::<String>();
    let before = office.groups();
    office.run(&fewer, None).code(0);
    let moved = office.moved(&before);
    assert!(before.iter().filter(|(_, held)| held.0.as_deref() == Some("T9")).all(|(id, _)| moved.contains(id)));
    assert_eq!(office.level("unstaffed"), Some((1, true)));
}

#[test]
fn an_id_with_another_teachers_name_is_refused_with_all_other_faults() {
    let office = Office::new("en");
    office.run(STAFF, None).code(0);
    let claims =
        "工号,姓名,认领意愿,组名\nT1,王二,c1/1,甲\nT2,王二,c1/9,\nT8,无此人,c2/1,\nT3,赵三,九班/1,\nT4,钱丝,c1/1,\n";
    let before = files(&office.out);
    let ended = office.run(STAFF, Some(claims)).code(2);
    for code in ["claim_of_another", "unknown_group", "unknown_teacher", "unknown_mention"] {
        assert!(ended.err.contains(&format!("[{code}]")), "{code}: {}", ended.err);
    }
    assert!(files(&office.out) == before);
    // A name that is nobody's is a slip of the pen: the id holds, and it is told.
    let ended = office.run(STAFF, Some("工号,姓名,认领意愿\nT4,钱丝,c1/1\n")).code(0);
    assert!(ended.text().contains("钱丝") && ended.text().contains("钱四"), "{}", ended.text());
    assert_eq!(office.groups()["c1/1"].0.as_deref(), Some("T4"));
}
