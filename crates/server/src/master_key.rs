//! The master key: 32 bytes in a file or the environment, made once.

use std::io::Write;
use std::path::Path;

use muster_base::{Keyring, Rng};

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum MasterKeyError {
    /// The file cannot be read or written.
    #[error("the master key's file {0}: {1}")]
    File(String, std::io::Error),
    /// Not 64 hexadecimal characters.
    #[error("the master key in {0} is not 64 hexadecimal characters")]
    Form(String),
    /// The database has data and the key is not there.
    #[error(
        "{0} is missing, but the database was made with a master key: put the file back, or name it with --master-key-file"
    )]
    Lost(String),
}

/// What was found.
pub struct Loaded {
    /// The keyring.
    pub keyring: Keyring,
    /// Whether the file was made just now.
    pub made: bool,
}

/// Loads the key from `MUSTER_MASTER_KEY` or the file; makes the file when the database is new.
///
/// # Errors
/// [`MasterKeyError`].
pub fn load(file: &Path, from_env: Option<&str>, database_is_new: bool, rng: &Rng) -> Result<Loaded, MasterKeyError> {
    if let Some(text) = from_env {
        return Ok(Loaded { keyring: parse(text, "MUSTER_MASTER_KEY")?, made: false });
    }
    let name = file.display().to_string();
    match std::fs::read_to_string(file) {
        Ok(text) => Ok(Loaded { keyring: parse(&text, &name)?, made: false }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && database_is_new => {
            let key: [u8; 32] = rng.bytes();
            write(file, &hex::encode(key)).map_err(|e| MasterKeyError::File(name, e))?;
            Ok(Loaded { keyring: Keyring::new(&key), made: true })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(MasterKeyError::Lost(name)),
        Err(error) => Err(MasterKeyError::File(name, error)),
    }
}

fn parse(text: &str, name: &str) -> Result<Keyring, MasterKeyError> {
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key).map_err(|_| MasterKeyError::Form(name.to_owned()))?;
    Ok(Keyring::new(&key))
}

/// Readable by its owner alone, and on the disk before the first row is sealed with it.
fn write(file: &Path, text: &str) -> std::io::Result<()> {
    use std::os::unix::fs::OpenOptionsExt;
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut out = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    writeln!(out, "{text}")?;
    out.sync_all()
}
