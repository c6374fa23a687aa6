//! Dates with clock times as the rows of a log write them.

use jiff::civil::{Date, DateTime, Time as CivilTime};

use super::spelling::{clock, date_and_rest, slashed};
use super::table_options::DateOrder;

/// What a text proves of the order of day and month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProvedOrder {
    /// It is written so that the order is known.
    NoneNeeded,
    /// This one.
    One(DateOrder),
    /// It may be either.
    Either,
}

/// What a text that begins with a date proves of the order of day and month.
pub fn proved_order(text: &str) -> ProvedOrder {
    match slashed(text) {
        None => ProvedOrder::NoneNeeded,
        Some([first, ..]) if first > 12 => ProvedOrder::One(DateOrder::DayFirst),
        Some([_, second, _]) if second > 12 => ProvedOrder::One(DateOrder::MonthFirst),
        Some(_) => ProvedOrder::Either,
    }
}

/// A date and clock time, to the second, in any form in which tables may have them.
pub fn civil_instant(text: &str, order: DateOrder) -> Option<DateTime> {
    let parts = date_and_rest(text, order)?;
    let seconds = clock(parts.rest.trim_start_matches([',', ' ']))?.seconds();
    let part = |seconds: u32| i8::try_from(seconds % 60).ok();
    let hour = i8::try_from(seconds / 3600).ok()?;
    let time = CivilTime::new(hour, part(seconds / 60)?, part(seconds)?, 0).ok()?;
    Some(DateTime::from_parts(parts.date, time))
}

/// A date alone, in any form in which tables may have it.
pub fn civil_date_of(text: &str, order: DateOrder) -> Option<Date> {
    date_and_rest(text, order).filter(|parts| parts.rest.is_empty()).map(|parts| parts.date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_day_and_month_is_proved_or_asked_for() {
        let order = |text| proved_order(text);
        assert_eq!(order("2026-03-02 09:00"), ProvedOrder::NoneNeeded);
        assert_eq!(order("13/03/2026 09:00"), ProvedOrder::One(DateOrder::DayFirst));
        assert_eq!(order("03/13/2026 09:00"), ProvedOrder::One(DateOrder::MonthFirst));
        assert_eq!(order("03/02/2026 09:00"), ProvedOrder::Either);
    }

    #[test]
    fn instants_are_read_as_tables_write_them() {
        let expected = jiff::civil::date(2026, 3, 2).at(21, 5, 7, 0);
        for text in ["02.03.2026 21:05:07", "02/03/2026 9:05:07 PM", "2 Mar 2026, 21:05:07"] {
            assert_eq!(civil_instant(text, DateOrder::DayFirst), Some(expected), "{text}");
        }
        assert_eq!(civil_instant("02.03.2026", DateOrder::DayFirst), None);
        assert_eq!(civil_date_of("02.03.2026", DateOrder::DayFirst), Some(expected.date()));
    }
}
