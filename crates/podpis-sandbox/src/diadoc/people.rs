//! Decides what a person is told about themselves: who they are, and what they may do in a box.
//!
//! **Invariant:** everybody of the seed may do everything, and sees all documents of the box.

use podpis_diadoc_proto::employees::{Employee, EmployeeAction, EmployeePermissions};
use podpis_diadoc_proto::{
    AuthorizationPermission, CertificateInfo, DocumentAccessLevel, FullName,
    OrganizationUserPermissions, User as OldUser, UserV2,
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

/// `GET /GetMyUser` of version 1, with the certificates of CloudSign.
pub(super) fn user_v1(room: &Room, user: usize) -> Handled {
    let known = room.shared.person(user)?;
    let name = full_name(known);
    let certificates = known.certificates.iter().map(|identity| CertificateInfo {
        thumbprint: Some(identity.thumbprint.clone()),
        valid_from: Some(identity.not_before.ticks()),
        valid_to: Some(identity.not_after.ticks()),
        organization_name: Some(ORGANIZATION.name.to_owned()),
        inn: Some(ORGANIZATION.inn.to_owned()),
    });
    Ok(Reply::message(&OldUser {
        id: Some(known.id.to_owned()),
        last_name: Some(name.last_name),
        first_name: Some(name.first_name),
        middle_name: name.middle_name,
        cloud_certificates: certificates.collect(),
    }))
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
    UserV2::new(user.id, true)
        .with_login(user.login)
        .with_full_name(full_name(user))
}

fn full_name(user: &User) -> FullName {
    let mut names = user.name.split(' ');
    let (last, first) = (names.next(), names.next());
    let mut name = FullName::new(last.unwrap_or_default(), first.unwrap_or_default());
    name.middle_name = names.next().map(str::to_owned);
    name
}
