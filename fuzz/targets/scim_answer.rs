//! What another server answers, and what a caller sends besides resources: read or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_scim::message::{BulkRequest, SearchRequest};
use muster_scim::receiver::Profile;
use muster_scim::reconcile::{Answer, Listing, Outcome, retry_after_s};
use muster_scim::schema::{Schema, ServiceProviderConfig};
use muster_scim::server::{Query, Route, read_cursor};
use muster_scim::version::Version;
use muster_scim::{Definition, Error, ListResponse};

fuzz_target!(|input: (u16, &str, &[u8])| {
    let (status, text, body) = input;
    assert!(Error::read(status, body).detail.chars().count() <= muster_scim::limits::SHOWN_CHARS_MAX + 1);
    let _ = (ListResponse::read(body), BulkRequest::read(body), SearchRequest::read(body));
    if let Ok(value) = serde_json::from_slice::<serde_json::Value>(body) {
        let _ = (ServiceProviderConfig::read(&value), Version::V1.answer(value.clone()));
        if let Ok(schema) = Schema::read(value) {
            let _ = Definition::user().discovered(vec![schema], &[]);
        }
    }
    let answer = Answer { status, body: body.to_vec(), ..Answer::default() };
    let _ = Listing::new(true).answered(&Outcome::Answered(answer), &Definition::user(), &Profile::default(), 0.5);
    let _ = (Route::read(text), read_cursor(text, 2), retry_after_s(text, i64::from(status)));
    let pairs = text.split('&').filter_map(|p| p.split_once('='));
    let _ = Query::read(pairs, &Definition::user());
});
