//! Open redirects: a corpus of look-alikes that are never registered, and what may be registered at all.

use muster_oauth::redirect_uri::{check_registration, registered};
use proptest::prelude::*;

fn list(uris: &[&str]) -> Vec<String> {
    uris.iter().map(|uri| (*uri).to_owned()).collect()
}

/// Look-alikes of `https://app.example.com/cb`.
const LOOK_ALIKES: [&str; 48] = [
    "",
    "/cb",
    "//app.example.com/cb",
    "https:app.example.com/cb",
    "https:/app.example.com/cb",
    "https:///app.example.com/cb",
    "https:\\\\app.example.com\\cb",
    "https://app.example.com\\cb",
    "https://app.example.com/cb\\",
    "http://app.example.com/cb",
    "HTTPS://app.example.com/cb",
    "https://APP.example.com/cb",
    "https://app.example.com/CB",
    "https://app.example.com./cb",
    "https://app.example.com:443/cb",
    "https://app.example.com:/cb",
    "https://app.example.com:8443/cb",
    "https://app.example.com/cb/",
    "https://app.example.com//cb",
    "https://app.example.com/./cb",
    "https://app.example.com/x/../cb",
    "https://app.example.com/cb/..",
    "https://app.example.com/%63b",
    "https://app.example.com/cb%00",
    "https://app.example.com/cb%2f",
    "https://app.example.com/cb%0d%0aLocation:%20https://evil.example",
    "https://app.example.com/cb?",
    "https://app.example.com/cb?x=1",
    "https://app.example.com/cb&x=1",
    "https://app.example.com/cb;x=1",
    "https://app.example.com/cb#",
    "https://app.example.com/cb#@evil.example",
    "https://app.example.com/cb@evil.example",
    "https://evil.example@app.example.com/cb",
    "https://app.example.com@evil.example/cb",
    "https://app.example.com%40evil.example/cb",
    "https://app.example.com%2eevil.example/cb",
    "https://app.example.com.evil.example/cb",
    "https://evil.example/https://app.example.com/cb",
    "https://evil.example?https://app.example.com/cb",
    "https://evil.example#https://app.example.com/cb",
    "https://xapp.example.com/cb",
    "https://app\u{2024}example\u{2024}com/cb",
    "https://\u{430}pp.example.com/cb",
    "https://app.example.com/cb ",
    " https://app.example.com/cb",
    "https://app.example.com/cb\n",
    "\thttps://app.example.com/cb",
];

#[test]
fn nothing_but_the_registered_text() {
    let own = list(&["https://app.example.com/cb", "https://other.example.com/"]);
    for public in [false, true] {
        assert!(registered("https://app.example.com/cb", &own, public), "the control");
        for uri in LOOK_ALIKES {
            assert!(!registered(uri, &own, public), "{uri:?}");
        }
    }
}

#[test]
fn nothing_is_registered_in_an_empty_list() {
    for uri in ["https://app.example.com/cb", "", "http://127.0.0.1:1/"] {
        assert!(!registered(uri, &[], true), "no trust on first use: {uri}");
    }
    assert!(!registered(
        &format!("https://a/{}", "x".repeat(3000)),
        &[format!("https://a/{}", "x".repeat(3000))],
        false
    ));
}

#[test]
fn a_native_client_on_loopback_chooses_its_port() {
    let own = list(&["http://127.0.0.1/cb", "http://[::1]:3000/cb?x=1", "http://localhost:3000/cb"]);
    for uri in [
        "http://127.0.0.1/cb",
        "http://127.0.0.1:1/cb",
        "http://127.0.0.1:65535/cb",
        "http://[::1]:9/cb?x=1",
        "http://[::1]/cb?x=1",
    ] {
        assert!(registered(uri, &own, true), "{uri}");
    }
    for uri in ["http://127.0.0.1:9/cb", "http://[::1]:9/cb?x=1"] {
        assert!(!registered(uri, &own, false), "a confidential client does not: {uri}");
    }
    for uri in [
        "http://127.0.0.1:/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:080/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:99999999999/cb",
        "http://127.0.0.1:+80/cb",
        "http://127.0.0.1:80@evil.example/cb",
        "http://127.0.0.1:80:80/cb",
        "http://127.0.0.1@evil.example/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://127.0.0.1:80\\@evil.example/cb",
        "http://127.0.0.1:80/cb/../x",
        "http://127.0.0.1:80/cb?x=1",
        "http://127.0.0.1:80/cb#x",
        "http://127.0.0.1:80",
        "http://127.0.0.2:80/cb",
        "http://127.1:80/cb",
        "http://2130706433/cb",
        "https://127.0.0.1:80/cb",
        "HTTP://127.0.0.1:80/cb",
        "http://[::1]:9/cb",
        "http://[::2]:9/cb?x=1",
        "http://[::ffff:127.0.0.1]:9/cb",
        "http://localhost:9/cb",
        "http://localhost/cb",
    ] {
        assert!(!registered(uri, &own, true), "{uri}");
    }
}

