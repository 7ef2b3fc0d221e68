//! What comes back, and the mix-up of RFC 9207.

use crate::{code, params};
use muster_oauth::ErrorCode::InvalidRequest;
use muster_oauth::relying_party::{Callback, IssProblem, Outcome, check_iss};

#[test]
fn a_code_or_an_error() {
    let read =
        Callback::read(&params("code=c&state=s&iss=https%3A%2F%2Fid.example.com&session_state=x&hd=example.com"))
            .unwrap();
    assert_eq!((read.state.as_str(), read.iss.as_deref()), ("s", Some("https://id.example.com")));
    assert_eq!(read.outcome, Outcome::Code("c".to_owned()));
    assert!(!format!("{read:?}").contains("\"c\""));
    let refused = Callback::read(&params("error=access_denied&error_description=no%0d%0away&state=s")).unwrap();
    let expected = Outcome::Refused { error: "access_denied".to_owned(), description: Some("no  way".to_owned()) };
    assert_eq!(refused.outcome, expected);
    for raw in ["", "code=c", "state=s", "code=c&state=", "code=c&error=x&state=s", "error=x"] {
        assert_eq!(code(Callback::read(&params(raw))), InvalidRequest, "{raw}");
    }
    let long = format!("state=s&error={0}&error_description={0}", "x".repeat(2000));
    let Outcome::Refused { error, description } = Callback::read(&params(&long)).unwrap().outcome else { panic!() };
    assert_eq!((error.len(), description.unwrap().len()), (100, 500));
}

#[test]
fn idp_mix_up() {
    let own = "https://id.example.com";
    assert_eq!(check_iss(Some(own), own, true), Ok(()));
    assert_eq!(check_iss(Some(own), own, false), Ok(()), "said although not announced");
    assert_eq!(check_iss(None, own, false), Ok(()));
    assert_eq!(check_iss(None, own, true), Err(IssProblem::Missing));
    for other in ["https://id.example.com/", "https://evil.example", "https://ID.example.com", ""] {
        for announced in [true, false] {
            assert!(matches!(check_iss(Some(other), own, announced), Err(IssProblem::Other { .. })), "{other}");
        }
    }
    let problem = check_iss(Some("https://evil.example"), own, true).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "the answer is by https://evil.example, but the sign-in was started at https://id.example.com"
    );
}
