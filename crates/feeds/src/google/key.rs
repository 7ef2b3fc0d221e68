//! The service account's key, and what it signs.

use muster_base::{Micros, Secret};
use muster_directory::feed::Google;
use muster_jose::{Alg, SigningKey};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use serde::Deserialize;
use serde_json::json;

/// What is asked for: to read people, groups and members.
pub const SCOPES: &str = "https://www.googleapis.com/auth/admin.directory.user.readonly \
                          https://www.googleapis.com/auth/admin.directory.group.readonly \
                          https://www.googleapis.com/auth/admin.directory.group.member.readonly";
/// How long what is signed holds, in seconds: the longest that Google takes.
const HOLDS_S: i64 = 3600;

/// The file that Google gives out.
#[derive(Deserialize)]
struct File {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    client_email: String,
    #[serde(default)]
    private_key_id: String,
    #[serde(default)]
    private_key: String,
}

/// A key that can sign.
pub struct Key {
    signing: SigningKey,
    /// The service account.
    pub account: String,
}

impl Key {
    /// Reads the file.
    ///
    /// # Errors
    /// What is wrong with it, for an administrator; nothing of the key.
    pub fn read(secret: &Secret) -> Result<Self, String> {
        let wrong = "the key is not the JSON file of a service account: make one in the Google Cloud console, and paste all of it";
        let file: File = serde_json::from_str(secret.expose()).map_err(|_| wrong.to_owned())?;
        if file.kind != "service_account" || file.client_email.is_empty() {
            return Err(wrong.into());
        }
        let unreadable = "the private key in the file cannot be read: paste the file as it was downloaded";
        let der = PrivatePkcs8KeyDer::from_pem_slice(file.private_key.as_bytes()).map_err(|_| unreadable.to_owned())?;
        let signing = SigningKey::given(Alg::RS256, &file.private_key_id, der.secret_pkcs8_der());
        let signing = signing.map_err(|_| unreadable.to_owned())?;
        Ok(Self { signing, account: file.client_email })
    }

    /// The assertion that a token is given for (RFC 7523).
    ///
    /// # Errors
    /// When it cannot be signed.
    pub fn assertion(&self, of: &Google, now: Micros) -> Result<String, String> {
        let now = now.0 / 1_000_000;
        let claims = json!({
            "iss": self.account, "sub": of.admin_email, "scope": SCOPES, "aud": of.token_url,
            "iat": now, "exp": now + HOLDS_S,
        });
        self.signing.sign(Some("JWT"), &claims).map_err(|_| "the key does not sign".into())
    }
}
