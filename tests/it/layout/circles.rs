//! Circles of sibling files: inside a room imports run one way, too.
//!
//! What a parent exports of its children counts as the parent's, and parents and children may name each other.

use super::{Source, paths, source, sources};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// The files of a folder that import each other, each with the files that it imports and the source in which it does.
type Siblings<'s> = BTreeMap<&'s str, BTreeMap<&'s str, &'s str>>;

/// `["solver", "cover", "list"]` of `solver/cover/list.rs`.
fn module(source: &Source) -> Vec<&str> {
    source.path.trim_end_matches(".rs").split('/').collect()
}

/// The module among these that a path leads to, or into.
fn target<'s>(from: &[&'s str], path: &[&'s str], modules: &BTreeSet<Vec<&str>>) -> Vec<&'s str> {
    let mut at = if path[0] == "crate" { Vec::new() } else { from.to_vec() };
    for word in path {
        match *word {
            "crate" | "self" => {}
            "super" => _ = at.pop(),
            word => at.push(word),
        }
    }
    while !at.is_empty() && !modules.contains(&at) {
        at.pop();
    }
    at
}

/// The circles of each folder, as the imports that make them: for each file the shortest, unless one that was told has it.
fn circles(sources: &[Source]) -> Vec<String> {
    let codes: Vec<String> = sources.iter().map(Source::code).collect();
    let modules: BTreeSet<Vec<&str>> = sources.iter().map(module).collect();
    let mut folders: BTreeMap<Vec<&str>, Siblings> = BTreeMap::new();
    for (source, code) in sources.iter().zip(&codes) {
        let from = module(source);
        for path in paths(code) {
            let to = target(&from, &path, &modules);
            let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
            if shared > 0 && shared < from.len().min(to.len()) {
                let siblings = folders.entry(from[..shared].to_vec()).or_default();
                siblings.entry(from[shared]).or_default().insert(to[shared], &source.path);
            }
        }
    }
    folders.values().flat_map(of_siblings).collect()
}

fn of_siblings(siblings: &Siblings) -> Vec<String> {
    let (mut told, mut met) = (Vec::new(), BTreeSet::new());
    for name in siblings.keys() {
        let Some(way) = way_back(siblings, name).filter(|_| !met.contains(name)) else { continue };
        let import = |pair: &[&str]| format!("{} imports `{}`", siblings[pair[0]][pair[1]], pair[1]);
        told.push(way.windows(2).map(import).collect::<Vec<_>>().join(", "));
        met.extend(way);
    }
    told
}

/// The shortest way by imports from a file to itself.
fn way_back<'s>(siblings: &Siblings<'s>, name: &'s str) -> Option<Vec<&'s str>> {
    let (mut ways, mut met) = (VecDeque::from([vec![name]]), BTreeSet::new());
    while let Some(way) = ways.pop_front() {
        for next in way.last().and_then(|last| siblings.get(last)).into_iter().flat_map(BTreeMap::keys) {
            let longer = [way.as_slice(), &[next]].concat();
            if *next == name {
                return Some(longer);
            }
            if met.insert(*next) {
                ways.push_back(longer);
            }
        }
    }
    None
}

#[test]
fn no_files_of_a_room_import_each_other_in_a_circle() {
    let circles = circles(&sources());
    assert!(circles.is_empty(), "move what both need to a third file:\n{}", circles.join("\n"));
}

/// The test above can fail.
#[test]
fn circles_are_seen() {
    let told = |files: &[(&str, &str)]| {
        let files: Vec<Source> = files.iter().map(|(path, text)| source(path, text)).collect();
        circles(&files)
    };
    let one_way = [
        ("check.rs", "mod card;\nmod judge;\npub use judge::judge;\nuse card::Card;"),
        ("check/card.rs", "use super::Finding; // super::judge\nuse crate::goals::judge;"),
        (
            "check/judge.rs",
            "use super::{Finding, card::{self, Card as Score}};\npub(in crate::check) fn x() { self::y() }",
        ),
        ("goals.rs", "use crate::plan;"),
    ];
    assert_eq!(told(&one_way), Vec::<String>::new());
    let by_list = ("check/card.rs", "use super::{Finding, bounds::{low, high}};");
    let by_call = ("check/bounds/low.rs", "fn x() { let _ = crate::check::judge::Judge::<u8>::new(); }");
    let circle = [by_list, ("check/bounds.rs", "mod low;"), by_call, one_way[2], one_way[0]];
    let shown = "check/bounds/low.rs imports `judge`, check/judge.rs imports `card`, check/card.rs imports `bounds`";
    assert_eq!(told(&circle), [shown]);
    let below = [
        ("roster/staff/look.rs", "use super::names;"),
        ("roster/staff/names.rs", "use crate::{roster::staff::look::Look, words};"),
        ("roster/staff.rs", "mod look;\nmod names;"),
    ];
    assert_eq!(told(&below), ["roster/staff/look.rs imports `names`, roster/staff/names.rs imports `look`"]);
}
