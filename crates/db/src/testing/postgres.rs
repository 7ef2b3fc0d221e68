//! A PostgreSQL of this process's own: started on first use, gone when the process is, however it ends.

use std::fs;
use std::io::{BufRead, BufReader, Error, Result};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::NoTls;

/// Makes the cluster, starts it, says so, and waits for the end of its input: that comes when our process ends, also
/// by kill -9. $1 is the folder of the programs, $2 ours, $3 the port.
const WATCHDOG: &str = r#"
"$1/initdb" -D "$2/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$2/log" 2>&1 </dev/null &&
"$1/pg_ctl" -D "$2/data" -l "$2/log" -w -t 60 -o "-p $3 -c listen_addresses=127.0.0.1 -c unix_socket_directories='$2' \
-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=300 -c shared_buffers=64MB \
-c deadlock_timeout=100ms" start >/dev/null 2>&1 </dev/null &&
echo ready || { echo failed; tail -n 20 "$2/log" >&2; }
cat >/dev/null
"$1/pg_ctl" -D "$2/data" -m immediate -w stop >/dev/null 2>&1
cd / && rm -rf "$2"
"#;

/// A server to make databases in: a private one, or the one that `MUSTER_TEST_POSTGRES_URL` names.
pub struct Postgres {
    /// URL of a database in which others can be made.
    admin: String,
    /// Its input is the watchdog's sign of life.
    _watchdog: Option<Child>,
}

/// How many databases this process has made.
static MADE: AtomicU32 = AtomicU32::new(0);

impl Postgres {
    /// The URL of a database in which others can be made, as the superuser.
    #[must_use]
    pub fn admin_url(&self) -> &str {
        &self.admin
    }

    /// The server of this process; starts it at the first call, which takes a second or two.
    ///
    /// # Panics
    /// When it cannot be started; the message says what is missing.
    #[expect(clippy::panic, reason = "a test without its database has failed")]
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Postgres> = OnceLock::new();
        SHARED.get_or_init(|| match std::env::var("MUSTER_TEST_POSTGRES_URL") {
            Ok(admin) => Self { admin, _watchdog: None },
            Err(_) => Self::start().unwrap_or_else(|e| panic!("no PostgreSQL for the tests: {e}")),
        })
    }

    /// The URL of a new, empty database. It stays until the server ends.
    ///
    /// # Panics
    /// When the server does not make it.
    #[expect(clippy::panic, reason = "a test without its database has failed")]
    pub async fn fresh_database(&self) -> String {
        let name = format!("muster_test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let make = async {
            let (client, connection) = tokio_postgres::connect(&self.admin, NoTls).await?;
            let driver = tokio::spawn(connection);
            let made =
                client.batch_execute(&format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")).await;
            driver.abort();
            made
        };
        match make.await {
            Ok(()) => with_database(&self.admin, &name),
            Err(e) => panic!("no database for the test: {e:?}"),
        }
    }

    /// A further server, for a test that changes its settings or stops it. It ends when the value is dropped.
    ///
    /// # Errors
    /// When it cannot be started; the message says what is missing.
    pub fn start() -> Result<Self> {
        let programs = programs()?;
        let folder = folder()?;
        // As root the server runs as its own user, which PostgreSQL asks for.
        let user = if fs::metadata("/proc/self")?.uid() == 0 { Some(postgres_user()?) } else { None };
        if let Some((uid, gid)) = user {
            chown(&folder, Some(uid), Some(gid))?;
        }
        let port = free_port()?;
        let mut command = Command::new("/bin/sh");
        command.args(["-c", WATCHDOG, "muster-test-postgres"]).arg(programs).arg(&folder).arg(port.to_string());
        // A group of its own: Ctrl-C at the terminal ends the tests, and the watchdog then cleans up.
        command.current_dir(&folder).process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped());
        if let Some((uid, gid)) = user {
            command.uid(uid).gid(gid);
        }
        let mut watchdog = command.spawn()?;
        let mut line = String::new();
        if let Some(output) = watchdog.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        if line.trim() != "ready" {
            return Err(Error::other("initdb or the server failed; its log is above"));
        }
        let admin = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        Ok(Self { admin, _watchdog: Some(watchdog) })
    }
}

/// The newest version that Debian's packages have put here.
fn programs() -> Result<PathBuf> {
    let missing = || Error::other("no /usr/lib/postgresql/*/bin/initdb: apt-get install postgresql");
    let versions = fs::read_dir("/usr/lib/postgresql").map_err(|_| missing())?;
    let versions = versions.filter_map(|entry| Some(entry.ok()?.path()));
    let number = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    versions
        .filter(|path| path.join("bin/initdb").is_file())
        .max_by_key(|path| number(path))
        .map(|path| path.join("bin"))
        .ok_or_else(missing)
}

/// A new folder that only its owner can enter. The socket in it limits its length to about 90 characters.
fn folder() -> Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt;
    let base = std::env::temp_dir();
    for attempt in 0..1000 {
        let folder = base.join(format!("muster-pg-{}-{attempt}", std::process::id()));
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            Ok(()) => return Ok(folder),
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(e) => return Err(e),
        }
    }
    Err(Error::other("no free folder for PostgreSQL"))
}

fn postgres_user() -> Result<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd")?;
    users
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.first() == Some(&"postgres"))
        .and_then(|fields| Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?)))
        .ok_or_else(|| Error::other("no user postgres: apt-get install postgresql"))
}

/// A port that nobody listened on a moment ago.
fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// The URL with another database in its path.
fn with_database(url: &str, name: &str) -> String {
    let (base, query) = url.split_once('?').map_or((url, String::new()), |(base, query)| (base, format!("?{query}")));
    let host_at = base.find("://").map_or(0, |at| at + 3);
    let base = base[host_at..].find('/').map_or(base, |at| &base[..host_at + at]);
    format!("{base}/{name}{query}")
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn puts_the_database_into_the_url() {
        assert_eq!(
            with_database("postgres://u:p@h:1/postgres?sslmode=disable", "x"),
            "postgres://u:p@h:1/x?sslmode=disable"
        );
        assert_eq!(with_database("postgres://u@h", "x"), "postgres://u@h/x");
        assert_eq!(with_database("postgresql://u@h/", "x"), "postgresql://u@h/x");
    }
}
