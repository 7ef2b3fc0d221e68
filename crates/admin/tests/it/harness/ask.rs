//! One request and its answer. Every answer is held against the OpenAPI document.

use std::fmt::Debug;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

use super::document;

#[must_use = "a request is sent by expecting an answer"]
pub struct Ask<'r> {
    router: &'r Router,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
    pub body: Value,
}

impl<'r> Ask<'r> {
    pub fn new(router: &'r Router, method: &str, path: &str) -> Self {
        Self { router, method: method.into(), path: path.into(), headers: Vec::new(), body: Vec::new() }
    }

    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn key(mut self, key: &str) -> Self {
        self.headers.retain(|(name, _)| name != "x-api-key");
        self.header("x-api-key", key)
    }

    pub fn org(self, org: impl ToString) -> Self {
        self.header("x-org-id", org.to_string())
    }

    pub fn v2(self) -> Self {
        self.header("x-query-dsl", "v2")
    }

    pub fn json(self, body: Value) -> Self {
        self.raw("application/json", body.to_string().into_bytes())
    }

    pub fn raw(mut self, kind: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.header("content-type", kind)
    }

    /// The form of a logo.
    pub fn picture(self, bytes: &[u8]) -> Self {
        let mut body = b"--x\r\ncontent-disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\r\n".to_vec();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--x--\r\n");
        self.raw("multipart/form-data; boundary=x", body)
    }

    pub async fn send(self) -> Answer {
        let mut request = Request::builder().method(self.method.as_str()).uri(&self.path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(self.body)).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let answer = Answer { status: parts.status, headers: parts.headers, bytes, body };
        document::check(&self.method, &self.path, &answer);
        answer
    }

    /// Sends, and expects this status.
    pub async fn expect(self, status: u16) -> Answer {
        let asked = format!("{} {}", self.method, self.path);
        let answer = self.send().await;
        assert_eq!(answer.status.as_u16(), status, "{asked}: {}", String::from_utf8_lossy(&answer.bytes));
        answer
    }

    /// Sends, and expects success: the body.
    pub async fn ok(self) -> Value {
        let asked = format!("{} {}", self.method, self.path);
        let answer = self.send().await;
        let text = String::from_utf8_lossy(&answer.bytes);
        assert!(answer.status.is_success(), "{asked}: {} {text}", answer.status);
        answer.body
    }

    /// Sends, and expects wrong fields: their names.
    pub async fn fields(self) -> Vec<String> {
        let answer = self.expect(400).await;
        let fields = answer.body["fields"].as_array().cloned().unwrap_or_default();
        fields.iter().map(|f| f["field"].as_str().unwrap().to_owned()).collect()
    }
}

impl Answer {
    pub fn message(&self) -> &str {
        self.body["message"].as_str().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|v| v.to_str().unwrap())
    }
}

/// The id of an object, of v1 or v2.
pub fn id(object: &Value) -> String {
    let id = object.get("_id").or_else(|| object.get("id")).and_then(Value::as_str);
    id.unwrap_or_else(|| panic!("no id in {object}")).to_owned()
}

/// A member of each object of an array.
pub fn each<'a>(list: &'a Value, member: &str) -> Vec<&'a str> {
    list.as_array()
        .unwrap_or_else(|| panic!("not a list: {list}"))
        .iter()
        .map(|o| o[member].as_str().unwrap())
        .collect()
}
