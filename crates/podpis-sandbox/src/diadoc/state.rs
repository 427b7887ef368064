//! Decides what lies in Diadoc beside the shelf and CloudSign: certificates, DssSign operations, receipts.
//!
//! **Invariant:** what is seeded depends on the day only through the certificates.

use std::collections::BTreeMap;

use super::certificates_store::{self, Certificate};
use super::cloud_operations::CloudSign;
use super::dss_operations::DssSign;
use super::messages::{self, Messages};
use super::options::DiadocOptions;
use super::receipts_store::Receipts;
use super::shelf_store::Shelf;
use crate::identity::User;
use crate::moment::Moment;
use crate::options::WorldOptions;
use crate::phone::{Operations, Second};
use crate::signer::{Authority, Identity, Manner};

/// The Diadoc half of a world.
#[derive(Clone, Debug)]
pub(crate) struct Diadoc {
    pub(crate) options: DiadocOptions,
    pub(super) certificates: Vec<Certificate>,
    pub(crate) cloud: Operations<CloudSign>,
    pub(crate) dss: Operations<DssSign>,
    /// Accepted starts of DssSign.
    pub(super) dss_starts: u64,
    pub(crate) receipts: Receipts,
    /// The users of a trusted service: by its key and its id of the user.
    pub(super) bindings: BTreeMap<(String, String), usize>,
    pub(super) shelf: Shelf,
    pub(super) messages: Messages,
}

impl Diadoc {
    /// All certificates with their owners.
    pub(crate) fn identities(&self) -> impl Iterator<Item = (usize, &Identity)> {
        self.certificates
            .iter()
            .map(|known| (known.owner, &known.identity))
    }
}

pub(super) type Room<'w> = crate::room::Room<'w, Diadoc>;

/// The seeded state. Certificates of CloudSign are those of the users.
pub(crate) fn seeded(
    authority: &mut Authority,
    users: &[User],
    (options, manner): (&WorldOptions, &Manner),
    now: Moment,
) -> Diadoc {
    let with_unheard = options.diadoc_options.unknown_certificate_type;
    let (limits, life) = (&options.limits, options.code_life);
    Diadoc {
        certificates: certificates_store::seeded(authority, users, with_unheard, now),
        cloud: Operations::new(limits.operations, life, Second::Asked),
        dss: Operations::new(limits.operations, life, Second::Fails),
        dss_starts: 0,
        receipts: Receipts::seeded(options.diadoc_options.receipts, limits.operations),
        bindings: BTreeMap::new(),
        shelf: Shelf::new(options.shelf_file_limit, limits.shelf_files),
        messages: messages::seeded(authority, users, (options, manner), now),
        options: options.diadoc_options.clone(),
    }
}
