//! Answering in Extern what a docflow asks for.

use std::time::Duration;

use podpis::cms::Expectation;
use podpis::extern_api::model::{DocflowId, DocflowStatus, Recipient};
use podpis::extern_api::{AnswerDocument, AnswerStep, LocalFile, SendReply};
use podpis::{
    Begin, Deadline, ErrorChain, ErrorKind, Journal, MemoryJournal, NoPrompt, Prompt, Refusal,
};
use podpis_sandbox::{Fault, PhoneMode, Profile, WorldOptions};

use crate::stage::{SKINS, Stage};
use crate::stage_extern::{place, reply, report_document};

const TEN_MINUTES: Deadline = Deadline::minutes(10);
const IP: &str = "8.8.8.8";

fn confirming() -> WorldOptions {
    WorldOptions::default().phone(PhoneMode::Confirm, Duration::ZERO)
}

/// Answers everything that the docflow asks for, and gives what was answered with.
async fn answer_all(stage: &Stage, docflow: &DocflowId, kind: &str) -> Vec<String> {
    let (client, account) = (stage.extern_api(), stage.account());
    let certificate = stage.certificate_of(kind);
    let mut answered = Vec::new();
    loop {
        let asked = client
            .account(&account)
            .replies_asked_for(docflow)
            .await
            .unwrap();
        let Some(one) = asked.into_iter().next() else {
            return answered;
        };
        let mut answering =
            client
                .account(&account)
                .answer(&one.place, &*one.reply_type, certificate.clone(), IP);
        if one.is_package {
            answering = answering.contents([LocalFile::bytes("part.xml", "<Ответ/>")]);
        }
        let answer = answering.run(&mut stage.person(), TEN_MINUTES).await;
        let answer = answer.unwrap_or_else(|error| panic!("{}", ErrorChain(&error)));
        for signed in answer.signatures.all().unwrap() {
            assert!(signed.checks().digest().is_passed());
        }
        assert_eq!(answer.place, one.place);
        answered.push(answer.reply_type);
    }
}

#[tokio::test]
async fn every_reply_of_the_seeded_docflows_by_phone_and_by_sms() {
    for skin in SKINS {
        for kind in ["dss", "sms"] {
            let stage = Stage::set(skin, confirming()).await;
            let seeded = stage.extern_info().replies;
            for (info, expected) in [
                (&seeded.fns_receipt, "fns534-report-receipt"),
                (
                    &seeded.fns_demand,
                    "fns534-demand-acceptance-result-positive",
                ),
                (&seeded.rosstat_receipt, "stat-cu-letter-receipt"),
                (&seeded.pfr, "pfr-report-protocol-reply"),
            ] {
                let docflow = DocflowId::new(&*info.place.docflow);
                let answered = answer_all(&stage, &docflow, kind).await;
                assert_eq!(answered, [expected], "{skin:?} {kind}");
            }
            assert_eq!(stage.sandbox.counters().replies_sent, 4);
        }
    }
}

#[tokio::test]
async fn a_report_is_answered_until_its_docflow_is_finished() {
    let stage = Stage::in_process(confirming()).await;
    let (client, account) = (stage.extern_api(), stage.account());
    let sent = stage
        .report(&client, "dss")
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap();
    // It is not indexed yet.
    let error = client.account(&account).docflow(&sent.docflow_id).await;
    assert_eq!(error.unwrap_err().service().unwrap().status, 404);
    client
        .account(&account)
        .docflow_when_indexed(&sent.docflow_id, Deadline::seconds(60))
        .await
        .unwrap();
    let mut answered = Vec::new();
    for _ in 0..10 {
        stage.time.advance(Duration::from_secs(10));
        answered.extend(answer_all(&stage, &sent.docflow_id, "dss").await);
        let docflow = client
            .account(&account)
            .docflow(&sent.docflow_id)
            .await
            .unwrap();
        if docflow.status == Some(DocflowStatus::Finished) {
            assert_eq!(answered, ["fns534-report-receipt"; 2]);
            return;
        }
    }
    panic!("the docflow did not finish; answered: {answered:?}");
}

