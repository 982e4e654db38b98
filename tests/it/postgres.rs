//! A PostgreSQL server for tests: Debian's package, on a private port, in a temporary folder, as the user `postgres` where the
//! tests run as root (`initdb` refuses root).
//!
//! A shell keeps the server. It ends it and removes its folder when its own input closes, so also when the tests are killed.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// `$1` is the folder of the programs, `$2` the port, `$3` a network that may connect besides
/// this machine, `$4` and `$5` a certificate and its key. Prints the data folder when the server takes connections.
const KEEP: &str = r#"
set -e
trap '' INT TERM
cd /
export LC_ALL=C PATH="$1:$PATH"
folder=$(mktemp -d)
end() { pg_ctl -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
trap end EXIT
initdb -D "$folder/data" -U fenzu -A trust -E UTF8 --no-locale --no-sync >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
cat >>"$folder/data/postgresql.conf" <<END
port = $2
listen_addresses = '$([ -z "$3" ] && echo 127.0.0.1 || echo '*')'
unix_socket_directories = '$folder'
fsync = off
max_connections = 200
END
[ -z "$3" ] || echo "host all all $3 trust" >>"$folder/data/pg_hba.conf"
if [ -n "$4" ]; then
  umask 077
  printf '%s' "$4" >"$folder/data/server.crt"
  printf '%s' "$5" >"$folder/data/server.key"
  echo 'ssl = on' >>"$folder/data/postgresql.conf"
fi
pg_ctl -D "$folder/data" -l "$folder/log" -w -t 60 start </dev/null >/dev/null 2>&1 || { cat "$folder/log" >&2; exit 1; }
echo "$folder"
cat >/dev/null
"#;

/// A running server; it ends with the value, or with the process.
pub struct Postgres {
    keeper: Child,
    programs: String,
    folder: String,
    port: u16,
}

impl Postgres {
    /// Starts a server of its own; none, with a message, where PostgreSQL is not installed.
    pub fn start() -> Option<Self> {
        Self::run("", ("", ""))
    }

    /// The same with TLS, by a certificate and its key.
    pub fn with_certificate((certificate, key): &(String, String)) -> Option<Self> {
        Self::run("", (certificate, key))
    }

    /// The same; a network may connect as well.
    pub fn open_to(network: &str) -> Option<Self> {
        Self::run(network, ("", ""))
    }

    fn run(network: &str, (certificate, key): (&str, &str)) -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!("skipped: PostgreSQL is not installed (.ci/setup installs it)");
            return None;
        };
        let port = TcpListener::bind(("127.0.0.1", 0)).and_then(|l| l.local_addr()).expect("a free port").port();
        let mut keeper =
            as_postgres(&["sh", "-c", KEEP, "sh", &programs, &port.to_string(), network, certificate, key])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .expect("a shell");
        let mut folder = String::new();
        BufReader::new(keeper.stdout.take().expect("a pipe")).read_line(&mut folder).expect("a line");
        let folder = folder.trim().to_owned();
        assert!(!folder.is_empty(), "PostgreSQL does not start; its log is above");
        Some(Self { keeper, programs, folder, port })
    }

    /// The port, on every address that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A new empty database's address.
    pub fn database(&self) -> String {
        static NEXT: AtomicUsize = AtomicUsize::new(1);
        let name = format!("fenzu{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.program("createdb", &["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "fenzu", &name]);
        format!("postgres://fenzu@127.0.0.1:{}/{name}", self.port)
    }

    /// The process that all others of the server come from.
    pub fn process(&self) -> u32 {
        let text = std::fs::read_to_string(format!("{}/data/postmaster.pid", self.folder)).expect("it runs");
        text.lines().next().and_then(|line| line.parse().ok()).expect("a number")
    }

    /// Everything that a database has in memory is written to its files.
    pub fn checkpoint(&self, database: &str) {
        self.program("psql", &["-q", "-d", database, "-c", "CHECKPOINT"]);
    }

    /// Whether a text is in the files of any table.
    pub fn holds(&self, text: &str) -> bool {
        fn search(folder: &std::path::Path, text: &[u8]) -> bool {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
            let holds = |bytes: Vec<u8>| bytes.windows(text.len()).any(|window| window == text);
            entries
                .into_iter()
                .any(|path| if path.is_dir() { search(&path, text) } else { std::fs::read(&path).is_ok_and(holds) })
        }
        search(&std::path::Path::new(&self.folder).join("data/base"), text.as_bytes())
    }

    /// Restarts the server at once, as after a crash: connections break, what is not committed is lost.
    pub fn restart_immediately(&self) {
        let data = format!("{}/data", self.folder);
        let log = format!("{}/log", self.folder);
        self.program("pg_ctl", &["-D", &data, "-l", &log, "-m", "immediate", "-w", "restart"]);
    }

    fn program(&self, name: &str, args: &[&str]) {
        let program = format!("{}/{name}", self.programs);
        let status = as_postgres(&[&[program.as_str()], args].concat())
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .expect("it starts");
        assert!(status.success(), "{name} {args:?}");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// A new empty database on a server that all tests of this process share; none, with a message, where PostgreSQL is not
/// installed.
pub fn database() -> Option<String> {
    static SHARED: OnceLock<Option<Postgres>> = OnceLock::new();
    SHARED.get_or_init(Postgres::start).as_ref().map(Postgres::database)
}

/// A command as the user `postgres` where this is root, else as this user.
fn as_postgres(command: &[&str]) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let words = if root { [&["runuser", "-u", "postgres", "--"], command].concat() } else { command.to_vec() };
    let mut started = Command::new(words[0]);
    started.args(&words[1..]);
    started
}

/// The folder of `initdb`, `pg_ctl` and `createdb`: the newest of Debian's, else the one that `pg_config` names.
fn programs() -> Option<String> {
    let entries = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<u32> = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    versions.sort_unstable();
    let debian = versions.last().map(|version| format!("/usr/lib/postgresql/{version}/bin"));
    let named = Command::new("pg_config").arg("--bindir").output().ok();
    let named = named.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    [debian, named].into_iter().flatten().find(|folder| std::path::Path::new(folder).join("initdb").exists())
}
