//! What a token and the userinfo answer tell about a person: the application's mapping, and the standard claims of the
//! scopes where the mapping does not say otherwise. Pure.

use std::borrow::Cow;

use muster_directory::application::Oidc;
use muster_directory::application::oidc::RESERVED_CLAIMS;
use muster_directory::user::User;
use muster_directory::user::model::ATTRIBUTES;
use muster_directory::user::profile::Address;
use muster_oauth::Scope;
use serde_json::{Map, Value};

/// The claims about a person for an application.
///
/// Mapped claims, constants and groups are what an administrator chose to send, so they are sent whatever the scope. A
/// mapped `email` is sent without `email_verified`: who maps an attribute to it does not vouch for the address. The
/// company e-mail itself is the directory's own, hence verified. Attributes without a value are left out.
#[must_use]
pub fn about(oidc: &Oidc, user: &User, groups: &[String], scope: &Scope) -> Map<String, Value> {
    let mut claims = Map::new();
    let mapped = |name: &str| {
        let mappings = oidc.dynamic_claims.iter().chain(&oidc.constant_claims);
        mappings.map(|m| m.name.as_str()).chain(oidc.groups_claim.iter().map(|g| g.name.as_str())).any(|n| n == name)
    };
    let mut standard = |name: &str, value: Option<Value>| {
        if let Some(value) = value.filter(|_| !mapped(name)) {
            claims.insert(name.to_owned(), value);
        }
    };
    if scope.contains("profile") {
        standard("name", Some(user.display().into()));
        standard("given_name", text(user, "firstname"));
        standard("middle_name", text(user, "middlename"));
        standard("family_name", text(user, "lastname"));
        standard("preferred_username", Some(user.username.clone().into()));
    }
    if scope.contains("email") && !mapped("email") {
        standard("email", Some(user.email.clone().into()));
        standard("email_verified", Some(Value::Bool(true)));
    }
    if scope.contains("phone") {
        // Without `phone_number_verified`: nobody called it.
        standard("phone_number", text(user, "phoneNumbers"));
    }
    if scope.contains("address") {
        standard("address", user.profile.addresses.first().and_then(address));
    }
    if scope.contains("groups") {
        let form = oidc.groups_claim.as_ref().is_some_and(|claim| claim.string_when_one);
        standard("groups", Some(group_names(form, groups)));
    }
    for mapping in &oidc.dynamic_claims {
        put(&mut claims, &mapping.name, attribute(user, &mapping.value).map(|value| value.into_owned().into()));
    }
    for constant in &oidc.constant_claims {
        put(&mut claims, &constant.name, Some(constant.value.clone().into()));
    }
    if let Some(claim) = &oidc.groups_claim {
        put(&mut claims, &claim.name, Some(group_names(claim.string_when_one, groups)));
    }
    claims
}

/// Writes a mapped claim; never one that the provider itself speaks through, whatever an old document may say.
fn put(claims: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value.filter(|_| !RESERVED_CLAIMS.contains(&name)) {
        claims.insert(name.to_owned(), value);
    }
}

fn text(user: &User, attribute: &str) -> Option<Value> {
    user.attribute(attribute).map(|value| value.into_owned().into())
}

/// The claim `address` (OpenID Connect Core section 5.1.1); none where nothing of it is known.
fn address(address: &Address) -> Option<Value> {
    let known = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let lines = [known(&address.street_address), known(&address.extended_address), known(&address.po_box)];
    let street = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    let place: Vec<String> = [known(&address.postal_code), known(&address.locality)].into_iter().flatten().collect();
    let formatted = [Some(street.clone()), Some(place.join(" ")), known(&address.region), known(&address.country)];
    let formatted: Vec<String> = formatted.into_iter().flatten().filter(|line| !line.is_empty()).collect();
    let members = [
        ("formatted", Some(formatted.join("\n")).filter(|text| !text.is_empty())),
        ("street_address", Some(street).filter(|text| !text.is_empty())),
        ("locality", known(&address.locality)),
        ("region", known(&address.region)),
        ("postal_code", known(&address.postal_code)),
        ("country", known(&address.country)),
    ];
    let members = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), Value::String(value?))));
    Some(members.collect::<Map<_, _>>()).filter(|object| !object.is_empty()).map(Value::Object)
}

/// The value behind a Muster Attribute Name: a fixed field, `attributes.NAME`, or a custom attribute by its bare name. A
/// fixed field that is empty stays empty: a custom attribute cannot speak in its place.
#[must_use]
pub fn attribute<'u>(user: &'u User, name: &str) -> Option<Cow<'u, str>> {
    match custom_name(name) {
        None => user.attribute(name),
        Some(custom) => user.attribute(name).or_else(|| user.attribute(&format!("attributes.{custom}"))),
    }
}

/// The custom attribute that a Muster Attribute Name means; `None` for a fixed field.
#[must_use]
pub fn custom_name(name: &str) -> Option<&str> {
    if ATTRIBUTES.iter().any(|(fixed, _)| *fixed == name) {
        return None;
    }
    Some(name.strip_prefix("attributes.").unwrap_or(name))
}

