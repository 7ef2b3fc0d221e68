//! `POST /Bulk`: many operations in one request, each on its own, in an order in which what refers to something new comes
//! after it, for as long as there is time to answer.

use std::collections::{HashMap, HashSet, VecDeque};

use muster_scim::Error;
use muster_scim::message::{
    BulkOperation, BulkRequest, BulkResult, Method, bulk_response, resolve_bulk_ids, unresolved,
};
use muster_scim::server::Route;
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
    let names: HashSet<String> = request.operations.iter().filter_map(|o| o.bulk_id.clone()).collect();
    let mut results: Vec<Option<BulkResult>> = vec![None; request.operations.len()];
    let mut waiting: VecDeque<(usize, BulkOperation)> = request.operations.into_iter().enumerate().collect();
    let (mut made, mut errors, mut put_off, mut is_begun) = (HashMap::new(), 0, 0, false);
    // What cannot be resolved may be yet, as long as anything is still done in between. One is begun however late it is,
    // so that a request that is sent again comes further.
    while errors < most && put_off < waiting.len() && !(is_begun && s.is_late()) {
        let Some((place, operation)) = waiting.pop_front() else { break };
        let Ok(resolved) = resolve_bulk_ids(&operation, &made) else {
            put_off += 1;
            waiting.push_back((place, operation));
            continue;
        };
        (put_off, is_begun) = (0, true);
        let result = match one(s, &resolved).await {
            Ok(answer) => {
                if let (Some(name), Some(id)) = (&operation.bulk_id, &answer.id) {
                    made.insert(name.clone(), id.clone());
                }
                BulkResult {
                    method: operation.method,
                    bulk_id: operation.bulk_id,
                    location: answer.location.or_else(|| Some(format!("{}{}", s.base, resolved.path))),
                    version: answer.etag,
                    status: answer.status,
                    response: None,
                }
            }
            Err(error) => {
                errors += 1;
                failed(s, &resolved, &error)
            }
        };
        put(&mut results, place, result);
    }
    if errors < most {
        let left: Vec<&BulkOperation> = waiting.iter().map(|(_, operation)| operation).collect();
        // Where all were put off, time is not what they lack.
        let (why, more) = if put_off < waiting.len() {
            (vec![late(); left.len()], left.len())
        } else {
            (unresolved(&left, &names, &made), usize::try_from(most - errors).unwrap_or(usize::MAX))
        };
        for ((place, operation), error) in waiting.iter().zip(why).take(more) {
            put(&mut results, *place, failed(s, operation, &error));
        }
    }
    let results: Vec<BulkResult> = results.into_iter().flatten().collect();
    Ok(Answer::of(bulk_response(&results)))
}

fn late() -> Error {
    let words =
        "not done: the request took too long, send the rest again, with ids in place of the bulkIds of what was made";
    Error::status(503, words)
}

fn put(results: &mut [Option<BulkResult>], place: usize, result: BulkResult) {
    if let Some(slot) = results.get_mut(place) {
        *slot = Some(result);
    }
}

fn failed(s: &Service, operation: &BulkOperation, error: &Error) -> BulkResult {
    // RFC 7644 section 3.7.3: a POST that failed made nothing that would be anywhere. Nor is a reference an address.
    let is_somewhere = operation.method != Method::Post && !operation.path.contains("bulkId:");
    BulkResult {
        method: operation.method,
        bulk_id: operation.bulk_id.clone(),
        location: is_somewhere.then(|| format!("{}{}", s.base, operation.path)),
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
