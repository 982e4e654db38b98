//! Divides a class under rules; where they cannot hold together, says which contradict each other.
//!
//! `cargo run --release --example rules`

use fenzu::model::rules::{NeverAlone, Pin, Rules};
use fenzu::model::{Request, Sizing, builtin};
use fenzu::pipeline::{Division, prepare};
use fenzu::roster::{Reading, read};
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use std::error::Error;
use std::time::Duration;

fn main() -> Result<(), Box<dyn Error>> {
    let ids = |list: &[&str]| list.iter().map(|&id| id.to_owned()).collect::<Vec<String>>();
    let wishes = Rules {
        together: vec![ids(&["S001", "S002"])],
        apart: vec![ids(&["S003", "S004", "S005"])],
        pin: vec![Pin { student: "S006".to_owned(), group: Some(1), teacher: None }],
        never_alone: vec![NeverAlone { column: "gender".to_owned() }],
    };
    divide(wishes.clone())?;
    divide(Rules { apart: vec![ids(&["S002", "S001"])], ..wishes })
}

fn divide(rules: Rules) -> Result<(), Box<dyn Error>> {
    let file = "datasets/class50.csv";
    let roster = read(&std::fs::read(file)?, &Reading { file, ..Reading::default() })?;
    let mut request = Request::new(builtin::find(builtin::DEFAULT).ok_or("no such model")?);
    (request.sizing, request.rules) = (Some(Sizing::Count(5)), rules);
    let effort = Effort { seed: 1, work: None, prove: Prove::Model };
    for class in prepare(&roster, &request, Division::ByClass)? {
        let stop = Stop::after(Some(Duration::from_secs(10)));
        let plan = class.solve(effort, &stop, &|_| (), Lang::En).document;
        for group in &plan.groups {
            println!("group {}: {}", group.id, group.students.join(" "));
        }
        for rule in plan.conflict.iter().flatten() {
            println!("cannot hold: {} ({})", rule.rule, rule.message);
        }
    }
    Ok(())
}
