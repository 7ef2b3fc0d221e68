//! A key of a client's: its public half for a registration, assertions and proofs of possession, right ones and wrong
//! ones.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_directory::application::oidc::{ClientKey, ClientKeys};
use muster_jose::Jwk;
use serde_json::{Value, json};

use super::{Rp, Test};

pub struct Key(Ed25519KeyPair);

impl Key {
    pub fn new() -> Self {
        Self(Ed25519KeyPair::generate().unwrap())
    }

    pub fn jwk(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(self.0.public_key().as_ref())})
    }

    pub fn thumbprint(&self) -> String {
        serde_json::from_value::<Jwk>(self.jwk()).unwrap().thumbprint().unwrap()
    }

    pub fn registered(&self) -> ClientKeys {
        ClientKeys { keys: vec![serde_json::from_value::<ClientKey>(self.jwk()).unwrap()] }
    }

    pub fn sign(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(self.0.sign(message.as_bytes())))
    }

    /// The claims of a good assertion; `extra` is laid over them, null leaves one out.
    pub fn assertion(&self, t: &Test, rp: &Rp, extra: Value) -> String {
        let now = t.clock.now().seconds();
        let claims = json!({
            "iss": rp.id, "sub": rp.id, "aud": rp.issuer(), "iat": now, "exp": now + 60, "jti": t.d.env().id(),
        });
        self.sign(&json!({"alg": "EdDSA", "typ": "JWT"}), &over(claims, extra))
    }

    /// A proof for a request; `extra` is laid over its claims.
    pub fn proof(&self, t: &Test, method: &str, address: &str, extra: Value) -> String {
        let claims = json!({
            "htm": method, "htu": address, "iat": t.clock.now().seconds(), "jti": t.d.env().id(),
        });
        self.sign(&json!({"alg": "EdDSA", "typ": "dpop+jwt", "jwk": self.jwk()}), &over(claims, extra))
    }
}

/// Members laid over others; null leaves one out.
fn over(mut claims: Value, extra: Value) -> Value {
    let members = claims.as_object_mut().unwrap();
    for (name, value) in extra.as_object().unwrap() {
        members.remove(name);
        if !value.is_null() {
            members.insert(name.clone(), value.clone());
        }
    }
    claims
}
