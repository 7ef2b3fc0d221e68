use muster_base::Secret;
use muster_directory::setup::{SetUp, set_up};
use muster_directory::{Actor, Result, administrator, organization};

use crate::harness::{Test, conflict, fields};

fn input(name: &str, email: &str) -> SetUp {
    SetUp {
        organization: name.into(),
        slug: None,
        email: email.into(),
        password: Some(Secret::new("vast ocean lantern")),
        provider: None,
    }
}

async fn made(t: &Test, input: SetUp) -> Result<muster_directory::setup::Done> {
    set_up(&t.d, Actor::command_line(), input).await
}

both! {
    async fn makes_an_organization_with_its_administrator(t) {
        let done = made(t, SetUp { provider: Some("MSP".into()), ..input("First", "ana@admin.test") }).await.unwrap();
        let reaches = administrator::store::reaches(&mut t.d.read(), done.administrator.id, done.organization.id).await;
        assert!(reaches.unwrap());
        assert_eq!(done.organization.provider_id, done.administrator.provider_id);
        // A further one for the same person: no second administrator, the password stays.
        let again = made(t, SetUp { password: None, ..input("Second", "ANA@admin.test") }).await.unwrap();
        assert_eq!(again.administrator.id, done.administrator.id);
        assert_eq!(again.organization.provider_id, done.organization.provider_id);
    }

    async fn leaves_nothing_half_done(t) {
        let count = async || organization::store::count(&mut t.d.read()).await.unwrap();
        let before = count().await;
        assert_eq!(fields(made(t, input("", "ana@admin.test")).await), ["name"]);
        assert_eq!(fields(made(t, input("Third", "no")).await), ["email"]);
        assert_eq!(fields(made(t, SetUp { password: None, ..input("Third", "ana@admin.test") }).await), ["password"]);
        let easy = SetUp { password: Some(Secret::new("password1234")), ..input("Third", "ana@admin.test") };
        assert_eq!(fields(made(t, easy).await), ["password"]);
        assert!(conflict(made(t, SetUp { slug: Some("acme".into()), ..input("Third", "ana@admin.test") }).await).starts_with("slug"));
        assert_eq!(count().await, before);
        let email = "ana@admin.test".parse().unwrap();
        assert!(administrator::store::by_email(&mut t.d.read(), &email).await.unwrap().is_none());
    }
}
