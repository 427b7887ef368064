//! Decides what a document that waits for this side needs.
//!
//! **Invariant:** "nothing but a signature" is said only where the service tells enough for it; a state that it calls
//! unknown is never read as "nothing is needed": then the list counts in which it was.
//!
//! A document flow is read from its number. Diadoc's documents call their table of those a reference only, and the
//! settings of the flows the authority: what it does not list is [`Needs::Other`].

use podpis_diadoc_proto::DocumentDirection as Direction;
use podpis_diadoc_proto::documents::{
    ProxySignatureStatus as Proxy, RecipientResponseStatus as Response,
    ResolutionStatusType as Resolution, RevocationStatus as Revocation,
    SenderSignatureStatus as Sender,
};

use super::ListedDocument;
use crate::people::Employee;

/// What a document needs of this side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Needs {
    /// Nothing but our signature: [`InBox::sign_and_attach`](crate::InBox::sign_and_attach) gives it.
    Signature,
    /// A title of the recipient: an XML of its own, which is signed.
    Title,
    /// An answer to the other side's request to revoke it.
    RevocationAnswer,
    /// A decision of a colleague who was asked to sign or to approve it: the service may refuse the signature of
    /// anybody else.
    Colleague,
    /// A decision that the user was asked for and that is no answer to the other side.
    Resolution,
    /// Another program: its content is encrypted, and nobody can be shown what would be signed.
    Decryption,
    /// Something that the service does not tell, or that this version does not know.
    Other,
}

/// Which signature of ours is due.
enum Due {
    /// The sender's: sending begins with it.
    Sender,
    /// The recipient's answer.
    Recipient,
    /// The intermediate recipient's.
    Proxy,
}

impl ListedDocument {
    /// What it needs of this side; none where nothing is due. `me` is the user in this box: without that, a document
    /// that somebody is asked to decide upon needs a [colleague](Needs::Colleague).
    #[must_use]
    pub fn needs(&self, me: Option<&Employee>) -> Option<Needs> {
        if self.is_deleted || self.revocation == Revocation::REVOCATION_ACCEPTED {
            return None;
        }
        let is_asked = matches!(
            self.resolution,
            Some(
                Resolution::SIGNATURE_REQUESTED
                    | Resolution::APPROVEMENT_REQUESTED
                    | Resolution::ACTIONS_REQUESTED
            )
        );
        let of_me = me.is_some_and(|me| self.asks(me));
        let Some(due) = self.due() else {
            return if self.revocation == Revocation::REQUESTS_MY_REVOCATION {
                Some(Needs::RevocationAnswer)
            } else if !is_asked {
                None
            } else if of_me {
                Some(Needs::Resolution)
            } else {
                Some(Needs::Colleague)
            };
        };
        Some(if self.is_encrypted {
            Needs::Decryption
        } else if is_asked && !of_me {
            Needs::Colleague
        } else {
            match due {
                Due::Sender => Needs::Signature,
                Due::Recipient => answer(self.workflow),
                Due::Proxy => answer_of_proxy(self.workflow),
            }
        })
    }

    /// Whether it is this person, or their department, who is asked to decide.
    fn asks(&self, me: &Employee) -> bool {
        let is = |asked: &Option<String>, known: &str| {
            asked
                .as_deref()
                .is_some_and(|asked| asked.eq_ignore_ascii_case(known))
        };
        is(&self.asked_user, &me.user.id)
            || (self.asked_user.is_none() && is(&self.asked_department, &me.department))
    }

