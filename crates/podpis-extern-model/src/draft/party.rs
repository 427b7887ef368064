//! The parties of a draft: who sends it, to which body, and whose report it is.
//!
//! **Invariant:** the same shapes are sent and read. What a new draft must have is an argument of a constructor;
//! when they are read, everything may be absent.

use serde::{Deserialize, Serialize};

use crate::{Base64, lenient};

/// Who signs and sends a draft.
///
/// For a cloud signature the certificate picks the key: it must be the one of the myDSS app or of the SMS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Sender {
    /// INN of the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inn: Option<String>,
    /// KPP of the sender, if it is an organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kpp: Option<String>,
    /// Name of the sender.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The certificate to sign with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateText>,
    /// Whether the sender acts for the payer.
    #[serde(
        skip_serializing_if = "Option::is_none",
        deserialize_with = "lenient::flag"
    )]
    pub is_representative: Option<bool>,
    /// IP address that the report comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipaddress: Option<String>,
}

impl Sender {
    /// `certificate` in DER, and the IP address that the report comes from.
    pub fn new(
        inn: impl Into<String>,
        certificate: impl AsRef<[u8]>,
        ipaddress: impl Into<String>,
    ) -> Self {
        Self {
            inn: Some(inn.into()),
            certificate: Some(CertificateText {
                content: Some(Base64::encode(certificate)),
            }),
            ipaddress: Some(ipaddress.into()),
            ..Self::default()
        }
    }

    /// Gives the KPP.
    #[must_use]
    pub fn with_kpp(mut self, kpp: impl Into<String>) -> Self {
        self.kpp = Some(kpp.into());
        self
    }

    /// Gives the name.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Says whether the sender acts for the payer.
    #[must_use]
    pub fn with_representative(mut self, is_representative: bool) -> Self {
        self.is_representative = Some(is_representative);
        self
    }
}

/// A certificate inside a meta.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct CertificateText {
    /// The certificate, DER.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Base64>,
}

/// The controlling body that a draft is for: one of the codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Recipient {
    /// An inspection of the FNS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ifns_code: Option<String>,
    /// An interregional inspection of the FNS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mri_code: Option<String>,
    /// A body of Rosstat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub togs_code: Option<String>,
    /// A body of the PFR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upfr_code: Option<String>,
    /// A body of the SFR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sfr_code: Option<String>,
    /// A body of the FSS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fss_code: Option<String>,
    /// A body of the MVD.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mvd_code: Option<String>,
    /// The registering inspection, beside the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_ifns_code: Option<String>,
}

macro_rules! recipients {
    ($($(#[$doc:meta])* $name:ident => $field:ident),+ $(,)?) => {
        impl Recipient {
            $(
                $(#[$doc])*
                pub fn $name(code: impl Into<String>) -> Self {
                    Self {
                        $field: Some(code.into()),
                        ..Self::default()
                    }
                }
            )+

            /// Names the registering inspection.
            #[must_use]
            pub fn with_registration_ifns_code(mut self, code: impl Into<String>) -> Self {
                self.registration_ifns_code = Some(code.into());
                self
            }
        }
    };
}

recipients! {
    /// An inspection of the FNS.
    ifns => ifns_code,
    /// An interregional inspection of the FNS.
    mri => mri_code,
    /// A body of Rosstat.
    togs => togs_code,
    /// A body of the PFR.
    upfr => upfr_code,
    /// A body of the SFR.
    sfr => sfr_code,
    /// A body of the FSS.
    fss => fss_code,
    /// A body of the MVD.
    mvd => mvd_code,
}

/// Whose report a draft is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Payer {
    /// INN of the payer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inn: Option<String>,
    /// Name of the payer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// For an organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organization: Option<Organization>,
    /// Registration number in the FSS.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_number_fss: Option<String>,
    /// Registration number in the PFR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_number_pfr: Option<String>,
    /// Registration number in the SFR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_number_sfr: Option<String>,
    /// OKPO.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub okpo: Option<String>,
    /// OGRN.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ogrn: Option<String>,
    /// SNILS of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snils: Option<String>,
}

/// What a payer has when it is an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
#[non_exhaustive]
pub struct Organization {
    /// KPP of the organization.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kpp: Option<String>,
}

macro_rules! payer_setters {
    ($($(#[$doc:meta])* $name:ident => $field:ident),+ $(,)?) => {
        impl Payer {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $name(mut self, value: impl Into<String>) -> Self {
                    self.$field = Some(value.into());
                    self
                }
            )+
        }
    };
}

payer_setters! {
    /// Gives the name.
    with_name => name,
    /// Gives the registration number in the FSS.
    with_registration_number_fss => registration_number_fss,
    /// Gives the registration number in the PFR.
    with_registration_number_pfr => registration_number_pfr,
    /// Gives the registration number in the SFR.
    with_registration_number_sfr => registration_number_sfr,
    /// Gives the OKPO.
    with_okpo => okpo,
    /// Gives the OGRN.
    with_ogrn => ogrn,
    /// Gives the SNILS.
    with_snils => snils,
}

impl Payer {
    /// The payer with that INN.
    pub fn new(inn: impl Into<String>) -> Self {
        Self {
            inn: Some(inn.into()),
            ..Self::default()
        }
    }

    /// Makes the payer an organization with that KPP.
    #[must_use]
    pub fn with_kpp(mut self, kpp: impl Into<String>) -> Self {
        self.organization = Some(Organization {
            kpp: Some(kpp.into()),
        });
        self
    }
}
