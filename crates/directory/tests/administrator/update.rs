use muster_base::Id;
use muster_directory::Actor;
use muster_directory::administrator::grant::Grant;
use muster_directory::administrator::{store, update::Update};
use muster_directory::session::{Kind, start};

use crate::harness::{Test, administrator, denied, fields, is_missing};

fn named(id: Id, firstname: &str) -> Update {
    Update { id, firstname: Some(firstname.into()), lastname: None, suspended: None }
}

fn suspended(id: Id, suspended: bool) -> Update {
    Update { id, firstname: None, lastname: None, suspended: Some(suspended) }
}

async fn colleague(t: &Test) -> Id {
    let bo = administrator(&t.d, "bo@admin.test").await;
    t.write(t.acme, Grant::to(bo)).await.unwrap();
    bo
}

both! {
    async fn what_is_not_given_stays(t) {
        let bo = colleague(t).await;
        t.write(t.acme, named(bo, "Bo")).await.unwrap();
        let lastname = Update { lastname: Some("Berg".into()), ..suspended(bo, false) };
        let after = t.write(t.acme, lastname).await.unwrap();
        assert_eq!((after.firstname.as_str(), after.lastname.as_str()), ("Bo", "Berg"));
        assert_eq!(fields(t.write(t.acme, named(bo, &"x".repeat(256))).await), ["firstname"]);
    }

    async fn suspension_ends_their_sessions(t) {
        let bo = colleague(t).await;
        let mut sign_in = start::Start { org: None, kind: Kind::Admin, ..t.sign_in_of(t.acme, bo, "x") };
        sign_in.event.org = None;
        start::start(&t.d, sign_in).await.unwrap();
        t.write(t.acme, suspended(bo, true)).await.unwrap();
        let sessions = muster_directory::session::store::of_principal(&mut t.d.read(), None, Kind::Admin, bo).await.unwrap();
        assert!(sessions.is_empty());
        assert!(store::get(&mut t.d.read(), bo).await.unwrap().suspended);
        t.write(t.acme, suspended(bo, false)).await.unwrap();
        assert!(!store::get(&mut t.d.read(), bo).await.unwrap().suspended);
        denied(t.write(t.acme, suspended(t.acme.admin, true)).await);
    }

    /// Tenant isolation: of another organization's administrators nothing is told, and nothing changed.
    async fn only_those_who_were_given_this_organization(t) {
        assert!(is_missing(t.write(t.acme, suspended(t.blue.admin, true)).await));
        assert!(is_missing(t.write(t.acme, named(t.blue.admin, "X")).await));
        let theirs = store::get(&mut t.d.read(), t.blue.admin).await.unwrap();
        assert_eq!((theirs.suspended, theirs.firstname.as_str()), (false, ""));
        t.write(t.blue, named(t.blue.admin, "X")).await.unwrap();
    }

    /// One whom another organization needs too is not shut out from here.
    async fn one_who_reaches_more_than_oneself_is_not_changed(t) {
        let bo = colleague(t).await;
        t.write(t.blue, Grant::to(bo)).await.unwrap();
        denied(t.write(t.acme, suspended(bo, true)).await);
        t.write(t.blue, Grant::to(t.acme.admin)).await.unwrap();
        t.write(t.acme, suspended(bo, true)).await.unwrap();
        t.d.write(Actor::command_line(), t.acme.id, suspended(bo, false)).await.unwrap();
        // Oneself always, but for shutting oneself out.
        t.write(t.acme, named(t.acme.admin, "Ada")).await.unwrap();
    }
}
