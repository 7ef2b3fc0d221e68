//! The step of an import from an application as the wrong organization.

use muster_base::Id;
use muster_directory::provision::import::{May, Person, Take};
use muster_directory::provision::import_job::{Step, begin};

use crate::harness::{Test, is_missing};

pub async fn verbs(t: &Test, seen: &mut Vec<&'static str>, app: Id) {
    let (job, ..) = begin(&t.d, t.acme.id, app).await.unwrap();
    let (username, email) = ("taken".to_owned(), "taken@there.test".to_owned());
    let person = Person { username, email, ..Person::default() };
    let step =
        || Step { job, place: 0, take: Take { person: person.clone(), may: May { create: true, ..May::default() } } };
    assert!(is_missing(t.write(t.blue, step()).await));
    t.write(t.acme, step()).await.unwrap();
    seen.push("provision/import_job.rs Step");
}
