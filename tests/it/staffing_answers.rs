//! What teachers are told of their wishes, held against every assignment of a small school: each reason is true.

use crate::staffing_school::{Asked, PLAIN, class, effort, prepared, teachers};
use fenzu::pipeline::staffing::{Before, Forming, StaffRun, Staffed, WishAnswer, answers, staff};
use fenzu::pipeline::{Planned, Prepared};
use fenzu::roster::staff::{Directory, Staff, read_staff};
use fenzu::roster::{Limits, Roster};
use fenzu::solver::Stop;
use fenzu::words::Lang;
use proptest::prelude::*;
use std::sync::LazyLock;

const GROUPS: [&str; 4] = ["A/1", "A/2", "B/1", "B/2"];

/// Two classes of two groups each.
struct School {
    lists: [Roster; 2],
    prepared: Vec<Prepared>,
    planned: Vec<Planned>,
}

static SCHOOL: LazyLock<School> = LazyLock::new(|| {
    let lists = [class("A", 20, 2), class("B", 20, 3)];
    let asked = Asked { work: Some(10_000), ..PLAIN };
    let (prepared, _) = prepared(&lists, &teachers(&["T1,Ann,A;B,4,,,,,"]), &asked).expect("a school");
    let solve = |class: &Prepared| class.solve(effort(&asked), &Stop::after(None), &|_| (), Lang::En);
    let planned: Vec<Planned> = prepared.iter().map(solve).collect();
    let ids: Vec<String> = planned.iter().flat_map(|of| &of.document.groups).map(|group| group.id.clone()).collect();
    assert_eq!(ids, GROUPS);
    School { lists, prepared, planned }
});

/// A teacher: the classes taught, the most groups, the wishes.
#[derive(Clone, Debug)]
struct Person {
    classes: Vec<&'static str>,
    most: usize,
    wishes: Vec<&'static str>,
}

impl Person {
    /// Rank of the dearest wish for a group, over the wishes that are made.
    fn rank(&self, group: usize) -> Option<usize> {
        self.wishes.iter().position(|wish| means(wish).contains(&group)).map(|at| at + 1)
    }

    fn may(&self, group: usize) -> bool {
        self.classes.contains(&&GROUPS[group][..1])
    }
}

/// The groups that a wish means.
fn means(wish: &str) -> Vec<usize> {
    (0..4).filter(|&group| GROUPS[group] == wish || GROUPS[group][..1] == *wish).collect()
}

fn list(people: &[Person]) -> Staff {
    let row = |(n, of): (usize, &Person)| {
        format!("T{n},Teacher{n},{},{},,,{},,", of.classes.join(";"), of.most, of.wishes.join(";"))
    };
    let rows: Vec<String> = people.iter().enumerate().map(row).collect();
    let text = teachers(&rows.iter().map(String::as_str).collect::<Vec<_>>());
    let directory = Directory::new(&SCHOOL.lists).expect("classes");
    read_staff(text.as_bytes(), "staff.csv", &Limits::default(), &directory).expect("a staff list")
}

/// The staffing with its answers, and who has which group.
fn staffed(people: &[Person], before: Option<&Before>) -> (Staffed, Vec<WishAnswer>, Vec<Option<usize>>) {
    let (listed, stop, mut planned) = (list(people), Stop::after(None), SCHOOL.planned.clone());
    let run = StaffRun { effort: effort(&PLAIN), stop: &stop, forming: Forming::Settled, before, lang: Lang::En };
    let staffed = staff(&SCHOOL.prepared, &mut planned, &listed, run);
    assert!(staffed.findings.is_empty(), "{:?}", staffed.findings);
    let answers = answers(&SCHOOL.prepared, &planned, &listed, &staffed, run);
    let teacher_of = staffed.teacher_of.concat();
    (staffed, answers, teacher_of)
}

/// Who had whom, and which wishes had come true.
fn before(people: &[Person]) -> (Before, Vec<Option<usize>>) {
    let (_, answers, teacher_of) = staffed(people, None);
    let mut before = Before::default();
    let groups = SCHOOL.planned.iter().flat_map(|of| &of.document.groups);
    for (group, teacher) in groups.zip(&teacher_of) {
        let Some(teacher) = teacher else { continue };
        let had = group.students.iter().map(|id| ((group.class.clone(), id.clone()), format!("T{teacher}")));
        before.teacher_of.extend(had);
    }
    let won = answers.iter().filter(|answer| answer.won).filter_map(|answer| Some((answer.teacher, answer.group?)));
    before.won.extend(won.map(|(teacher, (c, g))| (format!("T{teacher}"), GROUPS[2 * c + g].to_owned())));
    (before, teacher_of)
}

