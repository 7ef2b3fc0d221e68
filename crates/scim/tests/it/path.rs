use muster_scim::AttributePath;
use muster_scim::patch::{PatchPath, get};
use serde_json::json;

use super::{barbara, users};

fn parts(text: &str) -> (Option<String>, String, Option<String>) {
    let path: AttributePath = text.parse().unwrap();
    (path.schema, path.attribute, path.sub)
}

#[test]
fn the_schema_ends_at_the_last_colon_and_its_version_is_no_part() {
    assert_eq!(parts("userName"), (None, "userName".into(), None));
    assert_eq!(parts("name.givenName"), (None, "name".into(), Some("givenName".into())));
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    assert_eq!(parts(&format!("{enterprise}:department")), (Some(enterprise.into()), "department".into(), None));
    let manager = format!("{enterprise}:manager.value");
    assert_eq!(parts(&manager), (Some(enterprise.into()), "manager".into(), Some("value".into())));
    assert_eq!(parts("members.$ref").2.as_deref(), Some("$ref"));
    assert_eq!(manager.parse::<AttributePath>().unwrap().to_string(), manager);
}

#[test]
fn what_is_no_path_is_refused() {
    for text in ["", ".", "a.", ".a", "a.b.c", "a b", "1a", "a[b]", "x:y", "naïve", "a..b", &"a".repeat(5000)] {
        assert!(text.parse::<AttributePath>().is_err(), "{text:?}");
    }
}

#[test]
fn patch_paths_take_a_value_filter_and_one_part() {
    for text in [
        "members",
        "name.familyName",
        r#"addresses[type eq "work"]"#,
        r#"emails[type eq "work" and value ew "@x"].value"#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:emails[primary eq true].display"#,
    ] {
        assert_eq!(text.parse::<PatchPath>().unwrap().to_string(), text);
    }
    for (text, words) in [
        (r#"name.given[type eq "x"]"#, "follows the attribute"),
        (r#"emails[type eq "x""#, "expected \"]\""),
        (r#"emails[type eq "x"].a.b"#, "one sub-attribute"),
        (r#"emails[type eq "x"]value"#, "expected the end"),
        (r#"emails[ims[type eq "x"]]"#, "inside a value path"),
        (r#"emails[]"#, "expected an attribute"),
    ] {
        let error = text.parse::<PatchPath>().unwrap_err();
        assert_eq!(error.scim_type.map(muster_scim::ScimType::word), Some("invalidPath"));
        assert!(error.detail.contains(words), "{text}: {}", error.detail);
    }
}

#[test]
fn a_path_reads_the_value_it_names() {
    let read = |path: &str| get(&barbara(), &path.parse().unwrap(), &users());
    assert_eq!(read("USERNAME"), Some(json!("bjensen@example.com")));
    assert_eq!(read("name.givenName"), Some(json!("Barbara")));
    assert_eq!(read(r#"emails[type eq "home"].value"#), Some(json!("babs@jensen.example")));
    assert_eq!(read(r#"emails[type eq "other"].value"#), None);
    assert_eq!(read("emails.type"), Some(json!(["work", "home"])));
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user";
    assert_eq!(read(&format!("{enterprise}:manager.value")), Some(json!("26118915")));
}
