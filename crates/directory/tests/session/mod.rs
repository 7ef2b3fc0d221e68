mod browser;
mod end;
mod start;
mod store;