/// A level's word with its value; less is better.
type Level = (&'static str, usize);

/// Every level above the loads, highest first, with the code that a reason at it has.
fn levels(people: &[Person], had: &[Option<usize>], won: &[(usize, usize)], of: &[Option<usize>]) -> Vec<Level> {
    let open = of.iter().filter(|teacher| teacher.is_none()).count();
    let lost = won.iter().filter(|(teacher, group)| of[*group] != Some(*teacher)).count();
    let mut levels = vec![("every_group", open), ("earlier_claim", lost)];
    let taken = || of.iter().enumerate().filter_map(|(group, teacher)| Some((teacher.as_ref().copied()?, group)));
    for rank in 1..=3 {
        let granted = taken().filter(|&(teacher, group)| people[teacher].rank(group) == Some(rank)).count();
        levels.push(("wish", 4 - granted));
    }
    let empty = |teacher: &usize| {
        let has = taken().any(|(of, group)| of == *teacher && people[of].rank(group).is_some());
        !people[*teacher].wishes.is_empty() && !has
    };
    levels.push(("empty_handed", (0..people.len()).filter(empty).count()));
    let moved = of.iter().zip(had).filter(|(now, had)| had.is_some() && now != had).count();
    levels.push(("keeps_teacher", moved));
    levels
}

/// Every assignment that nobody forbids.
fn assignments(people: &[Person]) -> Vec<Vec<Option<usize>>> {
    let mut all = vec![Vec::new()];
    for group in 0..4 {
        let takers: Vec<Option<usize>> =
            std::iter::once(None).chain((0..people.len()).filter(|&of| people[of].may(group)).map(Some)).collect();
        all = all
            .into_iter()
            .flat_map(|start: Vec<Option<usize>>| {
                takers.iter().map(move |&taker| [start.clone(), vec![taker]].concat())
            })
            .collect();
    }
    let carries = |of: &[Option<usize>], teacher: usize| of.iter().filter(|taker| **taker == Some(teacher)).count();
    all.retain(|of| (0..people.len()).all(|teacher| carries(of, teacher) <= people[teacher].most));
    all
}

fn person() -> impl Strategy<Value = Person> {
    let classes = prop::sample::select(vec![vec!["A"], vec!["B"], vec!["A", "B"]]);
    let wishes = prop::sample::subsequence(vec!["A/1", "A/2", "B/1", "B/2", "A", "B"], 0..=3).prop_shuffle();
    (classes, 0..=2usize, wishes).prop_map(|(classes, most, wishes)| Person { classes, most, wishes })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    /// With as many wishes as each made at first, then with all: what is told of a lost wish holds for every assignment that
    /// grants it.
    #[test]
    fn every_reason_is_true(people in prop::collection::vec(person(), 1..=3), first in 0..=2usize) {
        let fewer = |of: &Person| Person { wishes: of.wishes.iter().copied().take(first).collect(), ..of.clone() };
        let (before, had) = before(&people.iter().map(fewer).collect::<Vec<_>>());
        let number = |id: &String| id[1..].parse::<usize>().expect("a number");
        let at = |id: &String| GROUPS.iter().position(|group| group == id).expect("a group");
        let won: Vec<(usize, usize)> = before.won.iter().map(|(teacher, group)| (number(teacher), at(group))).collect();
        let (_, answers, is) = staffed(&people, Some(&before));
        let all = assignments(&people);
        let best = levels(&people, &had, &won, &is);
        prop_assert!(all.contains(&is));
        prop_assert_eq!(answers.len(), people.iter().map(|of| of.wishes.len()).sum::<usize>());
        for answer in answers {
            let person = &people[answer.teacher];
            let meant = means(person.wishes[answer.wish]);
            let may: Vec<usize> = meant.iter().copied().filter(|&group| person.may(group)).collect();
            let has = meant.iter().any(|&group| is[group] == Some(answer.teacher));
            prop_assert_eq!(answer.won, has);
            let told = answer.reason.en.as_str();
            let grants: Vec<_> = all.iter().filter(|of| may.iter().any(|&group| of[group] == Some(answer.teacher))).collect();
            match answer.code {
                "" => prop_assert!(answer.won),
                "not_taught" => prop_assert!(may.is_empty()),
                "full" => {
                    // Whichever of the groups it were, it would be one too many beside the wishes as dear that came true.
                    for &group in &may {
                        let dear = |&other: &usize| is[other] == Some(answer.teacher) && person.rank(other) <= person.rank(group);
                        let dear = (0..4).filter(|&other| person.rank(other).is_some()).filter(dear).count();
                        prop_assert!(dear + 1 > person.most, "{told}");
                    }
                }
                code => {
                    let mut left: Vec<Vec<Level>> = grants.iter().map(|of| levels(&people, &had, &won, of)).collect();
                    prop_assert!(!left.is_empty(), "{code}: nothing grants it");
                    let worse = (0..best.len()).find(|&level| {
                        left.retain(|of| of[level].1 <= best[level].1);
                        left.is_empty()
                    });
                    let Some(worse) = worse else {
                        prop_assert_eq!(code, "lot");
                        continue;
                    };
                    let expected = if code == "more_wishes" { "wish" } else { code };
                    prop_assert_eq!(expected, best[worse].0, "{}", told);
                    // A rank is told where wishes stand before it, and a name only where that wish alone does.
                    if expected == "wish" {
                        prop_assert!(told.contains(&format!("rank {}", worse - 1)), "{told}");
                    }
                    if let Some((holder, group)) = answer.to.zip(answer.group).filter(|_| told.contains("Name ")) {
                        prop_assert!(told.contains(&format!("Name {holder}")), "{told}");
                        let group = 2 * group.0 + group.1;
                        let stands = if code == "earlier_claim" {
                            won.contains(&(holder, group))
                        } else {
                            people[holder].rank(group) == Some(worse - 1) && person.rank(group) > Some(worse - 1)
                        };
                        prop_assert!(stands, "{told}");
                    }
                }
            }
        }
    }
}
