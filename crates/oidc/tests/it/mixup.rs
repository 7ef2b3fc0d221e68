//! Class: IdP mix-up (RFC 9207). Every answer, good or bad, names the issuer it comes from.

use crate::harness::{Browser, Rp, oidc};

both! {
    async fn every_answer_names_its_issuer(t) {
        let browser = Browser::new();
        for (org, name) in [(&t.acme, "ana"), (&t.blue, "bea")] {
            let person = t.person(org, name).await;
            let rp = t.app_for(org, &person, oidc()).await;
            browser.sign_in(t, org, &person).await;
            for extra in [("prompt", "none"), ("response_type", "token"), ("scope", "x"), ("prompt", "none login")] {
                let params = browser.get(t, &rp.auth(&[extra])).await.redirected_to(Rp::REDIRECT_URI);
                assert_eq!(params["iss"], rp.issuer(), "{extra:?}");
            }
            let nobody = t.get(&rp.auth(&[("prompt", "none")])).await;
            assert_eq!(nobody.redirected_to(Rp::REDIRECT_URI)["iss"], rp.issuer());
            let posted = browser.get(t, &rp.auth(&[("response_mode", "form_post")])).await;
            assert!(posted.page(200).contains(&format!("name=\"iss\" value=\"{}\"", rp.issuer())));
        }
    }
}
