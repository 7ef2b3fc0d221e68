//! *Test Connection*: reads first; with a test user's e-mail given it also makes a user, and with groups a group, tries
//! what will be needed, and takes both away again. Whatever goes wrong after something was made, it is taken away.

use serde_json::{Value, json};

use super::profile::{Lesson, Profile, UpdateBy};
use super::report::{Report, Verdict};
use crate::message::{ListResponse, Operation, PatchOp};
use crate::patch::MemberChange;
use crate::reconcile::{Answer, HttpMethod, MemberNext, MemberTask, Outcome, Request, Trouble, encoded, lookup};
use crate::resource::{Reading, Resource};
use crate::schema::{Definition, ServiceProviderConfig};

/// What the test is to try.
#[derive(Clone, Debug)]
pub struct ProbeInput {
    /// The profile so far.
    pub profile: Profile,
    /// *Test User Email*; without it nothing is written.
    pub test_email: Option<String>,
    /// Whether groups are to be managed.
    pub groups: bool,
    /// A name for the test group that nobody has.
    pub group_name: String,
}

/// The steps, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Config,
    List,
    ListGroups,
    Find,
    CreateUser,
    ReadUser,
    Deactivate,
    CreateGroup,
    AddMember,
    DeleteGroup,
    DeleteUser,
    LeaveUser,
    End,
}

/// A test in progress.
#[derive(Clone, Debug)]
pub struct Probe {
    input: ProbeInput,
    at: At,
    user: Option<Resource>,
    user_id: Option<String>,
    group_id: Option<String>,
    report: Report,
}

impl Probe {
    /// A test.
    #[must_use]
    pub fn new(input: ProbeInput) -> Self {
        Self { input, at: At::Config, user: None, user_id: None, group_id: None, report: Report::default() }
    }

    /// What was found, and the profile with what was learnt; complete once [`Probe::next`] says nothing more.
    #[must_use]
    pub fn finish(self) -> (Report, Profile) {
        (self.report, self.input.profile)
    }

    /// The next request; none when the test is over.
    #[must_use]
    pub fn next(&self) -> Option<Request> {
        let profile = &self.input.profile;
        let email = self.input.test_email.as_deref().unwrap_or_default();
        let user = || format!("/Users/{}", encoded(self.user_id.as_deref().unwrap_or_default()));
        let group = || format!("/Groups/{}", encoded(self.group_id.as_deref().unwrap_or_default()));
        Some(match self.at {
            At::Config => Request::new(HttpMethod::Get, profile.version.config_path()),
            At::List => Request::new(HttpMethod::Get, "/Users?startIndex=1&count=1"),
            At::ListGroups => Request::new(HttpMethod::Get, "/Groups?startIndex=1&count=1"),
            At::Find => lookup("/Users", "userName", email),
            At::CreateUser => {
                let body = profile.version.request(&test_user(email), &Definition::user());
                Request::new(HttpMethod::Post, "/Users").with(body)
            }
            At::ReadUser => Request::new(HttpMethod::Get, user()),
            At::Deactivate | At::LeaveUser if profile.update_by() == UpdateBy::Put => {
                let mut resource = self.user.clone().unwrap_or_else(|| test_user(email));
                resource.0.insert("active".into(), Value::Bool(false));
                let mut body = profile.version.request(&resource, &Definition::user());
                body["id"] = json!(self.user_id);
                Request::new(HttpMethod::Put, user()).with(body)
            }
            At::Deactivate | At::LeaveUser => {
                let patch = PatchOp { operations: vec![Operation::replace("active", json!(false))] };
                Request::new(HttpMethod::Patch, user()).with(patch.json())
            }
            At::CreateGroup => {
                let body =
                    profile.version.request(&crate::mapping::group(&self.input.group_name, None), &Definition::group());
                Request::new(HttpMethod::Post, "/Groups").with(body)
            }
            At::AddMember => match self.members(|task| task.next(0)) {
                MemberNext::Send(request) => request,
                MemberNext::Done => return None,
            },
            At::DeleteGroup => Request::new(HttpMethod::Delete, group()),
            At::DeleteUser => Request::new(HttpMethod::Delete, user()),
            At::End => return None,
        })
    }

