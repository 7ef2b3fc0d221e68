//! Reads Google Workspace to its end, and tries it.

use std::collections::BTreeMap;

use muster_base::Secret;
use muster_directory::feed::Google;
use muster_directory::feed::take::Group;
use serde::de::DeserializeOwned;

use super::api::{Api, Told};
use super::model::{Groups, Members, Users};
use crate::feeder::Feeder;
use crate::found::{Draft, Found, is_key};
use crate::report::Report;
use crate::room::{Room, cost};

/// People of a page: the most that Google gives, and what is asked for when such a page is too large.
const PAGES: [&str; 2] = ["500", "50"];
/// Groups and members of a page.
const PAGE: [&str; 2] = ["200", "50"];
/// People, or groups, of one source.
const OBJECTS_MAX: usize = 500_000;
/// Pages without anything in them that are read one after the other: Google may give some, and one that gives no other never
/// ends.
const EMPTY_PAGES_MAX: usize = 100;
/// What is read of people: less than all keeps the pages small.
const USER_FIELDS: &str =
    "nextPageToken,users(id,primaryEmail,aliases,name,suspended,archived,organizations,phones,relations,externalIds)";

trait Page: DeserializeOwned {
    fn next(&mut self) -> Option<String>;
}

impl Page for Users {
    fn next(&mut self) -> Option<String> {
        self.next_page_token.take()
    }
}
impl Page for Groups {
    fn next(&mut self) -> Option<String> {
        self.next_page_token.take()
    }
}
impl Page for Members {
    fn next(&mut self) -> Option<String> {
        self.next_page_token.take()
    }
}

/// All pages of a list; `false`: there is no such list.
async fn pages<P: Page>(
    api: &mut Api<'_>,
    (path, query): (&str, &[(&str, &str)]),
    sizes: [&str; 2],
    mut each: impl FnMut(P) -> Result<usize, String>,
) -> Result<bool, String> {
    let [mut size, smaller] = sizes;
    let mut token: Option<String> = None;
    let (mut count, mut empty) = (0, 0);
    loop {
        let mut asked = query.to_vec();
        asked.push(("maxResults", size));
        asked.extend(token.as_deref().map(|token| ("pageToken", token)));
        let mut page: P = match api.get(path, &asked).await? {
            Told::Answer(page) => page,
            Told::Missing => return Ok(false),
            Told::TooLarge if size != smaller => {
                size = smaller;
                continue;
            }
            Told::TooLarge => return Err("a page of Google's answer is larger than is read".into()),
        };
        let next = page.next().filter(|next| !next.is_empty());
        let before = std::mem::replace(&mut count, each(page)?);
        if count > OBJECTS_MAX {
            return Err(format!("there are more than {OBJECTS_MAX} of them: read a domain, or by a query"));
        }
        empty = if count == before { empty + 1 } else { 0 };
        match next {
            None => return Ok(true),
            Some(next) if empty > EMPTY_PAGES_MAX || token.as_ref() == Some(&next) => {
                return Err("Google's pages do not end".into());
            }
            next => token = next,
        }
    }
}

fn whose(of: &Google) -> (&'static str, &str) {
    match of.domain.as_deref().filter(|domain| !domain.is_empty()) {
        Some(domain) => ("domain", domain),
        None => ("customer", of.customer.as_str()),
    }
}

fn user_query(of: &Google) -> Vec<(&str, &str)> {
    let mut query = vec![whose(of), ("orderBy", "email"), ("fields", USER_FIELDS)];
    query.extend(of.query.as_deref().filter(|text| !text.is_empty()).map(|text| ("query", text)));
    query
}

