//! What the service is told: where it listens, where it stores, and its limits. Every default is valid (a test).

use super::tls::Tls;
use crate::fault::{Fault, Faults};
use crate::jobs::request::LONGEST;
use crate::roster;
use crate::words;
use crate::words::Words;
use serde::Deserialize;
use std::net::SocketAddr;
use std::time::Duration;

/// Settings of `fenzu serve`; the file of `--config` has the same names.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port.
    pub listen: SocketAddr,
    /// `sqlite:FILE` or `postgres://…`.
    pub database: String,
    /// Whether this process solves too; false where other machines run `fenzu work`.
    pub work: bool,
    /// Plans that are solved at a time; 0 for one a core.
    pub solves: usize,
    /// Whether the last address in `X-Forwarded-For` is the caller's: behind a proxy of ours.
    pub trust_proxy: bool,
    /// TLS of the service's own; without it something else must speak TLS where others can listen.
    pub tls: Option<Tls>,
    /// Where the numbers for Prometheus are served, to whoever reaches the address; nowhere by default.
    pub metrics: Option<SocketAddr>,
    /// Whom to tell of a weakness, as `mailto:` or `https://`: it stands in `/.well-known/security.txt`.
    pub security_contact: Option<String>,
    /// Days after which what a school stored is deleted.
    pub retention_days: u32,
    /// What one caller or school may ask for.
    pub limits: Limits,
}

/// Rows of a list that are no students: titles, headers, notes, sums.
const HEADS: usize = 100;

/// What one caller or school may ask for; the section `[limits]` of the file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a request.
    pub body_bytes: usize,
    /// Bytes of a workbook or zip when inflated.
    pub unpacked_bytes: u64,
    /// Students of a list; its headers and titles are not counted.
    pub rows: usize,
    /// Seconds that a plan may ask for; one that does not ask gets ten of them at most.
    pub plan_seconds: f64,
    /// Plans, batches and classes of batches of one school that are queued or running.
    pub open_plans: u32,
    /// Plans and batches of all schools that are.
    pub queue: u32,
    /// Bytes that one school may store: lists, plans, batches with their files and results.
    pub stored_bytes: u64,
    /// Connections at a time.
    pub connections: usize,
    /// Connections of one address at a time; not counted behind a proxy, which is one address.
    pub connections_per_address: usize,
    /// Seconds in which the head of a request must have come.
    pub head_seconds: u64,
    /// Seconds in which the body of a request must have come.
    pub body_seconds: u64,
    /// Seconds in which a part of an answer must be taken.
    pub write_seconds: u64,
    /// Seconds that running answers have after a shutdown was asked for.
    pub grace_seconds: u64,
    /// Requests a second from one address, over a longer time.
    pub requests_per_second: u32,
    /// Requests at once from one address.
    pub burst: u32,
    /// Wrong tokens a minute from one address; of IPv6, from one /64.
    pub failed_logins: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            database: "sqlite:fenzu.db".to_owned(),
            work: true,
            solves: 0,
            trust_proxy: false,
            tls: None,
            metrics: None,
            security_contact: None,
            retention_days: 180,
            limits: Limits::default(),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 16 << 20,
            unpacked_bytes: 64 << 20,
            rows: 20_000,
            plan_seconds: 60.0,
            open_plans: 5_000,
            queue: 50_000,
            stored_bytes: 4 << 30,
            connections: 1_024,
            connections_per_address: 256,
            head_seconds: 10,
            body_seconds: 30,
            write_seconds: 30,
            grace_seconds: 20,
            requests_per_second: 200,
            burst: 1_000,
            failed_logins: 20,
        }
    }
}

impl Config {
    /// Reads the file of `--config`.
    ///
    /// # Errors
    /// What is not TOML, or no setting of this name.
    pub fn read(text: &str, file: &str) -> Result<Self, Faults> {
        toml::from_str(text).map_err(|error| {
            let message = error.message().to_owned();
            let line = error.span().map(|span| text[..span.start].lines().count().max(1));
            Faults::from(Fault {
                code: "bad_config",
                place: line.map_or_else(|| file.to_owned(), |line| format!("{file} line {line}")),
                found: words!("{message}", "{message}"),
                expected: words!(
                    "服务的设置（docs/service.md 有全部名称）",
                    "settings of the service (docs/service.md has all names)"
                ),
                action: words!("请改正该处", "correct the file there"),
            })
        })
    }