#[test]
fn what_may_be_registered() {
    for uri in [
        "https://app.example.com/cb",
        "https://app.example.com",
        "https://app.example.com/",
        "https://app.example.com:8443/cb?x=1&y=%20",
        "https://App.Example.com/cb",
        "https://xn--mnchen-3ya.example/cb",
        "https://192.0.2.7/cb",
        "https://[2001:db8::1]:8443/cb",
        "http://127.0.0.1/cb",
        "http://127.0.0.1:8080",
        "http://[::1]:8080/cb",
        "http://localhost:5000/cb",
        "http://app.localhost:5000/cb",
        "https://app.example.com/..cb/a.b/...",
    ] {
        for public in [false, true] {
            assert_eq!(check_registration(uri, public), Ok(()), "{uri}");
        }
    }
    for uri in ["com.example.app:/cb", "com.example.app://cb", "com.example.app://host/cb"] {
        assert_eq!(check_registration(uri, true), Ok(()), "{uri}");
        assert!(check_registration(uri, false).unwrap_err().contains("public"), "{uri}");
    }
}

#[test]
fn what_may_not_be_registered() {
    let long = format!("https://app.example.com/{}", "x".repeat(2048));
    for uri in [
        "",
        "cb",
        "/cb",
        "//app.example.com/cb",
        "app.example.com/cb",
        "http://app.example.com/cb",
        "http://127.0.0.1.evil.example/cb",
        "http://10.0.0.1/cb",
        "https:app.example.com/cb",
        "https:/app.example.com/cb",
        "https:///app.example.com/cb",
        "https://",
        "https:///",
        "https://?x",
        "https://user@app.example.com/cb",
        "https://user:password@app.example.com/cb",
        "https://@app.example.com/cb",
        "https://app.example.com/cb#fragment",
        "https://app.example.com/cb#",
        "https://*.example.com/cb",
        "https://app.example.com/*",
        "https://app.example.com./cb",
        "https://app.example.com:/cb",
        "https://app.example.com:0/cb",
        "https://app.example.com:65536/cb",
        "https://app.example.com:x/cb",
        "https://app%2eexample.com/cb",
        "https://127.1/cb",
        "https://0x7f.1/cb",
        "https://2130706433/cb",
        "http://0177.0.0.1/cb",
        "https://münchen.example/cb",
        "https://app.example.com/ü",
        "https://app.example.com/a b",
        "https://app.example.com/\tcb",
        "https://app.example.com/cb\n",
        " https://app.example.com/cb",
        "https://app.example.com\\cb",
        "https:\\\\app.example.com/cb",
        "https://app.example.com/\"><script>",
        "https://app.example.com/./cb",
        "https://app.example.com/x/../cb",
        "https://app.example.com/x/%2e%2e/cb",
        "https://app.example.com/x/.%2E/cb",
        "https://app.example.com/..",
        "javascript:alert(1)",
        "JavaScript://app.example.com/%0aalert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://app.example.com/cb",
        "ws://app.example.com/cb",
        "blob:https://app.example.com/x",
        "about:blank",
        "myapp:/cb",
        "myapp://cb",
        "urn:ietf:wg:oauth:2.0:oob",
        "com.example.app:cb",
        "com..app:/cb",
        "com.example.app.:/cb",
        "com.example.app://user@host/cb",
        "com.example.app:/x/../cb",
        &long,
    ] {
        for public in [false, true] {
            assert!(check_registration(uri, public).is_err(), "{uri:?}");
        }
    }
}

#[test]
fn refusals_say_what_to_write() {
    let why = |uri: &str| check_registration(uri, false).unwrap_err();
    assert!(why("https://127.1/cb").contains("write the host as 127.0.0.1"));
    assert!(why("http://app.example.com/cb").contains("use https"));
    assert!(why("https://app.example.com/*").contains("in full"));
    assert!(why("https://user@app.example.com/cb").contains("user name"));
    assert!(why("app").contains("https://app.example.com/callback"));
}

proptest! {
    /// A registered address that a request repeats with anything changed, added or removed is another address.
    #[test]
    fn any_edit_is_another_address(at in any::<prop::sample::Index>(), edit in "[ -~]{0,4}", cut in 0..4_usize) {
        let own = "https://app.example.com/cb?x=1";
        let at = at.index(own.len());
        let end = (at + cut).min(own.len());
        let edited = format!("{}{edit}{}", &own[..at], &own[end..]);
        prop_assert_eq!(registered(&edited, &list(&[own]), true), edited == own);
    }

    /// On loopback only the port differs, whatever is tried.
    #[test]
    fn on_loopback_only_the_port(rest in "[ -~]{0,30}") {
        let given = format!("http://127.0.0.1{rest}");
        if registered(&given, &list(&["http://127.0.0.1:7/cb"]), true) {
            let url = url::Url::parse(&given).unwrap();
            prop_assert_eq!((url.host_str(), url.path(), url.query(), url.fragment()), (Some("127.0.0.1"), "/cb", None, None));
            prop_assert!(url.username().is_empty() && url.password().is_none());
        }
    }

    /// What may be registered is read by a browser's parser as written.
    #[test]
    fn registrable_addresses_are_unambiguous(uri in r"(https|http|com\.app)(:|:/|://|:///)[a-z0-9.:@\\/%\[\]?#*-]{0,30}") {
        if check_registration(&uri, true).is_ok() && uri.starts_with("http") {
            let url = url::Url::parse(&uri).unwrap();
            let host = url.host_str().unwrap();
            prop_assert!(uri.contains(&format!("://{host}")), "{} is read as {}", uri, url);
            prop_assert!(url.username().is_empty() && url.password().is_none() && url.fragment().is_none());
            prop_assert!(uri.contains(url.path()) || url.path() == "/");
        }
    }
}
