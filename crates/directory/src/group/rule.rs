//! Whether a group's rules may be saved: attributes and groups that are there, no way back to itself, and nothing that those
//! could write themselves whom the group would let in.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Id;
use muster_rules::{Attribute, AttributeType, MemberQuery, Operator, Problem, Rule, Schema};

use super::ruleset::{self, RuleSet, link};
use super::{Group, GroupKind, Method, store};
use crate::attribute as declared;
use crate::attribute::declare::names_in_rules;
use crate::device::model::{AttributeKind, DEVICE_ATTRIBUTES};
use crate::{Error, FieldError, Result, Source, Write, device, listing, organization, user};

/// How many groups a group may hold.
pub const NESTED_MAX: usize = 100;

/// The attributes that a rule about people, or about devices, may name in this organization.
///
/// # Errors
/// The database's.
pub async fn schema(s: &mut impl Source, org: Id, kind: GroupKind) -> Result<Schema> {
    let used = user::store::attribute_names(s, org).await?;
    let mut custom: BTreeMap<String, AttributeType> =
        used.into_iter().map(|name| (name, AttributeType::Text)).collect();
    custom.extend(declared::store::all(s, org).await?.into_iter().map(|of| (of.name, of.kind.of_rules())));
    let of_devices = custom_of_devices(s, org).await?;
    let users = || Schema::typed_users(custom.clone());
    Ok(match kind {
        GroupKind::User => users().with(of_people(&users(), &devices(&of_devices))),
        GroupKind::Device => {
            let owner = prefixed(&users(), "owner.", "Owner's");
            let groups =
                [group_attribute("groups", "Device Group"), group_attribute("owner.groups", "Owner's User Group")];
            Schema::new(devices(&of_devices)).with(groups).with(owner)
        }
    })
}

/// How many devices are looked through for names of custom attributes.
const LOOKED_THROUGH: i64 = 1_000;

/// Names of devices' custom attributes, to be offered: a rule may name others.
async fn custom_of_devices(s: &mut impl Source, org: Id) -> Result<Vec<String>> {
    let some = listing::page::<device::Device>(s, org, "", LOOKED_THROUGH).await?;
    let names: BTreeSet<String> = some.into_iter().flat_map(|d| d.facts.attributes).map(|a| a.name).collect();
    Ok(names.into_iter().collect())
}

fn attribute(name: &str, label: &str, kind: AttributeType) -> Attribute {
    Attribute { name: name.to_owned(), label: label.to_owned(), kind, custom: false }
}

fn group_attribute(name: &str, label: &str) -> Attribute {
    attribute(name, label, AttributeType::Group)
}

fn devices(custom: &[String]) -> Vec<Attribute> {
    let kind = |kind: &AttributeKind| match kind {
        AttributeKind::Text => AttributeType::Text,
        AttributeKind::Number => AttributeType::Number,
        AttributeKind::Bool => AttributeType::Bool,
        AttributeKind::Date => AttributeType::Date,
        AttributeKind::Enumeration(words) => {
            AttributeType::Enumeration(words.iter().map(ToString::to_string).collect())
        }
    };
    let fixed = DEVICE_ATTRIBUTES.iter().map(|(name, label, of)| attribute(name, label, kind(of)));
    let custom = custom.iter().map(|name| Attribute {
        name: format!("{}{name}", muster_rules::CUSTOM_PREFIX),
        label: name.clone(),
        kind: AttributeType::Text,
        custom: true,
    });
    fixed.chain(custom).collect()
}