    fn due(&self) -> Option<Due> {
        let listed = |words: &str| self.category.ends_with(words);
        let by_sender = match self.sender_signature {
            Sender::WAITING_FOR_SENDER_SIGNATURE | Sender::SENDER_SIGNATURE_CHECKED_AND_INVALID => {
                true
            }
            Sender::UNKNOWN_SENDER_SIGNATURE_STATUS => {
                listed("WaitingForSenderSignature") || listed("InvalidSenderSignature")
            }
            _ => false,
        };
        let by_recipient = match self.recipient_response {
            Response::WAITING_FOR_RECIPIENT_SIGNATURE | Response::INVALID_RECIPIENT_SIGNATURE => {
                true
            }
            Response::RECIPIENT_RESPONSE_STATUS_UNKNOWN => {
                listed("WaitingForRecipientSignature") || listed("InvalidRecipientSignature")
            }
            _ => false,
        };
        let by_proxy = match self.proxy_signature {
            Proxy::WAITING_FOR_PROXY_SIGNATURE => self.category.contains(".Proxy"),
            Proxy::UNKNOWN_PROXY_SIGNATURE_STATUS => listed("WaitingForProxySignature"),
            _ => false,
        };
        let direction = match self.direction {
            Direction::UNKNOWN_DOCUMENT_DIRECTION if self.category.contains(".Inbound") => {
                Direction::INBOUND
            }
            Direction::UNKNOWN_DOCUMENT_DIRECTION if self.category.contains(".Outbound") => {
                Direction::OUTBOUND
            }
            Direction::UNKNOWN_DOCUMENT_DIRECTION if self.category.contains(".Internal") => {
                Direction::INTERNAL
            }
            known => known,
        };
        match direction {
            _ if by_proxy => Some(Due::Proxy),
            // The other side owes the signature of a document that went out.
            Direction::OUTBOUND => by_sender.then_some(Due::Sender),
            Direction::INBOUND => by_recipient.then_some(Due::Recipient),
            Direction::INTERNAL if by_sender => Some(Due::Sender),
            Direction::INTERNAL => by_recipient.then_some(Due::Recipient),
            _ => None,
        }
    }
}

/// What the final recipient of a document of this flow does.
fn answer(workflow: i32) -> Needs {
    match workflow {
        1 | 2 | 7 | 14 => Needs::Signature,
        3 | 5 | 8 | 11 | 12 | 13 | 16 | 18 | 19 => Needs::Title,
        _ => Needs::Other,
    }
}

/// What an intermediate recipient does.
fn answer_of_proxy(workflow: i32) -> Needs {
    match workflow {
        1 | 2 | 3 | 6 | 9 | 11 | 19 => Needs::Signature,
        13 => Needs::Title,
        _ => Needs::Other,
    }
}

#[cfg(test)]
mod tests {
    use podpis_diadoc_proto::documents::{Document, ResolutionStatus};
    use podpis_diadoc_proto::employees::{self, EmployeePermissions};
    use podpis_diadoc_proto::{DocumentAccessLevel, ResolutionTarget, UserV2};

    use super::*;

    const IN: &str = "Any.InboundWaitingForRecipientSignature";
    const OUT: &str = "Any.OutboundWaitingForSenderSignature";

    fn inbound(response: Response, workflow: i32) -> Document {
        Document {
            document_direction: Some(Direction::INBOUND.number()),
            recipient_response_status: response.number(),
            sender_signature_status: Some(Sender::SENDER_SIGNATURE_CHECKED_AND_VALID.number()),
            workflow_id: workflow,
            ..Document::default()
        }
    }

    fn outbound(sender: Sender) -> Document {
        Document {
            document_direction: Some(Direction::OUTBOUND.number()),
            recipient_response_status: Response::WAITING_FOR_RECIPIENT_SIGNATURE.number(),
            sender_signature_status: Some(sender.number()),
            workflow_id: 3,
            ..Document::default()
        }
    }

    fn needs(wire: Document, category: &str) -> Option<Needs> {
        ListedDocument::new(wire, category).needs(None)
    }

    #[test]
    fn what_is_due_is_told_from_direction_state_and_flow() {
        let waiting = Response::WAITING_FOR_RECIPIENT_SIGNATURE;
        for (flows, expected) in [
            (&[1, 2, 7, 14][..], Needs::Signature),
            (&[3, 5, 8, 11, 12, 13, 16, 18, 19], Needs::Title),
            (&[0, 4, 6, 9, 10, 15, 17, 20, -1], Needs::Other),
        ] {
            for flow in flows {
                assert_eq!(needs(inbound(waiting, *flow), IN), Some(expected), "{flow}");
            }
        }
        let invalid = Response::INVALID_RECIPIENT_SIGNATURE;
        assert_eq!(needs(inbound(invalid, 1), IN), Some(Needs::Signature));
        for done in [
            Response::WITH_RECIPIENT_SIGNATURE,
            Response::RECIPIENT_SIGNATURE_REQUEST_REJECTED,
            Response::RECIPIENT_RESPONSE_STATUS_NOT_ACCEPTABLE,
        ] {
            assert_eq!(needs(inbound(done, 1), IN), None, "{done:?}");
        }
        // The other side owes the answer to what went out; the flow is about that answer.
        for (sender, expected) in [
            (Sender::WAITING_FOR_SENDER_SIGNATURE, Some(Needs::Signature)),
            (
                Sender::SENDER_SIGNATURE_CHECKED_AND_INVALID,
                Some(Needs::Signature),
            ),
            (Sender::SENDER_SIGNATURE_UNCHECKED, None),
            (Sender::SENDER_SIGNATURE_CHECKED_AND_VALID, None),
        ] {
            assert_eq!(needs(outbound(sender), OUT), expected, "{sender:?}");
        }
    }

