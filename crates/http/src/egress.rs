//! The one guard on outgoing requests (SSRF). Every address that somebody entered is reached through it: only https (or
//! http where the site itself is), never a private, loopback, link-local or otherwise special network unless the
//! configuration names it, no redirects, bounded time and size.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::TcpStream;
use url::{Host, Url};

/// The whole request at most, in seconds.
const TIMEOUT_S: u64 = 10;
/// Until the connection stands, in seconds.
const CONNECT_TIMEOUT_S: u64 = 5;
/// Connections to one host that are kept between requests: a target is sent so much at once, and setting each up anew costs
/// two round trips and a handshake.
const IDLE_MAX: usize = 64;
/// And for how long, in seconds.
const IDLE_S: u64 = 20;
/// The largest answer that is read.
pub const ANSWER_MAX_BYTES: usize = 1024 * 1024;

/// Why a request was not made or failed, in words for an administrator.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EgressError {
    /// The address is not one that may be reached.
    #[error("{0} may not be reached from here: it is a private or special address (setting egress_allow)")]
    Forbidden(String),
    /// Not https.
    #[error("only https addresses are reached")]
    Scheme,
    /// Not an address.
    #[error("this is not an address")]
    Address,
    /// It took too long.
    #[error("{0} did not answer within {TIMEOUT_S} seconds")]
    Slow(String),
    /// The connection failed.
    #[error("{0} cannot be reached: {1}")]
    Unreachable(String, String),
    /// The answer is too large.
    #[error("the answer of {0} is larger than 1 MiB")]
    TooLarge(String),
    /// It sends elsewhere.
    #[error("{0} redirects; enter the address it leads to")]
    Redirect(String),
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body.
    pub body: Bytes,
    /// `Cache-Control: max-age`, in seconds.
    pub max_age_s: Option<i64>,
}

/// Any request.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method.
    pub method: http::Method,
    /// The address.
    pub url: String,
    /// The headers; secrets among them are marked as such.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body.
    pub body: Option<Bytes>,
}

/// The answer to any request.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Makes outgoing requests.
#[derive(Clone)]
pub struct Egress {
    client: reqwest::Client,
    /// For our own public URL alone: its name may resolve to loopback. Other ports of that name go by `client`.
    own_client: Option<reqwest::Client>,
    guard: Arc<Guard>,
    http_allowed: bool,
}

struct Guard {
    allow: Vec<IpNet>,
    /// Our own host while it is loopback: two organizations of one installation federate through it.
    own: Option<(String, u16)>,
}

impl Guard {
    fn permits(&self, ip: IpAddr) -> bool {
        let ip = unmapped(ip);
        is_public(ip) || self.allow.iter().any(|net| net.contains(&ip))
    }

    fn is_own(&self, url: &Url) -> bool {
        self.own.as_ref().is_some_and(|(host, port)| {
            url.host_str() == Some(host.as_str()) && url.port_or_known_default() == Some(*port)
        })
    }
}

/// An IPv4 address inside an IPv6 one is the IPv4 address.
fn unmapped(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(ip, IpAddr::V4),
        IpAddr::V4(_) => ip,
    }
}

/// Whether an address is one of the open internet (IANA's special-purpose registries).
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match unmapped(ip) {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b)))
        }
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v6(v6: Ipv6Addr) -> bool {
    let s = v6.segments();
    // 2000::/3 is what is assigned; of it, documentation, Teredo, 6to4 and benchmarking are not.
    (s[0] & 0xe000) == 0x2000
        && !(s[0] == 0x2001 && (s[1] == 0x0db8 || s[1] < 0x0200))
        && s[0] != 0x2002
        && s[0] != 0x3fff
}

