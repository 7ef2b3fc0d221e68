use muster_base::Secret;
use muster_directory::identity_provider::{Doc, Jit, Kind, Match, create::Create, store};

use super::{creation, doc};
use crate::harness::{conflict, fields};

both! {
    async fn what_was_written_is_read_back(t) {
        let reserved = t.d.env().id();
        let doc = Doc {
            kind: Kind::Azure,
            matching: Match { claim: "upn".into(), attribute: "attributes.upn".into() },
            jit: Jit { enabled: true, domains: vec!["corp.example".into()] },
            iss_parameter: false,
            ..doc()
        };
        let made = t.write(t.acme, Create { id: Some(reserved), ..creation(" Entra ", doc.clone()) }).await.unwrap();
        assert_eq!(made.id, reserved);
        let read = store::get(&mut t.d.read(), t.acme.id, reserved).await.unwrap();
        assert_eq!((read.name.as_str(), read.doc, read.enabled, read.has_secret), ("Entra", doc, true, true));
        assert_eq!(made.callback_path(), format!("/oauth/callback/{reserved}"));
        let again = t.write(t.acme, Create { id: Some(reserved), ..creation("Other", super::doc()) }).await;
        assert!(conflict(again).starts_with("id:"));
        assert!(conflict(t.write(t.acme, creation("ENTRA", super::doc())).await).starts_with("name:"));
        t.provider(t.blue, "Entra").await;
    }

    async fn every_wrong_field_is_named(t) {
        let nothing = Doc { url: String::new(), client_id: String::new(), ..doc() };
        let empty = Create { client_secret: Some(Secret::new("")), ..creation("", nothing) };
        let should = ["name", "oidc.url", "oidc.clientId", "oidc.clientSecret"];
        assert_eq!(fields(t.write(t.acme, empty).await), should);
        for url in ["http://idp.example.test", "https://u:p@idp.example.test", "https://idp.example.test/?a=1",
            "https://idp.example.test/#f", "file:///etc/passwd", "idp.example.test"] {
            let wrong = creation("Corp", Doc { url: url.into(), ..doc() });
            assert_eq!(fields(t.write(t.acme, wrong).await), ["oidc.url"], "{url}");
        }
        // An attribute that its owner can write may not be a match key.
        for attribute in ["phoneNumbers", "alternateEmail", "displayname", "attributes.", "no such"] {
            let matching = Match { claim: "email".into(), attribute: attribute.into() };
            let wrong = creation("Corp", Doc { matching, ..doc() });
            assert_eq!(fields(t.write(t.acme, wrong).await), ["match.attribute"], "{attribute}");
        }
        let jit = Jit { enabled: true, domains: vec!["no domain".into()] };
        assert_eq!(fields(t.write(t.acme, creation("Corp", Doc { jit, ..doc() })).await), ["jit.domains[0]"]);
        let jit = Jit { enabled: true, domains: vec![] };
        assert_eq!(fields(t.write(t.acme, creation("Corp", Doc { jit, ..doc() })).await), ["jit.domains"]);
        let loopback = Doc { url: "http://127.0.0.1:8080".into(), ..doc() };
        t.write(t.acme, Create { http_allowed: true, ..creation("Corp", loopback) }).await.unwrap();
    }
}
