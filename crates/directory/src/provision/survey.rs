//! What a target has, written down while it is read and asked for by the page: nobody holds a whole target in memory. What
//! is left of one that nobody finished is thrown away.

use muster_base::{Id, Micros};
use muster_db::{Tx, V, Work, sql};
use muster_scim::Resource;
use serde_json::Value;

use super::ObjectKind;
use super::import::Person;
use crate::source::like;
use crate::{Directory, Error, Result, Source};

/// Surveys of one application at once; one more throws the oldest away.
const SURVEYS_MAX: i64 = 4;
/// How long one is kept that nobody finishes, in seconds.
pub const PLAN_S: i64 = 3600;
/// And one that an import works through.
pub const IMPORT_S: i64 = 86_400;

sql! {
    SURVEY_INSERT = "INSERT INTO provision_surveys (org_id, id, app_id, kept_until) VALUES ($1, $2, $3, $4)";
    /// What an import works through is not thrown away, and counts for none: there are few of those.
    SURVEY_TRIM = "DELETE FROM provision_surveys WHERE org_id = $1 AND app_id = $2 AND id NOT IN \
                   (SELECT id FROM provision_imports WHERE org_id = $1 AND app_id = $2 AND open = 1) AND id NOT IN \
                   (SELECT id FROM provision_surveys WHERE org_id = $1 AND app_id = $2 AND id NOT IN \
                   (SELECT id FROM provision_imports WHERE org_id = $1 AND app_id = $2 AND open = 1) \
                   ORDER BY kept_until DESC, id DESC LIMIT $3)";
    SURVEY_IS = "SELECT id FROM provision_surveys WHERE org_id = $1 AND app_id = $2 AND id = $3";
    SURVEY_KEEP = "UPDATE provision_surveys SET kept_until = $3 WHERE org_id = $1 AND id = $2";
    SURVEY_DROP = "DELETE FROM provision_surveys WHERE org_id = $1 AND id = $2";
    SURVEY_ROW = "INSERT INTO provision_survey_rows (org_id, survey_id, kind, remote_id, name_key, external_key, email, firstname, lastname, search, doc) \
                  SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 WHERE EXISTS (SELECT 1 FROM provision_surveys WHERE org_id = $1 AND id = $2) \
                  ON CONFLICT (org_id, survey_id, kind, remote_id) DO NOTHING";
    SURVEY_BY_ID = "SELECT doc FROM provision_survey_rows WHERE org_id = $1 AND survey_id = $2 AND kind = $3 AND remote_id IN {each $4} ORDER BY remote_id";
    SURVEY_BY_NAME = "SELECT doc FROM provision_survey_rows WHERE org_id = $1 AND survey_id = $2 AND kind = $3 AND name_key IN {each $4} \
                      ORDER BY remote_id LIMIT $5";
    SURVEY_BY_EXTERNAL = "SELECT doc FROM provision_survey_rows WHERE org_id = $1 AND survey_id = $2 AND kind = $3 AND external_key IN {each $4} \
                          ORDER BY remote_id LIMIT $5";
    SURVEY_PEOPLE_AFTER = "SELECT doc FROM provision_survey_rows WHERE org_id = $1 AND survey_id = $2 AND kind = 'user' AND remote_id > $3 \
                           ORDER BY remote_id LIMIT 200";
    SURVEY_COUNT = "SELECT count(*) FROM provision_survey_rows WHERE org_id = $1 AND survey_id = $2 AND kind = 'user' AND search LIKE $3 ESCAPE '\\'";
    SURVEY_PAGE_UP = "SELECT doc FROM provision_survey_rows WHERE org_id = $1 AND survey_id = $2 AND kind = 'user' AND search LIKE $3 ESCAPE '\\' \
                      ORDER BY CASE $6 WHEN 'firstname' THEN firstname WHEN 'lastname' THEN lastname ELSE email END, remote_id LIMIT $4 OFFSET $5";
    SURVEY_PAGE_DOWN = "SELECT doc FROM provision_survey_rows WHERE org_id = $1 AND survey_id = $2 AND kind = 'user' AND search LIKE $3 ESCAPE '\\' \
                        ORDER BY CASE $6 WHEN 'firstname' THEN firstname WHEN 'lastname' THEN lastname ELSE email END DESC, remote_id DESC LIMIT $4 OFFSET $5";
    global PROVISION_SURVEYS_PRUNE = "DELETE FROM provision_surveys WHERE kept_until < $1";
}

