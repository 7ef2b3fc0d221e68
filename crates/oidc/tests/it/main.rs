//! The provider, in process, on both engines. Each class of security-cases.md that it touches has its file.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[macro_use]
mod harness;

mod alg_confusion;
mod authorize;
mod back_channel;
mod claims;
mod claims_parameter;
mod client_authentication;
mod code_injection;
mod code_reuse;
mod concurrency;
mod consent;
mod deactivated_user_keeps_access;
mod discovery;
mod front_channel;
mod jarm;
mod login_csrf;
mod logout;
mod mixup;
mod one_time_kinds;
mod par;
mod pkce_downgrade;
mod protected;
mod redirects;
mod refresh;
mod request_object;
mod resource;
mod revocation;
mod statements;
mod strict_client;
mod subjects;
mod tenant_isolation;
mod token;
mod userinfo;
