//! From an identity that was verified to a session, or a page that says why not. The same for every protocol.

use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use muster_directory::actor::ActorKind;
use muster_directory::event::{Event, Named};
use muster_directory::identity_provider::IdentityProvider;
use muster_directory::identity_provider::link::{CreateFromIdentity, Identity, Resolution, Resolve};
use muster_directory::organization::Organization;
use muster_directory::session::start::{Start, start_after};
use muster_directory::session::{Kind, Method, Upstream};
use muster_directory::trace::{Step, Trace};
use muster_directory::user::User;
use muster_directory::{Actor, Error, Result, flow};
use muster_http::{Context, Site, cookie};

use crate::refuse::{Refusal, refuse};
use crate::store::Pending;

/// Who comes from where.
#[derive(Clone, Copy)]
pub struct Admission<'a> {
    /// The site.
    pub site: &'a Site,
    /// The request.
    pub context: &'a Context,
    /// The organization.
    pub organization: &'a Organization,
    /// The provider.
    pub idp: &'a IdentityProvider,
    /// What was kept when the person was sent away.
    pub pending: &'a Pending,
}

impl Admission<'_> {
    /// Finds or makes the person, and signs them in.
    ///
    /// # Errors
    /// The database's.
    pub async fn admit(&self, identity: Identity, upstream: Upstream) -> Result<Response> {
        let directory = self.site.directory();
        let actor = Actor {
            kind: ActorKind::Federation,
            id: Some(self.idp.id),
            request_id: Some(self.context.request_id.clone()),
        };
        let org = self.organization.id;
        let resolve = || Resolve { idp: self.idp.id, identity: identity.clone() };
        let mut resolution = directory.write(actor.clone(), org, resolve()).await?;
        if resolution.user.is_none() && resolution.may_create {
            let create = CreateFromIdentity { idp: self.idp.id, identity: identity.clone() };
            let refused = match directory.write(actor.clone(), org, create).await {
                Ok(_) => None,
                Err(error @ (Error::Conflict(_) | Error::Denied(_) | Error::Invalid(_))) => Some(error.to_string()),
                Err(error) => return Err(error),
            };
            // Refused or not: another sign-in of the same person may have made them a moment ago.
            resolution = directory.write(actor, org, resolve()).await?;
            if let (None, Some(reason)) = (&resolution.user, refused) {
                resolution.trace.push(Step::new("The person can be created", reason, false));
            }
        }
        let Resolution { user, refusal, trace, .. } = resolution;
        let Some(user) = user else {
            let told = refusal.unwrap_or("Your account there could not be matched to one here.").to_owned();
            let refusal = Refusal {
                organization: self.organization,
                idp: self.idp,
                user: self.pending.user,
                status: StatusCode::FORBIDDEN,
                told,
                reason: String::new(),
                trace,
            };
            return refuse(self.site, self.context, refusal).await;
        };
        self.sign_in(&user, trace, upstream).await
    }

    async fn sign_in(&self, user: &User, trace: Trace, upstream: Upstream) -> Result<Response> {
        let directory = self.site.directory();
        let env = directory.env();
        let mut detail = self.context.detail(true, format!("Signed in with \"{}\"", self.idp.name));
        detail.identity_provider = Some(Named { id: self.idp.id.text(), name: self.idp.name.clone() });
        detail.trace = trace;
        let org = Some(self.organization.id);
        let kind = "user_login_attempt".to_owned();
        let event = Event { org, id: env.id(), at: env.clock.now(), kind, user: Some(user.id), detail };
        let start_with = Start {
            browser: Some(self.pending.browser),
            org,
            kind: Kind::User,
            principal: user.id,
            method: Method::Federated,
            idp: Some(self.idp.id),
            prefix: self.context.prefix(),
            client_ip: self.context.client_ip.to_string(),
            user_agent: self.context.user_agent.clone(),
            event,
        };
        let started = start_after(directory, start_with, upstream).await?;
        let to = self.destination().await?;
        Ok((cookie::set(self.site, Some(&started.cookie)), Redirect::to(&to)).into_response())
    }

    /// The waiting request, else the page asked for, else the portal.
    async fn destination(&self) -> Result<String> {
        let directory = self.site.directory();
        let now = directory.env().clock.now();
        if let Some(id) = self.pending.flow {
            match flow::find(&mut directory.read(), self.pending.org, id, self.pending.browser, now).await {
                Ok(flow) => return Ok(flow.return_to),
                Err(Error::Missing(_)) => {}
                Err(error) => return Err(error),
            }
        }
        let portal = || format!("/portal/{}/", self.organization.slug);
        Ok(self.pending.return_to.clone().unwrap_or_else(portal))
    }
}
