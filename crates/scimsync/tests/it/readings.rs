//! Targets that take longer to read than a request may: the reading goes on, tells how far it is, and is stopped.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use muster_base::{Id, Secret};
use muster_directory::application::{Doc, SCIM, create};
use muster_directory::provision::reading::{self, Far, Found, Kind, Reading, State};
use muster_directory::provision::settings::Set;
use muster_directory::provision::survey::{Survey, Wanted};
use muster_directory::provision::{Settings, store};
use muster_directory::{Error, Result};
use muster_http::provisioning::{Draft, Order, Provisioning};
use muster_scimsync::{Provisioner, With};
use muster_testkit::{Test, both};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::fake::Quirks;
use crate::receiver::{Receiver, Trick};
use crate::world::{PATIENT, World, setup, until};

/// An application of five users, two a page, that answers when it is let.
struct Slow<'t> {
    w: World<'t>,
    pages: Arc<Semaphore>,
}

fn node(t: &Test, patience: Duration) -> Provisioner {
    let with = With { patience, ..PATIENT };
    Provisioner::with(t.directory.clone(), t.site.egress().clone(), t.directory.env().id().text(), with)
}

impl<'t> Slow<'t> {
    async fn new(t: &'t Test) -> Self {
        let mut w = World::off(t, Quirks { page_max: Some(2), ..Quirks::default() }, |_| {}).await;
        for n in 0..5 {
            w.receiver.inside().users.seed(json!({"userName": format!("p{n}")}));
        }
        let pages = Arc::new(Semaphore::new(0));
        w.receiver.inside().always = Some(Trick::Held(Arc::clone(&pages)));
        w.provisioner = node(t, Duration::ZERO);
        Self { w, pages }
    }

    /// Another application, whose users are the same.
    async fn another(&self) -> Id {
        let address = self.w.receiver.address.clone();
        World::off(self.w.t, Quirks::default(), |settings| settings.base_url = address).await.app
    }

    async fn read(&self, order: Order) -> Reading {
        self.w.provisioner.read(self.w.t.acme.id, self.w.app, order).await.unwrap()
    }

    async fn get(&self, id: Id) -> Result<Reading> {
        reading::get(&self.w.t.directory, self.w.t.acme.id, self.w.app, id).await
    }

    /// Another page is answered, a while later.
    fn page(&self) {
        self.w.t.later(2);
        self.pages.add_permits(1);
    }

    /// Requests that reached it.
    fn asked(&self) -> usize {
        self.w.receiver.inside().headers.len()
    }

    async fn ended(&self, id: Id) -> State {
        until(async || self.get(id).await.unwrap().state != State::Running).await;
        self.get(id).await.unwrap().state
    }

    async fn survey(&self, id: Id) -> Option<Survey> {
        Survey::find(&mut self.w.t.directory.read(), self.w.t.acme.id, self.w.app, id).await.unwrap()
    }
}

