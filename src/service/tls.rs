//! TLS of the service's own: the certificate that it shows, from files that are read again when they change, or made here.

mod made;

use crate::fault::{Fault, Faults};
use crate::words;
use crate::words::Words;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{Error, InconsistentKeys, ServerConfig};

/// Where the certificate is; the section `[tls]` of the file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Tls {
    /// The certificate and those that vouch for it: PEM.
    pub certificate: PathBuf,
    /// Its private key: PEM.
    pub key: PathBuf,
    /// Whether both files are made where neither is there.
    pub self_signed: bool,
}

impl Default for Tls {
    fn default() -> Self {
        Self { certificate: "fenzu-tls.crt".into(), key: "fenzu-tls.key".into(), self_signed: false }
    }
}

/// The certificate as it was last read.
#[derive(Debug)]
pub struct Certificate {
    files: Tls,
    shown: RwLock<Shown>,
}

struct Shown {
    acceptor: TlsAcceptor,
    fingerprint: String,
    /// When its files were written; also of files that could not be used, so that this is told once.
    written: Written,
}

/// When certificate and key were written.
type Written = [Option<SystemTime>; 2];

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shown").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

impl Certificate {
    /// Reads the files; makes them, for this machine's names, where that was asked and neither is there.
    ///
    /// # Errors
    /// Files that are not there, hold no certificate or key, or do not belong together.
    pub fn open(files: &Tls, address: IpAddr) -> Result<Self, Faults> {
        if files.self_signed && !files.certificate.exists() && !files.key.exists() {
            made::make(files, address)?;
        }
        Ok(Self { files: files.clone(), shown: RwLock::new(read(files)?) })
    }

    /// What a connection is answered with.
    pub(super) fn acceptor(&self) -> TlsAcceptor {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).acceptor.clone()
    }

    /// SHA-256 of the certificate, as browsers show it.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.shown.read().unwrap_or_else(PoisonError::into_inner).fingerprint.clone()
    }

    /// Reads the files again where they were written since. What cannot be used leaves the old certificate in its place.
    pub(super) fn look(&self) {
        let written = written(&self.files);
        if self.shown.read().unwrap_or_else(PoisonError::into_inner).written == written {
            return;
        }
        let read = read(&self.files);
        let mut shown = self.shown.write().unwrap_or_else(PoisonError::into_inner);
        match read {
            Ok(read) => {
                tracing::info!(fingerprint = read.fingerprint, "the TLS certificate was renewed");
                *shown = read;
            }
            Err(faults) => {
                tracing::error!(%faults, "the TLS certificate was not renewed: the old one is shown");
                shown.written = written;
            }
        }
    }
}

fn written(files: &Tls) -> Written {
    [&files.certificate, &files.key].map(|file| file.metadata().and_then(|data| data.modified()).ok())
}

fn read(files: &Tls) -> Result<Shown, Faults> {
    // Before they are read: what is written meanwhile is seen by the next look.
    let written = written(files);
    let chain = pem(&files.certificate, |bytes| CertificateDer::pem_slice_iter(bytes).collect::<Result<Vec<_>, _>>())?;
    let first = chain.first().ok_or_else(|| unfit(&files.certificate, no_pem()))?;
    let fingerprint = fingerprint(first);
    let key = pem(&files.key, PrivateKeyDer::from_pem_slice)?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key));
    let mut config = config.map_err(|error| match error {
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            unfit(&files.key, words!("另一份证书的私钥", "the key of another certificate"))
        }
        error => unfit(&files.certificate, words!("不能使用的证书（{error}）", "an unusable certificate ({error})")),
    })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Shown { acceptor: TlsAcceptor::from(Arc::new(config)), fingerprint, written })
}

/// What a file holds in PEM.
fn pem<T, E>(file: &Path, parse: impl FnOnce(&[u8]) -> Result<T, E>) -> Result<T, Faults> {
    let bytes = std::fs::read(file).map_err(|error| Fault::unreadable(file, &error))?;
    parse(&bytes).map_err(|_| unfit(file, no_pem()).into())
}

fn no_pem() -> Words {
    words!("没有 PEM 格式的内容", "no PEM data")
}

fn unfit(file: &Path, found: Words) -> Fault {
    Fault {
        code: "bad_certificate",
        place: file.display().to_string(),
        found,
        expected: words!("PEM 格式的证书和它的私钥", "a certificate and its private key, both in PEM"),
        action: words!(
            "请检查 --tls-certificate 和 --tls-key 的文件",
            "check the files of --tls-certificate and --tls-key"
        ),
    }
}

/// `AB:CD:…`
fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let bytes = Sha256::digest(certificate);
    bytes.iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}
