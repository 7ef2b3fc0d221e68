//! What may come of an exchange. Class: token-exchange escalation.

use muster_oauth::ErrorCode::{InvalidRequest, InvalidScope, InvalidTarget};
use muster_oauth::Scope;
use muster_oauth::token_exchange::{ACCESS_TOKEN, ACTORS_MAX, Exchange, Subject, act, shrink};
use proptest::prelude::*;
use serde_json::json;

use crate::{code, params};

fn read(extra: &str) -> Result<Exchange, muster_oauth::Error> {
    Exchange::read(&params(&format!("subject_token=s&subject_token_type={ACCESS_TOKEN}&{extra}")))
}

#[test]
fn rfc8693_2_1_requests() {
    let exchange = read("audience=a&scope=x").unwrap();
    assert_eq!((exchange.subject_token.as_str(), exchange.audience.as_slice()), ("s", &["a".to_owned()][..]));
    assert!(!format!("{exchange:?}").contains("subject_token"));
    assert_eq!(read("resource=a").unwrap().audience, ["a"]);
    assert_eq!(read("resource=a&audience=a").unwrap().audience, ["a"]);
    assert_eq!(read("resource=a&audience=b&audience=c").unwrap().audience, ["b", "c", "a"]);
    assert_eq!(code(read("scope=\"")), InvalidScope);
    for extra in [
        "requested_token_type=x",
        "actor_token=x",
        &format!("actor_token_type={ACCESS_TOKEN}"),
        "actor_token=x&actor_token_type=y",
    ] {
        assert_eq!(code(read(extra)), InvalidRequest, "{extra}");
    }
    for raw in [
        "",
        "subject_token=s",
        &format!("subject_token_type={ACCESS_TOKEN}"),
        "subject_token=s&subject_token_type=urn:x",
    ] {
        assert_eq!(code(Exchange::read(&params(raw))), InvalidRequest, "{raw}");
    }
}

#[test]
fn rfc8693_4_1_actors() {
    let mut chain = act("a1", None).unwrap();
    assert_eq!(chain, json!({"sub": "a1"}));
    for n in 2..=ACTORS_MAX {
        chain = act(&format!("a{n}"), Some(&chain)).unwrap();
    }
    assert_eq!(chain["act"]["sub"], format!("a{}", ACTORS_MAX - 1));
    assert_eq!(code(act("one more", Some(&chain))), InvalidRequest);
}

fn scope() -> impl Strategy<Value = Scope> {
    prop::collection::vec(prop::sample::select(vec!["openid", "email", "reports", "admin", "offline_access"]), 0..5)
        .prop_map(|tokens| Scope::parse(&tokens.join(" ")).unwrap())
}

proptest! {
    #[test]
    fn token_exchange_escalation_nothing_grows(
        has in scope(),
        asks in prop::option::of(scope()),
        audience in prop::collection::vec("[abc]", 0..3),
        wants in prop::collection::vec("[abcd]", 0..3),
        ends in 0_i64..10_000,
        life in 0_i64..10_000,
        now in 0_i64..10_000,
    ) {
        let subject = Subject { scope: has, audience, expires_at_s: ends, act: None };
        let exchange = Exchange { subject_token: String::new(), actor_token: None, audience: wants, scope: asks };
        match shrink(&subject, &exchange, life, now) {
            Ok(exchanged) => {
                prop_assert!(exchanged.scope.is_subset_of(&subject.scope));
                prop_assert!(!exchanged.scope.contains("offline_access"));
                prop_assert!(exchanged.audience.iter().all(|one| subject.audience.contains(one)));
                prop_assert!(exchanged.expires_at_s <= subject.expires_at_s && exchanged.expires_at_s <= now + life);
            }
            Err(error) => prop_assert!(matches!(error.code, InvalidScope | InvalidTarget)),
        }
    }
}
