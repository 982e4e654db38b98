//! `fenzu sweep`: erasing what is too old when somebody asks for it, and writing the database anew.

use super::database::{alone, refused};
use super::{Ending, Failure};
use crate::store::{Removed, Store, StoreError};
use crate::words;
use crate::words::Lang;
use std::time::Duration;

/// Erase what is older than it may be kept, now
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu sweep --retention-days 180
  fenzu sweep --rewrite --database postgres://fenzu@db/fenzu

The service does this by itself every hour; after its clock has leapt, or when it was away for long, it waits until somebody has
looked at the clock and runs this command. --rewrite writes the database anew, so that nothing that was ever erased is left in its
files (others wait meanwhile): SQLite needs it never, PostgreSQL keeps erased rows until then. PostgreSQL's log of changes
(pg_wal), archives of it and backups keep what was erased until they are written over or removed.")]
pub(super) struct Args {
    /// The service's database: sqlite:FILE or postgres://…
    #[arg(long, value_name = "URL", env = "FENZU_DATABASE", hide_env_values = true, default_value = "sqlite:fenzu.db")]
    database: String,
    /// Days after which what was stored is deleted: those of the service
    #[arg(long, value_name = "DAYS", env = "FENZU_RETENTION_DAYS", default_value_t = 180, value_parser = clap::value_parser!(u32).range(1..))]
    retention_days: u32,
    /// Write the database anew as well
    #[arg(long)]
    rewrite: bool,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let removed = alone(swept(args))?.map_err(refused)?;
    let Removed { plans, batches, staff, lists, .. } = removed;
    let told = words!(
        "已删除：分组方案 {plans}，全校批次 {batches}，教师名单 {staff}，名册 {lists}",
        "erased: {plans} plans, {batches} batches, {staff} staff lists, {lists} lists"
    );
    eprintln!("{}", told.get(lang));
    Ok(Ending::Done)
}

async fn swept(args: &Args) -> Result<Removed, StoreError> {
    let store = Store::open_existing(&args.database).await?;
    let removed = store.sweep(Duration::from_secs(u64::from(args.retention_days) * 24 * 60 * 60)).await?;
    if args.rewrite {
        store.rewrite().await?;
    }
    store.close().await;
    Ok(removed)
}
