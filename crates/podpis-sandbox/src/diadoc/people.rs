//! Decides what a person is told about themselves: who they are, and what they may do in a box.
//!
//! **Invariant:** everybody of the seed may do everything, and sees all documents of the box.

use podpis_diadoc_proto::employees::{Employee, EmployeeAction, EmployeePermissions};
use podpis_diadoc_proto::{
    AuthorizationPermission, DocumentAccessLevel, FullName, OrganizationUserPermissions, UserV2,
};

use super::boxes;
use super::places::{HEAD_DEPARTMENT, ORGANIZATION};
use super::state::Room;
use crate::answer::{Handled, Refusal, Reply};
use crate::call::Call;
use crate::identity::User;

const ACTIONS: [&str; 6] = [
    "CreateDocuments",
    "DeleteRestoreDocuments",
    "SignDocuments",
    "AddResolutions",
    "RequestResolutions",
    "ManageCounteragents",
];

/// `GET /V2/GetMyUser`.
pub(super) fn user(room: &Room, user: usize) -> Handled {
    Ok(Reply::message(&described(room.shared.person(user)?)))
}

/// `GET /GetMyEmployee`.
pub(super) fn employee(room: &Room, user: usize, call: &Call) -> Handled {
    boxes::own(call)?;
    let permissions = EmployeePermissions::new(
        HEAD_DEPARTMENT,
        user == 0,
        DocumentAccessLevel::ALL_DOCUMENTS,
    )
    .with_actions(ACTIONS.map(|name| EmployeeAction::new(name, true)))
    .with_authorization_permission(AuthorizationPermission::new(false));
    let user = described(room.shared.person(user)?);
    Ok(Reply::message(&Employee::new(
        user,
        permissions,
        "Директор",
        true,
    )))
}

/// `GET /GetMyPermissions`.
pub(super) fn permissions(call: &Call) -> Handled {
    if !boxes::is(call.query.required("orgId")?, ORGANIZATION.id) {
        return Err(Refusal::forbidden("This organization is not yours."));
    }
    let all = OrganizationUserPermissions {
        user_department_id: HEAD_DEPARTMENT.to_owned(),
        is_administrator: true,
        document_access_level: Some(DocumentAccessLevel::ALL_DOCUMENTS.number()),
        can_sign_documents: true,
        can_manage_counteragents: true,
        can_add_resolutions: true,
        can_request_resolutions: true,
        can_create_documents: true,
        authorization_permission: AuthorizationPermission::new(false),
        can_delete_restore_documents: true,
        can_attach_universal_messages: true,
        ..OrganizationUserPermissions::default()
    };
    Ok(Reply::message(&all))
}

fn described(user: &User) -> UserV2 {
    let mut names = user.name.split(' ');
    let (last, first) = (names.next(), names.next());
    let mut name = FullName::new(last.unwrap_or_default(), first.unwrap_or_default());
    name.middle_name = names.next().map(str::to_owned);
    UserV2::new(user.id, true)
        .with_login(user.login)
        .with_full_name(name)
}
