//! Staffing: teachers for groups. Brute force over every assignment of small schools guards each level's proof.

use fenzu::solver::Stop;
use fenzu::solver::staffing::{
    Answer, Continuity, DEEPEST_RANK, Denial, Gone, Group, LevelKind, Must, Reason, Shortage, Staffing, Teacher,
    denial, shortages, solve,
};
use proptest::prelude::*;

const NODES: i64 = 1_000_000;

fn staffed(staffing: &Staffing) -> Answer {
    solve(staffing, 1, NODES, &Stop::after(None))
}

/// Whether nobody takes what he or she may not, or more than he or she can.
fn allowed(staffing: &Staffing, teacher_of: &[Option<usize>]) -> bool {
    let carries = |t: usize| teacher_of.iter().enumerate().filter(move |(_, of)| **of == Some(t)).map(|(g, _)| g);
    (0..staffing.teachers.len()).all(|t| {
        let teacher = &staffing.teachers[t];
        let sum = |of: &dyn Fn(&Group) -> i64| carries(t).map(|g| of(&staffing.groups[g])).sum::<i64>();
        carries(t).all(|g| teacher.teaches.contains(&g) && !teacher.barred.contains(&g))
            && teacher.max_groups.is_none_or(|most| sum(&|_| 1) <= most)
            && teacher.max_students.is_none_or(|most| sum(&|group| group.students) <= most)
            && teacher.max_visits.is_none_or(|most| sum(&|group| group.visits) <= most)
    })
}

/// Visits that a teacher carries.
fn visits(staffing: &Staffing, teacher: usize, teacher_of: &[Option<usize>]) -> i64 {
    let carried = teacher_of.iter().zip(&staffing.groups).filter(|(of, _)| **of == Some(teacher));
    carried.map(|(_, group)| group.visits).sum()
}

/// A level's value, written anew.
fn value(staffing: &Staffing, kind: LevelKind, teacher_of: &[Option<usize>]) -> i64 {
    let count = |n: usize| i64::try_from(n).unwrap();
    let rank = |t: usize, g: usize| {
        staffing.teachers[t].wishes.iter().filter(|(group, _)| *group == g).map(|(_, rank)| *rank).min()
    };
    let taken = || teacher_of.iter().enumerate().filter_map(|(g, of)| Some((of.as_ref().copied()?, g)));
    let able: Vec<usize> =
        (0..staffing.teachers.len()).filter(|&t| staffing.eligible(t).any(|g| staffing.groups[g].visits > 0)).collect();
    let all: i64 = staffing.groups.iter().map(|group| group.visits).sum();
    match kind {
        LevelKind::Musts => {
            let unmet = |must: &&Must| !must.any_of.iter().any(|&g| teacher_of[g] == Some(must.teacher));
            count(staffing.musts.iter().filter(unmet).count())
        }
        LevelKind::Unstaffed => count(teacher_of.iter().filter(|of| of.is_none()).count()),
        LevelKind::Wishes(r) => count(teacher_of.len() - taken().filter(|&(t, g)| rank(t, g) == Some(r)).count()),
        LevelKind::EmptyHanded => {
            let empty = |t: &usize| {
                !staffing.teachers[*t].wishes.is_empty() && !taken().any(|(who, g)| who == *t && rank(*t, g).is_some())
            };
            count((0..staffing.teachers.len()).filter(empty).count())
        }
        LevelKind::LargestLoad => able.iter().map(|&t| visits(staffing, t, teacher_of)).max().unwrap_or(0),
        LevelKind::LoadSpread => {
            able.iter().map(|&t| (count(able.len()) * visits(staffing, t, teacher_of) - all).abs()).sum()
        }
        LevelKind::WonBefore => {
            let won: usize = staffing.teachers.iter().map(|teacher| teacher.won.len()).sum();
            count(won - taken().filter(|&(t, g)| staffing.teachers[t].won.contains(&g)).count())
        }
        LevelKind::MovedGroups => {
            let whole = |t: usize, g: usize| staffing.teachers[t].so_far.contains(&(g, staffing.groups[g].students));
            let had: usize =
                (0..staffing.teachers.len()).map(|t| (0..teacher_of.len()).filter(|&g| whole(t, g)).count()).sum();
            staffing.gone.groups + count(had - taken().filter(|&(t, g)| whole(t, g)).count())
        }
        LevelKind::MovedStudents => {
            let had: i64 = staffing.teachers.iter().flat_map(|teacher| &teacher.so_far).map(|(_, n)| n).sum();
            let keeps = |(t, g): (usize, usize)| {
                staffing.teachers[t].so_far.iter().filter(move |(group, _)| *group == g).map(|(_, n)| *n).sum::<i64>()
            };
            staffing.gone.students + had - taken().map(keeps).sum::<i64>()
        }
        LevelKind::Continuity => {
            let before = |t: usize, g: usize| {
                staffing.teachers[t].before.iter().filter(|(group, _)| *group == g).map(|(_, n)| n).sum::<i64>()
            };
            let had: i64 = staffing.teachers.iter().flat_map(|teacher| &teacher.before).map(|(_, n)| n).sum();
            staffing.gone.before + had - taken().map(|(t, g)| before(t, g)).sum::<i64>()
        }
    }
}

