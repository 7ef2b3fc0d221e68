//! Delivers the notices that are due. The applications of a round are told side by side, so that one that hangs delays
//! nobody else; the notices of one application come one after the other, and after its first failure the rest wait.

use std::collections::BTreeMap;

use muster_base::Id;
use muster_directory::application::subject;
use muster_directory::logout::{Notice, collect, deliver};
use muster_directory::{Error, Result, key, organization};
use muster_http::Site;
use tokio::task::JoinSet;

use super::token::{About, LOGOUT_TOKEN_TYPE, claims};
use crate::client::{self, Client};
use crate::protect;

/// The deliveries that go on, an entry per application.
pub type Round = JoinSet<()>;

/// Takes up what ended since, and begins to deliver what is due; the deliveries go on in `round`.
///
/// # Errors
/// The database's.
pub async fn round(site: &Site, round: &mut Round) -> Result<()> {
    collect::collect(site.directory()).await?;
    let mut targets: BTreeMap<(Id, Id), Vec<Notice>> = BTreeMap::new();
    for notice in deliver::claim(site.directory()).await? {
        targets.entry((notice.org, notice.app)).or_default().push(notice);
    }
    for notices in targets.into_values() {
        let site = site.clone();
        round.spawn(async move {
            if let Err(error) = one_application(&site, &notices).await {
                // Claimed for a while only: they are tried again.
                tracing::error!(reason = error.private(), "a logout notice could not be handled");
            }
        });
    }
    Ok(())
}

/// One round to its end: everything that is due was tried once.
///
/// # Errors
/// The database's.
pub async fn deliver(site: &Site) -> Result<()> {
    let mut going_on = Round::new();
    round(site, &mut going_on).await?;
    while going_on.join_next().await.is_some() {}
    Ok(())
}

async fn one_application(site: &Site, notices: &[Notice]) -> Result<()> {
    let mut failure: Option<String> = None;
    for notice in notices {
        if let Some(reason) = &failure {
            deliver::put_off(site.directory(), notice, reason).await?;
            continue;
        }
        match send(site, notice).await? {
            Ok(()) => deliver::delivered(site.directory(), notice).await?,
            Err(reason) => {
                tracing::warn!(org = %notice.org, application = %notice.app, reason, "a logout notice was not delivered");
                deliver::failed(site.directory(), notice, &reason).await?;
                failure = Some(reason);
            }
        }
    }
    Ok(())
}

/// One request (section 2.5); the inner error is the application's, in words.
async fn send(site: &Site, notice: &Notice) -> Result<std::result::Result<(), String>> {
    let directory = site.directory();
    let organization = organization::store::get(&mut directory.read(), notice.org).await?;
    let Some(client) = client::find(site, &organization, &notice.app.text()).await? else {
        // Nobody is left to be told.
        return Ok(Ok(()));
    };
    let Some(uri) = client.oidc.logout.backchannel_logout_uri.clone() else { return Ok(Ok(())) };
    let token = match token(site, &client, notice).await {
        Ok(token) => token,
        Err(Error::Internal(why)) => return Ok(Err(why)),
        Err(error) => return Err(error),
    };
    let form = url::form_urlencoded::Serializer::new(String::new()).append_pair("logout_token", &token).finish();
    Ok(match site.egress().post_form(&uri, form, None).await {
        Ok(answer) if (200..300).contains(&answer.status) => Ok(()),
        Ok(answer) => Err(format!("it answered with status {}", answer.status)),
        Err(error) => Err(error.to_string()),
    })
}

/// Signed like the application's ID tokens, and encrypted like them.
async fn token(site: &Site, client: &Client, notice: &Notice) -> Result<String> {
    let (directory, oidc) = (site.directory(), &client.oidc);
    let subject = subject::of(directory, notice.org, oidc, notice.user).await?;
    let about = About {
        issuer: &site.issuer(&client.organization.slug),
        audience: client.app.id,
        subject: &subject,
        session: notice.session,
        jti: directory.env().id(),
        now: directory.env().clock.now(),
    };
    let key = key::signing(directory, notice.org, oidc.id_token_signed_response_alg).await?;
    let signed = protect::sign(&key, Some(LOGOUT_TOKEN_TYPE), &claims(&about))?;
    protect::token(site, client, oidc.tokens.id_token_encryption(), signed).await
}
