//! The address of a PostgreSQL server, so that what is sent there is read by nobody else: over TLS, by a certificate that is the
//! server's, unless the server is this machine or the address says otherwise.

use super::StoreError;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use std::net::IpAddr;

/// The address with the `sslmode` that holds for it. `disable` and `verify-ca` are taken at their word; any other wish for TLS,
/// and any server elsewhere, is `verify-full`.
///
/// # Errors
/// What is no address of a server.
pub fn encrypted(url: &str) -> Result<String, StoreError> {
    let options: PgConnectOptions = url.parse()?;
    let local = options.get_socket().is_some() || is_this_machine(options.get_host());
    match options.get_ssl_mode() {
        PgSslMode::Disable if !local => {
            tracing::warn!("the connection to the database is not encrypted: its address says sslmode=disable");
        }
        PgSslMode::Allow | PgSslMode::Prefer if local => {}
        PgSslMode::Disable | PgSslMode::VerifyCa | PgSslMode::VerifyFull => {}
        PgSslMode::Require | PgSslMode::Allow | PgSslMode::Prefer => {
            let joint = if url.contains('?') { '&' } else { '?' };
            // What comes last holds.
            return Ok(format!("{url}{joint}sslmode=verify-full"));
        }
    }
    Ok(url.to_owned())
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}
