//! `make bench`: CPU per operation of the real server, beside its bound and beside npm oidc-provider, measured in turn in
//! the same run. It prints, and fails nothing. The figure to trust on a shared machine is CPU time, so each process's own is
//! read from /proc.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks through them")]
#![expect(clippy::expect_used, clippy::panic, reason = "a benchmark that cannot go on stops")]

mod bound;
mod client;
mod cpu;
mod groups;
mod lines;
mod load;
mod many;
mod peer;
mod provider;
mod push;
mod rules;
mod saml;
mod scim;
mod scim_peer;
mod scim_store;
mod server;
mod skeleton;
mod table;
mod wire;

use client::Client;
use lines::Bench;
use load::median;
use peer::Peer;
use server::Server;
use skeleton::Skeleton;
use table::{Goal, Measured};

/// Rounds whose median is reported.
const ROUNDS: usize = 5;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["--skeleton", port, key_set, document] => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
            runtime.block_on(skeleton::serve(port.parse().expect("a port"), key_set, document));
        }
        ["--scim-skeleton", port, data, org] => {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
            runtime.block_on(scim_store::serve(port.parse().expect("a port"), data, org));
        }
        [binary] => run(binary, ""),
        [binary, only] => run(binary, only),
        _ => eprintln!("usage: muster-bench PATH-TO-MUSTER [PART-OF-A-NAME]"),
    }
}

fn run(binary: &str, only: &str) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        table::head();
        if "start and memory".contains(only) {
            start_and_memory(binary).await;
        }
        rules::lines(only);
        groups::lines(binary, only).await;
        scim::lines(binary, only).await;
        push::lines(binary, only).await;
        if ["rules", "SCIM"].iter().any(|start| only.starts_with(start)) {
            return;
        }
        let server = Server::start(binary).await;
        let client = Client::prepare(&server).await;
        if "password sign-in".contains(only) {
            password_sign_in(&server, &client).await;
        }
        let key_set = client.document("/.well-known/jwks.json").await;
        let document = client.document("/.well-known/openid-configuration").await;
        let skeleton = Skeleton::start(&key_set, &document).await;
        let peer = Peer::start().await;
        if peer.is_none() {
            println!("(no peer: `npm ci` in benches/peer)");
        }
        let cookie = client.sign_in().await;
        let bench =
            Bench { server: &server, client: &client, skeleton: &skeleton, peer: peer.as_ref(), cookie: &cookie, only };
        every_line(&bench, binary).await;
    });
}

/// Floors and aims: issue 3 and the rows of the reference on performance.
async fn every_line(bench: &Bench<'_>, binary: &str) {
    bench.client_credentials("RS256", Goal::Ratio(0.65, 0.8)).await;
    for alg in ["ES256", "EdDSA"] {
        bench.client_credentials(alg, Goal::Ratio(0.25, 0.4)).await;
    }
    bench.code_flow("RS256", Goal::PerCoreSecond(680.0, 1000.0)).await;
    for alg in ["ES256", "EdDSA"] {
        bench.code_flow(alg, Goal::PerCoreSecond(2200.0, 4000.0)).await;
    }
    bench.refresh("ES256", Goal::PerCoreSecond(4000.0, 8000.0)).await;
    for alg in ["RS256", "ES256", "EdDSA"] {
        bench.userinfo(alg, Goal::Ratio(0.4, 0.6)).await;
    }
    bench.introspection(Goal::PerCoreSecond(13_000.0, 22_000.0)).await;
    bench.discovery(Goal::Ratio(0.4, 0.6)).await;
    saml::lines(bench.server, bench.client, bench.cookie, bench.only).await;
    bench.many(binary).await;
}

async fn password_sign_in(server: &Server, client: &Client) {
    let mut measured = Measured::default();
    for _ in 0..ROUNDS {
        measured.bound.push(bound::argon2_per_core_second(20));
        let before = cpu::of(server.pid());
        for _ in 0..30 {
            client.sign_in().await;
        }
        measured.ours.push(30.0 / (cpu::of(server.pid()) - before));
    }
    table::line("password sign-in / argon2id", &measured, Goal::Ratio(0.8, 0.9));
}

/// Start to first answer on an existing database, and memory before the first sign-in.
async fn start_and_memory(binary: &str) {
    let first = Server::start(binary).await;
    let data = first.keep_data();
    drop(first);
    let (mut starts, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let server = Server::start_on(binary, &data).await;
        starts.push(server.start_ms());
        memory.push(cpu::resident_mib(server.pid()));
    }
    table::quantity("start to first answer", median(starts), "ms", "250, 60");
    table::quantity("memory before the first sign-in", median(memory), "MiB", "80, 40");
    std::fs::remove_dir_all(data).ok();
}
