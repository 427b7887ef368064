//! A PostgreSQL server in a temporary folder, on a Unix socket.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// The user of the cluster.
const USER: &str = "podpis";

/// A program that a test needs, or none when the test is not run.
pub(crate) fn program(name: &str, candidates: &[PathBuf]) -> Option<PathBuf> {
    let found = candidates.iter().find(|path| path.exists()).cloned();
    if found.is_none() {
        assert!(
            std::env::var_os("PODPIS_REQUIRE_POSTGRES").is_none(),
            "{name} is not installed, and PODPIS_REQUIRE_POSTGRES is set"
        );
        eprintln!("NOT RUN: {name} is not installed (apt-get install postgresql pgbouncer)");
    }
    found
}

/// Whom servers run as when the tests run as root, which they refuse.
pub(crate) fn unprivileged() -> Option<(u32, u32)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let uid = status.lines().find(|line| line.starts_with("Uid:"))?;
    if uid.split_whitespace().nth(2) != Some("0") {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let mut ids = ["postgres", "nobody"].into_iter().filter_map(|name| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut ids = line.split(':').skip(2).map(|id| id.parse::<u32>());
        Some((ids.next()?.ok()?, ids.next()?.ok()?))
    });
    ids.next()
}

/// A command that does not run as root.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    if let Some((user, group)) = unprivileged() {
        command.uid(user).gid(group);
    }
    command.current_dir("/");
    command
}

/// A folder that belongs to whom the servers run as.
pub(crate) fn folder() -> TempDir {
    let folder = tempfile::Builder::new()
        .prefix("pg")
        .tempdir_in("/tmp")
        .unwrap();
    if let Some((user, group)) = unprivileged() {
        chown(folder.path(), Some(user), Some(group)).unwrap();
    }
    folder
}

fn run(mut command: Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A running server. It is stopped, and its folder is removed, when this is dropped.
pub(crate) struct Cluster {
    bin: PathBuf,
    folder: TempDir,
}

impl Cluster {
    /// None where the programs are not installed.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with("")
    }

    /// The same, with more lines of configuration.
    pub(crate) fn start_with(configuration: &str) -> Option<Self> {
        let mut candidates: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path().join("bin/pg_ctl")))
            .collect();
        candidates.sort();
        candidates.reverse();
        let bin = program("postgresql", &candidates)?;
        let bin = bin.parent().unwrap().to_owned();
        let cluster = Self {
            bin,
            folder: folder(),
        };
        let mut initdb = command(&cluster.bin.join("initdb"));
        initdb.args(["--no-sync", "-U", USER, "-A", "trust", "-E", "UTF8", "-D"]);
        initdb.arg(cluster.data());
        run(initdb);
        let file = cluster.data().join("postgresql.conf");
        let mut text = std::fs::read_to_string(&file).unwrap();
        text.push_str(&format!(
            "\nlisten_addresses = ''\nunix_socket_directories = '{}'\nfsync = off\nmax_connections = 60\n{configuration}\n",
            cluster.socket().display()
        ));
        std::fs::write(&file, text).unwrap();
        cluster.go_on();
        Some(cluster)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The folder of the socket.
    pub(crate) fn socket(&self) -> &Path {
        self.folder.path()
    }

    fn control(&self, arguments: &[&str]) -> Command {
        let mut command = command(&self.bin.join("pg_ctl"));
        command.arg("-D").arg(self.data()).args(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// Starts the server again.
    pub(crate) fn go_on(&self) {
        let log = self.folder.path().join("log");
        let mut command = self.control(&["-w", "-l"]);
        let status = command.arg(&log).arg("start").status().unwrap();
        assert!(
            status.success(),
            "{}",
            std::fs::read_to_string(log).unwrap_or_default()
        );
    }

    /// Stops the server without waiting for anybody.
    pub(crate) fn stop(&self) {
        self.control(&["-w", "-m", "immediate", "stop"])
            .status()
            .unwrap();
    }

    /// Changes who may log in how.
    pub(crate) fn allow(&self, rules: &str) {
        std::fs::write(self.data().join("pg_hba.conf"), rules).unwrap();
        assert!(self.control(&["reload"]).status().unwrap().success());
    }

    /// The address of the database.
    pub(crate) fn address(&self) -> String {
        self.address_of("postgres")
    }

    /// The address of another database.
    pub(crate) fn address_of(&self, database: &str) -> String {
        let socket = self.socket().display();
        format!("postgres://{USER}@/{database}?host={socket}")
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.stop();
    }
}
