//! A school in parts: what is read and fitted when it is opened is not read and fitted again when it is put together.

use crate::staffing_school::teachers;
use fenzu::model::{Request, SizeRange, Sizing, builtin};
use fenzu::pipeline::staffing::Numbers;
use fenzu::roster::Limits;
use fenzu::school::sources::{Source, sent};
use fenzu::school::{Made, Part, Parts, Settings, Watch};
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// A class of 48 whose teacher takes four groups; without a staff list it would have five.
fn opened(numbers: Option<Numbers>, watch: &Watch<'_>) -> Parts {
    let mut list = "id,class,math\n".to_owned();
    for s in 1..=48 {
        writeln!(list, "A-{s:02},A,{}", 60 + s * 7 % 40).expect("a text takes a line");
    }
    let (limits, staff) = (Limits::default(), teachers(&["T1,Ann,A,4,,,,,"]));
    let mut request = Request::new(builtin::builtin()[0].clone());
    request.sizing = Some(Sizing::Range(SizeRange { min: 8, max: 13 }));
    let settings = Settings {
        request,
        overrides: Vec::new(),
        effort: Effort { seed: 1, work: Some(1_000), prove: Prove::Model },
        limit_seconds: 20.0,
        threads: 1,
        teachers: Some(Source::sent("staff.csv", staff.into_bytes().into(), &limits)),
        claims: None,
        visits_first: false,
        previous: None,
        lang: Lang::En,
    };
    let sources = sent(&[("A.csv".to_owned(), list.into_bytes().into())], &limits).expect("a list");
    Parts::open(sources, settings, numbers, watch).expect("nothing is wrong")
}

#[test]
fn classes_are_fitted_to_their_teachers_once() {
    let cancelled = Arc::new(AtomicBool::new(false));
    let (seconds, none) = (|_| Stop::after(Some(Duration::from_secs(20))), |_| Stop::after(Some(Duration::ZERO)));
    let watch = Watch { stop: &seconds, cancelled: &cancelled, progress: &|_, _| (), told: &|_| () };
    let parts = opened(None, &watch);
    let folder = tempfile::tempdir().expect("a folder");
    let document = parts.solve("A", &folder.path(), &watch).expect("a plan");
    assert_eq!(document.groups.len(), 4);
    let digest = parts.digests()["A"].to_owned();
    let part = Part::Plan { digest, document: Box::new(document), written: false };
    let made = Made(HashMap::from([("A".to_owned(), part)]));
    // Opened elsewhere, it is the same school, however little time there is.
    let watch_none = Watch { stop: &none, cancelled: &cancelled, progress: &|_, _| (), told: &|_| () };
    assert_eq!(opened(parts.numbers().cloned(), &watch_none).digests(), parts.digests());
    assert_ne!(opened(None, &watch_none).digests(), parts.digests(), "a fit without time finds five groups");
    // With five groups the plan that was made would not be the class's.
    let summary = parts.finish(&made, &folder.path(), &watch_none).expect("a summary");
    assert_eq!((summary.kept, summary.classes.len(), summary.classes[0].groups), (1, 1, 4));
    assert!(summary.teachers.iter().all(|teacher| teacher.id == "T1"));
}
