//! A device's request, and what it is told when it asks. Pure.

use muster_base::{Digest, Id, Micros};
use muster_directory::session::Method;
use muster_oauth::Scope;

/// How long the codes live, in seconds: to find the page, sign in and type.
pub const TTL_S: i64 = 900;
/// How long a device waits between two questions, in seconds (RFC 8628 section 3.2).
pub const INTERVAL_S: i64 = 5;
/// By how much it waits longer each time it asked too soon, in seconds (section 3.5).
pub const SLOWER_BY_S: i64 = 5;

/// What the person said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing yet.
    Pending,
    /// Yes.
    Allowed(Allowed),
    /// No.
    Denied,
}

/// Who said yes, and in which session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// The person.
    pub user: Id,
    /// Their session.
    pub session: Id,
    /// How they had signed in.
    pub method: Method,
    /// When they had.
    pub auth_at: Micros,
}

/// A device's request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The organization.
    pub org: Id,
    /// SHA-256 of the device code.
    pub device_code: Digest,
    /// What the person types, without its dash.
    pub user_code: String,
    /// The application.
    pub app: Id,
    /// What it asks for.
    pub scope: Scope,
    /// When it came.
    pub created_at: Micros,
    /// When the codes end.
    pub expires_at: Micros,
    /// How long the device has to wait between two questions, in seconds.
    pub interval_s: i64,
    /// When it asked last.
    pub asked_at: Option<Micros>,
    /// What the person said.
    pub state: State,
}

/// What a device is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Its tokens.
    Tokens(Allowed),
    /// Ask again.
    Pending,
    /// It asked too soon: it waits longer from now on.
    TooSoon,
    /// The codes have ended.
    Expired,
    /// The person said no.
    Denied,
}

impl Request {
    /// What a device that asks now is told (section 3.5). One that asks too soon learns nothing else.
    #[must_use]
    pub fn answer(&self, now: Micros) -> Answer {
        if now >= self.expires_at {
            return Answer::Expired;
        }
        if self.asked_at.is_some_and(|at| now < at.plus_s(self.interval_s)) {
            return Answer::TooSoon;
        }
        match &self.state {
            State::Pending => Answer::Pending,
            State::Allowed(allowed) => Answer::Tokens(allowed.clone()),
            State::Denied => Answer::Denied,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc8628_3_5_what_a_device_is_told() {
        let id: Id = format!("{:024x}", 1).parse().unwrap();
        let allowed = Allowed { user: id, session: id, method: Method::Password, auth_at: Micros(0) };
        let request = |state, asked_s: Option<i64>| Request {
            org: id,
            device_code: [0; 32],
            user_code: "WDJBMJHT".into(),
            app: id,
            scope: Scope::default(),
            created_at: Micros(0),
            expires_at: Micros(0).plus_s(100),
            interval_s: 5,
            asked_at: asked_s.map(|s| Micros(0).plus_s(s)),
            state,
        };
        let at = |s| Micros(0).plus_s(s);
        assert_eq!(request(State::Pending, None).answer(at(1)), Answer::Pending);
        assert_eq!(request(State::Pending, Some(1)).answer(at(5)), Answer::TooSoon);
        assert_eq!(request(State::Pending, Some(1)).answer(at(6)), Answer::Pending);
        assert_eq!(request(State::Allowed(allowed.clone()), Some(1)).answer(at(5)), Answer::TooSoon);
        assert_eq!(request(State::Allowed(allowed.clone()), Some(1)).answer(at(6)), Answer::Tokens(allowed.clone()));
        assert_eq!(request(State::Denied, None).answer(at(1)), Answer::Denied);
        assert_eq!(request(State::Allowed(allowed), None).answer(at(100)), Answer::Expired);
    }
}
