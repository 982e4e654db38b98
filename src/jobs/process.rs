//! A process that solves for a worker, from the inside: orders come over its input, answers go over its output. It ends when its
//! input does, so that it never outlives its worker, and takes no more memory than it is given.

use super::batch::Opened;
use super::hooks::Hooks;
use super::line::Line;
use super::order::{Answer, Found, Order, Said, hear, receive, say};
use super::priority::step_back;
use super::{Failure, batch, solving};
use crate::school::parts::ClassPart;
use std::io::{self, BufReader, BufWriter, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

/// Most megabytes of a process's address space: what the largest plan takes (`problem::size`), and as much again.
#[cfg(target_os = "linux")]
const MOST_MEGABYTES: u64 = 1_536;

/// How often it tells how far it is.
const TELL: Duration = Duration::from_millis(100);

/// An order and its files.
type Task = (Order, Vec<Vec<u8>>, Line);

/// Works off orders until the input ends, each on so many threads.
///
/// # Errors
/// The output is closed, or the system gives no threads.
pub fn run(threads: usize) -> anyhow::Result<()> {
    limit_memory();
    let (give, take) = mpsc::channel();
    std::thread::spawn(move || {
        let _ = read(&mut BufReader::new(io::stdin().lock()), &give);
        // Nobody waits for an answer any more, whatever is being solved.
        std::process::exit(0);
    });
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).start_handler(|_| step_back()).build()?;
    let hooks = Hooks::from_env();
    let mut opened = None;
    for (order, files, line) in take {
        let work = || pool.install(|| answer(order, files, &mut opened, &line, &hooks));
        let answer = told(&line, || catch_unwind(AssertUnwindSafe(work)).unwrap_or(Answer::Panicked))?;
        say(&mut BufWriter::new(io::stdout().lock()), &Said::Ended(answer))?;
    }
    Ok(())
}

/// Memory beyond this ends the process, which costs the plan at work and nothing else.
fn limit_memory() {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let most = Some(MOST_MEGABYTES << 20);
        if let Err(error) = setrlimit(Resource::As, Rlimit { current: most, maximum: most }) {
            tracing::warn!(%error, "the memory of a solving process is not limited");
        }
    }
}

/// Reads orders; one to stop is for the one that is being worked off.
fn read(from: &mut impl Read, give: &Sender<Task>) -> io::Result<()> {
    let mut line = Line::default();
    loop {
        let order: Order = hear(from)?;
        let count = match &order {
            Order::Stop => {
                line.stop_here();
                continue;
            }
            Order::Plan(stored) => stored.blobs().count(),
            Order::Batch { files, .. } => files.len(),
            Order::Class { .. } => 0,
        };
        let files = (0..count).map(|_| receive(from)).collect::<io::Result<_>>()?;
        line = Line::default();
        if give.send((order, files, line.clone())).is_err() {
            return Ok(());
        }
    }
}

/// Does the work and tells meanwhile how far it is.
fn told<T>(line: &Line, work: impl FnOnce() -> T) -> io::Result<T> {
    std::thread::scope(|scope| {
        let (done, ended) = mpsc::channel();
        let teller = scope.spawn(move || tell(line, &ended));
        let made = work();
        drop(done);
        teller.join().unwrap_or(Ok(()))?;
        Ok(made)
    })
}

fn tell(line: &Line, ended: &Receiver<()>) -> io::Result<()> {
    let mut last = 0.0;
    while ended.recv_timeout(TELL) == Err(RecvTimeoutError::Timeout) {
        let mut output = io::stdout().lock();
        let share = line.share();
        if share.to_bits() != f64::to_bits(last) {
            last = share;
            say(&mut output, &Said::Share(share))?;
        }
        if let Some(draft) = line.take_draft() {
            say(&mut output, &Said::Draft(draft))?;
        }
    }
    Ok(())
}

fn answer(order: Order, files: Vec<Vec<u8>>, opened: &mut Option<Opened>, line: &Line, hooks: &Hooks) -> Answer {
    hooks.meet(&order);
    match order {
        Order::Plan(stored) => Answer::Plan(solving::solve(stored.filled(files), line)),
        Order::Batch { files: mut named, request, limits, .. } => {
            named.iter_mut().zip(files).for_each(|(file, bytes)| file.bytes = bytes);
            *opened = None;
            let read = batch::read(named, (&request, &limits), line);
            Answer::Batch(read.map(|read| {
                let found = |ClassPart { class, list, digest }| Found { class, list, digest };
                let classes = read.parts.classes().map(found).collect();
                let numbers = read.parts.numbers().cloned();
                *opened = Some(read);
                (classes, numbers)
            }))
        }
        Order::Class { class, .. } => Answer::Class(match opened {
            Some(opened) => batch::solved(opened, &class, line),
            None => Err(Failure::job_failed()),
        }),
        // It is heard where orders are read.
        Order::Stop => Answer::Panicked,
    }
}
