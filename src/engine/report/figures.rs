//! Numbers as people read them.

/// What stands where there is no number.
pub(super) const NONE: &str = "–";

/// A count as a real number.
pub fn real(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::from(u32::MAX), f64::from)
}

/// A value of any size: whole numbers without decimals, others with at least two telling digits.
#[must_use]
pub fn number(x: f64) -> String {
    let size = x.abs();
    if !x.is_finite() {
        NONE.to_owned()
    } else if (x - x.round()).abs() < 1e-9 {
        format!("{:.0}", x.round() + 0.0)
    } else if size < 0.001 {
        "<0.001".to_owned()
    } else {
        let text = if size < 0.1 { format!("{x:.3}") } else { format!("{x:.2}") };
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

/// A mean with a fixed number of decimals, so that a column of them lines up.
pub(super) fn mean(x: f64, decimals: usize) -> String {
    if x.is_finite() { format!("{x:.decimals$}") } else { NONE.to_owned() }
}

/// Seconds of a run.
#[must_use]
pub fn seconds(x: f64) -> String {
    match x {
        x if !x.is_finite() => NONE.to_owned(),
        x if x < 0.01 => "<0.01".to_owned(),
        x if x < 10.0 => format!("{x:.2}"),
        x => format!("{x:.1}"),
    }
}

/// A share in per cent, never rounded up to a ceiling that is not reached.
#[must_use]
pub fn per_cent(share: f64) -> String {
    if share.is_finite() { format!("{:.2} %", (share * 1e4).floor() / 100.0) } else { NONE.to_owned() }
}
