//! A grant: what one sign-in gave to one application. It begins with a code. Pure.

use muster_base::{Digest, Id, Micros};
use muster_directory::session::Method;
use muster_oauth::authorize::ClaimsRequest;
use muster_oauth::{Scope, pkce};
use serde::{Deserialize, Serialize};

/// How long a code may be redeemed, in seconds (RFC 6749 section 4.1.2 allows ten minutes; a browser needs none of it).
pub const CODE_TTL_S: i64 = 60;
/// How long a code that was not redeemed is remembered after it expired, in seconds, so that the error can say so.
pub const CODE_MEMORY_S: i64 = 600;
/// The scope that asks for a refresh token (OpenID Connect Core section 11).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// What the request asked of the tokens, beyond the scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Claims that were asked for one by one.
    #[serde(default, skip_serializing_if = "ClaimsRequest::is_empty")]
    pub claims: ClaimsRequest,
    /// What access tokens are for (RFC 8707); none: this provider itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource: Vec<String>,
}

/// A grant.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The organization.
    pub org: Id,
    /// The id.
    pub id: Id,
    /// The application.
    pub app: Id,
    /// The person.
    pub user: Id,
    /// The session in which it was given: the `sid` of its tokens.
    pub session: Id,
    /// SHA-256 of the code.
    pub code: Digest,
    /// Until when the code may be redeemed.
    pub code_expires_at: Micros,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// The PKCE challenge, always `S256`.
    pub code_challenge: Option<String>,
    /// The key with which the code has to be redeemed (RFC 9449 section 10): its thumbprint.
    pub dpop_jkt: Option<String>,
    /// The key to which a public client's refresh tokens are bound (RFC 9449 section 5).
    pub refresh_jkt: Option<String>,
    /// The request's `nonce`.
    pub nonce: Option<String>,
    /// What was granted.
    pub scope: Scope,
    /// What was asked for beyond it.
    pub terms: Terms,
    /// How the person had signed in.
    pub method: Method,
    /// When they had (`auth_time`).
    pub auth_at: Micros,
    /// When it was given.
    pub created_at: Micros,
    /// When the code was redeemed.
    pub redeemed_at: Option<Micros>,
    /// When it was revoked: nothing of it is worth anything since.
    pub revoked_at: Option<Micros>,
    /// When the last token of it has ended.
    pub expires_at: Micros,
}

/// What the client shows with a code.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The application that authenticated.
    pub app: Id,
    /// The return address it names.
    pub redirect_uri: String,
    /// The PKCE verifier.
    pub code_verifier: Option<String>,
    /// The key whose possession it proved.
    pub jkt: Option<String>,
}

/// Why a code is refused, and whether that ends the grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// For the developer.
    pub reason: &'static str,
    /// The code or token was seen by someone who should not have it: everything given from it ends.
    pub revoke: bool,
}

impl Refused {
    /// Refused; the grant stays as it is.
    #[must_use]
    pub const fn quietly(reason: &'static str) -> Self {
        Self { reason, revoke: false }
    }

    const fn and_revoked(reason: &'static str) -> Self {
        Self { reason, revoke: true }
    }
}

/// The same words for a code that never was and for another client's, which learns nothing.
pub const UNKNOWN_CODE: Refused = Refused::quietly("the code is unknown or was issued to another client");

impl Grant {
    /// Whether it outlives its session (by refresh tokens).
    #[must_use]
    pub fn is_offline(&self) -> bool {
        self.scope.contains(OFFLINE_ACCESS)
    }