/// What a rule about people may ask besides their own fields.
fn of_people(users: &Schema, devices: &[Attribute]) -> Vec<Attribute> {
    let words = |words: &[&str]| AttributeType::Enumeration(words.iter().map(ToString::to_string).collect());
    let mut out = vec![
        attribute("fullname", "Full Name", AttributeType::Text),
        attribute("alternateEmail", "Alternate Email", AttributeType::Text),
        attribute("managedAppleId", "Managed Apple Account", AttributeType::Text),
        attribute("unix_uid", "Unix UID", AttributeType::Number),
        attribute("unix_guid", "Unix GID", AttributeType::Number),
        attribute(
            "passwordStatus",
            "Password Status",
            words(&["PENDING", "ACTIVE", "EXPIRED", "FEDERATED", "EXTERNAL"]),
        ),
        attribute(
            "passwordAuthority",
            "Password Authority",
            words(&["None", "Federated Identity Provider", "SCIM", "Active Directory"]),
        ),
        attribute("passwordSet", "Password Set", AttributeType::Date),
        attribute("passwordExpires", "Password Expires", AttributeType::Date),
        attribute("mfa.configured", "MFA Configured", AttributeType::Bool),
        attribute("identityProviders", "Identity Provider", AttributeType::Text),
        group_attribute("devices.groups", "Device Group of a Device"),
    ];
    out.extend(prefixed(users, "manager.", "Manager's"));
    out.extend(prefixed(users, "managers.", "Any Manager's"));
    let of_device = devices.iter().map(|of| Attribute {
        name: format!("devices.{}", of.name),
        label: format!("Device: {}", of.label),
        ..of.clone()
    });
    out.extend(of_device);
    out
}

/// The fields of another person, but for groups and times of theirs that nobody asks about.
fn prefixed(users: &Schema, prefix: &str, whose: &str) -> Vec<Attribute> {
    let fields = users.attributes().iter().filter(|a| a.kind != AttributeType::Group);
    fields
        .map(|of| Attribute {
            name: format!("{prefix}{}", of.name),
            label: format!("{whose} {}", of.label),
            ..of.clone()
        })
        .collect()
}

/// What is wrong with a rule, at its places. A custom attribute that nobody has yet may be named: the rule can be written
/// before the first person has it.
///
/// # Errors
/// The database's.
pub async fn problems(s: &mut impl Source, org: Id, kind: GroupKind, query: &MemberQuery) -> Result<Vec<Problem>> {
    let schema = with_unused(schema(s, org, kind).await?, query);
    let mut out = query.check(&schema).err().unwrap_or_default();
    out.extend(reference_problems(s, org, kind, query.rule()).await?);
    Ok(out)
}

/// The schema with those custom attributes of a rule that nobody has yet.
fn with_unused(schema: Schema, query: &MemberQuery) -> Schema {
    let unused = unused_attributes(query.rule(), &schema);
    schema.with(unused.into_iter().map(|name| Attribute {
        label: name.clone(),
        name,
        kind: AttributeType::Text,
        custom: true,
    }))
}

/// How many rules are named that do not fit an attribute's type.
const UNFIT_NAMED: usize = 20;

/// The rules that do not fit a custom attribute of people as it is declared now.
pub(crate) async fn unfit(w: &mut Write<'_>, name: &str) -> Result<Vec<FieldError>> {
    let org = w.org();
    let mut out = Vec::new();
    let mut groups = store::every(w, org).await?;
    for kind in [GroupKind::User, GroupKind::Device] {
        let names = names_in_rules(kind, name);
        let reads = |query: &MemberQuery| query.rule().attributes().into_iter().any(|of| names.iter().any(|n| n == of));
        let reading: Vec<Group> = groups.extract_if(.., |g| g.kind == kind && g.queries().any(reads)).collect();
        if reading.is_empty() {
            continue;
        }
        let schema = schema(w, org, kind).await?;
        for group in reading {
            let found =
                |query| MemberQuery::check(query, &with_unused(schema.clone(), query)).err().unwrap_or_default();
            let problem = group.queries().flat_map(found).next();
            out.extend(problem.map(|problem| {
                let message =
                    format!("the rule of \"{}\" does not fit: {}; change it first", group.name, problem.message);
                FieldError::new("type", message)
            }));
        }
    }
    out.truncate(UNFIT_NAMED);
    Ok(out)
}

