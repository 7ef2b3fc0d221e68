//! The address at the provider.

use crate::{pairs, query};
use muster_oauth::discovery::Metadata;
use muster_oauth::relying_party::{AuthorizationParams, authorization_url};

fn params<'a>() -> AuthorizationParams<'a> {
    AuthorizationParams {
        client_id: "app",
        redirect_uri: "https://muster.example/oauth/callback",
        scope: "openid email",
        state: "s",
        nonce: "n",
        code_challenge: "c",
        login_hint: None,
        prompt: None,
        max_age_s: None,
        acr_values: None,
    }
}

#[test]
fn it_says_what_it_should() {
    let endpoint = |text: &str| Metadata { authorization_endpoint: Some(text.to_owned()), ..Metadata::default() };
    let fixed = [
        ("response_type", "code"),
        ("client_id", "app"),
        ("redirect_uri", "https://muster.example/oauth/callback"),
        ("scope", "openid email"),
        ("state", "s"),
        ("nonce", "n"),
        ("code_challenge", "c"),
        ("code_challenge_method", "S256"),
    ];
    let plain = authorization_url(&endpoint("https://id.example.com/auth"), &params()).unwrap();
    assert_eq!(query(&plain), pairs(&fixed));
    let more = AuthorizationParams {
        login_hint: Some("ana+x&y@example.com"),
        prompt: Some("login"),
        max_age_s: Some(0),
        acr_values: Some("a b"),
        ..params()
    };
    let with_query = authorization_url(&endpoint("https://id.example.com/auth?p=B2C_1"), &more).unwrap();
    let mut expected = pairs(&[("p", "B2C_1")]);
    expected.extend(pairs(&fixed));
    expected.extend(pairs(&[
        ("login_hint", "ana+x&y@example.com"),
        ("prompt", "login"),
        ("max_age", "0"),
        ("acr_values", "a b"),
    ]));
    assert_eq!(query(&with_query), expected);
    assert_eq!(authorization_url(&Metadata::default(), &params()), None);
}
