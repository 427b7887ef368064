//! Tells where the sandbox's phone is, for who has to answer on it: as an address and, at a terminal, as a QR code.
//!
//! **Invariant:** only the address of a sandbox is told, once, and nothing is asked of it.

use std::sync::{Mutex, PoisonError};

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use crate::environment::person_at_stderr;
use crate::messages::Message;
use crate::output::Output;

/// The sandboxes whose phones were told.
static TOLD: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Tells it to whoever has to answer now. `sandbox` is its address.
pub(crate) fn tell(sandbox: &str, output: Output) {
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    if told.iter().any(|one| one == sandbox) {
        return;
    }
    told.push(sandbox.to_owned());
    drop(told);
    let phone = format!("{sandbox}/phone");
    if person_at_stderr() {
        drawn(&phone).iter().for_each(|row| output.line(row));
    }
    output.say(&Message::SandboxPhone(phone));
}

/// The rows of the QR code, light on a dark terminal; none where the text is too long for one.
fn drawn(text: &str) -> Vec<String> {
    let Ok(code) = QrCode::new(text) else {
        return Vec::new();
    };
    let mut image = code.render::<Dense1x2>();
    // A block is light there.
    let image = image
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark);
    image.build().lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_square_of_half_blocks() {
        let rows = drawn("http://127.0.0.1:65535/phone");
        let width = rows[0].chars().count();
        // Version 3 has 29 modules, and 4 of light around them; a row of text is two of modules.
        assert_eq!((width, rows.len()), (37, 19), "{rows:?}");
        assert!(rows.iter().all(|row| row.chars().count() == width));
        assert!(rows[0].chars().all(|block| block == '\u{2588}'));
        assert!(drawn(&"x".repeat(5_000)).is_empty());
    }
}
