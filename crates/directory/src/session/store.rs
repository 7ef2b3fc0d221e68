//! The statements on browsers and sessions.

use muster_base::{Digest, Id, Micros, Secret};
use muster_db::{Error as DbError, FromRow, Row, Tx, V, sql};

use super::{Kind, Method, Session, Upstream};
use crate::{Directory, Result, Source, Write};

sql! {
    global SESSION_BROWSER = "SELECT id FROM browsers WHERE digest = $1 AND expires_at > $2";
    global SESSION_BROWSER_INSERT = "INSERT INTO browsers (id, digest, created_at, expires_at) VALUES ($1, $2, $3, $4)";
    global SESSION_BROWSER_ROTATE = "UPDATE browsers SET digest = $2, expires_at = $3 WHERE id = $1";
    global SESSION_BROWSERS_PRUNE = "DELETE FROM browsers WHERE expires_at < $1";
    global SESSION_PRUNE = "DELETE FROM sessions WHERE expires_at < $1";
    SESSION_ADMIT_USER = "UPDATE users SET state = state WHERE org_id = $1 AND id = $2 AND state = 'ACTIVATED'";
    global SESSION_ADMIT_ADMIN = "UPDATE administrators SET suspended = suspended WHERE id = $1 AND suspended = 0";
    SESSION_CURRENT = "SELECT org_id, id, browser_id, principal_id, method, idp_id, auth_at, created_at, last_seen_at, expires_at, client_ip, user_agent, upstream_sid, acr, amr, under_id \
               FROM sessions WHERE org_id = $1 AND browser_id = $2 AND kind = $3 ORDER BY auth_at DESC LIMIT 1";
    SESSION_BY_ID = "SELECT org_id, id, browser_id, principal_id, method, idp_id, auth_at, created_at, last_seen_at, expires_at, client_ip, user_agent, upstream_sid, acr, amr, under_id \
             FROM sessions WHERE org_id = $1 AND id = $2";
    SESSION_OF_PRINCIPAL = "SELECT org_id, id, browser_id, principal_id, method, idp_id, auth_at, created_at, last_seen_at, expires_at, client_ip, user_agent, upstream_sid, acr, amr, under_id \
                    FROM sessions WHERE org_id = $1 AND kind = $2 AND principal_id = $3 ORDER BY last_seen_at DESC, id";
    /// The organizations that a browser is signed in to, for /portal and sign-out.
    global SESSION_OF_BROWSER = "SELECT org_id, id, browser_id, principal_id, method, idp_id, auth_at, created_at, last_seen_at, expires_at, client_ip, user_agent, upstream_sid, acr, amr, under_id \
                         FROM sessions WHERE browser_id = $1 AND kind = $2 ORDER BY auth_at DESC";
    SESSION_OF_UPSTREAM = "SELECT org_id, id, browser_id, principal_id, method, idp_id, auth_at, created_at, last_seen_at, expires_at, client_ip, user_agent, upstream_sid, acr, amr, under_id \
                   FROM sessions WHERE org_id = $1 AND idp_id = $2 AND upstream_sid = $3 ORDER BY id";
    SESSION_INSERT = "INSERT INTO sessions (org_id, id, browser_id, kind, principal_id, method, idp_id, auth_at, created_at, last_seen_at, expires_at, client_ip, user_agent, \
              upstream_sid, acr, amr, under_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $15, $15, $9, $10, $11, $12, $13, $14, $16)";
    SESSION_RENEW = "UPDATE sessions SET method = $3, idp_id = $4, auth_at = $5, last_seen_at = $10, expires_at = $6, upstream_sid = $7, acr = $8, amr = $9, under_id = $11 WHERE org_id = $1 AND id = $2";
    SESSION_SEEN = "UPDATE sessions SET last_seen_at = $3 WHERE org_id = $1 AND id = $2";
    SESSION_DELETE = "DELETE FROM sessions WHERE org_id = $1 AND id = $2";
    SESSION_DELETE_OF_PRINCIPAL = "DELETE FROM sessions WHERE org_id = $1 AND kind = $2 AND principal_id = $3 AND id <> $4";
}

