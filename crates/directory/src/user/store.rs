//! The statements on people.

use muster_base::{Email, Id, Micros};
use muster_db::{Error as DbError, FromRow, Row, V, sql};

use super::{Profile, State, User};
use crate::listing::{Listed, Statements};
use crate::{Error, Result, Source, Write};

/// Longer values stand in the index by their digest.
const VALUE_KEY_MAX_BYTES: usize = 512;
/// How many past hashes are kept of a person: the most that a policy can ask for.
const PAST_MAX: i64 = 50;
/// What is told where somebody else has an employee ID.
pub(crate) const EMPLOYEE_TAKEN: &str = "employeeIdentifier: another person of this organization has it";

sql! {
    USER_BY_ID = "SELECT org_id, id, username, email, state, profile, password_hash, password_at, password_expired, created_at, tokens_from \
             FROM users WHERE org_id = $1 AND id = $2";
    USER_BY_EMAIL = "SELECT org_id, id, username, email, state, profile, password_hash, password_at, password_expired, created_at, tokens_from \
                FROM users WHERE org_id = $1 AND email_norm = $2";
    USER_ALL = "SELECT org_id, id, username, email, state, profile, password_hash, password_at, password_expired, created_at, tokens_from \
           FROM users WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    USER_BY_IDS = "SELECT org_id, id, username, email, state, profile, password_hash, password_at, password_expired, created_at, tokens_from \
              FROM users WHERE org_id = $1 AND id IN {each $2} ORDER BY id";
    USER_SEARCH = "SELECT org_id, id, username, email, state, profile, password_hash, password_at, password_expired, created_at, tokens_from \
              FROM users WHERE org_id = $1 AND id > $2 AND search LIKE $3 ESCAPE '\\' ORDER BY id LIMIT $4";
    USER_BY_NAME = "SELECT org_id, id, username, email, state, profile, password_hash, password_at, password_expired, created_at, tokens_from \
              FROM users WHERE org_id = $1 AND search LIKE $2 ESCAPE '\\' ORDER BY username_norm LIMIT $3 OFFSET $4";
    USER_SEARCH_COUNT = "SELECT count(*) FROM users WHERE org_id = $1 AND search LIKE $2 ESCAPE '\\'";
    USER_COUNT = "SELECT count(*) FROM users WHERE org_id = $1";
    /// The organizations that know an e-mail: where a sign-in without an organization goes.
    pub(crate) global USER_ORGANIZATIONS_OF_EMAIL = "SELECT org_id, id FROM users WHERE email_norm = $1 ORDER BY org_id LIMIT 20";
    USER_BY_ATTRIBUTE = "SELECT user_id FROM user_attributes WHERE org_id = $1 AND name = $2 AND value_norm = $3 \
                    ORDER BY user_id LIMIT $4";
    USER_INSERT = "INSERT INTO users (org_id, id, username, username_norm, email, email_norm, employee_identifier, state, profile, \
              search, password_hash, password_at, password_expired, manager_id, created_at, tokens_from) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0)";
    USER_UPDATE = "UPDATE users SET username = $3, username_norm = $4, email = $5, email_norm = $6, employee_identifier = $7, \
              state = $8, profile = $9, search = $10, password_hash = $11, password_at = $12, password_expired = $13, manager_id = $14 \
              WHERE org_id = $1 AND id = $2";
    /// The same of one whose names and manager stay: an index is written wherever its columns are set, even to what they were.
    USER_UPDATE_REST = "UPDATE users SET state = $3, profile = $4, search = $5, password_hash = $6, password_at = $7, \
              password_expired = $8 WHERE org_id = $1 AND id = $2";
    USER_DELETE = "DELETE FROM users WHERE org_id = $1 AND id = $2";
    USER_ATTRIBUTES_DELETE = "DELETE FROM user_attributes WHERE org_id = $1 AND user_id = $2";
    USER_ATTRIBUTE_INSERT = "INSERT INTO user_attributes (org_id, user_id, name, value_norm) VALUES ($1, $2, $3, $4)";
    USER_ATTRIBUTE_NAMES = "SELECT DISTINCT name FROM user_attributes WHERE org_id = $1 ORDER BY name LIMIT 500";
    USER_PAST_INSERT = "INSERT INTO user_passwords_past (org_id, user_id, at, password_hash) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (org_id, user_id, at) DO NOTHING";
    USER_PAST = "SELECT password_hash FROM user_passwords_past WHERE org_id = $1 AND user_id = $2 ORDER BY at DESC LIMIT $3";
    USER_SIGN_OUT = "UPDATE users SET tokens_from = $3 WHERE org_id = $1 AND id = $2";
    USER_MANAGED_BY = "SELECT id FROM users WHERE org_id = $1 AND manager_id = $2 ORDER BY id";
    /// Nothing reads more than the longest history that an organization can ask for.
    USER_PAST_TRIM = "DELETE FROM user_passwords_past WHERE org_id = $1 AND user_id = $2 AND at NOT IN \
                      (SELECT at FROM user_passwords_past WHERE org_id = $1 AND user_id = $2 ORDER BY at DESC LIMIT $3)";
    USER_BY_EMPLOYEE = "SELECT org_id, id, username, email, state, profile, password_hash, password_at, password_expired, created_at, tokens_from \
                        FROM users WHERE org_id = $1 AND employee_identifier = $2";
    USER_BY_USERNAME = "SELECT org_id, id, username, email, state, profile, password_hash, password_at, password_expired, created_at, tokens_from \
                        FROM users WHERE org_id = $1 AND username_norm = $2";
}

