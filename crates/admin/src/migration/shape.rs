//! What the source's objects say, made items: its shapes on one side, ours on the other. Pure. What is unknown is passed
//! over, and nothing of what it may hold makes reading fail.

use std::collections::{BTreeMap, BTreeSet};

use muster_directory::application::saml::Saml;
use muster_directory::application::{Doc, OIDC, SAML};
use muster_directory::group::Attributes;
use muster_directory::migration::Kind;
use serde_json::{Map, Value, json};

use crate::application::saml_config::{self, Setting};
use crate::application::sso_model::SsoWrite;

/// Members of a person that come. What is bound to the source (authority, MFA, dates of passwords) does not.
const PERSON: [&str; 33] = [
    "firstname",
    "middlename",
    "lastname",
    "displayname",
    "description",
    "company",
    "costCenter",
    "department",
    "employeeIdentifier",
    "employeeType",
    "jobTitle",
    "location",
    "alternateEmail",
    "managedAppleId",
    "recoveryEmail",
    "addresses",
    "phoneNumbers",
    "relationships",
    "attributes",
    "ssh_keys",
    "unix_uid",
    "unix_guid",
    "enable_managed_uid",
    "sudo",
    "passwordless_sudo",
    "ldap_binding_user",
    "samba_service_user",
    "allow_public_key",
    "public_key",
    "password_never_expires",
    "disableDeviceMaxLoginAttempts",
    "external_dn",
    "external_source_type",
];

/// What an object becomes: kind, id there, name, document.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shaped {
    pub kind: Kind,
    pub parent: String,
    pub remote_id: String,
    pub name: String,
    pub doc: Value,
}

impl Shaped {
    pub(super) fn new(kind: Kind, remote_id: &str, name: &str, doc: Value) -> Self {
        Self { kind, parent: String::new(), remote_id: remote_id.to_owned(), name: name.to_owned(), doc }
    }

    pub(super) fn below(mut self, parent: &str) -> Self {
        parent.clone_into(&mut self.parent);
        self
    }
}

/// A text of an object; empty where there is none.
pub(super) fn text<'a>(object: &'a Value, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Takes out what says nothing, and ids of parts: they mean something only there.
fn clean(value: &Value) -> Value {
    match value {
        Value::String(text) if text.trim().is_empty() => Value::Null,
        // What is off is what is off when nothing is said.
        Value::Bool(false) => Value::Null,
        Value::Array(list) => list.iter().map(clean).filter(|v| !v.is_null()).collect(),
        Value::Object(members) => {
            let kept = members.iter().filter(|(name, _)| *name != "id" && *name != "_id");
            let kept: Map<String, Value> =
                kept.map(|(name, v)| (name.clone(), clean(v))).filter(|(_, v)| !v.is_null()).collect();
            if kept.is_empty() { Value::Null } else { Value::Object(kept) }
        }
        other => other.clone(),
    }
}

/// Only these members of each entry, as texts.
fn entries(value: &Value, members: &[&str]) -> Value {
    let one = |entry: &Value| {
        let member = |name: &&str| match entry.get(*name)? {
            Value::String(text) => Some(((*name).to_owned(), json!(text))),
            value @ (Value::Number(_) | Value::Bool(_)) => Some(((*name).to_owned(), json!(value.to_string()))),
            _ => None,
        };
        let kept: Map<String, Value> = members.iter().filter_map(member).collect();
        (!kept.is_empty()).then_some(Value::Object(kept))
    };
    value.as_array().into_iter().flatten().filter_map(one).collect()
}

/// A person, and whose manager they are.
pub(super) fn person(user: &Value) -> Option<Vec<Shaped>> {
    let id = super::client::row_id(user)?;
    let (username, email) = (text(user, "username"), text(user, "email"));
    let mut profile = Map::new();
    for name in PERSON {
        let value = user.get(name).map(clean).unwrap_or_default();
        let value = match name {
            "attributes" => entries(&value, &["name", "value"]),
            "ssh_keys" => entries(&value, &["name", "public_key"]),
            "recoveryEmail" => value.get("address").map_or(Value::Null, |address| json!({"address": address})),
            _ => value,
        };
        profile.insert(name.to_owned(), value);
    }
    let suspended = user.get("suspended").and_then(Value::as_bool).unwrap_or(false);
    let state = match text(user, "state") {
        "" if suspended => "SUSPENDED",
        "" => "ACTIVATED",
        state => state,
    };
    let doc = json!({"username": username, "email": email, "state": state, "profile": profile});
    let name = if email.is_empty() { username } else { email };
    let mut out = vec![Shaped::new(Kind::User, id, name, doc)];
    let manager = user.get("manager").map(|m| m.as_str().or_else(|| super::client::row_id(m)));
    if let Some(manager) = manager.flatten().filter(|m| !m.is_empty()) {
        out.push(Shaped::new(Kind::Manager, id, name, json!({"manager": manager})));
    }
    Some(out)
}