/// How long a browser is known after its last sign-in, in seconds.
const BROWSER_TTL_S: i64 = 400 * 86_400;
/// How long a browser is known with which nobody has signed in yet, in seconds: anybody can make as many as they like.
const STRANGER_TTL_S: i64 = 86_400;

impl FromRow for Session {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let org = row.text(0)?;
        Ok(Self {
            org: if org.is_empty() { None } else { Some(row.id(0)?) },
            id: row.id(1)?,
            browser: row.id(2)?,
            principal: row.id(3)?,
            method: if row.str(4)? == "federated" { Method::Federated } else { Method::Password },
            idp: row.opt_id(5)?,
            auth_at: row.micros(6)?,
            created_at: row.micros(7)?,
            last_seen_at: row.micros(8)?,
            expires_at: row.micros(9)?,
            client_ip: row.text(10)?,
            user_agent: row.text(11)?,
            upstream: Upstream {
                sid: row.opt_text(12)?,
                acr: row.opt_text(13)?,
                amr: row
                    .opt_text(14)?
                    .unwrap_or_default()
                    .split(' ')
                    .filter(|m| !m.is_empty())
                    .map(str::to_owned)
                    .collect(),
                auth_at: None,
            },
            under: row.opt_id(15)?,
        })
    }
}

/// How the key of a session is written: administrators' sessions belong to no organization.
pub(crate) fn key(org: Option<Id>) -> String {
    org.map(|o| o.text()).unwrap_or_default()
}

/// The browser whose cookie this is.
///
/// # Errors
/// The database's.
pub async fn browser(s: &mut impl Source, secret: &Secret, now: Micros) -> Result<Option<Id>> {
    let row: Option<(Id,)> = s.first(&SESSION_BROWSER, &[secret.digest().into(), now.into()]).await?;
    Ok(row.map(|(id,)| id))
}

/// Makes a browser's row before anybody has signed in with it.
pub(crate) async fn insert_browser(tx: &mut Tx, id: Id, digest: Digest, now: Micros) -> Result<()> {
    let until = now.plus_s(STRANGER_TTL_S);
    tx.exec(&SESSION_BROWSER_INSERT, &[(&id).into(), digest.into(), now.into(), until.into()]).await?;
    Ok(())
}

/// Gives a browser the cookie of a sign-in; answers whether there is such a browser.
pub(crate) async fn rotate_browser(tx: &mut Tx, id: Id, digest: Digest, now: Micros) -> Result<bool> {
    let params = [(&id).into(), digest.into(), now.plus_s(BROWSER_TTL_S).into()];
    Ok(tx.exec(&SESSION_BROWSER_ROTATE, &params).await? > 0)
}

/// Whether the principal may begin a session, asked of the row itself, which stays locked until the commit: of a sign-in
/// and a suspension side by side, the second sees what the first did.
pub(crate) async fn admit(tx: &mut Tx, org: Option<Id>, kind: Kind, principal: Id) -> Result<bool> {
    let rows = match (kind, org) {
        (Kind::User, Some(org)) => tx.exec(&SESSION_ADMIT_USER, &[(&org).into(), (&principal).into()]).await?,
        (Kind::Admin, None) => tx.exec(&SESSION_ADMIT_ADMIN, &[(&principal).into()]).await?,
        (Kind::User, None) | (Kind::Admin, Some(_)) => 0,
    };
    Ok(rows > 0)
}

/// The session of a browser in an organization (or of an administrator), live or not.
///
/// # Errors
/// The database's.
pub async fn current(s: &mut impl Source, browser: Id, org: Option<Id>, kind: Kind) -> Result<Option<Session>> {
    Ok(s.first(&SESSION_CURRENT, &[key(org).into(), (&browser).into(), kind.word().into()]).await?)
}

/// A session by id.
///
/// # Errors
/// The database's.
pub async fn by_id(s: &mut impl Source, org: Id, id: Id) -> Result<Option<Session>> {
    Ok(s.first(&SESSION_BY_ID, &[(&org).into(), (&id).into()]).await?)
}

