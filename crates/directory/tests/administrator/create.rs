use muster_base::Secret;
use muster_directory::administrator::create::{Create, LINK_TTL_S, create};
use muster_directory::administrator::store;
use muster_directory::administrator::update::set_password_by_link;

use crate::harness::{Test, conflict, denied, fields};

const PASSWORD: &str = "vast ocean lantern";

fn named(email: &str, password: Option<&str>) -> Create {
    Create { email: email.into(), password: password.map(Secret::new), ..Create::default() }
}

async fn by_token(t: &Test, token: &Secret) -> bool {
    store::by_token(&mut t.d.read(), token, t.clock.now()).await.unwrap().is_some()
}

both! {
    async fn with_a_password_or_a_link(t) {
        let (with, none) = create(&t.d, named("ana@admin.test", Some(PASSWORD))).await.unwrap();
        assert!(none.is_none());
        assert!(t.d.hasher().verify(with.password_hash, &Secret::new(PASSWORD)).await.unwrap());
        let (without, link) = create(&t.d, named("bo@admin.test", None)).await.unwrap();
        let link = link.unwrap();
        assert!(by_token(t, &link).await);
        let after = set_password_by_link(&t.d, &link, &Secret::new(PASSWORD)).await.unwrap();
        assert_eq!(after.id, without.id);
        assert!(t.d.hasher().verify(after.password_hash, &Secret::new(PASSWORD)).await.unwrap());
        denied(set_password_by_link(&t.d, &link, &Secret::new(PASSWORD)).await);
    }

    async fn a_link_runs_out_and_is_used_once(t) {
        let (_, link) = create(&t.d, named("bo@admin.test", None)).await.unwrap();
        let link = link.unwrap();
        assert_eq!(fields(set_password_by_link(&t.d, &link, &Secret::new("short")).await), ["password"]);
        let word = Secret::new(PASSWORD);
        let (a, b) = tokio::join!(set_password_by_link(&t.d, &link, &word), set_password_by_link(&t.d, &link, &word));
        assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1, "of two uses at once, one wins");
        let (_, link) = create(&t.d, named("cy@admin.test", None)).await.unwrap();
        t.later(LINK_TTL_S);
        denied(set_password_by_link(&t.d, &link.unwrap(), &word).await);
    }

    async fn the_e_mail_is_unique_over_the_installation(t) {
        create(&t.d, named("Ana@admin.test", None)).await.unwrap();
        assert!(conflict(create(&t.d, named("ana@ADMIN.test", None)).await).starts_with("email:"));
        let found = store::by_email(&mut t.d.read(), &"ANA@admin.test".parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(found.email, "Ana@admin.test");
        // A person may have it too: they are principals of their own.
        t.user(t.acme, "ana").await;
        create(&t.d, named("ana@example.test", None)).await.unwrap();
    }

    async fn every_wrong_field_is_named(t) {
        let wrong = Create { firstname: "x".repeat(256), ..named("no", Some("short")) };
        assert_eq!(fields(create(&t.d, wrong).await), ["email", "firstname", "password"]);
        assert_eq!(fields(create(&t.d, named("a@admin.test", Some("password1234"))).await), ["password"]);
    }
}
