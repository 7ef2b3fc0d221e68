//! What waits for a sign-in: an application's request, with where to go on. Bound to the browser that brought it, so
//! that it cannot be finished in another (login CSRF).

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, sql};
use serde_json::Value;

use crate::{Directory, Error, Result, Source};

/// How long a request waits, in seconds.
pub const FLOW_TTL_S: i64 = 3600;

sql! {
    FLOW_INSERT = "INSERT INTO flows (org_id, id, browser_id, app_id, login_hint, payload, return_to, fresh, created_at, expires_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    FLOW_FIND = "SELECT org_id, id, browser_id, app_id, login_hint, payload, return_to, fresh, created_at FROM flows \
            WHERE org_id = $1 AND id = $2 AND browser_id = $3 AND expires_at > $4";
    FLOW_TAKE = "DELETE FROM flows WHERE org_id = $1 AND id = $2 AND browser_id = $3 AND expires_at > $4";
    global FLOW_PRUNE = "DELETE FROM flows WHERE expires_at < $1";
}

/// A request that waits.
#[derive(Clone, Debug)]
pub struct Flow {
    /// The organization that is to sign the person in.
    pub org: Id,
    /// The id, in the address of the sign-in page.
    pub id: Id,
    /// The browser that brought it.
    pub browser: Id,
    /// The application that waits.
    pub app: Option<Id>,
    /// Who it thinks is coming.
    pub login_hint: Option<String>,
    /// What the protocol keeps for itself.
    pub payload: Value,
    /// Where to go on, a path of ours.
    pub return_to: String,
    /// Only a sign-in after [`Flow::created_at`] counts (`prompt=login`, `max_age`).
    pub fresh: bool,
    /// When it came.
    pub created_at: Micros,
}

impl FromRow for Flow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            browser: row.id(2)?,
            app: row.opt_id(3)?,
            login_hint: row.opt_text(4)?,
            payload: serde_json::from_str(row.str(5)?).unwrap_or(Value::Null),
            return_to: row.text(6)?,
            fresh: row.bool(7)?,
            created_at: row.micros(8)?,
        })
    }
}

/// Keeps a request. The caller has put the flow's id into `return_to`.
///
/// # Errors
/// The database's.
pub async fn create(directory: &Directory, flow: &Flow) -> Result<()> {
    // Both come from an address; what no person types is no hint.
    let login_hint = flow.login_hint.as_deref().filter(|hint| !hint.chars().any(char::is_control));
    let return_to: String = flow.return_to.chars().filter(|c| !c.is_control()).collect();
    directory
        .db()
        .exec(
            &FLOW_INSERT,
            &[
                (&flow.org).into(),
                (&flow.id).into(),
                (&flow.browser).into(),
                flow.app.into(),
                login_hint.into(),
                flow.payload.to_string().into(),
                return_to.into(),
                flow.fresh.into(),
                flow.created_at.into(),
                flow.created_at.plus_s(FLOW_TTL_S).into(),
            ],
        )
        .await?;
    Ok(())
}

/// A request of this browser that still waits.
///
/// # Errors
/// [`Error::Missing`] when it does not, or is another browser's.
pub async fn find(s: &mut impl Source, org: Id, id: Id, browser: Id, now: Micros) -> Result<Flow> {
    let params = [(&org).into(), (&id).into(), (&browser).into(), now.into()];
    s.first(&FLOW_FIND, &params).await?.ok_or(Error::Missing("sign-in request"))
}

/// Uses a request up; of two at once, one is told true, and none when it waited too long.
///
/// # Errors
/// The database's.
pub async fn take(directory: &Directory, flow: &Flow) -> Result<bool> {
    let now = directory.env().clock.now();
    let params = [(&flow.org).into(), (&flow.id).into(), (&flow.browser).into(), now.into()];
    Ok(directory.db().exec(&FLOW_TAKE, &params).await? == 1)
}

/// Removes requests that waited too long.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<u64> {
    let now = directory.env().clock.now();
    Ok(directory.db().exec(&FLOW_PRUNE, &[now.into()]).await?)
}
