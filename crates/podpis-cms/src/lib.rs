//! CMS signatures: strict DER, digests, which document a signature is for, who signed
