//! A remote operation as data: its record, its states and what to do next
