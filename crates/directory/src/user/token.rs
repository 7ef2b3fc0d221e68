//! Links by mail: activation and password reset. The database holds the token's SHA-256 only.

use muster_base::{Digest, Id, Micros, Secret};
use muster_db::sql;
use serde_json::json;

use super::{State, User, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Source, Verb, Write};

/// How long a link may be used, in seconds: activation.
pub const ACTIVATION_TTL_S: i64 = 7 * 86_400;
/// How long a link may be used, in seconds: reset.
pub const RESET_TTL_S: i64 = 3600;

sql! {
    INSERT = "INSERT INTO user_tokens (digest, org_id, user_id, purpose, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)";
    TAKE = "DELETE FROM user_tokens WHERE org_id = $1 AND digest = $2 AND expires_at > $3 RETURNING user_id, purpose";
    DROP_ALL = "DELETE FROM user_tokens WHERE org_id = $1 AND user_id = $2";
    DROP_PURPOSE = "DELETE FROM user_tokens WHERE org_id = $1 AND user_id = $2 AND purpose = $3";
    /// A link carries no organization: the token alone tells it.
    global FIND = "SELECT org_id, user_id, purpose FROM user_tokens WHERE digest = $1 AND expires_at > $2";
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
    let row: Option<(Id, Id, String)> = s.first(&FIND, &[token.digest().into(), now.into()]).await?;
    Ok(row.and_then(|(org, user, word)| Some(Link { org, user, purpose: Purpose::from_word(&word)? })))
}

pub(crate) async fn take(w: &mut Write<'_>, digest: &Digest) -> Result<Option<Link>> {
    let (org, now) = (w.org(), w.now());
    let row: Option<(Id, String)> = w.first(&TAKE, &[(&org).into(), (*digest).into(), now.into()]).await?;
    Ok(row.and_then(|(user, word)| Some(Link { org, user, purpose: Purpose::from_word(&word)? })))
}

pub(crate) async fn drop_all(w: &mut Write<'_>, user: Id) -> Result<()> {
    let org = w.org();
    w.exec(&DROP_ALL, &[(&org).into(), (&user).into()]).await?;
    Ok(())
}

/// Makes a link for a person who may set a password here; an earlier one of the same purpose stops working.
/// The caller sends the token and never keeps it.
pub struct Issue {
    /// For whom.
    pub id: Id,
    /// What for.
    pub purpose: Purpose,
    /// The token, made by the caller.
    pub token: Secret,
}

impl Verb for Issue {
    type Out = User;

    async fn run(&self, w: &mut Write<'_>) -> Result<User> {
        let user = store::get(w, w.org(), self.id).await?;
        super::set_password::allowed(&user.profile)?;
        if user.state != State::Activated {
            return Err(Error::Denied("activate this person first: only active people may set a password".into()));
        }
        let (org, now) = (w.org(), w.now());
        w.exec(&DROP_PURPOSE, &[(&org).into(), (&self.id).into(), self.purpose.word().into()]).await?;
        let until = now.plus_s(self.purpose.ttl_s());
        w.exec(
            &INSERT,
            &[
                self.token.digest().into(),
                (&org).into(),
                (&self.id).into(),
                self.purpose.word().into(),
                now.into(),
                until.into(),
            ],
        )
        .await?;
        w.log(Kind::UserPasswordLink, Subject::user(self.id), json!({"purpose": self.purpose.word()}));
        Ok(user)
    }
}
