//! How the owner of a certificate is asked to confirm, as far as the service tells.
//!
//! **Invariant:** numbers that this version does not know are kept; the digits of a phone are shown to people and
//! never by `Debug`.

use std::fmt;

use podpis_diadoc_proto::dss::{DssConfirmType, DssOperator, DssSignResult};
use podpis_operation::Operation;
use serde::{Deserialize, Serialize};

/// How the owner of the certificate is asked to confirm. Confirming happens on their phone; nothing is sent to the
/// service for it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DssProgress {
    /// The way to confirm, where the service tells; an open set.
    pub confirm_type: Option<DssConfirmType>,
    /// Who carries the request to the phone, where the service tells; an open set.
    pub operator: Option<DssOperator>,
    /// The last digits of the phone that confirms, four by the service's documents, where it tells. Personal: for
    /// the eyes of its owner.
    pub phone_last_numbers: Option<String>,
}

impl DssProgress {
    /// As the last poll told: of a [`DssSign`](crate::DssSign), or of an operation of which one is a step, such as a
    /// [`SignAndAttach`](crate::SignAndAttach). None before the service told anything, and for operations of other
    /// kinds.
    #[must_use]
    pub fn of(operation: &Operation) -> Option<Self> {
        let data = match operation.kind().as_str() {
            super::KIND => operation.data().to_value(),
            crate::attach::KIND => operation.data().to_value().get_mut("signing")?.take(),
            _ => return None,
        };
        let stored = data.get("progress")?;
        let asked: Asked = serde_json::from_value(stored.clone()).ok()?;
        Some(Self {
            confirm_type: asked.confirm_type.map(DssConfirmType),
            operator: asked.operator.map(DssOperator),
            phone_last_numbers: asked.phone,
        })
    }
}

/// For people: where to look for the request.
impl fmt::Display for DssProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.confirm_type {
            Some(DssConfirmType::SMS) => "to be confirmed by SMS",
            Some(DssConfirmType::MY_DSS) => "to be confirmed in the myDSS app",
            Some(DssConfirmType::APPLET) => "to be confirmed by the applet on the SIM card",
            Some(DssConfirmType::MOBILE_SDK) => "to be confirmed in the Kontur.Sign app",
            Some(DssConfirmType::GOS_KEY) => "to be confirmed in the GosKey app",
            _ => "to be confirmed on the owner's phone",
        })?;
        if let Some(numbers) = &self.phone_last_numbers {
            write!(f, ", phone …{numbers}")?;
        }
        match self.operator {
            Some(DssOperator::MEGAFON) => f.write_str(" (Megafon)"),
            Some(DssOperator::KONTUR) => f.write_str(" (Kontur)"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for DssProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DssProgress")
            .field("confirm_type", &self.confirm_type)
            .field("operator", &self.operator)
            .finish_non_exhaustive()
    }
}

/// The same as it is stored: by numbers.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asked {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    confirm_type: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    operator: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
}

impl Asked {
    /// What an answer tells; none where it tells nothing.
    pub(super) fn of(result: &DssSignResult) -> Option<Self> {
        let phone = result.phone_last_numbers.as_deref().map(str::trim);
        let asked = Self {
            confirm_type: result.confirm_type,
            operator: result.operator,
            phone: phone
                .filter(|text| !text.is_empty())
                .map(|text| text.chars().take(16).collect()),
        };
        (asked != Self::default()).then_some(asked)
    }
}
