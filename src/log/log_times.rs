//! How a log writes instants.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

use crate::base::time::Time;
use crate::tables::{DateOrder, ProvedOrder, civil_instant, proved_order};

/// How instants are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeForm {
    /// `2026-03-02T09:00:48.741+01:00`; a blank instead of the T, and without the offset too.
    Iso,
    /// Since 1970, so many microseconds each.
    Epoch(i64),
    /// Otherwise, with day and month in this order.
    Civil(DateOrder),
}

/// Reads the instants of a log in the order of its rows.
#[derive(Clone, Debug)]
pub(super) struct TimeReader {
    form: TimeForm,
    /// Of clock times without an offset, and in which days are counted.
    zone: Option<TimeZone>,
    /// The last instant without an offset.
    last: i64,
}

/// An instant of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LoggedTime {
    /// Since 1970-01-01 UTC.
    pub(super) at: Time,
    /// What local clocks are ahead of UTC, minutes.
    pub(super) offset_minutes: i16,
}

/// What instants of the first rows tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SampledTimes {
    pub(super) form: TimeForm,
    /// The finest step of the clock, microseconds.
    pub(super) tick: i64,
    /// Whether they say how far they are from UTC.
    pub(super) has_offset: bool,
}

/// Why instants are not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeTrouble {
    /// Day and month cannot be told apart.
    Order,
    /// There are both orders.
    BothOrders,
    /// It is no instant.
    NoTime,
    /// Clocks are put forward over it.
    Skipped,
    /// No log is so old, or of the future.
    Impossible,
}

impl TimeTrouble {
    /// What is wrong, and what is allowed.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::Order => "day and month of the dates cannot be told apart",
            Self::BothOrders => "dates with the day first and with the month first",
            Self::NoTime => "not a date with a clock time",
            Self::Skipped => "a clock time that does not exist: clocks are put forward over it",
            Self::Impossible => "a date before 2000 or after 2100",
        }
    }
}

/// Finds out from the first rows how instants are written.
pub(super) fn sample<'a>(
    texts: impl Iterator<Item = &'a str> + Clone,
    wanted: Option<DateOrder>,
) -> Result<SampledTimes, TimeTrouble> {
    let sampled = |form, tick, has_offset| Ok(SampledTimes { form, tick, has_offset });
    let epoch = |text: &str| match text.len() {
        _ if !text.bytes().all(|byte| byte.is_ascii_digit()) => None,
        10 => Some(SECOND),
        13 => Some(1000),
        16 => Some(1),
        _ => None,
    };
    let Some(first) = texts.clone().next() else { return Err(TimeTrouble::NoTime) };
    if let Some(micros) = epoch(first) {
        return sampled(TimeForm::Epoch(micros), micros, true);
    }
    let iso = Vec::from_iter(texts.clone().filter_map(iso));
    if !iso.is_empty() {
        let tick = if iso.iter().any(|it| it.micros % SECOND != 0) {
            1
        } else if iso.iter().any(|it| it.micros % (60 * SECOND) != 0) || iso.len() < FEW {
            SECOND
        } else {
            60 * SECOND
        };
        return sampled(TimeForm::Iso, tick, iso.iter().any(|it| it.offset_minutes.is_some()));
    }
    let mut order = wanted;
    for text in texts.clone().filter(|_| wanted.is_none()) {
        match proved_order(text) {
            ProvedOrder::One(proved) if order.is_some_and(|known| known != proved) => {
                return Err(TimeTrouble::BothOrders);
            }
            ProvedOrder::One(proved) => order = Some(proved),
            ProvedOrder::NoneNeeded | ProvedOrder::Either => {}
        }
    }
    let is_asked =
        order.is_none() && texts.clone().any(|it| proved_order(it) == ProvedOrder::Either);
    if is_asked {
        return Err(TimeTrouble::Order);
    }
    let order = order.unwrap_or(DateOrder::DayFirst);
    let civil = Vec::from_iter(texts.filter_map(|text| civil_instant(text, order)));
    if civil.is_empty() {
        return Err(TimeTrouble::NoTime);
    }
    let are_minutes = civil.iter().all(|instant| instant.second() == 0) && civil.len() >= FEW;
    sampled(TimeForm::Civil(order), if are_minutes { 60 * SECOND } else { SECOND }, false)
}

/// So many instants prove that a log has no seconds.
const FEW: usize = 20;
const SECOND: i64 = 1_000_000;

impl TimeReader {
    pub(super) fn new(form: TimeForm, zone: Option<TimeZone>) -> Self {
        Self { form, zone, last: i64::MIN }
    }

