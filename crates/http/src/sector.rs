//! Asks a sector identifier URI whether it speaks for an application (OpenID Connect Registration section 5): it answers
//! with a JSON array that has every redirect URI, so that nobody joins the sector of others.

use muster_directory::application::Oidc;

use crate::site::Site;

/// The largest array that is read, in entries.
const ENTRIES_MAX: usize = 1000;

/// Checks the sector identifier URI of the settings, where there is one that was not checked with these redirect URIs.
///
/// # Errors
/// What is wrong with it, in words.
pub async fn check(site: &Site, oidc: &Oidc, before: Option<&Oidc>) -> Result<(), String> {
    let Some(uri) = oidc.tokens.sector_identifier_uri.as_deref().filter(|_| oidc.tokens.is_pairwise()) else {
        return Ok(());
    };
    let same = |before: &Oidc| {
        before.tokens.sector_identifier_uri.as_deref() == Some(uri)
            && before.tokens.is_pairwise()
            && oidc.redirect_uris.iter().all(|uri| before.redirect_uris.contains(uri))
    };
    if before.is_some_and(same) {
        return Ok(());
    }
    let answer = site.egress().get(uri, None).await.map_err(|error| error.to_string())?;
    if answer.status != 200 {
        return Err(format!("it answers with status {}, not with a JSON array of redirect URIs", answer.status));
    }
    match missing(&answer.body, &oidc.redirect_uris)? {
        None => Ok(()),
        Some(uri) => Err(format!("its JSON array does not have the redirect URI {uri}")),
    }
}

/// The first redirect URI that the array does not have. Pure.
fn missing<'a>(body: &[u8], redirect_uris: &'a [String]) -> Result<Option<&'a str>, String> {
    let listed: Vec<String> =
        serde_json::from_slice(body).map_err(|_| "it answers with no JSON array of texts".to_owned())?;
    if listed.len() > ENTRIES_MAX {
        return Err(format!("its JSON array has more than {ENTRIES_MAX} entries"));
    }
    Ok(redirect_uris.iter().find(|uri| !listed.contains(uri)).map(String::as_str))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_redirect_uri_has_to_be_there() {
        let uris = ["https://a.example/cb".to_owned(), "https://b.example/cb".to_owned()];
        let all = br#"["https://b.example/cb", "https://c.example/", "https://a.example/cb"]"#;
        assert_eq!(missing(all, &uris), Ok(None));
        assert_eq!(missing(br#"["https://a.example/cb"]"#, &uris), Ok(Some("https://b.example/cb")));
        for wrong in [&b"{}"[..], b"[1]", b"", b"<html>"] {
            assert!(missing(wrong, &uris).is_err());
        }
    }
}