both! {
    async fn a_slow_target_is_read_to_its_end_and_tells_how_far_it_is(t) with setup(); {
        let slow = Slow::new(t).await;
        slow.w.member("p1").await;
        slow.w.member("new").await;
        let begun = slow.read(Order::Preview(None)).await;
        assert_eq!((begun.kind, begun.far, &begun.state), (Kind::Preview, Far::default(), &State::Running));
        for read in [2, 4] {
            slow.page();
            let far = Far { read, total: Some(5) };
            until(async || slow.get(begun.id).await.unwrap().far == far).await;
        }
        assert_eq!(slow.get(begun.id).await.unwrap().state, State::Running);
        slow.page();
        let State::Finished(Found::Plan(plan)) = slow.ended(begun.id).await else { panic!("no plan") };
        assert_eq!((plan.counts.adopt, plan.counts.create), (1, 1), "{plan:?}");
        assert_eq!(slow.get(begun.id).await.unwrap().far, Far { read: 5, total: Some(5) });
        assert!(slow.survey(begun.id).await.is_none(), "what was written down for it is thrown away");
        // Nobody else's, and not another application's.
        let other = World::off(t, Quirks::default(), |_| {}).await.app;
        for (org, app) in [(t.blue.id, slow.w.app), (t.acme.id, other)] {
            assert!(matches!(reading::get(&t.directory, org, app, begun.id).await, Err(Error::Missing(_))));
            assert!(matches!(slow.w.provisioner.stop(org, app, begun.id).await, Err(Error::Missing(_))));
        }
        // Kept for an hour.
        t.later(3_500);
        reading::prune(&t.directory).await.unwrap();
        slow.get(begun.id).await.unwrap();
        t.later(102);
        assert!(slow.get(begun.id).await.is_err());
        reading::prune(&t.directory).await.unwrap();
    }

    async fn what_is_there_in_time_is_told_at_once_and_leaves_nothing(t) with setup(); {
        let mut slow = Slow::new(t).await;
        slow.w.provisioner = node(t, PATIENT.patience);
        slow.pages.add_permits(100);
        let ready = slow.read(Order::Repair).await;
        assert_eq!(ready.state, State::Finished(Found::Repaired(0)));
        until(async || slow.w.provisioner.reading_now() == 0).await;
        assert!(slow.get(ready.id).await.is_err());
    }

    async fn a_list_of_users_is_asked_for_by_the_id_of_its_reading(t) with setup(); {
        let slow = Slow::new(t).await;
        let begun = slow.read(Order::Users).await;
        assert_eq!(begun.state, State::Running);
        slow.pages.add_permits(3);
        assert_eq!(slow.ended(begun.id).await, State::Finished(Found::Users(5)));
        let list = slow.survey(begun.id).await.unwrap();
        let wanted = Wanted { search: "p3".into(), limit: 9, ..Wanted::default() };
        let (total, people) = list.people(&mut t.directory.read(), &wanted).await.unwrap();
        assert_eq!((total, people[0].username.as_str()), (1, "p3"));
        // Whoever has done with it throws it away, and what it names with it.
        let other = slow.read(Order::Users).await;
        slow.pages.add_permits(3);
        slow.ended(other.id).await;
        slow.w.provisioner.stop(t.acme.id, slow.w.app, begun.id).await.unwrap();
        assert!(slow.survey(begun.id).await.is_none());
        assert_eq!(list.people(&mut t.directory.read(), &Wanted::default()).await.unwrap().0, 0);
        assert!(slow.survey(other.id).await.is_some(), "the other one's stays");
    }

    async fn one_that_is_stopped_asks_nothing_more(t) with setup(); {
        let slow = Slow::new(t).await;
        for elsewhere in [false, true] {
            let before = slow.asked();
            let begun = slow.read(Order::Drift).await;
            until(async || slow.asked() == before + 1).await;
            // Another node only writes it down: it is found out with the next page.
            let node = if elsewhere { &node(t, Duration::ZERO) } else { &slow.w.provisioner };
            node.stop(t.acme.id, slow.w.app, begun.id).await.unwrap();
            assert!(matches!(slow.get(begun.id).await, Err(Error::Missing(_))));
            if elsewhere {
                slow.page();
            }
            until(async || slow.w.provisioner.reading_now() == 0).await;
            assert_eq!(slow.asked(), before + 1);
        }
        let begun = slow.read(Order::Users).await;
        until(async || slow.survey(begun.id).await.is_some()).await;
        slow.w.provisioner.stop(t.acme.id, slow.w.app, begun.id).await.unwrap();
        until(async || slow.w.provisioner.reading_now() == 0).await;
        assert!(slow.survey(begun.id).await.is_none(), "nor is anything of it kept");
    }

    async fn whoever_is_gone_before_it_was_told_leaves_no_reading(t) with setup(); {
        let mut slow = Slow::new(t).await;
        slow.w.provisioner = node(t, PATIENT.patience);
        tokio::select! {
            read = slow.read(Order::Drift) => panic!("{read:?}"),
            () = until(async || slow.asked() == 1) => {}
        }
        until(async || slow.w.provisioner.reading_now() == 0).await;
        assert_eq!(slow.asked(), 1);
    }

    async fn one_that_a_dead_node_left_has_failed(t) with setup(); {
        let slow = Slow::new(t).await;
        let pen = reading::begin(&t.directory, t.acme.id, slow.w.app, Kind::Drift).await.unwrap();
        t.later(50);
        assert!(pen.progress(&t.directory, Far { read: 7, total: None }).await.unwrap());
        t.later(59);
        assert_eq!(slow.get(pen.id).await.unwrap().state, State::Running, "it may be alive");
        t.later(2);
        let left = slow.get(pen.id).await.unwrap();
        assert_eq!(left.state, State::Failed("the server that read it stopped: ask again".into()));
        assert_eq!(left.far, Far { read: 7, total: None });
    }

    async fn why_it_failed_is_told(t) with setup(); {
        let slow = Slow::new(t).await;
        slow.w.receiver.next(Trick::Held(Arc::clone(&slow.pages)));
        slow.w.receiver.next(Trick::Say(403, r#"{"detail":"not you"}"#, Vec::new()));
        let begun = slow.read(Order::Drift).await;
        slow.pages.add_permits(1);
        let State::Failed(why) = slow.ended(begun.id).await else { panic!("it did not fail") };
        assert!(why.contains("the application cannot be read: 403") && why.contains("not you"), "{why}");
    }

    async fn one_that_asks_for_patience_in_the_middle_is_waited_for(t) with setup(); {
        let slow = Slow::new(t).await;
        slow.w.receiver.next(Trick::Held(Arc::clone(&slow.pages)));
        slow.w.receiver.next(Trick::Say(429, "{}", vec![("retry-after", "0".into())]));
        let begun = slow.read(Order::Users).await;
        slow.pages.add_permits(3);
        assert_eq!(slow.ended(begun.id).await, State::Finished(Found::Users(5)));
        assert_eq!(slow.asked(), 4);
        // From its beginning it is not: whoever asked is told at once.
        slow.w.receiver.next(Trick::Say(429, "{}", vec![("retry-after", "0".into())]));
        let told = node(t, PATIENT.patience).read(t.acme.id, slow.w.app, Order::Users).await;
        assert!(matches!(told, Err(Error::Conflict(_))), "{told:?}");
        assert_eq!(slow.asked(), 5);
    }

    async fn a_few_of_one_application_are_read_at_once(t) with setup(); {
        let slow = Slow::new(t).await;
        let mut begun = Vec::new();
        for _ in 0..5 {
            t.later(1);
            begun.push(slow.read(Order::Drift).await.id);
        }
        let State::Failed(why) = slow.ended(begun[0]).await else { panic!("it did not fail") };
        assert!(why.contains("several times at once"), "{why}");
        slow.pages.add_permits(100);
        for id in &begun[1..] {
            assert!(matches!(slow.ended(*id).await, State::Finished(Found::Drift(_))));
        }
        until(async || slow.w.provisioner.reading_now() == 0).await;
        assert!(matches!(slow.get(begun[0]).await.unwrap().state, State::Failed(_)), "it stays so");
    }

    async fn a_node_is_at_a_few_others_wait_and_what_is_beyond_its_room_is_refused(t) with setup(); {
        // Those of one organization.
        const AT_ONCE: usize = 4;
        const ROOM: usize = 16;
        let slow = Slow::new(t).await;
        // Four of each at most: a fifth would end another.
        let mut apps = vec![slow.w.app];
        while apps.len() * 4 <= ROOM {
            apps.push(slow.another().await);
        }
        let read = async |app: Id| (app, slow.w.provisioner.read(t.acme.id, app, Order::Users).await);
        // All at the same time: none is let in because the others were not counted yet.
        let told = join_all(apps.iter().cycle().take(ROOM + 1).map(|app| read(*app))).await;
        let (mut begun, mut refused) = (Vec::new(), Vec::new());
        for (app, told) in told {
            match told {
                Ok(reading) => {
                    assert_eq!((reading.far, reading.state), (Far::default(), State::Running));
                    begun.push((app, reading.id));
                }
                Err(error) => refused.push(error),
            }
        }
        assert_eq!((begun.len(), slow.w.provisioner.reading_now()), (ROOM, ROOM));
        let [Error::Unavailable(why)] = &*refused else { panic!("{refused:?}") };
        assert!(why.contains("many applications are being read"), "{why}");
        // Nobody else waits for them.
        let other = Receiver::start(Quirks::default()).await;
        let doc = Doc { display_label: "Profit".into(), ..Doc::default() };
        let app = t.write(t.blue, create::Create { name: SCIM.into(), doc, active: true }).await.unwrap().id;
        let settings = Settings { base_url: other.address.clone(), ..Settings::default() };
        let set = Set { app, settings, secret: Some(Secret::new("another-secret")), http_allowed: true };
        t.write(t.blue, set).await.unwrap();
        let theirs = slow.w.provisioner.read(t.blue.id, app, Order::Users).await.unwrap();
        let ended = async || reading::get(&t.directory, t.blue.id, app, theirs.id).await.unwrap().state;
        until(async || ended().await != State::Running).await;
        assert_eq!(ended().await, State::Finished(Found::Users(0)));
        // Page by page, until one has ended: whoever waited comes in its place, and there is room for another.
        until(async || slow.asked() >= AT_ONCE).await;
        while slow.w.provisioner.reading_now() == ROOM {
            let asked = slow.asked();
            slow.pages.add_permits(1);
            until(async || slow.asked() > asked).await;
        }
        let last = apps[apps.len() - 1];
        begun.push((last, read(last).await.1.unwrap().id));
        // In the end everybody had their turn.
        slow.pages.add_permits(ROOM * 3);
        until(async || slow.w.provisioner.reading_now() == 0).await;
        for (app, id) in begun {
            let ended = reading::get(&t.directory, t.acme.id, app, id).await.unwrap();
            assert_eq!(ended.state, State::Finished(Found::Users(5)));
        }
        assert_eq!(slow.w.receiver.inside().most, AT_ONCE);
    }

    async fn a_draft_is_read_as_it_was_typed_and_kept_nowhere(t) with setup(); {
        let slow = Slow::new(t).await;
        slow.w.member("p1").await;
        slow.w.receiver.inside().authorization = Some("Bearer another-secret".into());
        let mut settings = Settings { base_url: slow.w.receiver.address.clone(), ..Settings::default() };
        let line = settings.mapping.iter_mut().find(|line| line.target == "title").unwrap();
        (line.attribute, line.template) = (None, Some("Chief of {department}".into()));
        let before = store::get(&mut t.directory.read(), t.acme.id, slow.w.app).await.unwrap();
        let draft = Draft { settings, secret: Some(Secret::new("another-secret")) };
        let begun = slow.read(Order::Preview(Some(Box::new(draft)))).await;
        assert_eq!(begun.state, State::Running);
        slow.pages.add_permits(3);
        let State::Finished(Found::Plan(plan)) = slow.ended(begun.id).await else { panic!("no plan") };
        let title = plan.items[0].fields.iter().find(|field| field.name == "title").unwrap();
        assert_eq!(title.to.as_deref(), Some("Chief of Research"));
        let after = store::get(&mut t.directory.read(), t.acme.id, slow.w.app).await.unwrap();
        assert_eq!(after.settings, before.settings);
    }
}
