//! A directory says what it knows of a person: they are made, taken over or changed, by the same verbs as at every other
//! door.

use muster_base::{Digest, Id, Secret};
use serde_json::{Map, Value, json};

use super::lay::{Laid, Ranks};
use super::store::{self, Feeder};
use super::{Fed, Feed};
use crate::change::{Kind, Subject};
use crate::directory_provider::model::Doc;
use crate::directory_provider::{self, DirectoryProvider, Matching};
use crate::user::{self, State, User};
use crate::{Error, Result, Verb, Write};

/// Feeds a person.
pub struct Push {
    /// The directory provider.
    pub provider: Id,
    /// Whom; `None`: one whom it does not feed yet.
    pub id: Option<Id>,
    /// What it says.
    pub feed: Feed,
    /// The version that it was worked out from; another one now is [`Error::Stale`].
    pub expected: Option<i64>,
    /// Whether an administrator decided that whoever has the same company e-mail is taken over, whatever the settings say.
    pub adopts: bool,
    /// The token that was shown, where it is yet to be asked whether it holds.
    pub shown: Option<Shown>,
}

/// A token that held a moment ago, and what its directory provider said of itself then.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The token's digest.
    pub token: Digest,
    /// The directory provider's settings.
    pub doc: Doc,
}

impl Push {
    /// Of one whom it does not feed yet, taken over only where the settings say so.
    #[must_use]
    pub const fn new(provider: Id, feed: Feed) -> Self {
        Self { provider, id: None, feed, expected: None, adopts: false, shown: None }
    }
}

impl Verb for Push {
    type Out = Fed;

    async fn run(&self, w: &mut Write<'_>) -> Result<Fed> {
        let provider = feeding(w, self.provider, self.shown.as_ref()).await?;
        let Some(id) = self.id else { return self.begin(w, &provider).await };
        let before = store::get(w, w.org(), provider.id, id).await?;
        self.change(w, &provider, before).await
    }
}

/// Who feeds, turned on.
///
/// # Errors
/// [`Error::Stale`] where the token that was shown holds no longer, or the settings are others than they were then;
/// [`Error::Denied`] while it is turned off.
pub async fn feeding(w: &mut Write<'_>, provider: Id, shown: Option<&Shown>) -> Result<DirectoryProvider> {
    let provider = match shown {
        None => directory_provider::store::get(w, w.org(), provider).await?,
        Some(shown) => {
            let found = directory_provider::store::of_token(w, provider, shown.token).await?;
            found.filter(|provider| provider.doc == shown.doc).ok_or(Error::Stale)?
        }
    };
    if provider.doc.active { Ok(provider) } else { Err(Error::Denied("this directory provider is turned off".into())) }
}

impl Push {
    /// Changes a person as this very transaction read them; [`feeding`] tells who feeds.
    ///
    /// # Errors
    /// As the verb.
    pub async fn change(&self, w: &mut Write<'_>, provider: &DirectoryProvider, before: Fed) -> Result<Fed> {
        let (id, mut fed) = (before.user.id, before);
        if self.expected.is_some_and(|version| version != fed.version) {
            return Err(Error::Stale);
        }
        let others = others(w, provider, id).await?;
        let logged = w.changes().len();
        let user = self.lay(w, provider, (fed.user, fed.keeps_password), &others).await?;
        fed.user = self.set_password(w, provider, user, &others).await?;
        let told = fed.doc != self.feed.doc || fed.external_id != self.feed.external_id;
        if let Some(emails) = self.feed.emails.as_ref().filter(|_| told) {
            store::set_emails(w, provider.id, id, emails).await?;
        }
        if told || w.changes().len() > logged {
            fed = store::update(w, fed, &self.feed).await?;
        }
        if told && w.changes().len() == logged {
            w.log(Kind::DirectoryProviderFeed, Subject::user(id), Value::Object(self.told(provider)));
        }
        Ok(fed)
    }

    /// Makes the person, or takes over the one who has the e-mail.
    async fn begin(&self, w: &mut Write<'_>, provider: &DirectoryProvider) -> Result<Fed> {
        let Some((user, others)) = self.adoptable(w, provider).await? else {
            let user = self.create(w, provider).await?;
            return store::insert(w, provider.id, user, true, &self.feed).await;
        };
        let user = self.lay(w, provider, (user, false), &others).await?;
        let user = self.set_password(w, provider, user, &others).await?;
        let fed = store::insert(w, provider.id, user, false, &self.feed).await?;
        let mut fields = self.told(provider);
        fields.insert("adopted".into(), json!(true));
        w.log(Kind::DirectoryProviderFeed, Subject::user(fed.user.id), Value::Object(fields));
        Ok(fed)
    }

