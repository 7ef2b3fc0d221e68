//! The provider, in process, on both engines. Each class of security-cases.md that it touches has its file.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[macro_use]
mod harness;

mod access_tokens;
mod alg_confusion;
mod assertions;
mod authorize;
mod back_channel;
mod certificates;
mod claims;
mod claims_parameter;
mod client_authentication;
mod client_credentials;
mod code_injection;
mod code_reuse;
mod concurrency;
mod consent;
mod deactivated_user_keeps_access;
mod device;
mod discovery;
mod dpop;
mod fapi;
mod front_channel;
mod introspection;
mod jarm;
mod keys_by_address;
mod login_csrf;
mod logout;
mod mixup;
mod one_time_kinds;
mod par;
mod pkce_downgrade;
mod protected;
mod redirects;
mod refresh;
mod registration;
mod registry;
mod request_object;
mod resource;
mod revocation;
mod service_accounts;
mod statements;
mod strict_client;
mod subjects;
mod tenant_isolation;
mod token;
mod token_exchange;
mod userinfo;
