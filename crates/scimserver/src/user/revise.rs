//! A change of a person by PUT or PATCH: worked out from how they are, in the transaction that does it. So nothing is read twice,
//! and nobody can have changed them meanwhile. What would take long there (a password is hashed, a large resource is read) is
//! worked out before, from a version that the change then asks for.

use std::sync::Arc;

use muster_base::Id;
use muster_directory::directory_provider::DirectoryProvider;
use muster_directory::fed_user::push::{Push, Shown, feeding};
use muster_directory::fed_user::{Fed, Feed, store};
use muster_directory::{Error as DirectoryError, Source, Verb, Write, fed_group};
use muster_scim::server::{self, Projection};
use muster_scim::{Error, Resource};
use serde_json::Value;

use super::show::Group;
use super::{feed, get, password, show};
use crate::answer::{Answer, from_directory, missing};
use crate::schema::{self, member};
use crate::service::{ATTEMPTS, Service};

/// The largest request and the largest resource that are worked out while the database is held, in bytes: some tens of
/// microseconds.
const WITHIN_BYTES_MAX: usize = 8 * 1024;
/// What may be gone through meanwhile, in bytes ([`Revision::work_bytes`]): well below a millisecond.
const WITHIN_WORK_BYTES_MAX: usize = 1024 * 1024;

/// What a request says of whether the person is active.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Active {
    Is(bool),
    /// Nothing.
    Unsaid,
    /// That it says nothing of it any more.
    TakenAway,
}

/// What a request makes of a resource. Pure.
pub(super) trait Revision: Send + Sync + 'static {
    /// The resource as it is to be, and what the request says of whether the person is active.
    ///
    /// # Errors
    /// Those of the protocol.
    fn next(&self, current: &Resource) -> Result<(Resource, Active), Error>;

    /// How much is gone through at most where the resource and the request have so many bytes.
    fn work_bytes(current: usize, request: usize) -> usize;
}

/// A request for a change.
pub(super) struct Asked<'a, R> {
    /// Whom.
    pub id: &'a str,
    /// What it makes of them.
    pub revision: R,
    /// The size of its body, in bytes.
    pub bytes: usize,
    /// `If-Match`.
    pub if_match: Option<&'a str>,
    /// What is to be told.
    pub projection: Projection,
}

/// Changes what the directory says of a person.
///
/// # Errors
/// 404, 412, `uniqueness`, `mutability`, `invalidValue`, and those of the revision.
pub(super) async fn revise<R: Revision>(s: &Service, asked: Asked<'_, R>) -> Result<Answer, Error> {
    let id = asked.id.parse().map_err(|_| missing())?;
    let revision = Arc::new(asked.revision);
    if asked.bytes <= WITHIN_BYTES_MAX {
        let within = Within {
            by: s.both(),
            id,
            revision: Arc::clone(&revision),
            bytes: asked.bytes,
            if_match: asked.if_match.map(str::to_owned),
            wants_groups: asked.projection.wants("groups", &schema::user([])),
            shown: s.shown(),
        };
        if let Some((fed, groups)) = s.write(within).await.map_err(from_directory)?? {
            return Ok(show::changed(s, &fed, &groups, &asked.projection));
        }
    }
    if s.shown().is_some() {
        // A password is compared, and much is read, for those alone whose token holds.
        return Err(from_directory(DirectoryError::Stale));
    }
    for attempt in 1.. {
        let before = get::find(s, asked.id).await?;
        let next = work_out(&before, &*revision, asked.if_match)?;
        let mut feed = next.feed(&mut s.directory().read(), s.both()).await?;
        feed.password_hash = password::hash(s, &next.resource, Some(&before.user), &feed).await?;
        let push = Push { id: Some(id), expected: Some(before.version), ..Push::new(s.provider(), feed) };
        match s.write(push).await {
            Err(DirectoryError::Stale) if asked.if_match.is_none() && attempt < ATTEMPTS => {}
            other => return show::answer(s, &other.map_err(from_directory)?, 200, &asked.projection).await,
        }
    }
    Err(Error::status(503, "too many changes of this at once: try again"))
}