    #[test]
    fn what_the_service_calls_unknown_is_what_its_list_says() {
        let unknown = Response::RECIPIENT_RESPONSE_STATUS_UNKNOWN;
        assert_eq!(needs(inbound(unknown, 1), IN), Some(Needs::Signature));
        assert_eq!(needs(inbound(unknown, 1), "Any.Inbound"), None);
        let bare = Document {
            workflow_id: 2,
            ..Document::default()
        };
        assert_eq!(needs(bare.clone(), IN), Some(Needs::Signature));
        assert_eq!(needs(bare.clone(), OUT), Some(Needs::Signature));
        assert_eq!(
            needs(bare, "Any.ProxyWaitingForProxySignature"),
            Some(Needs::Signature)
        );
    }

    #[test]
    fn what_nobody_may_or_can_sign_is_told_apart() {
        let waiting = || inbound(Response::WAITING_FOR_RECIPIENT_SIGNATURE, 1);
        let encrypted = Document {
            is_encrypted_content: Some(true),
            ..waiting()
        };
        assert_eq!(needs(encrypted, IN), Some(Needs::Decryption));
        let deleted = Document {
            is_deleted: Some(true),
            ..waiting()
        };
        assert_eq!(needs(deleted, IN), None);
        let with = |revocation: Revocation, wire: Document| Document {
            revocation_status: Some(revocation.number()),
            ..wire
        };
        assert_eq!(
            needs(with(Revocation::REVOCATION_ACCEPTED, waiting()), IN),
            None
        );
        let signed = inbound(Response::WITH_RECIPIENT_SIGNATURE, 1);
        let asked = with(Revocation::REQUESTS_MY_REVOCATION, signed);
        assert_eq!(
            needs(asked, "Any.InboundRequestsMyRevocation"),
            Some(Needs::RevocationAnswer)
        );
    }

    #[test]
    fn what_a_colleague_is_asked_for_is_theirs() {
        let me = Employee::from(employees::Employee::new(
            UserV2::new("ME", true),
            EmployeePermissions::new("d", false, DocumentAccessLevel::ALL_DOCUMENTS),
            "",
            false,
        ));
        let asking = |user: Option<&str>, department: Option<&str>, response: Response| {
            let target = ResolutionTarget {
                user_id: user.map(str::to_owned),
                department_id: department.map(str::to_owned),
                ..ResolutionTarget::default()
            };
            let wire = Document {
                resolution_status: Some(ResolutionStatus {
                    r#type: Some(Resolution::SIGNATURE_REQUESTED.number()),
                    target: Some(target),
                    ..ResolutionStatus::default()
                }),
                ..inbound(response, 1)
            };
            ListedDocument::new(wire, IN).needs(Some(&me))
        };
        let waiting = Response::WAITING_FOR_RECIPIENT_SIGNATURE;
        let none = Response::RECIPIENT_RESPONSE_STATUS_NOT_ACCEPTABLE;
        assert_eq!(
            asking(Some("me"), None, waiting),
            Some(Needs::Signature),
            "GUIDs know no case"
        );
        assert_eq!(asking(None, Some("d"), waiting), Some(Needs::Signature));
        assert_eq!(
            asking(Some("you"), Some("d"), waiting),
            Some(Needs::Colleague)
        );
        assert_eq!(asking(None, None, waiting), Some(Needs::Colleague));
        assert_eq!(asking(Some("me"), None, none), Some(Needs::Resolution));
        assert_eq!(asking(Some("you"), None, none), Some(Needs::Colleague));
    }
}
