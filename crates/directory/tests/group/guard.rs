//! What a group may be built on that gives more than access.

use muster_directory::group::create::Create;
use muster_directory::group::update::Update;
use muster_directory::group::{GroupKind, Input, Method, model};
use serde_json::json;

use super::devices::text;
use super::{dynamic, in_department};
use crate::harness::Test;

fn sudo() -> Option<model::Attributes> {
    let sudo = model::Sudo { enabled: true, without_password: false };
    Some(model::Attributes { sudo: Some(sudo), ..model::Attributes::default() })
}

async fn told(t: &Test, input: Input) -> String {
    t.write(t.acme, Create::of_users(input)).await.err().map_or_else(String::new, |e| e.to_string())
}

both! {
    /// The class "privilege through a writable attribute".
    async fn privileges_are_not_built_on_what_their_subjects_write(t) {
        let own = told(t, dynamic("A", text(r#"displayname contains "boss""#))).await;
        assert!(own.contains("people may change \"Display Name\" themselves"), "{own}");
        for rule in [r#"manager.firstname equals "x""#, r#"managers.displayname equals "x""#] {
            assert!(told(t, dynamic("A", text(rule))).await.contains("people may change"), "{rule}");
        }
        let excluded = Input { exclude_query: Some(Some(text(r#"lastname equals "x""#))), ..dynamic("A", in_department("Sales")) };
        assert!(told(t, excluded).await.contains("excludeQuery: people may change"));
        // What only an administrator acts on may be suggested by it, but for privileges.
        let review = || Input { method: Some(Method::DynamicReviewRequired), ..dynamic("R", text(r#"displayname is set"#)) };
        assert!(told(t, Input { attributes: sudo(), ..review() }).await.contains("people may change"));
        t.group(t.acme, review()).await;
    }

    async fn what_a_device_tells_of_itself_gives_no_privileges(t) {
        let by_device = || dynamic("D", text(r#"devices.hostname starts with "admin-""#));
        let refused = told(t, Input { attributes: sudo(), ..by_device() }).await;
        assert!(refused.contains("\"Device: Hostname\" is what a device tells of itself"), "{refused}");
        let group = t.group(t.acme, by_device()).await;
        // Nor later.
        let later = t.write(t.acme, Update::of_users(group.id, Input { attributes: sudo(), ..Input::default() })).await;
        assert!(later.unwrap_err().to_string().contains("is what a device tells of itself"));
        // Nor by a way round, through a group with privileges that follows from this one.
        let round = Input { attributes: sudo(), ..dynamic("E", text(r#"member of "D""#)) };
        assert!(told(t, round).await.contains("is what a device tells of itself"));
    }

    async fn a_group_that_privileges_follow_from_is_guarded_too(t) {
        let base = t.group(t.acme, dynamic("Base", in_department("Sales"))).await;
        t.group(t.acme, Input { attributes: sudo(), ..dynamic("Admins", text(r#"member of "Base""#)) }).await;
        let input = Input { member_query: Some(Some(text(r#"devices.hostname is set"#))), ..Input::default() };
        let refused = t.write(t.acme, Update::of_users(base.id, input)).await.unwrap_err().to_string();
        assert!(refused.contains("is what a device tells of itself"), "{refused}");
        let by_owner = Create { kind: GroupKind::Device, input: dynamic("X", text(r#"owner.displayname is set"#)) };
        assert!(t.write(t.acme, by_owner).await.unwrap_err().to_string().contains("people may change"));
    }

    async fn editing_is_not_turned_on_under_a_rule_that_reads_it(t) {
        use muster_directory::organization::update::Update;
        let turn = |on: bool| Update { name: None, settings: json!({"systemUsersCanEdit": on}).as_object().unwrap().clone() };
        t.write(t.acme, turn(false)).await.unwrap();
        t.group(t.acme, dynamic("A", text(r#"manager.firstname equals "x""#))).await;
        let review = |name: &str, rule: &str| Input { method: Some(Method::DynamicReviewRequired), ..dynamic(name, text(rule)) };
        let sudo = |input: Input| Input { attributes: sudo(), ..input };
        // With privileges, what is only suggested, and what another group decides.
        t.group(t.acme, sudo(review("B", r#"displayname is set"#))).await;
        t.group(t.acme, review("C", r#"lastname is set"#)).await;
        t.group(t.acme, sudo(dynamic("D", text(r#"member of "C""#)))).await;
        t.group(t.acme, review("Fine", r#"displayname is set"#)).await;
        let refused = t.write(t.acme, turn(true)).await.unwrap_err().to_string();
        for name in ["A", "B", "C", "D"] {
            assert!(refused.contains(&format!("the rule of the group \"{name}\"")), "{name}: {refused}");
        }
        assert!(!refused.contains("Fine"), "{refused}");
    }
}
