//! Redirect addresses: what may be registered, and whether one that was given is registered. Never here: patterns,
//! prefixes or wildcards; an open redirect begins with one.

use std::net::{Ipv4Addr, Ipv6Addr};
use url::{Host, Url};

/// The longest address, in bytes.
pub const MAX_BYTES: usize = 2048;

/// Whether the address given in a request is one of those registered: the same text, byte for byte (RFC 9700
/// section 2.1).
///
/// The one exception is RFC 8252 section 7.3: for a public (native) client registered at `http://127.0.0.1` or
/// `http://[::1]`, the port may be any, since the operating system chooses it when the client starts.
#[must_use]
pub fn registered(given: &str, registered: &[String], public_client: bool) -> bool {
    if given.len() > MAX_BYTES {
        return false;
    }
    if registered.iter().any(|own| own == given) {
        return true;
    }
    let given = loopback_without_port(given);
    public_client && given.is_some() && registered.iter().any(|own| loopback_without_port(own) == given)
}

/// The loopback host and everything after the port of `http://127.0.0.1:PORT/...`, compared as text, so that no
/// second parser can read it differently.
fn loopback_without_port(uri: &str) -> Option<(&str, &str)> {
    let prefix = ["http://127.0.0.1", "http://[::1]"].into_iter().find(|prefix| uri.starts_with(prefix))?;
    let rest = uri.strip_prefix(prefix)?;
    let after = match rest.strip_prefix(':') {
        None => rest,
        Some(port_on) => {
            let digits = port_on.bytes().take_while(u8::is_ascii_digit).count();
            let port = port_on.get(..digits)?;
            if port.starts_with('0') || port.parse::<u16>().is_err() {
                return None;
            }
            port_on.get(digits..)?
        }
    };
    (after.is_empty() || after.starts_with('/') || after.starts_with('?')).then_some((prefix, after))
}

/// Whether the address may be registered. It has to be absolute and free of anything that two parsers read
/// differently: https, http on loopback, or (public clients only) a private-use scheme that is a reversed domain name
/// (RFC 8252 section 7.1).
///
/// # Errors
/// A sentence that says what is wrong and what to write instead.
pub fn check_registration(uri: &str, public_client: bool) -> Result<(), String> {
    check_characters(uri)?;
    let parsed = Url::parse(uri)
        .map_err(|_| "not an absolute URL: write it in full, as in https://app.example.com/callback".to_owned())?;
    let after_scheme = uri.get(parsed.scheme().len()..).and_then(|rest| rest.strip_prefix(':')).unwrap_or_default();
    match parsed.scheme() {
        "https" | "http" => check_web(&parsed, after_scheme)?,
        scheme if scheme.contains('.') && public_client => check_private_use(scheme, after_scheme)?,
        scheme if scheme.contains('.') => {
            return Err(format!("the scheme {scheme} is for native (public) clients only; use https"));
        }
        scheme => return Err(format!("the scheme {scheme} is not allowed; use https")),
    }
    if has_dot_segment(after_scheme) {
        return Err("the path must not contain the segments . or ..".to_owned());
    }
    Ok(())
}

fn check_characters(uri: &str) -> Result<(), String> {
    if uri.is_empty() || uri.len() > MAX_BYTES {
        return Err(format!("the address must have 1 to {MAX_BYTES} characters"));
    }
    if let Some(odd) = uri.chars().find(|c| !c.is_ascii_graphic() || "\\\"<>^`{|}".contains(*c)) {
        let odd = odd.escape_default();
        return Err(format!(
            "the character '{odd}' is not allowed; write it percent-encoded (names of hosts in punycode)"
        ));
    }
    match uri {
        _ if uri.contains('*') => Err("wildcards are not allowed; register each address in full".to_owned()),
        _ if uri.contains('#') => Err("a fragment (#...) is not allowed".to_owned()),
        _ => Ok(()),
    }
}

fn check_web(parsed: &Url, after_scheme: &str) -> Result<(), String> {
    // Url also accepts "https:host" and "https:///host"; browsers do, other parsers do not.
    let authority = after_scheme.strip_prefix("//").and_then(|rest| rest.split(['/', '?']).next()).unwrap_or_default();
    if authority.is_empty() {
        return Err("the address needs a host, as in https://app.example.com/callback".to_owned());
    }
    if authority.contains('@') {
        return Err("a user name or password before the host is not allowed".to_owned());
    }
    // The host has to be written as it is understood: no 127.1, 0x7f.1, %-escapes or trailing dot.
    let host = parsed.host_str().unwrap_or_default();
    let (written, port) = split_port(authority);
    if !written.eq_ignore_ascii_case(host) || host.ends_with('.') {
        return Err(format!("write the host as {}", host.trim_end_matches('.')));
    }
    if port.is_some_and(|port| port.starts_with('0') || port.parse::<u16>().is_err()) {
        return Err("the port must be a number from 1 to 65535".to_owned());
    }
    if parsed.scheme() == "http" && !is_loopback(parsed) {
        return Err("http is allowed on loopback (127.0.0.1, [::1], localhost) only; use https".to_owned());
    }
    Ok(())
}

/// Host and port as written.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn check_private_use(scheme: &str, after_scheme: &str) -> Result<(), String> {
    let labels_ok = scheme.split('.').all(|label| !label.is_empty());
    if !labels_ok {
        return Err(format!("the scheme {scheme} is not a reversed domain name, as in com.example.app"));
    }
    let authority = after_scheme.strip_prefix("//").and_then(|rest| rest.split(['/', '?']).next()).unwrap_or_default();
    if !after_scheme.starts_with('/') || authority.contains('@') {
        return Err(format!("write it as {scheme}:/callback"));
    }
    Ok(())
}

/// Whether a path segment is `.` or `..` in any spelling: browsers resolve those, so the text compared would not be
/// the address visited.
fn has_dot_segment(after_scheme: &str) -> bool {
    let path = after_scheme.split('?').next().unwrap_or_default().to_ascii_lowercase().replace("%2e", ".");
    path.split('/').any(|segment| segment == "." || segment == "..")
}

/// Whether the host can only be this machine: an address of 127.0.0.0/8, `[::1]`, `localhost` or a name under it
/// (RFC 6761 section 6.3).
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => Ipv4Addr::is_loopback(&address),
        Some(Host::Ipv6(address)) => address == Ipv6Addr::LOCALHOST,
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        None => false,
    }
}
