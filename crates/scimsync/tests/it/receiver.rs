//! An application's SCIM service on loopback: people and groups in memory, quirks and faults as the test says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, Uri};
use muster_scim::reconcile::{Answer, HttpMethod, Outcome, Request};
use muster_scim::{Definition, Resource, Version};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};

use crate::fake::{Fake, Quirks};

/// What happens to one request besides the faults of the fake.
#[derive(Clone, Debug)]
pub enum Trick {
    /// Never answers.
    Hang,
    /// Answers this, whatever was asked.
    Say(u16, &'static str, Vec<(&'static str, String)>),
    /// Does it, and the connection ends before the answer.
    DoAndBreak,
    /// Does it when it is let, one request for each permit.
    Held(Arc<Semaphore>),
    /// Does it when so many requests are there at once.
    Crowd(Arc<Crowd>),
}

/// Of method, path and body: status and body, where it is not served.
pub type Says = Box<dyn Fn(&str, &str, &str) -> Option<(u16, &'static str)> + Send>;

/// Holds requests back until there are as many as it waits for; then until there are as many as it waits for next.
#[derive(Debug)]
pub struct Crowd {
    sizes: Mutex<(usize, VecDeque<usize>)>,
    let_in: watch::Sender<usize>,
}

impl Crowd {
    pub fn of(sizes: impl IntoIterator<Item = usize>) -> Arc<Self> {
        Arc::new(Self { sizes: Mutex::new((0, sizes.into_iter().collect())), let_in: watch::Sender::new(0) })
    }

    /// How many crowds were not there yet.
    pub fn left(&self) -> usize {
        self.sizes.lock().unwrap().1.len()
    }

    async fn comes(&self) {
        let mut gate = self.let_in.subscribe();
        let was = {
            let mut sizes = self.sizes.lock().unwrap();
            let (here, wanted) = &mut *sizes;
            let Some(first) = wanted.front() else { return };
            *here += 1;
            if *here >= *first {
                wanted.pop_front();
                *here = 0;
                self.let_in.send_modify(|crowd| *crowd += 1);
                return;
            }
            *gate.borrow()
        };
        gate.wait_for(|crowd| *crowd > was).await.unwrap();
    }
}

pub struct Inside {
    pub users: Fake,
    pub groups: Fake,
    pub tricks: VecDeque<Trick>,
    /// A trick for every request.
    pub always: Option<Trick>,
    /// What is answered to these requests, whatever is there.
    pub says: Option<Says>,
    /// The headers of each request.
    pub headers: Vec<HeaderMap>,
    /// The one that is believed.
    pub authorization: Option<String>,
    /// Requests that are there, and the most that ever were.
    pub here: usize,
    pub most: usize,
}

/// A request that is there.
struct Here(Receiver);

impl Drop for Here {
    fn drop(&mut self) {
        self.0.inside().here -= 1;
    }
}

#[derive(Clone)]
pub struct Receiver {
    pub address: String,
    inside: Arc<Mutex<Inside>>,
}

impl Receiver {
    pub async fn start(quirks: Quirks) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/scim/v2", listener.local_addr().unwrap());
        let inside = Inside {
            users: Fake::new(Definition::user(), quirks.clone()),
            groups: Fake::new(Definition::group(), quirks),
            tricks: VecDeque::new(),
            always: None,
            says: None,
            headers: Vec::new(),
            authorization: None,
            here: 0,
            most: 0,
        };
        let receiver = Self { address, inside: Arc::new(Mutex::new(inside)) };
        let router = Router::new().fallback(serve).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    pub fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap()
    }

    pub fn user(&self, name: &str) -> Option<Resource> {
        self.inside().users.of(name).cloned()
    }

    pub fn group(&self, name: &str) -> Option<Resource> {
        self.inside().groups.of(name).cloned()
    }

    /// Method and path of each call since the last time.
    pub fn calls(&self) -> Vec<String> {
        let mut inside = self.inside();
        let of = |fake: &mut Fake| std::mem::take(&mut fake.requests);
        let mut all = of(&mut inside.users);
        all.append(&mut of(&mut inside.groups));
        all.iter().map(|r| format!("{} {}", r.method.word(), r.target)).collect()
    }

    pub fn next(&self, trick: Trick) {
        self.inside().tricks.push_back(trick);
    }
}

async fn serve(
    State(receiver): State<Receiver>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let _here = Here(receiver.clone());
    let trick = {
        let mut inside = receiver.inside();
        inside.here += 1;
        inside.most = inside.most.max(inside.here);
        inside.headers.push(headers.clone());
        if let Some(wanted) = &inside.authorization
            && headers.get("authorization").and_then(|v| v.to_str().ok()) != Some(wanted)
        {
            return (StatusCode::UNAUTHORIZED, r#"{"detail":"who are you?"}"#).into_response();
        }
        inside.tricks.pop_front().or_else(|| inside.always.clone())
    };
    let said = {
        let inside = receiver.inside();
        let body = String::from_utf8_lossy(&body);
        inside.says.as_ref().and_then(|says| says(method.as_str(), uri.path(), &body))
    };
    if let Some((status, body)) = said {
        return (StatusCode::from_u16(status).unwrap(), body).into_response();
    }
    match trick {
        Some(Trick::Hang) => return std::future::pending().await,
        Some(Trick::Say(status, body, headers)) => {
            let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
            for (name, value) in headers {
                response.headers_mut().insert(name, value.parse().unwrap());
            }
            return response;
        }
        Some(Trick::DoAndBreak) => {
            answer(&receiver, &method, &uri, &headers, &body);
            panic!("the connection ends here");
        }
        Some(Trick::Crowd(crowd)) => crowd.comes().await,
        Some(Trick::Held(permits)) => permits.acquire().await.unwrap().forget(),
        None => {}
    }
    match answer(&receiver, &method, &uri, &headers, &body) {
        Outcome::Answered(answer) => shown(&answer),
        Outcome::Failed(_) => StatusCode::GATEWAY_TIMEOUT.into_response(),
    }
}

fn answer(receiver: &Receiver, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Outcome {
    let target = uri.path_and_query().unwrap().as_str().strip_prefix("/scim/v2").unwrap().to_owned();
    let method = match method.as_str() {
        "GET" => HttpMethod::Get,
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        _ => HttpMethod::Delete,
    };
    let body: Option<Value> = (!body.is_empty()).then(|| serde_json::from_slice(body).unwrap());
    // The fake speaks 2.0 alone.
    let is_1 = |b: &Value| b["schemas"][0] == "urn:scim:schemas:core:1.0";
    let body = body.map(|b| if is_1(&b) { Version::V1.answer(b) } else { b });
    let if_match = headers.get("if-match").map(|v| v.to_str().unwrap().to_owned());
    let request = Request { method, target, body, if_match };
    let mut inside = receiver.inside();
    match () {
        () if request.target.starts_with("/Users") => inside.users.send(&request),
        () if request.target.starts_with("/Groups") => inside.groups.send(&request),
        () => Outcome::Answered(Answer { status: 404, body: b"{}".to_vec(), ..Answer::default() }),
    }
}

fn shown(answer: &Answer) -> Response {
    let mut response = (StatusCode::from_u16(answer.status).unwrap(), answer.body.clone()).into_response();
    let headers = response.headers_mut();
    if let Some(seconds) = answer.retry_after_s {
        headers.insert("retry-after", seconds.into());
    }
    if let Some(location) = &answer.location {
        headers.insert("location", location.parse().unwrap());
    }
    response
}
