//! How a line of the catalogue is read.

/// A figure a line: how it adds up, its unit, name and label, `or` a shorter label, `in` which part of
/// the summary it is shown, `below` the line before, with its rank there unless that is 0, and `&` the
/// figure without which it would repeat others; what it is,
/// of a `run`, or, if each `interval` of the day knows it too, of either, or, if each `skill` does, of all
/// of them; and what that means.
macro_rules! figures {
    ($(
        $kind:ident $unit:ident $name:literal $label:literal $(or $short:literal)?
        $(in $heading:ident $($below:ident)? $($rank:literal)? $(& $beside:literal)?)?
        = $known:ident $value:expr, $text:literal;
    )+) => {
        &[$(Definition {
            name: $name,
            label: $label,
            short_label: figures!(@last $label $($short)?),
            place: figures!(@place $($heading $($below)? $($rank)? $(& $beside)?)?),
            unit: Unit::$unit,
            kind: FigureKind::$kind,
            text: $text,
            value: |outcome| figures!(@parts $known $value, outcome).quotient(),
            ratio: figures!(@ratio $kind $known $value),
            of_interval: figures!(@interval $known $value),
            of_skill: figures!(@skill $known $value),
        }),+]
    };
    (@last $label:literal) => { $label };
    (@last $label:literal $short:literal) => { $short };
    (@place) => { None };
    (@place $heading:ident below $($rank:literal)? $(& $beside:literal)?) => {
        Some(SummaryPlace { level: 1, ..figures!(@in $heading $($rank)? $(& $beside)?) })
    };
    (@place $heading:ident $($rank:literal)? $(& $beside:literal)?) => {
        Some(figures!(@in $heading $($rank)? $(& $beside)?))
    };
    (@in $heading:ident $($rank:literal)? $(& $beside:literal)?) => {
        SummaryPlace {
            heading: Heading::$heading,
            level: 0,
            rank: 0 $(+ $rank)?,
            beside: figures!(@beside $($beside)?),
        }
    };
    (@beside) => { None };
    (@beside $beside:literal) => { Some($beside) };
    (@parts run $value:expr, $outcome:ident) => {{
        let value: fn(&Outcome) -> _ = $value;
        Parts::from(value($outcome))
    }};
    (@parts interval $value:expr, $outcome:ident) => {{
        let value: fn(&dyn Measured) -> Parts = $value;
        value($outcome)
    }};
    (@parts skill $value:expr, $outcome:ident) => {{
        let value: fn(&dyn Counted) -> Parts = $value;
        value($outcome)
    }};
    (@ratio Ratio $known:ident $value:expr) => {
        Some(|outcome| figures!(@parts $known $value, outcome))
    };
    (@ratio $kind:ident $known:ident $value:expr) => { None };
    (@interval run $value:expr) => { None };
    (@interval interval $value:expr) => { Some($value) };
    (@interval skill $value:expr) => {{
        let value: fn(&dyn Measured) -> Parts = |it| {
            let value: fn(&dyn Counted) -> Parts = $value;
            value(it)
        };
        Some(value)
    }};
    (@skill run $value:expr) => { None };
    (@skill interval $value:expr) => { None };
    (@skill skill $value:expr) => { Some($value) };
}

pub(super) use figures;
