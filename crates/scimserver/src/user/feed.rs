//! A resource as the directory takes it: which attribute is which field of a person. The whole resource is kept beside it,
//! so that what has no field here is not lost.

use muster_base::{Email, Id};
use muster_directory::Source;
use muster_directory::fed_user::{Feed, store};
use muster_scim::limits::RESOURCE_BYTES_MAX;
use muster_scim::resource::{Address, MultiValue, User};
use muster_scim::urn::MUSTER_USER;
use muster_scim::{Error, Resource};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::answer::from_directory;

/// What is told anew each time and not kept.
const TOLD: &[&str] = &["schemas", "id", "meta", "groups", "active", "password"];
/// The longest text that an index holds, in bytes.
const KEY_MAX: usize = 1000;

/// A resource without what is told anew each time.
struct Kept<'r> {
    resource: &'r Resource,
    /// What the directory itself said last of whether the person is active; `null`: it took that away.
    word: Option<&'r Value>,
}

impl Serialize for Kept<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let active = self.word.map(|word| ("active", word));
        serializer
            .collect_map(self.resource.0.iter().map(|(name, value)| (name.as_str(), value)).filter(kept).chain(active))
    }
}

fn kept((name, _): &(&str, &Value)) -> bool {
    !TOLD.contains(name)
}

/// What is kept of a resource that says whether the person is active.
pub(super) fn document(mut resource: Resource) -> Map<String, Value> {
    resource.0.retain(|name, value| kept(&(name, value)));
    resource.0
}

/// What a resource says of a person, by a directory provider `(organization, provider)`; `active` and `word` are what it says
/// of whether they are active, and what it said of that last.
///
/// # Errors
/// `invalidValue`, naming the attribute.
pub(super) async fn feed(
    source: &mut impl Source,
    by: (Id, Id),
    resource: &Resource,
    (active, word): (Option<bool>, Option<&Value>),
) -> Result<Feed, Error> {
    let user = User::from_resource(resource)?;
    let manager = manager(source, by, &user).await?;
    let username = user.user_name.clone().unwrap_or_default();
    let email = match user.email() {
        Some(text) => Some(address("emails", text)?),
        None => username.parse::<Email>().ok().map(|email| email.written().to_owned()),
    };
    let emails: Vec<String> = user.emails.iter().filter_map(|e| e.value.clone()).collect();
    if emails.iter().any(|e| e.len() > KEY_MAX) {
        return Err(Error::invalid_value(format!("emails.value: at most {KEY_MAX} bytes")));
    }
    if user.external_id.as_ref().is_some_and(|id| id.len() > KEY_MAX) {
        return Err(Error::invalid_value(format!("externalId: at most {KEY_MAX} bytes")));
    }
    let doc = Kept { resource, word };
    let doc = serde_json::to_string(&doc).map_err(|e| Error::invalid_value(e.to_string()))?;
    if doc.len() > RESOURCE_BYTES_MAX {
        let why = format!("the user would have {} bytes: at most {RESOURCE_BYTES_MAX}", doc.len());
        return Err(Error::invalid_value(why));
    }
    Ok(Feed {
        external_id: user.external_id.clone(),
        active,
        profile: profile(&user, manager),
        attributes: attributes(&user),
        doc,
        username,
        email,
        emails: Some(emails),
        password_hash: None,
    })
}

fn address(attribute: &str, text: &str) -> Result<String, Error> {
    let email = text.parse::<Email>().map_err(|e| Error::invalid_value(format!("{attribute}: {e}")))?;
    Ok(email.written().to_owned())
}

/// The manager, where that is one whom this directory feeds; any other text stays in the document alone.
async fn manager(source: &mut impl Source, (org, provider): (Id, Id), user: &User) -> Result<Option<Id>, Error> {
    let named = user.enterprise.as_ref().and_then(|e| e.manager.as_ref()).and_then(|m| m.value.as_deref());
    let Some(id) = named.and_then(|text| text.parse::<Id>().ok()) else { return Ok(None) };
    let known = store::known(source, org, provider, &[id]).await;
    Ok(known.map_err(from_directory)?.first().copied())
}

/// The fields that it has values for, as members of the v1 object.
fn profile(user: &User, manager: Option<Id>) -> Map<String, Value> {
    let (name, enterprise) = (user.name.clone().unwrap_or_default(), user.enterprise.clone().unwrap_or_default());
    let texts = [
        ("firstname", name.given_name),
        ("middlename", name.middle_name),
        ("lastname", name.family_name),
        ("displayname", user.display_name.clone()),
        ("jobTitle", user.title.clone()),
        ("employeeType", user.user_type.clone()),
        ("employeeIdentifier", enterprise.employee_number),
        ("costCenter", enterprise.cost_center),
        ("company", enterprise.organization),
        ("department", enterprise.department),
        ("manager", manager.map(|id| id.text())),
    ];
    let mut out: Map<String, Value> = texts
        .into_iter()
        .filter_map(|(field, text)| Some((field.to_owned(), Value::String(text.filter(|t| !t.is_empty())?))))
        .collect();
    if !user.phone_numbers.is_empty() {
        out.insert("phoneNumbers".into(), user.phone_numbers.iter().map(phone).collect());
    }
    if !user.addresses.is_empty() {
        out.insert("addresses".into(), user.addresses.iter().map(postal).collect());
    }
    out
}

fn phone(of: &MultiValue) -> Value {
    json!({"number": of.value, "type": of.kind})
}

fn postal(of: &Address) -> Value {
    json!({
        "country": of.country, "locality": of.locality, "postalCode": of.postal_code, "region": of.region,
        "streetAddress": of.street_address, "type": of.kind,
    })
}

/// The custom attributes.
fn attributes(user: &User) -> Vec<(String, String)> {
    let held = user.further.get(MUSTER_USER).and_then(Value::as_object);
    let text = |value: &Value| value.as_str().filter(|t| !t.is_empty()).map(str::to_owned);
    held.into_iter().flatten().filter_map(|(name, value)| Some((name.clone(), text(value)?))).collect()
}
