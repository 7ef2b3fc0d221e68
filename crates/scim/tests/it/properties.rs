//! What is true of every input.

use muster_scim::filter::{Condition, Filter, Literal, Operator, StoreField, narrow};
use muster_scim::patch::{Dialect, PatchPath, Removal, Style, apply, diff, split_members};
use muster_scim::reconcile::retry_after_s;
use muster_scim::resource::{User, same};
use muster_scim::server::{Paging, Query, Route, read_cursor};
use muster_scim::{AttributePath, Definition, Error, ListResponse, PatchOp, Reading, Resource};
use proptest::prelude::*;
use serde_json::Value;

use super::strategy::{filters, operations, patches, users as any_user, values};
use super::users;

/// A condition on a resource, as a store would answer it: by the filter that it stands for.
fn fulfils(condition: &Condition, resource: &Resource) -> bool {
    let path = |f: StoreField| -> AttributePath {
        match f {
            StoreField::Id => "id",
            StoreField::ExternalId => "externalId",
            StoreField::UserName => "userName",
            StoreField::DisplayName => "displayName",
            StoreField::Email => "emails.value",
            StoreField::Member => "members.value",
            StoreField::Active => "active",
            StoreField::Created => "meta.created",
            StoreField::LastModified => "meta.lastModified",
        }
        .parse()
        .unwrap()
    };
    match condition {
        Condition::Always => true,
        Condition::And(parts) => parts.iter().all(|p| fulfils(p, resource)),
        Condition::Or(parts) => parts.iter().any(|p| fulfils(p, resource)),
        Condition::Not(inner) => !fulfils(inner, resource),
        // Stored and empty is there, for a store.
        Condition::Present(f) => {
            let there = Filter::Test { path: path(*f), operator: Operator::Ne, value: Literal::Null };
            there.matches(&resource.0, &users())
        }
        Condition::Test { field, operator, value } => {
            Filter::Test { path: path(*field), operator: *operator, value: value.clone() }
                .matches(&resource.0, &users())
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_filter_that_is_written_reads_back_the_same(filter in filters()) {
        let text = filter.to_string();
        prop_assert_eq!(text.parse::<Filter>(), Ok(filter), "{}", text);
    }

    #[test]
    fn a_store_that_narrows_loses_nothing(filter in filters(), user in any_user()) {
        let narrowed = narrow(&filter, &|_| true);
        let (fits, fulfilled) = (filter.matches(&user.0, &users()), fulfils(&narrowed.condition, &user));
        prop_assert!(!fits || fulfilled, "{filter} is lost by {:?}", narrowed.condition);
        prop_assert!(!narrowed.exact || fits == fulfilled, "{filter} is not {:?}", narrowed.condition);
    }

    #[test]
    fn what_is_no_filter_or_path_is_refused_without_panic(text in "\\PC{0,60}", noise in "[a-z\\[\\]()\". ]{0,60}") {
        for text in [text, noise] {
            if let Ok(filter) = text.parse::<Filter>() {
                prop_assert_eq!(filter.to_string().parse::<Filter>(), Ok(filter));
            }
            if let Ok(path) = text.parse::<PatchPath>() {
                prop_assert_eq!(path.to_string().parse::<PatchPath>(), Ok(path));
            }
            if let Ok(path) = text.parse::<AttributePath>() {
                prop_assert_eq!(path.to_string().parse::<AttributePath>(), Ok(path));
            }
        }
    }

    #[test]
    fn a_difference_leads_from_one_to_the_other(a in any_user(), b in any_user()) {
        for style in [Style::STANDARD, Style { value_paths: false, removal: Removal::ValueList }] {
            let patch = diff(&a, &b, &users(), style);
            let done = apply(&a, &patch, &users(), Dialect::STRICT);
            let done = done.map_err(|e| TestCaseError::fail(format!("{e}: {:?}", patch.json())))?;
            // What only the server may set stays.
            prop_assert!(diff(&done, &b, &users(), style).is_empty(), "{:?} gives {:?}", patch.json(), done);
            prop_assert_eq!(done.id(), a.id());
            let again = apply(&done, &patch, &users(), Dialect::STRICT);
            prop_assert!(again.is_ok_and(|again| same(&again, &done)), "{:?} twice", patch.json());
            prop_assert_eq!(PatchOp::read(patch.json().to_string().as_bytes()).is_ok(), !patch.is_empty());
        }
    }

    #[test]
    fn any_operation_is_carried_out_or_refused_and_leaves_a_canonical_user(user in any_user(), patch in patches()) {
        if let Ok(after) = apply(&user, &patch, &users(), Dialect::TOLERANT) {
            let read = users().read(Value::from(after.clone()), Reading::OWN);
            prop_assert_eq!(read, Ok(after.clone()));
            let user = User::from_resource(&after);
            prop_assert!(user.is_ok_and(|u| same(&u.to_resource(), &after)));
        }
    }

    #[test]
    fn one_operation_twice_is_one_operation(user in any_user(), operation in operations()) {
        // A value path may lead away from itself: `emails[type eq "a"].type` set to "b".
        let part = operation.path.as_deref().is_some_and(|p| p.contains('['));
        let patch = PatchOp { operations: vec![operation] };
        if !part && let Ok(once) = apply(&user, &patch, &users(), Dialect::TOLERANT) {
            let twice = apply(&once, &patch, &users(), Dialect::TOLERANT);
            prop_assert!(twice.is_ok_and(|twice| same(&twice, &once)), "{:?}", patch);
        }
    }

    #[test]
    fn any_json_is_read_or_refused(value in values()) {
        for reading in [Reading::REQUEST, Reading::ANSWER, Reading::OWN] {
            if let Ok(read) = users().read(value.clone(), reading) {
                let again = users().read(Value::from(read.clone()), reading);
                prop_assert_eq!(again, Ok(read));
            }
        }
        let text = value.to_string();
        let _ = ListResponse::read(text.as_bytes());
        let _ = Error::read(400, text.as_bytes());
        let _ = PatchOp::read(text.as_bytes());
    }

    #[test]
    fn members_are_split_off_any_patch(patch in patches()) {
        if let Ok((_, rest)) = split_members(patch, &Definition::group()) {
            prop_assert!(rest.operations.iter().all(|o| o.path.as_deref() != Some("members")));
        }
    }

    #[test]
    fn any_query_is_read_or_refused(pairs in proptest::collection::vec(("[a-zA-Z]{0,12}|count|cursor|startIndex|sortBy|attributes", "\\PC{0,20}|-?[0-9]{0,25}"), 0..6), path in "\\PC{0,30}") {
        if let Ok(query) = Query::read(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())), &users()) {
            match &query.paging {
                Paging::Index { start, count } => prop_assert!(*start >= 1 && *count <= 1000),
                Paging::Cursor { count, .. } => prop_assert!((1..=1000).contains(count)),
            }
            prop_assert!(read_cursor(&path, &query, &users()).is_err());
            let told = query.projection.apply(super::barbara().0, &users());
            let whole = super::barbara().0;
            prop_assert_eq!(told.get("id"), whole.get("id"));
            prop_assert!(told.keys().all(|k| whole.contains_key(k)));
        }
        let _ = (Route::read(&path), retry_after_s(&path, 0));
    }

    #[test]
    fn any_bytes_are_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = users().read_bytes(&bytes, Reading::REQUEST);
        let _ = ListResponse::read(&bytes);
        let _ = PatchOp::read(&bytes);
        prop_assert!(Error::read(500, &bytes).detail.chars().count() <= 501);
    }
}
