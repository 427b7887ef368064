//! `podpis sandbox`.
//!
//! **Invariant:** it is reached from this machine only.

use std::net::TcpListener;

use crate::bench::{Ended, podpis};

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
