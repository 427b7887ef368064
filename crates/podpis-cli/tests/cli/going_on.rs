//! What the person is told when an operation is gone on with and stays open.
//!
//! **Invariant:** the last words are the command that goes on, and it works when it is copied; where several operations go on
//! together, every line about one of them names it.

use podpis_sandbox::Fault;

use crate::bench::{Ended, Folder, Service, advised};

#[test]
fn what_is_known_to_be_gone_is_told_until_the_service_says_otherwise() {
    let (service, folder) = (Service::quick(), Folder::new());
    let file = folder.file("act", "x");
    let begun = Ended::of(service.dss_sign(&[&file]).args(["--no-wait", "--json"]));
    let id = begun.object()["operation"].as_str().unwrap().to_owned();
    assert_eq!(service.listed()[0]["gone"], false);
    let gone = Fault::on("DssSignResult").status(404);
    service.sandbox.inject(gone);
    service
        .ops(&["resume", &id])
        .expect(4, &["does not know", &id]);
    service.sandbox.clear_faults();

    let listed = &service.listed()[0];
    assert_eq!(
        (&listed["gone"], &listed["next"]),
        (&true.into(), &"look".into())
    );
    let list = service.ops(&["list"]);
    assert!(list.stdout.contains("unknown to the service"), "{list:?}");
    let shown = service.ops(&["show", &id]);
    assert!(shown.stdout.contains("unknown to the service"), "{shown:?}");
    assert!(!shown.stdout.contains("ops resume"), "{shown:?}");
    let again = Ended::of(service.sign(&[&file]).arg("--json"));
    again.expect(4, &[&id]);
    assert!(!again.stderr.contains("ops resume"), "{again:?}");
    for told in [&shown.stdout, &again.stderr] {
        let advice = advised(told, "start-over");
        assert_eq!(advice, ["ops", "start-over", id.as_str()]);
    }

    // Whoever asks again may find that it is known.
    let asked = service.ops(&["resume", &id, "--timeout", "0"]);
    assert_eq!(asked.code, 4, "{asked:?}");
    assert_eq!(service.listed()[0]["gone"], false);
    service
        .ops(&["start-over", &id])
        .expect(2, &["asks the person twice"]);
}
