//! A fixed number of customers who come to one server again and again, as conversations do to an agent who
//! answers them one at a time.

/// Customers of one server who think after each service and come again. Their number may be a mean, with
/// a fraction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClosedQueue {
    /// How many there are, at least 1.
    pub customers: f64,
    /// Mean time from the end of a service to the next coming of the same customer, seconds.
    pub think: f64,
    /// Coefficient of variation of the service time.
    pub cv: f64,
}

impl ClosedQueue {
    /// Mean time from coming to the end of service, seconds, where a service takes so long in the mean.
    ///
    /// Exact for exponential think times and gamma service times (the machine interference of Palm and
    /// Takács), and for any think times if service is exponential. Between two whole numbers of customers
    /// the response is interpolated.
    pub fn response(&self, service: f64) -> f64 {
        let customers = self.customers.max(1.0);
        let (below, above) = (libm::floor(customers), libm::ceil(customers));
        let [low, high] = [below, above].map(|customers| self.response_of(customers, service));
        low + (high - low) * (customers - below)
    }

    /// Of a whole number of customers.
    fn response_of(&self, customers: f64, service: f64) -> f64 {
        if self.think <= 0.0 || service <= 0.0 {
            return customers * service.max(0.0);
        }
        // Of those who think, n come during services that begin one after the other.
        let (mut term, mut sum) = (1.0, 1.0);
        for number in 1..customers as u32 {
            let number = f64::from(number);
            let transform = self.transform(service, number / self.think);
            term *= (customers - number) / number * (1.0 - transform) / transform;
            sum += term;
        }
        let load = customers * service / self.think * sum;
        let busy = 1.0 - 1.0 / (1.0 + load);
        customers * service / busy - self.think
    }

    /// Probability that a service is over before an event that comes with this rate.
    fn transform(&self, service: f64, rate: f64) -> f64 {
        let square = self.cv * self.cv;
        if square < SMALLEST_SQUARE {
            return libm::exp(-rate * service);
        }
        libm::pow(1.0 + rate * service * square, -1.0 / square)
    }
}

/// Below, service is as good as fixed.
const SMALLEST_SQUARE: f64 = 1e-6;

#[cfg(test)]
mod tests {
    use super::*;

    /// The repairman's problem, solved in `validation.md` as V13 a.
    #[test]
    fn exponential_service_is_exact() {
        let cases =
            [(3.0, 45.0, 30.0, 58.965_5), (4.0, 60.0, 20.0, 40.769_2), (2.0, 40.0, 40.0, 60.0)];
        for (customers, think, service, exact) in cases {
            let response = ClosedQueue { customers, think, cv: 1.0 }.response(service);
            assert!((response - exact).abs() < 1e-4, "{customers}: {response}");
        }
    }

    /// Of two, one comes during the service of the other: it waits for what is left of it.
    #[test]
    fn two_customers_wait_as_worked_out_by_hand() {
        let of = |cv, think| ClosedQueue { customers: 2.0, think, cv }.response(40.0);
        // 2 s − E min(S, T): of a fixed S this is Z (1 − exp(−s / Z)).
        let exact = 80.0 - 40.0 * (1.0 - libm::exp(-1.0));
        assert!((of(0.0, 40.0) - exact).abs() < 1e-9, "{}", of(0.0, 40.0));
        // Of gamma with cv² = 4 the transform at 1 / Z is 5^(−1/4).
        let exact = 80.0 - 40.0 * (1.0 - libm::pow(5.0, -0.25));
        assert!((of(2.0, 40.0) - exact).abs() < 1e-9, "{}", of(2.0, 40.0));
        // Who comes again at once always finds the other there.
        assert_eq!((of(0.5, 0.0), of(2.0, 0.0)), (80.0, 80.0));
    }

    #[test]
    fn a_customer_alone_never_waits_and_a_fraction_lies_between() {
        let of = |customers, cv| ClosedQueue { customers, think: 40.0, cv }.response(40.0);
        assert!([1.0, 3.0].iter().all(|&cv| (of(1.0, cv) - 40.0).abs() < 1e-9));
        assert!((of(1.5, 1.0) - 50.0).abs() < 1e-9);
        assert_eq!(ClosedQueue { customers: 3.0, think: 40.0, cv: 1.0 }.response(0.0), 0.0);
        // So many that the server never rests.
        let response = ClosedQueue { customers: 1000.0, think: 40.0, cv: 0.3 }.response(40.0);
        assert!((response - 39_960.0).abs() < 1e-6, "{response}");
    }
}
