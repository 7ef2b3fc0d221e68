//! A browser: keeps cookies, fills in forms, says where a request comes from as browsers do. It follows no redirect by
//! itself, so that a test sees each step.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use http::{Method, Request, header};
use tower::ServiceExt;

use crate::{Form, Page};

/// The largest answer that is read.
const ANSWER_MAX_BYTES: usize = 4 * 1024 * 1024;

/// A browser in front of an app.
#[derive(Clone)]
pub struct Browser {
    app: Router,
    /// Name and value.
    pub cookies: BTreeMap<String, String>,
    /// Its address.
    pub ip: IpAddr,
    /// What is sent with each request.
    pub headers: Vec<(&'static str, String)>,
}

impl Browser {
    /// A browser without cookies at 192.0.2.7.
    #[must_use]
    pub fn new(app: &Router) -> Self {
        Self::at(app, "192.0.2.7")
    }

    /// A browser at an address.
    #[must_use]
    pub fn at(app: &Router, ip: &str) -> Self {
        let headers = vec![("user-agent", "Test/1".to_owned())];
        Self { app: app.clone(), cookies: BTreeMap::new(), ip: ip.parse().unwrap(), headers }
    }

    /// Opens an address.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, &[], None).await
    }

    /// Sends a form that this site's own page showed.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.post_from("same-origin", path, fields).await
    }

    /// Sends a form from a page of this `Sec-Fetch-Site`.
    pub async fn post_from(&mut self, from: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(Method::POST, path, &[("sec-fetch-site", from)], Some(encode(fields))).await
    }

    /// Fills in the first form of a page and sends it.
    pub async fn submit(&mut self, page: &Page, typed: &[(&str, &str)]) -> Page {
        let Form { action, fields } = page.form().filled(typed);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        self.post(&action, &fields).await
    }

    /// Sends anything.
    pub async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], form: Option<String>) -> Page {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "id.example.test");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
            request = request.header(header::COOKIE, pairs.join("; "));
        }
        if form.is_some() && !headers.iter().any(|(n, _)| n.eq_ignore_ascii_case("content-type")) {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request.extension(ConnectInfo(SocketAddr::new(self.ip, 40_000)));
        let request = request.body(form.map_or_else(Body::empty, Body::from)).unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(header::SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap_or_default();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        let body = to_bytes(body, ANSWER_MAX_BYTES).await.unwrap();
        Page { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
    }
}

fn encode(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
