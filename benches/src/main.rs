//! `make bench`: CPU per operation of the real server, beside its bound measured in the same run, interleaved. It prints
//! and fails nothing. The figure to trust on a shared machine is CPU time, so the server's own is read from /proc.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line speaks through them")]
#![expect(clippy::expect_used, reason = "a benchmark that cannot go on stops")]

mod bound;
mod client;
mod cpu;
mod server;

use client::Client;
use futures_util::future::join_all;
use server::Server;

/// Rounds whose median is reported.
const ROUNDS: usize = 5;
/// Connections that are kept alive and used at once.
const CONNECTIONS: u32 = 32;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut args = std::env::args().skip(1);
    let Some(binary) = args.next() else {
        eprintln!("usage: muster-bench PATH-TO-MUSTER [PART-OF-A-NAME]");
        return;
    };
    let only = args.next().unwrap_or_default();
    println!("{:<34} {:>12} {:>12} {:>7}   goal", "operation", "per core-s", "bound", "ratio");
    if "start and memory".contains(&only) {
        start_and_memory(&binary).await;
    }
    let server = Server::start(&binary).await;
    let client = Client::prepare(&server).await;
    if "password sign-in".contains(&only) {
        password_sign_in(&server, &client).await;
    }
    for (alg, floor, aim) in [("RS256", 680, 1000), ("ES256", 2200, 4000), ("EdDSA", 2200, 4000)] {
        if format!("code flow {alg}").contains(&only) {
            code_flow(&server, &client, alg, floor, aim).await;
        }
    }
}

/// The median.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn line(name: &str, per_s: f64, bound: f64, goal: &str) {
    println!("{name:<34} {per_s:>12.0} {bound:>12.0} {:>7.2}   {goal}", per_s / bound);
}

/// Operations of one core-second, from the server's CPU time over `each` operations on each of `connections`: as many
/// as there are at work on a server that is worth measuring, so that commits are shared and threads stay awake.
async fn per_core_second<F: AsyncFn() -> ()>(server: &Server, connections: u32, each: u32, operation: F) -> f64 {
    let before = cpu::of(server.pid());
    let one = async || {
        for _ in 0..each {
            operation().await;
        }
    };
    join_all((0..connections).map(|_| one())).await;
    f64::from(connections * each) / (cpu::of(server.pid()) - before)
}

async fn password_sign_in(server: &Server, client: &Client) {
    let (mut ours, mut bounds) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bounds.push(bound::argon2_per_core_second(20));
        ours.push(per_core_second(server, 1, 30, async || client.sign_in().await).await);
    }
    line("password sign-in / argon2id", median(ours), median(bounds), "ratio >= 0.8, aim 0.9");
}

async fn code_flow(server: &Server, client: &Client, alg: &'static str, floor: u32, aim: u32) {
    let app = client.application(alg).await;
    client.sign_in().await;
    client.code_flow(&app).await;
    let (mut ours, mut bounds) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // Two tokens are signed in a flow: the ID token and the access token.
        bounds.push(bound::signatures_per_core_second(alg, 200) / 2.0);
        ours.push(per_core_second(server, CONNECTIONS, 40, async || client.code_flow(&app).await).await);
    }
    line(&format!("code flow on a session, {alg}"), median(ours), median(bounds), &format!(">= {floor}, aim {aim}"));
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
    println!("{:<34} {:>9.0} ms {:>27}", "start to first answer", median(starts), "<= 250 ms, aim 60");
    println!("{:<34} {:>8.1} MiB {:>27}", "memory before the first sign-in", median(memory), "<= 40 MiB");
    std::fs::remove_dir_all(data).ok();
}
