//! The organizations and applications that requests name over and over, kept in memory as they are in the database: a
//! token request reads nothing else about its client. A change made on this node is seen by the next request; one made by
//! another node within [`CHECK_S`], since the organization's number in the change log tells of every change.
//!
//! Never here: people, sessions, grants and tokens, which are read anew each time.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use muster_base::{Digest, Id, Micros};
use muster_db::sql;
use muster_jose::JwkSet;

use super::{Application, Oidc, store};
use crate::organization::{self, Organization};
use crate::{Directory, Result};

/// How long another node's change may go unseen, in seconds.
pub const CHECK_S: i64 = 1;
/// The most organizations, and the most applications of each, that are kept; beyond it all of them are read anew.
const ORGANIZATIONS_MAX: usize = 20_000;
const CLIENTS_MAX: usize = 5_000;

sql! {
    global REGISTRY_SLUG = "SELECT id FROM organizations WHERE slug = $1";
    REGISTRY_SEQ = "SELECT log_seq FROM organizations WHERE id = $1 /* org_id */";
}

/// An application whose OpenID Connect side is set up, with what a token request needs of it.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The organization.
    pub organization: Arc<Organization>,
    /// The application; its id is the `client_id`.
    pub app: Application,
    /// Its OpenID Connect side.
    pub oidc: Oidc,
    /// The SHA-256 of each of its secrets.
    pub secrets: Vec<Digest>,
    /// The keys that it registered by value.
    pub keys: JwkSet,
}

/// One organization, as it was at a number of its change log.
struct Snapshot {
    organization: Arc<Organization>,
    seq: i64,
    /// How many changes this node had made when it was read.
    version: u64,
    clients: RwLock<HashMap<Id, Arc<Registered>>>,
    checked_at: RwLock<Micros>,
}

/// What is kept.
#[derive(Default)]
pub(crate) struct Registry {
    /// The id behind each name: it never changes.
    slugs: RwLock<HashMap<String, Id>>,
    /// How many changes this node made, by organization.
    versions: RwLock<HashMap<Id, u64>>,
    snapshots: RwLock<HashMap<Id, Arc<Snapshot>>>,
}

impl Registry {
    /// An organization changed: what is kept of it is not looked at any more.
    pub(crate) fn changed(&self, org: Id) {
        let mut versions = self.versions.write().unwrap_or_else(PoisonError::into_inner);
        let version = versions.entry(org).or_default();
        *version = version.wrapping_add(1);
    }

    fn version(&self, org: Id) -> u64 {
        self.versions.read().unwrap_or_else(PoisonError::into_inner).get(&org).copied().unwrap_or_default()
    }

    fn slug(&self, slug: &str) -> Option<Id> {
        self.slugs.read().unwrap_or_else(PoisonError::into_inner).get(slug).copied()
    }

    fn snapshot(&self, org: Id) -> Option<Arc<Snapshot>> {
        let version = self.version(org);
        let kept = self.snapshots.read().unwrap_or_else(PoisonError::into_inner).get(&org).cloned();
        kept.filter(|snapshot| snapshot.version == version)
    }
}

/// Keeps a value; a map that has grown beyond its limit begins anew.
fn put<K: std::hash::Hash + Eq, T>(map: &RwLock<HashMap<K, T>>, max: usize, key: K, value: T) {
    let mut map = map.write().unwrap_or_else(PoisonError::into_inner);
    if map.len() >= max {
        map.clear();
    }
    map.insert(key, value);
}

async fn snapshot(directory: &Directory, slug: &str) -> Result<Option<Arc<Snapshot>>> {
    let (registry, now) = (directory.registry(), directory.env().clock.now());
    let org = match registry.slug(slug) {
        Some(org) => org,
        None => {
            // It comes from an address, and PostgreSQL takes no text with U+0000.
            if slug.contains('\0') {
                return Ok(None);
            }
            let Some((org,)) = directory.read().first::<(Id,)>(&REGISTRY_SLUG, &[slug.into()]).await? else {
                return Ok(None);
            };
            put(&registry.slugs, ORGANIZATIONS_MAX, slug.to_owned(), org);
            org
        }
    };
    let kept = registry.snapshot(org);
    let fresh = |snapshot: &Arc<Snapshot>| {
        let at = *snapshot.checked_at.read().unwrap_or_else(PoisonError::into_inner);
        now < at.plus_s(CHECK_S)
    };
    if let Some(kept) = kept.as_ref().filter(|kept| fresh(kept)) {
        return Ok(Some(kept.clone()));
    }
    // Read before what it dates: what is read after it is as new or newer, and then the next look tells.
    let version = registry.version(org);
    let Some((seq,)) = directory.read().first::<(i64,)>(&REGISTRY_SEQ, &[(&org).into()]).await? else {
        return Ok(None);
    };
    if let Some(kept) = kept.filter(|kept| kept.seq == seq) {
        *kept.checked_at.write().unwrap_or_else(PoisonError::into_inner) = now;
        return Ok(Some(kept));
    }
    let organization = Arc::new(organization::store::get(&mut directory.read(), org).await?);
    let (clients, checked_at) = (RwLock::default(), RwLock::new(now));
    let snapshot = Arc::new(Snapshot { organization, seq, version, clients, checked_at });
    put(&registry.snapshots, ORGANIZATIONS_MAX, org, snapshot.clone());
    Ok(Some(snapshot))
}

/// An organization by its name in addresses.
///
/// # Errors
/// The database's.
pub async fn organization(directory: &Directory, slug: &str) -> Result<Option<Arc<Organization>>> {
    Ok(snapshot(directory, slug).await?.map(|snapshot| snapshot.organization.clone()))
}

/// An application of an organization, active or not, if its OpenID Connect side is set up.
///
/// # Errors
/// The database's.
pub async fn client(directory: &Directory, slug: &str, id: Id) -> Result<Option<Arc<Registered>>> {
    let Some(snapshot) = snapshot(directory, slug).await? else { return Ok(None) };
    if let Some(kept) = snapshot.clients.read().unwrap_or_else(PoisonError::into_inner).get(&id) {
        return Ok(Some(kept.clone()));
    }
    let (mut read, org) = (directory.read(), snapshot.organization.id);
    let Some(app) = store::by_id(&mut read, org, id).await? else { return Ok(None) };
    let Some(oidc) = app.doc.oidc.clone() else { return Ok(None) };
    let secrets = store::secrets(&mut read, org, id).await?.into_iter().map(|secret| secret.digest).collect();
    let keys = oidc.authentication.keys();
    let client = Arc::new(Registered { organization: snapshot.organization.clone(), app, oidc, secrets, keys });
    put(&snapshot.clients, CLIENTS_MAX, id, client.clone());
    Ok(Some(client))
}
