//! A connection to an LDAP server: through the guard on outgoing requests, encrypted as chosen, bounded in bytes and time.

use std::sync::Arc;
use std::time::Duration;

use bytes::BytesMut;
use muster_directory::feed::{Ldap, LdapSecurity};
use muster_http::Egress;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsConnector;

use super::ber;
use super::frames::{Broken, Frames, MESSAGE_MAX};
use super::message::{self, Answer, ENTRY_MAX, Ended, Entry, Search, Unreadable};
use crate::room::Room;

/// The most that is read over one connection, in bytes.
const BYTES_MAX: usize = 1024 * 1024 * 1024;
/// The most that is read for a test, in bytes.
const TEST_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Entries of a page that a test asks for.
const SOME: u32 = 20;
/// Entries that a test reads, where a server does not keep to pages.
pub const SOME_MAX: usize = 50;
/// Until the server says something, in seconds.
const ANSWER_S: u64 = 60;
/// Entries of a page.
const PAGE: u32 = 500;
/// Pages without an entry that are read one after the other: a server may give some, and one that gives no other never ends.
const EMPTY_PAGES_MAX: usize = 100;
/// Entries of one search.
pub const ENTRIES_MAX: usize = 500_000;

trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// A connection.
pub struct Connection {
    wire: Box<dyn Wire>,
    frames: Frames,
    /// What may still be read, and what for altogether.
    bytes: (usize, usize),
    /// What may still be held.
    pub room: Room,
    id: u32,
    host: String,
}

impl Connection {
    /// Connects, encrypted as chosen.
    ///
    /// # Errors
    /// Why not, for an administrator.
    pub async fn open(egress: &Egress, to: &Ldap) -> Result<Self, String> {
        let usual = if to.security == LdapSecurity::Ldaps { 636 } else { 389 };
        let tcp = egress.connect(&to.host, to.port.unwrap_or(usual)).await.map_err(|e| e.to_string())?;
        let plain = |wire: Box<dyn Wire>| Self {
            wire,
            frames: Frames::default(),
            bytes: (BYTES_MAX, BYTES_MAX),
            room: Room::of_run(),
            id: 0,
            host: to.host.clone(),
        };
        match to.security {
            LdapSecurity::None => Ok(plain(Box::new(tcp))),
            LdapSecurity::Ldaps => Ok(plain(Box::new(encrypt(to, tcp).await?))),
            LdapSecurity::StartTls => {
                let mut begin = Begin(tcp);
                begin.start_tls(&to.host).await?;
                Ok(plain(Box::new(encrypt(to, begin.0).await?)))
            }
        }
    }

    /// For a test: so little is read that any number of them takes little memory.
    #[must_use]
    pub fn for_a_test(self) -> Self {
        Self { bytes: (TEST_BYTES_MAX, TEST_BYTES_MAX), room: Room::of_test(), ..self }
    }

    /// Says who reads; nobody when there is no DN.
    ///
    /// # Errors
    /// Why not, for an administrator.
    pub async fn bind(&mut self, dn: &str, password: &str) -> Result<(), String> {
        if dn.is_empty() {
            return Ok(());
        }
        if password.is_empty() {
            // The server would take it for nobody, and answer that all is well.
            return Err("the bind DN has no password: enter it".into());
        }
        let id = self.next_id();
        self.send(&message::bind(id, dn, password)).await?;
        match self.answer(id).await? {
            Answer::Ended(Ended { code: 0, .. }) => Ok(()),
            Answer::Ended(ended) => Err(said(&ended, dn)),
            _ => Err(self.strange()),
        }
    }

    /// All entries of a search, page by page; `each` is given every one, and says how many bytes of it stay in memory. What
    /// is not complete is an error.
    ///
    /// # Errors
    /// Why not, for an administrator.
    pub async fn all(
        &mut self,
        (base, filter): (&str, &[u8]),
        attributes: &[String],
        mut each: impl FnMut(Entry) -> usize + Send,
    ) -> Result<usize, String> {
        let (mut cookie, mut count, mut empty): (Vec<u8>, usize, usize) = (Vec::new(), 0, 0);
        loop {
            let page = Some((PAGE, cookie.as_slice()));
            let of = Search { base, itself: false, filter, attributes, page };
            let before = count;
            let ended = self
                .page(&of, |entry| {
                    count += 1;
                    let held = each(entry);
                    (count <= ENTRIES_MAX).then_some(held)
                })
                .await?;
            if count > ENTRIES_MAX {
                return Err(format!("there are more than {ENTRIES_MAX} entries: use a narrower base DN or filter"));
            }
            if ended.cookie.is_empty() {
                return Ok(count);
            }
            empty = if count == before { empty + 1 } else { 0 };
            if empty > EMPTY_PAGES_MAX || (empty > 0 && cookie == ended.cookie) {
                return Err(self.strange());
            }
            cookie = ended.cookie;
        }
    }

