//! Prepares an organization of the server: a person with a password in a group, and applications that the group may use.

use serde_json::{Value, json};

use crate::provider::{App, Endpoints, REDIRECT, text};
use crate::saml;
use crate::server::{PASSWORD, Server};

const EMAIL: &str = "ana@bench.example";

/// A client that follows no redirects.
#[expect(clippy::disallowed_methods, reason = "a benchmark talks to its own server on loopback")]
pub fn plain() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().expect("a client")
}

pub struct Client {
    http: reqwest::Client,
    base: String,
    at: Endpoints,
    slug: String,
    headers: Vec<(&'static str, String)>,
    group: String,
}

impl Client {
    /// A person with a password, in a group.
    pub async fn prepare(server: &Server) -> Self {
        let headers = vec![("x-api-key", server.api_key.clone()), ("x-org-id", server.org.clone())];
        let at = Endpoints::muster(server.host(), &server.slug);
        let (base, slug) = (server.base.clone(), server.slug.clone());
        let mut client = Self { http: plain(), base, at, slug, headers, group: String::new() };
        let person = json!({"username": "ana", "email": EMAIL, "state": "ACTIVATED", "password": PASSWORD});
        let person = client.api("/api/systemusers", &person).await;
        let group = client.api("/api/v2/usergroups", &json!({"name": "Everyone here"})).await;
        client.group = text(&group, "id");
        let member = json!({"op": "add", "type": "user", "id": person["_id"]});
        client.api(&format!("/api/v2/usergroups/{}/members", client.group), &member).await;
        client
    }

    async fn api(&self, path: &str, body: &Value) -> Value {
        self.send(self.http.post(format!("{}{path}", self.base)), path, body).await
    }

    async fn send(&self, request: reqwest::RequestBuilder, path: &str, body: &Value) -> Value {
        let mut request = request.json(body);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let response = request.send().await.expect("an answer");
        let status = response.status();
        let text = response.text().await.expect("a body");
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// An active application that signs with `alg`, whose access tokens are `jwt` or `opaque`, bound to the person's group.
    pub async fn application(&self, alg: &str, format: &str, cookie: &str) -> App {
        let label = format!("{alg} {format}");
        let body =
            json!({"name": "oidc", "active": true, "displayLabel": label, "config": {}, "sso": {"type": "oidc"}});
        let id = text(&self.api("/api/applications", &body).await, "_id");
        let sso = json!({"type": "oidc", "oidc": {
            "redirectUris": [REDIRECT], "tokenEndpointAuthMethod": "client_secret_post",
            "grantTypes": ["authorization_code", "refresh_token", "client_credentials"], "accessTokenFormat": format,
            "dynamicClaims": [{"name": "email", "value": "email"}], "idTokenSignedResponseAlg": alg}});
        let made = self.api(&format!("/api/v2/applications/{id}/sso"), &sso).await;
        let secret = text(&made["oidc"], "clientSecret");
        let bind = json!({"op": "add", "type": "user_group", "id": self.group});
        self.api(&format!("/api/v2/applications/{id}/associations"), &bind).await;
        App { at: self.at.clone(), id, secret, cookie: cookie.to_owned() }
    }

    /// An active SAML application, bound to the person's group: where its requests are taken.
    pub async fn saml_application(&self) -> String {
        let app =
            self.api("/api/applications", &json!({"name": "saml2", "active": true, "displayLabel": "SAML"})).await;
        let id = text(&app, "_id");
        let settings = json!({"spEntityId": saml::SP, "acs": [{"url": saml::ACS}],
            "userAttributes": [{"name": "username", "value": "email"}]});
        let path = format!("/api/v2/applications/{id}/saml");
        let shown = self.send(self.http.put(format!("{}{path}", self.base)), &path, &settings).await;
        let bind = json!({"op": "add", "type": "user_group", "id": self.group});
        self.api(&format!("/api/v2/applications/{id}/associations"), &bind).await;
        text(&shown, "ssoUrl")
    }

    /// A request by POST on the session, which comes back with the cookie, and the form that answers it.
    pub async fn saml_sign_in(&self, sso: &str, cookie: &str) {
        let request = saml::posted_request(sso);
        let response = self.http.post(sso).form(&request).send().await.expect("an answer");
        let next = response.headers().get("location").expect("a redirect").to_str().expect("text");
        let response = self.http.get(format!("{}{next}", self.base)).header("cookie", cookie).send().await;
        let page = response.expect("an answer").text().await.expect("a page");
        assert!(page.contains("name=\"SAMLResponse\""), "an answer to the service provider: {page}");
    }

    /// A sign-in with the password, from e-mail to session; the browser's cookie.
    pub async fn sign_in(&self) -> String {
        let url = format!("{}/o/{}/login/password", self.base, self.slug);
        let form = [("username", EMAIL), ("password", PASSWORD)];
        let response = self.http.post(url).form(&form).send().await.expect("an answer");
        assert_eq!(response.status(), 303, "the sign-in succeeds");
        let cookie = response.headers()["set-cookie"].to_str().expect("text").split(';').next();
        cookie.expect("a cookie").to_owned()
    }

    /// A public document of the organization.
    pub async fn document(&self, path: &str) -> String {
        let url = format!("{}/o/{}{path}", self.base, self.slug);
        self.http.get(url).send().await.expect("an answer").text().await.expect("a body")
    }
}
