//! The operations of issue 3, each measured in turn with its bound and with the peer.

use crate::client::Client;
use crate::load::{CONNECTIONS, per_core_second};
use crate::peer::Peer;
use crate::provider::{App, Work, text};
use crate::server::Server;
use crate::skeleton::Skeleton;
use crate::table::{Goal, Measured, line};
use crate::wire::Wire;
use crate::{ROUNDS, bound};

/// What a line compares with.
pub enum Bound {
    /// Nothing but signatures: this many of an algorithm.
    Signatures(&'static str, u32),
    /// The skeleton doing the same.
    Skeleton(Work),
    /// Another server of ours.
    Ours(u32, Work),
}

/// Everything that a line needs.
pub struct Bench<'a> {
    pub server: &'a Server,
    pub client: &'a Client,
    pub skeleton: &'a Skeleton,
    pub peer: Option<&'a Peer>,
    /// The cookie of the person's browser.
    pub cookie: &'a str,
    /// Only lines with this in their name.
    pub only: &'a str,
}

impl Bench<'_> {
    /// Measures a line: its bound, ours and the peer's, one after the other in each round.
    pub async fn line(&self, name: &str, goal: Goal, (pid, ours): (u32, &Work), bound: &Bound, peer: Option<&Work>) {
        let mut measured = Measured::default();
        for _ in 0..ROUNDS {
            measured.bound.push(match bound {
                Bound::Signatures(alg, each) => bound::signatures_per_core_second(alg, 300) / f64::from(*each),
                Bound::Skeleton(work) => per_core_second(self.skeleton.pid(), work).await,
                Bound::Ours(pid, work) => per_core_second(*pid, work).await,
            });
            measured.ours.push(per_core_second(pid, ours).await);
            if let (Some(process), Some(work)) = (self.peer, peer) {
                measured.peer.push(per_core_second(process.pid(), work).await);
            }
        }
        line(name, &measured, goal);
    }

    fn wants(&self, name: &str) -> bool {
        name.contains(self.only)
    }

    async fn app(&self, alg: &str, format: &str) -> App {
        self.client.application(alg, format, self.cookie).await
    }

    fn ours<'w>(&self, work: &'w Work) -> (u32, &'w Work) {
        (self.server.pid(), work)
    }

    /// The token endpoint for programs.
    pub async fn client_credentials(&self, alg: &'static str, goal: Goal) {
        let name = format!("client_credentials {alg}");
        if !self.wants(&name) {
            return;
        }
        let ask = |app: &App| Work::Ask(vec![app.client_credentials()], "access_token");
        let work = ask(&self.app(alg, "jwt").await);
        let bound = match goal {
            Goal::Ratio(..) if alg == "RS256" => Bound::Signatures(alg, 1),
            _ => Bound::Skeleton(ask(&self.skeleton.app(alg))),
        };
        let peer = self.peer.map(|peer| ask(&peer.app(alg, "")));
        self.line(&name, goal, self.ours(&work), &bound, peer.as_ref()).await;
    }

    pub async fn refresh(&self, alg: &'static str, goal: Goal) {
        let name = format!("refresh with rotation {alg}");
        if !self.wants(&name) {
            return;
        }
        let work = Work::refresh(self.app(alg, "jwt").await, CONNECTIONS).await;
        let peer = match self.peer {
            Some(peer) => Some(Work::refresh(peer.app(alg, "refresh"), CONNECTIONS).await),
            None => None,
        };
        self.line(&name, goal, self.ours(&work), &Bound::Signatures(alg, 2), peer.as_ref()).await;
    }

    /// The peer's userinfo takes no signed tokens: there it is an opaque one.
    pub async fn userinfo(&self, alg: &'static str, goal: Goal) {
        let name = format!("userinfo {alg}");
        if !self.wants(&name) {
            return;
        }
        let ask = async |app: &App| {
            let token = access_token(app).await;
            (Work::Ask(vec![app.userinfo(&token)], "\"sub\""), token)
        };
        let (work, token) = ask(&self.app(alg, "jwt").await).await;
        let bound = Bound::Skeleton(Work::Ask(vec![self.skeleton.app(alg).userinfo(&token)], "\"sub\""));
        let peer = match self.peer {
            Some(peer) => Some(ask(&peer.app(alg, "opaque")).await.0),
            None => None,
        };
        self.line(&name, goal, self.ours(&work), &bound, peer.as_ref()).await;
    }

    pub async fn introspection(&self, goal: Goal) {
        let name = "introspection of an opaque token";
        if !self.wants(name) {
            return;
        }
        let ask = async |app: &App| Work::Ask(vec![app.introspection(&access_token(app).await)], "\"active\":true");
        let work = ask(&self.app("ES256", "opaque").await).await;
        let peer = match self.peer {
            Some(peer) => Some(ask(&peer.app("ES256", "opaque")).await),
            None => None,
        };
        let bound = Bound::Skeleton(self.skeleton_discovery());
        self.line(name, goal, self.ours(&work), &bound, peer.as_ref()).await;
    }

    fn skeleton_discovery(&self) -> Work {
        Work::Ask(vec![self.skeleton.app("ES256").discovery()], "issuer")
    }

    pub async fn discovery(&self, goal: Goal) {
        let name = "discovery document";
        if !self.wants(name) {
            return;
        }
        let work = Work::Ask(vec![self.app("ES256", "jwt").await.discovery()], "issuer");
        let peer = self.peer.map(|peer| Work::Ask(vec![peer.app("ES256", "").discovery()], "issuer"));
        self.line(name, goal, self.ours(&work), &Bound::Skeleton(self.skeleton_discovery()), peer.as_ref()).await;
    }

    /// An authorization request on a session and its token request: an ID token and an access token are signed.
    pub async fn code_flow(&self, alg: &'static str, goal: Goal) {
        let name = format!("code flow on a session {alg}");
        if !self.wants(&name) {
            return;
        }
        let work = Work::CodeFlow(vec![self.app(alg, "jwt").await]);
        let peer = self.peer.map(|peer| Work::CodeFlow(vec![peer.app(alg, "")]));
        self.line(&name, goal, self.ours(&work), &Bound::Signatures(alg, 2), peer.as_ref()).await;
    }

    /// Ten thousand organizations on a server of their own, beside the one organization of ours.
    pub async fn many(&self, binary: &str) {
        let names = ["10,000 organizations: programs", "10,000 organizations: code flow"];
        if !names.iter().any(|name| self.wants(name)) {
            return;
        }
        let many = crate::many::start(binary).await;
        let one = self.app("ES256", "jwt").await;
        let goal = Goal::Ratio(0.75, 0.9);
        let work = Work::Ask(many.programs.iter().map(App::client_credentials).collect(), "access_token");
        let bound = Bound::Ours(self.server.pid(), Work::Ask(vec![one.client_credentials()], "access_token"));
        self.line(names[0], goal, (many.server.pid(), &work), &bound, None).await;
        let work = Work::CodeFlow(many.people);
        let bound = Bound::Ours(self.server.pid(), Work::CodeFlow(vec![one]));
        self.line(names[1], goal, (many.server.pid(), &work), &bound, None).await;
    }
}

async fn access_token(app: &App) -> String {
    let mut wire = Wire::connect(&app.at.host).await;
    text(&app.tokens(&mut wire, "openid email").await, "access_token")
}
