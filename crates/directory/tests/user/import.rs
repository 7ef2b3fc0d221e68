//! People from a table.

use muster_directory::group::Moved;
use muster_directory::user::column::{Line, named};
use muster_directory::user::import::{Done, Import, KnownBy, Outcome};
use muster_directory::user::{State, store};
use muster_directory::{Actor, change};
use serde_json::{Value, json};

use crate::group::{dynamic, in_department};
use crate::harness::{Test, members};

/// Lines under a line of names, parts divided by commas.
fn table(text: &str) -> Import {
    let mut lines = text.lines().map(|line| line.trim().split(',').map(str::trim));
    let columns: Vec<String> = lines.next().unwrap().map(|name| named(name).unwrap()).collect();
    let lines = lines.map(|line| columns.iter().cloned().zip(line.map(str::to_owned)).collect::<Line>()).collect();
    Import { lines, known_by: KnownBy::Email, update: true }
}

fn done(outcomes: &[Outcome]) -> Vec<&str> {
    let word = |outcome: &Outcome| match outcome.done {
        Done::Created => "created",
        Done::Updated(_) => "updated",
        Done::Unchanged => "unchanged",
        Done::PassedOver => "passed over",
        Done::Refused(_) => "refused",
    };
    outcomes.iter().map(word).collect()
}

fn wrong(outcome: &Outcome) -> Vec<&str> {
    match &outcome.done {
        Done::Refused(fields) => fields.iter().map(|f| f.field.as_str()).collect(),
        other => panic!("expected wrong fields: {other:?}"),
    }
}

/// What was left out of a line that was taken, field by field.
fn left_out(outcome: &Outcome) -> Vec<&str> {
    outcome.left_out.iter().map(|f| f.field.as_str()).collect()
}

async fn last(t: &Test) -> i64 {
    change::store::after(&mut t.d.read(), t.acme.id, 0, i64::MAX).await.unwrap().last().map_or(0, |entry| entry.seq)
}

