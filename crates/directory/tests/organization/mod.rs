mod create;
mod refurnish;
mod update;
