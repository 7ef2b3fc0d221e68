//! RFC 7009.

use crate::{code, params};
use muster_oauth::ErrorCode::InvalidRequest;
use muster_oauth::revoke::{Hint, Request};

#[test]
fn rfc7009_2_1() {
    let read = Request::read(&params("token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token")).unwrap();
    assert_eq!((read.token.as_str(), read.token_type_hint), ("45ghiukldjahdnhzdauz", Some(Hint::RefreshToken)));
    assert!(!format!("{read:?}").contains("45ghi"));
    let hint = |text: &str| Request::read(&params(&format!("token=x&token_type_hint={text}"))).unwrap().token_type_hint;
    assert_eq!((hint("access_token"), hint("pat"), hint("")), (Some(Hint::AccessToken), None, None));
    assert_eq!(code(Request::read(&params("token_type_hint=access_token"))), InvalidRequest);
    assert_eq!(code(Request::read(&params("token="))), InvalidRequest);
}