#[tokio::test]
async fn a_receipt_that_is_signed_at_once_asks_nobody() {
    for (profile, force) in [(Profile::Seed, true), (Profile::Text2018, false)] {
        let stage = Stage::in_process(confirming().profile(profile)).await;
        let info = stage.extern_info().replies.fns_receipt;
        let answering = stage
            .extern_api()
            .account(&stage.account())
            .answer(
                &place(&info.place),
                &*info.document_type,
                stage.certificate_of("dss"),
                IP,
            )
            .force_confirmation(force);
        answering.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
        let counters = stage.sandbox.counters();
        assert_eq!((counters.pushes_sent, counters.sms_sent), (0, 0));
        assert_eq!(counters.replies_sent, 1);
    }
}

#[tokio::test]
async fn a_document_of_an_inventory() {
    let stage = Stage::in_process(confirming()).await;
    let info = stage.extern_info().replies.inventory_receipt;
    let answering = stage.extern_api().account(&stage.account()).answer(
        &place(&info.place),
        &*info.document_type,
        stage.certificate_of("sms"),
        IP,
    );
    let answer = answering.run(&mut stage.person(), TEN_MINUTES).await;
    assert_eq!(answer.unwrap().place, place(&info.place));
}

#[tokio::test]
async fn a_demand_is_declined_with_codes() {
    let stage = Stage::in_process(confirming()).await;
    let info = stage.extern_info().replies.fns_demand;
    let decline = |codes: &'static [&'static str]| {
        stage
            .extern_api()
            .account(&stage.account())
            .answer(
                &place(&info.place),
                "urn:document:fns534-demand-acceptance-result-negative",
                stage.certificate_of("dss"),
                IP,
            )
            .decline_codes(codes.iter().copied())
    };
    let answer = decline(&["0400200003"])
        .run(&mut NoPrompt, TEN_MINUTES)
        .await
        .unwrap();
    assert_eq!(
        answer.reply_type,
        "fns534-demand-acceptance-result-negative"
    );
    // It is answered now: nothing is asked for any more.
    let error = decline(&[]).run(&mut NoPrompt, TEN_MINUTES).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidInput);
    assert_eq!(stage.sandbox.counters().replies_sent, 1);
}

#[tokio::test]
async fn what_is_not_asked_for_is_told_with_what_is() {
    let stage = Stage::in_process(confirming()).await;
    let info = stage.extern_info().replies.fns_demand;
    let answering = stage.extern_api().account(&stage.account()).answer(
        &place(&info.place),
        "fns534-report-receipt",
        stage.certificate_of("dss"),
        IP,
    );
    let error = answering.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    let text = error.to_string();
    assert!(text.contains("asks for no fns534-report-receipt"), "{text}");
    assert!(text.contains("acceptance-result-positive or"), "{text}");
    assert_eq!(stage.calls("GenerateReply"), 0);
}