/// A group and its rule.
pub(super) fn group(group: &Value, kind: Kind) -> Option<Vec<Shaped>> {
    let (id, name) = (super::client::row_id(group)?, text(group, "name"));
    let attributes = group.get("attributes").cloned().unwrap_or_default();
    let attributes = serde_json::from_value::<Attributes>(attributes).unwrap_or_default();
    let doc = json!({
        "name": name,
        "description": text(group, "description"),
        "email": text(group, "email"),
        "attributes": attributes,
    });
    let mut rule = Map::from_iter([("group".to_owned(), json!(kind.word()))]);
    for member in [
        "membershipMethod",
        "membershipAutomated",
        "memberQuery",
        "excludeQuery",
        "memberGroups",
        "memberQueryExemptions",
        "memberSuggestionsNotify",
    ] {
        if let Some(value) = group.get(member) {
            rule.insert(member.to_owned(), value.clone());
        }
    }
    Some(vec![Shaped::new(kind, id, name, doc), Shaped::new(Kind::Rule, id, name, Value::Object(rule))])
}

/// Whether the rule alone decides who is in a group.
pub(super) fn is_automated(group: &Value) -> bool {
    let method = text(group, "membershipMethod");
    method == "DYNAMIC_AUTOMATED"
        || (method.is_empty() && group.get("membershipAutomated").and_then(Value::as_bool).unwrap_or(false))
}

/// Whom the rule of a group does not decide.
pub(super) fn exempt(group: &Value) -> BTreeSet<&str> {
    let list = group.get("memberQueryExemptions").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|entry| entry.get("id")?.as_str()).collect()
}

/// How people sign in to an application there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SignOn {
    Oidc,
    Saml,
    /// None that we have.
    Other,
}

pub(super) fn sign_on(app: &Value) -> SignOn {
    let kind = app.get("sso").map(|sso| text(sso, "type")).unwrap_or_default();
    let setting = |name: &str| app.get("config").and_then(|c| c.get(name)?.get("value")?.as_str());
    let saml = ["acsUrl", "spEntityId"].iter().any(|name| setting(name).is_some_and(|v| !v.is_empty()));
    match text(app, "name") {
        OIDC => SignOn::Oidc,
        _ if kind == "oidc" => SignOn::Oidc,
        SAML => SignOn::Saml,
        _ if saml => SignOn::Saml,
        _ => SignOn::Other,
    }
}

/// An application's name for people.
pub(super) fn label(app: &Value) -> &str {
    let label = text(app, "displayLabel");
    let label = if label.is_empty() { text(app, "displayName") } else { label };
    if label.is_empty() { text(app, "name") } else { label }
}

/// An application; `sso` is what v2 says of its sign-on.
pub(super) fn application(app: &Value, sso: Option<&Value>) -> Option<Result<Shaped, String>> {
    let id = super::client::row_id(app)?;
    let mut doc = Doc {
        display_label: label(app).to_owned(),
        display_name: text(app, "displayName").to_owned(),
        description: text(app, "description").to_owned(),
        hidden: app.get("sso").and_then(|sso| sso.get("hidden")?.as_bool()).unwrap_or(false),
        ..Doc::default()
    };
    let mut notes = Vec::new();
    let template = match sign_on(app) {
        SignOn::Oidc => {
            match sso.map(|sso| oidc(sso, &mut notes)) {
                Some(Ok(oidc)) => doc.oidc = Some(oidc),
                Some(Err(why)) => return Some(Err(why)),
                None => notes.push("its sign-on settings could not be read: enter them".to_owned()),
            }
            notes.push("client id and secret are new: make a secret here and enter both in the application".to_owned());
            OIDC
        }
        SignOn::Saml => {
            doc.saml = Some(saml(app, &mut notes));
            notes.push(
                "give the service provider this application's metadata: certificate and addresses are new".into(),
            );
            SAML
        }
        SignOn::Other => return Some(Err("this kind of application does not exist here".to_owned())),
    };
    let active = app.get("active").and_then(Value::as_bool).unwrap_or(true);
    let mut members = serde_json::to_value(&doc).unwrap_or_default();
    members["active"] = json!(active);
    let doc = json!({"template": template, "doc": members, "note": notes.join("; ")});
    Some(Ok(Shaped::new(Kind::Application, id, label(app), doc)))
}

