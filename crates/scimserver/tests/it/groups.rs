//! Pushed groups: who is in them, what they give, and who may change them.

use std::collections::BTreeSet;

use axum::body::Body;
use muster_directory::directory_provider::RoleMapping;
use muster_directory::directory_provider::update::Update;
use muster_directory::group::{self, Input, verify};
use muster_directory::{Error, Result};
use muster_testkit::{Test, both};
use serde_json::{Value, json};

use crate::world::{Feeder, id, op};

async fn members(t: &Test, group: &str) -> BTreeSet<String> {
    let found = group::store::members(&mut t.directory.read(), t.acme.id, group.parse().unwrap()).await.unwrap();
    found.keys().map(muster_base::Id::text).collect()
}

async fn local(t: &Test, name: &str) -> muster_base::Id {
    let input = Input { name: Some(name.into()), ..Input::default() };
    t.write(t.acme, group::create::Create::of_users(input)).await.unwrap().id
}

/// What is derived of groups is right.
async fn sound(t: &Test) {
    let found = verify::verify(&mut t.directory.read(), t.acme.id, t.clock.now()).await.unwrap();
    assert!(found.is_empty(), "{found:?}");
}

fn set(ids: &[&str]) -> BTreeSet<String> {
    ids.iter().map(ToString::to_string).collect()
}

fn refused<T>(result: Result<T>) {
    let Err(Error::Denied(message)) = result else { panic!("not refused") };
    assert!(message.contains("HR"), "{message}");
}

