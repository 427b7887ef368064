//! An operation of three steps: a call of its own, an operation of another kind about another file, and again a call.

use podpis_operation::Fingerprint;
use serde::{Deserialize, Serialize};

use super::*;
use crate::wait::{Part, Sequence, Step};

#[derive(Debug)]
struct Whole;

#[derive(Clone, Debug, Serialize, Deserialize)]
enum At {
    Making,
    Inside(String),
    Telling,
    Told,
}

impl OperationKind for Whole {
    const KIND: Kind = Kind::new("test.whole");
    type Client = Script;
    type Record = At;
    type Request = ();
    type Output = ();

    fn output(_: &Script, _: Current<'_, At>) -> Result<(), Error> {
        Ok(())
    }
}

#[async_trait::async_trait]
impl Sequence for Whole {
    async fn begin(client: &Script, at: Current<'_, At>, (): ()) -> Result<Learned<At>, Error> {
        client.ask("begin").await?;
        let data = at.record().clone();
        Ok(Event::Accepted { data }.into())
    }

    fn step<'o>(at: Current<'o, At>) -> Option<Box<dyn Step<Self> + 'o>> {
        let At::Inside(inner) = at.record() else {
            return None;
        };
        let part = Part::<Self, Steps>::new(at, inner, |_, inner| At::Inside(inner));
        Some(Box::new(part.about(vec![Fingerprint::named("inside")])))
    }

    async fn objection(client: &Script, at: Current<'_, At>) -> Option<Event<At>> {
        match (client.objects, at.record()) {
            (true, At::Telling) => Some(Event::Refused {
                refusal: Refusal::Other,
                message: Some("not under these".to_owned()),
            }),
            _ => None,
        }
    }

    async fn send(client: &Script, at: Current<'_, At>) -> Result<Learned<At>, Error> {
        client.ask("own").await?;
        Ok(match at.record() {
            At::Making => Event::NextStep {
                data: At::Inside("inner".to_owned()),
            },
            _ => Event::Finished { data: At::Told },
        }
        .into())
    }

    async fn after(client: &Script, at: Current<'_, At>) -> Result<Event<At>, Error> {
        match at.record() {
            At::Inside(_) => {
                client.ask("look up").await?;
                Ok(Event::NextStep { data: At::Telling })
            }
            At::Told => Ok(Event::Finished { data: At::Told }),
            _ => Err(at.unreadable("its step has no end")),
        }
    }

    fn refused(_: Current<'_, At>, refusal: Refusal, message: Option<String>) -> Event<At> {
        let message = message.map(|text| format!("inside: {text}"));
        Event::Refused { refusal, message }
    }

    fn refusal(error: &Error) -> Option<(Refusal, Option<String>)> {
        (error.kind() == ErrorKind::InvalidInput).then(|| (Refusal::Other, Some(error.to_string())))
    }
}

async fn driven(script: &Script) -> Result<(), Error> {
    let now = Timestamp::from_millis(0);
    let operation = Operation::prepare(Whole::KIND, script.origin(), now);
    let started = Run::<Whole>::start(script.clone(), &script.journal, operation, At::Making, ());
    started
        .await?
        .wait(&mut NoPrompt, Deadline::minutes(5))
        .await
}

/// What a call of the whole itself gives is made from the record.
fn done() -> Answer {
    Ok(Learned::still_running(None))
}

#[tokio::test]
async fn each_step_is_stored_before_it_is_sent_and_its_end_decides_what_follows() {
    let script = Script::of([
        done(),
        done(),
        accepted("one"),
        finished("end"),
        done(),
        done(),
    ]);
    driven(&script).await.unwrap();
    assert_eq!(
        script.asked(),
        [
            "begin while starting \"Making\"",
            "own while starting \"Making\"",
            "step while starting {\"Inside\":\"inner\"}",
            "poll while processing {\"Inside\":\"one\"}",
            "look up while processing {\"Inside\":\"one\"}",
            "own while starting \"Telling\"",
        ]
    );
}

#[tokio::test]
async fn what_cannot_be_looked_up_after_a_step_is_looked_up_by_the_next_poll() {
    let script = Script::of([
        done(),
        done(),
        accepted("one"),
        finished("end"),
        failed(ErrorKind::NoAnswer, Effect::NotApplied),
        finished("end"),
        done(),
        done(),
    ]);
    driven(&script).await.unwrap();
    let polls = script.asked().into_iter();
    assert_eq!(polls.filter(|call| call.starts_with("poll")).count(), 2);
}

async fn calls(answers: impl IntoIterator<Item = Answer>) -> Vec<String> {
    let script = Script::of(answers);
    driven(&script).await.unwrap();
    let calls = script.asked().into_iter();
    calls
        .filter_map(|call| Some(call.split(" while").next()?.to_owned()))
        .collect()
}

#[tokio::test]
async fn a_lost_step_is_found_out_by_its_own_kind_and_a_lost_call_is_made_again() {
    let lost = || failed(ErrorKind::NoAnswer, Effect::Unknown);
    let rest = || [accepted("one"), finished("end"), done(), done()];
    let call_lost = [done(), lost(), done()].into_iter().chain(rest());
    assert_eq!(
        calls(call_lost).await,
        ["begin", "own", "own", "step", "poll", "look up", "own"]
    );
    let step_lost = [done(), done(), lost()].into_iter().chain(rest());
    assert_eq!(
        calls(step_lost).await,
        [
            "begin",
            "own",
            "step",
            "reconcile",
            "poll",
            "look up",
            "own"
        ]
    );
}

#[tokio::test]
async fn a_refusal_of_a_step_is_one_of_the_whole() {
    let script = Script::of([
        done(),
        done(),
        failed(ErrorKind::InvalidInput, Effect::NotApplied),
    ]);
    let error = driven(&script).await.unwrap_err();
    assert_eq!(error.refusal(), Some(&Refusal::Other));
    assert!(error.to_string().contains("inside: it failed"), "{error}");
}

#[tokio::test]
async fn what_may_not_be_sent_ends_the_whole_before_it_leaves() {
    let mut script = Script::of([done(), done(), accepted("one"), finished("end"), done()]);
    script.objects = true;
    let error = driven(&script).await.unwrap_err();
    assert!(error.to_string().contains("not under these"), "{error}");
    let own = script
        .asked()
        .into_iter()
        .filter(|call| call.starts_with("own"));
    assert_eq!(own.count(), 1, "the last call was not made");
}
