//! Tells plans apart.

use crate::scenario::Plan;

/// Tells plans apart: the same for the same plan and version, in hexadecimal.
pub(super) fn fingerprint(plan: &Plan) -> String {
    // FNV-1a of all settings in the order of their declaration.
    let hash = format!("{plan:?}").bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
