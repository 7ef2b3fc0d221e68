//! What attributes and their values are called on the wire, and canonically.

use crate::schema::CUSTOM_PREFIX;

/// Canonical names, each with the part of JumpCloud's v2 name behind `user.`. The eight that are published are email,
/// username, user_department, user_job_title, user_location, user_company, employee_id and user_state; the others
/// follow their pattern.
const USER_NAMES: [(&str, &str); 17] = [
    ("username", "username"),
    ("email", "email"),
    ("firstname", "first_name"),
    ("middlename", "middle_name"),
    ("lastname", "last_name"),
    ("displayname", "display_name"),
    ("company", "user_company"),
    ("costCenter", "user_cost_center"),
    ("department", "user_department"),
    ("description", "user_description"),
    ("employeeIdentifier", "employee_id"),
    ("employeeType", "user_employee_type"),
    ("jobTitle", "user_job_title"),
    ("location", "user_location"),
    ("manager", "user_manager"),
    ("state", "user_state"),
    ("created", "user_created"),
];

/// The attribute that a reference to groups is about.
pub(crate) const GROUPS: &str = "groups";

/// The attribute that holds the groups of `whose`, which may be written without it: `owner` for `owner.groups`, and of
/// the subject itself as JumpCloud writes it (`user.groups`, `user.user_groups`, `system.groups`) or not at all.
pub(crate) fn groups_of(whose: &str) -> String {
    match whose {
        ""
        | GROUPS
        | "user"
        | "system"
        | "user.groups"
        | "user.user_groups"
        | "system.groups"
        | "system.system_groups" => GROUPS.to_owned(),
        whose if whose.ends_with(".groups") => whose.to_owned(),
        whose => format!("{whose}.{GROUPS}"),
    }
}

/// The canonical name of an attribute by any of its wire names; a name nobody knows stays what it is.
pub fn canonical(written: &str) -> String {
    if let Some(bare) = written.strip_prefix("system.") {
        return canonical_of_device(bare);
    }
    let bare = written.strip_prefix("user.").unwrap_or(written);
    if let Some(custom) = custom_name(bare) {
        return format!("{CUSTOM_PREFIX}{custom}");
    }
    if bare == "userState" {
        return "state".to_owned();
    }
    let known = USER_NAMES.iter().find(|(name, v2)| *name == bare || (*v2 == bare && bare.len() < written.len()));
    known.map_or(written, |(name, _)| name).to_owned()
}

/// A device's attribute by its v2 name: the part behind `system.`, in either way of writing several words.
fn canonical_of_device(bare: &str) -> String {
    if let Some(custom) = custom_name(bare) {
        return format!("{CUSTOM_PREFIX}{custom}");
    }
    let mut out = String::new();
    let mut upper = false;
    for c in bare.chars() {
        match c {
            '_' => upper = !out.is_empty(),
            c if upper => {
                out.extend(c.to_uppercase());
                upper = false;
            }
            c => out.push(c),
        }
    }
    out
}

/// `NAME` of `attributes.NAME` or `attributes[name=NAME].value`.
fn custom_name(bare: &str) -> Option<&str> {
    let name = bare
        .strip_prefix(CUSTOM_PREFIX)
        .or_else(|| bare.strip_prefix("attributes[name=").and_then(|rest| rest.strip_suffix("].value")));
    name.filter(|name| !name.is_empty())
}

/// The name in the text forms, where a custom attribute is a path.
pub(crate) fn in_expression(attribute: &str) -> String {
    match attribute.strip_prefix(CUSTOM_PREFIX) {
        Some(custom) => format!("attributes[name={custom}].value"),
        None => attribute.to_owned(),
    }
}

/// The canonical value: the 2023 API wrote user states as `active`, `staged`, `suspended`.
pub(crate) fn canonical_value(attribute: &str, value: String) -> String {
    if attribute != "state" {
        return value;
    }
    match value.to_ascii_uppercase().as_str() {
        "ACTIVE" | "ACTIVATED" => "ACTIVATED".to_owned(),
        "STAGED" => "STAGED".to_owned(),
        "SUSPENDED" => "SUSPENDED".to_owned(),
        _ => value,
    }
}
