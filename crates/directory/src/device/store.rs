//! The statements on devices and their users.

use std::collections::BTreeSet;

use muster_base::Id;
use muster_db::{Error as DbError, FromRow, Row, sql};

use super::{Device, DeviceUser, Facts, Sudo};
use crate::listing::{Listed, Statements};
use crate::{Error, Result, Source, Write};

sql! {
    DEVICE_BY_ID = "SELECT org_id, id, owner_id, doc, created_at FROM devices WHERE org_id = $1 AND id = $2";
    DEVICE_BY_IDS = "SELECT org_id, id, owner_id, doc, created_at FROM devices WHERE org_id = $1 AND id IN {each $2} ORDER BY id";
    DEVICE_BY_SERIAL = "SELECT org_id, id, owner_id, doc, created_at FROM devices WHERE org_id = $1 AND serial_number = $2 \
                        ORDER BY id LIMIT 2";
    DEVICE_PAGE = "SELECT org_id, id, owner_id, doc, created_at FROM devices WHERE org_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    DEVICE_SEARCH = "SELECT org_id, id, owner_id, doc, created_at FROM devices \
                     WHERE org_id = $1 AND id > $2 AND search LIKE $3 ESCAPE '\\' ORDER BY id LIMIT $4";
    DEVICE_BY_NAME = "SELECT org_id, id, owner_id, doc, created_at FROM devices \
                      WHERE org_id = $1 AND search LIKE $2 ESCAPE '\\' ORDER BY name_norm, id LIMIT $3 OFFSET $4";
    DEVICE_SEARCH_COUNT = "SELECT count(*) FROM devices WHERE org_id = $1 AND search LIKE $2 ESCAPE '\\'";
    DEVICE_COUNT = "SELECT count(*) FROM devices WHERE org_id = $1";
    DEVICE_OWNED_BY = "SELECT org_id, id, owner_id, doc, created_at FROM devices WHERE org_id = $1 AND owner_id IN {each $2} ORDER BY id";
    DEVICE_OWNERS = "SELECT id, owner_id FROM devices WHERE org_id = $1 AND owner_id IS NOT NULL ORDER BY id";
    DEVICE_INSERT = "INSERT INTO devices (org_id, id, name_norm, os_family, serial_number, owner_id, last_contact, doc, search, created_at) \
                     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    DEVICE_UPDATE = "UPDATE devices SET name_norm = $3, os_family = $4, serial_number = $5, owner_id = $6, last_contact = $7, doc = $8, \
                     search = $9 WHERE org_id = $1 AND id = $2";
    DEVICE_DELETE = "DELETE FROM devices WHERE org_id = $1 AND id = $2";
    DEVICE_USERS = "SELECT device_id, user_id, attributes, created_at FROM device_users WHERE org_id = $1 AND device_id = $2 ORDER BY user_id";
    DEVICE_USERS_OF = "SELECT device_id, user_id, attributes, created_at FROM device_users WHERE org_id = $1 AND user_id = $2 ORDER BY device_id";
    DEVICE_USER_ADD = "INSERT INTO device_users (org_id, device_id, user_id, attributes, created_at) VALUES ($1, $2, $3, $4, $5) \
                       ON CONFLICT (org_id, device_id, user_id) DO NOTHING";
    DEVICE_USER_SET = "UPDATE device_users SET attributes = $4 WHERE org_id = $1 AND device_id = $2 AND user_id = $3";
    DEVICE_USER_REMOVE = "DELETE FROM device_users WHERE org_id = $1 AND device_id = $2 AND user_id = $3";
}

impl Listed for Device {
    const STATEMENTS: Statements = Statements {
        page: &DEVICE_PAGE,
        search: &DEVICE_SEARCH,
        search_count: &DEVICE_SEARCH_COUNT,
        by_name: &DEVICE_BY_NAME,
        count: &DEVICE_COUNT,
        by_ids: &DEVICE_BY_IDS,
    };
    const NAME: &'static str = "displayName";

    fn id(&self) -> Id {
        self.id
    }
}

impl FromRow for Device {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        Ok(Self {
            org: row.id(0)?,
            id: row.id(1)?,
            owner: row.opt_id(2)?,
            facts: serde_json::from_str::<Facts>(row.str(3)?)
                .map_err(|e| DbError::Internal(format!("devices.doc: {e}")))?,
            created_at: row.micros(4)?,
        })
    }
}

/// The attributes of an edge as kept.
#[derive(Default, serde::Serialize, serde::Deserialize)]
#[serde(default)]
struct Attributes {
    sudo: Sudo,
}

impl FromRow for DeviceUser {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let attributes: Attributes = serde_json::from_str(row.str(2)?)
            .map_err(|e| DbError::Internal(format!("device_users.attributes: {e}")))?;
        Ok(Self { device: row.id(0)?, user: row.id(1)?, sudo: attributes.sudo, created_at: row.micros(3)? })
    }
}

/// A device by id.
///
/// # Errors
/// The database's.
pub async fn by_id(s: &mut impl Source, org: Id, id: Id) -> Result<Option<Device>> {
    Ok(s.first(&DEVICE_BY_ID, &[(&org).into(), (&id).into()]).await?)
}

/// A device by id, or [`Error::Missing`].
///
/// # Errors
/// [`Error::Missing`] and the database's.
pub async fn get(s: &mut impl Source, org: Id, id: Id) -> Result<Device> {
    by_id(s, org, id).await?.ok_or(Error::Missing("system"))
}

