use muster_base::Micros;
use muster_directory::device::model::{AttributeKind, DEVICE_ATTRIBUTES};
use muster_directory::device::{Device, create::Create, store};
use muster_directory::listing;
use serde_json::{Value, json};

use crate::harness::{attributes, conflict, fields};

fn with(facts: Value) -> Create {
    Create { id: None, facts: attributes(facts), owner: None, created_at: None }
}

/// A device of which everything is known.
fn everything() -> Value {
    serde_json::from_str(include_str!("everything.json")).unwrap()
}

both! {
    async fn every_field_is_read_back_and_every_attribute_answers(t) {
        let ana = t.user(t.acme, "ana").await;
        let create = Create { owner: Some(ana.id), ..with(everything()) };
        let made = t.write(t.acme, create).await.unwrap();
        let read = store::get(&mut t.d.read(), t.acme.id, made.id).await.unwrap();
        assert_eq!(read, made);
        let out = serde_json::to_value(&read.facts).unwrap();
        for (name, value) in everything().as_object().unwrap() {
            assert_eq!(&out[name], value, "{name}");
        }
        for (name, _, kind) in DEVICE_ATTRIBUTES {
            let value = read.attribute(name).unwrap_or_else(|| panic!("{name} has no value"));
            let fits = match kind {
                AttributeKind::Text => true,
                AttributeKind::Number => value.parse::<i64>().is_ok(),
                AttributeKind::Bool => value == "true" || value == "false",
                AttributeKind::Date => Micros::parse_rfc3339(&value).is_some(),
                AttributeKind::Enumeration(values) => values.contains(&&*value),
            };
            assert!(fits, "{name}: {value}");
        }
        assert_eq!(read.attribute("osFamily").as_deref(), Some("darwin"));
        assert_eq!(read.attribute("attributes.asset").as_deref(), Some("A-1"));
        assert_eq!(read.attribute("owner"), Some(ana.id.text().into()));
        assert_eq!(read.attribute("osVersion").as_deref(), Some("15.1"));
        for unknown in ["attributes.Asset", "fde", "mdm.nothing", "", "shadow.x"] {
            assert_eq!(read.attribute(unknown), None, "{unknown}");
        }
    }

    async fn a_name_of_some_kind_is_needed(t) {
        assert_eq!(fields(t.write(t.acme, with(json!({"os": "Ubuntu"}))).await), ["displayName"]);
        assert_eq!(fields(t.write(t.acme, with(json!({"displayName": " "}))).await), ["displayName"]);
        let by_host = t.write(t.acme, with(json!({"hostname": "web-1", "os": "Ubuntu"}))).await.unwrap();
        assert_eq!(by_host.attribute("displayName").as_deref(), Some("web-1"));
        assert_eq!(by_host.attribute("osFamily").as_deref(), Some("linux"));
        let by_serial = t.write(t.acme, with(json!({"serialNumber": "S1"}))).await.unwrap();
        assert_eq!((by_serial.display(), by_serial.attribute("osFamily")), ("S1".into(), None));
    }

    async fn wrong_values_are_named_by_their_place(t) {
        let wrong = json!({"displayName": "x", "osFamily": "amiga", "lastContact": "soon", "hostname": "h".repeat(256),
            "attributes": [{"name": "", "value": "1"}], "description": "a\u{0}b"});
        let mut found = fields(t.write(t.acme, with(wrong)).await);
        found.sort();
        assert_eq!(found, ["attributes[0].name", "description", "hostname", "lastContact", "osFamily"]);
        let typed = |facts| async { fields(t.write(t.acme, with(facts)).await) };
        assert_eq!(typed(json!({"displayName": "x", "fde": {"active": "yes"}})).await, ["fde.active"]);
        assert_eq!(typed(json!({"displayName": "x", "mdm": "none"})).await, ["mdm"]);
        assert_eq!(listing::count::<Device>(&mut t.d.read(), t.acme.id).await.unwrap(), 0);
    }

    async fn an_id_from_elsewhere_is_kept_once(t) {
        let id = t.d.env().id();
        let before = Micros(t.clock.now().0 - 5_000_000);
        let create = || Create { id: Some(id), created_at: Some(before), ..with(json!({"displayName": "x"})) };
        let made = t.write(t.acme, create()).await.unwrap();
        assert_eq!((made.id, made.created_at), (id, before));
        assert_eq!(conflict(t.write(t.acme, create()).await), "_id: a device of this organization has this id");
        // Another organization may bring the same.
        t.write(t.blue, create()).await.unwrap();
        // Names and serial numbers are not unique.
        t.write(t.acme, with(json!({"displayName": "x"}))).await.unwrap();
        // Nothing is made in the future.
        let later = Create { created_at: Some(t.clock.now().plus_s(9)), ..with(json!({"displayName": "y"})) };
        assert_eq!(t.write(t.acme, later).await.unwrap().created_at, t.clock.now());
    }

    async fn the_owner_is_a_person_here(t) {
        let foreign = t.user(t.blue, "foreign").await;
        for wrong in [foreign.id, t.d.env().id()] {
            let create = Create { owner: Some(wrong), ..with(json!({"displayName": "x"})) };
            assert_eq!(fields(t.write(t.acme, create).await), ["primarySystemUser.id"]);
        }
    }
}
