//! Makes an administrator. Access to organizations is given apart ([`super::grant`]).

use muster_base::{Email, Id, Micros, Secret, limits};
use muster_db::{Tx, Work};

use super::{Administrator, store};
use crate::{Directory, Error, FieldError, Result};

/// How long a new administrator's link to set a password may be used, in seconds.
pub const LINK_TTL_S: i64 = 7 * 86_400;
/// The shortest password of an administrator (JumpCloud asks for 12 to 64).
pub const PASSWORD_MIN: usize = 12;

/// What an administrator is made from.
#[derive(Default)]
pub struct Create {
    /// The e-mail as typed.
    pub email: String,
    /// The first name.
    pub firstname: String,
    /// The last name.
    pub lastname: String,
    /// The provider all of whose organizations they reach.
    pub provider_id: Option<Id>,
    /// A password; without one they get a link.
    pub password: Option<Secret>,
}

/// Makes an administrator; answers a link token when no password was given. It is shown or sent once.
///
/// # Errors
/// [`Error::Invalid`] and [`Error::Conflict`] on `email` and `password`.
pub async fn create(directory: &Directory, input: Create) -> Result<(Administrator, Option<Secret>)> {
    let mut problems = Vec::new();
    let email = input.email.parse::<Email>().map_err(|e| problems.push(FieldError::new("email", e.to_string()))).ok();
    for (field, text) in [("firstname", &input.firstname), ("lastname", &input.lastname)] {
        if text.chars().count() > limits::NAME_MAX || text.contains('\0') {
            problems.push(FieldError::new(field, "at most 255 characters"));
        }
    }
    if let Some(password) = &input.password {
        problems.extend(password_problems(password, &input.email));
    }
    Error::unless_empty(problems)?;
    let password_hash = match &input.password {
        Some(password) => Some(directory.hasher().hash(password, &directory.env().rng).await?),
        None => None,
    };
    let now = directory.env().clock.now();
    let administrator = Administrator {
        id: directory.env().id(),
        email: email.map(|e| e.written().to_owned()).unwrap_or_default(),
        firstname: input.firstname,
        lastname: input.lastname,
        provider_id: input.provider_id,
        password_hash,
        suspended: false,
        created_at: now,
        api_key: None,
        derived: None,
    };
    let token = input.password.is_none().then(|| directory.env().secret());
    directory.work(Insert { administrator, token, now }).await
}

struct Insert {
    administrator: Administrator,
    token: Option<Secret>,
    now: Micros,
}

impl Work for Insert {
    type Out = (Administrator, Option<Secret>);
    type Err = Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> Result<Self::Out> {
        store::insert(tx, &self.administrator).await?;
        if let Some(token) = &self.token {
            store::insert_token(tx, self.administrator.id, token, "activate", self.now.plus_s(LINK_TTL_S)).await?;
        }
        Ok((self.administrator.clone(), self.token.clone()))
    }
}

/// What is wrong with an administrator's password.
#[must_use]
pub fn password_problems(password: &Secret, email: &str) -> Vec<FieldError> {
    let text = password.expose();
    let length = text.chars().count();
    let message = if length < PASSWORD_MIN {
        format!("must have at least {PASSWORD_MIN} characters")
    } else if length > limits::PASSWORD_MAX {
        format!("must have at most {} characters", limits::PASSWORD_MAX)
    } else {
        let estimate = crate::password::strength(text, &[email]);
        if estimate.score >= 2 {
            return Vec::new();
        }
        let advice = estimate.advice.unwrap_or_else(|| "use a few unrelated words".into());
        format!("is easy to guess: {}", advice.trim_end_matches('.'))
    };
    vec![FieldError::new("password", message)]
}
