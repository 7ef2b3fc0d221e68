//! `POST /.search`: a query in a body.

use muster_scim::message::SearchRequest;
use muster_scim::{Error, message::ListResponse};
use serde_json::Value;

use crate::answer::Answer;
use crate::service::Service;
use crate::{group, user};

/// The query that stands in a body.
///
/// # Errors
/// `invalidSyntax`.
pub(crate) fn parameters(body: &[u8]) -> Result<Vec<(String, String)>, Error> {
    Ok(SearchRequest::read(body)?.parameters)
}

/// Asks for people and groups together: people first. What only one of them knows is asked of that one alone.
///
/// # Errors
/// Those of both, when neither can be asked so.
pub(crate) async fn everywhere(s: &Service, asked: &[(String, String)]) -> Result<Answer, Error> {
    let number = |name: &str| {
        let found = asked.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).and_then(|(_, v)| v.trim().parse().ok());
        found.map(|n: i64| n.max(0))
    };
    if asked.iter().any(|(n, _)| n.eq_ignore_ascii_case("cursor")) {
        return Err(Error::invalid_value("cursor: ask /Users/.search and /Groups/.search for pages by cursor"));
    }
    let start = number("startIndex").unwrap_or(1).max(1);
    let count = number("count").unwrap_or(100).min(1000);
    let with = |start: i64, count: i64| {
        let other = |n: &str| !n.eq_ignore_ascii_case("startIndex") && !n.eq_ignore_ascii_case("count");
        let mut out: Vec<(String, String)> = asked.iter().filter(|(n, _)| other(n)).cloned().collect();
        out.push(("startIndex".into(), start.to_string()));
        out.push(("count".into(), count.to_string()));
        out
    };
    let people = user::list(s, &with(start, count)).await;
    let (mut resources, of_people) = match &people {
        Ok(answer) => parts(answer),
        Err(_) => (Vec::new(), 0),
    };
    let left = count - i64::try_from(resources.len()).unwrap_or(count);
    let groups = group::list(s, &with((start - of_people).max(1), left.max(0))).await;
    let (found, of_groups) = match (&groups, people) {
        (Ok(answer), _) => parts(answer),
        (Err(_), Ok(_)) => (Vec::new(), 0),
        (Err(_), Err(error)) => return Err(error),
    };
    resources.extend(found);
    let list = ListResponse {
        total: u64::try_from(of_people + of_groups).ok(),
        start_index: u64::try_from(start).ok(),
        items_per_page: Some(resources.len() as u64),
        resources,
        ..ListResponse::default()
    };
    Ok(Answer::of(list.json()))
}

fn parts(answer: &Answer) -> (Vec<Value>, i64) {
    let body = answer.body.as_ref();
    let resources = body.and_then(|b| b.get("Resources")).and_then(Value::as_array).cloned().unwrap_or_default();
    let total = body.and_then(|b| b.get("totalResults")).and_then(Value::as_i64).unwrap_or(0);
    (resources, total)
}
