//! Protobuf messages of Diadoc, without HTTP
