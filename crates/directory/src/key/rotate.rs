//! Makes signing keys: the first of an algorithm, and the next one with overlap.

use std::sync::atomic::Ordering;

use muster_base::Id;
use muster_jose::SigningKey;
use serde_json::json;

use super::{LEAD_S, OVERLAP_S, State, jose_alg, states, store};
use crate::application::SigningAlg;
use crate::change::{Kind, Subject};
use crate::{Actor, Directory, Error, Result, Verb, Write};

/// An RSA key takes a tenth of a second or more to make: never inside the transaction, nor on a request's thread.
async fn generate(directory: &Directory, alg: SigningAlg) -> Result<SigningKey> {
    directory.key_cache().generated.fetch_add(1, Ordering::Relaxed);
    let made = tokio::task::spawn_blocking(move || SigningKey::generate(jose_alg(alg))).await;
    made.map_err(|e| Error::Internal(e.to_string()))?.map_err(|e| Error::Internal(e.to_string()))
}

/// Makes the first key of an algorithm; of two at once, one is kept.
pub(super) async fn first(directory: &Directory, org: Id, alg: SigningAlg) -> Result<()> {
    let key = generate(directory, alg).await?;
    directory.write(Actor::system(), org, Insert { alg, key, only_first: true, at_once: true }).await
}

/// Makes the next key of an algorithm: published now, signing after [`LEAD_S`], while the present one goes on and stays
/// published for [`OVERLAP_S`] afterwards. `at_once` is for a key that leaked: the new one signs immediately, and no other
/// is published any more, so that nothing which the old one signed is believed.
///
/// # Errors
/// The database's.
pub async fn rotate(directory: &Directory, actor: Actor, org: Id, alg: SigningAlg, at_once: bool) -> Result<()> {
    let key = generate(directory, alg).await?;
    directory.write(actor, org, Insert { alg, key, only_first: false, at_once }).await?;
    directory.key_cache().forget(org);
    Ok(())
}

struct Insert {
    alg: SigningAlg,
    key: SigningKey,
    only_first: bool,
    at_once: bool,
}

impl Verb for Insert {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let rows = store::of(w).await?;
        let active = states(&rows, w.now()).into_iter().find(|(r, s)| r.alg == self.alg && *s == State::Active);
        if self.only_first && active.is_some() {
            return Ok(());
        }
        store::drop_next(w, self.alg).await?;
        let signs_from = if active.is_some() && !self.at_once { w.now().plus_s(LEAD_S) } else { w.now() };
        store::insert(w, self.alg, &self.key, signs_from).await?;
        if self.at_once && !self.only_first {
            let now = w.now();
            store::drop_others(w, self.alg, self.key.kid(), now).await?;
        } else if let Some((row, _)) = active {
            // Also when it was to be dropped earlier: it goes on signing until the new one does.
            store::drop_at(w, &row.kid, signs_from.plus_s(OVERLAP_S)).await?;
        }
        let org = w.org();
        w.log(Kind::KeyRotate, Subject::organization(org), json!({"alg": self.alg, "kid": self.key.kid()}));
        Ok(())
    }
}
