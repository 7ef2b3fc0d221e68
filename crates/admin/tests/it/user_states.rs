//! JumpCloud's scheduled changes of people's state.

use muster_directory::{change, scheduled_state};
use serde_json::{Value, json};

use crate::harness::Test;
use crate::harness::ask::id;

const PATH: &str = "/api/v2/bulk/userstates";

async fn person(t: &Test, name: &str, state: &str) -> String {
    let body = json!({"username": name, "email": format!("{name}@acme.example"), "state": state});
    id(&t.post("/api/systemusers", body).ok().await)
}

fn after(t: &Test, seconds: i64) -> String {
    t.d.env().clock.now().plus_s(seconds).rfc3339()
}

async fn state(t: &Test, user: &str) -> Value {
    t.get(&format!("/api/systemusers/{user}")).ok().await["state"].clone()
}

async fn work(t: &Test) {
    while scheduled_state::round(&t.d).await.unwrap() {}
}

both! {
    async fn people_are_let_in_and_kept_out_at_their_time_and_not_before(t) {
        let (ana, bo) = (person(t, "ana", "ACTIVATED").await, person(t, "bo", "STAGED").await);
        let at = after(t, 3_600);
        let made = t.post(PATH, json!({"user_ids": [ana], "state": "SUSPENDED", "start_date": at})).expect(201).await.body;
        assert_eq!((&made[0]["systemUserId"], &made[0]["state"], &made[0]["status"]), (&json!(ana), &json!("SUSPENDED"), &json!("pending")));
        assert_eq!(made[0]["scheduledDate"], json!(at));
        // As JumpCloud's examples have it: without a zone.
        let bare = after(t, 7_200).split('.').next().unwrap().trim_end_matches('Z').to_owned();
        t.post(PATH, json!({"user_ids": [bo, bo], "state": "ACTIVATED", "start_date": bare})).expect(201).await;
        let all = t.get(PATH).ok().await;
        let of: Vec<&Value> = all.as_array().unwrap().iter().map(|r| &r["systemUserId"]).collect();
        assert_eq!(of, [&json!(ana), &json!(bo)], "the next one first, nobody twice");
        let names: Vec<_> = all.as_array().unwrap().iter().map(|r| (&r["systemUser"]["username"], &r["systemUser"]["state"])).collect();
        assert_eq!(names, [(&json!("ana"), &json!("ACTIVATED")), (&json!("bo"), &json!("STAGED"))]);
        let total = async |query: &str| { t.get(&format!("{PATH}?limit=1{query}")).expect(200).await.headers.get("x-total-count").map(|v| v.to_str().unwrap().to_owned()) };
        assert_eq!(total("").await.as_deref(), Some("2"));
        assert_eq!(total(&format!("&userid={bo}")).await.as_deref(), Some("1"));
        assert_eq!(total("&status=failed").await.as_deref(), Some("0"));
        work(t).await;
        assert_eq!((state(t, &ana).await, state(t, &bo).await), (json!("ACTIVATED"), json!("STAGED")));
        t.clock.advance_s(3_600);
        work(t).await;
        assert_eq!((state(t, &ana).await, state(t, &bo).await), (json!("SUSPENDED"), json!("STAGED")));
        t.clock.advance_s(3_600);
        work(t).await;
        assert_eq!(state(t, &bo).await, "ACTIVATED");
        assert_eq!(t.get(PATH).ok().await, json!([]));
        let ended = t.get(&format!("{PATH}?status=finished")).ok().await;
        let of: Vec<&Value> = ended.as_array().unwrap().iter().map(|r| &r["systemUser"]["username"]).collect();
        assert_eq!(of, [&json!("bo"), &json!("ana")], "of what was done, the last one first");
        let done = t.get(&format!("{PATH}?status=finished&userid={ana}")).ok().await;
        assert_eq!((done.as_array().unwrap().len(), &done[0]["doneDate"]), (1, &json!(at)));
        // It was asked for and done in one name, and both are in the log.
        let log = change::store::of_subject(&mut t.d.read(), t.acme.id, bo.parse().unwrap(), i64::MAX, 9).await.unwrap();
        let of: Vec<_> = log.iter().map(|e| (e.kind.as_str(), e.actor_id)).collect();
        let admin = Some(t.acme.admin);
        assert_eq!(of, [("user_activated", admin), ("user_state_schedule", admin), ("user_create", admin)]);
    }

    async fn what_is_taken_back_does_not_happen(t) {
        let ana = person(t, "ana", "ACTIVATED").await;
        let at = after(t, 60);
        let made = t.post(PATH, json!({"user_ids": [ana], "state": "SUSPENDED", "start_date": at})).expect(201).await.body;
        let one = format!("{PATH}/{}", made[0]["scheduledJobId"].as_str().unwrap());
        t.ask("DELETE", &one).key(&t.blue.key).expect(404).await;
        t.ask("DELETE", &one).key(&t.acme.key).expect(204).await;
        t.ask("DELETE", &one).key(&t.acme.key).expect(404).await;
        t.clock.advance_s(120);
        work(t).await;
        assert_eq!(state(t, &ana).await, "ACTIVATED");
        // What was done is not taken back.
        let made = t.post(PATH, json!({"user_ids": [ana], "state": "SUSPENDED", "start_date": after(t, 60)})).expect(201).await.body;
        t.clock.advance_s(60);
        work(t).await;
        let one = format!("{PATH}/{}", made[0]["scheduledJobId"].as_str().unwrap());
        t.ask("DELETE", &one).key(&t.acme.key).expect(409).await;
        // With the person goes what waits for them.
        t.post(PATH, json!({"user_ids": [ana], "state": "ACTIVATED", "start_date": after(t, 60)})).expect(201).await;
        t.ask("DELETE", &format!("/api/systemusers/{ana}")).key(&t.acme.key).ok().await;
        assert_eq!(t.get(PATH).ok().await, json!([]));
    }

    async fn the_next_of_each_state_is_told_of_people(t) {
        let (ana, bo) = (person(t, "ana", "ACTIVATED").await, person(t, "bo", "ACTIVATED").await);
        for (state, s) in [("SUSPENDED", 300), ("SUSPENDED", 100), ("ACTIVATED", 200), ("ACTIVATED", 400)] {
            t.post(PATH, json!({"user_ids": [ana], "state": state, "start_date": after(t, s)})).expect(201).await;
        }
        t.post(PATH, json!({"user_ids": [bo], "state": "SUSPENDED", "start_date": after(t, 50)})).expect(201).await;
        let told = t.get(&format!("{PATH}/eventlist/next?users={ana},{bo}&limit=2")).ok().await;
        assert_eq!(told["events_count"], 3);
        let of: Vec<_> = told["results"].as_array().unwrap().iter().map(|r| (r["systemUserId"].clone(), r["scheduledDate"].clone())).collect();
        assert_eq!(of, [(json!(bo), json!(after(t, 50))), (json!(ana), json!(after(t, 100)))]);
        let rest = t.get(&format!("{PATH}/eventlist/next?users={ana},{bo}&limit=2&skip=2")).ok().await;
        assert_eq!(rest["results"][0]["state"], "ACTIVATED");
        let foreign = t.ask("GET", &format!("{PATH}/eventlist/next?users={ana}")).key(&t.blue.key).ok().await;
        assert_eq!(foreign, json!({"events_count": 0, "results": []}));
    }

    async fn what_cannot_be_asked_for_is_told_by_its_field(t) {
        let ana = person(t, "ana", "STAGED").await;
        let at = after(t, 60);
        let with = |name: &str, value: Value| {
            let mut body = json!({"user_ids": [ana], "state": "ACTIVATED", "start_date": at});
            body[name] = value;
            body
        };
        let elsewhere = json!({"username": "eve", "email": "eve@blue.example"});
        let eve = id(&t.ask("POST", "/api/systemusers").key(&t.blue.key).json(elsewhere).ok().await);
        for (name, value, field) in [
            ("user_ids", json!([]), "user_ids"),
            ("user_ids", json!([ana, eve]), "user_ids[1]"),
            ("user_ids", json!(vec![ana.clone(); 1001]), "user_ids"),
            ("start_date", json!(after(t, -1)), "start_date"),
            ("start_date", json!("tomorrow"), "start_date"),
            ("start_date", json!("2999-01-01T00:00:00Z"), "start_date"),
            ("activation_email_override", json!("eve@evil.example"), "activation_email_override"),
        ] {
            assert_eq!(t.post(PATH, with(name, value.clone())).fields().await, [field], "{name} {value}");
        }
        t.post(PATH, with("state", json!("STAGED"))).expect(400).await;
        assert_eq!(t.get(&format!("{PATH}?status=x")).fields().await, ["status"]);
        assert_eq!(t.get(&format!("{PATH}?filter=state:eq:SUSPENDED")).fields().await, ["filter"]);
        assert_eq!(t.get(PATH).ok().await, json!([]), "nothing was kept");
    }

    async fn whoever_may_not_change_anything_any_more_changes_nothing(t) {
        let ana = person(t, "ana", "ACTIVATED").await;
        let robot = t.post("/api/v2/service-accounts", json!({"name": "robot", "roleName": "Administrator", "authConfigs": [{"authType": "API_KEY"}]})).ok().await;
        let actor = muster_directory::Actor {
            kind: muster_directory::actor::ActorKind::ServiceAccount, id: Some(id(&robot).parse().unwrap()), request_id: None,
        };
        let ask = scheduled_state::Schedule {
            users: vec![ana.parse().unwrap()], state: muster_directory::user::State::Suspended,
            at: t.d.env().clock.now().plus_s(60), mail: true,
        };
        t.d.write(actor, t.acme.id, ask).await.unwrap();
        t.put(&format!("/api/v2/service-accounts/{}", id(&robot)), json!({"roleName": "Read Only"})).ok().await;
        t.clock.advance_s(61);
        work(t).await;
        assert_eq!(state(t, &ana).await, "ACTIVATED");
        let failed = t.get(&format!("{PATH}?status=failed")).ok().await;
        assert!(failed[0]["statusMsg"].as_str().unwrap().contains("may not"), "{failed}");
    }

    async fn whoever_is_let_in_is_asked_for_a_password_unless_no_mail_is_wanted(t) {
        let (ana, bo) = (person(t, "ana", "STAGED").await, person(t, "bo", "STAGED").await);
        t.post(PATH, json!({"user_ids": [ana], "state": "ACTIVATED", "start_date": after(t, 60), "activation_email_override": "Ana@acme.example"})).expect(201).await;
        t.post(PATH, json!({"user_ids": [bo], "state": "ACTIVATED", "start_date": after(t, 60), "send_activation_emails": false})).expect(201).await;
        t.clock.advance_s(60);
        work(t).await;
        assert_eq!((state(t, &ana).await, state(t, &bo).await), (json!("ACTIVATED"), json!("ACTIVATED")));
        let mails = muster_directory::mail::recent(&t.d).await.unwrap();
        let to: Vec<String> = mails.into_iter().map(|mail| mail.message.to).collect();
        assert_eq!(to, ["ana@acme.example"]);
    }
}