    fn members<T>(&self, run: impl FnOnce(&MemberTask<'_>) -> T) -> T {
        let id = self.user_id.clone().unwrap_or_default();
        let change = MemberChange { add: vec![id.clone()], remove: Vec::new() };
        run(&MemberTask {
            profile: &self.input.profile,
            group_id: self.group_id.as_deref().unwrap_or_default(),
            name: &self.input.group_name,
            change: &change,
            all: &[id],
        })
    }

    /// Takes the outcome of the request that [`Probe::next`] gave.
    pub fn answered(&mut self, outcome: &Outcome) {
        let answer = match outcome.sorted() {
            Ok(answer) => answer.clone(),
            Err(Trouble::Connection(words)) => return self.failed(words),
            // A receiver without the document may answer anything there.
            Err(Trouble::Passing { words, .. }) if self.at == At::Config => {
                self.report.add(self.step(), Verdict::Noted, format!("not told ({words}): it is found out by trying"));
                self.at = At::List;
                return;
            }
            Err(Trouble::Passing { words, .. }) => return self.failed(words),
        };
        let ok = (200..=299).contains(&answer.status);
        match self.at {
            At::Config => self.config(&answer, ok),
            At::List | At::ListGroups => self.listed(&answer, ok),
            At::Find => self.searched(&answer, ok),
            At::CreateUser => self.user_made(&answer, ok),
            At::ReadUser => self.user_read(&answer, ok),
            At::Deactivate => self.deactivated(&answer, ok),
            At::CreateGroup => self.group_made(&answer, ok),
            At::AddMember => {
                if ok {
                    self.pass("the test user is a member", At::DeleteGroup);
                } else if self.input.profile.update == UpdateBy::Patch && matches!(answer.status, 405 | 501) {
                    self.learn(Lesson::PatchRefused, At::AddMember);
                } else {
                    self.failed(said(&answer));
                }
            }
            At::DeleteGroup => self.removed(&answer, ok, At::DeleteUser),
            At::DeleteUser => self.removed(&answer, ok, At::End),
            At::LeaveUser => {
                let words =
                    if ok { "the test user is left behind, not active" } else { "the test user is left behind" };
                self.report.add("Clean up", Verdict::Noted, words);
                self.at = At::End;
            }
            At::End => {}
        }
    }

    fn step(&self) -> &'static str {
        match self.at {
            At::Config => "Read what the receiver says of itself",
            At::List => "List users",
            At::ListGroups => "List groups",
            At::Find => "Look up the test user",
            At::CreateUser => "Create the test user",
            At::ReadUser => "Read the test user",
            At::Deactivate => "Deactivate the test user",
            At::CreateGroup => "Create a test group",
            At::AddMember => "Add the test user to the test group",
            At::DeleteGroup => "Delete the test group",
            At::DeleteUser | At::LeaveUser | At::End => "Delete the test user",
        }
    }

    fn pass(&mut self, words: impl Into<String>, next: At) {
        self.report.add(self.step(), Verdict::Passed, words);
        self.at = next;
    }

    fn learn(&mut self, lesson: Lesson, next: At) {
        self.report.add(self.step(), Verdict::Noted, lesson.words());
        self.input.profile = self.input.profile.clone().learnt(lesson);
        self.at = next;
    }

    /// Ends the test; what was made is taken away first.
    fn failed(&mut self, words: impl Into<String>) {
        self.report.add(self.step(), Verdict::Failed, words);
        self.at = match self.at {
            At::DeleteUser | At::LeaveUser | At::End => At::End,
            _ if self.group_id.is_some() && self.at != At::DeleteGroup => At::DeleteGroup,
            _ if self.user_id.is_some() => At::DeleteUser,
            _ => At::End,
        };
    }

    fn config(&mut self, answer: &Answer, ok: bool) {
        match answer.json().filter(|v| ok && v.is_object()) {
            Some(value) => {
                let config = ServiceProviderConfig::read(&value);
                self.input.profile = self.input.profile.clone().told(&config);
                let says = |name: &str, there: bool| format!("{name} {}", if there { "yes" } else { "no" });
                let words = [
                    says("PATCH", config.patch.supported),
                    says("filters", config.filter.supported),
                    says("ETags", config.etag.supported),
                    says("bulk", config.bulk.supported),
                ];
                self.pass(format!("it says: {}", words.join(", ")), At::List);
            }
            None if answer.status == 403 => self.failed(format!("the token may not read it: {}", said(answer))),
            None => {
                let words = format!("not told ({}): it is found out by trying", answer.status);
                self.report.add(self.step(), Verdict::Noted, words);
                self.at = At::List;
            }
        }
    }

    fn listed(&mut self, answer: &Answer, ok: bool) {
        let is_users = self.at == At::List;
        let write = if self.input.test_email.is_some() { At::Find } else { At::End };
        let next = if is_users && self.input.groups { At::ListGroups } else { write };
        match ListResponse::read(&answer.body) {
            Ok(list) if ok => {
                let total = list.total.map_or("an unknown number".to_owned(), |t| t.to_string());
                // What was learnt before may have been learnt from somebody on the way.
                self.input.profile.groups |= !is_users;
                self.pass(format!("the address and the token are right; {total} are there"), next);
            }
            _ if !is_users && matches!(answer.status, 404 | 405 | 501) => self.learn(Lesson::NoGroups, write),
            Err(error) if ok => self.failed(error.detail),
            _ if answer.status == 404 => self.failed("there is nothing at this address (404): check the Base URL"),
            _ => self.failed(said(answer)),
        }
    }

