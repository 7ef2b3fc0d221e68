mod create;
mod update;
