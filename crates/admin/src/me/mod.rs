//! The portal: what a person sees and changes of themselves.

mod administration;
mod applications;
mod consents;
mod password;
mod profile;
mod sessions;

use crate::routes::{Routes, routes};

pub(crate) fn routes() -> Routes {
    Routes::default()
        .merge(routes!(profile::get, profile::update))
        .merge(routes!(applications::list))
        .merge(routes!(consents::list))
        .merge(routes!(consents::revoke))
        .merge(routes!(sessions::list))
        .merge(routes!(sessions::end))
        .merge(routes!(sessions::sign_out))
        .merge(routes!(password::change))
        .merge(routes!(administration::open))
}
