//! The statements on exemptions, and setting a group's exemptions to a list.

use std::collections::{BTreeMap, HashMap};

use muster_base::{Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, V, sql};

use super::model::Exempt;
use super::{Exemption, ExemptionMode};
use crate::{Result, Source, Write};

sql! {
    EXEMPTION_ALL = "SELECT member_id, mode, reason, set_by, set_at, until_at, group_id FROM group_exempt \
                 WHERE org_id = $1 AND group_id = $2 ORDER BY member_id";
    EXEMPTION_OF = "SELECT member_id, mode, reason, set_by, set_at, until_at, group_id FROM group_exempt \
                WHERE org_id = $1 AND member_id = $2";
    EXEMPTION_OF_EACH = "SELECT member_id, mode, reason, set_by, set_at, until_at, group_id FROM group_exempt \
                     WHERE org_id = $1 AND member_id IN {each $2}";
    EXEMPTION_DELETE = "DELETE FROM group_exempt WHERE org_id = $1 AND group_id = $2 AND member_id IN {each $3}";
    EXEMPTION_INSERT = "INSERT INTO group_exempt (org_id, group_id, member_id, mode, reason, set_by, set_at, until_at) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
}

/// An exemption with its group.
struct OfGroup(Id, Exemption);

impl FromRow for OfGroup {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let mode = ExemptionMode::from_word(&row.text(1)?);
        let exemption = Exemption {
            member: row.id(0)?,
            mode: mode.ok_or_else(|| DbError::Internal("group_exempt.mode".into()))?,
            reason: row.text(2)?,
            set_by: row.opt_id(3)?,
            set_at: row.micros(4)?,
            until: row.opt_micros(5)?,
        };
        Ok(Self(row.id(6)?, exemption))
    }
}

impl Exemption {
    /// Whether it still holds.
    #[must_use]
    pub fn holds(&self, now: Micros) -> bool {
        self.until.is_none_or(|until| until > now)
    }
}

/// The exemptions of a group, those that have lifted and wait to be cleared away too.
///
/// # Errors
/// The database's.
pub async fn exemptions(s: &mut impl Source, org: Id, group: Id) -> Result<Vec<Exemption>> {
    let rows: Vec<OfGroup> = s.all(&EXEMPTION_ALL, &[(&org).into(), (&group).into()]).await?;
    Ok(rows.into_iter().map(|OfGroup(_, exemption)| exemption).collect())
}

/// The exemptions of a person or device, by group.
///
/// # Errors
/// The database's.
pub async fn exemptions_of(s: &mut impl Source, org: Id, member: Id) -> Result<BTreeMap<Id, Exemption>> {
    let rows: Vec<OfGroup> = s.all(&EXEMPTION_OF, &[(&org).into(), (&member).into()]).await?;
    Ok(rows.into_iter().map(|OfGroup(group, exemption)| (group, exemption)).collect())
}

/// The exemptions of many, by member and group.
pub(crate) async fn of_each(
    s: &mut impl Source,
    org: Id,
    members: &[Id],
) -> Result<HashMap<Id, HashMap<Id, Exemption>>> {
    if members.iter().all(|member| s.is_new(*member)) {
        return Ok(HashMap::new());
    }
    let rows: Vec<OfGroup> = match members {
        [one] => s.all(&EXEMPTION_OF, &[(&org).into(), one.into()]).await?,
        many => s.all(&EXEMPTION_OF_EACH, &[(&org).into(), V::list(many)]).await?,
    };
    let mut out: HashMap<Id, HashMap<Id, Exemption>> = HashMap::new();
    for OfGroup(group, exemption) in rows {
        out.entry(exemption.member).or_default().insert(group, exemption);
    }
    Ok(out)
}

/// Whom a change of a group's exemptions concerns.
#[derive(Debug, Default)]
pub(crate) struct Changed {
    /// Those who are exempt otherwise than before, or no longer.
    pub members: Vec<Id>,
}

/// Makes these a group's exemptions. One that is as before keeps who set it and when.
pub(crate) async fn set(w: &mut Write<'_>, group: Id, wanted: &[Exempt]) -> Result<Changed> {
    let before = exemptions(w, w.org(), group).await?;
    let is_same = |of: &Exemption, exempt: &Exempt| {
        (of.member, of.mode, &of.reason, of.until) == (exempt.member, exempt.mode, &exempt.reason, exempt.until)
    };
    let gone = before.iter().filter(|of| !wanted.iter().any(|exempt| is_same(of, exempt)));
    let gone: Vec<Id> = gone.map(|of| of.member).collect();
    let new: Vec<&Exempt> = wanted.iter().filter(|exempt| !before.iter().any(|of| is_same(of, exempt))).collect();
    remove(w, group, &gone).await?;
    for exempt in &new {
        insert(w, group, exempt).await?;
    }
    let mut members = gone;
    members.extend(new.iter().map(|exempt| exempt.member));
    members.sort_unstable();
    members.dedup();
    Ok(Changed { members })
}

pub(crate) async fn insert(w: &mut Write<'_>, group: Id, exempt: &Exempt) -> Result<()> {
    let (org, now, by) = (w.org(), w.now(), w.actor().id);
    let params = [
        (&org).into(),
        (&group).into(),
        (&exempt.member).into(),
        exempt.mode.word().into(),
        exempt.reason.as_str().into(),
        by.into(),
        now.into(),
        exempt.until.map(|Micros(at)| at).into(),
    ];
    w.exec(&EXEMPTION_INSERT, &params).await?;
    w.known_to_groups(&[exempt.member]);
    Ok(())
}

pub(crate) async fn remove(w: &mut Write<'_>, group: Id, members: &[Id]) -> Result<()> {
    if !members.is_empty() {
        let org = w.org();
        w.exec(&EXEMPTION_DELETE, &[(&org).into(), (&group).into(), V::list(members)]).await?;
    }
    Ok(())
}

impl Exemption {
    /// As it would be asked for.
    #[must_use]
    pub fn asked(&self) -> Exempt {
        Exempt { member: self.member, mode: self.mode, reason: self.reason.clone(), until: self.until }
    }
}
