//! A test from the request to the claims that arrive.

use muster_base::Id;
use muster_saml::binding::{Binding, MessageKind};
use muster_saml::key::PublicKey;
use muster_saml::{NameId, NameIdFormat, Status, assertion::class_ref};
use serde_json::json;

use super::answer::{Answer, Recipient};
use super::service_provider::{Claims, Known, ServiceProvider};
use crate::application::saml::{Encryption, Saml, Signing};
use crate::application::saml_metadata::Addresses;
use crate::application::{self, Application, access};
use crate::change::{Kind, Subject};
use crate::saml_message::{self, Content, Exchange, Outcome, Part, Purpose};
use crate::saml_sso::{Arrived, Asked, MAX_AGE_S, Parties, about, fit, groups, judge};
use crate::trace::{Step, Trace};
use crate::user::{self, User};
use crate::{Actor, Directory, Error, FieldError, Result, Verb, Write, flow, saml_key};

/// What an administrator wants to see.
pub struct Test {
    /// Who asks.
    pub actor: Actor,
    /// Who asks, for people.
    pub by: String,
    /// The application.
    pub app: Application,
    /// Our addresses for it.
    pub addresses: Addresses,
    /// For whom.
    pub user: Id,
    /// The kept exchange whose request is replayed; without one the sign-in begins here.
    pub message: Option<Id>,
}

/// Runs a test, logs it with who and for whom, and keeps it among the application's exchanges.
///
/// # Errors
/// [`Error::Missing`] for an application without SAML, or an unknown message; 400 on `userId` and `messageId`; the
/// database's.
pub async fn run(directory: &Directory, test: Test) -> Result<Exchange> {
    let saml = test.app.saml().ok_or(Error::Missing("application"))?;
    let org = test.app.org;
    let (arrived, at_s) = replayed(directory, &test).await?;
    let Some(user) = user::store::by_id(&mut directory.read(), org, test.user).await? else {
        let message = "no person of this organization has this id";
        return Err(Error::Invalid(vec![FieldError::new("userId", message)]));
    };
    directory.write(test.actor.clone(), org, Tested { app: test.app.id, user: user.id, message: test.message }).await?;
    let parts = Part::came(&arrived).into_iter().collect();
    let mut bench = Bench { directory, test: &test, saml: &saml, user: &user, trace: Trace::new(), parts };
    let claims = bench.judged(&arrived, at_s).await?;
    let Bench { trace, parts, .. } = bench;
    let outcome = if claims.is_some() { Outcome::Succeeded } else { Outcome::Refused };
    let failed = trace.iter().find(|step| !step.passed).map(|step| step.saw.clone());
    let summary = match &failed {
        None => format!("Test for {}: the claims arrived", user.display()),
        Some(why) => format!("Test for {}: refused: {why}", user.display()),
    };
    let content = Content {
        purpose: Purpose::Test,
        outcome,
        summary,
        trace,
        parts,
        by: Some(test.by),
        came_at_s: Some(at_s),
        claims,
    };
    let (id, at) = (directory.env().id(), directory.env().clock.now());
    let exchange = Exchange { org, id, app: test.app.id, user: Some(user.id), at, content };
    directory.saml_messages().note(exchange.clone());
    Ok(exchange)
}

/// The request and when it came, in seconds since 1970.
async fn replayed(directory: &Directory, test: &Test) -> Result<(Arrived, i64)> {
    let Some(message) = test.message else { return Ok((Arrived::Unasked, directory.env().clock.now().seconds())) };
    let kept = saml_message::get(directory, test.app.org, test.app.id, message).await?;
    let at_s = kept.content.came_at_s.unwrap_or_else(|| kept.at.seconds());
    let nothing = |why: &str| Err(Error::Invalid(vec![FieldError::new("messageId", why)]));
    match kept.content.parts.first() {
        _ if kept.content.purpose == Purpose::SignOut => nothing("a sign-out is not replayed: choose a sign-in"),
        Some(Part::Came(arrived)) => Ok((arrived.clone(), at_s)),
        Some(Part::TooLong { came: true }) => nothing("the request was too long to be kept"),
        _ => Ok((Arrived::Unasked, at_s)),
    }
}

/// A test under way.
struct Bench<'a> {
    directory: &'a Directory,
    test: &'a Test,
    saml: &'a Saml,
    user: &'a User,
    trace: Trace,
    parts: Vec<Part>,
}

