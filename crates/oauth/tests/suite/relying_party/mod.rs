mod authorization_url;
mod callback;
mod id_token;
mod identity;
mod logout_token;
mod token_request;
