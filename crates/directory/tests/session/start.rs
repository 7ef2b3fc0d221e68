use muster_base::Id;
use muster_directory::change;
use muster_directory::event;
use muster_directory::session::start::{Start, start};
use muster_directory::session::{Kind, Method, browser, store};
use muster_directory::user::State;

use crate::harness::{Test, denied};

async fn browser_of(t: &Test, cookie: &muster_base::Secret) -> Option<Id> {
    store::browser(&mut t.d.read(), cookie, t.clock.now()).await.unwrap()
}

async fn ended(t: &Test) -> usize {
    let entries = change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap();
    entries.iter().filter(|e| e.kind == "session_end").count()
}

impl Test {
    fn admin_sign_in(&self, browser: Option<Id>, admin: Id) -> Start {
        let person = self.sign_in_of(self.acme, admin, "192.0.2.0/24");
        let mut start = Start { browser, org: None, kind: Kind::Admin, ..person };
        start.event.org = None;
        start
    }
}

both! {
    /// Session fixation: the cookie changes at each sign-in, and the one before opens nothing.
    async fn the_cookie_changes_with_every_sign_in(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        let (browser, planted) = browser::create(&t.d).await.unwrap();
        assert_eq!(browser_of(t, &planted).await, Some(browser));
        let first = t.sign_in_with(browser, t.acme, ana).await;
        assert_eq!(first.session.browser, browser);
        assert_eq!(browser_of(t, &planted).await, None);
        assert_eq!(browser_of(t, &first.cookie).await, Some(browser));
        let second = t.sign_in_with(browser, t.acme, ana).await;
        assert_eq!(browser_of(t, &first.cookie).await, None);
        assert_eq!(browser_of(t, &second.cookie).await, Some(browser));
    }

    async fn the_same_person_goes_on_with_the_session(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        let first = t.sign_in(t.acme, ana, "192.0.2.0/24").await;
        t.later(600);
        let again = Start { method: Method::Federated, browser: Some(first.session.browser), ..t.sign_in_of(t.acme, ana, "x") };
        let second = start(&t.d, again).await.unwrap();
        assert_eq!(second.session.id, first.session.id);
        let stored = store::by_id(&mut t.d.read(), t.acme.id, first.session.id).await.unwrap().unwrap();
        assert_eq!((stored.created_at, stored.auth_at), (first.session.created_at, t.clock.now()));
        assert_eq!((stored.method, stored.expires_at), (Method::Federated, second.session.expires_at));
        assert_eq!(t.sessions(t.acme, ana).await.len(), 1);
    }

    async fn another_person_takes_the_place_and_the_log_tells(t) {
        let (ana, bo) = (t.user_with_password(t.acme, "ana").await.id, t.user_with_password(t.acme, "bo").await.id);
        let first = t.sign_in(t.acme, ana, "192.0.2.0/24").await;
        let second = t.sign_in_with(first.session.browser, t.acme, bo).await;
        assert_ne!(second.session.id, first.session.id);
        assert!(t.sessions(t.acme, ana).await.is_empty());
        let current = store::current(&mut t.d.read(), first.session.browser, Some(t.acme.id), Kind::User).await.unwrap();
        assert_eq!(current.unwrap().principal, bo);
        assert_eq!(ended(t).await, 1, "the end of a session is a change");
    }

    async fn one_browser_is_signed_in_to_several_organizations_and_as_administrator(t) {
        let (here, there) = (t.user_with_password(t.acme, "ana").await.id, t.user_with_password(t.blue, "ana").await.id);
        let first = t.sign_in(t.acme, here, "192.0.2.0/24").await;
        let browser = first.session.browser;
        t.sign_in_with(browser, t.blue, there).await;
        let admin = start(&t.d, t.admin_sign_in(Some(browser), t.acme.admin)).await.unwrap();
        assert_eq!(admin.session.org, None);
        let of = async |kind| store::of_browser(&mut t.d.read(), browser, kind).await.unwrap();
        assert_eq!(of(Kind::User).await.len(), 2);
        assert_eq!(of(Kind::Admin).await.into_iter().map(|s| s.principal).collect::<Vec<_>>(), [t.acme.admin]);
        let current = store::current(&mut t.d.read(), browser, None, Kind::Admin).await.unwrap().unwrap();
        assert_eq!(current.expires_at, t.clock.now().plus_s(12 * 3600));
        assert_eq!(store::by_id(&mut t.d.read(), t.blue.id, first.session.id).await.unwrap().map(|s| s.id), None);
    }

    async fn the_event_is_written_with_it(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        t.sign_in(t.acme, ana, "192.0.2.0/24").await;
        let events = event::store::of_user(&mut t.d.read(), t.acme.id, ana, "", 10).await.unwrap();
        assert_eq!((events.len(), events[0].kind.as_str(), events[0].detail.success), (1, "user_login_attempt", true));
    }

    /// Deactivated user keeps access: who was let in while the password was hashed, and is suspended meanwhile, stays out.
    async fn nobody_suspended_begins_a_session(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        let late = t.sign_in_of(t.acme, ana, "192.0.2.0/24");
        for state in [State::Suspended, State::Staged] {
            t.set_state(t.acme, ana, state).await;
            denied(start(&t.d, late.clone()).await);
        }
        assert!(t.sessions(t.acme, ana).await.is_empty());
        t.write(t.acme, muster_directory::user::delete::Delete { id: ana, cascade_manager: None }).await.unwrap();
        denied(start(&t.d, late).await);
        let bo = crate::harness::administrator(&t.d, "bo@admin.test").await;
        t.write(t.acme, muster_directory::administrator::grant::Grant::to(bo)).await.unwrap();
        let suspend = muster_directory::administrator::update::Update { id: bo, firstname: None, lastname: None, suspended: Some(true) };
        t.write(t.acme, suspend).await.unwrap();
        denied(start(&t.d, t.admin_sign_in(None, bo)).await);
    }

    async fn a_suspension_beside_a_sign_in_leaves_no_session(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        for _ in 0..10 {
            let suspend = muster_directory::user::state::SetState { id: ana, state: State::Suspended };
            let (_, suspended) = tokio::join!(start(&t.d, t.sign_in_of(t.acme, ana, "x")), t.write(t.acme, suspend));
            suspended.unwrap();
            assert!(t.sessions(t.acme, ana).await.is_empty());
            t.set_state(t.acme, ana, State::Activated).await;
        }
    }

    async fn a_browser_whose_row_is_gone_is_made_anew(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        let gone = t.d.env().id();
        let started = t.sign_in_with(gone, t.acme, ana).await;
        assert_eq!(browser_of(t, &started.cookie).await, Some(started.session.browser));
        assert_eq!(t.sessions(t.acme, ana).await.len(), 1);
    }

    async fn what_a_browser_says_of_itself_is_cut(t) {
        let ana = t.user_with_password(t.acme, "ana").await.id;
        let user_agent = format!("A\u{0}\n{}", "x".repeat(1000));
        let started = start(&t.d, Start { user_agent, ..t.sign_in_of(t.acme, ana, "x") }).await.unwrap();
        assert_eq!(started.session.user_agent.len(), 300);
        assert!(started.session.user_agent.starts_with("Axx"));
    }
}
