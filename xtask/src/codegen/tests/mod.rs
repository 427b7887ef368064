//! What the generator writes, and how it tells that something is stale.

mod shapes;
mod staleness;
