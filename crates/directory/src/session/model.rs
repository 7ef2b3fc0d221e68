//! A session. Pure.

use muster_base::{Id, Micros};
use serde::Serialize;
use utoipa::ToSchema;

/// Whose session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person's, in an organization.
    User,
    /// An administrator's, over all organizations they reach.
    Admin,
}

impl Kind {
    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

/// How the person showed who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AuthMethod)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// With Muster's password.
    Password,
    /// At an identity provider.
    Federated,
}

impl Method {
    /// The word in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Federated => "federated",
        }
    }

    /// The `amr` values it stands for (RFC 8176).
    #[must_use]
    pub const fn amr(self) -> &'static [&'static str] {
        match self {
            Self::Password => &["pwd"],
            Self::Federated => &["fed"],
        }
    }
}

/// How long a person's session lasts at most, in seconds, however much it is used.
pub const USER_SESSION_TTL_S: i64 = 30 * 86_400;
/// How long an administrator's session lasts at most, in seconds.
pub const ADMIN_SESSION_TTL_S: i64 = 12 * 3600;
/// After how long without use an administrator's session ends, in seconds.
pub const ADMIN_IDLE_S: i64 = 3600;
/// How exact "last seen" is, in seconds: a request writes it only when it is older than this.
pub const SEEN_EVERY_S: i64 = 60;

/// A session.
#[derive(Clone, Debug)]
pub struct Session {
    /// The organization; none for an administrator.
    pub org: Option<Id>,
    /// The id: the `sid` of tokens.
    pub id: Id,
    /// The browser.
    pub browser: Id,
    /// Who.
    pub principal: Id,
    /// How they showed it.
    pub method: Method,
    /// At which provider.
    pub idp: Option<Id>,
    /// When they showed it (`auth_time`).
    pub auth_at: Micros,
    /// When the session began.
    pub created_at: Micros,
    /// When it was last used, to the minute.
    pub last_seen_at: Micros,
    /// When it ends at the latest.
    pub expires_at: Micros,
    /// Where it began.
    pub client_ip: String,
    /// With what.
    pub user_agent: String,
}

impl Session {
    /// Whether it may be used; `idle_s` is how long it may rest.
    #[must_use]
    pub fn is_live(&self, now: Micros, idle_s: i64) -> bool {
        now < self.expires_at && now < self.last_seen_at.plus_s(idle_s.max(SEEN_EVERY_S))
    }
}
