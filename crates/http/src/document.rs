//! Documents of others that are fetched by address and read again and again (key sets): through the guard, kept for as
//! long as their owner says within bounds, fetched anew when something in them is missing, and never more often than a
//! stranger's request could make us. Never here: what stands in them.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use bytes::Bytes;
use muster_base::Micros;

use crate::egress::EgressError;
use crate::site::Site;

/// How long a document is kept at least and at most, and when its owner does not say, in seconds.
const KEPT_MIN_S: i64 = 60;
const KEPT_MAX_S: i64 = 3600;
const KEPT_S: i64 = 300;
/// How soon after a fetch it may be fetched anew, whatever happens, in seconds.
pub const AGAIN_S: i64 = 10;
/// How long what was fetched last serves while its address does not answer, in seconds.
const STALE_MAX_S: i64 = 86_400;
/// The most documents that are kept; beyond it all begin anew.
const DOCUMENTS_MAX: usize = 1000;

/// The documents that are kept.
#[derive(Default)]
pub struct Documents(RwLock<HashMap<String, Kept>>);

#[derive(Clone)]
struct Kept {
    outcome: Result<Bytes, String>,
    /// When the document itself was fetched.
    fetched_at: Micros,
    /// When its address was asked last.
    asked_at: Micros,
    until: Micros,
}

/// Whether the one kept will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// As long as its time has not run out.
    Kept,
    /// Something was missing in it: a newer one, if there may be one.
    Newer,
}

/// The document at an address.
///
/// # Errors
/// Why it could not be fetched, in words for a developer.
pub async fn fetch(site: &Site, address: &str, wanted: Wanted) -> Result<Bytes, String> {
    let now = site.directory().env().clock.now();
    let documents = &site.documents().0;
    let kept = documents.read().unwrap_or_else(PoisonError::into_inner).get(address).cloned();
    if let Some(kept) = &kept {
        let just_asked = now < kept.asked_at.plus_s(AGAIN_S);
        if just_asked || (wanted == Wanted::Kept && now < kept.until) {
            return kept.outcome.clone();
        }
    }
    let (outcome, max_age_s) = match site.egress().get(address, None).await {
        Ok(answer) if answer.status == 200 => (Ok(answer.body), answer.max_age_s),
        Ok(answer) => (Err(format!("its address answered with status {}", answer.status)), None),
        Err(error) => (Err(reason(&error)), None),
    };
    let kept = match (outcome, kept) {
        (Err(_), Some(old)) if old.outcome.is_ok() && now < old.fetched_at.plus_s(STALE_MAX_S) => {
            Kept { asked_at: now, until: now.plus_s(AGAIN_S), ..old }
        }
        (outcome, _) => {
            let life_s =
                if outcome.is_ok() { max_age_s.unwrap_or(KEPT_S).clamp(KEPT_MIN_S, KEPT_MAX_S) } else { AGAIN_S };
            Kept { outcome, fetched_at: now, asked_at: now, until: now.plus_s(life_s) }
        }
    };
    let outcome = kept.outcome.clone();
    let mut documents = documents.write().unwrap_or_else(PoisonError::into_inner);
    if documents.len() >= DOCUMENTS_MAX {
        documents.clear();
    }
    documents.insert(address.to_owned(), kept);
    outcome
}

/// What a client is told: not what is behind the guard.
fn reason(error: &EgressError) -> String {
    match error {
        EgressError::Unreachable(host, _) => format!("{host} cannot be reached"),
        other => other.to_string(),
    }
}
