//! Logins that outlive the program: one for all commands after it, in one place, renewed once.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::Duration;

use podpis_sandbox::{PhoneMode, WorldOptions};
use serde_json::Value;

use crate::bench::{Ended, Folder, Service, advised, podpis, podpis_with_pipes, until};

/// A person's home folder, and a sandbox to log in to.
struct Home {
    service: Service,
    folder: Folder,
}

impl Home {
    fn new() -> Self {
        let service = Service::start(WorldOptions::default());
        // Nobody has to do anything on the phone, and nothing is typed.
        service
            .sandbox
            .set_phone(PhoneMode::Confirm, Duration::ZERO);
        Self {
            service,
            folder: Folder::new(),
        }
    }

    fn variables(&self) -> [(&'static str, PathBuf); 3] {
        [
            ("HOME", self.folder.root().to_owned()),
            ("XDG_STATE_HOME", self.folder.path("state")),
            ("XDG_CONFIG_HOME", self.folder.path("settings")),
        ]
    }

    /// The program in this home, without any other variable.
    fn podpis(&self, arguments: &[&str]) -> assert_cmd::Command {
        let mut command = podpis();
        command.envs(self.variables()).args(arguments);
        command
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        Ended::of(&mut self.podpis(arguments))
    }

    /// The same, for tests that do something while it runs.
    fn running(&self, arguments: &[&str]) -> Child {
        let mut command = podpis_with_pipes();
        command.envs(self.variables()).args(arguments);
        command.spawn().unwrap()
    }

    fn log_in(&self, more: &[&str]) -> Ended {
        let arguments = [
            "login",
            "--sandbox",
            "--yes",
            "--base-url",
            &self.service.url,
        ];
        let ended = self.run(&[&arguments, more].concat());
        assert_eq!(ended.code, 0, "{ended:?}");
        ended
    }

    fn login_file(&self, name: &str) -> PathBuf {
        self.folder.path("state/podpis/logins").join(name)
    }

    fn kept(&self) -> Value {
        let bytes = fs::read(self.login_file("default.diadoc.json")).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    fn token_requests(&self) -> usize {
        let requests = self.service.sandbox.requests();
        let is_token = |path: &str| path.to_lowercase().contains("connect/token");
        requests.iter().filter(|one| is_token(&one.path)).count()
    }
}

/// All files below a folder.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn after_one_login_no_variable_is_needed() {
    let home = Home::new();
    let ended = home.log_in(&[]);
    assert!(ended.stderr.contains("logged in to diadoc"), "{ended:?}");
    let ended = home.run(&["whoami", "--json", "--service", "diadoc"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let who = ended.object();
    let organization = home.service.sandbox.world_info().diadoc.organization;
    assert_eq!(who["base_url"], *home.service.url, "{who}");
    assert_eq!(who["profile"], "default");
    assert_eq!(
        who["organizations"].as_array().unwrap().len(),
        1,
        "{who} {organization:?}"
    );
    let act = home.folder.file("act.xml", "<act/>");
    let before = home.token_requests();
    let ended = home.run(&["diadoc", "sign", "--yes", act.to_str().unwrap()]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(home.folder.path("act.xml.p7s").exists());
    assert_eq!(home.token_requests(), before, "the token was good");
    assert_eq!(
        home.service.calls("Authenticate"),
        0,
        "nobody logs in by password"
    );
    let doctor = home.run(&["doctor", "--json"]);
    assert_eq!(doctor.code, 0, "{doctor:?}");
}

#[test]
fn both_services_can_be_logged_in_to() {
    let home = Home::new();
    home.log_in(&[]);
    home.log_in(&["--service", "extern"]);
    let ended = home.run(&["whoami", "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let services: Vec<Value> = ended
        .objects()
        .iter()
        .map(|one| one["service"].clone())
        .collect();
    assert_eq!(services, ["diadoc", "extern"]);
    let ended = home.run(&[
        "extern",
        "sign-draft",
        "--yes",
        "--out",
        home.folder.root().to_str().unwrap(),
    ]);
    assert_eq!(ended.code, 0, "{ended:?}");
}

#[test]
fn a_browser_comes_back_with_the_code() {
    let home = Home::new();
    let url = home.service.url.clone();
    let browser = ["login", "--sandbox", "--base-url", &url, "--browser"];
    // Nobody answers for the person there.
    let with_yes = home.run(&[&browser[..], &["--yes"]].concat());
    assert!(
        with_yes.code == 2 && with_yes.stderr.contains("--yes"),
        "{with_yes:?}"
    );
    let mut child = home.running(&browser);
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let page = loop {
        let mut line = String::new();
        assert!(
            stderr.read_line(&mut line).unwrap() > 0,
            "no page was named"
        );
        if line.contains("/connect/authorize") {
            break line.trim().to_owned();
        }
    };
    let mut request = podpis::transport::HttpRequest::default();
    *request.uri_mut() = page.parse().unwrap();
    let answer = home.service.sandbox.handle(&request);
    let location = answer.headers()["location"].to_str().unwrap().to_owned();
    let (host, path) = location
        .strip_prefix("http://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let get = |target: &str| {
        let mut stream = TcpStream::connect(host).unwrap();
        let request = format!("GET /{target} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    };
    // Whoever else on this machine finds the port is sent away.
    assert!(get("?code=1&state=2").starts_with("HTTP/1.1 404"));
    assert!(get("favicon.ico").starts_with("HTTP/1.1 404"));
    assert!(get(path).starts_with("HTTP/1.1 200"));
    assert!(child.wait().unwrap().success());
    assert_eq!(home.run(&["whoami", "--service", "diadoc"]).code, 0);
}

#[test]
fn the_tokens_are_in_one_file_that_only_the_owner_reads() {
    let home = Home::new();
    let ended = home.log_in(&["--json", "-v"]);
    let act = home.folder.file("act.xml", "<act/>");
    let signed = home.run(&["diadoc", "sign", "--yes", "-v", act.to_str().unwrap()]);
    assert_eq!(signed.code, 0, "{signed:?}");
    let kept = home.kept();
    let secrets = ["access_token", "refresh_token", "api_key"].map(|name| {
        let secret = kept[name].as_str().unwrap().to_owned();
        assert!(secret.len() > 8, "{name}");
        secret
    });
    let own = home.login_file("default.diadoc.json");
    let mut all = Vec::new();
    files(home.folder.root(), &mut all);
    assert!(all.len() > 3, "{all:?}");
    for path in &all {
        let bytes = fs::read(path).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in &secrets {
            assert_eq!(text.contains(&**secret), *path == own, "{}", path.display());
        }
    }
    for secret in &secrets {
        for ended in [&ended, &signed] {
            assert!(!ended.stdout.contains(&**secret), "{ended:?}");
            assert!(!ended.stderr.contains(&**secret), "{ended:?}");
        }
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&own), 0o600);
        assert_eq!(mode(own.parent().unwrap()), 0o700);
        fs::set_permissions(&own, fs::Permissions::from_mode(0o644)).unwrap();
        home.run(&["whoami", "--service", "diadoc"])
            .expect(1, &["chmod 600"]);
    }
}

#[test]
fn two_programs_at_once_renew_once() {
    let home = Home::new();
    home.log_in(&[]);
    let before = home.kept();
    home.service.sandbox.revoke_tokens();
    let asked = home.token_requests();
    let programs: Vec<Child> = (0..4)
        .map(|_| home.running(&["whoami", "--service", "diadoc", "--json"]))
        .collect();
    for child in programs {
        let ended = Ended::from(child.wait_with_output().unwrap());
        assert_eq!(ended.code, 0, "{ended:?}");
    }
    assert_eq!(home.token_requests() - asked, 1);
    let after = home.kept();
    assert_ne!(before["access_token"], after["access_token"]);
    assert_ne!(before["refresh_token"], after["refresh_token"]);
}

#[test]
fn a_login_that_cannot_be_renewed_is_told_in_the_language_of_the_run() {
    let home = Home::new();
    home.log_in(&[]);
    let lock = home.login_file("default.diadoc.lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    for (language, words) in [
        ("en", "the login was not kept in"),
        ("ru", "не получилось: вход не удалось сохранить в"),
    ] {
        let ended = home.run(&["diadoc", "organizations", "--lang", language]);
        assert_eq!(ended.code, 1, "{ended:?}");
        assert!(ended.stderr.contains(words), "{ended:?}");
    }
}

#[test]
fn a_login_that_has_ended_says_how_to_log_in_again() {
    let home = Home::new();
    home.log_in(&["--profile", "work"]);
    home.service
        .sandbox
        .advance(Duration::from_secs(46 * 24 * 60 * 60));
    for (language, words) in [
        (
            "en",
            "log in again with: podpis login --service diadoc --profile work",
        ),
        (
            "ru",
            "войдите снова: podpis login --service diadoc --profile work",
        ),
    ] {
        let ended = home.run(&[
            "diadoc",
            "organizations",
            "--profile",
            "work",
            "--lang",
            language,
        ]);
        assert_eq!(ended.code, 1, "{ended:?}");
        assert!(ended.stderr.contains(words), "{ended:?}");
    }
    home.log_in(&["--profile", "work"]);
    assert_eq!(
        home.run(&["diadoc", "organizations", "--profile", "work"])
            .code,
        0
    );
}

#[test]
fn logout_removes_the_login() {
    let home = Home::new();
    home.log_in(&[]);
    assert!(home.login_file("default.diadoc.json").exists());
    let ended = home.run(&["logout", "--json"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let removed: Vec<Value> = ended
        .objects()
        .iter()
        .map(|one| one["removed"].clone())
        .collect();
    assert_eq!(removed, [true, false]);
    assert!(!home.login_file("default.diadoc.json").exists());
    let ended = home.run(&["logout", "--service", "diadoc"]);
    assert!(ended.stderr.contains("not logged in"), "{ended:?}");
}

#[test]
fn whoever_is_not_logged_in_is_told_so() {
    let home = Home::new();
    let ended = home.run(&["whoami"]);
    ended.expect(1, &["not logged in"]);
    assert!(ended.stderr.contains("podpis login"), "{ended:?}");
    let ended = home.run(&["login", "--sandbox", "--base-url", "http://127.0.0.1:1"]);
    ended.expect(1, &["no sandbox", "podpis sandbox"]);
    home.run(&["login", "--base-url", "https://diadoc.invalid"])
        .expect(2, &["DIADOC_CLIENT_ID", "DIADOC_API_KEY"]);
    home.run(&["login", "--base-url", "https://diadoc.invalid", "--yes"])
        .expect(2, &["--yes"]);
}

#[test]
fn a_person_who_declines_is_not_logged_in() {
    let home = Home::new();
    home.service
        .sandbox
        .set_phone(PhoneMode::Decline, Duration::ZERO);
    let ended = home.run(&["login", "--sandbox", "--base-url", &home.service.url]);
    ended.expect(1, &["declined"]);
    assert!(!home.login_file("default.diadoc.json").exists());
}

#[test]
fn a_push_that_waits_is_confirmed_elsewhere() {
    let home = Home::new();
    home.service
        .sandbox
        .set_phone(PhoneMode::Manual, Duration::ZERO);
    let child = home.running(&["login", "--sandbox", "--base-url", &home.service.url]);
    let push = until(|| home.service.sandbox.messages().pop());
    home.service.sandbox.confirm(&push.operation).unwrap();
    let ended = Ended::from(child.wait_with_output().unwrap());
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.stderr.contains("/phone"), "{ended:?}");
}

#[test]
fn a_login_goes_to_its_own_address_and_a_variable_wins() {
    let home = Home::new();
    home.log_in(&[]);
    let other = Service::quick();
    let url = other.url.clone();
    let ended = home.run(&["diadoc", "organizations", "--base-url", &url]);
    assert_eq!(
        ended.code, 0,
        "the other sandbox has its own login: {ended:?}"
    );
    assert_eq!(other.calls("Authenticate"), 1);
    let mut command = home.podpis(&["diadoc", "organizations"]);
    let ended = Ended::of(command.env("DIADOC_BASE_URL", &url));
    assert_eq!(ended.code, 0, "{ended:?}");
    assert_eq!(other.calls("Authenticate"), 2);
    let mut command = home.podpis(&["diadoc", "organizations"]);
    let ended = Ended::of(command.env("DIADOC_TOKEN", "wrong"));
    assert_eq!(ended.code, 1, "a token of a variable wins: {ended:?}");
}

#[test]
fn a_profile_that_was_in_a_sandbox_is_not_kept_there() {
    let home = Home::new();
    home.log_in(&["--service", "extern"]);
    let settings = home.folder.path("settings/podpis/podpis.toml");
    let text = fs::read_to_string(&settings).unwrap();
    let account = home.service.sandbox.world_info().extern_.account;
    assert!(text.contains(&format!("account = \"{account}\"")), "{text}");
    assert_eq!(text.matches(&*home.service.url).count(), 2, "{text}");
    let before = home.token_requests();
    home.run(&["login"]).expect(2, &["DIADOC_CLIENT_ID"]);
    assert_eq!(home.token_requests(), before);
    // With a variable it is meant so.
    let mut command = home.podpis(&["login"]);
    let ended = Ended::of(command.env("DIADOC_BASE_URL", &home.service.url));
    assert_eq!(ended.code, 0, "{ended:?}");
    // Another sandbox has other boxes and accounts.
    let text = fs::read_to_string(&settings).unwrap();
    let text = text.replace(
        "[profiles.default.diadoc]",
        "[profiles.default.diadoc]\nbox = \"gone\"",
    );
    fs::write(&settings, text).unwrap();
    let other = Service::quick();
    other.sandbox.set_phone(PhoneMode::Confirm, Duration::ZERO);
    let ended = home.run(&["login", "--sandbox", "--base-url", &other.url]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let text = fs::read_to_string(&settings).unwrap();
    assert!(!text.contains("gone"), "{text}");
    assert_eq!(text.matches(&*other.url).count(), 2, "{text}");
}

#[test]
fn profiles_have_logins_and_settings_of_their_own() {
    let home = Home::new();
    home.log_in(&["--profile", "one"]);
    let act = home.folder.file("act.xml", "<act/>");
    let act = act.to_str().unwrap();
    let cloud = [
        "diadoc",
        "sign",
        "--method",
        "cloud",
        "--profile",
        "one",
        act,
    ];
    let ended = home.run(&cloud);
    assert_eq!(ended.code, 4, "{ended:?}");
    let advised = advised(&ended.stderr, "resume");
    assert_eq!(
        advised[3..],
        ["--profile", "one"],
        "the command that goes on is complete"
    );
    let advised: Vec<&str> = advised.iter().map(|word| &**word).collect();
    let ended = home.run(&[&advised[..], &["--yes"]].concat());
    assert_eq!(ended.code, 0, "{ended:?}");
    let list = ["diadoc", "organizations", "--json"];
    let with = |variable: &str| Ended::of(home.podpis(&list).env("PODPIS_PROFILE", variable));
    assert_eq!(with("one").code, 0);
    with("two").expect(2, &["two", "podpis.toml"]);
    with("../one").expect(2, &["../one"]);
    let settings = home.folder.path("settings/podpis/podpis.toml");
    let text = fs::read_to_string(&settings).unwrap();
    assert!(text.contains("[profiles.one.diadoc]"), "{text}");
    fs::write(&settings, format!("profile = \"one\"\n{text}")).unwrap();
    assert_eq!(home.run(&list).code, 0);
    let other = home.service.sandbox.world_info().diadoc.other_box;
    let text = fs::read_to_string(&settings).unwrap();
    let text = text.replace(
        "[profiles.one.diadoc]",
        &format!("[profiles.one.diadoc]\nbox = \"{other}\""),
    );
    fs::write(&settings, &text).unwrap();
    assert_eq!(
        home.run(&["diadoc", "certificates"]).code,
        1,
        "the box of the profile"
    );
    let own = home.service.sandbox.world_info().diadoc.box_id;
    let mut command = home.podpis(&["diadoc", "certificates"]);
    assert_eq!(
        Ended::of(command.env("DIADOC_BOX", own)).code,
        0,
        "a variable wins"
    );
    // What is set for a service is not for the sandbox inside.
    assert_eq!(home.run(&["diadoc", "certificates", "--sandbox"]).code, 0);
    fs::write(&settings, format!("{text}\ntoken = 'hunter2'\n")).unwrap();
    let ended = home.run(&list);
    ended.expect(2, &["token", "secret"]);
    assert!(!ended.stderr.contains("hunter2"), "{ended:?}");
}
