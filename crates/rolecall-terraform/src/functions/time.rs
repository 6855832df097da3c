//! Times that are written out. There is no clock here.

use rolecall_value::Value;

use super::text;

/// A time in seconds since 1970, and its offset from UTC in minutes.
#[derive(Clone, Copy)]
struct Time {
    seconds: i64,
    offset: i64,
}

pub(super) fn call(name: &str, arguments: &[Value]) -> Option<Value> {
    Some(match name {
        "timeadd" => {
            let time = parse(&text(arguments, 0)?)?;
            let seconds = time.seconds.checked_add(duration(&text(arguments, 1)?)?)?;
            Value::string(show(Time { seconds, ..time })?)
        }
        "timecmp" => {
            let (a, b) = (parse(&text(arguments, 0)?)?, parse(&text(arguments, 1)?)?);
            Value::int(match a.seconds.cmp(&b.seconds) {
                std::cmp::Ordering::Less => -1,
                std::cmp::Ordering::Equal => 0,
                std::cmp::Ordering::Greater => 1,
            })
        }
        "formatdate" => Value::string(format(&text(arguments, 0)?, parse(&text(arguments, 1)?)?)?),
        _ => return None,
    })
}

/// RFC 3339 without fractions.
fn parse(text: &str) -> Option<Time> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let zone = text.get(19..)?;
    let offset = match zone {
        "Z" => 0,
        _ => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            sign * (zone.get(1..3)?.parse::<i64>().ok()? * 60 + zone.get(4..6)?.parse::<i64>().ok()?)
        }
    };
    let seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset * 60;
    Some(Time { seconds, offset })
}

/// Days since 1970 of a date of the Gregorian calendar.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Year, month and day.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// Whole seconds of `1h30m`.
fn duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut total = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit() && character != '.')?;
        let amount: f64 = rest[..digits].parse().ok()?;
        let tail = &rest[digits..];
        let unit = tail.find(|character: char| character.is_ascii_digit()).unwrap_or(tail.len());
        total += amount
            * match &tail[..unit] {
                "h" => 3600.0,
                "m" => 60.0,
                "s" => 1.0,
                "ms" => 1e-3,
                "us" | "µs" => 1e-6,
                "ns" => 1e-9,
                _ => return None,
            };
        rest = &tail[unit..];
    }
    (total.abs() < 1e12).then_some((sign * total) as i64)
}

fn zone(offset: i64, utc: &str, colon: bool) -> String {
    if offset == 0 {
        return utc.to_owned();
    }
    let sign = if offset < 0 { '-' } else { '+' };
    let colon = if colon { ":" } else { "" };
    format!("{sign}{:02}{colon}{:02}", offset.abs() / 60, offset.abs() % 60)
}

fn show(time: Time) -> Option<String> {
    let local = time.seconds.checked_add(time.offset * 60)?;
    let (year, month, day) = date(local.div_euclid(86_400));
    let of_day = local.rem_euclid(86_400);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let zone = zone(time.offset, "Z", true);
    Some(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{zone}"))
}

fn format(spec: &str, time: Time) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    let local = time.seconds + time.offset * 60;
    let number = local.div_euclid(86_400);
    let (year, month, day) = date(number);
    let of_day = local.rem_euclid(86_400);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    let twelve = if hour % 12 == 0 { 12 } else { hour % 12 };
    // The first of January 1970 was a Thursday.
    let weekday = WEEKDAYS[usize::try_from((number + 3).rem_euclid(7)).ok()?];
    let month_name = MONTHS[usize::try_from(month - 1).ok()?];
    let mut out = String::new();
    let characters: Vec<char> = spec.chars().collect();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        if character == '\'' {
            let end = characters[at + 1..].iter().position(|other| *other == '\'')? + at + 1;
            if end == at + 1 {
                out.push('\'');
            }
            out.extend(&characters[at + 1..end]);
            at = end + 1;
            continue;
        }
        let run = characters[at..].iter().take_while(|other| **other == character).count();
        let token: String = characters[at..at + run].iter().collect();
        out.push_str(&match &*token {
            "YYYY" => format!("{year:04}"),
            "YY" => format!("{:02}", year % 100),
            "MMMM" => month_name.to_owned(),
            "MMM" => month_name[..3].to_owned(),
            "MM" => format!("{month:02}"),
            "M" => month.to_string(),
            "DD" => format!("{day:02}"),
            "D" => day.to_string(),
            "EEEE" => weekday.to_owned(),
            "EEE" => weekday[..3].to_owned(),
            "hh" => format!("{hour:02}"),
            "h" => hour.to_string(),
            "HH" => format!("{twelve:02}"),
            "H" => twelve.to_string(),
            "AA" => if hour < 12 { "AM" } else { "PM" }.to_owned(),
            "aa" => if hour < 12 { "am" } else { "pm" }.to_owned(),
            "mm" => format!("{minute:02}"),
            "m" => minute.to_string(),
            "ss" => format!("{second:02}"),
            "s" => second.to_string(),
            "ZZZZZ" => zone(time.offset, "+00:00", true),
            "ZZZZ" => zone(time.offset, "+0000", false),
            "ZZZ" => zone(time.offset, "UTC", false),
            "Z" => zone(time.offset, "Z", true),
            _ if character.is_ascii_alphabetic() => return None,
            other => other.to_owned(),
        });
        at += run;
    }
    Some(out)
}
