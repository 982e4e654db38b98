//! `fenzu backup` and `fenzu restore`: a service's database as one file, and back.

use super::database::{alone, refused};
use super::{Ending, Failure};
use crate::store::{Contents, Store, StoreError, put_back};
use crate::words;
use crate::words::{Lang, Words};
use std::path::PathBuf;

/// Copy a service's database into one file, while it runs
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu backup /backup/fenzu-monday.db
  fenzu backup fenzu.backup --database sqlite:/var/lib/fenzu/fenzu.db

The copy is of one moment, complete in one file, readable by its owner alone, and looked through before it counts. It holds what is
erased later: keep no copy longer than the data itself. PostgreSQL: pg_dump --format=custom --file FILE DATABASE.")]
pub(super) struct BackupArgs {
    /// The file to make; one that is there already is not replaced
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The service's database: sqlite:FILE
    #[arg(long, value_name = "URL", env = "FENZU_DATABASE", hide_env_values = true, default_value = "sqlite:fenzu.db")]
    database: String,
}

/// Put a backup in the place of a service's database
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu restore /backup/fenzu-monday.db                    where there is no database yet
  fenzu restore /backup/fenzu-monday.db --overwrite        in the place of the one that is there

Stop the service first. The backup is looked through before anything is replaced, and it stays where it is.
PostgreSQL: pg_restore --dbname DATABASE FILE.")]
pub(super) struct RestoreArgs {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The service's database: sqlite:FILE
    #[arg(long, value_name = "URL", env = "FENZU_DATABASE", hide_env_values = true, default_value = "sqlite:fenzu.db")]
    database: String,
    /// Replace the database that is there: everything in it is lost
    #[arg(long)]
    overwrite: bool,
}

pub(super) fn backup(args: &BackupArgs, lang: Lang) -> Result<Ending, Failure> {
    let file = args.file.display();
    let made = alone(async {
        if args.database.starts_with("postgres") {
            return Err(StoreError::Url("pg_dump".to_owned()));
        }
        let store = Store::open_existing(&args.database).await?;
        let made = store.copy_to(&args.file).await;
        store.close().await;
        made
    })?;
    let contents = made.map_err(|error| match error {
        StoreError::Occupied => Failure::Usage(words!(
            "{file} 已经存在，不会覆盖：请换一个文件名",
            "{file} is there already and is not replaced: choose another name"
        )),
        error => not_here(error),
    })?;
    eprintln!("{}", words!("备份完整：{file}", "a complete backup: {file}").get(lang));
    told(&contents, lang);
    Ok(Ending::Done)
}

pub(super) fn restore(args: &RestoreArgs, lang: Lang) -> Result<Ending, Failure> {
    let (file, database) = (args.file.display(), &args.database);
    let put = alone(put_back(&args.file, database, args.overwrite))?;
    let contents = put.map_err(|error| match error {
        StoreError::Occupied => Failure::Usage(words!(
            "{database} 已有数据，不会覆盖：确定不要其中的数据时，加上 --overwrite",
            "{database} holds data and is not replaced: to replace all of it, use --overwrite"
        )),
        StoreError::InUse => Failure::Usage(words!(
            "{database} 正在使用：请先停止服务（fenzu serve、fenzu work）",
            "{database} is in use: stop the service first (fenzu serve, fenzu work)"
        )),
        StoreError::Trouble(trouble, why) => {
            let code = trouble.code();
            Failure::Usage(words!(
                "{file} 不是完整的备份（{code}：{why}）；数据库没有变动",
                "{file} is not a complete backup ({code}: {why}); the database is as it was"
            ))
        }
        StoreError::Database(why) => Failure::Usage(words!(
            "{file} 不是 fenzu 的备份（{why}）；数据库没有变动",
            "{file} is not a fenzu backup ({why}); the database is as it was"
        )),
        error => not_here(error),
    })?;
    eprintln!("{}", words!("已恢复到 {database}", "restored to {database}").get(lang));
    told(&contents, lang);
    Ok(Ending::Done)
}

/// What is in it.
fn told(contents: &Contents, lang: Lang) {
    for (table, count) in &contents.0 {
        eprintln!("  {} {count}", named(table).get(lang));
    }
}

fn named(table: &str) -> Words {
    match table {
        "schools" => words!("学校", "schools"),
        "tokens" => words!("令牌", "tokens"),
        "lists" => words!("名册", "lists"),
        "staff" => words!("教师名单", "staff lists"),
        "plans" => words!("分组方案", "plans"),
        "batches" => words!("全校批次", "batches"),
        other => words!("{other}", "{other}"),
    }
}

/// PostgreSQL has programs of its own for this.
fn not_here(error: StoreError) -> Failure {
    match error {
        StoreError::Url(why) if why.contains("pg_") => Failure::Usage(words!(
            "PostgreSQL 请用它自己的程序：pg_dump --format=custom --file 文件 数据库，恢复用 pg_restore --dbname 数据库 文件",
            "for PostgreSQL use its own programs: pg_dump --format=custom --file FILE DATABASE, and back with \
             pg_restore --dbname DATABASE FILE"
        )),
        error => refused(error),
    }
}
