//! Replies that are signed by hand, and a docflow that is answered to its end.
