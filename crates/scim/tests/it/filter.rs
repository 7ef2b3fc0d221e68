use muster_scim::filter::{Condition, Filter, StoreField, narrow};
use muster_scim::{Definition, ScimType};
use serde_json::json;

use super::{barbara, group, user, users};

fn parsed(text: &str) -> Filter {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn fits(text: &str) -> bool {
    parsed(text).matches(&barbara().0, &users())
}

#[test]
fn what_is_written_reads_back_the_same() {
    for text in [
        r#"userName eq "bjensen""#,
        r#"title pr and userType eq "Employee""#,
        r#"a eq 1 or b eq -2500.5 and c le 5"#,
        r#"(a eq 1 or b eq 2) and not (c pr)"#,
        r#"a pr and (b pr and c pr)"#,
        r#"emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp"]"#,
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq null"#,
        r#"userName eq "a\"b\\cé\n""#,
        r#"active eq true and meta.lastModified gt "2011-05-13T04:42:34Z""#,
    ] {
        assert_eq!(parsed(text).to_string(), text);
    }
}

#[test]
fn and_binds_closer_than_or_and_words_have_no_case() {
    assert_eq!(parsed("a PR OR b pr And c Pr").to_string(), "a pr or b pr and c pr");
    assert_eq!(parsed("a pr or b pr and c pr"), parsed("a pr or (b pr and c pr)"));
    assert_ne!(parsed("a pr or b pr and c pr"), parsed("(a pr or b pr) and c pr"));
    assert_eq!(parsed("NOT(a EQ True)").to_string(), "not (a eq true)");
    // Attributes may be called like words.
    assert_eq!(parsed("not eq 1 and and pr").to_string(), "not eq 1 and and pr");
}

#[test]
fn a_fault_is_named_with_its_place() {
    for (text, position, words) in [
        ("", 1, "expected an attribute"),
        ("userName", 9, "expected one of eq"),
        ("userName eq", 12, "expected a text in double quotes"),
        ("userName eq 'x'", 13, "double quotes"),
        ("userName is \"x\"", 10, "expected one of eq"),
        ("é eq 1", 1, "expected an attribute"),
        ("a eq \"é\" b", 10, "expected \"and\""),
        ("(a pr", 6, "expected \")\""),
        ("a pr)", 5, "closes nothing"),
        ("a[b[c pr]]", 4, "inside a value path"),
        ("a eq \"x", 6, "no closing quote"),
        ("a eq \"\\x\"", 6, "escapes"),
        ("a.b.c pr", 1, "at most one level"),
        ("a pr and", 9, "expected an attribute"),
    ] {
        let problem = text.parse::<Filter>().unwrap_err();
        assert_eq!((problem.position, problem.message.contains(words)), (position, true), "{text}: {problem}");
    }
}

/// Class of security-cases.md: "SCIM / LDAP filter DoS".
#[test]
fn scim_filter_dos_is_refused_before_it_costs_anything() {
    let deep = |open: &str, close: &str, n: usize| format!("{}a pr{}", open.repeat(n), close.repeat(n));
    for text in [
        deep("(", ")", 100_000),
        deep("(", ")", 1000),
        deep("not (", ")", 600),
        "a eq 1 or ".repeat(300) + "a pr",
        format!("userName eq \"{}\"", "x".repeat(1_000_000)),
        format!("{}a pr", "a[".repeat(1500)),
        "(".repeat(4000),
        "not".repeat(1300),
    ] {
        assert!(text.parse::<Filter>().is_err());
    }
    assert!(deep("(", ")", 16).parse::<Filter>().is_ok());
    assert!(deep("(", ")", 17).parse::<Filter>().is_err());
}

#[test]
fn comparisons_follow_type_and_case() {
    for text in [
        r#"userName eq "BJENSEN@example.com""#,
        r#"username sw "bj" and USERNAME ew ".COM""#,
        r#"externalId eq "bjensen""#,
        r#"name.familyName co "ENSE""#,
        r#"displayName gt "Babs I""#,
        r#"active eq true and active ne false and active eq "True""#,
        r#"emails eq "babs@jensen.example""#,
        r#"emails.value eq "BABS@jensen.example""#,
        r#"emails[type eq "work" and primary eq "True"]"#,
        r#"emails[type eq "home"].value ew "jensen.example""#,
        r#"meta.lastModified ge "2026-05-13T06:42:34+02:00" and meta.lastModified lt "2026-05-13T04:42:34.001Z""#,
        r#"title eq null and title ne "x" and not (title pr)"#,
        r#"externalId ne null"#,
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "tour operations""#,
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq 701984"#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName pr"#,
        r#"name pr and emails pr"#,
        r#"emails.type ne "work""#,
    ] {
        assert!(fits(text), "{text}");
    }
    for text in [
        r#"externalId eq "BJensen""#,
        r#"id eq "2819C223""#,
        r#"active gt false"#,
        r#"emails[type eq "home" and value co "example.com"]"#,
        r#"meta.lastModified gt "2026-05-13T04:42:34Z""#,
        r#"nickName pr"#,
        r#"title gt "a" or title co """#,
        r#"unknown eq "x" or unknown pr"#,
        r#"userName eq 5 or active eq 1"#,
    ] {
        assert!(!fits(text), "{text}");
    }
    let tom = user(json!({"userName": "JÜRGEN"}));
    assert!(parsed(r#"userName eq "jürgen""#).matches(&tom.0, &users()));
}

#[test]
fn a_password_cannot_be_found_out_by_a_filter() {
    let mut secret = barbara();
    secret.0.insert("password".into(), json!("t1meMa$heen"));
    for text in [r#"password sw "t""#, r#"password pr"#, r#"password eq "t1meMa$heen""#] {
        assert!(!parsed(text).matches(&secret.0, &users()), "{text}");
        assert!(parsed(text).check(&users()).unwrap_err().detail.contains("cannot be searched for"));
    }
}

#[test]
fn the_check_names_what_cannot_be_compared() {
    let ok = |text: &str| parsed(text).check(&users());
    for text in [
        r#"userName eq "x" and emails[type eq "work"] and meta.created gt "2026-01-01T00:00:00Z""#,
        r#"emails co "x" and active eq "False" and externalId eq null and schemas eq "urn:x""#,
        r#"urn:acme:params:scim:hr.v1.2:User:badge eq "7""#,
    ] {
        assert_eq!(ok(text), Ok(()), "{text}");
    }
    for text in [
        "unknown pr",
        r#"emails[unknown eq "x"]"#,
        "active gt true",
        r#"active eq "yes""#,
        r#"name eq "x""#,
        r#"meta.created gt "yesterday""#,
        "userName gt null",
        r#"urn:other:2.0:User:department eq "x""#,
    ] {
        assert_eq!(ok(text).unwrap_err().scim_type, Some(ScimType::InvalidFilter), "{text}");
    }
}

#[test]
fn members_are_found_by_value_path() {
    let tea = group(json!({"displayName": "Tea", "members": [{"value": "a"}, {"value": "b", "type": "User"}]}));
    let fits = |text: &str| parsed(text).matches(&tea.0, &Definition::group());
    assert!(fits(r#"members[value eq "b"]"#) && fits(r#"members eq "a""#) && fits(r#"members.value eq "a""#));
    assert!(!fits(r#"members[value eq "c"]"#));
}

fn narrowed(text: &str) -> (String, bool) {
    fn words(c: &Condition) -> String {
        match c {
            Condition::Always => "always".into(),
            Condition::Test { field, operator, value } => format!("{field:?} {} {value}", operator.word()),
            Condition::Present(field) => format!("{field:?} pr"),
            Condition::And(parts) => format!("({})", parts.iter().map(words).collect::<Vec<_>>().join(" & ")),
            Condition::Or(parts) => format!("({})", parts.iter().map(words).collect::<Vec<_>>().join(" | ")),
            Condition::Not(inner) => format!("!{}", words(inner)),
        }
    }
    let out = narrow(&parsed(text), &|f| f != StoreField::DisplayName);
    (words(&out.condition), out.exact)
}

#[test]
fn indexes_get_what_they_can_answer() {
    for (text, condition, exact) in [
        (r#"userName eq "X""#, r#"UserName eq "X""#, true),
        (r#"urn:ietf:params:scim:schemas:core:2.0:User:userName eq "X""#, r#"UserName eq "X""#, true),
        (r#"userName eq "X" and title eq "y""#, r#"UserName eq "X""#, false),
        (r#"userName eq "X" or title eq "y""#, "always", false),
        (r#"not (userName eq "X")"#, r#"!UserName eq "X""#, true),
        (r#"not (userName eq "X" and title pr)"#, "always", false),
        (r#"displayName eq "no index""#, "always", false),
        (r#"emails[value eq "a@b"]"#, r#"Email eq "a@b""#, true),
        (r#"emails[type eq "work" and value eq "a@b"]"#, r#"Email eq "a@b""#, false),
        (r#"emails[not (value eq "a@b")]"#, "always", false),
        (r#"emails.value ne "a@b""#, "always", false),
        (r#"active eq "False" and externalId eq null"#, "(Active eq false & !ExternalId pr)", true),
        (r#"meta.lastModified gt "2026-01-01T00:00:00Z""#, r#"LastModified gt "2026-01-01T00:00:00Z""#, true),
        (r#"meta.lastModified gt "soon""#, "always", false),
        (r#"id eq "1" or id eq "2""#, r#"(Id eq "1" | Id eq "2")"#, true),
        (r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:id eq "1""#, "always", false),
    ] {
        assert_eq!(narrowed(text), (condition.to_owned(), exact), "{text}");
    }
}