/// A person's or administrator's sessions, the last used first.
///
/// # Errors
/// The database's.
pub async fn of_principal(s: &mut impl Source, org: Option<Id>, kind: Kind, principal: Id) -> Result<Vec<Session>> {
    Ok(s.all(&SESSION_OF_PRINCIPAL, &[key(org).into(), kind.word().into(), (&principal).into()]).await?)
}

/// The sessions that began with this session at an identity provider.
///
/// # Errors
/// The database's.
pub async fn of_upstream(s: &mut impl Source, org: Id, idp: Id, sid: &str) -> Result<Vec<Session>> {
    Ok(s.all(&SESSION_OF_UPSTREAM, &[(&org).into(), (&idp).into(), sid.into()]).await?)
}

/// A browser's sessions of a kind, the last signed in first.
///
/// # Errors
/// The database's.
pub async fn of_browser(s: &mut impl Source, browser: Id, kind: Kind) -> Result<Vec<Session>> {
    Ok(s.all(&SESSION_OF_BROWSER, &[(&browser).into(), kind.word().into()]).await?)
}

pub(crate) async fn insert(tx: &mut Tx, session: &Session, kind: Kind) -> Result<()> {
    let params: [V<'_>; 16] = [
        key(session.org).into(),
        (&session.id).into(),
        (&session.browser).into(),
        kind.word().into(),
        (&session.principal).into(),
        session.method.word().into(),
        session.idp.into(),
        session.auth_at.into(),
        session.expires_at.into(),
        session.client_ip.as_str().into(),
        session.user_agent.as_str().into(),
        session.upstream.sid.as_deref().into(),
        session.upstream.acr.as_deref().into(),
        session.upstream.amr.join(" ").into(),
        session.last_seen_at.into(),
        session.under.into(),
    ];
    tx.exec(&SESSION_INSERT, &params).await?;
    Ok(())
}

pub(crate) async fn renew(tx: &mut Tx, session: &Session) -> Result<()> {
    let params: [V<'_>; 11] = [
        key(session.org).into(),
        (&session.id).into(),
        session.method.word().into(),
        session.idp.into(),
        session.auth_at.into(),
        session.expires_at.into(),
        session.upstream.sid.as_deref().into(),
        session.upstream.acr.as_deref().into(),
        session.upstream.amr.join(" ").into(),
        session.last_seen_at.into(),
        session.under.into(),
    ];
    tx.exec(&SESSION_RENEW, &params).await?;
    Ok(())
}

/// Notes that a session was used, at most once a minute.
///
/// # Errors
/// The database's.
pub async fn seen(directory: &Directory, session: &Session) -> Result<()> {
    let now = directory.env().clock.now();
    if now > session.last_seen_at.plus_s(super::model::SEEN_EVERY_S) {
        let params = [key(session.org).into(), (&session.id).into(), now.into()];
        directory.db().exec(&SESSION_SEEN, &params).await?;
    }
    Ok(())
}

pub(crate) async fn delete(tx: &mut Tx, org: Option<Id>, id: Id) -> Result<u64> {
    Ok(tx.exec(&SESSION_DELETE, &[key(org).into(), (&id).into()]).await?)
}

pub(crate) async fn delete_of_principal(
    w: &mut Write<'_>,
    org: Option<Id>,
    kind: Kind,
    principal: Id,
    keep: Option<Id>,
) -> Result<u64> {
    let keep = keep.map(|k| k.text()).unwrap_or_default();
    let params = [key(org).into(), kind.word().into(), (&principal).into(), keep.into()];
    Ok(w.exec(&SESSION_DELETE_OF_PRINCIPAL, &params).await?)
}

/// Removes sessions that ran out, and browsers not seen for over a year or never signed in with.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let now = directory.env().clock.now();
    let sessions = directory.db().exec(&SESSION_PRUNE, &[now.into()]).await?;
    Ok(sessions + directory.db().exec(&SESSION_BROWSERS_PRUNE, &[now.into()]).await?)
}
