//! Tenant isolation: what one organization has is not there for another, whatever verb or read asks. Each question is
//! asked with the right organization too: a test that only sees refusals proves nothing.

use muster_base::{Id, Secret};
use muster_directory::application::logo::SetLogo;
use muster_directory::application::{self, secret};
use muster_directory::consent::{self, Allowed};
use muster_directory::group::{self, ExemptionMode, Input};
use muster_directory::identity_provider::link;
use muster_directory::provision::{self, ObjectKind, state};
use muster_directory::routing::{self, Target};
use muster_directory::saml_source::{Answered, Decide, Forget, Offer, Refresh, Take};
use muster_directory::saml_test::Tested;
use muster_directory::service_account::{self, Role};
use muster_directory::session::{Kind, end};
use muster_directory::user::{self, State, lockout, set_password, token};
use muster_directory::{administrator, change, event, identity_provider, key, organization, registration, session};
use muster_directory::{device, directory_provider, fed_group, fed_user, listing, saml_key};
use muster_saml::key::KeyKind;
use serde_json::json;

use crate::harness::{HASH, Org, Test, attributes, is_missing};
use crate::identity_provider::link::identity;
use crate::nameless::NAMELESS;

/// What Acme has.
struct World {
    ana: Id,
    fed: Id,
    boss: Id,
    colleague: Id,
    group: Id,
    rule: Id,
    reviewed: Id,
    app: Id,
    saml_app: Id,
    saml_key: Id,
    pair: saml_key::Pair,
    secret: Id,
    idp: Id,
    policy: Id,
    consent: Id,
    session: Id,
    browser: Id,
    account: Id,
    account_secret: Id,
    registered: Id,
    registration_token: Id,
    device: Id,
    feeds: Feeds,
}

/// A directory that feeds Acme.
#[derive(Clone, Copy)]
struct Feeds {
    provider: Id,
    token: Id,
    user: Id,
    group: Id,
}

fn feed() -> fed_user::Feed {
    let external_id = Some("e1".to_owned());
    fed_user::Feed {
        external_id,
        username: "pushed".into(),
        active: Some(true),
        doc: "{}".into(),
        ..fed_user::Feed::default()
    }
}

fn push_group(provider: Id, id: Option<Id>) -> fed_group::push::Push {
    let name = Some("Pushed".to_owned());
    fed_group::push::Push {
        provider,
        id,
        name,
        external_id: Some(Some("g1".into())),
        address: None,
        members: Vec::new(),
        expected: None,
    }
}

async fn feeds(t: &Test) -> Feeds {
    let (provider, token) = (t.d.env().id(), t.d.env().id());
    let kind = directory_provider::ProviderType::Generic;
    t.write(t.acme, directory_provider::create::Create { id: provider, name: "HR".into(), kind }).await.unwrap();
    let secret = Secret::new("the token of HR");
    t.write(t.acme, directory_provider::token::Add { provider, id: token, secret, overlap_s: 0 }).await.unwrap();
    let push = fed_user::push::Push::new(provider, feed());
    let user = t.write(t.acme, push).await.unwrap().user.id;
    let group = t.write(t.acme, push_group(provider, None)).await.unwrap().id;
    Feeds { provider, token, user, group }
}

/// The token by which Acme's registered client manages itself.
const OWN_TOKEN: [u8; 32] = [7; 32];

/// A service account with a secret, a client that registered itself, and a token for the next one.
async fn programs(t: &Test) -> (Id, Id, Id, Id) {
    let create = service_account::create::Create { id: t.d.env().id(), name: "Robot".into(), role: Role::ReadOnly };
    let account = t.write(t.acme, create).await.unwrap().id;
    let add = service_account::secret::Add { account, secret: t.d.env().secret(), days: 9 };
    let secret = t.write(t.acme, add).await.unwrap().id;
    let settings = attributes(json!({"clientRegistration": {"mode": "open"}}));
    t.write(t.acme, organization::update::Update { name: None, settings }).await.unwrap();
    let register = registration::client::Register {
        name: "Own".into(),
        oidc: registered_oidc(),
        secret: t.d.env().secret(),
        access_token: OWN_TOKEN,
        initial_token: None,
    };
    let registered = t.write(t.acme, register).await.unwrap().id;
    let token = t.d.env().secret();
    let create = registration::create::Create { token, description: String::new(), uses: 1, ttl_s: 3600 };
    (account, secret, registered, t.write(t.acme, create).await.unwrap().id)
}

