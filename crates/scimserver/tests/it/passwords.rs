//! Passwords that a directory pushes: passed over, or taken where that is turned on.

use muster_base::Secret;
use muster_directory::directory_provider::update::Update;
use muster_directory::password::prepare;
use muster_directory::user::Authority;
use muster_directory::user::set_password::{Proof, SetPassword};
use muster_directory::{Error, administrator, change};
use muster_testkit::{PASSWORD, both};
use serde_json::json;

use crate::world::{Feeder, id, op};

const OTHER: &str = "Quiet-Harbor-31-violet";

async fn taking<'t>(feeder: Feeder<'t>) -> Feeder<'t> {
    turn(&feeder, true).await;
    feeder
}

async fn turn(feeder: &Feeder<'_>, passwords: bool) {
    feeder.t.write(feeder.org, Update { passwords: Some(passwords), ..Update::of(feeder.id) }).await.unwrap();
}

/// Whether a person has this password.
async fn has(feeder: &Feeder<'_>, id: &str, password: &str) -> bool {
    let hash = feeder.stored(id).await.unwrap().password_hash;
    hash.is_some() && feeder.t.directory.hasher().verify(hash, &Secret::new(password)).await.unwrap()
}

both! {
    async fn without_the_option_a_password_is_passed_over_and_the_configuration_says_so(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let ana = hr.person("ana", json!({"password": PASSWORD})).await;
        hr.patch(&format!("/Users/{ana}"), op("replace", "password", json!("x"))).await.expect(200);
        assert!(hr.stored(&ana).await.unwrap().password_hash.is_none());
        let supported = async || hr.get("/ServiceProviderConfig").await.expect(200)["changePassword"]["supported"].clone();
        assert_eq!(supported().await, json!(false));
        turn(&hr, true).await;
        assert_eq!(supported().await, json!(true));
    }

    async fn a_password_is_set_by_every_operation_and_told_by_none(t) {
        let hr = taking(Feeder::new(t, t.acme, "HR").await).await;
        let told = hr.post("/Users", json!({"userName": "ana", "emails": [{"value": "ana@acme.test"}], "password": PASSWORD})).await.expect(201);
        let ana = id(&told);
        assert!(told.get("password").is_none() && has(&hr, &ana, PASSWORD).await);
        assert!(t.mailed_links().await.is_empty(), "nobody is asked to choose one");
        let path = format!("/Users/{ana}");
        let session = || async { t.sessions(t.acme, ana.parse().unwrap()).await.len() };
        t.session(Some(t.acme), ana.parse().unwrap()).await;
        // The same once more, as it is told with every change, is no change: sessions go on.
        let (_, hashes) = t.hashes(hr.patch(&path, json!([{"op": "replace", "value": {"title": "Lead", "password": PASSWORD}}]))).await;
        assert_eq!((hashes, session().await), (1, 1), "looked at, not hashed anew");
        let told = hr.patch(&path, op("replace", "password", json!(OTHER))).await.expect(200);
        assert!(told.get("password").is_none() && has(&hr, &ana, OTHER).await);
        assert_eq!(session().await, 0, "as after every change of a password");
        let told = hr.put(&path, json!({"userName": "ana", "emails": [{"value": "ana@acme.test"}], "password": PASSWORD})).await.expect(200);
        assert!(told.get("password").is_none() && has(&hr, &ana, PASSWORD).await);
        hr.put(&path, json!({"userName": "ana", "emails": [{"value": "ana@acme.test"}]})).await.expect(200);
        assert!(has(&hr, &ana, PASSWORD).await, "what is not said stays");
        let all = hr.get("/Users?attributes=password,userName").await.expect(200).to_string();
        assert!(!all.contains("assword\""), "{all}");
        let log = change::store::after(&mut t.directory.read(), t.acme.id, 0, 1_000).await.unwrap();
        assert_eq!(log.iter().filter(|e| e.kind == "user_password_set").count(), 2);
        let kept = format!("{log:?} {:?} {:?}", hr.stored(&ana).await.unwrap(), hr.get(&path).await.body);
        assert!(!kept.contains(PASSWORD) && !kept.contains(OTHER) && !format!("{log:?}").contains("$argon2"));
    }

    async fn a_password_that_the_rules_refuse_names_the_rule_and_is_not_repeated(t) {
        let hr = taking(Feeder::new(t, t.acme, "HR").await).await;
        let ana = hr.person("ana", json!({"password": PASSWORD})).await;
        let path = format!("/Users/{ana}");
        for answer in [
            hr.post("/Users", json!({"userName": "bo", "password": "Sh0rt!"})).await,
            hr.patch(&path, op("replace", "password", json!("Sh0rt!"))).await,
            hr.put(&path, json!({"userName": "ana", "password": "Sh0rt!"})).await,
        ] {
            let body = answer.body.to_string();
            assert!(body.contains("password: ") && !body.contains("Sh0rt!"), "{body}");
            assert_eq!(answer.refused(400), "invalidValue");
        }
        assert!(has(&hr, &ana, PASSWORD).await);
        assert_eq!(hr.find("/Users", "userName eq \"bo\"").await.len(), 0, "nobody was made");
    }

    async fn nobody_elses_password_is_set(t) {
        let (root, _) = t.administrator(t.acme, "root@acme.test", Some(PASSWORD)).await;
        let before = administrator::store::get(&mut t.directory.read(), root).await.unwrap();
        let hr = taking(Feeder::new(t, t.acme, "HR").await.adopting(10).await).await;
        // A person with the address of an administrator is not the administrator.
        let person = hr.person("root", json!({"password": OTHER})).await;
        hr.patch(&format!("/Users/{person}"), op("replace", "password", json!(OTHER))).await.expect(200);
        hr.patch(&format!("/Users/{root}"), op("replace", "password", json!(OTHER))).await.refused(404);
        let after = administrator::store::get(&mut t.directory.read(), root).await.unwrap();
        assert_eq!(before.password_hash, after.password_hash);
        // Nor anybody whom it does not feed, of its organization or another one.
        let (by_hand, blue) = (t.person(t.acme, "bo").await, t.person(t.blue, "cy").await);
        for one in [&by_hand, &blue] {
            hr.patch(&format!("/Users/{}", one.id), op("replace", "password", json!(OTHER))).await.refused(404);
        }
        assert_eq!(t.stored(t.acme, by_hand.id).await.password_hash, by_hand.password_hash);
        assert_eq!(t.stored(t.blue, blue.id).await.password_hash, blue.password_hash);
        // Of two directories that feed somebody only the better one's is taken.
        let high = taking(Feeder::new(t, t.acme, "High").await.adopting(1).await).await;
        let dee = hr.person("dee", json!({"password": PASSWORD})).await;
        assert_eq!(id(&high.post("/Users", json!({"userName": "dee", "emails": [{"value": "dee@acme.test"}]})).await.expect(201)), dee);
        hr.patch(&format!("/Users/{dee}"), op("replace", "password", json!(OTHER))).await.expect(200);
        assert!(has(&hr, &dee, PASSWORD).await, "the worse one's is not");
        high.patch(&format!("/Users/{dee}"), op("replace", "password", json!(OTHER))).await.expect(200);
        assert!(has(&hr, &dee, OTHER).await);
        // Where an identity provider decides, no directory does.
        t.federate(t.acme, by_hand.id).await;
        let taken = high.post("/Users", json!({"userName": "bo", "emails": [{"value": by_hand.email}], "password": OTHER})).await.expect(201);
        assert_eq!(id(&taken), by_hand.id.text());
        assert_eq!(t.stored(t.acme, by_hand.id).await.password_hash, by_hand.password_hash);
    }

    async fn turned_off_again_whoever_has_a_password_keeps_it_and_nobody_else_is_let_in(t) {
        let hr = Feeder::new(t, t.acme, "HR").await.adopting(10).await;
        // Dee had a password before the directory took her over: she is kept off it, and nothing is said of her while it is on.
        let dee = t.person(t.acme, "dee").await;
        hr.post("/Users", json!({"userName": "dee", "emails": [{"value": dee.email}]})).await.expect(201);
        turn(&hr, true).await;
        let ana = hr.person("ana", json!({"password": PASSWORD})).await;
        let bo = hr.person("bo", json!({})).await;
        turn(&hr, false).await;
        let cy = hr.person("cy", json!({"password": OTHER})).await;
        let all = [&ana, &bo, &cy, &dee.id.text()];
        // What it says of them later ("again") changes nothing of it.
        for title in ["Chef", "Boss"] {
            for id in all {
                let operations = json!([
                    {"op": "replace", "path": "title", "value": title}, {"op": "replace", "path": "password", "value": OTHER},
                ]);
                hr.patch(&format!("/Users/{id}"), operations).await.expect(200);
            }
            let mut authorities = Vec::new();
            for id in all {
                authorities.push(t.stored(t.acme, id.parse().unwrap()).await.authority());
            }
            assert_eq!(authorities, [Authority::Muster, Authority::Scim, Authority::Scim, Authority::Scim]);
        }
        assert!(has(&hr, &ana, PASSWORD).await, "not the one that was pushed since");
        assert!(hr.stored(&cy).await.unwrap().password_hash.is_none());
        // Ana's is hers: set by hand it stays.
        let user = t.stored(t.acme, ana.parse().unwrap()).await;
        assert!(user.password_hash.is_some());
        let hash = prepare(&t.directory, &user, &Secret::new(OTHER.to_owned())).await.unwrap();
        t.write(t.acme, SetPassword { id: user.id, hash, proof: Proof::Administrator }).await.unwrap();
        hr.patch(&format!("/Users/{ana}"), op("replace", "title", json!("Chief"))).await.expect(200);
        assert!(has(&hr, &ana, OTHER).await);
        // A directory that we read has none to give.
        let read = t.directory.env().id();
        let make = muster_directory::directory_provider::create::Create {
            id: read, name: "L".into(), kind: muster_directory::directory_provider::ProviderType::Ldap,
        };
        t.write(t.acme, make).await.unwrap();
        let on = Update { passwords: Some(true), ..Update::of(read) };
        assert!(matches!(t.write(t.acme, on).await, Err(Error::Invalid(fields)) if fields[0].field == "passwords"));
    }
}
