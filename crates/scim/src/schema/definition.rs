//! A kind of resource: its core schema, its extensions, and where a path lies in it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{Attribute, Kind, Returned, member};
use crate::error::Error;
use crate::limits::SCHEMA_ATTRIBUTES_MAX;
use crate::path::AttributePath;
use crate::urn;

/// A schema (RFC 7643 section 7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schema {
    /// The URN.
    pub id: String,
    /// A name for people.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The attributes.
    pub attributes: Vec<Attribute>,
}

impl Schema {
    /// The attribute of this name, letters' case aside.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name.eq_ignore_ascii_case(name))
    }

    /// Reads another server's schema.
    ///
    /// # Errors
    /// `invalidValue`, when it is none or too large.
    pub fn read(value: Value) -> Result<Self, Error> {
        let schema: Self =
            serde_json::from_value(value).map_err(|e| Error::invalid_value(format!("this is no schema: {e}")))?;
        if schema.attributes.iter().map(Attribute::count).sum::<usize>() > SCHEMA_ATTRIBUTES_MAX {
            return Err(Error::invalid_value(format!("a schema has at most {SCHEMA_ATTRIBUTES_MAX} attributes")));
        }
        Ok(schema)
    }

    /// As the `/Schemas` endpoint tells it.
    #[must_use]
    pub fn json(&self, base: &str) -> Value {
        json!({
            "schemas": [urn::SCHEMA],
            "id": self.id,
            "name": self.name,
            "description": self.description,
            "attributes": self.attributes,
            "meta": { "resourceType": "Schema", "location": format!("{base}/Schemas/{}", self.id) },
        })
    }
}

/// An extension of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its schema.
    pub schema: Schema,
    /// Whether every resource has it.
    pub required: bool,
}

/// A kind of resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Definition {
    /// `User`, `Group`.
    pub name: String,
    /// `/Users`, `/Groups`.
    pub endpoint: String,
    /// What every resource has: `schemas`, `id`, `externalId`, `meta` (RFC 7643 section 3.1).
    pub common: Vec<Attribute>,
    /// The core schema.
    pub core: Schema,
    /// The extensions.
    pub extensions: Vec<Extension>,
}

/// An attribute that a path names.
#[derive(Clone, Debug)]
pub struct Located<'a> {
    /// The extension it lies in.
    pub extension: Option<&'a Schema>,
    /// The attribute.
    pub attribute: &'a Attribute,
    /// Its part.
    pub sub: Option<&'a Attribute>,
}

impl<'a> Located<'a> {
    /// The part, or the attribute itself.
    #[must_use]
    pub fn leaf(&self) -> &'a Attribute {
        self.sub.unwrap_or(self.attribute)
    }

    /// The path in the schema's own letters; the core schema is left out.
    #[must_use]
    pub fn path(&self) -> AttributePath {
        AttributePath {
            schema: self.extension.map(|s| s.id.clone()),
            attribute: self.attribute.name.clone(),
            sub: self.sub.map(|s| s.name.clone()),
        }
    }
}

impl Definition {
    /// A kind of resource with this core schema.
    #[must_use]
    pub fn new(name: &str, endpoint: &str, core: Schema) -> Self {
        Self { name: name.into(), endpoint: endpoint.into(), common: common(), core, extensions: Vec::new() }
    }

    /// The same, with a further extension.
    #[must_use]
    pub fn with_extension(mut self, schema: Schema) -> Self {
        self.extensions.push(Extension { schema, required: false });
        self
    }

    /// The extension of this URN, letters' case aside.
    #[must_use]
    pub fn extension(&self, id: &str) -> Option<&Schema> {
        self.extensions.iter().map(|e| &e.schema).find(|s| s.id.eq_ignore_ascii_case(id))
    }

