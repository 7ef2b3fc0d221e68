//! Whose a person is: other directories, administrators, the person themselves, and sign-ins from identity providers.

use muster_directory::directory_provider::update::Update as ProviderUpdate;
use muster_directory::identity_provider::link::{EmailVerified, Identity, Resolve};
use muster_directory::user::set_password::{Proof, SetPassword};
use muster_directory::user::{State, update::Update};
use muster_directory::{Error, administrator};
use muster_testkit::{both, hash, object};
use serde_json::{Map, Value, json};

use crate::world::{Feeder, id, op};

both! {
    async fn what_a_directory_feeds_is_read_only_elsewhere(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({"title": "Engineer", "urn:muster:params:scim:schemas:extension:custom:2.0:User": {"team": "blue"}})).await;
        let ana = ana.parse().unwrap();
        let change = |patch: Value| t.write(t.acme, Update::profile(ana, object(patch)));
        for (patch, field) in [
            (json!({"jobTitle": "Boss"}), "jobTitle"),
            (json!({"attributes": [{"name": "team", "value": "red"}]}), "attributes.team"),
            (json!({"attributes": []}), "attributes.team"),
            (json!({"restrictedFields": []}), "restrictedFields"),
        ] {
            let Err(Error::Invalid(fields)) = change(patch).await else { panic!("{field}") };
            assert_eq!(fields[0].field, field);
            assert!(fields[0].message.contains("\"HR\""), "{}", fields[0].message);
        }
        let rename = Update { username: Some("mallory".into()), email: Some("m@evil.test".into()), ..Update::profile(ana, Map::new()) };
        let Err(Error::Invalid(fields)) = t.write(t.acme, rename).await else { panic!() };
        assert_eq!(fields.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(), ["email", "username"]);
        let password = SetPassword { id: ana, hash: hash("x"), proof: Proof::Administrator };
        assert!(matches!(t.write(t.acme, password).await, Err(Error::Denied(_))));
        // What it does not feed, and whether they may come in, is still ours to say.
        change(json!({"location": "Berlin", "attributes": [{"name": "team", "value": "blue"}, {"name": "seat", "value": "4"}]})).await.unwrap();
        t.write(t.acme, Update { state: Some(State::Suspended), ..Update::profile(ana, Map::new()) }).await.unwrap();
        assert_eq!(hr.get(&format!("/Users/{ana}")).await.expect(200)["active"], json!(false));
        // A change by the directory leaves it.
        hr.patch(&format!("/Users/{ana}"), op("replace", "title", json!("Lead"))).await.expect(200);
        let user = hr.stored(&ana.text()).await.unwrap();
        assert_eq!((user.profile.location.as_deref(), user.profile.attributes.len()), (Some("Berlin"), 2));
    }

    async fn nobody_elses_is_seen_or_touched(t) {
        let (hr, it) = (Feeder::new(t, t.acme, "HR").await, Feeder::new(t, t.acme, "IT").await);
        let blue = Feeder::new(t, t.blue, "HR").await;
        let ana = it.person("ana", json!({"externalId": "1"})).await;
        let group = it.group("IT", &[&ana]).await;
        let by_hand = t.person(t.acme, "bo").await.id.text();
        let admin = t.acme.admin.text();
        for feeder in [&hr, &blue] {
            for id in [&ana, &by_hand, &admin] {
                let path = format!("/Users/{id}");
                feeder.get(&path).await.refused(404);
                feeder.patch(&path, op("replace", "active", json!(false))).await.refused(404);
                feeder.put(&path, json!({"userName": "x"})).await.refused(404);
                feeder.delete(&path).await.refused(404);
                assert_eq!(feeder.find("/Users", &format!("id eq \"{id}\"")).await.len(), 0);
            }
            for filter in ["userName eq \"ana\"", "externalId eq \"1\"", "userName pr", "emails.value eq \"ana@acme.test\""] {
                assert_eq!(feeder.find("/Users", filter).await.len(), 0, "{filter}");
            }
            feeder.get(&format!("/Groups/{group}")).await.refused(404);
            feeder.delete(&format!("/Groups/{group}")).await.refused(404);
            assert_eq!(feeder.find("/Groups", &format!("members.value eq \"{ana}\"")).await.len(), 0);
            assert_eq!(feeder.get("/Users").await.expect(200)["totalResults"], json!(0));
        }
        // The same name of another directory is another person's.
        let other = hr.person("ana2", json!({"externalId": "1"})).await;
        assert_eq!(hr.find("/Users", "externalId eq \"1\"").await, ["ana2"]);
        assert_ne!(other, ana);
        blue.person("ana", json!({"externalId": "1"})).await;
        assert!(it.get(&format!("/Users/{ana}")).await.expect(200)["active"] == json!(true));
    }

    async fn who_is_here_already_is_told_or_taken_over_by_e_mail_alone(t) {
        let bo = t.person(t.acme, "bo@acme.test").await;
        let hr = Feeder::new(t, t.acme, "HR").await;
        let again = json!({"userName": "bo2", "emails": [{"value": "BO@acme.test"}]});
        assert_eq!(hr.post("/Users", again.clone()).await.refused(409), "uniqueness");
        assert_eq!(hr.post("/Users", json!({"userName": "BO.acme.test"})).await.refused(409), "uniqueness");
        assert_eq!(hr.post("/Users", json!({"userName": "x", "externalId": bo.id.text()})).await.expect(201)["userName"], "x");
        let hr = hr.adopting(10).await;
        let told = hr.post("/Users", again.clone()).await.expect(201);
        assert_eq!((id(&told), &told["userName"]), (bo.id.text(), &json!("bo2")));
        assert_eq!(hr.post("/Users", again.clone()).await.refused(409), "uniqueness", "once");
        // One of less rank may not, one of better rank takes over.
        let low = Feeder::new(t, t.acme, "Low").await.adopting(20).await;
        assert_eq!(low.post("/Users", again.clone()).await.refused(409), "uniqueness");
        let high = Feeder::new(t, t.acme, "High").await.adopting(1).await;
        high.post("/Users", json!({"userName": "bo3", "title": "Chief", "emails": [{"value": "bo@acme.test"}]})).await.expect(201);
        let path = format!("/Users/{}", bo.id);
        hr.patch(&path, json!([{"op": "replace", "value": {"title": "Clerk", "department": "X", "active": false, "userName": "bo4"}}])).await.expect(200);
        let user = hr.stored(&bo.id.text()).await.unwrap();
        let p = &user.profile;
        assert_eq!((p.job_title.as_deref(), p.department.as_deref(), user.username.as_str()), (Some("Chief"), Some("X"), "bo3"));
        assert_eq!(user.state, State::Activated);
        high.delete(&path).await.expect(204);
        let user = hr.stored(&bo.id.text()).await.unwrap();
        let told = (user.state, user.profile.department.as_deref());
        assert_eq!(told, (State::Suspended, Some("X")), "HR feeds them from now on, and has said that they are not active");
        hr.patch(&path, op("replace", "active", json!(true))).await.expect(200);
        assert_eq!(hr.stored(&bo.id.text()).await.unwrap().state, State::Activated, "its next word is followed");
        hr.delete(&path).await.expect(204);
        assert_eq!(hr.stored(&bo.id.text()).await.unwrap().state, State::Suspended);
    }

    async fn an_administrators_account_is_never_touched(t) {
        let (root, _) = t.administrator(t.acme, "root@acme.test", Some(muster_testkit::PASSWORD)).await;
        let before = administrator::store::get(&mut t.directory.read(), root).await.unwrap();
        let hr = Feeder::new(t, t.acme, "HR").await.adopting(1).await;
        let person = hr.person("root", json!({"externalId": root.text(), "roles": [{"value": "Administrator"}]})).await;
        assert_ne!(person, root.text());
        hr.patch(&format!("/Users/{person}"), op("replace", "active", json!(false))).await.expect(200);
        hr.delete(&format!("/Users/{person}")).await.expect(204);
        let after = administrator::store::get(&mut t.directory.read(), root).await.unwrap();
        assert_eq!((before.email, before.password_hash, before.suspended), (after.email, after.password_hash, after.suspended));
        assert!(administrator::store::reaches(&mut t.directory.read(), root, t.acme.id).await.unwrap());
    }

    async fn a_changed_e_mail_relinks_no_sign_in(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({})).await;
        let idp = t.provider(t.acme, "Okta", "https://okta.example").await;
        t.route(t.acme, idp.id, &[ana.parse().unwrap()]).await;
        let resolve = |subject: &str, email: &str| {
            let identity = Identity {
                issuer: "https://okta.example".into(), subject: subject.into(), match_value: Some(email.into()),
                email: Some(email.into()), email_verified: EmailVerified::True, issuer_is_one_organizations: true,
                linked_name: None, profile: Map::new(),
            };
            t.write(t.acme, Resolve { idp: idp.id, identity })
        };
        let linked = resolve("s-1", "ana@acme.test").await.unwrap();
        assert_eq!(linked.user.unwrap().id.text(), ana);
        // The directory gives her another's address: that one's sign-in is not hers, and hers stays.
        hr.patch(&format!("/Users/{ana}"), op("replace", "emails[primary eq true].value", json!("victor@acme.test"))).await.expect(200);
        assert_eq!(hr.stored(&ana).await.unwrap().email, "victor@acme.test");
        let other = resolve("s-2", "victor@acme.test").await.unwrap();
        assert!(other.user.is_none() && other.refusal.is_some());
        assert_eq!(resolve("s-1", "ana@acme.test").await.unwrap().user.unwrap().id.text(), ana);
    }

    async fn a_directory_that_is_turned_off_feeds_nobody(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({})).await;
        t.write(t.acme, ProviderUpdate { active: Some(false), ..ProviderUpdate::of(hr.id) }).await.unwrap();
        hr.get("/Users").await.refused(403);
        hr.delete(&format!("/Users/{ana}")).await.refused(403);
        t.write(t.acme, ProviderUpdate { active: Some(true), ..ProviderUpdate::of(hr.id) }).await.unwrap();
        hr.get("/Users").await.expect(200);
    }
}
