use muster_directory::group::{ExemptionMode, Input, Method, create::Create, model, store};

use super::{dynamic, exempt, in_department, rule};
use crate::harness::{Test, conflict, fields, is_missing};

async fn make(t: &Test, input: Input) -> muster_directory::Result<muster_directory::group::Group> {
    t.write(t.acme, Create::of_users(input)).await
}

both! {
    async fn what_was_written_is_read_back(t) {
        let input = Input {
            description: Some("Sellers".into()),
            email: Some("sales@example.test".into()),
            suggestions_notify: Some(true),
            attributes: Some(model::Attributes {
                posix_groups: vec![model::PosixGroup { id: 7, name: "sales".into() }],
                ..model::Attributes::default()
            }),
            ..dynamic(" Sales ", in_department("Sales"))
        };
        let made = t.group(t.acme, input).await;
        let read = store::get(&mut t.d.read(), t.acme.id, made.id).await.unwrap();
        assert_eq!((read.name.as_str(), read.method), ("Sales", Method::DynamicAutomated));
        assert_eq!(read.doc, made.doc);
        assert_eq!(read.member_query, made.member_query);
    }

    async fn names_are_unique_without_regard_to_case(t) {
        t.static_group(t.acme, "Sales").await;
        t.static_group(t.blue, "Sales").await;
        let taken = make(t, Input { name: Some("SALES".into()), ..Input::default() }).await;
        assert_eq!(conflict(taken), "name: another group of this organization has this name");
    }

    async fn every_wrong_field_is_named(t) {
        assert_eq!(fields(make(t, Input::default()).await), ["name"]);
        let wrong = Input {
            description: Some("x".repeat(1025)),
            email: Some("no".into()),
            method: Some(Method::DynamicAutomated),
            ..Input::default()
        };
        assert_eq!(fields(make(t, wrong).await), ["name", "description", "email", "memberQuery"]);
        let empty = dynamic("Sales", rule(&[]));
        assert_eq!(fields(make(t, empty).await), ["memberQuery.filters"]);
        let unknown = dynamic("Sales", rule(&[("shoeSize", "equals", serde_json::json!("44"))]));
        assert_eq!(fields(make(t, unknown).await), ["memberQuery.filters[0].field"]);
    }

    /// Among a million people that took five seconds, and everybody else's changes waited beside it.
    async fn for_a_group_without_a_rule_nobody_is_looked_at(t) {
        for name in ["ana", "bo", "cy"] {
            t.user(t.acme, name).await;
        }
        let statements = || t.d.db().counts().statements;
        let mut took = Vec::new();
        for org in [t.acme, t.blue] {
            // What is kept in memory of an organization is read before.
            t.static_group(org, "First").await;
            let before = statements();
            t.static_group(org, "Staff").await;
            took.push(statements() - before);
        }
        assert_eq!(took[0], took[1], "three people, and nobody");
    }

    async fn a_rule_may_name_an_attribute_that_nobody_has_yet(t) {
        t.group(t.acme, dynamic("Seniors", rule(&[("attributes.level", "equals", serde_json::json!("senior"))]))).await;
    }

    async fn exemptions_are_of_people_here_once_each(t) {
        let (ana, foreign) = (t.user(t.acme, "ana").await, t.user(t.blue, "bo").await);
        let with = |exemptions| Input { exemptions: Some(exemptions), ..dynamic("Sales", in_department("Sales")) };
        let twice = vec![exempt(ana.id, ExemptionMode::In), exempt(ana.id, ExemptionMode::Out)];
        assert_eq!(fields(make(t, with(twice)).await), ["memberQueryExemptions"]);
        assert!(is_missing(make(t, with(vec![exempt(foreign.id, ExemptionMode::In)])).await));
        assert!(is_missing(make(t, with(vec![exempt(t.d.env().id(), ExemptionMode::In)])).await));
        make(t, with(vec![exempt(ana.id, ExemptionMode::In)])).await.unwrap();
    }
}