    /// The same, with what another server tells of its schemas: attributes and extensions that are not known yet, and
    /// which of the known ones it wants in every resource. Its `/Schemas` names what belongs to whom badly often, so an
    /// extension is one of ours when its resource type says so, or its URN ends in our name.
    #[must_use]
    pub fn discovered(mut self, schemas: Vec<Schema>, types: &[ResourceType]) -> Self {
        let ours = types.iter().find(|t| t.name.eq_ignore_ascii_case(&self.name));
        for schema in schemas {
            if schema.id.eq_ignore_ascii_case(&self.core.id) {
                take_unknown(&mut self.core, schema);
                continue;
            }
            let said =
                ours.and_then(|t| t.schema_extensions.iter().find(|e| e.schema.eq_ignore_ascii_case(&schema.id)));
            let named = schema.id.rsplit(':').next().is_some_and(|last| last.eq_ignore_ascii_case(&self.name));
            match self.extensions.iter_mut().find(|e| e.schema.id.eq_ignore_ascii_case(&schema.id)) {
                Some(known) => take_unknown(&mut known.schema, schema),
                None if said.is_some() || (named && ours.is_none()) => {
                    self.extensions.push(Extension { schema, required: said.is_some_and(|s| s.required) });
                }
                None => {}
            }
        }
        self
    }

    /// The same, with a text for each path of an extension that is not known: for a mapping to a receiver that does not
    /// tell of its schemas.
    #[must_use]
    pub fn with_paths<'p>(mut self, paths: impl IntoIterator<Item = &'p AttributePath>) -> Self {
        for path in paths {
            let Some(id) = path.schema.as_ref().filter(|_| self.locate(path).is_none()) else { continue };
            if id.eq_ignore_ascii_case(&self.core.id) {
                continue;
            }
            let schema = match self.extensions.iter().position(|e| e.schema.id.eq_ignore_ascii_case(id)) {
                Some(place) => place,
                None => {
                    let schema = Schema { id: id.clone(), name: id.clone(), ..Schema::default() };
                    self.extensions.push(Extension { schema, required: false });
                    self.extensions.len() - 1
                }
            };
            let Some(extension) = self.extensions.get_mut(schema) else { continue };
            match &path.sub {
                None => extension.schema.attributes.push(Attribute::text(&path.attribute, "Mapped.")),
                Some(sub) => {
                    let part = Attribute::text(sub, "Mapped.");
                    match extension.schema.attributes.iter_mut().find(|a| a.name.eq_ignore_ascii_case(&path.attribute))
                    {
                        Some(known) if known.kind == Kind::Complex => known.sub_attributes.push(part),
                        Some(_) => {}
                        None => {
                            let complex = Attribute::complex(&path.attribute, "Mapped.", vec![part]);
                            extension.schema.attributes.push(complex);
                        }
                    }
                }
            }
        }
        self
    }

    /// The first extension with an attribute of this name.
    fn extended(&self, name: &str) -> Option<&Schema> {
        self.extensions.iter().map(|e| &e.schema).find(|s| s.find(name).is_some())
    }

    /// A top-level attribute of this name, letters' case aside.
    #[must_use]
    pub fn top(&self, name: &str) -> Option<&Attribute> {
        self.core.find(name).or_else(|| self.common.iter().find(|a| a.name.eq_ignore_ascii_case(name)))
    }

    /// Where the path lies; `None` when the schemas do not know it. An attribute of an extension is found without its
    /// URN too when the core has none of that name: Entra ID asks for `manager eq "…"`.
    #[must_use]
    pub fn locate(&self, path: &AttributePath) -> Option<Located<'_>> {
        let (extension, attribute) = match &path.schema {
            Some(id) if !id.eq_ignore_ascii_case(&self.core.id) => {
                let schema = self.extension(id)?;
                (Some(schema), schema.find(&path.attribute)?)
            }
            Some(_) => (None, self.top(&path.attribute)?),
            None => match self.top(&path.attribute) {
                Some(attribute) => (None, attribute),
                None => {
                    let schema = self.extended(&path.attribute)?;
                    (Some(schema), schema.find(&path.attribute)?)
                }
            },
        };
        let sub = match &path.sub {
            Some(name) => Some(attribute.sub(name)?),
            None => None,
        };
        Some(Located { extension, attribute, sub })
    }

    /// The value of the path's attribute (without its part) in a resource.
    #[must_use]
    pub fn attribute_of<'r>(&self, resource: &'r Map<String, Value>, path: &AttributePath) -> Option<&'r Value> {
        match &path.schema {
            Some(id) if !id.eq_ignore_ascii_case(&self.core.id) => {
                member(member(resource, id)?.as_object()?, &path.attribute)
            }
            Some(_) => member(resource, &path.attribute),
            None => member(resource, &path.attribute).or_else(|| {
                if self.top(&path.attribute).is_some() {
                    return None;
                }
                let held = member(resource, &self.extended(&path.attribute)?.id)?;
                member(held.as_object()?, &path.attribute)
            }),
        }
    }

    /// As the `/ResourceTypes` endpoint tells it.
    #[must_use]
    pub fn resource_type(&self) -> ResourceType {
        ResourceType {
            id: self.name.clone(),
            name: self.name.clone(),
            endpoint: self.endpoint.clone(),
            description: self.core.description.clone(),
            schema: self.core.id.clone(),
            schema_extensions: self
                .extensions
                .iter()
                .map(|e| SchemaExtension { schema: e.schema.id.clone(), required: e.required })
                .collect(),
        }
    }
}

