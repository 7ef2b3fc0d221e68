//! Claims that a request names one by one (OpenID Connect Core 5.5), beside those of its scope. Pure.

use std::collections::BTreeMap;

use muster_oauth::authorize::claims::Wanted;
use serde_json::{Map, Value};

/// Adds what is wanted and there: `all` is everything that this application may learn of the person, by its mapping and
/// every scope. A claim that is wanted with a value and has another is left out; nothing that is missing stops a sign-in
/// (section 5.5.1).
pub fn add(claims: &mut Map<String, Value>, all: Map<String, Value>, wanted: &BTreeMap<String, Wanted>) {
    for (name, value) in all {
        if let Some(wanted) = wanted.get(&name)
            && (wanted.values.is_empty() || wanted.values.contains(&value))
        {
            claims.entry(name).or_insert(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_oauth::authorize::ClaimsRequest;
    use serde_json::json;

    #[test]
    fn what_is_wanted_and_there_is_added() {
        let all = json!({"email": "ana@example.test", "name": "Ana", "department": "Ops", "level": "2"});
        let wanted = r#"{"id_token": {"email": null, "department": {"value": "Sales"}, "level": {"values": ["1", "2"]},
                         "phone_number": {"essential": true}, "name": {"essential": true}}}"#;
        let wanted = ClaimsRequest::read(wanted).unwrap();
        let mut claims = Map::from_iter([("name".to_owned(), json!("as it was"))]);
        add(&mut claims, all.as_object().unwrap().clone(), &wanted.id_token);
        assert_eq!(Value::Object(claims), json!({"name": "as it was", "email": "ana@example.test", "level": "2"}));
    }
}
