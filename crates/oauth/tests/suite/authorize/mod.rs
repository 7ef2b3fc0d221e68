mod claims;
mod request;
mod request_object;
mod response;
mod target;
