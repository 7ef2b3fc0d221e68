//! Makes signing keys: the first of a kind, and the next one, which stands in the metadata before it signs.

use muster_base::{Env, Id};
use muster_saml::key::{KeyKind, SelfSigned, SigningKey, self_signed};
use serde_json::json;

use super::{CERTIFICATE_S, Pair, State, states, store};
use crate::change::{Kind, Subject};
use crate::{Actor, Directory, Error, Result, Verb, Write, organization};

/// Clocks of service providers that look at the certificate's dates may be behind ours by this much, in seconds.
const EARLIER_S: i64 = 86_400;

/// Makes a key and its certificate in the organization's name; it is not kept yet. An RSA key takes a tenth of a second or
/// more to make: never inside a transaction, nor on a request's thread.
///
/// # Errors
/// The database's; [`Error::Internal`] when the cryptographic library fails.
pub async fn generate(directory: &Directory, org: Id, kind: KeyKind) -> Result<Pair> {
    let organization = organization::store::get(&mut directory.read(), org).await?;
    // Whatever the name is, a common name has at most 64 characters (RFC 5280, ub-common-name).
    let name = organization.display_name.chars().filter(|c| !c.is_control()).take(64).collect();
    make(directory.env(), name, kind).await
}

async fn make(env: &Env, name: String, kind: KeyKind) -> Result<Pair> {
    let (now_s, serial) = (env.clock.now().seconds(), env.rng.bytes::<16>());
    let made = tokio::task::spawn_blocking(move || {
        let key = SigningKey::generate(kind)?;
        let content = SelfSigned {
            common_name: &name,
            not_before_s: now_s - EARLIER_S,
            not_after_s: now_s + CERTIFICATE_S,
            serial,
        };
        let certificate = self_signed(&key, &content)?;
        Ok(Pair { key, certificate })
    });
    let made: Result<Pair, muster_saml::key::KeyError> = made.await.map_err(|e| Error::Internal(e.to_string()))?;
    made.map_err(|e| Error::Internal(e.to_string()))
}

/// Makes the first key of a kind; of two at once, one is kept.
pub(super) async fn first(directory: &Directory, org: Id, kind: KeyKind) -> Result<()> {
    let pair = generate(directory, org, kind).await?;
    directory.write(Actor::system(), org, Insert { pair, only_first: true, lead_s: 0, overlap_s: 0 }).await
}

/// Makes the organization's next key of a kind: in the metadata now, signing after `lead_s` seconds, when service providers
/// have it; the present one stays in the metadata for `overlap_s` seconds longer.
///
/// # Errors
/// The database's.
pub async fn roll(
    directory: &Directory,
    actor: Actor,
    org: Id,
    kind: KeyKind,
    lead_s: i64,
    overlap_s: i64,
) -> Result<()> {
    let pair = generate(directory, org, kind).await?;
    directory.write(actor, org, Insert { pair, only_first: false, lead_s, overlap_s }).await
}

struct Insert {
    pair: Pair,
    only_first: bool,
    lead_s: i64,
    overlap_s: i64,
}

impl Verb for Insert {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let (org, now) = (w.org(), w.now());
        let kind = self.pair.key.kind();
        let rows = store::all(w, org).await?;
        let has_active = states(&rows, None, kind, now).iter().any(|(_, state)| *state == State::Active);
        if self.only_first && has_active {
            return Ok(());
        }
        let signs_from = if has_active { now.plus_s(self.lead_s) } else { now };
        let id = store::add(w, None, &self.pair, signs_from, self.overlap_s).await?;
        w.log(Kind::KeyRotate, Subject::organization(org), json!({"saml": store::word(kind), "id": id.text()}));
        Ok(())
    }
}
