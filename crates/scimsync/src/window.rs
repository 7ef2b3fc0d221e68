//! How many objects are on their way at one target at once: more while it answers, half as many when it has trouble, as TCP
//! does with packets. Pure.

/// On their way at once, to begin with.
const FIRST: f64 = 20.0;
/// And at most: a target that answers in 50 ms is asked three times for each object that is made.
pub const MOST: f64 = 64.0;

/// The width of the way to one target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    width: f64,
    /// Nothing went wrong yet: it widens by one with each answer; afterwards by one with each width of answers.
    opening: bool,
    /// Answers to requests that left before it was narrowed: what they say was heeded already.
    deaf: u32,
}

impl Default for Window {
    fn default() -> Self {
        Self { width: FIRST, opening: true, deaf: 0 }
    }
}

impl Window {
    /// Objects that may be on their way at once.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to MOST")]
    pub fn width(&self) -> usize {
        self.width as usize
    }

    /// The target answered as it should; whether more may be on their way now.
    pub fn answered(&mut self) -> bool {
        let before = self.width();
        self.deaf = self.deaf.saturating_sub(1);
        let more = if self.opening { 1.0 } else { 1.0 / self.width };
        self.width = (self.width + more).min(MOST);
        self.width() > before
    }

    /// It asked for less, failed, or was not reached in time.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 1 to MOST")]
    pub fn slowed(&mut self) {
        if self.deaf > 0 {
            self.deaf -= 1;
            return;
        }
        self.deaf = self.width as u32;
        self.width = (self.width / 2.0).max(1.0);
        self.opening = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_widens_while_the_target_answers_and_never_beyond_its_limit() {
        let mut window = Window::default();
        assert_eq!(window.width(), 20);
        for _ in 0..1000 {
            window.answered();
        }
        assert_eq!(window.width(), 64);
    }

    #[test]
    fn it_is_halved_once_for_all_that_was_under_way() {
        let mut window = Window::default();
        for _ in 0..=20 {
            window.slowed();
        }
        assert_eq!(window.width(), 10, "twenty refusals of one moment are one");
        for _ in 0..100 {
            window.slowed();
        }
        assert_eq!(window.width(), 1, "and never nothing");
    }

    #[test]
    fn after_trouble_it_widens_slowly() {
        let mut window = Window::default();
        window.slowed();
        for _ in 0..10 {
            window.answered();
        }
        assert_eq!(window.width(), 10);
        for _ in 0..5 {
            window.answered();
        }
        assert_eq!(window.width(), 11);
    }
}
