//! Administrators' roles where no call is about the group alone: by bulk; and the check that mends what is wrong.

use muster_db::sql;
use muster_directory::administrator::{Role, store};
use muster_directory::derived_administrator::verify::{mend, verify};
use muster_directory::directory_provider::RoleMapping;
use muster_directory::directory_provider::update::Update;
use muster_directory::{Result, change};
use muster_testkit::{Org, Test, both};
use serde_json::{Value, json};

use crate::world::{Feeder, op};

sql! {
    BREAK_TAKEN = "DELETE FROM derived_administrators WHERE org_id = $1 AND user_id = $2";
    BREAK_GIVEN = "UPDATE administrator_organizations SET role = 'Administrator' WHERE org_id = $1 AND role = 'Read Only'";
    BREAK_NOTED = "UPDATE directory_providers SET gives_roles = 0 WHERE org_id = $1";
    BREAK_HELD = "INSERT INTO held_roles (org_id, provider_id, group_id, since_at) VALUES ($1, $2, $2, 1)";
    BREAK_OUT = "UPDATE users SET state = 'SUSPENDED' WHERE org_id = $1 AND id = $2";
}

async fn map(hr: &Feeder<'_>, lines: &[(&str, Role, Option<i64>)]) -> Result<()> {
    let lines = lines.iter().map(|(group, role, limit)| RoleMapping::to_role(*group, *role, *limit)).collect();
    let update = Update { role_mappings: Some(lines), confirmed: true, ..Update::of(hr.id) };
    hr.t.write(hr.org, update).await.map(drop)
}

async fn told(t: &Test, org: Org) -> Vec<String> {
    let all = store::with_roles(&mut t.directory.read(), org.id).await.unwrap();
    let people = all.into_iter().filter(|(admin, _)| admin.derived.is_some());
    people.map(|(admin, role)| format!("{} {}", admin.email.split('@').next().unwrap(), role.word())).collect()
}

async fn bulk(hr: &Feeder<'_>, operations: Value) -> Vec<Value> {
    let told = hr.post("/Bulk", json!({"Operations": operations})).await.expect(200);
    told["Operations"].as_array().unwrap().clone()
}

fn made(told: &[Value], at: usize) -> String {
    told[at]["location"].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

both! {
    async fn a_role_comes_and_goes_by_bulk(t) {
        let hr = Feeder::new(t, t.acme, "Okta").await;
        map(&hr, &[("Admins", Role::Administrator, Some(2)), ("Audit", Role::ReadOnly, None)]).await.unwrap();
        let user = |name: &str| json!({"method": "POST", "path": "/Users", "bulkId": name, "data": {
            "userName": name, "emails": [{"value": format!("{name}@acme.test"), "primary": true}]}});
        let made_all = bulk(&hr, json!([
            {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Admins", "members": [{"value": "bulkId:ana"}]}},
            {"method": "POST", "path": "/Groups", "bulkId": "h", "data": {"displayName": "Audit", "members": [{"value": "bulkId:bo"}]}},
            user("ana"), user("bo"), user("cy"),
        ])).await;
        assert_eq!(told(t, t.acme).await, ["ana Administrator", "bo Read Only"]);
        let (admins, audit) = (made(&made_all, 0), made(&made_all, 1));
        let [ana, bo, cy] = [2, 3, 4].map(|at| made(&made_all, at));
        let path = format!("/Groups/{admins}");
        let patch = |path: &str, operations: Value| json!({"method": "PATCH", "path": path, "data": {"Operations": operations}});
        let take = |id: &str| op("remove", &format!("members[value eq \"{id}\"]"), Value::Null);
        // Taken and given in one call.
        bulk(&hr, json!([patch(&path, take(&ana)), patch(&path, op("add", "members", json!([{"value": bo}])))])).await;
        assert_eq!(told(t, t.acme).await, ["bo Administrator"]);
        // More than the mapping allows: nobody new, whichever call it is of.
        bulk(&hr, json!([patch(&path, op("add", "members", json!([{"value": ana}, {"value": cy}])))])).await;
        assert_eq!(told(t, t.acme).await, ["bo Administrator"], "those who have it keep it");
        // With the person, by PUT and DELETE.
        bulk(&hr, json!([
            {"method": "PUT", "path": format!("/Users/{bo}"), "data": {"userName": "bo", "active": false, "emails": [{"value": "bo@acme.test"}]}},
            {"method": "DELETE", "path": format!("/Groups/{audit}")},
        ])).await;
        assert!(told(t, t.acme).await.is_empty(), "the group is still too large to give");
        bulk(&hr, json!([patch(&path, take(&cy)), {"method": "DELETE", "path": format!("/Users/{bo}")}])).await;
        assert_eq!(told(t, t.acme).await, ["ana Administrator"]);
        bulk(&hr, json!([{"method": "DELETE", "path": path}])).await;
        assert!(told(t, t.acme).await.is_empty());
    }

    async fn what_is_wrong_is_told_and_mended(t) {
        let hr = Feeder::new(t, t.acme, "Okta").await;
        let (ana, bo) = (hr.person("ana", json!({})).await, hr.person("bo", json!({})).await);
        map(&hr, &[("Admins", Role::Administrator, None), ("Audit", Role::ReadOnly, None)]).await.unwrap();
        hr.group("Admins", &[&ana]).await;
        hr.group("Audit", &[&bo]).await;
        let right = ["ana Administrator", "bo Read Only"];
        assert_eq!(told(t, t.acme).await, right);
        assert!(mend(&t.directory, t.acme.id).await.unwrap().is_empty(), "nothing is wrong");
        let org = t.acme.id;
        let logged = async || change::store::after(&mut t.directory.read(), org, 0, i64::MAX).await.unwrap().len();
        let before = logged().await;
        let db = t.directory.db();
        for (what, words) in [("taken", "nobody's"), ("given", "should be"), ("noted", "are noted"), ("held", "are held"), ("out", "should be None")] {
            match what {
                "taken" => db.exec(&BREAK_TAKEN, &[(&org).into(), ana.as_str().into()]).await.unwrap(),
                "given" => db.exec(&BREAK_GIVEN, &[(&org).into()]).await.unwrap(),
                "noted" => db.exec(&BREAK_NOTED, &[(&org).into()]).await.unwrap(),
                "held" => db.exec(&BREAK_HELD, &[(&org).into(), (&hr.id).into()]).await.unwrap(),
                _ => db.exec(&BREAK_OUT, &[(&org).into(), bo.as_str().into()]).await.unwrap(),
            };
            let wrong = mend(&t.directory, org).await.unwrap();
            assert!(wrong.iter().any(|problem| problem.contains(words)), "{what}: {wrong:?}");
            assert!(verify(&mut t.directory.read(), org).await.unwrap().is_empty(), "{what}");
            let is = told(t, t.acme).await;
            if what == "out" { assert_eq!(is, ["ana Administrator"]) } else { assert_eq!(is, right, "{what}") }
        }
        assert!(logged().await > before, "who was given and taken a role is in the log");
        assert!(told(t, t.blue).await.is_empty());
    }
}
