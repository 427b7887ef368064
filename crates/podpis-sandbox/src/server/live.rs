//! Decides how an open page of the phone gets its news: as server-sent events, for as long as it is there.
//!
//! **Invariant:** an event is sent when there is news and not before; a page that reads slowly gets fewer events and
//! misses none of what they tell, and no page keeps the server from stopping.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use futures_util::future::{Either, select};
use futures_util::stream;
use http::Method;
use http::request::Parts;

use super::patience::Patience;
use super::slow::Stopped;
use crate::control::EVENTS;
use crate::phone::Told;
use crate::sandbox::Sandbox;

/// How often a world that nobody touches is looked at: messages come and grow too old with time alone.
const LOOK: Duration = Duration::from_secs(1);
/// So many looks without news make a comment, by which a connection that is gone is found out.
const QUIET_LOOKS: u32 = 15;

pub(super) fn is_asked_for(head: &Parts) -> bool {
    let path = head.uri.path().trim_end_matches('/');
    head.method == Method::GET && path.eq_ignore_ascii_case(EVENTS)
}

/// All events from now on.
pub(super) fn events(sandbox: Sandbox, stopped: Stopped, patience: Patience) -> Body {
    let page = Page {
        touched: sandbox.touched(),
        told: Told::default(),
        sandbox,
        stopped,
        patience,
    };
    let events = stream::unfold(page, |mut page| async move {
        let event = page.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from(event)), page))
    });
    Body::from_stream(events)
}

struct Page {
    sandbox: Sandbox,
    touched: tokio::sync::watch::Receiver<()>,
    told: Told,
    stopped: Stopped,
    patience: Patience,
}

impl Page {
    /// None when the server stops.
    async fn next(&mut self) -> Option<String> {
        for _ in 0..QUIET_LOOKS {
            // What happens from here on is another touch, so that nothing falls between two looks.
            self.touched.mark_unchanged();
            if let Some(event) = self.sandbox.news(&mut self.told) {
                return Some(event);
            }
            let touched = std::pin::pin!(self.touched.changed());
            let woken = select(touched, self.patience.pause(LOOK));
            if let Either::Left(_) = select(self.stopped.clone(), woken).await {
                return None;
            }
        }
        Some(": nothing new\n\n".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::{Duration, SystemTime};

    use futures_util::{FutureExt as _, StreamExt as _};
    use tokio::sync::watch;

    use super::{LOOK, Patience, QUIET_LOOKS, events};
    use crate::{PhoneMode, Sandbox, WorldOptions};

    #[tokio::test]
    async fn what_comes_with_time_alone_is_seen_by_looking() {
        let seconds = Arc::new(AtomicU64::new(1_700_000_000));
        let clock = seconds.clone();
        let now =
            move || SystemTime::UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::SeqCst));
        let late = Duration::from_secs(20);
        let options = WorldOptions::default().phone(PhoneMode::Manual, late);
        let sandbox = Sandbox::with_time(options, now);
        let login =
            "client_id=podpis-sandbox-extern&client_secret=e7e2d0c5-0000-4c5e-9a57-0d1ad0c00001";
        let request = http::Request::post("/connect/deviceauthorization").body(login.into());
        assert_eq!(sandbox.handle(&request.unwrap()).status(), 200);

        // Each wait is over at once, and a second has passed by it.
        let passing = seconds.clone();
        let patience = Patience::with(move |time| {
            assert_eq!(time, LOOK);
            passing.fetch_add(1, Ordering::SeqCst);
            Box::pin(std::future::ready(()))
        });
        let (stop, stopped) = watch::channel(false);
        let stopped = async move { stopped.clone().wait_for(|stop| *stop).await.is_ok() };
        let mut events = events(sandbox, stopped.boxed().shared(), patience).into_data_stream();
        let mut next = async || {
            let event = events.next().await.map(|event| event.unwrap());
            event.map(|event| String::from_utf8(event.to_vec()).unwrap())
        };
        assert!(next().await.unwrap().contains(r#""messages":[]"#));
        let quiet = next().await.unwrap();
        assert!(quiet.starts_with(": "), "a comment: {quiet}");
        let began = u64::from(QUIET_LOOKS);
        assert_eq!(seconds.load(Ordering::SeqCst), 1_700_000_000 + began);
        assert!(next().await.unwrap().contains(r#""state":"waiting""#));
        assert_eq!(seconds.load(Ordering::SeqCst), 1_700_000_020);
        stop.send(true).unwrap();
        assert_eq!(next().await, None);
    }
}
