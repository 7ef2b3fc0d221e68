use muster_base::Id;
use muster_directory::administrator::create::{Create, create};
use muster_directory::administrator::grant::{Grant, Revoke};
use muster_directory::administrator::store::{of_organization, organizations, reaches};
use muster_directory::administrator::update::Update;
use muster_directory::change;

use crate::harness::{Test, administrator, conflict, is_missing};

async fn of(t: &Test) -> Vec<Id> {
    of_organization(&mut t.d.read(), t.acme.id).await.unwrap().into_iter().map(|a| a.id).collect()
}

fn suspend(id: Id) -> Update {
    Update { id, firstname: None, lastname: None, suspended: Some(true) }
}

both! {
    async fn gives_and_takes_an_organization(t) {
        let bo = administrator(&t.d, "bo@admin.test").await;
        assert!(!reaches(&mut t.d.read(), bo, t.acme.id).await.unwrap());
        t.write(t.acme, Grant::to(bo)).await.unwrap();
        let seq = change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap().len();
        t.write(t.acme, Grant::to(bo)).await.unwrap();
        assert_eq!(change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap().len(), seq);
        assert_eq!(of(t).await, [t.acme.admin, bo]);
        t.write(t.blue, Grant::to(bo)).await.unwrap();
        assert_eq!(organizations(&mut t.d.read(), bo).await.unwrap().len(), 2);
        t.write(t.acme, Revoke { admin: bo }).await.unwrap();
        assert_eq!(organizations(&mut t.d.read(), bo).await.unwrap(), [t.blue.id]);
        assert!(is_missing(t.write(t.acme, Revoke { admin: bo }).await));
        assert!(is_missing(t.write(t.acme, Grant::to(t.d.env().id())).await));
    }

    async fn one_who_has_nothing_left_is_removed(t) {
        let bo = administrator(&t.d, "bo@admin.test").await;
        t.write(t.acme, Grant::to(bo)).await.unwrap();
        t.write(t.acme, Revoke { admin: bo }).await.unwrap();
        assert!(is_missing(muster_directory::administrator::store::get(&mut t.d.read(), bo).await));
    }

    async fn a_providers_administrator_reaches_all_of_its_organizations(t) {
        let msp = Create { email: "msp@admin.test".into(), provider_id: Some(t.provider), ..Create::default() };
        let msp = create(&t.d, msp).await.unwrap().0.id;
        let mut s = t.d.read();
        assert!(reaches(&mut s, msp, t.acme.id).await.unwrap());
        assert!(!reaches(&mut s, msp, t.blue.id).await.unwrap());
        assert_eq!(organizations(&mut s, msp).await.unwrap(), [t.acme.id]);
        assert!(!reaches(&mut s, t.acme.admin, t.blue.id).await.unwrap());
        // Not given, so not taken; and losing what was given leaves them.
        assert!(is_missing(t.write(t.acme, Revoke { admin: msp }).await));
        t.write(t.blue, Grant::to(msp)).await.unwrap();
        t.write(t.blue, Revoke { admin: msp }).await.unwrap();
        assert!(reaches(&mut s, msp, t.acme.id).await.unwrap());
    }

    async fn the_last_one_stays(t) {
        assert!(conflict(t.write(t.acme, Revoke { admin: t.acme.admin }).await).contains("last administrator"));
        assert!(is_missing(t.write(t.acme, Revoke { admin: t.blue.admin }).await), "of a foreign one nothing is told");
        // One who is suspended cannot take over.
        let bo = administrator(&t.d, "bo@admin.test").await;
        t.write(t.acme, Grant::to(bo)).await.unwrap();
        t.write(t.acme, suspend(bo)).await.unwrap();
        conflict(t.write(t.acme, Revoke { admin: t.acme.admin }).await);
        t.write(t.acme, Revoke { admin: bo }).await.unwrap();
    }

    async fn of_two_who_remove_each_other_one_stays(t) {
        let bo = administrator(&t.d, "bo@admin.test").await;
        t.write(t.acme, Grant::to(bo)).await.unwrap();
        let (a, b) = tokio::join!(t.write(t.acme, Revoke { admin: bo }), t.write(t.acme, Revoke { admin: t.acme.admin }));
        assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1);
        assert_eq!(of(t).await.len(), 1);
    }
}
