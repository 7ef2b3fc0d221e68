//! The source's API, read only: one GET after another through the guard on outgoing requests, waiting when it says so, and
//! lists page by page though they move while they are read.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::header::{ACCEPT, RETRY_AFTER};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use muster_base::Secret;
use muster_http::Egress;
use muster_http::egress::{Call, EgressError};
use serde_json::Value;

/// JumpCloud.
pub(super) const DEFAULT_BASE_URL: &str = "https://console.jumpcloud.com";
/// Rows of a page that are asked for.
const LIMIT: usize = 100;
/// The longest wait that a source may ask for, in seconds; it is asked again then.
const WAIT_MAX_S: u64 = 60;
/// How often one request is made.
const ATTEMPTS: u32 = 6;
/// How often a list that moves is begun anew.
const RESTARTS: u32 = 5;
/// The longest list, in rows.
const ROWS_MAX: usize = 1_000_000;
/// How much of the source's own words is shown.
const WORDS_MAX: usize = 200;

/// Why the source could not be read, in words for an administrator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// There is no such thing there, or the key may not see it.
    Absent(u16, String),
    /// Nothing else can be read either.
    Broken(String),
}

impl Trouble {
    pub(crate) fn words(&self) -> &str {
        match self {
            Self::Absent(_, words) | Self::Broken(words) => words,
        }
    }
}

/// A source.
pub(crate) struct Client {
    egress: Egress,
    base: String,
    key: Secret,
    org: Option<String>,
    attempts: u32,
    requests: AtomicU64,
}

/// The address of a source without what people copy along: a slash, the API's own path.
pub(crate) fn base_url(given: Option<&str>) -> String {
    let given = given.map(str::trim).filter(|url| !url.is_empty()).unwrap_or(DEFAULT_BASE_URL);
    let url = given.trim_end_matches('/');
    let url = url.strip_suffix("/v2").map_or(url, |url| url.trim_end_matches('/'));
    url.strip_suffix("/api").unwrap_or(url).trim_end_matches('/').to_owned()
}

impl Client {
    /// A source as it is entered.
    pub(crate) fn new(egress: Egress, base: &str, key: Secret, org: Option<String>) -> Self {
        let base = base_url(Some(base));
        Self { egress, base, key, org, attempts: ATTEMPTS, requests: AtomicU64::new(0) }
    }

    /// One that asks once: somebody waits for the answer.
    pub(crate) fn once(mut self) -> Self {
        self.attempts = 1;
        self
    }

    /// The organization that is named in each request.
    pub(crate) fn name_organization(&mut self, id: String) {
        self.org = Some(id);
    }

    /// The organization that is named in each request.
    pub(crate) fn organization(&self) -> Option<&str> {
        self.org.as_deref()
    }

    /// Requests made.
    pub(crate) fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Reads one thing.
    pub(crate) async fn get(&self, path: &str) -> Result<(Value, HeaderMap), Trouble> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            let wait = match self.send(path).await {
                Ok(answer) => return Ok(answer),
                Err(Again { wait, trouble }) => match wait {
                    Some(wait) if attempt < self.attempts => wait,
                    _ => return Err(trouble),
                },
            };
            // Longer each time, where the source does not say how long.
            let doubled = Duration::from_millis(200 * 2_u64.pow(attempt.min(8)));
            tokio::time::sleep(wait.unwrap_or(doubled)).await;
        }
    }

    async fn send(&self, path: &str) -> Result<(Value, HeaderMap), Again> {
        let call = self.call(path).map_err(Again::never)?;
        self.requests.fetch_add(1, Ordering::Relaxed);
        let reply = match self.egress.call(call).await {
            Ok(reply) => reply,
            Err(error @ (EgressError::Slow(_) | EgressError::Unreachable(..))) => {
                return Err(Again { wait: Some(None), trouble: Trouble::Broken(error.to_string()) });
            }
            Err(error) => return Err(Again::never(error.to_string())),
        };
        let said = || self.said(&reply.body);
        match reply.status {
            200..=299 => {
                let body = serde_json::from_slice(&reply.body);
                let body =
                    body.map_err(|_| Again::never(format!("{path} did not answer JSON: is this the base URL?")))?;
                Ok((body, reply.headers))
            }
            429 | 500..=599 => {
                let wait = reply.headers.get(RETRY_AFTER).and_then(|v| v.to_str().ok()?.trim().parse().ok());
                let wait = wait.map(|s: u64| Duration::from_secs(s.min(WAIT_MAX_S)));
                let trouble = Trouble::Broken(format!("{path} answered {}: {}", reply.status, said()));
                Err(Again { wait: Some(wait), trouble })
            }
            401 => Err(Again::never(format!("the API key is not accepted: {}", said()))),
            status @ 400..=499 => {
                let words = format!("{path} answered {status}: {}", said());
                Err(Again { wait: None, trouble: Trouble::Absent(status, words) })
            }
            300..=399 => Err(Again::never(format!("{path} redirects: enter the address it leads to"))),
            status => Err(Again::never(format!("{path} answered {status}"))),
        }
    }

    /// Nothing but GET is ever sent.
    fn call(&self, path: &str) -> Result<Call, String> {
        let mut key = HeaderValue::from_str(self.key.expose()).map_err(|_| "the API key cannot stand in a header")?;
        key.set_sensitive(true);
        let mut headers =
            vec![(ACCEPT, HeaderValue::from_static("application/json")), (HeaderName::from_static("x-api-key"), key)];
        if let Some(org) = &self.org {
            let org = HeaderValue::from_str(org).map_err(|_| "the organization's id cannot stand in a header")?;
            headers.push((HeaderName::from_static("x-org-id"), org));
        }
        Ok(Call { method: Method::GET, url: format!("{}{path}", self.base), headers, body: None })
    }

    /// The source's own words, without our key should it repeat it.
    fn said(&self, body: &[u8]) -> String {
        let value: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = ["message", "error"].iter().find_map(|name| value.get(name)?.as_str());
        let text = text.unwrap_or("no reason was given").replace(self.key.expose(), "[key]");
        text.chars().filter(|c| !c.is_control()).take(WORDS_MAX).collect()
    }
}

