//! A receiver in memory, with the quirks and faults of real ones. It reads PATCHes with the crate's own engine, in the
//! strict dialect.

use std::collections::VecDeque;

use muster_scim::patch::{Dialect, apply};
use muster_scim::receiver::{Lesson, Profile};
use muster_scim::reconcile::{After, Answer, Failure, HttpMethod, Outcome, Request, State, Step, Task};
use muster_scim::version::Version;
use muster_scim::{Definition, Error, Filter, ListResponse, PatchOp, Reading, Resource, ScimType};
use serde_json::{Value, json};

/// How it differs from the RFC.
#[derive(Clone, Debug, Default)]
pub struct Quirks {
    pub no_patch: bool,
    pub no_put: bool,
    pub no_filter: bool,
    pub ignores_filter: bool,
    pub no_external_id_filter: bool,
    pub no_value_paths: bool,
    pub no_delete: bool,
    pub patch_says_nothing: bool,
    pub create_says_nothing: bool,
    pub lower_cases: bool,
    pub ids_are_names: bool,
    pub wants_versions: bool,
    pub page_max: Option<usize>,
    pub nobody_is_404: bool,
}

/// What happens to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    TimeoutBefore,
    TimeoutAfter,
    ErrorBefore,
    ErrorAfter,
    SlowDown,
    Unavailable,
}

/// The receiver.
#[derive(Clone, Debug)]
pub struct Fake {
    pub definition: Definition,
    pub quirks: Quirks,
    pub faults: VecDeque<Fault>,
    pub resources: Vec<Resource>,
    pub requests: Vec<Request>,
    made: usize,
}

impl Fake {
    pub fn new(definition: Definition, quirks: Quirks) -> Self {
        Self { definition, quirks, faults: VecDeque::new(), resources: Vec::new(), requests: Vec::new(), made: 0 }
    }

    /// Puts a resource there as if somebody else had made it; its id.
    pub fn seed(&mut self, value: Value) -> String {
        let resource = self.definition.read(value, Reading::ANSWER).unwrap();
        self.insert(resource)
    }

    fn insert(&mut self, mut resource: Resource) -> String {
        self.made += 1;
        let name = resource.text("userName").or(resource.text("displayName")).unwrap_or_default().to_owned();
        let id = if self.quirks.ids_are_names { name } else { format!("r{}", self.made) };
        resource.0.insert("id".into(), json!(id));
        self.stamp(&mut resource);
        self.resources.push(resource);
        id
    }

    fn stamp(&mut self, resource: &mut Resource) {
        self.made += 1;
        resource.0.insert("meta".into(), json!({ "version": format!("W/\"{}\"", self.made) }));
        if self.quirks.lower_cases
            && let Some(name) = resource.text("userName").map(str::to_lowercase)
        {
            resource.0.insert("userName".into(), json!(name));
        }
    }

    pub fn send(&mut self, request: &Request) -> Outcome {
        self.requests.push(request.clone());
        match self.faults.pop_front().unwrap_or(Fault::None) {
            Fault::None => Outcome::Answered(self.serve(request)),
            Fault::TimeoutBefore => Outcome::Failed(Failure::Timeout),
            Fault::TimeoutAfter => {
                self.serve(request);
                Outcome::Failed(Failure::Timeout)
            }
            Fault::ErrorBefore => status(500, "boom"),
            Fault::ErrorAfter => {
                self.serve(request);
                status(500, "boom")
            }
            Fault::SlowDown => Outcome::Answered(Answer { status: 429, retry_after_s: Some(7), ..Answer::default() }),
            Fault::Unavailable => status(503, "later"),
        }
    }

    fn serve(&mut self, request: &Request) -> Answer {
        match self.handle(request) {
            Ok(answer) => answer,
            Err(error) => said(error.status, &error.json()),
        }
    }

