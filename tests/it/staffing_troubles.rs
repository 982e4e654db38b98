//! Troubles of whole schools: classes formed again for their teachers, what is then said of their goals, and what is told where
//! groups or demands go short.

use crate::staffing_school::{Asked, PLAIN, School, class, effort, prepared, run, teachers};
use fenzu::check;
use fenzu::pipeline::staffing::{Forming, StaffRun, staff};
use fenzu::pipeline::{Planned, Prepared};
use fenzu::plan::document::Status;
use fenzu::solver::Stop;
use fenzu::words::Lang;
use std::time::Duration;

const VISITS: Asked<'_> = Asked { forming: Forming::VisitsFirst, ..PLAIN };
const SETTLED: Asked<'_> = Asked { forming: Forming::Settled, ..PLAIN };

/// The classes that were formed again.
fn formed_again(school: &School) -> Vec<&str> {
    school.staffed.notices.iter().map(|notice| notice.place.as_str()).collect()
}

#[test]
fn classes_are_formed_again_where_members_keep_a_teacher_away() {
    // Two students who need five visits; evenly shared each group needs 23. Ann can do 20, Bob 26.
    let lists = [class("A", 20, 2)];
    let rows = teachers(&["T1,Ann,A,1,,20,,,", "T2,Bob,A,1,,26,,,"]);
    let settled = run(&lists, &rows, &Asked { forming: Forming::Settled, ..PLAIN });
    assert_eq!(settled.unstaffed(), 1);
    assert!(settled.told()[0].contains("Ann makes at most 20 visits"), "{:?}", settled.told());
    // The counts would be worse for it, so it is not done unless asked, but its price is told.
    let closed = run(&lists, &rows, &PLAIN);
    assert_eq!((closed.unstaffed(), formed_again(&closed)), (1, vec![]));
    assert_eq!(
        closed.told().last(),
        Some(&"a visit limit gives up no balance of the groups; with counts worse (A), 1 more group could be staffed")
    );
    let open = run(&lists, &rows, &VISITS);
    assert_eq!((open.unstaffed(), open.staffed.conflict.len()), (0, 0));
    assert_eq!(open.staffed.loads.iter().map(|load| load.visits).collect::<Vec<_>>(), [20, 26]);
    assert_eq!(open.staffed.notices.iter().map(|notice| notice.code).collect::<Vec<_>>(), ["formed_for_visits"]);
    // Two visits more are needed than both can do, whoever is where.
    let never = run(&lists, &teachers(&["T1,Ann,A,1,,20,,,", "T2,Bob,A,1,,24,,,"]), &VISITS);
    assert_eq!(never.unstaffed(), 1);
}

#[test]
fn a_class_formed_again_claims_no_more_than_was_proved_before() {
    // Both students who need five visits must be in one group, which is bad for the counts and the visits. Without a limit of
    // work the provers are asked; under these seats they would prove that no better counts are possible.
    let lists = [class("A", 20, 2)];
    let rows = teachers(&["T1,Ann,A,1,,20,,,", "T2,Bob,A,1,,26,,,"]);
    let before = run(&lists, &rows, &Asked { work: None, ..SETTLED });
    let after = run(&lists, &rows, &Asked { work: None, ..VISITS });
    let goals = |school: &School| school.planned[0].document.goals.clone();
    let (first, again) = (goals(&before), goals(&after));
    let differs = (0..first.len()).find(|&i| first[i].scaled != again[i].scaled).expect("worse counts");
    assert_eq!((first[differs].name.as_str(), first[differs].proved), ("counts", true));
    for (old, new) in first.iter().zip(&again).take(differs) {
        assert_eq!(
            (old.scaled_bound, old.proved, old.proof),
            (new.scaled_bound, new.proved, new.proof),
            "{}",
            new.name
        );
    }
    assert_eq!(again[differs].scaled_bound, first[differs].scaled_bound);
    assert!(again[differs..].iter().all(|goal| !goal.proved && goal.proof.is_none()), "{again:?}");
    let Prepared { roster, request, policy, .. } = &after.prepared[0];
    let document = &after.planned[0].document;
    let card = check::score(roster, request, policy, &check::plan_of(roster, document).expect("a plan"));
    for (closed, goal) in card.goals.iter().zip(&again).skip(differs + 1) {
        assert_eq!(goal.scaled_bound, closed.scaled_bound, "{}: the closed form", goal.name);
    }
    assert_eq!(document.status, Status::Feasible);
    let notice = document.notices.iter().find(|notice| notice.code == "formed_for_visits").expect("a notice");
    assert!(notice.message.ends_with("bounds and proofs of its goals are those from before"), "{}", notice.message);
}