#[tokio::test]
async fn contents_and_reasons_are_given_where_they_belong() {
    let stage = Stage::in_process(confirming()).await;
    let replies = stage.extern_info().replies;
    let answer = |info: &podpis_sandbox::ExternReplyInfo| {
        stage.extern_api().account(&stage.account()).answer(
            &place(&info.place),
            &*info.document_type,
            stage.certificate_of("dss"),
            IP,
        )
    };
    let content = || LocalFile::bytes("part.xml", "<x/>");
    for (answering, kind, words) in [
        (
            answer(&replies.fns_demand).contents([content()]),
            ErrorKind::InvalidInput,
            "only packages take contents",
        ),
        (
            answer(&replies.pfr).decline_codes(["0100300001"]),
            ErrorKind::InvalidInput,
            "takes no decline codes",
        ),
        (
            answer(&replies.pfr).contents([content(), content()]),
            ErrorKind::Refused,
            "2 contents were given for the 3 documents",
        ),
    ] {
        let error = answering.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
        assert_eq!(error.kind(), kind);
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(stage.calls("GenerateReply"), 0);
    assert_eq!(stage.sandbox.counters().operations_started, 0);
}

#[tokio::test]
async fn what_is_no_ip_address_is_named_before_anything_is_asked() {
    let stage = Stage::in_process(confirming()).await;
    let info = stage.extern_info().replies.fns_demand;
    let (client, account) = (stage.extern_api(), stage.account());
    let (place, id) = (place(&info.place), reply(&info.dss));
    let certificate = stage.certificate_of("dss");
    let answering = client
        .account(&account)
        .answer(&place, IP, certificate, &*info.document_type);
    let answered = answering.run(&mut NoPrompt, TEN_MINUTES).await.map(drop);
    let sent = client
        .account(&account)
        .send_reply(&place, &id, "localhost");
    for failed in [
        answered,
        sent.run(&mut NoPrompt, TEN_MINUTES).await.map(drop),
    ] {
        let error = failed.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().starts_with("sender_ip: `"), "{error}");
    }
    assert_eq!(stage.calls("Document"), 0);
}

#[tokio::test]
async fn a_package_without_contents_is_refused_before_anybody_is_asked() {
    let stage = Stage::in_process(confirming()).await;
    let info = stage.extern_info().replies.pfr;
    let answering = stage.extern_api().account(&stage.account()).answer(
        &place(&info.place),
        &*info.document_type,
        stage.certificate_of("dss"),
        IP,
    );
    let error = answering.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::Other));
    assert!(
        error.to_string().contains("3 of the 3 documents"),
        "{error}"
    );
    assert_eq!(stage.sandbox.counters().operations_started, 0);
}

#[tokio::test]
async fn no_answer_on_the_way_sends_no_second_reply() {
    for endpoint in ["GenerateReply", "ReplySend"] {
        for after in [false, true] {
            let stage = Stage::in_process(confirming()).await;
            let fault = Fault::on(endpoint).call(1);
            stage.inject(if after {
                fault.drop_after()
            } else {
                fault.drop_before()
            });
            let info = stage.extern_info().replies.fns_demand;
            let answering = stage.extern_api().account(&stage.account()).answer(
                &place(&info.place),
                &*info.document_type,
                stage.certificate_of("dss"),
                IP,
            );
            let answer = answering.run(&mut NoPrompt, TEN_MINUTES).await.unwrap();
            assert_eq!(
                answer.docflow.is_none(),
                after && endpoint == "ReplySend",
                "{endpoint} {after}"
            );
            let counters = stage.sandbox.counters();
            assert_eq!((counters.replies_sent, counters.pushes_sent), (1, 1));
        }
    }
}

#[tokio::test]
async fn killed_while_the_phone_is_asked_and_gone_on_elsewhere() {
    let stage =
        Stage::in_process(WorldOptions::default().phone(PhoneMode::Manual, Duration::ZERO)).await;
    let info = stage.extern_info().replies.fns_demand;
    let journal = MemoryJournal::new();
    let client = stage.extern_api();
    let mut run = client
        .account(&stage.account())
        .answer(
            &place(&info.place),
            &*info.document_type,
            stage.certificate_of("dss"),
            IP,
        )
        .start(&journal)
        .await
        .unwrap();
    assert_eq!(AnswerStep::of(run.operation()), Some(AnswerStep::Sign));
    run.wait(&mut NoPrompt, Deadline::seconds(30))
        .await
        .unwrap_err();
    let id = run.operation().id().clone();
    drop(run);
    let message = stage.sandbox.messages().pop().unwrap();
    stage.sandbox.confirm(&message.operation).unwrap();
    let claim = journal.claim(&id).await.unwrap();
    let mut run = stage.extern_api().resume::<AnswerDocument>(claim).unwrap();
    let answer = run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap();
    assert_eq!(AnswerStep::of(run.operation()), Some(AnswerStep::Sent));
    assert_eq!(stage.sandbox.counters().replies_sent, 1);
    // One's own signature is found in the docflow afterwards, by the bytes of the reply.
    let sent = client
        .account(&stage.account())
        .reply(&answer.place, &answer.reply)
        .await
        .unwrap();
    let bytes = sent.content.unwrap().decode().unwrap();
    answer.signatures.all().unwrap()[0]
        .with_file(&bytes, &Expectation::new())
        .unwrap();
}

