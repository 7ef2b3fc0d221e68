//! What is taken once: the names (`jti`) of assertions and of proofs. One statement, so that of two at once, also on two
//! nodes, one is the first; and since the database keeps it, a restart forgets nothing.

use muster_base::{Digest, Id, Micros, digest};
use muster_db::sql;
use muster_directory::Result;
use muster_http::Site;

sql! {
    REPLAY_TAKE = "INSERT INTO oidc_replays (org_id, digest, expires_at) VALUES ($1, $2, $3) ON CONFLICT (org_id, digest) DO NOTHING";
    pub global REPLAY_PRUNE = "DELETE FROM oidc_replays WHERE (org_id, digest) IN \
                               (SELECT org_id, digest FROM oidc_replays WHERE expires_at < $1 LIMIT 1000)";
}

/// What kind of thing is named: a name of one kind is never one of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A client's assertion; the owner is the client.
    Assertion,
    /// A proof of possession; the owner is the key.
    Proof,
}

/// Whether this is the first time that the owner shows this name; it is remembered until then.
///
/// # Errors
/// The database's.
pub async fn first(site: &Site, org: Id, kind: Kind, owner: &str, name: &str, until: Micros) -> Result<bool> {
    let params = [(&org).into(), key(kind, owner, name).into(), until.into()];
    Ok(site.directory().db().exec(&REPLAY_TAKE, &params).await? == 1)
}

/// Lengths are written before the texts, so that no two triples are one text.
fn key(kind: Kind, owner: &str, name: &str) -> Digest {
    let kind = match kind {
        Kind::Assertion => "assertion",
        Kind::Proof => "proof",
    };
    digest(format!("{kind}:{}:{owner}:{}:{name}", owner.len(), name.len()).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_time_kinds_names_of_one_owner_or_kind_are_not_anothers() {
        let keys = [
            key(Kind::Assertion, "a", "b"),
            key(Kind::Proof, "a", "b"),
            key(Kind::Assertion, "a:1", "b"),
            key(Kind::Assertion, "a", "1:b"),
            key(Kind::Assertion, "ab", ""),
        ];
        for (i, one) in keys.iter().enumerate() {
            assert!(keys[i + 1..].iter().all(|other| other != one));
        }
    }
}
