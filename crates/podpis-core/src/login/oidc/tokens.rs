//! What a login gave.
//!
//! **Invariant:** an access token that is here fits into a header, and its lifetime is on the monotonic clock.
//! How the service spells the lifetime never makes a login fail.

use std::time::Duration;

use http::HeaderValue;
use http::header::AUTHORIZATION;
use oauth2::basic::BasicTokenType;
use oauth2::{AccessToken, RefreshToken, Scope, TokenResponse};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::login::LoginToken;
use crate::secret::Token;

/// Longer lifetimes are cut to this, so that sums of times stay in range.
const LONGEST_LIFE: u64 = 10 * 365 * 24 * 60 * 60;

/// The tokens of one login.
#[derive(Clone, Debug)]
pub struct Tokens {
    access: Token,
    header: HeaderValue,
    refresh: Option<Token>,
    lifetime: Option<Duration>,
    /// When they were asked for, on the provider's monotonic clock.
    asked: Duration,
}

impl Tokens {
    /// None when the access token cannot be sent.
    pub(super) fn read(answer: &TokenAnswer, asked: Duration) -> Option<Self> {
        let access = answer.access_token.secret();
        if answer.token_type != BasicTokenType::Bearer
            || access.is_empty()
            || access.contains(char::is_whitespace)
        {
            return None;
        }
        let mut header = HeaderValue::try_from(format!("Bearer {access}")).ok()?;
        header.set_sensitive(true);
        let refresh = answer.refresh_token.as_ref().map(RefreshToken::secret);
        Some(Self {
            access: Token::new(access.as_str()),
            header,
            refresh: refresh
                .filter(|text| !text.is_empty())
                .map(|text| Token::new(text.as_str())),
            lifetime: answer.expires_in(),
            asked,
        })
    }

    /// What calls are authorized with.
    #[must_use]
    pub fn access_token(&self) -> &Token {
        &self.access
    }

    /// What the next access token is got with; none where the service gives none. Store it like a password.
    #[must_use]
    pub fn refresh_token(&self) -> Option<&Token> {
        self.refresh.as_ref()
    }

    /// How long the access token lives from the login on, where that is known.
    #[must_use]
    pub fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }

    /// With the refresh token that stays good when the service gave no other.
    pub(super) fn or_refresh(mut self, kept: &Token) -> Self {
        self.refresh.get_or_insert_with(|| kept.clone());
        self
    }

    /// As a header of calls, with what is left of its life; none when nothing is left.
    pub(super) fn login(&self, now: Duration) -> Option<LoginToken> {
        let left = match self.lifetime {
            Some(lifetime) => Some(
                lifetime
                    .checked_sub(now.saturating_sub(self.asked))
                    .filter(|left| !left.is_zero())?,
            ),
            None => None,
        };
        Some(self.login_as_fetched(left))
    }

    /// As a header of calls, right after it was got.
    pub(super) fn fresh_login(&self) -> LoginToken {
        self.login_as_fetched(self.lifetime)
    }

    fn login_as_fetched(&self, lifetime: Option<Duration>) -> LoginToken {
        LoginToken::new(AUTHORIZATION, self.header.clone(), lifetime)
    }
}

/// The token endpoint's answer, read leniently.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct TokenAnswer {
    access_token: AccessToken,
    #[serde(default = "bearer", deserialize_with = "token_type")]
    token_type: BasicTokenType,
    #[serde(default)]
    refresh_token: Option<RefreshToken>,
    #[serde(default)]
    expires_in: Value,
    /// The device login's page has this spelling.
    #[serde(default)]
    expires: Value,
    #[serde(default)]
    id_token: Option<AccessToken>,
}

impl TokenAnswer {
    /// Who logged in, as a signed token.
    pub(super) fn id_token(&self) -> Option<&str> {
        self.id_token.as_ref().map(|token| token.secret().as_str())
    }
}

impl TokenResponse for TokenAnswer {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        seconds(&self.expires_in).or_else(|| seconds(&self.expires))
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

fn seconds(value: &Value) -> Option<Duration> {
    let seconds = match value {
        Value::Number(number) => number.as_u64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    Some(Duration::from_secs(seconds.min(LONGEST_LIFE)))
}

fn bearer() -> BasicTokenType {
    BasicTokenType::Bearer
}

fn token_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BasicTokenType, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(match text {
        Some(text) if !text.eq_ignore_ascii_case("bearer") => BasicTokenType::Extension(text),
        _ => BasicTokenType::Bearer,
    })
}
