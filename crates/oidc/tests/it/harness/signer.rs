//! What an application signs with, and the request objects that it signs.

use muster_directory::application::{Authentication, Oidc};
use muster_jose::{Alg, SigningKey};
use serde_json::{Map, Value, json};

use super::{Rp, Test};

/// A key of an application.
pub struct Signer {
    pub key: SigningKey,
}

impl Signer {
    pub fn new(alg: Alg) -> Self {
        Self { key: SigningKey::generate(alg).unwrap() }
    }

    /// The settings with the public part of the key.
    pub fn registered(&self, oidc: Oidc) -> Oidc {
        let authentication = json!({ "jwks": { "keys": [self.key.public_jwk()] } });
        let authentication: Authentication = serde_json::from_value(authentication).unwrap();
        Oidc { authentication, ..oidc }
    }

    /// The claims of an object for the usual request; null leaves one out.
    pub fn claims(t: &Test, rp: &Rp, changes: &Value) -> Map<String, Value> {
        let now = t.clock.now().seconds();
        let own = [("iss", json!(rp.id)), ("aud", json!(rp.issuer())), ("exp", json!(now + 300)), ("iat", json!(now))];
        let own = own.into_iter().map(|(name, value)| (name.to_owned(), value));
        let request = rp.request(&[("state", "signed")]).into_iter().map(|(name, value)| (name, value.into()));
        let mut claims: Map<String, Value> = request.chain(own).collect();
        claims.extend(changes.as_object().unwrap().clone());
        claims.retain(|_, value| !value.is_null());
        claims
    }

    /// Such an object, signed.
    pub fn object(&self, t: &Test, rp: &Rp, changes: &Value) -> String {
        self.key.sign(Some("oauth-authz-req+jwt"), &Self::claims(t, rp, changes)).unwrap()
    }
}
