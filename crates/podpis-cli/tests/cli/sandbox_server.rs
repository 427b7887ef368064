//! `podpis sandbox`.
//!
//! **Invariant:** it is reached from this machine only.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;

use serde_json::Value;

use crate::bench::{Ended, podpis, podpis_with_pipes};

#[test]
fn addresses_that_others_reach_are_refused() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        let ended = Ended::of(podpis().args(["sandbox", "--json", "--listen", address]));
        ended.expect(2, &["other machines", address]);
        assert_eq!(ended.object()["error"]["kind"], "invalid_input");
    }
    Ended::of(podpis().args(["sandbox", "--listen", "8787"])).expect(2, &["8787"]);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    Ended::of(podpis().args(["sandbox", "--listen", &address])).expect(1, &[&address]);
}

#[test]
fn what_it_prints_is_all_that_another_program_needs() {
    let mut server = podpis_with_pipes()
        .args(["sandbox", "--json", "--listen", "127.0.0.1:0"])
        .args(["--profile", "2018-09-18"])
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(server.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    let told: Value = serde_json::from_str(&line).unwrap();
    let mut command = podpis();
    for (name, value) in told["environment"].as_object().unwrap() {
        command.env(name, value.as_str().unwrap());
    }
    let ended = Ended::of(command.args(["extern", "certificates", "--json"]));
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(!ended.objects().is_empty());

    let mut command = podpis();
    let ended = Ended::of(command.args(["sandbox", "--profile", "2019", "--json"]));
    assert_eq!(ended.code, 2, "{ended:?}");
}
