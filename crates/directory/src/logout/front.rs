//! The addresses that the person's browser opens when a session ends (OpenID Connect Front-Channel Logout 1.0): those of
//! the applications that got a token in it. Read before the session ends, since the list goes with it.

use muster_base::Id;

use super::store;
use crate::session::Session;
use crate::{Result, Source, application};

/// The most applications that one page opens: a browser that signs out is not to be kept busy.
const MAX: usize = 30;

/// The addresses to open. Who asks for it finds the issuer and the session in theirs (section 3).
///
/// # Errors
/// The database's.
pub async fn addresses(s: &mut impl Source, org: Id, issuer: &str, session: &Session) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for client in store::clients_of_session(s, org, session.id).await?.into_iter().take(MAX) {
        let app = application::store::by_id(s, org, client.app).await?;
        let Some(logout) = app.and_then(|app| app.doc.oidc).map(|oidc| oidc.logout) else { continue };
        let Some(uri) = logout.frontchannel_logout_uri else { continue };
        out.extend(address(&uri, logout.frontchannel_logout_session_required, issuer, session.id));
    }
    Ok(out)
}

fn address(uri: &str, with_session: bool, issuer: &str, session: Id) -> Option<String> {
    let mut url = url::Url::parse(uri).ok()?;
    if with_session {
        url.query_pairs_mut().append_pair("iss", issuer).append_pair("sid", &session.text());
    }
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_is_named_where_it_is_asked_for() {
        let id: Id = "0123456789abcdef01234567".parse().unwrap();
        let of = |uri: &str, with| address(uri, with, "https://id.example/o/acme", id);
        assert_eq!(of("https://a.example/out?x=1", false).as_deref(), Some("https://a.example/out?x=1"));
        assert_eq!(
            of("https://a.example/out?x=1", true).as_deref(),
            Some("https://a.example/out?x=1&iss=https%3A%2F%2Fid.example%2Fo%2Facme&sid=0123456789abcdef01234567")
        );
    }
}