fn oidc(sso: &Value, notes: &mut Vec<String>) -> Result<muster_directory::application::Oidc, String> {
    let wrong = |why: String| format!("its sign-on settings are not understood: {why}");
    let write: SsoWrite = serde_json::from_value(sso.clone()).map_err(|e| wrong(e.to_string()))?;
    let mut oidc = write.read().map_err(|e| wrong(e.message().to_owned()))?;
    if oidc.tokens.sector_identifier_uri.take().is_some() {
        // It is believed only after it was fetched and compared.
        notes.push("without its sector identifier URI: enter it again".to_owned());
    }
    Ok(oidc)
}

/// The SAML settings; one that we do not have is left out and told.
fn saml(app: &Value, notes: &mut Vec<String>) -> Saml {
    let mut saml = Saml::default();
    let config = app.get("config").and_then(Value::as_object).cloned().unwrap_or_default();
    for (name, setting) in &config {
        // The source's own key and certificate: ours sign from now on.
        if !setting.is_object() || ["idpPrivateKey", "idpCertificate"].contains(&name.as_str()) {
            continue;
        }
        let Ok(setting) = serde_json::from_value::<Setting>(setting.clone()) else { continue };
        let mut one = BTreeMap::from([(name.clone(), setting)]);
        if name == "includeGroups"
            && let Some(group) = config.get("groupsAttributeName").and_then(|g| serde_json::from_value(g.clone()).ok())
        {
            one.insert("groupsAttributeName".to_owned(), group);
        }
        match saml_config::read(&one, &saml) {
            Ok(read) => saml = read.saml,
            Err(error) => notes.push(format!("without {name}: {}", error.message())),
        }
    }
    saml
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_comes_without_what_is_bound_to_the_source() {
        let user = json!({
            "_id": "5f0000000000000000000001", "username": "ana", "email": "ana@x.example", "suspended": true,
            "firstname": "Ana", "lastname": "", "mfa": {"configured": true}, "password_date": "2020-01-01T00:00:00Z",
            "restrictedFields": [{"field": "password", "type": "active_directory"}], "sudo": false,
            "phoneNumbers": [{"_id": "1", "type": "work", "number": "1"}, {}], "somethingNew": {"x": 1},
            "attributes": [{"_id": "1", "name": "badge", "value": 7}], "manager": {"id": "5f0000000000000000000002"},
        });
        let out = person(&user).unwrap();
        assert_eq!(out[0].doc["state"], "SUSPENDED");
        let profile = &out[0].doc["profile"];
        assert_eq!(profile["phoneNumbers"], json!([{"type": "work", "number": "1"}]));
        assert_eq!(profile["attributes"], json!([{"name": "badge", "value": "7"}]));
        assert!(profile["lastname"].is_null() && profile["sudo"].is_null());
        assert!(["mfa", "restrictedFields", "somethingNew"].iter().all(|name| profile.get(name).is_none()));
        assert_eq!((out[1].kind, &out[1].doc["manager"]), (Kind::Manager, &json!("5f0000000000000000000002")));
        assert!(person(&json!({"username": "x"})).is_none());
    }

    #[test]
    fn a_setting_that_we_do_not_have_keeps_no_other_out() {
        let app = json!({
            "_id": "5f0000000000000000000001", "name": "salesforce", "displayLabel": "CRM", "config": {
                "acsUrl": {"label": "ACS", "type": "text", "value": "https://crm.example/acs", "position": 3},
                "signatureAlgorithm": {"value": "RSA-MD5"}, "idpPrivateKey": {"value": "x"}, "odd": 7,
                "spEntityId": {"value": "crm"},
                "databaseAttributes": {"value": [{"name": "mail", "value": "email", "readOnly": true}]},
                "includeGroups": {"value": true}, "groupsAttributeName": {"value": "teams"},
            },
        });
        let shaped = application(&app, None).unwrap().unwrap();
        let saml = &shaped.doc["doc"]["saml"];
        assert_eq!((&saml["spEntityId"], &saml["acs"][0]["url"]), (&json!("crm"), &json!("https://crm.example/acs")));
        assert_eq!(saml["groupsAttribute"]["name"], "teams");
        assert!(shaped.doc["note"].as_str().unwrap().contains("without signatureAlgorithm"));
        let bookmark = json!({"_id": "5f0000000000000000000001", "name": "bookmark", "config": {}});
        assert!(application(&bookmark, None).unwrap().is_err());
    }
}
