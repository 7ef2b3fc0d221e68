//! What an administrator decided about an object of a source that never came: it is left there, with what belongs to it, by this
//! migration and every later one from the same source.

use std::collections::HashSet;

use muster_base::Id;
use muster_db::sql;
use serde_json::json;

use super::link::{self, Key};
use super::model::{Item, Kind as What, State, Told, Word};
use super::{item, job};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Source, Verb, Write};

/// Decisions about one source.
const DECISIONS_MAX: i64 = 10_000;
/// Why it does not come.
const WHY: &str = "it is left alone, as you decided";

sql! {
    MIGRATION_LEFT = "SELECT remote_id FROM migration_decisions WHERE org_id = $1 AND source = $2 LIMIT $3";
    /// With what was planned before, so that it stands there again when the decision is taken back.
    MIGRATION_LEFT_PUT = "INSERT INTO migration_decisions (org_id, source, kind, remote_id, decided_at, planned, plan) \
                          SELECT $1, $2, CAST($3 AS TEXT), CAST($4 AS TEXT), CAST($5 AS BIGINT), i.planned, i.plan FROM migration_items i \
                          WHERE i.org_id = $1 AND i.job_id = $6 AND i.seq = $7 \
                          ON CONFLICT (org_id, source, kind, remote_id) DO NOTHING";
    MIGRATION_LEFT_BEFORE = "SELECT planned, plan FROM migration_decisions WHERE org_id = $1 AND source = $2 AND kind = $3 AND remote_id = $4";
    MIGRATION_LEFT_DROP = "DELETE FROM migration_decisions WHERE org_id = $1 AND source = $2 AND kind = $3 AND remote_id = $4";
}

/// The source's ids of what is left there.
pub(super) async fn left(s: &mut impl Source, org: Id, source: &str) -> Result<HashSet<String>> {
    let rows: Vec<(String,)> = s.all(&MIGRATION_LEFT, &[(&org).into(), source.into(), DECISIONS_MAX.into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What is told of an item that is left there.
pub(super) fn told() -> Told {
    Told::new(Word::Left).because(WHY)
}

/// Decides that an object of a plan is left there, or takes that back.
pub struct Decide {
    /// The migration, whose plan waits.
    pub job: Id,
    /// The object's place.
    pub seq: i64,
    /// Whether it is left there.
    pub leave: bool,
}

impl Verb for Decide {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let (org, now) = (w.org(), w.now());
        let of = job::get(w, org, self.job).await?;
        if of.state != State::Planned {
            return Err(Error::Conflict("only while its plan waits something can be decided about it".into()));
        }
        let item = item::at(w, (org, self.job), self.seq).await?.ok_or(Error::Missing("object of this migration"))?;
        let (source, remote) = (of.source.as_str(), item.remote_id.as_str());
        let key = [(&org).into(), source.into(), item.kind.word().into(), remote.into()];
        if self.leave {
            self.check(w, source, &item).await?;
            let [org, source, kind, remote] = key;
            let params = [org, source, kind, remote, now.into(), (&self.job).into(), self.seq.into()];
            w.exec(&MIGRATION_LEFT_PUT, &params).await?;
            item::plan(w, self.job, self.seq, &told()).await?;
        } else {
            let before: Option<(Option<String>, Option<String>)> = w.first(&MIGRATION_LEFT_BEFORE, &key).await?;
            let Some((_, plan)) = before else { return Ok(()) };
            w.exec(&MIGRATION_LEFT_DROP, &key).await?;
            let plan = plan.and_then(|text| serde_json::from_str(&text).ok());
            item::plan(w, self.job, self.seq, &plan.unwrap_or_else(|| Told::new(Word::Created))).await?;
        }
        let decision = self.leave.then_some("leave");
        let fields =
            json!({"migration": self.job, "type": item.kind, "remoteId": item.remote_id, "decision": decision});
        w.log(Kind::MigrationDecide, Subject::organization(org), fields);
        Ok(())
    }
}

impl Decide {
    async fn check(&self, w: &mut Write<'_>, source: &str, item: &Item) -> Result<()> {
        let org = w.org();
        let can = [What::User, What::System, What::UserGroup, What::SystemGroup, What::Application];
        if !can.contains(&item.kind) {
            let message = "of people, devices, groups and applications only: what belongs to them stays with them";
            return Err(Error::Conflict(message.into()));
        }
        let key = Key { source, kind: item.kind, parent: "", remote_id: &item.remote_id };
        if link::find(w, org, key).await?.is_some() {
            return Err(Error::Conflict("it came before: change or remove it here".into()));
        }
        if i64::try_from(left(w, org, source).await?.len()).unwrap_or(i64::MAX) >= DECISIONS_MAX {
            return Err(Error::Limit(format!("at most {DECISIONS_MAX} decisions about one source")));
        }
        Ok(())
    }
}
