//! Divides the classes of a list into groups of about ten and prints them, with what is proved.
//!
//! `cargo run --release --example solve -- class.xlsx`

use fenzu::model::{Request, builtin};
use fenzu::pipeline::{Division, prepare};
use fenzu::report::{Audience, table};
use fenzu::roster::{Reading, read};
use fenzu::solver::{Effort, Prove, Stop};
use fenzu::words::Lang;
use std::error::Error;
use std::time::Duration;

fn main() -> Result<(), Box<dyn Error>> {
    let file = std::env::args().nth(1).unwrap_or_else(|| "datasets/class50_messy.xlsx".to_owned());
    let roster = read(&std::fs::read(&file)?, &Reading { file: &file, ..Reading::default() })?;
    let model = builtin::find(builtin::DEFAULT).ok_or("no such model")?;
    let classes = prepare(&roster, &Request::new(model), Division::ByClass)?;
    let effort = Effort { seed: 1, work: None, prove: Prove::Model };
    for class in &classes {
        let stop = Stop::after(Some(Duration::from_secs(10)));
        let planned = class.solve(effort, &stop, &|_| (), Lang::En);
        print!("{}", table(&[class.report(&planned.document, Audience::Teacher, Lang::En)]));
        for goal in &planned.document.goals {
            let proved = if goal.proved { "proved" } else { "not proved" };
            println!("{}: {} {}, at least {}, {proved}", goal.name, goal.value, goal.unit, goal.bound);
        }
    }
    Ok(())
}
