//! The SAML settings as JumpCloud's v1 object has them: `config{key: {value}}`. Reading takes `value` alone and leaves
//! what is not named as it is; `idpPrivateKey` is only ever written.

use std::collections::BTreeMap;

use muster_directory::application::saml::{Acs, Saml, Signing};
use muster_directory::application::{GroupsClaim, Mapping};
use muster_directory::saml_key::Pair;
use muster_http::ApiError;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// One setting of a template.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = ApplicationSetting)]
pub(crate) struct Setting {
    /// Its value.
    #[serde(default)]
    #[schema(value_type = SettingValue)]
    pub value: Value,
}

/// The value of a setting.
#[derive(ToSchema, Serialize)]
#[schema(as = ApplicationSettingValue)]
#[serde(untagged)]
#[expect(dead_code, reason = "the document's, never constructed")]
pub(crate) enum SettingValue {
    /// A text.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Rows of a name and a value.
    Rows(Vec<Mapping>),
}

/// The settings of a SAML template by JumpCloud's names; an OpenID Connect application has none here, its settings are
/// v2's `sso`.
pub(crate) type Config = BTreeMap<String, Setting>;

/// JumpCloud's older spelling of the unspecified format.
const UNSPECIFIED_1_0: &str = "urn:oasis:names:tc:SAML:1.0:nameid-format:unspecified";
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

/// An ACS URL in the list that JumpCloud writes as text.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AcsText {
    url: String,
    #[serde(default)]
    index: String,
    #[serde(default)]
    is_default: String,
}

/// Shows the settings; `certificate` is the PEM of the one that signs, where it is known.
pub(crate) fn show(saml: &Saml, certificate: Option<String>) -> Config {
    let rows = |mappings: &[Mapping]| -> Value {
        mappings.iter().map(|m| json!({"name": m.name, "value": m.value})).collect::<Vec<_>>().into()
    };
    let groups = saml.groups_attribute.as_ref();
    let mut out = vec![
        ("idpEntityId", json!(saml.idp_entity_id)),
        ("spEntityId", json!(saml.sp_entity_id)),
        ("acsUrl", json!(acs_text(&saml.acs))),
        ("spCertificate", json!(saml.sp_certificates.join("\n"))),
        ("subjectField", json!(saml.name_id_attribute)),
        ("overrideNameIdFormat", json!(saml.name_id_format)),
        ("signatureAlgorithm", json!(saml.signature_algorithm)),
        ("signAssertion", json!(saml.sign_assertion)),
        ("signResponse", json!(saml.sign_response)),
        ("defaultTargetUrl", json!(saml.default_relay_state)),
        ("idpInitUrl", json!(saml.login_url)),
        ("declareRedirectEndpoint", json!(saml.declare_redirect_endpoint)),
        ("includeGroups", json!(groups.is_some())),
        ("groupsAttributeName", json!(groups.map(|g| g.name.clone()).unwrap_or_default())),
        ("constantAttributes", rows(&saml.constant_attributes)),
        ("databaseAttributes", rows(&saml.user_attributes)),
        ("idpPrivateKey", json!("")),
    ];
    out.extend(certificate.map(|pem| ("idpCertificate", json!(pem))));
    out.into_iter().map(|(name, value)| (name.to_owned(), Setting { value })).collect()
}

/// A plain address where there is one of no further meaning, else the list as text.
fn acs_text(acs: &[Acs]) -> String {
    if let [only] = acs
        && only.index == 0
    {
        return only.url.clone();
    }
    let list: Vec<AcsText> = acs
        .iter()
        .map(|a| AcsText { url: a.url.clone(), index: a.index.to_string(), is_default: a.is_default.to_string() })
        .collect();
    if list.is_empty() { String::new() } else { serde_json::to_string(&list).unwrap_or_default() }
}

/// What a config says: the settings, and a key that is brought along.
pub(crate) struct Read {
    /// The settings.
    pub saml: Saml,
    /// The key and its certificate.
    pub pair: Option<Pair>,
}

/// Reads a config over the settings as they are.
///
/// # Errors
/// 400 on `config.{key}`.
pub(crate) fn read(config: &Config, before: &Saml) -> Result<Read, ApiError> {
    let mut saml = before.clone();
    for (name, setting) in config {
        apply(&mut saml, name, &setting.value)?;
    }
    if let Some(setting) = config.get("includeGroups") {
        let name = config.get("groupsAttributeName").and_then(|s| s.value.as_str()).filter(|n| !n.is_empty());
        let name = name.or(before.groups_attribute.as_ref().map(|g| g.name.as_str())).unwrap_or("memberOf");
        let groups = GroupsClaim { name: name.to_owned(), string_when_one: false };
        saml.groups_attribute = boolean("includeGroups", &setting.value)?.then_some(groups);
    }
    let given = |name: &str| config.get(name).and_then(|s| s.value.as_str()).filter(|text| !text.trim().is_empty());
    let pair = match (given("idpCertificate"), given("idpPrivateKey")) {
        (Some(certificate), Some(key)) => Some(Pair::from_text(&pem(certificate), &pem(key))?),
        (None, Some(_)) => return Err(wrong("idpCertificate", "is required beside idpPrivateKey")),
        // As it was shown: there is nothing to change.
        (_, None) => None,
    };
    Ok(Read { saml, pair })
}

