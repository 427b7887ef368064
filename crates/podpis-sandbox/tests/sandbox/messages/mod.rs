//! Messages of Diadoc: reading them, preparing, signing, sending.

mod approvals;
mod drafts;
mod late;
mod lists;
mod operation_ids;
mod patching;
mod posting;
mod powers_and_labels;
mod preparing;
mod purity;
mod reading;
mod shapes;
mod shown;
mod support;
mod waiting;
