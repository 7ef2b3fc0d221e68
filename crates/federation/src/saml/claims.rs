//! What the directory is told of a verified assertion. Pure.

use muster_directory::identity_provider::link::{EmailVerified, Identity};
use muster_directory::identity_provider::{IdentityProvider, Saml};
use muster_saml::NameIdFormat;
use muster_saml::assertion::SignedIn;
use serde_json::{Map, json};

/// The claim of a match that stands for the name identifier itself.
const NAME_ID: &str = "NameID";
/// The names under which providers give an attribute: short ones, those of Microsoft's claims, and those of LDAP.
const EMAIL: &[&str] = &[
    "email",
    "mail",
    "emailaddress",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
];
const GIVEN_NAME: &[&str] = &[
    "firstname",
    "givenname",
    "given_name",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
    "urn:oid:2.5.4.42",
];
const FAMILY_NAME: &[&str] = &[
    "lastname",
    "surname",
    "sn",
    "family_name",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
    "urn:oid:2.5.4.4",
];
const DISPLAY_NAME: &[&str] = &[
    "displayname",
    "name",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "urn:oid:2.16.840.1.113730.3.1.241",
];

/// The identity that an assertion vouches for.
///
/// # Errors
/// What is missing, in words for an administrator.
pub fn identity(idp: &IdentityProvider, saml: &Saml, signed_in: &SignedIn) -> Result<Identity, String> {
    let name = &signed_in.name_id;
    let format = name.format.as_deref().and_then(NameIdFormat::from_uri);
    let subject = match saml.subject_attribute.as_str() {
        "" if format == Some(NameIdFormat::Transient) => {
            return Err(
                "the NameID is transient, so it names nobody for good: let the provider send a persistent one, \
                        or name a subject attribute here"
                    .into(),
            );
        }
        "" => name.value.clone(),
        named => {
            value(signed_in, &[named]).ok_or_else(|| format!("the subject attribute {named:?} is not there, once"))?
        }
    };
    let name_is_email = format == Some(NameIdFormat::EmailAddress) || name.value.contains('@');
    let email = value(signed_in, EMAIL).or_else(|| name_is_email.then(|| name.value.clone()));
    let match_value = match idp.doc.matching.claim.as_str() {
        NAME_ID => Some(name.value.clone()),
        "email" => email.clone(),
        named => value(signed_in, &[named]),
    };
    let mut profile = Map::new();
    for (ours, theirs) in [("firstname", GIVEN_NAME), ("lastname", FAMILY_NAME), ("displayname", DISPLAY_NAME)] {
        if let Some(value) = value(signed_in, theirs) {
            profile.insert(ours.into(), json!(value));
        }
    }
    Ok(Identity {
        issuer: saml.entity_id.clone(),
        subject,
        match_value,
        linked_name: email.clone().or_else(|| Some(name.value.clone())),
        email,
        email_verified: EmailVerified::Absent,
        // SAML has no word for a verified address. An administrator entered this very entity and its certificate.
        issuer_is_one_organizations: true,
        profile,
    })
}

/// The value of the first attribute that is there under one of the names, short names in any case. Several values name
/// nothing.
fn value(signed_in: &SignedIn, names: &[&str]) -> Option<String> {
    let is = |name: &str, of: &str| name == of || (!of.contains(':') && name.eq_ignore_ascii_case(of));
    names.iter().find_map(|of| {
        let mut found = signed_in.attributes.iter().filter(|attribute| {
            is(&attribute.name, of) || attribute.friendly_name.as_deref().is_some_and(|name| is(name, of))
        });
        match (found.next().map(|attribute| attribute.values.as_slice()), found.next()) {
            (Some([only]), None) if !only.trim().is_empty() => Some(only.trim().to_owned()),
            _ => None,
        }
    })
}

#[cfg(test)]
mod tests {
    use muster_base::Micros;
    use muster_directory::identity_provider::{Doc, Jit, Kind, Match, Options};
    use muster_saml::NameId;
    use muster_saml::assertion::{Attribute, NameFormat};

