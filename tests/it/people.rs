//! Who is who over time: two semesters of invented classes, matched through the files that people have of them.

use fenzu::fault::Notice;
use fenzu::plan::last::LastSemester;
use fenzu::plan::people::{Fate, matched};
use fenzu::plan::read::read_last;
use fenzu::roster::{Limits, Reading, Roster, read};
use proptest::prelude::*;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What becomes of the ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ids {
    /// People keep them, newcomers get fresh ones.
    Kept,
    /// Seat numbers, dealt in the new list's order.
    DealtAnew,
    /// Seat numbers in a fixed order: whoever follows a leaver moves up.
    MovedUp,
    /// The new list has none.
    GoneNow,
    /// The old list has none.
    GoneThen,
}

const IDS: [Ids; 5] = [Ids::Kept, Ids::DealtAnew, Ids::MovedUp, Ids::GoneNow, Ids::GoneThen];

/// A person who stays the same, whatever the lists say.
#[derive(Clone, Debug)]
struct Person {
    truth: usize,
    id: usize,
    name: String,
    gender: &'static str,
}

/// Two semesters of one class.
#[derive(Clone, Debug)]
struct Draw {
    then: Vec<Person>,
    now: Vec<Person>,
    ids: Ids,
    genders: bool,
    renamed: bool,
}

fn person(truth: usize, names: usize, rng: &mut Pcg64) -> Person {
    // Few names: namesakes are common.
    let name = format!("{}{}", ["王", "李", "张"][truth % 3], rng.random_range(0..names));
    Person { truth, id: truth + 1, name, gender: ["男", "女"][rng.random_range(0..2)] }
}

fn draw(seed: u64) -> Draw {
    let mut rng = Pcg64::seed_from_u64(seed);
    let (count, ids) = (rng.random_range(6..30), IDS[rng.random_range(0..IDS.len())]);
    let names = count * rng.random_range(1..6);
    let then: Vec<Person> = (0..count).map(|truth| person(truth, names, &mut rng)).collect();
    let mut now: Vec<Person> = then.clone();
    for _ in 0..rng.random_range(0..=count / 4) {
        now.remove(rng.random_range(0..now.len()));
    }
    for joiner in 0..rng.random_range(0..=count / 4) {
        let mut joined = person(count + joiner, names, &mut rng);
        // By names alone nobody can know that a newcomer is not the leaver of the same name.
        let left =
            |name: &str| then.iter().any(|then| then.name == name && now.iter().all(|now| now.truth != then.truth));
        if ids != Ids::Kept && left(&joined.name) {
            joined.name += "新";
        }
        now.push(joined);
    }
    match ids {
        Ids::DealtAnew => {
            now.shuffle(&mut rng);
            now.iter_mut().zip(1..).for_each(|(person, id)| person.id = id);
        }
        Ids::MovedUp => now.iter_mut().zip(1..).for_each(|(person, id)| person.id = id),
        Ids::Kept | Ids::GoneNow | Ids::GoneThen => {}
    }
    now.shuffle(&mut rng);
    Draw { then, now, ids, genders: rng.random(), renamed: rng.random() }
}

impl Draw {
    /// A list as a file: what there is of class, id, name, gender, and something to balance or the group.
    fn list(&self, people: &[Person], class: &str, ids: bool, last: &str, value: impl Fn(usize) -> String) -> String {
        let column = |there: bool, text: &str| if there { format!("{text},") } else { String::new() };
        let mut text = format!("班级,{}姓名,{}{last}\n", column(ids, "学号"), column(self.genders, "性别"));
        for (at, person) in people.iter().enumerate() {
            let (id, gender) = (column(ids, &person.id.to_string()), column(self.genders, person.gender));
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{class},{id}{},{gender}{}", person.name, value(at));
        }
        text
    }

    fn last(&self) -> LastSemester {
        let text =
            self.list(&self.then, "八(1)班", self.ids != Ids::GoneThen, "小组", |at| (at % 3 + 1).to_string());
        let file = read_last("old.csv", text.as_bytes(), &Limits::default()).expect("old groups");
        LastSemester::of_file(file, String::new())
    }

