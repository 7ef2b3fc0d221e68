//! The application's own users, and bringing them here as a job that goes on by itself.

use std::time::Duration;

use muster_base::Id;
use muster_directory::provision::import::{Person, Take, profile_of};
use muster_directory::provision::import_job::{self, Beat};
use muster_directory::provision::reading::Far;
use muster_directory::provision::survey::{IMPORT_S, PLAN_S, Survey, Wanted};
use muster_directory::{Directory, Error, Result};
use muster_http::provisioning::ImportOrder;
use muster_scim::receiver::Profile;
use muster_scim::resource::User;
use muster_scim::{Definition, Resource};

use crate::client::{Client, log};
use crate::preview::unreadable;
use crate::progress::Progress;
use crate::survey;

/// How often an import that reads looks whether it is to stop.
const STOP_LOOKED_FOR_EVERY: Duration = Duration::from_millis(500);

/// Writes down who is there as a list that is kept; how many they are.
pub async fn list(reader: (&Client, &Progress), profile: &Profile, survey: Survey) -> Result<u64> {
    let directory = reader.0.directory();
    survey.open(directory, PLAN_S).await?;
    write_down(reader, profile, survey).await?;
    if !survey.keep(directory, PLAN_S).await? {
        return Err(Error::Conflict("several lists of this application are read at once: ask again".into()));
    }
    let (total, _) = survey.people(&mut directory.read(), &Wanted::default()).await?;
    Ok(u64::try_from(total).unwrap_or(0))
}

/// Writes down who is there.
async fn write_down(reader: (&Client, &Progress), profile: &Profile, survey: Survey) -> Result<()> {
    let definition = Definition::user();
    let mut reading = survey::Survey::new(reader, &definition, profile);
    while let Some(page) = reading.next().await.map_err(unreadable)? {
        let people: Vec<Person> = page.iter().filter_map(person).collect();
        survey.add_people(reader.0.directory(), &people).await?;
    }
    Ok(())
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

/// How an import came to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// Everybody was gone through.
    Whole,
    /// Somebody stopped it.
    Stopped,
    /// Another server held it for left, and ends it.
    Left,
}

/// Begins an import; it goes on when nobody waits for it.
pub async fn begin((org, app): (Id, Id), order: ImportOrder, client: Client, profile: Profile) -> Result<Id> {
    let (id, job, beat) = import_job::begin(client.directory(), org, app).await?;
    tokio::spawn(async move {
        let mut job = job;
        let (progress, survey) = (Progress::of_import((org, id)), Survey { org, app, id });
        let outcome = tokio::select! {
            outcome = take_in(survey, order, (&client, &progress), &profile) => outcome,
            () = goes_on(&beat, client.directory()) => Ok(Ended::Left),
            () = progress.stopped() => Ok(Ended::Left),
        };
        if let Err(error) = survey.end(client.directory()).await {
            log(&error, "what an import read could not be thrown away");
        }
        match outcome {
            Ok(Ended::Left) => return,
            Ok(ended) => job.stopped = ended == Ended::Stopped,
            Err(error) => {
                log(&error, "an import could not go on");
                job.failure = Some(error.to_string());
            }
        }
        job.done_at = Some(client.directory().env().clock.now().0);
        if let Err(error) = import_job::keep(client.directory(), org, id, &job).await {
            log(&error, "what became of an import could not be kept");
        }
    });
    Ok(id)
}

/// Signs of life, without which the job counts as left by a server that died; until another one holds it for left.
async fn goes_on(beat: &Beat, directory: &Directory) {
    loop {
        match beat.beat(directory).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => log(&error, "an import could not say that it goes on"),
        }
        tokio::time::sleep(Duration::from_secs(import_job::BEAT_S)).await;
    }
}

/// Takes in who was ordered, in a job whose id is that of what it reads.
async fn take_in(survey: Survey, order: ImportOrder, reader: (&Client, &Progress), profile: &Profile) -> Result<Ended> {
    let (directory, job) = (reader.0.directory(), (survey.org, survey.id));
    let term = order.search.as_deref().map(str::to_lowercase);
    let wanted = |p: &Person| {
        let text = format!("{} {}", p.username, p.email).to_lowercase();
        let chosen = order.ids.is_empty() || order.ids.contains(&p.remote_id);
        chosen && term.as_ref().is_none_or(|t| text.contains(t.as_str()))
    };
    // Read as a whole before anybody is taken in: a list whose pages move meanwhile would leave some out.
    survey.open(directory, IMPORT_S).await?;
    tokio::select! {
        read = write_down(reader, profile, survey) => read?,
        () = stopped(directory, job) => return Ok(Ended::Stopped),
    }
    let (total, _) = survey.people(&mut directory.read(), &Wanted::default()).await?;
    let read = u64::try_from(total).unwrap_or(0);
    import_job::reads(directory, job, Far { read, total: Some(read) }).await?;
    let (mut place, mut after, mut handled) = (0, String::new(), 0);
    loop {
        if !import_job::handled(directory, job, handled).await? {
            return Ok(Ended::Left);
        }
        if import_job::stop_asked(directory, job).await? {
            return Ok(Ended::Stopped);
        }
        let page = survey.people_after(&mut directory.read(), &after).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.remote_id);
        handled += u64::try_from(page.len()).unwrap_or(0);
        for person in page.into_iter().filter(wanted) {
            let take = Take { person, may: order.may };
            if !import_job::take(directory, order.actor.clone(), job, place, take).await? {
                return Ok(Ended::Left);
            }
            place += 1;
        }
    }
    Ok(Ended::Whole)
}

/// When somebody asked for it to stop; an application that answers nothing keeps nobody waiting for that.
async fn stopped(directory: &Directory, job: (Id, Id)) {
    loop {
        match import_job::stop_asked(directory, job).await {
            Ok(true) => return,
            Ok(false) => {}
            // It is looked for again.
            Err(error) => log(&error, "it could not be asked whether an import is to stop"),
        }
        tokio::time::sleep(STOP_LOOKED_FOR_EVERY).await;
    }
}