/// The custom attributes of a rule that nobody has: worth a warning, since a misspelt name matches nobody.
#[must_use]
pub fn unused_attributes(rule: &Rule, schema: &Schema) -> Vec<String> {
    const BEFORE: [&str; 5] = ["", "manager.", "managers.", "owner.", "devices."];
    let is_custom = |name: &str| {
        BEFORE
            .iter()
            .any(|before| name.strip_prefix(before).is_some_and(|n| n.starts_with(muster_rules::CUSTOM_PREFIX)))
    };
    let names = rule.attributes().into_iter().filter(|name| is_custom(name) && schema.find(name).is_none());
    names.map(str::to_owned).collect()
}

async fn reference_problems(s: &mut impl Source, org: Id, kind: GroupKind, rule: &Rule) -> Result<Vec<Problem>> {
    let wanted: Vec<(&str, &str)> = ruleset::references(rule).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let known: BTreeMap<Id, GroupKind> = store::every(s, org).await?.into_iter().map(|g| (g.id, g.kind)).collect();
    let mut out = Vec::new();
    for (attribute, value) in wanted {
        let kind = link(kind, attribute).1;
        let found = value.parse::<Id>().ok().and_then(|id| known.get(&id));
        if found != Some(&kind) {
            let what = if kind == GroupKind::User { "user group" } else { "device group" };
            let shown: String = value.chars().take(100).collect();
            out.push(Problem::new(
                "memberQuery",
                format!("no {what} of this organization has the name or id {shown:?}"),
            ));
        }
    }
    Ok(out)
}

/// A query with the names of groups made ids, so that the rule stays right when they are renamed. What is neither a name
/// nor an id stays, and is refused by [`problems`].
///
/// # Errors
/// The database's.
pub async fn resolved(s: &mut impl Source, org: Id, kind: GroupKind, query: &MemberQuery) -> Result<MemberQuery> {
    if ruleset::references(query.rule()).next().is_none() {
        return Ok(query.clone());
    }
    let groups = store::every(s, org).await?;
    Ok(query.map_values(&mut |test, value| {
        if !matches!(test.operator, Operator::MemberOf | Operator::NotMemberOf) {
            return value.to_owned();
        }
        let kind = link(kind, &test.attribute).1;
        let mut of_kind = groups.iter().filter(|g| g.kind == kind);
        if of_kind.clone().any(|g| g.id.text() == value) {
            return value.to_owned();
        }
        let named = of_kind.find(|g| g.name.to_lowercase() == value.to_lowercase());
        named.map_or_else(|| value.to_owned(), |g| g.id.text())
    }))
}

/// A rule with the ids of groups made names, for people to read.
///
/// # Errors
/// The database's.
pub async fn with_names(s: &mut impl Source, org: Id, rule: &Rule) -> Result<Rule> {
    if ruleset::references(rule).next().is_none() {
        return Ok(rule.clone());
    }
    let names: BTreeMap<String, String> =
        store::every(s, org).await?.into_iter().map(|g| (g.id.text(), g.name)).collect();
    Ok(rule.map_values(&mut |test, value| match test.operator {
        Operator::MemberOf | Operator::NotMemberOf => names.get(value).cloned().unwrap_or_else(|| value.to_owned()),
        _ => value.to_owned(),
    }))
}

/// The attributes of a rule that a person can write for themselves, or for those below or on their devices.
fn owner_written(query: &MemberQuery) -> Vec<String> {
    let attributes: BTreeSet<String> = query.rule().attributes().iter().map(ToString::to_string).collect();
    attributes.into_iter().filter(|name| is_owner_written(name)).collect()
}

fn is_owner_written(name: &str) -> bool {
    let of_person = ["manager.", "managers.", "owner."].iter().find_map(|before| name.strip_prefix(before));
    user::model::owner_writes(of_person.unwrap_or(name))
}

