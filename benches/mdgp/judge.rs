//! What a plan is worth, from the instance's text alone: shares no code with the solver or its reader.

/// Sum of distances inside groups; panics where a group is not within its limits.
pub fn objective(matrix: &str, sizes: Option<&str>, plan: &[usize]) -> f64 {
    let head: Vec<&str> = sizes.unwrap_or(matrix).lines().next().unwrap_or_default().split_whitespace().collect();
    let groups: usize = number(head[1]) as usize;
    assert_eq!(plan.len(), number(head[0]) as usize, "elements");
    for group in 0..groups {
        let size = plan.iter().filter(|&&g| g == group).count() as f64;
        let (low, high) = (number(head[3 + 2 * group]), number(head[4 + 2 * group]));
        assert!(low <= size && size <= high, "group {group} has {size}, not {low} to {high}");
    }
    assert!(plan.iter().all(|&group| group < groups), "a group that is none");
    let mut sum = 0.0;
    for line in matrix.lines().skip(1) {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [i, j, distance] = words[..]
            && plan[number(i) as usize] == plan[number(j) as usize]
        {
            sum += number(distance);
        }
    }
    sum
}

fn number(word: &str) -> f64 {
    word.parse().unwrap_or_else(|_| panic!("no number: {word}"))
}
