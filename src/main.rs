use fenzu::{goals::*, model::*, problem::{*, marks::Marks}, solver::{atoms::Atoms, chain::*, stop::Stop}};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let text = std::fs::read_to_string(&args[1]).unwrap();
    let groups: usize = args[2].parse().unwrap();
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    let rows: Vec<Vec<&str>> = lines.map(|l| l.split(',').collect()).collect();
    let n = rows.len();
    let t = head.iter().position(|h| *h == "tier").unwrap();
    let marks: Vec<Marks> = (3..t).map(|c| { let v: Vec<i64> = rows.iter().map(|r| r[c].parse().unwrap()).collect(); let m = *v.iter().min().unwrap(); let units: Vec<i64> = v.iter().map(|x| x - m).collect(); Marks { column: c, total: units.iter().sum(), units, num: 1, den: 1, present: vec![true; n] } }).collect();
    let of: Vec<usize> = rows.iter().map(|r| match r[t] { "top" => 0, "middle" => 1, _ => 2 }).collect();
    let mut totals = vec![0; 3]; of.iter().for_each(|&x| totals[x] += 1);
    let mut kinds = vec![];
    for (c, v) in [(2, "男"), (2, "女")].into_iter().chain((t + 1..head.len()).map(|c| (c, "1"))) { let members: Vec<bool> = rows.iter().map(|r| r[c] == v).collect(); kinds.push(Kind { column: c, label: v.into(), total: members.iter().filter(|x| **x).count() as i64, members }); }
    let one = Ratio::default();
    let goal = |name, level| GoalInput { name, level, weight: one, tolerance: 0.0, marks: (0..marks.len()).map(|i| (i, one)).collect(), kinds: (0..kinds.len()).map(|i| (i, one)).collect() };
    let mut goals = vec![goal(GoalName::Tiers, 1), goal(GoalName::Counts, 2), goal(GoalName::Means, 3), goal(GoalName::Worst, 4), goal(GoalName::Spread, 5)];
    goals[1].marks.clear(); for g in &mut goals[2..] { g.kinds.clear(); }
    let problem = Problem { students: n, groups, tiers: Some(fenzu::problem::Tiers { of, totals }), kinds, marks, previous: None, rules: vec![], goals, prove_through: GoalName::Means, notices: vec![] };
    let objective = Objective::new(&problem);
    let atoms = Atoms::of(&problem).unwrap();
    let secs: f64 = args[3].parse().unwrap();
    for seed in 0..args[4].parse().unwrap() {
        let stop = Stop::after(Some(std::time::Duration::from_secs_f64(secs)));
        let mut target = [0; MAX_LEVELS]; for (i, l) in objective.levels.iter().enumerate() { target[i] = l.bound; }
        let ground = Ground { problem: &problem, objective: &objective, atoms: &atoms, stop: &stop, target, floors: [i64::MIN; MAX_LEVELS] };
        let f = run(&ground, &Task { seed, work: u64::MAX, start: None, beaten: &|| false }).unwrap();
        let h = f.history.iter().find(|h| h.0[..=3] == f.levels[..=3]).unwrap().1;
        println!("seed {seed}: {:?} bound {:?} reached {} at {:.3}s of {:.3}s work {}M first {:?}", &f.levels[..6], &target[..6], f.reached, h, stop.seconds(), f.work / 1000000, &f.history.iter().map(|(l, t)| format!("{:.3}:{}", t, l[3])).collect::<Vec<_>>()[..4.min(f.history.len())]);
    }
}
