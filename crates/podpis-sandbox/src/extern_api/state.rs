//! Decides how what lies in Extern is found: by account and id, by docflow and document, by the moment.
//!
//! **Invariant:** finding one costs the same however many there were, and the oldest are forgotten.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;

use super::api_task::ApiTask;
use super::contents_store::{Content, Contents};
use super::options::ExternOptions;
use super::things::{Account, Certificate, Docflow, Document, Draft, Reply, Signature, draft_name};
use super::work::Operations;
use crate::answer::{Handled, Needed as _, bad_request};
use crate::classes::Classes;
use crate::kept::Kept;
use crate::moment::Moment;
use crate::signer::{Digests, Identity, Manner, sign_detached};

/// The Extern half of a world.
#[derive(Clone, Debug)]
pub(crate) struct Extern {
    pub(crate) options: ExternOptions,
    pub(super) accounts: Vec<Account>,
    pub(super) certificates: Vec<Certificate>,
    /// Signs for the authorities.
    pub(super) official: Identity,
    /// By account and id.
    pub(super) drafts: Kept<Draft>,
    pub(super) drafts_by_account: BTreeMap<usize, BTreeSet<usize>>,
    pub(super) docflows: Kept<Docflow>,
    /// Those that lists show: by account, kind and whether the authority began it, in the order of their sending.
    pub(super) listed: Classes<(usize, &'static str, bool), (Moment, usize), usize>,
    /// Those that lists will show, and from when on.
    pub(super) unlisted: BTreeSet<(Moment, usize)>,
    pub(super) documents: Kept<Document>,
    pub(super) replies: Kept<Reply>,
    pub(super) contents: Contents,
    pub(crate) operations: Operations,
    pub(super) api_tasks: Kept<ApiTask>,
    /// The next documents that authorities send: when, and to which docflow.
    pub(super) arrivals: BTreeSet<(Moment, usize)>,
}

pub(super) type Room<'w> = crate::room::Room<'w, Extern>;

impl Extern {
    /// All certificates with their owners.
    pub(crate) fn identities(&self) -> impl Iterator<Item = (usize, &Identity)> {
        self.certificates
            .iter()
            .map(|known| (known.owner, &known.identity))
    }

    pub(super) fn certificate(&self, index: usize) -> Option<&Certificate> {
        self.certificates.get(index)
    }

    pub(super) fn account_id(&self, index: usize) -> &str {
        self.accounts.get(index).map_or("", |known| &known.id)
    }

    pub(super) fn draft(&self, index: usize) -> Handled<&Draft> {
        self.drafts.get(index).or_not_found("Черновик не найден.")
    }

    pub(super) fn draft_mut(&mut self, index: usize) -> Handled<&mut Draft> {
        let draft = self.drafts.get_mut(index);
        draft.or_not_found("Черновик не найден.")
    }

    pub(super) fn docflow(&self, index: usize) -> Handled<&Docflow> {
        let docflow = self.docflows.get(index);
        docflow.or_not_found("Документооборот не найден.")
    }

    pub(super) fn document(&self, index: usize) -> Handled<&Document> {
        let document = self.documents.get(index);
        document.or_not_found("Документ не найден.")
    }

    pub(super) fn reply(&self, index: usize) -> Handled<&Reply> {
        self.replies.get(index).or_not_found("Ответ не найден.")
    }

    pub(super) fn content(&self, id: &str, account: usize) -> Handled<&Content> {
        let content = self.contents.get(id, account);
        content.or_not_found("Контент не найден.")
    }

    /// The signature that the authority puts under what it sends. One that cannot be made is a bug that a test of the
    /// seed would see.
    pub(super) fn signed_by_official(
        &self,
        id: String,
        content: &Bytes,
        at: Moment,
        manner: &Manner,
    ) -> Option<Signature> {
        let digests = Digests::of(manner.signatures, content);
        Some(Signature {
            id,
            bytes: sign_detached(&self.official, &digests, at, manner).ok()?,
            thumbprint: Some(self.official.thumbprint.clone()),
            third_party: false,
        })
    }

    /// The documents of a docflow with their places, in the order in which they came.
    pub(super) fn documents_of(&self, docflow: usize) -> impl Iterator<Item = (usize, &Document)> {
        let places = self.docflows.get(docflow).map(|known| &known.documents);
        let places = places.into_iter().flatten().copied();
        places.filter_map(|place| Some((place, self.documents.get(place)?)))
    }

