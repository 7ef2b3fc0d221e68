//! Parts of plans, surveys of targets and the check of roles: what one organization has is not there for another
//! ([`crate::tenants`] goes on here).

use std::sync::Arc;

use muster_base::Id;
use muster_db::sql;
use muster_directory::Actor;
use muster_directory::application::{Doc, SCIM, create};
use muster_directory::carried::Carried;
use muster_directory::derived_administrator::verify::mend;
use muster_directory::feed::take::{self, Take};
use muster_directory::migration;
use muster_directory::provision::ObjectKind;
use muster_directory::provision::reading::{self, Far, Found, Kind, Pen, State};
use muster_directory::provision::survey::{Survey, Wanted};
use muster_scim::Resource;
use serde_json::json;

use crate::harness::{Test, is_missing};

sql! {
    BREAK_HELD = "INSERT INTO held_roles (org_id, provider_id, group_id, since_at) VALUES ($1, $2, $2, 1)";
}

/// Those that only a function may use.
pub async fn verbs(t: &Test, seen: &mut Vec<&'static str>, take: Take) {
    seen.extend(["feed/take.rs Part", "derived_administrator/verify.rs Mend"]);
    let mut carried = Arc::<Carried>::default();
    let what = || (take.provider, take.steps.clone());
    let by = |org: Id| (Actor::directory_provider(take.provider, None), org);
    assert!(is_missing(take::try_part(&t.d, by(t.blue.id), what(), &mut carried).await.map(drop)));
    let tried = take::try_part(&t.d, by(t.acme.id), what(), &mut carried).await.unwrap();
    assert_eq!(tried.out.outcomes.len(), 1);
    t.d.db().exec(&BREAK_HELD, &[(&t.acme.id).into(), (&take.provider).into()]).await.unwrap();
    assert!(mend(&t.d, t.blue.id).await.unwrap().is_empty(), "nothing of Blue's is wrong");
    assert_eq!(mend(&t.d, t.acme.id).await.unwrap().len(), 1);
    assert!(mend(&t.d, t.acme.id).await.unwrap().is_empty());
}

/// A part of a migration's plan.
pub async fn part_of_migration(t: &Test, seen: &mut Vec<&'static str>, job: Id) {
    seen.push("migration/take.rs Part");
    let mut carried = Arc::<Carried>::default();
    let take = || migration::Take { job, after: 0, limit: 9, in_parts: true };
    let by = |org: Id| (Actor::command_line(), org);
    assert!(is_missing(migration::try_part(&t.d, by(t.blue.id), take(), &mut carried).await.map(drop)));
    assert_eq!(migration::try_part(&t.d, by(t.acme.id), take(), &mut carried).await.unwrap().out.len(), 1);
}

both! {
    async fn a_survey_is_one_organizations(t) {
        let doc = Doc { display_label: "There".into(), ..Doc::default() };
        let app = t.write(t.acme, create::Create { name: SCIM.into(), doc, active: true }).await.unwrap().id;
        let survey = Survey { org: t.acme.id, app, id: t.d.env().id() };
        survey.open(&t.d, 9).await.unwrap();
        let there = json!({"id": "r1", "userName": " Ana ", "externalId": "E1"});
        let there = Resource(there.as_object().unwrap().clone());
        survey.add(&t.d, ObjectKind::User, &[there.clone(), there]).await.unwrap();
        let foreign = Survey { org: t.blue.id, ..survey };
        // Nothing is written into another organization's either.
        let other = Resource(json!({"id": "r2", "userName": "bo"}).as_object().unwrap().clone());
        foreign.add(&t.d, ObjectKind::User, &[other]).await.unwrap();
        let wanted = Wanted { limit: 9, ..Wanted::default() };
        for (survey, sees) in [(survey, 1), (foreign, 0)] {
            let mut s = t.d.read();
            let text = |text: &str| vec![text.to_owned()];
            for (ids, names, externals) in [
                (text("r1"), Vec::new(), Vec::new()),
                (Vec::new(), text("ana"), Vec::new()),
                (Vec::new(), Vec::new(), text("E1")),
            ] {
                let found = survey.there(&mut s, ObjectKind::User, (&ids, &names, &externals), 9).await.unwrap();
                assert_eq!(found.len(), sees);
            }
            let found = Survey::find(&mut s, survey.org, app, survey.id).await.unwrap();
            assert_eq!(found.iter().count(), sees);
            assert_eq!(survey.people_after(&mut s, "r9").await.is_ok(), sees == 1);
            if sees == 0 {
                assert_eq!(survey.people(&mut s, &wanted).await.unwrap().0, 0);
            }
        }
        assert!(!foreign.end(&t.d).await.unwrap());
        assert!(survey.end(&t.d).await.unwrap());
    }

    async fn a_reading_is_one_organizations(t) {
        let doc = Doc { display_label: "There".into(), ..Doc::default() };
        let app = t.write(t.acme, create::Create { name: SCIM.into(), doc, active: true }).await.unwrap().id;
        let pen = reading::begin(&t.d, t.acme.id, app, Kind::Drift).await.unwrap();
        assert!(reading::begin(&t.d, t.blue.id, app, Kind::Drift).await.is_err(), "an application of nobody's");
        let foreign = Pen { org: t.blue.id, ..pen };
        let far = Far { read: 1, total: Some(2) };
        assert!(is_missing(reading::get(&t.d, t.blue.id, app, pen.id).await.map(drop)));
        assert!(is_missing(reading::stop(&t.d, t.blue.id, app, pen.id).await));
        foreign.forget(&t.d).await.unwrap();
        assert!(!foreign.beat(&t.d).await.unwrap());
        assert!(!foreign.progress(&t.d, far).await.unwrap());
        assert!(!foreign.end(&t.d, far, Err("no")).await.unwrap());
        assert_eq!(reading::get(&t.d, t.acme.id, app, pen.id).await.unwrap().state, State::Running);
        assert!(pen.beat(&t.d).await.unwrap() && pen.progress(&t.d, far).await.unwrap());
        assert!(pen.end(&t.d, far, Ok(&Found::Repaired(2))).await.unwrap());
        assert!(!pen.end(&t.d, far, Err("late")).await.unwrap(), "what ended stays as it is");
        let ended = reading::get(&t.d, t.acme.id, app, pen.id).await.unwrap();
        assert_eq!((ended.far, ended.state), (far, State::Finished(Found::Repaired(2))));
        reading::stop(&t.d, t.acme.id, app, pen.id).await.unwrap();
        assert!(is_missing(reading::get(&t.d, t.acme.id, app, pen.id).await.map(drop)));
    }
}
