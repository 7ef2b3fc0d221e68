//! The application's own users, and bringing them here as a job that goes on by itself.

use std::time::Duration;

use muster_base::Id;
use muster_directory::Result;
use muster_directory::provision::import::{self, Job, Person, Take, profile_of};
use muster_http::provisioning::ImportOrder;
use muster_scim::receiver::Profile;
use muster_scim::resource::User;
use muster_scim::{Definition, Resource};

use crate::client::{Client, log};
use crate::preview::unreadable;
use crate::survey;

/// Results are written down after so many users.
const KEEP_EVERY: usize = 50;

/// The application's users.
pub async fn users(client: &Client, profile: &Profile) -> Result<Vec<Person>> {
    let all = survey::all(client, &Definition::user(), profile).await.map_err(unreadable)?;
    Ok(all.iter().filter_map(person).collect())
}

fn person(resource: &Resource) -> Option<Person> {
    let user = User::from_resource(resource).ok()?;
    let username = user.user_name.clone().unwrap_or_default();
    let email = user.email().map(str::to_owned).or_else(|| Some(username.clone()).filter(|n| n.contains('@')));
    Some(Person {
        remote_id: resource.id()?.to_owned(),
        email: email.unwrap_or_default(),
        active: user.active.unwrap_or(true),
        profile: profile_of(&user),
        username,
    })
}

/// Begins an import; it goes on when nobody waits for it.
pub async fn begin((org, app): (Id, Id), order: ImportOrder, client: Client, profile: Profile) -> Result<Id> {
    let (id, job, beat) = import::begin(client.directory(), org, app).await?;
    tokio::spawn(async move {
        let mut job = job;
        let goes_on = async {
            // A sign of life: without it the job counts as left by a server that died.
            while beat.beat(client.directory()).await.is_ok() {
                tokio::time::sleep(Duration::from_secs(import::BEAT_S)).await;
            }
            std::future::pending::<()>().await;
        };
        let outcome = tokio::select! {
            outcome = take_in((org, id), &mut job, order, &client, &profile) => outcome,
            () = goes_on => Ok(()),
        };
        if let Err(error) = outcome {
            log(&error, "an import could not go on");
            job.failure = Some(error.to_string());
        }
        job.done_at = Some(client.directory().env().clock.now().0);
        if let Err(error) = import::keep(client.directory(), org, id, &job).await {
            log(&error, "what became of an import could not be kept");
        }
    });
    Ok(id)
}

async fn take_in(
    (org, id): (Id, Id),
    job: &mut Job,
    order: ImportOrder,
    client: &Client,
    profile: &Profile,
) -> Result<()> {
    let directory = client.directory();
    let term = order.search.as_deref().map(str::to_lowercase);
    let wanted = |p: &Person| {
        let text = format!("{} {}", p.username, p.email).to_lowercase();
        let chosen = order.ids.is_empty() || order.ids.contains(&p.remote_id);
        chosen && term.as_ref().is_none_or(|t| text.contains(t.as_str()))
    };
    for person in users(client, profile).await?.into_iter().filter(wanted) {
        let take = Take { person, may: order.may };
        job.results.push(take.outcome_of(directory, order.actor.clone(), org).await?);
        if job.results.len().is_multiple_of(KEEP_EVERY) {
            import::keep(directory, org, id, job).await?;
        }
    }
    Ok(())
}
