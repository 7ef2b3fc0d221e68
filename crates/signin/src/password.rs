//! The second step: the password. One guard for both doors: counted before it is looked at, compared even for nobody,
//! routed once more at redemption, and answered alike whatever was wrong.

use axum::Form;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use muster_base::{Email, Id, Secret};
use muster_directory::application::Application;
use muster_directory::event::{self, Event, Named};
use muster_directory::organization::Organization;
use muster_directory::routing::Outcome;
use muster_directory::session::start::{Start, Started, start};
use muster_directory::session::{Kind, Method};
use muster_directory::trace::{Step, Trace};
use muster_directory::user::lockout::{self, Verdict};
use muster_directory::user::{self, State as UserState, User};
use muster_directory::{Actor, Result, routing};
use muster_http::page::PageError;
use muster_http::{ApiError, Browser, Context, Site, cookie};
use serde::Deserialize;

use crate::door::{Asked, Door};
use crate::{identify, view};

/// What everybody is told when it did not work.
const REFUSED: &str =
    "This e-mail and password do not match, or this account cannot be used to sign in here at the moment.";
/// The same, where the organization was typed.
const REFUSED_THERE: &str = "This e-mail, organization and password do not match, or this account cannot be used to sign in there at the moment.";

/// The password form.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    organization: Option<String>,
}

/// `POST /o/{slug}/login/password`.
pub async fn submit(
    State(site): State<Site>,
    Path(slug): Path<String>,
    browser: Browser,
    context: Context,
    Query(asked): Query<Asked>,
    Form(typed): Form<Typed>,
) -> std::result::Result<Response, PageError> {
    site.rates().sign_in(&context.prefix()).map_err(ApiError::too_often)?;
    let door = Door::of(&site, &slug, browser, &asked).await?;
    let editable = door.flow.as_ref().is_some_and(|f| f.login_hint.is_some());
    if typed.password.is_empty() {
        return Ok(view::password(&door, &typed.username, None, editable, Some("Enter your password.")));
    }
    let organization = door.organization.clone();
    let attempt = Attempt { site: &site, door: &door, organization: organization.as_ref(), context: &context };
    let outcome = attempt.run(browser, &typed).await?;
    Ok(answer(&site, &door, organization.as_ref(), outcome, &typed, editable))
}

/// `POST /login/password`.
pub async fn submit_anywhere(
    State(site): State<Site>,
    browser: Browser,
    context: Context,
    Query(asked): Query<Asked>,
    Form(typed): Form<Typed>,
) -> std::result::Result<Response, PageError> {
    site.rates().sign_in(&context.prefix()).map_err(ApiError::too_often)?;
    let door = Door { to: asked.to.filter(|to| muster_http::destination::is_our_path(to)), ..Door::default() };
    if typed.password.is_empty() {
        let error = Some("Enter your password.");
        return Ok(view::password(&door, &typed.username, typed.organization.as_deref(), false, error));
    }
    let organization = match typed.username.parse::<Email>() {
        Ok(email) => match identify::candidates(&site, &email, typed.organization.as_deref()).await?.as_slice() {
            [one] => Some(one.clone()),
            _ => None,
        },
        Err(_) => None,
    };
    let attempt = Attempt { site: &site, door: &door, organization: organization.as_ref(), context: &context };
    let outcome = attempt.run(browser, &typed).await?;
    Ok(answer(&site, &door, organization.as_ref(), outcome, &typed, false))
}

fn answer(
    site: &Site,
    door: &Door,
    organization: Option<&Organization>,
    outcome: Attempted,
    typed: &Typed,
    editable: bool,
) -> Response {
    match (outcome, organization) {
        (Attempted::In(started), Some(organization)) => {
            (cookie::set(site, Some(&started.cookie)), Redirect::to(&door.destination(organization))).into_response()
        }
        (Attempted::MustChange(token), _) => Redirect::to(&format!("/reset?token={}", token.expose())).into_response(),
        _ => {
            let told = if typed.organization.is_some() { REFUSED_THERE } else { REFUSED };
            view::password(door, &typed.username, typed.organization.as_deref(), editable, Some(told))
        }
    }
}

/// What came of it.
enum Attempted {
    In(Box<Started>),
    MustChange(Secret),
    Refused,
}

struct Attempt<'a> {
    site: &'a Site,
    door: &'a Door,
    organization: Option<&'a Organization>,
    context: &'a Context,
}

