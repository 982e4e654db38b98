//! What `fenzu school` takes for lists, and what it passes over or refuses.

use crate::command::{Folder, fenzu};
use crate::school::{class, lists, school, summary};
use std::io::{Cursor, Write};

/// A zip of files.
fn zipped(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).expect("a file");
        zip.write_all(text.as_bytes()).expect("bytes");
    }
    zip.finish().expect("a zip").into_inner()
}

/// Names and states of a run's classes.
fn states(out: &str) -> Vec<(String, String)> {
    let word = |class: &serde_json::Value, key: &str| class[key].as_str().expect("a word").to_owned();
    let summary = summary(out);
    let classes = summary["classes"].as_array().expect("classes");
    classes.iter().map(|class| (word(class, "class"), word(class, "state"))).collect()
}

/// Codes and places of a summary's notices.
fn notices(out: &str) -> Vec<(String, String)> {
    let word = |notice: &serde_json::Value, key: &str| notice[key].as_str().expect("a word").to_owned();
    let summary = summary(out);
    let notices = summary["notices"].as_array().expect("notices");
    notices.iter().map(|notice| (word(notice, "code"), word(notice, "where"))).collect()
}

fn done(names: &[&str]) -> Vec<(String, String)> {
    names.iter().map(|name| ((*name).to_owned(), "done".to_owned())).collect()
}

#[test]
fn names_with_dots_and_deep_folders_in_a_zip_do_not_vanish() {
    let folder = Folder::new();
    let (one, two) = (class(20, 1), class(20, 2));
    let deep = "a/b/c/d/e/f/g/h/i/c9.csv";
    let zip = folder.write("lists.zip", zipped(&[("./c1.csv", &one), ("../up/c2.csv", &two), (deep, &one)]));
    let out = folder.path("out");
    school(&zip, &out, &["--groups", "2"]).code(0);
    assert_eq!(states(&out), done(&["c2", "c1"]));
    let told = notices(&out);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].0 == "folder_skipped" && told[0].1.ends_with(deep), "{told:?}");
}

#[test]
fn folders_that_are_too_deep_are_told() {
    let folder = Folder::new();
    let lists = lists(&folder, 1);
    let deep = format!("{lists}/{}", "x/".repeat(9));
    std::fs::create_dir_all(&deep).expect("a folder");
    std::fs::write(format!("{deep}/c9.csv"), class(20, 9)).expect("a list");
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "2"]).code(0);
    assert_eq!(states(&out), done(&["c01"]));
    assert!(notices(&out)[0].0 == "folder_skipped");
}

#[test]
fn an_output_folder_among_the_lists_holds_no_lists() {
    let folder = Folder::new();
    let lists = lists(&folder, 2);
    let (out, next) = (format!("{lists}/out"), format!("{lists}/next"));
    for _ in 0..2 {
        school(&lists, &out, &["--groups", "2"]).code(0);
        assert_eq!(states(&out), done(&["c01", "c02"]));
    }
    // Both output folders stand among the lists, and neither is read.
    school(&lists, &next, &["--groups", "2", "--previous", &out]).code(0);
    assert_eq!(states(&next), done(&["c01", "c02"]));
    let ended = school(&lists, &out, &["--groups", "2", "--previous", &out]).code(2);
    assert!(ended.err.contains("--previous and --output are one folder"), "{}", ended.err);
}

#[test]
fn an_output_folder_in_a_district_is_no_school() {
    let folder = Folder::new();
    let district = folder.path("district");
    std::fs::create_dir_all(format!("{district}/north")).expect("a folder");
    std::fs::write(format!("{district}/north/c1.csv"), class(20, 1)).expect("a list");
    let out = format!("{district}/out");
    for _ in 0..2 {
        let ended = school(&district, &out, &["--schools", "--groups", "2"]).code(0);
        assert!(ended.text().contains("1 schools, 1 classes"), "{}", ended.text());
    }
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_in_a_folder_is_one_refused_class() {
    let folder = Folder::new();
    let lists = lists(&folder, 1);
    std::os::unix::fs::symlink("nowhere.csv", format!("{lists}/c02.csv")).expect("a link");
    let mut damaged = zipped(&[("c9.csv", &class(20, 9))]);
    damaged.truncate(damaged.len() / 2);
    std::fs::write(format!("{lists}/c03.zip"), damaged).expect("a file");
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "2"]).code(2);
    let states = states(&out);
    let named: Vec<(&str, &str)> = states.iter().map(|(name, state)| (name.as_str(), state.as_str())).collect();
    assert_eq!(named, [("c01", "done"), ("c02", "refused"), ("c03", "refused")]);
    let summary = summary(&out);
    assert_eq!(summary["classes"][1]["error"]["code"], "unreadable_file");
    assert_eq!(summary["classes"][2]["error"]["code"], "damaged_file");
    // A path that was named is asked for.
    let missing = folder.path("nowhere.csv");
    let ended = school(&missing, &folder.path("none"), &[]).code(2);
    assert!(ended.err.contains(&format!("[unreadable_file] {missing}")), "{}", ended.err);
}

