//! JumpCloud's bulk jobs on people.

use std::collections::BTreeSet;

use muster_directory::bulk;
use serde_json::{Value, json};

use crate::harness::ask::id;
use crate::harness::{PASSWORD, Test};

muster_db::sql! {
    global SPOIL = "UPDATE bulk_items SET body = $1";
}

/// Carries every job on.
async fn work(t: &Test) {
    muster_admin::bulk_round(&t.d, "node").await.unwrap();
}

async fn results(t: &Test, job: &Value) -> Vec<Value> {
    let path = format!("/api/v2/bulk/users/{}/results?limit=100", job["jobId"].as_str().unwrap());
    t.get(&path).ok().await.as_array().unwrap().clone()
}

fn statuses(rows: &[Value]) -> Vec<&str> {
    rows.iter().map(|r| r["status"].as_str().unwrap()).collect()
}

both! {
    async fn people_are_made_in_a_job_and_each_is_told_of(t) {
        t.put(&format!("/api/organizations/{}", t.acme.id), json!({"settings": {"newSystemUserStateDefaults":
            {"csvImport": "STAGED", "applicationImport": "SUSPENDED"}}})).ok().await;
        let body = json!([
            {"username": "ana", "email": "ana@acme.example", "firstname": "Ana", "attributes": [{"name": "badge", "value": "7"}]},
            {"username": "ana", "email": "other@acme.example"},
            {"username": "bo", "email": "bo@acme.example", "state": "ACTIVATED", "password": PASSWORD},
            {"username": "cy", "email": "none"},
        ]);
        let job = t.post("/api/v2/bulk/users?suppressEmail=true", body).expect(201).await.body;
        assert_eq!(statuses(&results(t, &job).await), ["pending"; 4]);
        assert_eq!(t.get("/api/systemusers").ok().await["totalCount"], 0);
        work(t).await;
        let rows = results(t, &job).await;
        assert_eq!(statuses(&rows), ["finished", "failed", "finished", "failed"]);
        assert!(rows[1]["statusMsg"].as_str().unwrap().contains("another person") && rows[3]["statusMsg"].as_str().unwrap().contains("email"), "{rows:?}");
        assert!(!format!("{rows:?}").contains(PASSWORD));
        let one = |at: usize| format!("/api/systemusers/{}", rows[at]["persistedFields"]["id"].as_str().unwrap());
        let ana = t.get(&one(0)).ok().await;
        assert_eq!((&ana["state"], &ana["attributes"][0]["value"]), (&json!("STAGED"), &json!("7")));
        let bo = t.get(&one(2)).ok().await;
        assert_eq!((&bo["state"], &bo["activated"]), (&json!("ACTIVATED"), &json!(true)));
        // From elsewhere they begin as those of applications do.
        let from = t.post("/api/v2/bulk/users", json!([{"username": "di", "email": "di@acme.example"}])).header("creation-source", "jumpcloud:gapps");
        from.expect(201).await;
        work(t).await;
        assert_eq!(t.get("/api/systemusers?filter=username:$eq:di").ok().await["results"][0]["state"], "SUSPENDED");
        let wrong = t.post("/api/v2/bulk/users", json!([{"username": "e"}])).header("creation-source", "elsewhere");
        assert_eq!(wrong.fields().await, ["creation-source"]);
        for body in [json!([]), json!(vec![json!({}); 1001])] {
            assert_eq!(t.post("/api/v2/bulk/users", body).fields().await, ["body"]);
        }
    }

    async fn people_are_changed_in_a_job_and_nobody_elses(t) {
        let make = |name: &'static str| async move { id(&t.post("/api/systemusers", json!({"username": name, "email": format!("{name}@acme.example")})).ok().await) };
        let (ana, bo) = (make("ana").await, make("bo").await);
        let body = json!([{"id": ana, "department": "Sales"}, {"id": ana, "jobTitle": "Baker"}, {"id": bo, "state": "SUSPENDED"}, {"id": "7"}, {"department": "x"}]);
        let job = t.ask("PATCH", "/api/v2/bulk/users").key(&t.acme.key).json(body.clone()).expect(201).await.body;
        let foreign = t.ask("PATCH", "/api/v2/bulk/users").key(&t.blue.key).json(body).expect(201).await.body;
        work(t).await;
        let rows = results(t, &job).await;
        assert_eq!(statuses(&rows), ["finished", "finished", "finished", "failed", "failed"]);
        let user = t.get(&format!("/api/systemusers/{ana}")).ok().await;
        assert_eq!((&user["department"], &user["jobTitle"]), (&json!("Sales"), &json!("Baker")));
        assert_eq!(t.get(&format!("/api/systemusers/{bo}")).ok().await["state"], "SUSPENDED");
        let path = format!("/api/v2/bulk/users/{}/results", foreign["jobId"].as_str().unwrap());
        t.get(&path).expect(404).await;
        let theirs = t.ask("GET", &path).key(&t.blue.key).ok().await;
        assert!(theirs.as_array().unwrap().iter().all(|r| r["status"] == "failed" && r["statusMsg"] == "Not Found"), "{theirs}");
    }

    async fn a_job_that_a_node_left_goes_on_and_does_nobody_twice(t) {
        let people: Vec<Value> = (0..30).map(|n| json!({"username": format!("u{n}"), "email": format!("u{n}@acme.example")})).collect();
        let job = t.post("/api/v2/bulk/users", json!(people)).expect(201).await.body;
        let mut interrupted = false;
        for round in 0..100_u64 {
            let d = t.d.clone();
            let running = tokio::spawn(async move { muster_admin::bulk_round(&d, &format!("node {round}")).await });
            tokio::time::sleep(std::time::Duration::from_millis(3 + round * 3)).await;
            running.abort();
            drop(running.await);
            let done = results(t, &job).await.iter().filter(|r| r["status"] == "finished").count();
            interrupted |= done > 0 && done < 30;
            if done == 30 {
                break;
            }
            // Its lease runs out.
            t.clock.advance_s(61);
        }
        assert!(interrupted, "it was never in the middle");
        assert_eq!(statuses(&results(t, &job).await), ["finished"; 30]);
        assert_eq!(t.get("/api/systemusers").ok().await["totalCount"], 30);
        let of = (t.acme.id, job["jobId"].as_str().unwrap().parse().unwrap());
        let of = bulk::get(&mut t.d.read(), of.0, of.1).await.unwrap();
        assert!(bulk::next(&t.d, &of).await.unwrap().is_none());
    }

    async fn a_large_job_delays_no_other_organizations(t) {
        let of = |n: usize| json!({"username": format!("u{n}"), "email": format!("u{n}@acme.example")});
        let large = t.post("/api/v2/bulk/users", (0..100).map(of).collect::<Value>()).expect(201).await.body;
        t.clock.advance_s(1);
        let second = t.post("/api/v2/bulk/users", (100..102).map(of).collect::<Value>()).expect(201).await.body;
        let body = json!([{"username": "bo", "email": "bo@blue.example", "password": PASSWORD}]);
        let small = t.ask("POST", "/api/v2/bulk/users").key(&t.blue.key).json(body).expect(201).await.body;
        let mut left = BTreeSet::new();
        assert!(muster_admin::bulk_turn(&t.d, "node", &mut left).await.unwrap());
        let path = format!("/api/v2/bulk/users/{}/results", small["jobId"].as_str().unwrap());
        let rows = t.ask("GET", &path).key(&t.blue.key).ok().await;
        assert_eq!(statuses(rows.as_array().unwrap()), ["finished"], "after one turn");
        let done = results(t, &large).await.iter().filter(|r| r["status"] == "finished").count();
        assert!(done > 0 && done < 50, "{done} of the large one");
        assert_eq!(statuses(&results(t, &second).await), ["pending"; 2], "one job of an organization at a time");
        work(t).await;
        for (job, count) in [(&large, 100), (&second, 2)] {
            assert_eq!(statuses(&results(t, job).await), vec!["finished"; count]);
        }
    }

    async fn a_job_that_cannot_go_on_keeps_no_other_waiting(t) {
        let of = |name: &str| json!([{"username": name, "email": format!("{name}@acme.example")}]);
        let stuck = t.post("/api/v2/bulk/users", of("ana")).expect(201).await.body;
        // As after a body was written with another master key.
        t.d.db().exec(&SPOIL, &[b"nothing".to_vec().into()]).await.unwrap();
        t.clock.advance_s(1);
        let own = t.post("/api/v2/bulk/users", of("bo")).expect(201).await.body;
        let others = t.ask("POST", "/api/v2/bulk/users").key(&t.blue.key).json(of("cy")).expect(201).await.body;
        work(t).await;
        assert_eq!(statuses(&results(t, &stuck).await), ["pending"]);
        assert_eq!(statuses(&results(t, &own).await), ["finished"]);
        let path = format!("/api/v2/bulk/users/{}/results", others["jobId"].as_str().unwrap());
        assert_eq!(t.ask("GET", &path).key(&t.blue.key).ok().await[0]["status"], "finished");
    }

    async fn jobs_of_an_organization_that_are_not_done_are_bounded(t) {
        for _ in 0..100 {
            t.post("/api/v2/bulk/users", json!([{"username": "u"}])).expect(201).await;
        }
        let more = t.post("/api/v2/bulk/users", json!([{"username": "u"}])).send().await;
        assert_eq!(more.status, 429, "{}", more.body);
        t.ask("POST", "/api/v2/bulk/users").key(&t.blue.key).json(json!([{"username": "u"}])).expect(201).await;
        work(t).await;
        t.post("/api/v2/bulk/users", json!([{"username": "u"}])).expect(201).await;
    }
}
