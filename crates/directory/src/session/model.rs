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

/// What an identity provider said of a sign-in there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Upstream {
    /// The session there (`sid`), by which the provider ends it here.
    pub sid: Option<String>,
    /// The authentication class, where the provider's word on it is believed.
    pub acr: Option<String>,
    /// The authentication methods (RFC 8176), where the provider's word on them is believed.
    pub amr: Vec<String>,
    /// When the person signed in there, where the provider's word on it is believed: it may have been before they came here.
    /// The session keeps it as its own [`Session::auth_at`].
    pub auth_at: Option<Micros>,
}

/// The authentication class of a sign-in with Muster's password alone.
pub const ACR_PASSWORD: &str = "urn:muster:acr:password";
/// The authentication class of a sign-in at an identity provider whose own class is not known or not believed.
pub const ACR_FEDERATED: &str = "urn:muster:acr:federated";

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
    /// What that provider said of it, as far as it is believed.
    pub upstream: Upstream,
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
    /// Of an administrator who is a person: their own session, with which this one ends.
    pub under: Option<Id>,
}

impl Session {
    /// The authentication class (`acr`): what the provider said where it is believed, else one of ours.
    #[must_use]
    pub fn acr(&self) -> &str {
        match (&self.upstream.acr, self.method) {
            (Some(acr), _) => acr,
            (None, Method::Password) => ACR_PASSWORD,
            (None, Method::Federated) => ACR_FEDERATED,
        }
    }

    /// The authentication methods (`amr`): what happened here, and behind it what the provider said happened there.
    #[must_use]
    pub fn amr(&self) -> Vec<String> {
        let here = self.method.amr().iter().map(|method| (*method).to_owned());
        here.chain(self.upstream.amr.iter().cloned()).collect()
    }

    /// Whether it may be used; `idle_s` is how long it may rest.
    #[must_use]
    pub fn is_live(&self, now: Micros, idle_s: i64) -> bool {
        now < self.expires_at && now < self.last_seen_at.plus_s(idle_s.max(SEEN_EVERY_S))
    }
}