impl Attempt<'_> {
    async fn run(&self, browser: Browser, typed: &Typed) -> Result<Attempted> {
        let directory = self.site.directory();
        let org = self.organization.map(|o| o.id);
        let user = match org {
            Some(org) => {
                let app = self.door.app.as_ref();
                user::resolve::by_identifier(&mut directory.read(), org, app, &typed.username).await?
            }
            None => None,
        };
        let now = directory.env().clock.now();
        let subject = user.as_ref().map_or_else(|| lockout::unknown_subject(&typed.username), |u| u.id.text());
        let prefix = self.context.prefix();
        let verdict = directory.work(lockout::Attempt { org, subject, prefix: prefix.clone(), now }).await?;
        // The same work whether there is a password to compare with or not.
        let hash = user.as_ref().and_then(|u| u.password_hash.clone());
        let right = directory.hasher().verify(hash, &Secret::new(typed.password.clone())).await?;
        let (Some(user), Some(organization)) = (user, self.organization) else {
            self.record_unknown(org, typed).await?;
            return Ok(Attempted::Refused);
        };
        let decision = routing::decide::load(&mut directory.read(), &user).await?;
        let mut trace = trace_of(&user, verdict, right);
        let here = decision.outcome == Outcome::Password;
        trace.extend(decision.trace);
        trace.push(Step::new("The person signs in with a password here", if here { "yes" } else { "no" }, here));
        if !trace.iter().filter(|s| !s.step.starts_with("The routing policy")).all(|s| s.passed) {
            self.record(&user, trace).await?;
            return Ok(Attempted::Refused);
        }
        let expired = user.password_is_expired(&organization.settings, now);
        let step = Step::new("The password has not expired", if expired { "expired" } else { "yes" }, !expired);
        trace.push(step.with("the person's password", format!("users/{}", user.id)));
        if expired {
            self.record(&user, trace).await?;
            let verb = user::token::IssueForExpired { id: user.id };
            let actor = Actor::user(user.id, Some(self.context.request_id.clone()));
            return Ok(Attempted::MustChange(directory.write(actor, user.org, verb).await?));
        }
        let event = self.event(&user, true, trace);
        let start_with = Start {
            browser: browser.0,
            org,
            kind: Kind::User,
            principal: user.id,
            method: Method::Password,
            idp: None,
            prefix,
            client_ip: self.context.client_ip.to_string(),
            user_agent: self.context.user_agent.clone(),
            event,
        };
        Ok(Attempted::In(Box::new(start(directory, start_with).await?)))
    }

    fn event(&self, user: &User, success: bool, trace: Trace) -> Event {
        let summary = if success { "Signed in with the password" } else { "Sign-in with a password was refused" };
        let mut detail = self.context.detail(success, summary);
        detail.application = self.door.app.as_ref().map(named);
        detail.trace = trace;
        self.event_of(Some(user.org), Some(user.id), detail)
    }

    fn event_of(&self, org: Option<Id>, user: Option<Id>, detail: event::Detail) -> Event {
        let env = self.site.directory().env();
        Event { org, id: env.id(), at: env.clock.now(), kind: "user_login_attempt".into(), user, detail }
    }

    async fn record(&self, user: &User, trace: Trace) -> Result<()> {
        event::store::record(self.site.directory(), &self.event(user, false, trace)).await
    }

    /// Nobody has this e-mail: the organization's administrators still see that someone tried.
    async fn record_unknown(&self, org: Option<Id>, typed: &Typed) -> Result<()> {
        let Some(org) = org else { return Ok(()) };
        let mut detail = self.context.detail(false, "Sign-in with a password was refused");
        let typed: String = typed.username.chars().filter(|c| !c.is_control()).take(254).collect();
        detail.trace = vec![Step::new("The e-mail belongs to a person here", typed, false)];
        event::store::record(self.site.directory(), &self.event_of(Some(org), None, detail)).await
    }
}

fn named(app: &Application) -> Named {
    Named { id: app.id.text(), name: app.label().to_owned() }
}

fn trace_of(user: &User, verdict: Verdict, right: bool) -> Trace {
    let page = format!("users/{}", user.id);
    let (waits, free) = match verdict {
        Verdict::GoOn => ("no".to_owned(), true),
        Verdict::Wait { until } => (format!("until {}", until.rfc3339()), false),
    };
    vec![
        Step::new("The e-mail belongs to a person here", user.email.clone(), true),
        Step::new("The person is active", user.state.word(), user.state == UserState::Activated)
            .with("the person's state", page.clone()),
        Step::new("The network need not wait after failed attempts", waits, free)
            .with("unlock the person", page.clone()),
        match &user.password_hash {
            None => Step::new("A password is set", "Password Pending", false).with("the person's password", page),
            Some(_) => Step::new("The password is right", if right { "yes" } else { "no" }, right),
        },
    ]
}
