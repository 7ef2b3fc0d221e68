//! What was read of a source, in one form for all of them: people and groups by the source's own names. Pure.

use muster_base::Email;
use muster_directory::fed_user::Feed;
use muster_directory::feed::take::{Group, Person};
use serde_json::{Map, Value, json};

use crate::room::cost;

/// The longest text of a field, in characters.
const TEXT_MAX: usize = 1_000;
/// The longest name of an object, in bytes: what an index holds.
const KEY_MAX: usize = 1_000;
/// E-mails of a person: each is a row of its own.
const EMAILS_MAX: usize = 100;
/// People who are named where more than these are meant.
const NAMED: usize = 10;

/// Everything that a source has, read to its end.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The people.
    pub people: Vec<Person>,
    /// The groups.
    pub groups: Vec<Group>,
    /// Who cannot be taken in.
    pub refused: Vec<Refused>,
    /// Groups that cannot be: the source's name, what it is called, and why.
    pub refused_groups: Vec<(String, String, String)>,
    /// Those who have more e-mails than are taken: some of them by name, and how many.
    cut: (Vec<String>, usize),
}

/// Somebody who cannot be taken in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// The source's name for them.
    pub external_id: String,
    /// What they are called.
    pub name: String,
    /// Why they cannot be taken in.
    pub why: String,
    /// Whether the source keeps them out.
    pub out: bool,
}

/// A person as a reader fills them in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The source's name for the person: one that stays.
    pub external_id: String,
    /// The user name.
    pub username: String,
    /// The first address is the company e-mail.
    pub emails: Vec<String>,
    /// Whether the source lets them in; `None`: it does not show that.
    pub active: Option<bool>,
    /// Fields with a text for a value, by the API's names.
    pub fields: Vec<(&'static str, String)>,
    /// Telephone numbers: type and number.
    pub phones: Vec<(&'static str, String)>,
    /// The source's name for their manager.
    pub manager: Option<String>,
}

/// Which attribute of the SCIM core schema a field is in the canonical document.
const CANONICAL: &[(&str, &str, &str)] = &[
    ("firstname", "name", "givenName"),
    ("middlename", "name", "middleName"),
    ("lastname", "name", "familyName"),
    ("displayname", "", "displayName"),
    ("jobTitle", "", "title"),
    ("employeeType", "", "userType"),
    ("employeeIdentifier", ENTERPRISE, "employeeNumber"),
    ("costCenter", ENTERPRISE, "costCenter"),
    ("company", ENTERPRISE, "organization"),
    ("department", ENTERPRISE, "department"),
];
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

impl Draft {
    /// Lets go what is never taken in.
    pub fn bound(&mut self) {
        // One more than is taken tells that there were more.
        self.emails.truncate(EMAILS_MAX + 1);
        for (_, text) in self.fields.iter_mut().chain(&mut self.phones) {
            *text = cut(text);
        }
    }

    /// What it takes in memory, in bytes.
    #[must_use]
    pub fn held(&self) -> usize {
        let texts = [&self.external_id, &self.username].into_iter().chain(&self.emails).chain(&self.manager);
        let fields = self.fields.iter().chain(&self.phones).map(|(_, text)| text);
        texts.chain(fields).map(|text| cost(text.len())).sum()
    }

    /// The person as the directory takes them.
    ///
    /// # Errors
    /// Why they cannot be taken in.
    pub fn person(self) -> Result<Person, String> {
        if !is_key(&self.external_id) {
            return Err("it has no id that stays".into());
        }
        if self.username.is_empty() {
            return Err("it has no user name".into());
        }
        if [&self.external_id, &self.username].iter().any(|text| text.contains('\0')) {
            return Err("the character U+0000 cannot be stored".into());
        }
        let emails: Vec<String> = self.emails.iter().take(EMAILS_MAX).filter_map(|e| written(e)).collect();
        let doc = Value::Object(self.doc(&emails));
        let mut profile = Map::new();
        for (name, text) in &self.fields {
            profile.insert((*name).to_owned(), json!(cut(text)));
        }
        if !self.phones.is_empty() {
            let one = |(kind, number): &(&str, String)| json!({"number": cut(number), "type": kind});
            profile.insert("phoneNumbers".into(), self.phones.iter().map(one).collect());
        }
        // All that is read, and what is made of it.
        let all = json!([doc, self.active, self.manager, profile]).to_string();
        let digest = muster_base::digest(all.as_bytes());
        let read: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let feed = Feed {
            external_id: Some(self.external_id.clone()),
            username: self.username,
            email: emails.first().cloned(),
            active: self.active,
            profile,
            attributes: Vec::new(),
            doc: doc.to_string(),
            emails: Some(emails),
            password_hash: None,
        };
        Ok(Person { external_id: self.external_id, feed, manager: self.manager, read })
    }

    fn doc(&self, emails: &[String]) -> Map<String, Value> {
        let mut out = Map::new();
        for (field, inside, attribute) in CANONICAL {
            let Some((_, text)) = self.fields.iter().find(|(name, _)| name == field) else { continue };
            if inside.is_empty() {
                out.insert((*attribute).to_owned(), json!(cut(text)));
            } else {
                let within = out.entry(*inside).or_insert_with(|| json!({}));
                within[*attribute] = json!(cut(text));
            }
        }
        let one = |(i, email): (usize, &String)| json!({"value": email, "primary": i == 0});
        if !emails.is_empty() {
            out.insert("emails".into(), emails.iter().enumerate().map(one).collect());
        }
        if !self.phones.is_empty() {
            let one = |(kind, number): &(&str, String)| json!({"value": cut(number), "type": kind});
            out.insert("phoneNumbers".into(), self.phones.iter().map(one).collect());
        }
        out
    }
}

fn written(email: &str) -> Option<String> {
    email.parse::<Email>().ok().map(|email| email.written().to_owned())
}

fn cut(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(TEXT_MAX).collect()
}

/// Whether this can be an object's name that stays.
#[must_use]
pub const fn is_key(id: &str) -> bool {
    !id.is_empty() && id.len() <= KEY_MAX
}

impl Found {
    /// Takes a person in, or notes why not.
    pub fn person(&mut self, draft: Draft) {
        let (id, name, out) = (draft.external_id.clone(), draft.username.clone(), draft.active == Some(false));
        let is_cut = draft.emails.len() > EMAILS_MAX;
        match draft.person() {
            Ok(person) => self.people.push(person),
            Err(why) => return self.refuse((&id, &name), why, out),
        }
        if is_cut {
            self.cut.1 += 1;
            if self.cut.0.len() < NAMED {
                self.cut.0.push(cut(&name));
            }
        }
    }

    /// Notes that somebody cannot be taken in, and whether the source keeps them out.
    pub fn refuse(&mut self, (id, name): (&str, &str), why: String, out: bool) {
        let (external_id, name, why) = refusal(id, name, why);
        self.refused.push(Refused { external_id, name, why, out });
    }

    /// What has to be said of the whole.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let (names, count) = &self.cut;
        let more = if *count > names.len() { ", …" } else { "" };
        let told = || {
            format!(
                "no more than {EMAILS_MAX} e-mails are taken of each of these ({count}): {}{more}",
                names.join(", ")
            )
        };
        (*count > 0).then(told).into_iter().collect()
    }

    /// Takes a group in, or notes why not.
    pub fn group(&mut self, group: Group) {
        let is_good = |text: &str| !text.trim().is_empty() && text.len() <= KEY_MAX && !text.contains('\0');
        if !is_good(&group.external_id) {
            return self.refuse_group(&group.external_id, &group.name, "it has no id that stays".into());
        }
        if !is_good(&group.name) {
            let why = "it has no name that can be read: 1 to 1000 bytes of text";
            return self.refuse_group(&group.external_id, &group.name, why.into());
        }
        self.groups.push(group);
    }

    /// Notes that a group cannot be taken in.
    pub fn refuse_group(&mut self, id: &str, name: &str, why: String) {
        self.refused_groups.push(refusal(id, name, why));
    }
}

