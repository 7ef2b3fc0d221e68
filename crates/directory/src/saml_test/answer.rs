//! The answer of a test: written and signed as the application's answers are, for the test's service provider.

use muster_base::Env;
use muster_saml::assertion::{Attribute, OutgoingAssertion, class_ref};
use muster_saml::encryption::{EncryptionRandom, KeyTransport};
use muster_saml::key::{DecryptionKey, KeyKind, PublicKey, SigningKey};
use muster_saml::response::{Encrypt, OutgoingResponse, Security, write, write_unsigned};
use muster_saml::signature::Signer;
use muster_saml::{Header, NameId, Status};

use super::service_provider::ServiceProvider;
use crate::application::saml::Saml;
use crate::saml_key::Pair;
use crate::saml_sso::{ASSERTION_TTL_S, EARLIER_S};
use crate::{Error, Result};

/// How long the session of a test would last, in seconds.
const SESSION_S: i64 = 3600;

/// A key that is there for one test: what is encrypted to it, and its private half.
pub(super) struct Recipient {
    public: PublicKey,
    pub(super) private: DecryptionKey,
}

impl Recipient {
    /// Makes one. An RSA key takes a tenth of a second or more.
    pub(super) async fn generate() -> Result<Self> {
        let made = tokio::task::spawn_blocking(|| {
            let key = SigningKey::generate(KeyKind::Rsa)?;
            Ok::<_, muster_saml::key::KeyError>((key.public_key()?, DecryptionKey::from_pkcs8(&key.to_pkcs8()?)?))
        });
        let made = made.await.map_err(|e| Error::Internal(e.to_string()))?;
        let (public, private) = made.map_err(|e| Error::Internal(e.to_string()))?;
        Ok(Self { public, private })
    }
}

/// Who is told of, to whom, and how.
pub(super) struct Answer<'a> {
    pub(super) env: &'a Env,
    pub(super) saml: &'a Saml,
    pub(super) issuer: &'a str,
    pub(super) pair: &'a Pair,
    pub(super) to: &'a ServiceProvider,
    pub(super) recipient: Option<&'a Recipient>,
    pub(super) in_response_to: Option<&'a str>,
    pub(super) name_id: NameId,
    pub(super) attributes: &'a [Attribute],
}

/// The answer as the service provider gets it, and as it is shown.
pub(super) struct Written {
    pub(super) signed: String,
    pub(super) shown: String,
}

impl Answer<'_> {
    pub(super) fn write(&self) -> Result<Written> {
        let now_s = self.env.clock.now().seconds();
        let id = || format!("_{}", self.env.secret().expose());
        let (assertion_id, session) = (id(), id());
        let assertion = OutgoingAssertion {
            id: &assertion_id,
            name_id: self.name_id.clone(),
            audience: &self.to.entity_id,
            recipient: &self.to.acs_url,
            not_before_s: now_s - EARLIER_S,
            not_on_or_after_s: now_s + ASSERTION_TTL_S,
            authn_instant_s: now_s,
            session_index: &session,
            session_not_on_or_after_s: Some(now_s + SESSION_S),
            class_ref: class_ref::PASSWORD_PROTECTED_TRANSPORT,
            attributes: self.attributes,
        };
        let header = Header {
            id: id(),
            issue_instant_s: now_s,
            destination: Some(self.to.acs_url.clone()),
            issuer: self.issuer.to_owned(),
        };
        let (in_response_to, status) = (self.in_response_to, Status::success());
        let response = OutgoingResponse { header, in_response_to, status, assertion: Some(assertion) };
        let algorithm = self.saml.signature_algorithm.algorithm();
        let random = EncryptionRandom { key: self.env.rng.bytes(), iv: self.env.rng.bytes() };
        let encrypt = self.saml.encryption.zip(self.recipient).map(|(how, to)| Encrypt {
            to: &to.public,
            cipher: how.cipher(),
            transport: KeyTransport::OaepSha1,
            random: &random,
        });
        let security = Security {
            signer: &Signer { key: &self.pair.key, algorithm, certificate: &self.pair.certificate },
            sign_assertion: self.saml.sign_assertion,
            sign_response: self.saml.sign_response,
            encrypt,
        };
        let failed = |error: muster_saml::MessageError| Error::Internal(format!("writing a test's answer: {error}"));
        Ok(Written {
            signed: write(&response, &security).map_err(failed)?,
            shown: write_unsigned(&response).map_err(failed)?,
        })
    }
}
