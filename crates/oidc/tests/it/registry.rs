//! What is kept in memory of organizations and clients: never older than a second, whoever changed it.

use http::Request;
use muster_directory::application::secret;

use crate::harness::{Rp, Test, form, machine};

fn request(rp: &Rp) -> Request<axum::body::Body> {
    let id = rp.id.text();
    let fields = [("grant_type", "client_credentials"), ("client_id", &*id), ("client_secret", &*rp.secret)];
    form(&rp.at("/oauth2/token"), &fields, &[])
}

async fn status(t: &Test, node: &axum::Router, rp: &Rp) -> u16 {
    t.send_to(node, request(rp)).await.status.as_u16()
}

both! {
    async fn another_node_sees_a_change_within_a_second(t) {
        let rp = t.app(&t.acme, machine()).await;
        let other = t.other_node().await;
        assert_eq!(status(t, &other, &rp).await, 200);
        t.set_active(&rp, false).await;
        // This node at once, the other one as soon as it looks again.
        assert_eq!(status(t, &t.router, &rp).await, 400);
        t.later(1);
        assert_eq!(status(t, &other, &rp).await, 400);
        t.set_active(&rp, true).await;
        t.later(1);
        assert_eq!(status(t, &other, &rp).await, 200);
    }

    async fn another_node_sees_a_dropped_secret_within_a_second(t) {
        let rp = t.app(&t.acme, machine()).await;
        let second = t.d.env().secret();
        let id = t.write(&t.acme, secret::Add { app: rp.id, secret: second.clone() }).await;
        let with_second = Rp { secret: second.expose().to_owned(), ..rp.clone() };
        let other = t.other_node().await;
        assert_eq!(status(t, &other, &with_second).await, 200);
        t.write(&t.acme, secret::Drop { app: rp.id, secret: id }).await;
        t.later(1);
        assert_eq!(status(t, &other, &with_second).await, 401);
        assert_eq!(status(t, &other, &rp).await, 200);
    }

    async fn a_quiet_organization_costs_one_look_a_second(t) {
        let rp = t.app(&t.acme, machine()).await;
        assert_eq!(status(t, &t.router, &rp).await, 200); // makes the organization's first key, which is a change
        assert_eq!(status(t, &t.router, &rp).await, 200);
        t.later(1);
        let before = t.d.db().counts().statements;
        for _ in 0..3 {
            assert_eq!(status(t, &t.router, &rp).await, 200);
        }
        assert_eq!(t.d.db().counts().statements - before, 1);
    }

    async fn tenant_isolation_a_client_is_known_in_its_organization_only(t) {
        let rp = t.app(&t.acme, machine()).await;
        assert_eq!(status(t, &t.router, &rp).await, 200);
        let elsewhere = Rp { org: t.blue.clone(), ..rp.clone() };
        assert_eq!(status(t, &t.router, &elsewhere).await, 401);
    }
}
