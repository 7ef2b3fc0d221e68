//! The context of a request: its id, and where it comes from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::header;
use http::request::Parts;
use ipnet::IpNet;
use muster_directory::Actor;
use muster_directory::event::Detail;
use muster_directory::user::lockout;

use crate::site::Site;

/// The id of a request: in every log line of it, in the answer's `x-request-id`, and in the change log.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Where a request comes from.
#[derive(Clone, Debug)]
pub struct Context {
    /// The request's id.
    pub request_id: String,
    /// The client's address; behind a trusted proxy the one it names.
    pub client_ip: IpAddr,
    /// What the client says it is.
    pub user_agent: String,
}

impl Context {
    /// The network that failures are counted for.
    #[must_use]
    pub fn prefix(&self) -> String {
        lockout::prefix(self.client_ip)
    }

    /// The details every event of this request carries.
    #[must_use]
    pub fn detail(&self, success: bool, summary: impl Into<String>) -> Detail {
        Detail {
            success,
            summary: summary.into(),
            client_ip: self.client_ip.to_string(),
            user_agent: self.user_agent.clone(),
            request_id: Some(self.request_id.clone()),
            ..Detail::default()
        }
    }

    /// The server as the one who acts, within this request.
    #[must_use]
    pub fn system(&self) -> Actor {
        Actor { request_id: Some(self.request_id.clone()), ..Actor::system() }
    }

    /// Reads the context of a request.
    #[must_use]
    pub fn of(parts: &Parts, site: &Site) -> Self {
        let peer =
            parts.extensions.get::<ConnectInfo<SocketAddr>>().map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |c| c.0.ip());
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok());
        let agent = parts.headers.get(header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Self {
            request_id: parts.extensions.get::<RequestId>().map(|r| r.0.clone()).unwrap_or_default(),
            client_ip: client_ip(peer, forwarded, &site.config().trusted_proxies),
            user_agent: agent.chars().take(300).collect(),
        }
    }
}

/// Whether a request comes straight from a proxy that the configuration trusts: what that says of the connection it
/// ended is believed.
#[must_use]
pub fn from_trusted_proxy(extensions: &http::Extensions, site: &Site) -> bool {
    // Without an address (in process) nobody is a proxy.
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|c| c.0.ip().to_canonical());
    peer.is_some_and(|ip| site.config().trusted_proxies.iter().any(|net| net.contains(&ip)))
}

/// The client's address. Each hop is believed only while the one that reported it is a trusted proxy, read from the
/// right: what a client writes itself stands further left and is never reached.
fn client_ip<'a>(peer: IpAddr, forwarded: impl Iterator<Item = &'a str>, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip));
    let hops: Vec<&str> = forwarded.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut ip = peer.to_canonical();
    for hop in hops.iter().rev() {
        if !is_trusted(ip) {
            break;
        }
        match address(hop) {
            Some(named) => ip = named.to_canonical(),
            None => break,
        }
    }
    ip
}

/// An address as proxies write it: by itself, in brackets, or with a port.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|a| a.ip()))
}

impl FromRequestParts<Site> for Context {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Self::Rejection> {
        Ok(Self::of(parts, site))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_addresses_are_believed_from_trusted_proxies_only() {
        let proxy: IpAddr = "10.0.0.1".parse().unwrap();
        let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap()];
        let ip = |peer, line: &'static str, nets: &[IpNet]| client_ip(peer, std::iter::once(line), nets).to_string();
        assert_eq!(ip(proxy, "192.0.2.7", &trusted), "192.0.2.7");
        assert_eq!(ip(proxy, "192.0.2.7", &[]), "10.0.0.1");
        assert_eq!(ip(proxy, "203.0.113.9, 192.0.2.7", &trusted), "192.0.2.7");
        assert_eq!(ip(proxy, "192.0.2.7, 10.0.0.2", &trusted), "192.0.2.7");
        assert_eq!(ip(proxy, "nonsense", &trusted), "10.0.0.1");
    }
}
