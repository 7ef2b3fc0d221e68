//! What a grant stands on: the person is active, reaches the application, allows it where they were asked, was not signed
//! out everywhere since, and, for a grant without `offline_access`, the session goes on. Looked at whenever a grant is used, so that nothing has to be
//! called back when one of them changes.

use muster_base::{Id, Micros};
use muster_directory::application::{Consent, access, store as applications};
use muster_directory::consent;
use muster_directory::session::{self, Session};
use muster_directory::user::{self, User};
use muster_directory::{Result, Source, group};

use super::Grant;
use crate::client::Client;

/// A grant that holds: whom it is about, and the names of their groups that are bound to the application.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The person.
    pub user: User,
    /// The groups, where the application has a groups claim or was granted the scope `groups`; else empty.
    pub groups: Vec<String>,
    /// The session in which it was given, while it goes on.
    pub session: Option<Session>,
}

/// Loads what the grant stands on and decides; `Err` is the reason why it does not hold.
///
/// # Errors
/// The database's.
pub async fn load(
    s: &mut impl Source,
    client: &Client,
    grant: &Grant,
    now: Micros,
) -> Result<Result<Standing, &'static str>> {
    let org = client.organization.id;
    let Some(user) = user::store::by_id(s, org, grant.user).await? else {
        return Ok(Err("the person is no longer there"));
    };
    let session = session::store::by_id(s, org, grant.session).await?;
    let ways = applications::ways(s, org, client.app.id, user.id).await?;
    if let Err(reason) = decide(client, grant, &user, session.as_ref(), &ways, now) {
        return Ok(Err(reason));
    }
    if !is_allowed(s, client, grant).await? {
        return Ok(Err("the person does not allow this application any more"));
    }
    let groups = groups(s, client, grant, &ways).await?;
    let idle_s = client.organization.settings.user_portal.idle_session_duration_minutes * 60;
    let session = session.filter(|s| s.principal == grant.user && s.is_live(now, idle_s));
    Ok(Ok(Standing { user, groups, session }))
}

fn decide(
    client: &Client,
    grant: &Grant,
    user: &User,
    session: Option<&Session>,
    ways: &[(String, Id)],
    now: Micros,
) -> Result<(), &'static str> {
    let names: Vec<String> = ways.iter().map(|(kind, _)| kind.clone()).collect();
    if !access::decide(&client.app, user, &names).allowed {
        return Err("the person may not use this application any more");
    }
    if user.tokens_from > grant.created_at {
        return Err("the person was signed out everywhere");
    }
    let idle_s = client.organization.settings.user_portal.idle_session_duration_minutes * 60;
    let lives = session.is_some_and(|s| s.principal == grant.user && s.is_live(now, idle_s));
    // A code stands on its session in any case; what was redeemed with offline_access outlives it.
    if !lives && (grant.redeemed_at.is_none() || !grant.is_offline()) {
        return Err("the session has ended");
    }
    Ok(())
}

/// Whether the person allows what was granted, where they are asked at all. What was taken back in between does not hold,
/// also when it was allowed again since.
async fn is_allowed(s: &mut impl Source, client: &Client, grant: &Grant) -> Result<bool> {
    if client.oidc.requests.consent == Consent::Trusted {
        return Ok(true);
    }
    let consent = consent::store::of(s, client.organization.id, grant.user, client.app.id).await?;
    let holds = |consent: &consent::Consent| {
        consent.created_at <= grant.created_at && grant.scope.iter().all(|scope| consent.allowed.scope.contains(scope))
    };
    Ok(consent.as_ref().is_some_and(holds))
}

/// The names of the person's groups that are bound to the application.
async fn groups(s: &mut impl Source, client: &Client, grant: &Grant, ways: &[(String, Id)]) -> Result<Vec<String>> {
    let asked = grant.scope.contains("groups") || grant.terms.claims.names().contains("groups");
    if client.oidc.groups_claim.is_none() && !asked {
        return Ok(Vec::new());
    }
    let of_user = group::store::of_user(s, client.organization.id, grant.user).await?;
    let bound = |id: Id| ways.iter().any(|(kind, way)| kind == "user_group" && *way == id);
    Ok(of_user.into_iter().filter(|g| bound(g.id)).map(|g| g.name).collect())
}
