//! Decides where what only computes is done: not on a thread that drives other operations.
//!
//! **Invariant:** the result is the same wherever it is computed; without a runtime it is computed in place.

use std::panic::resume_unwind;

use tokio::runtime::Handle;

/// Computes on a thread that may be held up: verifying many signatures takes seconds, in which a thread of the
/// runtime would keep other operations from being driven.
pub async fn compute<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> T {
    let Ok(runtime) = Handle::try_current() else {
        return job();
    };
    match runtime.spawn_blocking(job).await {
        Ok(result) => result,
        // A computation is never cancelled while somebody waits for it, so it has panicked.
        Err(stopped) => resume_unwind(stopped.into_panic()),
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::compute;

    #[tokio::test]
    async fn the_threads_of_the_runtime_stay_free() {
        let here = thread::current().id();
        assert_ne!(compute(|| thread::current().id()).await, here);
    }

    #[test]
    fn without_a_runtime_it_is_computed_in_place() {
        let here = thread::current().id();
        let there = futures_util::FutureExt::now_or_never(compute(|| thread::current().id()));
        assert_eq!(there, Some(here));
    }
}
