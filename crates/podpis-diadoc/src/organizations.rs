//! The user's organizations and their boxes.
//!
//! **Invariant:** only looks: the service may register a user by the very call, so that is always switched off.

use podpis_core::Error;
use podpis_core::call::Call;
use podpis_diadoc_proto::{self as proto, OrganizationList};

pub use podpis_diadoc_proto::OrganizationType;

use crate::endpoints::{GET_BOX, GET_MY_ORGANIZATIONS};
use crate::{BoxId, Diadoc, InBox, protobuf};

/// An organization that the user works in.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Organization {
    /// Its id.
    pub id: String,
    /// Its INN.
    pub inn: String,
    /// Its KPP, where it has one.
    pub kpp: Option<String>,
    /// Its name in full.
    pub full_name: String,
    /// Its name in short.
    pub short_name: Option<String>,
    /// Its boxes; the service gives each organization one.
    pub boxes: Vec<OrganizationBox>,
    /// Whether it is a test organization: its documents have no legal force.
    pub is_test: Option<bool>,
    /// Whether it is active.
    pub is_active: Option<bool>,
    /// What sort of organization it is, where the service tells; an open set.
    pub organization_type: Option<OrganizationType>,
    /// Whether the user has a certificate to sign with, where the service tells.
    pub has_certificate_to_sign: Option<bool>,
}

impl Organization {
    /// The box to work with, where there is one.
    #[must_use]
    pub fn box_id(&self) -> Option<&BoxId> {
        self.boxes.iter().find_map(OrganizationBox::id)
    }
}

/// A box of an organization, by its two names; the service takes either.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OrganizationBox {
    /// The GUID; none where what the service gave is not one.
    pub guid: Option<BoxId>,
    /// The address, `…@diadoc.ru`; none where what the service gave is not one.
    pub address: Option<BoxId>,
    /// What people call it.
    pub title: Option<String>,
    /// The organization whose it is; none in the list of an organization's own boxes.
    pub organization: Option<Box<Organization>>,
}

impl OrganizationBox {
    /// The name to use: the GUID, else the address.
    #[must_use]
    pub fn id(&self) -> Option<&BoxId> {
        self.guid.as_ref().or(self.address.as_ref())
    }
}

impl From<proto::Organization> for Organization {
    fn from(wire: proto::Organization) -> Self {
        Self {
            id: wire.org_id,
            inn: wire.inn,
            kpp: wire.kpp.filter(|text| !text.is_empty()),
            full_name: wire.full_name,
            short_name: wire.short_name.filter(|text| !text.is_empty()),
            boxes: wire.boxes.into_iter().map(OrganizationBox::from).collect(),
            is_test: wire.is_test,
            is_active: wire.is_active,
            organization_type: wire.organization_type.map(OrganizationType),
            has_certificate_to_sign: wire.has_certificate_to_sign,
        }
    }
}

impl From<proto::Box> for OrganizationBox {
    fn from(wire: proto::Box) -> Self {
        Self {
            guid: wire.box_id_guid.parse().ok(),
            address: wire.box_id.parse().ok(),
            title: Some(wire.title).filter(|text| !text.is_empty()),
            organization: wire.organization.map(|wire| Box::new(wire.into())),
        }
    }
}

impl Diadoc {
    /// The organizations that the user works in, with their boxes. Registers nobody.
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn organizations(&self) -> Result<Vec<Organization>, Error> {
        let call = Call::new(&GET_MY_ORGANIZATIONS).query("autoRegister", "false");
        let answer = self.caller().call(call).await?;
        let list: OrganizationList = protobuf::read(&answer)?;
        Ok(list
            .organizations
            .into_iter()
            .map(Organization::from)
            .collect())
    }
}

impl InBox {
    /// The box, and the organization whose it is (GetBox).
    ///
    /// # Errors
    /// When the service does not answer or refuses: 404 where there is no such box.
    pub async fn details(&self) -> Result<OrganizationBox, Error> {
        let call = Call::new(&GET_BOX).query("boxId", self.id.as_str());
        let answer = self.caller().call(call).await?;
        let known: proto::Box = protobuf::read(&answer)?;
        Ok(known.into())
    }
}