/// The names as a list, or (JumpCloud's form) as a bare text where there is one.
fn group_names(string_when_one: bool, groups: &[String]) -> Value {
    match groups {
        [only] if string_when_one => Value::String(only.clone()),
        all => all.iter().cloned().map(Value::String).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_base::{Id, Micros};
    use muster_directory::application::{GroupsClaim, Mapping};
    use muster_directory::user::{Profile, State};
    use serde_json::json;

    fn user(profile: Value) -> User {
        let id: Id = "0123456789abcdef01234567".parse().unwrap();
        let profile = Profile::default().overlay(profile.as_object().unwrap()).unwrap();
        User {
            org: id,
            id,
            username: "ana".into(),
            email: "Ana@Example.test".into(),
            state: State::Activated,
            profile,
            password_hash: None,
            password_at: None,
            password_expired: false,
            created_at: Micros(0),
            tokens_from: Micros(0),
        }
    }

    fn mapped(pairs: &[(&str, &str)]) -> Oidc {
        let mapping = |(name, value): &(&str, &str)| Mapping { name: (*name).into(), value: (*value).into() };
        Oidc { dynamic_claims: pairs.iter().map(mapping).collect(), ..Oidc::default() }
    }

    fn about(oidc: &Oidc, user: &User, groups: &[&str], scope: &str) -> Value {
        let groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        Value::Object(super::about(oidc, user, &groups, &Scope::parse(scope).unwrap()))
    }

    #[test]
    fn without_a_mapping_the_scopes_decide() {
        let (oidc, ana) = (Oidc::default(), user(json!({"firstname": "Ana"})));
        assert_eq!(about(&oidc, &ana, &["Readers"], "openid"), json!({}));
        assert_eq!(
            about(&oidc, &ana, &[], "openid email profile"),
            json!({
                "name": "Ana", "given_name": "Ana", "preferred_username": "ana",
                "email": "Ana@Example.test", "email_verified": true,
            })
        );
    }

    #[test]
    fn a_mapping_wins_and_vouches_for_nothing() {
        let ana = user(json!({"attributes": [{"name": "SecondaryEmail", "value": "ana@blue.test"}]}));
        for value in ["SecondaryEmail", "attributes.SecondaryEmail"] {
            assert_eq!(
                about(&mapped(&[("email", value)]), &ana, &[], "openid email"),
                json!({"email": "ana@blue.test"})
            );
        }
        assert_eq!(
            about(&mapped(&[("email", "email")]), &ana, &[], "openid email"),
            json!({"email": "Ana@Example.test"})
        );
        // What is mapped and empty is not filled in by the scope either.
        assert_eq!(about(&mapped(&[("email", "alternateEmail")]), &ana, &[], "openid email"), json!({}));
    }

    #[test]
    fn phone_address_and_groups_have_their_scopes() {
        let ana = user(json!({
            "phoneNumbers": [{"number": "+1 555 0100", "type": "work"}, {"number": "+1 555 0199"}],
            "addresses": [{"streetAddress": "1 Main St", "poBox": "", "postalCode": "12345", "locality": "Town", "country": "US"}],
        }));
        let oidc = Oidc::default();
        assert_eq!(about(&oidc, &ana, &["A"], "openid"), json!({}));
        assert_eq!(about(&oidc, &ana, &["A"], "openid phone"), json!({"phone_number": "+1 555 0100"}));
        assert_eq!(about(&oidc, &ana, &["A"], "openid groups"), json!({"groups": ["A"]}));
        assert_eq!(
            about(&oidc, &ana, &[], "openid address"),
            json!({"address": {
                "formatted": "1 Main St\n12345 Town\nUS", "street_address": "1 Main St", "locality": "Town",
                "postal_code": "12345", "country": "US",
            }})
        );
        assert_eq!(
            about(&oidc, &user(json!({"addresses": [{"type": "home"}]})), &[], "openid address phone"),
            json!({})
        );
        // A mapping of that name wins here too.
        assert_eq!(about(&mapped(&[("groups", "username")]), &ana, &["A"], "openid groups"), json!({"groups": "ana"}));
    }

    #[test]
    fn no_mapping_speaks_for_the_provider() {
        let reserved: Vec<(&str, &str)> = RESERVED_CLAIMS.iter().map(|name| (*name, "username")).collect();
        assert_eq!(about(&mapped(&reserved), &user(json!({})), &[], "openid"), json!({}));
    }

    #[test]
    fn groups_are_a_list_or_as_jumpcloud_writes_them() {
        let ana = user(json!({}));
        for (string_when_one, one, none) in [(false, json!(["A"]), json!([])), (true, json!("A"), json!([]))] {
            let groups_claim = Some(GroupsClaim { name: "groups".into(), string_when_one });
            let oidc = Oidc { groups_claim, ..Oidc::default() };
            assert_eq!(about(&oidc, &ana, &["A"], "openid")["groups"], one);
            assert_eq!(about(&oidc, &ana, &[], "openid")["groups"], none);
            assert_eq!(about(&oidc, &ana, &["A", "B"], "openid")["groups"], json!(["A", "B"]));
        }
    }
}
