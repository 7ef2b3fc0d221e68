//! Keeps a process busy and counts what it does in a second of its CPU time.

use std::cell::Cell;
use std::time::{Duration, Instant};

use futures_util::future::join_all;

use crate::cpu;
use crate::provider::Work;
use crate::wire::Wire;

/// Connections that are kept alive and used at once: as many as there are at work on a server that is worth measuring, so
/// that commits are shared and threads stay awake.
pub const CONNECTIONS: usize = 32;
/// How long a round lasts.
const ROUND: Duration = Duration::from_millis(1200);

/// Operations of one core-second of this process, over one round.
pub async fn per_core_second(pid: u32, work: &Work) -> f64 {
    let mut wires = Vec::new();
    for _ in 0..CONNECTIONS {
        wires.push(Wire::connect(work.host()).await);
    }
    let done = Cell::new(0);
    let before = cpu::of(pid);
    let until = Instant::now() + ROUND;
    let one = async |wire: &mut Wire| {
        while Instant::now() < until {
            let n = done.get();
            done.set(n + 1);
            work.once(wire, n).await;
        }
    };
    join_all(wires.iter_mut().map(one)).await;
    done.get() as f64 / (cpu::of(pid) - before)
}

/// The same of requests that are made one by one; each has to succeed.
pub async fn requests_per_core_second(pid: u32, host: &str, request: impl Fn(usize) -> Vec<u8>) -> f64 {
    let done = Cell::new(0);
    let before = cpu::of(pid);
    let until = Instant::now() + ROUND;
    let one = async |_| {
        let mut wire = Wire::connect(host).await;
        while Instant::now() < until {
            let n = done.get();
            done.set(n + 1);
            let answer = wire.ask(&request(n)).await;
            assert!(matches!(answer.status, 200..300), "{} {}", answer.status, answer.text());
            let is_over = answer.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
            if is_over || answer.head.starts_with("HTTP/1.0") {
                wire = Wire::connect(host).await;
            }
        }
    };
    join_all((0..CONNECTIONS).map(one)).await;
    done.get() as f64 / (cpu::of(pid) - before)
}

/// The median.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
