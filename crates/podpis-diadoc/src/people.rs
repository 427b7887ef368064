//! The user, and what they may do in a box.
//!
//! **Invariant:** a right that the service does not name is "not known", never a yes and never a no.

use std::fmt;

use podpis_core::Error;
use podpis_core::call::Call;
use podpis_diadoc_proto::{self as proto, DocumentAccessLevel, employees};

use crate::endpoints::{GET_MY_EMPLOYEE, GET_MY_USER};
use crate::{Diadoc, InBox, protobuf};

/// The person whose login this is.
///
/// Personal data: `Debug` prints the id alone.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct User {
    /// Their id, a GUID.
    pub id: String,
    /// Their login.
    pub login: Option<String>,
    /// Family name.
    pub last_name: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Patronymic.
    pub middle_name: Option<String>,
    /// Whether they have logged in before.
    pub is_registered: bool,
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl From<proto::UserV2> for User {
    fn from(wire: proto::UserV2) -> Self {
        let said = |text: String| Some(text).filter(|text| !text.is_empty());
        let (last_name, first_name, middle_name) = match wire.full_name {
            Some(name) => (
                said(name.last_name),
                said(name.first_name),
                name.middle_name.and_then(said),
            ),
            None => (None, None, None),
        };
        Self {
            id: wire.user_id,
            login: wire.login.and_then(said),
            last_name,
            first_name,
            middle_name,
            is_registered: wire.is_registered,
        }
    }
}

/// The person as an employee of the organization whose box it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Employee {
    /// Who it is.
    pub user: User,
    /// Their department, a GUID; that of all zeros is the head department.
    pub department: String,
    /// Whether they administer the organization.
    pub is_administrator: bool,
    /// Which documents they see; an open set.
    pub document_access: DocumentAccessLevel,
    /// The departments whose documents they see, where those were selected.
    pub selected_departments: Vec<String>,
    /// What the service names, `SignDocuments` for example, and whether it is allowed.
    pub actions: Vec<(String, bool)>,
    /// Whether they are kept out of the box, where the service tells.
    pub is_blocked: Option<bool>,
    /// Their position.
    pub position: String,
}

impl Employee {
    /// Whether an action is allowed; none where the service does not name it. Known are `CreateDocuments`,
    /// `DeleteRestoreDocuments`, `SignDocuments`, `AddResolutions`, `RequestResolutions` and `ManageCounteragents`.
    #[must_use]
    pub fn may(&self, action: &str) -> Option<bool> {
        let mut actions = self.actions.iter();
        let found = actions.find(|(name, _)| name.eq_ignore_ascii_case(action));
        found.map(|(_, is_allowed)| *is_allowed)
    }
}

impl From<employees::Employee> for Employee {
    fn from(wire: employees::Employee) -> Self {
        let document_access = wire.permissions.typed_document_access_level();
        let permissions = wire.permissions;
        let actions = permissions.actions.into_iter();
        Self {
            user: wire.user.into(),
            department: permissions.user_department_id,
            is_administrator: permissions.is_administrator,
            document_access,
            selected_departments: permissions.selected_department_ids,
            actions: actions.map(|one| (one.name, one.is_allowed)).collect(),
            is_blocked: permissions
                .authorization_permission
                .map(|known| known.is_blocked),
            position: wire.position,
        }
    }
}

impl Diadoc {
    /// The user (V2/GetMyUser).
    ///
    /// # Errors
    /// When the service does not answer or refuses.
    pub async fn user(&self) -> Result<User, Error> {
        let answer = self.caller().call(Call::new(&GET_MY_USER)).await?;
        let user: proto::UserV2 = protobuf::read(&answer)?;
        Ok(user.into())
    }
}

impl InBox {
    /// What the user may do in this box (GetMyEmployee).
    ///
    /// # Errors
    /// When the service does not answer or refuses: 404 where the user is nobody's employee there.
    pub async fn employee(&self) -> Result<Employee, Error> {
        let call = Call::new(&GET_MY_EMPLOYEE).query("boxId", self.id.as_str());
        let answer = self.caller().call(call).await?;
        let employee: employees::Employee = protobuf::read(&answer)?;
        Ok(employee.into())
    }
}