/// A request that failed, and whether to make it again: not, or after the wait that was asked for.
struct Again {
    wait: Option<Option<Duration>>,
    trouble: Trouble,
}

impl Again {
    fn never(words: impl Into<String>) -> Self {
        Self { wait: None, trouble: Trouble::Broken(words.into()) }
    }
}

/// Reads a list page by page. Each page begins with the last row of the one before: where it does not, rows moved (something
/// was deleted meanwhile) and the list is read again from its beginning. Rows that were read before come again then.
pub(crate) struct Pages {
    path: String,
    seen: usize,
    last: Option<String>,
    limit: usize,
    total: Option<usize>,
    restarts: u32,
    done: bool,
}

/// The id of a row of v1, of v2, and of the graph.
pub(crate) fn row_id(row: &Value) -> Option<&str> {
    row.get("_id").or_else(|| row.get("id")).or_else(|| row.get("to")?.get("id"))?.as_str()
}

impl Pages {
    /// A list; `path` may have a query.
    pub(crate) fn new(path: impl Into<String>) -> Self {
        Self { path: path.into(), seen: 0, last: None, limit: LIMIT, total: None, restarts: 0, done: false }
    }

    /// How many there are, once a page was read and if the source says so.
    pub(crate) fn total(&self) -> Option<usize> {
        self.total
    }

    /// The next rows; none at the end.
    pub(crate) async fn next(&mut self, client: &Client) -> Result<Option<Vec<Value>>, Trouble> {
        while !self.done {
            let skip = if self.last.is_some() { self.seen - 1 } else { 0 };
            let sign = if self.path.contains('?') { '&' } else { '?' };
            let path = format!("{}{sign}limit={}&skip={skip}", self.path, self.limit);
            let (body, headers) = match client.get(&path).await {
                // Rows may be large: fewer at a time.
                Err(Trouble::Broken(words)) if words.contains("larger than") && self.limit > 2 => {
                    self.limit /= 4;
                    self.limit = self.limit.max(2);
                    continue;
                }
                other => other?,
            };
            let total = headers.get("x-total-count").and_then(|v| v.to_str().ok()?.parse().ok());
            if let Some(rows) = self.answered(&path, body, total)? {
                return Ok(Some(rows));
            }
        }
        Ok(None)
    }

    /// Takes an answer in: its new rows, or none when the list is begun anew. `total` is what its headers say. Pure.
    pub(super) fn answered(
        &mut self,
        path: &str,
        body: Value,
        total: Option<usize>,
    ) -> Result<Option<Vec<Value>>, Trouble> {
        let total = body.get("totalCount").and_then(Value::as_u64).and_then(|n| n.try_into().ok()).or(total);
        let rows = match body {
            Value::Array(rows) => rows,
            Value::Object(mut members) => match members.remove("results") {
                Some(Value::Array(rows)) => rows,
                _ => return Err(Trouble::Broken(format!("{path} did not answer a list"))),
            },
            _ => return Err(Trouble::Broken(format!("{path} did not answer a list"))),
        };
        if self.last.as_deref().is_some_and(|last| rows.first().and_then(row_id) != Some(last)) {
            self.restart(path)?;
            return Ok(None);
        }
        self.page(rows, total).map(Some)
    }

    /// Whether there is nothing more.
    #[cfg(any(test, fuzzing))]
    pub(super) fn is_done(&self) -> bool {
        self.done
    }

    fn page(&mut self, mut rows: Vec<Value>, total: Option<usize>) -> Result<Vec<Value>, Trouble> {
        if self.last.is_some() {
            rows.remove(0);
        }
        self.seen += rows.len();
        self.total = total;
        if self.seen > ROWS_MAX {
            return Err(Trouble::Broken(format!("{} has more than {ROWS_MAX} rows", self.path)));
        }
        // A short page is not the end: some sources give fewer rows than they are asked for.
        self.done = rows.is_empty() || total.is_some_and(|total| self.seen >= total);
        match rows.last().and_then(row_id) {
            Some(id) => self.last = Some(id.to_owned()),
            None => self.done = true,
        }
        Ok(rows)
    }

    fn restart(&mut self, path: &str) -> Result<(), Trouble> {
        self.restarts += 1;
        if self.restarts > RESTARTS {
            return Err(Trouble::Broken(format!("{path} keeps changing while it is read: try again later")));
        }
        (self.seen, self.last) = (0, None);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_copy_them() {
        for given in ["https://a.example", "https://a.example/", "https://a.example/api", "https://a.example/api/v2/"] {
            assert_eq!(base_url(Some(given)), "https://a.example", "{given}");
        }
        assert_eq!(base_url(Some(" ")), DEFAULT_BASE_URL);
        assert_eq!(base_url(None), DEFAULT_BASE_URL);
    }
}