/// A device with its owner, who is bound to it.
async fn device(t: &Test, owner: Id) -> Id {
    let device = t.device(t.acme, json!({"displayName": "Desk", "serialNumber": "S1"})).await.id;
    t.write(t.acme, device::bind::SetOwner { device, owner: Some(owner) }).await.unwrap();
    let edge = device::bind::Edge::Add(device::Sudo::default());
    t.write(t.acme, device::bind::Bind { device, user: owner, edge }).await.unwrap();
    device
}

fn saml_settings() -> application::saml::Saml {
    let acs = application::saml::Acs { url: "https://a.example/acs".into(), index: 0, is_default: true };
    application::saml::Saml { sp_entity_id: "urn:sp".into(), acs: vec![acs], ..application::saml::Saml::default() }
}

const SP_METADATA: &str = "https://sp.example/metadata";

/// What a service provider's metadata says.
fn offer(entity: &str) -> Offer {
    let acs = "<AssertionConsumerService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://a.example/acs\" index=\"0\"/>";
    let role = format!(
        "<SPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">{acs}</SPSSODescriptor>"
    );
    let xmlns = "urn:oasis:names:tc:SAML:2.0:metadata";
    let document = format!("<EntityDescriptor xmlns=\"{xmlns}\" entityID=\"{entity}\">{role}</EntityDescriptor>");
    Offer::read(document.as_bytes(), None).unwrap()
}

fn registered_oidc() -> application::Oidc {
    application::Oidc { redirect_uris: vec!["https://a.example/".into()], ..application::Oidc::default() }
}

async fn world(t: &Test) -> World {
    let boss = t.user(t.acme, "boss").await.id;
    let profile = json!({"manager": boss, "attributes": [{"name": "alias", "value": "a1"}]});
    let ana = t.user_with(t.acme, "ana", profile).await.id;
    for _ in 0..2 {
        let set = set_password::SetPassword { id: ana, hash: HASH.into(), proof: set_password::Proof::Administrator };
        t.write(t.acme, set).await.unwrap();
        t.later(1);
    }
    let idp = t.provider(t.acme, "Corp").await.id;
    let fed = t.federated_user(t.acme, "fed").await.id;
    let policy = t.policy(t.acme, "P", idp, &[Target::User(fed)]).await.id;
    let resolve = link::Resolve { idp, identity: identity("s1", "fed@example.test") };
    assert!(t.write(t.acme, resolve).await.unwrap().user.is_some());
    let group = t.static_group(t.acme, "G").await.id;
    t.write(t.acme, group::members::Change::of_user(group, ana, true)).await.unwrap();
    let exemption = group::Exempt { member: ana, mode: ExemptionMode::Out, reason: String::new(), until: None };
    let rule = Input {
        name: Some("R".into()),
        method: Some(group::Method::DynamicAutomated),
        member_query: Some(Some(group::everyone_query())),
        exemptions: Some(vec![exemption]),
        ..Input::default()
    };
    let reviewed = Input {
        name: Some("V".into()),
        method: Some(group::Method::DynamicReviewRequired),
        exemptions: None,
        ..rule.clone()
    };
    let reviewed = t.group(t.acme, reviewed).await.id;
    let rule = t.group(t.acme, rule).await.id;
    let app = t.app(t.acme, "Wiki").await.id;
    let doc = application::Doc { display_label: "Profit".into(), ..application::Doc::default() };
    let create = application::create::Create { name: application::SAML.into(), doc, active: true };
    let saml_app = t.write(t.acme, create).await.unwrap().id;
    let pair = saml_key::generate(&t.d, t.acme.id, KeyKind::P256).await.unwrap();
    let add = saml_key::Add { app: saml_app, pair: pair.clone(), lead_s: 0, overlap_s: 0 };
    t.write(t.acme, add).await.unwrap();
    let saml_key = saml_key::published(&t.d, t.acme.id, saml_app, KeyKind::P256).await.unwrap()[0].row.id;
    let pair = saml_key::generate(&t.d, t.acme.id, KeyKind::P256).await.unwrap();
    t.bind(t.acme, app, "user_group", group).await;
    let secret = t.write(t.acme, secret::Add { app, secret: Secret::new("a secret of the client") }).await.unwrap();
    let png = vec![0x89, b'P', b'N', b'G'];
    t.write(t.acme, SetLogo { app, logo: Some((png, "image/png")) }).await.unwrap();
    let allowed = Allowed { scope: ["openid".to_owned()].into(), ..Allowed::default() };
    let consent = t.write(t.acme, consent::give::Give { user: ana, app, allowed }).await.unwrap().id;
    let started = t.sign_in(t.acme, ana, "192.0.2.0/24").await;
    for _ in 0..lockout::FREE_PER_NETWORK {
        let (subject, prefix) = (ana.text(), "198.51.100.0/24".to_owned());
        t.d.work(lockout::Attempt { org: Some(t.acme.id), subject, prefix, now: t.clock.now() }).await.unwrap();
    }
    let colleague = crate::harness::administrator(&t.d, "colleague@admin.test").await;
    t.write(t.acme, administrator::grant::Grant::to(colleague)).await.unwrap();
    let (session, browser) = (started.session.id, started.session.browser);
    let (account, account_secret, registered, registration_token) = programs(t).await;
    World {
        ana,
        fed,
        boss,
        colleague,
        group,
        rule,
        reviewed,
        app,
        saml_app,
        saml_key,
        pair,
        secret,
        idp,
        policy,
        consent,
        session,
        browser,
        account,
        account_secret,
        registered,
        registration_token,
        device: device(t, ana).await,
        feeds: feeds(t).await,
    }
}

