//! Reads a source from beginning to end and writes down what is to be taken in, and what cannot come.

use std::collections::BTreeMap;

use muster_base::Id;
use muster_directory::migration::{self, Batch, Item, Job, Kind, Told, Word};
use muster_directory::{Directory, Error};
use serde_json::{Value, json};

use super::client::{Client, Pages, Trouble, row_id};
use super::shape::{self, Shaped, SignOn};

/// Why reading ended.
pub(super) enum Ended {
    /// The source, in words.
    Source(String),
    /// Ours.
    Ours(Error),
    /// Another node has it, or somebody ended it.
    Away,
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Ours(error)
    }
}

impl From<Trouble> for Ended {
    fn from(trouble: Trouble) -> Self {
        Self::Source(trouble.words().to_owned())
    }
}

/// What a source holds that does not come: where it is listed, what it is, what to do.
const NOT_BROUGHT: [(&str, &str, &str); 12] = [
    ("/api/v2/policies", "device policies", "devices are not managed here yet: keep them until they are"),
    ("/api/commands", "commands", "there are no commands here: run them from where they are kept"),
    ("/api/v2/ldapservers", "LDAP servers", "there is no LDAP here yet: applications that ask it stay with the source"),
    ("/api/radiusservers", "RADIUS servers", "there is no RADIUS here yet: networks that ask it stay with the source"),
    (
        "/api/v2/directories",
        "directories (Google Workspace, Microsoft 365, Active Directory)",
        "connect them to Muster as directory providers, or send accounts to them as applications",
    ),
    ("/api/v2/activedirectories", "Active Directory domains", "connect them to Muster as directory providers"),
    ("/api/v2/authn/policies", "conditional access policies", "there are none here yet"),
    ("/api/v2/iplists", "IP lists", "there are none here yet"),
    (
        "/api/v2/identity-providers",
        "identity providers",
        "their client secrets cannot be read: add each under Identity Providers, with its client id and secret",
    ),
    ("/api/v2/identity-provider/policies", "routing policies", "make them anew once the identity providers are here"),
    ("/api/v2/softwareapps", "software of devices", "devices are not managed here yet"),
    ("/api/v2/passwordpolicies", "password policies", "set the rules in the organization's settings"),
];

/// One reading.
pub(super) struct Reading<'a> {
    pub directory: &'a Directory,
    pub client: &'a mut Client,
    pub job: &'a mut Job,
    /// Prolongs the lease; false when it is lost.
    pub hold: super::drive::Hold,
    seq: BTreeMap<Kind, i64>,
    people: People,
}

