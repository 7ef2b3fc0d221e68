//! Which attribute is which field, by the kind of server, and what follows from an entry. Pure.

use muster_directory::feed::{Ldap, LdapFlavor};

use super::message::Entry;
use crate::found::Draft;

/// Fields of a person with a text for a value, and the attribute that they are read from: OpenLDAP and 389, Active
/// Directory.
const FIELDS: &[(&str, &str, &str)] = &[
    ("firstname", "givenName", "givenName"),
    ("middlename", "", "middleName"),
    ("lastname", "sn", "sn"),
    ("displayname", "displayName", "displayName"),
    ("jobTitle", "title", "title"),
    ("department", "departmentNumber", "department"),
    ("company", "o", "company"),
    ("costCenter", "", ""),
    ("employeeIdentifier", "employeeNumber", "employeeID"),
    ("employeeType", "employeeType", "employeeType"),
];
/// Those that are read in a way of their own.
const OTHERS: &[(&str, &str, &str)] = &[
    ("username", "uid", "sAMAccountName"),
    ("email", "mail", "mail"),
    ("workPhone", "telephoneNumber", "telephoneNumber"),
    ("mobilePhone", "mobile", "mobile"),
    ("manager", "manager", "manager"),
    ("groupName", "cn", "cn"),
];
/// The attribute in which Active Directory says who is kept out.
pub const CONTROL: &str = "userAccountControl";
/// Attributes by which people are kept out.
const KEPT_OUT: &[&str] = &[CONTROL, "nsAccountLock", "pwdAccountLockedTime"];
/// The bit of `userAccountControl` that keeps somebody out.
const DISABLED: i64 = 2;
/// OpenLDAP's `pwdAccountLockedTime` of an account that is locked for good.
const LOCKED_FOR_GOOD: &str = "000001010000Z";

/// How a server is read.
pub struct Schema<'l>(pub &'l Ldap);

impl Schema<'_> {
    /// The attribute behind a field; none: the field is not read.
    #[must_use]
    pub fn attribute(&self, field: &str) -> Option<String> {
        let usual = || {
            let is_ad = self.0.flavor == LdapFlavor::ActiveDirectory;
            if field == "id" {
                return match self.0.flavor {
                    LdapFlavor::OpenLdap => "entryUUID",
                    LdapFlavor::Ds389 => "nsUniqueId",
                    LdapFlavor::ActiveDirectory => "objectGUID",
                };
            }
            let row = FIELDS.iter().chain(OTHERS).find(|(name, ..)| *name == field);
            row.map_or("", |(_, usual, ad)| if is_ad { ad } else { usual })
        };
        let chosen = self.0.attributes.get(field).map_or_else(usual, String::as_str);
        Some(chosen.to_owned()).filter(|name| !name.is_empty())
    }

    /// The attributes that are read of people.
    #[must_use]
    pub fn of_people(&self) -> Vec<String> {
        let fields = FIELDS.iter().chain(OTHERS).map(|(name, ..)| *name).filter(|n| *n != "groupName");
        let mut out: Vec<String> = fields.chain(["id"]).filter_map(|f| self.attribute(f)).collect();
        out.extend(KEPT_OUT.iter().map(|name| (*name).to_owned()));
        out.push("cn".into());
        out
    }

    /// The attributes in which groups hold their members.
    #[must_use]
    pub fn of_members(&self) -> Vec<String> {
        match self.0.attributes.get("groupMember").filter(|name| !name.is_empty()) {
            Some(name) => vec![name.clone()],
            None if self.0.flavor == LdapFlavor::ActiveDirectory => vec!["member".into()],
            None => vec!["member".into(), "uniqueMember".into(), "memberUid".into()],
        }
    }

    /// The attributes that are read of groups.
    #[must_use]
    pub fn of_groups(&self) -> Vec<String> {
        let mut out: Vec<String> = ["id", "groupName"].iter().filter_map(|f| self.attribute(f)).collect();
        out.extend(self.of_members());
        out
    }

    /// The filter that finds people.
    #[must_use]
    pub fn user_filter(&self) -> &str {
        let usual = match self.0.flavor {
            LdapFlavor::OpenLdap => "(objectClass=inetOrgPerson)",
            LdapFlavor::Ds389 => "(objectClass=person)",
            LdapFlavor::ActiveDirectory => "(&(objectCategory=person)(objectClass=user))",
        };
        chosen(self.0.user_filter.as_deref(), usual)
    }

    /// The filter that finds groups.
    #[must_use]
    pub fn group_filter(&self) -> &str {
        let usual = match self.0.flavor {
            LdapFlavor::ActiveDirectory => "(objectClass=group)",
            _ => "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))",
        };
        chosen(self.0.group_filter.as_deref(), usual)
    }

    /// Below which entry groups are.
    #[must_use]
    pub fn group_base(&self) -> &str {
        chosen(self.0.group_base_dn.as_deref(), &self.0.base_dn)
    }

    /// The name of an entry that stays.
    #[must_use]
    pub fn id(&self, entry: &Entry) -> Option<String> {
        let attribute = self.attribute("id")?;
        if !attribute.eq_ignore_ascii_case("objectGUID") {
            return entry.text(&attribute);
        }
        let bytes: [u8; 16] = entry.values(&attribute).first()?.as_slice().try_into().ok()?;
        Some(guid(bytes))
    }

    /// A person, but for the manager; with the DN of that one.
    #[must_use]
    pub fn person(&self, entry: &Entry) -> (Draft, Option<String>) {
        let text = |field: &str| self.attribute(field).and_then(|name| entry.text(&name));
        let mut draft = Draft {
            external_id: self.id(entry).unwrap_or_default(),
            username: text("username").unwrap_or_default(),
            emails: self.attribute("email").map(|name| entry.texts(&name)).unwrap_or_default(),
            active: self.is_let_in(entry),
            ..Draft::default()
        };
        for (field, ..) in FIELDS {
            draft.fields.extend(text(field).map(|value| (*field, value)));
        }
        if text("displayname").is_none() {
            draft.fields.extend(entry.text("cn").map(|value| ("displayname", value)));
        }
        for (field, kind) in [("workPhone", "work"), ("mobilePhone", "mobile")] {
            draft.phones.extend(text(field).map(|number| (kind, number)));
        }
        (draft, text("manager"))
    }

    /// Whether an entry may sign in there; `None`: it does not show that. Active Directory has the word of it in every account, so
    /// that where it is missing it is kept from the reader; with the others there is none where nobody is kept out.
    fn is_let_in(&self, entry: &Entry) -> Option<bool> {
        let bits = entry.text(CONTROL).and_then(|text| text.trim().parse::<i64>().ok());
        let is_kept_out = bits.is_some_and(|bits| bits & DISABLED != 0)
            || entry.text("nsAccountLock").is_some_and(|text| text.eq_ignore_ascii_case("true"))
            || entry.text("pwdAccountLockedTime").is_some_and(|text| text == LOCKED_FOR_GOOD);
        let is_shown = bits.is_some() || self.0.flavor != LdapFlavor::ActiveDirectory;
        (is_kept_out || is_shown).then_some(!is_kept_out)
    }
}

