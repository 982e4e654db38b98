//! The engine by itself, as a program of one's own uses it: a list is read, divided, judged and printed. It holds with the integer
//! programme and without it (`make engine`).

use fenzu_engine::check::judge;
use fenzu_engine::model::rules::{Pin, Rules};
use fenzu_engine::model::{Request, Sizing, builtin};
use fenzu_engine::pipeline::{Division, Planned, Prepared, prepare};
use fenzu_engine::plan::document::{Status, StopReason};
use fenzu_engine::report::{Audience, table};
use fenzu_engine::roster::{Reading, read};
use fenzu_engine::sample::{ClassSpec, class_csv};
use fenzu_engine::solver::{Effort, Prove, Stop, mip};
use fenzu_engine::words::Lang;

fn prepared(spec: &ClassSpec, groups: usize, rules: Rules) -> Prepared {
    let list = class_csv(spec);
    let roster = read(list.as_bytes(), &Reading { file: "class.csv", ..Reading::default() }).expect("a list");
    let mut request = Request::new(builtin::builtin()[0].clone());
    (request.sizing, request.rules) = (Some(Sizing::Count(groups)), rules);
    prepare(&roster, &request, Division::ByClass).expect("no fault").remove(0)
}

fn solved(class: &Prepared, work: u64) -> Planned {
    let effort = Effort { seed: 1, work: Some(work), prove: Prove::Model };
    class.solve(effort, &Stop::after(None), &|_| (), Lang::En)
}

#[test]
fn a_class_is_divided_judged_and_printed() {
    let class = prepared(&ClassSpec::default(), 5, Rules::default());
    let planned = solved(&class, 100_000_000);
    assert_eq!(planned.document.stop, StopReason::Proved);
    assert_eq!(planned.document.groups.iter().map(|group| group.students.len()).collect::<Vec<_>>(), [10; 5]);
    assert_eq!(planned.findings, []);
    assert!(!planned.document.notices.iter().any(|notice| notice.code == "without_mip"), "all was proved");
    let page = table(&[class.report(&planned.document, Audience::Teacher, Lang::En)]);
    assert!(page.contains("Group 5"), "{page}");
    // The judge can disagree: one student twice, one nowhere.
    let mut wrong = planned.document.clone();
    wrong.groups[0].students[0] = wrong.groups[1].students[0].clone();
    assert_ne!(judge(&class.roster, &class.request, &class.policy, &wrong), []);
}

#[test]
fn what_a_build_without_the_integer_programme_did_not_try_is_said() {
    let class = prepared(&ClassSpec::default(), 7, Rules::default());
    let planned = solved(&class, 1_000);
    assert_eq!((planned.document.stop, planned.document.groups.len()), (StopReason::WorkLimit, 7));
    assert_eq!(planned.findings, []);
    let said = planned.document.notices.iter().any(|notice| notice.code == "without_mip");
    assert_eq!(said, !mip::IS_BUILT_IN);
}

#[test]
fn rules_that_plainly_cannot_hold_together_are_proved_so() {
    let students = ["S001", "S002", "S003"].map(str::to_owned);
    let pin = |student: &String| Pin { student: student.clone(), group: Some(1), teacher: None };
    let rules =
        Rules { apart: vec![students.to_vec()], pin: students[..2].iter().map(pin).collect(), ..Rules::default() };
    let class = prepared(&ClassSpec::default(), 5, rules);
    let planned = solved(&class, 100_000_000);
    assert_eq!(planned.document.status, Status::Infeasible);
    let conflict: Vec<&str> = planned.document.conflict.iter().flatten().map(|rule| rule.rule.as_str()).collect();
    assert!(conflict.len() >= 3, "the apart list and two pins: {conflict:?}");
}
