//! The answer to the service provider that asked for a sign-out.

use axum::response::Response;
use muster_base::Id;
use muster_directory::application::store as applications;
use muster_directory::organization::Organization;
use muster_http::Site;
use muster_saml::binding::MessageKind;
use muster_saml::logout::{LogoutResponse, write_response};
use muster_saml::{Code, Detail, Status};
use serde::{Deserialize, Serialize};

use super::chain::Carrier;
use super::state::over;
use muster_http::stop::Stop;

/// Who asked, and what its answer repeats.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Asker {
    /// The application.
    pub app: Id,
    /// The identifier of its request.
    pub request: String,
    /// What is handed back.
    pub relay_state: Option<String>,
}

/// Answers the asker; `all` is whether everybody else signed the person out. Without a registered address for it the person
/// is shown that it is over.
pub async fn to(site: &Site, organization: &Organization, asker: &Asker, all: bool) -> Result<Response, Stop> {
    let app = applications::by_id(&mut site.directory().read(), organization.id, asker.app).await?;
    let Some(carrier) = app.and_then(|app| Carrier::new(site, organization, app)) else {
        return Ok(over(site, organization, &[], None).await?);
    };
    let mut status = Status::success();
    if !all {
        // The session here is over; somebody else's may not be (SAML core section 3.7.3).
        status.detail = Some(Detail::PartialLogout);
        status.code = Code::Responder;
    }
    let response = LogoutResponse { header: carrier.header(), in_response_to: Some(asker.request.clone()), status };
    carrier.send(MessageKind::Response, asker.relay_state.as_deref(), |signer| write_response(&response, signer)).await
}