fn apply(saml: &mut Saml, name: &str, value: &Value) -> Result<(), ApiError> {
    match name {
        "idpEntityId" => saml.idp_entity_id = text(name, value)?,
        "spEntityId" => saml.sp_entity_id = text(name, value)?,
        "acsUrl" => saml.acs = acs(&text(name, value)?)?,
        "spCertificate" => saml.sp_certificates = certificates(&pem(&text(name, value)?)),
        "subjectField" => saml.name_id_attribute = text(name, value)?,
        "overrideNameIdFormat" => {
            let format = text(name, value)?;
            saml.name_id_format = if format == UNSPECIFIED_1_0 { UNSPECIFIED.into() } else { format };
        }
        "signatureAlgorithm" => {
            let known = serde_json::from_value::<Signing>(value.clone());
            saml.signature_algorithm =
                known.map_err(|_| wrong(name, "one of RSA-SHA256, RSA-SHA512, ECDSA-SHA256 and RSA-SHA1"))?;
        }
        "signAssertion" => saml.sign_assertion = boolean(name, value)?,
        "signResponse" => saml.sign_response = boolean(name, value)?,
        "defaultTargetUrl" => saml.default_relay_state = text(name, value)?,
        "idpInitUrl" => saml.login_url = text(name, value)?,
        "declareRedirectEndpoint" => saml.declare_redirect_endpoint = boolean(name, value)?,
        "constantAttributes" => saml.constant_attributes = mappings(name, value)?,
        "databaseAttributes" => saml.user_attributes = mappings(name, value)?,
        // The others are read together, or are settings of catalog templates that mean nothing here.
        _ => {}
    }
    Ok(())
}

fn wrong(name: &str, why: &str) -> ApiError {
    ApiError::field(format!("config.{name}"), why)
}

fn text(name: &str, value: &Value) -> Result<String, ApiError> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text.trim().to_owned()),
        _ => Err(wrong(name, "its value is a text")),
    }
}

fn boolean(name: &str, value: &Value) -> Result<bool, ApiError> {
    value.as_bool().ok_or_else(|| wrong(name, "its value is true or false"))
}

fn mappings(name: &str, value: &Value) -> Result<Vec<Mapping>, ApiError> {
    let rows = serde_json::from_value::<Vec<Mapping>>(value.clone());
    let mut rows = rows.map_err(|_| wrong(name, "its value is a list of {name, value}"))?;
    rows.retain(|m| !(m.name.trim().is_empty() && m.value.trim().is_empty()));
    Ok(rows)
}

fn acs(text: &str) -> Result<Vec<Acs>, ApiError> {
    if !text.starts_with('[') {
        let one = |url: &str| Acs { url: url.to_owned(), index: 0, is_default: true };
        return Ok(if text.is_empty() { Vec::new() } else { vec![one(text)] });
    }
    let rows = serde_json::from_str::<Vec<AcsText>>(text);
    let rows = rows.map_err(|_| wrong("acsUrl", "an address, or the text of [{\"index\", \"isDefault\", \"url\"}]"))?;
    rows.into_iter()
        .map(|row| {
            let index = if row.index.is_empty() { Ok(0) } else { row.index.parse() };
            let index = index.map_err(|_| wrong("acsUrl", "an index is a number from 0 to 65535"))?;
            Ok(Acs { url: row.url, index, is_default: row.is_default == "true" })
        })
        .collect()
}

/// Several certificates one after the other.
fn certificates(text: &str) -> Vec<String> {
    const END: &str = "-----END CERTIFICATE-----";
    if !text.contains(END) {
        return if text.is_empty() { Vec::new() } else { vec![text.to_owned()] };
    }
    text.split_inclusive(END).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

/// JumpCloud's clients send PEM, or base64 of PEM.
fn pem(text: &str) -> String {
    use base64::Engine as _;
    let plain = || text.trim().to_owned();
    if text.contains("-----BEGIN") {
        return plain();
    }
    let joined: String = text.split_whitespace().collect();
    let decoded = base64::engine::general_purpose::STANDARD.decode(joined).ok();
    decoded.and_then(|bytes| String::from_utf8(bytes).ok()).filter(|t| t.contains("-----BEGIN")).unwrap_or_else(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_reads_back() {
        let two = |index, url: &str, is_default| Acs { url: url.into(), index, is_default };
        let saml = Saml {
            sp_entity_id: "urn:sp".into(),
            acs: vec![two(0, "https://a.example/acs", false), two(7, "https://b.example/acs", true)],
            user_attributes: vec![Mapping { name: "username".into(), value: "email".into() }],
            groups_attribute: Some(GroupsClaim { name: "memberOf".into(), string_when_one: false }),
            ..Saml::default()
        };
        let config = show(&saml, Some("-----BEGIN CERTIFICATE-----".into()));
        assert_eq!(config["idpPrivateKey"].value, "");
        let read = read(&config, &Saml::default()).unwrap();
        assert_eq!(read.saml, saml);
        assert!(read.pair.is_none());
    }

    #[test]
    fn what_is_not_named_stays() {
        let before = Saml { sp_entity_id: "urn:sp".into(), ..Saml::default() };
        let one = |name: &str, value: Value| Config::from([(name.to_owned(), Setting { value })]);
        let after = read(&one("acsUrl", json!("https://a.example/acs")), &before).unwrap().saml;
        assert_eq!((after.sp_entity_id.as_str(), after.acs.len()), ("urn:sp", 1));
        for (name, value) in [
            ("signAssertion", json!("yes")),
            ("acsUrl", json!("[{")),
            ("signatureAlgorithm", json!("RSA-MD5")),
            ("databaseAttributes", json!("x")),
            ("idpPrivateKey", json!("x")),
        ] {
            assert!(read(&one(name, value), &before).is_err(), "{name}");
        }
    }
}