both! {
    async fn a_group_that_lost_a_member_has_another_version(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let (ana, bo) = (hr.person("ana", json!({})).await, hr.person("bo", json!({})).await);
        let inner = hr.group("Inner", &[&bo]).await;
        let path = format!("/Groups/{}", hr.group("Sales", &[&ana, &inner]).await);
        for gone in [format!("/Users/{ana}"), format!("/Groups/{inner}")] {
            let told = hr.get(&path).await;
            let version = told.headers["etag"].clone();
            let before = told.expect(200)["meta"]["lastModified"].clone();
            t.later(1);
            hr.delete(&gone).await.expect(204);
            let asked = hr.request("GET", &path).header("if-none-match", version).body(Body::empty()).unwrap();
            let told = hr.send(asked).await.expect(200);
            assert_ne!(told["meta"]["lastModified"], before, "{gone}");
        }
        assert!(hr.get(&path).await.expect(200).get("members").is_none());
    }

    async fn members_that_are_not_understood_are_refused_and_nobody_is_lost(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let (ana, bo) = (hr.person("ana", json!({})).await, hr.person("bo", json!({})).await);
        let path = format!("/Groups/{}", hr.group("Sales", &[&ana, &bo]).await);
        let both = async || hr.get(&path).await.expect(200)["members"].as_array().unwrap().len();
        for value in [
            json!([{"id": ana}]), json!([{"display": "ana"}]), json!([{}]), json!([{"value": ana}, {"value": null}]),
            json!({"members": [{"value": ana}]}), json!(format!(r#"[{{"value":"{ana}"}}]"#)), json!([null]),
        ] {
            for verb in ["add", "replace", "remove"] {
                assert_eq!(hr.patch(&path, op(verb, "members", value.clone())).await.refused(400), "invalidValue", "{verb} {value}");
                let bare = json!([{"op": verb, "value": {"members": value}}]);
                assert_eq!(hr.patch(&path, bare).await.refused(400), "invalidValue", "{verb} {value}");
            }
            let whole = json!({"displayName": "Sales", "members": value});
            assert_eq!(hr.put(&path, whole.clone()).await.refused(400), "invalidValue", "{value}");
            let made = json!({"displayName": "Others", "members": value});
            assert_eq!(hr.post("/Groups", made).await.refused(400), "invalidValue", "{value}");
        }
        let unknown = hr.patch(&path, op("remove", "members[display eq \"ana\"]", Value::Null)).await;
        assert_eq!(unknown.refused(400), "invalidFilter");
        // A part of all of them is no way to take them out.
        assert_eq!(hr.patch(&path, op("remove", "members.value", Value::Null)).await.refused(400), "mutability");
        assert_eq!(both().await, 2);
        hr.patch(&path, op("remove", "members", json!([{"value": ana}]))).await.expect(204);
        assert_eq!(both().await, 1);
    }

    async fn members_come_and_go_by_small_patches(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let (ana, bo, cy) = (hr.person("ana", json!({})).await, hr.person("bo", json!({})).await, hr.person("cy", json!({})).await);
        let group = hr.group("Staff", &[&ana]).await;
        let path = format!("/Groups/{group}");
        let answer = hr.patch(&path, op("Add", "members", json!([{"value": bo}, {"value": ana}]))).await;
        assert!(answer.headers.contains_key("etag"));
        answer.expect(204);
        assert_eq!(members(t, &group).await, set(&[&ana, &bo]));
        hr.patch(&path, op("remove", &format!("members[value eq \"{ana}\"]"), json!(null))).await.expect(204);
        hr.patch(&path, op("remove", "members", json!([{"value": bo}, {"value": "nobody"}]))).await.expect(204);
        assert_eq!(members(t, &group).await, set(&[]));
        hr.patch(&path, op("replace", "members", json!([{"value": cy}]))).await.expect(204);
        assert_eq!(members(t, &group).await, set(&[&cy]));
        let told = hr.get(&path).await.expect(200);
        assert_eq!((&told["members"][0]["value"], &told["members"][0]["type"]), (&json!(cy), &json!("User")));
        let groups = hr.get(&format!("/Users/{cy}")).await.expect(200)["groups"].clone();
        assert_eq!((&groups[0]["value"], &groups[0]["display"], &groups[0]["type"]), (&json!(group), &json!("Staff"), &json!("direct")));
        hr.patch(&path, op("remove", "members", Value::Null)).await.expect(204);
        assert!(hr.get(&path).await.expect(200).get("members").is_none());
        sound(t).await;
    }

    async fn a_group_is_renamed_replaced_and_removed(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let (ana, bo) = (hr.person("ana", json!({})).await, hr.person("bo", json!({})).await);
        let group = hr.group("Staff", &[&ana]).await;
        let path = format!("/Groups/{group}");
        hr.patch(&path, json!([{"op": "replace", "value": {"id": group, "displayName": "All staff", "externalId": "g1"}}])).await.expect(204);
        let told = hr.put(&path, json!({"displayName": "Everybody", "members": [{"value": bo}]})).await.expect(200);
        assert_eq!((&told["displayName"], told.get("externalId")), (&json!("Everybody"), None));
        assert_eq!(members(t, &group).await, set(&[&bo]));
        let inner = hr.group("Inner", &[&ana]).await;
        hr.patch(&path, op("add", "members", json!([{"value": inner, "type": "Group"}]))).await.expect(204);
        assert_eq!(members(t, &group).await, set(&[&ana, &bo]));
        assert_eq!(hr.get(&path).await.expect(200)["members"][1]["type"], "Group");
        hr.patch(&format!("/Groups/{inner}"), op("add", "members", json!([{"value": group}]))).await.refused(400);
        hr.delete(&format!("/Groups/{inner}")).await.expect(204);
        assert_eq!(members(t, &group).await, set(&[&bo]));
        hr.delete(&path).await.expect(204);
        hr.get(&path).await.refused(404);
        sound(t).await;
    }

    async fn members_are_those_whom_this_directory_sent(t) {
        let (hr, it) = (Feeder::new(t, t.acme, "HR").await, Feeder::new(t, t.acme, "IT").await);
        let theirs = it.person("ana", json!({})).await;
        let their_group = it.group("IT", &[]).await;
        let by_hand = t.person(t.acme, "bo").await.id.text();
        let group = hr.group("Staff", &[]).await;
        for id in [&theirs, &their_group, &by_hand, &t.acme.admin.text(), &"x".to_owned()] {
            let refused = hr.patch(&format!("/Groups/{group}"), op("add", "members", json!([{"value": id}]))).await;
            assert_eq!(refused.refused(400), "invalidValue", "{id}");
        }
        assert_eq!(members(t, &group).await, set(&[]));
    }

    async fn names_are_taken_once_and_the_group_is_read_only_elsewhere(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        local(t, "Local").await;
        assert_eq!(hr.post("/Groups", json!({"displayName": "local"})).await.refused(409), "uniqueness");
        let ana = hr.person("ana", json!({})).await;
        let group: muster_base::Id = hr.group("Staff", &[&ana]).await.parse().unwrap();
        let bo = t.person(t.acme, "bo").await.id;
        refused(t.write(t.acme, group::members::Change::of_user(group, bo, true)).await);
        refused(t.write(t.acme, group::members::Change::of_user(group, ana.parse().unwrap(), false)).await);
        refused(t.write(t.acme, group::delete::Delete::of_users(group)).await);
        let input = Input { name: Some("Mine".into()), ..Input::default() };
        refused(t.write(t.acme, group::update::Update::of_users(group, input)).await);
        let nested = Input { nested: Some(vec![local(t, "L2").await]), ..Input::default() };
        refused(t.write(t.acme, group::update::Update::of_users(group, nested)).await);
        // What says nothing of who is in it may be noted here.
        let note = Input { name: Some("Staff".into()), description: Some("From HR".into()), ..Input::default() };
        t.write(t.acme, group::update::Update::of_users(group, note)).await.unwrap();
    }

    async fn a_mapping_gives_a_local_group_and_takes_it_again(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let local = local(t, "Finance folder").await;
        let (ana, bo) = (hr.person("ana", json!({})).await, hr.person("bo", json!({})).await);
        let pushed = hr.group("Finance", &[&ana]).await;
        let map = |mappings: Vec<RoleMapping>| t.write(t.acme, Update { role_mappings: Some(mappings), ..Update::of(hr.id) });
        let mapping = |group: &str| RoleMapping::to_group(group, local);
        map(vec![mapping("finance"), mapping("Later")]).await.unwrap();
        assert_eq!(members(t, &local.text()).await, set(&[&ana]));
        // A group that is pushed later is met by its name.
        let later = hr.group("Later", &[&bo]).await;
        assert_eq!(members(t, &local.text()).await, set(&[&ana, &bo]));
        hr.patch(&format!("/Groups/{later}"), op("replace", "displayName", json!("Other"))).await.expect(204);
        assert_eq!(members(t, &local.text()).await, set(&[&ana]));
        hr.patch(&format!("/Groups/{pushed}"), op("remove", &format!("members[value eq \"{ana}\"]"), Value::Null)).await.expect(204);
        assert_eq!(members(t, &local.text()).await, set(&[]));
        hr.patch(&format!("/Groups/{pushed}"), op("add", "members", json!([{"value": ana}, {"value": bo}]))).await.expect(204);
        hr.delete(&format!("/Users/{ana}")).await.expect(204);
        assert_eq!(members(t, &local.text()).await, set(&[&bo]));
        map(Vec::new()).await.unwrap();
        assert_eq!(members(t, &local.text()).await, set(&[]));
        // Only into groups of our own.
        let Err(Error::Invalid(fields)) = map(vec![RoleMapping::to_group("x", pushed.parse().unwrap())]).await else { panic!() };
        assert_eq!(fields[0].field, "roleMappings[0].userGroup");
        sound(t).await;
    }

    async fn what_groups_give_ends_with_the_group_and_with_the_directory(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let local = local(t, "Folder").await;
        let ana = hr.person("ana", json!({})).await;
        let pushed = hr.group("Finance", &[&ana]).await;
        let mappings = vec![RoleMapping::to_group("Finance", local)];
        t.write(t.acme, Update { role_mappings: Some(mappings), ..Update::of(hr.id) }).await.unwrap();
        hr.delete(&format!("/Groups/{pushed}")).await.expect(204);
        assert_eq!(members(t, &local.text()).await, set(&[]));
        let again = hr.group("Finance", &[&ana]).await;
        assert_eq!(members(t, &local.text()).await, set(&[&ana]));
        let actor = muster_directory::Actor::admin(t.acme.admin, None);
        muster_directory::directory_provider::delete::delete(&t.directory, &actor, t.acme.id, hr.id).await.unwrap();
        assert_eq!(members(t, &local.text()).await, set(&[]));
        // People and groups stay, as ones of our own.
        assert!(hr.stored(&ana).await.unwrap().profile.restricted_fields.is_empty());
        t.write(t.acme, group::delete::Delete::of_users(again.parse().unwrap())).await.unwrap();
        hr.get("/Users").await.refused(401);
    }

    async fn one_member_more_of_a_large_group_is_not_dearer(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let mut ids = Vec::new();
        for n in 0..60 {
            ids.push(hr.person(&format!("u{n}"), json!({})).await);
        }
        let all: Vec<&str> = ids.iter().map(String::as_str).collect();
        let (small, large) = (hr.group("Small", &all[..2]).await, hr.group("Large", &all[..55]).await);
        // What is kept of the rules is read by the first change after a group was made.
        hr.patch(&format!("/Groups/{small}"), op("add", "members", json!([{"value": ids[58]}]))).await.expect(204);
        let mut costs = Vec::new();
        for group in [small, large] {
            let change = op("add", "members", json!([{"value": ids[59]}]));
            let before = t.directory.db().counts().statements;
            hr.patch(&format!("/Groups/{group}"), change).await.expect(204);
            costs.push(t.directory.db().counts().statements - before);
        }
        assert_eq!(costs[0], costs[1], "statements");
    }

    async fn bulk_makes_what_refers_to_each_other(t) {
        let hr = Feeder::new(t, t.acme, "HR").await;
        let operations = json!([
            {"method": "POST", "path": "/Groups", "bulkId": "g", "data": {"displayName": "Staff", "members": [{"value": "bulkId:ana"}]}},
            {"method": "POST", "path": "/Users", "bulkId": "ana", "data": {"userName": "ana"}},
            {"method": "POST", "path": "/Users", "bulkId": "twice", "data": {"userName": "ANA"}},
            {"method": "PATCH", "path": "/Users/bulkId:ana", "data": {"Operations": op("replace", "title", json!("A"))}},
            {"method": "DELETE", "path": "/Users/bulkId:nobody"},
        ]);
        let told = hr.post("/Bulk", json!({"Operations": operations})).await.expect(200);
        let statuses: Vec<&str> = told["Operations"].as_array().unwrap().iter().map(|o| o["status"].as_str().unwrap()).collect();
        assert_eq!(statuses, ["201", "201", "409", "200", "409"]);
        assert_eq!(told["Operations"][2]["response"]["scimType"], "uniqueness");
        let group = told["Operations"][0]["location"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        assert_eq!(members(t, &group).await.len(), 1);
        let stop = json!({"failOnErrors": 1, "Operations": [
            {"method": "DELETE", "path": "/Users/5f3a1c2e9d8b7a6f5e4d3c2b"},
            {"method": "POST", "path": "/Users", "bulkId": "b", "data": {"userName": "bo"}},
        ]});
        let told = hr.post("/Bulk", stop).await.expect(200);
        assert_eq!(told["Operations"].as_array().unwrap().len(), 1);
        assert!(id(&hr.get("/Users?count=1").await.expect(200)["Resources"][0]).len() == 24);
    }
}