/// Resolves names and leaves out what may not be reached: the checked address is the one connected to, so a name that
/// answers differently the second time gains nothing (DNS rebinding).
struct GuardedResolver {
    guard: Arc<Guard>,
    /// For requests to our own public URL.
    own: bool,
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (guard, own) = (self.guard.clone(), self.own);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|a| own || guard.permits(a.ip())).collect();
            if allowed.is_empty() {
                return Err(format!("{}{}", FORBIDDEN, name.as_str()).into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

const FORBIDDEN: &str = "forbidden address: ";

#[expect(clippy::disallowed_methods, reason = "the guard itself")]
fn guarded_client(resolver: GuardedResolver) -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .dns_resolver(Arc::new(resolver))
        .timeout(Duration::from_secs(TIMEOUT_S))
        .connect_timeout(Duration::from_secs(CONNECT_TIMEOUT_S))
        .pool_max_idle_per_host(IDLE_MAX)
        .pool_idle_timeout(Duration::from_secs(IDLE_S))
        .user_agent(concat!("Muster/", env!("CARGO_PKG_VERSION")))
        .build()
}

impl Egress {
    /// A guard that lets through the networks of `allow`. Where our own public URL is on loopback, it is reached too.
    ///
    /// # Errors
    /// When the TLS library cannot be set up.
    pub fn new(allow: Vec<IpNet>, public_url: &Url) -> Result<Self, reqwest::Error> {
        let loopback = match public_url.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            None => false,
        };
        let own =
            loopback.then(|| Some((public_url.host_str()?.to_owned(), public_url.port_or_known_default()?))).flatten();
        let guard = Arc::new(Guard { allow, own });
        let client = guarded_client(GuardedResolver { guard: guard.clone(), own: false })?;
        let own_client = match &guard.own {
            Some(_) => Some(guarded_client(GuardedResolver { guard: guard.clone(), own: true })?),
            None => None,
        };
        Ok(Self { client, own_client, guard, http_allowed: public_url.scheme() == "http" })
    }

    /// Checks an address before anything is sent. Literal addresses never reach the resolver, so they are judged here.
    ///
    /// # Errors
    /// Why it may not be reached.
    pub fn check(&self, url: &str) -> Result<Url, EgressError> {
        let url = Url::parse(url).map_err(|_| EgressError::Address)?;
        match url.scheme() {
            "https" => {}
            "http" if self.http_allowed => {}
            _ => return Err(EgressError::Scheme),
        }
        let forbidden = || EgressError::Forbidden(url.host_str().unwrap_or_default().to_owned());
        match url.host() {
            Some(Host::Ipv4(ip)) if !self.guard.permits(ip.into()) && !self.guard.is_own(&url) => Err(forbidden()),
            Some(Host::Ipv6(ip)) if !self.guard.permits(ip.into()) && !self.guard.is_own(&url) => Err(forbidden()),
            Some(_) => Ok(url),
            None => Err(EgressError::Address),
        }
    }

    /// GET, asking for JSON. `bearer` goes into `Authorization`.
    ///
    /// # Errors
    /// [`EgressError`].
    pub async fn get(&self, url: &str, bearer: Option<&str>) -> Result<Answer, EgressError> {
        let url = self.check(url)?;
        let mut request = self.client_for(&url).get(url.clone()).header("accept", "application/json");
        if let Some(token) = bearer {
            request = request.bearer_auth(token);
        }
        self.send(&url, request).await
    }

    /// POST of a form. `authorization` is the whole header value.
    ///
    /// # Errors
    /// [`EgressError`].
    pub async fn post_form(&self, url: &str, body: String, authorization: Option<&str>) -> Result<Answer, EgressError> {
        let url = self.check(url)?;
        let mut request = self
            .client_for(&url)
            .post(url.clone())
            .header("accept", "application/json")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        if let Some(value) = authorization {
            request = request.header("authorization", value);
        }
        self.send(&url, request).await
    }

    /// Any request. A redirect is an answer like others, and is not followed.
    ///
    /// # Errors
    /// [`EgressError`].
    pub async fn call(&self, call: Call) -> Result<Reply, EgressError> {
        let url = self.check(&call.url)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut request = self.client_for(&url).request(call.method, url);
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        if let Some(body) = call.body {
            request = request.body(body);
        }
        let mut response = request.send().await.map_err(|e| explain(&host, &e))?;
        let body = read(&host, &mut response).await?;
        Ok(Reply { status: response.status().as_u16(), headers: response.headers().clone(), body })
    }

    /// A plain connection to a server that speaks no HTTP. The address that was judged is the one connected to; our own is
    /// none of these.
    ///
    /// # Errors
    /// [`EgressError`].
    pub async fn connect(&self, host: &str, port: u16) -> Result<TcpStream, EgressError> {
        let unreachable = |e: std::io::Error| EgressError::Unreachable(host.to_owned(), e.to_string());
        let slow = |_| EgressError::Slow(host.to_owned());
        let limit = Duration::from_secs(CONNECT_TIMEOUT_S);
        let found = tokio::time::timeout(limit, tokio::net::lookup_host((host, port))).await.map_err(slow)?;
        let allowed: Vec<SocketAddr> = found.map_err(unreachable)?.filter(|a| self.guard.permits(a.ip())).collect();
        if allowed.is_empty() {
            return Err(EgressError::Forbidden(host.to_owned()));
        }
        let connected = tokio::time::timeout(limit, TcpStream::connect(allowed.as_slice())).await.map_err(slow)?;
        connected.map_err(unreachable)
    }

    fn client_for(&self, url: &Url) -> &reqwest::Client {
        self.own_client.as_ref().filter(|_| self.guard.is_own(url)).unwrap_or(&self.client)
    }

    async fn send(&self, url: &Url, request: reqwest::RequestBuilder) -> Result<Answer, EgressError> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let mut response = request.send().await.map_err(|e| explain(&host, &e))?;
        let status = response.status();
        if status.is_redirection() {
            return Err(EgressError::Redirect(host));
        }
        let max_age_s = response.headers().get("cache-control").and_then(|v| v.to_str().ok()).and_then(max_age_s);
        let body = read(&host, &mut response).await?;
        Ok(Answer { status: status.as_u16(), body, max_age_s })
    }
}