    /// An instant, in the order of the rows: it tells which of the two is meant of a clock time that
    /// clocks show twice.
    pub(super) fn read(&mut self, text: &str) -> Result<LoggedTime, TimeTrouble> {
        let found = match self.form {
            TimeForm::Iso => {
                let iso = iso(text).ok_or(TimeTrouble::NoTime)?;
                let local = iso.days * DAY + iso.micros;
                match iso.offset_minutes {
                    Some(minutes) => self.of_instant(local - i64::from(minutes) * MINUTE, minutes),
                    None => self.of_local(local)?,
                }
            }
            TimeForm::Epoch(micros) => {
                let number: i64 = text.parse().map_err(|_| TimeTrouble::NoTime)?;
                self.of_instant(number.saturating_mul(micros), 0)
            }
            TimeForm::Civil(order) => {
                let instant = civil_instant(text, order).ok_or(TimeTrouble::NoTime)?;
                self.of_local(micros_of(instant).ok_or(TimeTrouble::Impossible)?)?
            }
        };
        match (EARLIEST..LATEST).contains(&found.at.as_micros()) {
            true => Ok(found),
            false => Err(TimeTrouble::Impossible),
        }
    }

    fn of_instant(&self, micros: i64, offset_minutes: i16) -> LoggedTime {
        let shown = self.zone.as_ref().and_then(|zone| {
            let offset = zone.to_offset(Timestamp::from_microsecond(micros).ok()?);
            i16::try_from(offset.seconds() / 60).ok()
        });
        let offset_minutes = shown.unwrap_or(offset_minutes);
        LoggedTime { at: Time::from_micros(micros), offset_minutes }
    }

    /// Without a zone, local clocks are taken for UTC.
    fn of_local(&mut self, local: i64) -> Result<LoggedTime, TimeTrouble> {
        let Some(zone) = &self.zone else {
            return Ok(LoggedTime { at: Time::from_micros(local), offset_minutes: 0 });
        };
        let shown = Timestamp::from_microsecond(local).map_err(|_| TimeTrouble::Impossible)?;
        let shown = TimeZone::UTC.to_datetime(shown);
        let at = |offset: jiff::tz::Offset| local - i64::from(offset.seconds()) * SECOND;
        let offset = match zone.to_ambiguous_timestamp(shown).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { .. } => return Err(TimeTrouble::Skipped),
            // Rows do not go back by more than this, so that the second time is meant.
            AmbiguousOffset::Fold { before, after } => {
                if at(before).saturating_add(SLACK) < self.last { after } else { before }
            }
        };
        self.last = at(offset);
        let offset_minutes = i16::try_from(offset.seconds() / 60).unwrap_or(0);
        Ok(LoggedTime { at: Time::from_micros(self.last), offset_minutes })
    }
}

const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;
/// How far rows without an offset may go back within the hour that clocks show twice.
const SLACK: i64 = 5 * MINUTE;
/// 2000-01-01 and 2100-01-01.
const EARLIEST: i64 = 10_957 * DAY;
const LATEST: i64 = 47_482 * DAY;

fn micros_of(instant: DateTime) -> Option<i64> {
    Some(TimeZone::UTC.to_timestamp(instant).ok()?.as_microsecond())
}

/// Parts of an instant as of ISO 8601.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct IsoTime {
    /// Since 1970-01-01.
    days: i64,
    /// Since midnight.
    micros: i64,
    offset_minutes: Option<i16>,
}

/// Every row has one: read by hand.
fn iso(text: &str) -> Option<IsoTime> {
    let bytes = text.as_bytes();
    let number = |from: usize, length: usize| -> Option<i64> {
        bytes.get(from..from + length)?.iter().try_fold(0_i64, |number, byte| {
            byte.is_ascii_digit().then(|| number * 10 + i64::from(byte - b'0'))
        })
    };
    let is = |at: usize, allowed: &[u8]| bytes.get(at).is_some_and(|byte| allowed.contains(byte));
    if !(is(4, b"-/") && is(7, b"-/") && is(10, b"Tt ") && is(13, b":")) {
        return None;
    }
    let (year, month, day) = (number(0, 4)?, number(5, 2)?, number(8, 2)?);
    let (hour, minute) = (number(11, 2)?, number(14, 2)?);
    let mut at = 16;
    let mut second = 0;
    if is(at, b":") {
        second = number(at + 1, 2)?;
        at += 3;
    }
    let mut fraction = 0;
    if is(at, b".,") {
        at += 1;
        let mut unit = SECOND / 10;
        while bytes.get(at).is_some_and(u8::is_ascii_digit) {
            fraction += i64::from(bytes[at] - b'0') * unit;
            unit /= 10;
            at += 1;
        }
    }
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let micros = ((hour * 60 + minute) * 60 + second) * SECOND + fraction;
    let offset_minutes = offset(text.get(at..)?.trim_start())?;
    let days = days_of(year, month, day)?;
    Some(IsoTime { days, micros, offset_minutes: offset_minutes.minutes })
}

/// An offset, or that there is none.
struct WrittenOffset {
    minutes: Option<i16>,
}

