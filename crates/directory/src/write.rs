//! A change, from the organization's lock to the commit.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use muster_base::{Env, Id, Keyring, Micros};
use muster_db::{FromRow, Sql, Tx, V, Work, sql};
use serde_json::Value;

use crate::change::{Change, Kind, Subject};
use crate::group::ruleset::RuleSet;
use crate::organization::{self, Organization};
use crate::user::User;
use crate::{Actor, Directory, Error, Result, Source, derive, group};

sql! {
    /// Takes the organization's write lock (on PostgreSQL the row's; on SQLite there is one that writes) and tells the last
    /// number given, and the changes that the rules and the organization itself are as of. Who only refers to the organization
    /// does not wait for it.
    ORG_LOCK = "SELECT log_seq, rules_seq, settings_seq FROM organizations WHERE id = $1 /* org_id */ {for_no_key_update}";
    ORG_NUMBER = "UPDATE organizations SET log_seq = $2 WHERE id = $1 /* org_id */";
}

/// One change of an organization's directory. It may be run more than once before it commits (PostgreSQL may ask for
/// a retry), so it reads its input by reference and does nothing outside the transaction.
pub trait Verb: Send + Sync + 'static {
    /// What it answers.
    type Out: Send + 'static;

    /// Does the change.
    fn run(&self, w: &mut Write<'_>) -> impl Future<Output = Result<Self::Out>> + Send;

    /// What it answers, now that everything that follows from the change is there. For what is to be told with it, and never
    /// for a change: nothing would follow from that.
    fn complete(&self, _: &mut Write<'_>, out: Self::Out) -> impl Future<Output = Result<Self::Out>> + Send {
        std::future::ready(Ok(out))
    }
}

/// The transaction of a verb: statements, the organization it is bound to, and the changes it logs.
pub struct Write<'t> {
    tx: &'t mut Tx,
    org: Id,
    actor: &'t Actor,
    directory: &'t Directory,
    now: Micros,
    seq: i64,
    changes: Vec<Change>,
    left_by: Option<i64>,
    moved: BTreeSet<Id>,
    /// The changes that the rules and the organization are as of.
    rules_seq: i64,
    settings_seq: i64,
    /// The organization as this transaction read it.
    organization: Option<Arc<Organization>>,
    /// The people whom this transaction wrote, as they are now.
    written: HashMap<Id, User>,
    /// The people whom this transaction made, and put into no group yet.
    new: BTreeSet<Id>,
    learnt: Learnt,
}

/// What a transaction learnt that outlives it, if it is committed.
#[derive(Default)]
pub(crate) struct Learnt {
    /// How long after their causes memberships were right.
    pub lags: Vec<i64>,
    /// The rules, and the change that they are as of.
    pub rules: Option<(i64, Arc<RuleSet>)>,
    /// The organization, and the change that it is as of.
    pub organization: Option<(i64, Arc<Organization>)>,
}

impl<'t> Write<'t> {
    /// The organization. Statements bind it.
    #[must_use]
    pub fn org(&self) -> Id {
        self.org
    }

    /// The time of the transaction.
    #[must_use]
    pub fn now(&self) -> Micros {
        self.now
    }

    /// The organization as this transaction has it: read once.
    pub(crate) async fn organization(&mut self) -> Result<Arc<Organization>> {
        if let Some(read) = &self.organization {
            return Ok(Arc::clone(read));
        }
        let (org, seq) = (self.org, self.settings_seq);
        // What this transaction changed itself may yet come to nothing.
        let is_own = seq > self.seq;
        let kept = if is_own { None } else { self.directory.organizations().find(org, seq) };
        let read = match kept {
            Some(kept) => kept,
            None => {
                let read = Arc::new(organization::store::get(self, org).await?);
                self.learnt.organization = (!is_own).then(|| (seq, Arc::clone(&read)));
                read
            }
        };
        Ok(Arc::clone(self.organization.insert(read)))
    }

    /// What was read of the organization holds no longer.
    pub(crate) fn organization_changed(&mut self) {
        (self.organization, self.learnt.organization) = (None, None);
        self.settings_seq = self.cause_seq();
    }