    /// Whether the code may be redeemed (RFC 6749 sections 4.1.3 and 10.5, RFC 7636 section 4.6, RFC 9700 section 2.1.1).
    ///
    /// Another client's attempt changes nothing: who only saw a code in passing must not be able to void it. The
    /// right client's second attempt, wrong address or wrong verifier means that the code leaked or was injected.
    ///
    /// # Errors
    /// The reason.
    pub fn check_code(&self, presented: &Presented, now: Micros) -> Result<(), Refused> {
        if presented.app != self.app {
            return Err(UNKNOWN_CODE);
        }
        if self.redeemed_at.is_some() {
            return Err(Refused::and_revoked("the code was used before: everything granted from it is revoked"));
        }
        if self.revoked_at.is_some() {
            return Err(Refused::quietly("the code was revoked"));
        }
        if now >= self.code_expires_at {
            return Err(Refused::quietly("the code has expired: it may be redeemed for 60 seconds"));
        }
        if presented.redirect_uri != self.redirect_uri {
            return Err(Refused::and_revoked("redirect_uri differs from the one in the authorization request"));
        }
        if self.dpop_jkt.is_some() && self.dpop_jkt != presented.jkt {
            return Err(Refused::and_revoked(
                "the code was asked for with dpop_jkt: prove that key in the header DPoP",
            ));
        }
        match (&self.code_challenge, &presented.code_verifier) {
            (None, None) => Ok(()),
            (Some(challenge), Some(verifier)) if pkce::verify(challenge, verifier) => Ok(()),
            (Some(_), Some(_)) => Err(Refused::and_revoked("code_verifier does not belong to the code_challenge")),
            (Some(_), None) => Err(Refused::and_revoked("code_verifier is missing: the code was asked for with PKCE")),
            (None, Some(_)) => {
                Err(Refused::and_revoked("code_verifier was sent, but the code was asked for without PKCE"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    fn id(n: u8) -> Id {
        format!("{n:024x}").parse().unwrap()
    }

    fn grant(challenge: Option<&str>) -> Grant {
        Grant {
            org: id(1),
            id: id(2),
            app: id(3),
            user: id(4),
            session: id(5),
            code: [0; 32],
            code_expires_at: Micros(100),
            redirect_uri: "https://app.example/cb".into(),
            code_challenge: challenge.map(str::to_owned),
            dpop_jkt: None,
            refresh_jkt: None,
            nonce: None,
            scope: Scope::parse("openid").unwrap(),
            terms: Terms::default(),
            method: Method::Password,
            auth_at: Micros(0),
            created_at: Micros(0),
            redeemed_at: None,
            revoked_at: None,
            expires_at: Micros(1000),
        }
    }

    fn presented(verifier: Option<&str>) -> Presented {
        let redirect_uri = "https://app.example/cb".into();
        Presented { app: id(3), redirect_uri, code_verifier: verifier.map(str::to_owned), jkt: None }
    }

    #[test]
    fn pkce_can_be_neither_left_out_nor_added() {
        let challenge = pkce::challenge(VERIFIER);
        let other = "A".repeat(43);
        for (with, shown, good) in [
            (None, None, true),
            (Some(challenge.as_str()), Some(VERIFIER), true),
            (Some(challenge.as_str()), Some(other.as_str()), false),
            (Some(challenge.as_str()), None, false),
            (None, Some(VERIFIER), false),
        ] {
            let answer = grant(with).check_code(&presented(shown), Micros(1));
            assert_eq!(answer.is_ok(), good, "{with:?} {shown:?}");
            assert!(answer.err().is_none_or(|refused| refused.revoke));
        }
    }

    #[test]
    fn a_code_that_was_asked_for_with_a_key_needs_that_key() {
        let bound = Grant { dpop_jkt: Some("key".into()), ..grant(None) };
        for (jkt, good) in [(Some("key"), true), (Some("other"), false), (None, false)] {
            let shown = Presented { jkt: jkt.map(str::to_owned), ..presented(None) };
            assert_eq!(bound.check_code(&shown, Micros(1)).is_ok(), good, "{jkt:?}");
            // Without that wish any key will do.
            assert!(grant(None).check_code(&shown, Micros(1)).is_ok());
        }
    }

    #[test]
    fn only_the_right_client_can_end_a_grant() {
        let mut used = grant(None);
        used.redeemed_at = Some(Micros(1));
        assert!(used.check_code(&presented(None), Micros(2)).unwrap_err().revoke);
        let stranger = Presented { app: id(9), ..presented(None) };
        assert_eq!(used.check_code(&stranger, Micros(2)), Err(UNKNOWN_CODE));
    }

    #[test]
    fn a_code_expires_and_goes_to_one_address() {
        assert!(grant(None).check_code(&presented(None), Micros(99)).is_ok());
        assert!(grant(None).check_code(&presented(None), Micros(100)).is_err());
        let elsewhere = Presented { redirect_uri: "https://app.example/cb/".into(), ..presented(None) };
        assert!(grant(None).check_code(&elsewhere, Micros(1)).unwrap_err().revoke);
    }
}