    use super::*;

    fn provider(claim: &str) -> IdentityProvider {
        let id = "0123456789abcdef01234567".parse().unwrap();
        let doc = Doc {
            kind: Kind::Saml,
            url: String::new(),
            client_id: String::new(),
            saml: None,
            matching: Match { claim: claim.into(), attribute: "email".into() },
            jit: Jit::default(),
            iss_parameter: false,
            options: Options::default(),
        };
        IdentityProvider {
            org: id,
            id,
            name: "Corp".into(),
            doc,
            enabled: true,
            has_secret: false,
            created_at: Micros(0),
        }
    }

    fn said(name_id: NameId, attributes: &[(&str, &[&str])]) -> SignedIn {
        let attributes = attributes.iter().map(|(name, values)| Attribute {
            name: (*name).into(),
            name_format: NameFormat::Basic,
            friendly_name: None,
            values: values.iter().map(|value| (*value).into()).collect(),
        });
        SignedIn {
            assertion_id: "_a".into(),
            usable_until_s: 0,
            name_id,
            authn_instant_s: None,
            session_index: None,
            session_not_on_or_after_s: None,
            class_ref: None,
            attributes: attributes.collect(),
        }
    }

    fn saml(subject_attribute: &str) -> Saml {
        Saml { entity_id: "urn:corp".into(), subject_attribute: subject_attribute.into(), ..Saml::default() }
    }

    #[test]
    fn names_and_addresses_under_the_names_of_the_field() {
        let persistent = NameId::new("p-1", NameIdFormat::Persistent);
        let entra = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
        let (mail, given) = (format!("{entra}emailaddress"), format!("{entra}givenname"));
        let said = said(persistent, &[(&mail, &["ana@a.test"]), (&given, &["Ana"]), ("sn", &["Example"])]);
        let id = identity(&provider("email"), &saml(""), &said).unwrap();
        assert_eq!((id.issuer.as_str(), id.subject.as_str()), ("urn:corp", "p-1"));
        assert_eq!((id.match_value.as_deref(), id.email.as_deref()), (Some("ana@a.test"), Some("ana@a.test")));
        assert_eq!(json!(id.profile), json!({"firstname": "Ana", "lastname": "Example"}));
    }

    #[test]
    fn the_name_itself_may_be_the_address_or_the_match() {
        let said = said(NameId::new("ana@a.test", NameIdFormat::EmailAddress), &[("eid", &["7"])]);
        assert_eq!(identity(&provider("email"), &saml(""), &said).unwrap().match_value.as_deref(), Some("ana@a.test"));
        assert_eq!(identity(&provider(NAME_ID), &saml(""), &said).unwrap().match_value.as_deref(), Some("ana@a.test"));
        let by_number = identity(&provider("eid"), &saml("eid"), &said).unwrap();
        assert_eq!((by_number.match_value.as_deref(), by_number.subject.as_str()), (Some("7"), "7"));
    }

    #[test]
    fn what_names_nobody_for_good_is_refused() {
        let transient = NameId::new("_x", NameIdFormat::Transient);
        assert!(
            identity(&provider("email"), &saml(""), &said(transient.clone(), &[])).unwrap_err().contains("transient")
        );
        assert!(identity(&provider("email"), &saml("uid"), &said(transient.clone(), &[])).is_err());
        let with = said(transient, &[("uid", &["7"])]);
        assert_eq!(identity(&provider("email"), &saml("uid"), &with).unwrap().subject, "7");
    }

    #[test]
    fn several_values_name_nothing() {
        let name = NameId::new("p-1", NameIdFormat::Persistent);
        let twice = said(name.clone(), &[("mail", &["ana@a.test", "root@a.test"])]);
        assert_eq!(identity(&provider("email"), &saml(""), &twice).unwrap().email, None);
        let apart = said(name, &[("mail", &["ana@a.test"]), ("MAIL", &["root@a.test"])]);
        assert_eq!(identity(&provider("email"), &saml(""), &apart).unwrap().email, None);
    }
}
