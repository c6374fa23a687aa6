//! All figures, in one list.

use super::backlog_figures::OF_BACKLOG;
use super::catalogue::OF_RUN;
use super::definition::Definition;
use super::wall_clock_figures::BY_THE_WALL;

/// All figures of a run, in the order of a report.
pub static FIGURES: &[Definition] = &ALL;

static ALL: [Definition; COUNT] = {
    let mut all = [OF_RUN[0]; COUNT];
    let (mut list, mut place, mut position) = (0, 0, 0);
    while list < LISTS.len() {
        if place < LISTS[list].len() {
            all[position] = LISTS[list][place];
            (place, position) = (place + 1, position + 1);
        } else {
            (list, place) = (list + 1, 0);
        }
    }
    all
};

const LISTS: [&[Definition]; 3] = [OF_RUN, OF_BACKLOG, BY_THE_WALL];
const COUNT: usize = OF_RUN.len() + OF_BACKLOG.len() + BY_THE_WALL.len();

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::ledger::definitions::{FigureKind, find};
    use crate::ledger::test_events::TestEvents;

    #[test]
    fn every_figure_has_a_name_of_its_own_a_label_and_a_sentence() {
        let names: BTreeSet<_> = FIGURES.iter().map(|figure| figure.name).collect();
        assert_eq!(names.len(), FIGURES.len());
        for figure in FIGURES {
            assert!(figure.text.ends_with('.') && figure.text.len() > 10, "{}", figure.name);
            let labels = [figure.label, figure.short_label];
            assert!(
                labels.iter().all(|label| label.len() > 3 && *label == label.trim()),
                "{labels:?}"
            );
            assert!(figure.short_label.len() <= figure.label.len(), "{labels:?}");
            assert!(
                figure
                    .name
                    .chars()
                    .all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit())
            );
        }
    }

    #[test]
    fn figures_add_up_as_they_say() {
        let mut facts = TestEvents::new();
        facts.online(0).open().at(10).assign(0, 0).busy(0, true).at(25).busy(0, false);
        facts.last_reply(0, 5).open().at(60);
        let one = facts.outcome();
        let mut two = one.clone();
        two.merge(&one);
        for figure in FIGURES {
            let (single, double) = ((figure.value)(&one), (figure.value)(&two));
            let expected = match figure.kind {
                FigureKind::Count => single.map(|value| value * 2.0),
                FigureKind::Mean | FigureKind::Ratio | FigureKind::Maximum => single,
            };
            assert_eq!(double, expected, "{}", figure.name);
        }
        let value = |name| find(name).and_then(|figure| (figure.value)(&one));
        assert_eq!((value("offered"), value("occupancy")), (Some(2.0), Some(0.25)));
        assert_eq!((value("first_response_mean"), value("rescue_mean")), (Some(25.0), None));
        assert_eq!(
            (value("logged_in_hours"), value("queue_length_max")),
            (Some(1.0 / 60.0), Some(1.0))
        );
    }
}
