//! Changes an organization's name, settings or logo.

use serde_json::{Map, Value, json};

use super::{Organization, create, store};
use crate::change::{Kind, Subject};
use crate::{Error, FieldError, Result, Verb, Write, application, group, provision};

/// Changes the name and settings. The slug never changes.
pub struct Update {
    /// A new name.
    pub name: Option<String>,
    /// Settings laid over the present ones.
    pub settings: Map<String, Value>,
}

impl Verb for Update {
    type Out = Organization;

    async fn run(&self, w: &mut Write<'_>) -> Result<Organization> {
        let before = store::get(w, w.org()).await?;
        let mut after = before.clone();
        let mut problems = Vec::new();
        if let Some(name) = &self.name {
            problems = create::name_problems(name.trim());
            name.trim().clone_into(&mut after.display_name);
        }
        match before.settings.overlay(&self.settings) {
            Ok(settings) => after.settings = settings,
            Err(mut wrong) => problems.append(&mut wrong),
        }
        if after.settings.system_users_can_edit && !before.settings.system_users_can_edit {
            problems.extend(decided_by_owners(w).await?);
        }
        Error::unless_empty(problems)?;
        let fields = differences(&before, &after);
        if !fields.is_empty() {
            store::update(w, &after).await?;
            w.log(Kind::OrganizationUpdate, Subject::organization(after.id), Value::Object(fields));
        }
        Ok(after)
    }
}

/// What would be in people's own hands once they may edit their profile: rules, e-mail claims, and names of accounts that
/// read it.
async fn decided_by_owners(w: &mut Write<'_>) -> Result<Vec<FieldError>> {
    let groups = group::rule::decided_by_owners(w, w.org()).await?;
    let mut names: Vec<String> = groups.iter().map(|name| format!("the rule of the group \"{name}\"")).collect();
    for app in application::store::all(w, w.org()).await? {
        if application::update::owner_problem(&app).is_some() {
            names.push(format!("the e-mail claim of the application \"{}\"", app.label()));
        }
        let target = provision::store::find(w, w.org(), app.id).await?;
        if target.is_some_and(|target| !target.settings.problems(true).is_empty()) {
            names.push(format!("the attribute mapping of accounts at the application \"{}\"", app.label()));
        }
    }
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let message = format!(
        "people could let themselves in, since what they may edit decides: change {} first, or leave editing off",
        names.join(", ")
    );
    Ok(vec![FieldError::new("settings.systemUsersCanEdit", message)])
}

/// `{from, to}` of the name and of each setting that differs.
fn differences(before: &Organization, after: &Organization) -> Map<String, Value> {
    let mut fields = Map::new();
    if before.display_name != after.display_name {
        fields.insert("displayName".into(), json!({"from": before.display_name, "to": after.display_name}));
    }
    let (from, to) = (json!(before.settings), json!(after.settings));
    let mut settings = Map::new();
    let names = [&from, &to].into_iter().filter_map(Value::as_object).flat_map(Map::keys);
    for name in names.filter(|name| from.get(*name) != to.get(*name)) {
        settings.insert(name.clone(), json!({"from": from.get(name), "to": to.get(name)}));
    }
    if !settings.is_empty() {
        fields.insert("settings".into(), Value::Object(settings));
    }
    fields
}

/// Sets or removes the logo; the bytes were checked by [`crate::application::logo::check`].
pub struct SetLogo {
    /// The picture and its media type.
    pub logo: Option<(Vec<u8>, &'static str)>,
}

impl Verb for SetLogo {
    type Out = ();

    async fn run(&self, w: &mut Write<'_>) -> Result<()> {
        store::set_logo(w, self.logo.as_ref().map(|(bytes, kind)| (bytes.as_slice(), *kind))).await?;
        let org = w.org();
        w.log(Kind::OrganizationUpdate, Subject::organization(org), json!({"logo": self.logo.is_some()}));
        Ok(())
    }
}
