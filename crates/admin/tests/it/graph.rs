//! Edges between people, groups, applications and routing policies: one graph, from every side.

use serde_json::{Value, json};

use crate::harness::ask::{each, id};

fn edge(op: &str, kind: &str, id: &str) -> Value {
    json!({"op": op, "type": kind, "id": id})
}

both! {
    async fn a_binding_is_seen_from_every_side(t) {
        let (group, ana, (app, _)) = (t.group("Sales").await, t.person("ana").await, t.application("Wiki").await);
        t.post(&format!("/api/v2/usergroups/{group}/members"), edge("add", "user", &ana)).expect(204).await;
        let from_app = format!("/api/v2/applications/{app}/associations");
        let from_group = format!("/api/v2/usergroups/{group}/associations");
        t.post(&from_app, edge("add", "user_group", &group)).expect(204).await;
        assert_eq!(t.post(&from_group, edge("add", "application", &app)).expect(409).await.message(), "Already Exists");
        t.post(&from_group, edge("update", "application", &app)).expect(204).await;
        let counted = async || t.get("/api/applications").ok().await["results"][0]["boundUserGroups"].clone();
        assert_eq!(counted().await, json!(1));
        let bound = t.get(&format!("{from_app}?targets=user_group,user")).expect(200).await;
        assert_eq!((&bound.body, bound.header("x-total-count")), (&json!([{"to": {"id": group, "type": "user_group"}}]), Some("1")));
        assert_eq!(t.get(&format!("{from_group}?targets=application")).ok().await, json!([{"to": {"id": app, "type": "application"}}]));
        let through = json!([[
            {"to": {"id": group, "type": "user_group"}},
            {"from": {"id": group, "type": "user_group"}, "to": {"id": app, "type": "application"}}
        ]]);
        assert_eq!(t.get(&format!("/api/v2/users/{ana}/applications")).ok().await[0]["paths"], through);
        assert_eq!(each(&t.get(&format!("/api/v2/applications/{app}/users")).ok().await, "id"), [ana.as_str()]);
        assert_eq!(each(&t.get(&format!("/api/v2/applications/{app}/usergroups")).ok().await, "id"), [group.as_str()]);
        assert_eq!(each(&t.get(&format!("/api/v2/usergroups/{group}/applications")).ok().await, "id"), [app.as_str()]);
        t.post(&from_group, edge("remove", "application", &app)).expect(204).await;
        t.post(&from_app, edge("remove", "user_group", &group)).expect(404).await;
        assert_eq!(counted().await, json!(0));
        assert_eq!(t.get(&format!("/api/v2/users/{ana}/applications")).ok().await, json!([]));
    }

    async fn a_person_is_bound_directly(t) {
        let (ana, (app, _)) = (t.person("ana").await, t.application("Wiki").await);
        let path = format!("/api/v2/users/{ana}/associations");
        t.post(&path, edge("add", "application", &app)).expect(204).await;
        assert_eq!(t.get(&format!("{path}?targets=application")).ok().await.as_array().unwrap().len(), 1);
        assert_eq!(t.get(&format!("{path}?targets=system_group")).ok().await, json!([]), "not built yet binds nothing");
        t.get(&path).expect(400).await;
        t.get(&format!("{path}?targets=user")).expect(400).await;
        t.get(&format!("{path}?targets=application,shoe")).expect(400).await;
        t.post(&path, edge("add", "user_group", &ana)).expect(400).await;
        t.post(&path, edge("add", "system_group", &ana)).expect(400).await;
        t.post(&path, edge("add", "system", &ana)).expect(404).await;
        t.post(&path, edge("add", "application", "5f3a1c2e9d8b7a6f5e4d3c2b")).expect(404).await;
        t.post(&format!("/api/v2/applications/{app}/associations"), edge("add", "application", &app)).expect(400).await;
        t.get(&format!("/api/v2/applications/{app}/associations?targets=system")).expect(400).await;
        t.post("/api/v2/users/5f3a1c2e9d8b7a6f5e4d3c2b/associations", edge("add", "application", &app)).expect(404).await;
    }

    async fn memberships_are_told_with_their_reason(t) {
        let (group, ana) = (t.group("Static").await, t.person("ana").await);
        t.post(&format!("/api/v2/usergroups/{group}/members"), edge("add", "user", &ana)).expect(204).await;
        let groups = t.get(&format!("/api/v2/users/{ana}/usergroups")).ok().await;
        assert_eq!((each(&groups, "name"), each(&groups, "via")), (vec!["All Users", "Static"], vec!["rule", "direct"]));
        assert_eq!(t.get(&format!("/api/v2/users/{ana}/memberof")).expect(200).await.header("x-total-count"), Some("2"));
        assert_eq!(t.get("/api/v2/users/5f3a1c2e9d8b7a6f5e4d3c2b/memberof").ok().await, json!([]), "as JumpCloud");
        t.get("/api/v2/users/5f3a1c2e9d8b7a6f5e4d3c2b/usergroups").expect(404).await;
    }

    async fn policies_are_edges_too(t) {
        t.probe.reachable(true);
        let (group, ana, idp) = (t.group("Sales").await, t.person("ana").await, t.identity_provider("Okta").await);
        let policy = json!({"name": "p", "identityProviderId": idp});
        let policy = id(&t.post("/api/v2/identity-provider/policies", policy).ok().await);
        let from_policy = format!("/api/v2/identity-provider/policies/{policy}/associations");
        t.post(&from_policy, edge("add", "user_group", &group)).expect(204).await;
        t.post(&from_policy, edge("add", "user_group", &group)).expect(409).await;
        t.post(&format!("/api/v2/users/{ana}/associations"), edge("add", "idp_routing_policy", &policy)).expect(204).await;
        assert_eq!(each(&t.get(&format!("{from_policy}/users")).ok().await, "id"), [ana.as_str()]);
        assert_eq!(each(&t.get(&format!("{from_policy}/usergroups")).ok().await, "id"), [group.as_str()]);
        assert_eq!(t.get(&format!("{from_policy}?targets=user&targets=user_group")).ok().await.as_array().unwrap().len(), 2);
        let of_group = format!("/api/v2/usergroups/{group}/associations?targets=idp_routing_policy");
        assert_eq!(t.get(&of_group).ok().await[0]["to"]["id"], json!(policy));
        t.post(&from_policy, edge("update", "user", &ana)).expect(204).await;
        t.post(&from_policy, edge("remove", "user", &ana)).expect(204).await;
        t.post(&from_policy, edge("remove", "user", &ana)).expect(404).await;
        t.post(&from_policy, edge("add", "user", "5f3a1c2e9d8b7a6f5e4d3c2b")).expect(404).await;
        t.post(&from_policy, edge("add", "application", &ana)).expect(400).await;
        t.get(&from_policy).expect(400).await;
    }
}
