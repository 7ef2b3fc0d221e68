//! `GET /Users`: those whom this directory feeds and no others.

use std::borrow::Cow;
use std::collections::BTreeMap;

use muster_base::Id;
use muster_directory::fed_user::{Fed, store};
use muster_scim::filter::StoreField;
use muster_scim::server::Query;
use muster_scim::urn::MUSTER_USER;
use muster_scim::{Definition, Error, ListResponse, Resource};
use serde_json::Value;

use super::show;
use crate::answer::{Answer, from_directory};
use crate::list::{self, Gather, Place};
use crate::schema;
use crate::service::Service;

/// What people are found by.
const FIELDS: &[StoreField] = &[StoreField::Id, StoreField::ExternalId, StoreField::UserName, StoreField::Email];
/// How many are read together.
const CHUNK: i64 = 500;

/// Lists people.
///
/// # Errors
/// `invalidFilter`, `invalidValue`, `invalidCursor`.
pub(crate) async fn list(s: &Service, parameters: &[(String, String)]) -> Result<Answer, Error> {
    // The custom attributes only where they are spoken of: they are read from the database.
    let start = MUSTER_USER.to_lowercase();
    let is_custom = parameters.iter().any(|(_, value)| value.to_lowercase().contains(&start));
    let definition = if is_custom { Cow::Owned(s.whole_user().await?) } else { schema::user([]) };
    let query = list::read(parameters, &definition)?;
    let (rows, mut list) = rows(s, &query, &definition).await?;
    list.resources = told(s, &query, &definition, rows).await?;
    Ok(Answer::of(list.json()))
}

/// The page's rows: each with the person it was made from.
type Rows = Vec<(Fed, Resource)>;

async fn rows(s: &Service, query: &Query, definition: &Definition) -> Result<(Rows, ListResponse), Error> {
    let (org, provider, mut read) = (s.org(), s.provider(), s.directory().read());
    if let Some((limit, skip)) = list::plain(query) {
        let total = store::count(&mut read, org, provider).await.map_err(from_directory)?;
        let page = store::page_at(&mut read, org, provider, limit, skip).await.map_err(from_directory)?;
        let rows: Rows = page.into_iter().map(bare).collect();
        let list = ListResponse {
            total: u64::try_from(total).ok(),
            start_index: u64::try_from(skip).ok().map(|n| n + 1),
            items_per_page: Some(rows.len() as u64),
            ..ListResponse::default()
        };
        return Ok((rows, list));
    }
    let mut gather = Gather::new(query, definition)?;
    let needs_groups = speaks_of_groups(query);
    let mut people: BTreeMap<Id, Fed> = BTreeMap::new();
    let place = Place::of(query.filter.as_ref(), FIELDS);
    let mut after = gather.after();
    loop {
        let (chunk, is_last) = match &place {
            Place::Found(values) => (found(s, values).await?, true),
            Place::Since(at) => {
                let page =
                    store::since(&mut read, org, provider, *at, (&after, CHUNK)).await.map_err(from_directory)?;
                let is_last = page.len() < CHUNK as usize;
                (page, is_last)
            }
            Place::Anywhere => {
                let page = store::page(&mut read, org, provider, &after, CHUNK).await.map_err(from_directory)?;
                let is_last = page.len() < CHUNK as usize;
                (page, is_last)
            }
        };
        if let Some(last) = chunk.last() {
            after = last.user.id.text();
        }
        let mut resources: Vec<Resource> = chunk.iter().map(with_meta).collect();
        if needs_groups {
            show::add_groups(s, &mut resources).await?;
        }
        for (fed, resource) in chunk.into_iter().zip(resources) {
            let before = gather.kept();
            gather.look(resource);
            if gather.kept() > before {
                people.insert(fed.user.id, fed);
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
        let mut rows: Rows = Vec::with_capacity(ids.len());
        for id in ids {
            // Whoever went meanwhile is not told.
            rows.extend(store::by_id(&mut read, org, provider, id).await.map_err(from_directory)?.map(bare));
        }
        let (_, list) = gather.finish(Some(rows.iter().map(|(_, resource)| resource.clone()).collect()));
        return Ok((rows, list));
    }
    let (page, list) = gather.finish(None);
    let rows = page.into_iter().filter_map(|r| Some((people.remove(&r.id()?.parse().ok()?)?, r))).collect();
    Ok((rows, list))
}

fn bare(fed: Fed) -> (Fed, Resource) {
    let resource = show::resource(&fed);
    (fed, resource)
}

fn with_meta(fed: &Fed) -> Resource {
    let mut resource = show::resource(fed);
    show::add_meta(&mut resource, fed);
    resource
}

/// Those whom these values find, each once, in the order of ids.
async fn found(s: &Service, values: &[(StoreField, String)]) -> Result<Vec<Fed>, Error> {
    let (org, provider, mut read) = (s.org(), s.provider(), s.directory().read());
    let mut out: BTreeMap<Id, Fed> = BTreeMap::new();
    for (field, text) in values {
        let some = match field {
            StoreField::Id => match text.parse() {
                Ok(id) => store::by_id(&mut read, org, provider, id).await.map(|one| one.into_iter().collect()),
                Err(_) => Ok(Vec::new()),
            },
            StoreField::ExternalId => store::by_external(&mut read, org, provider, text).await,
            StoreField::UserName => store::by_username(&mut read, org, provider, text).await,
            _ => store::by_email(&mut read, org, provider, text).await,
        };
        out.extend(some.map_err(from_directory)?.into_iter().map(|fed: Fed| (fed.user.id, fed)));
    }
    Ok(out.into_values().collect())
}

fn speaks_of_groups(query: &Query) -> bool {
    let by = query.sort_by.as_ref().is_some_and(|p| p.attribute.eq_ignore_ascii_case("groups"));
    by || query.filter.as_ref().is_some_and(|f| f.to_string().to_lowercase().contains("groups"))
}

async fn told(s: &Service, query: &Query, definition: &Definition, rows: Rows) -> Result<Vec<Value>, Error> {
    let (people, mut resources): (Vec<Fed>, Vec<Resource>) = rows.into_iter().unzip();
    let mut versions = Vec::with_capacity(people.len());
    for (fed, resource) in people.iter().zip(&mut resources) {
        resource.0.shift_remove("meta");
        resource.0.shift_remove("groups");
        versions.push(show::version(fed, resource));
    }
    if query.projection.wants("groups", definition) {
        show::add_groups(s, &mut resources).await?;
    }
    let one = |((fed, resource), version): ((&Fed, Resource), String)| {
        show::body(s, fed, resource, &version, &query.projection)
    };
    Ok(people.iter().zip(resources).zip(versions).map(one).collect())
}
