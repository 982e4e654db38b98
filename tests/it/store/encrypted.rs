//! TLS to PostgreSQL: who is trusted, and that nothing goes to a server elsewhere in the open.

use super::fixture::block_on;
use crate::certificates::Authority;
use crate::command::{Folder, command};
use crate::postgres::Postgres;
use crate::service_access::token_in;
use crate::service_client::Server;
use fenzu::jobs::{Queue, QueueError};
use fenzu::store::{Store, StoreError};

/// Whether the connection that a store has is encrypted, as the server sees it.
async fn is_encrypted(url: &str) -> Result<bool, StoreError> {
    let store = Store::open(url).await?;
    let pool = sqlx::PgPool::connect(&fenzu::store::encrypted(url)?).await?;
    let sql = "SELECT COALESCE(bool_and(ssl), false) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
               WHERE datname = current_database() AND client_addr IS NOT NULL";
    let (encrypted,): (bool,) = sqlx::query_as(sql).fetch_one(&pool).await?;
    pool.close().await;
    store.close().await;
    Ok(encrypted)
}

fn refused(url: &str) -> String {
    match block_on(is_encrypted(url)) {
        Err(StoreError::Tls(why)) => why,
        other => panic!("{url}: {other:?}"),
    }
}

/// This machine, by an address that does not say so.
const ELSEWHERE: &str = "0.0.0.0";

#[test]
fn a_server_is_believed_by_its_certificate_only() {
    let (authority, other, folder) = (Authority::new(), Authority::new(), Folder::new());
    let (root, foreign) = (folder.write("root.pem", authority.pem()), folder.write("foreign.pem", other.pem()));
    let Some(server) = Postgres::with_certificate(&authority.vouches(&["127.0.0.1"])) else { return };
    let url = server.database();
    let with = |rest: &str| format!("{url}?{rest}");
    assert!(block_on(is_encrypted(&with(&format!("sslmode=verify-full&sslrootcert={root}")))).expect("trusted"));
    assert!(block_on(is_encrypted(&with(&format!("sslmode=require&sslrootcert={root}")))).expect("trusted"));
    // Who asks for TLS is never content with a certificate that nobody trusted vouches for.
    for mode in ["require", "verify-ca", "verify-full"] {
        assert!(refused(&with(&format!("sslmode={mode}"))).contains("UnknownIssuer"));
        refused(&with(&format!("sslmode={mode}&sslrootcert={foreign}")));
    }
    // By a name that is not in the certificate.
    let localhost = url.replace("127.0.0.1", "localhost");
    assert!(refused(&format!("{localhost}?sslmode=require&sslrootcert={root}")).contains("not valid for name"));
    assert!(!block_on(is_encrypted(&with("sslmode=disable"))).expect("as it was asked"));
    // The queue is not behind.
    let queue = block_on(Queue::open(&with("sslmode=require"))).expect_err("refused");
    assert!(matches!(queue, QueueError::Database(_)) && queue.to_string().contains("UnknownIssuer"), "{queue}");
}

#[test]
fn a_server_elsewhere_is_reached_over_tls_or_not_at_all() {
    let (authority, folder) = (Authority::new(), Folder::new());
    let root = folder.write("root.pem", authority.pem());
    let Some(server) = Postgres::with_certificate(&authority.vouches(&[ELSEWHERE])) else { return };
    let url = server.database().replace("127.0.0.1", ELSEWHERE);
    for rest in ["", "?sslmode=prefer", "?sslmode=allow"] {
        assert!(refused(&format!("{url}{rest}")).contains("UnknownIssuer"), "{rest}");
    }
    let trusted = format!("{url}?sslrootcert={root}");
    assert!(block_on(is_encrypted(&trusted)).expect("trusted"));
    // The whole service over it.
    let secret = token_in(&trusted, "一中");
    let served = Server::on(Folder::new(), &trusted, &[], &[]).bearing(&secret);
    let list = served.list("class.csv", b"id,math\n1,1\n2,2\n3,3\n4,4\n");
    assert_eq!(served.plan(&serde_json::json!({"list": list, "groups": 2}))["state"], "done");
    // A server without TLS is not spoken to; what helps is said.
    let Some(plain) = Postgres::start() else { return };
    let url = plain.database().replace("127.0.0.1", ELSEWHERE);
    let ended = command(&["token", "list", "--school", "x"]).env("FENZU_DATABASE", &url).output().expect("it starts");
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.code() == Some(2) && told.contains("does not support TLS"), "{told}");
    assert!(told.contains("sslrootcert") && told.contains("sslmode=disable"), "{told}");
    assert!(!block_on(is_encrypted(&format!("{url}?sslmode=disable"))).expect("as it was asked"));
}
