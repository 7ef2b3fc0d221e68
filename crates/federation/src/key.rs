//! Our keys as a client of identity providers, one set per organization: made on first use, encrypted at rest, published at
//! an address of their own. They are not the keys that sign our tokens, so that nothing signed for a provider can pass for
//! something that we issued.

use muster_base::Id;
use muster_db::sql;
use muster_directory::{Directory, Error, Result};
use muster_jose::{Alg, DecryptionKey, Jwk, KeyAlg, SigningKey};

sql! {
    KEYS = "SELECT kid, purpose, alg, sealed FROM federation_keys WHERE org_id = $1 ORDER BY purpose, alg";
    /// Of two that are made at once, the first stays.
    KEY_INSERT = "INSERT INTO federation_keys (org_id, kid, purpose, alg, sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6) \
                  ON CONFLICT (org_id, purpose, alg) DO NOTHING";
}

const SIGNING: &str = "sig";
const ENCRYPTION: &str = "enc";
/// What is published before anybody uses it, so that a provider which keeps the set finds the key that comes later.
const SIGNING_FROM_THE_START: [Alg; 2] = [Alg::ES256, Alg::RS256];
/// A key of each type; both kinds of agreement use the same.
const ENCRYPTION_FROM_THE_START: [KeyAlg; 2] = [KeyAlg::RsaOaep256, KeyAlg::EcdhEs];

struct Kept {
    kid: String,
    purpose: String,
    alg: String,
    sealed: Vec<u8>,
}

async fn kept(directory: &Directory, org: Id) -> Result<Vec<Kept>> {
    let rows: Vec<(String, String, String, Vec<u8>)> = directory.db().all(&KEYS, &[(&org).into()]).await?;
    Ok(rows.into_iter().map(|(kid, purpose, alg, sealed)| Kept { kid, purpose, alg, sealed }).collect())
}

fn bound_to(org: Id, kid: &str) -> String {
    format!("federation_key:{org}:{kid}")
}

fn open(directory: &Directory, org: Id, kept: &Kept) -> Result<Vec<u8>> {
    let plain = directory.keyring().open(&bound_to(org, &kept.kid), &kept.sealed);
    Ok(plain.map_err(|e| Error::Internal(format!("federation key {}: {e}", kept.kid)))?.to_vec())
}

async fn insert(directory: &Directory, org: Id, (purpose, alg): (&str, &str), kid: &str, pkcs8: &[u8]) -> Result<()> {
    let env = directory.env();
    let sealed = directory.keyring().seal(&bound_to(org, kid), pkcs8, &env.rng);
    let params = [(&org).into(), kid.into(), purpose.into(), alg.into(), sealed.into(), env.clock.now().into()];
    directory.db().exec(&KEY_INSERT, &params).await?;
    Ok(())
}

/// RSA keys take a tenth of a second or more: never on a request's thread.
async fn made<T: Send + 'static>(
    make: impl FnOnce() -> std::result::Result<T, muster_jose::KeyError> + Send + 'static,
) -> Result<T> {
    let made = tokio::task::spawn_blocking(make).await.map_err(|e| Error::Internal(e.to_string()))?;
    made.map_err(|e| Error::Internal(e.to_string()))
}

fn failed(error: &muster_jose::KeyError) -> Error {
    Error::Internal(format!("federation key: {error}"))
}

/// The key that signs client assertions with this algorithm.
///
/// # Errors
/// The database's; [`Error::Internal`] when the master key does not open it.
pub async fn signing(directory: &Directory, org: Id, alg: Alg) -> Result<SigningKey> {
    let find = async || {
        let kept = kept(directory, org).await?;
        let Some(row) = kept.iter().find(|k| k.purpose == SIGNING && k.alg == alg.name()) else { return Ok(None) };
        let key = SigningKey::from_pkcs8(alg, &row.kid, &open(directory, org, row)?).map_err(|e| failed(&e))?;
        Ok::<_, Error>(Some(key))
    };
    if let Some(key) = find().await? {
        return Ok(key);
    }
    let key = made(move || SigningKey::generate(alg)).await?;
    let pkcs8 = key.to_pkcs8().map_err(|e| failed(&e))?;
    insert(directory, org, (SIGNING, alg.name()), key.kid(), &pkcs8).await?;
    find().await?.ok_or_else(|| Error::Internal("a federation key could not be kept".into()))
}

/// The keys to which ID tokens may be encrypted, those that were published.
///
/// # Errors
/// As [`signing`].
pub async fn decryption(directory: &Directory, org: Id) -> Result<Vec<DecryptionKey>> {
    let mut keys = Vec::new();
    for row in kept(directory, org).await?.iter().filter(|k| k.purpose == ENCRYPTION) {
        keys.push(DecryptionKey::from_pkcs8(&open(directory, org, row)?).map_err(|e| failed(&e))?);
    }
    Ok(keys)
}

/// The public halves of all of them.
///
/// # Errors
/// As [`signing`].
pub async fn published(directory: &Directory, org: Id) -> Result<Vec<Jwk>> {
    for alg in SIGNING_FROM_THE_START {
        signing(directory, org, alg).await?;
    }
    let present = kept(directory, org).await?;
    for alg in ENCRYPTION_FROM_THE_START {
        if !present.iter().any(|k| k.purpose == ENCRYPTION && k.alg == alg.name()) {
            let key = made(move || DecryptionKey::generate(alg)).await?;
            let pkcs8 = key.to_pkcs8().map_err(|e| failed(&e))?;
            insert(directory, org, (ENCRYPTION, alg.name()), key.kid(), &pkcs8).await?;
        }
    }
    let mut out = Vec::new();
    for row in kept(directory, org).await?.iter().filter(|k| k.purpose == SIGNING) {
        let alg = Alg::parse(&row.alg).ok_or_else(|| Error::Internal(format!("federation_keys.alg: {}", row.alg)))?;
        let key = SigningKey::from_pkcs8(alg, &row.kid, &open(directory, org, row)?).map_err(|e| failed(&e))?;
        out.push(key.public_jwk());
    }
    out.extend(decryption(directory, org).await?.iter().map(DecryptionKey::public_jwk));
    Ok(out)
}
