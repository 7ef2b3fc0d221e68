//! Imports of an application's own users: what such a user says of a person here, the verb that makes or changes the
//! person, and the jobs with their results.

use muster_base::{Email, Id};
use muster_db::{Tx, Work, sql};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::reading::Far;
use crate::user::{self, State, User};
use crate::{Directory, Error, Result, Source, Verb, Write, organization};

sql! {
    IMPORT_INSERT = "INSERT INTO provision_imports (org_id, id, app_id, created_at, doc) VALUES ($1, $2, $3, $4, $5)";
    IMPORT_SET = "UPDATE provision_imports SET doc = $3, open = $4 WHERE org_id = $1 AND id = $2 AND open = 1";
    IMPORT_READS = "UPDATE provision_imports SET read_count = $3, total_count = $4 WHERE org_id = $1 AND id = $2 AND open = 1";
    IMPORT_HANDLED = "UPDATE provision_imports SET handled_count = $3 WHERE org_id = $1 AND id = $2 AND open = 1";
    IMPORT_RESULT = "INSERT INTO provision_import_results (org_id, import_id, place, status, doc) SELECT $1, $2, $3, $4, $5 \
                     WHERE EXISTS (SELECT 1 FROM provision_imports WHERE org_id = $1 AND id = $2 AND open = 1)";
    IMPORT_RESULTS = "SELECT doc FROM provision_import_results WHERE org_id = $1 AND import_id = $2 ORDER BY place LIMIT $3 OFFSET $4";
    IMPORT_COUNTS = "SELECT status, count(*) FROM provision_import_results WHERE org_id = $1 AND import_id = $2 GROUP BY status ORDER BY status";
    IMPORT_BY_ID = "SELECT doc, read_count, total_count, handled_count FROM provision_imports WHERE org_id = $1 AND id = $2";
    /// The worker's: jobs that have not ended.
    global PROVISION_IMPORTS_OPEN = "SELECT org_id, id FROM provision_imports WHERE open = 1 ORDER BY created_at LIMIT 1000";
}

/// After so many seconds without a sign of life a job counts as left.
const LEASE_S: i64 = 60;
/// Results that are written down together.
const RESULTS_TOGETHER: usize = 50;
/// How often a job says that it goes on, in seconds.
pub const BEAT_S: u64 = 15;

/// A user of the application, as it would come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Person {
    /// Its id there.
    pub remote_id: String,
    /// The user name.
    pub username: String,
    /// The e-mail.
    pub email: String,
    /// Whether the account is active there.
    pub active: bool,
    /// Members of the v1 object.
    pub profile: Map<String, Value>,
}

/// What an import may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct May {
    /// Make people.
    pub create: bool,
    /// Change people.
    pub update: bool,
    /// Let suspended people in again.
    pub reactivate: bool,
}

/// How it went with one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportResult)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// The person here, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_user_id: Option<String>,
    /// The user name there.
    pub username: String,
    /// The e-mail there.
    pub email: String,
    /// `CREATED`, `UPDATED`, `UNCHANGED`, `SKIPPED` or `ERROR`.
    pub status: String,
    /// Why, where it was not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Job {
    /// The application.
    pub app: String,
    /// When it was asked for, in microseconds.
    pub created_at: i64,
    /// When it ended, in microseconds.
    pub done_at: Option<i64>,
    /// Why it ended before its end.
    pub failure: Option<String>,
    /// How far the application's users were read; they are read before anybody is taken in.
    #[serde(skip)]
    pub far: Far,
    /// How many of those that were read it has gone through, once they were.
    #[serde(skip)]
    pub handled: Option<u64>,
}

/// Whom here a user there is: by e-mail, then by user name.
///
/// # Errors
/// The database's.
pub async fn matching(s: &mut impl Source, org: Id, person: &Person) -> Result<Option<User>> {
    if let Ok(email) = person.email.parse::<Email>()
        && let Some(found) = user::store::by_email(s, org, email.normal()).await?
    {
        return Ok(Some(found));
    }
    user::store::by_username(s, org, &person.username).await
}

/// Makes or changes one person.
pub struct Take {
    /// The user there.
    pub person: Person,
    /// What may be done.
    pub may: May,
}

impl Verb for Take {
    type Out = Outcome;

    async fn run(&self, w: &mut Write<'_>) -> Result<Outcome> {
        let found = matching(w, w.org(), &self.person).await?;
        let (status, id) = match found {
            None if !self.may.create => ("SKIPPED", None),
            None => {
                let settings = organization::store::get(w, w.org()).await?.settings;
                let create = user::create::Create {
                    username: self.person.username.clone(),
                    email: self.person.email.clone(),
                    state: Some(settings.new_system_user_state_defaults.application_import),
                    profile: self.person.profile.clone(),
                    password_hash: None,
                };
                ("CREATED", Some(create.run(w).await?.id))
            }
            Some(found) if !self.may.update => ("SKIPPED", Some(found.id)),
            Some(found) => (self.change(w, &found).await?, Some(found.id)),
        };
        Ok(Outcome { status: status.into(), system_user_id: id.map(|id| id.text()), ..self.outcome() })
    }
}

