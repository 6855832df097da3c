//! Dates and times that are given: nothing here reads a clock.

use rolecall_value::Value;

use super::{Answer, Call, Stop, int, str};

const DAY: i64 = 86_400;

/// Seconds since 1970, UTC.
pub(super) fn date_time_to_epoch(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    let text = str(value)?;
    parse(text).map(Value::int).ok_or_else(|| Stop::Unsupported(format!("'{text}' is no date and time")))
}

pub(super) fn date_time_from_epoch(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let [value] = arguments else { return Err(Stop::Open) };
    write(int(value)?)
}

/// A moment moved by an ISO 8601 duration, written as the base is. Only the two common ways to write one are known here; any
/// other, and a format that is given, leaves the result open.
pub(super) fn date_time_add(_: &Call<'_>, arguments: &[Value]) -> Answer {
    let (base, duration, format) = match arguments {
        [base, duration] => (base, duration, None),
        [base, duration, format] => (base, duration, Some(format)),
        _ => return Err(Stop::Open),
    };
    let (base, duration) = (str(base)?, str(duration)?);
    let moment = parse(base).ok_or_else(|| Stop::Unsupported(format!("'{base}' is no date and time")))?;
    let moved = add(moment, duration).ok_or_else(|| Stop::Unsupported(format!("'{duration}' is no duration")))?;
    match (format, base.as_bytes()) {
        (None, [_, _, _, _, b'-', _, _, b'-', _, _, b'T', .., b'Z']) if base.len() == 20 => write(moved),
        (None, [_, _, _, _, _, _, _, _, b'T', .., b'Z']) if base.len() == 16 => {
            Ok(Value::string(text(moved)?.replace(['-', ':'], "")))
        }
        _ => Err(Stop::Open),
    }
}

fn write(seconds: i64) -> Answer {
    text(seconds).map(Value::string)
}

/// `2020-04-07T14:53:14Z`.
fn text(seconds: i64) -> Result<String, Stop> {
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    if !(1..=9999).contains(&year) {
        return Err(Stop::Invalid("the date lies outside the years 1 to 9999".to_owned()));
    }
    let time = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (time / 3600, time / 60 % 60, time % 60);
    Ok(format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z"))
}

/// Reads `2020-04-07 14:53:14Z`, `20200407T145314Z`, with an offset or a fraction of a second (dropped) too.
fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    let (date, time) = match text.find(['T', 't', ' ']) {
        Some(place) => (&text[..place], text[place + 1..].trim()),
        None => (text, ""),
    };
    let (time, offset) = match time.find(['Z', 'z', '+', '-']) {
        Some(place) => (&time[..place], offset(&time[place..])?),
        None => (time, 0),
    };
    let time = time.split_once('.').map_or(time, |(time, _)| time).trim();
    let digits = |text: &str, separator: char, lengths: &[usize]| -> Option<Vec<i64>> {
        let parts: Vec<&str> = if text.contains(separator) {
            text.split(separator).collect()
        } else {
            let mut rest = text;
            let mut parts = Vec::new();
            for length in lengths.iter().filter(|_| !text.is_empty()) {
                if rest.is_empty() {
                    break;
                }
                parts.push(rest.get(..*length)?);
                rest = &rest[*length..];
            }
            if !rest.is_empty() {
                return None;
            }
            parts
        };
        let numeric =
            |part: &&str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
        parts.iter().all(numeric).then(|| parts.iter().filter_map(|part| part.parse().ok()).collect())
    };
    let [year, month, day] = digits(date, '-', &[4, 2, 2])?[..] else { return None };
    let (hour, minute, second) = match digits(time, ':', &[2, 2, 2])?[..] {
        [] => (0, 0, 0),
        [hour, minute] => (hour, minute, 0),
        [hour, minute, second] => (hour, minute, second),
        _ => return None,
    };
    let real = (1..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=month_length(year, month)).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second);
    real.then(|| days(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset)
}

/// `Z`, `+02:00`, `-0530`, in seconds.
fn offset(text: &str) -> Option<i64> {
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text[1..].chars().filter(|character| *character != ':').collect();
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// `P3Y`, `-P9D`, `PT1H30M`: years are 365 days long and months 30, as in the XML durations that .NET reads.
fn add(moment: i64, duration: &str) -> Option<i64> {
    let (sign, rest) = match duration.strip_prefix('-') {
        Some(rest) => (-1i64, rest),
        None => (1, duration),
    };
    let rest = rest.strip_prefix('P')?;
    let (date, time) = rest.split_once('T').unwrap_or((rest, ""));
    if date.is_empty() && time.is_empty() || rest.ends_with('T') {
        return None;
    }
    let part = |text: &str, units: &[(char, i64)]| -> Option<i64> {
        let mut total = 0i64;
        let mut number = String::new();
        let mut left = units;
        for character in text.chars() {
            if character.is_ascii_digit() {
                number.push(character);
                continue;
            }
            let place = left.iter().position(|(unit, _)| *unit == character)?;
            total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(left[place].1)?)?;
            number.clear();
            left = &left[place + 1..];
        }
        number.is_empty().then_some(total)
    };
    let date = part(date, &[('Y', 365 * DAY), ('M', 30 * DAY), ('W', 7 * DAY), ('D', DAY)])?;
    let time = part(time, &[('H', 3600), ('M', 60), ('S', 1)])?;
    moment.checked_add(date.checked_add(time)?.checked_mul(sign)?)
}

fn month_length(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar; years begin in March, so that the leap day comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The year, month and day of a day since 1970-01-01.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}
