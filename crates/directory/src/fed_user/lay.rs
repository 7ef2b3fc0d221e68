//! Which fields of a person a directory may set: those that nobody of better rank keeps. Pure.

use std::collections::BTreeSet;

use muster_base::Id;
use serde_json::{Map, Value, json};

use super::Feed;
use super::store::Feeder;
use crate::user::Profile;
use crate::user::profile::{CustomAttribute, RestrictedField};

/// The word of `restrictedFields` for fields that a directory keeps.
pub(super) const SCIM: &str = "scim";

/// What a directory changes of a person.
#[derive(Debug, Default)]
pub(super) struct Laid {
    /// Whether the user name is its to say.
    pub username: bool,
    /// Whether the company e-mail is.
    pub email: bool,
    /// Whether it is the first of those that feed the person: it decides about the state.
    pub is_first: bool,
    /// Members of the v1 object.
    pub profile: Map<String, Value>,
    /// What is restricted from now on, where that is something else than before.
    pub restrictions: Option<Vec<RestrictedField>>,
}

impl Laid {
    /// The members of the v1 object, the restrictions among them.
    pub(super) fn members(mut self) -> Map<String, Value> {
        if let Some(restrictions) = self.restrictions.take() {
            self.profile.insert("restrictedFields".into(), json!(restrictions));
        }
        self.profile
    }
}

/// Who lays, among whom.
pub(super) struct Ranks<'r> {
    /// The directory that feeds.
    pub me: (i64, Id),
    /// The others that feed the person.
    pub others: &'r [Feeder],
    /// Whether its passwords are taken: then the password is the person's here, and nobody is kept off it.
    pub passwords: bool,
    /// Whether the person keeps the password that they have since its passwords were taken.
    pub keeps: bool,
}

