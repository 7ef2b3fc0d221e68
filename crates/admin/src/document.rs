//! The OpenAPI document besides its paths and schemas: how a request says who asks and about which organization, and the
//! names of the operations.

use muster_http::error::{ErrorBody, ErrorField};
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{PathItem, RefOr, Required, Schema};
use utoipa::{Modify, OpenApi, PartialSchema};

use crate::id::ObjectId;
use crate::page::FilterText;

/// What the document says before its paths.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Muster",
        description = "The API of Muster, an open directory platform, in JumpCloud's shape. Ask with `x-api-key`, or as a service account with a token of `/oauth2/token`; name the organization with `x-org-id`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(ErrorBody, ErrorField, FilterText)),
    modifiers(&Credentials),
    security(("api_key" = []), ("service_account" = []), ("browser" = []))
)]
pub(crate) struct Document;

/// How a request says who asks.
struct Credentials;

impl Modify for Credentials {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        let key = ApiKeyValue::with_description("x-api-key", "An administrator's API key, `jca_...`");
        components.add_security_scheme("api_key", SecurityScheme::ApiKey(ApiKey::Header(key)));
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("A service account's token"));
        components.add_security_scheme("service_account", SecurityScheme::Http(token.build()));
        let session = ApiKeyValue::with_description("__Host-muster_browser", "The session of a browser that signed in");
        components.add_security_scheme("browser", SecurityScheme::ApiKey(ApiKey::Cookie(session)));
    }
}

/// Gives each operation its name, and the header that names the organization.
pub(crate) fn finish(document: &mut utoipa::openapi::OpenApi) {
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            operation.operation_id = Some(name(method, path));
            for response in operation.responses.responses.values_mut() {
                if let RefOr::T(response) = response
                    && response.description.is_empty()
                {
                    response.description = "Done; the object as it is then.".into();
                }
            }
            // A portal's page knows the organization by the name in its address, before it knows the id.
            if path == "/api/v2/me" && method == "get" {
                let about = "The organization's name in addresses, instead of `x-org-id`.";
                operation.parameters.get_or_insert_default().push(parameter("org", ParameterIn::Query, about, None));
            }
            let about = "The organization that is asked about. Needed by whom reaches several.";
            let id = Some(ObjectId::schema());
            operation.parameters.get_or_insert_default().push(parameter("x-org-id", ParameterIn::Header, about, id));
        }
    }
}

fn parameter(name: &str, place: ParameterIn, about: &str, schema: Option<RefOr<Schema>>) -> RefOr<Parameter> {
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(Required::False)
        .description(Some(about))
        .schema(Some(schema.unwrap_or_else(String::schema)))
        .build();
    RefOr::T(parameter)
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let all = [("get", &mut item.get), ("post", &mut item.post), ("put", &mut item.put), ("delete", &mut item.delete)];
    all.into_iter().filter_map(|(word, operation)| operation.as_mut().map(|o| (word, o)))
}

/// `GET /api/v2/users/{id}/sessions` is `getV2UsersByIdSessions`.
fn name(method: &str, path: &str) -> String {
    let mut out = method.to_owned();
    for part in path.trim_start_matches("/api").split(['/', '-']).filter(|p| !p.is_empty()) {
        let (prefix, word) = match part.strip_prefix('{') {
            Some(inner) => ("By", inner.trim_end_matches('}')),
            None => ("", part),
        };
        out.push_str(prefix);
        let mut letters = word.chars();
        out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(letters.as_str());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_named_after_their_paths() {
        assert_eq!(name("get", "/api/v2/users/{id}/sessions"), "getV2UsersByIdSessions");
        assert_eq!(name("post", "/api/v2/identity-provider/policies"), "postV2IdentityProviderPolicies");
    }
}