#[tokio::test]
async fn a_reply_that_was_signed_before_is_sent_once() {
    for package in [false, true] {
        for lost in [None, Some(false), Some(true)] {
            let stage = Stage::in_process(confirming()).await;
            let (client, account) = (stage.extern_api(), stage.account());
            let replies = stage.extern_info().replies;
            let (info, endpoint) = if package {
                (replies.pfr, "PfrReplySend")
            } else {
                (replies.fns_demand, "ReplySend")
            };
            let (place, id) = (place(&info.place), reply(&info.dss));
            let unsigned = client.account(&account).send_reply(&place, &id, IP);
            let unsigned = if package {
                client.account(&account).send_pfr_reply(&place, &id, IP)
            } else {
                unsigned
            };
            let error = unsigned.run(&mut NoPrompt, TEN_MINUTES).await.unwrap_err();
            assert_eq!(error.refusal(), Some(&Refusal::NotSigned), "{error}");
            let mut person: Box<dyn Prompt> = Box::new(stage.person());
            if package {
                let signing = client.account(&account).sign_pfr_reply(&place, &id);
                signing.run(&mut *person, TEN_MINUTES).await.unwrap();
            } else {
                let signing = client.account(&account).sign_reply(&place, &id);
                signing.run(&mut *person, TEN_MINUTES).await.unwrap();
            }
            match lost {
                Some(true) => drop(stage.inject(Fault::on(endpoint).call(1).drop_after())),
                Some(false) => drop(stage.inject(Fault::on(endpoint).call(1).drop_before())),
                None => {}
            }
            let sending = if package {
                client.account(&account).send_pfr_reply(&place, &id, IP)
            } else {
                client.account(&account).send_reply(&place, &id, IP)
            };
            let journal = MemoryJournal::new();
            let sent = match sending.start(&journal).await {
                Ok(run) => run.output().unwrap(),
                Err(error) => {
                    assert!(error.may_have_been_applied(), "{error}");
                    let id = error.operation().unwrap().id().clone();
                    let claim = journal.claim(&id).await.unwrap();
                    let mut run = client.resume::<SendReply>(claim).unwrap();
                    run.wait(&mut NoPrompt, TEN_MINUTES).await.unwrap()
                }
            };
            assert_eq!(sent.reply, id);
            assert_eq!(sent.docflow.is_none(), lost == Some(true));
            assert_eq!(
                stage.sandbox.counters().replies_sent,
                1,
                "{package} {lost:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_report_for_the_pension_fund_and_its_package() {
    let stage = Stage::in_process(confirming()).await;
    let (client, account) = (stage.extern_api(), stage.account());
    let meta = stage.meta("sms", Recipient::sfr("101"));
    let sent = client
        .account(&account)
        .send_report(meta, [report_document("a.xml")])
        .run(&mut stage.person(), TEN_MINUTES)
        .await
        .unwrap();
    stage.time.advance(Duration::from_secs(60));
    let answered = answer_all(&stage, &sent.docflow_id, "sms").await;
    assert_eq!(answered, ["pfr-report-protocol-reply"]);
    assert_eq!(stage.sandbox.counters().sms_sent, 2);
}