/// What a person's resource is to be.
struct Next {
    resource: Resource,
    /// Whether they may come in; `None`: as they may now.
    active: Option<bool>,
    /// What the directory itself said of that last.
    word: Option<Value>,
    /// The addresses stay those that they are.
    same_emails: bool,
}

fn work_out(before: &Fed, revision: &impl Revision, if_match: Option<&str>) -> Result<Next, Error> {
    let (mut current, last) = show::with_last_word(before);
    if if_match.is_some() {
        server::check_if_match(if_match, &show::version(before, &current))?;
    }
    if let Some(word @ Value::Bool(_)) = &last {
        // What it says anew is told by what it said itself, whatever was made of the person here since.
        current.0.insert("active".into(), word.clone());
    }
    let (resource, said) = revision.next(&current)?;
    let same_emails = member(&resource.0, "emails") == member(&current.0, "emails");
    let active = match said {
        // An administrator suspended them, while the directory let them in: that holds until it says something else.
        Active::Is(true) if last == Some(Value::Bool(true)) => None,
        Active::Is(active) => Some(active),
        // Nobody is let in by silence.
        Active::Unsaid | Active::TakenAway => None,
    };
    let word = match said {
        Active::Is(active) => Some(Value::Bool(active)),
        Active::Unsaid => last,
        Active::TakenAway => Some(Value::Null),
    };
    Ok(Next { resource, active, word, same_emails })
}

impl Next {
    async fn feed(&self, source: &mut impl Source, by: (Id, Id)) -> Result<Feed, Error> {
        let feed = feed::feed(source, by, &self.resource, (self.active, self.word.as_ref())).await?;
        let emails = feed.emails.filter(|_| !self.same_emails);
        Ok(Feed { emails, ..feed })
    }
}

/// The change within one transaction.
struct Within<R> {
    /// The organization and the directory provider.
    by: (Id, Id),
    id: Id,
    revision: Arc<R>,
    bytes: usize,
    if_match: Option<String>,
    wants_groups: bool,
    shown: Option<Shown>,
}

/// The person as they are then, with their groups; `None` where it has to be worked out before.
type Revised = Option<(Fed, Vec<Group>)>;

impl<R: Revision> Verb for Within<R> {
    type Out = Result<Revised, Error>;

    async fn run(&self, w: &mut Write<'_>) -> Result<Self::Out, DirectoryError> {
        let provider = feeding(w, self.by.1, self.shown.as_ref()).await?;
        let before = store::get(w, self.by.0, self.by.1, self.id).await?;
        let (there, asked) = (before.doc.len(), self.bytes);
        if there > WITHIN_BYTES_MAX || R::work_bytes(there, asked) > WITHIN_WORK_BYTES_MAX {
            return Ok(Ok(None));
        }
        let feed = match self.feed(w, &provider, &before).await {
            Ok(Some(feed)) => feed,
            Ok(None) => return Ok(Ok(None)),
            Err(refused) => return Ok(Err(refused)),
        };
        let fed = Push::new(provider.id, feed).change(w, &provider, before).await?;
        Ok(Ok(Some((fed, Vec::new()))))
    }

    async fn complete(&self, w: &mut Write<'_>, mut out: Self::Out) -> Result<Self::Out, DirectoryError> {
        if let (true, Ok(Some((_, groups)))) = (self.wants_groups, &mut out) {
            *groups = fed_group::store::of_each(w, self.by.0, self.by.1, &[self.id]).await?;
        }
        Ok(out)
    }
}

impl<R: Revision> Within<R> {
    /// `None`: a password is to be hashed.
    async fn feed(&self, w: &mut Write<'_>, provider: &DirectoryProvider, before: &Fed) -> Result<Option<Feed>, Error> {
        let next = work_out(before, &*self.revision, self.if_match.as_deref())?;
        if provider.doc.passwords && password::said(&next.resource).is_some() {
            return Ok(None);
        }
        next.feed(w, self.by).await.map(Some)
    }
}
