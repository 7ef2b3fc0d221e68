//! Starts a session after someone showed who they are. In the same transaction: the browser's cookie changes (no session
//! fixation), the counters of failures are taken back, and the event is written.

use muster_base::{Id, Micros, Secret};
use muster_db::{Tx, Work};

use super::end::End;
use super::model::{ADMIN_SESSION_TTL_S, USER_SESSION_TTL_S};
use super::{Kind, Method, Session, Upstream, store};
use crate::event::{self, Event};
use crate::user::lockout;
use crate::{Actor, Directory, Error, Result};

/// The longest user agent that is kept.
const USER_AGENT_MAX: usize = 300;

/// Who signed in, and how.
#[derive(Clone)]
pub struct Start {
    /// The browser; a new one when it has no cookie yet.
    pub browser: Option<Id>,
    /// The organization; none for an administrator.
    pub org: Option<Id>,
    /// Whose session.
    pub kind: Kind,
    /// Who.
    pub principal: Id,
    /// How they showed it.
    pub method: Method,
    /// At which provider.
    pub idp: Option<Id>,
    /// The network, whose counter a right password clears ([`lockout::prefix`]).
    pub prefix: String,
    /// The address.
    pub client_ip: String,
    /// The user agent.
    pub user_agent: String,
    /// The event to write.
    pub event: Event,
}

/// A session that began, and the browser's new cookie.
#[derive(Clone, Debug)]
pub struct Started {
    /// The session.
    pub session: Session,
    /// What the cookie holds from now on.
    pub cookie: Secret,
}

/// Starts the session.
///
/// # Errors
/// [`Error::Denied`] when the principal is not active (any more); the database's.
pub async fn start(directory: &Directory, start: Start) -> Result<Started> {
    start_after(directory, start, Upstream::default()).await
}

/// Starts the session after a sign-in at an identity provider, with what it said.
///
/// # Errors
/// As [`start`].
pub async fn start_after(directory: &Directory, start: Start, upstream: Upstream) -> Result<Started> {
    run(directory, start, upstream, None).await
}

/// Starts an administrator's session under a person's own, with which it ends.
///
/// # Errors
/// As [`start`].
pub async fn start_under(directory: &Directory, start: Start, person: &Session) -> Result<Started> {
    // They showed who they are when they signed in, not now.
    let upstream = Upstream { auth_at: Some(person.auth_at), ..Upstream::default() };
    run(directory, start, upstream, Some(person.id)).await
}

async fn run(directory: &Directory, start: Start, upstream: Upstream, under: Option<Id>) -> Result<Started> {
    end_of_another(directory, &start).await?;
    let env = directory.env();
    let user_agent: String = start.user_agent.chars().filter(|c| !c.is_control()).take(USER_AGENT_MAX).collect();
    let work = Insert {
        start: Start { user_agent, ..start },
        upstream,
        under,
        id: env.id(),
        new_browser: env.id(),
        cookie: env.secret(),
        now: env.clock.now(),
    };
    directory.work(work).await
}

/// A session of someone else behind the same browser ends by a change of its own, so that what must hear of it does.
async fn end_of_another(directory: &Directory, start: &Start) -> Result<()> {
    let (Some(browser), Some(org), Kind::User) = (start.browser, start.org, start.kind) else { return Ok(()) };
    let present = store::current(&mut directory.read(), browser, Some(org), Kind::User).await?;
    let Some(other) = present.filter(|s| s.principal != start.principal) else { return Ok(()) };
    let end = End { session: other.id, principal: Some(other.principal) };
    match directory.write(Actor::user(start.principal, start.event.detail.request_id.clone()), org, end).await {
        Ok(()) | Err(Error::Missing(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

struct Insert {
    start: Start,
    upstream: Upstream,
    under: Option<Id>,
    id: Id,
    new_browser: Id,
    cookie: Secret,
    now: Micros,
}

impl Work for Insert {
    type Out = Started;
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<Started> {
        let (s, now) = (&self.start, self.now);
        if !store::admit(tx, s.org, s.kind, s.principal).await? {
            return Err(Error::Denied("this account is not active".into()));
        }
        let browser = self.browser(tx).await?;
        let ttl = if s.kind == Kind::Admin { ADMIN_SESSION_TTL_S } else { USER_SESSION_TTL_S };
        let mut session = Session {
            org: s.org,
            id: self.id,
            browser,
            principal: s.principal,
            method: s.method,
            idp: s.idp,
            upstream: self.upstream.clone(),
            // Never in the future: a clock there may be ahead.
            auth_at: self.upstream.auth_at.map_or(now, |at| at.min(now)),
            created_at: now,
            last_seen_at: now,
            expires_at: now.plus_s(ttl),
            client_ip: s.client_ip.clone(),
            user_agent: s.user_agent.clone(),
            under: self.under,
        };
        match store::current(tx, browser, s.org, s.kind).await? {
            // The same person showed it again: the session goes on, with what was shown last.
            Some(present) if present.principal == s.principal => {
                session.id = present.id;
                session.created_at = present.created_at;
                store::renew(tx, &session).await?;
            }
            Some(other) => {
                store::delete(tx, s.org, other.id).await?;
                store::insert(tx, &session, s.kind).await?;
            }
            None => store::insert(tx, &session, s.kind).await?,
        }
        let counted = s.method == Method::Password;
        lockout::succeeded(tx, s.org, &s.principal.text(), &s.prefix, now, counted).await?;
        event::store::insert(tx, &s.event).await?;
        Ok(Started { session, cookie: self.cookie.clone() })
    }
}

impl Insert {
    /// The browser, with its new cookie; a new one where there is none (any more).
    async fn browser(&self, tx: &mut Tx) -> Result<Id> {
        let (digest, now) = (self.cookie.digest(), self.now);
        if let Some(id) = self.start.browser
            && store::rotate_browser(tx, id, digest, now).await?
        {
            return Ok(id);
        }
        store::insert_browser(tx, self.new_browser, digest, now).await?;
        store::rotate_browser(tx, self.new_browser, digest, now).await?;
        Ok(self.new_browser)
    }
}
