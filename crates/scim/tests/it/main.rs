//! Tests of the scim crate, a module per source folder; `properties` holds what must be true of every input, `senders`
//! and `receivers` the messages of known products.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that unwraps wrongly fails, as it should")]

mod diff;
mod fake;
mod filter;
mod listing;
mod made;
mod mapping;
mod message;
mod missed;
mod patch;
mod path;
mod plan;
mod properties;
mod receiver;
mod reconcile;
mod resource;
mod senders;
mod server;
mod strategy;

use muster_scim::schema::custom_schema;
use muster_scim::{Definition, PatchOp, Reading, Resource};
use serde_json::{Value, json};

/// A custom extension whose URN has dots.
pub const CUSTOM: &str = "urn:acme:params:scim:hr.v1.2:User";

/// Users with the enterprise and a custom extension.
pub fn users() -> Definition {
    Definition::user().with_extension(custom_schema(CUSTOM, ["shoeSize", "badge"].into_iter()))
}

/// A canonical user.
pub fn user(value: Value) -> Resource {
    users().read(value, Reading::OWN).unwrap()
}

/// A canonical group.
pub fn group(value: Value) -> Resource {
    Definition::group().read(value, Reading::OWN).unwrap()
}

/// The person of most tests.
pub fn barbara() -> Resource {
    user(json!({
        "id": "2819c223",
        "externalId": "bjensen",
        "userName": "bjensen@example.com",
        "name": { "familyName": "Jensen", "givenName": "Barbara" },
        "displayName": "Babs Jensen",
        "active": true,
        "emails": [
            { "value": "bjensen@example.com", "type": "work", "primary": true },
            { "value": "babs@jensen.example", "type": "home" },
        ],
        "addresses": [{ "type": "work", "streetAddress": "100 Universal City Plaza", "locality": "Hollywood" }],
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "employeeNumber": "701984", "department": "Tour Operations", "manager": { "value": "26118915" },
        },
        "meta": { "created": "2026-01-23T04:56:22Z", "lastModified": "2026-05-13T04:42:34Z", "version": "W/\"3\"" },
    }))
}

/// A PATCH from its operations.
pub fn patch(operations: Value) -> PatchOp {
    PatchOp::read(&serde_json::to_vec(&json!({ "Operations": operations })).unwrap()).unwrap()
}