#[test]
fn children_of_two_colleagues_are_parted() {
    let lists = [class("A", 30, 0)];
    let free = run(&lists, &teachers(&["T1,Ann,A,1,,,,,", "T2,Bob,A,1,,,,,", "T3,Cid,A,1,,,,,"]), &PLAIN);
    // Two who come to be in one group: Ann and Bob avoid the one, Cid the other, so somebody fits only where they are parted.
    let mates = &free.planned[0].document.groups[0].students;
    let (a, b) = (&mates[0], &mates[1]);
    let row = |teacher: &str, child: &str| format!("{teacher},A,1,,,,{child},");
    let rows = [row("T1,Ann", a), row("T2,Bob", a), row("T3,Cid", b)];
    let rows = teachers(&rows.each_ref().map(String::as_str));
    let settled = run(&lists, &rows, &SETTLED);
    assert_eq!(settled.unstaffed(), 1);
    assert_eq!(
        settled.told(),
        [
            "nobody may take A group 1 (Ann may not take A group 1, Bob may not take A group 1, Cid may not take A group 1)"
        ]
    );
    let school = run(&lists, &rows, &PLAIN);
    assert_eq!((school.unstaffed(), school.teacher_of(a), formed_again(&school)), (0, Some("T3"), vec!["A"]));
    let bound = format!(r#"{{"together": [["{a}", "{b}"]]}}"#);
    assert_eq!(run(&lists, &rows, &Asked { rules: &bound, ..PLAIN }).unstaffed(), 1);
}

#[test]
fn every_trouble_is_told_and_mended_by_itself() {
    let lists = [class("A", 20, 2), class("B", 20, 2)];
    let all = ["T1,Ann,A,1,,20,,,", "T2,Bob,A,1,,26,,,", "T3,Cid,B,1,,20,,,", "T4,Dan,B,1,,26,,,"];
    let settled = run(&lists, &teachers(&all), &SETTLED);
    let told = settled.told().join("\n");
    assert_eq!((settled.unstaffed(), settled.staffed.conflict.len()), (2, 2), "{told}");
    assert!(told.contains("Ann makes at most 20 visits") && told.contains("Cid makes at most 20 visits"), "{told}");
    let open = run(&lists, &teachers(&all), &VISITS);
    assert_eq!((open.unstaffed(), formed_again(&open)), (0, vec!["A", "B"]));
    // One of the two cannot be mended, whichever it is.
    for (hopeless, mended) in [(1, "B"), (3, "A")] {
        let mut rows = all.map(str::to_owned);
        rows[hopeless] = rows[hopeless].replace("26", "24");
        let school = run(&lists, &teachers(&rows.each_ref().map(String::as_str)), &VISITS);
        assert_eq!((school.unstaffed(), formed_again(&school)), (1, vec![mended]), "{:?}", school.told());
    }
}

#[test]
fn every_demand_that_is_not_met_is_told() {
    let lists = [class("A", 20, 0), class("B", 21, 0)];
    let three = ["T1,Ann,A,1,,,,,A-01", "T2,Bob,A,1,,,,,A-01", "T3,Cid,A,1,,,,,A-01", "T4,Dan,B,2,,,,,"];
    let school = run(&lists, &teachers(&three), &PLAIN);
    assert_eq!(school.level("musts"), 2);
    let told = school.told().join("\n");
    for name in ["Ann", "Bob", "Cid"] {
        assert!(told.contains(&format!("{name} must take the group of student A/A-01")), "{told}");
    }
    // The small group of B is demanded by Eve, and Dan has no room for the large one; Ann and Bob have a quarrel of their own.
    let sizes: Vec<usize> = school.planned[1].document.groups.iter().map(|group| group.students.len()).collect();
    let small = 1 + usize::from(sizes[1] < sizes[0]);
    let eve = format!("T5,Eve,B,1,,,,,B/第{small}组");
    let rows = [three[0], three[1], "T4,Dan,B,1,10,,,,", &eve];
    let limits = run(&lists, &teachers(&rows), &SETTLED);
    let told = limits.told().join("\n");
    assert!(told.contains("B has places enough"), "{told}");
    assert!(
        told.contains("Dan takes at most 10 students") && told.contains(&format!("Eve must take group {small} of B")),
        "{told}"
    );
}

#[test]
fn what_is_open_at_the_limit_is_told_by_name() {
    let lists = [class("A", 20, 0)];
    let rules = r#"{"pin": [{"student": "A-04", "teacher": "T2"}]}"#;
    let rows = teachers(&["T1,Ann,A,2,,,,,A-03", "T2,Bob,A,2,,,,,"]);
    let (prepared, listed) = prepared(&lists, &rows, &Asked { rules, ..PLAIN }).expect("a school");
    let solve = |class: &Prepared| class.solve(effort(&PLAIN), &Stop::after(None), &|_| (), Lang::En);
    let mut planned: Vec<Planned> = prepared.iter().map(solve).collect();
    let stop = Stop::after(Some(Duration::ZERO));
    let how = StaffRun { effort: effort(&PLAIN), stop: &stop, forming: Forming::Open, before: None, lang: Lang::En };
    let staffed = staff(&prepared, &mut planned, &listed, how);
    assert_eq!(staffed.findings, []);
    let told: Vec<(&str, &str)> =
        staffed.conflict.iter().map(|record| (record.rule.as_str(), record.message.as_str())).collect();
    let message = "2 groups are without a teacher; demands not met: Ann must take the group of student A/A-03, \
                   student A/A-04 is pinned to Bob; the limit came before it was clear whether more is possible, or why not";
    assert_eq!(told, [("staff.open", message)]);
}

#[test]
fn a_share_of_the_time_leaves_the_rest() {
    let whole = Stop::after(Some(Duration::from_secs(100)));
    let half = whole.after_share(0.5);
    let rest = half.after_share(0.2);
    let left = |stop: &Stop| stop.seconds_left().expect("a deadline");
    for (stop, seconds) in [(&whole, 100.0), (&half, 50.0), (&rest, 10.0)] {
        assert!((left(stop) - seconds).abs() < 1.0, "{} of {seconds}", left(stop));
    }
    let over = Stop::after(Some(Duration::ZERO));
    assert!(over.after_share(0.9).reached().is_some());
    assert!(Stop::after(None).after_share(0.5).seconds_left().is_none());
    // A switch ends them all.
    let switch = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let share = Stop::after(None).with_switch(std::sync::Arc::clone(&switch)).after_share(0.5);
    assert!(share.reached().is_none());
    switch.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(share.reached().is_some());
}