    /// A few entries, for a test, and whether there are more.
    ///
    /// # Errors
    /// Why not, for an administrator.
    pub async fn some(
        &mut self,
        (base, filter): (&str, &[u8]),
        attributes: &[String],
    ) -> Result<(Vec<Entry>, bool), String> {
        let mut out = Vec::new();
        let of = Search { base, itself: false, filter, attributes, page: Some((SOME, &[])) };
        let ended = self
            .page(&of, |entry| {
                let held = entry.held();
                out.push(entry);
                (out.len() < SOME_MAX).then_some(held)
            })
            .await?;
        let is_cut = out.len() >= SOME_MAX;
        Ok((out, is_cut || !ended.cookie.is_empty()))
    }

    /// One entry.
    ///
    /// # Errors
    /// Why not, for an administrator.
    pub async fn one(&mut self, dn: &str, attributes: &[String]) -> Result<Option<Entry>, String> {
        let filter = super::filter::compile("(objectClass=*)")?;
        let mut found = None;
        let of = Search { base: dn, itself: true, filter: &filter, attributes, page: None };
        self.page(&of, |entry| {
            let held = entry.held();
            found = Some(entry);
            Some(held)
        })
        .await?;
        Ok(found)
    }

    /// One page. `each` says how many bytes of an entry stay in memory, or that it is enough.
    async fn page(
        &mut self,
        of: &Search<'_>,
        mut each: impl FnMut(Entry) -> Option<usize> + Send,
    ) -> Result<Ended, String> {
        let id = self.next_id();
        self.send(&message::search(id, of)).await?;
        loop {
            match self.answer(id).await? {
                Answer::Entry(mut entry) => {
                    entry.keep(of.attributes);
                    let Some(held) = each(entry) else { return Ok(Ended::default()) };
                    self.room.take(held)?;
                }
                Answer::Other => {}
                Answer::Ended(ended) if ended.code == 0 => return Ok(ended),
                Answer::Ended(ended) => return Err(said(&ended, of.base)),
            }
        }
    }

    /// Good-bye, without waiting; what may still be held.
    pub async fn close(mut self) -> Room {
        let id = self.next_id();
        let _ = self.send(&message::unbind(id)).await;
        self.room
    }

    const fn next_id(&mut self) -> u32 {
        self.id += 1;
        self.id
    }

    fn strange(&self) -> String {
        format!("{} does not answer as an LDAP server does", self.host)
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        let sent = async {
            self.wire.write_all(bytes).await?;
            self.wire.flush().await
        };
        match tokio::time::timeout(Duration::from_secs(ANSWER_S), sent).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(format!("the connection to {} broke: {error}", self.host)),
            Err(_) => Err(format!("{} did not read within {ANSWER_S} seconds", self.host)),
        }
    }

    async fn answer(&mut self, id: u32) -> Result<Answer, String> {
        loop {
            let bytes = self.message().await?;
            let most = self.room.left().min(ENTRY_MAX);
            let (of, answer) = message::read(&bytes, most).map_err(|why| match why {
                Unreadable::Malformed => self.strange(),
                Unreadable::TooMuch if most < ENTRY_MAX => self.room.full(),
                Unreadable::TooMuch => format!("an entry of {} takes more than {ENTRY_MAX} bytes of memory", self.host),
            })?;
            if of == i64::from(id) {
                return Ok(answer);
            }
            // Id 0: the server takes its leave.
            if of == 0 {
                let words = if let Answer::Ended(ended) = answer { ended.words } else { String::new() };
                return Err(format!("{} ended the connection: {words}", self.host));
            }
        }
    }

    async fn message(&mut self) -> Result<BytesMut, String> {
        loop {
            match self.frames.next() {
                Ok(Some(message)) => return Ok(message),
                Ok(None) => {}
                Err(Broken::Malformed) => return Err(self.strange()),
                Err(Broken::TooLarge) => {
                    return Err(format!("an answer of {} is larger than {MESSAGE_MAX} bytes", self.host));
                }
            }
            let wait = Duration::from_secs(ANSWER_S);
            let read = tokio::time::timeout(wait, self.wire.read_buf(self.frames.room())).await;
            let count = match read {
                Ok(Ok(0)) => return Err(format!("{} closed the connection", self.host)),
                Ok(Ok(count)) => count,
                Ok(Err(error)) => return Err(format!("the connection to {} broke: {error}", self.host)),
                Err(_) => return Err(format!("{} did not answer within {ANSWER_S} seconds", self.host)),
            };
            let (left, most) = self.bytes;
            let left = left.checked_sub(count);
            self.bytes.0 = left.ok_or_else(|| format!("{} answered more than {most} bytes", self.host))?;
        }
    }
}

