//! Which addresses an application may register. Pure.

use muster_base::limits;

/// Whether a URI may be registered as a redirect URI (RFC 6749 section 3.1.2, RFC 8252, RFC 9700 section 2.1): absolute,
/// without fragment or user information; https, or http on loopback; a private-use scheme with a dot for public clients.
///
/// # Errors
/// What is wrong, in words.
pub fn check_redirect_uri(uri: &str, public: bool) -> Result<(), String> {
    if uri.is_empty() || uri.len() > limits::URL_MAX {
        return Err(format!("1 to {} characters", limits::URL_MAX));
    }
    if uri.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\' || c == '*' || !c.is_ascii()) {
        return Err("a redirect URI has no spaces, backslashes, wildcards or characters beyond ASCII".into());
    }
    let url = url::Url::parse(uri)
        .map_err(|_| "an absolute address is needed: https://app.example.com/callback".to_owned())?;
    if uri.contains('#') {
        return Err("a redirect URI has no fragment: remove everything from the # on".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a redirect URI carries no user name or password".into());
    }
    match url.scheme() {
        "https" if url.has_host() => Ok(()),
        "http" if is_loopback(&url) => Ok(()),
        "http" => Err("use https; http is for loopback addresses only".into()),
        scheme if public && scheme.contains('.') => Ok(()),
        _ => Err("use https; an application's own scheme (com.example.app) is for public clients".into()),
    }
}

fn is_loopback(url: &url::Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

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
    fn redirect_uris_are_absolute_and_safe() {
        for good in [
            "https://app.example.com/cb",
            "http://127.0.0.1:3000/cb",
            "http://[::1]/cb",
            "http://localhost:8080/cb?x=1",
        ] {
            assert!(check_redirect_uri(good, false).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/cb",
            "//evil.example/cb",
            "http://app.example.com/cb",
            "https://a@b.example/cb",
            "https://x.example/cb#f",
            "javascript:alert(1)",
            "data:text/html,x",
            "https://*.example.com/cb",
            "https://x.example\\@evil.example/",
            "com.example.app:/cb",
        ] {
            assert!(check_redirect_uri(bad, false).is_err(), "{bad}");
        }
        assert!(check_redirect_uri("com.example.app:/cb", true).is_ok());
        assert!(check_redirect_uri("javascript:alert(1)", true).is_err());
    }
}
