//! What waits for a clock on the wall or for a browser, and leaves the processor idle meanwhile.

mod browser;
mod serve;
mod storm;
mod stress;
mod twin;
mod watched_run;
