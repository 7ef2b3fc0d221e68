//! The mapping that a new application starts with: JumpCloud's.

use serde_json::json;

use super::{Mapping, Rule};
use crate::urn::ENTERPRISE;

/// Fields that a person answers to besides the directory's attribute names: what those cannot say in one text. `TYPE` is
/// a type of phone number or address, `work` and the like.
pub const FURTHER_FIELDS: &[(&str, &str)] = &[
    ("phoneNumbers.TYPE", "the number of this type"),
    ("addresses.TYPE.streetAddress", "a part of the address of this type; also locality, region, postalCode, country"),
    ("manager.remoteId", "the id that the application gave to the person's manager"),
];

impl Default for Mapping {
    fn default() -> Self {
        let enterprise = |name: &str| format!("{ENTERPRISE}:{name}");
        let mut rules = vec![
            Rule::attribute("userName", "username"),
            Rule::attribute("externalId", "id"),
            Rule::attribute("name.givenName", "firstname"),
            Rule::attribute("name.middleName", "middlename"),
            Rule::attribute("name.familyName", "lastname"),
            Rule::attribute("displayName", "displayname"),
            Rule::attribute("emails[type eq \"work\"].value", "email"),
            Rule::constant("emails[type eq \"work\"].primary", json!(true)),
            Rule::attribute("title", "jobTitle"),
            Rule::attribute("userType", "employeeType"),
            Rule::attribute(&enterprise("department"), "department"),
            Rule::attribute(&enterprise("costCenter"), "costCenter"),
            Rule::attribute(&enterprise("organization"), "company"),
            Rule::attribute(&enterprise("employeeNumber"), "employeeIdentifier"),
            Rule::attribute(&enterprise("manager.value"), "manager.remoteId"),
        ];
        for kind in ["work", "mobile", "home"] {
            let target = format!("phoneNumbers[type eq \"{kind}\"].value");
            rules.push(Rule::attribute(&target, &format!("phoneNumbers.{kind}")));
        }
        for part in ["streetAddress", "locality", "region", "postalCode", "country"] {
            let target = format!("addresses[type eq \"work\"].{part}");
            rules.push(Rule::attribute(&target, &format!("addresses.work.{part}")));
        }
        Self { rules }
    }
}
