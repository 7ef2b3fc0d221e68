//! Addresses of an application's pages. Pure. Never here: redirect addresses (`muster_oauth::redirect_uri`).

use muster_base::limits;

/// Whether a text is empty or a web address.
pub(super) fn check_url(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    if text.len() > limits::URL_MAX {
        return Err(format!("at most {} characters", limits::URL_MAX));
    }
    match url::Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "https" | "http") && url.has_host() => Ok(()),
        _ => Err("an address that begins with https:// is needed".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_web_address_or_none() {
        assert!(["", "https://app.example.com/", "http://10.0.0.1:3000/x"].iter().all(|url| check_url(url).is_ok()));
        assert!(["app.example.com", "javascript:alert(1)", "https://"].iter().all(|url| check_url(url).is_err()));
        assert!(check_url(&format!("https://a.example/{}", "x".repeat(limits::URL_MAX))).is_err());
    }
}
