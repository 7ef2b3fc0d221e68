//! kill -9 while a large group is worked out in steps: the next start goes on from what was committed.

use muster_base::Id;
use muster_db::{Tx, V, Work, sql};
use muster_directory::group::update::Update;
use muster_directory::group::{GroupKind, Input, progress, store};
use serde_json::json;

use super::{Installation, dynamic, lines, until};

/// More than one transaction looks at.
const PEOPLE: usize = 16_000;
/// How many large groups are worked out.
const GROUPS: usize = 3;

sql! {
    KILLED_PEOPLE = "INSERT INTO users (org_id, id, username, username_norm, email, email_norm, state, profile, search, password_expired, created_at, tokens_from) \
                     SELECT $1, e.value, e.value, e.value, e.value, e.value, 'ACTIVATED', $3, e.value, 0, 0, 0 FROM {each $2} AS e";
}

struct Many(Id);

impl Work for Many {
    type Out = ();
    type Err = muster_directory::Error;

    async fn run<'a>(&'a self, tx: &'a mut Tx) -> muster_directory::Result<()> {
        for n in 0..PEOPLE / 1_000 {
            let ids = V::list((n * 1_000..(n + 1) * 1_000).map(|n| format!("{n:024x}")));
            let profile = json!({"department": if n % 2 == 0 { "Sales" } else { "Legal" }}).to_string();
            tx.exec(&KILLED_PEOPLE, &[(&self.0).into(), ids, profile.as_str().into()]).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_group_in_steps_survives_kill_9_and_finishes() {
    let at = Installation::new();
    let d = at.directory().await;
    let mut groups = Vec::new();
    for n in 0..GROUPS {
        groups.push(at.group(&d, GroupKind::User, &format!("Sales {n}"), "department equals \"Nothing yet\"").await.id);
    }
    d.work(Many(at.org)).await.unwrap();
    // Put there past every verb: every group, that of all people too, is to be worked out.
    let all = store::all(&mut d.read(), at.org).await.unwrap();
    let all = all.into_iter().find(|g| !groups.contains(&g.id)).unwrap().id;
    let edit = |rule: &str| Input { name: None, method: None, ..dynamic("", rule) };
    at.write(&d, Update::of_users(all, edit("username is set"))).await;
    for group in &groups {
        at.write(&d, Update::of_users(*group, edit("department equals \"Sales\""))).await;
    }
    assert_eq!(progress::of(&mut d.read(), at.org).await.unwrap().len(), GROUPS + 1);

    let mut server = at.serve(&[]);
    let begun = until("a first step", async || {
        let of = progress::of(&mut d.read(), at.org).await.unwrap();
        of.values().any(|p| p.done > 0).then_some(of)
    });
    let begun = begun.await;
    server.kill();
    assert!(begun.values().all(|p| p.total == PEOPLE as i64));
    let left = progress::of(&mut d.read(), at.org).await.unwrap();
    assert!(!left.is_empty(), "killed in the middle");
    let so_far = store::members(&mut d.read(), at.org, groups[0]).await.unwrap().len();
    assert!(so_far < PEOPLE / 2);

    let _again = at.serve(&[]);
    until("the end", async || progress::of(&mut d.read(), at.org).await.unwrap().is_empty().then_some(())).await;
    for group in &groups {
        assert_eq!(store::members(&mut d.read(), at.org, *group).await.unwrap().len(), PEOPLE / 2);
    }
    assert_eq!(store::members(&mut d.read(), at.org, all).await.unwrap().len(), PEOPLE);
    let out = at.run(&["verify"]);
    assert!(out.status.success(), "{}", lines(&out));
}
