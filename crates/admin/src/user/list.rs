//! Lists people.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::Response;
use muster_directory::group::GroupKind;
use muster_directory::listing::{self, Filter as Attribute, Query};
use muster_directory::user::{User, lockout};
use muster_http::{AdminOrg, ApiError, Site};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::model::UserOut;
use crate::failure::Reading;
use crate::group::within;
use crate::listed::{Filter, Listed, Row, select};
use crate::page::{ExpressionQuery, ListQuery, Page};

type UserRow = Row<UserOut>;

/// A page of people.
#[derive(Serialize, ToSchema)]
#[schema(as = SystemUsers)]
pub(crate) struct Users {
    /// The people.
    #[schema(value_type = Vec<UserRow>)]
    results: Vec<Value>,
    /// How many there are in all.
    #[serde(rename = "totalCount")]
    total_count: i64,
}

#[utoipa::path(get, path = "/api/systemusers", tag = "users", params(ListQuery, ExpressionQuery), responses((status = 200, body = Users), Reading))]
/// List people
pub(crate) async fn list(State(site): State<Site>, who: AdminOrg, page: Page) -> Result<Response, ApiError> {
    let directory = site.directory();
    let now = directory.env().clock.now();
    let locked = lockout::locked_subjects(&mut directory.read(), who.org(), now).await?;
    let show = |user: &User| UserOut::new(user, &who.organization.settings, locked.contains(&user.id.text()), now);
    let (plain, shown) = filters(&page)?;
    let only_plain = shown.is_empty() && page.any.is_empty();
    let query = Query {
        within: within::ids(&site, &who, GroupKind::User, &page).await?,
        search: page.search.clone(),
        filters: plain,
        sort: page.sort.clone(),
        after: page.cursor.filter(|_| page.is_by_id() && only_plain).map(|c| c.text()),
        limit: if only_plain { page.limit } else { i64::MAX },
        skip: if only_plain { page.skip } else { 0 },
    };
    let (users, mut total) = listing::list(&mut directory.read(), who.org(), &query).await?;
    let mut rows: Vec<UserOut> = users.iter().map(show).collect();
    if !only_plain {
        let any = page.any.iter().map(|f| Filter::read(f)).collect::<Result<Vec<_>, _>>()?;
        rows.retain(|row| {
            let value = serde_json::to_value(row).unwrap_or_default();
            shown.iter().all(|f| f.holds(&value)) && (any.is_empty() || any.iter().any(|f| f.holds(&value)))
        });
        total = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        rows.retain(|row| !page.is_by_id() || page.cursor.is_none_or(|c| row.id.0 > c));
        let (skip, limit) =
            (usize::try_from(page.skip).unwrap_or(usize::MAX), usize::try_from(page.limit).unwrap_or(0));
        rows = rows.into_iter().skip(skip).take(limit).collect();
    }
    let full = i64::try_from(rows.len()).is_ok_and(|n| n == page.limit);
    let link = rows.last().filter(|_| full && page.is_by_id()).map(|r| page.next(site.config().base(), r.id.0));
    let rows = rows.iter().map(|row| select(row, &page.fields)).collect();
    Ok(Listed { rows, total, link }.wrapped("results"))
}

/// The filters on attributes, which the directory applies, and those on what is shown besides (`activated`,
/// `account_locked`, ...).
fn filters(page: &Page) -> Result<(Vec<Attribute>, Vec<Filter<'_>>), ApiError> {
    let attributes: BTreeSet<&str> = muster_directory::user::model::ATTRIBUTES.iter().map(|(name, _)| *name).collect();
    let (mut plain, mut shown) = (Vec::new(), Vec::new());
    for text in &page.filters {
        let filter = Filter::read(text)?;
        let known = attributes.contains(filter.field) || matches!(filter.field, "state" | "created" | "_id");
        match Attribute::read(text) {
            Ok(attribute) if known => plain.push(attribute),
            _ => shown.push(filter),
        }
    }
    Ok((plain, shown))
}
