use trunkline_core::types::BoxError;

/// The integer that a double is, when it is one that JavaScript is sure of.
pub(super) fn whole(value: f64) -> Result<i64, BoxError> {
    const SAFE: f64 = 9_007_199_254_740_991.0;
    if value.fract() != 0.0 || !value.is_finite() {
        return Err(format!("{} is not an integer", decimal(value)).into());
    }
    if value.abs() > SAFE {
        return Err(format!("{} is not a safe integer; give a BigInt", decimal(value)).into());
    }
    #[expect(clippy::cast_possible_truncation, reason = "checked above")]
    Ok(value as i64)
}

/// The shortest decimal that reads back as `value`, as JavaScript writes it: PostgreSQL and JSON read that too.
/// JavaScript's own code for it is there already; Rust's would be a tenth of the wasm.
pub(super) fn decimal(value: f64) -> String {
    #[cfg(target_arch = "wasm32")]
    return js_sys::Number::from(value).to_string_with_radix(10).map(String::from).unwrap_or_default();
    #[cfg(not(target_arch = "wasm32"))]
    value.to_string()
}