impl Ranks<'_> {
    /// Whether a field may be set over what restricts it now.
    fn may_take(&self, restriction: &RestrictedField) -> bool {
        if restriction.kind != SCIM {
            return false;
        }
        let holder = restriction.id.as_deref().and_then(|id| id.parse::<Id>().ok());
        self.others.iter().find(|o| Some(o.id) == holder).is_none_or(|holder| self.me < holder.rank())
    }

    fn is_mine(&self, restriction: &RestrictedField) -> bool {
        restriction.kind == SCIM && restriction.id.as_deref() == Some(self.me.1.text().as_str())
    }

    /// What changes of a person with this profile.
    pub(super) fn lay(&self, before: &Profile, feed: &Feed) -> Laid {
        let held = |field: &str| before.restricted_fields.iter().find(|r| r.field == field);
        let may = |field: &str| held(field).is_none_or(|r| self.may_take(r));
        let mut mine: BTreeSet<String> = BTreeSet::new();
        let mut laid = Laid { is_first: self.others.iter().all(|o| self.me < o.rank()), ..Laid::default() };
        (laid.username, laid.email) = (may("username"), may("email"));
        for field in ["username", "email"].into_iter().filter(|f| may(f)) {
            mine.insert(field.to_owned());
        }
        // Of several only the first decides: where it keeps nobody off the password, no other one does.
        let is_theirs = self.keeps && held("password").is_none();
        if !self.passwords && laid.is_first && may("password") && !is_theirs {
            mine.insert("password".to_owned());
        }
        let is_let_go = |r: &RestrictedField| self.passwords && r.field == "password" && self.may_take(r);
        for (name, value) in &feed.profile {
            if may(name) {
                laid.profile.insert(name.clone(), value.clone());
                mine.insert(name.clone());
            }
        }
        let mut attributes = before.attributes.clone();
        for (name, value) in &feed.attributes {
            let field = format!("attributes.{name}");
            if may(&field) {
                attributes.retain(|a| a.name != *name);
                attributes.push(CustomAttribute { name: name.clone(), value: value.clone() });
                mine.insert(field);
            }
        }
        // What it kept and does not say any more has no value.
        let lapsed = |r: &&RestrictedField| self.is_mine(r) && !mine.contains(&r.field) && r.field != "password";
        for restriction in before.restricted_fields.iter().filter(lapsed) {
            match restriction.field.strip_prefix("attributes.") {
                Some(name) => attributes.retain(|a| a.name != name),
                None => drop(laid.profile.insert(restriction.field.clone(), Value::Null)),
            }
        }
        attributes.sort_by(|a, b| a.name.cmp(&b.name));
        let mut sorted = before.attributes.clone();
        sorted.sort_by(|a, b| a.name.cmp(&b.name));
        if attributes != sorted {
            laid.profile.insert("attributes".into(), json!(attributes));
        }
        let stays = |r: &&RestrictedField| !self.is_mine(r) && !mine.contains(&r.field) && !is_let_go(r);
        let mut restrictions: Vec<RestrictedField> = before.restricted_fields.iter().filter(stays).cloned().collect();
        let id = Some(self.me.1.text());
        restrictions.extend(mine.into_iter().map(|field| RestrictedField { field, kind: SCIM.into(), id: id.clone() }));
        if *restrictions != *before.restricted_fields {
            laid.restrictions = Some(restrictions);
        }
        laid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> Id {
        format!("{n:024x}").parse().unwrap()
    }

    fn feed(profile: Value) -> Feed {
        Feed { profile: profile.as_object().unwrap().clone(), ..Feed::default() }
    }

    fn lay(profile: &Profile, me: (i64, u8), others: &[(i64, u8)], feed: &Feed) -> (Profile, Laid) {
        let others: Vec<Feeder> =
            others.iter().map(|(p, n)| Feeder { id: id(*n), name: String::new(), precedence: *p }).collect();
        let laid = Ranks { me: (me.0, id(me.1)), others: &others, passwords: false, keeps: false }.lay(profile, feed);
        let flags = Laid { username: laid.username, email: laid.email, is_first: laid.is_first, ..Laid::default() };
        (profile.overlay(&laid.members()).unwrap(), flags)
    }

    #[test]
    fn the_better_directory_keeps_a_field_and_the_other_one_the_rest() {
        let (first, _) = lay(&Profile::default(), (1, 1), &[], &feed(json!({"jobTitle": "A"})));
        let (both, laid) = lay(&first, (2, 2), &[(1, 1)], &feed(json!({"jobTitle": "B", "department": "B"})));
        assert_eq!((both.job_title.as_deref(), both.department.as_deref()), (Some("A"), Some("B")));
        assert!(!laid.username && !laid.is_first);
        let (taken, laid) = lay(&both, (0, 3), &[(1, 1), (2, 2)], &feed(json!({"jobTitle": "C"})));
        assert_eq!(taken.job_title.as_deref(), Some("C"));
        assert!(laid.username && laid.is_first);
        let held: Vec<_> = taken.restricted_fields.iter().filter(|r| r.field == "jobTitle").collect();
        assert_eq!((held.len(), held[0].id.clone()), (1, Some(id(3).text())));
    }

    #[test]
    fn what_is_not_said_any_more_has_no_value_and_is_free() {
        let attributes = vec![("shoe".to_owned(), "42".to_owned())];
        let full = Feed { attributes, ..feed(json!({"jobTitle": "A", "company": "X"})) };
        let (before, _) = lay(&Profile::default(), (1, 1), &[], &full);
        assert_eq!(before.attributes.len(), 1);
        let (after, _) = lay(&before, (1, 1), &[], &feed(json!({"company": "X"})));
        assert_eq!((after.job_title, after.attributes.len()), (None, 0));
        assert!(after.restricted_fields.iter().all(|r| r.field != "jobTitle" && r.field != "attributes.shoe"));
    }

    #[test]
    fn where_passwords_are_taken_nobody_is_kept_off_and_no_worse_directory_keeps_anybody_off() {
        let of = |precedence, n| Feeder { id: id(n), name: String::new(), precedence };
        let lay = |before: &Profile, me: (i64, u8), others: &[Feeder], passwords| {
            let laid = Ranks { me: (me.0, id(me.1)), others, passwords, keeps: false }.lay(before, &feed(json!({})));
            before.overlay(&laid.members()).unwrap()
        };
        let kept = lay(&Profile::default(), (2, 2), &[], false);
        assert_eq!(kept.authority(), crate::user::Authority::Scim);
        let free = lay(&kept, (1, 1), &[of(2, 2)], true);
        assert_eq!(free.authority(), crate::user::Authority::Muster, "the better one takes passwords");
        assert_eq!(lay(&free, (2, 2), &[of(1, 1)], false).authority(), crate::user::Authority::Muster);
        assert_eq!(lay(&free, (1, 1), &[of(2, 2)], false).authority(), crate::user::Authority::Scim, "turned off");
        let worse = lay(&kept, (3, 3), &[of(2, 2)], true);
        assert_eq!(worse.authority(), crate::user::Authority::Scim, "the worse one takes passwords");
    }

    #[test]
    fn a_federated_password_stays_federated() {
        let federated = json!({"restrictedFields": [{"field": "password", "type": "federated_identity_provider"}]});
        let before = Profile::default().overlay(federated.as_object().unwrap()).unwrap();
        let (after, _) = lay(&before, (1, 1), &[], &feed(json!({})));
        assert_eq!(after.authority(), crate::user::Authority::Federated);
    }
}
