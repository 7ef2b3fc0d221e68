use muster_directory::listing::{Filter, Query, list};
use muster_directory::user::User;
use serde_json::json;

use crate::harness::{Test, fields};

async fn names(t: &Test, query: Query) -> (Vec<String>, i64) {
    let (rows, total): (Vec<User>, _) = list(&mut t.d.read(), t.acme.id, &Query { limit: 100, ..query }).await.unwrap();
    (rows.into_iter().map(|u| u.username).collect(), total)
}

fn searching(term: &str) -> Query {
    Query { search: Some(term.into()), ..Query::default() }
}

fn filtering(texts: &[&str]) -> Query {
    Query { filters: texts.iter().map(|f| Filter::read(f).unwrap()).collect(), ..Query::default() }
}

both! {
    async fn finds_what_is_searched(t) {
        t.user_with(t.acme, "ana", json!({"lastname": "Müller", "jobTitle": "100%_sure"})).await;
        t.user_with(t.acme, "bo", json!({"department": "Sales"})).await;
        t.user(t.blue, "ana").await;
        assert_eq!(names(t, searching("MÜLL")).await, (vec!["ana".into()], 1));
        assert_eq!(names(t, searching("sales")).await, (vec!["bo".into()], 1));
        // Wildcards of the database are letters like others.
        assert_eq!(names(t, searching("%_")).await, (vec!["ana".into()], 1));
        assert_eq!(names(t, searching("_")).await, (vec!["ana".into()], 1));
        assert_eq!(names(t, searching("\\")).await, (vec![], 0));
        assert_eq!(names(t, searching("")).await.1, 2);
        assert_eq!(names(t, searching("a\u{0}na")).await, (vec![], 0));
    }

    async fn filters_hold_together(t) {
        t.user_with(t.acme, "ana", json!({"department": "Sales", "unix_uid": 9, "attributes": [{"name": "l", "value": "x"}]})).await;
        t.user_with(t.acme, "bo", json!({"department": "Sales", "unix_uid": 10})).await;
        t.user_with(t.acme, "cy", json!({"department": "sales"})).await;
        assert_eq!(names(t, filtering(&["department:$eq:Sales"])).await.1, 2);
        assert_eq!(names(t, filtering(&["department:eq:Sales", "username:$ne:bo"])).await.0, ["ana"]);
        assert_eq!(names(t, filtering(&["attributes.l:$eq:x"])).await.0, ["ana"]);
        assert_eq!(names(t, filtering(&["username:$gt:ana", "username:$lte:bo"])).await.0, ["bo"]);
        assert_eq!(names(t, filtering(&["state:$eq:ACTIVATED"])).await.1, 3);
        // Numbers are compared as numbers.
        assert_eq!(names(t, filtering(&["unix_uid:$gt:9"])).await.0, ["bo"]);
        for wrong in ["department", "department:Sales", "department:$like:x", ":$eq:x"] {
            assert_eq!(fields(Filter::read(wrong)), ["filter"], "{wrong}");
        }
        let colons = Filter::read("location:$eq:a:b").unwrap();
        assert_eq!(colons.value, "a:b");
    }

    async fn sorts_and_cuts(t) {
        for (name, uid) in [("bo", 10), ("ana", 9), ("Cy", 100)] {
            t.user_with(t.acme, name, json!({"unix_uid": uid, "company": "One"})).await;
        }
        let by = |keys: &[&str]| Query { sort: keys.iter().map(|k| (*k).to_owned()).collect(), ..Query::default() };
        assert_eq!(names(t, by(&["username"])).await.0, ["ana", "bo", "Cy"]);
        assert_eq!(names(t, by(&["company", "-username"])).await.0, ["Cy", "bo", "ana"]);
        assert_eq!(names(t, by(&["unix_uid"])).await.0, ["ana", "bo", "Cy"]);
        let page = Query { limit: 1, skip: 1, ..by(&["username"]) };
        let (rows, total): (Vec<User>, _) = list(&mut t.d.read(), t.acme.id, &page).await.unwrap();
        assert_eq!((rows[0].username.as_str(), rows.len(), total), ("bo", 1, 3));
    }

    async fn a_cursor_walks_through_everyone_once(t) {
        for i in 0..7 {
            t.user(t.acme, &format!("user{i}")).await;
            t.later(1);
        }
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let query = Query { after: after.clone(), limit: 3, ..Query::default() };
            let (rows, total): (Vec<User>, _) = list(&mut t.d.read(), t.acme.id, &query).await.unwrap();
            assert_eq!(total, 7);
            let Some(last) = rows.last() else { break };
            after = Some(last.id.text());
            seen.extend(rows.into_iter().map(|u| u.username));
        }
        assert_eq!(seen, (0..7).map(|i| format!("user{i}")).collect::<Vec<_>>());
    }
}