/// Every verb once for the other organization, where it finds nothing, and once for the right one.
macro_rules! verbs {
    ($t:ident, $seen:ident, $($file:literal $name:ident => $verb:expr;)*) => { $(
        $seen.push(concat!($file, " ", stringify!($name)));
        assert!(is_missing($t.write($t.blue, $verb).await), "{} {}", $file, stringify!($name));
        if let Err(error) = $t.write($t.acme, $verb).await {
            panic!("{} {}: {error}", $file, stringify!($name));
        }
    )* };
}

fn lift(w: &World) -> group::update::SetExemption {
    group::update::SetExemption {
        kind: group::GroupKind::User,
        group: w.rule,
        member: w.ana,
        exempt: None,
        confirmed: true,
    }
}

fn decide(w: &World) -> group::suggestion::Decide {
    group::suggestion::Decide {
        kind: group::GroupKind::User,
        group: w.reviewed,
        members: vec![w.ana],
        accept: true,
        confirmed: true,
    }
}

fn copy(w: &World) -> group::copy::Copy {
    let (rule, exclusions, exemptions, nested, members, bindings) = (true, true, true, true, false, true);
    let parts = group::copy::Parts { rule, exclusions, exemptions, nested, members, bindings };
    group::copy::Copy { kind: group::GroupKind::User, id: w.rule, name: "R 2".into(), parts, confirmed: true }
}

/// The same of devices.
async fn verbs_of_devices(t: &Test, seen: &mut Vec<&'static str>, w: &World) {
    verbs! { t, seen,
        "device/update.rs" Update => device::update::Update { id: w.device, settings: attributes(json!({})), owner: None };
        "device/update.rs" Report => device::update::Report { id: w.device, facts: attributes(json!({})), owner: None };
        "device/bind.rs" Bind =>
            device::bind::Bind { device: w.device, user: w.boss, edge: device::bind::Edge::Add(device::Sudo::default()) };
        "device/bind.rs" SetOwner => device::bind::SetOwner { device: w.device, owner: None };
        "device/delete.rs" Delete => device::delete::Delete { id: w.device };
    }
}

/// The same of a directory that feeds, and of what it feeds.
async fn verbs_of_feeds(t: &Test, seen: &mut Vec<&'static str>, World { feeds: w, saml_app, .. }: &World) {
    crate::tenants_import::verbs(t, seen, *saml_app).await;
    verbs! { t, seen,
        "fed_user/push.rs" Push =>
            fed_user::push::Push { id: Some(w.user), ..fed_user::push::Push::new(w.provider, feed()) };
        "fed_group/push.rs" Push => push_group(w.provider, Some(w.group));
        "fed_group/drop_group.rs" DropGroup =>
            fed_group::drop_group::DropGroup { provider: w.provider, id: w.group, expected: None };
        "fed_user/drop_user.rs" DropUser =>
            fed_user::drop_user::DropUser { provider: w.provider, id: w.user, expected: None };
        "directory_provider/token.rs" Add => directory_provider::token::Add {
            provider: w.provider, id: t.d.env().id(), secret: t.d.env().secret(), overlap_s: 9,
        };
        "directory_provider/token.rs" Drop =>
            directory_provider::token::Drop { provider: w.provider, token: w.token };
        "directory_provider/update.rs" Update => directory_provider::update::Update::of(w.provider);
        "directory_provider/delete.rs" Release => directory_provider::delete::Release { id: w.provider };
        "directory_provider/delete.rs" Remove => directory_provider::delete::Remove { id: w.provider };
    }
}

