//! Opening the directory: its database, master key and password hasher in one handle.

use std::sync::Arc;

use muster_base::{Env, Id, Keyring};
use muster_db::{Db, Migration, Work, sql};
use tokio::sync::watch;

use crate::as_of::AsOf;
use crate::commits::Commits;
use crate::group::ruleset::RuleSet;
use crate::organization::Organization;
use crate::password::Hasher;
use crate::write::{Ended, InOrganization, Tried, TryOut};
use crate::{Actor, Error, Result, Verb};

/// The directory's tables.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    vec![
        Migration::new(1, "directory", include_str!("../../../migrations/0001_directory.sql")),
        Migration::new(6, "oidc_logout", include_str!("../../../migrations/0006_oidc_logout.sql")),
        Migration::new(14, "consents", include_str!("../../../migrations/0014_directory_consents.sql")),
        Migration::new(15, "service_accounts", include_str!("../../../migrations/0015_service_accounts.sql")),
        Migration::new(30, "saml_keys", include_str!("../../../migrations/0030_saml_keys.sql")),
        Migration::new(32, "devices", include_str!("../../../migrations/0032_devices.sql")),
        Migration::new(33, "groups", include_str!("../../../migrations/0033_groups.sql")),
        Migration::new(40, "saml_messages", include_str!("../../../migrations/0040_saml_messages.sql")),
        Migration::new(41, "saml_sources", include_str!("../../../migrations/0041_saml_sources.sql")),
        Migration::new(42, "saml_key_usage", include_str!("../../../migrations/0042_saml_key_usage.sql")),
        Migration::new(43, "memberships_by_end", include_str!("../../../migrations/0043_memberships_by_end.sql")),
        Migration::new(50, "directory_providers", include_str!("../../../migrations/0050_directory_providers.sql")),
        Migration::new(55, "provisioning", include_str!("../../../migrations/0055_provisioning.sql")),
        Migration::new(56, "provision_checks", include_str!("../../../migrations/0056_provision_checks.sql")),
        Migration::new(60, "custom_attributes", include_str!("../../../migrations/0060_custom_attributes.sql")),
        Migration::new(63, "feeds", include_str!("../../../migrations/0063_feeds.sql")),
        Migration::new(64, "imports_open", include_str!("../../../migrations/0064_imports_open.sql")),
        Migration::new(66, "migrations", include_str!("../../../migrations/0066_migrations.sql")),
        Migration::new(67, "bulk_jobs", include_str!("../../../migrations/0067_bulk_jobs.sql")),
        Migration::new(68, "administrator_roles", include_str!("../../../migrations/0068_administrator_roles.sql")),
        Migration::new(70, "attention", include_str!("../../../migrations/0070_attention.sql")),
        Migration::new(71, "plan_decisions", include_str!("../../../migrations/0071_plan_decisions.sql")),
        Migration::new(72, "scheduled_states", include_str!("../../../migrations/0072_scheduled_states.sql")),
        Migration::new(75, "logos", include_str!("../../../migrations/0075_logos.sql")),
        Migration::new(76, "passwords_kept", include_str!("../../../migrations/0076_passwords_kept.sql")),
        Migration::new(78, "provision_surveys", include_str!("../../../migrations/0078_provision_surveys.sql")),
        Migration::new(80, "less_to_write", include_str!("../../../migrations/0080_less_to_write.sql")),
        Migration::per_engine(81, "clustered", include_str!("../../../migrations/0081_clustered.sql"), ""),
        Migration::new(82, "provision_readings", include_str!("../../../migrations/0082_provision_readings.sql")),
        Migration::new(83, "changes_unsorted", include_str!("../../../migrations/0083_changes_unsorted.sql")),
        Migration::new(84, "import_progress", include_str!("../../../migrations/0084_import_progress.sql")),
        Migration::new(85, "import_stop", include_str!("../../../migrations/0085_import_stop.sql")),
        Migration::per_engine(86, "changes_sorted", "", include_str!("../../../migrations/0086_changes_sorted.sql")),
        Migration::new(87, "receiver", include_str!("../../../migrations/0087_receiver.sql")),
        Migration::new(88, "fed_group_addresses", include_str!("../../../migrations/0088_fed_group_addresses.sql")),
    ]
}

