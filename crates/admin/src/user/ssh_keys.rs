//! A person's SSH keys: part of the v1 object, and a list of their own.

use axum::Json as AxumJson;
use axum::extract::State as AxumState;
use muster_base::{Id, digest};
use muster_directory::user::profile::SshKey;
use muster_directory::user::update::Update;
use muster_directory::user::{User, store};
use muster_directory::{Error, Result, Verb, Write};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::{Deserialize, Serialize};
use serde_json::{Map, json};
use utoipa::ToSchema;

use crate::failure::{Changing, Reading};
use crate::id::{ObjectId, PathId, PathIds};

/// An SSH key.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SystemUserSshKey)]
pub(crate) struct SshKeyOut {
    /// Its id: it follows from the key itself, so the same key has the same id.
    #[serde(rename = "_id")]
    pub id: String,
    /// A name for it.
    pub name: String,
    /// The public key line.
    pub public_key: String,
}

impl SshKeyOut {
    /// A key of a person.
    pub(crate) fn new(key: &SshKey, user: Id) -> Self {
        Self { id: key_id(key, user), name: key.name.clone(), public_key: key.public_key.clone() }
    }
}

fn key_id(key: &SshKey, user: Id) -> String {
    let digest = digest(format!("{user}\n{}\n{}", key.name, key.public_key).as_bytes());
    digest[..12].iter().map(|b| format!("{b:02x}")).collect()
}

/// A new key.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct SshKeyPost {
    /// A name for it.
    #[schema(pattern = r"\S")]
    name: String,
    /// The public key line.
    #[schema(pattern = r"^\S+ \S[^\r\n\u0000]*$")]
    public_key: String,
}

#[utoipa::path(get, path = "/api/systemusers/{id}/sshkeys", tag = "users", params(("id" = ObjectId, Path)),
    responses((status = 200, body = Vec<SshKeyOut>), Reading))]
/// List a person's SSH keys
pub(crate) async fn list(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<AxumJson<Vec<SshKeyOut>>, ApiError> {
    let user = store::get(&mut site.directory().read(), who.org(), id).await?;
    Ok(AxumJson(user.profile.ssh_keys.iter().map(|k| SshKeyOut::new(k, id)).collect()))
}

#[utoipa::path(post, path = "/api/systemusers/{id}/sshkeys", tag = "users", params(("id" = ObjectId, Path)),
    request_body = SshKeyPost, responses((status = 200, body = SshKeyOut), Changing))]
/// Add an SSH key
pub(crate) async fn add(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    PathId(id): PathId,
    Json(body): Json<SshKeyPost>,
) -> Result<Json<SshKeyOut>, ApiError> {
    let key = SshKey { name: body.name.trim().to_owned(), public_key: body.public_key.trim().to_owned() };
    let mut problems = Vec::new();
    if key.name.is_empty() {
        problems.push(muster_directory::FieldError::new("name", "enter a name for the key"));
    }
    if key.public_key.split_whitespace().count() < 2 || key.public_key.contains(['\n', '\r']) {
        let message = "one line as in an .pub file: the type, then the key";
        problems.push(muster_directory::FieldError::new("public_key", message));
    }
    Error::unless_empty(problems)?;
    let out = SshKeyOut::new(&key, id);
    site.directory().write(who.actor(), who.org(), Change { id, key: KeyChange::Add(key) }).await?;
    Ok(Json(out))
}

#[utoipa::path(delete, path = "/api/systemusers/{id}/sshkeys/{key}", tag = "users",
    params(("id" = ObjectId, Path), ("key" = ObjectId, Path)), responses((status = 200, description = "Removed"), Changing))]
/// Remove an SSH key
pub(crate) async fn remove(
    AxumState(site): AxumState<Site>,
    who: AdminOrg,
    PathIds(id, key): PathIds,
) -> Result<(), ApiError> {
    let change = Change { id, key: KeyChange::Remove(key.text()) };
    site.directory().write(who.actor(), who.org(), change).await?;
    Ok(())
}

enum KeyChange {
    Add(SshKey),
    Remove(String),
}

/// Reads and writes the list in one transaction: two keys added at once are both there.
struct Change {
    id: Id,
    key: KeyChange,
}

impl Verb for Change {
    type Out = User;

    async fn run(&self, w: &mut Write<'_>) -> Result<User> {
        let user = store::get(w, w.org(), self.id).await?;
        let mut keys = user.profile.ssh_keys.clone();
        match &self.key {
            KeyChange::Add(key) => {
                if keys.contains(key) {
                    return Err(Error::Conflict("Already Exists".into()));
                }
                keys.push(key.clone());
            }
            KeyChange::Remove(id) => {
                let before = keys.len();
                keys.retain(|k| key_id(k, user.id) != *id);
                if keys.len() == before {
                    return Err(Error::Missing("SSH key"));
                }
            }
        }
        let patch = Map::from_iter([("ssh_keys".to_owned(), json!(keys))]);
        Update::profile(self.id, patch).run(w).await
    }
}
