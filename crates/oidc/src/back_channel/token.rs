//! The logout token (OpenID Connect Back-Channel Logout 1.0 section 2.4). Pure.

use muster_base::{Id, Micros};
use serde_json::{Map, Value, json};

/// The declared type, by which it is taken neither for an ID token nor for anything else.
pub const LOGOUT_TOKEN_TYPE: &str = "logout+jwt";
/// The event that it tells (section 2.4).
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// How long it is valid, in seconds: it is made anew for each attempt.
const TTL_S: i64 = 120;

/// What a logout token is about.
pub struct About<'a> {
    /// The issuer.
    pub issuer: &'a str,
    /// The application.
    pub audience: Id,
    /// The person, by the application's own name for them.
    pub subject: &'a str,
    /// The session.
    pub session: Id,
    /// Makes it one of a kind.
    pub jti: Id,
    /// Now.
    pub now: Micros,
}

/// The claims. There is never a `nonce`, so that it cannot pass for an ID token where types are not looked at.
#[must_use]
pub fn claims(about: &About<'_>) -> Map<String, Value> {
    let mut claims = Map::new();
    let mut say = |name: &str, value: Value| {
        claims.insert(name.to_owned(), value);
    };
    say("iss", about.issuer.into());
    say("sub", about.subject.into());
    say("aud", json!(about.audience));
    say("iat", about.now.seconds().into());
    say("exp", about.now.plus_s(TTL_S).seconds().into());
    say("jti", json!(about.jti));
    say("sid", json!(about.session));
    say("events", json!({EVENT: {}}));
    claims
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_the_specification_asks_and_no_nonce() {
        let id: Id = "0123456789abcdef01234567".parse().unwrap();
        let issuer = "https://id.example/o/acme";
        let about = About { issuer, audience: id, subject: "s", session: id, jti: id, now: Micros(1_000_000) };
        let claims = claims(&about);
        let mut names: Vec<&str> = claims.keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"]);
        assert_eq!(claims["events"], json!({"http://schemas.openid.net/event/backchannel-logout": {}}));
        assert_eq!((claims["iat"].clone(), claims["exp"].clone()), (json!(1), json!(121)));
    }
}
