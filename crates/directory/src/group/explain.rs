//! Why somebody is in a group, or is not: now, and at a moment in the past. Every clause with its outcome and the value it
//! saw, the exemption, the groups that hold them, and the change that did it.

use std::collections::BTreeSet;

use muster_base::{Id, Micros};
use muster_db::sql;
use muster_rules::{Explanation, MemberQuery, explain};

use super::decide::{Outcome, decide};
use super::derive::standing;
use super::facts::{Facts, Needs};
use super::model::Exempt;
use super::past::Past;
use super::ruleset::{Flag, RuleSet};
use super::{Exemption, Group, GroupKind, Suggestion, Via, store};
use crate::change::store::Entry;
use crate::{Error, Result, Source, change};

sql! {
    EXPLAIN_NOW = "SELECT via, since_at, since_seq FROM group_memberships WHERE org_id = $1 AND group_id = $2 AND member_id = $3";
    EXPLAIN_PAST = "SELECT via, since_at, since_seq, ended_at, ended_seq FROM group_memberships_ended \
                WHERE org_id = $1 AND group_id = $2 AND member_id = $3 ORDER BY since_seq DESC LIMIT 100";
}

/// A time in which somebody was in a group without a break.
#[derive(Clone, Debug)]
pub struct Interval {
    /// How they were in it.
    pub via: Via,
    /// Since when.
    pub since: Micros,
    /// The change that put them in.
    pub began_by: Option<Entry>,
    /// Until when; `None` where they still are.
    pub until: Option<Micros>,
    /// The change that put them out.
    pub ended_by: Option<Entry>,
}

/// Why.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The group as it was.
    pub group: Group,
    /// How they are, or were, in it.
    pub via: Option<Via>,
    /// What the rule says, clause by clause.
    pub include: Option<Explanation>,
    /// What the rule of who is kept out says.
    pub exclude: Option<Explanation>,
    /// The groups that this group holds and they are in.
    pub nested: Vec<(Id, String)>,
    /// What exempts them.
    pub exemption: Option<Exemption>,
    /// What an administrator is asked.
    pub suggestion: Option<Suggestion>,
    /// Why the group holds its members as they are.
    pub flags: Vec<Flag>,
    /// The times in which they were in it, the last first.
    pub history: Vec<Interval>,
    /// What cannot be told of the moment in the past, each in words.
    pub untold: Vec<String>,
    /// In one sentence.
    pub sentence: String,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// What the group holds.
    pub kind: GroupKind,
    /// Which group.
    pub group: Id,
    /// Whom.
    pub member: Id,
    /// The moment that is asked about; now, where there is none.
    pub at: Option<Micros>,
}

/// Why somebody is in a group now, or is not; at `at` where that is given.
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn membership(s: &mut impl Source, org: Id, asked: &Question, now: Micros) -> Result<Reason> {
    let Question { kind, group, member, at } = *asked;
    let mut set = RuleSet::read(s, org).await?;
    let of = store::of_kind(s, org, kind, group).await?;
    let history = history(s, org, group, member).await?;
    let moment = at.unwrap_or(now);
    let mut facts = Facts::new(s, org, Needs::ALL, moment).await?;
    facts.load(s, org, kind, &[member]).await?;
    if !facts.has(kind, member) {
        return Err(Error::Missing(kind.member()));
    }
    let mut past = Past::new(org, moment);
    if at.is_some() {
        let (of_then, held) = past.group(s, &of).await?;
        let reads: BTreeSet<String> =
            of_then.queries().flat_map(|query| query.rule().attributes()).map(str::to_owned).collect();
        let mut groups = store::every(s, org).await?;
        groups.retain(|g| g.id != group);
        groups.push(of_then);
        let mut nested = store::nested(s, org).await?;
        nested.insert(group, held);
        set = RuleSet::new(groups, nested);
        past.turn_back(s, &mut facts, (kind, member), &reads).await?;
        facts.set_exemption(member, group, past.exemption(s, group, member).await?);
    }
    let ready = set.get(group).ok_or(Error::Missing("group"))?;
    let standing = standing(ready, &facts, member);
    let Outcome { via, suggestion } = decide(ready.group.method, standing);
    let via = match at {
        // What was is in the intervals, whatever would follow from the rule.
        Some(at) => history.iter().find(|i| i.since <= at && i.until.is_none_or(|until| until > at)).map(|i| i.via),
        None if !ready.flags.is_empty() => standing.now,
        None => via,
    };
    let subject = facts.subject(kind, member);
    let told = |query: &Option<MemberQuery>| {
        let query = query.as_ref().filter(|_| ready.group.method.is_dynamic())?;
        Some(explain(query.rule(), &subject, facts.moment()))
    };
    let held_by = ready.nested.iter().filter(|id| facts.membership(member, **id).is_some());
    let nested: Vec<(Id, String)> =
        held_by.map(|id| (*id, set.get(*id).map_or_else(String::new, |r| r.group.name.clone()))).collect();
    let mut flags: Vec<Flag> = ready.flags.iter().copied().collect();
    if at.is_some() && past.were_there(s, &set, &ready.group).await? {
        flags.retain(|flag| *flag != Flag::InvalidGroupReference);
    }
    let mut reason = Reason {
        via,
        include: told(&ready.group.member_query),
        exclude: told(&ready.group.exclude_query),
        nested,
        exemption: facts.exemption(member, group).cloned(),
        suggestion,
        flags,
        untold: if at.is_some() { past.untold } else { Vec::new() },
        history,
        sentence: String::new(),
        group: ready.group.clone(),
    };
    reason.sentence = sentence(&reason, at.is_some());
    Ok(reason)
}

