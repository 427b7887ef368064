//! Decides which boxes, organizations and documents of Diadoc have names from the start.
//!
//! **Invariant:** ids are constants, so a manual can name them.

pub(crate) const BOX_ID: &str = "d0b3a6c2-1111-4c5e-9a57-0d1ad0c00001";
/// A box of somebody else.
pub(crate) const OTHER_BOX_ID: &str = "d0b3a6c2-1111-4c5e-9a57-0d1ad0c00002";
pub(crate) const MESSAGE_ID: &str = "d0b3a6c2-2222-4c5e-9a57-0d1ad0c00001";
pub(crate) const ENTITY_ID: &str = "d0b3a6c2-3333-4c5e-9a57-0d1ad0c00001";
pub(crate) const PATCHED_CONTENT_ID: &str = "d0b3a6c2-4444-4c5e-9a57-0d1ad0c00001";

/// What the other box is called.
pub(crate) const OTHER_TITLE: &str = "ООО «Лютик»";

/// What is known about an organization.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OrganizationSeed {
    pub(crate) id: &'static str,
    pub(crate) inn: &'static str,
    pub(crate) kpp: &'static str,
    pub(crate) name: &'static str,
    pub(crate) full_name: &'static str,
}

/// The organization of the box.
pub(crate) const ORGANIZATION: OrganizationSeed = OrganizationSeed {
    id: "d0b3a6c2-5555-4c5e-9a57-0d1ad0c00001",
    inn: "6676130154",
    kpp: "667601001",
    name: "ООО «Ромашка»",
    full_name: "Общество с ограниченной ответственностью «Ромашка»",
};

/// The organization of the other box.
pub(crate) const OTHER_ORGANIZATION: OrganizationSeed = OrganizationSeed {
    id: "d0b3a6c2-5555-4c5e-9a57-0d1ad0c00002",
    inn: "7811000017",
    kpp: "781101001",
    name: OTHER_TITLE,
    full_name: "Общество с ограниченной ответственностью «Лютик»",
};

/// The department that all others are below.
pub(crate) const HEAD_DEPARTMENT: &str = "00000000-0000-0000-0000-000000000000";