/// Several devices by id; unknown ids are passed over.
///
/// # Errors
/// The database's.
pub async fn by_ids(s: &mut impl Source, org: Id, ids: &[Id]) -> Result<Vec<Device>> {
    let list = serde_json::to_string(ids).unwrap_or_default();
    Ok(s.all(&DEVICE_BY_IDS, &[(&org).into(), list.into()]).await?)
}

/// The devices with a serial number, at most two: more than one is not the device that is meant.
///
/// # Errors
/// The database's.
pub async fn by_serial(s: &mut impl Source, org: Id, serial: &str) -> Result<Vec<Device>> {
    Ok(s.all(&DEVICE_BY_SERIAL, &[(&org).into(), serial.into()]).await?)
}

/// The devices whose owner is one of these people.
///
/// # Errors
/// The database's.
pub async fn owned_by(s: &mut impl Source, org: Id, users: &BTreeSet<Id>) -> Result<Vec<Device>> {
    let list = serde_json::to_string(users).unwrap_or_default();
    Ok(s.all(&DEVICE_OWNED_BY, &[(&org).into(), list.into()]).await?)
}

/// Every device that has an owner, with the owner.
///
/// # Errors
/// The database's.
pub async fn owners(s: &mut impl Source, org: Id) -> Result<Vec<(Id, Id)>> {
    Ok(s.all(&DEVICE_OWNERS, &[(&org).into()]).await?)
}

/// The people bound to a device.
///
/// # Errors
/// The database's.
pub async fn users_of(s: &mut impl Source, org: Id, device: Id) -> Result<Vec<DeviceUser>> {
    Ok(s.all(&DEVICE_USERS, &[(&org).into(), (&device).into()]).await?)
}

/// The devices that a person is bound to.
///
/// # Errors
/// The database's.
pub async fn devices_of(s: &mut impl Source, org: Id, user: Id) -> Result<Vec<DeviceUser>> {
    Ok(s.all(&DEVICE_USERS_OF, &[(&org).into(), (&user).into()]).await?)
}

/// What the search looks into.
fn search_text(device: &Device) -> String {
    let f = &device.facts;
    let parts = [&f.display_name, &f.hostname, &f.os, &f.version, &f.serial_number, &f.description, &f.remote_ip];
    parts.into_iter().filter_map(|p| p.as_deref()).collect::<Vec<_>>().join("\n").to_lowercase()
}

fn document(device: &Device) -> Result<String> {
    serde_json::to_string(&device.facts).map_err(|e| Error::Internal(format!("facts: {e}")))
}

pub(crate) async fn insert(w: &mut Write<'_>, device: &Device) -> Result<()> {
    let f = &device.facts;
    w.exec(
        &DEVICE_INSERT,
        &[
            (&device.org).into(),
            (&device.id).into(),
            device.display().to_lowercase().into(),
            f.os_family.as_deref().unwrap_or_default().into(),
            f.serial_number.as_deref().filter(|s| !s.is_empty()).into(),
            device.owner.into(),
            f.contacted_at().map(|at| at.0).into(),
            document(device)?.into(),
            search_text(device).into(),
            device.created_at.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn update(w: &mut Write<'_>, device: &Device) -> Result<()> {
    let f = &device.facts;
    w.exec(
        &DEVICE_UPDATE,
        &[
            (&device.org).into(),
            (&device.id).into(),
            device.display().to_lowercase().into(),
            f.os_family.as_deref().unwrap_or_default().into(),
            f.serial_number.as_deref().filter(|s| !s.is_empty()).into(),
            device.owner.into(),
            f.contacted_at().map(|at| at.0).into(),
            document(device)?.into(),
            search_text(device).into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn delete(w: &mut Write<'_>, id: Id) -> Result<()> {
    let org = w.org();
    w.exec(&DEVICE_DELETE, &[(&org).into(), (&id).into()]).await?;
    Ok(())
}

fn attributes(sudo: Sudo) -> Result<String> {
    serde_json::to_string(&Attributes { sudo }).map_err(|e| Error::Internal(format!("attributes: {e}")))
}

/// How many rows it made: none where they were bound.
pub(crate) async fn bind(w: &mut Write<'_>, device: Id, user: Id, sudo: Sudo) -> Result<u64> {
    let (org, now) = (w.org(), w.now());
    let params = [(&org).into(), (&device).into(), (&user).into(), attributes(sudo)?.into(), now.into()];
    Ok(w.exec(&DEVICE_USER_ADD, &params).await?)
}

/// How many rows it changed: none where they were not bound.
pub(crate) async fn set_sudo(w: &mut Write<'_>, device: Id, user: Id, sudo: Sudo) -> Result<u64> {
    let org = w.org();
    let params = [(&org).into(), (&device).into(), (&user).into(), attributes(sudo)?.into()];
    Ok(w.exec(&DEVICE_USER_SET, &params).await?)
}

/// How many rows it removed: none where they were not bound.
pub(crate) async fn unbind(w: &mut Write<'_>, device: Id, user: Id) -> Result<u64> {
    let org = w.org();
    Ok(w.exec(&DEVICE_USER_REMOVE, &[(&org).into(), (&device).into(), (&user).into()]).await?)
}