    fn handle(&mut self, request: &Request) -> Result<Answer, Error> {
        let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
        let rest =
            path.strip_prefix(self.definition.endpoint.as_str()).ok_or(Error::status(404, "no such endpoint"))?;
        let Some(id) = rest.strip_prefix('/').map(decoded) else {
            return match request.method {
                HttpMethod::Get => self.list(query),
                HttpMethod::Post => self.create(request.body.clone().unwrap()),
                _ => Err(Error::status(405, "no")),
            };
        };
        let place = self.resources.iter().position(|r| r.id() == Some(&id)).ok_or(Error::status(404, "gone"))?;
        if self.quirks.wants_versions && request.method != HttpMethod::Get {
            match &request.if_match {
                None => return Err(Error::status(428, "say which version")),
                Some(v) if Some(v.as_str()) != self.resources[place].version() => {
                    return Err(Error::status(412, "stale"));
                }
                Some(_) => {}
            }
        }
        match request.method {
            HttpMethod::Get => Ok(said(200, &Value::from(self.resources[place].clone()))),
            HttpMethod::Delete if self.quirks.no_delete => Err(Error::status(405, "no DELETE")),
            HttpMethod::Delete => {
                self.resources.remove(place);
                Ok(Answer { status: 204, ..Answer::default() })
            }
            HttpMethod::Put if self.quirks.no_put => Err(Error::status(405, "no PUT")),
            HttpMethod::Patch if self.quirks.no_patch => Err(Error::status(501, "no PATCH")),
            HttpMethod::Put => {
                let sent = self.definition.read(request.body.clone().unwrap(), Reading::REQUEST)?;
                self.replace(place, sent)
            }
            HttpMethod::Patch => {
                let body = serde_json::to_vec(request.body.as_ref().unwrap()).unwrap();
                let patch = PatchOp::read(&body)?;
                let filtered = |p: &String| p.contains('[');
                if self.quirks.no_value_paths && patch.operations.iter().any(|o| o.path.as_ref().is_some_and(filtered))
                {
                    return Err(Error::invalid_path("filters in paths are not supported"));
                }
                let after = apply(&self.resources[place], &patch, &self.definition, Dialect::STRICT)?;
                self.replace(place, after)
            }
            HttpMethod::Post => Err(Error::status(405, "no")),
        }
    }

    fn replace(&mut self, place: usize, mut after: Resource) -> Result<Answer, Error> {
        let id = self.resources[place].id().unwrap().to_owned();
        self.free(&after, Some(&id))?;
        after.0.insert("id".into(), json!(id));
        self.stamp(&mut after);
        self.resources[place] = after.clone();
        let silent = self.quirks.patch_says_nothing;
        Ok(if silent { Answer { status: 204, ..Answer::default() } } else { said(200, &Value::from(after)) })
    }

    fn create(&mut self, body: Value) -> Result<Answer, Error> {
        let sent = self.definition.read(body, Reading::REQUEST)?;
        self.definition.check_required(&sent)?;
        self.free(&sent, None)?;
        let id = self.insert(sent);
        let made = self.resources.last().cloned().unwrap();
        if self.quirks.create_says_nothing {
            let location = Some(format!("https://there.example/scim{}/{id}", self.definition.endpoint));
            return Ok(Answer { status: 201, location, ..Answer::default() });
        }
        Ok(said(201, &Value::from(made)))
    }

    fn free(&self, resource: &Resource, but: Option<&str>) -> Result<(), Error> {
        let name = |r: &Resource| r.text("userName").map(str::to_lowercase);
        let taken = |r: &&Resource| r.id() != but && name(r).is_some() && name(r) == name(resource);
        match self.resources.iter().find(taken) {
            Some(_) => Err(Error::new(ScimType::Uniqueness, "userName is taken")),
            None => Ok(()),
        }
    }