impl Take {
    fn outcome(&self) -> Outcome {
        Outcome {
            system_user_id: None,
            username: self.person.username.clone(),
            email: self.person.email.clone(),
            status: "ERROR".into(),
            error: None,
        }
    }

    async fn change(&self, w: &mut Write<'_>, found: &User) -> Result<&'static str> {
        let is = serde_json::to_value(&found.profile).unwrap_or_default();
        let differs = |name: &String, value: &Value| is.get(name.as_str()) != Some(value);
        let profile: Map<String, Value> =
            self.person.profile.iter().filter(|(n, v)| differs(n, v)).map(|(n, v)| (n.clone(), v.clone())).collect();
        let back = self.may.reactivate && self.person.active && found.state == State::Suspended;
        if profile.is_empty() && !back {
            return Ok("UNCHANGED");
        }
        let mut update = user::update::Update::profile(found.id, profile);
        update.state = back.then_some(State::Activated);
        update.run(w).await?;
        Ok("UPDATED")
    }

    /// Does it, and says how it went.
    ///
    /// # Errors
    /// The database's; what is wrong with the user is an outcome.
    pub async fn outcome_of(self, directory: &Directory, actor: crate::Actor, org: Id) -> Result<Outcome> {
        let otherwise = self.outcome();
        match directory.write(actor, org, self).await {
            Ok(outcome) => Ok(outcome),
            Err(error @ (Error::Invalid(_) | Error::Conflict(_) | Error::Denied(_) | Error::Limit(_))) => {
                Ok(Outcome { error: Some(error.to_string()), ..otherwise })
            }
            Err(error) => Err(error),
        }
    }
}

/// The sign of life of a job: only who began it gives it.
#[derive(Clone, Debug)]
pub struct Beat {
    job: Id,
    holder: String,
}

impl Beat {
    /// Says that the job goes on.
    ///
    /// # Errors
    /// The database's.
    pub async fn beat(&self, directory: &Directory) -> Result<()> {
        let now = directory.env().clock.now();
        directory.db().lease(&lease(self.job), &self.holder, LEASE_S, now).await?;
        Ok(())
    }
}

fn lease(job: Id) -> String {
    format!("import:{job}")
}

/// Ends the jobs that the server which did them left: what they did stays, and the rest is told. Tells how many.
///
/// # Errors
/// The database's.
pub async fn end_abandoned(directory: &Directory) -> Result<usize> {
    let mut ended = 0;
    let now = directory.env().clock.now();
    let open: Vec<(Id, Id)> = directory.db().all(&PROVISION_IMPORTS_OPEN, &[]).await?;
    for (org, id) in open {
        // Whoever does it has the lease.
        if !directory.db().lease(&lease(id), "ends what was left", LEASE_S, now).await? {
            continue;
        }
        let mut left = job(&mut directory.read(), org, id).await?;
        if left.done_at.is_none() {
            let why = "the server that did this stopped before its end: import again, what was done is passed over";
            left.failure = Some(why.into());
            left.done_at = Some(now.0);
            ended += 1;
        }
        keep(directory, org, id, &left).await?;
        directory.db().release(&lease(id), "ends what was left").await?;
    }
    Ok(ended)
}

/// Begins a job; who does it says with the [`Beat`] that it goes on.
///
/// # Errors
/// The database's.
pub async fn begin(directory: &Directory, org: Id, app: Id) -> Result<(Id, Job, Beat)> {
    let (id, now) = (directory.env().id(), directory.env().clock.now());
    let beat = Beat { job: id, holder: directory.env().id().text() };
    beat.beat(directory).await?;
    let job =
        Job { app: app.text(), created_at: now.0, done_at: None, failure: None, far: Far::default(), handled: None };
    let doc = serde_json::to_string(&job).unwrap_or_default();
    let params = [(&org).into(), (&id).into(), (&app).into(), now.into(), doc.into()];
    directory.db().exec(&IMPORT_INSERT, &params).await?;
    Ok((id, job, beat))
}

/// Says how far a job's reading is; false: it was ended, and is not to go on.
///
/// # Errors
/// The database's.
pub async fn reads(directory: &Directory, (org, id): (Id, Id), far: Far) -> Result<bool> {
    let (read, total) = far.counts();
    let params = [(&org).into(), (&id).into(), read.into(), total.into()];
    Ok(directory.db().exec(&IMPORT_READS, &params).await? > 0)
}

/// Says how many of those that were read a job has gone through.
///
/// # Errors
/// The database's.
pub async fn handled(directory: &Directory, (org, id): (Id, Id), handled: u64) -> Result<()> {
    let handled = i64::try_from(handled).unwrap_or(i64::MAX);
    directory.db().exec(&IMPORT_HANDLED, &[(&org).into(), (&id).into(), handled.into()]).await?;
    Ok(())
}

/// Writes down where a job stands.
///
/// # Errors
/// The database's.
pub async fn keep(directory: &Directory, org: Id, id: Id, job: &Job) -> Result<()> {
    let doc = serde_json::to_string(job).unwrap_or_default();
    let open = job.done_at.is_none();
    directory.db().exec(&IMPORT_SET, &[(&org).into(), (&id).into(), doc.into(), open.into()]).await?;
    Ok(())
}

/// What became of the users of a job, written down a few at a time.
pub struct Results {
    job: (Id, Id),
    place: i64,
    waiting: Vec<Outcome>,
}

impl Results {
    /// Of a job that begins.
    #[must_use]
    pub const fn new(job: (Id, Id)) -> Self {
        Self { job, place: 0, waiting: Vec::new() }
    }