    fn roster(&self) -> Roster {
        let class = if self.renamed { "九(1)班" } else { "八(1)班" };
        let text = self.list(&self.now, class, self.ids != Ids::GoneNow, "数学", |at| (60 + at).to_string());
        read(text.as_bytes(), &Reading { file: "new.csv", ..Reading::default() }).expect("a list")
    }

    /// Whether a name is one person's then and one person's now.
    fn is_unique(&self, name: &str) -> bool {
        [&self.then, &self.now].iter().all(|people| people.iter().filter(|person| person.name == name).count() == 1)
    }

    fn is_gone(&self, name: &str) -> bool {
        self.now.iter().all(|person| person.name != name)
    }
}

fn told<'n>(notices: &'n [Notice], code: &str) -> Option<&'n str> {
    notices.iter().find(|notice| notice.code == code).map(|notice| notice.message.en.as_str())
}

/// What must hold of a draw: no two different people are paired in silence, nobody who is certain is missed, who is unclear is told.
fn holds(draw: &Draw) -> Result<(), TestCaseError> {
    let (last, roster) = (draw.last(), draw.roster());
    for keep in [true, false] {
        let matching = matched(&last, &roster, keep);
        let notices = matching.notices();
        for (fate, person) in matching.fates.iter().zip(&draw.now) {
            let old = draw.then.iter().position(|then| then.truth == person.truth);
            if let Fate::Was(p) = fate {
                // The people of the file are in its order: one class.
                let by_namesake = told(&notices, "previous_namesakes").is_some_and(|told| told.contains(&person.name));
                prop_assert!(
                    Some(*p) == old || by_namesake,
                    "{person:?} is taken for {:?}: {notices:?}",
                    draw.then[*p]
                );
            }
            let certain = old.is_some() && (draw.is_unique(&person.name) || draw.ids == Ids::Kept && draw.stable());
            prop_assert!(!certain || matches!(fate, Fate::Was(_)), "{person:?} is missed: {fate:?} {notices:?}");
            if old.is_none() && draw.then.iter().all(|then| then.name != person.name) && !draw.may_be_misspelt(person) {
                prop_assert_eq!(*fate, Fate::New, "{:?} is new: {:?}", person, notices);
            }
        }
        let unclear = matching.fates.iter().filter(|fate| **fate == Fate::Unclear).count();
        let said = told(&notices, "previous_unclear").map(|text| text.starts_with(&format!("{unclear} students")));
        prop_assert_eq!(said.unwrap_or(unclear == 0), true, "{} unclear: {:?}", unclear, notices);
        let renamed = draw.renamed && matching.is_any();
        prop_assert_eq!(told(&notices, "previous_class").is_some(), renamed, "{:?}", notices);
    }
    Ok(())
}

impl Draw {
    /// Ids that nobody could take for dealt anew: no newcomer has the only name of a leaver.
    fn stable(&self) -> bool {
        let gone = |name: &str| self.then.iter().filter(|then| then.name == name).count();
        self.now.iter().filter(|person| person.truth >= self.then.len()).all(|person| gone(&person.name) == 0)
    }

    /// Whether a newcomer has the id of somebody who is gone: the name may be that one's, written anew.
    fn may_be_misspelt(&self, person: &Person) -> bool {
        self.then.iter().any(|then| then.id == person.id && self.is_gone(&then.name))
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]
    #[test]
    fn nobody_is_taken_for_another_in_silence_and_nobody_certain_is_missed(seed: u64) {
        holds(&draw(seed))?;
    }
}

#[test]
#[ignore = "a long measurement: 20,000 draws of two semesters"]
fn evidence_of_two_semesters() {
    for seed in 0..20_000 {
        if let Err(error) = holds(&draw(seed)) {
            panic!("draw {seed}: {error}\n{:?}", draw(seed));
        }
    }
}

/// Rows of old groups and a list, matched in keep mode: the fates by name and what is told.
fn fates(old: &str, list: &str) -> (BTreeMap<String, Vec<Fate>>, Vec<Notice>) {
    let file = read_last("old.csv", old.as_bytes(), &Limits::default()).expect("old groups");
    let last = LastSemester::of_file(file, String::new());
    let roster = read(list.as_bytes(), &Reading { file: "new.csv", ..Reading::default() }).expect("a list");
    let matching = matched(&last, &roster, true);
    let mut fates: BTreeMap<String, Vec<Fate>> = BTreeMap::new();
    for (student, fate) in roster.students.iter().zip(&matching.fates) {
        fates.entry(student.name.clone()).or_default().push(*fate);
    }
    (fates, matching.notices())
}