/// A survey of one target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Survey {
    /// The organization.
    pub org: Id,
    /// The application.
    pub app: Id,
    /// Which.
    pub id: Id,
}

/// What a list of users is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortBy {
    /// The e-mail.
    #[default]
    Email,
    /// The first name.
    FirstName,
    /// The last name.
    LastName,
}

/// A page of a list of users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Occurs in the names or the e-mail.
    pub search: String,
    /// What is sorted by.
    pub sort: SortBy,
    /// From the end.
    pub down: bool,
    /// Rows passed over.
    pub skip: i64,
    /// Rows at most.
    pub limit: i64,
}

/// What something there is found by.
#[must_use]
pub fn name_key(resource: &Resource, kind: ObjectKind) -> String {
    let naming = match kind {
        ObjectKind::User => "userName",
        ObjectKind::Group => "displayName",
    };
    resource.text(naming).map(|name| name.trim().to_lowercase()).unwrap_or_default()
}

struct Row {
    remote_id: String,
    keys: [String; 6],
    doc: String,
}

impl Row {
    fn of(resource: &Resource, kind: ObjectKind) -> Option<Self> {
        let external = resource.external_id().map(str::to_owned).unwrap_or_default();
        let keys = [name_key(resource, kind), external, String::new(), String::new(), String::new(), String::new()];
        let doc = Value::Object(resource.0.clone()).to_string();
        Some(Self { remote_id: resource.id()?.to_owned(), keys, doc })
    }

    fn of_person(person: &Person) -> Self {
        let name =
            |field: &str| person.profile.get(field).and_then(Value::as_str).map(str::to_lowercase).unwrap_or_default();
        let (email, first, last) = (person.email.to_lowercase(), name("firstname"), name("lastname"));
        // A line each, so that nothing is found across two of them.
        let search = [&person.username.to_lowercase(), &email, &first, &last].map(String::as_str).join("\n");
        let keys = [String::new(), String::new(), email, first, last, search];
        let doc = serde_json::to_string(person).unwrap_or_default();
        Self { remote_id: person.remote_id.clone(), keys, doc }
    }
}

struct Begin {
    survey: Survey,
    until: Micros,
}

impl Work for Begin {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        let Survey { org, app, id } = &self.survey;
        tx.exec(&SURVEY_INSERT, &[org.into(), id.into(), app.into(), self.until.into()]).await?;
        tx.exec(&SURVEY_TRIM, &[org.into(), app.into(), SURVEYS_MAX.into()]).await?;
        Ok(())
    }
}

struct Add {
    survey: Survey,
    kind: ObjectKind,
    rows: Vec<Row>,
}

impl Work for Add {
    type Out = ();
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<()> {
        for row in &self.rows {
            let mut params: Vec<V<'_>> = vec![
                (&self.survey.org).into(),
                (&self.survey.id).into(),
                self.kind.word().into(),
                row.remote_id.as_str().into(),
            ];
            params.extend(row.keys.iter().map(|key| V::from(key.as_str())));
            params.push(row.doc.as_str().into());
            tx.exec(&SURVEY_ROW, &params).await?;
        }
        Ok(())
    }
}