/// What is counted of people for what cannot come.
#[derive(Default)]
struct People {
    all: u64,
    mfa: u64,
    elsewhere: u64,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        directory: &'a Directory,
        client: &'a mut Client,
        job: &'a mut Job,
        hold: super::drive::Hold,
    ) -> Self {
        Self { directory, client, job, hold, seq: BTreeMap::new(), people: People::default() }
    }

    /// Reads everything.
    pub(super) async fn all(&mut self) -> Result<(), Ended> {
        let (id, name) = organization(self.client).await?;
        if id == self.job.org.text() {
            return Err(Ended::Source("this is the organization itself: name another one".to_owned()));
        }
        self.job.source = id;
        self.job.source_name = name;
        self.write(Vec::new(), true).await?;
        self.people().await?;
        self.devices().await?;
        self.groups(Kind::UserGroup).await?;
        self.groups(Kind::SystemGroup).await?;
        self.applications().await?;
        self.notices().await?;
        let job = (self.job.org, self.job.id);
        migration::finish_reading(self.directory, job, &self.job.source).await?;
        Ok(())
    }

    /// Says what is being read, and goes on only while it is ours and nobody ended it.
    async fn at(&mut self, what: &str) -> Result<(), Ended> {
        what.clone_into(&mut self.job.at);
        self.job.requests = self.client.requests();
        self.hold.check(self.directory, self.job).await.map_err(|_| Ended::Away)?;
        migration::save(self.directory, self.job).await?;
        Ok(())
    }

    /// Writes items down, and goes on only while it is ours: another node has begun anew otherwise.
    async fn write(&mut self, shaped: Vec<Shaped>, clear: bool) -> Result<(), Ended> {
        self.hold.check(self.directory, self.job).await.map_err(|_| Ended::Away)?;
        let mut items = Vec::with_capacity(shaped.len());
        for of in shaped {
            let seq = self.seq.entry(of.kind).or_insert(0);
            *seq += 1;
            items.push(Item {
                seq: of.kind.first_seq() + *seq,
                kind: of.kind,
                // The databases hold no U+0000.
                parent: of.parent.replace('\0', ""),
                remote_id: of.remote_id.replace('\0', ""),
                name: of.name.replace('\0', "").chars().take(255).collect(),
                doc: of.doc,
            });
        }
        let batch = Batch { org: self.job.org, job: self.job.id, clear, items };
        migration::insert(self.directory, batch).await?;
        Ok(())
    }

    async fn people(&mut self) -> Result<(), Ended> {
        let mut pages = Pages::new("/api/systemusers?sort=_id");
        while let Some(rows) = pages.next(self.client).await? {
            self.at("users").await?;
            for user in &rows {
                let configured = user.get("mfa").and_then(|mfa| mfa.get("configured")?.as_bool()).unwrap_or(false);
                let totp = user.get("totp_enabled").and_then(Value::as_bool).unwrap_or(false);
                let elsewhere = user.get("externally_managed").and_then(Value::as_bool).unwrap_or(false);
                self.people.all += 1;
                self.people.mfa += u64::from(configured || totp);
                self.people.elsewhere += u64::from(elsewhere);
            }
            self.write(rows.iter().filter_map(shape::person).flatten().collect(), false).await?;
        }
        Ok(())
    }

    async fn devices(&mut self) -> Result<(), Ended> {
        let mut pages = Pages::new("/api/systems?sort=_id");
        loop {
            let rows = match pages.next(self.client).await {
                Ok(Some(rows)) => rows,
                Ok(None) => return Ok(()),
                Err(Trouble::Absent(_, words)) => return self.notice("devices", &words).await,
                Err(broken) => return Err(broken.into()),
            };
            self.at("devices").await?;
            let device = |row: &Value| {
                let name = [shape::text(row, "displayName"), shape::text(row, "hostname")];
                let name = name.into_iter().find(|name| !name.is_empty()).unwrap_or_default();
                Some(Shaped::new(Kind::System, row_id(row)?, name, row.clone()))
            };
            self.write(rows.iter().filter_map(device).collect(), false).await?;
        }
    }

    async fn groups(&mut self, kind: Kind) -> Result<(), Ended> {
        let path = if kind == Kind::UserGroup { "/api/v2/usergroups" } else { "/api/v2/systemgroups" };
        let mut pages = Pages::new(path);
        while let Some(rows) = pages.next(self.client).await? {
            self.at(if kind == Kind::UserGroup { "user groups" } else { "device groups" }).await?;
            for row in &rows {
                let Some(id) = row_id(row) else { continue };
                // A list leaves out who is exempt.
                let (group, _) = self.client.get(&format!("{path}/{id}")).await?;
                let Some(shaped) = shape::group(&group, kind) else { continue };
                if group.get("attributes").and_then(|a| a.get("radius")).is_some_and(|r| !r.is_null()) {
                    let name = format!("RADIUS attributes of {}", shape::text(&group, "name"));
                    self.notice(&name, "there is no RADIUS here yet").await?;
                }
                self.write(shaped, false).await?;
                self.members(path, id, kind, &group).await?;
            }
        }
        Ok(())
    }

    async fn members(&mut self, path: &str, id: &str, kind: Kind, group: &Value) -> Result<(), Ended> {
        let left = Shaped::new(Kind::MembersLeft, id, shape::text(group, "name"), json!({"group": kind.word()}));
        self.write(vec![left], false).await?;
        let exempt = shape::exempt(group);
        let automated = shape::is_automated(group);
        if automated && exempt.is_empty() {
            return Ok(());
        }
        let member = if kind == Kind::UserGroup { Kind::User } else { Kind::System };
        let mut pages = Pages::new(format!("{path}/{id}/members"));
        while let Some(rows) = pages.next(self.client).await? {
            self.at("members of groups").await?;
            let doc = json!({"group": kind.word(), "member": member.word()});
            let ids = rows.iter().filter_map(row_id).filter(|id| !automated || exempt.contains(*id));
            let shaped = ids.map(|m| Shaped::new(Kind::Member, m, shape::text(group, "name"), doc.clone()).below(id));
            let shaped = shaped.collect();
            self.write(shaped, false).await?;
        }
        Ok(())
    }

    async fn applications(&mut self) -> Result<(), Ended> {
        let mut pages = Pages::new("/api/applications?sort=_id");
        while let Some(rows) = pages.next(self.client).await? {
            self.at("applications").await?;
            for row in &rows {
                let Some(id) = row_id(row) else { continue };
                let (app, _) = self.client.get(&format!("/api/applications/{id}")).await?;
                let sso = match shape::sign_on(&app) {
                    SignOn::Oidc => match self.client.get(&format!("/api/v2/applications/{id}/sso")).await {
                        Ok((sso, _)) => Some(sso),
                        Err(Trouble::Absent(..)) => None,
                        Err(broken) => return Err(broken.into()),
                    },
                    SignOn::Saml | SignOn::Other => None,
                };
                match shape::application(&app, sso.as_ref()) {
                    Some(Ok(shaped)) => {
                        let name = shaped.name.clone();
                        self.write(vec![shaped], false).await?;
                        self.bindings(id, &name).await?;
                    }
                    Some(Err(why)) => {
                        let name = format!("application {} ({})", shape::label(&app), shape::text(&app, "name"));
                        self.notice(&name, &why).await?;
                    }
                    None => {}
                }
            }
        }
        Ok(())
    }

    async fn bindings(&mut self, id: &str, name: &str) -> Result<(), Ended> {
        self.write(vec![Shaped::new(Kind::BindingsLeft, id, name, json!({}))], false).await?;
        for subject in [Kind::UserGroup, Kind::User] {
            let word = subject.word();
            let mut pages = Pages::new(format!("/api/v2/applications/{id}/associations?targets={word}"));
            while let Some(rows) = pages.next(self.client).await? {
                let doc = json!({"subject": word});
                let bound = rows.iter().filter(|r| r.get("to").is_none_or(|to| shape::text(to, "type") == word));
                let shaped = bound.filter_map(row_id);
                let shaped = shaped.map(|s| Shaped::new(Kind::Binding, s, name, doc.clone()).below(id)).collect();
                self.write(shaped, false).await?;
            }
        }
        Ok(())
    }

    /// What no migration brings, and what is counted rather than read.
    async fn notices(&mut self) -> Result<(), Ended> {
        self.at("what cannot come").await?;
        let People { all, mfa, elsewhere } = self.people;
        if all > 0 {
            let what = "no system gives out passwords: people choose a new one by the link of their activation mail";
            self.notice(&format!("passwords of {all} people"), what).await?;
        }
        if mfa > 0 {
            let what = "second factors cannot be read: people enroll again";
            self.notice(&format!("second factors of {mfa} people"), what).await?;
        }
        if elsewhere > 0 {
            let what = "they come with the Password Authority of this organization's settings: set it for them once the \
                        directory or identity provider is connected here";
            self.notice(&format!("Password Authority of {elsewhere} people"), what).await?;
        }
        for (path, what, instead) in NOT_BROUGHT {
            let (rows, total) = match self.first_page(path).await? {
                Some(counted) => counted,
                None => continue,
            };
            if rows > 0 {
                let count = total.map_or_else(|| format!("{rows} or more"), |n| n.to_string());
                self.notice(&format!("{count} {what}"), instead).await?;
            }
        }
        Ok(())
    }

    /// How many rows the first page of a list has, and how many there are; none where there is no such list.
    async fn first_page(&self, path: &str) -> Result<Option<(usize, Option<usize>)>, Ended> {
        let (body, headers) = match self.client.get(&format!("{path}?limit=100&skip=0")).await {
            Ok(answer) => answer,
            Err(Trouble::Absent(..)) => return Ok(None),
            Err(broken) => return Err(broken.into()),
        };
        let list = body.as_array().or_else(|| body.as_object()?.values().find_map(Value::as_array));
        let rows = list.map_or(0, Vec::len);
        let total = headers.get("x-total-count").and_then(|v| v.to_str().ok()?.parse().ok());
        let total = body.get("totalCount").and_then(Value::as_u64).and_then(|n| n.try_into().ok()).or(total);
        Ok(Some((rows, total.or((rows < 100).then_some(rows)))))
    }

    async fn notice(&mut self, what: &str, instead: &str) -> Result<(), Ended> {
        let place = self.seq.get(&Kind::Notice).copied().unwrap_or(0) + 1;
        self.write(vec![Shaped::new(Kind::Notice, &place.to_string(), what, json!({}))], false).await?;
        let told = Told::new(Word::NotBrought).because(instead);
        let at = Kind::Notice.first_seq() + place;
        migration::planned(self.directory, (self.job.org, self.job.id), vec![(at, told)]).await?;
        Ok(())
    }
}

