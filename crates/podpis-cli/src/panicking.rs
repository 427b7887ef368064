//! Decides how a panic, which is a bug of ours, ends the program: at once, whichever thread or task it happens in, and alike in
//! every build.
//!
//! **Invariant:** its place is on standard error, the terminal can be used again, and no other part waits for what will never
//! come. For operations it is what a kill is: their records are as they were stored last.

use std::panic;
use std::process;

/// What any program in Rust ends with after a panic of its main thread.
const EXIT: i32 = 101;

/// From now on.
pub(crate) fn ends_the_program() {
    let tell = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        // A question may be on it. Where this fails there is no terminal to give back.
        let _ = crossterm::terminal::disable_raw_mode();
        tell(panic);
        process::exit(EXIT);
    }));
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::process::{Command, exit};
    use std::thread;

    use super::ends_the_program;

    const PANICS: &str = "PODPIS_TEST_PANICS";

    #[test]
    fn a_panic_of_any_thread_ends_the_program_and_tells_its_place() {
        if env::var_os(PANICS).is_some() {
            ends_the_program();
            let _ = thread::spawn(|| panic!("on purpose")).join();
            exit(0);
        }
        let name = "panicking::tests::a_panic_of_any_thread_ends_the_program_and_tells_its_place";
        let ended = Command::new(env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(PANICS, "")
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(101), "{told}");
        assert!(told.contains("panicking.rs:"), "{told}");
        assert!(told.contains("on purpose"), "{told}");
    }
}
