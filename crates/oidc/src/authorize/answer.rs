//! Hands the answer over to the application: in the query or fragment of its address, or by a form that the browser posts;
//! as it is, or as one signed text (JARM).

use axum::response::Response;
use muster_directory::key;
use muster_http::page::Brand;
use muster_http::page::form_post::form_post;
use muster_oauth::Error;
use muster_oauth::authorize::{Delivery, Response as Answer, ResponseMode};

use super::Asked;
use super::target::Target;
use crate::page::see_other;
use crate::protect::sign;

/// How long a signed answer may be read, in seconds (JARM section 2.1 recommends ten minutes at most).
const SIGNED_TTL_S: i64 = 300;
/// The declared type of a signed answer.
const SIGNED_TYPE: &str = "JWT";

/// Sends an error to the application.
pub async fn error(
    asked: &Asked<'_>,
    target: &Target,
    mode: ResponseMode,
    error: &Error,
) -> muster_directory::Result<Response> {
    send(asked, target, mode, Answer::error(error, target.state.as_deref(), &asked.issuer())).await
}

/// Sends an answer to the application, signed where it asked for that.
pub async fn send(
    asked: &Asked<'_>,
    target: &Target,
    mode: ResponseMode,
    answer: Answer,
) -> muster_directory::Result<Response> {
    let answer = if mode.signed { signed(asked, target, &answer).await? } else { answer };
    Ok(hand_over(asked, target, mode.by, &answer))
}

/// The answer as one text that says who answers whom (JARM section 2.1).
async fn signed(asked: &Asked<'_>, target: &Target, answer: &Answer) -> muster_directory::Result<Answer> {
    let directory = asked.site.directory();
    let alg = target.client.oidc.requests.authorization_signed_response_alg.unwrap_or_default();
    let key = key::signing(directory, asked.organization.id, alg).await?;
    let expires_at = directory.env().clock.now().plus_s(SIGNED_TTL_S);
    let claims = answer.claims(&target.client.app.id.text(), expires_at.seconds());
    Ok(Answer::signed(sign(&key, Some(SIGNED_TYPE), &claims)?))
}

fn hand_over(asked: &Asked<'_>, target: &Target, by: Delivery, answer: &Answer) -> Response {
    match by {
        Delivery::Query | Delivery::Fragment => see_other(&answer.redirect(&target.redirect_uri, by)),
        Delivery::FormPost => {
            let brand = Brand::of(asked.organization);
            form_post(&brand, target.client.app.label(), &target.redirect_uri, answer.fields())
        }
    }
}