/// What an administrator sets of a device; everything else it tells of itself, and whoever is root on it decides what.
const SET_OF_DEVICES: [&str; 4] = ["displayName", "primarySystemUser", "created", "_id"];

/// Whether a device tells this of itself.
fn is_reported(kind: GroupKind, name: &str) -> bool {
    let of_device = match kind {
        GroupKind::User => name.strip_prefix("devices."),
        GroupKind::Device if name.starts_with("owner.") => None,
        GroupKind::Device => Some(name),
    };
    of_device.is_some_and(|name| {
        name != "groups"
            && !SET_OF_DEVICES.contains(&name)
            && !name.starts_with(muster_rules::CUSTOM_PREFIX)
            && !name.starts_with("allow")
    })
}

/// Whether a group gives more than access: sudo, by itself or through a group that follows from it.
fn gives_privileges(set: &RuleSet, group: &Group) -> bool {
    let sudo = |group: &Group| group.doc.attributes.sudo.as_ref().is_some_and(|sudo| sudo.enabled);
    let mut open: Vec<usize> = set.place(group.id).into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(place) = open.pop() {
        let Some(ready) = set.at(place).filter(|_| seen.insert(place)) else { continue };
        if ready.group.id != group.id && sudo(&ready.group) {
            return true;
        }
        open.extend(ready.dependents().iter().map(|(place, _)| *place));
    }
    sudo(group)
}

/// Why a group's rules may not decide: they read what those can write who would let themselves in. Named after the
/// attribute.
///
/// # Errors
/// The database's.
pub async fn guard(s: &mut impl Source, set: &RuleSet, group: &Group, nested: &[Id]) -> Result<Vec<Problem>> {
    let org = group.org;
    let privileged = gives_privileges(set, group);
    if group.method != Method::DynamicAutomated && !privileged {
        return Ok(Vec::new());
    }
    let editing = organization::store::get(s, org).await?.settings.system_users_can_edit;
    let other = match group.kind {
        GroupKind::User => schema(s, org, GroupKind::Device).await?,
        GroupKind::Device => schema(s, org, GroupKind::User).await?,
    };
    let schema = schema(s, org, group.kind).await?;
    let label = |kind: GroupKind, name: &str| {
        let schema = if kind == group.kind { &schema } else { &other };
        schema.find(name).map_or_else(|| name.to_owned(), |a| a.label.clone())
    };
    let mut out = Vec::new();
    for (path, of, query) in decisive(set, group, nested, privileged) {
        let via = if of.id == group.id { String::new() } else { format!(", by which \"{}\" decides", of.name) };
        let written = if editing { owner_written(query) } else { Vec::new() };
        out.extend(written.iter().map(|name| {
            let message = format!(
                "people may change \"{}\"{via} themselves in the portal, and so let themselves into this group: use \
                 another attribute, or turn off editing in the organization's settings (systemUsersCanEdit)",
                label(of.kind, name)
            );
            Problem::new(path, message)
        }));
        let reported = query.rule().attributes().into_iter().filter(|name| privileged && is_reported(of.kind, name));
        out.extend(reported.map(|name| {
            let message = format!(
                "this group gives administrator permissions (sudo), and \"{}\"{via} is what a device tells of itself: whoever \
                 is root on a device could let themselves in; use an attribute that administrators set",
                label(of.kind, name)
            );
            Problem::new(path, message)
        }));
    }
    Ok(out)
}

/// The groups that people could let themselves into if they might edit their profile.
///
/// # Errors
/// The database's.
pub(crate) async fn decided_by_owners(s: &mut impl Source, org: Id) -> Result<Vec<String>> {
    let set = RuleSet::read(s, org).await?;
    let by_owners = |ready: &&ruleset::Ready| {
        let group = &ready.group;
        let privileged = gives_privileges(&set, group);
        let decides = group.method == Method::DynamicAutomated || privileged;
        let rules = decisive(&set, group, &ready.nested, privileged);
        decides && rules.iter().any(|(_, _, query)| !owner_written(query).is_empty())
    };
    Ok(set.iter().filter(by_owners).map(|ready| ready.group.name.clone()).collect())
}

