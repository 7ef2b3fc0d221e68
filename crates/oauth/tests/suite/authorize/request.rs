//! What a request may ask for, and with which code it is refused.

use crate::{code, params};
use muster_oauth::ErrorCode::{self, *};
use muster_oauth::authorize::{ClientRules, Delivery, Display, Prompt, Request, ResponseMode};

const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CONFIDENTIAL: ClientRules = ClientRules { public: false, pkce_required: false, code_allowed: true };
const PUBLIC: ClientRules = ClientRules { public: true, ..CONFIDENTIAL };

fn read(more: &str) -> Request {
    Request::read(&params(&format!("response_type=code&scope=openid&{more}")), &CONFIDENTIAL).unwrap()
}

fn refused(more: &str) -> ErrorCode {
    code(Request::read(&params(&format!("response_type=code&scope=openid&{more}")), &CONFIDENTIAL))
}

#[test]
fn the_least_and_the_most() {
    let least = read("");
    assert_eq!(
        (least.response_mode, least.prompt, least.max_age_s),
        (ResponseMode::default(), Prompt::default(), None)
    );
    assert_eq!((least.state, least.nonce, least.code_challenge), (None, None, None));
    let most = Request::read(
        &params(&format!(
            "response_type=code&scope=openid+email+profile&state=af0ifjsldkj&nonce=n-0S6_WzA2Mj&prompt=login+consent&max_age=300\
             &login_hint=ana%40example.com&id_token_hint=a.b.c&ui_locales=fr-CA+fr+en&display=popup&acr_values=mfa+pwd\
             &code_challenge={CHALLENGE}&code_challenge_method=S256&response_mode=form_post&claims_locales=ignored"
        )),
        &PUBLIC,
    )
    .unwrap();
    assert_eq!(most.scope.to_string(), "openid email profile");
    assert_eq!((most.state.as_deref(), most.nonce.as_deref()), (Some("af0ifjsldkj"), Some("n-0S6_WzA2Mj")));
    assert_eq!(most.prompt, Prompt { login: true, consent: true, ..Prompt::default() });
    assert_eq!((most.max_age_s, most.display), (Some(300), Some(Display::Popup)));
    assert_eq!((most.login_hint.as_deref(), most.id_token_hint.as_deref()), (Some("ana@example.com"), Some("a.b.c")));
    assert_eq!(
        (most.ui_locales.join(" "), most.acr_values.join(" ")),
        ("fr-CA fr en".to_owned(), "mfa pwd".to_owned())
    );
    assert_eq!(
        (most.code_challenge.as_deref(), most.response_mode),
        (Some(CHALLENGE), mode(Delivery::FormPost, false))
    );
}

#[test]
fn response_type_is_code_only() {
    let outcome = |raw: &str, rules| code(Request::read(&params(raw), &rules));
    for kind in ["token", "id_token", "code+id_token", "code+token", "none", "Code", "code+"] {
        assert_eq!(
            outcome(&format!("response_type={kind}&scope=openid"), CONFIDENTIAL),
            UnsupportedResponseType,
            "{kind}"
        );
    }
    assert_eq!(outcome("scope=openid", CONFIDENTIAL), InvalidRequest);
    let rules = ClientRules { code_allowed: false, ..CONFIDENTIAL };
    assert_eq!(outcome("response_type=code&scope=openid", rules), UnauthorizedClient);
}

#[test]
fn scope_contains_openid() {
    for scope in ["", "&scope=", "&scope=email", "&scope=OpenID", "&scope=openidx", "&scope=openid%00x"] {
        let Ok(params) = muster_oauth::Params::parse(&format!("response_type=code{scope}")) else { continue };
        assert_eq!(code(Request::read(&params, &CONFIDENTIAL)), InvalidScope, "{scope}");
    }
}

const fn mode(by: Delivery, signed: bool) -> ResponseMode {
    ResponseMode { by, signed }
}

#[test]
fn response_mode() {
    for (name, expected) in [
        ("query", mode(Delivery::Query, false)),
        ("fragment", mode(Delivery::Fragment, false)),
        ("form_post", mode(Delivery::FormPost, false)),
        ("jwt", mode(Delivery::Query, true)),
        ("query.jwt", mode(Delivery::Query, true)),
        ("fragment.jwt", mode(Delivery::Fragment, true)),
        ("form_post.jwt", mode(Delivery::FormPost, true)),
    ] {
        assert_eq!(read(&format!("response_mode={name}")).response_mode, expected, "{name}");
    }
    for name in ["web_message", "Query", "jwt.query", "fragment.JWT", "none"] {
        assert_eq!(refused(&format!("response_mode={name}")), InvalidRequest, "{name}");
    }
}

