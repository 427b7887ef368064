//! podpis: puts the file on the shelf as a user does.

use std::path::Path;

use podpis::secret::{ApiClientId, Password};
use podpis::{Diadoc, DiadocLogin, File, ReqwestTransport};
use podpis_bench::Error;

/// Puts it there.
pub(crate) fn put(url: &str, document: &Path, is_known: bool) -> Result<(), Error> {
    let password = Password::new("a password");
    let login = DiadocLogin::password(ApiClientId::new("bench"), "login", password);
    let diadoc = Diadoc::builder(url.parse()?, login, ReqwestTransport::new()?).build();
    let mut file = File::path(document);
    if is_known {
        file = signed_by_the_known(file)?;
    }
    crate::on_a_runtime(async {
        diadoc.put_on_shelf(&file).await?;
        Ok(())
    })
}

#[cfg(feature = "podpis-trust")]
fn signed_by_the_known(file: File) -> Result<File, Error> {
    let der = std::fs::read(crate::certificate())?;
    Ok(file.signed_by(&podpis_cms::Certificate::from_der(&der)?))
}

/// A revision without that crate does not ask for it.
#[cfg(not(feature = "podpis-trust"))]
fn signed_by_the_known(file: File) -> Result<File, Error> {
    let _ = crate::certificate();
    Ok(file)
}
