//! Every row of `cases.tsv`: what a validator that is right says.

use podpis_cms::{Digests, Expectation, Outcome, Signature};
use podpis_trust::{Given, Moment};

use crate::files::{certificates, file, judged, lists, time, words};

/// Are values of GOST R 34.10 verified by what the crate stands on?
fn verifies_gost() -> bool {
    let signature = Signature::parse(&file("gost256/ok.p7s")).unwrap();
    let signer = &signature.signers()[0];
    let certificate = signer.certificate().unwrap();
    let content = Digests::of(&file("content.txt"));
    let outcome = signer.verify(certificate, &content, &Expectation::new());
    outcome.unwrap() == Outcome::Valid
}

/// Where values of GOST R 34.10 are not verified, that is what must be said.
fn without_gost(right: &str) -> String {
    let mut parts = right.split("; ");
    let first = match parts.next() {
        Some("refused: content-differs") => "refused: content-differs",
        _ => "unproven: algorithm",
    };
    let rest = parts.map(|part| match part {
        "stamp refused: stamp-differs" => part,
        "signing certificate not named" => "",
        _ => "stamp unproven: algorithm",
    });
    let all = std::iter::once(first).chain(rest);
    all.filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

#[test]
fn every_row_gets_the_right_answer() {
    let table = String::from_utf8(file("cases.tsv")).unwrap();
    let has_gost = verifies_gost();
    assert_eq!(has_gost, cfg!(feature = "gost"));
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in table.lines() {
        let columns: Vec<&str> = row.split('\t').collect();
        let [
            family,
            case,
            signature,
            content,
            roots,
            others,
            revoked,
            at,
            right,
            ..,
        ] = columns[..]
        else {
            panic!("{row}");
        };
        let names = |list: &str| -> Vec<String> {
            let names = list.split(',').filter(|name| *name != "-");
            names.map(|name| format!("{family}/{name}")).collect()
        };
        let given = Given::new()
            .roots(certificates(&names(roots)))
            .certificates(certificates(&names(others)))
            .lists(lists(&names(revoked)));
        let right = if family.starts_with("gost") && !has_gost {
            without_gost(right)
        } else {
            right.to_owned()
        };
        let signature = file(&format!("{family}/{signature}"));
        for at in [Moment::now(time(at)), Moment::asked(time(at))] {
            let said = words(&judged(&file(content), &signature, &given, at));
            if said != right {
                wrong.push(format!("{family} {case}: {said}, not {right}"));
            }
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(count, 117);
}
