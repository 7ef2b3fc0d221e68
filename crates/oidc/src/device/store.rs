//! The statements on devices' requests.

use muster_base::{Digest, Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, Tx, V, sql};
use muster_directory::session::Method;
use muster_directory::{Directory, Result, Source};
use muster_oauth::Scope;

use super::Request;
use super::model::{Allowed, State};

/// The columns of a request, in the order in which they are read.
macro_rules! requests {
    ($rest:literal) => {
        concat!(
            "SELECT org_id, digest, user_code, app_id, scope, created_at, expires_at, interval_s, asked_at, state, ",
            "user_id, session_id, method, auth_at FROM oidc_device_codes WHERE org_id = $1 AND ",
            $rest
        )
    };
}

sql! {
    DEVICE_INSERT = "INSERT INTO oidc_device_codes (org_id, digest, user_code, app_id, scope, created_at, expires_at, interval_s, state) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'pending') ON CONFLICT (org_id, user_code) DO NOTHING";
    DEVICE_LOCK = requests!("digest = $2 {for_update}");
    DEVICE_BY_USER_CODE = requests!("user_code = $2 AND state = 'pending' AND expires_at > $3");
    DEVICE_ASKED = "UPDATE oidc_device_codes SET asked_at = $3, interval_s = $4 WHERE org_id = $1 AND digest = $2";
    DEVICE_DELETE = "DELETE FROM oidc_device_codes WHERE org_id = $1 AND digest = $2";
    /// Of two answers at once, one counts.
    DEVICE_ALLOW = "UPDATE oidc_device_codes SET state = 'allowed', user_id = $4, session_id = $5, method = $6, auth_at = $7 \
                    WHERE org_id = $1 AND user_code = $2 AND state = 'pending' AND expires_at > $3";
    DEVICE_DENY = "UPDATE oidc_device_codes SET state = 'denied' WHERE org_id = $1 AND user_code = $2 AND state = 'pending' AND expires_at > $3";
    pub global DEVICE_PRUNE = "DELETE FROM oidc_device_codes WHERE (org_id, digest) IN \
                               (SELECT org_id, digest FROM oidc_device_codes WHERE expires_at < $1 LIMIT 1000)";
}

impl FromRow for Request {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let allowed = match (row.opt_id(10)?, row.opt_id(11)?, row.opt_text(12)?, row.opt_micros(13)?) {
            (Some(user), Some(session), Some(method), Some(auth_at)) => {
                let method = if method == Method::Federated.word() { Method::Federated } else { Method::Password };
                Some(Allowed { user, session, method, auth_at })
            }
            _ => None,
        };
        let state = match (row.str(9)?, allowed) {
            ("pending", _) => State::Pending,
            ("allowed", Some(allowed)) => State::Allowed(allowed),
            _ => State::Denied,
        };
        Ok(Self {
            org: row.id(0)?,
            device_code: row.digest(1)?,
            user_code: row.text(2)?,
            app: row.id(3)?,
            scope: Scope::parse(row.str(4)?).map_err(|_| DbError::Internal("oidc_device_codes.scope".into()))?,
            created_at: row.micros(5)?,
            expires_at: row.micros(6)?,
            interval_s: row.i64(7)?,
            asked_at: row.opt_micros(8)?,
            state,
        })
    }
}

/// Keeps a request; tells false when its user code is in use.
pub(super) async fn insert(directory: &Directory, request: &Request) -> Result<bool> {
    let params: [V<'_>; 8] = [
        (&request.org).into(),
        (&request.device_code).into(),
        request.user_code.as_str().into(),
        (&request.app).into(),
        request.scope.to_string().into(),
        request.created_at.into(),
        request.expires_at.into(),
        request.interval_s.into(),
    ];
    Ok(directory.db().exec(&DEVICE_INSERT, &params).await? == 1)
}

pub(super) async fn lock(tx: &mut Tx, org: Id, device_code: Digest) -> Result<Option<Request>> {
    Ok(tx.first(&DEVICE_LOCK, &[(&org).into(), (&device_code).into()]).await?)
}

/// The request that waits under a user code.
pub(super) async fn waiting(s: &mut impl Source, org: Id, user_code: &str, now: Micros) -> Result<Option<Request>> {
    Ok(s.first(&DEVICE_BY_USER_CODE, &[(&org).into(), user_code.into(), now.into()]).await?)
}

pub(super) async fn set_asked(tx: &mut Tx, request: &Request, interval_s: i64, now: Micros) -> Result<()> {
    let params = [(&request.org).into(), (&request.device_code).into(), now.into(), interval_s.into()];
    tx.exec(&DEVICE_ASKED, &params).await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, request: &Request) -> Result<()> {
    tx.exec(&DEVICE_DELETE, &[(&request.org).into(), (&request.device_code).into()]).await?;
    Ok(())
}

/// Writes what the person said; tells whether it still waited.
pub(super) async fn decide(tx: &mut Tx, request: &Request, allowed: Option<&Allowed>, now: Micros) -> Result<bool> {
    let (org, code) = (&request.org, request.user_code.as_str());
    let rows = match allowed {
        None => tx.exec(&DEVICE_DENY, &[org.into(), code.into(), now.into()]).await?,
        Some(by) => {
            let params = [
                org.into(),
                code.into(),
                now.into(),
                (&by.user).into(),
                (&by.session).into(),
                by.method.word().into(),
                by.auth_at.into(),
            ];
            tx.exec(&DEVICE_ALLOW, &params).await?
        }
    };
    Ok(rows == 1)
}
