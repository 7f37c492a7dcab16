//! Days.
//!
//! In: `YYYY-MM-DD`, in TOML also without quotes. Out: [`Day`]. It leaves alone what happens when one has passed.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A day, without a place: it begins and ends with UTC's, so that a laptop and CI say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(Date);

impl Day {
    /// The day that it is now.
    pub fn today() -> Self {
        Self(
            jiff::Timestamp::now()
                .to_zoned_datetime(jiff::tz::TimeZone::UTC)
                .date(),
        )
    }

    /// The day of a moment, in seconds since 1970; none if no calendar has it.
    pub fn of_seconds(seconds: i64) -> Option<Self> {
        let moment = jiff::Timestamp::from_second(seconds).ok()?;
        Some(Self(
            moment.to_zoned_datetime(jiff::tz::TimeZone::UTC).date(),
        ))
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // More forms are known to the parser, and would make the same day look different in two entries.
        let is_plain = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| {
                if at == 4 || at == 7 {
                    byte == b'-'
                } else {
                    byte.is_ascii_digit()
                }
            });
        let date = text.parse().ok().filter(|_| is_plain);
        date.map(Self)
            .ok_or_else(|| format!("`{text}` is no day; write it as 2027-03-01"))
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "a day, as \"2027-03-01\"")]
        enum Written {
            Text(String),
            Date(toml::value::Datetime),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Date(date) => date.to_string(),
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_and_only_days_that_there_are() {
        let day: Day = "2027-03-01".parse().unwrap();
        assert_eq!(day.to_string(), "2027-03-01");
        assert!(day < "2027-03-02".parse().unwrap());
        for wrong in [
            "2027-02-30",
            "20270301",
            "2027-3-1",
            "2027-03-01T00",
            "",
            "soon",
        ] {
            assert!(wrong.parse::<Day>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn toml_may_leave_the_quotes_out() {
        #[derive(Deserialize)]
        struct Held {
            until: Day,
        }
        for text in ["until = 2027-03-01", "until = '2027-03-01'"] {
            let held: Held = toml::from_str(text).unwrap();
            assert_eq!(held.until.to_string(), "2027-03-01");
        }
        assert!(toml::from_str::<Held>("until = 3").is_err());
    }
}
