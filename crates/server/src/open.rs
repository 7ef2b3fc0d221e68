//! Opens the database and the directory as every command needs them: migrated, with the right master key.

use muster_base::Env;
use muster_db::{Db, Migration};
use muster_directory::Directory;

use crate::config::Store;
use crate::master_key::{self, MasterKeyError};

/// Why the store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder cannot be made.
    #[error("the data folder {0}: {1}")]
    Folder(String, std::io::Error),
    /// The database.
    #[error("the database: {0}")]
    Database(#[from] muster_db::Error),
    /// The master key.
    #[error("{0}")]
    MasterKey(#[from] MasterKeyError),
    /// The directory.
    #[error("{0}")]
    Directory(#[from] muster_directory::Error),
}

/// All tables, in their order.
#[must_use]
pub fn migrations() -> Vec<Migration> {
    let mut all = [
        muster_directory::migrations(),
        muster_oidc::migrations(),
        muster_federation::migrations(),
        muster_samlidp::migrations(),
    ]
    .concat();
    all.sort_by_key(Migration::number);
    all
}

/// What was opened.
pub struct Opened {
    /// The directory.
    pub directory: Directory,
    /// Whether the master key was made just now.
    pub key_made: bool,
}

/// Opens the store and brings its tables up to date. Without a public URL the one that was served last holds.
///
/// # Errors
/// [`OpenError`].
pub async fn open(
    store: &Store,
    env: Env,
    public_url: Option<&str>,
    master_key: Option<&str>,
) -> Result<Opened, OpenError> {
    if let muster_db::Config::Sqlite { .. } = store.database {
        std::fs::create_dir_all(&store.data).map_err(|e| OpenError::Folder(store.data.display().to_string(), e))?;
    }
    let db = Db::open(&store.database).await?;
    db.migrate(&migrations()).await?;
    let is_new = !muster_directory::has_master_key(&db).await?;
    let loaded = master_key::load(&store.master_key_file, master_key, is_new, &env.rng)?;
    let public_url = match public_url {
        Some(url) => url.to_owned(),
        None => muster_directory::known_public_url(&db).await?.unwrap_or_else(|| "http://127.0.0.1:8080".into()),
    };
    let directory = Directory::open(db, env, loaded.keyring, &public_url).await?;
    Ok(Opened { directory, key_made: loaded.made })
}
