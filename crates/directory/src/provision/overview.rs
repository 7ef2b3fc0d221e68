//! How all targets of an organization are doing, by one statement. Never here: what is wrong with a single object.

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, sql};
use muster_scim::reconcile::Breaker;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Target;
use crate::{Result, Source};

/// Targets that are looked at.
const TARGETS_MAX: i64 = 10_000;

sql! {
    /// A target that is in step costs nothing beyond its own row: only what is held or failing is counted.
    PROVISION_OVERVIEW = "SELECT t.app_id, t.active, t.paused, t.breaker, t.stopped, coalesce(c.held, 0), coalesce(c.failing, 0), c.since, c.error, c.waits \
                          FROM provision_targets t LEFT JOIN (SELECT o.app_id, CAST(sum(o.held) AS BIGINT) AS held, \
                          CAST(sum(1 - o.held) AS BIGINT) AS failing, min(o.dirty_at) AS since, min(CASE WHEN o.held = 0 THEN o.error END) AS error, min(CASE WHEN o.held = 1 THEN o.error END) AS waits FROM provision_objects o \
                          WHERE o.org_id = $1 AND (o.held = 1 OR o.error IS NOT NULL) GROUP BY o.app_id) c ON c.app_id = t.app_id \
                          WHERE t.org_id = $1 ORDER BY t.app_id LIMIT $2";
}

/// How a target is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ProvisionState)]
#[serde(rename_all = "lowercase")]
pub enum Doing {
    /// Nothing is sent.
    Off,
    /// Accounts are sent.
    Running,
    /// It rests.
    Paused,
    /// Something waits for an administrator.
    Held,
    /// The application cannot be reached, or refuses us.
    Unreachable,
}

impl Doing {
    /// How a target is doing at which so many objects are held.
    #[must_use]
    pub fn of(target: &Target, held: i64) -> Self {
        Self::from((target.active, target.paused), target.stopped.is_some() || target.breaker.is_open(), held)
    }

    const fn from((active, paused): (bool, bool), unreachable: bool, held: i64) -> Self {
        match () {
            () if !active => Self::Off,
            () if paused => Self::Paused,
            () if unreachable => Self::Unreachable,
            () if held > 0 => Self::Held,
            () => Self::Running,
        }
    }
}

/// A target among the others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    /// The application.
    pub app: Id,
    /// How it is doing.
    pub doing: Doing,
    /// How many wait for an administrator.
    pub held: i64,
    /// How many fail.
    pub failing: i64,
    /// The oldest change that is held or fails.
    pub since: Option<Micros>,
    /// Why nothing is sent, or what went wrong with one of those that fail.
    pub error: Option<String>,
    /// Why one of those that are held is.
    pub waits: Option<String>,
}

impl FromRow for Overview {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let breaker: Breaker = row.opt_text(3)?.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let (stopped, held) = (row.opt_text(4)?, row.i64(5)?);
        let unreachable = stopped.is_some() || breaker.is_open();
        Ok(Self {
            app: row.id(0)?,
            doing: Doing::from((row.bool(1)?, row.bool(2)?), unreachable, held),
            held,
            failing: row.i64(6)?,
            since: row.opt_micros(7)?,
            error: stopped.or(row.opt_text(8)?),
            waits: row.opt_text(9)?,
        })
    }
}

/// How the targets of an organization are doing, by the ids of their applications.
///
/// # Errors
/// The database's.
pub async fn all(s: &mut impl Source, org: Id) -> Result<Vec<Overview>> {
    Ok(s.all(&PROVISION_OVERVIEW, &[(&org).into(), TARGETS_MAX.into()]).await?)
}