/// `Z`, `+01:00`, `-0330`, `+01` or nothing; none of anything else.
fn offset(text: &str) -> Option<WrittenOffset> {
    let minutes = match text {
        "" => None,
        "Z" | "z" | "UTC" => Some(0),
        _ => {
            let (sign, digits) = match text.as_bytes()[0] {
                b'+' => (1, &text[1..]),
                b'-' => (-1, &text[1..]),
                _ => return None,
            };
            let digits = digits.replace(':', "");
            let number: i16 = digits.parse().ok()?;
            match digits.len() {
                2 => Some(sign * number * 60),
                4 => Some(sign * (number / 100 * 60 + number % 100)),
                _ => return None,
            }
        }
    };
    minutes.is_none_or(|minutes| minutes.abs() <= 18 * 60).then_some(WrittenOffset { minutes })
}

/// Days since 1970-01-01.
fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    const LENGTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let position = usize::try_from(month - 1).ok().filter(|&position| position < 12)?;
    let length = LENGTHS[position] + i64::from(month == 2 && is_leap(year));
    if !(1..=length).contains(&day) {
        return None;
    }
    let past = year - 1;
    let leaps = past / 4 - past / 100 + past / 400;
    let years = past * 365 + leaps - 719_162;
    Some(years + BEFORE[position] + i64::from(month > 2 && is_leap(year)) + day - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::calendar::Calendar;

    fn reader(form: TimeForm, zone: &str) -> TimeReader {
        TimeReader::new(form, Calendar::zone(zone))
    }

    fn utc(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_microsecond()
    }

    #[test]
    fn instants_agree_with_those_of_a_calendar() {
        for text in [
            "2026-03-02T09:00:48.741488+01:00",
            "2000-02-29T23:59:59Z",
            "2024-12-31T00:00:00-03:30",
            "2026-07-01T12:00:00.5+02:00",
        ] {
            let read = reader(TimeForm::Iso, "").read(text).unwrap();
            assert_eq!(read.at.as_micros(), utc(text), "{text}");
        }
        let offset = |text| reader(TimeForm::Iso, "").read(text).unwrap().offset_minutes;
        assert_eq!(offset("2026-03-02 09:00-0330"), -210);
        let of_epoch = reader(TimeForm::Epoch(1000), "").read("1772438448741").unwrap();
        assert_eq!(of_epoch.at.as_micros(), utc("2026-03-02T08:00:48.741Z"));
    }

    #[test]
    fn what_is_no_instant_is_told() {
        let mut iso = reader(TimeForm::Iso, "Europe/Berlin");
        for text in ["2026-02-29T09:00:00", "2026-03-02T24:00:00", "2026-03-02", "soon", ""] {
            assert_eq!(iso.read(text), Err(TimeTrouble::NoTime), "{text}");
        }
        assert_eq!(iso.read("1970-01-01T00:00:00Z"), Err(TimeTrouble::Impossible));
        assert_eq!(iso.read("2026-03-29 02:30:00"), Err(TimeTrouble::Skipped));
    }

    #[test]
    fn the_order_of_rows_tells_which_hour_is_meant_of_one_that_comes_twice() {
        let mut local = reader(TimeForm::Iso, "Europe/Berlin");
        let hours = ["01:50", "02:10", "02:50", "02:08", "02:55", "03:05"].map(|clock| {
            let read = local.read(&format!("2026-10-25 {clock}:00")).unwrap();
            (read.at.as_micros() - utc("2026-10-24T22:00:00Z")) / MINUTE
        });
        assert_eq!(hours, [110, 130, 170, 188, 235, 245]);
    }

    #[test]
    fn a_zone_shows_instants_by_its_own_clock() {
        let read = reader(TimeForm::Iso, "Europe/Berlin").read("2026-07-01T12:00:00Z").unwrap();
        assert_eq!(read.offset_minutes, 120);
    }

    #[test]
    fn the_first_rows_tell_form_and_tick() {
        let of = |texts: &[&str]| sample(texts.iter().copied(), None);
        let sampled = |form, tick, has_offset| Ok(SampledTimes { form, tick, has_offset });
        assert_eq!(of(&["2026-03-02T09:00:48.7Z"]), sampled(TimeForm::Iso, 1, true));
        assert_eq!(of(&["2026-03-02 09:00:48"]), sampled(TimeForm::Iso, SECOND, false));
        assert_eq!(of(&["2026-03-02 09:00"; 20]), sampled(TimeForm::Iso, MINUTE, false));
        assert_eq!(of(&["1772438448"]), sampled(TimeForm::Epoch(SECOND), SECOND, true));
        let day_first = TimeForm::Civil(DateOrder::DayFirst);
        assert_eq!(of(&["02/03/2026 9:00", "13/03/2026 9:00"]), sampled(day_first, SECOND, false));
        assert_eq!(of(&["02/03/2026 9:00"]), Err(TimeTrouble::Order));
        assert_eq!(of(&["13/03/2026 9:00", "03/13/2026 9:00"]), Err(TimeTrouble::BothOrders));
        assert_eq!(of(&["yesterday"]), Err(TimeTrouble::NoTime));
    }
}