    /// The rules, if they are known as they are now.
    pub(crate) fn rules(&self) -> Option<Arc<RuleSet>> {
        // What this transaction changed itself may yet come to nothing.
        if self.rules_seq > self.seq {
            return None;
        }
        let learnt = self.learnt.rules.as_ref().map(|(_, set)| Arc::clone(set));
        learnt.or_else(|| self.directory.rules().find(self.org, self.rules_seq))
    }

    /// Keeps the rules as they were read.
    pub(crate) fn learn_rules(&mut self, set: &Arc<RuleSet>) {
        if self.rules_seq <= self.seq {
            self.learnt.rules = Some((self.rules_seq, Arc::clone(set)));
        }
    }

    /// What was read of the rules holds no longer.
    pub(crate) fn rules_changed(&mut self) {
        self.learnt.rules = None;
        self.rules_seq = self.cause_seq();
    }

    /// Notes how a person is now that they were written.
    pub(crate) fn wrote(&mut self, user: &User) {
        self.written.insert(user.id, user.clone());
    }

    /// Notes that a person was made: no group knows them.
    pub(crate) fn made(&mut self, user: Id) {
        self.new.insert(user);
    }

    /// Notes that groups know these from now on.
    pub(crate) fn known_to_groups(&mut self, members: &[Id]) {
        for member in members {
            self.new.remove(member);
        }
    }

    /// Notes that a person was changed or removed without being written as a whole.
    pub(crate) fn forget(&mut self, user: Id) {
        self.written.remove(&user);
    }

    /// Clock and randomness.
    #[must_use]
    pub fn env(&self) -> &'t Env {
        self.directory.env()
    }

    /// Encryption at rest.
    #[must_use]
    pub fn keyring(&self) -> &'t Keyring {
        self.directory.keyring()
    }

    /// An address of this installation, for a link in a mail.
    #[must_use]
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.directory.public_url())
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &'t Actor {
        self.actor
    }

    /// The number of the first change of this transaction: the cause that derived facts name.
    #[must_use]
    pub fn cause_seq(&self) -> i64 {
        self.seq + 1
    }

    /// The changes logged so far.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// Notes that memberships will be right with this commit, so many microseconds after the change that they follow from.
    pub(crate) fn followed(&mut self, lag: i64) {
        self.learnt.lags.push(lag);
    }

    /// Notes that memberships ended, by the change of this number.
    pub(crate) fn left(&mut self, cause: i64) {
        self.left_by = Some(self.left_by.map_or(cause, |before| before.min(cause)));
    }

    /// The first of the changes by which memberships ended in this transaction. A step of a long change names that change,
    /// which is older than this transaction.
    pub(crate) fn left_by(&self) -> Option<i64> {
        self.left_by
    }

    /// Notes a group and those who came into it or left it: they have to be looked at where accounts are sent to.
    pub(crate) fn moved(&mut self, group: Option<Id>, members: &[Id]) {
        self.moved.extend(group);
        self.moved.extend(members);
    }

    /// Whether anything was noted so.
    pub(crate) fn has_moved(&self) -> bool {
        !self.moved.is_empty()
    }

    /// What was noted so.
    pub(crate) fn take_moved(&mut self) -> BTreeSet<Id> {
        std::mem::take(&mut self.moved)
    }

    /// The bare transaction, for stores that serve works outside an organization too.
    pub(crate) fn transaction(&mut self) -> &mut Tx {
        self.tx
    }

    /// Runs a statement.
    ///
    /// # Errors
    /// The database's.
    pub async fn exec(&mut self, sql: &'static Sql, params: &[V<'_>]) -> Result<u64, muster_db::Error> {
        self.tx.exec(sql, params).await
    }

    /// Logs a change: audit for people, and what everything that follows is derived from.
    /// `fields` holds `{field: {"from", "to"}}` or what else tells the change; never a secret.
    pub fn log(&mut self, kind: Kind, subject: Subject, fields: Value) {
        self.changes.push(Change { kind, subject, fields });
    }
}

