//! `fenzu token`: who may use a service that is not on this machine alone.

use super::database::open;
use super::{Ending, Failure, output};
use crate::store::{School, Store, StoreError, Token};
use crate::words;
use crate::words::Lang;
use anyhow::Context;
use clap::Subcommand;
use jiff::Timestamp;
use std::fmt::Write;

/// Make, list and revoke the tokens of a service's schools
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  fenzu token create --school 实验中学 --name office       shows the token, once
  fenzu token list --school 实验中学
  fenzu token revoke --school 实验中学 ID                  takes effect at once

A token opens one school and nothing else. Clients send it as `Authorization: Bearer TOKEN`; fenzu keeps only its SHA-256.")]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a token and print it, once; a new name makes a new school
    Create {
        #[command(flatten)]
        place: Place,
        /// What the token is for
        #[arg(long, value_name = "NAME", default_value = "")]
        name: String,
    },
    /// List a school's tokens: id, made, revoked, name
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Revoke a school's token
    Revoke {
        #[command(flatten)]
        place: Place,
        /// The token's id, as `list` shows it
        #[arg(value_name = "ID")]
        id: String,
    },
}

/// Where a school is.
#[derive(Debug, clap::Args)]
struct Place {
    /// The school
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    school: String,
    /// The service's database: sqlite:FILE or postgres://…
    #[arg(long, value_name = "URL", env = "FENZU_DATABASE", hide_env_values = true, default_value = "sqlite:fenzu.db")]
    database: String,
}

pub(super) fn run(args: &Args, lang: Lang) -> Result<Ending, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("threads")?;
    let (What::Create { place, .. } | What::List { place } | What::Revoke { place, .. }) = &args.what;
    runtime.block_on(async {
        let store = open(&place.database).await?;
        let done = match &args.what {
            What::Create { place, name } => create(&store, place, name, lang).await,
            What::List { place } => list(&store, place, lang).await,
            What::Revoke { place, id } => revoke(&store, place, id, lang).await,
        };
        store.close().await;
        done
    })?;
    Ok(Ending::Done)
}

/// The secret alone goes to stdout, so that it can be piped to where it is needed.
async fn create(store: &Store, place: &Place, name: &str, lang: Lang) -> Result<(), Failure> {
    let school = store.schools().ensure(&place.school).await.map_err(|error| match error {
        StoreError::NameTooLong => Failure::Usage(words!("--school：校名太长", "--school: the name is too long")),
        error => Failure::Ours(anyhow::Error::new(error)),
    })?;
    let (token, secret) = store.tokens().create(&school.id, name).await.context("tokens")?;
    // Marks beside the database that tokens are in use.
    store.guarded().await.context("tokens")?;
    let (id, name) = (token.id, school.name);
    let told = words!(
        "“{name}”的新令牌，编号 {id}。它只显示这一次，请妥善保存：",
        "A new token of \"{name}\", id {id}. It is shown this once; keep it safe:"
    );
    eprintln!("{}", told.get(lang));
    output::print(&format!("{secret}\n"))
}

async fn list(store: &Store, place: &Place, lang: Lang) -> Result<(), Failure> {
    let school = school(store, place).await?;
    let tokens = store.tokens().all(&school.id).await.context("tokens")?;
    output::print(&tokens.iter().map(|token| line(token, lang)).collect::<String>())
}

async fn revoke(store: &Store, place: &Place, id: &str, lang: Lang) -> Result<(), Failure> {
    let school = school(store, place).await?;
    if !store.tokens().revoke(&school.id, id).await.context("tokens")? {
        let name = &school.name;
        return Err(Failure::Usage(words!(
            "“{name}”没有编号为 {id} 的有效令牌；用 fenzu token list 查看",
            "\"{name}\" has no token {id} that is in force; see fenzu token list"
        )));
    }
    eprintln!("{}", words!("令牌 {id} 已作废", "the token {id} is revoked").get(lang));
    Ok(())
}

fn line(token: &Token, lang: Lang) -> String {
    let mut line = format!("{}  {}", token.id, shown(token.created));
    if let Some(revoked) = token.revoked {
        let when = shown(revoked);
        // Writing to a String cannot fail.
        let _ = write!(line, "  {}", words!("{when} 作废", "revoked {when}").get(lang));
    }
    let _ = writeln!(line, "  {}", token.name);
    line
}

/// A time of the store to the minute, in UTC.
fn shown(time: i64) -> String {
    Timestamp::from_millisecond(time).unwrap_or_default().strftime("%Y-%m-%d %H:%MZ").to_string()
}

async fn school(store: &Store, place: &Place) -> Result<School, Failure> {
    let found = store.schools().named(&place.school).await.context("schools")?;
    found.ok_or_else(|| {
        let name = &place.school;
        Failure::Usage(words!(
            "没有名为“{name}”的学校；fenzu token create 会新建",
            "there is no school \"{name}\"; fenzu token create makes one"
        ))
    })
}