    /// One more.
    ///
    /// # Errors
    /// The database's.
    pub async fn add(&mut self, directory: &Directory, outcome: Outcome) -> Result<()> {
        self.waiting.push(outcome);
        if self.waiting.len() >= RESULTS_TOGETHER { self.keep(directory).await } else { Ok(()) }
    }

    /// Writes down what was not yet.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep(&mut self, directory: &Directory) -> Result<()> {
        let outcomes = std::mem::take(&mut self.waiting);
        let first = self.place;
        self.place += i64::try_from(outcomes.len()).unwrap_or(0);
        directory.db().write(Keep { job: self.job, first, outcomes }).await
    }
}

struct Keep {
    job: (Id, Id),
    first: i64,
    outcomes: Vec<Outcome>,
}

impl Work for Keep {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        for (outcome, place) in self.outcomes.iter().zip(self.first..) {
            let doc = serde_json::to_string(outcome).unwrap_or_default();
            let (org, job) = (&self.job.0, &self.job.1);
            let params = [org.into(), job.into(), place.into(), outcome.status.as_str().into(), doc.into()];
            tx.exec(&IMPORT_RESULT, &params).await?;
        }
        Ok(())
    }
}

/// A page of what became of the users of a job, in their order.
///
/// # Errors
/// The database's.
pub async fn results(s: &mut impl Source, job: (Id, Id), limit: i64, skip: i64) -> Result<Vec<Outcome>> {
    let rows: Vec<(String,)> =
        s.all(&IMPORT_RESULTS, &[(&job.0).into(), (&job.1).into(), limit.into(), skip.into()]).await?;
    let read = rows.iter().map(|(doc,)| serde_json::from_str(doc)).collect::<Result<_, _>>();
    read.map_err(|e| Error::Internal(format!("provision_import_results.doc: {e}")))
}

/// How many of each outcome.
///
/// # Errors
/// The database's.
pub async fn counts(s: &mut impl Source, job: (Id, Id)) -> Result<Vec<(String, i64)>> {
    Ok(s.all(&IMPORT_COUNTS, &[(&job.0).into(), (&job.1).into()]).await?)
}

/// A job of an organization.
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn job(s: &mut impl Source, org: Id, id: Id) -> Result<Job> {
    let row: Option<(String, i64, Option<i64>, Option<i64>)> =
        s.first(&IMPORT_BY_ID, &[(&org).into(), (&id).into()]).await?;
    let (doc, read, total, handled) = row.ok_or(Error::Missing("import job"))?;
    let job: Job = serde_json::from_str(&doc).map_err(|e| Error::Internal(format!("provision_imports.doc: {e}")))?;
    let handled = handled.map(|n| u64::try_from(n).unwrap_or(0));
    Ok(Job { far: Far::of(read, total), handled, ..job })
}

/// What a SCIM user says of a person, as members of the v1 object.
#[must_use]
pub fn profile_of(user: &muster_scim::resource::User) -> Map<String, Value> {
    let mut out = Map::new();
    let mut put = |name: &str, value: Option<&String>| {
        if let Some(value) = value.filter(|v| !v.trim().is_empty()) {
            out.insert(name.to_owned(), json!(value));
        }
    };
    let name = user.name.as_ref();
    put("firstname", name.and_then(|n| n.given_name.as_ref()));
    put("middlename", name.and_then(|n| n.middle_name.as_ref()));
    put("lastname", name.and_then(|n| n.family_name.as_ref()));
    put("displayname", user.display_name.as_ref());
    put("jobTitle", user.title.as_ref());
    put("employeeType", user.user_type.as_ref());
    let enterprise = user.enterprise.as_ref();
    put("department", enterprise.and_then(|e| e.department.as_ref()));
    put("costCenter", enterprise.and_then(|e| e.cost_center.as_ref()));
    put("company", enterprise.and_then(|e| e.organization.as_ref()));
    put("employeeIdentifier", enterprise.and_then(|e| e.employee_number.as_ref()));
    out
}
