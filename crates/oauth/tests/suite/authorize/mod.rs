mod request;
mod response;
mod target;
