//! Applications: the v1 object, and v2's sign-on settings, secrets, logo and bindings.

mod associations;
mod attributes;
mod create;
mod delete;
mod events;
mod get;
mod lifespan;
mod list;
mod logo;
mod model;
mod provision;
mod reached_by;
mod saml;
mod saml_certificates;
pub(crate) mod saml_config;
mod saml_messages;
mod saml_source;
mod saml_test;
mod secrets;
mod sso;
pub(crate) mod sso_model;
mod update;
mod with_key;
mod write;

use crate::routes::{Routes, routes};

pub(crate) use logo::{LogoForm, picture};
pub(crate) use model::logo_url;

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(list::list, create::create))
        .merge(routes!(get::get, update::update, delete::delete))
        .merge(routes!(attributes::attributes))
        .merge(routes!(events::list))
        .merge(routes!(sso::get, sso::create, sso::update))
        .merge(routes!(saml::get, saml::update))
        .merge(routes!(saml::import))
        .merge(routes!(saml::export))
        .merge(routes!(saml_source::read))
        .merge(routes!(saml_source::decide))
        .merge(routes!(saml_source::forget))
        .merge(routes!(saml_messages::list))
        .merge(routes!(saml_messages::get))
        .merge(routes!(saml_test::run))
        .merge(routes!(saml_certificates::add))
        .merge(routes!(saml_certificates::remove))
        .merge(routes!(secrets::add))
        .merge(routes!(secrets::remove))
        .merge(routes!(logo::set, logo::remove))
        .merge(routes!(associations::list, associations::change))
        .merge(routes!(reached_by::users))
        .merge(routes!(reached_by::user_groups))
        .merge(provision::routes())
}
