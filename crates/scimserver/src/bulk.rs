//! `POST /Bulk`: many operations in one request, each on its own, in an order in which what refers to something new comes
//! after it.

use std::collections::{HashMap, VecDeque};

use muster_scim::message::{BulkOperation, BulkRequest, BulkResult, Method, bulk_response, resolve_bulk_ids};
use muster_scim::server::Route;
use muster_scim::{Error, ScimType};
use serde_json::Value;

use crate::answer::{Answer, missing};
use crate::service::Service;
use crate::{group, user};

/// Carries out a bulk request.
///
/// # Errors
/// As [`BulkRequest::read`]; what is wrong with one operation stands in its result.
pub(crate) async fn run(s: &Service, body: &[u8]) -> Result<Answer, Error> {
    let request = BulkRequest::read(body)?;
    let most = request.fail_on_errors.unwrap_or(u64::MAX);
    let mut results: Vec<Option<BulkResult>> = vec![None; request.operations.len()];
    let mut waiting: VecDeque<(usize, BulkOperation)> = request.operations.into_iter().enumerate().collect();
    let (mut made, mut errors, mut put_off) = (HashMap::new(), 0, 0);
    while let Some((place, operation)) = waiting.pop_front() {
        if errors >= most {
            break;
        }
        let resolved = match resolve_bulk_ids(&operation, &made) {
            Ok(resolved) => resolved,
            // It may come yet, as long as anything is still done in between.
            Err(_) if put_off < waiting.len() => {
                put_off += 1;
                waiting.push_back((place, operation));
                continue;
            }
            Err(name) => {
                let words = format!("nothing was made under the bulkId {:?}", muster_scim::error::shown(&name));
                let error = Error { status: 409, ..Error::new(ScimType::InvalidValue, words) };
                errors += 1;
                put(&mut results, place, failed(&operation, None, &error));
                continue;
            }
        };
        put_off = 0;
        let result = match one(s, &resolved).await {
            Ok(answer) => {
                if let (Some(name), Some(id)) = (&operation.bulk_id, &answer.id) {
                    made.insert(name.clone(), id.clone());
                }
                BulkResult {
                    method: operation.method,
                    bulk_id: operation.bulk_id.clone(),
                    location: answer.location.or_else(|| Some(format!("{}{}", s.base, resolved.path))),
                    version: answer.etag,
                    status: answer.status,
                    response: None,
                }
            }
            Err(error) => {
                errors += 1;
                let location = (operation.method != Method::Post).then(|| format!("{}{}", s.base, resolved.path));
                failed(&operation, location, &error)
            }
        };
        put(&mut results, place, result);
    }
    let results: Vec<BulkResult> = results.into_iter().flatten().collect();
    Ok(Answer::of(bulk_response(&results)))
}

fn put(results: &mut [Option<BulkResult>], place: usize, result: BulkResult) {
    if let Some(slot) = results.get_mut(place) {
        *slot = Some(result);
    }
}

fn failed(operation: &BulkOperation, location: Option<String>, error: &Error) -> BulkResult {
    BulkResult {
        method: operation.method,
        bulk_id: operation.bulk_id.clone(),
        location,
        version: None,
        status: error.status,
        response: Some(error.json()),
    }
}

async fn one(s: &Service, operation: &BulkOperation) -> Result<Answer, Error> {
    let route = Route::read(&operation.path).ok_or_else(missing)?;
    let data = operation.data.as_ref().map(Value::to_string).unwrap_or_default();
    let (data, version) = (data.as_bytes(), operation.version.as_deref());
    match (operation.method, route) {
        (Method::Post, Route::Users) => user::create(s, data, &[]).await,
        (Method::Put, Route::User(id)) => user::replace(s, &id, data, version, &[]).await,
        (Method::Patch, Route::User(id)) => user::patch(s, &id, data, version, &[]).await,
        (Method::Delete, Route::User(id)) => user::delete(s, &id, version).await,
        (Method::Post, Route::Groups) => group::create(s, data, &[]).await,
        (Method::Put, Route::Group(id)) => group::replace(s, &id, data, version, &[]).await,
        (Method::Patch, Route::Group(id)) => group::patch(s, &id, data, version, &[]).await,
        (Method::Delete, Route::Group(id)) => group::delete(s, &id, version).await,
        _ => Err(Error::status(405, "a bulk request makes, replaces, changes and deletes users and groups")),
    }
}
