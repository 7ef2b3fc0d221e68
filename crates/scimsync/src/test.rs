//! *Test Connection*: the wire crate asks, here it is sent. It goes on when nobody waits for it any more, so that what was
//! made is taken away again.

use std::time::Duration;

use muster_directory::provision::Settings;
use muster_directory::provision::report::{Line, Outcome, TestReport};
use muster_directory::{Error, Result};
use muster_scim::receiver::{Probe, ProbeInput, Profile, Report, Verdict};

use crate::client::Client;

/// How long is waited for it, in seconds: a request to us takes 40 at most.
const WAIT_S: u64 = 35;
/// Requests of one test.
const REQUESTS_MAX: usize = 40;

/// Tests a connection; beside the report what was learnt of the receiver.
pub async fn run(client: Client, settings: &Settings, learnt: Option<Profile>) -> Result<(TestReport, Profile)> {
    let first = settings.first_profile();
    let input = ProbeInput {
        profile: learnt.unwrap_or_else(|| first.clone()),
        test_email: Some(settings.test_user_email.trim().to_owned()).filter(|e| !e.is_empty()),
        groups: settings.manage_groups,
        group_name: format!("Muster connection test {}", client.directory().env().id()),
    };
    let writes = input.test_email.is_some();
    let going_on = tokio::spawn(async move {
        let mut probe = Probe::new(input);
        let mut sent = 0;
        while let Some(request) = probe.next() {
            sent += 1;
            if sent > REQUESTS_MAX {
                break;
            }
            let version = first.version;
            probe.answered(&client.send(&request, version).await);
        }
        let (report, profile) = probe.finish();
        let lines: Vec<Line> = report.lines.iter().map(|line| shown(line, &client)).collect();
        (report, profile, lines)
    });
    match tokio::time::timeout(Duration::from_secs(WAIT_S), going_on).await {
        Ok(Ok((report, profile, lines))) => Ok((finished(&report, lines, writes), profile)),
        Ok(Err(error)) => Err(Error::Internal(format!("a connection test: {error}"))),
        Err(_) => {
            let message = "the answers take too long: what was made for the test is still taken away".to_owned();
            let line = Line { check: "Test Connection".into(), outcome: Outcome::Failed, message };
            Ok((TestReport { ok: false, lines: vec![line] }, settings.first_profile()))
        }
    }
}

fn shown(line: &muster_scim::receiver::Line, client: &Client) -> Line {
    let outcome = match line.verdict {
        Verdict::Passed => Outcome::Passed,
        Verdict::Noted => Outcome::Warning,
        Verdict::Failed => Outcome::Failed,
    };
    Line { check: line.step.clone(), outcome, message: client.redacted(&line.words) }
}

fn finished(report: &Report, mut lines: Vec<Line>, writes: bool) -> TestReport {
    let ok = report.passed();
    if ok && !writes {
        let message = "enter a Test User Email to try creating, changing and deleting an account".to_owned();
        lines.push(Line { check: "Create the test user".into(), outcome: Outcome::Skipped, message });
    }
    TestReport { ok, lines }
}
