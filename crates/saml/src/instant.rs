//! Points in time as SAML writes them (SAML core section 1.3.3: `xs:dateTime` in UTC), as seconds since 1970. Never here:
//! the clock.

use time::{Date, Month, OffsetDateTime};

/// `2026-11-21T20:00:00Z`. Seconds outside the years 0 to 9999 are written as the nearest of them.
#[must_use]
pub fn write(seconds: i64) -> String {
    let clamped = seconds.clamp(MIN_S, MAX_S);
    let at = OffsetDateTime::from_unix_timestamp(clamped).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (date, (hour, minute, second)) = (at.date(), at.to_hms());
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The first second of the year 0 and the last of the year 9999.
const MIN_S: i64 = -62_167_219_200;
const MAX_S: i64 = 253_402_300_799;

/// Seconds of an `xs:dateTime`; fractions are cut off, a missing zone is UTC. `None` for anything else.
#[must_use]
pub fn read(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let mut parts = date.splitn(3, '-');
    let year: i32 = number(parts.next()?, 4)?.try_into().ok()?;
    let month = Month::try_from(u8::try_from(number(parts.next()?, 2)?).ok()?).ok()?;
    let day = u8::try_from(number(parts.next()?, 2)?).ok()?;
    let date = Date::from_calendar_date(year, month, day).ok()?;
    let (time, offset_s) = zone(time)?;
    let (whole, fraction) = time.split_once('.').unwrap_or((time, "0"));
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut parts = whole.splitn(3, ':');
    let hour = number(parts.next()?, 2).filter(|hour| *hour < 24)?;
    let minute = number(parts.next()?, 2).filter(|minute| *minute < 60)?;
    let second = number(parts.next()?, 2).filter(|second| *second < 60)?;
    let midnight = date.midnight().assume_utc().unix_timestamp();
    Some(midnight + i64::from(hour * 3600 + minute * 60 + second) - offset_s)
}

/// The time without its zone, and the zone's offset in seconds.
fn zone(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix('Z') {
        return Some((time, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let (time, offset) = (time.get(..at)?, time.get(at..)?);
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let hours = number(hours, 2).filter(|hours| *hours <= 14)?;
    let minutes = number(minutes, 2).filter(|minutes| *minutes < 60)?;
    let offset_s = i64::from(hours * 3600 + minutes * 60);
    Some((time, if offset.starts_with('-') { -offset_s } else { offset_s }))
}

fn number(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}
