//! What came back, and what kind of trouble it is.

use serde_json::Value;

use crate::error::Error;

/// An answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `Retry-After` in seconds ([`retry_after_s`] reads it).
    pub retry_after_s: Option<u64>,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Location`.
    pub location: Option<String>,
    /// The body, cut off by who read it.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The error that it tells of.
    #[must_use]
    pub fn error(&self) -> Error {
        Error::read(self.status, &self.body)
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It did not come in time.
    Timeout,
    /// There was no connection: why.
    Connection(String),
    /// It was larger than is read.
    TooLarge,
    /// The address may not be called (the guard against SSRF): why.
    Forbidden(String),
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// An answer came.
    Answered(Answer),
    /// None came; the request may have been carried out.
    Failed(Failure),
}

/// Trouble that is the same for every request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It passes by itself: try again.
    Passing {
        /// In words.
        words: String,
        /// What the receiver asked for.
        retry_after_s: Option<u64>,
        /// Whether all requests to the target should wait (429, 503 with `Retry-After`).
        whole_target: bool,
        /// Whether the target is broken rather than busy: counts for the breaker.
        broken: bool,
    },
    /// Somebody has to mend the connection; nothing is sent meanwhile.
    Connection(String),
}

impl Outcome {
    /// The answer, when it is about the request itself; trouble otherwise.
    ///
    /// # Errors
    /// Failures, 3xx, 401, 407, 408, 425, 429, 5xx (but 501), and 2xx with a web page.
    pub fn sorted(&self) -> Result<&Answer, Trouble> {
        let passing =
            |words: String| Trouble::Passing { words, retry_after_s: None, whole_target: false, broken: true };
        let answer = match self {
            Self::Answered(answer) => answer,
            Self::Failed(Failure::Timeout) => return Err(passing("no answer came in time".into())),
            Self::Failed(Failure::Connection(why)) => return Err(passing(format!("no connection: {why}"))),
            Self::Failed(Failure::TooLarge) => return Err(passing("the answer was larger than is read".into())),
            Self::Failed(Failure::Forbidden(why)) => {
                return Err(Trouble::Connection(format!("this address is not called: {why}")));
            }
        };
        let said = || format!("{}: {}", answer.status, answer.error().detail);
        match answer.status {
            200..=299 if is_page(&answer.body) => {
                Err(Trouble::Connection("the answer is a web page, not SCIM: check the Base URL".into()))
            }
            300..=399 => {
                let to = answer.location.as_deref().map(crate::error::shown).unwrap_or_default();
                Err(Trouble::Connection(format!(
                    "{} redirects to {to:?}, which is not followed: check the Base URL",
                    answer.status
                )))
            }
            401 | 407 => Err(Trouble::Connection(format!("the token was refused ({})", said()))),
            429 => Err(Trouble::Passing {
                words: "the receiver asks to slow down (429)".into(),
                retry_after_s: answer.retry_after_s,
                whole_target: true,
                broken: false,
            }),
            408 | 425 | 500 | 502..=599 => Err(Trouble::Passing {
                words: said(),
                retry_after_s: answer.retry_after_s,
                whole_target: answer.retry_after_s.is_some(),
                broken: true,
            }),
            _ => Ok(answer),
        }
    }
}

fn is_page(body: &[u8]) -> bool {
    let start = String::from_utf8_lossy(body.get(..body.len().min(200)).unwrap_or_default()).to_ascii_lowercase();
    let start = start.trim_start().trim_start_matches('\u{feff}');
    start.starts_with("<!doctype") || start.starts_with("<html")
}

/// The seconds that a `Retry-After` header asks for: a number, or an HTTP date against the time now in seconds since
/// 1970 (RFC 9110 section 10.2.3).
#[must_use]
pub fn retry_after_s(header: &str, now_s: i64) -> Option<u64> {
    let text = header.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(seconds);
    }
    if let Ok(seconds) = text.parse::<f64>() {
        // A fraction is not the standard's, but is sent.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to a day")]
        return seconds.is_finite().then(|| seconds.clamp(0.0, 86_400.0).ceil() as u64);
    }
    let at = time::OffsetDateTime::parse(&text.replace("GMT", "+0000"), &time::format_description::well_known::Rfc2822)
        .ok()?;
    Some(u64::try_from(at.unix_timestamp().saturating_sub(now_s)).unwrap_or(0))
}