#[test]
fn claims_and_resources_are_read() {
    let read = read(
        "claims=%7B%22userinfo%22%3A%7B%22email%22%3Anull%7D%7D&resource=https://a/&resource=urn:b&resource=https://a/",
    );
    assert_eq!(read.claims.userinfo.len(), 1);
    assert_eq!(read.resource, ["https://a/", "urn:b"]);
    assert_eq!(refused("claims=%5B%5D"), InvalidRequest);
    assert_eq!(refused("resource=/a"), InvalidTarget);
}

#[test]
fn prompt_none_excludes_all_others() {
    assert_eq!(read("prompt=none").prompt, Prompt { none: true, ..Prompt::default() });
    assert_eq!(read("prompt=none+none").prompt, Prompt { none: true, ..Prompt::default() });
    assert_eq!(read("prompt=select_account").prompt, Prompt { select_account: true, ..Prompt::default() });
    assert_eq!(read("prompt=create+unknown").prompt, Prompt::default(), "later values are ignored");
    for prompt in ["none+login", "login+none", "none+unknown"] {
        assert_eq!(refused(&format!("prompt={prompt}")), InvalidRequest, "{prompt}");
    }
}

#[test]
fn max_age_is_a_number_of_seconds() {
    assert_eq!((read("max_age=0").max_age_s, read("max_age=4294967295").max_age_s), (Some(0), Some(u32::MAX)));
    for age in ["-1", "%2B1", "1.5", "1e3", "4294967296", "x", "0x10", "+1"] {
        assert_eq!(refused(&format!("max_age={age}")), InvalidRequest, "{age}");
    }
}

#[test]
fn pkce_downgrade() {
    let ok = format!("code_challenge={CHALLENGE}&code_challenge_method=S256");
    assert_eq!(read(&ok).code_challenge.as_deref(), Some(CHALLENGE));
    let bad = [
        format!("code_challenge={CHALLENGE}"),
        format!("code_challenge={CHALLENGE}&code_challenge_method="),
        format!("code_challenge={CHALLENGE}&code_challenge_method=plain"),
        format!("code_challenge={CHALLENGE}&code_challenge_method=s256"),
        "code_challenge_method=S256".to_owned(),
        "code_challenge=&code_challenge_method=S256".to_owned(),
        "code_challenge=short&code_challenge_method=S256".to_owned(),
        format!("code_challenge={CHALLENGE}A&code_challenge_method=S256"),
        format!("code_challenge={}%2B&code_challenge_method=S256", &CHALLENGE[..42]),
    ];
    for more in bad {
        assert_eq!(refused(&more), InvalidRequest, "{more}");
    }
    let without = params("response_type=code&scope=openid");
    assert_eq!(code(Request::read(&without, &PUBLIC)), InvalidRequest);
    assert_eq!(code(Request::read(&without, &ClientRules { pkce_required: true, ..CONFIDENTIAL })), InvalidRequest);
}

#[test]
fn parameters_with_codes_of_their_own() {
    assert_eq!(refused("request=a.b.c"), RequestNotSupported);
    assert_eq!(refused("request_uri=https://evil.example/r"), RequestUriNotSupported);
    assert_eq!(refused("registration=%7B%7D"), RegistrationNotSupported);
    // They are looked at first: they could carry everything else.
    assert_eq!(code(Request::read(&params("request=a.b.c"), &CONFIDENTIAL)), RequestNotSupported);
}

#[test]
fn wishes_are_bounded_not_refused() {
    assert_eq!(read("display=hologram").display, None);
    assert_eq!(read("ui_locales=de+%3Cscript%3E+en").ui_locales, ["de", "en"]);
    let many = (0..50).map(|i| format!("l{i}")).collect::<Vec<_>>().join("+");
    assert_eq!(read(&format!("ui_locales={many}")).ui_locales.len(), 16);
    assert_eq!(read(&format!("acr_values={many}")).acr_values.len(), 16);
    assert_eq!(refused(&format!("nonce={}", "x".repeat(1025))), InvalidRequest);
    assert_eq!(refused(&format!("login_hint={}", "x".repeat(513))), InvalidRequest);
}
