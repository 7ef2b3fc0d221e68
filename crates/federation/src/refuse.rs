//! A sign-in through a provider that did not succeed: a page that says what happened and whom to ask, and an event with
//! the reason. Everybody else's sign-in is untouched.

use axum::response::Response;
use http::StatusCode;
use muster_base::Id;
use muster_directory::Result;
use muster_directory::event::{self, Event, Named};
use muster_directory::identity_provider::IdentityProvider;
use muster_directory::organization::Organization;
use muster_directory::trace::{Step, Trace};
use muster_http::page::{self, Brand};
use muster_http::{Context, Site};

/// What is told.
pub struct Refusal<'a> {
    /// The organization.
    pub organization: &'a Organization,
    /// The provider.
    pub idp: &'a IdentityProvider,
    /// The person, where known.
    pub user: Option<Id>,
    /// The status of the page.
    pub status: StatusCode,
    /// For the person, without technical words.
    pub told: String,
    /// For administrators: what exactly was seen.
    pub reason: String,
    /// The steps that led here; the reason is added as the last one.
    pub trace: Trace,
}

/// Records the refusal and makes its page.
pub async fn refuse(site: &Site, context: &Context, refusal: Refusal<'_>) -> Result<Response> {
    let Refusal { organization, idp, user, status, told, reason, mut trace } = refusal;
    if !reason.is_empty() {
        let step = Step::new(format!("The sign-in with \"{}\" succeeds", idp.name), reason.clone(), false);
        trace.push(step.with("the identity provider", format!("identity-providers/{}", idp.id)));
    }
    tracing::info!(org = %organization.id, idp = %idp.id, reason, "federated sign-in refused");
    let mut detail = context.detail(false, format!("Sign-in with \"{}\" was refused", idp.name));
    detail.identity_provider = Some(Named { id: idp.id.text(), name: idp.name.clone() });
    detail.trace = trace;
    let env = site.directory().env();
    let event = Event {
        org: Some(organization.id),
        id: env.id(),
        at: env.clock.now(),
        kind: "user_login_attempt".into(),
        user,
        detail,
    };
    event::store::record(site.directory(), &event).await?;
    let title = format!("You could not be signed in with {}", idp.name);
    let text = [told, page::whom_to_ask(organization)];
    let back = Some((format!("/o/{}/login", organization.slug), "Back to login".to_owned()));
    Ok(page::message(status, &title, Some(&Brand::of(organization)), &text, &context.request_id, back))
}