    /// The limits of connections. All connections of a proxy are of one address.
    #[must_use]
    pub fn connections(&self) -> ConnectionLimits {
        let limits = self.limits.connections();
        let of_address = if self.trust_proxy { limits.most } else { limits.of_address };
        ConnectionLimits { of_address, ..limits }
    }

    /// Checks what a type cannot say.
    ///
    /// # Errors
    /// Every setting that is out of range.
    pub fn check(&self) -> Result<(), Faults> {
        let limits = &self.limits;
        let seconds = limits.plan_seconds;
        let contact = self.security_contact.as_deref().unwrap_or("https://");
        let is_contact = ["https://", "mailto:", "tel:"].iter().any(|scheme| contact.starts_with(scheme))
            && contact.bytes().all(|byte| byte.is_ascii_graphic());
        let ranges = [
            (
                "security_contact",
                is_contact,
                words!("mailto:、https:// 或 tel: 开头的地址", "an address that begins with mailto:, https:// or tel:"),
            ),
            ("retention_days", self.retention_days > 0, words!("至少 1 天", "at least 1 day")),
            ("limits.body_bytes", limits.body_bytes >= 1 << 10, words!("至少 1024 字节", "at least 1024 bytes")),
            ("limits.unpacked_bytes", limits.unpacked_bytes >= 1 << 20, words!("至少 1 MiB", "at least 1 MiB")),
            ("limits.rows", limits.rows > 0, at_least_one()),
            (
                "limits.plan_seconds",
                seconds.is_finite() && seconds > 0.0 && seconds <= LONGEST,
                words!("大于 0、不超过 {LONGEST} 的秒数", "seconds above 0, at most {LONGEST}"),
            ),
            ("limits.open_plans", limits.open_plans > 0, at_least_one()),
            ("limits.queue", limits.queue > 0, at_least_one()),
            ("limits.stored_bytes", limits.stored_bytes >= 1 << 20, words!("至少 1 MiB", "at least 1 MiB")),
            ("limits.connections", (1..=100_000).contains(&limits.connections), words!("1 到 100000", "1 to 100000")),
            ("limits.connections_per_address", limits.connections_per_address > 0, at_least_one()),
            ("limits.head_seconds", limits.head_seconds > 0, at_least_one()),
            ("limits.body_seconds", limits.body_seconds > 0, at_least_one()),
            ("limits.write_seconds", limits.write_seconds > 0, at_least_one()),
            ("limits.requests_per_second", limits.requests_per_second > 0, at_least_one()),
            ("limits.burst", limits.burst > 0, at_least_one()),
            ("limits.failed_logins", limits.failed_logins > 0, at_least_one()),
        ];
        let fault = |(name, _, expected): (&str, bool, Words)| Fault {
            code: "bad_setting",
            place: name.to_owned(),
            found: words!("超出范围的值", "a value out of range"),
            expected,
            action: words!("请改正设置", "correct the setting"),
        };
        let faults: Vec<Fault> = ranges.into_iter().filter(|(_, holds, _)| !holds).map(fault).collect();
        if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
    }
}

fn at_least_one() -> Words {
    words!("至少为 1", "at least 1")
}

impl Limits {
    /// The reader's limits.
    #[must_use]
    pub fn reading(&self) -> roster::Limits {
        let usual = roster::Limits::default();
        roster::Limits {
            file_bytes: self.body_bytes as u64,
            unpacked_bytes: self.unpacked_bytes,
            text_rows: self.rows + HEADS,
            sheet_rows: self.rows + HEADS,
            text_cells: usual.text_cells.min(self.rows * 100),
            sheet_cells: usual.sheet_cells.min(self.rows * 100),
            ..usual
        }
    }

    fn connections(&self) -> ConnectionLimits {
        ConnectionLimits {
            most: self.connections,
            of_address: self.connections_per_address,
            head: Duration::from_secs(self.head_seconds),
            write: Duration::from_secs(self.write_seconds),
            grace: Duration::from_secs(self.grace_seconds),
        }
    }
}

/// Limits of connections.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionLimits {
    /// Most connections at a time; others wait to be accepted.
    pub most: usize,
    /// Most connections of one address at a time; others are closed.
    pub of_address: usize,
    /// Time in which the head of a request must have come.
    pub head: Duration,
    /// Time in which the caller must take a part of what it is sent.
    pub write: Duration,
    /// Time that running answers have after a shutdown was asked for.
    pub grace: Duration,
}