impl Bench<'_> {
    /// Everything up to the claims; `None` where a check failed, which is the last step of the trace then.
    async fn judged(&mut self, arrived: &Arrived, at_s: i64) -> Result<Option<Claims>> {
        let certificates = self.saml.certificates();
        let sp_keys: Vec<PublicKey> = certificates.iter().map(|certificate| certificate.key().clone()).collect();
        let (app, addresses) = (&self.test.app, &self.test.addresses);
        let to = Parties { app, saml: self.saml, sp_keys: &sp_keys, addresses };
        // Its age is that of when it came; it may have waited for a sign-in then.
        let (steps, asked) = judge(&to, arrived, at_s, MAX_AGE_S + flow::FLOW_TTL_S);
        self.trace.extend(steps);
        let Ok(asked) = asked else { return Ok(None) };
        let access = access::load(&mut self.directory.read(), app, self.user).await?;
        self.trace.extend(access.trace);
        if !access.allowed {
            return Ok(None);
        }
        if let Some(status) = asked.request.as_ref().and_then(|request| unfit(self.saml, request)) {
            self.trace.push(Step::new("What it asks for can be given", status.to_string(), false));
            return Ok(None);
        }
        self.answered(&asked).await
    }

    /// Answers to the test's service provider.
    async fn answered(&mut self, asked: &Asked) -> Result<Option<Claims>> {
        let (directory, saml, app) = (self.directory, self.saml, &self.test.app);
        let recipient = match saml.encryption {
            Some(_) => Some(Recipient::generate().await?),
            None => None,
        };
        let sp = ServiceProvider::new(directory.env().id(), recipient.as_ref().map(|one| one.private.clone()));
        let issuer = self.test.addresses.entity_id(saml);
        let Some(name_id) = self.name_id(&sp, &issuer) else { return Ok(None) };
        let groups = groups(&mut directory.read(), app, saml, self.user.id).await?;
        let attributes = about::attributes(saml, self.user, groups);
        let published = saml_key::published(directory, app.org, app.id, saml.signature_algorithm.kind()).await?;
        let active = published.first().ok_or_else(|| Error::Internal("no SAML signing key".into()))?;
        let in_response_to = asked.request.as_ref().map(|request| request.header.id.as_str());
        let answer = Answer {
            env: directory.env(),
            saml,
            issuer: &issuer,
            pair: &active.pair,
            to: &sp,
            recipient: recipient.as_ref(),
            in_response_to,
            name_id,
            attributes: &attributes,
        };
        let written = answer.write()?;
        let note = format!(
            "{}; to the test SP, sent to nobody (the service provider's address is {})",
            saml.protection(),
            asked.acs_url
        );
        let relay_state = asked.relay_state.as_deref();
        let (kind, binding) = (MessageKind::Response, Binding::Post);
        self.parts.push(Part::sent(kind, binding, &sp.acs_url, relay_state, written.shown, note));
        let keys: Vec<PublicKey> = published.iter().map(|key| key.pair.certificate.key().clone()).collect();
        let now_s = directory.env().clock.now().seconds();
        let allow_cbc = saml.encryption.is_some_and(Encryption::is_cbc);
        let allow_sha1 = saml.signature_algorithm == Signing::RsaSha1;
        let known = Known { issuer: &issuer, keys: &keys, in_response_to, now_s, allow_cbc, allow_sha1 };
        Ok(sp.take(&written.signed, &known, &mut self.trace))
    }

    /// The name that the test's service provider is told.
    fn name_id(&mut self, sp: &ServiceProvider, issuer: &str) -> Option<NameId> {
        // Names that say nothing are one for each pair of person and service provider: the test's is its own.
        let opaque = match self.saml.format() {
            NameIdFormat::Transient | NameIdFormat::Persistent => {
                Some(format!("_{}", self.directory.env().secret().expose()))
            }
            _ => None,
        };
        let of_test = Saml { sp_entity_id: sp.entity_id.clone(), ..self.saml.clone() };
        let name_id = about::name_id(&of_test, self.user, issuer, opaque);
        if name_id.is_none() {
            let name = format!("The attribute \"{}\" names the person", self.saml.name_id_attribute);
            let step = Step::new(name, "no value", false);
            self.trace.push(step.with("the person", format!("users/{}", self.user.id)));
        }
        name_id
    }
}

fn unfit(saml: &Saml, request: &muster_saml::authn_request::AuthnRequest) -> Option<Status> {
    fit::unfit(saml, request, class_ref::PASSWORD_PROTECTED_TRANSPORT)
}

/// Puts a test into the change log.
pub struct Tested {
    /// The application.
    pub app: Id,
    /// For whom.
    pub user: Id,
    /// What was replayed.
    pub message: Option<Id>,
}

impl Verb for Tested {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        application::store::get(w, w.org(), self.app).await?;
        user::store::get(w, w.org(), self.user).await?;
        let fields = json!({"user": self.user.text(), "message": self.message.map(|id| id.text())});
        w.log(Kind::ApplicationTest, Subject::application(self.app), fields);
        Ok(())
    }
}