fn leave_alone(w: &World) -> provision::decision::Decide {
    let answer = Some(provision::decision::Answer::Leave);
    provision::decision::Decide { app: w.app, kind: ObjectKind::User, id: w.boss, answer, remote_id: None }
}

fn provisioning(w: &World) -> provision::settings::Set {
    let settings = provision::Settings { base_url: "https://a.example/scim".into(), ..provision::Settings::default() };
    provision::settings::Set { app: w.app, settings, secret: Some(Secret::new("token")), http_allowed: false }
}

both! {
    async fn no_verb_reaches_into_another_organization(t) {
        let w = world(t).await;
        let nothing = || attributes(json!({}));
        let mut seen = NAMELESS.to_vec();
        verbs! { t, seen,
            "user/update.rs" Update => user::update::Update::profile(w.ana, nothing());
            "session/end.rs" End => end::End { session: w.session, principal: None };
            "user/state.rs" SetState => user::state::SetState { id: w.ana, state: State::Activated };
            "user/state.rs" ExpirePassword => user::state::ExpirePassword { id: w.ana };
            "user/token.rs" SendLink => token::SendLink { id: w.ana, by_anyone: false };
            "user/token.rs" IssueForExpired => token::IssueForExpired { id: w.ana };
            "user/lockout.rs" Unlock => lockout::Unlock { id: w.ana };
            "session/end.rs" EndAll => end::EndAll { user: w.ana };
            "user/set_password.rs" SetPassword =>
                set_password::SetPassword { id: w.ana, hash: HASH.into(), proof: set_password::Proof::Administrator };
            "group/update.rs" Update => group::update::Update::of_users(w.group, Input::default());
            "group/update.rs" SetExemption => lift(&w);
            "group/progress.rs" Step => group::progress::Step { group: w.rule, limit: 10 };
            "group/suggestion.rs" Decide => decide(&w);
            "group/copy.rs" Copy => copy(&w);
            "group/members.rs" Change => group::members::Change::of_user(w.group, w.boss, true);
            "application/update.rs" Update => application::update::Update {
                id: w.app, display_label: "Wiki".into(), display_name: String::new(), description: String::new(),
                hidden: false, active: true,
            };
            "application/update.rs" SetOidc => application::update::SetOidc {
                id: w.app, hidden: None,
                oidc: application::Oidc { redirect_uris: vec!["https://a.example/".into()], ..application::Oidc::default() },
            };
            "application/update.rs" SetSaml => application::update::SetSaml { id: w.saml_app, saml: saml_settings() };
            "saml_source/take.rs" Take => Take { app: w.saml_app, offer: offer("urn:sp"), from: Some((SP_METADATA.into(), None)) };
            "saml_source/refresh.rs" Refresh =>
                Refresh { app: w.saml_app, url: SP_METADATA.into(), answer: Answered::Document(offer("urn:another")) };
            "saml_source/decide.rs" Decide => Decide { app: w.saml_app, digest: offer("urn:another").digest(), approve: true };
            "saml_source/decide.rs" Forget => Forget { app: w.saml_app };
            "saml_test/run.rs" Tested => Tested { app: w.saml_app, user: w.ana, message: None };
            "saml_key/own.rs" Add => saml_key::Add { app: w.saml_app, pair: w.pair.clone(), lead_s: 0, overlap_s: 0 };
            "saml_key/own.rs" Remove => saml_key::Remove { app: w.saml_app, key: w.saml_key };
            "application/secret.rs" Add => secret::Add { app: w.app, secret: Secret::new("another one of the client") };
            "application/secret.rs" Drop => secret::Drop { app: w.app, secret: w.secret };
            "application/logo.rs" SetLogo => SetLogo { app: w.app, logo: None };
            "application/bind.rs" Bind => application::bind::Bind { app: w.app, kind: "user", subject: w.boss, add: true };
            "provision/settings.rs" Set => provisioning(&w);
            "provision/state.rs" Change => state::Change { app: w.app, to: state::Move::Activate };
            "provision/state.rs" Again =>
                state::Again { app: w.app, kind: ObjectKind::User, id: w.boss, from_scratch: true };
            "provision/decision.rs" Decide => leave_alone(&w);
            "provision/settings.rs" Remove => provision::settings::Remove { app: w.app };
            "routing/update.rs" Update => routing::update::Update { id: w.policy, input: routing::Input::default() };
            "routing/update.rs" Assign => routing::update::Assign { id: w.policy, target: Target::User(w.boss), add: true };
            "identity_provider/link.rs" Resolve => link::Resolve { idp: w.idp, identity: identity("s1", "fed@example.test") };
            "identity_provider/link.rs" Unlink => link::Unlink { idp: w.idp, user: w.fed };
            "identity_provider/update.rs" Update => identity_provider::update::Update {
                id: w.idp, name: "Corp".into(), doc: just_in_time(), client_secret: None, enabled: true, http_allowed: false,
            };
            "routing/update.rs" Assign => routing::update::Assign { id: w.policy, target: Target::Group(w.rule), add: true };
            "identity_provider/just_in_time.rs" CreateFromIdentity =>
                link::CreateFromIdentity { idp: w.idp, identity: identity("s2", "new@corp.example") };
            "administrator/update.rs" Update =>
                administrator::update::Update { id: w.colleague, firstname: None, lastname: None, suspended: None };
            "administrator/set_role.rs" SetRole =>
                administrator::set_role::SetRole { id: w.colleague, role: administrator::Role::ReadOnly };
            "administrator/grant.rs" Revoke => administrator::grant::Revoke { admin: w.colleague };
            "consent/give.rs" Give => consent::give::Give { user: w.ana, app: w.app, allowed: Allowed::default() };
            "consent/revoke.rs" Revoke => consent::revoke::Revoke { user: w.ana, id: w.consent };
            "routing/delete.rs" Delete => routing::delete::Delete { id: w.policy };
            "identity_provider/delete.rs" Delete => identity_provider::delete::Delete { id: w.idp };
            "service_account/update.rs" Update =>
                service_account::update::Update { id: w.account, name: None, role: None, disabled: Some(true) };
            "service_account/secret.rs" Add =>
                service_account::secret::Add { account: w.account, secret: Secret::new("another one of the robot"), days: 9 };
            "service_account/secret.rs" Drop => service_account::secret::Drop { account: w.account, secret: w.account_secret };
            "service_account/delete.rs" Delete => service_account::delete::Delete { id: w.account };
            "registration/client.rs" Replace => registration::client::Replace {
                app: w.registered, name: "Own".into(), oidc: registered_oidc(), secret: Secret::new("one more of the client"),
            };
            "registration/client.rs" Remove => registration::client::Remove { app: w.registered };
            "registration/delete.rs" Delete => registration::delete::Delete { id: w.registration_token };
            "application/delete.rs" Delete => application::delete::Delete { id: w.app };
            "group/delete.rs" Delete => group::delete::Delete::of_users(w.group);
            "user/delete.rs" Delete => user::delete::Delete { id: w.ana, cascade_manager: None };
        }
        verbs_of_devices(t, &mut seen, &w).await;
        verbs_of_feeds(t, &mut seen, &w).await;
        crate::tenants_migration::verbs(t, &mut seen).await;
        crate::sources::verbs(t, &mut seen).await;
        for verb in verbs_of_the_crate() {
            assert!(seen.contains(&verb.as_str()), "{verb} is not asked for another organization's object");
        }
    }

    async fn no_read_sees_another_organization(t) {
        let w = world(t).await;
        for (name, here, there) in reads(t, &w).await {
            assert!(here > 0, "{name}: the control sees nothing");
            assert_eq!(there, 0, "{name} sees another organization's");
        }
    }
}