/// Every assignment that is allowed.
fn assignments(staffing: &Staffing) -> Vec<Vec<Option<usize>>> {
    let mut all = vec![vec![]];
    for _ in &staffing.groups {
        all = all
            .into_iter()
            .flat_map(|start: Vec<Option<usize>>| {
                let choices = std::iter::once(None).chain((0..staffing.teachers.len()).map(Some));
                choices.map(move |of| start.iter().copied().chain([of]).collect::<Vec<_>>())
            })
            .collect();
    }
    all.retain(|teacher_of| allowed(staffing, teacher_of));
    all
}

/// Whether some demands of a staffing cannot be met, whatever stays open.
fn demands_fail(staffing: &Staffing) -> bool {
    !assignments(staffing).iter().any(|teacher_of| meets(staffing, teacher_of))
}

/// The fewest groups without a teacher where all demands are met; none if they cannot be.
fn least_open(staffing: &Staffing) -> Option<usize> {
    let all = assignments(staffing).into_iter().filter(|teacher_of| meets(staffing, teacher_of));
    all.map(|teacher_of| teacher_of.iter().filter(|of| of.is_none()).count()).min()
}

fn meets(staffing: &Staffing, teacher_of: &[Option<usize>]) -> bool {
    let met = |must: &Must| must.any_of.iter().any(|&g| teacher_of[g] == Some(must.teacher));
    staffing.musts.iter().all(|must| must.any_of.is_empty() || met(must))
}

/// The staffing with these limits and demands alone, and of the teachers' numbers of groups with all if `places`.
fn with_only(staffing: &Staffing, reasons: &[Reason], places: bool) -> Staffing {
    let mut left = staffing.clone();
    for (t, teacher) in left.teachers.iter_mut().enumerate() {
        let keep = |reason: Reason| reasons.contains(&reason);
        teacher.max_groups = teacher.max_groups.filter(|_| places || keep(Reason::Groups(t)));
        teacher.max_students = teacher.max_students.filter(|_| keep(Reason::Students(t)));
        teacher.max_visits = teacher.max_visits.filter(|_| keep(Reason::Visits(t)));
        teacher.barred.retain(|&g| keep(Reason::Barred(t, g)));
    }
    let kept = |i: usize| reasons.contains(&Reason::Must(i));
    left.musts.iter_mut().enumerate().filter(|(i, _)| !kept(*i)).for_each(|(_, must)| must.any_of.clear());
    left
}

/// Every bar.
fn reasons_barred(staffing: &Staffing) -> Vec<Reason> {
    let bars =
        |(t, teacher): (usize, &Teacher)| teacher.barred.iter().map(move |&g| Reason::Barred(t, g)).collect::<Vec<_>>();
    staffing.teachers.iter().enumerate().flat_map(bars).collect()
}

/// The reasons without one of them, each in turn.
fn without_each(reasons: &[Reason]) -> impl Iterator<Item = Vec<Reason>> {
    (0..reasons.len()).map(|i| [&reasons[..i], &reasons[i + 1..]].concat())
}

