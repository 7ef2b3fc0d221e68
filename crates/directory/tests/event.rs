use muster_directory::event::{Detail, Event, store};
use muster_directory::trace::Step;

use crate::harness::Test;

fn event(t: &Test, org: Option<muster_base::Id>, user: muster_base::Id, n: usize) -> Event {
    let trace = vec![Step::new("asked", "saw", n.is_multiple_of(2)).with("a setting", "page")];
    let detail = Detail { summary: format!("number {n}"), trace, ..Detail::default() };
    Event { org, id: t.d.env().id(), at: t.clock.now(), kind: "user_login_attempt".into(), user: Some(user), detail }
}

both! {
    async fn are_read_newest_first_page_by_page(t) {
        let (ana, bo) = (t.user(t.acme, "ana").await.id, t.user(t.acme, "bo").await.id);
        for n in 0..5 {
            store::record(&t.d, &event(t, Some(t.acme.id), ana, n)).await.unwrap();
            t.later(1);
            store::record(&t.d, &event(t, Some(t.acme.id), bo, 100 + n)).await.unwrap();
        }
        store::record(&t.d, &event(t, Some(t.blue.id), ana, 900)).await.unwrap();
        store::record(&t.d, &event(t, None, t.acme.admin, 901)).await.unwrap();
        let mut s = t.d.read();
        let page = store::of_user(&mut s, t.acme.id, ana, "", 2).await.unwrap();
        let told = |events: &[Event]| events.iter().map(|e| e.detail.summary.clone()).collect::<Vec<_>>();
        assert_eq!(told(&page), ["number 4", "number 3"]);
        assert_eq!(page[0].detail.trace[0].setting.as_ref().unwrap().path, "page");
        let page = store::of_user(&mut s, t.acme.id, ana, &page[1].id.text(), 10).await.unwrap();
        assert_eq!(told(&page), ["number 2", "number 1", "number 0"]);
        assert_eq!(store::all(&mut s, t.acme.id, "", 100).await.unwrap().len(), 10);
        assert_eq!(told(&store::all(&mut s, t.blue.id, "", 100).await.unwrap()), ["number 900"]);
    }
}
