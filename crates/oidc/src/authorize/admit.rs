//! Lets a signed-in person into the application, or tells them what to do. Either way an event keeps the decision's
//! trace; a code and its event are one transaction.

use axum::response::Response;
use http::StatusCode;
use muster_base::Id;
use muster_directory::application::access::{self, Access};
use muster_directory::event::{self, Detail, Event, Named};
use muster_directory::session::Method;
use muster_directory::trace::{Step, Trace};
use muster_http::page::{Brand, message, whom_to_ask};
use muster_oauth::authorize::{Request, Response as Answer};
use muster_oauth::{Error, ErrorCode};

use super::sign_in::SignedIn;
use super::target::Target;
use super::waiting::Keep;
use super::{Asked, answer, consent, resume, waiting};
use crate::grant::model::{CODE_MEMORY_S, CODE_TTL_S, Terms};
use crate::grant::{Grant, begin};
use crate::{acr, scope};
use muster_http::stop::Stop;

/// JumpCloud's name for the event.
const EVENT: &str = "sso_auth";

/// Decides whether the person may use the application, asks them where it is a third party's, and answers.
pub async fn admit(
    asked: &Asked<'_>,
    target: &Target,
    request: &Request,
    signed_in: SignedIn,
) -> Result<Response, Stop> {
    let mut read = asked.site.directory().read();
    let access = access::load(&mut read, &target.client.app, &signed_in.user).await?;
    if !access.allowed {
        return refuse(asked, target, request, &signed_in, access).await;
    }
    let scope = scope::for_person(&target.client, &request.scope)?;
    let wanted = consent::wanted(&scope, request);
    if consent::is_missing(asked, target, request, &signed_in, &wanted).await? {
        return consent::ask(asked, target, request, &signed_in).await;
    }
    if let Some(flow) = &signed_in.waited {
        waiting::take(asked, flow).await?;
    }
    let directory = asked.site.directory();
    let code = begin::code(directory);
    let now = directory.env().clock.now();
    let grant = Grant {
        org: asked.organization.id,
        id: directory.env().id(),
        app: target.client.app.id,
        user: signed_in.user.id,
        session: signed_in.session.id,
        code: code.digest(),
        code_expires_at: now.plus_s(CODE_TTL_S),
        redirect_uri: target.redirect_uri.clone(),
        code_challenge: request.code_challenge.clone(),
        dpop_jkt: request.dpop_jkt.clone(),
        refresh_jkt: None,
        nonce: request.nonce.clone(),
        scope,
        terms: Terms { claims: request.claims.clone(), resource: request.resource.clone() },
        method: signed_in.session.method,
        auth_at: signed_in.session.auth_at,
        created_at: now,
        redeemed_at: None,
        revoked_at: None,
        expires_at: now.plus_s(CODE_TTL_S + CODE_MEMORY_S),
    };
    let summary = format!("Signed in to {}", target.client.app.label());
    begin::begin(directory, grant, event(asked, target, &signed_in, access, summary)).await?;
    let answer = Answer::success(code.expose(), target.state.as_deref(), &asked.issuer());
    Ok(answer::send(asked, target, request.response_mode, answer).await?)
}

/// What the log keeps of a sign-in to an application.
pub(super) fn event(
    asked: &Asked<'_>,
    target: &Target,
    signed_in: &SignedIn,
    access: Access,
    summary: String,
) -> Event {
    let env = asked.site.directory().env();
    let app = &target.client.app;
    let detail = Detail {
        application: Some(Named { id: app.id.text(), name: app.label().to_owned() }),
        trace: trace(signed_in, access.trace),
        ..asked.context.detail(access.allowed, summary)
    };
    let org: Option<Id> = Some(asked.organization.id);
    Event { org, id: env.id(), at: env.clock.now(), kind: EVENT.to_owned(), user: Some(signed_in.user.id), detail }
}

fn trace(signed_in: &SignedIn, access: Trace) -> Trace {
    let session = &signed_in.session;
    let how = match session.method {
        Method::Password => "with the password",
        Method::Federated => "at an identity provider",
    };
    let step = Step::new("The browser is signed in", format!("{how} at {}", session.auth_at.rfc3339()), true);
    std::iter::once(step).chain(access).collect()
}

/// A page that says what to do; with `prompt=none` the application is told.
async fn refuse(
    asked: &Asked<'_>,
    target: &Target,
    request: &Request,
    signed_in: &SignedIn,
    access: Access,
) -> Result<Response, Stop> {
    let label = target.client.app.label();
    let summary = format!("Refused: may not use {label}");
    let event = event(asked, target, signed_in, access, summary);
    event::store::record(asked.site.directory(), &event).await?;
    if request.prompt.none {
        let error = Error::new(ErrorCode::AccessDenied, "the person may not use this application");
        return Ok(answer::error(asked, target, request.response_mode, &error).await?);
    }
    let user = &signed_in.user;
    let paragraphs = [
        format!(
            "You are signed in as {} ({}), but none of your groups gives access to {label}.",
            user.display(),
            user.email
        ),
        "An administrator can give you access: by adding you to one of its groups, or one of your groups to it."
            .to_owned(),
        whom_to_ask(asked.organization),
    ];
    // Kept rather than put into the address: a request that was pushed or signed cannot come again.
    let again = asked.params.without(&["prompt", "login_hint", "id_token_hint"]);
    let keep = Keep { fresh: true, acr_values: acr::wished(request), path: resume::PATH, ..Keep::default() };
    let (flow, _) = waiting::keep(asked, target, &again, keep).await?;
    let back = (asked.path(&format!("/login?flow={}", flow.id)), "Sign in as someone else".to_owned());
    let (brand, title) = (Brand::of(asked.organization), format!("You do not have access to {label}"));
    let id = &asked.context.request_id;
    Ok(message(StatusCode::FORBIDDEN, &title, Some(&brand), &paragraphs, id, Some(back)))
}
