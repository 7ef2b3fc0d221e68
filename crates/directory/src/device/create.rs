//! Makes the record of a device. JumpCloud's API has no such call: there a device comes by its agent. Here an import,
//! `--dev` and the tests make them too.

use muster_base::{Id, Micros};
use serde_json::{Map, Value, json};

use super::{Device, Facts, bind, store};
use crate::change::{Kind, Subject};
use crate::{Error, Result, Verb, Write};

/// Makes a device.
pub struct Create {
    /// The id it had elsewhere, to keep it; `None`: a new one.
    pub id: Option<Id>,
    /// The facts, as members of the v1 object. A name of some kind is needed.
    pub facts: Map<String, Value>,
    /// The primary user.
    pub owner: Option<Id>,
    /// When it was made elsewhere; now when nothing is said.
    pub created_at: Option<Micros>,
}

impl Verb for Create {
    type Out = Device;

    async fn run(&self, w: &mut Write<'_>) -> Result<Device> {
        let mut facts = Facts::default().overlay(&self.facts).map_err(Error::Invalid)?;
        name_and_family(&mut facts)?;
        settle(&mut facts);
        bind::check_owner(w, self.owner).await?;
        let id = self.id.unwrap_or_else(|| w.env().id());
        if store::by_id(w, w.org(), id).await?.is_some() {
            return Err(Error::Conflict("_id: a device of this organization has this id".into()));
        }
        let created_at = self.created_at.filter(|at| *at <= w.now()).unwrap_or_else(|| w.now());
        let device = Device { org: w.org(), id, owner: self.owner, facts, created_at };
        store::insert(w, &device).await?;
        let fields = json!({
            "displayName": device.display(),
            "serialNumber": device.facts.serial_number,
            "primarySystemUser": device.owner,
        });
        w.log(Kind::SystemCreate, Subject::device(device.id), fields);
        Ok(device)
    }
}

/// A device is shown by its hostname until it is given a name, and its family follows from the operating system's name.
fn name_and_family(facts: &mut Facts) -> Result<()> {
    let blank = |value: &Option<String>| value.as_deref().is_none_or(str::is_empty);
    if blank(&facts.display_name) {
        let named = [&facts.hostname, &facts.serial_number].into_iter().find(|n| !blank(n));
        let named = named.cloned().flatten();
        if named.is_none() {
            let message = "give the device a name (displayName), or tell its hostname or serialNumber";
            return Err(Error::field("displayName", message));
        }
        facts.display_name = named;
    }
    if blank(&facts.os_family) {
        facts.os_family = facts.os.as_deref().and_then(family).map(str::to_owned);
    }
    Ok(())
}

/// A setting that nobody has made is off, and what was never heard of is not active.
fn settle(facts: &mut Facts) {
    for setting in [
        &mut facts.active,
        &mut facts.allow_multi_factor_authentication,
        &mut facts.allow_public_key_authentication,
        &mut facts.allow_ssh_password_authentication,
        &mut facts.allow_ssh_root_login,
    ] {
        setting.get_or_insert(false);
    }
}

/// The family of an operating system by its name.
fn family(os: &str) -> Option<&'static str> {
    const LINUX: &[&str] =
        &["linux", "ubuntu", "debian", "centos", "red hat", "rhel", "fedora", "suse", "rocky", "alma"];
    let os = os.to_lowercase();
    match os.as_str() {
        _ if os.starts_with("windows") => Some("windows"),
        _ if os.starts_with("mac") || os.starts_with("darwin") => Some("darwin"),
        _ if os.starts_with("ios") || os.starts_with("ipados") => Some("ios"),
        _ if os.starts_with("android") => Some("android"),
        _ if LINUX.iter().any(|name| os.contains(name)) => Some("linux"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_family_follows_from_the_systems_name() {
        for (os, expected) in [
            ("Mac OS X", Some("darwin")),
            ("macOS", Some("darwin")),
            ("Windows 11 Pro", Some("windows")),
            ("Ubuntu", Some("linux")),
            ("Red Hat Enterprise Linux", Some("linux")),
            ("iOS", Some("ios")),
            ("iPadOS", Some("ios")),
            ("Android", Some("android")),
            ("Plan 9", None),
        ] {
            assert_eq!(family(os), expected, "{os}");
        }
    }
}
