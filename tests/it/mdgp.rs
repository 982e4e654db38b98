//! Maximally diverse grouping: the best division of small instances, limits, repeatability, and the command.

use crate::command::{Folder, fenzu, shared};
use fenzu::check::diversity::within;
use fenzu::problem::distances::{Instance, read};
use fenzu::sample::mdgp::{Family, MdgpSpec, Sizes, mdgp_text};
use fenzu::solver::Stop;
use fenzu::solver::diversity::sizes::best;
use fenzu::solver::diversity::{Search, solve};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;
use std::time::Duration;

/// Distances told by a function of the pair.
fn instance(limits: &[(usize, usize)], elements: usize, distance: impl Fn(usize, usize) -> f64) -> Instance {
    let of = |at: usize| (at / elements, at % elements);
    let cell = |(i, j): (usize, usize)| if i == j { 0.0 } else { distance(i.min(j), i.max(j)) };
    let distances = (0..elements * elements).map(|at| cell(of(at))).collect();
    Instance { elements, limits: limits.to_vec(), distances }
}

fn searched(instance: &Instance, seed: u64, threads: usize, work: u64) -> Vec<usize> {
    solve(instance, Search { seed, threads, work: Some(work) }, &Stop::after(None))
}

/// Sum over pairs within one group, with a plain double loop.
fn plain(instance: &Instance, plan: &[usize]) -> f64 {
    let pairs = (0..plan.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
    pairs.filter(|&(i, j)| plan[i] == plan[j]).map(|(i, j)| instance.distances[j * plan.len() + i]).sum()
}

/// Whether every group is within its limits.
fn fits(instance: &Instance, plan: &[usize]) -> bool {
    let size = |group: usize| plan.iter().filter(|&&g| g == group).count();
    plan.iter().all(|&group| group < instance.limits.len())
        && instance.limits.iter().enumerate().all(|(group, &(low, high))| (low..=high).contains(&size(group)))
}

/// The best of all divisions, one element after the other.
fn optimum(instance: &Instance, plan: &mut Vec<usize>) -> f64 {
    if plan.len() == instance.elements {
        return if fits(instance, plan) { plain(instance, plan) } else { f64::NEG_INFINITY };
    }
    let mut most = f64::NEG_INFINITY;
    for group in 0..instance.limits.len() {
        plan.push(group);
        most = most.max(optimum(instance, plan));
        plan.pop();
    }
    most
}

/// Limits for up to 3 groups around a division of the elements, so that there is always room.
fn small() -> impl Strategy<Value = Instance> {
    let groups = prop::collection::vec((0..3_usize, 1..4_usize, 0..3_usize), 1..4);
    (groups, prop::collection::vec(-20..100_i32, 64)).prop_map(|(groups, numbers)| {
        let elements = groups.iter().map(|&(_, size, _)| size).sum::<usize>().max(2);
        let missing = elements - groups.iter().map(|&(_, size, _)| size).sum::<usize>();
        let limits = groups.iter().map(|&(below, size, above)| (size - below.min(size), size + above + missing));
        instance(&limits.collect::<Vec<_>>(), elements, |i, j| f64::from(numbers[(i * 8 + j) % 64]) / 4.0)
    })
}

proptest! {
    #[test]
    fn no_division_is_better_than_the_best_of_all(instance in small(), seed in 0..100_u64) {
        let plan = searched(&instance, seed, 1, 2000);
        prop_assert!(fits(&instance, &plan), "{plan:?}");
        let most = optimum(&instance, &mut Vec::new());
        prop_assert!(plain(&instance, &plan) < most + 1e-9, "{} of {most}", plain(&instance, &plan));
    }

    #[test]
    fn sizes_add_up_within_their_limits(instance in small()) {
        let sizes = best(&instance);
        prop_assert_eq!(sizes.iter().sum::<usize>(), instance.elements);
        prop_assert!(sizes.iter().zip(&instance.limits).all(|(size, (low, high))| low <= size && size <= high));
    }

    #[test]
    fn the_same_seed_and_work_give_the_same_plan(
        elements in 8..60_usize, groups in 2..5_usize, unequal: bool, seed in 0..50_u64, work in 0..3000_u64,
    ) {
        let sizes = if unequal { Sizes::Between } else { Sizes::Equal };
        let text = mdgp_text(&MdgpSpec { family: Family::RanReal, elements, groups, sizes, seed });
        let instance = read(text.as_bytes(), "text", None).unwrap();
        let plan = searched(&instance, seed, 1, work);
        prop_assert!(fits(&instance, &plan));
        prop_assert_eq!(&plan, &searched(&instance, seed, 1, work));
        prop_assert!((plain(&instance, &plan) - within(&instance.distances, &plan)).abs() < 1e-6);
        // More chains are never worse, and as repeatable.
        let more = searched(&instance, seed, 3, work);
        prop_assert_eq!(&more, &searched(&instance, seed, 3, work));
        prop_assert!(plain(&instance, &more) >= plain(&instance, &plan) - 1e-3);
    }
}

/// The search is no proof, but on a handful of elements it should hardly ever miss.
#[test]
fn the_best_of_all_divisions_is_nearly_always_found() {
    let mut runner = TestRunner::deterministic();
    let found = (0..200).filter(|&seed| {
        let instance = small().new_tree(&mut runner).expect("an instance").current();
        let worth = plain(&instance, &searched(&instance, seed, 1, 20_000));
        worth > optimum(&instance, &mut Vec::new()) - 1e-9
    });
    let found = found.count();
    assert!(found >= 180, "{found} of 200");
}

/// More work goes on from less, so it is never worse.
#[test]
fn more_work_is_never_worse() {
    let text = mdgp_text(&MdgpSpec { family: Family::Geo, elements: 60, groups: 6, sizes: Sizes::Between, seed: 3 });
    let instance = read(text.as_bytes(), "text", None).unwrap();
    let worth = [0, 1_000, 30_000, 200_000].map(|work| plain(&instance, &searched(&instance, 1, 1, work)));
    assert!(worth.windows(2).all(|pair| pair[0] <= pair[1] + 1e-3), "{worth:?}");
    assert!(worth[3] > 1.02 * worth[0], "{worth:?}");
}

#[test]
fn sums_stay_exact_for_tiny_huge_and_equal_distances() {
    for scale in [1e-9, 1.0, 1e12 / 64.0] {
        let made = instance(&[(2, 4), (2, 4)], 6, |i, j| scale * ((i * 7 + j * 3) % 11) as f64);
        let plan = searched(&made, 1, 1, 20_000);
        assert!((plain(&made, &plan) - optimum(&made, &mut Vec::new())).abs() < 1e-6 * scale, "{scale}");
    }
    let equal = instance(&[(1, 5), (1, 5)], 6, |_, _| 1.0);
    assert!((plain(&equal, &searched(&equal, 1, 1, 20_000)) - 10.0).abs() < 1e-9, "5 and 1");
    let nothing = instance(&[(3, 3), (3, 3)], 6, |_, _| 0.0);
    assert!(fits(&nothing, &searched(&nothing, 1, 1, 20_000)));
}

/// The library's matrix and limits, where the data are here: within a thousandth of the published average in 50,000 rows.
#[test]
fn an_instance_of_the_library_is_read_and_solved() {
    let Some(archive) = shared("mdgplib.tar.xz") else { return };
    let folder = Folder::new();
    let files = ["dev/RanReal_n120_ss_01.txt", "dev/RanReal_n120_ds_01.head"];
    let tar = std::process::Command::new("tar").args(["xJf", &archive, "-C", &folder.path("")]).args(files).status();
    if !tar.is_ok_and(|status| status.success()) {
        eprintln!("skipped: tar cannot unpack xz here");
        return;
    }
    let bytes = files.map(|file| std::fs::read(folder.path(file)).expect("a file"));
    let same = read(&bytes[0], "ss", None).unwrap();
    assert_eq!((same.elements, same.limits.as_slice()), (120, [(12, 12); 10].as_slice()));
    let other = read(&bytes[0], "ss", Some((&bytes[1], "ds"))).unwrap();
    assert_eq!((other.limits[0], other.limits[9]), ((9, 14), (12, 16)));
    for (instance, average) in [(same, 47_343.681), (other, 50_476.928)] {
        let plan = searched(&instance, 1, 1, 500_000);
        assert!(fits(&instance, &plan));
        assert!(plain(&instance, &plan) > 0.995 * average, "{}", plain(&instance, &plan));
    }
}

#[test]
fn the_command_prints_the_contract_s_json() {
    let folder = Folder::new();
    let file = folder.write("a.txt", fenzu(&["sample", "mdgp", "--elements", "20", "--groups", "4"]).code(0).out);
    let sizes = folder.write("a.head", "20 3 ds 2 10 2 10 2 10\n");
    for (more, groups) in [(vec![], 4), (vec!["--sizes", sizes.as_str()], 3)] {
        let args = [&["mdgp", &file, "--work", "3000", "--seed", "2", "--threads", "2", "--format", "json"], &more[..]];
        let printed = fenzu(&args.concat()).code(0);
        let json: Value = serde_json::from_str(printed.text()).expect("JSON");
        let members: Vec<Vec<usize>> = serde_json::from_value(json["groups"].clone()).expect("groups");
        let mut all = members.concat();
        all.sort_unstable();
        assert_eq!((all, members.len()), ((0..20).collect(), groups));
        let instance = read(&std::fs::read(&file).unwrap(), "a", None).unwrap();
        let mut plan = vec![0; 20];
        members.iter().enumerate().for_each(|(group, of)| of.iter().for_each(|&element| plan[element] = group));
        assert!((json["objective"].as_f64().unwrap() - plain(&instance, &plan)).abs() < 1e-6);
        assert!(json["elapsed_seconds"].as_f64().is_some_and(|seconds| seconds < 10.0));
        let again: Value = serde_json::from_str(fenzu(&args.concat()).code(0).text()).expect("JSON");
        assert_eq!(again["groups"], json["groups"]);
    }
    let table = fenzu(&["mdgp", &file, "--work", "1000"]).code(0);
    assert!(table.text().starts_with("objective ") && table.text().lines().count() == 5, "{}", table.text());
}

/// A group that may be empty is printed all the same, also the last.
#[test]
fn empty_groups_are_printed() {
    let folder = Folder::new();
    let file = folder.write("a.txt", "3 2 ds 0 3 0 3\n0 1 1\n0 2 1\n1 2 1\n");
    for seed in ["1", "2", "3", "4"] {
        let printed = fenzu(&["mdgp", &file, "--work", "1000", "--seed", seed, "--format", "json"]).code(0);
        let json: Value = serde_json::from_str(printed.text()).expect("JSON");
        assert_eq!((json["objective"].as_f64(), json["groups"].as_array().map(Vec::len)), (Some(3.0), Some(2)));
    }
}

#[test]
fn samples_are_what_the_search_takes() {
    let ended = fenzu(&["sample", "mdgp", "--elements", "1100", "--groups", "1024"]).code(2);
    assert!(ended.err.contains("1023"), "{}", ended.err);
}

#[test]
fn the_clock_ends_a_run() {
    let text = mdgp_text(&MdgpSpec { family: Family::RanInt, elements: 100, groups: 5, sizes: Sizes::Equal, seed: 1 });
    let instance = read(text.as_bytes(), "text", None).unwrap();
    let limit = Duration::from_millis(50);
    for threads in [1, 2] {
        let search = Search { seed: 1, threads, work: None };
        let (clock, processor) = (Stop::after(Some(limit)), Stop::after_processor(limit));
        assert!(fits(&instance, &solve(&instance, search, &clock)));
        assert!(clock.reached().is_some());
        assert!(fits(&instance, &solve(&instance, search, &processor)));
        // The first chain runs on this thread.
        assert!(processor.reached().is_some());
    }
}

#[test]
fn every_fault_of_an_instance_is_told_with_its_line() {
    let codes = |text: &str, sizes: Option<&str>| -> Vec<(String, String)> {
        let faults = read(text.as_bytes(), "a", sizes.map(|text| (text.as_bytes(), "b"))).expect_err("faults");
        faults.0.iter().map(|fault| (fault.code.to_owned(), fault.place.clone())).collect()
    };
    let told = |code: &str, place: &str| (code.to_owned(), place.to_owned());
    assert_eq!(codes("", None), [told("mdgp_header", "a line 1")]);
    assert_eq!(codes("3 1 ss 3", None), [told("mdgp_header", "a line 1")]);
    assert_eq!(codes("99999 1 ss 1 99999", None), [told("mdgp_size", "a line 1")]);
    assert_eq!(codes("3 1 ss 2 2\n0 1 1\n0 2 1\n1 2 1\n", None), [told("mdgp_limits", "a line 1")]);
    let several = "3 1 ss 3 3\n0 1 x\n1 0 2\n0 1 2\n\n0 3 1\n2 2 1\n0 2 nan\n";
    let lines = codes(several, None);
    let bad = |line: usize| told("mdgp_pair", &format!("a line {line}"));
    let twice = |line: usize| told("duplicate_pair", &format!("a line {line}"));
    assert_eq!(lines, [bad(2), twice(4), bad(6), twice(7), bad(8)]);
    assert_eq!(codes("3 1 ss 3 3\n0 1 1\n", None), [told("missing_pairs", "a line 1")]);
    let good = "3 1 ss 3 3\n0 1 1\n0 2 1\n1 2 1\n";
    assert_eq!(codes(good, Some("4 1 ds 1 4")), [told("elements", "b line 1")]);
    assert_eq!(codes(good, Some("3 2 ds 0 1 0 1")), [told("mdgp_limits", "b line 1")]);
    assert!(read(good.as_bytes(), "a", Some((b"3 2 ds 0 3 0 3", "b"))).is_ok());

    let folder = Folder::new();
    let file = folder.write("bad.txt", several);
    let refused = fenzu(&["mdgp", &file]).code(2);
    assert!(refused.err.lines().count() == 5 && refused.err.contains("bad.txt line 8"), "{}", refused.err);
    assert!(refused.out.is_empty());
}

#[test]
fn sample_instances_are_what_they_promise() {
    for family in [Family::Geo, Family::RanReal, Family::RanInt] {
        for sizes in [Sizes::Equal, Sizes::Between] {
            let spec = MdgpSpec { family, elements: 23, groups: 4, sizes, seed: 5 };
            let text = mdgp_text(&spec);
            assert_eq!(text, mdgp_text(&spec));
            assert_ne!(text, mdgp_text(&MdgpSpec { seed: 6, ..spec }));
            let made = read(text.as_bytes(), "text", None).unwrap();
            assert_eq!((made.elements, made.limits.len()), (23, 4));
            assert_eq!(sizes == Sizes::Equal, made.limits.iter().all(|(low, high)| low == high));
            let whole = made.distances.iter().all(|distance| distance.fract() == 0.0);
            assert_eq!(whole, family == Family::RanInt);
        }
    }
    let folder = Folder::new();
    fenzu(&["sample", "mdgp", "--count", "3", "--family", "geo", "--output", &folder.path("")]).code(0);
    assert!(folder.names().into_iter().eq(["mdgp01.txt", "mdgp02.txt", "mdgp03.txt"]));
    fenzu(&["sample", "mdgp", "--elements", "1"]).code(2);
    fenzu(&["sample", "mdgp", "--elements", "5", "--groups", "6"]).code(2);
}
