//! Which figures a planner sees, under which headings, in which order.

use super::all_figures::FIGURES;
use super::definition::Definition;
use super::summary_place::Heading;

/// Figures under a heading.
pub struct SummaryPart {
    /// What stands above them.
    pub heading: &'static str,
    /// In the order in which they are shown.
    pub figures: Vec<&'static Definition>,
}

/// Everything after the verdict. Figures that are zero for all variants are left out.
pub fn summary() -> impl Iterator<Item = SummaryPart> {
    HEADINGS.iter().map(|&(heading, text)| {
        let placed = FIGURES.iter().filter_map(|figure| Some((figure.place?, figure)));
        let placed = placed.filter(|(place, _)| place.heading == heading);
        let mut placed = Vec::from_iter(placed);
        placed.sort_by_key(|(place, _)| place.rank);
        SummaryPart {
            heading: text,
            figures: placed.into_iter().map(|(_, figure)| figure).collect(),
        }
    })
}

const HEADINGS: [(Heading, &str); 6] = [
    (Heading::Conversations, "Conversations a run"),
    (Heading::Waiting, "Waiting"),
    (Heading::Unassignment, "Automatic unassignment"),
    (Heading::Removal, "Ownership removal"),
    (Heading::Rescue, "After a reassignment"),
    (Heading::Agents, "Agents"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_figure_with_a_place_is_shown_once_by_a_label_of_its_own() {
        let shown = Vec::from_iter(summary().flat_map(|part| part.figures));
        let placed = FIGURES.iter().filter(|figure| figure.place.is_some());
        assert_eq!(shown.len(), placed.count());
        let labels = BTreeSet::from_iter(shown.iter().map(|figure| figure.label));
        assert_eq!(labels.len(), shown.len());
    }

    #[test]
    fn a_part_stands_below_a_whole() {
        for part in summary() {
            let levels = part.figures.iter().map(|figure| figure.place.map(|place| place.level));
            assert_eq!(levels.clone().next(), Some(Some(0)), "{}", part.heading);
            assert!(levels.flatten().all(|level| level < 2), "{}", part.heading);
        }
    }

    #[test]
    fn figures_of_one_rank_are_in_the_order_of_the_catalogue() {
        let agents = summary().last().unwrap();
        let names = agents.figures.iter().map(|figure| figure.name);
        let first = [
            "occupancy",
            "slot_use",
            "idle",
            "away",
            "away_planned",
            "away_at_random",
            "away_set",
            "away_at_end_of_shift",
            "interrupted",
            "agents_online",
        ];
        assert_eq!(Vec::from_iter(names.take(first.len())), first);
    }
}