    /// What the log says of the directory.
    fn told(&self, provider: &DirectoryProvider) -> Map<String, Value> {
        let external_id = ("externalId".to_owned(), json!(self.feed.external_id));
        [("directoryProvider".to_owned(), json!(provider.id)), external_id].into_iter().collect()
    }

    /// The person who is here already and may be taken over.
    async fn adoptable(&self, w: &mut Write<'_>, provider: &DirectoryProvider) -> Result<Option<(User, Vec<Feeder>)>> {
        let Some(email) = &self.feed.email else { return Ok(None) };
        let Some(user) = user::store::by_email(w, w.org(), &email.to_lowercase()).await? else { return Ok(None) };
        let taken = || Error::Conflict("emails: another person of this organization has this e-mail".into());
        let may = self.adopts || provider.doc.matching == Matching::Email;
        if !may || store::by_id(w, w.org(), provider.id, user.id).await?.is_some() {
            return Err(taken());
        }
        let others = others(w, provider, user.id).await?;
        if others.iter().any(|other| other.rank() < provider.rank()) {
            return Err(taken());
        }
        Ok(Some((user, others)))
    }

    async fn create(&self, w: &mut Write<'_>, provider: &DirectoryProvider) -> Result<User> {
        let feed = &self.feed;
        let blank = user::Profile::default();
        let ranks = Ranks { me: provider.rank(), others: &[], passwords: provider.doc.passwords, keeps: false };
        let Laid { mut profile, restrictions, .. } = ranks.lay(&blank, feed);
        profile.insert("creationSource".into(), json!("jumpcloud:scim"));
        let create = user::create::Create {
            username: feed.username.clone(),
            email: address(feed, provider),
            state: Some(if feed.active == Some(false) { State::Suspended } else { State::Activated }),
            profile,
            password_hash: self.hash(provider).map(str::to_owned),
        };
        create.apply(w, self.told(provider), restrictions).await
    }

    /// The password that it says, where its passwords are taken.
    fn hash(&self, provider: &DirectoryProvider) -> Option<&str> {
        self.feed.password_hash.as_ref().filter(|_| provider.doc.passwords).map(Secret::expose)
    }

    /// Sets the password, as by hand: of a person whose first directory this is, and about whose password nobody else decides.
    async fn set_password(
        &self,
        w: &mut Write<'_>,
        provider: &DirectoryProvider,
        user: User,
        others: &[Feeder],
    ) -> Result<User> {
        let Some(hash) = self.hash(provider) else { return Ok(user) };
        if others.iter().any(|other| other.rank() < provider.rank()) || user.authority() != user::Authority::Muster {
            return Ok(user);
        }
        user::set_password::store_new(w, user, hash, None).await
    }

    /// Lays what it says over a person as this transaction read them; answers them as they are then.
    async fn lay(
        &self,
        w: &mut Write<'_>,
        provider: &DirectoryProvider,
        (user, keeps): (User, bool),
        others: &[Feeder],
    ) -> Result<User> {
        let feed = &self.feed;
        let ranks = Ranks { me: provider.rank(), others, passwords: provider.doc.passwords, keeps };
        let laid = ranks.lay(&user.profile, feed);
        let state = match (feed.active, user.state) {
            (Some(true), State::Suspended | State::Staged) => Some(State::Activated),
            (Some(false), State::Activated | State::Staged) => Some(State::Suspended),
            _ => None,
        };
        let email = address(feed, provider);
        let update = user::update::Update {
            id: user.id,
            username: Some(feed.username.clone()).filter(|name| laid.username && *name != user.username),
            email: Some(email).filter(|email| laid.email && *email != user.email),
            state: state.filter(|_| laid.is_first),
            profile: laid.members(),
            password_hash: None,
        };
        let is_change =
            update.username.is_some() || update.email.is_some() || update.state.is_some() || !update.profile.is_empty();
        if is_change { update.apply(w, user, true).await } else { Ok(user) }
    }
}

/// The others that feed a person.
async fn others(w: &mut Write<'_>, provider: &DirectoryProvider, user: Id) -> Result<Vec<Feeder>> {
    let feeders = store::feeders(w, w.org(), user).await?;
    Ok(feeders.into_iter().filter(|feeder| feeder.id != provider.id).collect())
}

/// The person's address; of one without any, one that nobody can own and no mail reaches.
fn address(feed: &Feed, provider: &DirectoryProvider) -> String {
    feed.email.clone().unwrap_or_else(|| {
        let digest = muster_base::digest(feed.username.to_lowercase().as_bytes());
        let name: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        format!("{name}@{}.directory.invalid", provider.id)
    })
}
