//! Sets of tokens that only shrink.

use crate::code;
use muster_oauth::{ErrorCode, Scope};
use proptest::prelude::*;

fn scope(text: &str) -> Scope {
    Scope::parse(text).unwrap()
}

#[test]
fn tokens_in_order_each_once() {
    let read = scope("openid email  openid profile ");
    assert_eq!(read.to_string(), "openid email profile");
    assert!(read.contains("email") && !read.contains("Email") && !read.contains("mail"));
    assert!(scope("").is_empty());
    assert_eq!(serde_json::to_string(&read).unwrap(), "\"openid email profile\"");
    assert_eq!(serde_json::from_str::<Scope>("\"openid\"").unwrap(), scope("openid"));
}

#[test]
fn characters_and_sizes() {
    for text in ["a\"b", "a\\b", "a\tb", "a\nb", "ü", "a\u{0}", &"x".repeat(5000)] {
        assert_eq!(code(Scope::parse(text)), ErrorCode::InvalidScope, "{text:?}");
    }
    let many: Vec<String> = (0..65).map(|i| format!("s{i}")).collect();
    assert_eq!(code(Scope::parse(&many.join(" "))), ErrorCode::InvalidScope);
    assert!(Scope::parse("urn:example:a https://api/x!#[]^_`~").is_ok());
}

#[test]
fn a_refresh_never_widens() {
    let granted = scope("openid email offline_access");
    assert_eq!(granted.shrink_to(None).unwrap(), granted);
    assert_eq!(granted.shrink_to(Some(&scope("email"))).unwrap(), scope("email"));
    assert_eq!(code(granted.shrink_to(Some(&scope("openid profile")))), ErrorCode::InvalidScope);
    assert_eq!(granted.intersection(&scope("profile offline_access openid")), scope("openid offline_access"));
}

proptest! {
    #[test]
    fn shrinking_gives_a_subset(a in "([a-d] ?){0,6}", b in "([a-d] ?){0,6}") {
        let (granted, asked) = (scope(&a), scope(&b));
        match granted.shrink_to(Some(&asked)) {
            Ok(less) => prop_assert!(less.is_subset_of(&granted) && less == asked),
            Err(_) => prop_assert!(!asked.is_subset_of(&granted)),
        }
        let both = granted.intersection(&asked);
        prop_assert!(both.is_subset_of(&granted) && both.is_subset_of(&asked));
    }
}
