//! Each name once, everything bounded, everything UTF-8.

use crate::{code, params};
use muster_oauth::params::{MAX_BYTES, MAX_COUNT, MAX_NAME_BYTES, MAX_VALUE_BYTES};
use muster_oauth::{ErrorCode, Params};
use proptest::prelude::*;

#[test]
fn the_form_of_rfc_6749_appendix_b() {
    let read = params("+%25%26%2B%C2%A3%E2%82%AC=a&b=1+2%20%2b&&c&d=x=y&");
    let all: Vec<_> = read.iter().collect();
    assert_eq!(all, [(" %&+£€", "a"), ("b", "1 2 +"), ("c", ""), ("d", "x=y")]);
}

#[test]
fn a_parameter_without_a_value_counts_as_absent() {
    let read = params("scope=&state&code=x");
    assert_eq!((read.get("scope"), read.get("state"), read.get("code"), read.get("no")), (None, None, Some("x"), None));
    let missing = read.required("scope").unwrap_err();
    assert!(missing.description.contains("scope"), "the error names the parameter");
    assert_eq!(read.bounded("code", 0).unwrap_err().code, ErrorCode::InvalidRequest);
    assert_eq!(read.bounded("code", 1), Ok(Some("x")));
}

#[test]
fn repeated_names_are_refused() {
    for raw in ["a=1&a=2", "a=1&a=1", "a=&a=1", "a&a", "redirect_uri=x&b=1&redirect%5Furi=y", "unknown=1&unknown=2"] {
        assert_eq!(code(Params::parse(raw)), ErrorCode::InvalidRequest, "{raw}");
    }
    assert!(Params::parse("a=1&A=2").is_ok(), "names differ by case");
}

#[test]
fn what_may_be_there_several_times() {
    let read = params("resource=a&x=1&resource=b&resource=&audience=c&audience=d");
    assert_eq!(read.all("resource").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!((read.get("resource"), read.all("audience").count()), (Some("a"), 2));
    let again = params(&read.to_query());
    assert_eq!(again.all("resource").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(read.without(&["resource", "audience"]).to_query(), "x=1");
}

#[test]
fn broken_text_is_refused() {
    for raw in ["a=%", "a=%1", "a=%zz", "a=%+1", "a=%ff", "a=%C3", "a=%00", "%00=a", "a=\0", "%ED%A0%80=surrogate"] {
        assert_eq!(code(Params::parse(raw)), ErrorCode::InvalidRequest, "{raw:?}");
    }
}

#[test]
fn sizes_are_bounded() {
    let many = |n: usize| (0..n).map(|i| format!("p{i}=1")).collect::<Vec<_>>().join("&");
    assert!(Params::parse(&many(MAX_COUNT)).is_ok());
    assert!(Params::parse(&many(MAX_COUNT + 1)).is_err());
    assert!(Params::parse(&format!("a={}", "x".repeat(MAX_VALUE_BYTES))).is_ok());
    assert!(Params::parse(&format!("a={}", "x".repeat(MAX_VALUE_BYTES + 1))).is_err());
    assert!(Params::parse(&format!("{}=1", "n".repeat(MAX_NAME_BYTES + 1))).is_err());
    assert!(Params::parse(&"&".repeat(MAX_BYTES + 1)).is_err());
    assert_eq!(Params::parse("").unwrap().iter().count(), 0);
}

#[test]
fn debug_shows_names_only() {
    assert_eq!(format!("{:?}", params("client_secret=s3cret&code=c0de")), r#"{"client_secret", "code"}"#);
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(names in prop::collection::btree_map("[^\0]{1,8}", "[^\0]{0,20}", 0..6)) {
        let mut serializer = url::form_urlencoded::Serializer::new(String::new());
        serializer.extend_pairs(&names);
        let read = Params::parse(&serializer.finish()).unwrap();
        let expected: Vec<_> = names.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        prop_assert_eq!(read.iter().collect::<Vec<_>>(), expected);
        prop_assert_eq!(Params::parse(&read.to_query()).unwrap(), read);
    }
}
