//! The edges of a group or person: applications they are bound to, routing policies they are assigned to. One graph,
//! read and changed from either side.

use http::StatusCode;
use muster_base::Id;
use muster_directory::application::bind::Bind;
use muster_directory::routing::Target;
use muster_directory::routing::update::Assign;
use muster_directory::{application, routing};
use muster_http::{AdminOrg, ApiError, Site};

use super::{BindingKind, GraphConnection, GraphOperation, GraphType, Op};

/// A group or person.
#[derive(Clone, Copy)]
pub(crate) struct Subject(pub Target);

/// The direct edges of a group or person to the kinds asked for.
///
/// # Errors
/// The database's.
pub(crate) async fn of(
    site: &Site,
    org: Id,
    Subject(subject): Subject,
    targets: &[String],
) -> Result<Vec<(Id, GraphConnection)>, ApiError> {
    let (kind, id) = subject.parts();
    let mut out = Vec::new();
    let wants = |t: GraphType| targets.iter().any(|x| x == t.word());
    if wants(GraphType::Application) {
        let apps = application::store::bound_to(&mut site.directory().read(), org, kind, id).await?;
        out.extend(apps.into_iter().map(|a| (a, GraphConnection::to(GraphType::Application, a))));
    }
    if wants(GraphType::IdpRoutingPolicy) {
        let policies = routing::store::all(&mut site.directory().read(), org).await?;
        let mine = policies.into_iter().filter(|p| p.targets.contains(&subject));
        out.extend(mine.map(|p| (p.id, GraphConnection::to(GraphType::IdpRoutingPolicy, p.id))));
    }
    Ok(out)
}

/// Adds or removes an edge of a group or person.
///
/// # Errors
/// 404 and 409 as the graph says.
pub(crate) async fn change(
    site: &Site,
    who: &AdminOrg,
    Subject(subject): Subject,
    body: &GraphOperation<BindingKind>,
) -> Result<StatusCode, ApiError> {
    match body.kind {
        BindingKind::Application => bind(site, who, body.object()?, subject, body.op).await,
        BindingKind::IdpRoutingPolicy => assign(site, who, body.object()?, subject, body.op).await,
    }
}

/// Adds or removes the edge between an application and a group or person.
///
/// # Errors
/// 404 and 409 as the graph says.
pub(crate) async fn bind(
    site: &Site,
    who: &AdminOrg,
    app: Id,
    subject: Target,
    op: Op,
) -> Result<StatusCode, ApiError> {
    let directory = site.directory();
    let (kind, id) = subject.parts();
    if op == Op::Update {
        application::store::get(&mut directory.read(), who.org(), app).await?;
        let bound = application::store::bindings(&mut directory.read(), who.org(), app).await?;
        let there = bound.iter().any(|(k, i)| k == kind && *i == id);
        return if there { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found()) };
    }
    let verb = Bind { app, kind, subject: id, add: op == Op::Add };
    directory.write(who.actor(), who.org(), verb).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds or removes the edge between a routing policy and a group or person.
///
/// # Errors
/// 404 and 409 as the graph says.
pub(crate) async fn assign(
    site: &Site,
    who: &AdminOrg,
    policy: Id,
    target: Target,
    op: Op,
) -> Result<StatusCode, ApiError> {
    let directory = site.directory();
    if op == Op::Update {
        let policy = routing::store::get(&mut directory.read(), who.org(), policy).await?;
        let there = policy.targets.contains(&target);
        return if there { Ok(StatusCode::NO_CONTENT) } else { Err(ApiError::not_found()) };
    }
    if op == Op::Add {
        // An unknown group or person is missing here, as on every other edge.
        exists(site, who.org(), target).await?;
    }
    let verb = Assign { id: policy, target, add: op == Op::Add };
    directory.write(who.actor(), who.org(), verb).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn exists(site: &Site, org: Id, target: Target) -> Result<(), ApiError> {
    let mut source = site.directory().read();
    match target {
        Target::Group(id) => drop(muster_directory::group::store::get(&mut source, org, id).await?),
        Target::User(id) => drop(muster_directory::user::store::get(&mut source, org, id).await?),
    }
    Ok(())
}