fn chosen<'t>(entered: Option<&'t str>, usual: &'t str) -> &'t str {
    entered.map(str::trim).filter(|text| !text.is_empty()).unwrap_or(usual)
}

/// The usual spelling of a GUID: the first three parts are stored with the lowest byte first.
fn guid(b: [u8; 16]) -> String {
    let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
    let mut out = String::with_capacity(36);
    for (i, at) in order.into_iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            out.push('-');
        }
        out.push_str(&format!("{:02x}", b.get(at).copied().unwrap_or_default()));
    }
    out
}

/// A DN in a spelling by which two can be compared: lower case, without spaces around `,`, `=` and `+`.
#[must_use]
pub fn normal(dn: &str) -> String {
    let mut out = String::with_capacity(dn.len());
    let mut chars = dn.trim().chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                out.push(c);
                out.extend(chars.next().into_iter().flat_map(char::to_lowercase));
            }
            ',' | '=' | '+' => {
                while out.ends_with(' ') && !out.ends_with("\\ ") {
                    out.pop();
                }
                out.push(c);
                while chars.peek() == Some(&' ') {
                    chars.next();
                }
            }
            _ => out.extend(c.to_lowercase()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(of: &[(&str, &[u8])]) -> Entry {
        let attributes = of.iter().map(|(n, v)| ((*n).to_owned(), vec![v.to_vec()])).collect();
        Entry { dn: "cn=a".into(), attributes }
    }

    #[test]
    fn active_directory_says_who_is_kept_out_by_a_bit() {
        let ad = Ldap { flavor: LdapFlavor::ActiveDirectory, ..Ldap::default() };
        let guid = [0x33, 0x22, 0x11, 0x00, 0x55, 0x44, 0x77, 0x66, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff];
        let cases = [("512", Some(true)), ("514", Some(false)), ("66050", Some(false)), ("", None), ("0x200", None)];
        for (control, active) in cases {
            let of = [
                ("objectGUID", &guid[..]),
                ("sAMAccountName", b"ana"),
                ("userAccountControl", control.as_bytes()),
                ("department", b"Sales"),
            ];
            let (draft, _) = Schema(&ad).person(&entry(&of));
            assert_eq!(draft.external_id, "00112233-4455-6677-8899-aabbccddeeff");
            assert_eq!((draft.username.as_str(), draft.active), ("ana", active));
            assert!(draft.fields.contains(&("department", "Sales".into())));
            let (draft, _) = Schema(&ad).person(&entry(&of[..2]));
            assert_eq!(draft.active, None, "what is kept from the reader lets nobody in");
            let (draft, _) = Schema(&Ldap::default()).person(&entry(&of[..2]));
            assert_eq!(draft.active, Some(true), "there nothing is said of who is not locked");
        }
    }

    #[test]
    fn an_attribute_can_be_another_one_or_none() {
        let mut ldap = Ldap::default();
        ldap.attributes.insert("username".into(), "mail".into());
        ldap.attributes.insert("jobTitle".into(), String::new());
        let of = [
            ("entryUUID", &b"1"[..]),
            ("mail", b"a@b.c"),
            ("uid", b"ana"),
            ("title", b"Boss"),
            ("nsAccountLock", b"TRUE"),
        ];
        let (draft, _) = Schema(&ldap).person(&entry(&of));
        assert_eq!((draft.username.as_str(), draft.active), ("a@b.c", Some(false)));
        assert!(draft.fields.is_empty());
    }

    #[test]
    fn two_spellings_of_a_dn_are_one() {
        assert_eq!(normal("UID=Ana , OU = People,dc=x"), normal("uid=ana,ou=people,DC=X"));
        assert_ne!(normal("cn=a\\,b,dc=x"), normal("cn=a,b,dc=x"));
        assert_ne!(normal("cn=a\\ ,dc=x"), normal("cn=a,dc=x"));
    }
}
