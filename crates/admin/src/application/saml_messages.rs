//! The last SAML exchanges of an application, decoded, with the outcome of each check.

use std::collections::BTreeMap;

use axum::extract::State;
use muster_base::Id;
use muster_directory::application::store;
use muster_directory::event::Named;
use muster_directory::saml_message::{self, Exchange, Outcome, Part, Purpose, Shown};
use muster_directory::saml_test::Claims;
use muster_directory::trace::Trace;
use muster_directory::{Result, user};
use muster_http::{AdminOrg, ApiError, Json, Site};
use serde::Serialize;
use utoipa::ToSchema;

use crate::failure::Reading;
use crate::id::{ObjectId, PathId, PathIds, Time};

/// An exchange in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SamlExchangeSummary)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SummaryOut {
    id: ObjectId,
    at: Time,
    /// What it is about.
    purpose: Purpose,
    /// How it went.
    outcome: Outcome,
    /// One sentence.
    summary: String,
    /// The person, where known.
    user: Option<Named>,
    /// Whether it can be tested: it began a sign-in.
    replayable: bool,
}

/// An exchange.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SamlExchange)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ExchangeOut {
    #[serde(flatten)]
    summary: SummaryOut,
    /// The outcome of each check.
    trace: Trace,
    /// The messages in their order.
    messages: Vec<Shown>,
    /// Who made the test.
    by: Option<String>,
    /// What arrived at the test's service provider.
    claims: Option<Claims>,
}

/// The last exchanges of an application, the newest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SamlExchanges)]
pub(crate) struct ExchangesOut {
    results: Vec<SummaryOut>,
}

impl SummaryOut {
    fn new(exchange: &Exchange, names: &BTreeMap<Id, String>) -> Self {
        let named = |id: &Id| Named { id: id.text(), name: names.get(id).cloned().unwrap_or_default() };
        let content = &exchange.content;
        let too_long = matches!(content.parts.first(), Some(Part::TooLong { came: true }));
        Self {
            id: exchange.id.into(),
            at: exchange.at.into(),
            purpose: content.purpose,
            outcome: content.outcome,
            summary: content.summary.clone(),
            user: exchange.user.as_ref().map(named),
            replayable: content.purpose != Purpose::SignOut && !too_long,
        }
    }
}

impl ExchangeOut {
    /// Shows one.
    ///
    /// # Errors
    /// The database's.
    pub(super) async fn of(site: &Site, exchange: Exchange) -> Result<Self> {
        let names = names(site, std::slice::from_ref(&exchange)).await?;
        Ok(Self {
            summary: SummaryOut::new(&exchange, &names),
            messages: exchange.content.parts.iter().map(Shown::of).collect(),
            trace: exchange.content.trace,
            by: exchange.content.by,
            claims: exchange.content.claims,
        })
    }
}

/// The names of the people in them.
async fn names(site: &Site, exchanges: &[Exchange]) -> Result<BTreeMap<Id, String>> {
    let Some(first) = exchanges.first() else { return Ok(BTreeMap::new()) };
    let mut ids: Vec<Id> = exchanges.iter().filter_map(|one| one.user).collect();
    ids.sort_unstable();
    ids.dedup();
    let people = user::store::by_ids(&mut site.directory().read(), first.org, &ids).await?;
    Ok(people.into_iter().map(|person| (person.id, person.display())).collect())
}

#[utoipa::path(get, path = "/api/v2/applications/{id}/saml/messages", tag = "applications",
    params(("id" = ObjectId, Path)), responses((status = 200, body = ExchangesOut), Reading))]
/// List the last SAML exchanges of an application
pub(crate) async fn list(
    State(site): State<Site>,
    who: AdminOrg,
    PathId(id): PathId,
) -> Result<Json<ExchangesOut>, ApiError> {
    let app = store::get(&mut site.directory().read(), who.org(), id).await?;
    let kept = saml_message::list(site.directory(), who.org(), app.id).await?;
    let names = names(&site, &kept).await?;
    Ok(Json(ExchangesOut { results: kept.iter().map(|one| SummaryOut::new(one, &names)).collect() }))
}

#[utoipa::path(get, path = "/api/v2/applications/{id}/saml/messages/{message}", tag = "applications",
    params(("id" = ObjectId, Path), ("message" = ObjectId, Path)),
    responses((status = 200, body = ExchangeOut), Reading))]
/// Get a SAML exchange of an application, decoded
pub(crate) async fn get(
    State(site): State<Site>,
    who: AdminOrg,
    PathIds(id, message): PathIds,
) -> Result<Json<ExchangeOut>, ApiError> {
    let app = store::get(&mut site.directory().read(), who.org(), id).await?;
    let kept = saml_message::get(site.directory(), who.org(), app.id, message).await?;
    Ok(Json(ExchangeOut::of(&site, kept).await?))
}
