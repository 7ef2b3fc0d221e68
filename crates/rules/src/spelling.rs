//! The one spelling in which a value of a declared attribute is kept. Values that are spelt so are equal exactly where their
//! texts are, and in the order that [`crate::compare`] finds: comparing by type needs no types in the evaluation.

use crate::AttributeType;
use crate::compare::{date, number};

impl AttributeType {
    /// `text` as a value of this type is kept: `007` is `7`, `TRUE` is `true`. A blank text is no value and stays.
    ///
    /// # Errors
    /// What is wrong with it, in words that follow the value.
    pub fn spelt(&self, text: &str) -> Result<String, String> {
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return Ok(text.to_owned());
        }
        match self {
            Self::Text | Self::Group | Self::Enumeration(_) => Ok(text.to_owned()),
            Self::Number => {
                let whole = trimmed.parse::<i128>().map(|n| n.to_string()).ok();
                let spelt = whole.or_else(|| number(trimmed).map(|n| n.to_string()));
                spelt.ok_or_else(|| "is no number: write it as 42 or -1.5".to_owned())
            }
            Self::Bool => match trimmed.to_ascii_lowercase().as_str() {
                word @ ("true" | "false") => Ok(word.to_owned()),
                _ => Err("is neither true nor false".to_owned()),
            },
            Self::Date => match date(trimmed) {
                Some(_) => Ok(trimmed.to_owned()),
                None => Err("is no date: write it as 2024-01-31 or 2024-01-31T09:00:00Z".to_owned()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_one_spelling() {
        let spelt = |kind: AttributeType, text: &str| kind.spelt(text);
        for (written, kept) in
            [("007", "7"), (" +5 ", "5"), ("2.50", "2.5"), ("1e3", "1000"), ("-0", "0"), ("-0.0", "0")]
        {
            assert_eq!(spelt(AttributeType::Number, written).as_deref(), Ok(kept), "{written}");
        }
        assert_eq!(spelt(AttributeType::Bool, "TRUE").as_deref(), Ok("true"));
        assert_eq!(spelt(AttributeType::Date, " 2024-01-31").as_deref(), Ok("2024-01-31"));
        assert_eq!(spelt(AttributeType::Number, " ").as_deref(), Ok(" "), "no value");
        for (kind, wrong) in [
            (AttributeType::Number, "seven"),
            (AttributeType::Number, "inf"),
            (AttributeType::Bool, "yes"),
            (AttributeType::Date, "31.01.2024"),
        ] {
            assert!(spelt(kind, wrong).is_err(), "{wrong}");
        }
    }
}