impl Source for Write<'_> {
    async fn all<T: FromRow + Send>(
        &mut self,
        sql: &'static Sql,
        params: &[V<'_>],
    ) -> Result<Vec<T>, muster_db::Error> {
        self.tx.all(sql, params).await
    }

    async fn first<T: FromRow + Send>(
        &mut self,
        sql: &'static Sql,
        params: &[V<'_>],
    ) -> Result<Option<T>, muster_db::Error> {
        self.tx.first(sql, params).await
    }

    fn written(&self, user: Id) -> Option<&User> {
        self.written.get(&user)
    }

    fn is_new(&self, user: Id) -> bool {
        self.new.contains(&user)
    }
}

/// A verb bound to its organization and actor: the unit that the database runs.
pub(crate) struct InOrganization<A> {
    directory: Directory,
    actor: Actor,
    org: Id,
    verb: A,
    learnt: Arc<Mutex<Learnt>>,
}

impl<A: Verb> InOrganization<A> {
    pub(crate) fn new(directory: Directory, actor: Actor, org: Id, verb: A) -> Self {
        Self { directory, actor, org, verb, learnt: Arc::default() }
    }

    /// What the run learnt that was committed.
    pub(crate) fn learnt(&self) -> Arc<Mutex<Learnt>> {
        Arc::clone(&self.learnt)
    }
}

impl<A: Verb> InOrganization<A> {
    /// The verb and all that follows from it, but for the log.
    async fn carry_out<'t>(&'t self, tx: &'t mut Tx) -> Result<(A::Out, Write<'t>)> {
        let row: Option<(i64, i64, i64)> = tx.first(&ORG_LOCK, &[(&self.org).into()]).await?;
        let (seq, rules_seq, settings_seq) = row.ok_or(Error::Missing("organization"))?;
        let mut w = Write {
            tx,
            org: self.org,
            actor: &self.actor,
            directory: &self.directory,
            now: self.directory.env().clock.now(),
            seq,
            changes: Vec::new(),
            left_by: None,
            moved: BTreeSet::new(),
            rules_seq,
            settings_seq,
            organization: None,
            written: HashMap::new(),
            new: BTreeSet::new(),
            learnt: Learnt::default(),
        };
        let out = self.verb.run(&mut w).await?;
        derive::consequences(&mut w).await?;
        let out = self.verb.complete(&mut w, out).await?;
        Ok((out, w))
    }
}

impl<A: Verb> Work for InOrganization<A> {
    type Out = A::Out;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<A::Out> {
        let (out, mut w) = self.carry_out(tx).await?;
        append(&mut w).await?;
        *self.learnt.lock().unwrap_or_else(PoisonError::into_inner) = w.learnt;
        Ok(out)
    }
}

/// What a verb would do: what it answers, and how many would come into each group and leave it.
pub struct Tried<O> {
    /// What it answers.
    pub out: O,
    /// By group: its name, how many join, how many leave.
    pub groups: Vec<group::Moved>,
}

/// The same, undone at its end, so that it tells what would follow.
pub(crate) struct TryOut<A>(pub(crate) InOrganization<A>);

/// How a trial ends: never by being kept.
pub(crate) enum Ended<O> {
    Tried(Tried<O>),
    Failed(Error),
}

impl<O> From<muster_db::Error> for Ended<O> {
    fn from(error: muster_db::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl<A: Verb> Work for TryOut<A> {
    type Out = std::convert::Infallible;
    type Err = Ended<A::Out>;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<Self::Out, Self::Err> {
        let (out, mut w) = self.0.carry_out(tx).await.map_err(Ended::Failed)?;
        let since = w.cause_seq();
        let groups = group::moved::since(&mut w, since).await.map_err(Ended::Failed)?;
        // An error, so that nothing of it is kept.
        Err(Ended::Tried(Tried { out, groups }))
    }
}

/// Writes the changes into the log under the next numbers.
async fn append(w: &mut Write<'_>) -> Result<()> {
    if w.changes.is_empty() {
        return Ok(());
    }
    let changes = std::mem::take(&mut w.changes);
    let mut seq = w.seq;
    for change in &changes {
        seq += 1;
        crate::change::store::append(w, seq, change).await?;
    }
    let org = w.org;
    w.exec(&ORG_NUMBER, &[(&org).into(), seq.into()]).await?;
    Ok(())
}
