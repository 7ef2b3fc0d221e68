//! Links by mail: activation and password reset. The database holds the token's SHA-256 only.

use muster_base::{Digest, Id, Micros, Secret};
use muster_db::sql;
use serde_json::json;

use super::store;
use crate::change::{Kind, Subject};
use crate::mail::{self, Message};
use crate::{Result, Source, Verb, Write, organization};

/// How long a link may be used, in seconds: activation.
pub const ACTIVATION_TTL_S: i64 = 7 * 86_400;
/// How long a link may be used, in seconds: reset.
pub const RESET_TTL_S: i64 = 3600;
/// How often a stranger can have a link sent to someone, in seconds.
const AGAIN_AFTER_S: i64 = 60;

sql! {
    TOKEN_INSERT = "INSERT INTO user_tokens (digest, org_id, user_id, purpose, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    TOKEN_TAKE = "DELETE FROM user_tokens WHERE org_id = $1 AND digest = $2 AND expires_at > $3 RETURNING user_id, purpose";
    TOKEN_DROP_ALL = "DELETE FROM user_tokens WHERE org_id = $1 AND user_id = $2";
    TOKEN_RECENT = "SELECT count(*) FROM user_tokens WHERE org_id = $1 AND user_id = $2 AND created_at > $3";
    TOKEN_DROP_PURPOSE = "DELETE FROM user_tokens WHERE org_id = $1 AND user_id = $2 AND purpose = $3";
    /// A link carries no organization: the token alone tells it.
    global TOKEN_FIND = "SELECT org_id, user_id, purpose FROM user_tokens WHERE digest = $1 AND expires_at > $2";
}

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The first password of a new person.
    Activate,
    /// A new password instead of a forgotten or expired one.
    Reset,
}

impl Purpose {
    const fn word(self) -> &'static str {
        match self {
            Self::Activate => "activate",
            Self::Reset => "reset",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Activate, Self::Reset].into_iter().find(|p| p.word() == word)
    }

    const fn ttl_s(self) -> i64 {
        match self {
            Self::Activate => ACTIVATION_TTL_S,
            Self::Reset => RESET_TTL_S,
        }
    }
}

/// A valid link.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The organization.
    pub org: Id,
    /// Whose.
    pub user: Id,
    /// What for.
    pub purpose: Purpose,
}

/// Finds a link without using it up, to show the form.
///
/// # Errors
/// The database's.
pub async fn find(s: &mut impl Source, token: &Secret, now: Micros) -> Result<Option<Link>> {
    let row: Option<(Id, Id, String)> = s.first(&TOKEN_FIND, &[token.digest().into(), now.into()]).await?;
    Ok(row.and_then(|(org, user, word)| Some(Link { org, user, purpose: Purpose::from_word(&word)? })))
}

pub(crate) async fn take(w: &mut Write<'_>, digest: &Digest) -> Result<Option<Link>> {
    let (org, now) = (w.org(), w.now());
    let row: Option<(Id, String)> = w.first(&TOKEN_TAKE, &[(&org).into(), (*digest).into(), now.into()]).await?;
    Ok(row.and_then(|(user, word)| Some(Link { org, user, purpose: Purpose::from_word(&word)? })))
}

/// Ends every link of a person; one that is not sent yet is not sent.
pub(crate) async fn drop_all(w: &mut Write<'_>, user: Id) -> Result<()> {
    let org = w.org();
    w.exec(&TOKEN_DROP_ALL, &[(&org).into(), (&user).into()]).await?;
    mail::drop_unsent(w, user).await
}

/// Makes a token; an earlier one of the same purpose stops working, and mail with it that is not sent yet is dropped.
pub(crate) async fn insert(w: &mut Write<'_>, id: Id, purpose: Purpose) -> Result<Secret> {
    let (org, now, token) = (w.org(), w.now(), w.env().secret());
    w.exec(&TOKEN_DROP_PURPOSE, &[(&org).into(), (&id).into(), purpose.word().into()]).await?;
    mail::drop_unsent(w, id).await?;
    let until = now.plus_s(purpose.ttl_s());
    w.exec(
        &TOKEN_INSERT,
        &[token.digest().into(), (&org).into(), (&id).into(), purpose.word().into(), now.into(), until.into()],
    )
    .await?;
    Ok(token)
}

/// Sends a person a link to set their password: the activation's when they have none yet, else a reset's.
pub struct SendLink {
    /// To whom.
    pub id: Id,
    /// Asked for by a stranger at the sign-in page: at most one a minute is sent.
    pub by_anyone: bool,
}

impl Verb for SendLink {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        let user = store::get(w, w.org(), self.id).await?;
        super::set_password::may_choose(w, &user).await?;
        let purpose = if user.password_hash.is_some() { Purpose::Reset } else { Purpose::Activate };
        let (org, since) = (w.org(), w.now().minus_s(AGAIN_AFTER_S));
        let recent: Option<(i64,)> = w.first(&TOKEN_RECENT, &[(&org).into(), (&self.id).into(), since.into()]).await?;
        if self.by_anyone && recent.is_some_and(|(n,)| n > 0) {
            return Ok(());
        }
        let organization = organization::store::get(w, org).await?;
        let token = insert(w, self.id, purpose).await?;
        let message = match purpose {
            Purpose::Activate => {
                let link = w.link(&format!("/activate?token={}", token.expose()));
                Message::activation(&organization, &user, link)
            }
            Purpose::Reset => Message::reset(&organization, &user, w.link(&format!("/reset?token={}", token.expose()))),
        };
        mail::queue(w, self.id, &message).await?;
        w.log(Kind::UserPasswordLink, Subject::user(self.id), json!({"purpose": purpose.word()}));
        Ok(())
    }
}

/// Makes a link for a person who has just given a password that has expired: they go on to choose a new one.
pub struct IssueForExpired {
    /// For whom.
    pub id: Id,
}

impl Verb for IssueForExpired {
    type Out = Secret;

    async fn run(&self, w: &mut Write<'_>) -> Result<Secret> {
        let user = store::get(w, w.org(), self.id).await?;
        super::set_password::may_choose(w, &user).await?;
        let token = insert(w, self.id, Purpose::Reset).await?;
        w.log(Kind::UserPasswordLink, Subject::user(self.id), json!({"purpose": "expired"}));
        Ok(token)
    }
}
