use muster_directory::Result;
use muster_directory::application::{
    Application, ClientAuthentication, Doc, GroupsClaim, Mapping, Oidc, SigningAlg, create::Create, store,
};

use super::oidc;
use crate::harness::{Test, fields};

async fn make(t: &Test, name: &str, doc: Doc) -> Result<Application> {
    t.write(t.acme, Create { name: name.into(), doc, active: true }).await
}

fn mapping(name: &str, value: &str) -> Mapping {
    Mapping { name: name.into(), value: value.into() }
}

both! {
    async fn what_was_written_is_read_back(t) {
        let doc = Doc {
            display_label: "Wiki".into(),
            description: "d".into(),
            hidden: true,
            oidc: Some(Oidc {
                dynamic_claims: vec![mapping("email", "attributes.alias")],
                constant_claims: vec![mapping("tenant", "t1")],
                groups_claim: Some(GroupsClaim { name: "groups".into(), string_when_one: true }),
                id_token_signed_response_alg: SigningAlg::EdDsa,
                ..oidc(ClientAuthentication::ClientSecretBasic)
            }),
            ..Doc::default()
        };
        let made = make(t, "oidc", doc.clone()).await.unwrap();
        let read = store::get(&mut t.d.read(), t.acme.id, made.id).await.unwrap();
        assert_eq!(read.doc, doc);
        assert_eq!((read.active, read.has_logo, read.label()), (true, false, "Wiki"));
    }

    async fn every_wrong_field_is_named(t) {
        assert_eq!(fields(make(t, "bookmark", Doc::default()).await), ["name"]);
        let long = Doc { display_label: "x".repeat(256), description: "x".repeat(1025), ..Doc::default() };
        assert_eq!(fields(make(t, "oidc", long).await), ["displayLabel", "description"]);
        let doc = |part: Oidc| Doc { oidc: Some(part), ..Doc::default() };
        let nothing = Oidc { redirect_uris: vec![], grant_types: vec![], ..Oidc::default() };
        assert_eq!(fields(make(t, "oidc", doc(nothing)).await), ["oidc.grantTypes"]);
        let public = oidc(ClientAuthentication::None);
        // Open redirect: exact https addresses only.
        let open = Oidc { redirect_uris: vec!["https://*.example.test/".into(), "//evil.test".into()], ..public.clone() };
        assert_eq!(fields(make(t, "oidc", doc(open)).await), ["oidc.redirectUris[0]", "oidc.redirectUris[1]"]);
        let times = Oidc { access_token_ttl_s: 5, refresh_token_ttl_s: 5, ..public.clone() };
        let names = ["oidc.accessTokenLifespan", "oidc.refreshTokenLifespan"];
        assert_eq!(fields(make(t, "oidc", doc(times)).await), names);
        let reserved = Oidc { constant_claims: vec![mapping("sub", "admin"), mapping("a b", "x")], ..public.clone() };
        let names = ["oidc.constantClaims[0].name", "oidc.constantClaims[1].name"];
        assert_eq!(fields(make(t, "oidc", doc(reserved)).await), names);
        // What people write themselves is not what an application knows them by.
        let own = Oidc { dynamic_claims: vec![mapping("email", "phoneNumbers"), mapping("tel", "phoneNumbers")], ..public };
        assert_eq!(fields(make(t, "oidc", doc(own)).await), ["oidc.dynamicClaims[0].value"]);
    }
}
