mod bind;
mod create;
mod delete;
mod import;
mod list;
mod update;
