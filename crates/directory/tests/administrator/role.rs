use muster_directory::Actor;
use muster_directory::administrator::Role;
use muster_directory::administrator::grant::{Grant, Revoke};
use muster_directory::administrator::set_role::SetRole;
use muster_directory::administrator::store::{role, role_anywhere};
use muster_directory::administrator::update::Update;

use crate::harness::{administrator, conflict, denied};

both! {
    async fn a_role_is_given_changed_and_never_ones_own(t) {
        let bo = administrator(&t.d, "bo@admin.test").await;
        t.write(t.acme, Grant { admin: bo, role: Role::ReadOnly }).await.unwrap();
        t.write(t.blue, Grant::to(bo)).await.unwrap();
        let of = async |org: muster_base::Id| role(&mut t.d.read(), org, bo).await.unwrap();
        assert_eq!((of(t.acme.id).await, of(t.blue.id).await), (Some(Role::ReadOnly), Some(Role::Administrator)));
        assert_eq!(role_anywhere(&mut t.d.read(), bo).await.unwrap(), Some(Role::Administrator));
        let own = t.d.write(Actor::admin(bo, None), t.acme.id, SetRole { id: bo, role: Role::Administrator });
        assert!(denied(own.await).contains("their own role"));
        t.write(t.acme, SetRole { id: bo, role: Role::Administrator }).await.unwrap();
        assert_eq!(of(t.acme.id).await, Some(Role::Administrator));
    }

    async fn the_last_one_who_may_do_everything_stays(t) {
        let bo = administrator(&t.d, "bo@admin.test").await;
        t.write(t.acme, Grant { admin: bo, role: Role::ReadOnly }).await.unwrap();
        let by_bo = async |verb: SetRole| t.d.write(Actor::admin(bo, None), t.acme.id, verb).await;
        // One who only reads cannot take over.
        conflict(t.write(t.acme, Revoke { admin: t.acme.admin }).await);
        conflict(by_bo(SetRole { id: t.acme.admin, role: Role::ReadOnly }).await);
        let suspend = Update { id: t.acme.admin, firstname: None, lastname: None, suspended: Some(true) };
        conflict(t.d.write(Actor::admin(bo, None), t.acme.id, suspend).await);
        t.write(t.acme, SetRole { id: bo, role: Role::Administrator }).await.unwrap();
        by_bo(SetRole { id: t.acme.admin, role: Role::ReadOnly }).await.unwrap();
        conflict(t.write(t.acme, Revoke { admin: bo }).await);
        // One who only reads goes without more ado.
        t.write(t.acme, Revoke { admin: t.acme.admin }).await.unwrap();
    }
}