/// The plain connection on which TLS is begun. What it answers is read byte by byte: not one of them may be of what comes
/// after (a plain answer that is taken for an encrypted one).
struct Begin(tokio::net::TcpStream);

impl Begin {
    async fn start_tls(&mut self, host: &str) -> Result<(), String> {
        let broke = |e: std::io::Error| format!("the connection to {host} broke: {e}");
        let ask = async {
            self.0.write_all(&message::start_tls(1)).await.map_err(broke)?;
            let mut bytes = Vec::new();
            loop {
                let mut byte = [0_u8];
                self.0.read_exact(&mut byte).await.map_err(broke)?;
                bytes.extend_from_slice(&byte);
                let whole = ber::header(&bytes).ok().flatten().map(|(header, length)| header + length);
                if whole == Some(bytes.len()) || bytes.len() > 4096 {
                    return Ok::<Vec<u8>, String>(bytes);
                }
            }
        };
        let bytes = tokio::time::timeout(Duration::from_secs(ANSWER_S), ask).await;
        let bytes = bytes.map_err(|_| format!("{host} did not answer within {ANSWER_S} seconds"))??;
        match message::read(&bytes, ENTRY_MAX) {
            Ok((1, Answer::Ended(Ended { code: 0, .. }))) => Ok(()),
            Ok((_, Answer::Ended(ended))) => Err(format!("{host} does not begin TLS: {}", ended.words)),
            _ => Err(format!("{host} does not answer as an LDAP server does")),
        }
    }
}

async fn encrypt(to: &Ldap, tcp: tokio::net::TcpStream) -> Result<impl Wire + use<>, String> {
    let config = config(to.certificates.as_deref().unwrap_or_default())?;
    let wrong = |_| format!("{} is no name of a server", to.host);
    let name = ServerName::try_from(to.host.clone()).map_err(wrong)?;
    let connect = TlsConnector::from(Arc::new(config)).connect(name, tcp);
    match tokio::time::timeout(Duration::from_secs(ANSWER_S), connect).await {
        Ok(Ok(stream)) => Ok(stream),
        Ok(Err(error)) => Err(format!(
            "no encrypted connection to {}: {error}. A certificate of your own authority is entered under Certificates",
            to.host
        )),
        Err(_) => Err(format!("{} did not answer within {ANSWER_S} seconds", to.host)),
    }
}

fn config(pem: &str) -> Result<ClientConfig, String> {
    let mut roots = RootCertStore::empty();
    for certificate in rustls_native_certs::load_native_certs().certs {
        // One that cannot be read vouches for nobody.
        let _ = roots.add(certificate);
    }
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let wrong = |e: String| format!("one of the certificates cannot be read: {e}");
        let certificate = certificate.map_err(|e| wrong(e.to_string()))?;
        roots.add(certificate).map_err(|e| wrong(e.to_string()))?;
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(|e| e.to_string())?;
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// What a code means, with the server's own words.
fn said(ended: &Ended, about: &str) -> String {
    let meaning = match ended.code {
        3 => "it takes the server too long".into(),
        4 | 11 => "the server answers no more entries than a limit of its own: let this bind DN read all".into(),
        8 | 13 => "the server asks for an encrypted connection: choose LDAPS or StartTLS".into(),
        10 => "the server sends elsewhere (a referral): enter the server that holds this base DN".into(),
        32 => format!("there is no entry {about}, or this bind DN may not see it"),
        34 => format!("{about} is no distinguished name"),
        48 | 49 => "the server refuses the bind DN or its password".into(),
        50 => "this bind DN may not read that".into(),
        51 | 52 => "the server is busy: it is tried again".into(),
        53 => "the server is unwilling".into(),
        code => format!("the server answered with the code {code}"),
    };
    let words: String = ended.words.chars().filter(|c| !c.is_control()).take(200).collect();
    if words.is_empty() { meaning } else { format!("{meaning} ({words})") }
}
