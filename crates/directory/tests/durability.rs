//! What was answered is there after kill -9, and nothing is half done. This does not prove that the disk was told to keep
//! it (the system's cache survives): the database crate's tests look at that.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use muster_base::{Env, Id};
use muster_db::{Config, Db};
use muster_directory::user::{self, State, create::Create};
use muster_directory::{Actor, Directory, organization};
use serde_json::json;

use crate::harness::{PUBLIC_URL, attributes, keyring, members};

const CONFIG: &str = "MUSTER_TEST_KILLED_CONFIG";
const ORG: &str = "MUSTER_TEST_KILLED_ORG";
/// How many answers come before the kill, in the rounds.
const ANSWERS: [usize; 3] = [5, 40, 90];

/// Not a test: the process that is killed. It prints what each change made, after it was answered.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the tests below"]
async fn killed() {
    let (Ok(config), Ok(org)) = (std::env::var(CONFIG), std::env::var(ORG)) else { return };
    let config = if config.starts_with("postgres:") {
        Config::Postgres { url: config, connections: 4 }
    } else {
        Config::Sqlite { path: config.into(), readers: 1 }
    };
    let d = Directory::open(Db::open(&config).await.unwrap(), Env::system(), keyring(), PUBLIC_URL).await.unwrap();
    let org: Id = org.parse().unwrap();
    let writers = (0..4).map(|_| tokio::spawn(endless(d.clone(), org)));
    futures_util::future::join_all(writers).await;
}

/// People come, change and go; now and then an organization is made.
async fn endless(d: Directory, org: Id) {
    for i in 0..1_000_000 {
        let name = format!("u{}", d.env().id());
        let create = Create {
            username: name.clone(),
            email: format!("{name}@example.test"),
            state: Some(State::Activated),
            profile: attributes(json!({"department": "Sales"})),
            password_hash: None,
        };
        let made = d.write(Actor::system(), org, create).await.unwrap().id;
        say("made", made);
        if i % 3 == 0 {
            let legal = attributes(json!({"department": "Legal"}));
            d.write(Actor::system(), org, user::update::Update::profile(made, legal)).await.unwrap();
            say("moved", made);
        }
        if i % 7 == 0 {
            d.write(Actor::system(), org, user::delete::Delete { id: made, cascade_manager: None }).await.unwrap();
            say("gone", made);
        }
        if i % 10 == 0 {
            let create = organization::create::Create { id: d.env().id(), name, slug: None, provider_id: None };
            let made = organization::create::create(&d, Actor::system(), create, None).await.unwrap();
            say("organization", made.id);
        }
    }
}

/// One line at once, so that the kill cuts only the last.
fn say(what: &str, id: Id) {
    let mut out = std::io::stdout().lock();
    out.write_all(format!("\nsaid {what} {id}\n").as_bytes()).unwrap();
    out.flush().unwrap();
}

fn start(config: &Config, org: Id) -> Child {
    let config = match config {
        Config::Sqlite { path, .. } => path.display().to_string(),
        Config::Postgres { url, .. } => url.clone(),
    };
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "durability::killed", "--ignored", "--nocapture"])
        .env(CONFIG, config)
        .env(ORG, org.text())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What was said before the kill, each with the last that was said of it.
fn said_until_killed(mut child: Child, answers: usize) -> BTreeMap<Id, String> {
    let mut said = BTreeMap::new();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut note = |line: &str| {
        let mut words = line.strip_prefix("said ")?.split(' ');
        let (what, id) = (words.next()?, words.next()?.parse().ok()?);
        said.insert(id, what.to_owned())
    };
    let mut count = 0;
    while count < answers {
        let line = lines.next().unwrap().unwrap();
        count += usize::from(line.starts_with("said "));
        note(&line);
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // What stood in the pipe was answered too.
    for line in lines.map_while(Result::ok) {
        note(&line);
    }
    said
}

both! {
    async fn an_answer_survives_kill_9(t) {
        let filters = json!({"filters": [{"field": "department", "operation": "equals", "value": "Sales"}]});
        let query = muster_rules::MemberQuery::read(&filters, true).unwrap();
        let input = muster_directory::group::Input {
            name: Some("Sales".into()),
            method: Some(muster_directory::group::Method::DynamicAutomated),
            member_query: Some(Some(query)),
            ..muster_directory::group::Input::default()
        };
        let sales = t.group(t.acme, input).await.id;
        for answers in ANSWERS {
            let said = said_until_killed(start(&t.config, t.acme.id), answers);
            let again = t.other_node().await;
            let is_member = members(t, t.acme, sales).await;
            for (id, what) in said {
                let mut s = again.read();
                if what == "organization" {
                    let found = organization::store::get(&mut s, id).await.unwrap();
                    assert_eq!(muster_directory::group::store::all(&mut s, found.id).await.unwrap().len(), 1);
                    continue;
                }
                let found = user::store::by_id(&mut s, t.acme.id, id).await.unwrap();
                // A later change may have been committed and not answered: what was said is the least that holds.
                match (what.as_str(), found) {
                    ("gone", found) => assert!(found.is_none(), "{id} is back"),
                    ("moved", Some(user)) => assert_eq!(user.profile.department.as_deref(), Some("Legal"), "{id}"),
                    ("moved" | "made", None) => assert!(was_removed(&again, t.acme.id, id).await, "{id} is lost"),
                    ("made", Some(user)) => {
                        assert_eq!(is_member.contains(&id), user.profile.department.as_deref() == Some("Sales"));
                    }
                    other => panic!("{id}: {other:?}"),
                }
            }
            // The database goes on, and what every test must leave behind holds.
            t.user(t.acme, &format!("after{answers}")).await;
            t.finish().await;
        }
    }
}

async fn was_removed(d: &Directory, org: Id, user: Id) -> bool {
    let entries = muster_directory::change::store::after(&mut d.read(), org, 0, i64::MAX).await.unwrap();
    entries.iter().any(|e| e.kind == "user_delete" && e.subject_id == user)
}
