//! Member names are unique at every depth.

use muster_jose::json::object;
use proptest::prelude::*;

#[test]
fn repeated_names_are_refused_at_every_depth() {
    for text in
        [r#"{"a":1,"a":1}"#, r#"{"a":1,"\u0061":2}"#, r#"{"x":{"a":1,"a":2}}"#, r#"{"x":[{"a":1,"b":0,"a":2}]}"#]
    {
        assert!(object(text.as_bytes()).is_err(), "{text}");
    }
    assert!(object(br#"{"a":{"a":{"a":[{"a":1},{"a":2}]}}}"#).is_ok(), "the same name in different objects");
}

#[test]
fn only_one_object_and_nothing_after_it() {
    for text in
        ["", "[]", "1", "null", "\"a\"", "{} {}", "{}x", "{\"a\":1}\u{0}", "{\"a\":01}", "{'a':1}", "{\"a\":NaN}"]
    {
        assert!(object(text.as_bytes()).is_err(), "{text:?}");
    }
    assert!(object(b"{\"a\":\"\xff\"}").is_err(), "not UTF-8");
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(object(deep.as_bytes()).is_err(), "the depth is bounded");
}

proptest! {
    /// What it accepts, it reads as serde_json does.
    #[test]
    fn agrees_with_serde_json(text in r#"\{("[ab]":(1|-2|1\.5|true|null|"x"|\[1,\{"a":2\}\]),?){0,3}\}"#) {
        if let Ok(ours) = object(text.as_bytes()) {
            prop_assert_eq!(serde_json::Value::Object(ours), serde_json::from_str::<serde_json::Value>(&text).unwrap());
        }
    }

    #[test]
    fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = object(&bytes);
    }
}
