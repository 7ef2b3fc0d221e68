//! Leases: of several nodes one does a piece of work, and another takes over when it dies.

use muster_base::Micros;

use crate::db::Db;
use crate::error::Error;
use crate::values;

crate::sql! {
    /// Takes or prolongs.
    global LEASE = "INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
        WHERE leases.holder = excluded.holder OR leases.until <= $4";
    global RELEASE = "DELETE FROM leases WHERE name = $1 AND holder = $2";
}

impl Db {
    /// Takes the lease `name` for `holder`, or prolongs it, until `ttl_s` seconds after `now`; true when `holder` has
    /// it. The holder must stop on its own before the time is up, and `ttl_s` must be well above the difference
    /// between the nodes' clocks.
    ///
    /// # Errors
    /// As [`Db::exec`].
    pub async fn lease(&self, name: &str, holder: &str, ttl_s: i64, now: Micros) -> Result<bool, Error> {
        Ok(self.exec(&LEASE, &values![name, holder, now.plus_s(ttl_s), now]).await? == 1)
    }

    /// Gives the lease `name` back, if `holder` has it.
    ///
    /// # Errors
    /// As [`Db::exec`].
    pub async fn release(&self, name: &str, holder: &str) -> Result<(), Error> {
        self.exec(&RELEASE, &values![name, holder]).await.map(|_| ())
    }
}
