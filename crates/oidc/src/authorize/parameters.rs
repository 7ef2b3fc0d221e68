//! Where the parameters of a request come from: its address, a request that was pushed (RFC 9126), or one that the
//! application signed (RFC 9101). From here on nobody asks which it was.

use std::borrow::Cow;

use muster_oauth::authorize::ResponseMode;
use muster_oauth::{Error, ErrorCode, Params, par};

use super::{Asked, answer, target};
use crate::client::Client;
use crate::page::malformed;
use crate::request::{object, pushed};
use muster_http::stop::Stop;

/// The parameters that count.
pub async fn gather<'a>(asked: &Asked<'a>, client: &Client) -> Result<Cow<'a, Params>, Stop> {
    let (params, settings) = (asked.params, &client.oidc.requests);
    let invalid = |why: &str| Err(Error::invalid_request(why));
    let gathered = match (params.get("request_uri"), params.get("request")) {
        (Some(_), Some(_)) => invalid("request and request_uri exclude each other"),
        (Some(uri), None) => by_reference(asked, client, uri).await?,
        (None, _) if settings.require_pushed_authorization_requests => {
            invalid("this client must push its requests to the pushed_authorization_request_endpoint first")
        }
        (None, Some(token)) => object::open(asked.site, client, token).await?,
        (None, None) if settings.require_signed_request_object => {
            invalid("this client must sign its requests: send request")
        }
        (None, None) => return Ok(Cow::Borrowed(params)),
    };
    match gathered {
        Ok(params) => Ok(Cow::Owned(params)),
        Err(error) => Err(refuse(asked, client, &error).await),
    }
}

/// A `request_uri` that is none of ours would make us fetch what a stranger names: that is not supported.
async fn by_reference(
    asked: &Asked<'_>,
    client: &Client,
    uri: &str,
) -> muster_directory::Result<Result<Params, Error>> {
    let Some(reference) = par::reference(uri) else {
        let why = "only a request_uri of our pushed_authorization_request_endpoint is supported";
        return Ok(Err(Error::new(ErrorCode::RequestUriNotSupported, why)));
    };
    let found = pushed::take(asked.site.directory(), asked.organization.id, client.app.id, reference).await?;
    Ok(found.ok_or_else(|| {
        let why =
            "the request_uri is unknown, was used, has expired, or was given to another client: push the request again";
        Error::new(ErrorCode::InvalidRequestUri, why)
    }))
}

/// The application is told where the address itself names a return address that it registered; else the person is.
async fn refuse(asked: &Asked<'_>, client: &Client, error: &Error) -> Stop {
    match target::resolve(asked, client.clone()) {
        Ok(target) => {
            let mode = ResponseMode::read(asked.params).unwrap_or_default();
            match answer::error(asked, &target, mode, error).await {
                Ok(response) => Stop::with(response),
                Err(error) => error.into(),
            }
        }
        Err(_) => malformed(asked.organization, asked.context, error),
    }
}