impl Listed for User {
    const STATEMENTS: Statements = Statements {
        page: &USER_ALL,
        search: &USER_SEARCH,
        search_count: &USER_SEARCH_COUNT,
        by_name: &USER_BY_NAME,
        count: &USER_COUNT,
        by_ids: &USER_BY_IDS,
    };
    const NAME: &'static str = "username";

    fn id(&self) -> Id {
        self.id
    }
}

impl FromRow for User {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let profile = row.text(5)?;
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            username: row.text(2)?,
            email: row.text(3)?,
            state: State::from_word(&row.text(4)?).ok_or_else(|| DbError::Internal("users.state".into()))?,
            profile: serde_json::from_str::<Profile>(&profile)
                .map_err(|e| DbError::Internal(format!("users.profile: {e}")))?,
            password_hash: row.opt_text(6)?,
            password_at: row.opt_micros(7)?,
            password_expired: row.bool(8)?,
            created_at: row.micros(9)?,
            tokens_from: row.micros(10)?,
        })
    }
}

/// A person by id.
///
/// # Errors
/// The database's.
pub async fn by_id(s: &mut impl Source, org: Id, id: Id) -> Result<Option<User>> {
    if let Some(user) = s.written(id).filter(|user| user.org == org) {
        return Ok(Some(user.clone()));
    }
    Ok(s.first(&USER_BY_ID, &[(&org).into(), (&id).into()]).await?)
}

/// A person by id, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, id: Id) -> Result<User> {
    by_id(s, org, id).await?.ok_or(Error::Missing("user"))
}

/// A person by company e-mail in its normal form.
///
/// # Errors
/// The database's.
pub async fn by_email(s: &mut impl Source, org: Id, normal: &str) -> Result<Option<User>> {
    Ok(s.first(&USER_BY_EMAIL, &[(&org).into(), normal.into()]).await?)
}

/// A person by user name, without regard to case.
///
/// # Errors
/// The database's.
pub async fn by_username(s: &mut impl Source, org: Id, username: &str) -> Result<Option<User>> {
    Ok(s.first(&USER_BY_USERNAME, &[(&org).into(), username.to_lowercase().into()]).await?)
}

/// A person by employee ID, with case.
///
/// # Errors
/// The database's.
pub async fn by_employee(s: &mut impl Source, org: Id, employee: &str) -> Result<Option<User>> {
    if employee.is_empty() || employee.contains('\0') {
        return Ok(None);
    }
    Ok(s.first(&USER_BY_EMPLOYEE, &[(&org).into(), employee.into()]).await?)
}

/// Several people by id; unknown ids are passed over.
///
/// # Errors
/// The database's.
pub async fn by_ids(s: &mut impl Source, org: Id, ids: &[Id]) -> Result<Vec<User>> {
    if let [one] = ids {
        return Ok(by_id(s, org, *one).await?.into_iter().collect());
    }
    Ok(s.all(&USER_BY_IDS, &[(&org).into(), V::list(ids)]).await?)
}

