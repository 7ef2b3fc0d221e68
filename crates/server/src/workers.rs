//! What goes on beside the requests: mail, telling applications that sessions ended, the documents of identity providers,
//! and removing what has expired. What only one node should do is under a lease, or claimed piece by piece; any node may die
//! at any time.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use muster_admin::migration::Migrations;
use muster_directory::{
    Commits, Directory, Error, bulk, derived_administrator, flow, group, key, logout, mail, migration, organization,
    provision, saml_key, saml_message, saml_session, scheduled_state, session, user,
};
use muster_federation::Providers;
use muster_feeds::Feeder;
use muster_http::{Site, saml_source};
use muster_oidc::back_channel;
use muster_scimsync::Provisioner;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::mailer::Mailer;

const LEASE_S: i64 = 60;

/// What wakes a worker: a commit of this node, something that it is at and that ended, or that a while went by (another
/// node's commits, and what is tried again). False: it is time to stop.
async fn woken(
    commits: &mut Commits,
    stop: &mut watch::Receiver<bool>,
    wait: Duration,
    ended: impl Future<Output = ()>,
) -> bool {
    tokio::select! {
        told = commits.changed() => told.is_ok(),
        () = ended => true,
        () = tokio::time::sleep(wait) => true,
        _ = stop.changed() => false,
    }
}

/// One of those that go on ended; never where none does.
async fn one_of<T: 'static>(going_on: &mut JoinSet<T>) {
    if going_on.join_next().await.is_none() {
        pending::<()>().await;
    }
}

/// Sends mail after each commit, and at least every 15 seconds, until told to stop.
pub async fn send_mail(directory: Directory, mailer: Mailer, node: String, mut stop: watch::Receiver<bool>) {
    let mut commits = directory.commits();
    loop {
        // A lease is a write: not after each commit that sends no mail.
        if mail::waits(&directory).await.unwrap_or(true)
            && lease(&directory, "mail", &node).await
            && let Err(error) = mailer.send_due(&directory).await
        {
            tracing::error!(reason = error.private(), "the outbox could not be read");
        }
        if !woken(&mut commits, &mut stop, Duration::from_secs(15), pending()).await {
            return;
        }
    }
}

/// How often the ends of sessions are looked for without a commit of this node, in seconds: another node's, and retries.
const TELL_EVERY_S: u64 = 2;

/// Tells applications that sessions ended: after each commit, and for what is tried again. Every node does; each notice is
/// claimed by one. One that does not answer keeps nobody waiting, since the rounds go on side by side.
pub async fn tell_applications(site: Site, mut stop: watch::Receiver<bool>) {
    let mut commits = site.directory().commits();
    let mut going_on = back_channel::Round::new();
    loop {
        if let Err(error) = back_channel::round(&site, &mut going_on).await {
            tracing::error!(reason = error.private(), "the ends of sessions could not be taken up");
        }
        // There may be more for an application that was just told.
        if !woken(&mut commits, &mut stop, Duration::from_secs(TELL_EVERY_S), one_of(&mut going_on)).await {
            return;
        }
    }
}

/// Sends accounts to applications: after each commit, and for what is tried again or was left by another node. Every node
/// does; each target is served by one at a time, and the targets side by side, so that a slow one delays no other.
pub async fn send_accounts(provisioner: Provisioner, mut stop: watch::Receiver<bool>) {
    let mut commits = provisioner.directory().commits();
    let mut going_on = muster_scimsync::Round::new();
    loop {
        if let Err(error) = provisioner.round(&mut going_on).await {
            tracing::error!(reason = error.private(), "what is to be sent to applications could not be read");
        }
        // There may be more for an application that was just served.
        if !woken(&mut commits, &mut stop, Duration::from_secs(TELL_EVERY_S), one_of(&mut going_on)).await {
            return;
        }
    }
}

/// How often jobs and migrations are looked for that another node was asked for, or left, in seconds.
const MIGRATE_EVERY_S: u64 = 15;

/// What could not be taken up is not tried with each commit.
const LEFT: Duration = Duration::from_secs(1);

