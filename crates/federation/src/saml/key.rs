//! Our key as a service provider, one per organization, with its certificate: made on first use, encrypted at rest. It signs
//! requests and opens encrypted assertions, and is none of the keys that sign what we issue.

use muster_base::Id;
use muster_db::sql;
use muster_directory::{Directory, Error, Result, organization};
use muster_saml::key::{Certificate, DecryptionKey, KeyKind, SelfSigned, SigningKey, self_signed};

sql! {
    SAML_KEY = "SELECT sealed, certificate FROM federation_saml_keys WHERE org_id = $1";
    /// Of two that are made at once, the first stays.
    SAML_KEY_INSERT = "INSERT INTO federation_saml_keys (org_id, sealed, certificate, created_at) VALUES ($1, $2, $3, $4) \
                       ON CONFLICT (org_id) DO NOTHING";
}

/// Clocks of providers that look at the certificate's dates may be behind ours by this much, in seconds.
const EARLIER_S: i64 = 86_400;
/// How long the certificate is valid, in seconds: ten years. Providers keep it by hand.
const VALID_S: i64 = 3653 * 86_400;

/// The key and its certificate.
pub struct Pair {
    /// Signs.
    pub signing: SigningKey,
    /// Opens.
    pub decryption: DecryptionKey,
    /// What providers know it by.
    pub certificate: Certificate,
}

fn bound_to(org: Id) -> String {
    format!("federation_saml_key:{org}")
}

/// The organization's; the first use makes it.
///
/// # Errors
/// The database's; [`Error::Internal`] when the master key does not open it.
pub async fn pair(directory: &Directory, org: Id) -> Result<Pair> {
    for _ in 0..2 {
        let row: Option<(Vec<u8>, Vec<u8>)> = directory.db().first(&SAML_KEY, &[(&org).into()]).await?;
        if let Some((sealed, certificate)) = row {
            return open(directory, org, &sealed, &certificate);
        }
        make(directory, org).await?;
    }
    Err(Error::Internal("a SAML key could not be kept".into()))
}

fn open(directory: &Directory, org: Id, sealed: &[u8], certificate: &[u8]) -> Result<Pair> {
    let failed = |e: &dyn std::fmt::Display| Error::Internal(format!("federation SAML key: {e}"));
    let pkcs8 = directory.keyring().open(&bound_to(org), sealed).map_err(|e| failed(&e))?;
    let pair = || {
        Ok::<_, muster_saml::key::KeyError>(Pair {
            signing: SigningKey::from_pkcs8(&pkcs8)?,
            decryption: DecryptionKey::from_pkcs8(&pkcs8)?,
            certificate: Certificate::from_der(certificate)?,
        })
    };
    pair().map_err(|e| failed(&e))
}

async fn make(directory: &Directory, org: Id) -> Result<()> {
    let organization = organization::store::get(&mut directory.read(), org).await?;
    // Whatever the name is, a common name has at most 64 characters (RFC 5280, ub-common-name).
    let name: String = organization.display_name.chars().filter(|c| !c.is_control()).take(64).collect();
    let env = directory.env();
    let (now_s, serial) = (env.clock.now().seconds(), env.rng.bytes::<16>());
    // An RSA key takes a tenth of a second or more: never on a request's thread.
    let made = tokio::task::spawn_blocking(move || {
        let key = SigningKey::generate(KeyKind::Rsa)?;
        let content =
            SelfSigned { common_name: &name, not_before_s: now_s - EARLIER_S, not_after_s: now_s + VALID_S, serial };
        let certificate = self_signed(&key, &content)?;
        Ok::<_, muster_saml::key::KeyError>((key.to_pkcs8()?, certificate))
    });
    let made = made.await.map_err(|e| Error::Internal(e.to_string()))?;
    let (pkcs8, certificate) = made.map_err(|e| Error::Internal(e.to_string()))?;
    let sealed = directory.keyring().seal(&bound_to(org), &pkcs8, &env.rng);
    let params = [(&org).into(), sealed.into(), certificate.der().to_vec().into(), env.clock.now().into()];
    directory.db().exec(&SAML_KEY_INSERT, &params).await?;
    Ok(())
}
