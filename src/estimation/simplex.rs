//! Maxima of functions without derivatives.

/// A place and the value there.
#[derive(Clone, Debug)]
pub(super) struct Vertex {
    pub(super) place: Vec<f64>,
    pub(super) value: f64,
}

/// The highest place that a simplex climbs to from `start`, whose first edges are `edge` long, by the
/// method of Nelder and Mead 1965 (Computer Journal 7, 308–313): reflect, expand, contract, shrink. The
/// value is right to some 1e-4, the place to what that tells. A value that is not a number counts as minus
/// infinity.
pub(super) fn climb(start: &[f64], edge: f64, function: impl Fn(&[f64]) -> f64) -> Vertex {
    let measure = |place: Vec<f64>| {
        let value = function(&place);
        Vertex { place, value: if value.is_nan() { f64::NEG_INFINITY } else { value } }
    };
    let mut simplex = vec![measure(start.to_vec())];
    for axis in 0..start.len() {
        let mut place = start.to_vec();
        place[axis] += edge;
        simplex.push(measure(place));
    }
    for _ in 0..STEPS * start.len() {
        simplex.sort_by(|left, right| right.value.total_cmp(&left.value));
        if is_level(&simplex) {
            break;
        }
        step(&mut simplex, &measure);
    }
    simplex.sort_by(|left, right| right.value.total_cmp(&left.value));
    simplex.swap_remove(0)
}

fn step(simplex: &mut [Vertex], measure: &impl Fn(Vec<f64>) -> Vertex) {
    let last = simplex.len() - 1;
    let centre = Vec::from_iter((0..simplex[0].place.len()).map(|axis| {
        simplex[..last].iter().map(|vertex| vertex.place[axis]).sum::<f64>() / last as f64
    }));
    let worst = simplex[last].place.clone();
    let beyond = |factor: f64| {
        let axes = centre.iter().zip(&worst);
        measure(axes.map(|(centre, worst)| centre + factor * (centre - worst)).collect())
    };
    let reflected = beyond(1.0);
    simplex[last] = if reflected.value > simplex[0].value {
        let expanded = beyond(2.0);
        if expanded.value > reflected.value { expanded } else { reflected }
    } else if reflected.value > simplex[last - 1].value {
        reflected
    } else {
        let is_outside = reflected.value > simplex[last].value;
        let contracted = beyond(if is_outside { 0.5 } else { -0.5 });
        if contracted.value <= simplex[last].value.max(reflected.value) {
            let best = simplex[0].place.clone();
            for vertex in &mut simplex[1..] {
                let axes = vertex.place.iter().zip(&best);
                *vertex = measure(axes.map(|(own, best)| own.midpoint(*best)).collect());
            }
            return;
        }
        contracted
    };
}

/// Whether no vertex is worth telling from the best, in value or in place.
fn is_level(simplex: &[Vertex]) -> bool {
    let (best, worst) = (&simplex[0], &simplex[simplex.len() - 1]);
    let is_flat = best.value - worst.value <= FLAT;
    let is_near = |vertex: &Vertex| {
        vertex.place.iter().zip(&best.place).all(|(own, best)| (own - best).abs() < NEAR)
    };
    is_flat && simplex[1..].iter().all(is_near)
}

/// At most, by axis.
const STEPS: usize = 400;
/// Log-likelihoods that differ by so little say the same.
const FLAT: f64 = 1e-4;
/// Places that differ by so little are near enough for Newton's method.
const NEAR: f64 = 0.02;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn climbs_the_curved_ridge_of_rosenbrock() {
        let ridge = |x: &[f64]| {
            let (along, across) = (1.0 - x[0], x[1] - x[0] * x[0]);
            -1e3 * (along * along + 100.0 * across * across)
        };
        let top = climb(&[-1.2, 1.0], 0.5, ridge);
        assert!(top.place.iter().all(|x| (x - 1.0).abs() < 1e-3), "{top:?}");
    }

    #[test]
    fn what_is_not_a_number_is_never_the_top() {
        let top = climb(&[4.0], 0.5, |x| 1e3 * (libm::sqrt(x[0]) - x[0]));
        assert!((top.place[0] - 0.25).abs() < 1e-3, "{top:?}");
    }
}
