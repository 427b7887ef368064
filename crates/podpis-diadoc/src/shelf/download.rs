//! Downloads a file from the shelf.
//!
//! **Invariant:** used for signatures only, which are small.

use bytes::Bytes;
use podpis_core::Error;
use podpis_core::call::Call;

use crate::endpoints::SHELF_DOWNLOAD;
use crate::{Diadoc, ShelfName};

pub(crate) async fn download(diadoc: &Diadoc, name: &ShelfName) -> Result<Bytes, Error> {
    let call = Call::new(&SHELF_DOWNLOAD).query("fileName", name.as_str());
    let answer = diadoc.caller().call(call).await?;
    if answer.body().is_empty() {
        return Err(answer.unreadable("the file is empty"));
    }
    Ok(answer.body().clone())
}
