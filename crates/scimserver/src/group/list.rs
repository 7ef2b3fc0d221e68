//! `GET /Groups`: those that this directory keeps and no others.

use std::collections::BTreeMap;

use muster_base::Id;
use muster_directory::fed_group::{FedGroup, store};
use muster_scim::filter::StoreField;
use muster_scim::server::Query;
use muster_scim::{Error, ListResponse};

use super::show;
use crate::answer::{Answer, from_directory};
use crate::list::{self, Gather, Place};
use crate::schema;
use crate::service::Service;

/// What groups are found by.
const FIELDS: &[StoreField] = &[StoreField::Id, StoreField::ExternalId, StoreField::DisplayName, StoreField::Member];
/// How many are read together.
const CHUNK: i64 = 500;

/// Lists groups.
///
/// # Errors
/// `invalidFilter`, `invalidValue`, `invalidCursor`.
pub(crate) async fn list(s: &Service, parameters: &[(String, String)]) -> Result<Answer, Error> {
    let query = list::read(parameters, schema::group())?;
    let (groups, mut list) = rows(s, &query).await?;
    for group in &groups {
        list.resources.push(show::body(s, group, &query.projection).await?);
    }
    Ok(Answer::of(list.json()))
}

async fn rows(s: &Service, query: &Query) -> Result<(Vec<FedGroup>, ListResponse), Error> {
    let (org, provider, mut read) = (s.org(), s.provider(), s.directory().read());
    let mut gather = Gather::new(query, schema::group())?;
    let needs_members = speaks_of_members(query);
    let mut groups: BTreeMap<Id, FedGroup> = BTreeMap::new();
    let place = Place::of(query.filter.as_ref(), FIELDS);
    let mut after = gather.after();
    loop {
        let (chunk, is_last) = match &place {
            Place::Found(values) => (found(s, values).await?, true),
            // There are few: not worth an order of their own.
            Place::Since(_) | Place::Anywhere => {
                let page = store::page(&mut read, org, provider, &after, CHUNK).await.map_err(from_directory)?;
                let is_last = page.len() < CHUNK as usize;
                (page, is_last)
            }
        };
        if let Some(last) = chunk.last() {
            after = last.id.text();
        }
        for group in chunk {
            let mut resource = show::resource(&group);
            show::add_meta(&mut resource, &group);
            if needs_members {
                show::add_members(s, &group, &mut resource).await?;
            }
            let before = gather.kept();
            gather.look(resource);
            if gather.kept() > before {
                groups.insert(group.id, group);
            }
            if gather.is_full() {
                break;
            }
        }
        if is_last || gather.is_full() {
            break;
        }
    }
    if let Some(ids) = gather.sorted() {
        let mut rows = Vec::with_capacity(ids.len());
        for id in ids {
            match store::get(&mut read, org, provider, id).await {
                // One that went meanwhile is not told.
                Err(muster_directory::Error::Missing(_)) => {}
                other => rows.push(other.map_err(from_directory)?),
            }
        }
        let (_, list) = gather.finish(Some(rows.iter().map(show::resource).collect()));
        return Ok((rows, list));
    }
    let (page, list) = gather.finish(None);
    let rows = page.into_iter().filter_map(|r| groups.remove(&r.id()?.parse().ok()?)).collect();
    Ok((rows, list))
}

/// Those that these values find, each once, in the order of ids.
async fn found(s: &Service, values: &[(StoreField, String)]) -> Result<Vec<FedGroup>, Error> {
    let (org, provider, mut read) = (s.org(), s.provider(), s.directory().read());
    let mut out: BTreeMap<Id, FedGroup> = BTreeMap::new();
    for (field, text) in values {
        let some = match (field, text.parse::<Id>()) {
            (StoreField::Id, Ok(id)) => match store::get(&mut read, org, provider, id).await {
                Err(muster_directory::Error::Missing(_)) => Ok(Vec::new()),
                other => other.map(|one| vec![one]),
            },
            (StoreField::Member, Ok(id)) => store::of_member(&mut read, org, provider, id).await,
            (StoreField::Id | StoreField::Member, Err(_)) => Ok(Vec::new()),
            (StoreField::ExternalId, _) => store::by_external(&mut read, org, provider, text).await,
            _ => store::by_name(&mut read, org, provider, text).await,
        };
        out.extend(some.map_err(from_directory)?.into_iter().map(|group| (group.id, group)));
    }
    Ok(out.into_values().collect())
}

fn speaks_of_members(query: &Query) -> bool {
    let by = query.sort_by.as_ref().is_some_and(|p| p.attribute.eq_ignore_ascii_case("members"));
    by || query.filter.as_ref().is_some_and(|f| f.to_string().to_lowercase().contains("members"))
}
