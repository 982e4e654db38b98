//! One row of each of many groups, dealt out again at once: an assignment problem.
//!
//! Where columns are many, hardly any swap of two rows suits both groups, but among all ways to deal out a row of each of
//! hundreds of groups there is nearly always a better one.

use super::assignment::assign;
use super::sums::Sums;
use rand::RngExt;
use rand_pcg::Pcg64;

/// Groups of one assignment problem, at most.
const MOST: usize = 500;

/// Deals out rows again until so many pairs of row and group have been looked at; how many have been.
pub(super) fn reassign(sums: &mut Sums<'_>, most: u64, rng: &mut Pcg64, ended: &dyn Fn() -> bool) -> u64 {
    let groups = sums.groups();
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); groups];
    sums.group_of.iter().enumerate().for_each(|(p, &group)| members[group as usize].push(p as u32));
    let mut order: Vec<usize> = (0..groups).collect();
    let together = groups.min(MOST);
    let mut looked = 0;
    while looked < most && !ended() {
        for at in 0..together {
            order.swap(at, rng.random_range(at..groups));
        }
        let chosen = &order[..together];
        let places: Vec<usize> = chosen.iter().map(|&group| rng.random_range(0..members[group].len())).collect();
        let rows: Vec<usize> = chosen.iter().zip(&places).map(|(&group, &at)| members[group][at] as usize).collect();
        for (&row, column) in rows.iter().zip(assign(&costs(sums, chosen, &rows), together)) {
            members[chosen[column]][places[column]] = row as u32;
            sums.pass_on(row, chosen[column]);
        }
        looked += (together * together) as u64;
    }
    looked
}

/// What each row would cost in each of the groups, one of the rows having left each of them.
fn costs(sums: &Sums<'_>, groups: &[usize], rows: &[usize]) -> Vec<f64> {
    let columns = sums.point(0).len();
    let doubled = |(&group, &row): (&usize, &usize)| {
        let rest = sums.sum(group).iter().zip(sums.point(row));
        rest.map(|(sum, value)| 2.0 * (sum - value)).collect::<Vec<f64>>()
    };
    let rests: Vec<f64> = groups.iter().zip(rows).flat_map(doubled).collect();
    let mut costs = Vec::with_capacity(groups.len() * rows.len());
    for &row in rows {
        let point = sums.point(row);
        let of_group = |(rest, &group): (&[f64], &usize)| {
            point.iter().zip(rest).map(|(value, rest)| value * (value + rest)).sum::<f64>() * sums.share(group)
        };
        costs.extend(rests.chunks_exact(columns).zip(groups).map(of_group));
    }
    costs
}
