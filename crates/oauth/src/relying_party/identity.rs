//! What an accepted ID token says about the person. Never here: whom it belongs to.

use serde_json::{Map, Value};

/// The longest text claim that is taken over, in bytes; a longer one counts as absent (it stays in `raw`).
const MAX_TEXT_BYTES: usize = 1024;
/// The most authentication methods that are taken over.
const MAX_AMR: usize = 32;

/// What the provider says about the e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmailVerified {
    /// The boolean `true`.
    True,
    /// `false`, the text "false", or anything that is no statement at all.
    False,
    /// Nothing, or the text "true": a provider that cannot write a boolean is not believed, nor held against.
    Absent,
}

impl EmailVerified {
    /// Reads the claim. Doubt never becomes [`EmailVerified::True`].
    #[must_use]
    pub fn read(claim: Option<&Value>) -> Self {
        match claim {
            Some(Value::Bool(true)) => Self::True,
            None | Some(Value::Null) => Self::Absent,
            Some(Value::String(text)) if text.eq_ignore_ascii_case("true") => Self::Absent,
            Some(_) => Self::False,
        }
    }
}

/// The identity in an ID token that passed every check.
#[derive(Clone, Debug, PartialEq)]
pub struct IdentityClaims {
    /// The issuer exactly as the token names it.
    pub issuer: String,
    /// The person's lasting name at that issuer; see [`super::SubjectRule`].
    pub subject: String,
    /// The address, whatever its standing.
    pub email: Option<String>,
    /// What the provider says about the address.
    pub email_verified: EmailVerified,
    /// Full name.
    pub name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// How the person likes to be called; never unique.
    pub preferred_username: Option<String>,
    /// Google: the Workspace domain.
    pub hd: Option<String>,
    /// Entra: the tenant.
    pub tid: Option<String>,
    /// How the person signed in (RFC 8176).
    pub amr: Vec<String>,
    /// The authentication class.
    pub acr: Option<String>,
    /// When the person signed in, in seconds since 1970.
    pub auth_time_s: Option<i64>,
    /// All claims.
    pub raw: Map<String, Value>,
}

impl IdentityClaims {
    /// Takes the claims over. Texts that are empty, too long or no text count as absent.
    pub(super) fn take(claims: &Map<String, Value>, issuer: String, subject: String, auth_time_s: Option<i64>) -> Self {
        let text = |name: &str| text(claims, name).map(str::to_owned);
        let amr = claims.get("amr").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        Self {
            issuer,
            subject,
            email: text("email"),
            email_verified: EmailVerified::read(claims.get("email_verified")),
            name: text("name"),
            given_name: text("given_name"),
            family_name: text("family_name"),
            preferred_username: text("preferred_username"),
            hd: text("hd"),
            tid: text("tid"),
            amr: amr.iter().filter_map(Value::as_str).take(MAX_AMR).map(str::to_owned).collect(),
            acr: text("acr"),
            auth_time_s,
            raw: claims.clone(),
        }
    }
}

/// What the ID token alone says: the userinfo answer is neither signed nor bound to this sign-in.
const OF_THE_TOKEN: [&str; 17] = [
    "iss",
    "sub",
    "aud",
    "azp",
    "exp",
    "nbf",
    "iat",
    "jti",
    "nonce",
    "at_hash",
    "c_hash",
    "auth_time",
    "acr",
    "amr",
    "sid",
    "tid",
    "oid",
];

/// The userinfo answer is about somebody else, or about nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the userinfo answer is not about the person of the ID token (sub)")]
pub struct UserinfoError;

impl IdentityClaims {
    /// These claims with what the userinfo endpoint says besides (OpenID Connect Core 5.3.2): many providers tell the
    /// claims of a scope there only (5.4). What the ID token says stays; the e-mail and its standing come from one place.
    ///
    /// # Errors
    /// When the answer has another `sub`: it may be somebody else's (token substitution).
    pub fn with_userinfo(self, answer: &Map<String, Value>) -> Result<Self, UserinfoError> {
        if answer.get("sub").and_then(Value::as_str).is_none() || answer.get("sub") != self.raw.get("sub") {
            return Err(UserinfoError);
        }
        let mut all = self.raw;
        let has_email = all.contains_key("email");
        if !has_email {
            all.remove("email_verified");
        }
        for (name, value) in answer {
            let settled = OF_THE_TOKEN.contains(&name.as_str()) || (has_email && name == "email_verified");
            if !settled && !all.contains_key(name) {
                all.insert(name.clone(), value.clone());
            }
        }
        Ok(Self::take(&all, self.issuer, self.subject, self.auth_time_s))
    }
}

/// A text claim that is neither empty nor too long, without U+0000.
pub(super) fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    let fits = |text: &&str| !text.is_empty() && text.len() <= MAX_TEXT_BYTES && !text.contains('\0');
    claims.get(name).and_then(Value::as_str).filter(fits)
}
