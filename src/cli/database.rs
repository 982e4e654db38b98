//! The service's database as the commands name it, and what keeps it from being opened.

use super::Failure;
use crate::store::{Store, StoreError};
use crate::words;
use anyhow::Context;

/// Opens a database.
pub(super) async fn open(database: &str) -> Result<Store, Failure> {
    Store::open(database).await.map_err(refused)
}

/// What is said of a database that cannot be used: its cause first.
pub(super) fn refused(error: StoreError) -> Failure {
    match error {
        StoreError::Url(why) => Failure::Usage(words!(
            "--database 应为 sqlite:文件 或 postgres://用户@主机/数据库（{why}）",
            "--database is sqlite:FILE or postgres://USER@HOST/DATABASE ({why})"
        )),
        StoreError::Tls(why) => Failure::Usage(words!(
            "与数据库的加密连接不可信（{why}）：数据库不在本机时须用 TLS，请在 --database 中写 sslrootcert=证书文件；只有网络可信时才写 sslmode=disable",
            "the encrypted connection to the database cannot be trusted ({why}): a database elsewhere needs TLS; name its \
             authority with sslrootcert=FILE in --database, or say sslmode=disable where you trust the network"
        )),
        StoreError::Trouble(trouble, told) => {
            let words = trouble.words();
            let (zh, en) = (words.zh, words.en);
            Failure::Usage(words!("{zh}（{told}）", "{en} ({told})"))
        }
        error => Failure::Ours(anyhow::Error::new(error)),
    }
}

/// Whether an argument names a database's password, which every user of the machine could read in the list of processes.
pub(super) fn tells_password(argument: &str) -> bool {
    let Some((_, rest)) = argument.split_once("://").filter(|(scheme, _)| scheme.contains("postgres")) else {
        return false;
    };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map(|(user, _)| user);
    user.is_some_and(|user| user.contains(':')) || rest.contains("?password=") || rest.contains("&password=")
}

/// Runs what a command does with a database to its end.
pub(super) fn alone<T>(work: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("threads")?;
    Ok(runtime.block_on(work))
}
