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
fn lists_and_output_stand_apart() {
    let folder = Folder::new();
    let lists = lists(&folder, 2);
    let out = format!("{lists}/out");
    let refused = |input: &str, out: &str, options: &[&str]| {
        let ended = school(input, out, options).code(2);
        assert!(ended.err.contains("[output_among_lists]") && ended.err.lines().count() == 1, "{}", ended.err);
        assert!(!std::path::Path::new(&format!("{out}/summary.json")).exists());
    };
    refused(&lists, &out, &["--groups", "2"]);
    refused(&lists, &lists, &["--groups", "2"]);
    refused(&format!("{lists}/c01.csv"), &lists, &["--groups", "2"]);
    refused(&folder.path("."), &folder.path("lists/../out"), &["--schools"]);
    let ended = school(&lists, &out, &["--lang", "zh"]).code(2);
    assert!(ended.err.contains("请把 --output 放到名册文件夹旁边"), "{}", ended.err);
    // Last semester's folder may stand among the lists, and is not read.
    let (last, next) = (folder.path("last"), folder.path("next"));
    school(&lists, &last, &["--groups", "2"]).code(0);
    std::fs::rename(&last, format!("{lists}/last")).expect("a folder");
    school(&lists, &next, &["--groups", "2", "--previous", &format!("{lists}/last")]).code(0);
    assert_eq!(states(&next), done(&["c01", "c02"]));
    let ended = school(&format!("{lists}/c01.csv"), &next, &["--groups", "2", "--previous", &next]).code(2);
    assert!(ended.err.contains("--previous and --output are one folder"), "{}", ended.err);
}

#[test]
fn lists_of_teachers_among_the_lists_are_no_classes() {
    let folder = Folder::new();
    let (lists, out) = (lists(&folder, 2), folder.path("out"));
    let staff = [
        ("教师名单", "工号,姓名,任教班级\nT1,王芳,c01;c02\nT2,李强,c01\nT3,赵敏,c02\nT4,钱四,c02\n"),
        ("认领", "姓名,认领意愿,组名\n王芳,c01/1,春芽\n李强,c01/2,小荷\n赵敏,c02/1,青松\n"),
        ("教师花名册", "姓名,性别,任教班级,任教学科\n王芳,女,c01,语文\n李强,男,c02,数学\n赵敏,女,c02,英语\n"),
    ];
    for (name, text) in staff {
        std::fs::write(format!("{lists}/{name}.csv"), text).expect("a list");
    }
    school(&lists, &out, &["--groups", "2"]).code(0);
    assert_eq!(states(&out), done(&["c01", "c02"]));
    let told = notices(&out);
    for (name, _) in staff {
        let is_told = |(code, place): &&(String, String)| code == "teachers_skipped" && place.contains(name);
        assert_eq!(told.iter().filter(is_told).count(), 1, "{name}: {told:?}");
    }
}

/// A zip of files of any bytes; names of `一班` are GBK, as a Chinese Windows packs them.
fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(name.replace("一班", "GBKN"), zip::write::SimpleFileOptions::default()).expect("a file");
        zip.write_all(bytes).expect("bytes");
    }
    let mut bytes = zip.finish().expect("a zip").into_inner();
    for at in 0..bytes.len() - 4 {
        if bytes[at..].starts_with(b"GBKN") {
            bytes[at..at + 4].copy_from_slice(b"\xd2\xbb\xb0\xe0");
        }
    }
    bytes
}

#[test]
fn zips_are_read_wherever_they_stand() {
    let folder = Folder::new();
    let texts: Vec<String> = (1..=4).map(|seed| class(20, seed)).collect();
    let inner = packed(&[("一班.csv", texts[0].as_bytes()), ("readme.txt", "Please keep.".as_bytes())]);
    let middle = packed(&[("七年级/inner.zip", &inner), ("二班.csv", texts[1].as_bytes())]);
    let lists = folder.path("lists");
    std::fs::create_dir_all(format!("{lists}/八年级")).expect("a folder");
    std::fs::write(format!("{lists}/七.zip"), &middle).expect("a zip");
    std::fs::write(format!("{lists}/八年级/all.zip"), packed(&[("三班.csv", texts[2].as_bytes())])).expect("a zip");
    std::fs::write(format!("{lists}/四班.csv"), &texts[3]).expect("a list");
    let out = folder.path("out");
    school(&lists, &out, &["--groups", "2"]).code(0);
    let mut names: Vec<String> = states(&out).into_iter().map(|(name, _)| name).collect();
    names.sort();
    assert_eq!(names, ["七年级一班", "七年级二班", "八年级三班", "四班"]);
    // Too deep, and one in itself that is damaged: told, and no other is stopped.
    let mut deep = packed(&[("c9.csv", texts[0].as_bytes())]);
    for _ in 0..9 {
        deep = packed(&[("deep.zip", &deep)]);
    }
    let broken =
        packed(&[("c1.csv", texts[0].as_bytes()), ("bad.zip", &inner[..inner.len() / 2]), ("deep.zip", &deep)]);
    let (zip, out) = (folder.write("broken.zip", broken), folder.path("broken"));
    school(&zip, &out, &["--groups", "2"]).code(2);
    let state = |name: &str| states(&out).into_iter().find(|(of, _)| of == name).map(|(_, state)| state);
    assert_eq!((state("c1").as_deref(), state("bad").as_deref()), (Some("done"), Some("refused")));
    assert_eq!(notices(&out).iter().filter(|(code, _)| code == "folder_skipped").count(), 1, "{:?}", notices(&out));
}

