//! Reads an LDAP server to its end, and tries it.

use std::collections::BTreeMap;

use muster_base::Secret;
use muster_directory::feed::Ldap;
use muster_directory::feed::take::Group;
use muster_http::Egress;

use super::connection::Connection;
use super::filter::compile;
use super::message::Entry;
use super::schema::{CONTROL, Schema, normal};
use crate::found::{Found, Refused};
use crate::report::Report;

/// Ranges of one attribute that are asked for: Active Directory tells 1,500 values at a time.
const RANGES_MAX: usize = 1_000;

async fn connect(egress: &Egress, ldap: &Ldap, secret: Option<&Secret>) -> Result<Connection, String> {
    let mut connection = Connection::open(egress, ldap).await?;
    connection.bind(&ldap.bind_dn, secret.map_or("", Secret::expose)).await?;
    Ok(connection)
}

/// Everything that is there: an error means that nothing is known.
///
/// # Errors
/// Why it cannot be read, for an administrator.
pub async fn read(
    egress: &Egress,
    (ldap, groups): (&Ldap, bool),
    secret: Option<&Secret>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Found, String> {
    let schema = Schema(ldap);
    let user_filter = compile(schema.user_filter()).map_err(|e| format!("the filter for people: {e}"))?;
    let group_filter = compile(schema.group_filter()).map_err(|e| format!("the filter for groups: {e}"))?;
    let mut connection = connect(egress, ldap, secret).await?;
    let mut people: Vec<Entry> = Vec::new();
    let take = |entry| {
        people.push(entry);
        progress(people.len(), 0);
    };
    connection.all((ldap.base_dn.as_str(), &user_filter), &schema.of_people(), take).await?;
    let mut held: Vec<Entry> = Vec::new();
    if groups {
        let take = |entry| {
            held.push(entry);
            progress(people.len(), held.len());
        };
        connection.all((schema.group_base(), &group_filter), &schema.of_groups(), take).await?;
        for group in &mut held {
            whole(&mut connection, group, &schema.of_members()).await?;
        }
    }
    connection.close().await;
    Ok(found(&schema, &people, &held))
}

/// Reads the rest of members that came in ranges (`member;range=0-1499`): an incomplete group would lose people.
async fn whole(connection: &mut Connection, group: &mut Entry, names: &[String]) -> Result<(), String> {
    for name in names {
        let begins = format!("{};range=", name.to_lowercase());
        let at = |entry: &Entry| entry.attributes.iter().position(|(n, _)| n.to_lowercase().starts_with(&begins));
        let mut all: Vec<Vec<u8>> = Vec::new();
        let mut next = at(group).map(|i| group.attributes.remove(i));
        let was_cut = next.is_some();
        for _ in 0..RANGES_MAX {
            let Some((told, values)) = next.take() else { break };
            all.extend(values);
            let Some((_, end)) = told.rsplit_once('-').filter(|(_, end)| *end != "*") else { break };
            let wrong = |_| format!("{}: the server answers a range that is none", group.dn);
            let end: u64 = end.parse().map_err(wrong)?;
            let ask = format!("{name};range={}-*", end.saturating_add(1));
            let entry = connection.one(&group.dn, &[ask]).await?;
            let mut entry = entry.ok_or_else(|| format!("{} went away while it was read", group.dn))?;
            next = at(&entry).map(|i| entry.attributes.remove(i));
            if next.is_none() {
                return Err(format!("{}: the server does not tell all members", group.dn));
            }
        }
        if next.is_some() {
            return Err(format!("{}: there are too many members", group.dn));
        }
        if was_cut {
            group.attributes.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
            group.attributes.push((name.clone(), all));
        }
    }
    Ok(())
}

/// What the entries say. Pure.
fn found(schema: &Schema<'_>, people: &[Entry], groups: &[Entry]) -> Found {
    let mut out = Found::default();
    let mut by_dn: BTreeMap<String, String> = BTreeMap::new();
    let mut by_name: BTreeMap<String, String> = BTreeMap::new();
    for entry in people.iter().chain(groups) {
        by_dn.extend(schema.id(entry).map(|id| (normal(&entry.dn), id)));
    }
    for entry in people {
        let (mut draft, manager) = schema.person(entry);
        draft.manager = manager.and_then(|dn| by_dn.get(&normal(&dn)).cloned());
        by_name.insert(draft.username.to_lowercase(), draft.external_id.clone());
        if draft.username.is_empty() {
            draft.external_id = if draft.external_id.is_empty() { entry.dn.clone() } else { draft.external_id };
            let (name, why) = (entry.dn.clone(), "it has no user name".into());
            out.refused.push(Refused { external_id: draft.external_id, name, why, out: draft.active == Some(false) });
        } else {
            out.person(draft);
        }
    }
    let name_attribute = schema.attribute("groupName").unwrap_or_default();
    for entry in groups {
        let Some(external_id) = schema.id(entry) else { continue };
        let name = entry.text(&name_attribute).unwrap_or_default();
        let mut members: Vec<String> = Vec::new();
        for value in schema.of_members().iter().flat_map(|name| entry.texts(name)) {
            // posixGroup names user names, the others DNs.
            let found = by_dn.get(&normal(&value)).or_else(|| by_name.get(&value.to_lowercase()));
            members.extend(found.cloned());
        }
        members.sort();
        members.dedup();
        out.group(Group { external_id, name, members });
    }
    out
}

/// What *Test Connection* tells of people, or what they do not show.
fn people(schema: &Schema<'_>, some: &[Entry], more: bool) -> Result<String, String> {
    let named: Vec<&Entry> = some.iter().filter(|e| schema.id(e).is_some()).collect();
    let none_shows = |what: &str| format!("people are there, and none shows {what}: ");
    if named.is_empty() {
        let id = schema.attribute("id").unwrap_or_default();
        return Err(none_shows(&id) + "choose the kind of server, or let this bind DN read it");
    }
    let silent = named.iter().filter(|e| schema.person(e).0.active.is_none()).count();
    if silent == named.len() {
        return Err(none_shows(CONTROL) + "let this bind DN read it, or nobody new comes");
    }
    let first = some.iter().find_map(|e| Some(schema.person(e).0.username).filter(|n| !n.is_empty()));
    let least = if more { "more than " } else { "" };
    let first = first.map(|name| format!(", such as {name}")).unwrap_or_default();
    let silent = Some(silent).filter(|n| *n > 0).map(|n| format!("; {n} of them do not show {CONTROL}"));
    Ok(format!("{least}{} people{first}{}", some.len(), silent.unwrap_or_default()))
}

/// *Test Connection*: step by step, with what each answer meant.
pub async fn test(egress: &Egress, (ldap, groups): (&Ldap, bool), secret: Option<&Secret>) -> Report {
    let mut report = Report::default();
    let schema = Schema(ldap);
    let filters = compile(schema.user_filter()).and_then(|u| compile(schema.group_filter()).map(|g| (u, g)));
    let (user_filter, group_filter) = match filters {
        Ok(both) => both,
        Err(why) => return report.failed("Filters", why),
    };
    let mut connection = match Connection::open(egress, ldap).await {
        Ok(connection) => connection,
        Err(why) => return report.failed("Connect", why),
    };
    let how = match ldap.security {
        muster_directory::feed::LdapSecurity::None => "connected; nothing is encrypted, the password neither",
        _ => "connected, and encrypted",
    };
    report.passed("Connect", how);
    if let Err(why) = connection.bind(&ldap.bind_dn, secret.map_or("", Secret::expose)).await {
        return report.failed("Sign in", why);
    }
    let who = if ldap.bind_dn.is_empty() { "nobody" } else { ldap.bind_dn.as_str() };
    report.passed("Sign in", &format!("as {who}"));
    match connection.some((&ldap.base_dn, &user_filter), &schema.of_people()).await {
        Err(why) => return report.failed("Read people", why),
        Ok((some, _)) if some.is_empty() => {
            return report.failed("Read people", "nobody is there: look at the base DN and the filter".into());
        }
        Ok((some, more)) => match people(&schema, &some, more) {
            Ok(told) => report.passed("Read people", &told),
            Err(why) => return report.failed("Read people", why),
        },
    }
    if !groups {
        return report.skipped("Read groups", "groups are not read");
    }
    match connection.some((schema.group_base(), &group_filter), &schema.of_groups()).await {
        Err(why) => return report.failed("Read groups", why),
        Ok((some, more)) => {
            let least = if more { "more than " } else { "" };
            let groups = if some.len() == 1 { "group" } else { "groups" };
            report.passed("Read groups", &format!("{least}{} {groups}", some.len()));
        }
    }
    connection.close().await;
    report
}