/// The organization of a source: the one that is named, or the only one that the key reaches.
pub(super) async fn organization(client: &mut Client) -> Result<(String, String), Trouble> {
    let named = client.organization().map(str::to_owned);
    let list = match client.get("/api/organizations?limit=100&skip=0").await {
        Ok((body, _)) => body,
        // A service account may not ask which organizations there are.
        Err(Trouble::Absent(..)) if named.is_some() => Value::Null,
        Err(trouble) => return Err(trouble),
    };
    let rows = list.as_array().or_else(|| list.get("results")?.as_array());
    let rows: Vec<(String, String)> = rows
        .into_iter()
        .flatten()
        .filter_map(|row| Some((row_id(row)?.to_owned(), shape::text(row, "displayName").to_owned())))
        .collect();
    let found = match &named {
        Some(id) => {
            let found = rows.iter().find(|(of, _)| of.eq_ignore_ascii_case(id)).cloned();
            found.unwrap_or_else(|| (id.to_lowercase(), String::new()))
        }
        None => match rows.as_slice() {
            [only] => only.clone(),
            [] => return Err(Trouble::Broken("the key reaches no organization: enter the Organization ID".to_owned())),
            _ => {
                let names: Vec<String> = rows.iter().take(10).map(|(id, name)| format!("{name} ({id})")).collect();
                let words = format!("the key reaches several organizations: enter the ID of one: {}", names.join(", "));
                return Err(Trouble::Broken(words));
            }
        },
    };
    if found.0.parse::<Id>().is_err() {
        return Err(Trouble::Broken("the Organization ID has 24 hexadecimal characters".to_owned()));
    }
    client.name_organization(found.0.clone());
    Ok(found)
}
