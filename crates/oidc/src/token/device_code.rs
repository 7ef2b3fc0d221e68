//! A device asks whether the person has decided (RFC 8628 section 3.4).

use muster_base::Secret;
use muster_oauth::token::Response;
use muster_oauth::{Error, ErrorCode};

use super::Asked;
use crate::device::poll::{self, Refusal as Waiting};
use crate::error::Refusal;
use crate::issue::Issue;

pub(super) async fn answer(asked: &Asked<'_>, device_code: &str) -> Result<Response, Refusal> {
    let (site, client) = (asked.site, &asked.client);
    let jkt = asked.holder.jkt.clone();
    let outcome = poll::poll(site.directory(), client.clone(), &Secret::new(device_code), jkt).await?;
    let granted = outcome.map_err(error)?;
    let scope = granted.grant.scope.clone();
    let (holder, resource) = (&asked.holder, Vec::new());
    Ok(Issue { site, client, granted: &granted, scope, holder, resource, nonce: None }.tokens().await?)
}

/// RFC 8628 section 3.5.
fn error(waiting: Waiting) -> Error {
    match waiting {
        Waiting::Pending => Error::new(ErrorCode::AuthorizationPending, "the person has not decided yet"),
        Waiting::TooSoon { interval_s } => {
            Error::new(ErrorCode::SlowDown, format!("wait {interval_s} seconds between two questions"))
        }
        Waiting::Expired => Error::new(ErrorCode::ExpiredToken, "the device code has expired: begin anew"),
        Waiting::Denied => Error::new(ErrorCode::AccessDenied, "the person said no"),
        Waiting::Grant(reason) => Error::new(ErrorCode::InvalidGrant, reason),
    }
}
