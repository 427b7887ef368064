//! Debian's pgbouncer in transaction mode, in front of a server.

use std::os::unix::fs::chown;
use std::path::PathBuf;
use std::process::{Child, Stdio};

use podpis_journal_postgres::PostgresSettings;
use tempfile::TempDir;

use crate::cluster::{Cluster, command, folder, program, unprivileged};

/// The port that names its socket.
const PORT: u16 = 6432;

/// A running pooler. It is stopped when this is dropped.
pub(crate) struct Bouncer {
    child: Child,
    folder: TempDir,
}

impl Bouncer {
    /// In front of the server, with few connections to it, so that each statement may get another one; none where the
    /// program is not installed.
    pub(crate) async fn start(cluster: &Cluster) -> Option<Self> {
        let places = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer"];
        let bouncer = program("pgbouncer", &places.map(PathBuf::from))?;
        let folder = folder();
        let (own, socket) = (folder.path().display(), cluster.socket().display());
        let configuration = format!(
            "[databases]\n* = host={socket} user=podpis\n[pgbouncer]\npool_mode = transaction\nlisten_port = {PORT}\n\
             unix_socket_dir = {own}\nauth_type = any\nmax_client_conn = 100\ndefault_pool_size = 4\n\
             server_round_robin = 1\nlogfile = {own}/log\n"
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, configuration).unwrap();
        if let Some((user, group)) = unprivileged() {
            chown(&file, Some(user), Some(group)).unwrap();
        }
        let mut command = command(&bouncer);
        command.arg("-q").arg(&file);
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let bouncer = Self { child, folder };
        let address = bouncer.address();
        for _ in 0..1_000_000 {
            if tokio_postgres::connect(&address, tokio_postgres::NoTls)
                .await
                .is_ok()
            {
                return Some(bouncer);
            }
            // It has no other way to say that it is ready.
            std::thread::yield_now();
            tokio::task::yield_now().await;
        }
        let log = std::fs::read_to_string(bouncer.folder.path().join("log"));
        panic!("pgbouncer does not answer: {}", log.unwrap_or_default());
    }

    fn address(&self) -> String {
        let own = self.folder.path().display();
        format!("postgres://podpis@/postgres?host={own}&port={PORT}")
    }

    pub(crate) fn settings(&self) -> PostgresSettings {
        self.address().parse().unwrap()
    }
}

impl Drop for Bouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
