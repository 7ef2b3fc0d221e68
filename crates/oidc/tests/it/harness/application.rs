//! An application's own server, on loopback: it takes logout tokens and answers as the test says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::post;
use axum::{Form, Router};
use http::StatusCode;
use tokio::net::TcpListener;

#[derive(Clone)]
pub struct Application(Arc<Inner>);

struct Inner {
    address: String,
    state: Mutex<Answers>,
}

/// What it answers, and what it got.
pub struct Answers {
    pub status: u16,
    /// Never answers.
    pub hangs: bool,
    pub got: Vec<String>,
    pub asked: usize,
}

impl Application {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let state = Mutex::new(Answers { status: 200, hangs: false, got: Vec::new(), asked: 0 });
        let application = Self(Arc::new(Inner { address, state }));
        let router = Router::new().route("/logout", post(logout)).with_state(application.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        application
    }

    pub fn logout_uri(&self) -> String {
        format!("{}/logout", self.0.address)
    }

    pub fn answers(&self, status: u16) {
        self.0.state.lock().unwrap().status = status;
    }

    pub fn hangs(&self) {
        self.0.state.lock().unwrap().hangs = true;
    }

    /// The tokens that it took, since the last time.
    pub fn got(&self) -> Vec<String> {
        std::mem::take(&mut self.0.state.lock().unwrap().got)
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.0.state.lock().unwrap().asked
    }
}

async fn logout(State(application): State<Application>, Form(form): Form<BTreeMap<String, String>>) -> StatusCode {
    let hangs = application.0.state.lock().unwrap().hangs;
    if hangs {
        std::future::pending::<()>().await;
    }
    let mut answers = application.0.state.lock().unwrap();
    answers.asked += 1;
    if answers.status == 200 {
        answers.got.push(form["logout_token"].clone());
    }
    StatusCode::from_u16(answers.status).unwrap()
}