    fn searched(&mut self, answer: &Answer, ok: bool) {
        let list = ListResponse::read(&answer.body).ok().filter(|_| ok);
        let email = self.input.test_email.clone().unwrap_or_default().to_lowercase();
        let named = |v: &Value| {
            let name = v.as_object().and_then(|m| crate::schema::member(m, "userName")).and_then(Value::as_str);
            name.is_some_and(|n| n.to_lowercase() == email)
        };
        match list {
            Some(list) if list.resources.iter().any(named) => {
                self.failed(
                    "there is an account of this name already, and it is not touched: give another test e-mail",
                );
            }
            Some(list) if !list.resources.is_empty() => self.learn(Lesson::FilterRefused, At::CreateUser),
            Some(_) => self.pass("filters work, and nobody has this name", At::CreateUser),
            None if matches!(answer.status, 400 | 404 | 405 | 422 | 501) => {
                self.learn(Lesson::FilterRefused, At::CreateUser)
            }
            None => self.failed(said(answer)),
        }
    }

    fn user_made(&mut self, answer: &Answer, ok: bool) {
        let made = self.canonical(answer, &Definition::user());
        match made.as_ref().and_then(Resource::id).filter(|_| ok) {
            Some(id) => {
                self.user_id = Some(id.to_owned());
                self.pass(format!("created ({})", answer.status), At::ReadUser);
            }
            None if ok => self.failed("the answer names no id: the test user has to be removed by hand"),
            None if answer.status == 409 => {
                self.failed("there is an account of this name already: give another test e-mail")
            }
            None => self.failed(said(answer)),
        }
    }

    fn user_read(&mut self, answer: &Answer, ok: bool) {
        let theirs = self.canonical(answer, &Definition::user());
        match theirs.filter(|t| ok && t.id() == self.user_id.as_deref()) {
            Some(theirs) => {
                self.user = Some(theirs);
                self.pass("it is there as it was sent", At::Deactivate);
            }
            None if ok => self.failed("the receiver answered with another account than was asked for"),
            None => self.failed(said(answer)),
        }
    }

    fn deactivated(&mut self, answer: &Answer, ok: bool) {
        let by_put = self.input.profile.update_by() == UpdateBy::Put;
        let next = if self.input.groups && self.input.profile.groups { At::CreateGroup } else { At::DeleteUser };
        match answer.status {
            _ if ok => self.pass(format!("{} works ({})", if by_put { "PUT" } else { "PATCH" }, answer.status), next),
            400 | 404 | 405 | 501 if !by_put => self.learn(Lesson::PatchRefused, At::Deactivate),
            _ => self.failed(said(answer)),
        }
    }

    fn group_made(&mut self, answer: &Answer, ok: bool) {
        let made = self.canonical(answer, &Definition::group());
        match made.as_ref().and_then(Resource::id).filter(|_| ok) {
            Some(id) => {
                self.group_id = Some(id.to_owned());
                self.pass(format!("created ({})", answer.status), At::AddMember);
            }
            None if ok => self.failed("the answer names no id: the test group has to be removed by hand"),
            None if matches!(answer.status, 404 | 405 | 501) => self.learn(Lesson::NoGroups, At::DeleteUser),
            None => self.failed(said(answer)),
        }
    }

    fn removed(&mut self, answer: &Answer, ok: bool, next: At) {
        let is_user = self.at == At::DeleteUser;
        match answer.status {
            _ if ok || answer.status == 404 => self.pass("removed", next),
            403 | 405 | 501 if is_user => self.learn(Lesson::DeleteRefused, At::LeaveUser),
            _ => {
                let words = format!("it has to be removed by hand: {}", said(answer));
                self.report.add(self.step(), Verdict::Noted, words);
                self.at = next;
            }
        }
    }

    fn canonical(&self, answer: &Answer, definition: &Definition) -> Option<Resource> {
        definition.read(self.input.profile.version.answer(answer.json()?), Reading::ANSWER).ok()
    }
}

fn test_user(email: &str) -> Resource {
    let value = json!({
        "userName": email,
        "name": { "givenName": "Test", "familyName": "Muster" },
        "displayName": "Muster connection test",
        "emails": [{ "value": email, "type": "work", "primary": true }],
        "active": true,
    });
    Definition::user().read(value, Reading::OWN).unwrap_or_default()
}

fn said(answer: &Answer) -> String {
    format!("{}: {}", answer.status, answer.error().detail)
}