/// The body, no more of it than is allowed.
async fn read(host: &str, response: &mut reqwest::Response) -> Result<Bytes, EgressError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| explain(host, &e))? {
        if body.len() + chunk.len() > ANSWER_MAX_BYTES {
            return Err(EgressError::TooLarge(host.to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

fn max_age_s(value: &str) -> Option<i64> {
    let directive = value.split(',').map(str::trim).find_map(|d| d.strip_prefix("max-age="))?;
    directive.parse().ok()
}

fn explain(host: &str, error: &reqwest::Error) -> EgressError {
    let mut reason = String::new();
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(e) = source {
        reason = e.to_string();
        if reason.starts_with(FORBIDDEN) {
            return EgressError::Forbidden(host.to_owned());
        }
        source = e.source();
    }
    if error.is_timeout() {
        EgressError::Slow(host.to_owned())
    } else {
        EgressError::Unreachable(host.to_owned(), reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn egress(public: &str) -> Egress {
        Egress::new(Vec::new(), &Url::parse(public).unwrap()).unwrap()
    }

    #[test]
    fn ssrf_special_addresses_are_not_public() {
        for ip in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "::ffff:127.0.0.1",
            "2001:db8::1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
            "ff02::1",
        ] {
            assert!(!is_public(ip.parse().unwrap()), "{ip}");
        }
        for ip in ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "2a00:1450:4001::1"] {
            assert!(is_public(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn ssrf_literal_addresses_are_judged_before_sending() {
        let guarded = egress("https://id.example.com");
        for bad in [
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://169.254.169.254/latest",
        ] {
            assert!(matches!(guarded.check(bad), Err(EgressError::Forbidden(_))), "{bad}");
        }
        assert_eq!(guarded.check("http://example.com/"), Err(EgressError::Scheme));
        assert_eq!(guarded.check("file:///etc/passwd"), Err(EgressError::Scheme));
        assert!(guarded.check("https://login.example.com/").is_ok());
    }

    #[test]
    fn our_own_loopback_address_is_reached_and_no_other_port() {
        let own = egress("http://127.0.0.1:8080");
        assert!(own.check("http://127.0.0.1:8080/o/x").is_ok());
        assert!(own.check("http://127.0.0.1:9090/metrics").is_err());
        assert!(own.check("http://10.0.0.1/").is_err());
    }

    #[tokio::test]
    async fn ssrf_our_own_name_leads_to_our_own_port_only() {
        let error = egress("http://localhost:8080").get("http://localhost:9/", None).await.unwrap_err();
        assert_eq!(error, EgressError::Forbidden("localhost".into()));
        let own = egress("http://localhost:9").get("http://localhost:9/", None).await.unwrap_err();
        assert!(matches!(own, EgressError::Unreachable(..)), "{own:?}");
    }

    #[tokio::test]
    async fn ssrf_a_bare_connection_is_judged_as_a_request_is() {
        let own = egress("http://127.0.0.1:9");
        for host in ["127.0.0.1", "localhost", "::1", "169.254.169.254"] {
            assert_eq!(own.connect(host, 9).await.unwrap_err(), EgressError::Forbidden(host.into()));
        }
        let allowed = Egress::new(vec!["127.0.0.0/8".parse().unwrap()], &"https://a.test".parse().unwrap()).unwrap();
        assert!(matches!(allowed.connect("127.0.0.1", 9).await, Err(EgressError::Unreachable(..))));
    }

    #[tokio::test]
    async fn ssrf_a_name_that_leads_to_loopback_is_refused() {
        let error = egress("https://id.example.com").get("https://localhost/", None).await.unwrap_err();
        assert_eq!(error, EgressError::Forbidden("localhost".into()));
    }
}
