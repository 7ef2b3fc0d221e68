//! Every end of a session reaches every application that got a token in it: once, however often it has to be tried, and
//! whatever happens to the node that tries.

use muster_directory::application::{self, ClientAuthentication, Logout, Oidc, SubjectType, Tokens};
use muster_directory::logout::{State, store};
use muster_directory::session::end::{End, EndAll};
use muster_directory::user::{State as UserState, User};
use muster_directory::{group, key, logout, user};
use muster_jose::{Alg, DecryptionKey, KeyAlg, decrypt, verify};
use muster_oidc::back_channel::{Round, round};
use serde_json::{Map, Value, json};

use crate::harness::{Application, Browser, Rp, Test, oidc};

muster_db::sql! {
    TEST_TURN_OFF = "UPDATE applications SET active = 0 WHERE org_id = $1 AND id = $2";
}

fn told(application: &Application) -> Oidc {
    let logout = Logout { backchannel_logout_uri: Some(application.logout_uri()), ..Logout::default() };
    Oidc { logout, ..oidc() }
}

/// A person who is signed in to an application that wants to be told; the `sid` of the tokens.
async fn signed_in(t: &Test, name: &str) -> (User, Rp, Browser, Application, Value) {
    let application = Application::start().await;
    let ana = t.person(&t.acme, name).await;
    let rp = t.app_for(&t.acme, &ana, told(&application)).await;
    let browser = Browser::new();
    browser.sign_in(t, &t.acme, &ana).await;
    let tokens = rp.tokens(t, &browser, &[]).await;
    let claims = rp.open(t, &tokens["id_token"]).await.claims;
    (ana, rp, browser, application, claims["sid"].clone())
}

async fn deliver(t: &Test) {
    muster_oidc::back_channel::deliver(&t.site).await.unwrap();
}