/// What is told of something that cannot be taken in. An id that could be known stays what it is: who cannot be read is not
/// gone.
fn refusal(id: &str, name: &str, why: String) -> (String, String, String) {
    let id = if is_key(id) && !id.contains('\0') { id.to_owned() } else { cut(id) };
    let name = if name.trim().is_empty() { cut(&id) } else { cut(name) };
    (id, name, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_decides_whether_anything_changed() {
        let draft = Draft {
            external_id: "1".into(),
            username: "ana".into(),
            emails: vec!["Ana@Acme.test".into(), "not an address".into()],
            active: Some(true),
            fields: vec![("firstname", "Ana".into()), ("department", "Sales".into())],
            ..Draft::default()
        };
        let person = draft.clone().person().unwrap();
        assert_eq!(person.feed.emails.as_deref(), Some(&["Ana@Acme.test".to_owned()][..]));
        assert_eq!(person.feed.email.as_deref(), Some("Ana@Acme.test"));
        let doc: Value = serde_json::from_str(&person.feed.doc).unwrap();
        assert_eq!((&doc["name"]["givenName"], &doc[ENTERPRISE]["department"]), (&json!("Ana"), &json!("Sales")));
        assert_eq!(person.read, draft.clone().person().unwrap().read);
        for other in [
            Draft { active: Some(false), ..draft.clone() },
            Draft { active: None, ..draft.clone() },
            Draft { manager: Some("2".into()), ..draft.clone() },
            Draft { phones: vec![("work", "1".into())], ..draft.clone() },
            Draft { fields: vec![("firstname", "Ana".into())], ..draft.clone() },
        ] {
            assert_ne!(person.read, other.person().unwrap().read);
        }
        assert!(Draft { username: String::new(), ..draft }.person().is_err());
    }

    #[test]
    fn what_is_never_taken_in_is_not_held_and_of_what_is_left_out_is_told() {
        let emails: Vec<String> = (0..150).map(|n| format!("a{n}@acme.test")).collect();
        let mut draft = Draft { external_id: "1".into(), username: "ana".into(), emails, ..Draft::default() };
        draft.fields.push(("jobTitle", "x".repeat(1_000_000)));
        let before = draft.clone().person().unwrap();
        draft.bound();
        assert!(draft.held() < 20_000, "{}", draft.held());
        assert_eq!(draft.clone().person().unwrap().read, before.read, "what is taken in is the same");
        let mut found = Found::default();
        for n in 0..12 {
            found.person(Draft { external_id: n.to_string(), username: format!("p{n}"), ..draft.clone() });
        }
        assert_eq!(found.people[0].feed.emails.as_ref().unwrap().len(), 100);
        let notes = found.notes();
        assert!(
            notes[0].contains("100 e-mails") && notes[0].contains("(12): p0, p1") && notes[0].ends_with("p8, p9, …")
        );
    }
}
