//! Tokens: in the store, and by `fenzu token`.

use super::fixture::{over_both, school};
use crate::command::{Folder, command, fenzu};
use crate::postgres;
use fenzu::store::Bearer;
use std::collections::HashSet;

#[test]
fn a_token_opens_its_school_until_it_is_revoked() {
    over_both(|store| async move {
        let (own, other) = (school(&store, "一中").await, school(&store, "二中").await);
        assert!(!store.tokens().ever().await.expect("an answer"));
        let (token, secret) = store.tokens().create(&own, "office").await.expect("a token");
        assert!(store.tokens().ever().await.expect("an answer"));
        assert!(secret.starts_with("fenzu_") && secret.len() == 6 + 64, "256 bits: {}", secret.len());
        let bearer = Bearer { school: own.clone(), token: token.id.clone() };
        assert_eq!(store.tokens().bearer(&secret).await.expect("an answer"), Some(bearer));
        for wrong in ["", "fenzu_", &secret[..69], &secret.to_uppercase(), &format!("{secret}0")] {
            assert_eq!(store.tokens().bearer(wrong).await.expect("an answer"), None, "{wrong}");
        }
        assert_eq!(store.tokens().all(&own).await.expect("an answer"), std::slice::from_ref(&token));
        assert_eq!(store.tokens().all(&other).await.expect("an answer"), []);
        assert!(!store.tokens().revoke(&other, &token.id).await.expect("an answer"), "another school's");
        assert!(store.tokens().revoke(&own, &token.id).await.expect("an answer"));
        assert!(!store.tokens().revoke(&own, &token.id).await.expect("an answer"), "once");
        assert_eq!(store.tokens().bearer(&secret).await.expect("an answer"), None);
        assert!(store.tokens().ever().await.expect("an answer"), "also a revoked one");
        assert!(store.tokens().create("nosuch", "").await.is_err());
        let mut secrets = HashSet::new();
        for _ in 0..20 {
            secrets.insert(store.tokens().create(&own, "").await.expect("a token").1);
        }
        assert_eq!(secrets.len(), 20);
    });
}

#[test]
fn the_command_makes_lists_and_revokes() {
    let folder = Folder::new();
    let sqlite = format!("sqlite:{}", folder.path("fenzu.db"));
    for url in [Some(sqlite), postgres::database()].into_iter().flatten() {
        let at = ["--school", "实验中学", "--database", &url];
        let made = fenzu(&[&["token", "create", "--name", "office"], &at[..]].concat()).code(0);
        let secret = made.text().trim();
        assert_eq!((made.text().lines().count(), secret.len()), (1, 70), "the secret alone on stdout");
        assert!(!made.err.contains(secret) && made.err.contains("shown this once"), "{}", made.err);
        let listed = fenzu(&[&["token", "list"], &at[..]].concat()).code(0);
        let (id, rest) = listed.text().trim().split_once(' ').expect("columns");
        assert!(rest.ends_with("office") && !listed.text().contains(&secret[6..]), "{}", listed.text());
        assert!(made.err.contains(id), "{}", made.err);
        let revoke = [&["token", "revoke", id], &at[..]].concat();
        fenzu(&revoke).code(0);
        assert!(fenzu(&[&["token", "list"], &at[..]].concat()).text().contains("revoked 20"));
        let again = fenzu(&revoke).code(2);
        assert!(again.err.contains("no token") && again.err.contains(id), "{}", again.err);
        let unknown = fenzu(&["token", "list", "--school", "nosuch", "--database", &url]).code(2);
        assert!(unknown.err.contains("no school \"nosuch\""), "{}", unknown.err);
    }
}

#[test]
fn the_command_takes_its_database_from_the_environment() {
    let folder = Folder::new();
    let run = |args: &[&str], database: &str| {
        command(args).env("FENZU_DATABASE", database).output().expect("the program starts")
    };
    let create = ["token", "create", "--school", "a"];
    assert!(run(&create, &format!("sqlite:{}", folder.path("mine.db"))).status.success());
    assert!(folder.names().contains("mine.db"), "{:?}", folder.names());
    let (own, long) = (format!("sqlite:{}", folder.path("mine.db")), "校".repeat(100));
    let named = |name| ["token", "create", "--school", name];
    for (bad, args) in [("mysql://u:pass1word@h/d", create), (own.as_str(), named("")), (&own, named(&long))] {
        let output = run(&args, bad);
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(output.stdout.is_empty() && !told.contains("pass1word"), "{told}");
    }
    let help = fenzu(&["token", "create", "--help"]).code(0);
    assert!(help.text().contains("[default: sqlite:fenzu.db]") && help.text().contains("FENZU_DATABASE"));
}
