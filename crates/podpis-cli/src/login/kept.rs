//! What is kept of a login.
//!
//! **Invariant:** it is whole: whoever reads it can renew it without asking anybody for the name of the program or its key.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use podpis::core::login::oidc::Tokens;
use podpis::secret::Token;
use serde::{Deserialize, Serialize};

/// The layout that this program writes.
const VERSION: u32 = 1;

/// A token that ends sooner than this is renewed before it is used.
const EARLY: Duration = Duration::from_secs(60);

/// A login.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    version: u32,
    /// The address of the service that it is for.
    pub(crate) base_url: String,
    /// Who gave it.
    pub(crate) identity_url: String,
    pub(crate) scope: String,
    pub(crate) client_id: String,
    pub(crate) api_key: String,
    pub(super) access_token: String,
    /// When the access token ends, in seconds since 1970; none where the service did not tell.
    expires: Option<u64>,
    refresh_token: Option<String>,
}

impl Kept {
    /// The login that gave these tokens now.
    pub(crate) fn of(
        tokens: &Tokens,
        for_: &super::Client,
        base_url: String,
        now: SystemTime,
    ) -> Self {
        let mut kept = Self {
            version: VERSION,
            base_url,
            identity_url: for_.identity.as_url().as_str().to_owned(),
            scope: for_.scope.to_owned(),
            client_id: for_.id.clone(),
            api_key: for_.key.clone(),
            access_token: String::new(),
            expires: None,
            refresh_token: None,
        };
        kept.take(tokens, now);
        kept
    }

    /// Goes on with other tokens; a refresh token stays good when there is no other.
    pub(super) fn take(&mut self, tokens: &Tokens, now: SystemTime) {
        self.access_token = tokens.access_token().expose().to_owned();
        self.expires = tokens
            .lifetime()
            .and_then(|lifetime| since_1970(now.checked_add(lifetime)?));
        if let Some(refresh) = tokens.refresh_token() {
            self.refresh_token = Some(refresh.expose().to_owned());
        }
    }

    /// Of what was kept, if this version understands it.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let kept: Self = serde_json::from_slice(bytes).ok()?;
        (kept.version == VERSION).then_some(kept)
    }

    /// To be kept.
    pub(super) fn written(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }

    pub(crate) fn refresh_token(&self) -> Option<Token> {
        self.refresh_token.as_deref().map(Token::new)
    }

    /// How long the access token can still be used; none when it cannot.
    pub(super) fn life(&self, now: SystemTime) -> Option<Life> {
        let Some(expires) = self.expires else {
            return Some(Life::Unknown);
        };
        let left = expires.checked_sub(since_1970(now)?)?;
        let left = Duration::from_secs(left);
        (left > EARLY).then_some(Life::Left(left))
    }
}

/// How long an access token lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    Left(Duration),
    Unknown,
}

fn since_1970(moment: SystemTime) -> Option<u64> {
    let since = moment.duration_since(UNIX_EPOCH).ok()?;
    Some(since.as_secs())
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept")
            .field("base_url", &self.base_url)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(expires: Option<u64>) -> Kept {
        Kept {
            version: VERSION,
            base_url: "https://x".to_owned(),
            identity_url: "https://y".to_owned(),
            scope: "s".to_owned(),
            client_id: "c".to_owned(),
            api_key: "hush-1".to_owned(),
            access_token: "hush-2".to_owned(),
            expires,
            refresh_token: Some("hush-3".to_owned()),
        }
    }

    #[test]
    fn a_token_that_ends_soon_is_as_good_as_ended() {
        let now = UNIX_EPOCH + Duration::from_secs(1_000);
        assert_eq!(kept(None).life(now), Some(Life::Unknown));
        let left = Life::Left(Duration::from_secs(61));
        assert_eq!(kept(Some(1_061)).life(now), Some(left));
        for ended in [1_060, 1_000, 999, 0] {
            assert_eq!(kept(Some(ended)).life(now), None, "{ended}");
        }
    }

    #[test]
    fn what_is_kept_is_read_and_not_shown() {
        let kept = kept(Some(7));
        let bytes = kept.written().unwrap();
        assert_eq!(Kept::read(&bytes), Some(kept.clone()));
        assert!(!format!("{kept:?}").contains("hush"));
        let newer = String::from_utf8(bytes)
            .unwrap()
            .replace("\"version\":1", "\"version\":2");
        assert_eq!(Kept::read(newer.as_bytes()), None);
        assert_eq!(Kept::read(b"{}"), None);
    }
}
