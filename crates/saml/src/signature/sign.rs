//! Signing an element that was written in canonical form: one digest, one signature, no parsing. Never here: where the
//! signature is put.

use super::SignatureAlgorithm;
use crate::encoded;
use crate::key::{Certificate, KeyError, SigningKey};

/// Who signs, and how.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// The private key.
    pub key: &'a SigningKey,
    /// An algorithm of the key's kind.
    pub algorithm: SignatureAlgorithm,
    /// The certificate that is sent along, for readers that want to see it.
    pub certificate: &'a Certificate,
}

/// The `ds:Signature` of an element. `canonical` is the element in exclusive canonical form, without the signature, and
/// `id` its `ID`, which has to be a name that needs no escape.
///
/// # Errors
/// An algorithm that is not the key's.
pub fn enveloped(canonical: &str, id: &str, signer: &Signer<'_>) -> Result<String, KeyError> {
    let algorithm = signer.algorithm;
    let digest = algorithm.digest();
    let digest_value = encoded::encode(digest.of(canonical.as_bytes()).as_ref());
    let info = format!(
        "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{}\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{id}\">\
         <ds:Transforms>\
         <ds:Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>\
         <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>\
         </ds:Transforms>\
         <ds:DigestMethod Algorithm=\"{}\"></ds:DigestMethod><ds:DigestValue>{digest_value}</ds:DigestValue>\
         </ds:Reference></ds:SignedInfo>",
        algorithm.uri(),
        digest.uri(),
    );
    // By itself the SignedInfo has to declare the prefix; inside the signature it is declared already.
    let alone = format!("<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{info}");
    let value = encoded::encode(&signer.key.sign(algorithm, alone.as_bytes())?);
    Ok(format!(
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>{info}\
         <ds:SignatureValue>{value}</ds:SignatureValue>\
         <ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>",
        signer.certificate.to_base64(),
    ))
}
