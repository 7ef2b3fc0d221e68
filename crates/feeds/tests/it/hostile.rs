//! A source may be anybody's: what it says takes little memory and time here, and others do not wait for it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use muster_directory::fed_user;
use muster_directory::feed::run::What;
use muster_directory::feed::{Reads, RunState};
use muster_feeds::{Feeder, Round};
use muster_http::feeding::Feeding;
use muster_testkit::both;
use serde_json::{Value, json};

use crate::google_server::{GoogleServer, key_file};
use crate::ldap_server::{Does, LdapServer};
use crate::world::{World, setup};

fn attribute(name: &str, values: Vec<Vec<u8>>) -> (String, Vec<Vec<u8>>) {
    (name.to_owned(), values)
}

fn text(name: &str, value: &str) -> (String, Vec<Vec<u8>>) {
    attribute(name, vec![value.as_bytes().to_vec()])
}

both! {
    async fn what_takes_little_on_the_wire_and_much_here_is_not_held(t) with setup(); {
        let ana = vec![text("entryUUID", "1"), text("uid", "ana"), attribute("mail", vec![Vec::new(); 500_000])];
        let group = vec![text("entryUUID", "2"), text("cn", "Sales"), attribute("member", vec![Vec::new(); 1_000_000])];
        let server = LdapServer::start(Does::Entries(group, 1_000, vec![ana])).await;
        let w = World::new(t, Reads::Ldap(server.ldap()), "").await;
        let run = w.run(What::Plan).await;
        let why = run.doc.failure.unwrap_or_default();
        assert!(why.contains("more than 512 MiB of memory"), "{why}");
        let sent = server.sent.load(Ordering::Relaxed);
        assert!((10..20).contains(&sent), "{sent}");
        let report = w.feeder.test(w.org.id, w.provider, None).await.unwrap();
        let last = report.lines.last().unwrap();
        assert!(!report.ok && last.message.contains("MiB") || last.message.contains("bytes"), "{report:?}");
        assert!(server.sent.load(Ordering::Relaxed) - sent < 5);
    }

    async fn a_test_reads_a_few_entries_of_a_server_that_knows_no_pages(t) with setup(); {
        let one = vec![text("entryUUID", "1"), text("uid", "ana"), text("cn", "Sales")];
        let server = LdapServer::start(Does::Entries(one, 100_000, Vec::new())).await;
        let w = World::new(t, Reads::Ldap(server.ldap()), "").await;
        let report = w.feeder.test(w.org.id, w.provider, None).await.unwrap();
        let words: Vec<&str> = report.lines.iter().map(|line| line.message.as_str()).collect();
        assert!(report.ok, "{report:?}");
        assert_eq!(words[2..], ["more than 50 people, such as ana", "more than 50 groups"]);
        assert!(server.sent.load(Ordering::Relaxed) < 100_000);
    }

    async fn so_many_e_mails_of_a_person_are_taken_and_it_is_told_of_whom_not_all(t) with setup(); {
        let server = GoogleServer::start().await;
        let aliases: Vec<String> = (0..150).map(|n| format!("ana{n}@acme.test")).collect();
        server.user(1, "ana", json!({"aliases": aliases}));
        let w = World::new(t, Reads::GoogleWorkspace(server.settings()), &key_file()).await;
        let run = w.import().await;
        assert_eq!(run.doc.notes, ["no more than 100 e-mails are taken of each of these (1): ana"]);
        let id = w.user("ana").await.unwrap().id;
        let fed = fed_user::store::get(&mut t.directory.read(), w.org.id, w.provider, id).await.unwrap();
        let doc: Value = serde_json::from_str(&fed.doc).unwrap();
        assert_eq!(doc["emails"].as_array().unwrap().len(), 100);
    }

    async fn a_source_that_says_a_little_now_and_then_is_not_read_for_ever(t) with setup(); {
        let server = LdapServer::start(Does::Slow).await;
        let w = World::new(t, Reads::Ldap(server.ldap()), "").await;
        let run = w.ask(What::Plan).await.unwrap();
        let short = Duration::from_micros(10);
        let feeder = Feeder::with_patience(t.directory.clone(), t.site.egress().clone(), "node-2".into(), short);
        tokio::time::timeout(Duration::from_secs(20), feeder.settle()).await.unwrap().unwrap();
        let run = w.at(run.id).await;
        assert_eq!(run.state, RunState::Failed);
        assert!(run.doc.failure.unwrap().contains("longer than 6 hours"));
    }

    async fn sources_of_one_organization_that_say_nothing_keep_no_other_waiting(t) with setup(); {
        let silent = LdapServer::start(Does::Silent).await;
        let mut waiting = Vec::new();
        for n in 0..8 {
            let name = format!("Silent {n}");
            let w = World::of((t, &t.acme, &name), Reads::Ldap(silent.ldap()), "", |_| {}).await;
            let run = w.ask(What::Plan).await.unwrap();
            waiting.push((w, run));
        }
        let feeder = Feeder::new(t.directory.clone(), t.site.egress().clone(), "node-1".into());
        let mut round = Round::new();
        feeder.round(&mut round).await.unwrap();
        let server = GoogleServer::start().await;
        server.user(1, "ana", json!({}));
        let reads = Reads::GoogleWorkspace(server.settings());
        let other = World::of((t, &t.blue, "Other"), reads, &key_file(), |_| {}).await;
        let run = other.ask(What::Plan).await.unwrap();
        feeder.round(&mut round).await.unwrap();
        for _ in 0..1_000 {
            if !other.at(run.id).await.state.is_open() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_eq!(other.at(run.id).await.state, RunState::Done);
        let mut begun = 0;
        for (w, run) in &waiting {
            begun += usize::from(w.at(run.id).await.state == RunState::Running);
        }
        assert_eq!(begun, 2);
        round.abort_all();
        while round.join_next().await.is_some() {}
    }
}