    /// Adds a draft to its account, and gives its place. One of the seed is never forgotten.
    pub(super) fn add_draft(&mut self, draft: Draft, is_seed: bool) -> usize {
        let account = draft.account;
        let name = draft_name(account, &draft.id);
        let (place, forgotten) = if is_seed {
            (self.drafts.seed(draft, [&*name]), Vec::new())
        } else {
            self.drafts.add_for(draft, [&*name])
        };
        for (gone, draft) in forgotten {
            self.drafts_of(draft.account).remove(&gone);
        }
        self.drafts_of(account).insert(place);
        place
    }

    pub(super) fn remove_draft(&mut self, place: usize) {
        if let Some(draft) = self.drafts.remove(place) {
            self.drafts_of(draft.account).remove(&place);
        }
    }

    fn drafts_of(&mut self, account: usize) -> &mut BTreeSet<usize> {
        self.drafts_by_account.entry(account).or_default()
    }

    /// Adds a docflow, and gives its place. One of the seed is never forgotten.
    pub(super) fn add_docflow(&mut self, docflow: Docflow, is_seed: bool) -> usize {
        let (id, indexed) = (docflow.id.clone(), docflow.indexed);
        let (place, forgotten) = if is_seed {
            (self.docflows.seed(docflow, [&*id]), Vec::new())
        } else {
            self.docflows.add_for(docflow, [&*id])
        };
        for (gone, docflow) in forgotten {
            self.listed.remove(&(docflow.sent, gone));
        }
        self.unlisted.insert((indexed, place));
        place
    }

    /// Lets lists show what is indexed by now.
    pub(super) fn index(&mut self, now: Moment) {
        while let Some((at, place)) = self.unlisted.first().copied()
            && at <= now
        {
            self.unlisted.pop_first();
            if let Some(known) = self.docflows.get(place) {
                let class = (known.account, known.kind, known.incoming);
                self.listed.put(class, (known.sent, place), place);
            }
        }
    }

    /// Adds a document to its docflow, and gives its place. One of the seed is never forgotten.
    pub(super) fn add_document(&mut self, document: Document, is_seed: bool) -> usize {
        let (id, docflow) = (document.id.clone(), document.docflow);
        let place = if is_seed {
            self.documents.seed(document, [&*id])
        } else {
            self.documents.add(document, [&*id])
        };
        if let Some(docflow) = self.docflows.get_mut(docflow) {
            docflow.documents.push(place);
        }
        place
    }

    pub(super) fn add_reply(&mut self, reply: Reply, is_seed: bool) {
        let (id, document) = (reply.id.clone(), reply.document);
        let place = if is_seed {
            self.replies.seed(reply, [&*id])
        } else {
            self.replies.add(reply, [&*id])
        };
        if let Some(document) = self.documents.get_mut(document) {
            document.replies.push(place);
        }
    }

    /// The path of a draft, from `/v1`.
    pub(super) fn draft_path(&self, index: usize) -> String {
        let Some(draft) = self.drafts.get(index) else {
            return String::new();
        };
        format!("/v1/{}/drafts/{}", self.account_id(draft.account), draft.id)
    }

    pub(super) fn docflow_path(&self, index: usize) -> String {
        let Some(docflow) = self.docflows.get(index) else {
            return String::new();
        };
        let account = self.account_id(docflow.account);
        format!("/v1/{account}/docflows/{}", docflow.id)
    }

    pub(super) fn document_path(&self, index: usize) -> String {
        let Some(document) = self.documents.get(index) else {
            return String::new();
        };
        let documents = format!("{}/documents", self.docflow_path(document.docflow));
        match &document.inventory {
            None => format!("{documents}/{}", document.id),
            Some(place) => format!(
                "{documents}/{}/inventories/{}/documents/{}",
                place.related_document, place.id, document.id
            ),
        }
    }

    /// The draft at this place and the place of the document in it.
    pub(super) fn part(&self, index: usize, id: &str) -> Handled<(&Draft, usize)> {
        let draft = self.draft(index)?;
        let mut parts = draft.parts.iter();
        let at = parts.position(|part| part.id.eq_ignore_ascii_case(id));
        let at = at.or_not_found("Документ не найден.")?;
        Ok((draft, at))
    }
}

pub(super) fn refuse_sent(draft: &Draft) -> Handled<()> {
    if ["sent", "transferred-to-web", "sent-via-web"].contains(&draft.status) {
        return bad_request("Черновик уже отправлен.");
    }
    Ok(())
}
