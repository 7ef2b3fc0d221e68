mod api_key;
mod create;
mod grant;
mod update;
