//! Inputs for the property tests: canonical users, filters, PATCHes and plain JSON.

use muster_scim::filter::{Filter, Literal, Operator as Comparison};
use muster_scim::{AttributePath, Op, Operation, PatchOp, Resource};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};

use super::{CUSTOM, user};

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// Few values, so that two users often agree; some that need escapes or fold their case.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec!["a", "b", "A", "work x", "quote\"d", "back\\slash", "ÄÖ", "ß", ""]).prop_map(str::to_owned),
        1 => "[ -~äİ]{0,12}",
    ]
}

fn value() -> impl Strategy<Value = Value> {
    text().prop_map(Value::String)
}

fn object(parts: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let members: Vec<_> = parts.into_iter().map(|(n, s)| of(s).prop_map(move |v| (n, v))).collect();
    members
        .prop_map(|parts| Value::Object(parts.into_iter().filter_map(|(n, v)| Some((n.to_owned(), v?))).collect()))
        .boxed()
}

fn plural() -> BoxedStrategy<Value> {
    let kind = select(vec!["work", "home", "Work"]).prop_map(|k| json!(k)).boxed();
    let item = object(vec![("value", value().boxed()), ("type", kind), ("display", value().boxed())]);
    (vec(item, 0..4), of(0..4usize))
        .prop_map(|(mut items, primary)| {
            if let Some(item) = primary.and_then(|i| items.get_mut(i)) {
                item["primary"] = json!(true);
            }
            Value::Array(items)
        })
        .boxed()
}

/// A canonical user.
pub fn users() -> impl Strategy<Value = Resource> {
    let name = object(vec![("givenName", value().boxed()), ("familyName", value().boxed())]);
    let manager = object(vec![("value", value().boxed()), ("displayName", value().boxed())]);
    let enterprise = object(vec![("department", value().boxed()), ("manager", manager)]);
    let address = object(vec![("type", value().boxed()), ("country", value().boxed()), ("formatted", value().boxed())]);
    let parts = vec![
        ("id", value().boxed()),
        ("title", value().boxed()),
        ("active", any::<bool>().prop_map(|b| json!(b)).boxed()),
        ("name", name),
        ("emails", plural()),
        ("roles", plural()),
        ("addresses", vec(address, 0..3).prop_map(Value::Array).boxed()),
        (ENTERPRISE, enterprise),
        (CUSTOM, object(vec![("badge", value().boxed()), ("shoeSize", value().boxed())])),
    ];
    object(parts).prop_map(|mut v| {
        v["userName"] = json!("someone");
        user(v)
    })
}

fn paths() -> impl Strategy<Value = AttributePath> {
    let names = vec![
        "userName",
        "title",
        "active",
        "name.givenName",
        "emails",
        "emails.value",
        "emails.type",
        "roles",
        "id",
        "addresses.country",
        "unknown",
        "and",
        "not",
        "meta.lastModified",
    ];
    let mut all: Vec<AttributePath> = names.into_iter().map(|n| n.parse().unwrap()).collect();
    all.push(AttributePath::new("manager").with_sub("value").in_schema(ENTERPRISE));
    all.push(AttributePath::new("badge").in_schema(CUSTOM));
    select(all)
}

fn literal() -> impl Strategy<Value = Literal> {
    prop_oneof![
        4 => text().prop_map(Literal::Text),
        1 => any::<i64>().prop_map(|n| Literal::Number(n.into())),
        1 => any::<f64>().prop_filter_map("finite", serde_json::Number::from_f64).prop_map(Literal::Number),
        1 => any::<bool>().prop_map(Literal::Bool),
        1 => Just(Literal::Null),
    ]
}

fn leaf(path: impl Strategy<Value = AttributePath> + Clone + 'static) -> BoxedStrategy<Filter> {
    let test = (path.clone(), select(Comparison::ALL.to_vec()), literal())
        .prop_map(|(path, operator, value)| Filter::Test { path, operator, value });
    prop_oneof![4 => test, 1 => path.prop_map(Filter::Present)].boxed()
}

fn tree(leaf: BoxedStrategy<Filter>) -> BoxedStrategy<Filter> {
    leaf.prop_recursive(3, 20, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Filter::And),
            vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.prop_map(|f| Filter::Not(Box::new(f))),
        ]
    })
    .boxed()
}

/// A filter inside `[…]`.
pub fn element_filters() -> BoxedStrategy<Filter> {
    let parts = ["value", "type", "primary", "display", "$ref"].map(AttributePath::new).to_vec();
    tree(leaf(select(parts)))
}

/// A filter.
pub fn filters() -> BoxedStrategy<Filter> {
    let lists = select(["emails", "roles", "addresses"].map(AttributePath::new).to_vec());
    let elements =
        (lists, element_filters()).prop_map(|(path, filter)| Filter::Elements { path, filter: Box::new(filter) });
    tree(prop_oneof![3 => leaf(paths().boxed()), 1 => elements].boxed())
}

/// Any JSON, small.
pub fn values() -> BoxedStrategy<Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i32>().prop_map(|n| json!(n)),
        value(),
        Just(json!("True")),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        let names =
            select(vec!["value", "type", "primary", "VALUE", "givenName", "emails", "userName", "members", "x.y"]);
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            vec((names, inner), 0..4)
                .prop_map(|m| Value::Object(m.into_iter().map(|(n, v)| (n.to_owned(), v)).collect::<Map<_, _>>())),
        ]
    })
    .boxed()
}

/// One operation, sensible or not.
pub fn operations() -> BoxedStrategy<Operation> {
    let filtered =
        (select(vec!["emails", "roles", "addresses"]), element_filters(), select(vec!["", ".value", ".type"]))
            .prop_map(|(name, filter, part)| format!("{name}[{filter}]{part}"));
    let path = prop_oneof![
        4 => paths().prop_map(|p| p.to_string()),
        3 => filtered,
        1 => select(vec![ENTERPRISE, CUSTOM, "schemas", "emails[type eq \"work\"].value", "members"]).prop_map(str::to_owned),
        1 => "[ -~]{0,20}",
    ];
    (select(vec![Op::Add, Op::Replace, Op::Remove]), of(path), of(values()))
        .prop_map(|(op, path, value)| Operation { op, path, value })
        .boxed()
}

/// A PATCH.
pub fn patches() -> BoxedStrategy<PatchOp> {
    vec(operations(), 1..4).prop_map(|operations| PatchOp { operations }).boxed()
}