/// Carries bulk jobs on, person by person; one node is at each.
pub async fn do_in_bulk(directory: Directory, node: String, mut stop: watch::Receiver<bool>) {
    let mut commits = directory.commits();
    loop {
        let left = tokio::select! {
            done = muster_admin::bulk_round(&directory, &node) => done.unwrap_or_else(|error| {
                tracing::error!(reason = error.private(), "bulk jobs could not be carried on");
                true
            }),
            // What is done with a person is one transaction: whatever is open goes on when there is a node again.
            _ = stop.changed() => return,
        };
        if left {
            tokio::time::sleep(LEFT).await;
        }
        if !woken(&mut commits, &mut stop, Duration::from_secs(MIGRATE_EVERY_S), pending()).await {
            return;
        }
    }
}

/// How often scheduled changes of state are looked for that another node was asked for, in seconds.
const SCHEDULED_EVERY_S: u64 = 15;

/// Lets people in and keeps them out at the time that was asked for. Every node does: each change is a transaction of its own
/// that does nothing where another node was first.
pub async fn change_states(directory: Directory, mut stop: watch::Receiver<bool>) {
    let mut commits = directory.commits();
    loop {
        let more = match scheduled_state::round(&directory).await {
            Ok(more) => more,
            Err(error) => {
                tracing::error!(reason = error.private(), "scheduled changes of state could not be read");
                false
            }
        };
        if more && !*stop.borrow() {
            continue;
        }
        let now = directory.env().clock.now();
        let until = match scheduled_state::store::first(&directory).await {
            Ok(Some(at)) => u64::try_from(at.0.saturating_sub(now.0)).unwrap_or(0),
            _ => u64::MAX,
        };
        // What is due and could not be done is tried again later, not at once.
        let wait = Duration::from_micros(until).clamp(Duration::from_secs(1), Duration::from_secs(SCHEDULED_EVERY_S));
        if !woken(&mut commits, &mut stop, wait, pending()).await {
            return;
        }
    }
}

/// Carries migrations on: those that were begun here, and those that another node left. One that is under way when the node
/// stops goes on after its last step.
pub async fn migrate(site: Site, node: String, mut stop: watch::Receiver<bool>) {
    let mut going_on = Migrations::new();
    let mut commits = site.directory().commits();
    loop {
        let left = going_on.take_up(site.directory(), site.egress(), &node).await.unwrap_or_else(|error| {
            tracing::error!(reason = error.private(), "migrations could not be taken up");
            true
        });
        if left {
            tokio::time::sleep(LEFT).await;
        }
        if !woken(&mut commits, &mut stop, Duration::from_secs(MIGRATE_EVERY_S), pending()).await {
            return;
        }
    }
}

/// How often directories that we read are looked at, in seconds.
const READ_EVERY_S: u64 = 5;

/// Reads directories: on schedule, when an administrator asks, and what another node left. Every node does; each directory is
/// read by one at a time. When told to stop, what goes on is left to be taken up again.
pub async fn read_directories(feeder: Feeder, mut stop: watch::Receiver<bool>) {
    let mut commits = feeder.directory().commits();
    let mut going_on = muster_feeds::Round::new();
    loop {
        if let Err(error) = feeder.round(&mut going_on).await {
            tracing::error!(reason = error.private(), "directories could not be read");
        }
        if !woken(&mut commits, &mut stop, Duration::from_secs(READ_EVERY_S), one_of(&mut going_on)).await {
            return;
        }
    }
}

/// How often what was noted of SAML exchanges is written, in seconds.
const KEEP_EVERY_S: u64 = 2;

/// Writes what this node noted of SAML exchanges, so that sign-ins do not wait for it; once more when told to stop.
pub async fn keep_saml_messages(directory: Directory, mut stop: watch::Receiver<bool>) {
    loop {
        let stopping = tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(KEEP_EVERY_S)) => false,
            _ = stop.changed() => true,
        };
        if let Err(error) = saml_message::flush(&directory).await {
            tracing::warn!(reason = error.private(), "SAML exchanges could not be kept");
        }
        if stopping {
            return;
        }
    }
}

/// How often, in seconds, groups are looked at that other nodes left to be worked out, or that time alone changes.
const DECIDE_EVERY_S: u64 = 5;