/// The name in `meta` of whether every organization has had its default groups.
const DEFAULT_GROUPS: &str = "default_groups";

sql! {
    pub(crate) global META = "SELECT value FROM meta WHERE name = $1";
    pub(crate) global META_PUT = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2";
    pub(crate) global META_SET = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
}

/// Whether the database was used with a master key before.
///
/// # Errors
/// The database's.
pub async fn has_master_key(db: &Db) -> Result<bool, muster_db::Error> {
    Ok(db.first::<(String,)>(&META, &["master_key".into()]).await?.is_some())
}

/// Notes what this installation is reached by, so that commands beside the server print the same addresses.
///
/// # Errors
/// The database's.
pub async fn remember_public_url(db: &Db, url: &str) -> Result<(), muster_db::Error> {
    db.exec(&META_PUT, &["public_url".into(), url.into()]).await?;
    Ok(())
}

/// What this installation was last served as.
///
/// # Errors
/// The database's.
pub async fn known_public_url(db: &Db) -> Result<Option<String>, muster_db::Error> {
    Ok(db.first::<(String,)>(&META, &["public_url".into()]).await?.map(|(url,)| url))
}

/// The directory. Cheap to clone; every door holds one.
#[derive(Clone)]
pub struct Directory {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    env: Env,
    keyring: Keyring,
    hasher: Hasher,
    public_url: Arc<str>,
    key_cache: crate::key::Cache,
    saml_key_cache: crate::saml_key::Cache,
    saml_messages: crate::saml_message::Pending,
    registry: crate::application::registry::Registry,
    subject_cache: crate::application::subject::Cache,
    rules: AsOf<RuleSet>,
    organizations: AsOf<Organization>,
    columns_cache: crate::group::matching::Cache,
    lags: crate::group::lag::Lags,
    changed: watch::Sender<u64>,
}

