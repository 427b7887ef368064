//! Lists of docflows and what is done with their documents.
