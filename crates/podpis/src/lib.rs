//! Remote signatures with Kontur.Extern and Diadoc
