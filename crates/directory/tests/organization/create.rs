use muster_base::Id;
use muster_directory::organization::create::{Create, create};
use muster_directory::organization::{Organization, provider, store};
use muster_directory::{Actor, Result, change, group};

use crate::harness::{Test, conflict, fields, is_missing};

async fn make(t: &Test, name: &str, slug: Option<&str>, admin: Option<Id>) -> Result<Organization> {
    let input = Create { id: t.d.env().id(), name: name.into(), slug: slug.map(Into::into), provider_id: None };
    create(&t.d, Actor::command_line(), input, admin).await
}

both! {
    async fn begins_with_all_users_and_its_administrator(t) {
        let made = make(t, " Söhne & Co ", None, Some(t.acme.admin)).await.unwrap();
        assert_eq!((made.display_name.as_str(), made.slug.as_str()), ("Söhne & Co", "s-hne-co"));
        let mut s = t.d.read();
        let groups = group::store::all(&mut s, made.id).await.unwrap();
        assert_eq!(groups.into_iter().map(|g| g.name).collect::<Vec<_>>(), ["All Users"]);
        assert!(muster_directory::administrator::store::reaches(&mut s, t.acme.admin, made.id).await.unwrap());
        let kinds: Vec<String> =
            change::store::after(&mut s, made.id, 0, 20).await.unwrap().into_iter().map(|e| e.kind).collect();
        let made_groups = vec!["group_create"; group::model::default_groups().len()];
        assert_eq!(kinds, [vec!["organization_create"], made_groups, vec!["admin_create"]].concat());
        assert_eq!(store::by_slug(&mut s, "s-hne-co").await.unwrap().map(|o| o.id), Some(made.id));
    }

    async fn a_slug_is_made_or_chosen_and_unique(t) {
        assert_eq!(make(t, "Acme", None, None).await.unwrap().slug, "acme-2");
        assert_eq!(make(t, "Acme", None, None).await.unwrap().slug, "acme-3");
        assert!(conflict(make(t, "Other", Some("acme"), None).await).starts_with("slug:"));
        assert_eq!(fields(make(t, "", Some("Not Good"), None).await), ["name", "slug"]);
        assert_eq!(fields(make(t, "Login", Some("login"), None).await), ["slug"]);
        assert_eq!(make(t, "Login", None, None).await.unwrap().slug, "org-login");
    }

    /// All of it or nothing: without its administrator there is no organization either.
    async fn nothing_is_left_half_made(t) {
        let before = store::count(&mut t.d.read()).await.unwrap();
        assert!(is_missing(make(t, "Third", None, Some(t.d.env().id())).await));
        assert_eq!(store::count(&mut t.d.read()).await.unwrap(), before);
        assert_eq!(make(t, "Third", None, None).await.unwrap().slug, "third");
    }

    async fn of_two_with_one_name_at_once_both_are_made(t) {
        let (a, b) = tokio::join!(make(t, "Twin", None, None), make(t, "Twin", None, None));
        let mut slugs: Vec<String> = [a, b].into_iter().flatten().map(|o| o.slug).collect();
        slugs.sort();
        assert_eq!(slugs, ["twin", "twin-2"]);
    }

    async fn is_found_by_provider_and_id(t) {
        let mut s = t.d.read();
        let of = store::of_provider(&mut s, t.provider).await.unwrap();
        assert_eq!(of.into_iter().map(|o| o.id).collect::<Vec<_>>(), [t.acme.id]);
        let names: Vec<String> =
            store::by_ids(&mut s, &[t.blue.id, t.acme.id, t.d.env().id()]).await.unwrap().into_iter().map(|o| o.display_name).collect();
        assert_eq!(names, ["Acme", "Blue"]);
        assert_eq!(provider::get(&mut s, t.provider).await.unwrap().name, "Provider");
        assert_eq!(fields(provider::create(&t.d, " ").await), ["name"]);
    }
}
