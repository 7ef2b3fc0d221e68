//! What can be done to a person besides their attributes: passwords, links, lockout, sessions, keys, events.

use muster_base::{Id, Micros};
use muster_db::{Tx, Work};
use muster_directory::user::lockout::{Attempt, FREE_PER_NETWORK};
use serde_json::json;

use crate::harness::ask::{each, id};
use crate::harness::{PASSWORD, Test};

/// An application got a token in a session.
struct Noted {
    org: Id,
    session: Id,
    app: Id,
    user: Id,
}

impl Work for Noted {
    type Out = ();
    type Err = muster_directory::Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> muster_directory::Result<()> {
        muster_directory::logout::note::note(tx, self.org, self.session, self.app, self.user, Micros(0)).await
    }
}

fn of(object: &serde_json::Value) -> Id {
    id(object).parse().unwrap()
}

both! {
    async fn an_administrator_sets_and_expires_a_password(t) {
        let made = t.post("/api/systemusers", json!({"username": "ana", "email": "ana@acme.example"})).ok().await;
        let path = format!("/api/systemusers/{}", id(&made));
        assert_eq!(t.post(&format!("{path}/password"), json!({"password": "short"})).fields().await, ["password"]);
        assert_eq!(t.post(&format!("{path}/password"), json!({})).fields().await, ["password"]);
        t.post(&format!("{path}/password"), json!({"password": PASSWORD})).expect(200).await;
        assert_eq!(t.get(&path).ok().await["passwordStatus"], "Active");
        let cookie = t.signed_in(&id(&made)).await;
        t.ask("POST", &format!("{path}/expire")).key(&t.acme.key).expect(200).await;
        assert_eq!(t.get(&path).ok().await["passwordStatus"], "Expired");
        assert_eq!(t.get("/api/systemusers?filter=password_expired:$eq:true").ok().await["totalCount"], 1);
        t.ask("GET", "/api/v2/me").header("cookie", cookie).org(t.acme.id).expect(401).await;
    }

    async fn links_are_handed_over_where_no_mail_is_sent(t) {
        let made = t.post("/api/systemusers", json!({"username": "ana", "email": "ana@acme.example"})).ok().await;
        let path = format!("/api/v2/users/{}", id(&made));
        let again = t.post(&format!("{path}/activation"), json!({})).ok().await;
        assert_eq!(again["sent"], false);
        assert!(again["link"].as_str().unwrap().contains("/activate?token="));
        let ana = t.person("bea").await;
        t.post(&format!("/api/v2/users/{ana}/activation"), json!({})).expect(409).await;
        let reset = t.post(&format!("/api/v2/users/{ana}/passwordreset"), json!({})).ok().await;
        assert!(reset["link"].as_str().unwrap().contains("/reset?token="));
        t.put(&format!("/api/systemusers/{ana}"), json!({"suspended": true})).ok().await;
        t.post(&format!("/api/v2/users/{ana}/passwordreset"), json!({})).expect(403).await;
    }

    async fn who_is_locked_is_shown_and_unlocked(t) {
        let ana = t.person("ana").await;
        let path = format!("/api/systemusers/{ana}");
        for door in [json!(null), json!({"account_locked": false})] {
            lock(t, &ana).await;
            assert_eq!(t.get(&path).ok().await["passwordStatus"], "Locked");
            let locked = t.get("/api/systemusers?filter=account_locked:$eq:true").ok().await;
            assert_eq!(each(&locked["results"], "username"), ["ana"]);
            if door.is_null() {
                t.ask("POST", &format!("{path}/unlock")).key(&t.acme.key).expect(200).await;
            } else {
                t.put(&path, door).ok().await;
            }
            assert_eq!(t.get(&path).ok().await["account_locked"], false);
        }
    }

    async fn what_applications_are_told_is_shown(t) {
        let ana = t.person("ana").await;
        let (app, _) = t.application("Wiki").await;
        let sso = json!({"type": "oidc", "oidc": {
            "redirectUris": ["https://wiki.example/cb"], "backchannelLogoutUri": "https://wiki.example/logout",
        }});
        t.put(&format!("/api/v2/applications/{app}/sso"), sso).expect(200).await;
        let one = t.signed_in(&ana).await;
        let path = format!("/api/v2/users/{ana}/sessions");
        let session = t.get(&path).ok().await[0].clone();
        assert_eq!(session["applications"], json!([]));
        assert_eq!(t.get(&format!("{path}/ended")).ok().await, json!([]));
        let noted = Noted { org: t.acme.id, session: of(&session), app: app.parse().unwrap(), user: ana.parse().unwrap() };
        t.d.work(noted).await.unwrap();
        assert_eq!(t.get(&path).ok().await[0]["applications"], json!([{"id": app, "name": "Wiki"}]));
        t.delete(&path).expect(204).await;
        muster_directory::logout::collect::collect(&t.d).await.unwrap();
        let ended = t.get(&format!("{path}/ended")).ok().await;
        assert_eq!((&ended[0]["id"], ended[0]["notices"].as_array().unwrap().len()), (&session["id"], 1));
        let notice = &ended[0]["notices"][0];
        assert_eq!((&notice["application"]["name"], &notice["state"]), (&json!("Wiki"), &json!("waiting")));
        let claimed = muster_directory::logout::deliver::claim(&t.d).await.unwrap().remove(0);
        muster_directory::logout::deliver::failed(&t.d, &claimed, "it answered with status 503").await.unwrap();
        let notice = t.get(&format!("{path}/ended")).ok().await[0]["notices"][0].clone();
        assert_eq!((&notice["state"], &notice["attempts"]), (&json!("retrying"), &json!(1)));
        assert_eq!(notice["error"], "it answered with status 503");
        assert!(notice["nextAttemptAt"].is_string() && notice["doneAt"].is_null());
        muster_directory::logout::deliver::delivered(&t.d, &claimed).await.unwrap();
        let notice = t.get(&format!("{path}/ended")).ok().await[0]["notices"][0].clone();
        assert_eq!((&notice["state"], &notice["nextAttemptAt"]), (&json!("delivered"), &json!(null)));
        let events = t.get(&format!("/api/v2/users/{ana}/events")).ok().await;
        assert!(events.to_string().contains("Wiki was told that the session ended"), "{events}");
        // Another organization's administrator sees nothing of it.
        t.ask("GET", &format!("{path}/ended")).key(&t.blue.key).expect(404).await;
        drop(one);
    }

    async fn sessions_are_listed_and_ended(t) {
        let ana = t.person("ana").await;
        let (one, two) = (t.signed_in(&ana).await, t.signed_in(&ana).await);
        let path = format!("/api/v2/users/{ana}/sessions");
        let sessions = t.get(&path).ok().await;
        assert_eq!(sessions.as_array().unwrap().len(), 2);
        assert_eq!((&sessions[0]["authMethod"], &sessions[0]["clientIp"]), (&json!("password"), &json!("192.0.2.7")));
        let me = |cookie: &str| t.ask("GET", "/api/v2/me").header("cookie", cookie).org(t.acme.id);
        me(&one).expect(200).await;
        let bo = t.person("bo").await;
        let session = id(&t.ask("GET", "/api/v2/me/sessions").header("cookie", &one).org(t.acme.id).ok().await[0]);
        t.delete(&format!("/api/v2/users/{bo}/sessions/{session}")).expect(404).await;
        t.delete(&format!("{path}/{session}")).expect(204).await;
        t.delete(&format!("{path}/{session}")).expect(404).await;
        assert_eq!(t.get(&path).ok().await.as_array().unwrap().len(), 1);
        t.delete(&path).expect(204).await;
        me(&one).expect(401).await;
        me(&two).expect(401).await;
    }

    async fn events_are_paged_the_newest_first(t) {
        let ana = t.person("ana").await;
        for _ in 0..3 {
            t.signed_in(&ana).await;
            t.clock.advance_s(1);
        }
        let path = format!("/api/v2/users/{ana}/events?limit=2");
        let first = t.get(&path).ok().await;
        assert_eq!(first["results"].as_array().unwrap().len(), 2);
        assert!(first["results"][0]["at"].as_str() > first["results"][1]["at"].as_str());
        let rest = t.get(&format!("{path}&cursor={}", first["cursor"].as_str().unwrap())).ok().await;
        assert_eq!((rest["results"].as_array().unwrap().len(), &rest["cursor"]), (1, &json!(null)));
        assert_eq!(rest["results"][0]["type"], "user_login_attempt");
        t.get("/api/v2/users/5f3a1c2e9d8b7a6f5e4d3c2b/events").expect(404).await;
    }

    async fn ssh_keys_are_kept(t) {
        let path = format!("/api/systemusers/{}/sshkeys", t.person("ana").await);
        assert_eq!(t.post(&path, json!({"name": "", "public_key": "x"})).fields().await, ["name", "public_key"]);
        let key = json!({"name": "laptop", "public_key": "ssh-ed25519 AAAAC3 ana@laptop"});
        let made = t.post(&path, key.clone()).expect(200).await.body;
        t.post(&path, key).expect(409).await;
        assert_eq!(t.get(&path).ok().await, json!([made]));
        t.delete(&format!("{path}/{}", id(&made))).expect(200).await;
        t.delete(&format!("{path}/{}", id(&made))).expect(404).await;
        assert_eq!(t.get(&path).ok().await, json!([]));
    }
}

/// Where mail is sent, no link is shown to anybody.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_mail_no_link_is_shown() {
    let t = Test::sqlite(true).await;
    let made = t.post("/api/systemusers", json!({"username": "ana", "email": "ana@acme.example"})).ok().await;
    assert!(made.get("activationLink").is_none());
    let sent = t.post(&format!("/api/v2/users/{}/activation", id(&made)), json!({})).ok().await;
    assert_eq!(sent, json!({"sent": true}));
}

async fn lock(t: &Test, user: &str) {
    for _ in 0..=FREE_PER_NETWORK {
        let now = t.d.env().clock.now();
        let attempt = Attempt { org: Some(t.acme.id), subject: user.into(), prefix: "192.0.2.0/24".into(), now };
        t.d.work(attempt).await.unwrap();
    }
}