/// The rules that decide about a group: its own, and where it gives privileges those of the groups that it follows from.
fn decisive<'g>(
    set: &'g RuleSet,
    group: &'g Group,
    nested: &[Id],
    privileged: bool,
) -> Vec<(&'static str, &'g Group, &'g MemberQuery)> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::from([group.id]);
    let mut open = vec![(group, nested.to_vec())];
    while let Some((of, nested)) = open.pop() {
        if of.method.is_dynamic() {
            let queries = [("memberQuery", &of.member_query), ("excludeQuery", &of.exclude_query)];
            out.extend(queries.into_iter().filter_map(|(path, query)| Some((path, of, query.as_ref()?))));
        }
        let on = if privileged { ruleset::dependencies(of, &nested) } else { Vec::new() };
        let further = on.into_iter().filter_map(|(id, _)| set.get(id?)).filter(|r| seen.insert(r.group.id));
        open.extend(further.map(|ready| (&ready.group, ready.nested.clone())));
    }
    out
}

/// Refuses a group whose rules, or groups that it holds, cannot be saved.
///
/// # Errors
/// [`Error::Invalid`] at the places.
pub(crate) async fn check(s: &mut impl Source, group: &Group, nested: &[Id]) -> Result<()> {
    let org = group.org;
    let mut out = Vec::new();
    for (path, query) in [("memberQuery", &group.member_query), ("excludeQuery", &group.exclude_query)] {
        if let Some(query) = query {
            let found = problems(s, org, group.kind, query).await?;
            out.extend(found.into_iter().map(|p| Problem::new(p.path.replacen("memberQuery", path, 1), p.message)));
        }
    }
    // What depends on nothing cannot depend on itself, and nobody comes in by what it does not ask.
    if group.method.is_dynamic() || !nested.is_empty() {
        let set = RuleSet::read(s, org).await?;
        out.extend(structure(&set, group, nested));
        if out.is_empty() {
            out.extend(guard(s, &set, group, nested).await?);
        }
    }
    Error::unless_empty(out.into_iter().map(|p| FieldError::new(p.path, p.message)).collect())
}

/// What is wrong with how a group hangs together with others: groups that it cannot hold, and a way back to itself.
#[must_use]
pub fn structure(set: &RuleSet, group: &Group, nested: &[Id]) -> Vec<Problem> {
    let mut out = nested_problems(set, group, nested);
    if out.is_empty()
        && let Some(path) = ruleset::cycle(set, group, nested)
    {
        let name = |id: &Id| set.get(*id).map_or_else(|| group.name.clone(), |r| r.group.name.clone());
        let path: Vec<String> =
            path.iter().map(|id| if *id == group.id { group.name.clone() } else { name(id) }).collect();
        let message = format!("this group would depend on itself: {}; take one of these steps away", path.join(" → "));
        out.push(Problem::new(if nested.is_empty() { "memberQuery" } else { "memberGroups" }, message));
    }
    out
}

fn nested_problems(set: &RuleSet, group: &Group, nested: &[Id]) -> Vec<Problem> {
    let mut out = Vec::new();
    if nested.len() > NESTED_MAX {
        out.push(Problem::new("memberGroups", format!("a group holds at most {NESTED_MAX} groups")));
    }
    for (i, id) in nested.iter().enumerate() {
        let found = set.get(*id).is_some_and(|r| r.group.kind == group.kind);
        if !found && *id != group.id {
            let what = if group.kind == GroupKind::User { "user group" } else { "device group" };
            out.push(Problem::new(format!("memberGroups[{i}]"), format!("no {what} of this organization has this id")));
        }
        if nested.iter().take(i).any(|before| before == id) {
            out.push(Problem::new(format!("memberGroups[{i}]"), "this group is there twice: keep one"));
        }
    }
    out
}
