//! The pages' templates.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use muster_http::page;
use muster_http::page::Brand;

use crate::door::Door;

#[derive(Template)]
#[template(path = "email.html")]
struct EmailForm<'a> {
    title: &'a str,
    action: &'a str,
    username: &'a str,
    error: Option<&'a str>,
    anywhere: bool,
}

/// The first page: the e-mail.
pub fn email(door: &Door, username: &str, error: Option<&str>) -> Response {
    let form = EmailForm {
        title: door.title(),
        action: &door.address(""),
        username,
        error,
        anywhere: door.organization.is_none(),
    };
    show(status(error), door.title(), door.brand().as_ref(), &form)
}

#[derive(Template)]
#[template(path = "password.html")]
struct PasswordForm<'a> {
    title: &'a str,
    action: &'a str,
    back: &'a str,
    username: &'a str,
    organization: Option<&'a str>,
    submit: &'a str,
    editable: bool,
    error: Option<&'a str>,
}

/// The second page: the password. `organization` as typed, where it was asked for. `editable`: the e-mail came as a hint
/// and may be corrected here (*Continue*).
pub fn password(
    door: &Door,
    username: &str,
    organization: Option<&str>,
    editable: bool,
    error: Option<&str>,
) -> Response {
    let form = PasswordForm {
        title: door.title(),
        action: &door.address("/password"),
        back: &door.address(""),
        username,
        organization,
        submit: door.submit(),
        editable,
        error,
    };
    show(status(error), door.title(), door.brand().as_ref(), &form)
}

#[derive(Template)]
#[template(path = "organization.html")]
struct OrganizationForm<'a> {
    title: &'a str,
    action: &'a str,
    username: &'a str,
}

/// The e-mail is known in several organizations: which one is typed.
pub fn organization(door: &Door, username: &str) -> Response {
    let form = OrganizationForm { title: door.title(), action: &door.address(""), username };
    show(StatusCode::OK, door.title(), None, &form)
}

#[derive(Template)]
#[template(path = "administrator.html")]
struct AdministratorForm<'a> {
    to: &'a str,
    username: &'a str,
    error: Option<&'a str>,
}

/// The administrators' page.
pub fn administrator(to: &str, username: &str, error: Option<&str>) -> Response {
    show(status(error), "Administrator Login", None, &AdministratorForm { to, username, error })
}

#[derive(Template)]
#[template(path = "new_password.html")]
struct NewPasswordForm<'a> {
    title: &'a str,
    lead: &'a str,
    action: &'a str,
    token: &'a str,
    username: &'a str,
    rules: &'a [String],
    errors: &'a [String],
}

/// A page that sets a password.
pub struct NewPassword<'a> {
    /// The heading.
    pub title: &'a str,
    /// A sentence under it.
    pub lead: &'a str,
    /// Where the form goes.
    pub action: &'a str,
    /// The link's token.
    pub token: &'a str,
    /// Whose password, for password managers.
    pub username: &'a str,
    /// The rules, before anything is typed.
    pub rules: &'a [String],
    /// What was wrong with the last one.
    pub errors: &'a [String],
    /// The organization's name and logo.
    pub brand: Option<&'a Brand>,
}

/// The page that sets a password.
pub fn new_password(view: &NewPassword<'_>) -> Response {
    let form = NewPasswordForm {
        title: view.title,
        lead: view.lead,
        action: view.action,
        token: view.token,
        username: view.username,
        rules: view.rules,
        errors: view.errors,
    };
    let status = if view.errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    show(status, view.title, view.brand, &form)
}

#[derive(Template)]
#[template(path = "reset.html")]
struct ResetForm<'a> {
    error: Option<&'a str>,
    username: &'a str,
}

/// Asks for the e-mail of a forgotten password.
pub fn reset(username: &str, error: Option<&str>) -> Response {
    show(status(error), "Reset your password", None, &ResetForm { error, username })
}

#[derive(Template)]
#[template(path = "logout.html")]
struct LogoutForm {
    signed_in: bool,
}

/// Asks whether to sign out.
pub fn logout(signed_in: bool) -> Response {
    show(StatusCode::OK, "Sign out", None, &LogoutForm { signed_in })
}

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupForm<'a> {
    token: &'a str,
    organization: &'a str,
    provider: &'a str,
    username: &'a str,
    errors: &'a [String],
}

/// The first run.
pub fn setup(token: &str, organization: &str, provider: &str, username: &str, errors: &[String]) -> Response {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    show(status, "Set up Muster", None, &SetupForm { token, organization, provider, username, errors })
}

fn status(error: Option<&str>) -> StatusCode {
    if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK }
}

fn show(status: StatusCode, title: &str, brand: Option<&Brand>, form: &impl Template) -> Response {
    page::page(status, title, brand, &form.render().unwrap_or_default())
}