fn just_in_time() -> identity_provider::Doc {
    identity_provider::Doc {
        kind: identity_provider::Kind::Oidc,
        url: "https://idp.example.test".into(),
        client_id: "muster".into(),
        saml: None,
        matching: identity_provider::Match::default(),
        jit: identity_provider::Jit { enabled: true, domains: vec!["corp.example".into()] },
        iss_parameter: true,
        options: identity_provider::Options::default(),
    }
}

/// `folder/file.rs Name` of every `impl Verb for Name`.
fn verbs_of_the_crate() -> Vec<String> {
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut out = Vec::new();
    let inside = |path: &std::path::Path| -> Vec<std::path::PathBuf> {
        std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let mut folders: Vec<_> = inside(&src).into_iter().filter(|path| path.is_dir()).collect();
    while let Some(folder) = folders.pop() {
        for file in inside(&folder) {
            if file.is_dir() {
                folders.push(file);
                continue;
            }
            let text = std::fs::read_to_string(&file).unwrap();
            let place = file.strip_prefix(&src).unwrap().display().to_string();
            let names = text.lines().filter_map(|line| line.strip_prefix("impl Verb for ")?.split([' ', '<']).next());
            out.extend(names.map(|name| format!("{place} {name}")));
        }
    }
    assert!(out.len() > 30, "the search for verbs finds too few: {out:?}");
    out
}

/// How much each read finds, asked for Acme and for Blue.
macro_rules! read {
    ($t:ident, $out:ident, $($name:literal => |$s:ident, $org:ident| $read:expr;)*) => { $(
        let ask = async |org: Org| {
            let $org = org.id;
            #[allow(unused_mut, reason = "some reads take the handle itself")]
            let mut $s = $t.d.read();
            usize::try_from($read).unwrap()
        };
        $out.push(($name, ask($t.acme).await, ask($t.blue).await));
    )* };
}

/// The reads of what a directory feeds.
async fn reads_of_feeds(t: &Test, w: Feeds) -> Vec<(&'static str, usize, usize)> {
    let mut out = Vec::new();
    read! { t, out,
        "directory provider" => |s, org| directory_provider::store::get(&mut s, org, w.provider).await.iter().count();
        "directory providers" => |s, org| directory_provider::store::all(&mut s, org).await.unwrap().len();
        "tokens of a directory" => |s, org| directory_provider::store::tokens(&mut s, org, w.provider, t.clock.now()).await.unwrap().len();
        "fed person" => |s, org| fed_user::store::by_id(&mut s, org, w.provider, w.user).await.unwrap().iter().count();
        "fed by external" => |s, org| fed_user::store::by_external(&mut s, org, w.provider, "e1").await.unwrap().len();
        "fed by name" => |s, org| fed_user::store::by_username(&mut s, org, w.provider, "pushed").await.unwrap().len();
        "fed people" => |s, org| fed_user::store::page(&mut s, org, w.provider, "", 9).await.unwrap().len();
        "fed people named" => |s, org| fed_user::store::named(&mut s, org, w.provider, "", (9, 0)).await.unwrap().0.len();
        "fed people counted" => |s, org| usize::try_from(fed_user::store::count(&mut s, org, w.provider).await.unwrap()).unwrap();
        "fed people known" => |s, org| fed_user::store::known(&mut s, org, w.provider, &[w.user]).await.unwrap().len();
        "feeders" => |s, org| fed_user::store::feeders(&mut s, org, w.user).await.unwrap().len();
        "fed group" => |s, org| fed_group::store::get(&mut s, org, w.provider, w.group).await.iter().count();
        "fed groups" => |s, org| fed_group::store::page(&mut s, org, w.provider, "", 9).await.unwrap().len();
        "owner of a group" => |s, org| fed_group::store::owner(&mut s, org, w.group).await.unwrap().iter().count();
    }
    out
}

/// The reads of devices.
async fn reads_of_devices(t: &Test, w: &World) -> Vec<(&'static str, usize, usize)> {
    let mut out = Vec::new();
    read! { t, out,
        "device" => |s, org| device::store::by_id(&mut s, org, w.device).await.unwrap().iter().count();
        "device get" => |s, org| device::store::get(&mut s, org, w.device).await.iter().count();
        "devices by id" => |s, org| device::store::by_ids(&mut s, org, &[w.device]).await.unwrap().len();
        "devices by serial number" => |s, org| device::store::by_serial(&mut s, org, "S1").await.unwrap().len();
        "device page" => |s, org| listing::page::<device::Device>(&mut s, org, "", 9).await.unwrap().len();
        "devices by name" => |s, org| listing::by_name::<device::Device>(&mut s, org, "", 9, 0).await.unwrap().0.len();
        "every device" => |s, org| listing::everyone::<device::Device>(&mut s, org).await.unwrap().len();
        "device search" => |s, org| listing::search::<device::Device>(&mut s, org, "desk", "", 9).await.unwrap().0.len();
        "device search count" => |s, org| listing::search::<device::Device>(&mut s, org, "desk", "", 9).await.unwrap().1;
        "device count" => |s, org| listing::count::<device::Device>(&mut s, org).await.unwrap();
        "devices owned by" => |s, org| device::store::owned_by(&mut s, org, &[w.ana].into()).await.unwrap().len();
        "device owners" => |s, org| device::store::owners(&mut s, org).await.unwrap().len();
        "users of a device" => |s, org| device::store::users_of(&mut s, org, w.device).await.unwrap().len();
        "devices of a user" => |s, org| device::store::devices_of(&mut s, org, w.ana).await.unwrap().len();
    }
    out
}

/// How much each read finds of Acme's world.
async fn reads(t: &Test, w: &World) -> Vec<(&'static str, usize, usize)> {
    let mut out = reads_of_devices(t, w).await;
    out.extend(reads_of_feeds(t, w.feeds).await);
    read! { t, out,
        "user by id" => |s, org| user::store::by_id(&mut s, org, w.ana).await.unwrap().iter().count();
        "user get" => |s, org| user::store::get(&mut s, org, w.ana).await.iter().count();
        "user by e-mail" => |s, org| user::store::by_email(&mut s, org, "ana@example.test").await.unwrap().iter().count();
        "user by user name" => |s, org| user::store::by_username(&mut s, org, "ana").await.unwrap().iter().count();
        "users by id" => |s, org| user::store::by_ids(&mut s, org, &[w.ana]).await.unwrap().len();
        "user page" => |s, org| listing::page::<user::User>(&mut s, org, "", 9).await.unwrap().len();
        "everyone" => |s, org| listing::everyone::<user::User>(&mut s, org).await.unwrap().len();
        "user search" => |s, org| listing::search::<user::User>(&mut s, org, "a", "", 9).await.unwrap().0.len();
        "user search count" => |s, org| listing::search::<user::User>(&mut s, org, "a", "", 9).await.unwrap().1;
        "user count" => |s, org| listing::count::<user::User>(&mut s, org).await.unwrap();
        "by attribute" => |s, org| user::store::by_attribute(&mut s, org, "alias", "a1", 9).await.unwrap().len();
        "attribute names" => |s, org| user::store::attribute_names(&mut s, org).await.unwrap().len();
        "past passwords" => |s, org| user::store::past_passwords(&mut s, org, w.ana, 9).await.unwrap().len();
        "managed by" => |s, org| user::store::managed_by(&mut s, org, w.boss).await.unwrap().len();
        "locked subjects" => |s, org| lockout::locked_subjects(&mut s, org, t.clock.now()).await.unwrap().len();
        "failures" => |s, org| lockout::failures(&mut s, org, w.ana).await.unwrap().0;
        "group" => |s, org| group::store::get(&mut s, org, w.group).await.iter().count();
        "groups" => |s, org| group::store::all(&mut s, org).await.unwrap().iter().filter(|g| g.id == w.group).count();
        "groups of both kinds" => |s, org| group::store::every(&mut s, org).await.unwrap().iter().filter(|g| g.id == w.rule).count();
        "groups of a user" => |s, org| group::store::of_user(&mut s, org, w.ana).await.unwrap().len();
        "members" => |s, org| group::store::members(&mut s, org, w.group).await.unwrap().len();
        "memberships" => |s, org| group::store::memberships_of(&mut s, org, w.ana).await.unwrap().len();
        "member count" => |s, org| group::store::member_count(&mut s, org, w.group).await.unwrap();
        "member counts" => |s, org| group::store::member_counts(&mut s, org).await.unwrap().len();
        "exemptions" => |s, org| group::store::exemptions(&mut s, org, w.rule).await.unwrap().len();
        "exemptions of a user" => |s, org| group::store::exemptions_of(&mut s, org, w.ana).await.unwrap().len();
        "application by id" => |s, org| application::store::by_id(&mut s, org, w.app).await.unwrap().iter().count();
        "application" => |s, org| application::store::get(&mut s, org, w.app).await.iter().count();
        "applications" => |s, org| application::store::all(&mut s, org).await.unwrap().len();
        "logo" => |s, org| application::store::logo(&mut s, org, w.app).await.unwrap().iter().count();
        "secrets" => |s, org| application::store::secrets(&mut s, org, w.app).await.unwrap().len();
        "a secret" => |s, org| usize::from(
            secret::matches(&mut s, org, w.app, &Secret::new("a secret of the client")).await.unwrap());
        "bindings" => |s, org| application::store::bindings(&mut s, org, w.app).await.unwrap().len();
        "bound to" => |s, org| application::store::bound_to(&mut s, org, "user_group", w.group).await.unwrap().len();
        "ways" => |s, org| application::store::ways(&mut s, org, w.app, w.ana).await.unwrap().len();
        "applications of a user" => |s, org| application::store::of_user(&mut s, org, w.ana).await.unwrap().len();
        "users of an application" => |s, org| application::store::users(&mut s, org, w.app).await.unwrap().len();
        "service account" => |s, org| service_account::store::get(&mut s, org, w.account).await.iter().count();
        "service accounts" => |s, org| service_account::store::all(&mut s, org).await.unwrap().len();
        "secrets of an account" => |s, org| service_account::store::secrets(&mut s, org, w.account).await.unwrap().len();
        "registration tokens" => |s, org| registration::store::all(&mut s, org).await.unwrap().len();
        "registered client" => |s, org| usize::from(registration::store::is_of(&mut s, org, w.registered, OWN_TOKEN).await.unwrap());
        "consent" => |s, org| consent::store::of(&mut s, org, w.ana, w.app).await.unwrap().iter().count();
        "consents of a user" => |s, org| consent::store::of_user(&mut s, org, w.ana).await.unwrap().len();
        "provider" => |s, org| identity_provider::store::get(&mut s, org, w.idp).await.iter().count();
        "providers" => |s, org| identity_provider::store::all(&mut s, org).await.unwrap().len();
        "client secret" => |_s, org| identity_provider::store::client_secret(&t.d, org, w.idp).await.unwrap().iter().count();
        "linked" => |s, org| identity_provider::store::linked(&mut s, org, w.idp, "https://idp.example.test", "s1")
            .await.unwrap().iter().count();
        "link of a user" => |s, org| identity_provider::store::link_of(&mut s, org, w.idp, w.fed).await.unwrap().iter().count();
        "policy" => |s, org| routing::store::get(&mut s, org, w.policy).await.iter().count();
        "policies" => |s, org| routing::store::all(&mut s, org).await.unwrap().len();
        "session of a browser" => |s, org| session::store::current(&mut s, w.browser, Some(org), Kind::User)
            .await.unwrap().iter().count();
        "session" => |s, org| session::store::by_id(&mut s, org, w.session).await.unwrap().iter().count();
        "sessions" => |s, org| session::store::of_principal(&mut s, Some(org), Kind::User, w.ana).await.unwrap().len();
        "events of a user" => |s, org| event::store::of_user(&mut s, org, w.ana, "", 9).await.unwrap().len();
        "events" => |s, org| event::store::all(&mut s, org, "", 9).await.unwrap().len();
        "changes" => |s, org| change::store::after(&mut s, org, 0, 999).await.unwrap()
            .iter().filter(|e| e.subject_id == w.ana).count();
        "changes of a subject" => |s, org| change::store::of_subject(&mut s, org, w.ana, i64::MAX, 9).await.unwrap().len();
        "administrators" => |s, org| administrator::store::of_organization(&mut s, org).await.unwrap()
            .iter().filter(|a| a.id == w.colleague).count();
        "is granted" => |s, org| usize::from(administrator::store::is_granted(&mut s, org, w.colleague).await.unwrap());
        "role" => |s, org| administrator::store::role(&mut s, org, w.colleague).await.unwrap().iter().count();
        "reaches" => |s, org| usize::from(administrator::store::reaches(&mut s, w.colleague, org).await.unwrap());
    }
    // A key of one's own is made by asking: what is not seen is the other's.
    let kid = key::signing(&t.d, t.acme.id, application::SigningAlg::EdDsa).await.unwrap().kid().to_owned();
    let listed = async |org| {
        let keys = key::list(&t.d, org).await.unwrap();
        keys.iter().filter(|(row, _)| row.kid == kid).count()
    };
    out.push(("keys", listed(t.acme.id).await, listed(t.blue.id).await));
    out
}