fn teacher(groups: usize) -> impl Strategy<Value = Teacher> {
    let some = move |weight: f64| prop::collection::vec(prop::bool::weighted(weight), groups);
    let limit = |most: i64| prop::option::weighted(0.5, 0..=most);
    let wishes = prop::collection::vec((0..groups, 1..=3usize), 0..3);
    let before = prop::collection::vec((0..groups, 1..=4i64), 0..3);
    (some(0.7), some(0.2), (limit(3), limit(24), limit(60)), wishes, before).prop_map(
        |(teaches, barred, (max_groups, max_students, max_visits), wishes, before)| {
            let chosen = |flags: Vec<bool>| (0..flags.len()).filter(|&g| flags[g]).collect::<Vec<_>>();
            Teacher {
                teaches: chosen(teaches),
                barred: chosen(barred),
                max_groups,
                max_students,
                max_visits,
                wishes,
                before,
                so_far: Vec::new(),
                won: Vec::new(),
                ticket: 0,
            }
        },
    )
}

fn school() -> impl Strategy<Value = Staffing> {
    (1..=5usize, 1..=3usize).prop_flat_map(|(groups, teachers)| {
        let group = (0..2usize, 8..=11i64, 16..=40i64, any::<u64>());
        let group = group.prop_map(|(class, students, visits, ticket)| Group { class, students, visits, ticket });
        let must = (0..teachers, prop::collection::btree_set(0..groups, 1..=groups));
        let must = must.prop_map(|(teacher, any_of)| Must { teacher, any_of: any_of.into_iter().collect() });
        let continuity = prop::sample::select(vec![Continuity::First, Continuity::Last]);
        let holder = prop::option::weighted(0.6, (0..=teachers, any::<bool>()));
        (
            prop::collection::vec(group, groups),
            prop::collection::vec(teacher(groups), teachers),
            prop::collection::vec(must, 0..3),
            continuity,
            (prop::collection::vec(holder, groups), 0..3i64),
        )
            .prop_map(|(groups, mut teachers, musts, continuity, (holders, before))| {
                teachers.iter_mut().zip(100..).for_each(|(teacher, ticket)| teacher.ticket = ticket);
                let gone = Gone { before, ..Gone::default() };
                let mut staffing = Staffing { groups, teachers, musts, continuity, gone };
                for (g, holder) in holders.into_iter().enumerate() {
                    holder.into_iter().for_each(|(t, whole)| had(&mut staffing, t, g, whole));
                }
                staffing
            })
    })
}

/// A teacher, or one who is gone, has had a group so far: all of its students or two.
fn had(staffing: &mut Staffing, t: usize, g: usize, whole: bool) {
    let students = if whole { staffing.groups[g].students } else { 2 };
    let Some(teacher) = staffing.teachers.get_mut(t) else {
        staffing.gone.groups += i64::from(whole);
        staffing.gone.students += students;
        return;
    };
    teacher.so_far.push((g, students));
    let may = teacher.teaches.contains(&g) && !teacher.barred.contains(&g);
    if whole && may && teacher.wishes.iter().any(|(wished, _)| *wished == g) {
        teacher.won.push(g);
    }
}

/// The wishes that came true.
fn granted(staffing: &Staffing, answer: &Answer) -> Vec<(usize, usize)> {
    let wished = |t: usize, g: usize| staffing.teachers[t].wishes.iter().any(|(wish, _)| *wish == g);
    let taken = answer.teacher_of.iter().enumerate().filter_map(|(g, of)| Some((of.as_ref().copied()?, g)));
    taken.filter(|&(t, g)| wished(t, g)).collect()
}

