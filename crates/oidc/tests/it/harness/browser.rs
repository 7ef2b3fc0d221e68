//! A browser: its cookie, and the sign-ins behind it.

use std::sync::Mutex;

use axum::body::Body;
use http::Request;
use muster_base::Id;
use muster_directory::event::{Detail, Event};
use muster_directory::session::start::{self, Start};
use muster_directory::session::{Kind, Method, Session};
use muster_directory::user::User;

use tower::ServiceExt as _;

use super::{Answer, Org, Test, form};

/// The cookie's name on https.
const COOKIE: &str = "__Host-muster_browser";

/// A browser.
#[derive(Default)]
pub struct Browser {
    cookie: Mutex<Option<String>>,
    id: Mutex<Option<Id>>,
}

impl Browser {
    pub fn new() -> Self {
        Self::default()
    }

    /// What signing in does, without its pages.
    pub async fn sign_in(&self, t: &Test, org: &Org, user: &User) -> Session {
        self.sign_in_by(t, org, user, Method::Password).await
    }

    pub async fn sign_in_by(&self, t: &Test, org: &Org, user: &User, method: Method) -> Session {
        let id = *self.id.lock().unwrap();
        let browser = match (id, self.cookie()) {
            (None, Some(cookie)) => {
                let secret = muster_base::Secret::new(cookie);
                muster_directory::session::store::browser(&mut t.d.read(), &secret, t.clock.now()).await.unwrap()
            }
            (id, _) => id,
        };
        let event = Event {
            org: Some(org.id),
            id: t.d.env().id(),
            at: t.clock.now(),
            kind: "user_login_attempt".into(),
            user: Some(user.id),
            detail: Detail { success: true, ..Detail::default() },
        };
        let start = Start {
            browser,
            org: Some(org.id),
            kind: Kind::User,
            principal: user.id,
            method,
            idp: None,
            prefix: "192.0.2.0/24".into(),
            client_ip: "192.0.2.7".into(),
            user_agent: "Test/1".into(),
            event,
        };
        let started = start::start(&t.d, start).await.unwrap();
        *self.cookie.lock().unwrap() = Some(started.cookie.expose().to_owned());
        *self.id.lock().unwrap() = Some(started.session.browser);
        started.session
    }

    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap().clone()
    }

    /// The same at another node.
    pub async fn get_at(&self, node: &axum::Router, address: &str) -> Answer {
        let cookie = format!("{COOKIE}={}", self.cookie().unwrap());
        let request = Request::get(address).header("cookie", cookie).body(Body::empty()).unwrap();
        Answer::read(node.clone().oneshot(request).await.unwrap()).await
    }

    pub async fn get(&self, t: &Test, address: &str) -> Answer {
        let mut request = Request::get(address);
        if let Some(cookie) = self.cookie() {
            request = request.header("cookie", format!("{COOKIE}={cookie}"));
        }
        self.keep(t.send(request.body(Body::empty()).unwrap()).await)
    }

    pub async fn post(&self, t: &Test, address: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Answer {
        let mut request = form(address, fields, headers);
        if let Some(cookie) = self.cookie() {
            request.headers_mut().insert("cookie", format!("{COOKIE}={cookie}").parse().unwrap());
        }
        self.keep(t.send(request).await)
    }

    /// Keeps the cookie that an answer sets.
    fn keep(&self, answer: Answer) -> Answer {
        if let Some(value) = answer.header("set-cookie").strip_prefix(&format!("{COOKIE}=")) {
            *self.cookie.lock().unwrap() = value.split(';').next().map(str::to_owned);
            *self.id.lock().unwrap() = None;
        }
        answer
    }
}