both! {
    async fn an_employee_id_that_somebody_has_is_told_of_its_line_alone(t) {
        t.user_with(t.acme, "bo", json!({"employeeIdentifier": "1"})).await;
        t.user_with(t.blue, "zoe", json!({"employeeIdentifier": "3"})).await;
        let import = table(
            "Company Email, Employee ID, Department
             ana@example.test, 2, Sales
             cy@example.test, 2, Sales
             di@example.test, 1, Sales
             ed@example.test, 3, Sales
             bo@example.test, 2, Sales
             bo@example.test, 1, Legal",
        );
        let outcomes = t.write(t.acme, import.clone()).await.unwrap();
        assert_eq!(done(&outcomes), ["created", "refused", "refused", "created", "refused", "updated"]);
        assert_eq!(wrong(&outcomes[1]), ["employeeIdentifier"]);
        let Done::Refused(fields) = &outcomes[2].done else { panic!() };
        assert_eq!(fields[0].message, "bo has it already");
    }

    async fn people_are_made_changed_and_left_alone(t) {
        t.user_with(t.acme, "bo", json!({"department": "Legal", "attributes": [{"name": "badge", "value": "1"}]})).await;
        t.user_with(t.acme, "cy", json!({"department": "Legal"})).await;
        let import = table(
            "Company Email, First Name, Department, attributes.room, phoneNumbers.work, Manager
             ana@example.test, Ana, Sales, 12, 555, bo@example.test
             bo@example.test, , Sales, 13, , zoe@example.test
             cy@example.test, , Legal, , , ,
             zoe@example.test, Zoe, Sales, , , ",
        );
        let outcomes = t.write(t.acme, import.clone()).await.unwrap();
        assert_eq!(done(&outcomes), ["created", "updated", "unchanged", "created"]);
        let by_email = async |email: &str| store::by_email(&mut t.d.read(), t.acme.id, email).await.unwrap().unwrap();
        let (ana, bo, zoe) = (by_email("ana@example.test").await, by_email("bo@example.test").await, by_email("zoe@example.test").await);
        assert_eq!((ana.username.as_str(), ana.state), ("ana", State::Staged), "the state of people from tables");
        assert_eq!(ana.profile.manager, Some(bo.id.text()));
        assert_eq!(bo.profile.manager, Some(zoe.id.text()), "who stands further below");
        assert_eq!(json!(bo.profile.attributes), json!([{"name": "badge", "value": "1"}, {"name": "room", "value": "13"}]));
        assert_eq!(json!(ana.profile.phone_numbers), json!([{"number": "555", "type": "work"}]));
        let Done::Updated(fields) = &outcomes[1].done else { panic!("{outcomes:?}") };
        assert_eq!(fields["department"], json!({"from": "Legal", "to": "Sales"}));
        assert_eq!(fields["manager"]["to"], Value::String(zoe.id.text()));
        // Once more changes nothing, and nothing is logged.
        let before = last(t).await;
        assert_eq!(done(&t.write(t.acme, import.clone()).await.unwrap()), ["unchanged"; 4]);
        assert_eq!(last(t).await, before);
        let only_new = Import { update: false, ..table("email, department\nbo@example.test, None\nnew@example.test, None") };
        assert_eq!(done(&t.write(t.acme, only_new).await.unwrap()), ["passed over", "created"]);
    }

    async fn a_line_that_is_wrong_is_told_and_the_others_are_kept(t) {
        t.user(t.acme, "bo").await;
        let outcomes = t.write(t.acme, table(
            "email, username, state, manager
             no address, x, ,
             ana@example.test, bo, ,
             cy@example.test, a b, ,
             di@example.test, di, GONE,
             fay@example.test, fay, suspended,
             fay2@example.test, fay, ,
             , gus, ,",
        )).await.unwrap();
        assert_eq!(done(&outcomes), ["refused", "refused", "refused", "refused", "created", "refused", "refused"]);
        let fields: Vec<Vec<&str>> = [0, 1, 2, 3, 5, 6].iter().map(|n| wrong(&outcomes[*n])).collect();
        assert_eq!(fields, [["email"], ["username"], ["username"], ["state"], ["username"], ["email"]]);
        assert!(outcomes.iter().all(|outcome| !outcome.is_incomplete()), "{outcomes:?}");
        // Another organization's person is nobody here.
        let stranger = t.user(t.blue, "zed").await.id;
        let outcomes = t.write(t.acme, table(&format!("_id, email\n{stranger}, zed@example.test"))).await.unwrap();
        assert_eq!(wrong(&outcomes[0]), ["_id"]);
    }

    async fn whose_manager_cannot_be_theirs_is_taken_in_without_and_the_rest_is_kept(t) {
        let bo = t.user_with(t.acme, "bo", json!({"department": "Legal"})).await.id;
        let cy = t.user_with(t.acme, "cy", json!({"department": "Legal", "manager": bo.text()})).await.id;
        let import = table(
            "email, department, manager
             ana@example.test, Sales, nobody
             bo@example.test, Sales, bo@example.test
             cy@example.test, Legal, nobody@example.test
             di@example.test, Sales, ana@example.test
             no address, Sales, nobody",
        );
        let tried = t.d.try_out(Actor::command_line(), t.acme.id, import.clone()).await.unwrap().out;
        let outcomes = t.write(t.acme, import.clone()).await.unwrap();
        for outcomes in [&tried, &outcomes] {
            assert_eq!(done(outcomes), ["created", "updated", "unchanged", "created", "refused"]);
            let left: Vec<Vec<&str>> = outcomes.iter().map(left_out).collect();
            assert_eq!(left, [vec!["manager"], vec!["manager"], vec!["manager"], vec![], vec![]]);
            assert_eq!(wrong(&outcomes[4]), ["email"]);
        }
        let by_email = async |email: &str| store::by_email(&mut t.d.read(), t.acme.id, email).await.unwrap().unwrap();
        let ana = by_email("ana@example.test").await;
        assert_eq!((ana.profile.department.as_deref(), ana.profile.manager), (Some("Sales"), None));
        assert_eq!(outcomes[0].user.as_ref().map(|user| user.id), Some(ana.id));
        let bo = by_email("bo@example.test").await;
        assert_eq!((bo.profile.department.as_deref(), &bo.profile.manager), (Some("Sales"), &None), "nobody is their own manager");
        let Done::Updated(fields) = &outcomes[1].done else { panic!("{outcomes:?}") };
        assert_eq!(fields.keys().collect::<Vec<_>>(), ["department"]);
        let after = store::by_id(&mut t.d.read(), t.acme.id, cy).await.unwrap().unwrap();
        assert_eq!(after.profile.manager, Some(bo.id.text()), "who manages them stays");
        assert_eq!(by_email("di@example.test").await.profile.manager, Some(ana.id.text()), "an incomplete line's person is there");
        // What is left out stays out, until somebody mends it.
        assert_eq!(done(&t.write(t.acme, import).await.unwrap()), ["unchanged", "unchanged", "unchanged", "unchanged", "refused"]);
        let mended = t.write(t.acme, table("email, manager\nana@example.test, bo")).await.unwrap();
        assert_eq!((done(&mended), mended[0].is_incomplete()), (vec!["updated"], false));
    }

    async fn a_trial_tells_what_would_follow_and_keeps_nothing(t) {
        let sales = t.group(t.acme, dynamic("Sales", in_department("Sales"))).await.id;
        let bo = t.user_with(t.acme, "bo", json!({"department": "Sales"})).await.id;
        let before = last(t).await;
        let import = table("email, department\nana@example.test, Sales\nzoe@example.test, Sales\nbo@example.test, Legal");
        let tried = t.d.try_out(Actor::command_line(), t.acme.id, import.clone()).await.unwrap();
        assert_eq!(done(&tried.out), ["created", "created", "updated"]);
        let of_sales = tried.groups.iter().find(|moved| moved.id == sales).cloned();
        assert_eq!(of_sales, Some(Moved { id: sales, name: "Sales".into(), joins: 2, leaves: 1 }));
        assert_eq!((last(t).await, members(t, t.acme, sales).await.into_iter().collect::<Vec<_>>()), (before, vec![bo]));
        assert!(store::by_username(&mut t.d.read(), t.acme.id, "ana").await.unwrap().is_none());
        t.write(t.acme, import).await.unwrap();
        assert_eq!(members(t, t.acme, sales).await.len(), 2, "as was told");
    }
}
