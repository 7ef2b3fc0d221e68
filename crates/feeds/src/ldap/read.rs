//! Reads an LDAP server to its end, and tries it.

use std::collections::{BTreeMap, BTreeSet};

use muster_base::Secret;
use muster_directory::feed::Ldap;
use muster_directory::feed::take::Group;
use muster_http::Egress;

use super::connection::{Connection, SOME_MAX};
use super::filter::compile;
use super::message::Entry;
use super::schema::{CONTROL, Schema, normal};
use crate::found::{Draft, Found, is_key};
use crate::report::Report;
use crate::room::{Room, cost};

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
    let mut people: Vec<Somebody> = Vec::new();
    let take = |entry| {
        let (person, held) = Somebody::of(&schema, entry);
        people.push(person);
        progress(people.len(), 0);
        held
    };
    connection.all((ldap.base_dn.as_str(), &user_filter), &schema.of_people(), take).await?;
    let mut held: Vec<Entry> = Vec::new();
    if groups {
        let take = |entry: Entry| {
            let takes = entry.held();
            held.push(entry);
            progress(people.len(), held.len());
            takes
        };
        connection.all((schema.group_base(), &group_filter), &schema.of_groups(), take).await?;
        for group in &mut held {
            whole(&mut connection, group, &schema.of_members()).await?;
        }
    }
    let mut room = connection.close().await;
    found(&schema, people, held, &mut room)
}

/// A person as far as one entry says: no more of it is held.
struct Somebody {
    dn: String,
    draft: Draft,
    /// The DN of their manager.
    manager: Option<String>,
}

impl Somebody {
    /// Of an entry; with what it takes in memory.
    fn of(schema: &Schema<'_>, entry: Entry) -> (Self, usize) {
        let (mut draft, manager) = schema.person(&entry);
        draft.bound();
        let dns = [Some(&entry.dn), manager.as_ref()].into_iter().flatten().map(|dn| cost(dn.len())).sum::<usize>();
        let held = draft.held() + dns;
        (Self { dn: entry.dn, draft, manager }, held)
    }
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
fn found(schema: &Schema<'_>, people: Vec<Somebody>, groups: Vec<Entry>, room: &mut Room) -> Result<Found, String> {
    let mut out = Found::default();
    let names = Names::of(schema, (&people, &groups), room)?;
    for Somebody { dn, mut draft, manager } in people {
        draft.manager = manager.and_then(|dn| names.by_dn.get(&normal(&dn)).cloned());
        room.take(draft.manager.as_ref().map_or(0, |id| cost(id.len())))?;
        if draft.username.is_empty() {
            let id = if draft.external_id.is_empty() { dn.clone() } else { draft.external_id };
            out.refuse((&id, &dn), "it has no user name".into(), draft.active == Some(false));
        } else {
            out.person(draft);
        }
    }
    let name_attribute = schema.attribute("groupName").unwrap_or_default();
    for entry in groups {
        let name = entry.text(&name_attribute).unwrap_or_default();
        let Some(external_id) = schema.id(&entry) else {
            out.refuse_group("", &entry.dn, "it has no id that stays".into());
            continue;
        };
        let mut members: BTreeSet<&String> = BTreeSet::new();
        for value in schema.of_members().iter().flat_map(|name| entry.texts(name)) {
            // posixGroup names user names, the others DNs.
            members.extend(names.by_dn.get(&normal(&value)).or_else(|| names.by_name.get(&value.to_lowercase())));
        }
        // A short name of a member stands for a long id.
        room.take(members.iter().map(|id| cost(id.len())).sum())?;
        let members = members.into_iter().cloned().collect();
        out.group(Group { external_id, name, members, ..Group::default() });
    }
    Ok(out)
}

/// Whom the members of groups and the managers mean: ids by DN and by user name.
#[derive(Default)]
struct Names {
    by_dn: BTreeMap<String, String>,
    by_name: BTreeMap<String, String>,
}

impl Names {
    fn of(schema: &Schema<'_>, (people, groups): (&[Somebody], &[Entry]), room: &mut Room) -> Result<Self, String> {
        let mut out = Self::default();
        let of_people = people.iter().map(|one| (&one.dn, one.draft.external_id.clone()));
        let of_groups = groups.iter().filter_map(|entry| Some((&entry.dn, schema.id(entry)?)));
        for (dn, id) in of_people.chain(of_groups).filter(|(_, id)| is_key(id)) {
            room.take(cost(dn.len()) + cost(id.len()))?;
            out.by_dn.insert(normal(dn), id);
        }
        let is_named = |one: &&Somebody| is_key(&one.draft.external_id) && !one.draft.username.is_empty();
        for Somebody { draft, .. } in people.iter().filter(is_named) {
            room.take(cost(draft.username.len()) + cost(draft.external_id.len()))?;
            out.by_name.insert(draft.username.to_lowercase(), draft.external_id.clone());
        }
        Ok(out)
    }
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
        Ok(connection) => connection.for_a_test(),
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
        Ok((some, more)) => {
            match people(&schema, &some, more) {
                Ok(told) => report.passed("Read people", &told),
                Err(why) => return report.failed("Read people", why),
            }
            if groups && some.len() >= SOME_MAX {
                // A server that knows no pages still sends the rest.
                connection = match connect(egress, ldap, secret).await {
                    Ok(connection) => connection.for_a_test(),
                    Err(why) => return report.failed("Read groups", why),
                };
            }
        }
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