/// Works out the members of large groups step by step, and what follows from time alone: after each commit, and every few
/// seconds. Every node may: each step is a transaction of its own that goes on where the last one ended.
pub async fn decide_groups(directory: Directory, node: String, mut stop: watch::Receiver<bool>) {
    let mut commits = directory.commits();
    loop {
        let mut more = false;
        // A lease is a write: not after each commit that leaves nothing to be worked out.
        if waits(&directory).await.unwrap_or(true) && lease(&directory, "groups", &node).await {
            match decide(&directory).await {
                Ok(rest) => more = rest,
                Err(error) => tracing::error!(reason = error.private(), "groups could not be worked out"),
            }
        }
        if more && !*stop.borrow() {
            continue;
        }
        if !woken(&mut commits, &mut stop, Duration::from_secs(DECIDE_EVERY_S), pending()).await {
            return;
        }
    }
}

async fn waits(directory: &Directory) -> Result<bool, Error> {
    Ok(group::due::waits(directory).await? || group::progress::waits(directory).await?)
}

async fn decide(directory: &Directory) -> Result<bool, Error> {
    group::due::take_up(directory).await?;
    group::progress::go_on(directory).await
}

/// Reads the documents of identity providers anew before they grow old, so that nobody waits for it.
pub async fn refresh_providers(providers: Arc<Providers>, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(60)) => providers.refresh_due().await,
            _ = stop.changed() => return,
        }
    }
}

/// Reads the metadata of SAML service providers again where it is due; one node does.
pub async fn refresh_service_providers(site: Site, node: String, mut stop: watch::Receiver<bool>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(60)) => {}
            _ = stop.changed() => return,
        }
        if lease(site.directory(), "saml_sources", &node).await
            && let Err(error) = saml_source::round(&site).await
        {
            tracing::error!(reason = error.private(), "service providers' metadata could not be read again");
        }
    }
}

/// Removes what has expired, every ten minutes, and checks the derived facts once a day.
pub async fn keep_house(directory: Directory, node: String, mut stop: watch::Receiver<bool>) {
    let mut rounds: u32 = 0;
    loop {
        if lease(&directory, "house", &node).await {
            if let Err(error) = prune(&directory).await {
                tracing::error!(reason = error.private(), "what has expired could not be removed");
            }
            if rounds.is_multiple_of(144)
                && let Err(error) = daily(&directory).await
            {
                tracing::error!(reason = error.private(), "the derived facts could not be checked");
            }
        }
        rounds = rounds.wrapping_add(1);
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(600)) => {}
            _ = stop.changed() => return,
        }
    }
}

async fn lease(directory: &Directory, name: &str, node: &str) -> bool {
    let now = directory.env().clock.now();
    directory.db().lease(name, node, LEASE_S, now).await.unwrap_or(false)
}

async fn prune(directory: &Directory) -> Result<(), Error> {
    let now = directory.env().clock.now();
    let (statement, params) = user::lockout::prune(now);
    directory.db().exec(statement, &params).await?;
    flow::prune(directory).await?;
    saml_session::prune(directory).await?;
    saml_message::prune(directory).await?;
    session::store::prune(directory).await?;
    mail::prune(directory).await?;
    logout::collect::sweep(directory).await?;
    logout::store::prune(directory).await?;
    provision::record::prune(directory).await?;
    migration::prune(directory).await?;
    bulk::prune(directory).await?;
    scheduled_state::store::prune(directory).await?;
    provision::import_job::end_abandoned(directory).await?;
    key::schedule::rotate_due(directory).await?;
    muster_oidc::prune(directory).await?;
    muster_federation::prune(directory).await?;
    muster_samlidp::prune(directory).await?;
    Ok(())
}

async fn daily(directory: &Directory) -> Result<(), Error> {
    logout::collect::sweep_access(directory).await?;
    saml_key::warn(directory).await?;
    verify(directory).await.map(drop)
}

/// Recomputes the derived facts of every organization; answers how many differ (it must be none). Roles that differ are mended.
///
/// # Errors
/// The database's.
pub async fn verify(directory: &Directory) -> Result<usize, Error> {
    let mut wrong = 0;
    for organization in organization::store::every(&mut directory.read()).await? {
        let now = directory.env().clock.now();
        for problem in group::verify::verify(&mut directory.read(), organization.id, now).await? {
            tracing::error!(org = %organization.id, problem, "a derived fact is wrong");
            wrong += 1;
        }
        for problem in derived_administrator::verify::mend(directory, organization.id).await? {
            tracing::error!(org = %organization.id, problem, "who is an administrator by a group was wrong; it was mended");
            wrong += 1;
        }
    }
    Ok(wrong)
}