#[test]
fn one_budget_covers_zips_in_zips() {
    let folder = Folder::new();
    let nothing = zipped(&[("z.csv", &"0".repeat(60 << 20))]);
    let files: Vec<(String, Vec<u8>)> = (1..=9).map(|n| (format!("z{n}.zip"), nothing.clone())).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let (zip, out) = (folder.write("bomb.zip", packed(&files)), folder.path("out"));
    school(&zip, &out, &["--threads", "1"]).code(2);
    let summary = summary(&out);
    let classes = summary["classes"].as_array().expect("classes").iter();
    let codes: Vec<&str> = classes.filter_map(|class| class["error"]["code"].as_str()).collect();
    assert_eq!(codes.iter().filter(|code| **code == "unpacks_too_large").count(), 1, "{codes:?}");
}

#[test]
fn files_that_are_no_lists_are_told_and_stop_no_run() {
    let folder = Folder::new();
    let lists = lists(&folder, 1);
    let readme = "各位班主任：\n请于周五前交名册，谢谢。\n教务处，9 月 1 日\n";
    for (name, bytes) in [
        ("readme.txt", readme),
        ("通知.docx", "PK"),
        ("Thumbs.db", "x"),
        ("~$c01.xlsx", "x"),
        (".DS_Store", "x"),
        ("说明.pdf", "%PDF"),
    ] {
        std::fs::write(format!("{lists}/{name}"), bytes).expect("a file");
    }
    std::fs::write(format!("{lists}/c02.txt"), class(20, 2).replace(',', "\t")).expect("a list");
    let out = folder.path("out");
    let ended = school(&lists, &out, &["--groups", "2"]).code(0);
    assert_eq!(states(&out), done(&["c01", "c02"]));
    assert_eq!(notices(&out).len(), 1);
    for name in ["readme.txt", "通知.docx", "Thumbs.db", "~$c01.xlsx", ".DS_Store", "说明.pdf"] {
        assert!(ended.text().contains(name), "{name}: {}", ended.text());
    }
    let ended = school(&lists, &out, &["--groups", "2", "--lang", "zh"]).code(0);
    assert!(ended.text().contains("6 个文件不是名册，没有读取"), "{}", ended.text());
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
    assert_eq!(states(&out), done(&["七年级1班", "八年级1班"]));
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

/// Names and marks of one class in two files, and of a whole grade: never two classes in silence.
#[test]
fn marks_in_a_file_of_their_own_belong_to_their_class() {
    let row =
        |class: usize, s: usize| (format!("{class}{s:02}"), format!("Student {class} {s}"), 60 + (s * 7 + class) % 40);
    let people = |class: usize| -> String {
        (1..=20)
            .map(|s| row(class, s))
            .map(|(id, name, _)| format!("{id},{name},{}\n", ["m", "f"][id.len() % 2]))
            .collect()
    };
    let marks = |class: usize| -> String {
        (1..=20).map(|s| row(class, s)).map(|(id, name, mark)| format!("{id},{name},{mark},{}\n", 150 - mark)).collect()
    };
    let (who, what) = ("id,name,gender\n", "id,name,math,english\n");
    let folder = Folder::new();
    let write = |lists: &str, file: &str, text: String| {
        std::fs::create_dir_all(folder.path(lists)).expect("a folder");
        std::fs::write(folder.path(&format!("{lists}/{file}")), text).expect("a list");
    };
    write("one", "c1 list.csv", format!("{who}{}", people(1)));
    write("one", "c1 marks.csv", format!("{what}{}", marks(1)));
    write("grade", "c1.csv", format!("{who}{}", people(1)));
    write("grade", "c2.csv", format!("{who}{}", people(2)));
    write("grade", "z marks.csv", format!("{what}{}{}", marks(1), marks(2)));
    write("twice", "c1.csv", format!("{what}{}", marks(1)));
    write("twice", "c1 copy.csv", format!("{what}{}", marks(1)));
    for (lists, classes, codes) in [
        ("one", &["c1 list"][..], &["lists_joined"][..]),
        ("grade", &["c1", "c2"], &["lists_joined", "lists_joined"]),
        ("twice", &["c1"], &["lists_alike"]),
    ] {
        let out = folder.path(&format!("out {lists}"));
        let ended = school(&folder.path(lists), &out, &["--groups", "4"]).code(0);
        let mut found: Vec<String> = states(&out).into_iter().map(|(class, _)| class).collect();
        found.sort();
        assert_eq!(found, classes, "{lists}");
        let told: Vec<String> = notices(&out).into_iter().map(|(code, _)| code).collect();
        assert_eq!(told, codes, "{lists}");
        assert!(ended.text().contains("students"), "{}", ended.text());
        let class = crate::school::plan(&out, classes[0]);
        assert_eq!((class.input.students, class.balance.iter().any(|row| row.column == "math")), (20, true), "{lists}");
        fenzu(&["school", "check", &out]).code(0);
        // Nothing is solved again, since nothing is another.
        let again = school(&folder.path(lists), &out, &["--groups", "4"]).code(0);
        assert!(again.text().contains(&format!("{} kept", classes.len())), "{}", again.text());
    }
}
