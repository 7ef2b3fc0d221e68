//! A signed response, changed at random: whatever is still accepted says what was signed.

use super::*;
use muster_saml::encryption::{ContentCipher, EncryptionRandom, KeyTransport};
use muster_saml::key::DecryptionKey;
use muster_saml::metadata;
use proptest::prelude::*;

static GOOD: LazyLock<[String; 4]> = LazyLock::new(|| {
    let to = OTHER.public();
    let random = EncryptionRandom { key: [7; 32], iv: [9; 16] };
    let how = Encrypt { to: &to, cipher: ContentCipher::Aes256Gcm, transport: KeyTransport::OaepSha1, random: &random };
    [response(true, false), response(false, true), response(true, true), response_by(&RSA, true, false, Some(how))]
});
static DECRYPTION: LazyLock<DecryptionKey> =
    LazyLock::new(|| DecryptionKey::from_pkcs8(&OTHER.key.to_pkcs8().unwrap()).unwrap());

const PIECES: &[&str] = &[
    "<",
    ">",
    "&",
    "\"",
    "/",
    "<a>",
    "</a>",
    "<!-- -->",
    "]]>",
    "&#x0;",
    " xmlns=\"\"",
    " ID=\"_r1\"",
    "<ds:Signature>",
    "<?p?>",
    "&#xD;",
    "<![CDATA[x]]>",
    " xmlns:saml=\"urn:x\"",
    "\r",
    "é",
];

/// One change: a place, another place, and what is done there.
fn change(text: &mut String, (kind, at, other): (u8, prop::sample::Index, prop::sample::Index)) {
    let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
    if places.is_empty() {
        return;
    }
    let from = places[at.index(places.len())];
    let length = other.index(300).min(text.len() - from);
    let to = (from + length..=text.len()).find(|place| text.is_char_boundary(*place)).unwrap();
    match kind {
        0 => text.insert_str(from, PIECES[other.index(PIECES.len())]),
        1 => text.replace_range(from..to, ""),
        2 => {
            let copy = text[from..to].to_owned();
            let place = places[other.index(places.len())];
            text.insert_str(place, &copy);
        }
        _ => {
            text.remove(from);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_accepted_says_what_was_signed(
        which in 0_usize..4,
        changes in prop::collection::vec((0_u8..4, any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..4),
    ) {
        let with = Expected { decryption: Some(&DECRYPTION), ..expected() };
        let mut text = GOOD[which].clone();
        for change in changes {
            super::mutation::change(&mut text, change);
        }
        if let Ok(received) = Received::from_xml(MessageKind::Response, text.as_bytes())
            && let Ok(accepted) = read(&received, &with)
        {
            let original = read(&super::received(&GOOD[which]), &with).unwrap();
            prop_assert_eq!(accepted.signed_in, original.signed_in);
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), text in "[<>&;a-z=\"' /!?\\[\\]-]{0,120}") {
        for input in [&bytes[..], text.as_bytes()] {
            if let Ok(received) = Received::from_xml(MessageKind::Response, input) {
                let _ = read(&received, &expected());
                let _ = received.claimed_issuer();
            }
            let _ = metadata::read(input, None);
        }
        let query = format!("SAMLRequest={text}&RelayState={text}");
        let _ = Received::from_query(&query);
        let _ = Received::from_form(&query);
    }
}
