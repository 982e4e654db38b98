//! Teachers over time: the same people go on, whatever became of their ids; and the names that they write for their groups.

use crate::command::{Ended, Folder};
use crate::school::{class, plan, school, summary};
use std::collections::BTreeMap;

/// Two classes of 30 in three groups each.
struct School {
    folder: Folder,
    lists: String,
    out: String,
}

/// The same people with ids, with others, with each other's, and without any.
const LISTS: [&str; 4] = [
    "工号,姓名,任教班级,小组上限\nT1,王芳,c1;c2,2\nT2,李强,c1;c2,2\nT3,赵敏,c1;c2,2\n",
    "工号,姓名,任教班级,小组上限\nN1,王芳,c1;c2,2\nN2,李强老师,c1;c2,2\nN3,赵敏,c1;c2,2\n",
    "工号,姓名,任教班级,小组上限\nT2,王芳,c1;c2,2\nT3,李强,c1;c2,2\nT1,赵敏,c1;c2,2\n",
    "姓名,任教班级,小组上限\n王芳老师,c1;c2,2\n李强,c1;c2,2\n赵敏,c1;c2,2\n",
];

impl School {
    fn new() -> Self {
        let folder = Folder::new();
        let (lists, out) = (folder.path("lists"), folder.path("out"));
        std::fs::create_dir_all(&lists).expect("a folder");
        for n in 1..=2 {
            std::fs::write(format!("{lists}/c{n}.csv"), class(30, n)).expect("a list");
        }
        Self { folder, lists, out }
    }

    fn run(&self, out: &str, staff: &str, options: &[&str]) -> Ended {
        let staff = self.folder.write("staff.csv", staff);
        let own = ["--groups", "3", "--teachers", &staff];
        school(&self.lists, out, &[&own, options].concat())
    }

    fn claim(&self, claims: &str) -> Ended {
        let claims = self.folder.write("claims.csv", claims);
        self.run(&self.out, LISTS[0], &["--claims", &claims, "--lang", "zh"])
    }
}

/// Name of every group's teacher, by the group.
fn teachers(out: &str) -> BTreeMap<String, String> {
    let groups = ["c1", "c2"].map(|class| plan(out, class).groups).into_iter().flatten();
    let name = |name: Option<String>| name.unwrap_or_default().trim_end_matches("老师").to_owned();
    groups.map(|group| (group.id, name(group.teacher_name))).collect()
}

fn level(out: &str, name: &str) -> Option<i64> {
    let summary = summary(out);
    let levels = summary["staffing"].as_array().expect("levels");
    levels.iter().find(|level| level["name"] == name).and_then(|level| level["value"].as_i64())
}

#[test]
fn the_same_people_keep_their_groups_under_other_ids() {
    for list in &LISTS[1..] {
        let school = School::new();
        school.run(&school.out, LISTS[0], &[]).code(0);
        let before = teachers(&school.out);
        assert!(before.values().all(|name| !name.is_empty()), "{before:?}");
        // Staffed again in the same folder.
        school.run(&school.out, list, &[]).code(0);
        assert_eq!(teachers(&school.out), before, "{list}");
        assert_eq!((level(&school.out, "moved_groups"), level(&school.out, "moved_students")), (Some(0), Some(0)));
        crate::command::fenzu(&["school", "check", &school.out]).code(0);
        // The next semester.
        let next = school.folder.path("next");
        let old = school.folder.path("old");
        school.run(&old, LISTS[0], &[]).code(0);
        school.run(&next, list, &["--previous", &old, "--keep"]).code(0);
        assert_eq!(teachers(&next), teachers(&old), "{list}");
    }
}

#[test]
fn an_id_that_is_anothers_now_is_a_change() {
    let school = School::new();
    school.run(&school.out, LISTS[0], &[]).code(0);
    let before = teachers(&school.out);
    school.run(&school.out, &LISTS[0].replace("李强", "孙洋"), &[]).code(0);
    let own = before.values().filter(|name| *name == "李强").count();
    assert_eq!(level(&school.out, "moved_groups"), i64::try_from(own).ok(), "{before:?}");
    let kept = teachers(&school.out).iter().filter(|(group, name)| before[*group] == **name).count();
    assert_eq!(kept, before.len() - own);
    crate::command::fenzu(&["school", "check", &school.out]).code(0);
}

#[test]
fn each_row_names_the_groups_that_it_claims() {
    // A row a wish, and a column a wish.
    let lists = [
        "工号,姓名,认领意愿,组名\nT1,王芳,c1/1,春芽\nT1,王芳,c2/1,小荷\nT2,李强,c1/2,青松\n",
        "工号,姓名,第一志愿,第二志愿,组名\nT1,王芳,c1/1,c2/1,春芽;小荷\nT2,李强,c1/2,,青松\n",
        "工号,姓名,第一志愿,组名,第二志愿,组名\nT1,王芳,c1/1,春芽,c2/1,小荷\nT2,李强,c1/2,青松,,\n",
    ];
    for list in lists {
        let school = School::new();
        school.run(&school.out, LISTS[0], &[]).code(0);
        let ended = school.claim(list).code(0);
        assert!(
            !ended.text().contains("看不出是写给哪个小组的") && !ended.err.contains("看不出"),
            "{list} {}",
            ended.text()
        );
        let name = |class: &str, at: usize| plan(&school.out, class).groups[at].name.clone();
        assert_eq!([name("c1", 0), name("c2", 0), name("c1", 1)], ["春芽", "小荷", "青松"], "{list}");
    }
}

#[test]
fn names_without_a_group_and_names_that_come_twice_are_told() {
    let school = School::new();
    school.run(&school.out, LISTS[0], &[]).code(0);
    let claims = "工号,姓名,认领意愿,组名\nT1,王芳,c1/1,小荷\nT2,李强,c1/2,小荷\nT3,赵敏,,远航\n";
    let ended = school.claim(claims).code(0);
    let told = format!("{}{}", ended.text(), ended.err);
    assert!(told.contains("c1/1、c1/2 都叫“小荷”"), "{told}");
    assert!(told.contains("组名“远航”没有用到：这一行没有写认领哪个小组"), "{told}");
}