#[test]
fn an_id_that_carries_another_name_is_told() {
    let old = "学号,姓名,小组\n1,王芳,1\n2,李娜,1\n3,张伟,2\n4,赵敏,2\n";
    let (of, told_of) = fates(old, "学号,姓名,数学\n1,王芳,80\n2,李娜,70\n3,张玮,60\n4,孙悦,50\n");
    assert_eq!([&of["王芳"], &of["李娜"]], [&[Fate::Was(0)], &[Fate::Was(1)]]);
    // 张玮 may be 张伟 written rightly; 孙悦 has the number of one who left.
    assert_eq!([&of["张玮"], &of["孙悦"]], [&[Fate::Unclear], &[Fate::New]]);
    let names = told(&told_of, "previous_other_name").expect("told");
    assert!(names.contains("3 (张伟 then, 张玮 now)") && names.contains("4 (赵敏 then, 孙悦 now)"), "{names}");
}

#[test]
fn the_next_years_class_of_the_same_name_and_numbers_is_another() {
    let rows = |names: &[&str], last: &str| -> String {
        let row = |(i, name): (usize, &&str)| format!("七1,{},{name},{}\n", i + 1, 60 + i);
        format!("班级,学号,姓名,{last}\n{}", names.iter().enumerate().map(row).collect::<String>())
    };
    let old = rows(&["王芳", "李娜", "张伟", "赵敏", "孙悦"], "小组");
    let (of, _) = fates(&old, &rows(&["周杰", "吴静", "郑强", "冯丽", "陈晨"], "数学"));
    assert!(of.values().flatten().all(|fate| *fate == Fate::New), "{of:?}");
    // One namesake among strangers is nobody for certain.
    let (of, told_of) =
        fates(&old.replace(",1,王芳", ",1,陈晨"), &rows(&["周杰", "吴静", "郑强", "冯丽", "陈晨"], "数学"));
    assert!(of.values().flatten().all(|fate| !matches!(fate, Fate::Was(_))), "{of:?}");
    assert!(told(&told_of, "previous_unclear").is_some_and(|text| text.contains("陈晨")), "{told_of:?}");
}

#[test]
fn row_numbers_are_nobodys_ids() {
    let old = "学号,姓名,小组\n1,王芳,1\n2,李娜,2\n3,张伟,1\n";
    let (of, told_of) = fates(old, "姓名,数学\n张伟,60\n王芳,80\n李娜,70\n");
    assert_eq!([&of["王芳"], &of["李娜"], &of["张伟"]], [&[Fate::Was(0)], &[Fate::Was(1)], &[Fate::Was(2)]]);
    assert!(told(&told_of, "previous_unclear").is_none(), "{told_of:?}");
}

#[test]
fn names_are_the_same_whatever_the_spaces_and_signs() {
    let old = "姓名,小组\n王 芳,1\n买买提·吐尔逊,2\nＡnna Li,1\n";
    let (of, _) = fates(old, "姓名,数学\n王芳,60\n买买提•吐尔逊,80\nanna li,70\n");
    assert!(of.values().flatten().all(|fate| matches!(fate, Fate::Was(_))), "{of:?}");
}

#[test]
fn namesakes_are_told_apart_by_gender_or_not_at_all() {
    let old = "姓名,性别,小组\n张伟,男,1\n张伟,女,2\n王芳,女,1\n王芳,女,2\n李娜,女,1\n孙悦,女,2\n";
    let (of, told_of) =
        fates(old, "姓名,性别,数学\n张伟,女,60\n王芳,女,80\n王芳,女,70\n张伟,男,50\n李娜,女,60\n孙悦,女,61\n");
    assert_eq!(of["张伟"], [Fate::Was(1), Fate::Was(0)]);
    assert_eq!(of["王芳"], [Fate::Unclear; 2]);
    assert!(told(&told_of, "previous_unclear").is_some_and(|text| text.starts_with("2 students")), "{told_of:?}");
}
