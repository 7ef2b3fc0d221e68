//! `muster explain membership`.

use muster_directory::group::GroupKind;
use muster_directory::user::update::Update;
use serde_json::{Value, json};

use super::{Installation, errors, lines};

#[tokio::test]
async fn a_person_is_told_in_words_and_a_program_in_json() {
    let at = Installation::new();
    let d = at.directory().await;
    let bo = at.person(&d, "bo", "Sales").await;
    let group = at.group(&d, GroupKind::User, "Sellers", "department equals \"Sales\" and jobTitle is empty").await;
    let between = d.env().clock.now();
    let legal = json!({"department": "Legal"}).as_object().unwrap().clone();
    at.write(&d, Update::profile(bo, legal)).await;

    let ask = |more: &[&str]| {
        let mut args = vec!["explain", "membership", "--org", "acme"];
        args.extend(more);
        at.run(&args)
    };
    let told = lines(&ask(&["--group", "sellers", "--member", "bo"]));
    assert!(told.starts_with("bo and \"Sellers\": Not a member: the rule does not match.\n"), "{told}");
    assert!(told.contains("  false  Department equals \"Sales\"  (saw \"Legal\")"), "{told}");
    assert!(told.contains("  true   Job Title is empty  (saw nothing)"), "{told}");
    assert!(told.contains("ended by change") && told.contains("user_update of user"), "{told}");

    // The same by e-mail and by ids, for a program.
    let (id, bo) = (group.id.text(), bo.text());
    for (group, member) in [("Sellers", "Bo@Acme.example"), (&id, &bo)] {
        let out = ask(&["--group", group, "--member", member, "--json"]);
        let told: Value = serde_json::from_slice(&out.stdout).unwrap();
        assert_eq!(told["member"], false);
        assert_eq!(told["memberQuery"]["clauses"][0]["saw"], "Legal");
        assert_eq!(told["history"][0]["endedBy"]["event"], "user_update");
        assert_eq!(told["history"][0]["beganBy"]["event"], "group_create");
    }
    // As it was before the change.
    let out = ask(&["--group", "Sellers", "--member", "bo", "--at", &between.rfc3339(), "--json"]);
    let told: Value = serde_json::from_slice(&out.stdout).unwrap();
    assert_eq!((&told["member"], &told["memberQuery"]["clauses"][0]["saw"]), (&json!(true), &json!("Sales")));
}

#[tokio::test]
async fn a_device_is_named_by_name_or_serial_number() {
    let at = Installation::new();
    let file = at.folder.path().join("devices.csv");
    std::fs::write(&file, "displayName,serialNumber,osFamily\nLathe,SN-1,linux\nPress,SN-2,windows\n").unwrap();
    assert!(at.run(&["device", "import", file.to_str().unwrap()]).status.success());
    let d = at.directory().await;
    at.group(&d, GroupKind::Device, "Penguins", "displayName equals \"Lathe\"").await;
    for (member, is) in [("lathe", true), ("SN-1", true), ("SN-2", false)] {
        let out = at.run(&["explain", "membership", "--group", "Penguins", "--member", member, "--json"]);
        let told: Value = serde_json::from_slice(&out.stdout).unwrap_or_else(|_| panic!("{}", errors(&out)));
        assert_eq!(told["member"], is, "{member}");
    }
}

#[test]
fn what_is_not_there_is_named() {
    let at = Installation::new();
    let cases = [
        (["--group", "Nowhere", "--member", "bo"].as_slice(), "there is no group \"Nowhere\""),
        (&["--group", "All Users", "--member", "nobody"], "there is no person \"nobody\""),
        (&["--org", "other", "--group", "All Users", "--member", "bo"], "there is no organization \"other\""),
        (&["--group", "All Users", "--member", "bo", "--at", "Tuesday"], "--at: write a time as"),
    ];
    for (args, message) in cases {
        let out = at.run(&[["explain", "membership"].as_slice(), args].concat());
        assert!(!out.status.success());
        assert!(errors(&out).contains(message), "{}", errors(&out));
    }
}
