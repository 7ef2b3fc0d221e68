//! The ciphers and key transports, as closed lists.

use aws_lc_rs::rsa::{OAEP_SHA1_MGF1SHA1, OAEP_SHA256_MGF1SHA256, OaepAlgorithm};

/// How the content is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContentCipher {
    /// AES-128-GCM.
    Aes128Gcm,
    /// AES-256-GCM.
    Aes256Gcm,
    /// AES-128-CBC: not authenticated; for old service providers only.
    Aes128Cbc,
    /// AES-256-CBC: not authenticated; for old service providers only.
    Aes256Cbc,
}

impl ContentCipher {
    /// Every one of them.
    pub const ALL: [Self; 4] = [Self::Aes128Gcm, Self::Aes256Gcm, Self::Aes128Cbc, Self::Aes256Cbc];

    /// Its identifier.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            Self::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            Self::Aes128Cbc => "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
            Self::Aes256Cbc => "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        }
    }

    /// The cipher of exactly this identifier.
    #[must_use]
    pub fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cipher| cipher.uri() == uri)
    }

    /// Whether a changed text is noticed.
    #[must_use]
    pub const fn is_authenticated(self) -> bool {
        matches!(self, Self::Aes128Gcm | Self::Aes256Gcm)
    }

    /// The length of its key in bytes.
    pub(super) const fn key_len(self) -> usize {
        match self {
            Self::Aes128Gcm | Self::Aes128Cbc => 16,
            Self::Aes256Gcm | Self::Aes256Cbc => 32,
        }
    }
}

/// How the content's key is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyTransport {
    /// RSA-OAEP with SHA-1 inside, which every service provider knows. SHA-1 is not weak there.
    OaepSha1,
    /// RSA-OAEP with SHA-256 inside (XML Encryption 1.1).
    OaepSha256,
}

impl KeyTransport {
    /// Its identifier.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::OaepSha1 => "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
            Self::OaepSha256 => "http://www.w3.org/2009/xmlenc11#rsa-oaep",
        }
    }

    /// The digest inside, and the mask generation function where it is named.
    pub(super) const fn parameters(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::OaepSha1 => ("http://www.w3.org/2000/09/xmldsig#sha1", None),
            Self::OaepSha256 => {
                ("http://www.w3.org/2001/04/xmlenc#sha256", Some("http://www.w3.org/2009/xmlenc11#mgf1sha256"))
            }
        }
    }

    /// The transport with these parameters. The older one without a digest has SHA-1 (XML Encryption 1.1 section 5.5.2).
    pub(super) fn from_parameters(uri: &str, digest: Option<&str>, mask: Option<&str>) -> Option<Self> {
        [Self::OaepSha1, Self::OaepSha256].into_iter().find(|transport| {
            let (its_digest, its_mask) = transport.parameters();
            let digest_fits = digest == Some(its_digest) || (digest.is_none() && *transport == Self::OaepSha1);
            transport.uri() == uri && digest_fits && mask == its_mask
        })
    }

    pub(super) fn algorithm(self) -> &'static OaepAlgorithm {
        match self {
            Self::OaepSha1 => &OAEP_SHA1_MGF1SHA1,
            Self::OaepSha256 => &OAEP_SHA256_MGF1SHA256,
        }
    }
}