impl Directory {
    /// Opens the directory on a migrated database. `public_url` is what links in mails begin with, without a slash at
    /// its end.
    ///
    /// # Errors
    /// [`Error::Denied`] when the database was made with another master key.
    pub async fn open(db: Db, env: Env, keyring: Keyring, public_url: &str) -> Result<Self> {
        let check: String = keyring.check().iter().map(|b| format!("{b:02x}")).collect();
        db.exec(&META_SET, &["master_key".into(), check.as_str().into()]).await?;
        let (kept,): (String,) = db
            .first(&META, &["master_key".into()])
            .await?
            .ok_or_else(|| Error::Internal("the master key's fingerprint did not stay in `meta`".into()))?;
        if kept != check {
            return Err(Error::Denied(
                "this database was made with another master key: give the key it was made with (--master-key-file)"
                    .into(),
            ));
        }
        let hasher = Hasher::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get));
        let inner = Inner {
            db,
            env,
            keyring,
            hasher,
            public_url: public_url.trim_end_matches('/').into(),
            key_cache: crate::key::Cache::default(),
            saml_key_cache: crate::saml_key::Cache::default(),
            saml_messages: crate::saml_message::Pending::default(),
            registry: crate::application::registry::Registry::default(),
            subject_cache: crate::application::subject::Cache::default(),
            rules: AsOf::default(),
            organizations: AsOf::default(),
            columns_cache: crate::group::matching::Cache::default(),
            lags: crate::group::lag::Lags::default(),
            changed: watch::channel(0).0,
        };
        let directory = Self { inner: Arc::new(inner) };
        directory.refurnish().await?;
        Ok(directory)
    }

    /// Once after an upgrade: what organizations have that are made from now on, those that are there get too.
    async fn refurnish(&self) -> Result<()> {
        let done = self.db().first::<(String,)>(&META, &[DEFAULT_GROUPS.into()]).await?;
        if done.is_none() && crate::organization::refurnish::every(self).await? {
            self.db().exec(&META_PUT, &[DEFAULT_GROUPS.into(), "1".into()]).await?;
        }
        Ok(())
    }

    /// The database, for reads by stores and for one-statement writes.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// A source of reads outside a transaction.
    #[must_use]
    pub fn read(&self) -> &Db {
        &self.inner.db
    }

    /// Clock and randomness.
    #[must_use]
    pub fn env(&self) -> &Env {
        &self.inner.env
    }

    /// Encryption at rest.
    #[must_use]
    pub fn keyring(&self) -> &Keyring {
        &self.inner.keyring
    }

    /// What the addresses of this installation begin with, without a slash at its end.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.inner.public_url
    }

    pub(crate) fn key_cache(&self) -> &crate::key::Cache {
        &self.inner.key_cache
    }

    pub(crate) fn saml_key_cache(&self) -> &crate::saml_key::Cache {
        &self.inner.saml_key_cache
    }

    /// SAML exchanges of this node that are not written yet.
    #[must_use]
    pub fn saml_messages(&self) -> &crate::saml_message::Pending {
        &self.inner.saml_messages
    }

    pub(crate) fn registry(&self) -> &crate::application::registry::Registry {
        &self.inner.registry
    }

    pub(crate) fn rules(&self) -> &AsOf<RuleSet> {
        &self.inner.rules
    }

    /// Organizations as they were read.
    pub(crate) fn organizations(&self) -> &AsOf<Organization> {
        &self.inner.organizations
    }

    pub(crate) fn columns_cache(&self) -> &crate::group::matching::Cache {
        &self.inner.columns_cache
    }

    pub(crate) fn subject_cache(&self) -> &crate::application::subject::Cache {
        &self.inner.subject_cache
    }

    /// The bounded pool that hashes passwords.
    #[must_use]
    pub fn hasher(&self) -> &Hasher {
        &self.inner.hasher
    }

    /// Runs one verb in one transaction of one organization, with everything that follows from it.
    ///
    /// # Errors
    /// What the verb answers; nothing is changed then.
    pub async fn write<V: Verb>(&self, actor: Actor, org: Id, verb: V) -> Result<V::Out> {
        let work = InOrganization::new(self.clone(), actor, org, verb);
        let learnt = work.learnt();
        let out = self.inner.db.write(work).await;
        // Also when it is not known whether it was committed.
        self.inner.registry.changed(org);
        let out = out?;
        let learnt = std::mem::take(&mut *learnt.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        self.inner.lags.add(org, &learnt.lags);
        if let Some((seq, set)) = learnt.rules {
            self.inner.rules.keep(org, seq, set);
        }
        if let Some((seq, organization)) = learnt.organization {
            self.inner.organizations.keep(org, seq, organization);
        }
        self.wake();
        Ok(out)
    }

    /// Runs a change of one organization's directory and undoes it: what it would answer, and who would move by it.
    ///
    /// # Errors
    /// What the verb answers.
    pub async fn try_out<V: Verb>(&self, actor: Actor, org: Id, verb: V) -> Result<Tried<V::Out>> {
        let ended = self.inner.db.write(TryOut(InOrganization::new(self.clone(), actor, org, verb))).await;
        match ended {
            Ok(never) => match never {},
            Err(Ended::Tried(tried)) => Ok(tried),
            Err(Ended::Failed(error)) => Err(error),
        }
    }

    /// How long after their causes memberships were right, on this node.
    #[must_use]
    pub fn lags(&self) -> &crate::group::lag::Lags {
        &self.inner.lags
    }

    /// Runs a transaction that is not a change of one organization's directory: sessions, flows, codes, mail, and
    /// what belongs to the whole installation (administrators, providers).
    ///
    /// # Errors
    /// What the work answers.
    pub async fn work<W: Work<Err = Error>>(&self, work: W) -> Result<W::Out> {
        let out = self.inner.db.write(work).await?;
        self.wake();
        Ok(out)
    }

    /// Wakes the workers: something was committed.
    pub(crate) fn wake(&self) {
        self.inner.changed.send_modify(|n| *n = n.wrapping_add(1));
    }

    /// A receiver that is told after commits.
    #[must_use]
    pub fn commits(&self) -> Commits {
        Commits::new(self.inner.changed.subscribe())
    }
}