/// The same staffing after an answer stands: its teachers are those so far, its wishes that came true are won.
fn standing(staffing: &Staffing, answer: &Answer) -> Staffing {
    let mut next = staffing.clone();
    next.gone = Gone { before: staffing.gone.before, ..Gone::default() };
    for teacher in &mut next.teachers {
        (teacher.so_far, teacher.won) = (Vec::new(), Vec::new());
    }
    for (g, t) in answer.teacher_of.iter().enumerate().filter_map(|(g, of)| Some((g, of.as_ref().copied()?))) {
        had(&mut next, t, g, true);
    }
    next
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Level by level: the value is what it says, no assignment is better, and it is said to be proved.
    #[test]
    fn every_level_is_optimal_and_proved(staffing in school()) {
        let answer = staffed(&staffing);
        let mut left = assignments(&staffing);
        prop_assert!(left.contains(&answer.teacher_of), "{answer:?}");
        for level in &answer.levels {
            let best = left.iter().map(|of| value(&staffing, level.kind, of)).min().unwrap();
            prop_assert_eq!(level.value, best, "{:?}", level.kind);
            prop_assert_eq!((level.bound, level.proved), (best, true), "{:?}", level.kind);
            prop_assert_eq!(value(&staffing, level.kind, &answer.teacher_of), best);
            left.retain(|of| value(&staffing, level.kind, of) == best);
        }
    }

    /// A claim that comes late takes no group that was claimed, and as few others change hands as can be.
    #[test]
    fn a_late_claim_moves_the_fewest(staffing in school(), late in any::<(usize, usize)>()) {
        let first = staffed(&staffing);
        let mut next = standing(&staffing, &first);
        let (t, g) = (late.0 % next.teachers.len(), late.1 % next.groups.len());
        if next.teachers[t].wishes.iter().all(|(wish, _)| *wish != g) {
            next.teachers[t].wishes.push((g, 1));
        }
        let second = staffed(&next);
        // Last semester's teachers may stand above wishes; all else is as it was, so what was won stays won.
        for (t, g) in granted(&staffing, &first) {
            prop_assert_eq!(second.teacher_of[g], Some(t));
        }
        let moved = (0..next.groups.len()).filter(|&g| first.teacher_of[g].is_some() && first.teacher_of[g] != second.teacher_of[g]);
        let level = second.levels.iter().find(|level| level.kind == LevelKind::MovedGroups);
        prop_assert_eq!(level.map_or(0, |level| level.value), i64::try_from(moved.count()).unwrap());
        prop_assert!(level.is_none_or(|level| level.proved));
        // Asked again, nobody moves at all.
        let again = staffed(&standing(&next, &second));
        prop_assert_eq!(again.teacher_of, second.teacher_of);
    }

    /// One leaves and somebody of the same classes comes: the other groups stay where they are.
    #[test]
    fn a_substitute_takes_over_and_nobody_else_moves(staffing in school(), left in any::<usize>()) {
        let mut staffing = staffing;
        // Demands and wishes name the teacher who goes; without them there is nothing that could move anybody else.
        staffing.musts.clear();
        staffing.teachers.iter_mut().for_each(|teacher| teacher.wishes.clear());
        let first = staffed(&staffing);
        let mut next = standing(&staffing, &first);
        let t = left % next.teachers.len();
        let old = &mut next.teachers[t];
        let gone: i64 = old.so_far.iter().map(|(_, students)| students).sum();
        let groups = i64::try_from(old.so_far.len()).unwrap();
        (next.gone.groups, next.gone.students) = (groups, gone);
        (old.so_far, old.before, old.ticket) = (Vec::new(), Vec::new(), 999);
        next.continuity = Continuity::Last;
        let second = staffed(&next);
        for g in (0..next.groups.len()).filter(|&g| first.teacher_of[g] != Some(t) && first.teacher_of[g].is_some()) {
            prop_assert_eq!(first.teacher_of[g], second.teacher_of[g]);
        }
        let value = |kind: LevelKind| second.levels.iter().find(|level| level.kind == kind).map_or((0, true), |l| (l.value, l.proved));
        prop_assert_eq!((value(LevelKind::MovedGroups), value(LevelKind::MovedStudents)), ((groups, true), (gone, true)));
    }

    /// What a denied wish is told is the first level that would be worse, by every assignment that grants it.
    #[test]
    fn a_denied_wish_is_told_what_stands_before_it(staffing in school()) {
        let answer = staffed(&staffing);
        let all = assignments(&staffing);
        for (t, teacher) in staffing.teachers.iter().enumerate() {
            for &(g, rank) in &teacher.wishes {
                if answer.teacher_of[g] == Some(t) || staffing.eligible(t).all(|own| own != g) {
                    continue;
                }
                let told = denial(&staffing, &answer, t, &[g], NODES, &Stop::after(None));
                let mut left: Vec<_> = all.iter().filter(|of| of[g] == Some(t)).collect();
                let first = answer.levels.iter().take_while(|level| level.kind != LevelKind::LargestLoad).find(|level| {
                    left.retain(|of| value(&staffing, level.kind, of) <= level.value);
                    left.is_empty()
                });
                match told {
                    Denial::Full(_) => {
                        let dear = |&&(own, r): &&(usize, usize)| answer.teacher_of[own] == Some(t) && r <= rank;
                        let own: Vec<usize> = teacher.wishes.iter().filter(dear).map(|(own, _)| *own).chain([g]).collect();
                        let mut of = vec![None; staffing.groups.len()];
                        own.iter().for_each(|&own| of[own] = Some(t));
                        prop_assert!(!allowed(&staffing, &of), "{:?} can be carried", own);
                    }
                    // Where no assignment grants it at all, the demand stands for that.
                    Denial::Worse(kind) if all.iter().any(|of| of[g] == Some(t)) => {
                        prop_assert_eq!(Some(kind), first.map(|level| level.kind));
                    }
                    Denial::Worse(kind) => prop_assert_eq!(kind, LevelKind::Musts),
                    Denial::Even => prop_assert!(first.is_none()),
                    Denial::Open => prop_assert!(false, "no limit was set"),
                }
                prop_assert!(rank <= DEEPEST_RANK);
            }
        }
    }

    /// A shortage is told wherever something is missing, and what it says is true.
    #[test]
    fn shortages_are_true_and_irreducible(staffing in school()) {
        let answer = staffed(&staffing);
        let told = shortages(&staffing, &answer, NODES, &Stop::after(None));
        let short = answer.levels.iter().any(|level| {
            matches!(level.kind, LevelKind::Musts | LevelKind::Unstaffed) && level.value > 0
        });
        prop_assert_eq!(short, !told.is_empty());
        let unmet = |must: &Must| !must.any_of.iter().any(|&g| answer.teacher_of[g] == Some(must.teacher));
        let unmet: Vec<usize> = (0..staffing.musts.len()).filter(|&i| unmet(&staffing.musts[i])).collect();
        let named = |i: &usize| told.iter().any(|of| matches!(of, Shortage::Demands { musts, .. } if musts.contains(i)));
        prop_assert!(unmet.iter().all(named), "{:?} of {:?}", unmet, told);
        for shortage in told {
            match shortage {
                Shortage::Places { groups, teachers, places } => {
                    let most = |&t: &usize| staffing.teachers[t].max_groups.unwrap_or(staffing.groups.len() as i64);
                    prop_assert_eq!(places, teachers.iter().map(most).sum::<i64>());
                    prop_assert!(places < groups.len() as i64);
                    for t in 0..staffing.teachers.len() {
                        let may = staffing.eligible(t).any(|g| groups.contains(&g));
                        prop_assert_eq!(may, teachers.contains(&t));
                    }
                }
                Shortage::Limits { groups, reasons } => {
                    // Other groups are out of it; so are demands that name them, unless they are among the reasons.
                    let mut own = staffing.clone();
                    own.teachers.iter_mut().for_each(|teacher| teacher.teaches.retain(|g| groups.contains(g)));
                    let places = Staffing { musts: Vec::new(), ..with_only(&own, &reasons_barred(&own), true) };
                    let enough = least_open(&places).expect("no demands");
                    let open = |reasons: &[Reason]| least_open(&with_only(&own, reasons, true));
                    prop_assert!(!reasons.is_empty() && open(&reasons).is_none_or(|open| open > enough), "{:?}", reasons);
                    for fewer in without_each(&reasons) {
                        prop_assert!(open(&fewer).is_some_and(|open| open <= enough), "{:?} do without one", reasons);
                    }
                }
                Shortage::Demands { musts, reasons } => {
                    let all = [musts.iter().map(|&i| Reason::Must(i)).collect(), reasons].concat();
                    prop_assert!(!musts.is_empty() && demands_fail(&with_only(&staffing, &all, false)), "{:?}", all);
                    for fewer in without_each(&all) {
                        prop_assert!(!demands_fail(&with_only(&staffing, &fewer, false)), "{:?} do without one", all);
                    }
                }
            }
        }
    }

    /// The order of teachers decides nothing, ties included: lots go by ticket.
    #[test]
    fn permuting_teachers_changes_nothing(staffing in school(), shift in 0..3usize) {
        let n = staffing.teachers.len();
        let mut other = staffing.clone();
        other.teachers.rotate_left(shift % n);
        let old = |t: usize| (t + shift) % n;
        other.musts.iter_mut().for_each(|must| must.teacher = (0..n).find(|&t| old(t) == must.teacher).unwrap());
        let (a, b) = (staffed(&staffing), staffed(&other));
        prop_assert_eq!(&a.levels, &b.levels);
        prop_assert_eq!(a.teacher_of, b.teacher_of.into_iter().map(|t| t.map(old)).collect::<Vec<_>>());
    }
}
