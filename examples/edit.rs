//! Changes a plan by hand: exchanges two students and says what it costs on every goal.
//!
//! `cargo run --release --example edit`

use fenzu::check::plan_of;
use fenzu::model::{Request, Sizing, builtin};
use fenzu::pipeline::edit::{Bounds, Original};
use fenzu::pipeline::{Division, prepare};
use fenzu::roster::{Reading, read};
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use std::error::Error;
use std::time::Duration;

fn main() -> Result<(), Box<dyn Error>> {
    let file = "datasets/class50.csv";
    let roster = read(&std::fs::read(file)?, &Reading { file, ..Reading::default() })?;
    let mut request = Request::new(builtin::find(builtin::DEFAULT).ok_or("no such model")?);
    request.sizing = Some(Sizing::Count(5));
    let prepared = prepare(&roster, &request, Division::Whole)?;
    let effort = Effort { seed: 1, work: None, prove: Prove::Model };
    let stop = Stop::after(Some(Duration::from_secs(10)));
    let before = prepared[0].solve(effort, &stop, &|_| (), Lang::En).document;

    let mut group_of = plan_of(&prepared[0].roster, &before).map_err(|_| "a plan of another list")?.group_of;
    let other = group_of.iter().position(|&group| group != group_of[0]).ok_or("one group only")?;
    group_of.swap(0, other);
    let documents = [before];
    let original = Original { prepared: &prepared, documents: &documents, staff: None, bounds: Bounds::Inherited };
    let after = original.edited(0, group_of, Lang::En);

    let name = |student: usize| &roster.students[student].name;
    println!("{} and {} change places:", name(0), name(other));
    for (old, new) in documents[0].goals.iter().zip(&after.document.goals) {
        println!("{}: {:.2} → {:.2} {}", old.name, old.value, new.value, old.unit);
    }
    for finding in &after.findings {
        println!("{}: {}", finding.place, finding.message.get(Lang::En)); // rules that it breaks
    }
    Ok(())
}
