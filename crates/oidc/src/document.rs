//! Public documents with what caches need: their age, a name for their content, and 304 for who has it already. A document
//! is written once and kept as bytes until what it is made from is replaced. Never here: what a document says.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use axum::body::Bytes;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode, header};
use muster_base::Id;
use muster_directory::key;
use muster_directory::organization::Organization;
use muster_jose::JwkSet;
use serde::Serialize;

/// How long a document may be kept: less than a key's lead ([`key::LEAD_S`]).
const CACHE_CONTROL: &str = "public, max-age=900";
const _: () = assert!(900 < key::LEAD_S);
/// The most documents of a kind that are kept; beyond it all of them are written anew.
const KEPT_MAX: usize = 2_000;

/// A document as it is sent.
pub struct Document {
    body: Bytes,
    etag: String,
}

impl Document {
    /// Writes it.
    #[must_use]
    pub fn new(content: &impl Serialize) -> Self {
        let body = serde_json::to_vec(content).unwrap_or_default();
        let etag = format!("\"{}\"", hex::encode(&muster_base::digest(&body)[..16]));
        Self { body: body.into(), etag }
    }

    /// The answer to a request with these headers.
    pub fn answer(&self, headers: &HeaderMap, kind: &'static str) -> Response {
        let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let same = known.split(',').any(|one| one.trim().trim_start_matches("W/") == self.etag);
        let caching = [(header::CACHE_CONTROL, CACHE_CONTROL), (header::ETAG, &self.etag)];
        if same {
            return (StatusCode::NOT_MODIFIED, caching).into_response();
        }
        (caching, [(header::CONTENT_TYPE, kind)], self.body.clone()).into_response()
    }
}

/// A document and what it was made from.
struct Made<T> {
    from: Arc<T>,
    document: Arc<Document>,
}

/// The documents of one kind, by organization.
struct Kind<T>(RwLock<HashMap<Id, Made<T>>>);

impl<T> Default for Kind<T> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<T> Kind<T> {
    /// The document made from exactly this, else a new one.
    fn of<C: Serialize>(&self, org: Id, from: &Arc<T>, content: impl FnOnce() -> C) -> Arc<Document> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(made) = all.get(&org).filter(|made| Arc::ptr_eq(&made.from, from)) {
            return made.document.clone();
        }
        drop(all);
        let document = Arc::new(Document::new(&content()));
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT_MAX {
            all.clear();
        }
        all.insert(org, Made { from: from.clone(), document: document.clone() });
        document
    }
}

/// What is kept.
#[derive(Default)]
pub struct Documents {
    metadata: Kind<Organization>,
    keys: Kind<JwkSet>,
}

impl Documents {
    /// The metadata of an organization.
    pub fn metadata<C: Serialize>(
        &self,
        organization: &Arc<Organization>,
        content: impl FnOnce() -> C,
    ) -> Arc<Document> {
        self.metadata.of(organization.id, organization, content)
    }

    /// Its key set.
    pub fn keys(&self, org: Id, set: &Arc<JwkSet>) -> Arc<Document> {
        self.keys.of(org, set, || set.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_written_anew_when_what_it_is_made_from_is_replaced() {
        let (documents, org) = (Documents::default(), "0123456789abcdef01234567".parse().unwrap());
        let (one, other) = (Arc::new(JwkSet::default()), Arc::new(JwkSet::default()));
        let first = documents.keys(org, &one);
        assert!(Arc::ptr_eq(&first, &documents.keys(org, &one)));
        assert!(!Arc::ptr_eq(&first, &documents.keys(org, &other)));
    }
}
