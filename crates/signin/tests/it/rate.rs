//! The limit per network on what costs much.

use muster_testkit::{Browser, both};

use crate::door::app;

both! {
    async fn too_many_forms_of_one_network_wait(t) {
        let mut browser = Browser::at(&app(t), "203.0.113.5");
        // No password is compared: an empty one is answered at once.
        let mut limited = None;
        for _ in 0..2000 {
            let page = browser.post("/o/acme/login/password", &[("username", "a@b.test")]).await;
            if page.status == 429 {
                limited = Some(page);
                break;
            }
            page.is(400).says("Enter your password.");
        }
        let Some(page) = limited else { panic!("2000 forms and no end") };
        assert!(page.header("retry-after").parse::<u32>().unwrap() >= 1);
        page.says("Too many attempts");
        // One bucket for every door that costs as much.
        let mut limited = 0;
        for path in ["/login/password", "/login/admin", "/reset", "/activate", "/activate/admin"] {
            limited += u32::from(browser.post(path, &[]).await.status == 429);
        }
        assert!(limited >= 3, "{limited}");
        let mut other = Browser::at(&app(t), "198.51.100.1");
        other.post("/o/acme/login/password", &[("username", "a@b.test")]).await.is(400);
    }
}
