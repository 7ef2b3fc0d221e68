//! Whether the browser's session will do for this request, and what to do when not: wait for a sign-in, or say so
//! (OpenID Connect Core 3.1.2.1 to 3.1.2.3). The decision is pure.

use axum::response::IntoResponse;
use muster_base::{Email, Id, Micros};
use muster_directory::application::{Oidc, subject};
use muster_directory::flow::Flow;
use muster_directory::session::Session;
use muster_directory::user::{self, User};
use muster_http::{cookie, me};
use muster_oauth::authorize::Request;
use muster_oauth::{Error, ErrorCode};

use super::target::Target;
use super::waiting::Keep;
use super::{Asked, answer, resume, waiting};
use crate::page::see_other;
use crate::{acr, claims, id_token_hint};
use muster_http::stop::Stop;

/// A person whose session will do.
pub struct SignedIn {
    /// The session.
    pub session: Session,
    /// The person.
    pub user: User,
    /// The request that waited for the sign-in, to be used up.
    pub waited: Option<Flow>,
    /// The person just allowed this very request.
    pub consented: bool,
}

/// Who the application expects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Expected {
    /// Whom the `id_token_hint` names.
    user: Option<Id>,
    /// The `id_token_hint` is none of ours.
    unreadable: bool,
    /// The `login_hint` names somebody else than the session, or the claim `sub` does.
    somebody_else: bool,
    /// The session is not of a class that is essential.
    unmet: bool,
}

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The session will do.
    GoOn,
    /// Sign in; `fresh` if only a sign-in from now on counts.
    SignIn { fresh: bool },
    /// `prompt=none`, and a page would be needed.
    Fail,
}

fn decide(request: &Request, session: Option<(Id, Micros)>, expected: Expected, now: Micros) -> Next {
    let prompt = request.prompt;
    // A choice of accounts here is to sign in as the one chosen.
    let asked_anew = prompt.login || prompt.select_account;
    let Some((principal, auth_at)) = session else {
        let fresh = asked_anew || request.max_age_s.is_some();
        return if prompt.none { Next::Fail } else { Next::SignIn { fresh } };
    };
    let age_s = now.seconds() - auth_at.seconds();
    let too_old = request.max_age_s.is_some_and(|max| max == 0 || age_s > i64::from(max));
    let wrong_person = expected.user.is_some_and(|user| user != principal) || expected.somebody_else;
    match (prompt.none, asked_anew || too_old || wrong_person || expected.unmet) {
        (true, unfit) if unfit || expected.unreadable => Next::Fail,
        (false, true) => Next::SignIn { fresh: true },
        _ => Next::GoOn,
    }
}

/// For a request that just came: the session, if it will do.
pub async fn required(asked: &Asked<'_>, target: &Target, request: &Request) -> Result<SignedIn, Stop> {
    let current = me::current(asked.site, asked.browser_id(), asked.organization).await?;
    let expected = expected(asked, target, request, current.as_ref()).await?;
    let now = asked.site.directory().env().clock.now();
    let session = current.as_ref().map(|(session, _)| (session.principal, session.auth_at));
    match (decide(request, session, expected, now), current) {
        (Next::GoOn, Some((session, user))) => Ok(SignedIn { session, user, waited: None, consented: false }),
        (Next::SignIn { fresh }, _) => Err(wait(asked, target, request, fresh, expected.user).await?),
        (Next::GoOn | Next::Fail, _) => {
            let error = Error::new(ErrorCode::LoginRequired, "the person has to sign in, which prompt=none forbids");
            Err(Stop::with(answer::error(asked, target, request.response_mode, &error).await?))
        }
    }
}

/// For a request that waited: the session that was made meanwhile, or back to the sign-in.
pub async fn done(asked: &Asked<'_>, target: &Target, request: &Request, flow: Flow) -> Result<SignedIn, Stop> {
    let current = me::current(asked.site, asked.browser_id(), asked.organization).await?;
    let current = current.filter(|(session, _)| !flow.fresh || session.auth_at >= flow.created_at);
    let Some((session, user)) = current else {
        return Err(Stop::with(see_other(&asked.path(&format!("/login?flow={}", flow.id)))));
    };
    let hinted = hinted(asked, request).await?;
    let error = if hinted.user.is_some_and(|expected| expected != user.id) {
        Error::new(ErrorCode::LoginRequired, "somebody else signed in than id_token_hint names")
    } else if !is_wanted(asked, target, request, &user).await? {
        Error::new(ErrorCode::LoginRequired, "somebody else signed in than the claim sub names")
    } else if !acr::is_met(request, session.acr()) {
        let why = "the person cannot sign in in the way that the essential claim acr names";
        Error::new(ErrorCode::UnmetAuthenticationRequirements, why)
    } else {
        return Ok(SignedIn { session, user, waited: Some(flow), consented: false });
    };
    waiting::take(asked, &flow).await?;
    Err(Stop::with(answer::error(asked, target, request.response_mode, &error).await?))
}

/// Whether the person is one of those whom the claim `sub` names (OpenID Connect Core 5.5.1).
async fn is_wanted(
    asked: &Asked<'_>,
    target: &Target,
    request: &Request,
    user: &User,
) -> muster_directory::Result<bool> {
    let subjects = request.claims.subjects();
    if subjects.is_empty() {
        return Ok(true);
    }
    // By the name under which this application knows them.
    let (directory, org) = (asked.site.directory(), asked.organization.id);
    let own = subject::of(directory, org, &target.client.oidc, user.id).await?;
    Ok(subjects.contains(&own.as_str()))
}

