//! Long measurements behind what docs/measurements.md and models/formulation.md claim; CI does not repeat them.
//!
//! ```text
//! cargo bench --bench evidence -- shapes [FILTER] [--classes 20]     classes of many shapes, one thread
//! cargo bench --bench evidence -- million [--classes 20000]          a million students, all cores
//! cargo bench --bench evidence -- alike [FILTER]                     tables of real kinds beside assignment in batches, one thread
//! cargo bench --bench evidence -- large                              rows of numbers, 1,000 to a million, one thread
//! cargo bench --bench evidence -- sizes [FILTER]                     any legal size: seconds beyond the time limit, memory
//! cargo bench --bench evidence -- load [--clients 64] [--rounds 50] [--against PROGRAM]  the service on this machine
//! ```
//! Everything but `load` goes through the library's public door: an invented list is read, prepared, solved and judged.

mod alike;
mod batches;
mod classes;
mod clock;
mod large;
mod load;
mod machine;
mod million;
mod shapes;
mod tables;

use clap::{CommandFactory, Parser, Subcommand};

#[derive(Parser)]
#[command(name = "evidence", about = "Long measurements: shares proved, times, memory")]
struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// Given by cargo bench
    #[arg(long, hide = true, global = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum What {
    /// Classes of many shapes on one thread: share proved, seconds
    Shapes {
        /// Only the row of this name, or the rows whose name holds this
        #[arg(default_value = "")]
        filter: String,
        /// Classes of each row
        #[arg(long, default_value_t = 20)]
        classes: u64,
    },
    /// Many classes of 50 on all cores: core-seconds, memory
    Million {
        /// Classes
        #[arg(long, default_value_t = 20_000)]
        classes: u64,
    },
    /// Large numeric data on one thread: cost and quality against the number of rows
    Large,
    /// Tables of real kinds beside assignment in batches, one thread
    Alike {
        /// Only the tables whose name holds this
        #[arg(default_value = "")]
        filter: String,
    },
    /// Any legal size: seconds that each phase takes beyond its time, memory
    Sizes {
        /// Only the cases whose line holds this
        #[arg(default_value = "")]
        filter: String,
    },
    /// One case of it, in this process
    #[command(hide = true)]
    Size(clock::Case),
    /// The service with many clients: times of answers, plans a second, memory
    Load {
        /// Clients at once
        #[arg(long, default_value_t = 64)]
        clients: u64,
        /// Classes of each client
        #[arg(long, default_value_t = 50)]
        rounds: u64,
        /// Another program to take turns with: an earlier version, say
        #[arg(long)]
        against: Option<String>,
    },
}

fn main() {
    match Args::parse().what {
        Some(What::Shapes { filter, classes }) => shapes::run(&filter, classes),
        Some(What::Million { classes }) => million::run(classes),
        Some(What::Large) => large::run(),
        Some(What::Alike { filter }) => alike::run(&filter),
        Some(What::Sizes { filter }) => clock::run(&filter),
        Some(What::Size(case)) => case.run(),
        Some(What::Load { clients, rounds, against }) => {
            if !load::run(clients, rounds, against.as_deref()) {
                eprintln!("a plan failed, or more than 5 ms at the median beside queue and engine");
                std::process::exit(1);
            }
        }
        None => {
            let _ = Args::command().print_help();
        }
    }
}
