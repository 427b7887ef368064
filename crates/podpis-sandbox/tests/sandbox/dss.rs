//! What a client of DssSign does at the desk.

use std::time::Duration;

use bytes::Bytes;
use podpis_diadoc_proto::dss::{DssFileSigningResult, DssSignFile, DssSignRequest, DssSignResult};
use podpis_diadoc_proto::prost::Message as _;
use podpis_diadoc_proto::{AsyncMethodResult, ContentV3};
use podpis_transport::HttpResponse;

use crate::support::{Desk, Is as _, made, message};

pub(crate) fn inline_v3(content: &'static str) -> ContentV3 {
    made(|it: &mut ContentV3| it.content = Some(content.into()))
}

pub(crate) fn files(contents: Vec<ContentV3>) -> Vec<DssSignFile> {
    let file = |content| DssSignFile {
        content,
        file_name: Some("act.xml".to_owned()),
    };
    contents.into_iter().map(file).collect()
}

pub(crate) fn dss_request(contents: Vec<ContentV3>) -> Vec<u8> {
    DssSignRequest {
        files: files(contents),
    }
    .encode_to_vec()
}

pub(crate) fn signatures(result: &DssSignResult) -> Vec<Option<Bytes>> {
    let signature = |file: &DssFileSigningResult| file.signature.clone();
    result.file_signing_results.iter().map(signature).collect()
}

impl Desk {
    pub(crate) fn try_dss(&mut self, query: &str, body: Vec<u8>) -> HttpResponse {
        let box_id = self.info().box_id;
        self.post(&format!("/DssSign?boxId={box_id}{query}"), body)
    }

    /// Starts a DssSign and gives the task's id.
    pub(crate) fn dss(&mut self, contents: Vec<ContentV3>) -> String {
        let answer = self.try_dss("", dss_request(contents));
        answer.is(200);
        message::<AsyncMethodResult>(&answer).task_id.unwrap()
    }

    pub(crate) fn poll_dss(&mut self, task: &str) -> HttpResponse {
        let box_id = self.info().box_id;
        self.get(&format!("/DssSignResult?boxId={box_id}&taskId={task}"))
    }

    /// What the result says after a second.
    pub(crate) fn dss_result(&mut self, task: &str) -> DssSignResult {
        self.wait(Duration::from_secs(1));
        let answer = self.poll_dss(task);
        answer.is(200);
        message(&answer)
    }

    /// The person agrees to what came last.
    pub(crate) fn agree(&mut self) {
        self.wait(Duration::from_secs(1));
        let operation = self.world.messages().last().unwrap().operation.clone();
        self.world.confirm(&operation).unwrap();
    }

    /// The whole way of one file per content.
    pub(crate) fn dss_signed(&mut self, contents: Vec<ContentV3>) -> DssSignResult {
        let task = self.dss(contents);
        self.agree();
        self.dss_result(&task)
    }
}
