//! Who meets a rule that is no group's: what lists are narrowed by, and what is counted while a rule is written. The people
//! or devices are put in columns of the attributes that the rule reads; the columns are kept, so that the next key that is
//! pressed asks them again and reads nobody.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use muster_base::{Id, Micros};
use muster_db::sql;
use muster_rules::{Columns, MemberQuery, Moment, Rule, language};
use serde_json::json;

use super::facts::{Facts, Needs};
use super::relation::some_after;
use super::{GroupKind, rule};
use crate::{Directory, Error, Result, Source};

sql! {
    MATCHING_SEQ = "SELECT log_seq FROM organizations WHERE id = $1 /* org_id */";
}

/// How many are put in columns together.
const CHUNK: usize = 1_000;
/// How many people or devices an organization may have for which this is asked.
const POPULATION_MAX: usize = 1_000_000;
/// How many tables of columns are kept.
const KEPT: usize = 16;
/// How long a table is kept that nobody's change has made old: values that are worked out from the present grow old by time.
const LIFE_S: i64 = 60;
/// How old a table may be, whatever has changed since, for a count that is shown while a rule is written.
const COUNT_LIFE_S: i64 = 15;

/// The people or devices of an organization, by the attributes that some rule reads.
#[derive(Debug)]
struct Table {
    ids: Vec<Id>,
    columns: Columns,
    seq: i64,
    read_at: Micros,
}

type Key = (Id, GroupKind, Vec<String>);

/// Tables, by organization, kind and attributes.
#[derive(Default)]
pub(crate) struct Cache {
    kept: Mutex<HashMap<Key, Arc<Table>>>,
}

impl Cache {
    fn find(&self, key: &Key, holds: impl Fn(&Table) -> bool) -> Option<Arc<Table>> {
        let kept = self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.get(key).filter(|table| holds(table)).map(Arc::clone)
    }

    fn keep(&self, key: Key, table: &Arc<Table>) {
        let mut kept = self.kept.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        kept.retain(|_, old| !is_older(table.read_at, old, LIFE_S));
        if kept.len() >= KEPT && !kept.contains_key(&key) {
            let oldest = kept.iter().min_by_key(|(_, table)| table.read_at).map(|(key, _)| key.clone());
            oldest.map(|key| kept.remove(&key));
        }
        kept.insert(key, Arc::clone(table));
    }
}

fn is_older(now: Micros, table: &Table, seconds: i64) -> bool {
    now > table.read_at.plus_s(seconds)
}

/// How many meet a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// Of whom the rule lets in, and the other one does not keep out.
    pub matches: usize,
    /// How many there are.
    pub population: usize,
}

/// A rule as text, checked and with the names of groups made ids.
///
/// # Errors
/// [`Error::Invalid`] on `field`, with the place.
pub async fn read(s: &mut impl Source, org: Id, kind: GroupKind, text: &str, field: &str) -> Result<MemberQuery> {
    if let Err(fault) = language::parse(text) {
        let at = text.get(..fault.at.start).map_or(0, |before| before.chars().count()) + 1;
        return Err(Error::field(field, format!("at character {at}: {}", fault.message)));
    }
    let written = json!({"queryType": "Expression", "expression": text});
    let told = |problems: Vec<muster_rules::Problem>| match problems.into_iter().next() {
        Some(problem) => Error::field(field, problem.message),
        None => Error::field(field, "cannot be read"),
    };
    let query = MemberQuery::read(&written, false).map_err(told)?;
    let query = rule::resolved(s, org, kind, &query).await?;
    let problems = rule::problems(s, org, kind, &query).await?;
    if problems.is_empty() { Ok(query) } else { Err(told(problems)) }
}

/// Those who meet a rule now, in the order of their ids.
///
/// # Errors
/// [`Error::Limit`] in an organization that is too large, and the database's.
pub async fn matching(directory: &Directory, org: Id, kind: GroupKind, rule: &Rule) -> Result<Vec<Id>> {
    let table = table(directory, org, kind, &[rule], false).await?;
    let found = table.columns.matches(rule, now(directory));
    Ok(found.iter().filter_map(|n| table.ids.get(n).copied()).collect())
}

/// How many meet a rule, and are not kept out by another; as of the last seconds.
///
/// # Errors
/// [`Error::Limit`] in an organization that is too large, and the database's.
pub async fn count(
    directory: &Directory,
    org: Id,
    kind: GroupKind,
    include: &Rule,
    exclude: Option<&Rule>,
) -> Result<Count> {
    let rules: Vec<&Rule> = std::iter::once(include).chain(exclude).collect();
    let table = table(directory, org, kind, &rules, true).await?;
    let now = now(directory);
    let within = table.columns.matches(include, now);
    let out = exclude.map(|rule| table.columns.matches(rule, now));
    let matches = within.iter().filter(|n| out.as_ref().is_none_or(|out| !out.has(*n))).count();
    Ok(Count { matches, population: table.ids.len() })
}

fn now(directory: &Directory) -> Moment {
    Moment(directory.env().clock.now().0)
}

/// The table of what these rules read: the kept one, unless something has changed since.
async fn table(directory: &Directory, org: Id, kind: GroupKind, rules: &[&Rule], roughly: bool) -> Result<Arc<Table>> {
    let attributes: BTreeSet<String> = rules.iter().flat_map(|rule| rule.attributes()).map(str::to_owned).collect();
    let key: Key = (org, kind, attributes.into_iter().collect());
    let now = directory.env().clock.now();
    let mut s = directory.read();
    let (seq,): (i64,) = s.first(&MATCHING_SEQ, &[(&org).into()]).await?.ok_or(Error::Missing("organization"))?;
    let holds = |table: &Table| {
        let of_now = table.seq == seq && !is_older(now, table, LIFE_S);
        of_now || (roughly && !is_older(now, table, COUNT_LIFE_S))
    };
    if let Some(table) = directory.columns_cache().find(&key, holds) {
        return Ok(table);
    }
    // Of the groups that they are in nothing is read, where no rule speaks of any.
    let reads_groups = key.2.iter().any(|name| name == "groups" || name.ends_with(".groups"));
    let within = if reads_groups { None } else { Some(Vec::new()) };
    let mut columns = Columns::new(key.2.iter().map(String::as_str));
    let mut ids = Vec::new();
    let mut after = String::new();
    loop {
        let some = some_after(&mut s, org, kind, &after, CHUNK).await?;
        let Some(last) = some.last() else { break };
        after = last.text();
        // Anew for each: of those who are in the columns nothing more is needed.
        let facts = Facts::new(&mut s, org, Needs::of_attributes(kind, &key.2), now).await?;
        let mut facts = facts.within(within.clone());
        facts.load_subjects(&mut s, org, kind, &some).await?;
        for id in &some {
            columns.push(&facts.subject(kind, *id));
        }
        ids.extend(some);
        if ids.len() > POPULATION_MAX {
            return Err(Error::Limit(format!(
                "an organization of more than {POPULATION_MAX} is not searched by a rule"
            )));
        }
    }
    let table = Arc::new(Table { ids, columns, seq, read_at: now });
    directory.columns_cache().keep(key, &table);
    Ok(table)
}
