//! Reading what programs send: a form or a JSON object, each name once.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use http::{HeaderMap, header};
use muster_oauth::{Error, ErrorCode, Params};
use serde_json::{Map, Value};

/// The longest query to which a posted form is turned, in bytes: browsers and proxies take no longer addresses.
const QUERY_MAX_BYTES: usize = 16 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";

/// Whether the body says that it is a form.
pub fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM))
}

/// The parameters of a form (RFC 6749 section 3.2).
///
/// # Errors
/// `invalid_request` for another content type, a body that is too large or not UTF-8, and what [`Params`] refuses.
pub fn form(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Params, Error> {
    if !is_form(headers) {
        return Err(Error::invalid_request(format!("send the parameters as a form: content-type {FORM}")));
    }
    let body = body.map_err(|_| Error::invalid_request("the body is too large or could not be read"))?;
    let text = std::str::from_utf8(&body).map_err(|_| Error::invalid_request("the body is not UTF-8"))?;
    Params::parse(text)
}

/// The JSON object of a registration (RFC 7591 section 3.1).
///
/// # Errors
/// `invalid_client_metadata` for another content type, a body that is too large, and what is no object with unique names.
pub fn json(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<Map<String, Value>, Error> {
    let refuse = |why: &str| Error::new(ErrorCode::InvalidClientMetadata, why);
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
        return Err(refuse("send a JSON object: content-type application/json"));
    }
    let body = body.map_err(|_| refuse("the body is too large or could not be read"))?;
    muster_jose::json::object(&body).map_err(|_| refuse("the body must be a JSON object, each member once"))
}

/// The form as a query, for turning a POST into a GET.
///
/// # Errors
/// As [`form`]; `invalid_request` when it is longer than an address may be.
pub fn as_query(headers: &HeaderMap, body: Result<Bytes, BytesRejection>) -> Result<String, Error> {
    let query = form(headers, body)?.to_query();
    if query.len() > QUERY_MAX_BYTES {
        return Err(Error::invalid_request(format!("the parameters are longer than {QUERY_MAX_BYTES} bytes")));
    }
    Ok(query)
}

/// The `Authorization` header. One that is no text counts as a malformed one.
pub fn authorization(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION).map(|value| value.to_str().unwrap_or("malformed"))
}