    fn list(&self, query: &str) -> Result<Answer, Error> {
        let value = |name: &str| query.split('&').find_map(|p| p.strip_prefix(name)?.strip_prefix('=')).map(decoded);
        let mut found: Vec<&Resource> = self.resources.iter().collect();
        if let Some(text) = value("filter").filter(|_| !self.quirks.ignores_filter) {
            if self.quirks.no_filter || self.quirks.no_external_id_filter && text.starts_with("externalId") {
                return Err(Error::new(ScimType::InvalidFilter, "filters are not supported"));
            }
            let filter: Filter = text.parse().map_err(Error::from)?;
            found.retain(|r| filter.matches(&r.0, &self.definition));
            if found.is_empty() && self.quirks.nobody_is_404 {
                return Err(Error::status(404, "nobody"));
            }
        }
        let start = value("startIndex").and_then(|v| v.parse::<usize>().ok()).unwrap_or(1).max(1);
        let count = value("count").and_then(|v| v.parse().ok()).unwrap_or(100).min(self.quirks.page_max.unwrap_or(100));
        let total = found.len() as u64;
        let resources: Vec<Value> = found.into_iter().skip(start - 1).take(count).map(|r| r.clone().into()).collect();
        let list =
            ListResponse { total: Some(total), start_index: Some(start as u64), resources, ..ListResponse::default() };
        Ok(said(200, &list.json()))
    }

    /// The one of this user name.
    pub fn of(&self, name: &str) -> Option<&Resource> {
        let is =
            |r: &&Resource| r.text("userName").or(r.text("displayName")).is_some_and(|n| n.eq_ignore_ascii_case(name));
        let found: Vec<_> = self.resources.iter().filter(is).collect();
        assert!(found.len() < 2, "{name} is there {} times", found.len());
        found.first().copied()
    }
}

pub fn said(status: u16, body: &Value) -> Answer {
    Answer { status, body: serde_json::to_vec(body).unwrap(), ..Answer::default() }
}

fn status(status: u16, words: &str) -> Outcome {
    Outcome::Answered(said(status, &Error::status(status, words).json()))
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' && after.len() >= 2 {
            let hex = std::str::from_utf8(&after[..2]).unwrap();
            bytes.push(u8::from_str_radix(hex, 16).unwrap());
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// How a run ended.
#[derive(Debug, PartialEq)]
pub enum End {
    Done(String),
    GaveUp(String),
    Stopped(String),
}

/// Makes the task for a profile and hands it on.
pub type WithTask<'t> = &'t dyn Fn(&Profile, &mut dyn FnMut(&Task<'_>));

/// Drives one object to its end as the server part does: the state is stored before each request, as JSON; what is
/// learnt changes the profile; waits are over at once.
pub fn drive(fake: &mut Fake, profile: &mut Profile, state: &mut State, task: WithTask<'_>) -> End {
    for _ in 0..200 {
        let mut end = None;
        let current = profile.clone();
        let mut lesson: Option<Lesson> = None;
        task(&current, &mut |task| {
            let request = match task.next(state) {
                Step::Done(words) => {
                    end = Some(End::Done(words));
                    return;
                }
                Step::Send(request) => request,
            };
            *state = serde_json::from_str(&serde_json::to_string(state).unwrap()).unwrap();
            let outcome = fake.send(&request);
            match task.answered(state, &outcome, 0.5) {
                After::Continue | After::Wait { .. } => {}
                After::Done(words) => end = Some(End::Done(words)),
                After::GiveUp(words) | After::Ask(words) => end = Some(End::GaveUp(words)),
                After::Stop(words) => end = Some(End::Stopped(words)),
                After::Learn(learnt) => lesson = Some(learnt),
            }
        });
        if let Some(end) = end {
            return end;
        }
        if let Some(lesson) = lesson {
            *profile = profile.clone().learnt(lesson);
        }
    }
    panic!("no end: {state:?} {:?}", fake.requests.iter().map(|r| (r.method, &r.target)).collect::<Vec<_>>());
}

/// A profile of this version.
pub fn version_1() -> Profile {
    Profile { version: Version::V1, ..Profile::default() }
}