impl Survey {
    /// Begins it; it is kept for so many seconds.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(&self, directory: &Directory, seconds: i64) -> Result<()> {
        directory.db().write(Begin { survey: *self, until: directory.env().clock.now().plus_s(seconds) }).await
    }

    /// Keeps it for so many seconds from now; whether it was there still.
    ///
    /// # Errors
    /// The database's.
    pub async fn keep(&self, directory: &Directory, seconds: i64) -> Result<bool> {
        let until = directory.env().clock.now().plus_s(seconds);
        Ok(directory.db().exec(&SURVEY_KEEP, &[(&self.org).into(), (&self.id).into(), until.into()]).await? > 0)
    }

    /// The one of this id, if it was not thrown away.
    ///
    /// # Errors
    /// The database's.
    pub async fn find(s: &mut impl Source, org: Id, app: Id, id: Id) -> Result<Option<Self>> {
        let row: Option<(Id,)> = s.first(&SURVEY_IS, &[(&org).into(), (&app).into(), (&id).into()]).await?;
        Ok(row.map(|(id,)| Self { org, app, id }))
    }

    /// Writes down what is there. What has no id is passed over, and what was told of before.
    ///
    /// # Errors
    /// The database's.
    pub async fn add(&self, directory: &Directory, kind: ObjectKind, page: &[Resource]) -> Result<()> {
        let rows = page.iter().filter_map(|resource| Row::of(resource, kind)).collect();
        directory.db().write(Add { survey: *self, kind, rows }).await
    }

    /// Writes down who is there.
    ///
    /// # Errors
    /// The database's.
    pub async fn add_people(&self, directory: &Directory, people: &[Person]) -> Result<()> {
        let rows = people.iter().map(Row::of_person).collect();
        directory.db().write(Add { survey: *self, kind: ObjectKind::User, rows }).await
    }

    /// Those of these ids, then those that may be meant by these names or external ids; at most so many.
    ///
    /// # Errors
    /// The database's.
    pub async fn there(
        &self,
        s: &mut impl Source,
        kind: ObjectKind,
        (ids, names, externals): (&[String], &[String], &[String]),
        limit: i64,
    ) -> Result<Vec<Resource>> {
        let at = || [(&self.org).into(), (&self.id).into(), kind.word().into()];
        let mut docs: Vec<(String,)> = Vec::new();
        if !ids.is_empty() {
            let [org, id, kind] = at();
            docs.extend(s.all(&SURVEY_BY_ID, &[org, id, kind, V::list(ids)]).await?);
        }
        for (statement, keys) in [(&SURVEY_BY_NAME, names), (&SURVEY_BY_EXTERNAL, externals)] {
            if !keys.is_empty() {
                let [org, id, kind] = at();
                docs.extend(s.all(statement, &[org, id, kind, V::list(keys), limit.into()]).await?);
            }
        }
        let read = |(doc,): (String,)| serde_json::from_str(&doc).map(Resource);
        docs.into_iter().map(read).collect::<Result<_, _>>().map_err(|e| Error::Internal(format!("a survey: {e}")))
    }

    /// How many users there are of those that are wanted, and a page of them.
    ///
    /// # Errors
    /// The database's.
    pub async fn people(&self, s: &mut impl Source, wanted: &Wanted) -> Result<(i64, Vec<Person>)> {
        let statement = if wanted.down { &SURVEY_PAGE_DOWN } else { &SURVEY_PAGE_UP };
        let by = match wanted.sort {
            SortBy::Email => "email",
            SortBy::FirstName => "firstname",
            SortBy::LastName => "lastname",
        };
        let params = [(&self.org).into(), (&self.id).into(), like(&wanted.search).into()];
        let (total,): (i64,) = s.first(&SURVEY_COUNT, &params).await?.unwrap_or_default();
        let [org, id, search] = params;
        let rows: Vec<(String,)> =
            s.all(statement, &[org, id, search, wanted.limit.into(), wanted.skip.into(), by.into()]).await?;
        Ok((total, read_people(&rows)?))
    }

    /// The next of all users, in the order of their ids there; none at the end.
    ///
    /// # Errors
    /// [`Error::Missing`] where it was thrown away meanwhile, and the database's.
    pub async fn people_after(&self, s: &mut impl Source, after: &str) -> Result<Vec<Person>> {
        let params = [(&self.org).into(), (&self.id).into(), after.into()];
        let rows: Vec<(String,)> = s.all(&SURVEY_PEOPLE_AFTER, &params).await?;
        if rows.is_empty() && Self::find(s, self.org, self.app, self.id).await?.is_none() {
            return Err(Error::Missing("list of users"));
        }
        read_people(&rows)
    }

    /// Throws it away in the transaction of what it was written down for.
    pub(super) async fn drop_in(&self, tx: &mut Tx) -> Result<()> {
        tx.exec(&SURVEY_DROP, &[(&self.org).into(), (&self.id).into()]).await?;
        Ok(())
    }

    /// Throws it away; whether it was there to the end: one that was thrown away before told of nobody.
    ///
    /// # Errors
    /// The database's.
    pub async fn end(&self, directory: &Directory) -> Result<bool> {
        Ok(directory.db().exec(&SURVEY_DROP, &[(&self.org).into(), (&self.id).into()]).await? > 0)
    }
}

fn read_people(rows: &[(String,)]) -> Result<Vec<Person>> {
    let people = rows.iter().map(|(doc,)| serde_json::from_str(doc)).collect::<Result<_, _>>();
    people.map_err(|e| Error::Internal(format!("a survey: {e}")))
}

/// Throws away those whose time is over.
///
/// # Errors
/// The database's.
pub async fn prune(directory: &Directory) -> Result<()> {
    directory.db().exec(&PROVISION_SURVEYS_PRUNE, &[directory.env().clock.now().into()]).await?;
    Ok(())
}
