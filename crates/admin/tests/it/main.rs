//! The tests of the API, over the router in process. Each runs on both engines; every answer is held against the OpenAPI
//! document ([`harness::document`]).

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[macro_use]
mod harness;

mod administrator_roles;
mod administrators;
mod applications;
mod attention;
mod attributes;
mod bulk_users;
mod consents;
mod directory_providers;
mod directory_sources;
mod dynamic_groups;
mod expressions;
mod graph;
mod groups;
mod identity_providers;
mod isolation;
mod lists;
mod migration;
mod migration_parts;
mod migration_source;
mod openapi;
mod organizations;
mod portal;
mod provision;
mod routing;
mod saml;
mod saml_test;
mod search;
mod service_accounts;
mod systems;
mod user_doors;
mod user_states;
mod user_table;
mod users;
