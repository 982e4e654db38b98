//! A certificate that nobody vouches for but its fingerprint.

use super::{Tls, unfit};
use crate::fault::{Fault, Faults};
use crate::words;
use jiff::Zoned;
use rcgen::{CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, KeyPair, date_time_ymd};
use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::path::Path;

/// Years that it holds.
const YEARS: i32 = 10;

/// Makes both files.
pub(super) fn make(files: &Tls, address: IpAddr) -> Result<(), Faults> {
    let (certificate, key) = signed(address).map_err(|error| {
        unfit(&files.certificate, words!("无法生成的证书（{error}）", "a certificate that cannot be made ({error})"))
    })?;
    write(&files.key, &key).map_err(|error| Fault::unreadable(&files.key, &error))?;
    write(&files.certificate, &certificate).map_err(|error| Fault::unreadable(&files.certificate, &error))?;
    Ok(())
}

/// Certificate and key in PEM, for the names that this machine may be called by.
fn signed(address: IpAddr) -> Result<(String, String), rcgen::Error> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    names.extend(host_name());
    if !address.is_unspecified() && !address.is_loopback() {
        names.push(address.to_string());
    }
    let mut params = CertificateParams::new(names)?;
    let year = i32::from(Zoned::now().year());
    // A clock that is behind somewhere is no reason to refuse it.
    params.not_before = date_time_ymd(year - 1, 1, 1);
    params.not_after = date_time_ymd(year + YEARS, 1, 1);
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "fenzu");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok((certificate.pem(), key.serialize_pem()))
}

#[cfg(target_os = "linux")]
fn host_name() -> Option<String> {
    let name = rustix::system::uname().nodename().to_str().ok()?.to_owned();
    let named = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte));
    (named && name != "localhost" && !name.is_empty()).then_some(name)
}

#[cfg(not(target_os = "linux"))]
fn host_name() -> Option<String> {
    None
}

/// Writes a new file that only its owner may read.
fn write(file: &Path, text: &str) -> io::Result<()> {
    let mut open = OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    open.open(file)?.write_all(text.as_bytes())
}
