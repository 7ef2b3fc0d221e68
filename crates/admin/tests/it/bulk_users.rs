//! JumpCloud's bulk jobs on people.

use muster_directory::bulk;
use serde_json::{Value, json};

use crate::harness::ask::id;
use crate::harness::{PASSWORD, Test};

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
}
