//! Groups inside a program of your own: students from memory, a progress bar, a switch that ends the run, indices back.
//!
//! `cargo run --release --example embed`

use fenzu::fault::Faults;
use fenzu::model::{Request, Sizing, builtin};
use fenzu::pipeline::{Division, Underway, prepare};
use fenzu::plan::document::Document;
use fenzu::roster::{Reading, read};
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

struct Pupil {
    name: &'static str,
    math: u32,
    boarding: bool,
}

/// Divides pupils into groups. Whoever holds `ended` may set it: then the best plan so far comes back.
fn divide(pupils: &[Pupil], groups: usize, ended: Arc<AtomicBool>) -> Result<Document, Faults> {
    let row = |(id, pupil): (usize, &Pupil)| serde_json::json!({"id": id, "name": pupil.name, "math": pupil.math, "boarding": u8::from(pupil.boarding)});
    let list = serde_json::Value::from_iter(pupils.iter().enumerate().map(row)).to_string();
    let roster = read(list.as_bytes(), &Reading { file: "pupils", ..Reading::default() })?;
    let model = builtin::find("project-teams").unwrap_or_else(|| builtin::builtin()[0].clone());
    let request = Request { sizing: Some(Sizing::Count(groups)), ..Request::new(model) };
    let class = prepare(&roster, &request, Division::Whole)?.remove(0);
    let stop = Stop::after(Some(Duration::from_secs(5))).with_switch(ended);
    let progress = |underway: Underway<'_>| eprintln!("{:.0} %", 100.0 * underway.share);
    Ok(class.solve(Effort { seed: 1, work: None, prove: Prove::Model }, &stop, &progress, Lang::En).document)
}

fn main() -> Result<(), Faults> {
    let names = ["Ada", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana", "Ida", "Jon", "Kim", "Leo"];
    let pupil = |(i, name): (u32, &'static str)| Pupil { name, math: 60 + 7 * i % 40, boarding: i % 3 == 0 };
    let pupils: Vec<Pupil> = (0..).zip(names).map(pupil).collect();
    let plan = divide(&pupils, 3, Arc::default())?;
    for group in &plan.groups {
        let members: Vec<&str> =
            group.students.iter().filter_map(|id| Some(pupils[id.parse::<usize>().ok()?].name)).collect();
        println!("group {}: {}", group.id, members.join(", "));
    }
    Ok(())
}
