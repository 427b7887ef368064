//! Making and changing drafts.
