//! What is measured, in Prometheus' text form, on an address of its own: it is for whoever runs the server, and the public
//! address never tells it. Figures and ids of organizations only, nothing about people.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header;
use muster_directory::Directory;

const LAG: &str = "muster_membership_lag_seconds";

/// `GET /metrics`.
pub fn router(directory: Directory) -> Router {
    Router::new().route("/metrics", get(all)).with_state(directory)
}

async fn all(State(directory): State<Directory>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text(&directory)).into_response()
}

/// The document. Times are kept in microseconds and told in seconds.
fn text(directory: &Directory) -> String {
    let mut out = format!(
        "# HELP {LAG} From a change to the commit of the memberships that follow from it: 0 in the transaction of the change.\n\
         # TYPE {LAG} summary\n"
    );
    for (org, told) in directory.lags().all() {
        let seconds = |micros: i64| format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
        for (quantile, value) in [("0.5", told.p50), ("0.99", told.p99)] {
            out.push_str(&format!("{LAG}{{org=\"{org}\",quantile=\"{quantile}\"}} {}\n", seconds(value)));
        }
        out.push_str(&format!("{LAG}_sum{{org=\"{org}\"}} {}\n", seconds(told.sum)));
        out.push_str(&format!("{LAG}_count{{org=\"{org}\"}} {}\n", told.count));
    }
    out
}
