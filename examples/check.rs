//! Judges a division that somebody else made: here every fifth student of the list goes into one group.
//!
//! `cargo run --release --example check`

use fenzu::check::{broken_rules, score};
use fenzu::model::{Policy, Request, Sizing, builtin};
use fenzu::plan::Plan;
use fenzu::roster::{Reading, read};
use fenzu::words::Lang;
use std::error::Error;

const GROUPS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let file = "datasets/class50.csv";
    let roster = read(&std::fs::read(file)?, &Reading { file, ..Reading::default() })?;
    let mut request = Request::new(builtin::find(builtin::DEFAULT).ok_or("no such model")?);
    request.sizing = Some(Sizing::Count(GROUPS));
    let policy = Policy::apply(&request, &roster)?;

    let group_of = (0..roster.students.len()).map(|student| student % GROUPS).collect();
    let plan = Plan { groups: GROUPS, group_of };
    for goal in score(&roster, &request, &policy, &plan).goals {
        let unit = goal.unit.get(Lang::En);
        println!(
            "level {}, {}: {:.2} {unit}; no plan is below {:.2}",
            goal.level,
            goal.name.word(),
            goal.value,
            goal.bound
        );
    }
    for broken in broken_rules(&roster, &request, &policy, &plan) {
        println!("{}: {}", broken.place, broken.message.get(Lang::En));
    }
    Ok(())
}
