//! Decides what is bound: documents, and a signature of each in some order.
//!
//! *Invariant:* no two documents are equal, so that there is one right answer.

use super::{Covers, Signer};
use crate::Error;

/// What each shuffle starts from, so that every process shuffles alike.
const SEED: u64 = 20_260_801;

/// Documents with their signatures.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Batch {
    /// What is signed.
    pub documents: Vec<Vec<u8>>,
    /// The signatures, in DER.
    pub signatures: Vec<Vec<u8>>,
    /// For each document, where its signature stands.
    pub answer: Vec<usize>,
}

impl Batch {
    /// So many documents of about a kilobyte, signed by the signers in turn, in the documents' order.
    ///
    /// # Errors
    ///
    /// When a signature cannot be made.
    pub fn new(count: usize, signers: &[Signer], covers: Covers) -> Result<Self, Error> {
        let documents: Vec<Vec<u8>> = (0..count).map(document).collect();
        let signatures = documents
            .iter()
            .zip(signers.iter().cycle())
            .map(|(document, signer)| signer.sign(document, covers))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            documents,
            signatures,
            answer: (0..count).collect(),
        })
    }

    /// That these are the signatures, in the documents' order.
    ///
    /// # Errors
    ///
    /// When one is another.
    pub fn expect(&self, given: &[Vec<u8>]) -> Result<(), Error> {
        match given == self.signatures {
            true => Ok(()),
            false => Err("another signature than the service gave".into()),
        }
    }

    /// The first so many documents with their signatures. Expects a batch in the documents' order.
    pub fn first(&self, count: usize) -> Self {
        Self {
            documents: self.documents[..count].to_vec(),
            signatures: self.signatures[..count].to_vec(),
            answer: self.answer[..count].to_vec(),
        }
    }

    /// The same documents, the signatures in another order.
    pub fn shuffled(&self) -> Self {
        let mut order: Vec<usize> = (0..self.documents.len()).collect();
        fastrand::Rng::with_seed(SEED).shuffle(&mut order);
        let mut answer = order.clone();
        for (position, document) in order.iter().enumerate() {
            answer[*document] = position;
        }
        Self {
            documents: self.documents.clone(),
            signatures: order.iter().map(|d| self.signatures[*d].clone()).collect(),
            answer,
        }
    }
}

fn document(number: usize) -> Vec<u8> {
    let line = format!("<act number=\"{number}\"><goods>nails</goods><sum>100.00</sum></act>\n");
    line.repeat(1024 / line.len()).into_bytes()
}