/// The times in which somebody was in a group, the last first, with the changes that began and ended them.
async fn history(s: &mut impl Source, org: Id, group: Id, member: Id) -> Result<Vec<Interval>> {
    let params = [(&org).into(), (&group).into(), (&member).into()];
    let now: Option<(String, Micros, i64)> = s.first(&EXPLAIN_NOW, &params).await?;
    let past: Vec<(String, Micros, i64, Micros, i64)> = s.all(&EXPLAIN_PAST, &params).await?;
    let now = now.map(|(via, since, seq)| (via, since, seq, None));
    let past = past.into_iter().map(|(via, since, seq, ended, by)| (via, since, seq, Some((ended, by))));
    let mut out = Vec::new();
    for (via, since, seq, ended) in now.into_iter().chain(past) {
        let via = Via::from_word(&via).ok_or_else(|| Error::Internal("group_memberships.via".into()))?;
        let ended_by = match ended {
            Some((_, by)) => change::store::by_seq(s, org, by).await?,
            None => None,
        };
        let began_by = change::store::by_seq(s, org, seq).await?;
        out.push(Interval { via, since, began_by, until: ended.map(|(at, _)| at), ended_by });
    }
    Ok(out)
}

sql! {
    EXPLAIN_AT = "SELECT group_id, via, since_at, since_seq FROM group_memberships WHERE org_id = $1 AND member_id = $2 AND since_at <= $3 \
              UNION ALL SELECT group_id, via, since_at, since_seq FROM group_memberships_ended \
              WHERE org_id = $1 AND member_id = $2 AND since_at <= $3 AND ended_at > $3";
}

pub(super) async fn past_memberships(
    s: &mut impl Source,
    org: Id,
    member: Id,
    at: Micros,
) -> Result<Vec<(Id, super::Membership)>> {
    let rows: Vec<(Id, String, Micros, i64)> =
        s.all(&EXPLAIN_AT, &[(&org).into(), (&member).into(), at.into()]).await?;
    let one = |(group, via, since, since_seq): (Id, String, Micros, i64)| {
        Some((group, super::Membership { via: Via::from_word(&via)?, since, since_seq }))
    };
    Ok(rows.into_iter().filter_map(one).collect())
}

fn sentence(reason: &Reason, past: bool) -> String {
    let group = &reason.group;
    let (is, is_not) = if past { ("Was a member", "Was not a member") } else { ("A member", "Not a member") };
    let held =
        if reason.flags.is_empty() { "" } else { " (the rule has a fault: the group holds its members as they were)" };
    let why = match (reason.via, &reason.exemption) {
        (Some(Via::Exemption), Some(exemption)) => format!("{is} by an exemption: {}", or_dash(&exemption.reason)),
        (Some(Via::Exemption), None) => format!("{is} by an exemption"),
        (Some(Via::Direct), _) => format!("{is} by hand"),
        (Some(Via::Rule), _) => format!("{is} by the rule"),
        (Some(Via::Nested), _) => {
            let names: Vec<&str> = reason.nested.iter().map(|(_, name)| name.as_str()).collect();
            format!("{is} since this group holds {}", names.join(", "))
        }
        (None, Some(exemption)) => format!("{is_not} by an exemption: {}", or_dash(&exemption.reason)),
        (None, None) if reason.exclude.as_ref().is_some_and(|e| e.matched) => {
            format!("{is_not}: kept out by the exclude rule")
        }
        (None, None) if reason.suggestion.is_some() => {
            format!("{is_not}: the rule suggests it, and nobody has decided")
        }
        (None, None) if group.method.is_dynamic() => format!("{is_not}: the rule does not match"),
        (None, None) => format!("{is_not}: nobody put them in"),
    };
    format!("{why}{held}")
}

fn or_dash(reason: &str) -> &str {
    if reason.is_empty() { "no reason was given" } else { reason }
}

impl Exempt {
    /// As it would be kept now, by nobody yet.
    #[must_use]
    pub fn at(&self, now: Micros) -> Exemption {
        Exemption {
            member: self.member,
            mode: self.mode,
            reason: self.reason.clone(),
            set_by: None,
            set_at: now,
            until: self.until,
        }
    }
}
