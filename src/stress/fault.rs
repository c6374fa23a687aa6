//! What is done to the system while it runs. The load generator sends each fault at its instant to
//! the routers; here is what it does to one.

use std::time::Duration;

use actix::{AsyncContext, Context, WrapFuture};
use actix_rt::time::sleep;

use crate::scenario::stress::Fault;

use super::desk::Desk;

/// Lets a router suffer a fault.
pub(super) fn strike(fault: Fault, desk: &mut Desk, context: &mut Context<Desk>) {
    match fault {
        // It handles neither messages nor timers; everybody else goes on.
        Fault::Stall(length) => {
            let length = Duration::from_micros(length.as_micros().max(0) as u64);
            context.wait(sleep(length).into_actor(desk));
        }
    }
}
