mod check;
mod issuer;
mod metadata;
mod well_known;
