//! What waits for a provider's answer: bound to the browser that was sent there, used once.

use muster_base::{Id, Micros, Secret};
use muster_db::{Error as DbError, FromRow, Row, sql};
use muster_directory::{Directory, Error, Result};
use serde::{Deserialize, Serialize};

/// How long a provider may take, in seconds: a person may have to reset a password there.
pub const STATE_TTL_S: i64 = 1800;

sql! {
    INSERT = "INSERT INTO federation_states (digest, org_id, idp_id, browser_id, user_id, sealed, redirect_uri, flow_id, return_to, created_at, expires_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// The answer carries the state and nothing else: it tells the organization.
    global FIND = "SELECT org_id, idp_id, browser_id, user_id, sealed, redirect_uri, flow_id, return_to, response FROM federation_states \
                   WHERE digest = $1 AND expires_at > $2";
    /// An answer that was posted: the first one stays.
    ANSWER = "UPDATE federation_states SET response = $4 WHERE org_id = $1 AND digest = $2 AND idp_id = $3 AND response IS NULL AND expires_at > $5";
    TAKE = "DELETE FROM federation_states WHERE org_id = $1 AND digest = $2";
    RECENT = "SELECT count(*) FROM federation_states WHERE org_id = $1 AND browser_id = $2 AND idp_id = $3 AND created_at > $4";
    global PRUNE = "DELETE FROM federation_states WHERE expires_at < $1";
}

/// What was kept when the person was sent away.
#[derive(Clone, Debug)]
pub struct Pending {
    /// The organization.
    pub org: Id,
    /// The provider.
    pub idp: Id,
    /// The browser.
    pub browser: Id,
    /// Who was sent there, where that is known.
    pub user: Option<Id>,
    /// Where the answer had to come.
    pub redirect_uri: String,
    /// The request of an application that waits behind it.
    pub flow: Option<Id>,
    /// A page of ours to go on to.
    pub return_to: Option<String>,
    /// Nonce and PKCE verifier.
    pub proofs: Proofs,
    /// What was asked about the age of the sign-in there.
    pub age: Age,
    /// The answer, where it was posted and waits for the browser.
    pub response: Option<String>,
}

/// What was asked about the age of the sign-in at the provider.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Age {
    /// It may be so many seconds old (`max_age`).
    pub max_s: Option<u32>,
    /// It had to be a new one (`prompt=login`), asked for at this second.
    pub anew_since_s: Option<i64>,
    /// Only a sign-in from then on counts for what waits here.
    pub fresh: bool,
}

/// What only we know of this sign-in.
#[derive(Clone, Debug)]
pub struct Proofs {
    /// Binds the ID token to this sign-in.
    pub nonce: Secret,
    /// Binds the code to us (RFC 7636).
    pub verifier: Secret,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    nonce: String,
    verifier: String,
    #[serde(default)]
    age: Age,
}

/// A row, its secrets still sealed.
struct Kept {
    org: Id,
    idp: Id,
    browser: Id,
    user: Option<Id>,
    sealed: Vec<u8>,
    redirect_uri: String,
    flow: Option<Id>,
    return_to: Option<String>,
    response: Option<String>,
}

impl FromRow for Kept {
    fn from_row(row: &Row<'_>) -> std::result::Result<Self, DbError> {
        Ok(Self {
            org: row.id(0)?,
            idp: row.id(1)?,
            browser: row.id(2)?,
            user: row.opt_id(3)?,
            sealed: row.bytes(4)?,
            redirect_uri: row.text(5)?,
            flow: row.opt_id(6)?,
            return_to: row.opt_text(7)?,
            response: row.opt_text(8)?,
        })
    }
}

fn purpose(org: Id, idp: Id, browser: Id) -> String {
    format!("federation_state:{org}:{idp}:{browser}")
}

/// Keeps what waits for the answer with this `state`.
pub async fn keep(directory: &Directory, state: &Secret, pending: &Pending) -> Result<()> {
    let plain = Sealed {
        nonce: pending.proofs.nonce.expose().to_owned(),
        verifier: pending.proofs.verifier.expose().to_owned(),
        age: pending.age,
    };
    let plain = serde_json::to_vec(&plain).map_err(|e| Error::Internal(e.to_string()))?;
    let now = directory.env().clock.now();
    let bound_to = purpose(pending.org, pending.idp, pending.browser);
    let sealed = directory.keyring().seal(&bound_to, &plain, &directory.env().rng);
    directory
        .db()
        .exec(
            &INSERT,
            &[
                state.digest().into(),
                (&pending.org).into(),
                (&pending.idp).into(),
                (&pending.browser).into(),
                pending.user.into(),
                sealed.into(),
                pending.redirect_uri.as_str().into(),
                pending.flow.into(),
                pending.return_to.as_deref().into(),
                now.into(),
                now.plus_s(STATE_TTL_S).into(),
            ],
        )
        .await?;
    Ok(())
}

/// Keeps an answer that was posted until its browser comes for it; false when nothing waits for it.
pub async fn answer(directory: &Directory, org: Id, idp: Id, state: &Secret, response: &str) -> Result<bool> {
    let now = directory.env().clock.now();
    let params = [(&org).into(), state.digest().into(), (&idp).into(), response.into(), now.into()];
    Ok(directory.db().exec(&ANSWER, &params).await? == 1)
}

/// Takes what waits for this `state`; a second answer with it finds nothing.
pub async fn take(directory: &Directory, state: &Secret) -> Result<Option<Pending>> {
    let now = directory.env().clock.now();
    let row: Option<Kept> = directory.db().first(&FIND, &[state.digest().into(), now.into()]).await?;
    let Some(Kept { org, idp, browser, user, sealed, redirect_uri, flow, return_to, response }) = row else {
        return Ok(None);
    };
    if directory.db().exec(&TAKE, &[(&org).into(), state.digest().into()]).await? != 1 {
        return Ok(None);
    }
    let plain = directory
        .keyring()
        .open(&purpose(org, idp, browser), &sealed)
        .map_err(|e| Error::Internal(format!("federation state: {e}")))?;
    let plain: Sealed = serde_json::from_slice(&plain).map_err(|e| Error::Internal(e.to_string()))?;
    let age = plain.age;
    let proofs = Proofs { nonce: Secret::new(plain.nonce), verifier: Secret::new(plain.verifier) };
    Ok(Some(Pending { org, idp, browser, user, redirect_uri, flow, return_to, proofs, age, response }))
}

/// How often this browser was sent to this provider lately without an answer.
pub async fn unanswered(directory: &Directory, org: Id, browser: Id, idp: Id, since: Micros) -> Result<i64> {
    let params = [(&org).into(), (&browser).into(), (&idp).into(), since.into()];
    Ok(directory.db().first::<(i64,)>(&RECENT, &params).await?.map_or(0, |(n,)| n))
}

/// Removes what no answer will come for any more.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let now = directory.env().clock.now();
    Ok(directory.db().exec(&PRUNE, &[now.into()]).await?)
}
