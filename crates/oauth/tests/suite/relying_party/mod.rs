mod authorization_url;
mod callback;
mod id_token;
mod identity;
mod token_request;
