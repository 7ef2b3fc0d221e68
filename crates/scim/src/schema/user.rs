//! The user: core schema (RFC 7643 section 4.1), enterprise extension (section 4.3) and custom attributes.

use super::{Attribute, Definition, Kind, Mutability, Returned, Schema, Uniqueness};
use crate::urn;

impl Definition {
    /// The user with the enterprise extension.
    #[must_use]
    pub fn user() -> Self {
        Self::new("User", "/Users", core()).with_extension(enterprise())
    }
}

/// A schema of texts for an organization's custom attributes, by their names. Names that SCIM cannot say are left out.
#[must_use]
pub fn custom_schema<'n>(id: &str, names: impl Iterator<Item = &'n str>) -> Schema {
    let mut attributes: Vec<Attribute> = Vec::new();
    for name in names {
        let sayable = name.parse::<crate::path::AttributePath>().is_ok_and(|p| p.schema.is_none() && p.sub.is_none());
        if sayable && !attributes.iter().any(|a| a.name.eq_ignore_ascii_case(name)) {
            attributes.push(Attribute::text(name, "A custom attribute of the organization.").exact());
        }
    }
    Schema {
        id: id.to_owned(),
        name: "Custom attributes".into(),
        description: "The custom attributes that the organization keeps of its people.".into(),
        attributes,
    }
}

fn core() -> Schema {
    let mut attributes = vec![
        Attribute {
            uniqueness: Uniqueness::Server,
            ..Attribute::text("userName", "The name to sign in with; letters' case does not count.").required()
        },
        name(),
        Attribute::text("displayName", "The name to show."),
        Attribute::text("nickName", "The casual name."),
        Attribute::of(Kind::Reference, "profileUrl", "The address of a page about the person.")
            .leading_to(&["external"]),
        Attribute::text("title", "The job title."),
        Attribute::text("userType", "The relation to the organization, such as Employee or Contractor."),
        Attribute::text("preferredLanguage", "The language to write to the person in, as in Accept-Language."),
        Attribute::text("locale", "The locale for dates, currency and numbers, such as en-US."),
        Attribute::text("timezone", "The time zone, such as Europe/Berlin."),
        Attribute::of(Kind::Boolean, "active", "Whether the person may sign in."),
        Attribute {
            mutability: Mutability::WriteOnly,
            returned: Returned::Never,
            ..Attribute::text("password", "The password, to set it.").exact()
        },
    ];
    attributes.extend(lists());
    Schema { id: urn::USER.into(), name: "User".into(), description: "User Account".into(), attributes }
}

fn name() -> Attribute {
    Attribute::complex(
        "name",
        "The parts of the person's name.",
        vec![
            Attribute::text("formatted", "The full name as it is shown."),
            Attribute::text("familyName", "The family name."),
            Attribute::text("givenName", "The given name."),
            Attribute::text("middleName", "The middle names."),
            Attribute::text("honorificPrefix", "The title before the name."),
            Attribute::text("honorificSuffix", "What follows the name."),
        ],
    )
}

fn lists() -> Vec<Attribute> {
    let uses = ["work", "home", "other"];
    vec![
        plural("emails", "E-mail addresses.", "The address.", &uses),
        plural("phoneNumbers", "Phone numbers.", "The number.", &["work", "home", "mobile", "fax", "pager", "other"]),
        plural(
            "ims",
            "Addresses for instant messages.",
            "The address.",
            &["aim", "gtalk", "icq", "xmpp", "msn", "skype"],
        ),
        photos(),
        addresses(),
        groups(),
        plural("entitlements", "What the person is entitled to.", "The entitlement.", &[]),
        plural("roles", "Roles of the person.", "The role.", &[]),
        certificates(),
    ]
}

/// The parts that plural attributes share (RFC 7643 section 2.4).
fn plural(name: &str, description: &str, value: &str, types: &[&str]) -> Attribute {
    Attribute::complex(name, description, plural_parts(Attribute::text("value", value), types)).many()
}

fn plural_parts(value: Attribute, types: &[&str]) -> Vec<Attribute> {
    vec![
        value,
        Attribute::text("display", "A text to show."),
        Attribute::text("type", "What it is used for.").one_of(types),
        Attribute::of(Kind::Boolean, "primary", "Whether it is the preferred one; at most one is."),
    ]
}

fn photos() -> Attribute {
    let value = Attribute::of(Kind::Reference, "value", "The address of the picture.").leading_to(&["external"]);
    Attribute::complex("photos", "Pictures of the person.", plural_parts(value, &["photo", "thumbnail"])).many()
}

fn certificates() -> Attribute {
    let value = Attribute::of(Kind::Binary, "value", "The certificate, DER in base64.");
    Attribute::complex("x509Certificates", "Certificates of the person.", plural_parts(value, &[])).many()
}

fn addresses() -> Attribute {
    Attribute::complex(
        "addresses",
        "Postal addresses.",
        vec![
            Attribute::text("formatted", "The address as it is written on a letter."),
            Attribute::text("streetAddress", "Street and number."),
            Attribute::text("locality", "City."),
            Attribute::text("region", "State or region."),
            Attribute::text("postalCode", "Postal code."),
            Attribute::text("country", "Country, two letters of ISO 3166-1."),
            Attribute::text("type", "What it is used for.").one_of(&["work", "home", "other"]),
            Attribute::of(Kind::Boolean, "primary", "Whether it is the preferred one; at most one is."),
        ],
    )
    .many()
}

fn groups() -> Attribute {
    Attribute::complex(
        "groups",
        "The groups that the person is in; changed through the groups.",
        vec![
            Attribute::text("value", "The group's id."),
            Attribute::of(Kind::Reference, "$ref", "The group's address.").leading_to(&["Group"]),
            Attribute::text("display", "The group's name."),
            Attribute::text("type", "Whether the membership is direct.").one_of(&["direct", "indirect"]),
        ],
    )
    .many()
    .read_only()
}

fn enterprise() -> Schema {
    Schema {
        id: urn::ENTERPRISE.into(),
        name: "EnterpriseUser".into(),
        description: "Enterprise User".into(),
        attributes: vec![
            Attribute::text("employeeNumber", "The number that the organization gave the person."),
            Attribute::text("costCenter", "The cost center."),
            Attribute::text("organization", "The organization, company or business unit."),
            Attribute::text("division", "The division."),
            Attribute::text("department", "The department."),
            Attribute::complex(
                "manager",
                "The person's manager.",
                vec![
                    Attribute::text("value", "The manager's id."),
                    Attribute::of(Kind::Reference, "$ref", "The manager's address.").leading_to(&["User"]),
                    Attribute::text("displayName", "The manager's name.").read_only(),
                ],
            ),
        ],
    }
}
