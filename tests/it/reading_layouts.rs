//! A list drawn by chance and laid out by chance is read as it is, or something is said: never a student more, less or another, and
//! never a mark moved or lost, without a word.
//!
//! `LAYOUT_DRAWS` sets how many lists are drawn (500 without it), `LAYOUT_SEED` draws one and shows it.

use crate::layouts::chance::Chance;
use crate::layouts::draw::{Extra, Layout};
use crate::layouts::judge::{Verdict, judge};
use crate::layouts::sheet::sheets;
use crate::layouts::truth::Truth;
use crate::layouts::write;
use fenzu::roster::{Reading, read};
use std::collections::BTreeMap;

const DRAWS: u64 = 500;
/// How many lines of a sheet are shown.
const LINES: usize = 40;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

/// A list and its layout.
fn draw(seed: u64) -> (Truth, Layout) {
    let mut chance = Chance::new(seed);
    let mut truth = Truth::draw(&mut chance);
    let mut layout = Layout::draw(&truth, &mut chance);
    if layout.gone {
        layout.extras.retain(|extra| *extra != Extra::Remark);
        layout.extras.push(Extra::Remark);
    }
    for student in &mut truth.students {
        (student.gone, student.hidden) = (chance.percent(10), chance.percent(10));
    }
    truth.students[0].gone = true;
    truth.students[1].hidden = true;
    (truth, layout)
}

/// The truth as the layout tells it: who is gone or hidden only where it tells that.
fn told(truth: &Truth, layout: &Layout) -> Truth {
    let mut truth = truth.clone();
    let tells_gone = layout.tells_gone();
    for student in &mut truth.students {
        (student.gone, student.hidden) = (student.gone && tells_gone, student.hidden && layout.hidden);
    }
    truth
}

fn verdict(truth: &Truth, layout: &Layout) -> Verdict {
    let truth = told(truth, layout);
    let (file, bytes) = write::bytes(&sheets(&truth, layout), layout.file);
    judge(&truth, layout, read(&bytes, &Reading { file, ..Reading::default() }))
}

/// What kind of verdict it is: two of one kind have one cause, as far as can be told.
fn kind(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Read(doubts) => format!("asked: {}", doubts.join(" ")),
        Verdict::Refused(codes) => format!("refused: {}", codes.join(" ")),
        Verdict::Wrong(cause, _) => format!("wrong: {cause}"),
    }
}

/// The simplest list and layout that is found to come to the same kind of verdict.
fn simplest(mut truth: Truth, mut layout: Layout) -> (Truth, Layout) {
    let wanted = kind(&verdict(&truth, &layout));
    let same = |truth: &Truth, layout: &Layout| kind(&verdict(truth, layout)) == wanted;
    loop {
        if let Some(simpler) =
            layout.simpler().into_iter().find(|l| format!("{l:?}") != format!("{layout:?}") && same(&truth, l))
        {
            layout = simpler;
        } else if let Some(simpler) = truth.simpler().into_iter().find(|t| same(t, &layout)) {
            truth = simpler;
        } else {
            return (truth, layout);
        }
    }
}

fn show(seed: u64, truth: &Truth, layout: &Layout) -> String {
    let truth = &told(truth, layout);
    let mut shown = format!("LAYOUT_SEED={seed}: {:?}\n{layout:?}\nids {:?}\n", verdict(truth, layout), truth.ids);
    for sheet in sheets(truth, layout) {
        let text = write::text(&sheet, b',');
        let rows: Vec<&str> = text.lines().take(LINES).collect();
        shown += &format!("--- {}\n{}\n", sheet.name, rows.join("\n"));
    }
    if let Ok(dir) = std::env::var("LAYOUT_FILES") {
        let (file, bytes) = write::bytes(&sheets(truth, layout), layout.file);
        std::fs::write(format!("{dir}/{seed}-{file}"), bytes).expect("a file");
    }
    shown
}

#[test]
fn a_list_is_read_as_it_is_or_something_is_said() {
    let seeds = match setting("LAYOUT_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..setting("LAYOUT_DRAWS").unwrap_or(DRAWS),
    };
    let n = seeds.end - seeds.start;
    let (mut wrong, mut read, mut asked) = (Vec::new(), 0, 0);
    let mut counts = BTreeMap::<String, Vec<u64>>::new();
    for seed in seeds {
        let (truth, layout) = draw(seed);
        let verdict = verdict(&truth, &layout);
        let unexpected = match &verdict {
            Verdict::Read(doubts) if doubts.is_empty() => {
                read += 1;
                continue;
            }
            Verdict::Read(doubts) => {
                let expected = layout.expected_doubts();
                doubts.iter().any(|code| !expected.contains(code))
            }
            Verdict::Refused(_) => true,
            Verdict::Wrong(..) => {
                wrong.push(seed);
                true
            }
        };
        if !unexpected {
            asked += 1;
            continue;
        }
        counts.entry(kind(&verdict)).or_default().push(seed);
        if n == 1 {
            println!("{verdict:?}");
            let (truth, layout) = simplest(truth, layout);
            println!("{}", show(seed, &truth, &layout));
        }
    }
    println!("{n} lists: {read} read, {asked} asked about as they should be; others, with the first seeds of each:");
    for (kind, seeds) in &counts {
        println!("{:6}  {kind}  {:?}", seeds.len(), &seeds[..seeds.len().min(8)]);
    }
    for &seed in wrong.iter().take(40).filter(|_| n > 1) {
        let (truth, layout) = draw(seed);
        println!("LAYOUT_SEED={seed}: {:?} {:?}", layout.arrangement, verdict(&truth, &layout));
    }
    let misread = wrong.len();
    assert!(misread == 0, "{misread} of {n} lists are misread without a word: {:?}", &wrong[..misread.min(40)]);
    let refused: u64 =
        counts.iter().filter(|(kind, _)| kind.starts_with("refused")).map(|(_, seeds)| seeds.len() as u64).sum();
    assert!(n < 100 || 50 * refused <= n, "{refused} of {n} lists that are plain are refused");
}