/// The claims of a logout token, its signature and type checked.
async fn read(t: &Test, rp: &Rp, token: &str) -> Map<String, Value> {
    let keys = key::published(&t.d, rp.org.id).await.unwrap();
    let verified = verify(token, &keys, &Alg::ALL).unwrap();
    assert_eq!(verified.header.typ.as_deref(), Some("logout+jwt"));
    assert_eq!(verified.claims["aud"], rp.id.text());
    assert_eq!(verified.claims["iss"], rp.issuer());
    assert!(verified.claims["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object());
    assert!(!verified.claims.contains_key("nonce"));
    verified.claims
}

async fn states(t: &Test, user: &User) -> Vec<State> {
    let notices = store::of_user(&mut t.d.read(), t.acme.id, user.id).await.unwrap();
    notices.iter().map(logout::Notice::state).collect()
}

/// What ends a session.
#[derive(Clone, Copy, Debug)]
enum Cause {
    Person,
    Administrator,
    AdministratorOne,
    Suspended,
    Removed,
    PasswordSet,
    AnotherPersonInThisBrowser,
    LeftTheGroup,
    GroupRemoved,
    Unbound,
    ApplicationOff,
    ManagerChanged,
    TimePassed,
}

/// Lets a rule decide who is in a group, and tells of nothing yet.
async fn by_rule(t: &Test, group: &group::Group, condition: Value) {
    let input = group::Input {
        method: Some(group::Method::DynamicAutomated),
        member_query: Some(Some(group::read_query(&json!({"filters": [condition]})).unwrap())),
        ..group::Input::default()
    };
    t.write(&t.acme, group::update::Update::of_users(group.id, input)).await;
    deliver(t).await;
}

async fn happens(t: &Test, cause: Cause, (ana, rp, browser, sid): (&User, &Rp, &Browser, &Value)) {
    let name = format!("Readers of {}", rp.id);
    let groups = group::store::of_user(&mut t.d.read(), t.acme.id, ana.id).await.unwrap();
    let readers = groups.into_iter().find(|g| g.name == name).unwrap();
    match cause {
        Cause::Person => {
            let hint = rp.tokens(t, browser, &[]).await["id_token"].as_str().unwrap().to_owned();
            browser.get(t, &format!("{}?id_token_hint={hint}", rp.at("/oauth2/sessions/logout"))).await.page(200);
        }
        Cause::Administrator => t.write(&t.acme, EndAll { user: ana.id }).await,
        Cause::AdministratorOne => {
            let session = sid.as_str().unwrap().parse().unwrap();
            t.write(&t.acme, End { session, principal: Some(ana.id) }).await;
        }
        Cause::Suspended => t.set_state(&t.acme, ana, UserState::Suspended).await,
        Cause::Removed => drop(t.write(&t.acme, user::delete::Delete { id: ana.id, cascade_manager: None }).await),
        Cause::PasswordSet => {
            let proof = user::set_password::Proof::Administrator;
            t.write(&t.acme, user::set_password::SetPassword { id: ana.id, hash: "$argon2id$".into(), proof }).await;
        }
        Cause::AnotherPersonInThisBrowser => {
            let bo = t.person(&t.acme, "bo").await;
            browser.sign_in(t, &t.acme, &bo).await;
        }
        Cause::LeftTheGroup => t.leave(&t.acme, &readers, ana).await,
        Cause::GroupRemoved => drop(t.write(&t.acme, group::delete::Delete::of_users(readers.id)).await),
        Cause::Unbound => {
            let bind = application::bind::Bind { app: rp.id, kind: "user_group", subject: readers.id, add: false };
            t.write(&t.acme, bind).await;
        }
        Cause::ApplicationOff => t.set_active(rp, false).await,
        Cause::ManagerChanged => {
            let boss = t.person(&t.acme, &format!("boss of {}", ana.username).replace(' ', "-")).await;
            let of = |name: &str, value: Value| Map::from_iter([(name.to_owned(), value)]);
            let update = |id, profile| user::update::Update::profile(id, profile);
            t.write(&t.acme, update(boss.id, of("department", json!("Board")))).await;
            t.write(&t.acme, update(ana.id, of("manager", json!(boss.id)))).await;
            by_rule(t, &readers, json!({"field": "manager.department", "operation": "equals", "value": "Board"})).await;
            t.write(&t.acme, update(boss.id, of("department", json!("Staff")))).await;
        }
        Cause::TimePassed => {
            by_rule(t, &readers, json!({"field": "created", "operation": "within_last", "value": "2 minutes"})).await;
            t.later(121);
            group::due::take_up(&t.d).await.unwrap();
        }
    }
}

both! {
    async fn whatever_ends_it_the_application_hears(t) {
        for (n, cause) in [
            Cause::Person, Cause::Administrator, Cause::AdministratorOne, Cause::Suspended, Cause::Removed,
            Cause::PasswordSet, Cause::AnotherPersonInThisBrowser, Cause::LeftTheGroup, Cause::GroupRemoved,
            Cause::Unbound, Cause::ApplicationOff, Cause::ManagerChanged, Cause::TimePassed,
        ].into_iter().enumerate() {
            let (ana, rp, browser, application, sid) = signed_in(t, &format!("ana{n}")).await;
            // Somebody else's session goes on and is not told of.
            let (_, _, _, other, _) = signed_in(t, &format!("cy{n}")).await;
            deliver(t).await;
            assert!(application.got().is_empty(), "{cause:?} has not happened yet");
            happens(t, cause, (&ana, &rp, &browser, &sid)).await;
            deliver(t).await;
            let got = application.got();
            assert_eq!(got.len(), 1, "{cause:?}");
            let claims = read(t, &rp, &got[0]).await;
            assert_eq!((&claims["sub"], &claims["sid"]), (&json!(ana.id), &sid), "{cause:?}");
            assert_eq!(states(t, &ana).await, [State::Delivered], "{cause:?}");
            deliver(t).await;
            assert!(application.got().is_empty() && other.got().is_empty(), "{cause:?}: once, and to nobody else");
        }
    }

    async fn every_application_of_the_session_and_no_other(t) {
        let (ana, rp, browser, first, _) = signed_in(t, "ana").await;
        let second = Application::start().await;
        let two = t.app_for(&t.acme, &ana, told(&second)).await;
        two.tokens(t, &browser, &[]).await;
        two.tokens(t, &browser, &[]).await;
        let unused = Application::start().await;
        let three = t.app_for(&t.acme, &ana, told(&unused)).await;
        three.code(t, &browser, &[]).await; // never redeemed: it has nothing
        let elsewhere = Browser::new();
        let session = elsewhere.sign_in(t, &t.acme, &ana).await;
        two.tokens(t, &elsewhere, &[]).await;
        t.write(&t.acme, End { session: session.id, principal: None }).await;
        deliver(t).await;
        assert_eq!((first.got().len(), second.got().len(), unused.got().len()), (0, 1, 0), "one of two sessions");
        t.write(&t.acme, EndAll { user: ana.id }).await;
        deliver(t).await;
        assert_eq!((first.got().len(), second.got().len(), unused.got().len()), (1, 1, 0));
        drop(rp);
    }

    async fn one_that_fails_is_tried_again_ever_later_and_holds_up_nobody(t) {
        let (ana, _, browser, broken, _) = signed_in(t, "ana").await;
        let fine = Application::start().await;
        t.app_for(&t.acme, &ana, told(&fine)).await.tokens(t, &browser, &[]).await;
        broken.answers(503);
        t.write(&t.acme, EndAll { user: ana.id }).await;
        deliver(t).await;
        assert_eq!(fine.got().len(), 1);
        let mut now: Vec<State> = states(t, &ana).await;
        now.sort_by_key(|state| format!("{state:?}"));
        assert_eq!(now, [State::Delivered, State::Retrying]);
        for (wait_s, asked) in [(4, 1), (1, 2), (9, 2), (1, 3), (19, 3), (1, 4)] {
            t.later(wait_s);
            deliver(t).await;
            assert_eq!(broken.asked(), asked);
        }
        broken.answers(200);
        t.later(40);
        deliver(t).await;
        assert_eq!(broken.got().len(), 1);
        assert_eq!(states(t, &ana).await, [State::Delivered, State::Delivered]);
        // The person's activity tells of the first failure and of the end, not of every attempt.
        let told: Vec<(bool, bool)> = t.events(&t.acme, &ana).await.iter()
            .filter(|e| e.kind == "sso_logout").map(|e| (e.detail.success, e.detail.summary.contains("503"))).collect();
        // The two of the first round are of the same moment.
        assert_eq!((told.len(), told[0]), (3, (true, false)));
        assert_eq!(told.iter().filter(|one| **one == (false, true)).count(), 1);
    }

    /// However many wait for it: an application that is down is asked once in a while, not once for each of them.
    async fn one_that_is_down_is_left_alone(t) {
        let broken = Application::start().await;
        broken.answers(500);
        let ana = t.person(&t.acme, "ana").await;
        let rp = t.app_for(&t.acme, &ana, told(&broken)).await;
        let readers = t.group(&t.acme, "More", &[]).await;
        t.bind(&t.acme, &rp, &readers).await;
        for _ in 0..12 {
            let browser = Browser::new();
            browser.sign_in(t, &t.acme, &ana).await;
            rp.tokens(t, &browser, &[]).await;
        }
        t.write(&t.acme, EndAll { user: ana.id }).await;
        for _ in 0..5 {
            deliver(t).await;
        }
        assert_eq!(broken.asked(), 1);
        t.later(5);
        for _ in 0..5 {
            deliver(t).await;
        }
        assert_eq!(broken.asked(), 2);
        broken.answers(200);
        t.later(3600);
        deliver(t).await;
        deliver(t).await;
        let mut sids = Vec::new();
        for token in broken.got() {
            sids.push(read(t, &rp, &token).await["sid"].as_str().unwrap().to_owned());
        }
        sids.sort();
        sids.dedup();
        assert_eq!(sids.len(), 12);
    }

    async fn one_that_hangs_delays_nobody(t) {
        let (ana, _, browser, hanging, _) = signed_in(t, "ana").await;
        let fine = Application::start().await;
        t.app_for(&t.acme, &ana, told(&fine)).await.tokens(t, &browser, &[]).await;
        hanging.hangs();
        t.write(&t.acme, EndAll { user: ana.id }).await;
        let mut going_on = Round::new();
        round(&t.site, &mut going_on).await.unwrap();
        going_on.join_next().await.unwrap().unwrap();
        assert_eq!((fine.got().len(), going_on.len()), (1, 1));
        // Nor does it hold up the next round.
        let other = Browser::new();
        let session = other.sign_in(t, &t.acme, &ana).await;
        let two = Application::start().await;
        t.app_for(&t.acme, &ana, told(&two)).await.tokens(t, &other, &[]).await;
        t.write(&t.acme, End { session: session.id, principal: None }).await;
        round(&t.site, &mut going_on).await.unwrap();
        going_on.join_next().await.unwrap().unwrap();
        assert_eq!((two.got().len(), going_on.len()), (1, 1));
        going_on.abort_all();
    }

    async fn one_that_never_answers_is_given_up_after_a_day(t) {
        let (ana, _, _, broken, _) = signed_in(t, "ana").await;
        broken.answers(400);
        t.write(&t.acme, EndAll { user: ana.id }).await;
        for _ in 0..40 {
            deliver(t).await;
            t.later(3600);
        }
        let tried = broken.asked();
        assert!((20..40).contains(&tried), "{tried}");
        assert_eq!(states(t, &ana).await, [State::Failed]);
        broken.answers(200);
        t.later(86_400);
        deliver(t).await;
        assert!(broken.got().is_empty(), "given up");
    }

    /// kill -9 in the middle: what was claimed is due again when the lease is over, and what was not collected is still
    /// marked.
    async fn nothing_is_lost_when_the_node_dies(t) {
        let (ana, _, _, application, _) = signed_in(t, "ana").await;
        t.write(&t.acme, EndAll { user: ana.id }).await;
        // Nobody collected it: the mark is in the database with the change itself.
        assert_eq!(logout::collect::collect(&t.d).await.unwrap(), 1);
        assert_eq!(logout::collect::collect(&t.d).await.unwrap(), 0);
        // Somebody claimed it and died.
        assert_eq!(logout::deliver::claim(&t.d).await.unwrap().len(), 1);
        deliver(t).await;
        assert_eq!(application.asked(), 0, "somebody else may be at it");
        t.later(logout::model::LEASE_S);
        deliver(t).await;
        assert_eq!(application.got().len(), 1);
        // Whoever was slow finds it done.
        let again = logout::deliver::claim(&t.d).await.unwrap();
        assert!(again.is_empty());
    }

    async fn of_several_nodes_one_delivers(t) {
        let (ana, _, _, application, _) = signed_in(t, "ana").await;
        t.write(&t.acme, EndAll { user: ana.id }).await;
        let (a, b, c) = tokio::join!(deliver(t), deliver(t), deliver(t));
        let ((), (), ()) = (a, b, c);
        assert_eq!(application.got().len(), 1);
    }

    async fn a_session_that_ran_out_is_found_by_the_sweep(t) {
        let (ana, _, _, application, _) = signed_in(t, "ana").await;
        assert_eq!(logout::collect::sweep(&t.d).await.unwrap(), 0);
        t.later(31 * 86_400);
        muster_directory::session::store::prune(&t.d).await.unwrap();
        assert_eq!(logout::collect::sweep(&t.d).await.unwrap(), 1);
        deliver(t).await;
        assert_eq!(application.got().len(), 1);
        assert_eq!(states(t, &ana).await, [State::Delivered]);
    }

    /// Another application of the session was given a token while its access was taken away: nobody marked it.
    async fn what_the_log_cannot_tell_is_found_by_the_daily_sweep(t) {
        let (ana, rp, browser, application, _) = signed_in(t, "ana").await;
        t.set_active(&rp, false).await;
        deliver(t).await;
        assert_eq!(application.got().len(), 1);
        t.set_active(&rp, true).await;
        rp.tokens(t, &browser, &[]).await;
        t.d.db().exec(&TEST_TURN_OFF, &[(&t.acme.id).into(), (&rp.id).into()]).await.unwrap();
        deliver(t).await;
        assert!(application.got().is_empty());
        assert_eq!(logout::collect::sweep_access(&t.d).await.unwrap(), 1);
        assert_eq!(logout::collect::sweep_access(&t.d).await.unwrap(), 0);
        deliver(t).await;
        assert_eq!(application.got().len(), 1);
        drop(ana);
    }

    async fn losing_access_is_told_and_regaining_it_counts_anew(t) {
        let (ana, rp, browser, application, _) = signed_in(t, "ana").await;
        let more = t.group(&t.acme, "More", &[&ana]).await;
        t.bind(&t.acme, &rp, &more).await;
        t.leave(&t.acme, &more, &ana).await;
        deliver(t).await;
        assert!(application.got().is_empty(), "another group still gives access");
        t.set_active(&rp, false).await;
        deliver(t).await;
        assert_eq!(application.got().len(), 1);
        t.set_active(&rp, true).await;
        rp.tokens(t, &browser, &[]).await;
        t.write(&t.acme, EndAll { user: ana.id }).await;
        deliver(t).await;
        assert_eq!(application.got().len(), 1);
    }

    async fn the_token_is_encrypted_and_pairwise_like_the_id_token(t) {
        let application = Application::start().await;
        let own = DecryptionKey::generate(KeyAlg::EcdhEs).unwrap();
        let ana = t.person(&t.acme, "ana").await;
        let mut settings = told(&application);
        settings.tokens = Tokens {
            subject_type: SubjectType::Pairwise,
            id_token_encrypted_response_alg: Some(application::KeyEncryption::EcdhEsA256kw),
            ..Tokens::default()
        };
        settings.authentication.jwks = serde_json::from_value(json!({"keys": [own.public_jwk()]})).unwrap();
        let rp = t.app_for(&t.acme, &ana, settings).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        let tokens = rp.tokens(t, &browser, &[]).await;
        let open = |token: &str| {
            let read = decrypt(token, std::slice::from_ref(&own)).unwrap();
            assert_eq!(read.cty.as_deref(), Some("JWT"));
            json!(String::from_utf8(read.plain).unwrap())
        };
        let id_token = rp.open(t, &open(tokens["id_token"].as_str().unwrap())).await.claims;
        t.write(&t.acme, EndAll { user: ana.id }).await;
        deliver(t).await;
        let logout_token = rp.open(t, &open(&application.got()[0])).await.claims;
        assert_eq!(logout_token["sub"], id_token["sub"]);
        assert_ne!(logout_token["sub"], json!(ana.id));
    }

    async fn ssrf_the_guard_stands_before_the_logout_address(t) {
        let ana = t.person(&t.acme, "ana").await;
        let logout = Logout { backchannel_logout_uri: Some("http://169.254.169.254/latest".into()), ..Logout::default() };
        let rp = t.app_for(&t.acme, &ana, Oidc { logout, ..oidc() }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.acme, &ana).await;
        rp.tokens(t, &browser, &[]).await;
        t.write(&t.acme, EndAll { user: ana.id }).await;
        deliver(t).await;
        let notices = store::of_user(&mut t.d.read(), t.acme.id, ana.id).await.unwrap();
        assert!(notices[0].error.as_deref().unwrap().contains("may not be reached"), "{notices:?}");
    }

    async fn a_logout_token_is_no_id_token(t) {
        let (ana, rp, browser, application, _) = signed_in(t, "ana").await;
        let other = Browser::new();
        let session = other.sign_in(t, &t.acme, &ana).await;
        rp.tokens(t, &other, &[]).await;
        t.write(&t.acme, End { session: session.id, principal: None }).await;
        deliver(t).await;
        let token = application.got().remove(0);
        // As a hint it is unreadable: the person is asked.
        let page = browser.get(t, &format!("{}?id_token_hint={token}", rp.at("/oauth2/sessions/logout"))).await;
        assert!(page.page(200).contains("Sign out of Acme?"));
        assert_eq!(rp.userinfo(t, &token).await.error().0, 401);
    }

    async fn tenant_isolation_notices_stay_in_their_organization(t) {
        let (ana, _, _, application, _) = signed_in(t, "ana").await;
        let bea = t.person(&t.blue, "bea").await;
        let blue = Application::start().await;
        let rp = t.app_for(&t.blue, &bea, Oidc { token_endpoint_auth_method: ClientAuthentication::default(), ..told(&blue) }).await;
        let browser = Browser::new();
        browser.sign_in(t, &t.blue, &bea).await;
        rp.tokens(t, &browser, &[]).await;
        t.write(&t.acme, EndAll { user: ana.id }).await;
        deliver(t).await;
        assert_eq!((application.got().len(), blue.got().len()), (1, 0));
        assert!(store::of_user(&mut t.d.read(), t.blue.id, ana.id).await.unwrap().is_empty());
    }
}
