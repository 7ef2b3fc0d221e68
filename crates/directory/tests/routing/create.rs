use muster_base::Id;
use muster_directory::Result;
use muster_directory::routing::{Input, Policy, Target, create::Create, store};

use crate::harness::{Test, conflict, fields};

async fn make(t: &Test, name: &str, idp: Option<Id>, targets: Vec<Target>) -> Result<Policy> {
    let input = Input { name: Some(name.into()), idp, targets: Some(targets), ..Input::default() };
    t.write(t.acme, Create { input }).await
}

both! {
    async fn what_was_written_is_read_back(t) {
        let idp = t.provider(t.acme, "Corp").await.id;
        let (ana, all) = (t.user(t.acme, "ana").await.id, t.all_users(t.acme).await);
        let input = Input {
            name: Some(" Everyone ".into()),
            description: Some("d".into()),
            enabled: Some(false),
            position: Some(7),
            idp: Some(idp),
            targets: Some(vec![Target::Group(all), Target::User(ana), Target::User(ana)]),
        };
        let made = t.write(t.acme, Create { input }).await.unwrap();
        let read = store::get(&mut t.d.read(), t.acme.id, made.id).await.unwrap();
        assert_eq!((read.name.as_str(), read.description.as_str(), read.enabled, read.position), ("Everyone", "d", false, 7));
        assert_eq!((read.idp, read.created_at), (idp, t.clock.now()));
        let mut targets = read.targets.clone();
        targets.sort();
        assert_eq!(targets, [Target::Group(all), Target::User(ana)]);
    }

    async fn every_wrong_field_is_named(t) {
        let idp = t.provider(t.acme, "Corp").await.id;
        let theirs = t.provider(t.blue, "Corp").await.id;
        let (foreign, their_group) = (t.user(t.blue, "bo").await.id, t.all_users(t.blue).await);
        assert_eq!(fields(make(t, "P", None, vec![]).await), ["identityProviderId"]);
        assert_eq!(fields(make(t, "", Some(theirs), vec![]).await), ["name", "identityProviderId"]);
        let targets = vec![Target::User(foreign), Target::Group(their_group)];
        assert_eq!(fields(make(t, "P", Some(idp), targets).await), ["users", "userGroups"]);
        make(t, "P", Some(idp), vec![]).await.unwrap();
        assert!(conflict(make(t, "p", Some(idp), vec![]).await).starts_with("name:"));
        let far = Input { name: Some("Q".into()), idp: Some(idp), position: Some(-1), ..Input::default() };
        assert_eq!(fields(t.write(t.acme, Create { input: far }).await), ["order"]);
    }
}
