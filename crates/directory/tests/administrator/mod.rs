mod api_key;
mod create;
mod grant;
mod role;
mod update;
