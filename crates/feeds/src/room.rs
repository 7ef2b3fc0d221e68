//! How much of what a source says is held in memory. What comes over the wire says little about it: two bytes are a value
//! that takes many here. Pure.

/// What a whole reading may hold, in bytes: half a million people and their groups are less.
const RUN_MAX: usize = 512 * 1024 * 1024;
/// What a test of the connection may hold, in bytes.
const TEST_MAX: usize = 4 * 1024 * 1024;
/// What a text takes besides its bytes: its header, and what the allocator keeps beside it.
const TEXT: usize = 48;

/// What a text of so many bytes takes.
#[must_use]
pub const fn cost(bytes: usize) -> usize {
    bytes.saturating_add(TEXT)
}

/// What may still be held.
#[derive(Debug)]
pub struct Room {
    left: usize,
    most: usize,
}

impl Room {
    /// Of a reading.
    #[must_use]
    pub const fn of_run() -> Self {
        Self { left: RUN_MAX, most: RUN_MAX }
    }

    /// Of a test of the connection.
    #[must_use]
    pub const fn of_test() -> Self {
        Self { left: TEST_MAX, most: TEST_MAX }
    }

    /// What is left.
    #[must_use]
    pub const fn left(&self) -> usize {
        self.left
    }

    /// Takes so much.
    ///
    /// # Errors
    /// There is not so much left: in words for an administrator.
    pub fn take(&mut self, bytes: usize) -> Result<(), String> {
        self.left = self.left.checked_sub(bytes).ok_or_else(|| self.full())?;
        Ok(())
    }

    /// That there is no room, in words for an administrator.
    #[must_use]
    pub fn full(&self) -> String {
        format!("what is there takes more than {} MiB of memory: read less of it", self.most / (1024 * 1024))
    }
}