/// Keeps the request and sends the person to the sign-in page. A browser that has no cookie yet gets one.
async fn wait(
    asked: &Asked<'_>,
    target: &Target,
    request: &Request,
    fresh: bool,
    expected: Option<Id>,
) -> muster_directory::Result<Stop> {
    let directory = asked.site.directory();
    let login_hint = match (&request.login_hint, expected) {
        (Some(hint), _) => Some(hint.clone()),
        (None, Some(id)) => {
            user::store::by_id(&mut directory.read(), asked.organization.id, id).await?.map(|user| user.email)
        }
        (None, None) => None,
    };
    let keep = Keep { login_hint, fresh, session: None, acr_values: acr::wished(request), path: resume::PATH };
    let (flow, secret) = waiting::keep(asked, target, asked.params, keep).await?;
    let set_cookie = cookie::set(asked.site, secret.as_ref());
    Ok(Stop::with((set_cookie, see_other(&asked.path(&format!("/login?flow={}", flow.id)))).into_response()))
}

async fn hinted(asked: &Asked<'_>, request: &Request) -> muster_directory::Result<Expected> {
    let Some(token) = &request.id_token_hint else { return Ok(Expected::default()) };
    let hint = id_token_hint::read(asked.site, asked.organization, token).await?;
    Ok(Expected { user: hint.as_ref().map(|h| h.user), unreadable: hint.is_none(), ..Expected::default() })
}

async fn expected(
    asked: &Asked<'_>,
    target: &Target,
    request: &Request,
    current: Option<&(Session, User)>,
) -> muster_directory::Result<Expected> {
    let mut expected = hinted(asked, request).await?;
    let Some((session, user)) = current else { return Ok(expected) };
    expected.unmet = !acr::is_met(request, session.acr());
    expected.somebody_else = !is_wanted(asked, target, request, user).await?;
    if let Some(hint) = &request.login_hint {
        expected.somebody_else |= is_somebody_else(asked, &target.client.oidc, hint, user).await?;
    }
    Ok(expected)
}

/// Whether a `login_hint` is the e-mail of another person of the organization, the company's or the one that this
/// application knows them by. A hint that names nobody is no reason to ask for a password again.
async fn is_somebody_else(asked: &Asked<'_>, oidc: &Oidc, hint: &str, user: &User) -> muster_directory::Result<bool> {
    let Ok(email) = hint.parse::<Email>() else { return Ok(false) };
    let mapped = oidc.attribute_of("email");
    let same = |own: &str| own.to_lowercase() == email.normal();
    if same(&user.email) || mapped.and_then(|name| claims::attribute(user, name)).is_some_and(|own| same(&own)) {
        return Ok(false);
    }
    let (mut read, org) = (asked.site.directory().read(), asked.organization.id);
    if user::store::by_email(&mut read, org, email.normal()).await?.is_some() {
        return Ok(true);
    }
    let Some(name) = mapped.and_then(claims::custom_name) else { return Ok(false) };
    Ok(!user::store::by_attribute(&mut read, org, name, email.normal(), 1).await?.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_oauth::Params;
    use muster_oauth::authorize::ClientRules;

    const NOW: Micros = Micros(1_000_000_000);

    fn id(n: u8) -> Id {
        format!("{n:024x}").parse().unwrap()
    }

    fn request(extra: &str) -> Request {
        let params = Params::parse(&format!("response_type=code&scope=openid&{extra}")).unwrap();
        let rules = ClientRules { public: false, pkce_required: false, code_allowed: true };
        Request::read(&params, &rules).unwrap()
    }

    fn next(extra: &str, age_s: Option<i64>, expected: Expected) -> Next {
        decide(&request(extra), age_s.map(|s| (id(1), NOW.minus_s(s))), expected, NOW)
    }

    #[test]
    fn prompt_and_max_age() {
        let nobody = Expected::default();
        for (extra, age_s, wanted) in [
            ("", Some(5), Next::GoOn),
            ("", None, Next::SignIn { fresh: false }),
            ("prompt=none", Some(5), Next::GoOn),
            ("prompt=none", None, Next::Fail),
            ("prompt=consent", Some(5), Next::GoOn),
            ("prompt=login", Some(5), Next::SignIn { fresh: true }),
            ("prompt=login", None, Next::SignIn { fresh: true }),
            ("prompt=select_account", Some(5), Next::SignIn { fresh: true }),
            ("max_age=10", Some(10), Next::GoOn),
            ("max_age=10", Some(11), Next::SignIn { fresh: true }),
            ("max_age=10", None, Next::SignIn { fresh: true }),
            ("max_age=0", Some(0), Next::SignIn { fresh: true }),
            ("max_age=10&prompt=none", Some(11), Next::Fail),
        ] {
            assert_eq!(next(extra, age_s, nobody), wanted, "{extra} {age_s:?}");
        }
    }

    #[test]
    fn another_person_than_expected_signs_in_anew() {
        let other = Expected { user: Some(id(2)), ..Expected::default() };
        let same = Expected { user: Some(id(1)), ..Expected::default() };
        let hinted = Expected { somebody_else: true, ..Expected::default() };
        let forged = Expected { unreadable: true, ..Expected::default() };
        assert_eq!(next("", Some(5), other), Next::SignIn { fresh: true });
        assert_eq!(next("prompt=none", Some(5), other), Next::Fail);
        assert_eq!(next("prompt=none", Some(5), same), Next::GoOn);
        assert_eq!(next("", Some(5), hinted), Next::SignIn { fresh: true });
        assert_eq!(next("prompt=none", Some(5), forged), Next::Fail);
        assert_eq!(next("", Some(5), forged), Next::GoOn);
        let unmet = Expected { unmet: true, ..Expected::default() };
        assert_eq!(next("", Some(5), unmet), Next::SignIn { fresh: true });
        assert_eq!(next("prompt=none", Some(5), unmet), Next::Fail);
    }
}
