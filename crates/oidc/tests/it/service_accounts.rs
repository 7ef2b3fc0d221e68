//! The token endpoint of the administrators' API (`/oauth2/token`): a service account shows its secret.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use muster_base::Secret;
use muster_directory::service_account::{Role, ServiceAccount, create, delete, secret, store, update};

use crate::harness::{Answer, Org, Test, machine};

async fn account(t: &Test, org: &Org, role: Role) -> (ServiceAccount, String) {
    let create = create::Create { id: t.d.env().id(), name: format!("Robot {role:?}"), role };
    let account = t.write(org, create).await;
    let secret = t.d.env().secret();
    t.write(org, secret::Add { account: account.id, secret: secret.clone(), days: 30 }).await;
    (account, secret.expose().to_owned())
}

async fn ask(t: &Test, id: &str, secret: &str, extra: &[(&str, &str)]) -> Answer {
    let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    let mut fields = vec![("grant_type", "client_credentials"), ("scope", "api")];
    fields.extend(extra);
    t.post("/oauth2/token", &fields, &[("authorization", &basic)]).await
}

async fn opens(t: &Test, token: &str) -> bool {
    let found = store::by_token(&mut t.d.read(), Secret::new(token).digest(), t.clock.now()).await.unwrap();
    found.is_some_and(|account| !account.disabled)
}

both! {
    async fn a_secret_becomes_a_token_for_an_hour(t) {
        let (account, secret) = account(t, &t.acme, Role::Administrator).await;
        let answer = ask(t, &account.client_id(), &secret, &[]).await;
        assert_eq!(answer.header("cache-control"), "no-store");
        let tokens = answer.ok();
        assert_eq!((&tokens["token_type"], &tokens["expires_in"], &tokens["scope"]), (&"Bearer".into(), &3600.into(), &"api".into()));
        let token = tokens["access_token"].as_str().unwrap();
        assert!(opens(t, token).await);
        t.later(3600);
        assert!(!opens(t, token).await);
        assert_eq!(muster_oidc::prune(&t.d).await.unwrap(), 0);
        t.later(1);
        assert_eq!(muster_oidc::prune(&t.d).await.unwrap(), 1);
        // In the form as well.
        let (id, fields) = (account.client_id(), "client_credentials");
        let form = [("grant_type", fields), ("client_id", &*id), ("client_secret", &*secret)];
        t.post("/oauth2/token", &form, &[]).await.ok();
    }

    async fn an_unknown_account_and_a_wrong_secret_are_one_answer(t) {
        let (account, secret) = account(t, &t.acme, Role::Administrator).await;
        let wrong = ask(t, &account.client_id(), "wrong", &[]).await;
        assert_eq!(wrong.error(), (401, "invalid_client".into()));
        let app = t.app(&t.acme, machine()).await;
        let unknown = format!("sa_{}", t.d.env().id());
        let bare = account.id.text();
        let upper = account.client_id().to_uppercase();
        for id in [unknown.as_str(), "sa_", "sa_x", &bare, &upper, &app.id.text()] {
            let answer = ask(t, id, &secret, &[]).await;
            assert_eq!((answer.status, &answer.body), (wrong.status, &wrong.body), "{id}");
        }
        // An application's secret is none of an account's, and the other way round.
        assert_eq!(ask(t, &app.id.text(), &app.secret, &[]).await.error(), (401, "invalid_client".into()));
        let grant = ("grant_type", "client_credentials");
        let (id, at) = (account.client_id(), app.at("/oauth2/token"));
        let there = t.post(&at, &[grant, ("client_id", &id), ("client_secret", &secret)], &[]).await;
        assert_eq!(there.error(), (401, "invalid_client".into()));
    }

    async fn rfc6749_5_2_faults_are_told(t) {
        let (account, secret) = account(t, &t.acme, Role::Administrator).await;
        let id = account.client_id();
        let with = |grant, scope| [("grant_type", grant), ("scope", scope), ("client_id", id.as_str()), ("client_secret", secret.as_str())];
        assert_eq!(t.post("/oauth2/token", &with("password", "api"), &[]).await.error(), (400, "unsupported_grant_type".into()));
        assert_eq!(t.post("/oauth2/token", &with("client_credentials", "admin"), &[]).await.error(), (400, "invalid_scope".into()));
        assert_eq!(t.post("/oauth2/token", &with("", "api"), &[]).await.error(), (400, "invalid_request".into()));
        assert_eq!(t.post("/oauth2/token", &[("grant_type", "client_credentials")], &[]).await.error(), (401, "invalid_client".into()));
        assert_eq!(t.get("/oauth2/token").await.status, 405);
    }

    async fn a_secret_that_ends_takes_its_tokens_along(t) {
        let (account, first) = account(t, &t.acme, Role::Administrator).await;
        let id = account.client_id();
        let second = t.d.env().secret();
        let kept = t.write(&t.acme, secret::Add { account: account.id, secret: second.clone(), days: 1 }).await;
        let by_first = ask(t, &id, &first, &[]).await.ok()["access_token"].as_str().unwrap().to_owned();
        let by_second = ask(t, &id, second.expose(), &[]).await.ok()["access_token"].as_str().unwrap().to_owned();
        t.write(&t.acme, secret::Drop { account: account.id, secret: kept.id }).await;
        assert!(opens(t, &by_first).await && !opens(t, &by_second).await);
        assert_eq!(ask(t, &id, second.expose(), &[]).await.error(), (401, "invalid_client".into()));
        t.write(&t.acme, update::Update { id: account.id, name: None, role: None, disabled: Some(true) }).await;
        assert!(!opens(t, &by_first).await);
        assert_eq!(ask(t, &id, &first, &[]).await.error(), (401, "invalid_client".into()));
        t.write(&t.acme, update::Update { id: account.id, name: None, role: None, disabled: Some(false) }).await;
        assert!(opens(t, &by_first).await);
        // A token does not outlive its secret's time.
        t.later(30 * 86_400 - 60);
        let last = ask(t, &id, &first, &[]).await.ok()["access_token"].as_str().unwrap().to_owned();
        t.later(60);
        assert!(!opens(t, &last).await);
        assert_eq!(ask(t, &id, &first, &[]).await.error(), (401, "invalid_client".into()));
        t.write(&t.acme, delete::Delete { id: account.id }).await;
        assert_eq!(ask(t, &id, &first, &[]).await.error(), (401, "invalid_client".into()));
    }
}
