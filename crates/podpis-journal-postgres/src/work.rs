//! Tells workers when to look for something to do.
//!
//! **Invariant:** what is told is a hint that may be missing or in vain: whoever waits looks again after a while, and the
//! database decides who gets what.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio_postgres::config::SslMode;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{AsyncMessage, Config, NoTls, Socket};

use crate::patience::Patience;
use crate::{PostgresSettings, tls};

/// Waits for work.
///
/// With a direct connection it hears of what other programs hand over. Where there is none, or it is lost, nothing is
/// heard, and waiting takes its time.
pub struct Work {
    told: Arc<Notify>,
    listening: Option<AbortHandle>,
}

impl Work {
    pub(crate) fn of(settings: &PostgresSettings, channel: &str) -> Self {
        let told = Arc::new(Notify::new());
        let listening = settings.direct.clone().map(|direct| {
            let listener = Listener {
                direct,
                settings: settings.clone(),
                listen: format!("LISTEN {channel}"),
                told: Arc::clone(&told),
            };
            tokio::spawn(listener.keep_listening()).abort_handle()
        });
        Self { told, listening }
    }

    /// Comes back when there may be something to do, after this long at the latest.
    pub async fn wait(&mut self, at_most: Duration) {
        // Whether it was told or its time is over makes no difference.
        let _ = tokio::time::timeout(at_most, self.told.notified()).await;
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.abort();
        }
    }
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Work")
            .field("listens", &self.listening.is_some())
            .finish()
    }
}

struct Listener {
    direct: Config,
    settings: PostgresSettings,
    listen: String,
    told: Arc<Notify>,
}

impl Listener {
    async fn keep_listening(self) {
        loop {
            let mut patience = Patience::of(Duration::MAX);
            let heard = match self.direct.get_ssl_mode() {
                SslMode::Disable => self.hear(NoTls).await,
                _ => match tls::connector(self.settings.roots.as_deref()) {
                    Ok(connector) => self.hear(connector).await,
                    Err(error) => return tracing::warn!(%error, "new work is not listened for"),
                },
            };
            if let Err(error) = heard {
                tracing::warn!(%error, "the connection that tells of new work is lost");
            }
            // Something may have been said meanwhile.
            self.told.notify_one();
            patience.rest().await;
        }
    }

    async fn hear<T>(&self, tls: T) -> Result<(), tokio_postgres::Error>
    where
        T: MakeTlsConnect<Socket>,
        T::Stream: Send + 'static,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let mut config = self.direct.clone();
        config.connect_timeout(self.settings.statement);
        config.keepalives_idle(Duration::from_secs(30));
        let (client, mut connection) = config.connect(tls).await?;
        let messages = async {
            loop {
                match poll_fn(|context| connection.poll_message(context)).await {
                    Some(Ok(AsyncMessage::Notification(_))) => self.told.notify_one(),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(error),
                    None => return Ok(()),
                }
            }
        };
        let listening = async {
            client.batch_execute(&self.listen).await?;
            // What was said before it listened.
            self.told.notify_one();
            // The client keeps the connection open.
            std::future::pending::<Result<(), tokio_postgres::Error>>().await
        };
        tokio::select! {
            ended = messages => ended,
            failed = listening => failed,
        }
    }
}
