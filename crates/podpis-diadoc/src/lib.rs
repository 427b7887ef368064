//! Remote signatures with Diadoc
