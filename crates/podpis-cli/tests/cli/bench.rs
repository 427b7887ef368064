//! What the tests work with: a folder, a sandbox behind HTTP, and the program.
//!
//! **Invariant:** the program sees no variable of the surroundings but those that a test sets.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;
use std::time::Duration;

use podpis_sandbox::{Bind, RunningServer, Sandbox, WorldOptions};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// How long a program may run before the test gives it up.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, with empty stdin, in English, and with a journal that is not the user's.
pub(crate) fn podpis() -> assert_cmd::Command {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_podpis"));
    command.env_clear().envs(own_places());
    command.timeout(PATIENCE).write_stdin("");
    command
}

/// The program with pipes, for tests that do something while it runs.
pub(crate) fn podpis_with_pipes() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_podpis"));
    command.env_clear().envs(own_places());
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What programs of these tests remember. What another run left is not found: its operations may be open at a port that
/// somebody else has now.
static STATE: LazyLock<PathBuf> = LazyLock::new(|| {
    let name = format!("state-{}", std::process::id());
    let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&place);
    place
});

/// Where programs of these tests remember things, and that they have no settings and no key ring.
fn own_places() -> [(&'static str, PathBuf); 3] {
    let places = Path::new(env!("CARGO_TARGET_TMPDIR"));
    [
        ("XDG_STATE_HOME", STATE.clone()),
        ("XDG_CONFIG_HOME", places.join("no-settings")),
        ("PODPIS_KEY_RING", "off".into()),
    ]
}

/// The command that a line for people ends with, after `podpis `.
pub(crate) fn advised(stderr: &str, command: &str) -> Vec<String> {
    let start = format!("podpis ops {command} ");
    let line = stderr.lines().find(|line| line.contains(&start));
    let line = line.unwrap_or_else(|| panic!("{command} is not advised: {stderr}"));
    let advice = line.split(&start).nth(1).unwrap();
    let advice = advice.split(';').next().unwrap();
    let words = ["ops", command].into_iter().chain(advice.split(' '));
    words.map(str::to_owned).collect()
}

/// How a program ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Runs the program to its end.
    pub(crate) fn of(command: &mut assert_cmd::Command) -> Self {
        Self::from(command.output().unwrap())
    }

    /// The objects on stdout.
    pub(crate) fn objects(&self) -> Vec<Value> {
        self.stdout
            .lines()
            .map(|line| {
                let object: Value = serde_json::from_str(line).unwrap();
                assert_eq!(object["v"], 1, "{line}");
                object
            })
            .collect()
    }

    /// The one object on stdout.
    pub(crate) fn object(&self) -> Value {
        let mut objects = self.objects();
        assert_eq!(objects.len(), 1, "{self:?}");
        objects.remove(0)
    }

    /// Asserts the code and that the last line for people is one of ours with these words in it.
    pub(crate) fn expect(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{self:?}");
        let line = self
            .stderr
            .lines()
            .find(|line| line.starts_with("podpis: "))
            .unwrap_or_else(|| panic!("no line for people: {self:?}"));
        for word in words {
            assert!(line.contains(word), "{word}: {line}");
        }
        assert!(!self.stderr.contains("panicked"), "{self:?}");
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A folder with files.
#[derive(Debug)]
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn root(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file and gives its path.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Makes a file of so many bytes, which takes no room, and gives its path.
    pub(crate) fn file_of_size(&self, name: &str, bytes: u64) -> PathBuf {
        let path = self.file(name, "");
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_len(bytes).unwrap();
        path
    }

    /// The names in the folder itself.
    pub(crate) fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// A sandbox behind HTTP, for as long as this lives.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) sandbox: Sandbox,
    pub(crate) url: String,
    /// The journal of the programs that use it.
    pub(crate) journal: Folder,
    _server: RunningServer,
    _runtime: Runtime,
}

impl Service {
    /// One that takes no time to think.
    pub(crate) fn quick() -> Self {
        Self::start(WorldOptions::default())
    }

    pub(crate) fn start(options: WorldOptions) -> Self {
        let options = options.login_interval(Duration::ZERO);
        Self::thinking(options.processing(Duration::ZERO))
    }

    /// One that takes its time.
    pub(crate) fn thinking(options: WorldOptions) -> Self {
        let runtime = Runtime::new().unwrap();
        let server = Sandbox::start(options, Bind::loopback(0));
        let server = runtime.block_on(server).unwrap();
        Self {
            sandbox: server.sandbox().clone(),
            url: server.base_url().to_owned(),
            journal: Folder::new(),
            _server: server,
            _runtime: runtime,
        }
    }

    /// `podpis diadoc sign` by CloudSign with this service.
    pub(crate) fn sign(&self, files: &[&Path]) -> assert_cmd::Command {
        let mut command = self.diadoc("sign");
        command.args(["--method", "cloud"]).args(files);
        command
    }

    /// `podpis diadoc sign` by DssSign with this service.
    pub(crate) fn dss_sign(&self, files: &[&Path]) -> assert_cmd::Command {
        let mut command = self.diadoc("sign");
        command.args(files);
        command
    }

    /// `podpis diadoc …` with this service.
    pub(crate) fn diadoc(&self, command: &str) -> assert_cmd::Command {
        let mut podpis = self.podpis();
        podpis.args(["diadoc", command, "--base-url", &self.url]);
        podpis
    }

    /// The program with the journal of this service.
    pub(crate) fn podpis(&self) -> assert_cmd::Command {
        let mut command = podpis();
        command.env("PODPIS_JOURNAL", self.journal.root());
        command
    }

    /// The same, for tests that do something while it runs.
    pub(crate) fn podpis_with_pipes(&self) -> Command {
        let mut command = podpis_with_pipes();
        command.env("PODPIS_JOURNAL", self.journal.root());
        command
    }

    /// `podpis ops …`
    pub(crate) fn ops(&self, arguments: &[&str]) -> Ended {
        Ended::of(self.podpis().arg("ops").args(arguments))
    }

    /// What `podpis ops list --json` tells.
    pub(crate) fn listed(&self) -> Vec<Value> {
        let listed = self.ops(&["list", "--json"]);
        assert_eq!(listed.code, 0, "{listed:?}");
        listed.objects()
    }

    /// Starts a signing and leaves it when it waits for the code.
    pub(crate) fn left_at_the_code(&self, file: &Path) -> String {
        let ended = Ended::of(self.sign(&[file]).arg("--json"));
        assert_eq!(ended.code, 4, "{ended:?}");
        let operation = &ended.object()["error"]["operation"];
        operation.as_str().unwrap().to_owned()
    }

    /// How often an endpoint was called.
    pub(crate) fn calls(&self, endpoint: &str) -> usize {
        self.sandbox
            .requests()
            .iter()
            .filter(|request| request.endpoint.as_deref() == Some(endpoint))
            .count()
    }

    /// Signs with `input` on stdin, which is made when the SMS is there.
    pub(crate) fn sign_with_input(
        &self,
        arguments: &[&str],
        files: &[&Path],
        input: impl FnOnce(&str) -> Vec<u8>,
    ) -> Ended {
        let mut child = self
            .podpis_with_pipes()
            .args(["diadoc", "sign", "--method", "cloud"])
            .args(["--base-url", &self.url])
            .args(arguments)
            .args(files)
            .spawn()
            .unwrap();
        let code = until(|| self.sandbox.last_code());
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(&input(&code)).unwrap();
        drop(stdin);
        child.wait_with_output().unwrap().into()
    }
}

/// Looks again and again until there is something.
pub(crate) fn until<T>(mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..1_000 {
        if let Some(found) = look() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("it did not happen");
}

/// What OpenSSL says about a signature, without looking at whose certificate it is.
pub(crate) fn openssl_accepts(content: &Path, signature: &Path) -> bool {
    Command::new("openssl")
        .args(["cms", "-verify", "-binary", "-inform", "DER", "-noverify"])
        .args(["-out", "/dev/null", "-in"])
        .arg(signature)
        .arg("-content")
        .arg(content)
        .output()
        .unwrap()
        .status
        .success()
}
