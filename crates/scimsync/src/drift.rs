//! What is there otherwise than it was sent: everything is read and compared three ways (ours as it was sent, theirs, and
//! what should be), and what drifted is sent again when somebody says so.

use std::collections::HashSet;

use muster_directory::provision::report::{Checked, Drift, DriftField, DriftItem};
use muster_directory::provision::state::Again;
use muster_directory::provision::{Object, ObjectKind, RepairMode, Target, store};
use muster_directory::{Actor, Directory, Error, Result};
use muster_scim::mapping::Purpose;
use muster_scim::patch::{PatchPath, get};
use muster_scim::plan::{Three, compare};
use muster_scim::{Definition, Resource};

use crate::client::Client;
use crate::preview::{There, shown, unreadable};
use crate::survey;

/// Findings that are told.
const ITEMS_MAX: usize = 1000;
/// How often a target is read that is repaired by itself, in seconds.
const CHECK_EVERY_S: i64 = 24 * 3600;

/// Reads the target and compares.
pub async fn run(directory: &Directory, target: &Target, client: &Client) -> Result<Drift> {
    let profile = target.profile();
    let mut drift = Drift::default();
    let objects = store::objects(&mut directory.read(), target.org, target.app).await?;
    let kinds = [ObjectKind::User, ObjectKind::Group];
    for kind in kinds.into_iter().filter(|k| *k == ObjectKind::User || target.settings.manage_groups) {
        let (definition, managed) = match kind {
            ObjectKind::User => (Definition::user(), target.settings.mapping().managed(Purpose::Update)),
            ObjectKind::Group => (Definition::group(), "displayName".parse().into_iter().collect()),
        };
        let managed = profile.comparable(&managed);
        let there = There::new(survey::all(client, &definition, &profile).await.map_err(unreadable)?);
        let of_kind: Vec<&Object> = objects.iter().filter(|o| o.kind == kind).collect();
        let mut linked = HashSet::new();
        for object in &of_kind {
            let Some(remote) = object.known.remote_id.as_deref() else { continue };
            linked.insert(remote);
            let last = object.last_sent().unwrap_or_default();
            if let Some(item) = compared(object, remote, (&last, there.get(remote)), &managed, &definition) {
                drift.items.push(item);
            }
        }
        for stranger in there.all().filter(|r| r.id().is_some_and(|id| !linked.contains(id))) {
            drift.items.push(DriftItem {
                kind,
                id: None,
                name: stranger.text("userName").or(stranger.text("displayName")).unwrap_or_default().to_owned(),
                remote_id: stranger.id().map(str::to_owned),
                finding: "it is there, and nobody here is linked to it".into(),
                fields: Vec::new(),
            });
        }
    }
    drift.items.truncate(ITEMS_MAX);
    Ok(drift)
}

fn compared(
    object: &Object,
    remote: &str,
    (last, theirs): (&Resource, Option<&Resource>),
    managed: &[PatchPath],
    definition: &Definition,
) -> Option<DriftItem> {
    let item = |finding: String, fields| DriftItem {
        kind: object.kind,
        id: Some(object.id),
        name: object.name.clone(),
        remote_id: Some(remote.to_owned()),
        finding,
        fields,
    };
    let Some(theirs) = theirs else {
        return Some(item("it was deleted there".into(), Vec::new()));
    };
    // What was not sent yet is no drift: it is on its way.
    let three = Three { ours: last, theirs: Some(theirs), last: Some(last) };
    let changes = compare(&three, managed, definition);
    let fields: Vec<DriftField> = changes
        .iter()
        .map(|f| DriftField {
            name: f.path.clone(),
            ours: shown(f.ours.as_ref()),
            theirs: shown(f.theirs.as_ref()),
            sent: f.path.parse::<PatchPath>().ok().and_then(|p| shown(get(last, &p, definition).as_ref())),
        })
        .collect();
    let count = fields.len();
    let words =
        if count == 1 { "1 field was changed there".into() } else { format!("{count} fields were changed there") };
    (count > 0).then(|| item(words, fields))
}

/// Reads the target because it is time to, and has what drifted sent again. Whether it was this node's to do: another one
/// may have taken it on.
///
/// # Errors
/// The database's; what the receiver does is kept with the target.
pub async fn check(directory: &Directory, target: &Target, client: &Client) -> Result<bool> {
    let now = directory.env().clock.now();
    if !store::claim_check(directory, target, now.plus_s(CHECK_EVERY_S)).await? {
        return Ok(false);
    }
    if target.settings.repair == RepairMode::Manual {
        return Ok(true);
    }
    let checked = match run(directory, target, client).await {
        Ok(drift) => {
            // Strangers there are nobody's of ours: they are told of in a report, and left alone.
            let found = drift.items.iter().filter(|item| item.id.is_some()).count();
            Checked { at: now, found, repaired: repair(directory, target, &drift).await?, error: None }
        }
        Err(error) => Checked { at: now, found: 0, repaired: 0, error: Some(client.redacted(&error.to_string())) },
    };
    store::set_checked(directory, target.org, target.app, &checked).await?;
    Ok(true)
}

/// Lets what drifted be sent again; tells how many objects.
pub async fn repair(directory: &Directory, target: &Target, drift: &Drift) -> Result<usize> {
    let mut repaired = 0;
    for item in &drift.items {
        let Some(id) = item.id else { continue };
        let again = Again { app: target.app, kind: item.kind, id, from_scratch: true };
        match directory.write(Actor::system(), target.org, again).await {
            Ok(()) => repaired += 1,
            Err(Error::Missing(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(repaired)
}
