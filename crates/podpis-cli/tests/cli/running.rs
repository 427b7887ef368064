//! A program that runs beside a test.
//!
//! **Invariant:** it ends with the test, however that ends.

use std::ops::{Deref, DerefMut};
use std::process::Child;

use crate::bench::Ended;

/// A running program, which is killed when this is dropped.
#[derive(Debug)]
pub(crate) struct Running(Option<Child>);

impl Running {
    /// Waits for its end.
    pub(crate) fn ended(mut self) -> Ended {
        let child = self.0.take().unwrap();
        child.wait_with_output().unwrap().into()
    }
}

impl From<Child> for Running {
    fn from(child: Child) -> Self {
        Self(Some(child))
    }
}

impl Deref for Running {
    type Target = Child;

    fn deref(&self) -> &Child {
        self.0.as_ref().unwrap()
    }
}

impl DerefMut for Running {
    fn deref_mut(&mut self) -> &mut Child {
        self.0.as_mut().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_test_that_fails_leaves_no_program_behind() {
    let child = crate::bench::podpis_with_pipes()
        .args(["sandbox", "--port", "0"])
        .spawn()
        .unwrap();
    let place = format!("/proc/{}", child.id());
    let failed = std::panic::catch_unwind(|| {
        let _running = Running::from(child);
        panic!("as a test that fails does");
    });
    assert!(failed.is_err());
    assert!(!std::path::Path::new(&place).exists());
}
