//! The processes that solve for a worker. Each takes one plan at a time and lives on, so that a plan waits for no start; one that dies,
//! for want of memory or by a defect, takes no other plan and not the service with it, and another takes its place.

use super::control::Control;
use super::line::Line;
use super::order::{Answer, Order, Said, hear};
use std::io::{self, BufReader};
use std::path::PathBuf;
use std::process::{ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The command that a process runs.
pub const COMMAND: &str = "solve-one";

/// How long a process keeps a batch that nobody asks about: what was erased does not stay in memory.
const UNUSED: Duration = Duration::from_secs(60);

/// The process died.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Died;

/// An order with the files that belong to it.
pub(super) type Errand = (Order, Vec<Vec<u8>>);

/// The processes of a worker.
#[derive(Debug)]
pub(super) struct Processes {
    program: io::Result<PathBuf>,
    /// Threads of each.
    threads: usize,
    idle: Mutex<Vec<Process>>,
}

/// One process.
#[derive(Debug)]
pub(super) struct Process {
    stdout: BufReader<ChildStdout>,
    control: Control,
    /// The batch that it has read.
    pub(super) batch: Option<String>,
    /// When it was asked last.
    used: Instant,
}

impl Processes {
    /// Starts so many.
    pub(super) fn start(count: usize, threads: usize) -> Self {
        let processes = Self { program: std::env::current_exe(), threads, idle: Mutex::default() };
        for _ in 0..count {
            processes.replace();
        }
        processes
    }

    /// An idle process, one that has read the batch if there is any; else a new one.
    ///
    /// # Errors
    /// The system starts no process.
    pub(super) fn take(&self, batch: Option<&str>) -> io::Result<Process> {
        let idle = {
            let mut idle = self.idle();
            let has_it = |process: &Process| batch.is_some() && process.batch.as_deref() == batch;
            let at = idle.iter().position(has_it).or_else(|| idle.len().checked_sub(1));
            at.map(|at| idle.remove(at))
        };
        match idle {
            Some(process) if process.control.lives() => Ok(process),
            _ => self.new_process(),
        }
    }

    /// Gives orders to a process, one after the other, and waits for the last answer, or for one that is no good. The process is
    /// idle again then, and replaced where it died or was asked to stop: what it left behind may go on.
    ///
    /// # Errors
    /// It died.
    pub(super) fn ask(&self, mut process: Process, orders: &[Errand], line: &Line) -> Result<Answer, Died> {
        let answer = process.answer(orders, line);
        line.detach();
        match answer {
            Ok(answer) if !process.control.was_asked() => {
                process.used = Instant::now();
                self.idle().push(process);
                Ok(answer)
            }
            ended => {
                drop(process);
                if !line.is_ended() {
                    self.replace();
                }
                ended.map_err(|_| Died)
            }
        }
    }

    /// Replaces processes that keep a batch which nobody has asked about for a while.
    pub(super) fn forget_batches(&self) {
        let is_old = |process: &mut Process| process.batch.is_some() && process.used.elapsed() > UNUSED;
        let old: Vec<Process> = self.idle().extract_if(.., is_old).collect();
        for _ in &old {
            self.replace();
        }
    }

    /// Puts a new process among the idle ones; where that fails, who needs one tries again.
    fn replace(&self) {
        match self.new_process() {
            Ok(process) => self.idle().push(process),
            Err(error) => tracing::error!(%error, "a solving process does not start"),
        }
    }

    fn new_process(&self) -> io::Result<Process> {
        let program = self.program.as_ref().map_err(|error| io::Error::from(error.kind()))?;
        let mut command = Command::new(program);
        #[cfg(unix)]
        {
            // Ctrl-C is for the worker, which ends its processes itself.
            use std::os::unix::process::CommandExt;
            command.process_group(0);
        }
        let mut child = command
            .args([COMMAND, "--threads", &self.threads.to_string()])
            // Memory is taken in small steps, so that the limit of the address space is one of memory.
            .env_remove("FENZU_DATABASE")
            .envs([("MIMALLOC_ARENA_RESERVE", "65536"), ("MALLOC_ARENA_MAX", "1")])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let control = Control::new(child, stdin);
        Ok(Process { stdout: BufReader::new(stdout), control, batch: None, used: Instant::now() })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Process>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Process {
    /// Nobody is left to hear it.
    fn drop(&mut self) {
        self.control.kill();
    }
}

impl Process {
    fn answer(&mut self, orders: &[Errand], line: &Line) -> io::Result<Answer> {
        let mut last = Answer::Panicked;
        for (order, files) in orders {
            self.control.order(order, files)?;
            line.attach(&self.control);
            last = self.listen(line)?;
            match (order, &last) {
                (Order::Batch { id, .. }, Answer::Batch(Ok(_))) => self.batch = Some(id.clone()),
                _ => break,
            }
        }
        Ok(last)
    }

    fn listen(&mut self, line: &Line) -> io::Result<Answer> {
        loop {
            match hear(&mut self.stdout)? {
                Said::Share(share) => line.tell(share),
                Said::Draft(json) => line.put_draft(json),
                Said::Ended(answer) => return Ok(answer),
            }
        }
    }
}
