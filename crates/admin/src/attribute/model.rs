//! A custom attribute as the API shows it.

use muster_directory::attribute::{Declared, Type};
use serde::Serialize;
use utoipa::ToSchema;

/// A custom attribute of people.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CustomAttributeDeclaration)]
pub(crate) struct AttributeOut {
    /// The name, compared with case.
    pub name: String,
    /// What its values are; text, where it is not declared.
    #[serde(rename = "type")]
    pub kind: Type,
    /// For people.
    pub description: String,
    /// Whether its type is declared. One that is not is listed since somebody has a value.
    pub declared: bool,
}

impl From<Declared> for AttributeOut {
    fn from(of: Declared) -> Self {
        Self { name: of.name, kind: of.kind, description: of.description, declared: true }
    }
}