/// A resource type (RFC 7643 section 6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceType {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The path of its endpoint below the base URL.
    pub endpoint: String,
    /// What it is.
    pub description: String,
    /// The URN of its core schema.
    pub schema: String,
    /// Its extensions.
    pub schema_extensions: Vec<SchemaExtension>,
}

/// An extension that a resource type names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SchemaExtension {
    /// The URN.
    pub schema: String,
    /// Whether every resource has it.
    pub required: bool,
}

impl ResourceType {
    /// As the endpoint tells it.
    #[must_use]
    pub fn json(&self, base: &str) -> Value {
        json!({
            "schemas": [urn::RESOURCE_TYPE],
            "id": self.id,
            "name": self.name,
            "endpoint": self.endpoint,
            "description": self.description,
            "schema": self.schema,
            "schemaExtensions": self.schema_extensions,
            "meta": { "resourceType": "ResourceType", "location": format!("{base}/ResourceTypes/{}", self.id) },
        })
    }
}

/// Adds the attributes that are not known yet; what is known stays as we know it.
fn take_unknown(known: &mut Schema, told: Schema) {
    for attribute in told.attributes {
        if known.find(&attribute.name).is_none() {
            known.attributes.push(attribute);
        }
    }
}

/// The attributes of every resource.
fn common() -> Vec<Attribute> {
    let always = |a: Attribute| Attribute { returned: Returned::Always, ..a };
    vec![
        always(
            Attribute::of(Kind::Reference, "schemas", "The URNs of the schemas that the resource uses.").many().exact(),
        ),
        always(Attribute {
            uniqueness: super::Uniqueness::Server,
            ..Attribute::text("id", "The id that the service provider gave.").exact().read_only()
        }),
        Attribute::text("externalId", "The id that the provisioning client gave.").exact(),
        Attribute::complex(
            "meta",
            "What the service provider knows about the resource.",
            vec![
                Attribute::text("resourceType", "The kind of resource.").exact(),
                Attribute::of(Kind::DateTime, "created", "When it was made."),
                Attribute::of(Kind::DateTime, "lastModified", "When it was changed last."),
                Attribute::of(Kind::Reference, "location", "Its address.").leading_to(&["uri"]),
                Attribute::text("version", "Its version (the ETag).").exact(),
            ],
        )
        .read_only(),
    ]
}
