//! What is there otherwise than it was sent: everything is read and compared three ways (ours as it was sent, theirs, and
//! what should be), and what drifted is sent again when somebody says so.

use std::collections::{HashMap, HashSet};

use muster_base::Micros;
use muster_directory::provision::report::{Checked, Drift, DriftField, DriftItem};
use muster_directory::provision::state::Again;
use muster_directory::provision::{Object, ObjectKind, RepairMode, Target, store};
use muster_directory::{Actor, Directory, Error, Result};
use muster_scim::mapping::Purpose;
use muster_scim::patch::{PatchPath, get};
use muster_scim::plan::{Three, compare};
use muster_scim::{Definition, Resource};

use crate::client::Client;
use crate::preview::{shown, unreadable};
use crate::progress::Progress;
use crate::survey::Survey;

/// Findings that are told.
const ITEMS_MAX: usize = 1000;
/// How often a target is read that is repaired by itself, in seconds.
const CHECK_EVERY_S: i64 = 24 * 3600;
/// When it is read again where more drifted than is sent again at once, in seconds.
const NEXT_ROUND_S: i64 = 600;

/// Reads the target and compares, a page at a time: of what is there only the ids are held, at most 200,000.
pub async fn run(directory: &Directory, target: &Target, of: (&Client, &Progress)) -> Result<Drift> {
    let mut drift = Drift::default();
    let kinds = [ObjectKind::User, ObjectKind::Group];
    for kind in kinds.into_iter().filter(|k| *k == ObjectKind::User || target.settings.manage_groups) {
        of_kind(directory, target, of, (kind, &mut drift)).await?;
    }
    // What is not on its way already is repaired first.
    drift.drifted.sort_by_key(|(.., waits)| *waits);
    Ok(drift)
}

async fn of_kind(
    directory: &Directory,
    target: &Target,
    reader: (&Client, &Progress),
    (kind, drift): (ObjectKind, &mut Drift),
) -> Result<()> {
    let profile = target.profile();
    let began = directory.env().clock.now();
    let (definition, managed) = match kind {
        ObjectKind::User => (Definition::user(), target.settings.mapping().managed(Purpose::Update)),
        ObjectKind::Group => (Definition::group(), "displayName".parse().into_iter().collect()),
    };
    let managed = profile.comparable(&managed);
    let of = (target.org, target.app, kind);
    let mut seen: HashSet<String> = HashSet::new();
    let mut survey = Survey::new(reader, &definition, &profile);
    while let Some(mut page) = survey.next().await.map_err(unreadable)? {
        page.retain(|resource| resource.id().is_some_and(|id| seen.insert(id.to_owned())));
        let ids: Vec<&str> = page.iter().filter_map(Resource::id).collect();
        let ours = store::objects_by_remote(&mut directory.read(), of, &ids).await?;
        let ours: HashMap<&str, &Object> =
            ours.iter().filter_map(|object| Some((object.known.remote_id.as_deref()?, object))).collect();
        for resource in page.iter() {
            match resource.id().and_then(|id| ours.get(id)) {
                Some(object) if is_since(object, began) => {}
                Some(object) => {
                    let last = object.last_sent().unwrap_or_default();
                    let item = compared(object, (&last, Some(resource)), &managed, &definition);
                    note(drift, object, item);
                }
                None => stranger(drift, kind, resource),
            }
        }
    }
    let mut after = String::new();
    loop {
        let page = store::linked(&mut directory.read(), of, &after).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.id.text();
        let gone = |o: &&Object| o.known.remote_id.as_ref().is_some_and(|id| !seen.contains(id)) && !is_since(o, began);
        for object in page.iter().filter(gone) {
            note(drift, object, compared(object, (&Resource::default(), None), &managed, &definition));
        }
    }
}

/// Whether it was sent while the target was being read: what was read may be older.
fn is_since(object: &Object, began: Micros) -> bool {
    object.synced_at.is_some_and(|at| at > began)
}

fn note(drift: &mut Drift, object: &Object, item: Option<DriftItem>) {
    let Some(item) = item else { return };
    drift.found += 1;
    drift.drifted.push((object.kind, object.id, object.dirty));
    if drift.items.len() < ITEMS_MAX {
        drift.items.push(item);
    }
}

fn stranger(drift: &mut Drift, kind: ObjectKind, resource: &Resource) {
    drift.found += 1;
    if drift.items.len() < ITEMS_MAX {
        drift.items.push(DriftItem {
            kind,
            id: None,
            name: resource.text("userName").or(resource.text("displayName")).unwrap_or_default().to_owned(),
            remote_id: resource.id().map(str::to_owned),
            finding: "it is there, and nobody here is linked to it".into(),
            fields: Vec::new(),
        });
    }
}

fn compared(
    object: &Object,
    (last, theirs): (&Resource, Option<&Resource>),
    managed: &[PatchPath],
    definition: &Definition,
) -> Option<DriftItem> {
    let item = |finding: String, fields| DriftItem {
        kind: object.kind,
        id: Some(object.id),
        name: object.name.clone(),
        remote_id: object.known.remote_id.clone(),
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
pub async fn check(directory: &Directory, target: &Target, client: &Client, at_once: usize) -> Result<bool> {
    let now = directory.env().clock.now();
    if !store::claim_check(directory, target, now.plus_s(CHECK_EVERY_S)).await? {
        return Ok(false);
    }
    if target.settings.repair == RepairMode::Manual {
        return Ok(true);
    }
    let checked = match run(directory, target, (client, &Progress::default())).await {
        Ok(drift) => {
            // Strangers there are nobody's of ours: they are told of in a report, and left alone.
            let repaired = repair(directory, target, &drift, at_once).await?;
            if drift.drifted.len() > at_once {
                store::check_at(directory, target, now.plus_s(NEXT_ROUND_S)).await?;
            }
            Checked { at: now, found: drift.drifted.len(), repaired, error: None }
        }
        Err(error) => Checked { at: now, found: 0, repaired: 0, error: Some(client.redacted(&error.to_string())) },
    };
    store::set_checked(directory, target.org, target.app, &checked).await?;
    Ok(true)
}

/// Lets what drifted be sent again, so much at once; tells how many objects.
pub async fn repair(directory: &Directory, target: &Target, drift: &Drift, at_once: usize) -> Result<usize> {
    let mut repaired = 0;
    for (kind, id, _) in drift.drifted.iter().take(at_once) {
        let again = Again { app: target.app, kind: *kind, id: *id, from_scratch: true };
        match directory.write(Actor::system(), target.org, again).await {
            Ok(()) => repaired += 1,
            Err(Error::Missing(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(repaired)
}