#[test]
fn lists_of_one_name_are_told_apart_by_their_zip_or_folder() {
    let folder = Folder::new();
    let texts: Vec<String> = (1..=4).map(|seed| class(20, seed)).collect();
    let zips = folder.path("zips");
    std::fs::create_dir_all(&zips).expect("a folder");
    for (zip, text) in ["七年级", "八年级"].into_iter().zip(&texts) {
        std::fs::write(format!("{zips}/{zip}.zip"), zipped(&[("1班.csv", text)])).expect("a zip");
    }
    let out = folder.path("a");
    school(&zips, &out, &["--groups", "2"]).code(0);
    assert_eq!(states(&out), done(&["七年级 1班", "八年级 1班"]));
    let paths = ["north", "south"].map(|name| folder.path(name));
    for (path, text) in paths.iter().zip(&texts[2..]) {
        std::fs::create_dir_all(path).expect("a folder");
        std::fs::write(format!("{path}/c1.csv"), text).expect("a list");
    }
    let out = folder.path("b");
    fenzu(&["school", &paths[0], &paths[1], "--groups", "2", "--output", &out]).code(0);
    assert_eq!(states(&out), done(&["north c1", "south c1"]));
    let files = paths.map(|path| format!("{path}/c1.csv"));
    let out = folder.path("c");
    fenzu(&["school", &files[0], &files[1], "--groups", "2", "--output", &out]).code(0);
    assert_eq!(states(&out), done(&["north c1", "south c1"]));
}

#[test]
fn schools_of_a_district_may_be_zips_and_refused_ones_are_told() {
    let folder = Folder::new();
    let district = folder.path("district");
    std::fs::create_dir_all(format!("{district}/c")).expect("a folder");
    let staff = "id,name,classes,max_groups\nT1,Li,c1,2\n";
    let list = class(20, 1);
    std::fs::write(format!("{district}/a.zip"), zipped(&[("c1.csv", &list), ("staff.csv", staff)])).expect("a zip");
    let nested = zipped(&[("b/c1.csv", &list), ("b/staff.csv", staff)]);
    std::fs::write(format!("{district}/b.zip"), nested).expect("a zip");
    std::fs::write(format!("{district}/c/c1.csv"), &list).expect("a list");
    let out = folder.path("out");
    let ended = school(&district, &out, &["--schools", "--groups", "2", "--teachers", "staff.csv"]).code(2);
    for name in ["a", "b"] {
        let out = format!("{out}/{name}");
        assert_eq!(states(&out), done(&["c1"]), "the staff list is no class");
        assert_eq!(summary(&out)["teachers"][0]["students"], 20);
    }
    assert!(ended.text().contains("c: refused") && ended.text().contains("[unreadable_file]"), "{}", ended.text());
    assert!(ended.text().contains("staff.csv"), "{}", ended.text());
    assert_eq!(summary(&out)["schools"][2]["state"], "refused");
    let again = folder.path("again");
    school(&district, &again, &["--schools", "--groups", "2", "--teachers", "./staff.csv"]).code(2);
    let state = |school: usize| summary(&again)["schools"][school]["state"].clone();
    assert_eq!([state(0), state(1), state(2)], ["done", "done", "refused"]);
}

#[test]
fn a_zip_is_read_up_to_a_cap_in_all() {
    let folder = Folder::new();
    // Nine times 60 MiB of nothing, each small enough by itself.
    let nothing = "0".repeat(60 << 20);
    let mut first = zip::ZipArchive::new(Cursor::new(zipped(&[("z.csv", &nothing)]))).expect("a zip");
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for n in 1..=9 {
        let copy = first.by_index_raw(0).expect("a file");
        zip.raw_copy_file_rename(copy, format!("z{n}.csv")).expect("a file");
    }
    let zip = folder.write("bomb.zip", zip.finish().expect("a zip").into_inner());
    let out = folder.path("out");
    school(&zip, &out, &["--threads", "1"]).code(2);
    let summary = summary(&out);
    let classes = summary["classes"].as_array().expect("classes");
    let codes: Vec<&str> = classes.iter().filter_map(|class| class["error"]["code"].as_str()).collect();
    assert_eq!(codes.len(), 9);
    assert_eq!(codes.iter().filter(|code| **code == "unpacks_too_large").count(), 1, "{codes:?}");
}