/// The organizations and people that have this e-mail (normal form), at most 20.
///
/// # Errors
/// The database's.
pub async fn organizations_of(s: &mut impl Source, email: &Email) -> Result<Vec<(Id, Id)>> {
    Ok(s.all(&USER_ORGANIZATIONS_OF_EMAIL, &[email.normal().into()]).await?)
}

/// The people whose custom attribute `name` has this value (compared without case), at most `limit`.
///
/// # Errors
/// The database's.
pub async fn by_attribute(s: &mut impl Source, org: Id, name: &str, value: &str, limit: i64) -> Result<Vec<Id>> {
    let norm = value_key(value);
    let rows: Vec<(Id,)> = s.all(&USER_BY_ATTRIBUTE, &[(&org).into(), name.into(), norm.into(), limit.into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The names of custom attributes in use.
///
/// # Errors
/// The database's.
pub async fn attribute_names(s: &mut impl Source, org: Id) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = s.all(&USER_ATTRIBUTE_NAMES, &[(&org).into()]).await?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// The last `limit` password hashes before the current one.
///
/// # Errors
/// The database's.
pub async fn past_passwords(s: &mut impl Source, org: Id, user: Id, limit: i64) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = s.all(&USER_PAST, &[(&org).into(), (&user).into(), limit.into()]).await?;
    Ok(rows.into_iter().map(|(hash,)| hash).collect())
}

/// The people whose manager this is.
///
/// # Errors
/// The database's.
pub async fn managed_by(s: &mut impl Source, org: Id, manager: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = s.all(&USER_MANAGED_BY, &[(&org).into(), (&manager).into()]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// What the search looks into.
fn search_text(user: &User) -> String {
    let p = &user.profile;
    let parts = [
        Some(user.username.as_str()),
        Some(user.email.as_str()),
        p.firstname.as_deref(),
        p.lastname.as_deref(),
        p.displayname.as_deref(),
        p.employee_identifier.as_deref(),
        p.job_title.as_deref(),
        p.department.as_deref(),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join("\n").to_lowercase()
}

pub(crate) async fn insert(w: &mut Write<'_>, user: &User) -> Result<()> {
    let ids = [(&user.org).into(), (&user.id).into()];
    let params = ids.into_iter().chain(Columns::of(user)?.all()).chain([user.created_at.into()]);
    w.exec(&USER_INSERT, &params.collect::<Vec<_>>()).await.map_err(unique)?;
    w.wrote(user);
    w.made(user.id);
    write_attributes(w, user).await
}

/// Writes a person as they are after a change of what was read in the same transaction.
pub(crate) async fn update(w: &mut Write<'_>, before: &User, user: &User) -> Result<()> {
    if keys(before) == keys(user) {
        update_rest(w, user).await?;
    } else {
        update_all(w, user).await?;
    }
    w.wrote(user);
    if before.profile.attributes != user.profile.attributes {
        let org = w.org();
        w.exec(&USER_ATTRIBUTES_DELETE, &[(&org).into(), (&user.id).into()]).await?;
        write_attributes(w, user).await?;
    }
    Ok(())
}

/// What indexes hold of a person.
fn keys(user: &User) -> [Option<&str>; 4] {
    let profile = &user.profile;
    [Some(&user.username), Some(&user.email), profile.employee_identifier.as_deref(), profile.manager.as_deref()]
}

async fn update_rest(w: &mut Write<'_>, user: &User) -> Result<()> {
    let row = Columns::of(user)?;
    let ids = [(&user.org).into(), (&user.id).into()];
    let rest = [row.state, row.profile, row.search, row.password_hash, row.password_at, row.password_expired];
    w.exec(&USER_UPDATE_REST, &ids.into_iter().chain(rest).collect::<Vec<_>>()).await?;
    Ok(())
}

async fn update_all(w: &mut Write<'_>, user: &User) -> Result<()> {
    let ids = [(&user.org).into(), (&user.id).into()];
    let params = ids.into_iter().chain(Columns::of(user)?.all());
    w.exec(&USER_UPDATE, &params.collect::<Vec<_>>()).await.map_err(unique)?;
    Ok(())
}

pub(crate) async fn keep_past_password(w: &mut Write<'_>, user: &User) -> Result<()> {
    if let (Some(hash), Some(at)) = (&user.password_hash, user.password_at) {
        let org = w.org();
        w.exec(&USER_PAST_INSERT, &[(&org).into(), (&user.id).into(), at.into(), hash.as_str().into()]).await?;
        w.exec(&USER_PAST_TRIM, &[(&org).into(), (&user.id).into(), PAST_MAX.into()]).await?;
    }
    Ok(())
}

/// Refuses every token granted before now.
pub(crate) async fn revoke_tokens(w: &mut Write<'_>, id: Id) -> Result<()> {
    let (org, now) = (w.org(), w.now());
    w.exec(&USER_SIGN_OUT, &[(&org).into(), (&id).into(), now.into()]).await?;
    w.forget(id);
    Ok(())
}

pub(crate) async fn delete(w: &mut Write<'_>, id: Id) -> Result<()> {
    let org = w.org();
    w.exec(&USER_DELETE, &[(&org).into(), (&id).into()]).await?;
    w.forget(id);
    Ok(())
}

/// The columns of a person that can change.
struct Columns<'u> {
    username: V<'u>,
    username_norm: V<'u>,
    email: V<'u>,
    email_norm: V<'u>,
    employee_identifier: V<'u>,
    state: V<'u>,
    profile: V<'u>,
    search: V<'u>,
    password_hash: V<'u>,
    password_at: V<'u>,
    password_expired: V<'u>,
    manager_id: V<'u>,
}

impl<'u> Columns<'u> {
    fn of(user: &'u User) -> Result<Self> {
        let profile = serde_json::to_string(&user.profile).map_err(|e| Error::Internal(format!("profile: {e}")))?;
        Ok(Self {
            username: user.username.as_str().into(),
            username_norm: user.username.to_lowercase().into(),
            email: user.email.as_str().into(),
            email_norm: user.email.to_lowercase().into(),
            employee_identifier: user.profile.employee_identifier.as_deref().filter(|e| !e.is_empty()).into(),
            state: user.state.word().into(),
            profile: profile.into(),
            search: search_text(user).into(),
            password_hash: user.password_hash.as_deref().into(),
            password_at: user.password_at.map(|Micros(at)| at).into(),
            password_expired: user.password_expired.into(),
            manager_id: user.profile.manager.as_deref().filter(|m| !m.is_empty()).into(),
        })
    }

    /// All of them, in the order of the statements that write a whole row.
    fn all(self) -> [V<'u>; 12] {
        [
            self.username,
            self.username_norm,
            self.email,
            self.email_norm,
            self.employee_identifier,
            self.state,
            self.profile,
            self.search,
            self.password_hash,
            self.password_at,
            self.password_expired,
            self.manager_id,
        ]
    }
}

/// A value as the index holds it: in lower case, and by its digest where it is longer than PostgreSQL can index.
fn value_key(value: &str) -> String {
    let lower = value.to_lowercase();
    if lower.len() <= VALUE_KEY_MAX_BYTES {
        return lower;
    }
    let digest = muster_base::digest(lower.as_bytes());
    digest.iter().fold(String::from("sha256:"), |key, byte| format!("{key}{byte:02x}"))
}

/// The index behind look-ups by custom attribute, of one of whom it holds nothing.
async fn write_attributes(w: &mut Write<'_>, user: &User) -> Result<()> {
    let org = w.org();
    for attribute in &user.profile.attributes {
        let norm = value_key(&attribute.value);
        w.exec(
            &USER_ATTRIBUTE_INSERT,
            &[(&org).into(), (&user.id).into(), attribute.name.as_str().into(), norm.into()],
        )
        .await?;
    }
    Ok(())
}

/// A unique column's violation, in words.
fn unique(error: DbError) -> Error {
    for (column, message) in [
        ("email_norm", "email: another person of this organization has this e-mail"),
        ("username_norm", "username: another person of this organization has this user name"),
        ("employee_identifier", EMPLOYEE_TAKEN),
    ] {
        if error.is_unique_on(column) {
            return Error::Conflict(message.into());
        }
    }
    error.into()
}
