//! Applications: v1's object, v2's sign-on settings, secrets, logo.

use serde_json::{Value, json};

use crate::harness::ask::{each, id};

const PNG: &[u8] = &[0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 1, 2, 3];

both! {
    async fn an_application_is_made_replaced_and_removed(t) {
        let body = json!({"active": true, "name": "oidc", "displayName": "OpenID Connect", "displayLabel": "Wiki", "config": {}, "sso": {"type": "oidc", "hidden": true}});
        let made = t.post("/api/applications", body).expect(200).await.body;
        assert_eq!((&made["sso"]["hidden"], &made["active"]), (&json!(true), &json!(true)));
        let path = format!("/api/applications/{}", id(&made));
        let shown = t.get(&path).ok().await;
        assert_eq!(shown, made);
        assert_eq!(t.put(&path, shown.clone()).ok().await, shown, "an answer can be sent back");
        let replaced = t.put(&path, json!({"name": "oidc", "config": {}})).ok().await;
        assert_eq!((&replaced["active"], &replaced["displayLabel"], &replaced["sso"]["hidden"]), (&json!(false), &json!(""), &json!(false)), "PUT replaces");
        let listed = t.get("/api/applications?search=openid").ok().await;
        assert_eq!((&listed["totalCount"], each(&listed["results"], "_id")), (&json!(1), vec![id(&made).as_str()]));
        for (body, field) in [
            (json!({"displayLabel": "x"}), "name"),
            (json!({"name": "bookmark"}), "name"),
            (json!({"name": "oidc", "ssoUrl": "https://x.example"}), "ssoUrl"),
            (json!({"name": "oidc", "sso": {"type": "saml"}}), "sso.type"),
            (json!({"name": "oidc", "active": "yes"}), "active"),
            (json!({"name": "oidc", "displayLabel": "x".repeat(300)}), "displayLabel"),
        ] {
            assert_eq!(t.post("/api/applications", body.clone()).fields().await, [field], "{body}");
        }
        assert_eq!(t.put(&path, json!({"name": "bookmark"})).fields().await, ["name"]);
        assert_eq!(id(&t.delete(&path).expect(200).await.body), id(&made));
        t.get(&path).expect(404).await;
        t.delete(&path).expect(404).await;
    }

    async fn the_secret_is_shown_once(t) {
        let (app, made) = t.application("Wiki").await;
        let secret = made["oidc"]["clientSecret"].as_str().unwrap();
        assert_eq!((made["oidc"]["clientId"].as_str().unwrap(), secret.len()), (app.as_str(), 43));
        let path = format!("/api/v2/applications/{app}/sso");
        let shown = t.get(&path).ok().await;
        assert!(shown["oidc"].get("clientSecret").is_none());
        assert_eq!(shown["oidc"]["issuer"], "https://id.example.test/o/acme");
        assert_eq!(shown["oidc"]["accessTokenLifespan"], "1h");
        assert_eq!(shown["oidc"]["secrets"].as_array().unwrap().len(), 1);
        assert_eq!(t.put(&path, shown.clone()).ok().await, shown, "an answer can be sent back");
        t.post(&path, shown.clone()).expect(409).await;
        let secrets = format!("/api/v2/applications/{app}/secrets");
        let second = t.ask("POST", &secrets).key(&t.acme.key).expect(201).await.body;
        assert_ne!(second["clientSecret"], secret);
        t.post(&secrets, json!({})).expect(409).await;
        let old = id(&shown["oidc"]["secrets"][0]);
        t.delete(&format!("{secrets}/{old}")).expect(204).await;
        t.delete(&format!("{secrets}/{old}")).expect(404).await;
        assert_eq!(each(&t.get(&path).ok().await["oidc"]["secrets"], "id"), [id(&second)]);
        let mut public = shown;
        public["oidc"]["tokenEndpointAuthMethod"] = json!("none");
        assert_eq!(t.put(&path, public).ok().await["oidc"]["secrets"], json!([]), "a public client has none");
        t.post(&secrets, json!({})).expect(409).await;
    }

    async fn sign_on_settings_are_read_as_jumpcloud_writes_them(t) {
        let body = json!({"name": "oidc", "displayLabel": "Wiki", "active": true});
        let app = id(&t.post("/api/applications", body).ok().await);
        let path = format!("/api/v2/applications/{app}/sso");
        assert_eq!(t.get(&path).expect(404).await.message(), "Not Found: oidc config not found");
        let put = json!({"type": "oidc", "oidc": {"redirectUris": ["https://a.example/cb"]}});
        t.put(&path, put).expect(404).await;
        let sso = json!({"type": "oidc", "hidden": true, "oidc": {
            "consent": "trusted", "redirectUris": ["https://a.example/cb"], "grantTypes": ["authorization_code", "refresh_token"],
            "tokenEndpointAuthMethod": "none", "relyingPartyUrl": "https://a.example/login", "accessTokenLifespan": "30m",
            "dynamicClaims": [{"name": "email", "value": "email"}, {"name": "roles", "value": "groups"}, {"name": "", "value": ""}]}});
        let made = t.post(&path, sso).expect(201).await.body;
        assert!(made["oidc"].get("clientSecret").is_none(), "a public client has none");
        assert_eq!(made["oidc"]["groupsClaim"], json!({"name": "roles", "stringWhenOne": true}));
        assert_eq!(made["oidc"]["dynamicClaims"], json!([{"name": "email", "value": "email"}]));
        assert_eq!((&made["oidc"]["accessTokenLifespan"], &made["hidden"]), (&json!("30m"), &json!(true)));
        let with = |member: &str, value: Value| {
            let mut body = json!({"type": "oidc", "oidc": {"redirectUris": ["https://a.example/cb"]}});
            body["oidc"][member] = value;
            t.put(&path, body)
        };
        for (member, value, field) in [
            ("redirectUris", json!([]), "oidc.redirectUris"),
            ("redirectUris", json!(["http://a.example/cb"]), "oidc.redirectUris[0]"),
            ("redirectUris", json!("https://a.example"), "oidc.redirectUris"),
            ("grantTypes", json!(["implicit"]), "oidc.grantTypes[0]"),
            ("grantTypes", json!(["refresh_token"]), "oidc.grantTypes"),
            ("accessTokenLifespan", json!("soon"), "oidc.accessTokenLifespan"),
            ("accessTokenLifespan", json!("1s"), "oidc.accessTokenLifespan"),
            ("dynamicClaims", json!([{"name": "sub", "value": "email"}]), "oidc.dynamicClaims[0].name"),
            ("idTokenSignedResponseAlg", json!("HS256"), "oidc.idTokenSignedResponseAlg"),
            ("relyingPartyUrl", json!("javascript:alert(1)"), "oidc.relyingPartyUrl"),
        ] {
            assert_eq!(with(member, value.clone()).fields().await, [field], "{member} {value}");
        }
        assert_eq!(t.put(&path, json!({"type": "saml", "oidc": {"redirectUris": []}})).fields().await, ["type"]);
        // The e-mail that an application trusts is not the person's to write.
        let mapped = json!([{"name": "email", "value": "alternateEmail"}]);
        assert_eq!(with("dynamicClaims", mapped).fields().await, ["oidc.dynamicClaims[0].value"]);
        with("dynamicClaims", json!([{"name": "nickname", "value": "displayname"}])).expect(200).await;
    }

    async fn logos_are_pictures(t) {
        let (app, _) = t.application("Wiki").await;
        let path = format!("/api/v2/applications/{app}/logo");
        t.ask("POST", &path).key(&t.acme.key).picture(PNG).expect(204).await;
        let url = t.get(&format!("/api/applications/{app}")).ok().await["logo"]["url"].as_str().unwrap().to_owned();
        let served = t.ask("GET", &url).expect(200).await;
        assert_eq!((served.header("content-type"), served.bytes.as_slice()), (Some("image/png"), PNG));
        // Someone uploaded it: it is a picture of ours and nothing else.
        assert_eq!(served.header("content-security-policy"), Some("default-src 'none'; sandbox"));
        assert_eq!(served.header("cross-origin-resource-policy"), Some("same-origin"));
        let (acme, blue) = (&t.acme.id, &t.blue.id);
        for address in [format!("{blue}/{app}"), format!("{acme}/{acme}"), app.clone(), "x".into(), format!("{acme}/x")] {
            assert_eq!(t.ask("GET", &format!("/logos/{address}")).send().await.status, 404, "{address}");
        }
        let tag = served.header("etag").unwrap().to_owned();
        assert_eq!(t.ask("GET", &url).header("if-none-match", tag).send().await.status, 304);
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
        assert_eq!(t.ask("POST", &path).key(&t.acme.key).picture(svg).fields().await, ["image"]);
        assert_eq!(t.ask("POST", &path).key(&t.acme.key).picture(&[]).fields().await, ["image"]);
        let mut large = PNG.to_vec();
        large.resize(600 * 1024, 0);
        assert_eq!(t.ask("POST", &path).key(&t.acme.key).picture(&large).fields().await, ["image"]);
        t.post(&path, json!({})).expect(415).await;
        t.ask("POST", &path).key(&t.acme.key).raw("multipart/form-data", b"x".to_vec()).expect(400).await;
        t.ask("POST", &path).key(&t.acme.key).raw("multipart/form-data; boundary=x", b"--x--".to_vec()).expect(400).await;
        t.delete(&path).expect(204).await;
        assert_eq!(t.ask("GET", &url).send().await.status, 404);
        let organization = format!("/api/v2/organizations/{}/logo", t.acme.id);
        t.ask("POST", &organization).key(&t.acme.key).picture(PNG).expect(204).await;
        assert_eq!(t.ask("GET", &format!("/logos/{}", t.acme.id)).send().await.status, 200);
        t.delete(&organization).expect(204).await;
        assert_eq!(t.ask("GET", &format!("/logos/{}", t.acme.id)).send().await.status, 404);
    }

    async fn mappings_choose_from_the_attributes(t) {
        let ana = t.person("ana").await;
        t.put(&format!("/api/systemusers/{ana}"), json!({"attributes": [{"name": "alias", "value": "x@y.example"}]})).ok().await;
        let choices = t.get("/api/v2/applications/attributes").ok().await;
        let names = each(&choices["attributes"], "name");
        assert!(names.contains(&"email") && names.contains(&"attributes.alias"), "{names:?}");
    }

    async fn token_and_logout_settings_are_written_and_read_back(t) {
        let (app, _) = t.application("Wiki").await;
        let path = format!("/api/v2/applications/{app}/sso");
        let write = |more: Value| {
            let mut oidc = json!({"redirectUris": ["https://wiki.example/cb"]});
            oidc.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({"type": "oidc", "oidc": oidc})
        };
        let plain = t.get(&path).ok().await["oidc"].clone();
        assert_eq!((&plain["subjectType"], &plain["idTokenLifetimeSeconds"]), (&json!("public"), &json!(3600)));
        let settings = json!({
            "subjectType": "pairwise",
            "idTokenLifetimeSeconds": 300,
            "idTokenSignedResponseAlg": "PS256",
            "userinfoSignedResponseAlg": "ES384",
            "backchannelLogoutUri": "https://wiki.example/back",
            "backchannelLogoutSessionRequired": true,
            "frontchannelLogoutUri": "https://wiki.example/front",
            "frontchannelLogoutSessionRequired": true,
        });
        let written = t.put(&path, write(settings.clone())).ok().await["oidc"].clone();
        assert_eq!(t.get(&path).ok().await["oidc"], written);
        for (name, value) in settings.as_object().unwrap() {
            assert_eq!(written[name], *value, "{name}");
        }
        for (more, field) in [
            (json!({"subjectType": "secret"}), None),
            (json!({"subjectType": "pairwise", "redirectUris": ["https://a.example/", "https://b.example/"]}), Some("oidc.sectorIdentifierUri")),
            // Asked when it is saved; nothing answers there.
            (json!({"subjectType": "pairwise", "sectorIdentifierUri": "https://127.0.0.1/uris.json"}), Some("oidc.sectorIdentifierUri")),
            (json!({"idTokenEncryptedResponseAlg": "ECDH-ES"}), Some("oidc.idTokenEncryptedResponseAlg")),
            (json!({"idTokenEncryptedResponseAlg": "RSA1_5"}), None),
            (json!({"userinfoEncryptedResponseEnc": "A256GCM"}), Some("oidc.userinfoEncryptedResponseEnc")),
            (json!({"idTokenLifetimeSeconds": 1}), Some("oidc.idTokenLifetimeSeconds")),
            (json!({"frontchannelLogoutUri": "https://other.example/"}), Some("oidc.frontchannelLogoutUri")),
            (json!({"backchannelLogoutUri": "ftp://wiki.example/"}), Some("oidc.backchannelLogoutUri")),
        ] {
            let refused = t.put(&path, write(more.clone()));
            match field {
                Some(field) => assert_eq!(refused.fields().await, [field], "{more}"),
                None => drop(refused.expect(400).await),
            }
        }
    }
}