/// Everything that is there: an error means that nothing is known.
///
/// # Errors
/// Why it cannot be read, for an administrator.
pub async fn read(
    feeder: &Feeder,
    (of, groups): (&Google, bool),
    secret: Option<&Secret>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Found, String> {
    let mut api = Api::open(feeder, of, secret).await?;
    let mut room = Room::of_run();
    let mut people: Vec<(Draft, Option<String>)> = Vec::new();
    let mut by_address: BTreeMap<String, String> = BTreeMap::new();
    let each = |page: Users| {
        for user in page.users {
            let (mut draft, manager) = user.draft();
            draft.bound();
            let texts = [Some(&user.primary_email), Some(&user.id), manager.as_ref()];
            room.take(draft.held() + texts.into_iter().flatten().map(|text| cost(text.len())).sum::<usize>())?;
            if is_key(&user.id) {
                by_address.insert(user.primary_email.to_lowercase(), user.id);
            }
            people.push((draft, manager));
        }
        progress(people.len(), 0);
        Ok(people.len())
    };
    if !pages(&mut api, ("users", &user_query(of)), PAGES, each).await? {
        return Err("there is no such customer or domain".into());
    }
    let mut out = Found::default();
    for (mut draft, manager) in people {
        draft.manager = manager.and_then(|address| by_address.get(&address.to_lowercase()).cloned());
        room.take(draft.manager.as_ref().map_or(0, |id| cost(id.len())))?;
        out.person(draft);
    }
    if groups {
        read_groups(&mut api, of, (&mut out, &mut room), progress).await?;
    }
    Ok(out)
}

async fn read_groups(
    api: &mut Api<'_>,
    of: &Google,
    (out, room): (&mut Found, &mut Room),
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<(), String> {
    let mut all: Vec<super::model::Group> = Vec::new();
    let each = |page: Groups| {
        let texts = page.groups.iter().flat_map(|group| [&group.id, &group.email, &group.name]);
        room.take(texts.map(|text| cost(text.len())).sum())?;
        all.extend(page.groups);
        Ok(all.len())
    };
    let query = [whose(of), ("fields", "nextPageToken,groups(id,email,name)")];
    if !pages(api, ("groups", &query), PAGE, each).await? {
        return Err("there is no such customer or domain".into());
    }
    for group in all {
        let mut members: Vec<String> = Vec::new();
        let mut is_everybody = false;
        let each = |page: Members| {
            is_everybody |= page.members.iter().any(|member| member.kind == "CUSTOMER");
            room.take(page.members.iter().map(|member| cost(member.id.len())).sum())?;
            members.extend(page.members.into_iter().map(|member| member.id));
            Ok(members.len())
        };
        let path = format!("groups/{}/members", escaped(&group.id));
        let query = [("fields", "nextPageToken,members(id,type)")];
        // One that was removed meanwhile is not there.
        if !pages(api, (&path, &query), PAGE, each).await? {
            continue;
        }
        if is_everybody {
            room.take(out.people.iter().map(|person| cost(person.external_id.len())).sum())?;
            members.extend(out.people.iter().map(|person| person.external_id.clone()));
        }
        members.sort();
        members.dedup();
        // What it is called is for its owner to choose; its address is the domain's.
        let address = Some(group.email.trim().to_lowercase());
        let name = if group.name.trim().is_empty() { group.email } else { group.name };
        out.group(Group { external_id: group.id, name, address, members });
        progress(out.people.len(), out.groups.len());
    }
    Ok(())
}

fn escaped(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect()
}

/// *Test Connection*: step by step, with what each answer meant.
pub async fn test(feeder: &Feeder, (of, groups): (&Google, bool), secret: Option<&Secret>) -> Report {
    let mut report = Report::default();
    let mut api = match Api::open(feeder, of, secret).await {
        Ok(api) => api,
        Err(why) => return report.failed("Sign in", why),
    };
    report.passed("Sign in", &format!("{} acts for {}", api.account(), of.admin_email));
    let mut query = user_query(of);
    query.push(("maxResults", "10"));
    match api.get::<Users>("users", &query).await {
        Err(why) => return report.failed("Read people", why),
        Ok(Told::Answer(page)) if !page.users.is_empty() => {
            let first = page.users.first().map(|user| user.primary_email.clone()).unwrap_or_default();
            report.passed("Read people", &format!("people are there, such as {first}"));
        }
        Ok(_) => return report.failed("Read people", "nobody is there: look at the customer, domain and query".into()),
    }
    if !groups {
        return report.skipped("Read groups", "groups are not read");
    }
    let mut query = vec![whose(of)];
    query.push(("maxResults", "10"));
    match api.get::<Groups>("groups", &query).await {
        Err(why) => return report.failed("Read groups", why),
        Ok(Told::Answer(page)) => {
            let more = if page.next_page_token.is_some() { "more than " } else { "" };
            report.passed("Read groups", &format!("{more}{} groups", page.groups.len()));
        }
        Ok(_) => report.passed("Read groups", "no groups"),
    }
    report
}
