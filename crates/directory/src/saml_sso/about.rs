//! What an assertion says about a person: the name identifier and the attributes, by the application's mapping. Pure.

use muster_saml::assertion::{Attribute, NameFormat};
use muster_saml::{NameId, NameIdFormat};

use crate::application::saml::Saml;
use crate::user::User;
use crate::user::model::ATTRIBUTES;

/// The name identifier of a person for an application; `None` when there is none. `opaque` stands in it where the format is
/// one that says nothing of the person.
#[must_use]
pub fn name_id(saml: &Saml, user: &User, entity_id: &str, opaque: Option<String>) -> Option<NameId> {
    let format = saml.format();
    let value = match format {
        NameIdFormat::Transient | NameIdFormat::Persistent => opaque?,
        _ => attribute(user, &saml.name_id_attribute)?,
    };
    let mut name = NameId::new(value, format);
    if format == NameIdFormat::Persistent {
        name.name_qualifier = Some(entity_id.to_owned());
        name.sp_name_qualifier = Some(saml.sp_entity_id.clone());
    }
    Some(name)
}

/// The attributes of a person, in the order of the settings; those without a value are left out.
#[must_use]
pub fn attributes(saml: &Saml, user: &User, groups: Vec<String>) -> Vec<Attribute> {
    let mut out: Vec<Attribute> = Vec::new();
    for mapping in &saml.user_attributes {
        out.extend(attribute(user, &mapping.value).map(|value| named(&mapping.name, vec![value])));
    }
    out.extend(saml.constant_attributes.iter().map(|constant| named(&constant.name, vec![constant.value.clone()])));
    if let Some(mapped) = saml.groups_attribute.as_ref().filter(|_| !groups.is_empty()) {
        out.push(named(&mapped.name, groups));
    }
    out
}

fn named(name: &str, values: Vec<String>) -> Attribute {
    // A name with a scheme is a URI (SAML core section 8.2.2).
    let is_uri = name.starts_with("urn:") || name.starts_with("http://") || name.starts_with("https://");
    let name_format = if is_uri { NameFormat::Uri } else { NameFormat::Basic };
    Attribute { name: name.to_owned(), name_format, friendly_name: None, values }
}

/// The value behind a Muster Attribute Name: a fixed field, `attributes.NAME`, or a custom attribute by its bare name. A
/// fixed field that is empty stays empty: a custom attribute cannot speak in its place.
#[must_use]
pub fn attribute(user: &User, name: &str) -> Option<String> {
    let is_fixed = ATTRIBUTES.iter().any(|(fixed, _)| *fixed == name);
    let custom = || {
        let bare = name.strip_prefix("attributes.").unwrap_or(name);
        (!is_fixed).then(|| user.attribute(&format!("attributes.{bare}"))).flatten()
    };
    let value = user.attribute(name).or_else(custom)?.into_owned();
    Some(value).filter(|value| !value.is_empty())
}
